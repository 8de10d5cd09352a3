/* crew_nth_element_{f32..u64} and crew_top_k_{f32..u64}: the key is found first, digit by digit, then the elements are
 * parted by it. */
#include "nth_top_k_typed.h"
#include "../../core/base/compiler.h"
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "../../core/loop/cut.h"
#include "../../core/loop/runner.h"
#include "../move/move.h"
#include "sort_keys.h"
#include <errno.h>
#include <string.h>

enum { DIGIT = 11, CHUNKS = 64, FEW = 16384, ON_STACK = 1024, TOP_FEW = 16 };

struct select {
    const struct crew__sort_type *type;
    const void *x;
    struct crew__cut chunks;
    size_t *counts; /* chunks << DIGIT */
    uint64_t prefix;
    int shift, bits;
    uint64_t rank;      /* of the one selected */
    size_t less, equal; /* keys before it and equal to it */
    size_t ties;        /* how many equal ones are collected */
    char *out;
    size_t *index;
};

#define BITS 32
#include "nth_top_k_typed_template.h"

#define BITS 64
#include "nth_top_k_typed_template.h"

static void run_chunks(struct select *s, crew__each_fn *narrow, crew__each_fn *wide)
{
    crew__each(s->chunks.count, s->type->wide ? wide : narrow, s, (double)s->chunks.size);
}

static struct crew__cut cut(size_t n)
{
    size_t chunks = crew__cut_by(n, FEW).count;
    return crew__cut_into(n, chunks > CHUNKS ? CHUNKS : chunks);
}

static void find_by_digits(struct select *s, size_t k)
{
    s->prefix = 0;
    for (int top = s->type->wide ? 64 : 32; top > 0; top -= DIGIT) {
        s->bits = top < DIGIT ? top : DIGIT;
        s->shift = top - s->bits;
        run_chunks(s, count_32, count_64);
        size_t d = 0;
        for (;; d++) {
            size_t all = 0;
            for (size_t c = 0; c < s->chunks.count; c++)
                all += s->counts[(c << DIGIT) + d];
            if (k < all)
                break;
            k -= all;
        }
        s->prefix = s->prefix << s->bits | d;
    }
    s->rank = s->prefix;
}

/* Sets rank, and counts to where the chunks' elements go. */
static int find(struct select *s, size_t k)
{
    if (s->chunks.n > FEW) {
        find_by_digits(s, k);
    } else {
        uint64_t few[ON_STACK];
        size_t size = 2 * s->chunks.n * crew__key_size(s->type);
        void *memory = size <= sizeof few ? few : crew__scratch_take(size);
        if (!memory)
            return -ENOMEM;
        s->rank = s->type->wide ? quickselect_64(s, k, memory) : quickselect_32(s, k, memory);
        if (memory != few)
            crew__scratch_give(memory);
    }
    run_chunks(s, classify_32, classify_64);
    s->less = s->equal = 0;
    for (size_t c = 0; c < s->chunks.count; c++) {
        size_t less = s->counts[2 * c], equal = s->counts[2 * c + 1];
        s->counts[2 * c] = s->less;
        s->counts[2 * c + 1] = s->equal;
        s->less += less;
        s->equal += equal;
    }
    return 0;
}

/* Counts for all chunks; few elements have one chunk and need two counts. */
static size_t counts_size(const struct select *s)
{
    return (s->chunks.n <= FEW ? 2 : s->chunks.count << DIGIT) * sizeof(size_t);
}

int crew__nth_key(const struct crew__sort_type *t, void *x, size_t n, size_t k)
{
    size_t size = crew__key_size(t);
    if (!x || k >= n)
        return -EINVAL;
    if (n == 1)
        return 0;
    struct select s = {.type = t, .x = x, .chunks = cut(n)};
    size_t few[2];
    s.counts = n <= FEW ? few : crew__scratch_take(counts_size(&s));
    s.out = crew__scratch_take(n * size);
    int error = s.counts && s.out ? find(&s, k) : -ENOMEM;
    if (!error) {
        run_chunks(&s, part_32, part_64);
        crew__copy(s.out, x, n * size);
    }
    crew__scratch_give(s.out);
    if (s.counts != few)
        crew__scratch_give(s.counts);
    return error;
}

int crew__top_keys(const struct crew__sort_type *t, const void *x, size_t n, size_t k, void *out, size_t *index)
{
    size_t size = crew__key_size(t);
    if (k > n || (n > 0 && !x) || (k > 0 && !out))
        return -EINVAL;
    if (crew__overlap(x, n * size, out, k * size) || (index && crew__overlap(x, n * size, index, k * sizeof *index)) ||
        (index && crew__overlap(out, k * size, index, k * sizeof *index)))
        return -EINVAL;
    if (k == 0)
        return 0;
    if (k > SIZE_MAX / 16)
        return -EOVERFLOW;
    struct select s = {.type = t, .x = x, .chunks = cut(n)};
    if (n <= FEW && k <= TOP_FEW) {
        size_t few[TOP_FEW];
        (t->wide ? top_64 : top_32)(&s, k, few);
        crew__gather(x, n, few, out, k, size);
        if (index)
            memcpy(index, few, k * sizeof *index);
        return 0;
    }
    s.counts = crew__scratch_take(counts_size(&s));
    s.index = crew__scratch_take(k * (sizeof *s.index + size));
    int error = s.counts && s.index ? find(&s, n - k) : -ENOMEM;
    if (!error) {
        s.out = (char *)(s.index + k);
        s.ties = k - (n - s.less - s.equal);
        run_chunks(&s, collect_32, collect_64);
        const struct crew__sort_type *order = &crew__sort_types[t->wide ? CREW__U64 : CREW__U32];
        error = crew__sort_pairs(order, s.out, s.index, sizeof *s.index, k);
    }
    if (!error) {
        crew__gather(x, n, s.index, out, k, size);
        if (index)
            memcpy(index, s.index, k * sizeof *index);
    }
    crew__scratch_give(s.index);
    crew__scratch_give(s.counts);
    return error;
}
