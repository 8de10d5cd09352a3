/* What one writes by hand with MPI and OpenMP: the same sum, scan, stencil and sample sort. Each rank passes its part.
 */
#ifndef BENCH_MPI_OPENMP_H
#define BENCH_MPI_OPENMP_H

#include <mpi.h>
#include <stddef.h>

double hand_sum(const double *x, size_t n);

/* Inclusive; x may be out. */
void hand_scan(const double *x, double *out, size_t n);

/* One step of the heat equation over rows of `cols` cells. above and below: room for a row. */
void hand_step(const double *x, double *out, size_t rows, size_t cols, double *above, double *below);

/* One row of it, which crew's program calls too. */
void hand_row(const double *up, const double *x, const double *down, double *out, size_t cols);

/* Sorts all ranks' parts. Returns this rank's new part, which free() frees, of *count elements. */
double *hand_sort(const double *x, size_t n, size_t *count);

#endif
