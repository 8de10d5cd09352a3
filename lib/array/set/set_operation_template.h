/* crew_set_OPERATION, a comparator form of set.c; OPERATION is undefined at the end. */
int CREW__CAT(crew_set, OPERATION)(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out,
                                   crew_compare *cmp, void *ctx, size_t *count, const crew_options *opt)
{
    CREW__NO_EXCEPTION_PASSES();
    struct crew__set s = {.a = a,
                          .b = b,
                          .na = na,
                          .nb = nb,
                          .out = out,
                          .steps = &CREW__CAT(crew__set_steps, OPERATION),
                          .o = {.cmp = cmp, .ctx = ctx, .step = size},
                          .opt = opt};
    return cmp ? combine(&s, count) : -EINVAL;
}

#undef OPERATION
