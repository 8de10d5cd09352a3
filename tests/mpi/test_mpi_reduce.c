/* crew/mpi.h: for, map and reductions over ranks, bit for bit those of one machine. */
#include "mpi_test.h"
#include <errno.h>
#include <math.h>

static const size_t sizes[] = {0, 1, 5, 63, 65, 129, 4096, 4097, 12289, 40003};
enum { SIZES = sizeof sizes / sizeof *sizes, MOST = 40003 };

static double x[MOST], y[MOST];

struct parts {
    const crew_dist *d, *other;
    const double *whole;
    size_t fails_at;
};

static int square(size_t begin, size_t end, void *ctx)
{
    const struct parts *p = ctx;
    double *in = crew_dist_items(p->d), *out = crew_dist_items(p->other);
    for (size_t i = begin; i < end; i++) {
        if (i == p->fails_at || i == p->fails_at + 3)
            return i == p->fails_at ? 17 : 18;
        out[i - crew_dist_begin(p->d)] = in[i - crew_dist_begin(p->d)] * 2;
    }
    return 0;
}

static int twice(const void *in, void *out, void *ctx)
{
    double value;
    memcpy(&value, in, sizeof value);
    const double *bad = ctx;
    if (bad && *bad == value)
        return 23;
    value *= 2;
    memcpy(out, &value, sizeof value);
    return 0;
}

static void fill(int kind)
{
    for (size_t i = 0; i < MOST; i++) {
        x[i] = ((double)(number(i) >> 11) - 0x1p52) * ldexp(1, (int)(number(i + MOST) % 40) - 60);
        y[i] = (double)(number(i * 3) >> 40) - 1e6;
        if (kind == 1 && i % 5 != 2)
            x[i] = i % 2 ? -0.0 : 0.0;
        if (kind == 2 && i == MOST / 3)
            x[i] = NAN;
    }
}

static bool same(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static void test_for_map(void)
{
    fill(0);
    for (size_t k = 0; k < SIZES; k++)
        for (int layout = 0; layout < LAYOUTS; layout++) {
            const size_t n = sizes[k];
            crew_dist *in = distribute(layout, x, n, sizeof *x), *out = crew_dist_like(in, sizeof *x);
            for (size_t i = 0; i < n; i++)
                y[i] = x[i] * 2;
            EXPECT(crew_for_dist(in, square, &(struct parts){in, out, NULL, SIZE_MAX - 5}, NULL) == 0);
            EXPECT(holds(out, y, n, sizeof *y));
            EXPECT(crew_map_dist(in, out, twice, NULL, NULL) == 0 && holds(out, y, n, sizeof *y));
            for (size_t bad = 0; bad < n; bad += 1 + n / 3) {
                size_t failed = 99;
                EXPECT(crew_for_dist(in, square, &(struct parts){in, out, NULL, bad},
                                     &(crew_options){.failed = &failed}) == 17);
                EXPECT(failed == bad);
                EXPECT(crew_map_dist(in, out, twice, &x[bad], &(crew_options){.failed = &failed}) == 23);
                EXPECT(failed == bad);
            }
            EXPECT(crew_map_dist(in, in, twice, NULL, NULL) == 0 && holds(in, y, n, sizeof *y));
            crew_cancel stop = {0};
            if (crew_dist_begin(in) == 0) /* one of the ranks that have items, and perhaps some without */
                crew_cancel_request(&stop);
            EXPECT(crew_map_dist(in, in, twice, NULL, &(crew_options){.cancel = &stop}) == (n == 0 ? 0 : -ECANCELED));
            EXPECT(crew_map_dist(in, NULL, twice, NULL, NULL) == -EINVAL);
            crew_dist_close(in);
            crew_dist_close(out);
        }
}

/* Does not commute, and takes what it is given in order: wrong brackets or a wrong order give other bits. */
struct acc {
    double sum;
    uint64_t hash;
    char room[48];
};

static int fold_rows(size_t begin, size_t end, const void *rows, void *acc, void *ctx)
{
    struct acc *a = acc;
    const double *values = rows;
    const size_t *bad = ctx;
    for (size_t i = begin; i < end; i++) {
        if (bad && (i == *bad || i == *bad + 1))
            return i == *bad ? 31 : 32;
        a->sum += values[i - begin];
        a->hash = a->hash * 3 + i;
    }
    return 0;
}

static int fold_numbers(size_t begin, size_t end, void *acc, void *ctx)
{
    (void)ctx;
    return fold_rows(begin, end, x + begin, acc, NULL);
}

static void merge(void *acc, const void *right, void *ctx)
{
    struct acc *a = acc;
    const struct acc *b = right;
    (void)ctx;
    a->sum += b->sum;
    a->hash = (a->hash ^ (a->hash >> 7)) * 0x9e3779b97f4a7c15u + b->hash;
}

static void test_reduce(void)
{
    fill(0);
    for (size_t k = 0; k < SIZES; k++)
        for (size_t grain = 0; grain < 2000; grain += 1000) {
            const size_t n = sizes[k];
            const struct acc identity = {1.5, 7, "identity"};
            const crew_options opt = {.grain = grain};
            const crew_array_reducer rows = {
                .size = sizeof identity, .identity = &identity, .fold = fold_rows, .merge = merge};
            const crew_reducer numbers = {
                .size = sizeof identity, .identity = &identity, .fold = fold_numbers, .merge = merge};
            struct acc want, got;
            EXPECT(crew_reduce(n, &numbers, NULL, &want, &opt) == 0);
            memset(&got, 0, sizeof got);
            EXPECT(crew_mpi_reduce(group, n, &numbers, NULL, &got, &opt) == 0);
            EXPECT(memcmp(&want, &got, sizeof want) == 0);
            for (int layout = 0; layout < LAYOUTS; layout++) {
                crew_dist *d = distribute(layout, x, n, sizeof *x);
                memset(&got, 0, sizeof got);
                EXPECT(crew_reduce_dist(d, &rows, NULL, &got, &opt) == 0);
                EXPECT(memcmp(&want, &got, sizeof want) == 0);
                for (size_t bad = 0; bad < n; bad += 1 + n / 3) {
                    size_t failed = SIZE_MAX;
                    const crew_options asked = {.grain = grain, .failed = &failed};
                    EXPECT(crew_reduce_dist(d, &rows, &bad, &got, &asked) == 31);
                    EXPECT(failed == bad);
                }
                crew_dist_close(d);
            }
        }
}

static void try_doubles(size_t n, int layout)
{
    double sum, low, high;
    size_t at;
    crew_dist *d = distribute(layout, x, n, sizeof *x), *e = distribute(layout, y, n, sizeof *y);
    EXPECT(crew_sum_dist_f64(d, &sum) == 0 && same(sum, crew_sum_f64(x, n)));
    EXPECT(crew_dot_dist_f64(d, e, &sum) == 0 && same(sum, crew_dot_f64(x, y, n)));
    EXPECT(crew_mean_dist_f64(d, &sum) == 0 && same(sum, crew_mean_f64(x, n)));
    EXPECT(crew_min_dist_f64(d, &low) == 0 && same(low, crew_min_f64(x, n)));
    EXPECT(crew_max_dist_f64(d, &high) == 0 && same(high, crew_max_f64(x, n)));
    double low2, high2;
    crew_minmax_f64(x, n, &low, &high);
    EXPECT(crew_minmax_dist_f64(d, &low2, &high2) == 0 && same(low, low2) && same(high, high2));
    EXPECT(crew_argmin_dist_f64(d, &at) == 0 && at == crew_argmin_f64(x, n));
    EXPECT(crew_argmax_dist_f64(d, &at) == 0 && at == crew_argmax_f64(x, n));
    float f;
    EXPECT(crew_sum_dist_f32(d, &f) == -EINVAL);
    crew_dist_close(d);
    crew_dist_close(e);
}

static void try_others(size_t n, int layout)
{
    static float f[MOST];
    static int32_t i32[MOST];
    static uint64_t u64[MOST];
    for (size_t i = 0; i < n; i++) {
        f[i] = (float)y[i] / 3;
        i32[i] = (int32_t)(uint32_t)number(i);
        u64[i] = number(i) % 1000;
    }
    crew_dist *a = distribute(layout, f, n, sizeof *f), *b = distribute(layout, i32, n, sizeof *i32);
    crew_dist *c = distribute(layout, u64, n, sizeof *u64);
    float sum, low;
    int64_t whole;
    uint64_t natural;
    size_t at;
    int32_t least;
    EXPECT(crew_sum_dist_f32(a, &sum) == 0 && sum == crew_sum_f32(f, n));
    EXPECT(crew_dot_dist_f32(a, a, &sum) == 0 && sum == crew_dot_f32(f, f, n));
    EXPECT(crew_min_dist_f32(a, &low) == 0 && low == crew_min_f32(f, n));
    EXPECT(crew_sum_dist_i32(b, &whole) == 0 && whole == crew_sum_i32(i32, n));
    EXPECT(crew_min_dist_i32(b, &least) == 0 && least == crew_min_i32(i32, n));
    EXPECT(crew_sum_dist_u64(c, &natural) == 0 && natural == crew_sum_u64(u64, n));
    EXPECT(crew_argmax_dist_u64(c, &at) == 0 && at == crew_argmax_u64(u64, n));
    EXPECT(crew_argmin_dist_u64(c, &at) == 0 && at == crew_argmin_u64(u64, n));
    crew_dist_close(a);
    crew_dist_close(b);
    crew_dist_close(c);
}

static void test_typed(void)
{
    for (int kind = 0; kind < 3; kind++) {
        fill(kind);
        for (size_t k = 0; k < SIZES; k++)
            for (int layout = 0; layout < LAYOUTS; layout++) {
                try_doubles(sizes[k], layout);
                if (kind == 0)
                    try_others(sizes[k], layout);
            }
    }
}

int main(void)
{
    static const struct mpi_case cases[] = {
        {"for_map", test_for_map},
        {"reduce", test_reduce},
        {"typed", test_typed},
    };
    return run_cases("test_mpi_reduce", cases, sizeof cases / sizeof *cases);
}
