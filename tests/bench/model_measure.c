/* Measures the costs that the model needs, and what its workloads take on one and two threads. */
#define _POSIX_C_SOURCE 200809L
#include "model_measure.h"
#include "../../lib/core/base/clock.h"
#include "../../lib/core/loop/ranges.h"
#include <crew/crew.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *x, int n)
{
    qsort(x, (size_t)n, sizeof *x, ascending);
    return x[n / 2];
}

/* The model knows no other programs, so a round that nobody disturbed is what it is compared with. */
static double shortest(const double *x, int n)
{
    double least = x[0];
    for (int i = 1; i < n; i++)
        least = x[i] < least ? x[i] : least;
    return least;
}

static _Atomic unsigned ball;
enum { TURNS = 200, GAMES = 101 };

static void play(unsigned game, unsigned mine)
{
    for (unsigned turn = game * TURNS; turn < (game + 1) * TURNS; turn++) {
        while (atomic_load_explicit(&ball, memory_order_acquire) != 2 * turn + mine)
            ;
        atomic_store_explicit(&ball, 2 * turn + mine + 1, memory_order_release);
    }
}

static void *answer(void *arg)
{
    (void)arg;
    for (unsigned game = 0; game < GAMES; game++)
        play(game, 1);
    return NULL;
}

/* The median of short games: in some of them one of the two has no processor. */
static double measure_line(void)
{
    static double took[GAMES];
    pthread_t other;
    atomic_store(&ball, 0);
    if (pthread_create(&other, NULL, answer, NULL) != 0)
        abort();
    for (unsigned game = 0; game < GAMES; game++) {
        double start = now_ns();
        play(game, 0);
        took[game] = (now_ns() - start) / (2.0 * TURNS);
    }
    pthread_join(other, NULL);
    return median(took, GAMES);
}

struct ranges_cost {
    double block, steal;
};

/* The runner's own steps, without items: a block is a take and a look at the clock, a steal a choice and an exchange.
 */
static struct ranges_cost measure_ranges(void)
{
    enum { TIMES = 200000 };
    struct crew__range ranges[2];
    uint32_t begin, end, random = 1;
    uint64_t ticks = 0;
    double start = now_ns();
    for (int i = 0; i < TIMES; i++) {
        crew__range_set(&ranges[0], 0, 1000);
        crew__range_take(&ranges[0], 1, 1, 4, &begin, &end);
        ticks ^= (uint64_t)crew__ticks();
    }
    double block = (now_ns() - start) / TIMES;
    start = now_ns();
    for (int i = 0; i < TIMES; i++) {
        crew__range_set(&ranges[0], 0, 1000);
        crew__range_set(&ranges[1], 0, 0);
        crew__range_steal(ranges, 2, 1, 1, 1, &random);
    }
    double steal = (now_ns() - start) / TIMES;
    if (ticks == 0)
        abort();
    return (struct ranges_cost){block, steal};
}

static double measure_launch(void)
{
    enum { TIMES = 2001 };
    static double took[TIMES];
    for (int i = 0; i < TIMES; i++) {
        double start = now_ns();
#pragma omp parallel num_threads(2)
        {
            __asm__ volatile("" ::: "memory");
        }
        took[i] = now_ns() - start;
    }
    return median(took, TIMES);
}

struct model_costs measure_costs(void)
{
    struct ranges_cost ranges = measure_ranges();
    double launch = measure_launch();
    return (struct model_costs){ranges.block, ranges.steal, measure_line(), launch};
}

size_t measured_units(const struct measured_loop *loop, size_t i)
{
    size_t hot = loop->n / 100, from = loop->n / 3;
    size_t inside = i < from ? 0 : i - from < hot ? i - from : hot;
    switch (loop->shape) {
    case RISING:
        return i > 0 ? loop->units * (i - 1) / 2 * i : 0;
    case HOT:
        return loop->units * (i + 49 * inside);
    default:
        return loop->units * i;
    }
}

static double spin(size_t units)
{
    double x = 1.0000001;
    for (size_t u = 0; u < units; u++)
        x = x * 1.0000001 + 1e-9;
    return x;
}

struct run {
    const struct measured_loop *loop;
    double *out;
};

static int items(size_t begin, size_t end, void *ctx)
{
    const struct run *r = ctx;
    size_t before = measured_units(r->loop, begin);
    for (size_t i = begin; i < end; i++) {
        size_t after = measured_units(r->loop, i + 1);
        r->out[i] = spin(after - before);
        before = after;
    }
    return 0;
}

void measure_loop(const struct measured_loop *loop, int rounds, double took[2])
{
    struct run r = {loop, calloc(loop->n, sizeof *r.out)};
    double *times = calloc(2 * (size_t)rounds, sizeof *times);
    if (!r.out || !times)
        abort();
    for (int i = -2; i < rounds; i++)
        for (int k = 0; k < 2; k++) {
            double start = now_ns();
            crew_for(loop->n, items, &r, &(crew_options){.threads = k + 1});
            if (i >= 0)
                times[k * rounds + i] = now_ns() - start;
        }
    for (int k = 0; k < 2; k++)
        took[k] = shortest(times + k * rounds, rounds);
    free(times);
    free(r.out);
}

struct node {
    int depth, units;
    double result;
};

static int walk(void *arg)
{
    struct node *n = arg;
    if (n->depth == 0) {
        n->result = spin((size_t)n->units);
        return 0;
    }
    struct node left = {n->depth - 1, n->units, 0}, right = left;
    crew_task task;
    crew_fork(&task, walk, &left);
    walk(&right);
    crew_join(&task);
    n->result = left.result + right.result;
    return 0;
}

void measure_tree(int depth, int units, int rounds, double took[2])
{
    double *times = calloc(2 * (size_t)rounds, sizeof *times);
    if (!times)
        abort();
    for (int i = -2; i < rounds; i++)
        for (int k = 0; k < 2; k++) {
            struct node root = {depth, units, 0};
            double start = now_ns();
            crew_run(walk, &root, &(crew_options){.threads = k + 1});
            if (i >= 0)
                times[k * rounds + i] = now_ns() - start;
        }
    for (int k = 0; k < 2; k++)
        took[k] = shortest(times + k * rounds, rounds);
    free(times);
}

static int by_value(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void measure_sort(size_t n, int rounds, double took[2])
{
    double *times = calloc(2 * (size_t)rounds, sizeof *times), *x = malloc(n * sizeof *x), *y = malloc(n * sizeof *y);
    if (!times || !x || !y)
        abort();
    uint64_t random = 1;
    for (size_t i = 0; i < n; i++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        x[i] = (double)(random >> 11);
    }
    for (int i = -1; i < rounds; i++)
        for (int k = 0; k < 2; k++) {
            memcpy(y, x, n * sizeof *x);
            double start = now_ns();
            crew_sort(y, n, sizeof *y, by_value, NULL, &(crew_options){.threads = k + 1});
            if (i >= 0)
                times[k * rounds + i] = now_ns() - start;
        }
    for (int k = 0; k < 2; k++)
        took[k] = shortest(times + k * rounds, rounds);
    free(times);
    free(x);
    free(y);
}
