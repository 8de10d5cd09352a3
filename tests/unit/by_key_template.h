/* check_{i32,i64,u32,u64}: by_key of one type of key. Parameters, undefined at the end: TYPE, KEY. */

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
        for (int kind = 0; kind < 5; kind++) {
            size_t n = sizes[s], groups = 0, found;
            /* 0: any; 1: few; 2: all equal; 3: sorted; 4: sorted but for the last */
            for (size_t i = 0; i < n; i++) {
                uint64_t r = test_random(&seed);
                keys[i] = kind == 0 ? (KEY)r : kind == 1 ? (KEY)(r % 100 - 50) : kind == 2 ? (KEY)-7 : (KEY)(i / 3);
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

#undef TYPE
#undef KEY
