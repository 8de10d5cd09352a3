/* The work that is measured: the same source for every system, compiled with the same flags, as C or C++. */
#ifndef BENCH_KERNELS_H
#define BENCH_KERNELS_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define BENCH_A 1e-9

/* One item of a loop `y[i] = item(i, n, x)`. Called through a pointer by every system, so that none gets an inlined
   copy that the compiler happened to treat better. */
typedef double bench_item(size_t i, size_t n, const double *x);

static inline void range_axpy(size_t begin, size_t end, const double *__restrict__ x, double *__restrict__ y)
{
    for (size_t i = begin; i < end; i++)
        y[i] = BENCH_A * x[i] + y[i];
}

static inline void range_items(size_t begin, size_t end, bench_item *item, size_t n, const double *x, double *y)
{
    for (size_t i = begin; i < end; i++)
        y[i] = item(i, n, x);
}

static inline double range_sum(size_t begin, size_t end, const double *x)
{
    double s = 0;
    for (size_t i = begin; i < end; i++)
        s += x[i];
    return s;
}

static inline double range_dot(size_t begin, size_t end, const double *x, const double *y)
{
    double s = 0;
    for (size_t i = begin; i < end; i++)
        s += x[i] * y[i];
    return s;
}

static inline size_t range_argmin(size_t begin, size_t end, const double *x)
{
    size_t best = begin;
    for (size_t i = begin; i < end; i++)
        if (x[i] < x[best])
            best = i;
    return best;
}

/* A chain of dependent multiplications, about 1.3 ns a step at 3 GHz: time that no vector unit
   shortens. Items of fewer than some 300 steps overlap in the pipeline and take less. */
static inline double chain(size_t i, size_t steps)
{
    uint64_t v = i + 1;
    for (size_t k = 0; k < steps; k++)
        v = v * 6364136223846793005u + 1442695040888963407u;
    return (double)(v >> 40);
}

static double item_expsin(size_t i, size_t n, const double *x)
{
    (void)n;
    return exp(x[i]) + sin(x[i]);
}

/* About 4 us of work in n equal items: 2 us on two threads. */
static double item_split(size_t i, size_t n, const double *x)
{
    (void)x;
    return chain(i, 2900 / n);
}

/* About 200 us of work in n equal items: 100 us on two threads. */
static double item_even(size_t i, size_t n, const double *x)
{
    (void)x;
    return chain(i, 155000 / n);
}

/* Item i costs in proportion to i. */
static double item_triangular(size_t i, size_t n, const double *x)
{
    (void)x;
    return chain(i, n <= 4096 ? 25 * i : 32 * i / n);
}

/* One 64th of the items, in one block in the first quarter, does most of the work. */
static double item_hot(size_t i, size_t n, const double *x)
{
    size_t first = 3 * (n / 16), hot = i >= first && i < first + n / 64;
    (void)x;
    return chain(i, n <= 4096 ? (hot ? 700000 : 2800) : (hot ? 350 : 2));
}

static inline int escape(double cr, double ci, int limit)
{
    double zr = 0, zi = 0;
    int k = 0;
    while (k < limit && zr * zr + zi * zi <= 4) {
        double t = zr * zr - zi * zi + cr;
        zi = 2 * zr * zi + ci;
        zr = t;
        k++;
    }
    return k;
}

/* A row of 160 points where there are few items, else one point of a square picture. */
static double item_mandelbrot(size_t i, size_t n, const double *x)
{
    (void)x;
    if (n <= 4096) {
        int sum = 0;
        double ci = -1.25 + 2.5 * (double)i / (double)n;
        for (int j = 0; j < 160; j++)
            sum += escape(-2 + 2.5 * j / 160, ci, 256);
        return sum;
    }
    size_t side = (size_t)sqrt((double)n);
    double ci = -1.25 + 2.5 * (double)(i / side) / (double)side;
    return escape(-2 + 2.5 * (double)(i % side) / (double)side, ci, 24);
}

static inline bench_item *find_item(const char *name)
{
    static const struct {
        const char *name;
        bench_item *item;
    } table[] = {{"expsin", item_expsin}, {"split", item_split},           {"even", item_even},
                 {"hot", item_hot},       {"triangular", item_triangular}, {"mandelbrot", item_mandelbrot}};
    for (size_t k = 0; k < sizeof table / sizeof *table; k++)
        if (strcmp(table[k].name, name) == 0)
            return table[k].item;
    return NULL;
}

#endif
