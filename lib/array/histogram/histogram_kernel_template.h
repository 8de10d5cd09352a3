/* {equal,search}_TYPE_LEVEL of histogram_kernel.c, for each_type_template.h. LEVEL and FUNCTION, what stands before a
   function, are the includer's. */
#if FLOATING

/* The product says nearly which bin; an edge on either side, computed as the edges are, decides. */
FUNCTION void CREW__CAT3(equal, TYPE, LEVEL)(const ELEMENT *x, size_t n, const struct crew__equal_bins *b,
                                             uint32_t *keys)
{
    const double low = b->low, high = b->high, step = b->step, scale = b->scale;
    const int32_t last = b->last;
    const double top = (double)last;
    for (size_t i = 0; i < n; i++) {
        double v = (double)x[i], f = (v - low) * scale;
        f = f > 0 ? f : 0; /* NaN too */
        f = f < top ? f : top;
        int32_t k = (int32_t)f;
        double from = (double)(ELEMENT)((double)k * step + low), to = (double)(ELEMENT)((double)(k + 1) * step + low);
        k += ((v >= to) & (k < last)) - (v < from);
        keys[i] = (uint32_t)k | -(uint32_t)(!(v >= low) | !(v <= high));
    }
}

/* The highest bin whose lower edge is not above the value: searches side by side, without branches. */
FUNCTION void CREW__CAT3(search, TYPE, LEVEL)(const ELEMENT *x, size_t n, const ELEMENT *edges, uint32_t bins,
                                              uint32_t *keys)
{
    const ELEMENT low = edges[0], high = edges[bins];
    for (size_t first = 0; first < n; first += SEARCHES) {
        uint32_t at[SEARCHES] = {0}, count = bins;
        ELEMENT v[SEARCHES];
        size_t many = n - first < SEARCHES ? n - first : SEARCHES;
        for (size_t j = 0; j < SEARCHES; j++)
            v[j] = x[first + (j < many ? j : 0)];
        for (; count > 1; count -= count / 2) {
            const ELEMENT *middle = edges + count / 2;
            for (size_t j = 0; j < SEARCHES; j++)
                at[j] += -(uint32_t)(middle[at[j]] <= v[j]) & (count / 2);
        }
        for (size_t j = 0; j < many; j++)
            keys[first + j] = v[j] >= low && v[j] <= high ? at[j] : UINT32_MAX;
    }
}

#endif
