/* Sorting, merging and selecting, by a comparator and by numeric keys. */
#include "fuzz_array.h"
#include <stdbool.h>

static int by_bytes(const void *a, const void *b, void *ctx)
{
    return memcmp(a, b, *(const size_t *)ctx);
}

/* The same elements in some order. */
static void same_elements(struct fuzz *f, const void *got, const void *x, size_t n, size_t size)
{
    size_t *i = fuzz_alloc(f, n * sizeof *i), *j = fuzz_alloc(f, n * sizeof *j);
    fuzz_stable(f, got, n, size, by_bytes, &size, i);
    fuzz_stable(f, x, n, size, by_bytes, &size, j);
    fuzz_same(fuzz_gather(f, got, size, i, n), fuzz_gather(f, x, size, j, n), n * size, "set of elements");
}

/* Order of the last first; of equal elements the lower index first. */
static size_t *from_top(struct fuzz *f, const char *x, size_t n, size_t size, crew_compare *cmp, void *ctx,
                        const size_t *index)
{
    size_t *order = fuzz_alloc(f, n * sizeof *order), filled = 0;
    for (size_t end = n, begin; end > 0; end = begin) {
        begin = end - 1;
        while (begin > 0 && cmp(x + index[begin - 1] * size, x + index[begin] * size, ctx) == 0)
            begin--;
        for (size_t i = begin; i < end; i++)
            order[filled++] = index[i];
    }
    return order;
}

static void part_at(const char *x, size_t n, size_t size, const char *middle, crew_compare *cmp, void *ctx, char *out)
{
    for (int class = -1; class <= 1; class ++)
        for (size_t i = 0; i < n; i++) {
            int order = cmp(x + i * size, middle, ctx);
            if ((order > 0) - (order < 0) == class) {
                memcpy(out, x + i * size, size);
                out += size;
            }
        }
}

static void by_comparator(struct fuzz *f)
{
    unsigned what = fuzz_byte(f) % 7, bits = fuzz_byte(f);
    size_t size = fuzz_size(f), n = fuzz_count(f);
    n = n * size > 400000 ? 400000 / size : n;
    struct fuzz_order o = {size, 0xffu >> bits % 9, bits >= 224};
    char *x = fuzz_bytes(f, n * size), *y = fuzz_copy(f, x, n * size);
    size_t *index = fuzz_alloc(f, n * sizeof *index), *got = fuzz_alloc(f, n * sizeof *got);
    fuzz_stable(f, x, n, size, fuzz_compare, &o, index);
    char *want = fuzz_gather(f, x, size, index, n);
    size_t k = n ? fuzz_below(f, n) : 0;
    switch (what) {
    case 0:
        fuzz_true(crew_sort(y, n, size, fuzz_compare, &o, NULL) == 0, "crew_sort");
        if (o.absurd)
            same_elements(f, y, x, n, size);
        else
            fuzz_same(y, want, n * size, "crew_sort");
        break;
    case 1:
        fuzz_true(crew_argsort(x, n, size, got, fuzz_compare, &o, NULL) == 0, "crew_argsort");
        if (o.absurd)
            same_elements(f, got, index, n, sizeof *got);
        else
            fuzz_same(got, index, n * sizeof *got, "crew_argsort");
        break;
    case 2: {
        size_t value_size = fuzz_size(f);
        char *v = fuzz_bytes(f, n * value_size), *w = fuzz_copy(f, v, n * value_size);
        fuzz_true(crew_sort_by_key(y, size, w, value_size, n, fuzz_compare, &o, NULL) == 0, "crew_sort_by_key");
        if (o.absurd) {
            same_elements(f, y, x, n, size);
            same_elements(f, w, v, n, value_size);
        } else {
            fuzz_same(y, want, n * size, "crew_sort_by_key");
            fuzz_same(w, fuzz_gather(f, v, value_size, index, n), n * value_size, "values of crew_sort_by_key");
        }
        break;
    }
    case 3: {
        char *merged = fuzz_alloc(f, n * size), *a = want;
        if (!o.absurd) {
            fuzz_stable(f, x, k, size, fuzz_compare, &o, got);
            a = fuzz_gather(f, x, size, got, k);
            fuzz_stable(f, x + k * size, n - k, size, fuzz_compare, &o, got);
            y = fuzz_gather(f, x + k * size, size, got, n - k);
        } else {
            a = x;
            y = x + k * size;
        }
        fuzz_true(crew_merge(a, k, y, n - k, size, merged, fuzz_compare, &o, NULL) == 0, "crew_merge");
        if (o.absurd)
            same_elements(f, merged, x, n, size);
        else
            fuzz_same(merged, want, n * size, "crew_merge");
        break;
    }
    case 4: {
        int code = crew_nth_element(y, n, size, k, fuzz_compare, &o, NULL);
        fuzz_true(n ? code == 0 : code < 0, "crew_nth_element");
        same_elements(f, y, x, n, size);
        for (size_t i = 0; !o.absurd && i < n; i++) {
            int order = fuzz_compare(y + i * size, want + k * size, &o);
            fuzz_true(i < k ? order <= 0 : i == k ? order == 0 : order >= 0, "a place of crew_nth_element");
        }
        break;
    }
    case 5: {
        size_t top = n ? fuzz_below(f, n + 1) : 0;
        char *out = fuzz_alloc(f, top * size);
        fuzz_true(crew_top_k(x, n, size, top, out, got, fuzz_compare, &o, NULL) == 0, "crew_top_k");
        for (size_t i = 0; i < top; i++)
            fuzz_true(got[i] < n, "an index of crew_top_k");
        fuzz_same(out, fuzz_gather(f, x, size, got, top), top * size, "what crew_top_k copied");
        if (!o.absurd)
            fuzz_same(got, from_top(f, x, n, size, fuzz_compare, &o, index), top * sizeof *got, "crew_top_k");
        break;
    }
    default: {
        bool sorted, right = true;
        const char *asked = bits % 2 ? x : want;
        for (size_t i = 1; i < n; i++)
            right = right && fuzz_compare(asked + (i - 1) * size, asked + i * size, &o) <= 0;
        fuzz_true(crew_is_sorted(asked, n, size, fuzz_compare, &o, &sorted, NULL) == 0, "crew_is_sorted");
        fuzz_true(sorted == right, "crew_is_sorted");
    }
    }
}

#define TEMPLATE "../../../tests/fuzz/fuzz_sort_template.h"
#include "../../lib/array/typed/each_type_template.h"

void fuzz_sort(struct fuzz *f)
{
    static void (*const kinds[])(struct fuzz *) = {by_comparator, keys_f32, keys_f64, keys_i32,
                                                   keys_i64,      keys_u32, keys_u64, by_comparator};
    kinds[fuzz_byte(f) % 8](f);
}
