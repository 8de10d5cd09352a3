/* crew/mpi.h: norms, sums without NaNs, exact sums, scans of anything and weighted counts over ranks, bit for bit those
   of one machine. */
#include "../../lib/mpi/transfer.h"
#include "mpi_test.h"
#include <errno.h>
#include <math.h>

enum { MOST = 20011 };

static double x[MOST], y[MOST];
static float f[MOST];

static bool same(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

/* Kind 0: numbers of many sizes; 1: squares overflow; 2: squares underflow; 3: infinities, NaNs and zeros; 4: NaNs. */
static void fill(int kind)
{
    const double odd[] = {-0.0, 0.0, NAN, 1, -1, INFINITY};
    const int exponent[] = {-60, 900, -1060, 0, 0};
    for (size_t i = 0; i < MOST; i++) {
        x[i] = ((double)(number(i) >> 11) - 0x1p52) * ldexp(1, (int)(number(i + MOST) % 20) - 50);
        x[i] = kind == 3 ? odd[number(i) % 6] : kind == 4 ? NAN : ldexp(x[i], exponent[kind]);
        y[i] = ldexp((double)(number(i) % 1000) - 500, (int)(number(i) >> 60) * 8);
        f[i] = (float)(kind == 1 ? ldexp(x[i], -900) : x[i]);
    }
}

static void try_reductions(size_t n, int layout)
{
    crew_dist *a = distribute(layout, x, n, sizeof *x), *b = distribute(layout, y, n, sizeof *y);
    crew_dist *c = distribute(layout, f, n, sizeof *f);
    double d;
    float s;
    EXPECT(crew_norm2_dist_f64(a, &d) == 0 && same(d, crew_norm2_f64(x, n)));
    EXPECT(crew_norm2_dist_f32(c, &s) == 0 && same(s, crew_norm2_f32(f, n)));
    EXPECT(crew_nansum_dist_f64(a, &d) == 0 && same(d, crew_nansum_f64(x, n)));
    EXPECT(crew_nansum_dist_f32(c, &s) == 0 && same(s, crew_nansum_f32(f, n)));
    EXPECT(crew_nanmean_dist_f64(a, &d) == 0 && same(d, crew_nanmean_f64(x, n)));
    EXPECT(crew_nanmin_dist_f64(a, &d) == 0 && same(d, crew_nanmin_f64(x, n)));
    EXPECT(crew_nanmax_dist_f32(c, &s) == 0 && same(s, crew_nanmax_f32(f, n)));
    EXPECT(crew_sum_exact_dist_f64(a, &d) == 0 && same(d, crew_sum_exact_f64(x, n)));
    EXPECT(crew_dot_exact_dist_f64(a, b, &d) == 0 && same(d, crew_dot_exact_f64(x, y, n)));
    EXPECT(crew_sum_exact_dist_f32(c, &s) == 0 && same(s, crew_sum_exact_f32(f, n)));
    EXPECT(crew_norm2_dist_f32(a, &s) == -EINVAL && crew_norm2_dist_f64(a, NULL) == -EINVAL);
    EXPECT(crew_dot_exact_dist_f64(a, c, &d) == -EINVAL && crew_nanmin_dist_f64(NULL, &d) == -EINVAL);
    crew_dist_close(a);
    crew_dist_close(b);
    crew_dist_close(c);
}

static void test_reductions(void)
{
    const size_t sizes[] = {0, 3, MOST};
    for (int kind = 0; kind < 5; kind++) {
        fill(kind);
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
            for (int layout = kind == 0 && k == 2 ? 0 : 5; layout < LAYOUTS; layout++)
                try_reductions(sizes[k], layout);
    }
}

/* v * factor + add, one after the other: associative only up to rounding, and it does not commute. */
struct step {
    double factor, add;
    char rest[8];
};

static void follow(void *acc, const void *right, void *ctx)
{
    struct step *a = acc;
    const struct step *b = right;
    (void)ctx;
    a->add = a->add * b->factor + b->add;
    a->factor *= b->factor;
    a->rest[0] ^= b->rest[0];
}

static const struct step nothing = {1, 0, {0}};
static const crew_scanner following = {&nothing, follow};
static struct step steps[MOST], want[MOST];

static void try_scan(size_t n, int layout, size_t grain)
{
    const crew_options opt = {.grain = grain};
    struct step total, got;
    crew_dist *in = distribute(layout, steps, n, sizeof *steps), *out = crew_dist_like(in, sizeof *steps);
    EXPECT(crew_scan_inclusive(steps, want, sizeof *steps, n, &following, NULL, &total, &opt) == 0);
    EXPECT(crew_scan_inclusive_dist(in, out, &following, NULL, &got, &opt) == 0);
    EXPECT(holds(out, want, n, sizeof *want) && memcmp(&got, &total, sizeof got) == 0);
    EXPECT(crew_scan_exclusive(steps, want, sizeof *steps, n, &following, NULL, &total, &opt) == 0);
    EXPECT(crew_scan_exclusive_dist(in, out, &following, NULL, NULL, &opt) == 0);
    EXPECT(holds(out, want, n, sizeof *want));
    EXPECT(crew_scan_exclusive_dist(in, in, &following, NULL, &got, grain ? &opt : NULL) == 0);
    EXPECT(holds(in, want, n, sizeof *want) && memcmp(&got, &total, sizeof got) == 0);
    EXPECT(crew_scan_inclusive_dist(in, out, NULL, NULL, NULL, NULL) == -EINVAL);
    crew_dist_close(in);
    crew_dist_close(out);
}

static void test_scan_any(void)
{
    const size_t sizes[] = {0, 1, 6, 1025, MOST}, most = crew__mpi_most;
    for (size_t i = 0; i < MOST; i++) {
        memset(&steps[i], 0, sizeof steps[i]);
        steps[i].factor = 1 + ldexp((double)(number(i) >> 11), -64) - 0x1p-12;
        steps[i].add = ldexp((double)(number(i + MOST) >> 11), -50);
        steps[i].rest[0] = (char)number(i);
    }
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        for (int layout = k < 4 ? 5 : 0; layout < LAYOUTS; layout++)
            try_scan(sizes[k], layout, 0);
    try_scan(MOST, 5, 1);
    try_scan(1000, 5, 1);
    /* Totals that go in slices. */
    crew__mpi_most = 100;
    try_scan(MOST / 4, 5, 0);
    crew__mpi_most = most;
}

static void test_scan_stopped(void)
{
    crew_dist *in = distribute(0, steps, MOST, sizeof *steps);
    crew_cancel stop = {0};
    if (rank == ranks - 1)
        crew_cancel_request(&stop);
    EXPECT(crew_scan_inclusive_dist(in, in, &following, NULL, NULL, &(crew_options){.cancel = &stop}) == -ECANCELED);
    crew_dist_close(in);
}

static uint32_t keys[MOST];
static int64_t whole[MOST];

static void try_weighted(size_t n, int layout, size_t bins)
{
    static double sums[MOST], got[MOST];
    static int64_t sums64[MOST], got64[MOST];
    size_t out, out2;
    crew_dist *k = distribute(layout, keys, n, sizeof *keys), *w = distribute(layout, y, n, sizeof *y);
    crew_dist *v = distribute(layout, whole, n, sizeof *whole);
    memset(got, 1, sizeof got);
    EXPECT(crew_bincount_weighted_u32_f64(keys, y, n, sums, bins, &out) == 0);
    EXPECT(crew_bincount_weighted_dist_u32_f64(k, w, got, bins, &out2) == 0 && out == out2);
    EXPECT(memcmp(sums, got, bins * sizeof *sums) == 0);
    EXPECT(crew_bincount_weighted_dist_u32_f64(k, w, got, bins, NULL) == (out ? -ERANGE : 0));
    EXPECT(memcmp(sums, got, bins * sizeof *sums) == 0);
    EXPECT(crew_bincount_weighted_i32_i64((const int32_t *)keys, whole, n, sums64, bins, &out) == 0);
    EXPECT(crew_bincount_weighted_dist_i32_i64(k, v, got64, bins, &out2) == 0 && out == out2);
    EXPECT(memcmp(sums64, got64, bins * sizeof *sums64) == 0);
    EXPECT(crew_bincount_weighted_dist_u16_f64(k, w, got, bins, &out) == -EINVAL);
    crew_dist_close(k);
    crew_dist_close(w);
    crew_dist_close(v);
}

static void test_weighted(void)
{
    const size_t sizes[] = {0, 1, 6, 3000, MOST};
    fill(0);
    for (size_t i = 0; i < MOST; i++)
        whole[i] = (int64_t)number(i);
    for (size_t bins = 0; bins <= 7000; bins = bins == 0 ? 30 : bins == 30 ? 7000 : 8000) {
        for (size_t i = 0; i < MOST; i++)
            keys[i] = number(i) % 1000 ? (uint32_t)(number(i + 5) % (bins + 1)) : UINT32_MAX - 3;
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
            for (int layout = k < 4 ? 5 : 0; layout < LAYOUTS; layout++)
                try_weighted(sizes[k], layout, bins);
    }
    /* Few keys of a type that cannot reach all bins. */
    static uint8_t small[MOST];
    double sums[300], got[300];
    size_t out;
    for (size_t i = 0; i < MOST; i++)
        small[i] = (uint8_t)number(i);
    crew_dist *k = distribute(5, small, MOST, 1), *w = distribute(5, y, MOST, sizeof *y);
    EXPECT(crew_bincount_weighted_u8_f64(small, y, MOST, sums, 300, NULL) == 0);
    EXPECT(crew_bincount_weighted_dist_u8_f64(k, w, got, 300, &out) == 0 && out == 0);
    EXPECT(memcmp(sums, got, sizeof sums) == 0);
    crew_dist_close(k);
    crew_dist_close(w);
}

int main(void)
{
    static const struct mpi_case cases[] = {
        {"reductions", test_reductions},
        {"scan_any", test_scan_any},
        {"scan_stopped", test_scan_stopped},
        {"weighted", test_weighted},
    };
    return run_cases("test_mpi_numbers", cases, sizeof cases / sizeof *cases);
}
