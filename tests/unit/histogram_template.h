/* check_bincount_{u8,u16,i32,u32,i64,u64}: bincount of one type of key. Parameters, undefined at
   the end: TYPE, KEY, SIGNED. */

static void CREW__CAT(check_bincount, TYPE)(void)
{
    uint64_t seed = test_seed();
    KEY *keys = test_alloc(LARGEST * sizeof *keys);
    double *weights = test_alloc(LARGEST * sizeof *weights);
    int64_t *whole = test_alloc(LARGEST * sizeof *whole);
    for (size_t i = 0; i < LARGEST; i++) {
        weights[i] = (double)(test_random(&seed) >> 11) * 0x1p-40;
        whole[i] = (int64_t)test_random(&seed);
    }
    for (size_t b = 0; b < sizeof bin_counts / sizeof bin_counts[0]; b++)
        for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
            for (int kind = 0; kind < 3; kind++) {
                size_t n = sizes[s], bins = bin_counts[b], out = 0, got;
                uint64_t *want = calloc(bins + 1, sizeof *want), *counts = test_alloc((bins + 1) * sizeof *counts);
                uint32_t *narrow = test_alloc((bins + 1) * sizeof *narrow);
                uint64_t *want_sum = calloc(bins + 1, sizeof *want_sum);
                int64_t *sums = test_alloc((bins + 1) * sizeof *sums);
                double *first = test_alloc((bins + 1) * sizeof *first), *again = test_alloc((bins + 1) * sizeof *again);
                double *naive = calloc(bins + 1, sizeof *naive);
                /* 0: nearly all in range; 1: all equal, with runs of others; 2: any bits */
                for (size_t i = 0; i < n; i++) {
                    uint64_t r = test_random(&seed);
                    keys[i] = kind == 0   ? (KEY)(r % (bins + bins / 16 + 1))
                              : kind == 1 ? (KEY)(r % 512 ? bins / 2 : r >> 32)
                                          : (KEY)r;
                    int64_t key = (int64_t)keys[i];
                    bool in = !(SIGNED && key < 0) && (uint64_t)keys[i] < bins;
                    out += !in;
                    if (in) {
                        want[keys[i]]++;
                        want_sum[keys[i]] += (uint64_t)whole[i];
                        naive[keys[i]] += weights[i];
                    }
                }
                for (size_t c = 0; c<CONFIGURATIONS; c += n> 1025 ? 1 : 3) {
                    configure(c);
                    memset(counts, 0xa5, (bins + 1) * sizeof *counts);
                    counts[bins] = 77;
                    ck_assert_int_eq(CREW__CAT(crew_bincount, TYPE)(keys, n, counts, bins, &got), 0);
                    ck_assert_uint_eq(got, out);
                    ck_assert_mem_eq(counts, want, bins * sizeof *counts);
                    ck_assert_uint_eq(counts[bins], 77);
                    memset(narrow, 0xa5, (bins + 1) * sizeof *narrow);
                    narrow[bins] = 77;
                    ck_assert_int_eq(CREW__CAT(crew_bincount32, TYPE)(keys, n, narrow, bins, &got), 0);
                    ck_assert_uint_eq(got, out);
                    size_t unlike = 0;
                    for (size_t k = 0; k < bins; k++)
                        unlike += narrow[k] != want[k];
                    ck_assert_uint_eq(unlike, 0);
                    ck_assert_uint_eq(narrow[bins], 77);
                    sums[bins] = 77;
                    again[bins] = 77;
                    ck_assert_int_eq(
                        CREW__CAT(CREW__CAT(crew_bincount_weighted, TYPE), i64)(keys, whole, n, sums, bins, &got), 0);
                    ck_assert_uint_eq(got, out);
                    ck_assert_mem_eq(sums, want_sum, bins * sizeof *sums);
                    ck_assert_int_eq(
                        CREW__CAT(CREW__CAT(crew_bincount_weighted, TYPE), f64)(keys, weights, n, again, bins, NULL),
                        out ? -ERANGE : 0);
                    ck_assert(again[bins] == 77 && sums[bins] == 77);
                    if (c == 0)
                        memcpy(first, again, bins * sizeof *first);
                    ck_assert_mem_eq(first, again, bins * sizeof *first);
                    size_t wrong = 0;
                    for (size_t k = 0; k < bins; k++)
                        wrong += !(fabs(first[k] - naive[k]) <= 1e-12 * naive[k]);
                    ck_assert_uint_eq(wrong, 0);
                }
                ck_assert_int_eq(CREW__CAT(crew_bincount, TYPE)(keys, n, counts, bins, NULL), out ? -ERANGE : 0);
                ck_assert_int_eq(CREW__CAT(crew_bincount32, TYPE)(keys, n, narrow, bins, NULL), out ? -ERANGE : 0);
                ck_assert_mem_eq(counts, want, bins * sizeof *counts);
                free(want);
                free(counts);
                free(narrow);
                free(want_sum);
                free(sums);
                free(first);
                free(again);
                free(naive);
            }
    free(keys);
    free(weights);
    free(whole);
}

#undef TYPE
#undef KEY
#undef SIGNED
