/* The steps of the merge sort by a comparator, and what one thread does with them. */
#include "merge_steps.h"
#include "../../core/base/compiler.h"
#include "../typed/types.h"
#include <stdint.h>
#include <string.h>

enum { CACHED = 1 << 16 }; /* bytes: with the other array twice that, in the second level cache */

static inline const char *indexed(const char *p, const struct crew__order *o)
{
    size_t index;
    memcpy(&index, p, sizeof index);
    return o->base + index * o->size;
}

/* cmp's sign bit. */
#define BEFORE(x, y) ((unsigned)o->cmp((x), (y), o->ctx) >> (8 * sizeof(unsigned) - 1))

#define CREW__INSTANCE 4
#define CREW__SIZE 4
#define CREW__MOST CREW__SORT_MOVED
#define CREW__BEFORE BEFORE
#include <crew/inline/sort_steps.h>

#define CREW__INSTANCE 8
#define CREW__SIZE 8
#define CREW__MOST CREW__SORT_MOVED
#define CREW__BEFORE BEFORE
#include <crew/inline/sort_steps.h>

#define CREW__INSTANCE 16
#define CREW__SIZE 16
#define CREW__MOST CREW__SORT_MOVED
#define CREW__BEFORE BEFORE
#include <crew/inline/sort_steps.h>

#define CREW__INSTANCE 24
#define CREW__SIZE 24
#define CREW__MOST CREW__SORT_MOVED
#define CREW__BEFORE BEFORE
#include <crew/inline/sort_steps.h>

#define CREW__INSTANCE 32
#define CREW__SIZE 32
#define CREW__MOST CREW__SORT_MOVED
#define CREW__BEFORE BEFORE
#include <crew/inline/sort_steps.h>

#define CREW__INSTANCE any
#define CREW__SIZE (o->step)
#define CREW__MOST CREW__SORT_MOVED
#define CREW__BEFORE BEFORE
#include <crew/inline/sort_steps.h>

#define CREW__INSTANCE index
#define CREW__SIZE sizeof(size_t)
#define CREW__MOST CREW__SORT_MOVED
#define CREW__BEFORE(x, y) BEFORE(indexed(x, o), indexed(y, o))
#define CREW__ADDRESS(p, o) indexed(p, o)
#define CREW__AHEAD 8
#include <crew/inline/sort_steps.h>

const struct crew__steps *crew__steps_for(const struct crew__order *o)
{
    if (o->steps)
        return o->steps;
    if (o->base)
        return &crew__steps_index;
    switch (o->step) {
    case 4:
        return &crew__steps_4;
    case 8:
        return &crew__steps_8;
    case 16:
        return &crew__steps_16;
    case 24:
        return &crew__steps_24;
    case 32:
        return &crew__steps_32;
    default:
        return &crew__steps_any;
    }
}

/* Runs of four, then level by level; first within parts that fit the cache. */
void crew__sort_alone(char *a, char *b, size_t n, bool into_b, const struct crew__order *o)
{
    const struct crew__steps *steps = crew__steps_for(o);
    const size_t size = o->step;
    int levels = 0, inner = 0;
    while ((size_t)4 << levels < n)
        levels++;
    while (inner < levels && ((size_t)4 << inner) * size < CACHED)
        inner++;
    char *at[2] = {into_b ? b : a, into_b ? a : b}; /* at[k & 1]: the runs before the last k levels */
    for (size_t begin = 0; begin < n; begin += (size_t)4 << inner) {
        size_t count = n - begin < (size_t)4 << inner ? n - begin : (size_t)4 << inner;
        steps->sort_fours(a + begin * size, at[levels & 1] + begin * size, count, o);
        for (int l = 0; l < inner; l++) {
            char *source = at[(levels - l) & 1] + begin * size, *target = at[(levels - l - 1) & 1] + begin * size;
            steps->merge_runs(source, target, count, (size_t)4 << l, o);
        }
    }
    for (int l = inner; l < levels; l++)
        steps->merge_runs(at[(levels - l) & 1], at[(levels - l - 1) & 1], n, (size_t)4 << l, o);
}
