/* Exact sums and dot products, their states and bytes. */
#include "../support/oracle_exact.h"
#include "fuzz_array.h"

/* Numbers whose exponents lie in a window of some width, bits of any kind, or few values; a part of them special. */
static double number(struct fuzz *f, unsigned kind, int lowest, unsigned binades)
{
    uint64_t r = fuzz_random(f);
    double x;
    if (kind % 4 == 3) {
        memcpy(&x, &r, sizeof x);
        return x - x == 0 ? x : 1;
    }
    x = ldexp(1 + (double)(r >> 12) * 0x1p-52, lowest + (int)((r >> 1 & 0x7ff) % binades));
    if (kind % 4 == 2)
        x = ldexp((double)(r >> 60), lowest);
    x = r & 1 ? -x : x;
    return x - x == 0 ? x : 1;
}

static double *numbers(struct fuzz *f, size_t n)
{
    double *x = fuzz_alloc(f, n * sizeof *x);
    unsigned kind = fuzz_byte(f), width = fuzz_byte(f), specials = fuzz_byte(f);
    int lowest = (int)((fuzz_byte(f) << 8 | fuzz_byte(f)) % 2098) - 1074;
    for (size_t i = 0; i < n; i++)
        x[i] = number(f, kind, lowest, width % 128 + 1 + (width > 250 ? 2000 : 0));
    if (kind & 4) /* all cancels, but for one term */
        for (size_t i = 0; i + 1 < n; i += 2)
            x[i + 1] = -x[i];
    if (kind & 8 && n > 0) /* the scale changes */
        for (size_t i = fuzz_below(f, n); i < n; i++)
            x[i] = x[i] < 1e200 && x[i] > -1e200 ? x[i] * 0x1p100 : x[i];
    static const double special[] = {(double)INFINITY, -(double)INFINITY, (double)NAN, -0.0, DBL_MAX, 0x1p-1074};
    for (unsigned k = 0; n > 0 && specials > 200 && k < specials % 4; k++)
        x[fuzz_below(f, n)] = special[fuzz_random(f) % 6];
    return x;
}

static void merged(struct fuzz *f, const double *x, const double *y, size_t n, const crew_exact *want)
{
    unsigned char *bytes = fuzz_alloc(f, CREW_EXACT_BYTES);
    crew_exact got = {{0}, 0}, part;
    size_t cut = fuzz_below(f, n + 1);
    memset(&part, 0, sizeof part);
    crew_exact_add(&part, x + cut, n - cut);
    crew_exact_add_dot(&got, x, y, n);
    crew_exact_to_bytes(&part, bytes);
    memset(&part, 1, sizeof part);
    fuzz_true(crew_exact_from_bytes(&part, bytes) == 0, "crew_exact_from_bytes");
    crew_exact_merge(&got, &part);
    for (size_t i = cut, some; i > 0; i -= some) {
        some = 1 + fuzz_below(f, i);
        crew_exact_add(&got, x + i - some, some);
    }
    fuzz_same(&got, want, sizeof got, "crew_exact");
}

void fuzz_exact(struct fuzz *f)
{
    size_t n = fuzz_count(f) % 5000;
    double *x = numbers(f, n), *y = numbers(f, n);
    struct oracle_exact *sum = fuzz_alloc(f, sizeof *sum), *dot = fuzz_alloc(f, sizeof *dot);
    memset(sum, 0, sizeof *sum);
    memset(dot, 0, sizeof *dot);
    for (size_t i = 0; i < n; i++) {
        oracle_exact_add(sum, x[i]);
        oracle_exact_add_product(dot, x[i], y[i]);
    }
    fuzz_true(oracle_exact_is(sum, crew_sum_exact_f64(x, n)), "crew_sum_exact_f64");
    fuzz_true(oracle_exact_is(dot, crew_dot_exact_f64(x, y, n)), "crew_dot_exact_f64");
    crew_exact both = {{0}, 0};
    crew_exact_add(&both, x, n);
    crew_exact_add_dot(&both, x, y, n);
    merged(f, x, y, n, &both);

    float *p = fuzz_alloc(f, n * sizeof *p), *q = fuzz_alloc(f, n * sizeof *q);
    memset(sum, 0, sizeof *sum);
    memset(dot, 0, sizeof *dot);
    for (size_t i = 0; i < n; i++) {
        p[i] = (float)x[i];
        q[i] = (float)y[i];
        oracle_exact_add(sum, (double)p[i]);
        oracle_exact_add_product(dot, (double)p[i], (double)q[i]);
    }
    fuzz_true(oracle_exact_is_f32(sum, crew_sum_exact_f32(p, n)), "crew_sum_exact_f32");
    fuzz_true(oracle_exact_is_f32(dot, crew_dot_exact_f32(p, q, n)), "crew_dot_exact_f32");
}
