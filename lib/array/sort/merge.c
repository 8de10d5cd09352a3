/* Merges of two sorted arrays, cut by co-ranking. */
#include "../../core/base/compiler.h"
#include "../../core/base/memory.h"
#include "../../core/loop/loop_sequence.h"
#include "sort_typed.h"
#include <errno.h>
#include <string.h>

enum { PARTS = 256, LEAST_PART = 8192 };

struct job {
    const char *a, *b;
    char *out;
    size_t na, nb, part;
    const struct crew__steps *steps;
    const struct crew__order *o;
    size_t left[PARTS + 1]; /* elements of a in front of each part */
};

static int merge_parts(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct job *m = ctx;
    (void)failed;
    size_t step = m->o->step, n = m->na + m->nb;
    for (size_t p = begin; p < end; p++) {
        size_t at = p * m->part, stop = n - at < m->part ? n : at + m->part;
        size_t i = m->left[p], i_end = m->left[p + 1], j = at - i, j_end = stop - i_end;
        m->steps->merge(m->a + i * step, i_end - i, m->b + j * step, j_end - j, m->out + at * step, m->o);
    }
    return 0;
}

int crew__merge(const void *a, size_t na, const void *b, size_t nb, void *out, const struct crew__steps *steps,
                const struct crew__order *o, const crew_options *opt)
{
    struct job m;
    size_t n = na + nb;
    m.a = na > 0 ? a : b; /* may be NULL where it is empty */
    m.b = nb > 0 ? b : a;
    m.out = out;
    m.na = na;
    m.nb = nb;
    m.steps = steps;
    m.o = o;
    m.part = (n + PARTS - 1) / PARTS;
    m.part = m.part < LEAST_PART ? LEAST_PART : m.part;
    size_t parts = (n + m.part - 1) / m.part;
    m.left[0] = 0;
    m.left[parts] = na;
    for (size_t p = 1; p < parts; p++) {
        /* In arrays that are not sorted the parts could overlap: each must start within the one before it. */
        size_t i = steps->corank(a, na, b, nb, p * m.part, o), least = m.left[p - 1];
        m.left[p] = i < least ? least : i > least + m.part ? least + m.part : i;
    }
    struct crew__sequence stages;
    crew__sequence_begin(&stages, opt, 1);
    return crew__sequence_run(&stages, parts, merge_parts, &m, 2 * (double)m.part);
}

static int check(const void *a, size_t na, const void *b, size_t nb, size_t size, const void *out)
{
    int error = crew__check_array(a, na, size);
    error = error ? error : crew__check_array(b, nb, size);
    error = error ? error : na > SIZE_MAX - nb ? -EOVERFLOW : crew__check_array(out, na + nb, size);
    if (error)
        return error;
    size_t bytes = (na + nb) * size;
    return crew__overlap(out, bytes, a, na * size) || crew__overlap(out, bytes, b, nb * size) ? -EINVAL : 0;
}

int crew_merge(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out, crew_compare *cmp, void *ctx,
               const crew_options *opt)
{
    int error = check(a, na, b, nb, size, out);
    error = error ? error : !cmp ? -EINVAL : crew__check_options(opt);
    if (error || na + nb == 0)
        return error;
    struct crew__order o = {.cmp = cmp, .ctx = ctx, .step = size};
    return crew__merge(a, na, b, nb, out, crew__steps_for(size), &o, opt);
}

#define CREW__CAT_(a, b) a##b
#define CREW__CAT(a, b) CREW__CAT_(a, b)

#define BITS 32
#include "merge_keys_template.h"

#define BITS 64
#include "merge_keys_template.h"

int crew__merge_keys(const struct crew__type *t, const void *a, size_t na, const void *b, size_t nb, void *out)
{
    size_t size = crew__type_size(t);
    int error = check(a, na, b, nb, size, out);
    if (error || na + nb == 0)
        return error;
    struct crew__order o = {.step = size, .base = (const char *)&t->key};
    return crew__merge(a, na, b, nb, out, t->wide ? &steps_64 : &steps_32, &o, NULL);
}
