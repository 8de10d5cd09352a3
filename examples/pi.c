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

/* In integers, so nothing is rounded anywhere: coordinates have 31 bits, and their squares add up to less than 2^63. */
static bool inside(size_t i)
{
    uint64_t bits = philox(i, 2011), x = bits >> 33, y = (bits & 0xFFFFFFFFu) >> 1;
    return x * x + y * y < (uint64_t)1 << 62;
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
    uint64_t plain = 0;
    double start = seconds();
    for (size_t i = 0; i < n; i++)
        plain += inside(i);
    double plain_time = seconds() - start;

    uint64_t count = 0;
    start = seconds();
    CREW_COUNT(count, i, n, inside(i));
    double crew_time = seconds() - start;

    /* One point is inside with probability pi / 4, so the estimate has a standard deviation of sqrt(pi (4 - pi) / n).
     */
    double pi = acos(-1.0), estimate = 4 * (double)count / (double)n;
    printf("%" PRIu64 " of %zu points are inside, the plain loop found %" PRIu64 "\n", count, n, plain);
    printf("pi is about %.9f, off by %.1e, one standard deviation is %.1e\n", estimate, fabs(estimate - pi),
           sqrt(pi * (4 - pi) / (double)n));
    printf("time  plain loop   %8.1f ms\n", 1e3 * plain_time);
    printf("time  CREW_COUNT   %8.1f ms, %d threads, %s\n", 1e3 * crew_time, crew_num_threads(), crew_backend());
    return count == plain ? EXIT_SUCCESS : EXIT_FAILURE;
}
