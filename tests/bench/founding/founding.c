/* Runs one C program of this folder: founding N TURNS WORKERS; prints seconds and a digest. */
#define _POSIX_C_SOURCE 200809L
#include "founding.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    size_t n = strtoull(argv[1], NULL, 10);
    double *xs = malloc(n * sizeof *xs), *ys = malloc(n * sizeof *ys);
    if (!xs || !ys)
        return 1;
    for (size_t i = 0; i < n; i++) {
        xs[i] = ((double)i + 0.5) / (double)n;
        ys[i] = 0;
    }
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    int error = process(xs, ys, n, atoi(argv[2]), atoi(argv[3]));
    clock_gettime(CLOCK_MONOTONIC, &b);
    if (error)
        return 1;
    printf("%.9f ", (double)(b.tv_sec - a.tv_sec) + 1e-9 * (double)(b.tv_nsec - a.tv_nsec));
    uint64_t digest = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &ys[i], sizeof bits);
        digest = digest * 31 + bits;
    }
    printf("%016" PRIx64 "\n", digest);
    free(xs);
    free(ys);
    return 0;
}
