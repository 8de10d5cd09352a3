/* crew_unique_counts_TYPE, crew_group_by_key_TYPE, crew_reduce_by_key_TYPE and
   crew_reduce_by_key_{sum,min,max}_TYPE_{f64,i64}, for each_type_template.h. */
#if !FLOATING

int CREW__CAT(crew_unique_counts, TYPE)(const ELEMENT *keys, size_t n, ELEMENT *keys_out, uint64_t *counts,
                                        size_t *groups)
{
    struct crew__groups q;
    crew__groups_set(&q, keys, ID, n, keys_out, groups);
    return write_groups(&q, &count_op, NULL, NULL, counts);
}

int CREW__CAT(crew_group_by_key, TYPE)(const ELEMENT *keys, size_t n, ELEMENT *keys_out, size_t *offsets,
                                       size_t *indices, size_t *groups)
{
    struct crew__groups q;
    crew__groups_set(&q, keys, ID, n, keys_out, groups);
    return group(&q, offsets, indices);
}

int CREW__CAT(crew_reduce_by_key, TYPE)(const ELEMENT *keys, size_t n, const crew_reducer *r, void *ctx,
                                        ELEMENT *keys_out, void *results, size_t *groups, const crew_options *opt)
{
    struct crew__groups q;
    crew__groups_set(&q, keys, ID, n, keys_out, groups);
    q.opt = opt;
    return reduce_groups(&q, r, NULL, ctx, results);
}

#define REDUCE(op, VALUE_TYPE, VALUE)                                                                                  \
    int CREW__CAT3(crew_reduce_by_key_##op, TYPE, VALUE_TYPE)(const ELEMENT *keys, const VALUE *values, size_t n,      \
                                                              ELEMENT *keys_out, VALUE *results, size_t *groups)       \
    {                                                                                                                  \
        struct crew__groups q;                                                                                         \
        crew__groups_set(&q, keys, ID, n, keys_out, groups);                                                           \
        return crew__reduce_values(&q, &crew__group_##op##_##VALUE_TYPE, values, results);                             \
    }
REDUCE(sum, f64, double)
REDUCE(min, f64, double)
REDUCE(max, f64, double)
REDUCE(sum, i64, int64_t)
REDUCE(min, i64, int64_t)
REDUCE(max, i64, int64_t)
#undef REDUCE

#endif
