/* The C++ standard library on one thread. Built a second time with PARALLEL, as GNU's parallel mode: the same
   algorithms from
   __gnu_parallel where it has them, which compiled with -D_GLIBCXX_PARALLEL it puts in their place. */
#include "arrays.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <utility>
#include <vector>

#ifdef _GLIBCXX_PARALLEL
#include <omp.h>
#define VARIANT "gnu-parallel"
#else
#define VARIANT "std"
#endif

void system_open(int threads)
{
    (void)threads;
#ifdef _GLIBCXX_PARALLEL
    omp_set_dynamic(0);
    omp_set_num_threads(threads);
#endif
}

template <class T> static const T *in_of(const array_job *job)
{
    return static_cast<const T *>(job->in);
}

template <class T> static T *out_of(const array_job *job)
{
    return static_cast<T *>(job->out);
}

/* The parallel mode has partial_sum but no inclusive_scan. */
template <class T> static void scan(array_job *job)
{
#ifdef _GLIBCXX_PARALLEL
    std::partial_sum(in_of<T>(job), in_of<T>(job) + job->n, out_of<T>(job));
#else
    std::inclusive_scan(in_of<T>(job), in_of<T>(job) + job->n, out_of<T>(job));
#endif
}

template <class T> static void sort(array_job *job)
{
    std::sort(out_of<T>(job), out_of<T>(job) + job->n);
}

template <class T> static void argsort(array_job *job)
{
    const T *x = in_of<T>(job);
    size_t *places = out_of<size_t>(job);
    std::iota(places, places + job->n, size_t{0});
    std::stable_sort(places, places + job->n, [=](size_t a, size_t b) { return x[a] < x[b]; });
}

static void sort_record(array_job *job)
{
    std::stable_sort(out_of<record>(job), out_of<record>(job) + job->n,
                     [](const record &a, const record &b) { return a.key < b.key; });
}

static void compare_i64(array_job *job)
{
    array_compare_fn *compare = array_compare_i64;
    std::stable_sort(out_of<int64_t>(job), out_of<int64_t>(job) + job->n,
                     [=](const int64_t &a, const int64_t &b) { return compare(&a, &b, nullptr) < 0; });
}

static void compare_record(array_job *job)
{
    array_compare_fn *compare = array_compare_record;
    std::stable_sort(out_of<record>(job), out_of<record>(job) + job->n,
                     [=](const record &a, const record &b) { return compare(&a, &b, nullptr) < 0; });
}

static void find(array_job *job)
{
    const double *x = in_of<double>(job);
    job->result = static_cast<double>(std::find(x, x + job->n, BENCH_NEEDLE) - x);
}

static void count(array_job *job)
{
    const double *x = in_of<double>(job);
    job->result = static_cast<double>(std::count_if(x, x + job->n, [](double v) { return v > 0; }));
}

/* The parallel mode's set operations do not compile for pointers to const. */
static double *numbers_of(const array_job *job)
{
    return const_cast<double *>(in_of<double>(job));
}

static void set_union(array_job *job)
{
    double *a = numbers_of(job), *b = a + job->n / 2;
    double *out = out_of<double>(job);
    job->result = static_cast<double>(std::set_union(a, b, b, a + job->n, out) - out);
}

static void set_intersection(array_job *job)
{
    double *a = numbers_of(job), *b = a + job->n / 2;
    double *out = out_of<double>(job);
    job->result = static_cast<double>(std::set_intersection(a, b, b, a + job->n, out) - out);
}

static const double *values_of(const array_job *job)
{
    return reinterpret_cast<const double *>(static_cast<const char *>(job->in) + value_offset(job->n));
}

static double *sums_of(const array_job *job)
{
    return reinterpret_cast<double *>(static_cast<char *>(job->out) + value_offset(job->n));
}

using pair = std::pair<uint32_t, double>;

static bool lower_key(const pair &a, const pair &b)
{
    return a.first < b.first;
}

#ifdef _GLIBCXX_PARALLEL
/* No hash table for several threads in there: pairs are sorted, then added up. */
static void reduce(array_job *job)
{
    const uint32_t *keys = in_of<uint32_t>(job);
    const double *values = values_of(job);
    uint32_t *keys_out = out_of<uint32_t>(job);
    double *sums = sums_of(job);
    std::vector<pair> pairs(job->n);
    for (size_t i = 0; i < job->n; i++)
        pairs[i] = {keys[i], values[i]};
    std::sort(pairs.begin(), pairs.end(), lower_key);
    size_t groups = 0;
    for (const pair &p : pairs) {
        if (groups == 0 || keys_out[groups - 1] != p.first) {
            keys_out[groups] = p.first;
            sums[groups++] = 0;
        }
        sums[groups - 1] += p.second;
    }
    job->result = static_cast<double>(groups);
}
#else
static void reduce(array_job *job)
{
    const uint32_t *keys = in_of<uint32_t>(job);
    const double *values = values_of(job);
    std::unordered_map<uint32_t, double> table;
    for (size_t i = 0; i < job->n; i++)
        table[keys[i]] += values[i];
    std::vector<pair> groups(table.begin(), table.end());
    std::sort(groups.begin(), groups.end(), lower_key);
    for (size_t k = 0; k < groups.size(); k++) {
        out_of<uint32_t>(job)[k] = groups[k].first;
        sums_of(job)[k] = groups[k].second;
    }
    job->result = static_cast<double>(groups.size());
}

template <class T> static void filter(array_job *job)
{
    T *end = std::copy_if(in_of<T>(job), in_of<T>(job) + job->n, out_of<T>(job), [](T v) { return v > 0; });
    job->result = static_cast<double>(end - out_of<T>(job));
}
#endif

extern "C" const array_kernel array_kernels[] = {
    {"scan-i64", VARIANT, scan<int64_t>},
    {"scan-f64", VARIANT, scan<double>},
#ifndef _GLIBCXX_PARALLEL
    {"filter-i32", VARIANT, filter<int32_t>},
    {"filter-f64", VARIANT, filter<double>},
#endif
    {"sort-u32", VARIANT, sort<uint32_t>},
    {"sort-i64", VARIANT, sort<int64_t>},
    {"sort-f32", VARIANT, sort<float>},
    {"sort-f64", VARIANT, sort<double>},
    {"argsort-u32", VARIANT, argsort<uint32_t>},
    {"argsort-f64", VARIANT, argsort<double>},
    {"sort-record", VARIANT, sort_record},
    {"compare-i64", VARIANT, compare_i64},
    {"compare-record", VARIANT, compare_record},
    {"reduce-u32", VARIANT, reduce},
    {"reduce-256", VARIANT, reduce},
    {"union-f64", VARIANT, set_union},
    {"intersection-f64", VARIANT, set_intersection},
    {"find-f64", VARIANT, find},
    {"count-f64", VARIANT, count},
    {},
};
