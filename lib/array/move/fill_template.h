/* crew_fill_TYPE and crew_iota_TYPE, for each_type_template.h. */
struct CREW__CAT(fill, TYPE) {
    ELEMENT *out;
    ELEMENT start, step;
};

static void CREW__CAT(fill_block, TYPE)(size_t begin, size_t end, void *ctx)
{
    const struct CREW__CAT(fill, TYPE) *f = ctx;
    ELEMENT *out = f->out;
    const ELEMENT value = f->start;
    for (size_t i = begin; i < end; i++)
        out[i] = value;
}

/* Counted in steps and in int: compilers make vectors of neither products of 64 bits nor conversions from them. Both
   parts of an index are integers below 2^53, so that their sum is exact. */
static void CREW__CAT(iota_block, TYPE)(size_t begin, size_t end, void *ctx)
{
    const struct CREW__CAT(fill, TYPE) f = *(const struct CREW__CAT(fill, TYPE) *)ctx;
#if FLOATING
    for (size_t i = begin; i < end; i += IOTA_PART) {
        ELEMENT *out = f.out + i;
        const double first = (double)i;
        const int count = end - i < IOTA_PART ? (int)(end - i) : IOTA_PART;
        for (int k = 0; k < count; k++)
            out[k] = (ELEMENT)((double)f.start + (first + (double)k) * (double)f.step);
    }
#else
    WORD value = (WORD)f.start + (WORD)begin * (WORD)f.step;
    for (size_t i = begin; i < end; i++, value += (WORD)f.step)
        f.out[i] = (ELEMENT)value;
#endif
}

void CREW__CAT(crew_fill, TYPE)(ELEMENT *out, size_t n, ELEMENT value)
{
    struct CREW__CAT(fill, TYPE) f = {out, value, 0};
    crew__move_each(n, sizeof *out, CREW__CAT(fill_block, TYPE), &f);
}

void CREW__CAT(crew_iota, TYPE)(ELEMENT *out, size_t n, ELEMENT start, ELEMENT step)
{
    struct CREW__CAT(fill, TYPE) f = {out, start, step};
    struct crew__fp_saved fp = crew__fp_begin();
    crew__move_each(n, sizeof *out, CREW__CAT(iota_block, TYPE), &f);
    crew__fp_end(&fp);
}
