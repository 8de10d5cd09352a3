/* oneTBB: its algorithms, or what its documentation builds from them. */
#include "array_groups.h"
#include "array_loops.h"

#include <atomic>
#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/blocked_range2d.h>
#include <oneapi/tbb/enumerable_thread_specific.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/parallel_reduce.h>
#include <oneapi/tbb/parallel_scan.h>
#include <oneapi/tbb/parallel_sort.h>
#include <vector>

using range = tbb::blocked_range<size_t>;

void system_open(int threads)
{
    static tbb::global_control limit(tbb::global_control::max_allowed_parallelism, static_cast<size_t>(threads));
}

template <class T> static const T *in_of(const array_job *job)
{
    return static_cast<const T *>(job->in);
}

template <class T> static T *out_of(const array_job *job)
{
    return static_cast<T *>(job->out);
}

template <class T> static void scan(array_job *job)
{
    const T *x = in_of<T>(job);
    T *out = out_of<T>(job);
    tbb::parallel_scan(
        range(0, job->n), T{0},
        [=](const range &r, T sum, bool final) {
            if (final)
                for (size_t i = r.begin(); i < r.end(); i++)
                    out[i] = sum += x[i];
            else
                for (size_t i = r.begin(); i < r.end(); i++)
                    sum += x[i];
            return sum;
        },
        [](T a, T b) { return a + b; });
}

/* A scan of how many are kept; its final pass writes them. */
template <class T> static void filter(array_job *job)
{
    const T *x = in_of<T>(job);
    T *out = out_of<T>(job);
    job->result = static_cast<double>(tbb::parallel_scan(
        range(0, job->n), size_t{0},
        [=](const range &r, size_t kept, bool final) {
            for (size_t i = r.begin(); i < r.end(); i++)
                if (x[i] > 0) {
                    if (final)
                        out[kept] = x[i];
                    kept++;
                }
            return kept;
        },
        [](size_t a, size_t b) { return a + b; }));
}

template <class T> static void sort(array_job *job)
{
    tbb::parallel_sort(out_of<T>(job), out_of<T>(job) + job->n);
}

/* Not stable, which does not show in whole numbers. */
static void compare_i64(array_job *job)
{
    array_compare_fn *compare = array_compare_i64;
    tbb::parallel_sort(out_of<int64_t>(job), out_of<int64_t>(job) + job->n,
                       [=](const int64_t &a, const int64_t &b) { return compare(&a, &b, nullptr) < 0; });
}

template <class T, size_t Bins> static void histogram(array_job *job)
{
    const T *keys = in_of<T>(job);
    uint64_t *counts = out_of<uint64_t>(job);
    tbb::enumerable_thread_specific<std::vector<uint64_t>> tables([] { return std::vector<uint64_t>(Bins); });
    tbb::parallel_for(range(0, job->n), [&](const range &r) {
        uint64_t *table = tables.local().data();
        for (size_t i = r.begin(); i < r.end(); i++)
            table[keys[i]]++;
    });
    std::fill(counts, counts + Bins, 0);
    for (const std::vector<uint64_t> &table : tables)
        for (size_t b = 0; b < Bins; b++)
            counts[b] += table[b];
}

static void reduce(array_job *job)
{
    const uint32_t *keys = in_of<uint32_t>(job);
    const double *values = reinterpret_cast<const double *>(static_cast<const char *>(job->in) + value_offset(job->n));
    tbb::enumerable_thread_specific<groups> tables([] { return groups_open(1024); });
    tbb::parallel_for(range(0, job->n), [&](const range &r) {
        groups &g = tables.local();
        for (size_t i = r.begin(); i < r.end(); i++)
            groups_add(&g, keys[i], values[i]);
    });
    groups all = *tables.begin();
    for (auto other = tables.begin() + 1; other != tables.end(); ++other) {
        groups_merge(&all, &*other);
        free(other->table);
    }
    groups_close_up(&all);
    tbb::parallel_sort(all.table, all.table + all.count, [](const group &a, const group &b) { return a.key < b.key; });
    groups_write(&all, job);
    free(all.table);
}

static void find(array_job *job)
{
    const double *x = in_of<double>(job);
    std::atomic<size_t> lowest{job->n};
    tbb::parallel_for(range(0, job->n), [&](const range &r) {
        for (size_t begin = r.begin(); begin < r.end() && begin < lowest.load(std::memory_order_relaxed);) {
            size_t end = std::min(begin + 4096, r.end()), at = find_range(x, begin, end);
            size_t known = lowest.load(std::memory_order_relaxed);
            while (at < end && at < known && !lowest.compare_exchange_weak(known, at))
                continue;
            begin = at < end ? r.end() : end;
        }
    });
    job->result = static_cast<double>(lowest.load());
}

static void count(array_job *job)
{
    const double *x = in_of<double>(job);
    job->result = static_cast<double>(tbb::parallel_reduce(
        range(0, job->n), size_t{0},
        [=](const range &r, size_t sum) { return sum + count_range_f64(x + r.begin(), r.size()); },
        [](size_t a, size_t b) { return a + b; }));
}

template <class T> static void transpose(array_job *job)
{
    const T *in = in_of<T>(job);
    T *out = out_of<T>(job);
    size_t side = side_of(job->n);
    tbb::parallel_for(tbb::blocked_range2d<size_t>(0, side, TILE, 0, side, TILE),
                      [=](const tbb::blocked_range2d<size_t> &r) {
                          for (size_t i = r.rows().begin(); i < r.rows().end(); i++)
                              for (size_t j = r.cols().begin(); j < r.cols().end(); j++)
                                  out[j * side + i] = in[i * side + j];
                      });
}

extern "C" const array_kernel array_kernels[] = {
    {"scan-i64", "tbb", scan<int64_t>},
    {"scan-f64", "tbb", scan<double>},
    {"filter-i32", "tbb", filter<int32_t>},
    {"filter-f64", "tbb", filter<double>},
    {"sort-u32", "tbb", sort<uint32_t>},
    {"sort-i64", "tbb", sort<int64_t>},
    {"sort-f64", "tbb", sort<double>},
    {"compare-i64", "tbb", compare_i64},
    {"histogram-256", "tbb", histogram<uint8_t, 256>},
    {"histogram-65536", "tbb", histogram<uint32_t, 65536>},
    {"reduce-u32", "tbb", reduce},
    {"find-f64", "tbb", find},
    {"count-f64", "tbb", count},
    {"transpose-u32", "tbb", transpose<uint32_t>},
    {"transpose-f64", "tbb", transpose<double>},
    {},
};
