/* Highway's vectorised quicksort, on one thread. */
#include "arrays.h"

#include <hwy/contrib/sort/vqsort.h>

void system_open(int threads)
{
    (void)threads;
}

template <class T> static void sort(array_job *job)
{
    hwy::Sorter()(static_cast<T *>(job->out), job->n, hwy::SortAscending());
}

extern "C" const array_kernel array_kernels[] = {
    {"sort-u32", "vqsort", sort<uint32_t>},
    {"sort-i64", "vqsort", sort<int64_t>},
    {"sort-f64", "vqsort", sort<double>},
    {},
};
