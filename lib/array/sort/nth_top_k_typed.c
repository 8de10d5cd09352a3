/* nth_element and top_k of typed keys: the key is found first, digit by digit, then the elements are parted by it. */
#include "../../core/base/compiler.h"
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "../../core/loop/runner.h"
#include "sort_typed.h"
#include <errno.h>
#include <string.h>

enum { DIGIT = 11, CHUNKS = 64, FEW = 16384, ON_STACK = 1024, TOP_FEW = 16 };

struct select {
    const struct crew__type *type;
    const void *x;
    size_t n, chunk, chunks;
    size_t *counts; /* chunks << DIGIT */
    uint64_t prefix;
    int shift, bits;
    uint64_t rank;      /* of the one selected */
    size_t less, equal; /* keys before it and equal to it */
    size_t ties;        /* how many equal ones are collected */
    char *out;
    size_t *index;
};

static size_t chunk_end(const struct select *s, size_t c)
{
    size_t begin = c * s->chunk;
    return s->n - begin < s->chunk ? s->n : begin + s->chunk;
}

#define CREW__CAT_(a, b) a##b
#define CREW__CAT(a, b) CREW__CAT_(a, b)

#define BITS 32
#include "nth_top_k_typed_template.h"

#define BITS 64
#include "nth_top_k_typed_template.h"

static void run(struct select *s, crew__block_fn *narrow, crew__block_fn *wide)
{
    struct crew__loop loop = {.n = s->chunks, .fn = s->type->wide ? wide : narrow, .ctx = s};
    loop.item_ns = (double)s->chunk;
    crew__run(&loop); /* none of these fails */
}

static void set_chunks(struct select *s)
{
    size_t chunks = (s->n - 1) / FEW + 1; /* n is not 0 */
    chunks = chunks > CHUNKS ? CHUNKS : chunks;
    s->chunk = (s->n + chunks - 1) / chunks;
    s->chunks = (s->n + s->chunk - 1) / s->chunk;
}

static void find_by_digits(struct select *s, size_t k)
{
    s->prefix = 0;
    for (int top = s->type->wide ? 64 : 32; top > 0; top -= DIGIT) {
        s->bits = top < DIGIT ? top : DIGIT;
        s->shift = top - s->bits;
        run(s, count_32, count_64);
        size_t d = 0;
        for (;; d++) {
            size_t all = 0;
            for (size_t c = 0; c < s->chunks; c++)
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
    if (s->n > FEW) {
        find_by_digits(s, k);
    } else {
        uint64_t few[ON_STACK];
        size_t size = 2 * s->n * crew__type_size(s->type);
        void *memory = size <= sizeof few ? few : crew__scratch_take(size);
        if (!memory)
            return -ENOMEM;
        s->rank = s->type->wide ? quickselect_64(s, k, memory) : quickselect_32(s, k, memory);
        if (memory != few)
            crew__scratch_give(memory);
    }
    run(s, classify_32, classify_64);
    s->less = s->equal = 0;
    for (size_t c = 0; c < s->chunks; c++) {
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
    return (s->n <= FEW ? 2 : s->chunks << DIGIT) * sizeof(size_t);
}

int crew__nth_key(const struct crew__type *t, void *x, size_t n, size_t k)
{
    size_t size = crew__type_size(t);
    if (!x || k >= n)
        return -EINVAL;
    if (n == 1)
        return 0;
    struct select s = {.type = t, .x = x, .n = n};
    size_t few[2];
    set_chunks(&s);
    s.counts = n <= FEW ? few : crew__scratch_take(counts_size(&s));
    s.out = crew__scratch_take(n * size);
    int error = s.counts && s.out ? find(&s, k) : -ENOMEM;
    if (!error) {
        run(&s, part_32, part_64);
        crew__copy(s.out, x, n * size);
    }
    crew__scratch_give(s.out);
    if (s.counts != few)
        crew__scratch_give(s.counts);
    return error;
}

int crew__top_keys(const struct crew__type *t, const void *x, size_t n, size_t k, void *out, size_t *index)
{
    size_t size = crew__type_size(t);
    if (k > n || (n > 0 && !x) || (k > 0 && !out))
        return -EINVAL;
    if (crew__overlap(x, n * size, out, k * size) || (index && crew__overlap(x, n * size, index, k * sizeof *index)) ||
        (index && crew__overlap(out, k * size, index, k * sizeof *index)))
        return -EINVAL;
    if (k == 0)
        return 0;
    if (k > SIZE_MAX / 16)
        return -EOVERFLOW;
    struct select s = {.type = t, .x = x, .n = n};
    if (n <= FEW && k <= TOP_FEW) {
        size_t few[TOP_FEW];
        (t->wide ? top_64 : top_32)(&s, k, few);
        crew__gather(x, size, few, k, out);
        if (index)
            memcpy(index, few, k * sizeof *index);
        return 0;
    }
    set_chunks(&s);
    s.counts = crew__scratch_take(counts_size(&s));
    s.index = crew__scratch_take(k * (sizeof *s.index + size));
    int error = s.counts && s.index ? find(&s, n - k) : -ENOMEM;
    if (!error) {
        s.out = (char *)(s.index + k);
        s.ties = k - (n - s.less - s.equal);
        run(&s, collect_32, collect_64);
        const struct crew__type *order = t->wide ? &crew__type_u64 : &crew__type_u32;
        error = crew__sort_pairs(order, s.out, s.index, sizeof *s.index, k);
    }
    if (!error) {
        crew__gather(x, size, s.index, k, out);
        if (index)
            memcpy(index, s.index, k * sizeof *index);
    }
    crew__scratch_give(s.index);
    crew__scratch_give(s.counts);
    return error;
}
