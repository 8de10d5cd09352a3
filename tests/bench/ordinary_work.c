/* The operations of `ordinary` on crew, as plain loops and with OpenMP's schedules. */
#define _POSIX_C_SOURCE 200809L
#include "ordinary_work.h"
#include "kernels.h"

#include <crew/crew.h>
#include <omp.h>
#include <stdlib.h>
#include <time.h>

static double item(const struct work *w, size_t i)
{
    return chain(i, w->steps[i]);
}

static int is_even(double v)
{
    return ((uint64_t)v & 1) == 0;
}

static int body(size_t begin, size_t end, void *ctx)
{
    const struct work *w = ctx;
    for (size_t i = begin; i < end; i++)
        w->y[i] = item(w, i);
    return 0;
}

static int map_item(const void *in, void *out, void *ctx)
{
    const uint32_t *steps = in;
    const struct work *w = ctx;
    *(double *)out = chain((size_t)(steps - w->steps), *steps);
    return 0;
}

static int fold(size_t begin, size_t end, void *acc, void *ctx)
{
    double s = *(double *)acc;
    for (size_t i = begin; i < end; i++)
        s += item(ctx, i);
    *(double *)acc = s;
    return 0;
}

static void merge(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    *(double *)acc += *(const double *)right;
}

static int even_items(size_t begin, size_t end, unsigned char *keep, void *ctx)
{
    for (size_t i = begin; i < end; i++)
        keep[i - begin] = (unsigned char)is_even(item(ctx, i));
    return 0;
}

static void crew_for_with(struct work *w, const crew_options *opt)
{
    crew_for(w->n, body, w, opt);
}

static void crew_map_with(struct work *w, const crew_options *opt)
{
    crew_map(w->steps, sizeof *w->steps, w->y, sizeof *w->y, w->n, map_item, w, opt);
}

static void crew_reduce_with(struct work *w, const crew_options *opt)
{
    static const crew_reducer sum = {.size = sizeof(double), .fold = fold, .merge = merge};
    w->result = 0;
    crew_reduce(w->n, &sum, w, &w->result, opt);
}

static void crew_count_with(struct work *w, const crew_options *opt)
{
    size_t count = 0;
    crew_count_if(w->n, even_items, w, &count, opt);
    w->result = (double)count;
}

static void crew_on_all(struct work *w, void (*call)(struct work *w, const crew_options *opt))
{
    call(w, NULL);
}

static void crew_on_one(struct work *w, void (*call)(struct work *w, const crew_options *opt))
{
    call(w, &(crew_options){.threads = 1});
}

#define CREW_WAYS(ON)                                                                                                  \
    static void ON##_for(struct work *w)                                                                               \
    {                                                                                                                  \
        ON(w, crew_for_with);                                                                                          \
    }                                                                                                                  \
    static void ON##_map(struct work *w)                                                                               \
    {                                                                                                                  \
        ON(w, crew_map_with);                                                                                          \
    }                                                                                                                  \
    static void ON##_reduce(struct work *w)                                                                            \
    {                                                                                                                  \
        ON(w, crew_reduce_with);                                                                                       \
    }                                                                                                                  \
    static void ON##_count(struct work *w)                                                                             \
    {                                                                                                                  \
        ON(w, crew_count_with);                                                                                        \
    }

CREW_WAYS(crew_on_all)
CREW_WAYS(crew_on_one)

static void crew_sort_all(struct work *w)
{
    memcpy(w->y, w->x, w->n * sizeof *w->y);
    crew_sort_f64(w->y, w->n);
}

static void crew_scan_all(struct work *w)
{
    crew_scan_inclusive_sum_f64(w->x, w->y, w->n);
}

static void plain_for(struct work *w)
{
    body(0, w->n, w);
}

static void plain_reduce(struct work *w)
{
    w->result = 0;
    fold(0, w->n, &w->result, w);
}

static void plain_count(struct work *w)
{
    size_t count = 0;
    for (size_t i = 0; i < w->n; i++)
        count += (size_t)is_even(item(w, i));
    w->result = (double)count;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void plain_sort(struct work *w)
{
    memcpy(w->y, w->x, w->n * sizeof *w->y);
    qsort(w->y, w->n, sizeof *w->y, compare);
}

static void plain_scan(struct work *w)
{
    double sum = 0;
    for (size_t i = 0; i < w->n; i++)
        w->y[i] = sum += w->x[i];
}

/* crew_map calls a function for each item, which the compiler cannot see through. */
static crew_map_fn *volatile seen_by_nobody = map_item;

static void plain_pointer_map(struct work *w)
{
    crew_map_fn *fn = seen_by_nobody;
    for (size_t i = 0; i < w->n; i++)
        fn(w->steps + i, w->y + i, w);
}

static void static_pointer_map(struct work *w)
{
    crew_map_fn *fn = seen_by_nobody;
#pragma omp parallel for schedule(static)
    for (size_t i = 0; i < w->n; i++)
        fn(w->steps + i, w->y + i, w);
}

#define PRAGMA(TEXT) _Pragma(#TEXT)
#define OPENMP_WAYS(NAME, SCHEDULE)                                                                                    \
    static void NAME##_for(struct work *w)                                                                             \
    {                                                                                                                  \
        PRAGMA(omp parallel for SCHEDULE)                                                                              \
        for (size_t i = 0; i < w->n; i++)                                                                              \
            w->y[i] = item(w, i);                                                                                      \
    }                                                                                                                  \
    static void NAME##_reduce(struct work *w)                                                                          \
    {                                                                                                                  \
        double s = 0;                                                                                                  \
        PRAGMA(omp parallel for SCHEDULE reduction(+ : s))                                                             \
        for (size_t i = 0; i < w->n; i++)                                                                              \
            s += item(w, i);                                                                                           \
        w->result = s;                                                                                                 \
    }                                                                                                                  \
    static void NAME##_count(struct work *w)                                                                           \
    {                                                                                                                  \
        size_t s = 0;                                                                                                  \
        PRAGMA(omp parallel for SCHEDULE reduction(+ : s))                                                             \
        for (size_t i = 0; i < w->n; i++)                                                                              \
            s += (size_t)is_even(item(w, i));                                                                          \
        w->result = (double)s;                                                                                         \
    }

OPENMP_WAYS(equal, schedule(static))
OPENMP_WAYS(dynamic, schedule(dynamic, 1))
OPENMP_WAYS(guided, schedule(guided))

const struct way ways[] = {
    {"crew", {crew_on_all_for, crew_on_all_map, crew_on_all_reduce, crew_on_all_count, crew_sort_all, crew_scan_all}},
    {"crew-1-thread", {crew_on_one_for, crew_on_one_map, crew_on_one_reduce, crew_on_one_count, NULL, NULL}},
    {"plain", {plain_for, plain_for, plain_reduce, plain_count, plain_sort, plain_scan}},
    {"static", {equal_for, equal_for, equal_reduce, equal_count, NULL, NULL}},
    {"dynamic,1", {dynamic_for, dynamic_for, dynamic_reduce, dynamic_count, NULL, NULL}},
    {"guided", {guided_for, guided_for, guided_reduce, guided_count, NULL, NULL}},
    {"plain-pointer", {NULL, plain_pointer_map, NULL, NULL, NULL, NULL}, 1},
    {"static-pointer", {NULL, static_pointer_map, NULL, NULL, NULL, NULL}, 1},
    {0}};

void ways_open(int threads)
{
    crew_set_num_threads(threads);
    omp_set_num_threads(threads);
}

double step_ns(void)
{
    enum { STEPS = 2000000 };
    double least = 1e9;
    for (int k = 0; k < 5; k++) {
        struct timespec a, b;
        clock_gettime(CLOCK_MONOTONIC, &a);
        volatile double keep = chain((size_t)k, STEPS);
        clock_gettime(CLOCK_MONOTONIC, &b);
        (void)keep;
        double ns = (1e9 * (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec)) / STEPS;
        least = ns < least ? ns : least;
    }
    return least;
}
