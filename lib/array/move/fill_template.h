/* Fill and iota of one type. Parameters, undefined at the end:

   TYPE      suffix of the names
   ELEMENT   the type
   TERM(i)   element i of the sequence that `f` describes, for crew_iota */

struct CREW__CAT(iota, TYPE) {
    ELEMENT *out;
    ELEMENT start, step;
};

static int CREW__CAT(fill_block, TYPE)(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct CREW__CAT(iota, TYPE) *f = ctx;
    ELEMENT *out = f->out;
    const ELEMENT value = f->start;
    (void)failed;
    for (size_t i = begin; i < end; i++)
        out[i] = value;
    return 0;
}

static int CREW__CAT(iota_block, TYPE)(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct CREW__CAT(iota, TYPE) copy = *(const struct CREW__CAT(iota, TYPE) *)ctx, *f = &copy;
    ELEMENT *out = f->out;
    (void)failed;
    for (size_t i = begin; i < end; i++)
        out[i] = TERM(i);
    return 0;
}

void CREW__CAT(crew_fill, TYPE)(ELEMENT *out, size_t n, ELEMENT value)
{
    struct CREW__CAT(iota, TYPE) f = {out, value, 0};
    crew__move(n, sizeof *out, CREW__CAT(fill_block, TYPE), &f);
}

void CREW__CAT(crew_iota, TYPE)(ELEMENT *out, size_t n, ELEMENT start, ELEMENT step)
{
    struct CREW__CAT(iota, TYPE) f = {out, start, step};
    crew__move(n, sizeof *out, CREW__CAT(iota_block, TYPE), &f);
}

#undef TYPE
#undef ELEMENT
#undef TERM
