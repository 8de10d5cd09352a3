/* Kernels of the OpenMP driver that stand in files of their own. */
#ifndef BENCH_ARRAY_OPENMP_H
#define BENCH_ARRAY_OPENMP_H

#include "arrays.h"

array_fn openmp_histogram_256, openmp_histogram_65536, openmp_histogram_256_four, openmp_reduce;
array_fn openmp_ordered_u32, openmp_ordered_i64, openmp_ordered_f64, openmp_ordered_record;

#endif
