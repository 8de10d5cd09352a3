/* Naive typed reductions for the six types, and random numbers. */
#ifndef CREW_TESTS_ORACLE_TYPED_H
#define CREW_TESTS_ORACLE_TYPED_H

#include "../../lib/array/typed/types.h"
#include <math.h>
#include <stddef.h>
#include <stdint.h>

/* splitmix64 */
static inline uint64_t oracle_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

#define TEMPLATE "../../../tests/support/oracle_typed_template.h"
#include "../../lib/array/typed/each_type_template.h"

#endif
