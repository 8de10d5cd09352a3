/* What the tests of array algorithms share: configurations that must give the same bits, random numbers, memory. */
#ifndef CREW_TESTS_ARRAY_TEST_H
#define CREW_TESTS_ARRAY_TEST_H

#include "../../lib/array/typed/isa.h"
#include "../../lib/array/typed/types.h"
#include "../../lib/core/loop/runner.h"
#include "../support/sanitized.h"
#include <check.h>
#include <crew/options.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct {
    enum crew__isa isa;
    int threads;
} configurations[] = {
#if TESTS_VALGRIND
    {CREW__ISA_AVX2, 3},
#elif TESTS_RACES
    {CREW__ISA_PLAIN, 3},
    {CREW__ISA_AVX2, 8},
#elif TESTS_MEMORY
    {CREW__ISA_PLAIN, 1},
    {CREW__ISA_AVX2, 2},
    {CREW__ISA_AVX512, 8},
#elif TESTS_SEQUENTIAL
    {CREW__ISA_PLAIN, 1},
    {CREW__ISA_AVX2, 8},
    {CREW__ISA_AVX512, 3},
#else
    {CREW__ISA_PLAIN, 1}, {CREW__ISA_AVX2, 2}, {CREW__ISA_AVX512, 3}, {CREW__ISA_AVX512, 8}, {CREW__ISA_PLAIN, 64},
#endif
};

enum { CONFIGURATIONS = sizeof configurations / sizeof configurations[0] };

static inline void configure(size_t c)
{
    crew__tuning.always_open = configurations[c].threads > 1;
    crew__isa_limit(configurations[c].isa);
    crew_set_num_threads(configurations[c].threads);
}

static inline uint64_t test_seed(void)
{
    const char *given = getenv("CREW_TEST_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);
    printf("CREW_TEST_SEED=%llu\n", (unsigned long long)seed);
    return seed;
}

/* splitmix64 */
static inline uint64_t test_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static inline void *test_alloc(size_t size)
{
    void *p = malloc(size ? size : 1);
    ck_assert_ptr_nonnull(p);
    return p;
}

static inline int run_suite(Suite *s)
{
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}

#endif
