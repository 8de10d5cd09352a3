/* Calls over ranks on a few small numbers, each of which knows what it must return: 0, its error, or WRONG. */
#ifndef TESTS_MPI_USES_H
#define TESTS_MPI_USES_H

#include "mpi_test.h"
#include <errno.h>
#include <math.h>
#include <unistd.h>

enum { N = 60, WRONG = 99 };

static double values[N];
static crew_dist *x;

static int compare(const void *a, const void *b, void *ctx)
{
    const double left = *(const double *)a, right = *(const double *)b;
    (void)ctx;
    return (left > right) - (left < right);
}

static int is_small(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    const double *mine = crew_dist_items(ctx);
    for (size_t i = begin; i < end; i++)
        flags[i - begin] = mine[i - crew_dist_begin(ctx)] < 7;
    return 0;
}

/* 0 or the negative errno value of a call that returns an object. */
static int opened(crew_dist *d)
{
    int code = d ? 0 : -errno;
    crew_dist_close(d);
    return code;
}

/* MPICH spins where ranks make a communicator: on more ranks than processors that takes minutes. */
static int use_group(void)
{
    if (ranks > 2)
        return 0;
    crew_mpi *m = crew_mpi_open(MPI_COMM_WORLD);
    if (!m)
        return -errno;
    int code = crew_mpi_ranks(m) == ranks ? 0 : WRONG, closed = crew_mpi_close(m);
    return code ? code : closed;
}

static int use_open(void)
{
    return opened(crew_dist_open(group, N, 8));
}

static int use_from(void)
{
    return opened(crew_dist_from(group, values, 3, 8));
}

static int use_like(void)
{
    return opened(crew_dist_like(x, 4));
}

static int use_balance(void)
{
    return crew_dist_balance(x);
}

static int use_gather(void)
{
    double all[N];
    int code = crew_dist_gather(x, all, -1);
    return code == 0 && memcmp(all, values, sizeof all) != 0 ? WRONG : code;
}

static int use_halo(void)
{
    double before[2], after[2];
    return crew_dist_halo(x, 2, true, before, after);
}

/* A copy, because a sort that fails leaves the elements in no order. */
static int use_sort_of(int (*sort)(crew_dist *d))
{
    crew_dist *d = distribute(5, values, N, 8);
    int code = d ? sort(d) : -errno;
    crew_dist_close(d);
    return code;
}

static int sort_by(crew_dist *d)
{
    return crew_sort_dist(d, compare, NULL, NULL);
}

static int use_sort(void)
{
    return use_sort_of(sort_by);
}

static int use_sort_typed(void)
{
    return use_sort_of(crew_sort_dist_f64);
}

static int use_filter(void)
{
    crew_dist *out = NULL;
    int code = crew_filter_dist(x, is_small, x, &out, NULL);
    if (code == 0 && crew_dist_n(out) == 0)
        code = WRONG;
    crew_dist_close(out);
    return code;
}

static int use_scan(void)
{
    crew_dist *out = crew_dist_like(x, 8);
    double total = 0;
    int code = out ? crew_scan_inclusive_sum_dist_f64(x, out, &total) : -errno;
    crew_dist_close(out);
    return code;
}

static int fold(size_t begin, size_t end, const void *rows, void *acc, void *ctx)
{
    (void)ctx;
    for (size_t i = 0; i < end - begin; i++)
        *(double *)acc += ((const double *)rows)[i];
    return 0;
}

static void add(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    *(double *)acc += *(const double *)right;
}

static int use_reduce(void)
{
    const crew_array_reducer sum = {8, NULL, fold, add, NULL};
    double total = 0, plain = 0;
    for (int i = 0; i < N; i++)
        plain += values[i];
    int code = crew_reduce_dist(x, &sum, NULL, &total, NULL);
    return code == 0 && total != plain ? WRONG : code;
}

static int use_sum(void)
{
    double total = 0;
    return crew_sum_dist_f64(x, &total);
}

static int fold_values(size_t begin, size_t end, void *acc, void *ctx)
{
    return fold(begin, end, values + begin, acc, ctx);
}

static int use_reduce_numbers(void)
{
    const crew_reducer sum = {8, NULL, fold_values, add, NULL};
    double total = 0, plain = 0;
    for (int i = 0; i < N; i++)
        plain += values[i];
    int code = crew_mpi_reduce(group, N, &sum, NULL, &total, NULL);
    return code == 0 && total != plain ? WRONG : code;
}

static int use_mean(void)
{
    double mean = 0, plain = 0;
    for (int i = 0; i < N; i++)
        plain += values[i];
    int code = crew_mean_dist_f64(x, &mean);
    return code == 0 && mean != plain / N ? WRONG : code;
}

/* values[0] is 0, the least, and values[17] is 19, the largest. */
static int use_least(void)
{
    double min = -1, max = -1;
    size_t at = N;
    int code = crew_minmax_dist_f64(x, &min, &max);
    code = code ? code : crew_argmax_dist_f64(x, &at);
    return code == 0 && (min != 0 || max != 19 || at != 17) ? WRONG : code;
}

static int use_find(void)
{
    size_t at = N, first = N, count = 0, few = 0;
    for (int i = 0; i < N; i++)
        few += values[i] < 7;
    int code = crew_find_dist_f64(x, 19, &at);
    code = code ? code : crew_find_first_dist(x, is_small, x, &first, NULL);
    code = code ? code : crew_count_if_dist(x, is_small, x, &count, NULL);
    return code == 0 && (at != 17 || first != 0 || count != few) ? WRONG : code;
}

static int use_histogram(void)
{
    uint64_t counts[2] = {0};
    size_t out = 1;
    int code = crew_histogram_dist_f64(x, 0, 20, counts, 2, &out);
    return code == 0 && (counts[0] != N / 2 || counts[1] != N / 2 || out != 0) ? WRONG : code;
}

static int twice(const void *in, void *out, void *ctx)
{
    (void)ctx;
    *(double *)out = *(const double *)in * 2;
    return 0;
}

static int use_map(void)
{
    double both[N];
    for (int i = 0; i < N; i++)
        both[i] = 2 * values[i];
    crew_dist *out = crew_dist_like(x, 8);
    int code = out ? crew_map_dist(x, out, twice, NULL, NULL) : -errno;
    code = code == 0 && !holds(out, both, N, 8) ? WRONG : code;
    crew_dist_close(out);
    return code;
}

static int use_file(void)
{
    char path[64];
    long number = (long)getpid();
    PMPI_Bcast(&number, 1, MPI_LONG, 0, MPI_COMM_WORLD);
    snprintf(path, sizeof path, "mpi_memory_%ld.npy", number);
    int code = crew_dist_save(x, path, CREW_F64);
    crew_dist *d = code == 0 ? crew_dist_load(group, path, NULL) : NULL;
    code = code ? code : d ? 0 : -errno;
    code = code == 0 && !holds(d, values, N, 8) ? WRONG : code;
    crew_dist_close(d);
    PMPI_Barrier(MPI_COMM_WORLD);
    if (rank == 0)
        unlink(path);
    return code;
}

static int use_grid(void)
{
    static double all[40 * 40];
    crew_grid *g = crew_grid_open(group, 40, 40, 8, 1);
    if (!g)
        return -errno;
    int code = crew_grid_halo(g, true);
    code = code ? code : crew_grid_gather(g, all, 0);
    crew_grid_close(g);
    return code;
}

static void combine(void *acc, const void *right, void *ctx)
{
    add(acc, right, ctx);
}

/* Whole numbers: any bracketing has the same sums. */
static int use_scan_any(void)
{
    const crew_scanner scanner = {NULL, combine};
    double sums[N], total = 0;
    for (int i = 0; i < N; i++)
        sums[i] = (i > 0 ? sums[i - 1] : 0) + values[i];
    crew_dist *out = crew_dist_like(x, 8);
    int code = out ? crew_scan_inclusive_dist(x, out, &scanner, NULL, &total, NULL) : -errno;
    code = code == 0 && !(holds(out, sums, N, 8) && total == sums[N - 1]) ? WRONG : code;
    crew_dist_close(out);
    return code;
}

static int32_t keys_of_values[N];
static crew_dist *keys;

static int use_weighted(void)
{
    double sums[20], plain[20] = {0};
    for (int i = 0; i < N; i++)
        plain[keys_of_values[i]] += values[i];
    int code = crew_bincount_weighted_dist_i32_f64(keys, x, sums, 20, NULL);
    return code == 0 && memcmp(sums, plain, sizeof sums) != 0 ? WRONG : code;
}

static int use_exact(void)
{
    double sum = 0, dot = 0, plain = 0, squares = 0;
    for (int i = 0; i < N; i++) {
        plain += values[i];
        squares += values[i] * values[i];
    }
    int code = crew_sum_exact_dist_f64(x, &sum);
    code = code ? code : crew_dot_exact_dist_f64(x, x, &dot);
    return code == 0 && (sum != plain || dot != squares) ? WRONG : code;
}

static int use_nan_forms(void)
{
    double sum = 0, mean = 0, min = 1, max = 0, norm = 0, plain = 0, squares = 0;
    for (int i = 0; i < N; i++) {
        plain += values[i];
        squares += values[i] * values[i];
    }
    int code = crew_nansum_dist_f64(x, &sum);
    code = code ? code : crew_nanmean_dist_f64(x, &mean);
    code = code ? code : crew_nanmin_dist_f64(x, &min);
    code = code ? code : crew_nanmax_dist_f64(x, &max);
    code = code ? code : crew_norm2_dist_f64(x, &norm);
    bool right = sum == plain && mean == plain / N && min == 0 && max == 19 && fabs(norm * norm - squares) < 1e-9;
    return code == 0 && !right ? WRONG : code;
}

/* 3 of each key from 0 to 19, and values[i] is the key. */
static int use_sort_by_key(void)
{
    int32_t sorted[N];
    double moved[N];
    for (int i = 0; i < N; i++)
        moved[i] = sorted[i] = i / 3;
    crew_dist *k = distribute(5, keys_of_values, N, 4), *v = k ? distribute(5, values, N, 8) : NULL;
    int code = v ? crew_sort_by_key_dist_i32(k, v) : -errno;
    code = code == 0 && !(holds(k, sorted, N, 4) && holds(v, moved, N, 8)) ? WRONG : code;
    crew_dist_close(k);
    crew_dist_close(v);
    return code;
}

static int use_argsort(void)
{
    size_t order[N], count = 0;
    for (int key = 0; key < 20; key++)
        for (size_t i = 0; i < N; i++)
            if (keys_of_values[i] == key)
                order[count++] = i;
    crew_dist *index = crew_dist_like(x, sizeof *order);
    int code = index ? crew_argsort_dist(x, index, compare, NULL, NULL) : -errno;
    code = code == 0 && !holds(index, order, N, sizeof *order) ? WRONG : code;
    crew_dist_close(index);
    return code;
}

/* The groups' keys 0 to 19 and three times each. */
static int check_groups(int code, crew_dist *groups, crew_dist *sums)
{
    int32_t each[20];
    double three[20];
    for (int k = 0; k < 20; k++)
        three[k] = 3.0 * (each[k] = k);
    code = code == 0 && !(holds(groups, each, 20, 4) && holds(sums, three, 20, 8)) ? WRONG : code;
    crew_dist_close(groups);
    crew_dist_close(sums);
    return code;
}

static int use_reduce_by_key(void)
{
    crew_dist *groups = NULL, *sums = NULL;
    int code = crew_reduce_by_key_sum_dist_i32_f64(keys, x, &groups, &sums);
    return check_groups(code, groups, sums);
}

static int use_reduce_by_key_any(void)
{
    const crew_array_reducer sum = {8, NULL, fold, add, NULL};
    crew_dist *groups = NULL, *sums = NULL;
    int code = crew_reduce_by_key_dist_i32(keys, x, &sum, NULL, &groups, &sums, NULL);
    return check_groups(code, groups, sums);
}

static int use_reduce_by_key_max(void)
{
    crew_dist *groups = NULL, *most = NULL;
    double all[20];
    for (int k = 0; k < 20; k++)
        all[k] = k;
    int code = crew_reduce_by_key_max_dist_i32_f64(keys, x, &groups, &most);
    code = code == 0 && !holds(most, all, 20, 8) ? WRONG : code;
    crew_dist_close(groups);
    crew_dist_close(most);
    return code;
}

static int use_unique_counts(void)
{
    uint64_t threes[20];
    crew_dist *counts = NULL;
    for (int k = 0; k < 20; k++)
        threes[k] = 3;
    int code = crew_unique_counts_dist_i32(keys, NULL, &counts);
    code = code == 0 && !holds(counts, threes, 20, 8) ? WRONG : code;
    crew_dist_close(counts);
    return code;
}

/* Rank 0 alone: with others it would have to release them. */
static int use_items(void)
{
    double both[N], got[N] = {0};
    for (int i = 0; i < N; i++)
        both[i] = 2 * values[i];
    if (ranks > 1)
        return 0;
    int code = crew_mpi_register("twice", twice, NULL);
    code = code ? code : crew_mpi_map(group, "twice", values, 8, got, 8, N, NULL, NULL, NULL);
    return code == 0 && memcmp(got, both, sizeof both) != 0 ? WRONG : code;
}

/* Two jobs at once, and one whose result nobody fetches. In a group of its own, which forgets what failed. */
static int use_jobs(void)
{
    if (ranks > 1)
        return 0;
    double got[2] = {0, 0};
    crew_mpi *m = crew_mpi_open(MPI_COMM_WORLD);
    int code = m ? crew_mpi_register("twice", twice, NULL) : -errno;
    crew_mpi_future *f[3] = {NULL, NULL, NULL};
    for (int i = 0; i < 3 && code == 0; i++) {
        f[i] = crew_mpi_submit(m, "twice", &values[i + 1], 8, 8, NULL);
        code = f[i] ? 0 : -errno;
    }
    for (int i = 0; i < 2 && code == 0; i++)
        code = crew_mpi_future_result(f[i], &got[i]);
    for (int i = 0; i < 3; i++) {
        crew_mpi_future_cancel(f[i]);
        crew_mpi_future_release(f[i]);
    }
    int closed = crew_mpi_close(m);
    code = code ? code : closed;
    return code == 0 && (got[0] != 2 * values[1] || got[1] != 2 * values[2]) ? WRONG : code;
}

static const struct use {
    const char *name;
    int (*run)(void);
} uses[] = {{"group", use_group},
            {"open", use_open},
            {"from", use_from},
            {"like", use_like},
            {"balance", use_balance},
            {"gather", use_gather},
            {"halo", use_halo},
            {"sort", use_sort},
            {"sort, typed", use_sort_typed},
            {"filter", use_filter},
            {"scan", use_scan},
            {"reduce", use_reduce},
            {"reduce of numbers", use_reduce_numbers},
            {"sum", use_sum},
            {"mean", use_mean},
            {"least", use_least},
            {"find", use_find},
            {"histogram", use_histogram},
            {"map", use_map},
            {"file", use_file},
            {"grid", use_grid},
            {"scan of any elements", use_scan_any},
            {"weighted", use_weighted},
            {"exact", use_exact},
            {"forms that ignore NaN", use_nan_forms},
            {"sort by key", use_sort_by_key},
            {"argsort", use_argsort},
            {"reduce by key", use_reduce_by_key},
            {"reduce by key, any", use_reduce_by_key_any},
            {"reduce by key, most", use_reduce_by_key_max},
            {"unique counts", use_unique_counts},
            {"items", use_items},
            {"jobs", use_jobs}};
enum { USES = sizeof uses / sizeof *uses };

/* Makes what the calls are on. */
static void open_values(void)
{
    for (int i = 0; i < N; i++) {
        values[i] = (double)(i * 7 % 20);
        keys_of_values[i] = i * 7 % 20;
    }
    x = distribute(0, values, N, 8);
    keys = distribute(0, keys_of_values, N, 4);
    EXPECT(x && keys && crew_dist_balance(x) == 0 && crew_dist_balance(keys) == 0);
}

static void close_values(void)
{
    crew_dist_close(x);
    crew_dist_close(keys);
}

#endif
