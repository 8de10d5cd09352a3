/* Selecting by predicate or flags, and searching. */
#include "fuzz_array.h"

/* What the flags keep (invert 0) or leave (1); *count becomes how many. */
static char *kept(struct fuzz *f, const char *x, size_t size, size_t n, const unsigned char *flags, int invert,
                  size_t *count)
{
    char *out = fuzz_alloc(f, n * size);
    *count = 0;
    for (size_t i = 0; i < n; i++)
        if ((flags[i] == 0) == invert)
            memcpy(out + (*count)++ * size, x + i * size, size);
    return out;
}

static int same_first(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return *(const unsigned char *)a == *(const unsigned char *)b;
}

static void select_generic(struct fuzz *f)
{
    unsigned what = fuzz_byte(f) % 6, how = fuzz_byte(f);
    size_t size = fuzz_size(f), n = fuzz_count(f), count = 99, want_count, failed = 98;
    n = n * size > 400000 ? 400000 / size : n;
    char *x = fuzz_bytes(f, n * size), *y = fuzz_copy(f, x, n * size), *rest = NULL, *want = NULL;
    unsigned char *flags = fuzz_bytes(f, n);
    struct fuzz_flags w = {flags, SIZE_MAX};
    if (how & 2 && n > 0)
        w.fail_at = fuzz_below(f, n);
    crew_options opt = {.grain = how >> 4, .failed = how & 4 ? &failed : NULL};
    want = kept(f, x, size, n, flags, 0, &want_count);
    /* Where it is not in place, the output has no more room than it needs. */
    char *out = how & 1 ? y : fuzz_alloc(f, want_count * size);
    const char *in = how & 1 ? y : x;
    int code = 0, calls = what < 4;
    switch (what) {
    case 0:
        code = crew_filter(in, out, size, n, fuzz_ask, &w, &count, &opt);
        break;
    case 1:
        rest = fuzz_alloc(f, (n - want_count) * size);
        code = crew_partition(in, out, rest, size, n, fuzz_ask, &w, &count, &opt);
        break;
    case 2:
        out = how & 1 ? y : fuzz_alloc(f, n * size);
        code = crew_partition(in, out, NULL, size, n, fuzz_ask, &w, &count, &opt);
        rest = out + want_count * size;
        break;
    case 3:
        code = crew_count_if(n, fuzz_ask, &w, &count, &opt);
        break;
    case 4:
        code = crew_pack(in, out, size, n, flags, &count, &opt);
        break;
    default:
        for (size_t i = 0; i < n; i++)
            flags[i] = i == 0 || (how & 8 ? memcmp(x + (i - 1) * size, x + i * size, size) != 0
                                          : x[(i - 1) * size] != x[i * size]);
        want = kept(f, x, size, n, flags, 0, &want_count);
        out = how & 1 ? y : fuzz_alloc(f, want_count * size);
        code = crew_unique(in, out, size, n, how & 8 ? NULL : same_first, NULL, &count, &opt);
    }
    if (calls && w.fail_at < n) {
        fuzz_true(code == 7, "the value of a failing predicate");
        fuzz_true(count == 99, "the count after a failure");
        fuzz_true(!opt.failed || failed == w.fail_at, "the failing index");
        return;
    }
    fuzz_true(code == 0 && count == want_count, "how many are selected");
    if (what != 3)
        fuzz_same(out, want, count * size, "what is selected");
    if (rest)
        fuzz_same(rest, kept(f, x, size, n, flags, 1, &count), (n - want_count) * size, "the others");
}

static void find_generic(struct fuzz *f)
{
    unsigned what = fuzz_byte(f) % 5, how = fuzz_byte(f);
    size_t n = fuzz_count(f), failed = 98, index = 99, hit = 0, hole = 0;
    unsigned char *flags = fuzz_bytes(f, n);
    if (how & 1) /* one at the most */
        memset(flags, how >> 1 & 1, n);
    if (how & 1 && n > 0)
        flags[fuzz_below(f, n)] ^= 1;
    struct fuzz_flags w = {flags, SIZE_MAX};
    if (how & 4 && n > 0)
        w.fail_at = fuzz_below(f, n);
    crew_options opt = {.failed = &failed};
    while (hit < n && !flags[hit])
        hit++;
    while (hole < n && flags[hole])
        hole++;
    if (what == 4) {
        size_t size = fuzz_size(f), m = n / size;
        unsigned char *other = fuzz_copy(f, flags, n);
        if (how & 8 && n > 0)
            other[fuzz_below(f, n)] ^= 0x80;
        for (index = 0; index < m && memcmp(flags + index * size, other + index * size, size) == 0;)
            index++;
        fuzz_true(crew_mismatch(flags, other, size, m) == index, "crew_mismatch");
        fuzz_true(crew_equal(flags, other, size, m) == (index == m), "crew_equal");
        return;
    }
    bool result = false;
    size_t stops = what == 2 ? hole : hit;
    int code = what == 0   ? crew_find_first(n, fuzz_ask, &w, &index, &opt)
               : what == 1 ? crew_any(n, fuzz_ask, &w, &result, &opt)
               : what == 2 ? crew_all(n, fuzz_ask, &w, &result, &opt)
                           : crew_none(n, fuzz_ask, &w, &result, &opt);
    if (w.fail_at < n && w.fail_at <= stops) {
        fuzz_true(code == 7 && failed == w.fail_at, "a failing search");
        return;
    }
    fuzz_true(code == 0, "a search");
    fuzz_true(what == 0 ? index == hit : result == (what == 1 ? hit < n : stops == n), "what a search finds");
}

static int compare_first(const void *element, const void *query, void *ctx)
{
    (void)ctx;
    return (int)*(const unsigned char *)element - (int)*(const unsigned char *)query;
}

static void search_generic(struct fuzz *f)
{
    size_t size = fuzz_size(f), query_size = fuzz_size(f), n = fuzz_count(f) % 3000, m = fuzz_count(f) % 3000;
    crew_side side = fuzz_byte(f) % 2 ? CREW_RIGHT : CREW_LEFT;
    unsigned char *x = fuzz_bytes(f, n * size), *query = fuzz_bytes(f, m * query_size);
    size_t *index = fuzz_alloc(f, (n > m ? n : m) * sizeof *index), below[257] = {0};
    struct fuzz_order o = {size, 0xff, 0};
    fuzz_stable(f, x, n, size, fuzz_compare, &o, index);
    x = fuzz_gather(f, x, size, index, n);
    for (size_t i = 0; i < n; i++)
        below[x[i * size] + 1]++;
    for (int b = 0; b < 256; b++)
        below[b + 1] += below[b];
    fuzz_true(crew_search_sorted(x, size, n, query, query_size, m, compare_first, NULL, side, index, NULL) == 0,
              "crew_search_sorted");
    for (size_t q = 0; q < m; q++)
        fuzz_true(index[q] == below[query[q * query_size] + (side == CREW_RIGHT)], "a place of crew_search_sorted");
}

#define TEMPLATE "../../../tests/fuzz/fuzz_select_template.h"
#include "../../lib/array/typed/each_type_template.h"

void fuzz_select(struct fuzz *f)
{
    static void (*const kinds[])(struct fuzz *) = {select_generic, typed_f32,     typed_f64, typed_i32,
                                                   typed_i64,      typed_u32,     typed_u64, select_generic,
                                                   find_generic,   search_generic};
    kinds[fuzz_byte(f) % 10](f);
}
