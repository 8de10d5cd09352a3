/* No thread is made after warm-up: loops, runs and regions of any size use the team that is there. libgomp ends the
   threads that a narrower region has not, and makes them again for a wider one. */
#define _GNU_SOURCE
#include "../../lib/core/base/limits.h"
#include "../support/suite.h"
#include <crew/crew.h>
#include <crew/loop.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_THREADS = 256, ROUNDS = TESTS_VALGRIND ? 20 : 10000, ITEMS = 600, WAYS = 7 };

struct threads {
    int count, ids[MOST_THREADS];
};

static int ascending(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

/* A thread that is made again has another number. */
static struct threads list_threads(void)
{
    struct threads t = {0, {0}};
    DIR *tasks = opendir("/proc/self/task");
    ck_assert_ptr_nonnull(tasks);
    for (struct dirent *entry; (entry = readdir(tasks)) != NULL;)
        if (entry->d_name[0] != '.' && t.count < MOST_THREADS)
            t.ids[t.count++] = atoi(entry->d_name);
    closedir(tasks);
    qsort(t.ids, (size_t)t.count, sizeof t.ids[0], ascending);
    return t;
}

static int add_one(size_t begin, size_t end, void *ctx)
{
    for (size_t i = begin; i < end; i++)
        ((int *)ctx)[i]++;
    return 0;
}

static int next(const void *in, void *out, void *ctx)
{
    (void)ctx;
    *(int *)out = *(const int *)in + 1;
    return 0;
}

struct part {
    int *at;
    size_t n;
};

static int add_halves(void *arg)
{
    struct part *p = arg;
    if (p->n < 16)
        return add_one(0, p->n, p->at);
    struct part left = {p->at, p->n / 2}, right = {p->at + p->n / 2, p->n - p->n / 2};
    crew_task task;
    crew_fork(&task, add_halves, &left);
    int error = add_halves(&right);
    int other = crew_join(&task);
    return error ? error : other;
}

/* Few of these open a team at once. */
static int add_one_slowly(size_t begin, size_t end, void *ctx)
{
    for (size_t i = begin; i < end; i++)
        for (volatile int spin = 0; spin < 5000; spin++)
            ;
    return add_one(begin, end, ctx);
}

/* One is added to the first n of x, in one of seven ways. */
static void add_some_way(unsigned way, int *x, size_t n)
{
    double sum, ones[ITEMS];
    switch (way) {
    case 0:
        ck_assert_int_eq(crew_for(n, add_one, x, NULL), 0);
        break;
    case 1:
        ck_assert_int_eq(crew_map(x, sizeof *x, x, sizeof *x, n, next, NULL, NULL), 0);
        break;
    case 2:
        ck_assert_int_eq(crew_run(add_halves, &(struct part){x, n}, NULL), 0);
        break;
    case 3:
        CREW_FOR (i, n)
            x[i]++;
        break;
    case 4:
        for (size_t i = 0; i < n; i++)
            ones[i] = 1;
        ck_assert_int_eq(reduced_sum(ones, n, &sum), 0);
        for (size_t i = 0; i < n; i++)
            x[i] += (int)(sum / (double)n);
        break;
    case 5:
        ck_assert_int_eq(crew_for(n < 10 ? n : 9, add_one_slowly, x, NULL), 0);
        for (size_t i = 9; i < n; i++)
            x[i]++;
        break;
    default:
#ifdef _OPENMP
#pragma omp parallel for num_threads(crew_loop_threads())
#endif
        for (size_t i = 0; i < n; i++)
            x[i]++;
    }
}

static void mix(unsigned rounds, unsigned *seed)
{
    static const size_t sizes[] = {1, 2, 3, 5, 7, 8, 9, 63, 64, ITEMS};
    for (unsigned round = 0; round < rounds; round++) {
        int x[ITEMS] = {0};
        *seed = *seed * 1664525u + 1013904223u;
        size_t n = sizes[(*seed >> 8) % (sizeof sizes / sizeof sizes[0])];
        add_some_way((*seed >> 24) % WAYS, x, n);
        for (size_t i = 0; i < ITEMS; i++)
            ck_assert_int_eq(x[i], i < n);
    }
}

/* As many as threads: with more threads than processors a loop is narrower than a region, which is the program's wish.
 */
static int eight_cpus(struct crew__cpu_mask *mask, int *places)
{
    (void)mask;
    (void)places;
    return 8;
}

/* Teams for every loop in every second round of the test: what would run alone opens a team too. */
START_TEST(no_thread_is_made_after_warm_up)
{
    static const int counts[] = {2, 3, 8};
    atomic_store(&crew__bound_cpus, eight_cpus);
    crew__tuning.always_open = _i >= 3;
    crew_set_num_threads(counts[_i % 3]);
    unsigned seed = 12345 + (unsigned)_i;
    int x[ITEMS] = {0};
    for (unsigned way = 0; way < WAYS; way++)
        add_some_way(way, x, ITEMS);
    mix(TESTS_VALGRIND ? 10 : 100, &seed);
    struct threads before = list_threads();
    ck_assert_int_le(before.count, counts[_i % 3]);
    for (int part = 0; part < 20; part++) {
        mix(ROUNDS / 20, &seed);
        struct threads after = list_threads();
        ck_assert_msg(after.count == before.count &&
                          memcmp(after.ids, before.ids, (size_t)after.count * sizeof after.ids[0]) == 0,
                      "%d threads became %d, or others, in part %d", before.count, after.count, part);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("team_size");
    TCase *tc = tcase_create("team_size");
    suite_add_tcase(suite, tc);
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, no_thread_is_made_after_warm_up, 0, 6);
    return run_suite(suite);
}
