/* The parallel part of the merge sort by a comparator. */
#include "merge_sort.h"
#include "../../core/loop/cut.h"
#include "../../core/loop/loop_sequence.h"
#include <string.h>

enum {
    BLOCKS = 256,
    LEAST_BLOCK = 1024 /* elements */
};

/* Nanoseconds of a comparison and a move: decides what is worth a thread. */
static const double COMPARE_NS = 5;

struct sort {
    const struct crew__order *o;
    const struct crew__steps *steps;
    char *from, *to; /* of this level */
    struct crew__cut blocks;
    size_t width;                 /* blocks in a run */
    bool into_to;                 /* where sorted blocks go */
    size_t left[BLOCKS];          /* elements that block p's share takes from left runs before it, from its pair on */
    unsigned char sorted[BLOCKS]; /* which blocks were sorted */
};

static void sort_blocks(size_t begin, size_t end, void *ctx)
{
    struct sort *s = ctx;
    for (size_t p = begin; p < end; p++) {
        size_t at = crew__cut_begin(&s->blocks, p), n = crew__cut_end(&s->blocks, p) - at, step = s->o->step;
        crew__sort_alone(s->from + at * step, s->to + at * step, n, s->into_to, s->o);
        s->sorted[p] = 1;
    }
}

/* The two runs that block p of the output is merged from, and where in them it starts. */
struct pair {
    size_t begin, left, right, at;
};

static struct pair pair_of(const struct sort *s, size_t p)
{
    size_t first = p / (2 * s->width) * (2 * s->width), run = s->width * s->blocks.size;
    struct pair pair = {.begin = first * s->blocks.size, .at = (p - first) * s->blocks.size};
    size_t rest = s->blocks.n - pair.begin;
    pair.left = rest < run ? rest : run;
    pair.right = rest - pair.left < run ? rest - pair.left : run;
    return pair;
}

static void split_pairs(size_t begin, size_t end, void *ctx)
{
    struct sort *s = ctx;
    for (size_t p = begin; p < end; p++) {
        struct pair pair = pair_of(s, p);
        const char *a = s->from + pair.begin * s->o->step;
        s->left[p] = s->steps->corank(a, pair.left, a + pair.left * s->o->step, pair.right, pair.at, s->o);
    }
}

/* Where cmp contradicts itself the shares could overlap: each must start within the one before it. */
static void keep_in_order(struct sort *s)
{
    for (size_t p = 1; p < s->blocks.count; p++) {
        if (p % (2 * s->width) == 0)
            continue;
        size_t before = s->left[p - 1];
        if (s->left[p] < before)
            s->left[p] = before;
        else if (s->left[p] > before + s->blocks.size)
            s->left[p] = before + s->blocks.size;
    }
}

static void merge_pairs(size_t begin, size_t end, void *ctx)
{
    const struct sort *s = ctx;
    for (size_t p = begin; p < end; p++) {
        struct pair pair = pair_of(s, p);
        size_t step = s->o->step, all = pair.left + pair.right;
        size_t stop = all - pair.at < s->blocks.size ? all : pair.at + s->blocks.size;
        size_t i = s->left[p], i_end = stop == all ? pair.left : s->left[p + 1];
        size_t j = pair.at - i, j_end = stop - i_end;
        const char *a = s->from + pair.begin * step, *b = a + pair.left * step;
        s->steps->merge(a + i * step, i_end - i, b + j * step, j_end - j, s->to + (pair.begin + pair.at) * step, s->o);
    }
}

int crew__merge_sort(void *x, void *scratch, size_t n, const struct crew__order *o, const crew_options *opt)
{
    if (n <= LEAST_BLOCK && !opt) { /* clearing struct sort takes as long as sorting ten elements */
        crew__sort_alone(x, scratch, n, false, o);
        return 0;
    }
    struct sort s = {.o = o, .steps = crew__steps_for(o), .blocks = crew__cut_into(n, BLOCKS)};
    if (s.blocks.size < LEAST_BLOCK)
        s.blocks = crew__cut_by(n, LEAST_BLOCK);
    int levels = 0;
    while ((size_t)1 << levels < s.blocks.count)
        levels++;

    struct crew__sequence loops;
    crew__sequence_begin(&loops, opt, 1 + 2 * (size_t)levels);
    s.from = x;
    s.to = scratch;
    s.into_to = levels & 1;
    double compares = 0;
    for (size_t m = s.blocks.size; m > 1; m /= 2)
        compares++;
    double block_ns = COMPARE_NS * (double)s.blocks.size;
    int error = crew__sequence_each(&loops, s.blocks.count, sort_blocks, &s, block_ns * compares);
    if (error) {
        for (size_t p = 0; s.into_to && p < s.blocks.count; p++) {
            size_t at = crew__cut_begin(&s.blocks, p), count = crew__cut_end(&s.blocks, p) - at, step = o->step;
            if (s.sorted[p])
                memcpy(s.from + at * step, s.to + at * step, count * step);
        }
        return error;
    }
    if (s.into_to) {
        s.from = scratch;
        s.to = x;
    }
    for (s.width = 1; s.width < s.blocks.count; s.width *= 2) {
        error = crew__sequence_each(&loops, s.blocks.count, split_pairs, &s, COMPARE_NS * 60);
        if (!error) {
            keep_in_order(&s);
            error = crew__sequence_each(&loops, s.blocks.count, merge_pairs, &s, block_ns);
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
