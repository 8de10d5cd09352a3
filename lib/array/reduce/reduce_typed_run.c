/* The typed reductions, whatever the type: which kernels, leaves, chunks for threads, and how they are merged. */
#include "../../core/base/compiler.h"
#include "../../core/loop/cut.h"
#include "../../core/loop/runner.h"
#include "reduce_typed.h"

enum {
    /* Partials on the stack, 8 KiB of them. Enough chunks for 64 threads to share evenly. */
    MAX_CHUNKS = 512,
    /* Below that many bytes one thread is done before a team has started. */
    INLINE_BYTES = 1 << 18
};

/* Only decides how much is worth a thread: memory gives about that much to each of two threads. */
static const double bytes_per_ns = 20;

struct work {
    const struct crew__typed *t;
    crew__kernel *kernel;
    const char *x, *y;
    struct crew__cut chunks; /* of 2^k leaves */
    struct crew__partial *partials;
};

/* Groups of 2^k leaves, or of 2^k chunks, k falling. */
struct groups {
    struct crew__partial group[8 * sizeof(size_t)];
    size_t count;
};

static const struct crew__kernels *kernels(void)
{
#ifdef CREW__ISA_X86
    switch (crew__isa()) {
    case CREW__ISA_AVX512:
        return &crew__kernels_avx512;
    case CREW__ISA_AVX2:
        return &crew__kernels_avx2;
    case CREW__ISA_SSE2:
        return &crew__kernels_sse2;
    default:
        break;
    }
#endif
    return &crew__kernels_plain;
}

/* The tree of reduce_kernel.h, where group[count] is number i of equal parts. Nothing is copied: to load 16 bytes of
   which 8 have just been stored takes longer than to merge. */
static inline void merge_part(struct groups *g, size_t i, crew__merge *merge)
{
    for (g->count++; i & 1; i >>= 1) {
        g->count--;
        merge(&g->group[g->count - 1], &g->group[g->count]);
    }
}

/* The remainder, from the right. There is one part at least. */
static struct crew__partial merge_groups(struct groups *g, crew__merge *merge)
{
    while (g->count > 1) {
        g->count--;
        merge(&g->group[g->count - 1], &g->group[g->count]);
    }
    return g->group[0];
}

/* A frame of its own, for the same reason as reduce_chunks. n is not 0. */
static CREW__NOINLINE void reduce_leaves(const struct crew__typed *t, crew__kernel *kernel, const char *x,
                                         const char *y, size_t n, size_t first_leaf, struct crew__partial *out)
{
    struct groups g;
    struct crew__cut leaves = crew__cut_by(n, CREW__LEAF);
    g.count = 0;
    int decided = 0;
    for (size_t l = 0; l < leaves.count && !decided; l++) {
        struct crew__partial *p = &g.group[g.count];
        size_t first = crew__cut_begin(&leaves, l), at = first * t->size;
        decided = kernel(x + at, t->op == CREW__SQUARES ? y : y + at, crew__cut_end(&leaves, l) - first, p);
        if (t->op == CREW__LOWEST || t->op == CREW__HIGHEST)
            p->u.leaf = first_leaf + l;
        merge_part(&g, l, t->merge);
    }
    *out = merge_groups(&g, t->merge);
}

static void run_chunks(size_t begin, size_t end, void *ctx)
{
    const struct work *w = ctx;
    for (size_t c = begin; c < end; c++) {
        size_t first = crew__cut_begin(&w->chunks, c), at = first * w->t->size;
        reduce_leaves(w->t, w->kernel, w->x + at, w->t->op == CREW__SQUARES ? w->y : w->y + at,
                      crew__cut_end(&w->chunks, c) - first, first / CREW__LEAF, &w->partials[c]);
    }
}

/* A frame of its own: the small call should not touch 8 KiB of stack. */
static CREW__NOINLINE void reduce_chunks(const struct crew__typed *t, crew__kernel *kernel, const void *x,
                                         const void *y, size_t n, struct crew__partial *out)
{
    struct crew__partial partials[MAX_CHUNKS];
    size_t chunk = CREW__LEAF;
    while ((n - 1) / chunk >= MAX_CHUNKS)
        chunk *= 2;
    struct work w = {t, kernel, x, y, crew__cut_by(n, chunk), partials};
    size_t bytes = t->op == CREW__DOT ? 2 * t->size : t->size;
    crew__each(w.chunks.count, run_chunks, &w, (double)chunk * (double)bytes / bytes_per_ns);
    struct groups g;
    g.count = 0;
    for (size_t c = 0; c < w.chunks.count; c++) {
        g.group[g.count] = partials[c];
        merge_part(&g, c, t->merge);
    }
    *out = merge_groups(&g, t->merge);
}

void crew__reduce_typed(const struct crew__typed *t, const void *x, const void *y, size_t n, struct crew__partial *out)
{
    crew__kernel *kernel = kernels()->reduce[t->type][t->op];
    if (n == 0)
        x = y = out; /* kernels add 0 to it, which NULL does not allow */
    out->u.leaf = 0;
    if (n <= CREW__LEAF)
        kernel(x, y, n, out);
    else if (n <= INLINE_BYTES / t->size)
        reduce_leaves(t, kernel, x, y, n, 0, out);
    else
        reduce_chunks(t, kernel, x, y, n, out);
}

size_t crew__find_typed(const struct crew__typed *t, const void *x, size_t n, size_t leaf, const void *value)
{
    size_t begin = leaf * CREW__LEAF, left = n - begin;
    return begin +
           kernels()->find[t->type]((const char *)x + begin * t->size, left < CREW__LEAF ? left : CREW__LEAF, value);
}
