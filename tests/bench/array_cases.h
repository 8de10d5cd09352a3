/* The array workloads: their inputs, and how an output is recognised as right. */
#ifndef BENCH_ARRAY_CASES_H
#define BENCH_ARRAY_CASES_H

#include "arrays.h"

enum element { BYTE, BIN, I32, U32, I64, F32, F64, RECORD, PAIR }; /* BIN: u32 below 65536. PAIR: keys, then values */

/* ZIPF: the k-th most frequent value has a share of about 1 / k. HALVES: each is sorted. KNOWN: the same, always one
   input. */
enum data { SMALL, RANDOM, SORTED, FEW, EQUAL, ZIPF, MANY, KEYS_256, EARLY, LATE, HALVES, KNOWN };

struct array_case {
    const char *workload; /* as named on the command line */
    const char *label;    /* as printed; may be named too, also without its last parts */
    const char *kernel;
    enum element element;
    enum data data;
    /* One number that says what a right output is, made from the input by plain loops, and the same of an output. */
    uint64_t (*want)(const struct array_case *c, const void *in, size_t n);
    uint64_t (*have)(const struct array_case *c, const void *out, size_t n, double result);
    int in_place; /* works on a copy of the input in out */
    /* Less than the kernel must do, measured beside it where a driver has it: a copy of n * floor_size bytes, as many
       bytes read and written as the kernel must, or one pass over the input. */
    const char *floor;
    size_t floor_size;
    size_t n[6]; /* ends at 0 */
};

extern const struct array_case array_cases[]; /* a NULL workload ends it */

size_t element_size(const struct array_case *c);

/* How many inputs take turns: a branch predictor learns the branches of one sort of 1000 elements by heart, and of 32
   sorts of ten. */
size_t array_inputs(const struct array_case *c, size_t n);
size_t array_stride(const struct array_case *c, size_t n);
void array_fill(const struct array_case *c, char *in, size_t n);

/* What in and out each need. */
size_t array_bytes(const struct array_case *c, size_t n);

uint64_t want_scan(const struct array_case *c, const void *in, size_t n);
uint64_t have_scan(const struct array_case *c, const void *out, size_t n, double result);
uint64_t want_filter(const struct array_case *c, const void *in, size_t n);
uint64_t have_filter(const struct array_case *c, const void *out, size_t n, double result);
uint64_t want_sort(const struct array_case *c, const void *in, size_t n);
uint64_t have_sort(const struct array_case *c, const void *out, size_t n, double result);
uint64_t want_histogram(const struct array_case *c, const void *in, size_t n);
uint64_t have_histogram(const struct array_case *c, const void *out, size_t n, double result);
uint64_t want_reduce(const struct array_case *c, const void *in, size_t n);
uint64_t have_reduce(const struct array_case *c, const void *out, size_t n, double result);
uint64_t want_find(const struct array_case *c, const void *in, size_t n);
uint64_t want_count(const struct array_case *c, const void *in, size_t n);
uint64_t have_result(const struct array_case *c, const void *out, size_t n, double result);
uint64_t want_union(const struct array_case *c, const void *in, size_t n);
uint64_t want_intersection(const struct array_case *c, const void *in, size_t n);
uint64_t want_argsort(const struct array_case *c, const void *in, size_t n);
uint64_t have_argsort(const struct array_case *c, const void *out, size_t n, double result);
uint64_t want_sum(const struct array_case *c, const void *in, size_t n);
uint64_t want_dot(const struct array_case *c, const void *in, size_t n);
uint64_t want_min(const struct array_case *c, const void *in, size_t n);
uint64_t have_number(const struct array_case *c, const void *out, size_t n, double result);
uint64_t want_equal_bins(const struct array_case *c, const void *in, size_t n);
uint64_t have_equal_bins(const struct array_case *c, const void *out, size_t n, double result);
uint64_t want_transpose(const struct array_case *c, const void *in, size_t n);
uint64_t have_transpose(const struct array_case *c, const void *out, size_t n, double result);

#endif
