/* Ready-made accumulators and merges for CREW_REDUCE and crew_reduce: where an expression is smallest or largest, mean
   and variance, and arrays element by element. Everything is inline and compiled in the caller's own file.

   A whole program:

       #include <crew/reducers.h>
       #include <stdio.h>

       int main(void)
       {
           double x[5] = {4, 8, 1, 9, 3};
           crew_extreme low = CREW_NO_LOWEST;
           crew_moments m = {0};
           CREW_ARGMIN(low, i, 5, x[i]);
           CREW_MOMENTS(m, i, 5, x[i]);
           printf("x[%zu] is %g\n", low.index, low.value);                      // prints x[2] is 1
           printf("mean %g, variance %g\n", m.mean, crew_moments_variance(&m)); // prints mean 5, variance 9.2
       } */
#ifndef CREW_REDUCERS_H
#define CREW_REDUCERS_H

#include <crew/accumulate.h>
#include <math.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A value of an expression and the index that has it. */
typedef struct crew_extreme {
    double value;
    size_t index;
} crew_extreme;

/* What a search starts with: `crew_extreme low = CREW_NO_LOWEST;`. No number is beyond it, so an expression that is
   infinite everywhere leaves the index SIZE_MAX. */
#define CREW_NO_LOWEST                                                                                                 \
    {                                                                                                                  \
        (double)INFINITY, SIZE_MAX                                                                                     \
    }
#define CREW_NO_HIGHEST                                                                                                \
    {                                                                                                                  \
        -(double)INFINITY, SIZE_MAX                                                                                    \
    }

/* for (size_t i = 0; i < n; i++) if (e < v.value) v = {e, i};  the lowest index of the smallest value, the lowest index
   of a NaN if there is one. v is the name of a crew_extreme and takes part as it is; the expression is converted to
   double. Work, span and threads as CREW_REDUCE. */
#define CREW_ARGMIN(v, i, n, ...)                                                                                      \
    CREW_REDUCE(v, i, n, crew_extreme_low(&v, (double)(__VA_ARGS__), i), crew_extreme_low(&v, right.value, right.index))

/* The same of the largest value. */
#define CREW_ARGMAX(v, i, n, ...)                                                                                      \
    CREW_REDUCE(v, i, n, crew_extreme_high(&v, (double)(__VA_ARGS__), i),                                              \
                crew_extreme_high(&v, right.value, right.index))

/* What they fold and merge with: a value that comes after what `e` has seen. */
static inline void crew_extreme_low(crew_extreme *e, double value, size_t index)
{
    if (e->value == e->value && !(value >= e->value)) {
        e->value = value;
        e->index = index;
    }
}

static inline void crew_extreme_high(crew_extreme *e, double value, size_t index)
{
    if (e->value == e->value && !(value <= e->value)) {
        e->value = value;
        e->index = index;
    }
}

/* Count, mean and squared distances from the mean of the numbers seen. Zero bytes have seen none. */
typedef struct crew_moments {
    uint64_t count;
    double mean, squares;
} crew_moments;

/* m sees the value of the expression at i = 0 .. n-1, after what it has seen: `crew_moments m = {0};`. m is the name of
   a variable. Updates by Welford (doi:10.1080/00401706.1962.10490022), merges by Chan, Golub and LeVeque
   (doi:10.1080/00031305.1983.10483115): no cancellation of large squares. Work, span and threads as CREW_REDUCE. */
#define CREW_MOMENTS(m, i, n, ...)                                                                                     \
    CREW_REDUCE(m, i, n, crew_moments_add(&m, (double)(__VA_ARGS__)), crew_moments_merge(&m, &right))

static inline void crew_moments_add(crew_moments *m, double value)
{
    double from_old = value - m->mean;
    m->count++;
    m->mean += from_old / (double)m->count;
    m->squares += from_old * (value - m->mean);
}

/* m = m followed by right. */
static inline void crew_moments_merge(crew_moments *m, const crew_moments *right)
{
    if (m->count == 0) {
        *m = *right;
    } else if (right->count > 0) {
        double apart = right->mean - m->mean, share = (double)right->count / (double)(m->count + right->count);
        m->squares += right->squares + apart * apart * share * (double)m->count;
        m->mean += apart * share;
        m->count += right->count;
    }
}

/* squares / count; NaN where nothing was seen. */
static inline double crew_moments_variance(const crew_moments *m)
{
    return m->count > 0 ? m->squares / (double)m->count : (double)NAN;
}

/* squares / (count - 1), for a sample; NaN below two. */
static inline double crew_moments_sample_variance(const crew_moments *m)
{
    return m->count > 1 ? m->squares / (double)(m->count - 1) : (double)NAN;
}

/* left[k] = left[k] + right[k] for k = 0 .. n-1; and the smaller or larger of the two, NaN if either is. The arrays do
   not overlap. Merges of accumulators that are or hold arrays:

       CREW_REDUCE (acc, i, n, see(&acc, x[i]), crew_array_max_f64(acc.peak, right.peak, 100));

   crew_array_sum_f32, _f64, _i32, _i64, _u32, _u64, and crew_array_min_ and crew_array_max_ of the same. */
#define CREW_NAME f32
#define CREW_TYPE float
#include <crew/inline/array_merges.h>
#define CREW_NAME f64
#define CREW_TYPE double
#include <crew/inline/array_merges.h>
#define CREW_NAME i32
#define CREW_TYPE int32_t
#include <crew/inline/array_merges.h>
#define CREW_NAME i64
#define CREW_TYPE int64_t
#include <crew/inline/array_merges.h>
#define CREW_NAME u32
#define CREW_TYPE uint32_t
#include <crew/inline/array_merges.h>
#define CREW_NAME u64
#define CREW_TYPE uint64_t
#include <crew/inline/array_merges.h>

#ifdef __cplusplus
}
#endif
#endif
