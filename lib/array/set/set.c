/* crew_set_union, crew_set_intersection, crew_set_difference, crew_set_symmetric_difference, crew_includes, and the
   forms that programs compile. */
#include "../../core/base/callback_frame.h"
#include "../../core/base/memory.h"
#include "set_engine.h"
#include <errno.h>
#include <string.h>

#define CREW__INSTANCE union
#define CREW__SIZE (o->step)
#define CREW__BEFORE(x, y) (o->cmp((x), (y), o->ctx) < 0 ? 1 : 0)
#define CREW__AFTER(x, y) o->cmp((x), (y), o->ctx)
#define CREW__SET CREW_SET_UNION
#include <crew/inline/set_steps.h>

#define CREW__INSTANCE intersection
#define CREW__SIZE (o->step)
#define CREW__BEFORE(x, y) (o->cmp((x), (y), o->ctx) < 0 ? 1 : 0)
#define CREW__AFTER(x, y) o->cmp((x), (y), o->ctx)
#define CREW__SET CREW_SET_INTERSECTION
#include <crew/inline/set_steps.h>

#define CREW__INSTANCE difference
#define CREW__SIZE (o->step)
#define CREW__BEFORE(x, y) (o->cmp((x), (y), o->ctx) < 0 ? 1 : 0)
#define CREW__AFTER(x, y) o->cmp((x), (y), o->ctx)
#define CREW__SET CREW_SET_DIFFERENCE
#include <crew/inline/set_steps.h>

#define CREW__INSTANCE symmetric_difference
#define CREW__SIZE (o->step)
#define CREW__BEFORE(x, y) (o->cmp((x), (y), o->ctx) < 0 ? 1 : 0)
#define CREW__AFTER(x, y) o->cmp((x), (y), o->ctx)
#define CREW__SET CREW_SET_SYMMETRIC_DIFFERENCE
#include <crew/inline/set_steps.h>

static int check(const struct crew__set *s)
{
    size_t a_bytes, b_bytes, bytes, size = s->o.step;
    if (size == 0 || (s->na > 0 && !s->a) || (s->nb > 0 && !s->b) || (s->opt && !(s->opt->timeout >= 0)))
        return -EINVAL;
    if (s->na > SIZE_MAX - s->nb || !crew__mul(s->na + s->nb, size, &bytes))
        return -EOVERFLOW;
    a_bytes = s->na * size;
    b_bytes = s->nb * size;
    return s->out && (crew__overlap(s->a, a_bytes, s->out, 1) || crew__overlap(s->b, b_bytes, s->out, 1)) ? -EINVAL : 0;
}

static int combine(const struct crew__set *s, size_t *count)
{
    size_t found = 0, size = s->o.step;
    int error = count ? check(s) : -EINVAL;
    if (error == 0 && s->na + s->nb > 0)
        error = crew__set_run(s, &found);
    if (error)
        return error;
    /* How much room the result takes is only known now. */
    if (s->out && (crew__overlap(s->a, s->na * size, s->out, found * size) ||
                   crew__overlap(s->b, s->nb * size, s->out, found * size)))
        return -EINVAL;
    *count = found;
    return 0;
}

static int includes(const struct crew__set *s, bool *result)
{
    bool none = true;
    int error = result ? check(s) : -EINVAL;
    if (error == 0 && s->na + s->nb > 0)
        error = crew__set_none(s, &none);
    if (error == 0)
        *result = none;
    return error;
}

int crew__set_by_steps(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out,
                       const struct crew__set_steps *steps, size_t *count, const crew_options *opt)
{
    CREW__NO_EXCEPTION_PASSES();
    struct crew__set s = {
        .a = a, .b = b, .na = na, .nb = nb, .out = out, .steps = steps, .o = {.step = size}, .opt = opt};
    return combine(&s, count);
}

int crew__includes_by_steps(const void *a, size_t na, const void *b, size_t nb, size_t size,
                            const struct crew__set_steps *steps, bool *result, const crew_options *opt)
{
    CREW__NO_EXCEPTION_PASSES();
    struct crew__set s = {.a = b, .b = a, .na = nb, .nb = na, .steps = steps, .o = {.step = size}, .opt = opt};
    return includes(&s, result);
}

int crew_includes(const void *a, size_t na, const void *b, size_t nb, size_t size, crew_compare *cmp, void *ctx,
                  bool *result, const crew_options *opt)
{
    CREW__NO_EXCEPTION_PASSES();
    struct crew__set s = {.a = b,
                          .b = a,
                          .na = nb,
                          .nb = na,
                          .steps = &crew__set_steps_difference,
                          .o = {.cmp = cmp, .ctx = ctx, .step = size},
                          .opt = opt};
    return cmp ? includes(&s, result) : -EINVAL;
}

#define OPERATION union
#include "set_operation_template.h"
#define OPERATION intersection
#include "set_operation_template.h"
#define OPERATION difference
#include "set_operation_template.h"
#define OPERATION symmetric_difference
#include "set_operation_template.h"
