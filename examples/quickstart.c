// Quickstart: square an array, map a function over items, sum, count; each as the loop you know and with crew.
//
//     cc -O2 -fopenmp -Iinclude examples/quickstart.c lib/*/*/*.c -lm -o quickstart
//     ./quickstart
//
// Without -fopenmp the same line builds the sequential program, which prints the same but for the times.
// CREW_NUM_THREADS=1 ./quickstart runs on one thread.

#define _POSIX_C_SOURCE 200809L
#include <crew/crew.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ITEMS = 64 /* one item is worth so many numbers */ };

struct data {
    size_t n;
    const double *x;
    double *y;    /* the squares */
    double sum;   /* of y */
    double limit; /* what counts as a match: y[i] > limit */
    size_t matches;
};

/* 1. Square an array. The loop that you would write: */
static int square_loop(struct data *d)
{
    for (size_t i = 0; i < d->n; i++)
        d->y[i] = d->x[i] * d->x[i];
    return 0;
}

/* The same loop with another head. Iterations must be independent, and there is no way to fail or to stop. */
static int square_pragma(struct data *d)
{
    CREW_FOR (i, d->n)
        d->y[i] = d->x[i] * d->x[i];
    return 0;
}

/* crew_for calls a function with blocks of the index range, on several threads where that pays. The function is your
   loop with other bounds, so the compiler vectorises it as before. A value other than 0 would stop the call. */
static int square_block(size_t begin, size_t end, void *ctx)
{
    struct data *d = ctx;
    for (size_t i = begin; i < end; i++)
        d->y[i] = d->x[i] * d->x[i];
    return 0;
}

static int square_for(struct data *d)
{
    return crew_for(d->n, square_block, d, NULL);
}

/* 2. Map a function over items, as Pool.map does: the shortest to write. It is called with one item through a pointer,
   which costs a nanosecond or two: right for items that are worth a call, where crew_for is for loops as cheap as the
   one above. */
static int solve_item(const void *in, void *out, void *ctx)
{
    (void)ctx;
    const double *x = in;
    double y = 1;
    for (int k = 0; k < 30; k++) /* y e^y = 1 + x, by Newton */
        y -= (y * exp(y) - 1 - *x) / ((y + 1) * exp(y));
    *(double *)out = y;
    return 0;
}

static int solve_loop(struct data *d)
{
    for (size_t i = 0; i < d->n / ITEMS; i++)
        solve_item(&d->x[i], &d->y[i], NULL);
    return 0;
}

static int solve_map(struct data *d)
{
    return crew_map(d->x, sizeof *d->x, d->y, sizeof *d->y, d->n / ITEMS, solve_item, NULL, NULL);
}

/* 3. Sum the squares. */
static int sum_loop(struct data *d)
{
    double sum = 0;
    for (size_t i = 0; i < d->n; i++)
        sum += d->y[i];
    d->sum = sum;
    return 0;
}

static int sum_crew(struct data *d)
{
    d->sum = crew_sum_f64(d->y, d->n);
    return 0;
}

/* 4. Count matches. A statement whose last argument is an expression of yours, compiled right here; CREW_SUM, CREW_MIN,
   CREW_ANY and CREW_REDUCE, which takes any struct, look the same. The variable keeps what it had. */
static int count_loop(struct data *d)
{
    size_t found = 0;
    for (size_t i = 0; i < d->n; i++)
        found += d->y[i] > d->limit;
    d->matches = found;
    return 0;
}

static int count_crew(struct data *d)
{
    size_t found = 0;
    CREW_COUNT(found, i, d->n, d->y[i] > d->limit);
    d->matches = found;
    return 0;
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Runs one way of doing it and prints the best time of five; the first run also pays for touching fresh memory. */
static void run(const char *what, int (*way)(struct data *), struct data *d)
{
    double best = INFINITY;
    for (int k = 0; k < 5; k++) {
        double start = seconds();
        int error = way(d);
        best = fmin(best, seconds() - start);
        if (error != 0) {
            fprintf(stderr, "%s: %s\n", what, crew_strerror(error));
            exit(EXIT_FAILURE);
        }
    }
    printf("time  %-20s %8.3f ms\n", what, 1e3 * best);
}

/* The first n results are compared with those of the plain loop. */
static void run_same(const char *what, int (*way)(struct data *), struct data *d, const double *plain, size_t n)
{
    memset(d->y, 0, n * sizeof *d->y);
    run(what, way, d);
    bool same = memcmp(d->y, plain, n * sizeof *plain) == 0;
    printf("%s: %s bits as the plain loop\n", what, same ? "the same" : "OTHER");
}

int main(void)
{
    size_t n = (size_t)1 << 22;
    double *x = malloc(n * sizeof *x), *plain = malloc(n * sizeof *plain), *crew = malloc(n * sizeof *crew);
    if (x == NULL || plain == NULL || crew == NULL) {
        fprintf(stderr, "no memory for 3 arrays of %zu numbers\n", n);
        free(x);
        free(plain);
        free(crew);
        return EXIT_FAILURE;
    }
    for (size_t i = 0; i < n; i++)
        x[i] = 1 / (double)(i + 1);
    printf("%zu numbers\n", n);
    printf("time  with %d threads, %s\n", crew_num_threads(), crew_backend());

    struct data d = {.n = n, .x = x, .y = plain};
    run("solve, plain loop", solve_loop, &d);
    d.y = crew;
    run_same("solve, crew_map", solve_map, &d, plain, n / ITEMS);
    d.y = plain;
    run("square, plain loop", square_loop, &d);
    d.y = crew;
    run_same("square, CREW_FOR", square_pragma, &d, plain, n);
    run_same("square, crew_for", square_for, &d, plain, n);

    /* The sum of 1 / k^2 for k = 1 .. n is known: pi^2 / 6 less the tail 1/n - 1/2n^2 + 1/6n^3 - ... The plain loop
       adds ever smaller numbers to a large one and rounds each time; crew adds in a tree, whose error grows with log n
       only. The tree depends on n alone: its bits are the same at any thread count, in any build. */
    double pi = acos(-1.0), m = (double)n, exact = pi * pi / 6 - (1 / m - 1 / (2 * m * m) + 1 / (6 * m * m * m));
    run("sum, plain loop", sum_loop, &d);
    double plain_sum = d.sum;
    run("sum, crew_sum_f64", sum_crew, &d);
    printf("sum, plain loop:   %.16f, error %.1e\n", plain_sum, fabs(plain_sum - exact));
    printf("sum, crew_sum_f64: %.16f, error %.1e\n", d.sum, fabs(d.sum - exact));
    printf("difference of the two: %.1e\n", fabs(plain_sum - d.sum));

    d.limit = crew_mean_f64(d.y, n);
    run("count, plain loop", count_loop, &d);
    size_t plain_matches = d.matches;
    run("count, CREW_COUNT", count_crew, &d);
    printf("squares above their mean: %zu, the plain loop found %zu\n", d.matches, plain_matches);

    free(x);
    free(plain);
    free(crew);
    return EXIT_SUCCESS;
}
