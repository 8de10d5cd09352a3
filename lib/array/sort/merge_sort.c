/* The parallel part of the merge sort. */
#include "merge_sort.h"
#include "../../core/loop/loop_sequence.h"
#include <string.h>

enum {
    BLOCKS = 256,
    LEAST_BLOCK = 1024, /* elements */
    COMPARE_NS = 5      /* what a comparison and a move take; decides what is worth a thread */
};

struct sort {
    const struct crew__order *o;
    const struct crew__steps *steps;
    char *from, *to; /* of this level */
    size_t n, block, blocks;
    size_t width;                 /* blocks in a run */
    bool into_to;                 /* where sorted blocks go */
    size_t left[BLOCKS];          /* elements that block p's share takes from left runs before it, from its pair on */
    unsigned char sorted[BLOCKS]; /* which blocks were sorted */
};

static int sort_blocks(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct sort *s = ctx;
    (void)failed;
    for (size_t p = begin; p < end; p++) {
        size_t at = p * s->block, n = s->n - at < s->block ? s->n - at : s->block;
        s->steps->sort(s->from + at * s->o->step, s->to + at * s->o->step, n, s->into_to, s->o);
        s->sorted[p] = 1;
    }
    return 0;
}

/* The two runs that block p of the output is merged from, and where in them it starts. */
struct pair {
    size_t begin, left, right, at;
};

static struct pair pair_of(const struct sort *s, size_t p)
{
    size_t first = p / (2 * s->width) * (2 * s->width), run = s->width * s->block;
    struct pair pair = {.begin = first * s->block, .at = (p - first) * s->block};
    size_t rest = s->n - pair.begin;
    pair.left = rest < run ? rest : run;
    pair.right = rest - pair.left < run ? rest - pair.left : run;
    return pair;
}

static int split_pairs(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct sort *s = ctx;
    (void)failed;
    for (size_t p = begin; p < end; p++) {
        struct pair pair = pair_of(s, p);
        const char *a = s->from + pair.begin * s->o->step;
        s->left[p] = s->steps->corank(a, pair.left, a + pair.left * s->o->step, pair.right, pair.at, s->o);
    }
    return 0;
}

/* Where cmp contradicts itself the shares could overlap: each must start within the one before it. */
static void keep_in_order(struct sort *s)
{
    for (size_t p = 1; p < s->blocks; p++) {
        if (p % (2 * s->width) == 0)
            continue;
        size_t before = s->left[p - 1];
        if (s->left[p] < before)
            s->left[p] = before;
        else if (s->left[p] > before + s->block)
            s->left[p] = before + s->block;
    }
}

static int merge_pairs(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct sort *s = ctx;
    (void)failed;
    for (size_t p = begin; p < end; p++) {
        struct pair pair = pair_of(s, p);
        size_t step = s->o->step, all = pair.left + pair.right;
        size_t stop = all - pair.at < s->block ? all : pair.at + s->block;
        size_t i = s->left[p], i_end = stop == all ? pair.left : s->left[p + 1];
        size_t j = pair.at - i, j_end = stop - i_end;
        const char *a = s->from + pair.begin * step, *b = a + pair.left * step;
        s->steps->merge(a + i * step, i_end - i, b + j * step, j_end - j, s->to + (pair.begin + pair.at) * step, s->o);
    }
    return 0;
}

int crew__merge_sort(void *x, void *scratch, size_t n, const struct crew__order *o, const crew_options *opt)
{
    const struct crew__steps *steps = o->base ? &crew__steps_index : crew__steps_for(o->step);
    if (n <= LEAST_BLOCK && !opt) {
        steps->sort(x, scratch, n, false, o);
        return 0;
    }
    struct sort s = {.o = o, .steps = steps, .n = n};
    s.block = (n + BLOCKS - 1) / BLOCKS;
    s.block = s.block < LEAST_BLOCK ? LEAST_BLOCK : s.block;
    s.blocks = (n + s.block - 1) / s.block;
    int levels = 0;
    while ((size_t)1 << levels < s.blocks)
        levels++;

    struct crew__sequence stages;
    crew__sequence_begin(&stages, opt, 1 + 2 * (size_t)levels);
    s.from = x;
    s.to = scratch;
    s.into_to = levels & 1;
    double compares = 0;
    for (size_t m = s.block; m > 1; m /= 2)
        compares++;
    double block_ns = COMPARE_NS * (double)s.block;
    int error = crew__sequence_run(&stages, s.blocks, sort_blocks, &s, block_ns * compares);
    if (error) {
        for (size_t p = 0; s.into_to && p < s.blocks; p++) {
            size_t at = p * s.block * o->step;
            if (s.sorted[p])
                memcpy(s.from + at, s.to + at, (p + 1 == s.blocks ? n - p * s.block : s.block) * o->step);
        }
        return error;
    }
    if (s.into_to) {
        s.from = scratch;
        s.to = x;
    }
    for (s.width = 1; s.width < s.blocks; s.width *= 2) {
        error = crew__sequence_run(&stages, s.blocks, split_pairs, &s, COMPARE_NS * 60);
        if (!error) {
            keep_in_order(&s);
            error = crew__sequence_run(&stages, s.blocks, merge_pairs, &s, block_ns);
        }
        if (error) { /* what this level reads is whole */
            if (s.from != x)
                memcpy(x, s.from, n * o->step);
            return error;
        }
        char *from = s.from;
        s.from = s.to;
        s.to = from;
    }
    return 0;
}
