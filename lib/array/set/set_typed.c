/* crew_set_{union,intersection,difference,symmetric_difference}_{f32..u64} and crew_includes_{f32..u64}. */
#include "../../core/base/fp_environment.h"
#include "../move/move.h"
#include "../typed/types.h"
#include "set_chains.h"
#include "set_engine.h"

enum { FEW = 2048 };

/* What an element costs. Only decides how much is worth a thread. */
static const double item_ns = 2;

static size_t combine(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out,
                      const struct crew__set_steps *steps)
{
    struct crew__set s = {.a = a,
                          .b = b,
                          .na = na,
                          .nb = nb,
                          .out = out,
                          .steps = steps,
                          .o = {.step = size},
                          .item_ns = item_ns,
                          .cannot_fail = true};
    size_t count = 0;
    struct crew__fp_saved fp = crew__fp_begin(); /* subnormal numbers would be 0 in another one */
    if (na + nb <= FEW || crew__set_run(&s, &count) != 0)
        count = steps->part(a, na, b, nb, out, na + nb, &s.o);
    crew__fp_end(&fp);
    return count;
}

static bool none(const void *a, size_t na, const void *b, size_t nb, size_t size, const struct crew__set_steps *steps)
{
    struct crew__set s = {.a = a, .b = b, .na = na, .nb = nb, .steps = steps, .o = {.step = size}, .item_ns = item_ns};
    bool none = true;
    struct crew__fp_saved fp = crew__fp_begin();
    if (na > 0)
        (void)crew__set_none(&s, &none); /* without options nothing fails */
    crew__fp_end(&fp);
    return none;
}

/* The operation where all elements are equal. */
static size_t equal_elements(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out,
                             crew_set_operation operation)
{
    size_t both = na < nb ? na : nb, skip, from_a, from_b;
    skip = operation == CREW_SET_UNION || operation == CREW_SET_INTERSECTION ? 0 : both;
    from_a = operation == CREW_SET_INTERSECTION ? both : na - skip;
    from_b = operation == CREW_SET_UNION || operation == CREW_SET_SYMMETRIC_DIFFERENCE ? nb - both : 0;
    if (out && from_a > 0)
        crew__copy((const char *)a + skip * size, out, from_a * size);
    if (out && from_b > 0)
        crew__copy((const char *)b + both * size, (char *)out + from_a * size, from_b * size);
    return from_a + from_b;
}

#define TEMPLATE "../set/set_typed_template.h"
#include "../typed/each_type_template.h"
