/* Selection in two passes: all flags and how many of them are set in each block, then every block straight to its
   place. Where the array stays in the caches between the two that is cheaper than buffers, and each thread has the same
   items both times. */
#include "../../core/base/scratch.h"
#include "../../core/loop/runner.h"
#include "filter_engine.h"
#include "pack_kernel.h"
#include <errno.h>

/* Cost of counting a flag and of packing a byte of the elements. Only decide how much is worth a thread. */
static const double flag_ns = 0.03, byte_ns = 0.04;

struct passes {
    const struct crew__packer *packer;
    size_t from, block;
    unsigned char *room; /* flags of the items from `from` on, where a predicate gives them */
    size_t *kept;        /* in a block; later in all blocks before it */
};

static size_t block_end(const struct passes *p, size_t begin)
{
    size_t n = p->packer->s->n;
    return n - begin < p->block ? n : begin + p->block;
}

static const unsigned char *flags_of(const struct passes *p, size_t begin)
{
    const struct crew__select *s = p->packer->s;
    return s->flags ? s->flags + begin : p->room + (begin - p->from);
}

static int flag_blocks(size_t first, size_t last, void *ctx, size_t *failed)
{
    const struct passes *p = ctx;
    const struct crew__select *s = p->packer->s;
    for (size_t b = first; b < last; b++) {
        size_t begin = p->from + b * p->block, end = block_end(p, begin);
        int code = s->flags ? 0 : s->pred(begin, end, p->room + (begin - p->from), s->ctx);
        if (code) {
            *failed = b;
            return code;
        }
        p->kept[b] = p->packer->kernels->count(flags_of(p, begin), end - begin);
    }
    return 0;
}

static int pack_blocks(size_t first, size_t last, void *ctx, size_t *failed)
{
    const struct passes *p = ctx;
    const struct crew__select *s = p->packer->s;
    (void)failed;
    for (size_t b = first; b < last; b++) {
        size_t begin = p->from + b * p->block, n = block_end(p, begin) - begin;
        size_t before = p->kept[b], count = p->kept[b + 1] - before;
        const unsigned char *flags = flags_of(p, begin);
        if (s->rest)
            crew__pack_flagged(p->packer, begin, n, flags, (char *)s->rest + (begin - before) * s->size, n - count, 1);
        crew__pack_flagged(p->packer, begin, n, flags, (char *)s->out + before * s->size, count, 0);
    }
    return 0;
}

int crew__select_passes(const struct crew__packer *packer, size_t from, size_t kept, double item_ns, size_t *count)
{
    const struct crew__select *s = packer->s;
    struct passes p = {packer, from, s->block < packer->step ? s->block : packer->step, NULL, NULL};
    size_t items = s->n - from, blocks = (items - 1) / p.block + 1;
    size_t *scratch = crew__scratch_take((blocks + 1) * sizeof *scratch + (s->flags ? 0 : items));
    if (!scratch)
        return -ENOMEM;
    p.kept = scratch;
    p.room = (unsigned char *)(scratch + blocks + 1);
    crew_options own = {.threads = s->opt ? s->opt->threads : 0, .grain = s->opt ? s->opt->grain / p.block : 0};
    struct crew__loop loop = {.n = blocks,
                              .fn = flag_blocks,
                              .ctx = &p,
                              .opt = &own,
                              .item_ns = s->flags ? (double)p.block * flag_ns : item_ns * (double)p.block};
    int code = crew__run(&loop);
    if (code == 0) {
        for (size_t b = 0; b < blocks; b++) {
            size_t here = p.kept[b];
            p.kept[b] = kept;
            kept += here;
        }
        p.kept[blocks] = kept;
        loop.fn = pack_blocks;
        loop.item_ns = (double)(p.block * s->size * (s->rest ? 2 : 1)) * byte_ns;
        (void)crew__run(&loop); /* cannot fail: pack_blocks does not */
        *count = kept;
    }
    crew__scratch_give(scratch);
    return code;
}
