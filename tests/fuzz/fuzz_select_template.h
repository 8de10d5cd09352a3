/* Selecting and searching among values of {f32..u64}: checks of what fuzz_array_select.c calls by type. */
#define FN(name) CREW__CAT(name, TYPE)
#include "fuzz_order_template.h"
#include "fuzz_values_template.h"

static void FN(typed)(struct fuzz *f)
{
    unsigned what = fuzz_byte(f) % 5, how = fuzz_byte(f);
    size_t n = fuzz_count(f), count = 0, bytes = n * sizeof(ELEMENT);
    ELEMENT *x = FN(values)(f, n), *y = fuzz_copy(f, x, bytes), *in = how & 1 ? y : x;
    size_t *index = fuzz_alloc(f, n * sizeof *index);
    unsigned char *flags = fuzz_bytes(f, n);
    for (size_t i = 0; what == 1 && i < n; i++)
        flags[i] = i == 0 || FN(order)(&x[i - 1], &x[i], NULL) != 0;
    for (size_t i = 0; i < n; i++)
        if (flags[i])
            index[count++] = i;
    size_t got = 0;
    if (what < 2) {
        ELEMENT *out = how & 1 ? y : fuzz_alloc(f, count * sizeof *out);
        got = what == 0 ? FN(crew_pack)(in, out, n, flags) : FN(crew_unique)(in, out, n);
        fuzz_true(got == count, "how many a typed selection keeps");
        fuzz_same(out, fuzz_gather(f, x, sizeof *x, index, count), count * sizeof *x, "typed selection");
    } else if (what == 2) {
        size_t *out = fuzz_alloc(f, count * sizeof *out);
        fuzz_true(crew_pack_index(out, n, flags) == count, "crew_pack_index");
        fuzz_same(out, index, count * sizeof *out, "crew_pack_index");
    } else if (what == 3) {
        ELEMENT value = n > 0 && how & 2 ? x[fuzz_below(f, n)] : FN(values)(f, 1)[0];
        while (got < n && FN(order)(&x[got], &value, NULL) != 0)
            got++;
        fuzz_true(FN(crew_find)(x, n, value) == got, "typed find");
        fuzz_true(FN(crew_contains)(x, n, value) == (got < n), "typed contains");
    } else {
        size_t m = fuzz_count(f) % 3000;
        ELEMENT *query = FN(values)(f, m);
        size_t *place = fuzz_alloc(f, m * sizeof *place);
        int right = how >> 1 & 1;
        fuzz_stable(f, x, n, sizeof *x, FN(order), NULL, index);
        x = fuzz_gather(f, x, sizeof *x, index, n);
        FN(crew_search_sorted)(x, n, query, m, right ? CREW_RIGHT : CREW_LEFT, place);
        for (size_t q = 0; q < m; q++) {
            size_t at = place[q];
            fuzz_true(at <= n, "a place of typed search_sorted");
            fuzz_true(at == 0 || FN(order)(&x[at - 1], &query[q], NULL) < right, "a place of typed search_sorted");
            fuzz_true(at == n || FN(order)(&x[at], &query[q], NULL) >= right, "a place of typed search_sorted");
        }
    }
}

#undef FN
