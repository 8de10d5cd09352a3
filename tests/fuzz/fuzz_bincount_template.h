/* Counting and grouping by one type of key. Parameters, undefined at the end: TYPE, ELEMENT, FLOATING, GROUPS (defined
   where there is by_key.h for it). */
#define FN(name) CREW__CAT(name, TYPE)
#define FN_OF(name, value) CREW__CAT(CREW__CAT(name, TYPE), value)
#include "fuzz_values_template.h"

static void FN(bincount)(struct fuzz *f)
{
    unsigned how = fuzz_byte(f), what = how >> 1 & 3;
    size_t n = fuzz_count(f), bins = fuzz_count(f), out = 99, outside = 0;
    ELEMENT *keys = FN(values)(f, n);
    uint64_t *got = fuzz_alloc(f, bins * sizeof *got), *want = fuzz_alloc(f, bins * sizeof *want);
    int64_t *integers = fuzz_bytes(f, n * sizeof *integers);
    double *weights = fuzz_alloc(f, n * sizeof *weights), *sums = fuzz_alloc(f, bins * sizeof *sums);
    int asked = how & 1;
    memset(want, 0, bins * sizeof *want);
    for (size_t i = 0; i < n; i++) {
        weights[i] = (double)fuzz_below(f, 1000);
        if (how & 8 && bins > 0)
            keys[i] = (ELEMENT)((uint64_t)keys[i] % bins);
        if ((uint64_t)keys[i] >= bins) /* as is what was negative */
            outside++;
        else
            want[keys[i]] += what == 0 ? 1 : what == 1 ? (uint64_t)integers[i] : (uint64_t)weights[i];
    }
    int code = what == 0 ? FN(crew_bincount)(keys, n, got, bins, asked ? &out : NULL)
               : what == 1
                   ? FN_OF(crew_bincount_weighted, i64)(keys, integers, n, (int64_t *)got, bins, asked ? &out : NULL)
                   : FN_OF(crew_bincount_weighted, f64)(keys, weights, n, sums, bins, asked ? &out : NULL);
    check_range(code, out, outside, asked);
    for (size_t b = 0; what > 1 && b < bins; b++) {
        fuzz_true(sums[b] == (double)want[b] && !signbit(sums[b]), "a weighted sum");
        got[b] = (uint64_t)sums[b];
    }
    fuzz_same(got, want, bins * sizeof *want, "bincount");
}

#ifdef GROUPS
static int FN(by_value)(const void *a, const void *b, void *ctx)
{
    ELEMENT x, y;
    (void)ctx;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

static void FN(groups)(struct fuzz *f)
{
    typedef int integers_fn(const ELEMENT *, const int64_t *, size_t, ELEMENT *, int64_t *, size_t *);
    typedef int doubles_fn(const ELEMENT *, const double *, size_t, ELEMENT *, double *, size_t *);
    static integers_fn *const integer[] = {FN_OF(crew_reduce_by_key_sum, i64), FN_OF(crew_reduce_by_key_min, i64),
                                           FN_OF(crew_reduce_by_key_max, i64)};
    static doubles_fn *const doubles[] = {FN_OF(crew_reduce_by_key_sum, f64), FN_OF(crew_reduce_by_key_min, f64),
                                          FN_OF(crew_reduce_by_key_max, f64)};
    unsigned what = fuzz_byte(f) % 8;
    size_t n = fuzz_count(f), groups = 0, got = 99;
    ELEMENT *x = FN(values)(f, n), *keys = fuzz_alloc(f, n * sizeof *keys);
    size_t *index = fuzz_alloc(f, n * sizeof *index), *indices = fuzz_alloc(f, n * sizeof *indices);
    size_t *offsets = fuzz_alloc(f, (n + 1) * sizeof *offsets);
    int64_t *v = fuzz_bytes(f, n * sizeof *v), *want = fuzz_alloc(f, n * sizeof *want);
    double *w = fuzz_alloc(f, n * sizeof *w), *want_f64 = fuzz_alloc(f, n * sizeof *want_f64);
    fuzz_stable(f, x, n, sizeof *x, FN(by_value), NULL, index);
    for (size_t p = 0; p < n; p++) {
        size_t i = index[p], op = what % 3;
        w[i] = (double)(v[i] % 100000);
        if (op > 0 && v[i] % 64 == 5)
            w[i] = v[i] < 0 ? (double)NAN : -0.0;
        if (p == 0 || x[i] != x[index[p - 1]]) {
            offsets[groups] = p;
            keys[groups++] = x[i];
            want[groups - 1] = v[i];
            want_f64[groups - 1] = w[i];
            if (op == 0)
                want_f64[groups - 1] += 0.0;
            continue;
        }
        int64_t *s = &want[groups - 1];
        double *d = &want_f64[groups - 1];
        *s = op == 0 ? (int64_t)((uint64_t)*s + (uint64_t)v[i]) : (op == 1 ? v[i] < *s : v[i] > *s) ? v[i] : *s;
        if (op == 0)
            *d += w[i];
        else if (isnan(w[i]) || (op == 1 ? w[i] < *d : w[i] > *d))
            *d = isnan(*d) ? *d : w[i];
    }
    offsets[groups] = n;
    /* Outputs have room for the groups that there are. */
    ELEMENT *keys_out = fuzz_alloc(f, groups * sizeof *keys_out);
    size_t *offsets_out = fuzz_alloc(f, (groups + 1) * sizeof *offsets_out);
    uint64_t *counts = fuzz_alloc(f, groups * sizeof *counts);
    int64_t *results = fuzz_alloc(f, groups * sizeof *results);
    double *results_f64 = fuzz_alloc(f, groups * sizeof *results_f64);
    int code = what == 6   ? FN(crew_unique_counts)(x, n, keys_out, counts, &got)
               : what == 7 ? FN(crew_group_by_key)(x, n, keys_out, offsets_out, indices, &got)
               : what < 3  ? integer[what](x, v, n, keys_out, results, &got)
                           : doubles[what - 3](x, w, n, keys_out, results_f64, &got);
    fuzz_true(code == 0 && got == groups, "how many groups there are");
    fuzz_same(keys_out, keys, groups * sizeof *keys, "keys of groups");
    for (size_t g = 0; g < groups; g++) {
        if (what == 6)
            fuzz_true(counts[g] == offsets[g + 1] - offsets[g], "how large a group is");
        if (what >= 3 && what < 6 && isnan(want_f64[g]))
            fuzz_true(isnan(results_f64[g]), "a group with a NaN");
        else if (what >= 3 && what < 6)
            fuzz_same(&results_f64[g], &want_f64[g], sizeof *want_f64, "a group's result");
    }
    if (what < 3)
        fuzz_same(results, want, groups * sizeof *want, "groups' results");
    if (what == 7) {
        fuzz_same(offsets_out, offsets, (groups + 1) * sizeof *offsets, "offsets of groups");
        fuzz_same(indices, index, n * sizeof *index, "indices of groups");
    }
}
#endif

#undef FN
#undef FN_OF
#undef TYPE
#undef ELEMENT
#undef FLOATING
#undef GROUPS
