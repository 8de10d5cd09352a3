/* Highway's vectorised quicksort, on one thread. It is not stable: where places count they are part of its key. */
#include "arrays.h"

#include <hwy/contrib/sort/vqsort.h>

#include <memory>
#include <utility>

void system_open(int threads)
{
    (void)threads;
}

template <class T> static void sort(array_job *job)
{
    hwy::Sorter()(static_cast<T *>(job->out), job->n, hwy::SortAscending());
}

/* Key and place in one word, in the memory that the places are for. */
static void argsort_u32(array_job *job)
{
    const uint32_t *x = static_cast<const uint32_t *>(job->in);
    uint64_t *pairs = static_cast<uint64_t *>(job->out);
    for (size_t i = 0; i < job->n; i++)
        pairs[i] = static_cast<uint64_t>(x[i]) << 32 | i;
    hwy::Sorter()(pairs, job->n, hwy::SortAscending());
    for (size_t i = 0; i < job->n; i++)
        pairs[i] &= UINT32_MAX;
}

static void argsort_f64(array_job *job)
{
    const double *x = static_cast<const double *>(job->in);
    size_t *places = static_cast<size_t *>(job->out);
    std::unique_ptr<hwy::uint128_t[]> pairs(new hwy::uint128_t[job->n]);
    for (size_t i = 0; i < job->n; i++) {
        uint64_t bits;
        memcpy(&bits, &x[i], sizeof bits);
        pairs[i].lo = i;
        pairs[i].hi = bits >> 63 ? ~bits : bits | static_cast<uint64_t>(1) << 63;
    }
    hwy::Sorter()(pairs.get(), job->n, hwy::SortAscending());
    for (size_t i = 0; i < job->n; i++)
        places[i] = pairs[i].lo;
}

/* Its pairs have the key in the second word. */
static void exchange_words(array_job *job)
{
    record *records = static_cast<record *>(job->out);
    for (size_t i = 0; i < job->n; i++)
        std::swap(records[i].key, records[i].place);
}

static void sort_record(array_job *job)
{
    exchange_words(job);
    hwy::Sorter()(static_cast<hwy::uint128_t *>(job->out), job->n, hwy::SortAscending());
    exchange_words(job);
}

extern "C" const array_kernel array_kernels[] = {
    {"sort-u32", "vqsort", sort<uint32_t>}, {"sort-i64", "vqsort", sort<int64_t>},
    {"sort-f32", "vqsort", sort<float>},    {"sort-f64", "vqsort", sort<double>},
    {"sort-record", "vqsort", sort_record}, {"argsort-u32", "vqsort", argsort_u32},
    {"argsort-f64", "vqsort", argsort_f64}, {},
};
