/* From values to numbers of bins, once per instruction set. */
#ifndef CREW_HISTOGRAM_HISTOGRAM_KERNEL_H
#define CREW_HISTOGRAM_HISTOGRAM_KERNEL_H

#include <stddef.h>
#include <stdint.h>

enum { CREW__BIN_BLOCK = 1024 };

/* Bins of equal width: edge b is b * step + low, rounded to the type, the last one high. */
struct crew__equal_bins {
    double low, high, step, scale;
    double margin; /* so near an edge, in bins, (x - low) * scale may be on its other side */
    int32_t last;  /* the number of the last bin */
};

/* keys[i] = the bin of x[i], a number that no bin has where it is in none. n at most CREW__BIN_BLOCK. */
struct crew__bin_kernels {
    void (*equal_f32)(const float *x, size_t n, const struct crew__equal_bins *b, uint32_t *keys);
    void (*search_f32)(const float *x, size_t n, const float *edges, uint32_t bins, uint32_t *keys);
    void (*equal_f64)(const double *x, size_t n, const struct crew__equal_bins *b, uint32_t *keys);
    void (*search_f64)(const double *x, size_t n, const double *edges, uint32_t bins, uint32_t *keys);
};

/* Those for this machine and n values. */
const struct crew__bin_kernels *crew__bin_kernels(size_t n);

#endif
