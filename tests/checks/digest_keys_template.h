/* All functions for one type of keys. Before the include: K, its NAME, whether there are GROUPS for it, and INDICES
   defined where there is crew_group_by_index. */

#define FN(name) JOIN(crew_##name##_, NAME)
#define OWN(name) JOIN(name##_, NAME)

static void OWN(bincount)(const K *keys, const double *weights, const int64_t *whole, size_t n, size_t bins)
{
    uint64_t *counts = room(3, 8);
    double *sums = room(3, 8);
    int64_t *whole_sums = room(3, 8);
    size_t bytes = bins * 8, out_of_range = 0;
    add_code("bincount", TEXT(NAME), FN(bincount)(keys, n, marked(counts, bytes), bins, NULL));
    add_guarded("bincount", TEXT(NAME), counts, bytes);
    add_code("bincount", TEXT(NAME), FN(bincount)(keys, n, marked(counts, bytes), bins, &out_of_range));
    add_code("bincount", TEXT(NAME), (long long)out_of_range);
    add_guarded("bincount", TEXT(NAME), counts, bytes);
    uint32_t *narrow = room(3, 4);
    add_code("bincount32", TEXT(NAME), FN(bincount32)(keys, n, marked(narrow, bytes / 2), bins, &out_of_range));
    add_code("bincount32", TEXT(NAME), (long long)out_of_range);
    add_guarded("bincount32", TEXT(NAME), narrow, bytes / 2);
    const char *family = "bincount_weighted_f64";
    add_code(family, TEXT(NAME),
             JOIN(FN(bincount_weighted), _f64)(keys, weights, n, marked(sums, bytes), bins, &out_of_range));
    add_code(family, TEXT(NAME), (long long)out_of_range);
    add_guarded(family, TEXT(NAME), sums, bytes);
    family = "bincount_weighted_i64";
    add_code(family, TEXT(NAME),
             JOIN(FN(bincount_weighted), _i64)(keys, whole, n, marked(whole_sums, bytes), bins, &out_of_range));
    add_code(family, TEXT(NAME), (long long)out_of_range);
    add_guarded(family, TEXT(NAME), whole_sums, bytes);
}

#if GROUPS
/* Outputs are defined for the groups that there are only. */
static void OWN(groups)(const K *keys, const double *weights, const int64_t *whole, size_t n)
{
    K *keys_out = room(4, sizeof(K));
    void *out = room(5, 8);
    size_t *indices = room(6, 8), groups = 0;
#define GROUPED(family, call, size)                                                                                    \
    do {                                                                                                               \
        groups = 0;                                                                                                    \
        int code = call;                                                                                               \
        add_code(family, TEXT(NAME), code);                                                                            \
        add_code(family, TEXT(NAME), (long long)groups);                                                               \
        if (code == 0) {                                                                                               \
            add(family, TEXT(NAME), keys_out, groups * sizeof *keys_out);                                              \
            add(family, TEXT(NAME), out, groups *(size));                                                              \
        }                                                                                                              \
    } while (0)
#define REDUCED(operation, type, values)                                                                               \
    GROUPED("reduce_by_key_" #operation "_" #type,                                                                     \
            JOIN(FN(reduce_by_key_##operation), _##type)(keys, values, n, keys_out, out, &groups), 8)
    GROUPED("unique_counts", FN(unique_counts)(keys, n, keys_out, out, &groups), 8);
    GROUPED("group_by_key", FN(group_by_key)(keys, n, keys_out, out, indices, &groups), sizeof(size_t));
    add("group_by_key", TEXT(NAME), indices, n * sizeof *indices);
    REDUCED(sum, f64, weights);
    REDUCED(min, f64, weights);
    REDUCED(max, f64, weights);
    REDUCED(sum, i64, whole);
    REDUCED(min, i64, whole);
    REDUCED(max, i64, whole);
    const crew_reducer sum = {.size = 8, .fold = add_items, .merge = add_sums};
    const crew_reducer failing = {.size = 8, .fold = add_up_to_zero, .merge = add_sums};
    void *ctx = room(7, 0);
    GROUPED("reduce_by_key", FN(reduce_by_key)(keys, n, &sum, ctx, keys_out, out, &groups, NULL), 8);
    GROUPED("reduce_by_key", FN(reduce_by_key)(keys, n, &failing, ctx, keys_out, out, &groups, NULL), 8);
#undef GROUPED
#undef REDUCED
#ifdef INDICES
    for (size_t k = n / 4; k <= 2 * n + 1; k += n + 2) {
        size_t *offsets = out;
        int code = FN(group_by_index)(keys, n, k, marked(offsets, (k + 1) * sizeof *offsets), indices);
        add_code("group_by_index", TEXT(NAME), code);
        if (code != 0)
            continue;
        add_guarded("group_by_index", TEXT(NAME), offsets, (k + 1) * sizeof *offsets);
        add("group_by_index", TEXT(NAME), indices, n * sizeof *indices);
    }
#endif
}
#endif

static void OWN(digest)(void)
{
    for (size_t s = 0; s < size_count; s++)
        for (enum spread spread = 0; spread < SPREADS; spread++) {
            size_t n = sizes[s];
            if (n > MIDDLE && spread != (sizeof(K) == 4 ? CLOSE : FAR))
                continue;
            seed(n * SPREADS + spread);
            K *keys = room(0, (s + spread) % 4 * sizeof(K));
            double *weights = room(1, s % 4 * 8), *finite = room(7, 0);
            int64_t *whole = room(2, spread % 4 * 8);
            for (size_t i = 0; i < n; i++) {
                keys[i] = (K)make_key(spread, i, n);
                weights[i] = make_weight(i);
                whole[i] = (int64_t)random64();
                finite[i] = random_double();
            }
            static const size_t bin_counts[] = {0, 1, 7, 200, 5000, 100000};
            for (size_t b = n <= MIDDLE ? 0 : 3; b < (n <= SHORT ? 5 : 6); b++)
                OWN(bincount)(keys, weights, whole, n, bin_counts[b]);
#if GROUPS
            OWN(groups)(keys, weights, whole, n);
#endif
        }
}

#undef FN
#undef OWN
#undef K
#undef NAME
#undef GROUPS
#undef INDICES
