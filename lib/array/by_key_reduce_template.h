/* The public reductions of one type of value within by_key_template.h. Parameters, undefined at the end: VALUE_TYPE, VALUE. */
#define REDUCE(op)                                                                                                     \
    struct values w = {.values = values, .results = results};                                                          \
    struct crew__groups q = {.keys = keys,                                                                             \
                             .type = ID,                                                                               \
                             .n = n,                                                                                   \
                             .keys_out = keys_out,                                                                     \
                             .groups = groups,                                                                         \
                             .run = CREW__CAT3(run, op, VALUE_TYPE),                                                   \
                             .merge = CREW__CAT3(merge, op, VALUE_TYPE),                                               \
                             .ctx = &w};                                                                               \
    return n > 0 && values == NULL ? -EINVAL : crew__groups_do(&q)

int CREW__CAT3(crew_reduce_by_key_sum, TYPE, VALUE_TYPE)(const KEY *keys, const VALUE *values, size_t n, KEY *keys_out,
                                                         VALUE *results, size_t *groups)
{
    REDUCE(sum);
}

int CREW__CAT3(crew_reduce_by_key_min, TYPE, VALUE_TYPE)(const KEY *keys, const VALUE *values, size_t n, KEY *keys_out,
                                                         VALUE *results, size_t *groups)
{
    REDUCE(min);
}

int CREW__CAT3(crew_reduce_by_key_max, TYPE, VALUE_TYPE)(const KEY *keys, const VALUE *values, size_t n, KEY *keys_out,
                                                         VALUE *results, size_t *groups)
{
    REDUCE(max);
}

#undef REDUCE
#undef VALUE_TYPE
#undef VALUE
