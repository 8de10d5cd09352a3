/* The steps of the merge sort by a comparator, and what one thread does with them. */
#include "merge_steps.h"
#include "../../core/base/compiler.h"
#include "../typed/types.h"
#include <stdint.h>
#include <string.h>

enum { CACHED = 1 << 16 }; /* bytes: with the other array twice that, in the second level cache */

/* yes where all bits of mask are set, no where none is. */
static inline const char *pick(uintptr_t mask, const char *yes, const char *no)
{
    return (const char *)(((uintptr_t)yes & mask) | ((uintptr_t)no & ~mask));
}

static inline const char *indexed(const char *p, const struct crew__order *o)
{
    size_t index;
    memcpy(&index, p, sizeof index);
    return o->base + index * o->size;
}

static size_t corank(const char *a, size_t na, const char *b, size_t nb, size_t k, const struct crew__order *o)
{
    size_t low = k > nb ? k - nb : 0, high = k < na ? k : na;
    while (low < high) {
        size_t i = low + (high - low) / 2;
        const char *x = a + i * o->step, *y = b + (k - i - 1) * o->step;
        if (o->cmp(o->base ? indexed(y, o) : y, o->base ? indexed(x, o) : x, o->ctx) < 0)
            high = i;
        else
            low = i + 1;
    }
    return low;
}

#define INSTANCE 4
#include "merge_steps_template.h"

#define INSTANCE 8
#include "merge_steps_template.h"

#define INSTANCE 16
#include "merge_steps_template.h"

#define INSTANCE 24
#include "merge_steps_template.h"

#define INSTANCE 32
#include "merge_steps_template.h"

#define INSTANCE any
#define SIZE (o->step)
#include "merge_steps_template.h"

#define INSTANCE index
#define SIZE sizeof(size_t)
#define ADDRESS(p, o) indexed(p, o)
#define AHEAD 8
#include "merge_steps_template.h"

const struct crew__steps *crew__steps_for(const struct crew__order *o)
{
    if (o->base)
        return &steps_index;
    switch (o->step) {
    case 4:
        return &steps_4;
    case 8:
        return &steps_8;
    case 16:
        return &steps_16;
    case 24:
        return &steps_24;
    case 32:
        return &steps_32;
    default:
        return &steps_any;
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
