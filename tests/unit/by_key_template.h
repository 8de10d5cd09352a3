/* check_{i32,i64,u32,u64}, check_nan_{...}: by_key of one type of key. Parameters, undefined at the end: TYPE, KEY. */

static int CREW__CAT(compare, TYPE)(const void *a, const void *b)
{
    const struct CREW__CAT(entry, TYPE) *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->item < y->item ? -1 : 1;
}

static void CREW__CAT(check, TYPE)(void)
{
    uint64_t seed = test_seed();
    KEY *keys = test_alloc(LARGEST * sizeof *keys), *got = test_alloc(LARGEST * sizeof *got);
    struct CREW__CAT(entry, TYPE) *entries = test_alloc(LARGEST * sizeof *entries);
    double *values = test_alloc(LARGEST * sizeof *values), *first[3], *again = test_alloc(LARGEST * sizeof *again);
    for (int k = 0; k < 3; k++)
        first[k] = test_alloc(LARGEST * sizeof **first);
    int64_t *whole = test_alloc(LARGEST * sizeof *whole), *results = test_alloc(LARGEST * sizeof *results);
    size_t *offsets = test_alloc((LARGEST + 1) * sizeof *offsets), *indices = test_alloc(LARGEST * sizeof *indices);
    size_t *starts = test_alloc((LARGEST + 1) * sizeof *starts);
    uint64_t *counts = test_alloc(LARGEST * sizeof *counts);
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
        for (int kind = 0; kind < 6; kind++) {
            size_t n = sizes[s], groups = 0, found;
            /* 0: any; 1: few; 2: all equal; 3: sorted; 4: sorted but for the last; 5: few of those in their range */
            for (size_t i = 0; i < n; i++) {
                uint64_t r = test_random(&seed);
                keys[i] = kind == 0   ? (KEY)r
                          : kind == 1 ? (KEY)(r % 100 - 50)
                          : kind == 2 ? (KEY)-7
                          : kind == 5 ? (KEY)(r % (8 * n + 250))
                                      : (KEY)(i / 3);
                values[i] = (double)(r >> 11) * 0x1p-40;
                whole[i] = (int64_t)test_random(&seed);
            }
            if (kind == 4 && n > 0)
                keys[n - 1] = 0;
            for (size_t i = 0; i < n; i++)
                entries[i] = (struct CREW__CAT(entry, TYPE)){keys[i], i};
            qsort(entries, n, sizeof *entries, CREW__CAT(compare, TYPE));
            for (size_t p = 0; p < n; p++)
                if (p == 0 || entries[p].key != entries[p - 1].key)
                    starts[groups++] = p;
            starts[groups] = n;
            for (size_t c = 0; c<CONFIGURATIONS; c += n> 1000 ? 1 : 3) {
                configure(c);
                crew__groups_most_u32 = c == 1 ? 0 : UINT32_MAX;
                ck_assert_int_eq(CREW__CAT(crew_unique_counts, TYPE)(keys, n, got, counts, &found), 0);
                ck_assert_uint_eq(found, groups);
                size_t wrong = 0;
                for (size_t g = 0; g < groups; g++)
                    wrong += got[g] != entries[starts[g]].key || counts[g] != starts[g + 1] - starts[g];
                memset(got, 0, LARGEST * sizeof *got);
                ck_assert_int_eq(CREW__CAT(crew_group_by_key, TYPE)(keys, n, got, offsets, indices, &found), 0);
                ck_assert_uint_eq(found, groups);
                ck_assert_mem_eq(offsets, starts, (groups + 1) * sizeof *offsets);
                for (size_t p = 0; p < n; p++)
                    wrong += indices[p] != entries[p].item;
                for (size_t g = 0; g < groups; g++)
                    wrong += got[g] != entries[starts[g]].key;
                ck_assert_uint_eq(wrong, 0);
                for (int op = 0; op < 3; op++) {
                    if (groups < LARGEST) { /* there may be no room for more */
                        got[groups] = 77;
                        again[groups] = 77;
                        results[groups] = 77;
                    }
                    ck_assert_int_eq(
                        (op == 0   ? CAT3(crew_reduce_by_key_sum, TYPE, i64)
                         : op == 1 ? CAT3(crew_reduce_by_key_min, TYPE, i64)
                                   : CAT3(crew_reduce_by_key_max, TYPE, i64))(keys, whole, n, got, results, &found),
                        0);
                    ck_assert_int_eq(
                        (op == 0   ? CAT3(crew_reduce_by_key_sum, TYPE, f64)
                         : op == 1 ? CAT3(crew_reduce_by_key_min, TYPE, f64)
                                   : CAT3(crew_reduce_by_key_max, TYPE, f64))(keys, values, n, got, again, &found),
                        0);
                    ck_assert_uint_eq(found, groups);
                    if (groups < LARGEST)
                        wrong += got[groups] != 77 || again[groups] != 77 || results[groups] != 77;
                    if (c == 0)
                        memcpy(first[op], again, groups * sizeof *again);
                    ck_assert_mem_eq(first[op], again, groups * sizeof *again);
                    for (size_t g = 0; g < groups; g++) {
                        int64_t want = whole[entries[starts[g]].item];
                        double want_f64 = values[entries[starts[g]].item];
                        for (size_t p = starts[g] + 1; p < starts[g + 1]; p++) {
                            int64_t w = whole[entries[p].item];
                            double v = values[entries[p].item];
                            want = op == 0                   ? (int64_t)((uint64_t)want + (uint64_t)w)
                                   : (op == 1) == (w < want) ? w
                                                             : want;
                            want_f64 = op == 0 ? want_f64 + v : (op == 1) == (v < want_f64) ? v : want_f64;
                        }
                        wrong += results[g] != want;
                        wrong += !(fabs(again[g] - want_f64) <= (op == 0 ? 1e-12 * want_f64 : 0));
                    }
                    ck_assert_uint_eq(wrong, 0);
                }
                /* Strings of items would do as well: this operation is associative and does not commute. */
                ck_assert_int_eq(
                    CREW__CAT(crew_reduce_by_key, TYPE)(keys, n, &ends_reducer, NULL, got, indices, &found, NULL), 0);
                for (size_t g = 0; g < groups; g++)
                    wrong += indices[g] != entries[starts[g + 1] - 1].item + 1;
                ck_assert_uint_eq(wrong, 0);
                size_t bad = n / 2;
                if (n > 0) {
                    atomic_store(&alive, 0);
                    ck_assert_int_eq(CREW__CAT(crew_reduce_by_key, TYPE)(keys, n, &failing_reducer, &bad, got, results,
                                                                         &found, NULL),
                                     42);
                    ck_assert_int_eq(atomic_load(&alive), 0);
                }
            }
        }
    ck_assert_int_eq(CREW__CAT(crew_unique_counts, TYPE)(NULL, 3, got, counts, offsets), -EINVAL);
    ck_assert_int_eq(CREW__CAT(crew_unique_counts, TYPE)(keys, 3, got, counts, NULL), -EINVAL);
    ck_assert_int_eq(CREW__CAT(crew_unique_counts, TYPE)(keys, 3, keys, counts, offsets), -EINVAL);
    ck_assert_int_eq(CREW__CAT(crew_unique_counts, TYPE)(keys, 3, NULL, NULL, offsets), 0);
    ck_assert_int_eq(CAT3(crew_reduce_by_key_sum, TYPE, f64)(keys, NULL, 3, got, again, offsets), -EINVAL);
    free(keys);
    free(got);
    free(entries);
    free(values);
    free(again);
    for (int k = 0; k < 3; k++)
        free(first[k]);
    free(whole);
    free(results);
    free(offsets);
    free(indices);
    free(starts);
    free(counts);
}

/* What the loop over the items in order makes of numbers, zeros and NaN: of keys close together (0), far apart (1) and
   sorted (2). Outputs that are not asked for change nothing. */
static void CREW__CAT(check_nan, TYPE)(int kind, bool few, uint64_t *seed)
{
    enum { N = 9000, KEYS = 40 };
    static KEY keys[N], out[N];
    static double values[N], results[N];
    static uint64_t counts[N];
    double want[2][KEYS];
    uint64_t wanted[KEYS] = {0};
    size_t groups = 0, offsets[KEYS + 1];
    const KEY distance = kind == 1 ? 1 << 24 : 1;
    for (size_t i = 0; i < N; i++) {
        const uint64_t r = test_random(seed), k = kind == 2 ? i * KEYS / N : r % KEYS;
        const double odd[] = {NAN, 0.0, -0.0, 1, -1, INFINITY};
        const double v = !few ? odd[(r >> 40) % 6] : i % 4000 == 3210 ? NAN : (double)(r >> 60) - 7;
        keys[i] = (KEY)((KEY)k * distance);
        values[i] = v;
        double *lowest = &want[0][k], *highest = &want[1][k];
        if (wanted[k]++ == 0)
            *lowest = *highest = v;
        *lowest = isnan(*lowest) || (!isnan(v) && !(v < *lowest)) ? *lowest : v;
        *highest = isnan(*highest) || (!isnan(v) && !(v > *highest)) ? *highest : v;
    }
    for (int most = 0; most < 2; most++)
        for (int left_out = 0; left_out < 3; left_out++) {
            memset(results, 0, sizeof results);
            memset(out, 0, sizeof out);
            ck_assert_int_eq((most ? CAT3(crew_reduce_by_key_max, TYPE, f64) : CAT3(crew_reduce_by_key_min, TYPE, f64))(
                                 keys, values, N, left_out == 1 ? NULL : out, left_out == 2 ? NULL : results, &groups),
                             0);
            ck_assert_uint_eq(groups, KEYS);
            for (size_t k = 0; k < KEYS; k++) {
                const double w = left_out == 2 ? 0 : want[most][k];
                ck_assert(isnan(w) ? isnan(results[k]) : results[k] == w);
                ck_assert(out[k] == (left_out == 1 ? 0 : (KEY)((KEY)k * distance)));
            }
        }
    ck_assert_int_eq(CREW__CAT(crew_unique_counts, TYPE)(keys, N, NULL, counts, &groups), 0);
    ck_assert(groups == KEYS && memcmp(counts, wanted, sizeof wanted) == 0);
    out[3] = 0;
    ck_assert_int_eq(CREW__CAT(crew_unique_counts, TYPE)(keys, N, out, NULL, &groups), 0);
    ck_assert(groups == KEYS && out[3] == (KEY)(3 * distance));
    ck_assert_int_eq(CREW__CAT(crew_group_by_key, TYPE)(keys, N, NULL, offsets, NULL, &groups), 0);
    ck_assert(groups == KEYS && offsets[0] == 0 && offsets[1] == wanted[0] && offsets[KEYS] == N);
}

#undef TYPE
#undef KEY
