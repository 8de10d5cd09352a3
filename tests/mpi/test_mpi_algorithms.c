/* crew/mpi.h: scans, sort, filter, find, counting over ranks, bit for bit those of one machine. */
#include "../../lib/mpi/transfer.h"
#include "mpi_test.h"
#include <errno.h>
#include <math.h>

static const size_t sizes[] = {0, 1, 6, 1000, 16385, 33001};
enum { SIZES = sizeof sizes / sizeof *sizes, MOST = 33001 };

static double x[MOST], y[MOST];
static uint32_t keys[MOST], u[MOST];

static void fill(int kind)
{
    for (size_t i = 0; i < MOST; i++) {
        x[i] = ((double)(number(i) >> 11) - 0x1p52) * ldexp(1, (int)(number(i + MOST) % 20) - 60);
        keys[i] = (uint32_t)number(i) >> (kind == 0 ? 0 : 27);
        if (kind == 1) {
            const double few[] = {-0.0, 0.0, NAN, -NAN, 1, -1, 1, INFINITY};
            x[i] = few[number(i) % 8];
        }
        if (kind == 2) {
            x[i] = 3;
            keys[i] = 9;
        }
    }
}

static void try_scan(size_t n, int layout)
{
    crew_dist *in = distribute(layout, x, n, sizeof *x), *out = crew_dist_like(in, sizeof *x);
    crew_dist *small = distribute(layout, keys, n, sizeof *keys);
    double want, got;
    uint32_t natural;
    want = crew_scan_inclusive_sum_f64(x, y, n);
    EXPECT(crew_scan_inclusive_sum_dist_f64(in, out, &got) == 0 && memcmp(&got, &want, sizeof got) == 0);
    EXPECT(holds(out, y, n, sizeof *y));
    want = crew_scan_exclusive_sum_f64(x, y, n);
    EXPECT(crew_scan_exclusive_sum_dist_f64(in, out, &got) == 0 && memcmp(&got, &want, sizeof got) == 0);
    EXPECT(holds(out, y, n, sizeof *y));
    crew_scan_exclusive_max_f64(x, y, n);
    EXPECT(crew_scan_exclusive_max_dist_f64(in, out, NULL) == 0 && holds(out, y, n, sizeof *y));
    EXPECT(crew_scan_inclusive_sum_dist_u32(small, small, &natural) == 0);
    EXPECT(natural == crew_scan_inclusive_sum_u32(keys, u, n) && holds(small, u, n, sizeof *u));
    crew_scan_inclusive_product_f64(x, y, n);
    EXPECT(crew_scan_inclusive_product_dist_f64(in, in, NULL) == 0 && holds(in, y, n, sizeof *y));
    EXPECT(crew_scan_inclusive_sum_dist_f64(in, small, NULL) == -EINVAL);
    crew_dist_close(in);
    crew_dist_close(out);
    crew_dist_close(small);
}

static void test_scan(void)
{
    for (int kind = 0; kind < 3; kind++) {
        fill(kind);
        for (size_t k = 0; k < SIZES; k++)
            for (int layout = kind == 0 ? 0 : 4; layout < LAYOUTS; layout++)
                try_scan(sizes[k], layout);
    }
}

struct record {
    uint32_t key, place;
};

static int by_key(const void *a, const void *b, void *ctx)
{
    const struct record *p = a, *q = b;
    (void)ctx;
    return (p->key > q->key) - (p->key < q->key);
}

static void try_sort(size_t n, int layout)
{
    static struct record records[MOST];
    for (size_t i = 0; i < n; i++)
        records[i] = (struct record){keys[i], (uint32_t)i};
    memcpy(y, x, n * sizeof *x);
    memcpy(u, keys, n * sizeof *keys);
    crew_dist *a = distribute(layout, x, n, sizeof *x), *b = distribute(layout, keys, n, sizeof *keys);
    crew_dist *c = distribute(layout, records, n, sizeof *records);
    EXPECT(crew_sort_dist_f64(a) == 0 && crew_sort_f64(y, n) == 0 && holds(a, y, n, sizeof *y));
    EXPECT(crew_sort_dist_u32(b) == 0 && crew_sort_u32(u, n) == 0 && holds(b, u, n, sizeof *u));
    EXPECT(crew_sort_dist(c, by_key, NULL, NULL) == 0 && crew_sort(records, n, 8, by_key, NULL, NULL) == 0);
    EXPECT(holds(c, records, n, sizeof *records));
    const double most = 1.1 * (double)n / ranks + 1;
    EXPECT(ranks == 1 || ((double)crew_dist_count(a) <= most && (double)crew_dist_count(b) <= most &&
                          (double)crew_dist_count(c) <= most));
    EXPECT(crew_sort_dist_f32(a) == -EINVAL && crew_sort_dist(NULL, by_key, NULL, NULL) == -EINVAL);
    crew_dist_close(a);
    crew_dist_close(b);
    crew_dist_close(c);
}

static void test_sort(void)
{
    for (int kind = 0; kind < 3; kind++) {
        fill(kind);
        for (size_t k = 0; k < SIZES; k++)
            for (int layout = kind == 0 ? 0 : 4; layout < LAYOUTS; layout++)
                try_sort(sizes[k], layout);
    }
}

/* One rank is told to stop, and all say so. */
static void test_stopped(void)
{
    fill(0);
    crew_dist *d = distribute(0, keys, MOST, sizeof *keys);
    crew_cancel stop = {0};
    if (rank == ranks - 1)
        crew_cancel_request(&stop);
    EXPECT(crew_sort_dist(d, by_key, NULL, &(crew_options){.cancel = &stop}) == -ECANCELED);
    EXPECT(crew_sort_dist_u32(d) == 0);
    memcpy(u, keys, sizeof u);
    EXPECT(crew_sort_u32(u, MOST) == 0 && holds(d, u, MOST, sizeof *u));
    crew_dist_close(d);
}

struct wanted {
    size_t first, bad;
};

/* Items from `first` on whose key is odd; item `bad` fails. */
static int odd(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    const struct wanted *w = ctx;
    for (size_t i = begin; i < end; i++) {
        if (i == w->bad)
            return 41;
        flags[i - begin] = i >= w->first && keys[i] % 2;
    }
    return 0;
}

static void try_select(size_t n, int layout)
{
    crew_dist *d = distribute(layout, keys, n, sizeof *keys), *out = NULL;
    size_t count, index, want, failed = 7;
    const crew_options opt = {.failed = &failed};
    for (size_t first = 0; first < n + 2; first += 1 + n / 3) {
        struct wanted w = {first, SIZE_MAX};
        EXPECT(crew_filter(keys, u, sizeof *u, n, odd, &w, &want, NULL) == 0);
        EXPECT(crew_filter_dist(d, odd, &w, &out, NULL) == 0 && holds(out, u, want, sizeof *u));
        crew_dist_close(out);
        EXPECT(crew_count_if_dist(d, odd, &w, &count, NULL) == 0 && count == want);
        EXPECT(crew_find_first(n, odd, &w, &want, NULL) == 0);
        EXPECT(crew_find_first_dist(d, odd, &w, &index, NULL) == 0 && index == want);
        w.bad = n / 2;
        if (n > 0) {
            EXPECT(crew_filter_dist(d, odd, &w, &out, &opt) == 41 && failed == w.bad);
            failed = 7;
            EXPECT(crew_count_if_dist(d, odd, &w, &count, &opt) == 41 && failed == w.bad);
            int code = crew_find_first(n, odd, &w, &want, NULL);
            EXPECT(crew_find_first_dist(d, odd, &w, &index, &opt) == code && (code || index == want));
            EXPECT(code == 0 || failed == w.bad);
        }
    }
    for (size_t i = 0; i < n; i += 1 + n / 3)
        EXPECT(crew_find_dist_u32(d, keys[i], &index) == 0 && index == crew_find_u32(keys, n, keys[i]));
    EXPECT(crew_find_dist_u32(d, 123456789, &index) == 0 && index == crew_find_u32(keys, n, 123456789));
    crew_dist_close(d);
}

static void test_select(void)
{
    for (int kind = 0; kind < 3; kind++) {
        fill(kind);
        for (size_t k = 0; k < SIZES; k++)
            for (int layout = kind == 0 ? 0 : 4; layout < LAYOUTS; layout++)
                try_select(sizes[k], layout);
    }
}

static void test_counting(void)
{
    enum { BINS = 30 };
    uint64_t want[BINS], got[BINS];
    const double edges[] = {-1e-5, 0, 1e-9, 3};
    for (int kind = 0; kind < 3; kind++) {
        fill(kind);
        for (size_t k = 0; k < SIZES; k++)
            for (int layout = kind == 0 ? 0 : 4; layout < LAYOUTS; layout++) {
                const size_t n = sizes[k];
                size_t out, out2;
                crew_dist *d = distribute(layout, keys, n, sizeof *keys), *e = distribute(layout, x, n, sizeof *x);
                EXPECT(crew_bincount_u32(keys, n, want, BINS, &out) == 0);
                EXPECT(crew_bincount_dist_u32(d, got, BINS, &out2) == 0 && out == out2);
                EXPECT(memcmp(want, got, sizeof got) == 0);
                EXPECT(crew_bincount_dist_u32(d, got, BINS, NULL) == (out ? -ERANGE : 0));
                EXPECT(crew_histogram_f64(x, n, -1e-6, 1e-6, want, BINS, &out) == 0);
                EXPECT(crew_histogram_dist_f64(e, -1e-6, 1e-6, got, BINS, &out2) == 0 && out == out2);
                EXPECT(memcmp(want, got, sizeof got) == 0);
                EXPECT(crew_histogram_by_edges_f64(x, n, edges, want, 3, &out) == 0);
                EXPECT(crew_histogram_by_edges_dist_f64(e, edges, got, 3, &out2) == 0 && out == out2);
                EXPECT(memcmp(want, got, 3 * sizeof *got) == 0);
                EXPECT(crew_histogram_dist_f64(e, 2, 1, got, BINS, &out2) == -EINVAL);
                crew_dist_close(d);
                crew_dist_close(e);
            }
    }
}

static void test_chunks(void)
{
    const size_t most = crew__mpi_most;
    crew__mpi_most = 100;
    fill(0);
    for (int layout = 0; layout < LAYOUTS; layout++) {
        try_sort(7001, layout);
        try_scan(17001, layout);
    }
    crew__mpi_most = most;
}

int main(void)
{
    static const struct mpi_case cases[] = {
        {"scan", test_scan},     {"sort", test_sort},         {"stopped", test_stopped},
        {"select", test_select}, {"counting", test_counting}, {"chunks", test_chunks},
    };
    return run_cases("test_mpi_algorithms", cases, sizeof cases / sizeof *cases);
}
