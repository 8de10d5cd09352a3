/* crew/mpi.h: sort by key, argsort and reduce by key over ranks, bit for bit those of one machine. */
#include "mpi_test.h"
#include <errno.h>
#include <math.h>

enum { MOST = 20011 };

static const size_t sizes[] = {0, 1, 5, 3000, MOST};
enum { SIZES = sizeof sizes / sizeof *sizes };

/* Kind 0: far apart; 1: few, floats of all sorts; 2: one key; 3: sorted; 4: close together. */
enum { KINDS = 5 };

static uint32_t keys[MOST];
static double x[MOST], sorted_x[MOST];

/* Values of seven bytes. */
struct value {
    char bytes[7];
};
static struct value values[MOST], sorted_values[MOST];

static void fill(int kind)
{
    const double few[] = {-0.0, 0.0, NAN, -NAN, 1, -1, 1, INFINITY};
    for (size_t i = 0; i < MOST; i++) {
        const uint32_t key = (uint32_t)number(i);
        keys[i] = kind == 0 ? key : kind == 1 ? key % 7 : kind == 2 ? 9 : kind == 3 ? (uint32_t)i / 5 : key % 9000;
        x[i] = kind == 1 ? few[number(i) % 8] : kind == 2 ? 3 : kind == 3 ? (double)(i / 5) : (double)key;
        memcpy(values[i].bytes, &i, sizeof values[i].bytes);
    }
}

/* Whether d's part of n elements has at most 1.1 n / ranks. */
static bool even(const crew_dist *d, size_t n)
{
    return ranks == 1 || (double)crew_dist_count(d) <= 1.1 * (double)n / ranks + 1;
}

static int falling(const void *a, const void *b, void *ctx)
{
    const uint32_t p = *(const uint32_t *)a / 2, q = *(const uint32_t *)b / 2;
    (void)ctx;
    return (p < q) - (p > q);
}

static void try_sort(size_t n, int layout)
{
    static size_t index[MOST];
    static uint32_t sorted_keys[MOST];
    crew_dist *k = distribute(layout, x, n, sizeof *x), *v = distribute(layout, values, n, sizeof *values);
    crew_dist *numbers = crew_dist_like(k, sizeof *index);
    EXPECT(crew_argsort_f64(x, n, index) == 0);
    EXPECT(crew_argsort_dist_f64(k, numbers) == 0 && holds(numbers, index, n, sizeof *index));
    EXPECT(holds(k, x, n, sizeof *x));
    memcpy(sorted_x, x, n * sizeof *x);
    memcpy(sorted_values, values, n * sizeof *values);
    EXPECT(crew_sort_by_key_f64(sorted_x, sorted_values, sizeof *values, n) == 0);
    EXPECT(crew_sort_by_key_dist_f64(k, v) == 0 && even(k, n));
    EXPECT(holds(k, sorted_x, n, sizeof *x) && holds(v, sorted_values, n, sizeof *values));
    EXPECT(crew_sort_by_key_dist_f64(v, k) == -EINVAL && crew_sort_by_key_dist_f64(k, k) == -EINVAL);
    EXPECT(crew_argsort_dist_f64(k, v) == -EINVAL && crew_argsort_dist_u32(k, numbers) == -EINVAL);
    crew_dist_close(k);
    crew_dist_close(v);
    k = distribute(layout, keys, n, sizeof *keys);
    v = distribute(layout, values, n, sizeof *values);
    EXPECT(crew_argsort(keys, n, sizeof *keys, index, falling, NULL, NULL) == 0);
    EXPECT(crew_argsort_dist(k, numbers, falling, NULL, NULL) == 0 && holds(numbers, index, n, sizeof *index));
    memcpy(sorted_keys, keys, n * sizeof *keys);
    memcpy(sorted_values, values, n * sizeof *values);
    EXPECT(crew_sort_by_key(sorted_keys, sizeof *keys, sorted_values, sizeof *values, n, falling, NULL, NULL) == 0);
    EXPECT(crew_sort_by_key_dist(k, v, falling, NULL, NULL) == 0);
    EXPECT(holds(k, sorted_keys, n, sizeof *keys) && holds(v, sorted_values, n, sizeof *values));
    crew_dist_close(k);
    crew_dist_close(v);
    crew_dist_close(numbers);
}

static void test_sort(void)
{
    for (int kind = 0; kind < 3; kind++) {
        fill(kind);
        for (size_t k = kind == 1 ? 0 : 4; k < SIZES; k++)
            for (int layout = kind == 1 && k == 4 ? 0 : 5; layout < LAYOUTS; layout++)
                try_sort(sizes[k], layout);
    }
}

static void test_stopped(void)
{
    fill(0);
    crew_dist *k = distribute(0, keys, MOST, sizeof *keys), *v = distribute(0, values, MOST, sizeof *values);
    crew_cancel stop = {0};
    if (rank == ranks - 1)
        crew_cancel_request(&stop);
    EXPECT(crew_sort_by_key_dist(k, v, falling, NULL, &(crew_options){.cancel = &stop}) == -ECANCELED);
    EXPECT(holds(k, keys, MOST, sizeof *keys) && holds(v, values, MOST, sizeof *values));
    crew_dist_close(k);
    crew_dist_close(v);
}

/* What a call gave, against the local one's keys and results. */
static void expect_groups(int code, crew_dist *got_keys, crew_dist *got, const void *want_keys, size_t key_size,
                          const void *want, size_t size, size_t groups)
{
    EXPECT(code == 0);
    if (code)
        return;
    EXPECT(holds(got_keys, want_keys, groups, key_size) && holds(got, want, groups, size));
    EXPECT(crew_dist_begin(got_keys) == crew_dist_begin(got));
    crew_dist_close(got_keys);
    crew_dist_close(got);
}

static int64_t wide[MOST];

static void try_reduce(size_t n, int layout)
{
    static uint32_t keys_out[MOST];
    static double sums[MOST];
    static int64_t sums64[MOST], wide_out[MOST];
    static uint64_t counts[MOST];
    size_t groups;
    crew_dist *k = distribute(layout, keys, n, sizeof *keys), *v = distribute(layout, x, n, sizeof *x);
    crew_dist *w = distribute(layout, wide, n, sizeof *wide), *a, *b;
    EXPECT(crew_reduce_by_key_sum_u32_f64(keys, x, n, keys_out, sums, &groups) == 0);
    int code = crew_reduce_by_key_sum_dist_u32_f64(k, v, &a, &b);
    expect_groups(code, a, b, keys_out, 4, sums, 8, groups);
    EXPECT(crew_reduce_by_key_sum_i64_f64(wide, x, n, wide_out, sums, &groups) == 0);
    code = crew_reduce_by_key_sum_dist_i64_f64(w, v, &a, &b);
    expect_groups(code, a, b, wide_out, 8, sums, 8, groups);
    EXPECT(crew_reduce_by_key_min_u32_f64(keys, x, n, keys_out, sums, &groups) == 0);
    code = crew_reduce_by_key_min_dist_u32_f64(k, v, &a, &b);
    expect_groups(code, a, b, keys_out, 4, sums, 8, groups);
    EXPECT(crew_reduce_by_key_max_i32_i64((const int32_t *)keys, wide, n, (int32_t *)keys_out, sums64, &groups) == 0);
    code = crew_reduce_by_key_max_dist_i32_i64(k, w, &a, &b);
    expect_groups(code, a, b, keys_out, 4, sums64, 8, groups);
    EXPECT(crew_unique_counts_i64(wide, n, wide_out, counts, &groups) == 0);
    code = crew_unique_counts_dist_i64(w, &a, &b);
    expect_groups(code, a, b, wide_out, 8, counts, 8, groups);
    EXPECT(crew_reduce_by_key_sum_dist_i64_f64(k, v, &a, &b) == -EINVAL);
    EXPECT(crew_reduce_by_key_sum_dist_u32_f64(k, k, &a, &b) == -EINVAL);
    EXPECT(crew_reduce_by_key_sum_dist_u32_f64(k, v, &a, NULL) == -EINVAL);
    crew_dist_close(k);
    crew_dist_close(v);
    crew_dist_close(w);
}

static void test_reduce(void)
{
    for (int kind = 0; kind < KINDS; kind++) {
        fill(kind);
        for (size_t i = 0; i < MOST; i++) {
            /* A key of few keys has what is no number, another only -0. */
            if (kind != 1 || keys[i] != 3)
                x[i] = kind == 1 && keys[i] == 5 ? -0.0 : ldexp((double)(number(i) >> 11), -50) - 1;
            wide[i] = (int64_t)(int32_t)keys[i] - (kind == 3 ? 0 : 1000);
        }
        for (size_t k = kind == 1 ? 0 : 4; k < SIZES; k++)
            for (int layout = k == 4 && kind == 4 ? 2 : 5; layout < LAYOUTS; layout++)
                try_reduce(sizes[k], layout);
    }
}

/* The numbers and values of a key in a sum that depends on how they are bracketed. */
struct seen {
    double sum, numbers;
    size_t count;
};

static size_t bad = SIZE_MAX;

static int see(size_t begin, size_t end, const void *rows, void *acc, void *ctx)
{
    const double *v = rows;
    struct seen *s = acc;
    (void)ctx;
    for (size_t i = begin; i < end; i++) {
        if (i >= bad)
            return 40 + (int)(keys[i] % 7);
        s->sum = s->sum * 0.9 + v[i - begin];
        s->numbers += (double)i * 1.1;
        s->count++;
    }
    return 0;
}

static int see_numbers(size_t begin, size_t end, void *acc, void *ctx)
{
    return see(begin, end, x + begin, acc, ctx);
}

static void put_together(void *acc, const void *right, void *ctx)
{
    struct seen *a = acc;
    const struct seen *b = right;
    (void)ctx;
    a->sum = a->sum * 0.5 + b->sum;
    a->numbers += b->numbers;
    a->count += b->count;
}

static void test_reduce_any(void)
{
    static uint32_t keys_out[MOST];
    static struct seen want[MOST];
    const crew_reducer local = {.size = sizeof(struct seen), .fold = see_numbers, .merge = put_together};
    const crew_array_reducer r = {.size = sizeof(struct seen), .fold = see, .merge = put_together};
    for (int kind = 0; kind < KINDS; kind++) {
        fill(kind);
        for (size_t i = 0; i < MOST; i++)
            x[i] = ldexp((double)(number(i) >> 11), -50) - 1;
        for (size_t at = kind == 0 ? 0 : 4; at < SIZES; at++) {
            const size_t n = sizes[at];
            size_t groups;
            crew_dist *k = distribute(5, keys, n, sizeof *keys), *v = distribute(5, x, n, sizeof *x), *a, *b;
            EXPECT(crew_reduce_by_key_u32(keys, n, &local, NULL, keys_out, want, &groups, NULL) == 0);
            int code = crew_reduce_by_key_dist_u32(k, v, &r, NULL, &a, &b, NULL);
            expect_groups(code, a, b, keys_out, 4, want, sizeof *want, groups);
            for (bad = n / 3; bad < n; bad += 1 + n / 3) {
                code = crew_reduce_by_key_u32(keys, n, &local, NULL, keys_out, want, &groups, NULL);
                EXPECT(code >= 40 && crew_reduce_by_key_dist_u32(k, v, &r, NULL, NULL, &b, NULL) == code);
            }
            bad = SIZE_MAX;
            crew_dist_close(k);
            crew_dist_close(v);
        }
    }
    /* The lowest key fails where another rank has begun it, others where they begin. */
    for (size_t i = 0; i < MOST; i++)
        keys[i] = number(i) % 100 < 31 ? 0 : 1 + (uint32_t)(number(i) % 2);
    crew_dist *k = distribute(5, keys, MOST, sizeof *keys), *v = distribute(5, x, MOST, sizeof *x), *b;
    for (bad = MOST / 2; bad < MOST; bad += MOST / 9)
        EXPECT(crew_reduce_by_key_dist_u32(k, v, &r, NULL, NULL, &b, NULL) == 40);
    bad = SIZE_MAX;
    crew_cancel stop = {0};
    if (rank == ranks - 1)
        crew_cancel_request(&stop);
    const crew_options opt = {.cancel = &stop};
    EXPECT(crew_reduce_by_key_dist_u32(k, v, &r, NULL, NULL, &b, &opt) == -ECANCELED);
    crew_dist_close(k);
    crew_dist_close(v);
}

int main(void)
{
    static const struct mpi_case cases[] = {
        {"sort", test_sort},
        {"stopped", test_stopped},
        {"reduce", test_reduce},
        {"reduce_any", test_reduce_any},
    };
    return run_cases("test_mpi_keys", cases, sizeof cases / sizeof *cases);
}
