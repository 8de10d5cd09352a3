// Pi by Monte Carlo: the share of random points of the unit square that lie in the quarter circle, times 4.
//
//     cc -O2 -fopenmp -Iinclude examples/pi.c lib/core/*/*.c -lm -o pi
//     ./pi [SAMPLES]
//
// The same digits at any thread count, because no thread has a generator with a state: the random numbers of sample i
// are a function of i. Nothing has to be seeded per thread, skipped ahead or locked.

#define _POSIX_C_SOURCE 200809L
#include <crew/crew.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Philox2x32-10: 64 random bits from a 64-bit counter and a 32-bit key. Salmon, Moraes, Dror and Shaw, Parallel random
   numbers: as easy as 1, 2, 3, SC11, doi:10.1145/2063384.2063405. */
static uint64_t philox(uint64_t counter, uint32_t key)
{
    uint32_t low = (uint32_t)counter, high = (uint32_t)(counter >> 32);
    for (int round = 0; round < 10; round++) {
        uint64_t product = (uint64_t)low * 0xD256D193u;
        low = (uint32_t)(product >> 32) ^ key ^ high;
        high = (uint32_t)product;
        key += 0x9E3779B9u;
    }
    return (uint64_t)high << 32 | low;
}

struct samples {
    uint32_t seed;
};

/* Samples begin .. end-1 into the accumulator, a count. In integers, so nothing is rounded anywhere: coordinates have
   31 bits, and their squares add up to less than 2^63. */
static int throw_points(size_t begin, size_t end, void *acc, void *ctx)
{
    const struct samples *samples = ctx;
    const uint64_t radius2 = (uint64_t)1 << 62;
    uint64_t inside = 0;
    for (size_t i = begin; i < end; i++) {
        uint64_t bits = philox(i, samples->seed), x = bits >> 33, y = (bits & 0xFFFFFFFFu) >> 1;
        inside += x * x + y * y < radius2;
    }
    *(uint64_t *)acc += inside;
    return 0;
}

static void add_counts(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    *(uint64_t *)acc += *(const uint64_t *)right;
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
    size_t n = 50000000;
    if (argc > 1) {
        char *rest;
        errno = 0;
        uintmax_t value = strtoumax(argv[1], &rest, 10);
        if (argc > 2 || argv[1][0] < '0' || argv[1][0] > '9' || *rest != '\0' || errno != 0 || value == 0 ||
            value > SIZE_MAX) {
            fprintf(stderr, "usage: %s [SAMPLES]\n", argv[0]);
            return EXIT_FAILURE;
        }
        n = (size_t)value;
    }
    struct samples samples = {.seed = 2011};

    /* fold over all items is the plain loop. */
    uint64_t plain = 0;
    double start = seconds();
    int error = throw_points(0, n, &plain, &samples);
    double plain_time = seconds() - start;

    /* merge adds counts; the identity of that, 0, is what an accumulator starts as when none is given. */
    const crew_reducer count = {.size = sizeof(uint64_t), .fold = throw_points, .merge = add_counts};
    uint64_t inside = 0;
    start = seconds();
    if (error == 0)
        error = crew_reduce(n, &count, &samples, &inside, NULL);
    double crew_time = seconds() - start;
    if (error != 0) {
        fprintf(stderr, "%s: %s\n", argv[0], crew_strerror(error));
        return EXIT_FAILURE;
    }

    /* One point is inside with probability pi / 4, so the estimate has a standard deviation of sqrt(pi (4 - pi) / n).
     */
    double pi = acos(-1.0), estimate = 4 * (double)inside / (double)n;
    printf("%" PRIu64 " of %zu points are inside, the plain loop found %" PRIu64 "\n", inside, n, plain);
    printf("pi is about %.9f, off by %.1e, one standard deviation is %.1e\n", estimate, fabs(estimate - pi),
           sqrt(pi * (4 - pi) / (double)n));
    printf("time  plain loop   %8.1f ms\n", 1e3 * plain_time);
    printf("time  crew_reduce  %8.1f ms, %d threads, %s\n", 1e3 * crew_time, crew_num_threads(), crew_backend());
    return inside == plain ? EXIT_SUCCESS : EXIT_FAILURE;
}
