/* The instances of the merge sort's steps. */
#include "../../core/base/compiler.h"
#include "merge_sort.h"
#include <stdint.h>
#include <string.h>

#define CREW__CAT_(a, b) a##_##b
#define CREW__CAT(a, b) CREW__CAT_(a, b)

enum { CREW__MERGE_CACHE = 1 << 16 }; /* bytes: with the other array twice that, in the second level cache */

/* yes where all bits of mask are set, no where none is. */
static inline const char *pick(uintptr_t mask, const char *yes, const char *no)
{
    return (const char *)(((uintptr_t)yes & mask) | ((uintptr_t)no & ~mask));
}

extern const struct crew__steps crew__steps_4, crew__steps_8, crew__steps_16, crew__steps_24, crew__steps_32,
    crew__steps_any;

#define INSTANCE 4
#define SIZE 4
#define ADDRESS(p, o) (p)
#include "merge_steps_template.h"

#define INSTANCE 8
#define SIZE 8
#define ADDRESS(p, o) (p)
#include "merge_steps_template.h"

#define INSTANCE 16
#define SIZE 16
#define ADDRESS(p, o) (p)
#include "merge_steps_template.h"

#define INSTANCE 24
#define SIZE 24
#define ADDRESS(p, o) (p)
#include "merge_steps_template.h"

#define INSTANCE 32
#define SIZE 32
#define ADDRESS(p, o) (p)
#include "merge_steps_template.h"

#define INSTANCE any
#define SIZE (o->step)
#define ADDRESS(p, o) (p)
#include "merge_steps_template.h"

static inline const char *element_at(const char *p, const struct crew__order *o)
{
    size_t index;
    memcpy(&index, p, sizeof index);
    return o->base + index * o->size;
}

#define INSTANCE index
#define SIZE sizeof(size_t)
#define ADDRESS(p, o) element_at(p, o)
#define AHEAD 8
#include "merge_steps_template.h"

const struct crew__steps *crew__steps_for(size_t step)
{
    switch (step) {
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
