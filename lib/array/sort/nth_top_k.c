/* crew_nth_element and crew_top_k: selecting by a comparator. */
#include "../../core/base/callback_frame.h"
#include "../../core/base/compiler.h"
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "../../core/loop/cut.h"
#include "../../core/loop/loop_sequence.h"
#include "../move/move.h"
#include "merge_sort.h"
#include "sort_check.h"
#include <errno.h>
#include <string.h>

enum { CHUNKS = 256, LEAST_CHUNK = 1024, SAMPLES = 15, FEW = 64 };

/* Nanoseconds of a comparison: decides what is worth a thread. */
static const double COMPARE_NS = 5;

/* top_k: up to TOP_FEW elements are kept in a sorted list while a block is read. */
enum { TOP_FEW = 256, TOP_BLOCK = 16 * TOP_FEW, TOP_ON_STACK = 64, HALVED = 8 };

#define CREW__INSTANCE any
#define CREW__SIZE o->step
#define CREW__COMPARE(x, y) o->cmp(x, y, o->ctx)
#include <crew/inline/nth_steps.h>

/* One round of nth_element on the n elements from x on. */
struct round {
    const struct crew__order *o;
    const struct crew__nth_steps *steps;
    char *x, *out;
    const char *pivot;
    unsigned char *classes;
    struct crew__cut chunks;
    size_t at[CHUNKS][3];
};

static void classify(size_t begin, size_t end, void *ctx)
{
    struct round *r = ctx;
    for (size_t c = begin; c < end; c++) {
        size_t i = crew__cut_begin(&r->chunks, c), n = crew__cut_end(&r->chunks, c) - i;
        r->steps->classify(r->x + i * r->o->step, n, r->pivot, r->classes + i, r->at[c], r->o);
    }
}

static void part(size_t begin, size_t end, void *ctx)
{
    const struct round *r = ctx;
    for (size_t c = begin; c < end; c++) {
        size_t at[3], i = crew__cut_begin(&r->chunks, c), n = crew__cut_end(&r->chunks, c) - i;
        memcpy(at, r->at[c], sizeof at);
        r->steps->part(r->x + i * r->o->step, n, r->classes + i, r->out, at, r->o);
    }
}

/* The median of samples at fixed places. */
static const char *choose(const char *x, size_t n, const struct crew__order *o)
{
    const char *sample[SAMPLES];
    for (size_t i = 0; i < SAMPLES; i++) {
        const char *e = x + (n / SAMPLES * i + n / SAMPLES / 2) * o->step;
        size_t j = i;
        for (; j > 0 && o->cmp(e, sample[j - 1], o->ctx) < 0; j--)
            sample[j] = sample[j - 1];
        sample[j] = e;
    }
    return sample[SAMPLES / 2];
}

/* Parts the n elements; count[c] of them are of class c. */
static int part_elements(struct round *r, size_t n, struct crew__sequence *loops, size_t count[3])
{
    r->chunks = crew__cut_into(n, CHUNKS);
    if (r->chunks.size < LEAST_CHUNK)
        r->chunks = crew__cut_by(n, LEAST_CHUNK);
    const double chunk_ns = (double)r->chunks.size;
    int error = crew__sequence_each(loops, r->chunks.count, classify, r, COMPARE_NS * chunk_ns);
    if (error)
        return error;
    size_t at = 0;
    for (int class = 0; class < 3; class ++) {
        size_t from = at;
        for (size_t c = 0; c < r->chunks.count; c++) {
            size_t here = r->at[c][class];
            r->at[c][class] = at;
            at += here;
        }
        count[class] = at - from;
    }
    crew__each(r->chunks.count, part, r, 2 * chunk_ns);
    crew__copy(r->out, r->x, n * r->o->step);
    return 0;
}

static CREW__NOINLINE int nth(char *x, size_t n, size_t k, const struct crew__order *o,
                              const struct crew__nth_steps *steps, char *scratch, const crew_options *opt)
{
    struct round r = {.o = o, .steps = steps, .out = scratch, .classes = (unsigned char *)scratch + n * o->step};
    struct crew__sequence loops;
    crew__sequence_begin(&loops, opt, SIZE_MAX);
    loops.opt.progress = NULL; /* how many rounds there will be is not known */
    int rounds = 0;
    for (size_t m = n; m > 0; m /= 2)
        rounds += 2;
    for (; n > FEW && rounds > 0; rounds--) {
        size_t count[3];
        r.x = x;
        r.pivot = choose(x, n, o);
        int error = part_elements(&r, n, &loops, count);
        if (error)
            return error;
        if (k < count[0]) {
            n = count[0];
        } else if (k - count[0] < count[1]) {
            return 0;
        } else {
            n = count[2];
            k -= count[0] + count[1];
            x += (count[0] + count[1]) * o->step;
        }
    }
    return n > 1 ? crew__merge_sort(x, scratch, n, o, opt) : 0;
}

static CREW__ALWAYS_INLINE int nth_by(void *base, size_t n, size_t k, const struct crew__order *o,
                                      const struct crew__nth_steps *steps, const crew_options *opt)
{
    CREW__NO_EXCEPTION_PASSES();
    size_t bytes;
    int error = crew__check_array(base, n, o->step);
    error = error ? error : !o->cmp || k >= n ? -EINVAL : crew__check_options(opt, n);
    if (error)
        return error;
    if (o->step == SIZE_MAX || !crew__mul(n, o->step + 1, &bytes))
        return -EOVERFLOW;
    char *scratch = crew__scratch_take(bytes);
    if (!scratch)
        return -ENOMEM;
    /* The steps of the merge sort move elements of any size, but on the stack only up to CREW__SORT_MOVED bytes. */
    if (o->step <= CREW__SORT_MOVED)
        error = nth(base, n, k, o, steps, scratch, opt);
    else
        error = crew_sort(base, n, o->step, o->cmp, o->ctx, opt);
    crew__scratch_give(scratch);
    return error;
}

int crew_nth_element(void *base, size_t n, size_t size, size_t k, crew_compare *cmp, void *ctx, const crew_options *opt)
{
    const struct crew__order o = {.cmp = cmp, .ctx = ctx, .step = size};
    return nth_by(base, n, k, &o, &crew__nth_steps_any, opt);
}

int crew__nth_by_steps(void *base, size_t n, size_t size, size_t k, crew_compare *cmp, const struct crew__steps *steps,
                       const struct crew__nth_steps *nth_steps, const crew_options *opt)
{
    const struct crew__order o = {.cmp = cmp, .step = size, .steps = steps};
    return nth_by(base, n, k, &o, nth_steps, opt);
}

struct reversed {
    crew_compare *cmp;
    void *ctx;
};

static int reversed(const void *a, const void *b, void *ctx)
{
    const struct reversed *r = ctx;
    int order = r->cmp(a, b, r->ctx);
    return (order < 0) - (order > 0);
}

struct top {
    const struct crew__order *o;
    size_t *index, *scratch;
    size_t k, kept;
    struct crew__cut blocks;      /* of the n elements, or of the indices that are left of them */
    const struct reversed *given; /* what o->cmp stands on */
};

static void sort_blocks(size_t begin, size_t end, void *ctx)
{
    const struct top *t = ctx;
    for (size_t b = begin; b < end; b++) {
        size_t at = crew__cut_begin(&t->blocks, b), n = crew__cut_end(&t->blocks, b) - at;
        crew__sort_alone((char *)(t->index + at), (char *)(t->scratch + at), n, false, t->o);
    }
}

/* Of every block only the first k can be among the first k of all. */
static int find_many(struct top *t, struct crew__sequence *loops)
{
    while (t->blocks.count > 1) {
        size_t kept = 0;
        const double block_ns = 10 * COMPARE_NS * (double)t->blocks.size;
        int error = crew__sequence_each(loops, t->blocks.count, sort_blocks, t, block_ns);
        if (error)
            return error;
        for (size_t b = 0; b < t->blocks.count; b++) {
            size_t at = crew__cut_begin(&t->blocks, b), n = crew__cut_end(&t->blocks, b) - at;
            n = n < t->k ? n : t->k;
            memmove(t->index + kept, t->index + at, n * sizeof *t->index);
            kept += n;
        }
        t->blocks = crew__cut_by(kept, t->blocks.size);
    }
    return crew__merge_sort(t->index, t->scratch, t->blocks.n, t->o, loops->given ? &loops->opt : NULL);
}

/* Puts an index into the sorted list of the first k: where the list is full, instead of its last one. A function of its
   own, so that what the loops around it need is not in its registers: 10 of 1000 elements take 0.96 of the time. */
static CREW__NOINLINE size_t insert(const struct top *t, size_t *list, size_t kept, size_t index)
{
    crew_compare *const cmp = t->given->cmp;
    void *const ctx = t->given->ctx;
    const size_t size = t->o->size;
    const char *base = t->o->base, *e = base + index * size;
    const size_t last = kept < t->k ? kept : kept - 1;
    size_t low = 0, high = last;
    while (high - low > HALVED) {
        size_t middle = low + (high - low) / 2;
        if (cmp(e, base + list[middle] * size, ctx) > 0)
            high = middle;
        else
            low = middle + 1;
    }
    if (high < last)
        memmove(list + high + 1, list + high, (last - high) * sizeof *list);
    for (; high > low && cmp(e, base + list[high - 1] * size, ctx) > 0; high--)
        list[high] = list[high - 1];
    list[high] = index;
    return last + 1;
}

/* The first item from i on that is before the last of k, `to` where there is none: in a long array most are not. */
static size_t next_better(const struct top *t, size_t i, size_t to, size_t last)
{
    crew_compare *const cmp = t->given->cmp;
    void *const ctx = t->given->ctx;
    const size_t size = t->o->size;
    const char *bound = t->o->base + last * size, *e = t->o->base + i * size;
    for (; i < to && cmp(e, bound, ctx) <= 0; i++)
        e += size;
    return i;
}

static void insert_blocks(size_t begin, size_t end, void *ctx)
{
    const struct top *t = ctx;
    for (size_t b = begin; b < end; b++) {
        size_t i = crew__cut_begin(&t->blocks, b), to = crew__cut_end(&t->blocks, b), kept = 0;
        size_t *list = t->index + b * t->k;
        for (; i < to; i++) {
            if (kept == t->k)
                i = next_better(t, i, to, list[kept - 1]);
            if (i < to)
                kept = insert(t, list, kept, i);
        }
    }
}

static void insert_kept(size_t begin, size_t end, void *ctx)
{
    const struct top *t = ctx;
    (void)begin, (void)end;
    size_t kept = 0;
    for (size_t i = 0; i < t->kept; i++) {
        size_t index = t->index[i];
        if (kept < t->k || next_better(t, index, index + 1, t->scratch[kept - 1]) == index)
            kept = insert(t, t->scratch, kept, index);
    }
    memcpy(t->index, t->scratch, kept * sizeof *t->index);
}

static int find_few(struct top *t, struct crew__sequence *loops)
{
    const struct crew__cut blocks = t->blocks;
    size_t last = blocks.n - crew__cut_begin(&blocks, blocks.count - 1);
    int error = crew__sequence_each(loops, blocks.count, insert_blocks, t, COMPARE_NS * (double)blocks.size);
    if (error || blocks.count == 1)
        return error;
    t->kept = (blocks.count - 1) * t->k + (last < t->k ? last : t->k);
    return crew__sequence_each(loops, 1, insert_kept, t, COMPARE_NS * (double)t->kept);
}

/* Cuts n elements into blocks. Returns the bytes of indices that the search takes, SIZE_MAX where they do not fit. */
static size_t set_blocks(struct top *t, size_t n)
{
    size_t bytes;
    if (t->k > TOP_FEW) {
        t->blocks = crew__cut_by(n, t->k > n / 4 ? n : 4 * t->k);
        return crew__mul(n, 2 * sizeof(size_t), &bytes) ? bytes : SIZE_MAX;
    }
    t->blocks = crew__cut_into(n, CHUNKS);
    if (t->blocks.size < TOP_BLOCK)
        t->blocks = crew__cut_by(n, TOP_BLOCK);
    return (t->blocks.count + 1) * t->k * sizeof(size_t);
}

static int find_top(struct top *t, const crew_options *opt)
{
    if (!opt && t->k <= TOP_FEW && t->blocks.count == 1) { /* a sequence takes a seventh of what ten elements do */
        insert_blocks(0, 1, t);
        return 0;
    }
    struct crew__sequence loops;
    crew__sequence_begin(&loops, opt, SIZE_MAX);
    loops.opt.progress = NULL;
    if (t->k <= TOP_FEW)
        return find_few(t, &loops);
    crew__iota(t->index, t->blocks.n);
    t->scratch = t->index + t->blocks.n;
    return find_many(t, &loops);
}

int crew_top_k(const void *base, size_t n, size_t size, size_t k, void *out, size_t *index, crew_compare *cmp,
               void *ctx, const crew_options *opt)
{
    CREW__NO_EXCEPTION_PASSES();
    int error = crew__check_array(base, n, size);
    error = error ? error : !cmp || k > n || (k > 0 && !out) ? -EINVAL : crew__check_options(opt, n);
    if (error || k == 0)
        return error;
    if (crew__overlap(base, n * size, out, k * size) ||
        (index && (crew__overlap(base, n * size, index, k * sizeof *index) ||
                   crew__overlap(out, k * size, index, k * sizeof *index))))
        return -EINVAL;
    struct reversed r = {cmp, ctx};
    struct crew__order o = {reversed, &r, sizeof(size_t), base, size, NULL};
    struct top t = {.o = &o, .k = k, .given = &r};
    size_t few[TOP_ON_STACK], bytes = set_blocks(&t, n);
    if (bytes == SIZE_MAX)
        return -EOVERFLOW;
    void *memory = bytes <= sizeof few ? few : crew__scratch_take(bytes);
    if (!memory)
        return -ENOMEM;
    t.index = memory;
    t.scratch = t.index + bytes / sizeof(size_t) - k; /* find_many has its own */
    error = find_top(&t, opt);
    if (!error) {
        crew__gather(base, n, t.index, out, k, size);
        if (index)
            memcpy(index, t.index, k * sizeof *index);
    }
    if (memory != few)
        crew__scratch_give(memory);
    return error;
}
