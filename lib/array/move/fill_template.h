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

static void CREW__CAT(iota_block, TYPE)(size_t begin, size_t end, void *ctx)
{
    const struct CREW__CAT(fill, TYPE) f = *(const struct CREW__CAT(fill, TYPE) *)ctx;
    ELEMENT *out = f.out;
    for (size_t i = begin; i < end; i++)
#if FLOATING
        out[i] = (ELEMENT)((double)f.start + (double)(int64_t)i * (double)f.step);
#else
        out[i] = (ELEMENT)((WORD)f.start + (WORD)i * (WORD)f.step);
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
