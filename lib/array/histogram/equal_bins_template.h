/* equal_TYPE of histogram_kernel.c, for each_type_template.h. */
#if FLOATING

/* The product says nearly which bin; where it lies near an edge, those on either side, computed as the edges are,
   decide. */
static void CREW__CAT(equal, TYPE)(const ELEMENT *x, size_t n, const struct crew__equal_bins *b, uint32_t *keys)
{
    const double low = b->low, high = b->high, step = b->step, scale = b->scale, margin = b->margin;
    const int32_t last = b->last;
    for (size_t i = 0; i < n; i++) {
        double v = (double)x[i], f = (v - low) * scale;
        if (!(v >= low && v <= high)) {
            keys[i] = UINT32_MAX;
            continue;
        }
        int32_t k = (int32_t)f;
        double past = f - (double)k;
        if (CREW__UNLIKELY(past < margin || past > 1 - margin)) {
            k = k < last ? k : last;
            double from = (double)(ELEMENT)((double)k * step + low);
            double to = (double)(ELEMENT)((double)(k + 1) * step + low);
            k += ((v >= to) & (k < last)) - (v < from);
        }
        keys[i] = (uint32_t)k;
    }
}

#endif
