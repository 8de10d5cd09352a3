/* Sets, neighbours and sequences, merging in place, rotations and shifts, sums without NaN, planes, narrow counts. */
#include "fuzz_array.h"
#include <errno.h>

enum { UNION, INTERSECTION, DIFFERENCE, SYMMETRIC };

typedef int set_fn(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out, crew_compare *cmp,
                   void *ctx, size_t *count, const crew_options *opt);
static set_fn *const set_calls[] = {crew_set_union, crew_set_intersection, crew_set_difference,
                                    crew_set_symmetric_difference};

/* The loop of crew/set.h; out NULL: counts only. */
static size_t set_loop(unsigned what, const void *a, size_t na, const void *b, size_t nb, size_t size,
                       crew_compare *cmp, void *ctx, void *out)
{
    size_t i = 0, j = 0, count = 0;
    while (i < na || j < nb) {
        const char *p = (const char *)a + i * size, *q = (const char *)b + j * size;
        int c = i == na ? 1 : j == nb ? -1 : cmp(p, q, ctx);
        bool takes = what == UNION || (what == INTERSECTION && c == 0) || (what == DIFFERENCE && c < 0) ||
                     (what == SYMMETRIC && c != 0);
        if (takes && out)
            memcpy((char *)out + count * size, c > 0 ? q : p, size);
        count += takes;
        i += c <= 0;
        j += c >= 0;
    }
    return count;
}

#define TEMPLATE "../../../tests/fuzz/fuzz_sets_template.h"
#include "../../lib/array/typed/each_type_template.h"

static void turn(struct fuzz *f)
{
    unsigned what = fuzz_byte(f) % 4;
    size_t size = fuzz_size(f), n = fuzz_count(f);
    n = n * size > 400000 ? 400000 / size : n;
    size_t k = fuzz_below(f, n + 2);
    char *x = fuzz_bytes(f, n * size), *want = fuzz_copy(f, x, n * size), *out = fuzz_copy(f, x, n * size);
    if (what < 2) {
        int code = crew_rotate(what ? x : out, out, n, size, k);
        fuzz_true(code == (k > n ? -EINVAL : 0), "crew_rotate");
        for (size_t i = 0; code == 0 && i < n; i++)
            memcpy(want + i * size, x + (k + i) % n * size, size);
    } else if (what == 2) {
        fuzz_true(crew_shift_left(out, n, size, k) == 0, "crew_shift_left");
        for (size_t i = 0; i + k < n; i++)
            memcpy(want + i * size, x + (i + k) * size, size);
    } else {
        fuzz_true(crew_shift_right(out, n, size, k) == 0, "crew_shift_right");
        for (size_t i = k; i < n; i++)
            memcpy(want + i * size, x + (i - k) * size, size);
    }
    fuzz_same(out, want, n * size, "a rotation or shift");
}

/* Elements of any size, of which only the first byte is compared. */
static void generic_sets(struct fuzz *f)
{
    unsigned what = fuzz_byte(f) % 4, bits = fuzz_byte(f);
    size_t size = fuzz_size(f), na = fuzz_count(f), nb = fuzz_count(f), count = SIZE_MAX;
    na = na * size > 200000 ? 200000 / size : na;
    nb = nb * size > 200000 ? 200000 / size : nb;
    struct fuzz_order o = {size, 0xffu >> bits % 8, 0};
    char *a = fuzz_bytes(f, na * size), *b = fuzz_bytes(f, nb * size);
    size_t *index = fuzz_alloc(f, (na > nb ? na : nb) * sizeof *index);
    fuzz_stable(f, a, na, size, fuzz_compare, &o, index);
    a = fuzz_gather(f, a, size, index, na);
    fuzz_stable(f, b, nb, size, fuzz_compare, &o, index);
    b = fuzz_gather(f, b, size, index, nb);
    char *want = fuzz_alloc(f, (na + nb) * size);
    size_t want_count = set_loop(what, a, na, b, nb, size, fuzz_compare, &o, want);
    char *out = fuzz_alloc(f, want_count * size);
    fuzz_true(set_calls[what](a, na, b, nb, size, out, fuzz_compare, &o, &count, NULL) == 0, "a set");
    fuzz_true(count == want_count, "how many a set has");
    fuzz_same(out, want, count * size, "a set");
}

void fuzz_sets(struct fuzz *f)
{
    static void (*const kinds[])(struct fuzz *) = {any_f32, any_f64, any_i32, any_i64,
                                                   any_u32, any_u64, turn,    generic_sets};
    kinds[fuzz_byte(f) % 8](f);
}
