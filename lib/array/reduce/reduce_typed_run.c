/* The typed reductions, whatever the type: which kernels, chunks for threads, and their merge. */
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

static void run_chunks(size_t begin, size_t end, void *ctx)
{
    const struct work *w = ctx;
    for (size_t c = begin; c < end; c++) {
        size_t first = crew__cut_begin(&w->chunks, c), last = crew__cut_end(&w->chunks, c);
        w->kernel(w->x + first * w->t->size, w->t->op == CREW__SQUARES ? w->y : w->y + first * w->t->size, last - first,
                  first / CREW__LEAF, &w->partials[c]);
    }
}

/* The tree of reduce_kernel.h above the chunks: a full chunk is an aligned group, the last one the remainder. Group g
   is kept in partials[g], which is never beyond the chunk that is merged. */
static void merge_chunks(struct crew__partial *partials, size_t chunks, crew__merge *merge)
{
    size_t groups = 0;
    for (size_t c = 0; c < chunks; c++) {
        struct crew__partial right = partials[c];
        for (size_t carry = c; carry & 1; carry >>= 1) {
            merge(&partials[--groups], &right);
            right = partials[groups];
        }
        partials[groups++] = right;
    }
    while (groups > 1) {
        groups--;
        merge(&partials[groups - 1], &partials[groups]);
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
    merge_chunks(partials, w.chunks.count, t->merge);
    *out = partials[0];
}

void crew__reduce_typed(const struct crew__typed *t, const void *x, const void *y, size_t n, struct crew__partial *out)
{
    crew__kernel *kernel = kernels()->reduce[t->type][t->op];
    if (n <= INLINE_BYTES / t->size)
        kernel(x, y, n, 0, out);
    else
        reduce_chunks(t, kernel, x, y, n, out);
}

size_t crew__find_typed(const struct crew__typed *t, const void *x, size_t n, size_t leaf, const void *value)
{
    size_t begin = leaf * CREW__LEAF, left = n - begin;
    return begin +
           kernels()->find[t->type]((const char *)x + begin * t->size, left < CREW__LEAF ? left : CREW__LEAF, value);
}
