/* The sorts of {f32..u64}: checks of what fuzz_array_sort.c calls by type. */
#define FN(name) CREW__CAT(name, TYPE)
#include "fuzz_sort_order_template.h"
#include "fuzz_values_template.h"

static void FN(keys)(struct fuzz *f)
{
    unsigned what = fuzz_byte(f) % 8;
    size_t n = fuzz_count(f), bytes = n * sizeof(ELEMENT), k = n ? fuzz_below(f, n) : 0;
    ELEMENT *x = FN(values)(f, n), *y = fuzz_copy(f, x, bytes);
    size_t *index = fuzz_alloc(f, n * sizeof *index), *got = fuzz_alloc(f, n * sizeof *got);
    fuzz_stable(f, x, n, sizeof *x, FN(by_value), NULL, index);
    ELEMENT *want = fuzz_gather(f, x, sizeof *x, index, n);
    switch (what) {
    case 0:
        fuzz_true(FN(crew_sort)(y, n) == 0, "typed sort");
        fuzz_same(y, want, bytes, "typed sort");
        fuzz_true(FN(crew_is_sorted)(y, n), "typed is_sorted");
        break;
    case 1: {
        size_t size = fuzz_size(f), shift = fuzz_byte(f) % 8;
        char *v = fuzz_bytes(f, n * size + shift), *w = fuzz_copy(f, v, n * size + shift);
        fuzz_true(FN(crew_sort_by_key)(y, w + shift, size, n) == 0, "typed sort_by_key");
        fuzz_same(y, want, bytes, "keys of typed sort_by_key");
        fuzz_same(w + shift, fuzz_gather(f, v + shift, size, index, n), n * size, "values of typed sort_by_key");
        fuzz_same(w, v, shift, "what is in front of the values");
        break;
    }
    case 2: {
        size_t size = sizeof *x + fuzz_byte(f) % 24, offset = fuzz_below(f, size - sizeof *x + 1);
        char *v = fuzz_bytes(f, n * size);
        for (size_t i = 0; i < n; i++)
            memcpy(v + i * size + offset, &x[i], sizeof *x);
        char *w = fuzz_copy(f, v, n * size);
        fuzz_true(FN(crew_sort_records)(w, n, size, offset) == 0, "sort_records");
        fuzz_same(w, fuzz_gather(f, v, size, index, n), n * size, "sort_records");
        break;
    }
    case 3:
        fuzz_true(FN(crew_argsort)(x, n, got) == 0, "typed argsort");
        fuzz_same(got, index, n * sizeof *got, "typed argsort");
        fuzz_same(x, y, bytes, "keys of typed argsort");
        break;
    case 4: {
        ELEMENT *merged = fuzz_alloc(f, bytes);
        fuzz_stable(f, x, k, sizeof *x, FN(by_value), NULL, got);
        ELEMENT *a = fuzz_gather(f, x, sizeof *x, got, k);
        fuzz_stable(f, x + k, n - k, sizeof *x, FN(by_value), NULL, got);
        ELEMENT *b = fuzz_gather(f, x + k, sizeof *x, got, n - k);
        fuzz_true(FN(crew_merge)(a, k, b, n - k, merged) == 0, "typed merge");
        fuzz_same(merged, want, bytes, "typed merge");
        fuzz_true(FN(crew_merge)(x, k, x + k, n - k, merged) == 0, "typed merge, not sorted");
        same_elements(f, merged, x, n, sizeof *x);
        break;
    }
    case 5: {
        int code = FN(crew_nth_element)(y, n, k);
        fuzz_true(n ? code == 0 : code < 0, "typed nth_element");
        ELEMENT *parts = fuzz_alloc(f, bytes);
        if (n > 0)
            part_at((const char *)x, n, sizeof *x, (const char *)&want[k], FN(by_value), NULL, (char *)parts);
        fuzz_same(y, parts, bytes, "typed nth_element");
        break;
    }
    case 6: {
        size_t top = n ? fuzz_below(f, n + 1) : 0;
        size_t *order = from_top(f, (const char *)x, n, sizeof *x, FN(by_value), NULL, index);
        ELEMENT *out = fuzz_alloc(f, top * sizeof *out);
        fuzz_true(FN(crew_top_k)(x, n, top, out, got) == 0, "typed top_k");
        fuzz_same(got, order, top * sizeof *got, "indices of typed top_k");
        fuzz_same(out, fuzz_gather(f, x, sizeof *x, order, top), top * sizeof *out, "typed top_k");
        break;
    }
    default: {
        bool right = true;
        for (size_t i = 1; i < n; i++)
            right = right && FN(by_value)(&x[i - 1], &x[i], NULL) <= 0;
        fuzz_true(FN(crew_is_sorted)(x, n) == right, "typed is_sorted");
    }
    }
}

#undef FN
