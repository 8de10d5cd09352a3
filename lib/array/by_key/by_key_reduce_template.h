/* The public reductions of one type of value within by_key_template.h. Parameters, undefined at the end: VALUE_TYPE,
 * VALUE. */
#define REDUCE(name)                                                                                                   \
    struct values w;                                                                                                   \
    w.values = values;                                                                                                 \
    w.results = results;                                                                                               \
    struct crew__groups q;                                                                                             \
    start(&q, keys, ID, n, keys_out, groups, &CREW__CAT(name, VALUE_TYPE), &w);                                        \
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
