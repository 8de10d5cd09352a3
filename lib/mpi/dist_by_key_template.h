/* crew_reduce_by_key_dist_TYPE, crew_reduce_by_key_{sum,min,max}_dist_TYPE_{f64,i64} and crew_unique_counts_dist_TYPE,
   for each_type_template.h. */
#if !FLOATING

/* Keys as unsigned numbers in their order. */
static uint64_t CREW__CAT(place, TYPE)(ELEMENT key)
{
    const WORD flip = LEAST < 0 ? (WORD)1 << (BITS - 1) : 0;
    return (WORD)((WORD)key ^ flip);
}

static void CREW__CAT(look, TYPE)(const void *keys, size_t n, struct range *range)
{
    const ELEMENT *x = keys;
    ELEMENT low, high;
    CREW__CAT(crew_minmax, TYPE)(x, n, &low, &high);
    *range = (struct range){n,
                            CREW__CAT(crew_is_sorted, TYPE)(x, n),
                            CREW__CAT(place, TYPE)(low),
                            CREW__CAT(place, TYPE)(high),
                            CREW__CAT(place, TYPE)(x[0]),
                            CREW__CAT(place, TYPE)(x[n - 1])};
}

static void CREW__CAT(add_to_table, TYPE)(const void *keys, const double *values, size_t n, uint64_t low, double *table,
                                          unsigned char *occurs)
{
    const ELEMENT *x = keys;
    for (size_t i = 0; i < n; i++) {
        const size_t k = (size_t)(CREW__CAT(place, TYPE)(x[i]) - low);
        const double v = values[i];
        table[k] = CREW__ADD_F64(table[k], v);
        occurs[k] = 1;
    }
}

static void CREW__CAT(write_key, TYPE)(uint64_t number, void *to)
{
    const ELEMENT zero = 0;
    *(ELEMENT *)to = (ELEMENT)(number ^ CREW__CAT(place, TYPE)(zero));
}

int CREW__CAT(crew_reduce_by_key_dist, TYPE)(const crew_dist *keys, const crew_dist *values,
                                             const crew_array_reducer *r, void *ctx, crew_dist **keys_out,
                                             crew_dist **results, const crew_options *opt)
{
    const struct by_key b = {
        .type = ID, .keys = keys, .values = values, .r = r, .ctx = ctx, .opt = opt, .look = CREW__CAT(look, TYPE)};
    if (!values || !r || r->size == 0 || !r->fold || !r->merge || r->drop ||
        (opt && (opt->failed || !(opt->timeout >= 0))))
        return -EINVAL;
    return reduce(&b, sizeof(ELEMENT), 0, keys_out, results);
}

/* Where brackets do not matter each rank begins with the local call. */
#define HERE(op, VALUE_TYPE, VALUE)                                                                                    \
    static int CREW__CAT3(op##_here, TYPE, VALUE_TYPE)(const void *keys, const void *values, size_t n, void *keys_out, \
                                                       void *results, size_t *groups)                                  \
    {                                                                                                                  \
        return CREW__CAT3(crew_reduce_by_key_##op, TYPE, VALUE_TYPE)((const ELEMENT *)keys, (const VALUE *)values, n,  \
                                                                     (ELEMENT *)keys_out, (VALUE *)results, groups);   \
    }
HERE(min, f64, double)
HERE(max, f64, double)
HERE(sum, i64, int64_t)
HERE(min, i64, int64_t)
HERE(max, i64, int64_t)
#undef HERE

static int CREW__CAT(count_here, TYPE)(const void *keys, const void *values, size_t n, void *keys_out, void *results,
                                       size_t *groups)
{
    (void)values;
    return CREW__CAT(crew_unique_counts, TYPE)((const ELEMENT *)keys, n, (ELEMENT *)keys_out, (uint64_t *)results,
                                               groups);
}

#define REDUCE(op, VALUE_TYPE, VALUE, ...)                                                                             \
    int CREW__CAT3(crew_reduce_by_key_##op##_dist, TYPE, VALUE_TYPE)(const crew_dist *keys, const crew_dist *values,   \
                                                                     crew_dist **keys_out, crew_dist **results)        \
    {                                                                                                                  \
        const struct by_key b = {.type = ID,                                                                           \
                                 .keys = keys,                                                                         \
                                 .values = values,                                                                     \
                                 .r = &reducer_##op##_##VALUE_TYPE,                                                    \
                                 .together = true,                                                                     \
                                 .look = CREW__CAT(look, TYPE),                                                        \
                                 __VA_ARGS__};                                                                         \
        return values ? reduce(&b, sizeof(ELEMENT), sizeof(VALUE), keys_out, results) : -EINVAL;                       \
    }
REDUCE(sum, f64, double, .tables = true,
       .fill = {.add = CREW__CAT(add_to_table, TYPE), .write_key = CREW__CAT(write_key, TYPE)})
REDUCE(min, f64, double, .here = CREW__CAT3(min_here, TYPE, f64))
REDUCE(max, f64, double, .here = CREW__CAT3(max_here, TYPE, f64))
REDUCE(sum, i64, int64_t, .here = CREW__CAT3(sum_here, TYPE, i64))
REDUCE(min, i64, int64_t, .here = CREW__CAT3(min_here, TYPE, i64))
REDUCE(max, i64, int64_t, .here = CREW__CAT3(max_here, TYPE, i64))
#undef REDUCE

int CREW__CAT(crew_unique_counts_dist, TYPE)(const crew_dist *keys, crew_dist **keys_out, crew_dist **counts)
{
    const struct by_key b = {.type = ID,
                             .keys = keys,
                             .r = &reducer_sum_i64,
                             .together = true,
                             .look = CREW__CAT(look, TYPE),
                             .here = CREW__CAT(count_here, TYPE)};
    return reduce(&b, sizeof(ELEMENT), 0, keys_out, counts);
}

#endif
