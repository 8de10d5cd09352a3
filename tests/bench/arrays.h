/* A driver for the array workloads (driver.h): array_driver.c talks to arrays.c; the rest of a driver implements this.

       run KERNEL VARIANT N RESTORE INPUTS STRIDE WARM_NS ROUND_NS -> NS RESULT

   `run` with ROUND_NS 0 is one call whose output is then looked at. RESTORE is the number of bytes that are copied from
   in to out before each call, for kernels that work in place; that copy is not timed. Call k works on input k % INPUTS;
   they lie STRIDE bytes apart.

   kernel           in                           out                      result
   scan-TYPE        n numbers                    their inclusive scan
   filter-TYPE      n numbers                    those above 0            how many
   sort-TYPE        n numbers, copied to out     sorted                   (record: stable, by key)
   argsort-TYPE     n numbers                    n size_t: the places of the sorted numbers, stable
   compare-TYPE     the same                     sorted, stable, through the function pointer of array_compare
   histogram-BINS   n keys, u8 or u32            BINS counts, u64
   equal_bins-f64   n doubles in -1 .. 1         EQUAL_BINS counts, u64, of bins of equal width
   reduce-u32       n keys, n doubles            distinct keys, ascending; sums from value_offset(n) on; how many
   reduce-256       the same, keys below 256
   sum-f64          n doubles                                             their sum
   fold-f64         n doubles                                             their sum, by a callback where a system has it
   dot-f64          n doubles                                             their dot product with themselves
   min-f64          n doubles                                             the smallest
   find-f64         n doubles                                             lowest index of BENCH_NEEDLE
   count-f64        n doubles                                             how many are above 0
   union-f64        two sorted halves            their union              how many
   intersection-f64 the same                     their intersection       how many
   transpose-TYPE   side * side                  transposed
   ordered-TYPE     n numbers                                             1 where ascending; one pass, for comparison
   copy             n bytes                      the same */
#ifndef BENCH_ARRAYS_H
#define BENCH_ARRAYS_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BENCH_NEEDLE 0.5

enum { EQUAL_BINS = 64 };

#ifdef __cplusplus
extern "C" {
#endif

struct record {
    uint64_t key, place;
};

struct array_job {
    size_t n;
    const void *in;
    void *out;
    double result;
    int check; /* the output is looked at: a system that cannot write to out copies it there */
};

typedef void array_fn(struct array_job *job);

struct array_kernel {
    const char *kernel, *variant;
    array_fn *run;
};

extern const struct array_kernel array_kernels[]; /* a NULL kernel ends it */

/* Called once before anything else. */
void system_open(int threads);

/* Comparisons as a library gets them: through a pointer, from another file. */
typedef int array_compare_fn(const void *a, const void *b, void *ctx);
extern array_compare_fn *array_compare_i64, *array_compare_record;

/* The callbacks of fold-f64, likewise: the sum of items of x is added to the double acc; acc += right. */
typedef int array_fold_fn(size_t begin, size_t end, void *acc, void *x);
typedef void array_merge_fn(void *acc, const void *right, void *x);
extern array_fold_fn *array_fold;
extern array_merge_fn *array_merge;

/* Where the values of reduce-u32 begin, in `in` and in `out`. */
static inline size_t value_offset(size_t n)
{
    return (n * sizeof(uint32_t) + 63) / 64 * 64;
}

static inline size_t side_of(size_t n)
{
    return (size_t)(sqrt((double)n) + 0.5);
}

#ifdef __cplusplus
}
#endif
#endif
