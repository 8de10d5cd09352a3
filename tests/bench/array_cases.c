/* The array workloads, their sizes and inputs. */
#include "array_cases.h"

static uint64_t draw(uint64_t i, uint64_t salt)
{
    uint64_t v = i * 0x9e3779b97f4a7c15u + salt;
    v = (v ^ (v >> 30)) * 0xbf58476d1ce4e5b9u;
    v = (v ^ (v >> 27)) * 0x94d049bb133111ebu;
    return v ^ (v >> 31);
}

/* 64 bits whose upper ones follow the distribution. */
static uint64_t sample(enum data data, size_t i, size_t n, uint64_t salt)
{
    switch (data) {
    case SORTED:
        return UINT64_MAX / n * i;
    case FEW:
        return draw(i, salt) >> 60 << 60;
    case EQUAL:
        return (uint64_t)77 << 48 | (uint64_t)77 << 56;
    case ZIPF:
        return draw((uint64_t)pow((double)n, (double)(draw(i, salt) >> 11) * 0x1p-53), 9);
    default:
        return draw(i, salt);
    }
}

static uint32_t group_key(enum data data, size_t i, size_t n)
{
    switch (data) {
    case SORTED:
        return (uint32_t)(i / 4);
    case FEW:
        return (uint32_t)(draw(i, 1) % 1000);
    case KEYS_256:
        return (uint32_t)(draw(i, 1) % 256);
    default:
        return (uint32_t)(draw(i, 1) % (n / 4 + 1));
    }
}

/* -2^19 .. 2^19-1: a sum of 10^8 of them is exact in a double. */
static int64_t small(size_t i)
{
    return (int64_t)(draw(i, 2) >> 44) - (1 << 19);
}

static void fill_pairs(enum data data, void *in, size_t n)
{
    uint32_t *keys = in;
    double *values = (double *)((char *)in + value_offset(n));
    for (size_t i = 0; i < n; i++) {
        keys[i] = group_key(data, i, n);
        values[i] = (double)small(i);
    }
}

size_t element_size(const struct array_case *c)
{
    static const size_t sizes[] = {
        [BYTE] = 1, [BIN] = 4, [I32] = 4, [U32] = 4, [I64] = 8, [F32] = 4, [F64] = 8, [RECORD] = 16, [PAIR] = 12};
    return sizes[c->element];
}

size_t array_inputs(const struct array_case *c, size_t n)
{
    int branches = c->want == want_sort || c->want == want_argsort || c->want == want_filter || c->data == HALVES;
    size_t enough = n > 0 ? 32000 / n : 0;
    return !branches || n > 10000 ? 1 : enough < 32 ? 32 : enough > 1024 ? 1024 : enough;
}

size_t array_stride(const struct array_case *c, size_t n)
{
    return (n * element_size(c) + 63) / 64 * 64;
}

size_t array_bytes(const struct array_case *c, size_t n)
{
    size_t given = array_inputs(c, n) * array_stride(c, n), places = c->want == want_argsort ? n * sizeof(size_t) : 0;
    return given > places ? given : places;
}

static void fill_one(const struct array_case *c, void *in, size_t n, uint64_t salt)
{
    if (c->element == PAIR) {
        fill_pairs(c->data, in, n);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        uint64_t v = sample(c->data, i, n, salt);
        switch (c->element) {
        case BYTE:
            ((uint8_t *)in)[i] = (uint8_t)(v >> 56);
            break;
        case BIN:
            ((uint32_t *)in)[i] = (uint32_t)(v >> 48);
            break;
        case I64:
            ((int64_t *)in)[i] = c->data == SMALL ? small(i) : (int64_t)(v ^ (uint64_t)1 << 63);
            break;
        case F32:
            ((float *)in)[i] = (float)(v >> 40) * 0x1p-23f - 1;
            break;
        case F64:
            ((double *)in)[i] = c->data == SMALL ? (double)small(i) : (double)(v >> 11) * 0x1p-52 - 1;
            break;
        case RECORD:
            ((struct record *)in)[i] = (struct record){v, i};
            break;
        default:
            ((uint32_t *)in)[i] = (uint32_t)(v >> 32);
        }
    }
    for (size_t i = 0; (c->data == HALVES || c->data == KNOWN) && i < n; i++) /* whose turn it is cannot be predicted */
        ((double *)in)[i] = (double)((i < n / 2 ? i : i - n / 2) * 4 + (draw(i, salt) >> 62));
    if (c->data == EARLY || c->data == LATE)
        ((double *)in)[c->data == EARLY ? n / 1000 : n - 1] = BENCH_NEEDLE;
}

void array_fill(const struct array_case *c, char *in, size_t n)
{
    for (size_t k = 0; k < array_inputs(c, n); k++)
        fill_one(c, in + k * array_stride(c, n), n, k + 1);
}

#define SCAN want_scan, have_scan, 0
#define FILTER want_filter, have_filter, 0
#define SORT want_sort, have_sort, 1
#define ARGSORT want_argsort, have_argsort, 0
#define HISTOGRAM want_histogram, have_histogram, 0
#define REDUCE want_reduce, have_reduce, 0
#define EQUAL_WIDTHS want_equal_bins, have_equal_bins, 0
#define INTERSECTION want_intersection, have_filter, 0
#define TRANSPOSE want_transpose, have_transpose, 0

#define SORT_N                                                                                                         \
    {                                                                                                                  \
        100, 1000, 100000, 1000000, 50000000                                                                           \
    }
#define DISTRIBUTION_N                                                                                                 \
    {                                                                                                                  \
        100000, 1000000                                                                                                \
    }
#define ARGSORT_N                                                                                                      \
    {                                                                                                                  \
        10, 100, 1000, 100000, 1000000, 10000000                                                                       \
    }
#define HISTOGRAM_N                                                                                                    \
    {                                                                                                                  \
        1000, 100000, 1000000, 100000000                                                                               \
    }

#define SET_N                                                                                                          \
    {                                                                                                                  \
        1000, 10000, 1000000, 50000000                                                                                 \
    }

const struct array_case array_cases[] = {
    {"scan", "scan-i64", "scan-i64", I64, SMALL, SCAN, "copy", 8, {1000, 1000000, 100000000}},
    {"scan", "scan-f64", "scan-f64", F64, SMALL, SCAN, "copy", 8, {1000, 1000000, 100000000}},
    {"filter", "filter-i32", "filter-i32", I32, RANDOM, FILTER, "copy", 3, {1000, 10000, 100000, 1000000, 100000000}},
    {"filter", "filter-f64", "filter-f64", F64, RANDOM, FILTER, "copy", 6, {1000, 10000, 100000, 1000000, 50000000}},
    {"sort", "sort-u32-random", "sort-u32", U32, RANDOM, SORT, NULL, 0, SORT_N},
    {"sort", "sort-u32-sorted", "sort-u32", U32, SORTED, SORT, "ordered-u32", 1, SORT_N},
    {"sort", "sort-u32-few", "sort-u32", U32, FEW, SORT, NULL, 0, SORT_N},
    {"sort", "sort-u32-zipf", "sort-u32", U32, ZIPF, SORT, NULL, 0, DISTRIBUTION_N},
    {"sort", "sort-u32-equal", "sort-u32", U32, EQUAL, SORT, NULL, 0, DISTRIBUTION_N},
    {"sort", "sort-i64-random", "sort-i64", I64, RANDOM, SORT, NULL, 0, SORT_N},
    {"sort", "sort-i64-sorted", "sort-i64", I64, SORTED, SORT, "ordered-i64", 1, SORT_N},
    {"sort", "sort-i64-few", "sort-i64", I64, FEW, SORT, NULL, 0, SORT_N},
    {"sort", "sort-i64-zipf", "sort-i64", I64, ZIPF, SORT, NULL, 0, DISTRIBUTION_N},
    {"sort", "sort-i64-equal", "sort-i64", I64, EQUAL, SORT, NULL, 0, DISTRIBUTION_N},
    {"sort", "sort-f32-random", "sort-f32", F32, RANDOM, SORT, NULL, 0, DISTRIBUTION_N},
    {"sort", "sort-f32-few", "sort-f32", F32, FEW, SORT, NULL, 0, DISTRIBUTION_N},
    {"sort", "sort-f32-zipf", "sort-f32", F32, ZIPF, SORT, NULL, 0, DISTRIBUTION_N},
    {"sort", "sort-f32-equal", "sort-f32", F32, EQUAL, SORT, NULL, 0, DISTRIBUTION_N},
    {"sort", "sort-f64-random", "sort-f64", F64, RANDOM, SORT, NULL, 0, SORT_N},
    {"sort", "sort-f64-sorted", "sort-f64", F64, SORTED, SORT, "ordered-f64", 1, SORT_N},
    {"sort", "sort-f64-few", "sort-f64", F64, FEW, SORT, NULL, 0, SORT_N},
    {"sort", "sort-f64-zipf", "sort-f64", F64, ZIPF, SORT, NULL, 0, DISTRIBUTION_N},
    {"sort", "sort-f64-equal", "sort-f64", F64, EQUAL, SORT, NULL, 0, DISTRIBUTION_N},
    {"sort", "sort-record-random", "sort-record", RECORD, RANDOM, SORT, NULL, 0, SORT_N},
    {"sort", "sort-record-sorted", "sort-record", RECORD, SORTED, SORT, "ordered-record", 1, SORT_N},
    {"sort", "sort-record-few", "sort-record", RECORD, FEW, SORT, NULL, 0, SORT_N},
    {"sort", "sort-record-zipf", "sort-record", RECORD, ZIPF, SORT, NULL, 0, DISTRIBUTION_N},
    {"sort", "sort-compare-i64-random", "compare-i64", I64, RANDOM, SORT, NULL, 0, SORT_N},
    {"sort", "sort-compare-record-random", "compare-record", RECORD, RANDOM, SORT, NULL, 0, SORT_N},
    {"sort", "sort-compare-record-sorted", "compare-record", RECORD, SORTED, SORT, NULL, 0, SORT_N},
    {"sort", "sort-compare-record-few", "compare-record", RECORD, FEW, SORT, NULL, 0, SORT_N},
    {"argsort", "argsort-u32-random", "argsort-u32", U32, RANDOM, ARGSORT, NULL, 0, ARGSORT_N},
    {"argsort", "argsort-u32-zipf", "argsort-u32", U32, ZIPF, ARGSORT, NULL, 0, DISTRIBUTION_N},
    {"argsort", "argsort-u32-few", "argsort-u32", U32, FEW, ARGSORT, NULL, 0, DISTRIBUTION_N},
    {"argsort", "argsort-f64-random", "argsort-f64", F64, RANDOM, ARGSORT, NULL, 0, ARGSORT_N},
    {"argsort", "argsort-f64-zipf", "argsort-f64", F64, ZIPF, ARGSORT, NULL, 0, DISTRIBUTION_N},
    {"argsort", "argsort-f64-few", "argsort-f64", F64, FEW, ARGSORT, NULL, 0, DISTRIBUTION_N},
    {"histogram", "histogram-256-random", "histogram-256", BYTE, RANDOM, HISTOGRAM, NULL, 0, HISTOGRAM_N},
    {"histogram", "histogram-256-equal", "histogram-256", BYTE, EQUAL, HISTOGRAM, NULL, 0, HISTOGRAM_N},
    {"histogram", "histogram-65536-random", "histogram-65536", BIN, RANDOM, HISTOGRAM, NULL, 0, HISTOGRAM_N},
    {"histogram", "histogram-65536-equal", "histogram-65536", BIN, EQUAL, HISTOGRAM, NULL, 0, HISTOGRAM_N},
    {"by_key", "reduce_by_key-few", "reduce-u32", PAIR, FEW, REDUCE, NULL, 0, {1000, 1000000, 10000000}},
    {"by_key", "reduce_by_key-many", "reduce-u32", PAIR, MANY, REDUCE, NULL, 0, {1000, 1000000, 10000000}},
    {"by_key", "reduce_by_key-sorted", "reduce-u32", PAIR, SORTED, REDUCE, NULL, 0, {1000, 1000000, 10000000}},
    {"find", "find-early", "find-f64", F64, EARLY, want_find, have_result, 0, NULL, 0, {1000, 1000000, 100000000}},
    {"find", "find-late", "find-f64", F64, LATE, want_find, have_result, 0, NULL, 0, {1000, 1000000, 100000000}},
    {"find", "find-count", "count-f64", F64, RANDOM, want_count, have_result, 0, NULL, 0, {1000, 1000000, 100000000}},
    {"set", "set-union", "union-f64", F64, HALVES, want_union, have_filter, 0, "copy", 6, SET_N},
    {"set", "set-intersection", "intersection-f64", F64, HALVES, want_intersection, have_filter, 0, "copy", 4, SET_N},
    {"move", "transpose-u32", "transpose-u32", U32, RANDOM, TRANSPOSE, "copy", 4, {1024, 1000000, 16777216, 100000000}},
    {"move", "transpose-f64", "transpose-f64", F64, RANDOM, TRANSPOSE, "copy", 8, {1024, 1000000, 16777216, 100000000}},
    {"few", "few-sum", "sum-f64", F64, SMALL, want_sum, have_number, 0, NULL, 0, {1, 2, 4, 10, 100}},
    {"few", "few-dot", "dot-f64", F64, SMALL, want_dot, have_number, 0, NULL, 0, {1, 2, 4, 10, 100}},
    {"few", "few-min", "min-f64", F64, SMALL, want_min, have_number, 0, NULL, 0, {1, 2, 4, 10, 100}},
    {"few", "few-reduce", "fold-f64", F64, SMALL, want_sum, have_number, 0, NULL, 0, {10, 100, 1000, 10000}},
    {"few", "few-count", "count-f64", F64, RANDOM, want_count, have_result, 0, NULL, 0, {10, 100}},
    {"few", "few-find", "find-f64", F64, LATE, want_find, have_result, 0, NULL, 0, {10, 100}},
    {"few", "few-filter", "filter-f64", F64, RANDOM, FILTER, NULL, 0, {1, 10, 100, 1000, 10000}},
    {"few", "few-by_key", "reduce-256", PAIR, KEYS_256, REDUCE, NULL, 0, {10, 100, 1000, 10000}},
    {"few", "few-histogram", "equal_bins-f64", F64, RANDOM, EQUAL_WIDTHS, NULL, 0, {1, 10, 100, 1000, 10000}},
    {"few", "few-sort-u32", "sort-u32", U32, RANDOM, SORT, NULL, 0, {10, 100}},
    {"few", "few-sort-i64", "sort-i64", I64, RANDOM, SORT, NULL, 0, {10, 100}},
    {"few", "few-sort-f64", "sort-f64", F64, RANDOM, SORT, NULL, 0, {10, 100}},
    {"few", "few-sort-record", "sort-record", RECORD, RANDOM, SORT, NULL, 0, {10, 100, 1000, 10000}},
    {"few", "few-union-random", "union-f64", F64, HALVES, want_union, have_filter, 0, NULL, 0, {10, 100, 1000}},
    {"few", "few-union-known", "union-f64", F64, KNOWN, want_union, have_filter, 0, NULL, 0, {10, 100, 1000, 10000}},
    {"few", "few-intersection-known", "intersection-f64", F64, KNOWN, INTERSECTION, NULL, 0, {10, 100, 1000, 10000}},
    {0},
};
