/* dgemm inside callbacks of crew: right results, no deadlock, a bounded number of threads. Usage: blas [SIZE COUNT]. It
 * prints, for no limit and limits of 1 and 2, what each way took and how many threads the process had at the most. */
#define _POSIX_C_SOURCE 200809L
#include <crew/crew.h>
#include <dirent.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

extern void dgemm_(const char *, const char *, const int *, const int *, const int *, const double *, const double *,
                   const int *, const double *, const int *, const double *, double *, const int *);
extern int openblas_get_parallel(void);

static int size = 120, count = 40;
static double *a, *b, *c, *right;
static atomic_int threads;

static void count_threads(void)
{
    int n = -2;
    DIR *tasks = opendir("/proc/self/task");
    while (tasks && readdir(tasks))
        n++;
    if (tasks)
        closedir(tasks);
    int seen = atomic_load(&threads);
    while (n > seen && !atomic_compare_exchange_weak(&threads, &seen, n))
        ;
}

static void multiply(size_t i)
{
    const double one = 1, zero = 0;
    size_t items = (size_t)size * (size_t)size;
    dgemm_("N", "N", &size, &size, &size, &one, a + i * items, &size, b + i * items, &size, &zero, c + i * items,
           &size);
    count_threads();
}

static int body(size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    for (size_t i = begin; i < end; i++)
        multiply(i);
    return 0;
}

static int task(void *arg)
{
    multiply((size_t)((double *)arg - a) / ((size_t)size * (size_t)size));
    return 0;
}

static void by_plain_loop(void)
{
    body(0, (size_t)count, NULL);
}

static void by_for(void)
{
    if (crew_for((size_t)count, body, NULL, NULL) != 0)
        abort();
}

static int root(void *arg)
{
    (void)arg;
    crew_task *tasks = calloc((size_t)count, sizeof *tasks);
    if (!tasks)
        return 1;
    for (int i = 0; i < count; i++)
        crew_fork(&tasks[i], task, a + (size_t)i * (size_t)size * (size_t)size);
    for (int i = count; i-- > 0;)
        crew_join(&tasks[i]);
    free(tasks);
    return 0;
}

static void by_fork(void)
{
    if (crew_run(root, NULL, NULL) != 0)
        abort();
}

static void by_executor(void)
{
    crew_executor *ex = crew_executor_open(NULL);
    for (int i = 0; i < count; i++)
        if (!ex || crew_submit_with(ex, task, a + (size_t)i * (size_t)size * (size_t)size, NULL, NULL) != 0)
            abort();
    crew_executor_shutdown(ex, 0);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The plain triple loop. */
static void expect(size_t items)
{
    for (int m = 0; m < count; m++)
        for (int j = 0; j < size; j++)
            for (int i = 0; i < size; i++) {
                double sum = 0;
                for (int k = 0; k < size; k++)
                    sum +=
                        a[(size_t)m * items + (size_t)(k * size + i)] * b[(size_t)m * items + (size_t)(j * size + k)];
                right[(size_t)m * items + (size_t)(j * size + i)] = sum;
            }
}

int main(int argc, char **argv)
{
    if (argc > 2) {
        size = atoi(argv[1]);
        count = atoi(argv[2]);
    }
    size_t items = (size_t)size * (size_t)size, all = items * (size_t)count;
    a = malloc(all * sizeof *a);
    b = malloc(all * sizeof *b);
    c = malloc(all * sizeof *c);
    right = malloc(all * sizeof *right);
    if (!a || !b || !c || !right)
        return 2;
    for (size_t i = 0; i < all; i++) {
        a[i] = (double)(i % 17) - 8;
        b[i] = (double)(i % 13) - 6;
    }
    expect(items); /* whole numbers: every order of adding gives the same */
    static const struct {
        const char *name;
        void (*run)(void);
    } ways[] = {{"loop", by_plain_loop}, {"crew_for", by_for}, {"crew_fork", by_fork}, {"executor", by_executor}};
    static const char *const kinds[] = {"sequential", "pthreads", "openmp"};
    int status = 0;
    for (int limit = 0; limit <= 2; limit++) {
        crew_limit_inner(limit);
        for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
            double best = 1e9;
            atomic_store(&threads, 0);
            for (int round = 0; round < 5; round++) {
                memset(c, 0, all * sizeof *c);
                double start = seconds();
                ways[w].run();
                best = fmin(best, seconds() - start);
                if (memcmp(c, right, all * sizeof *c) != 0) {
                    printf("error: %s, limit %d: a wrong product\n", ways[w].name, limit);
                    status = 1;
                }
            }
            printf("%-10s limit %d %-9s %7.2f ms, %d threads\n", kinds[openblas_get_parallel()], limit, ways[w].name,
                   best * 1e3, atomic_load(&threads));
            /* crew's, an executor's, OpenBLAS's own (one for each processor at the most), what inner regions have. */
            int bound = 4 * crew_num_threads() + 2 * crew_num_threads() * (limit ? limit : 1) + 4;
            if (atomic_load(&threads) > bound) {
                printf("error: %s, limit %d: %d threads, %d expected\n", ways[w].name, limit, atomic_load(&threads),
                       bound);
                status = 1;
            }
        }
    }
    free(a);
    free(b);
    free(c);
    free(right);
    return status;
}
