/* Filters in two passes: all flags and how many of them are set in each block, then every block straight to its
   place. Where the array stays in the caches between the two that is cheaper than buffers, and each thread has the same
   items both times. */
#include "filter_passes.h"
#include "../../core/base/scratch.h"
#include "../../core/loop/cut.h"
#include "../../core/loop/runner.h"
#include "pack_kernels.h"
#include <errno.h>

/* Cost of counting a flag and of packing a byte of the elements. Only decide how much is worth a thread. */
static const double flag_ns = 0.03, byte_ns = 0.04;

struct passes {
    const struct crew__packer *packer;
    size_t from; /* what is cut are the items from here on */
    struct crew__cut blocks;
    unsigned char *room; /* flags of the items from `from` on, where a predicate gives them */
    size_t *kept;        /* in a block; later in all blocks before it */
};

static const unsigned char *flags_of(const struct passes *p, size_t begin)
{
    const struct crew__filter *f = p->packer->f;
    return f->flags ? f->flags + begin : p->room + (begin - p->from);
}

static int flag_blocks(size_t first, size_t last, void *ctx, size_t *failed)
{
    const struct passes *p = ctx;
    const struct crew__filter *f = p->packer->f;
    for (size_t b = first; b < last; b++) {
        size_t begin = p->from + crew__cut_begin(&p->blocks, b), end = p->from + crew__cut_end(&p->blocks, b);
        int code = f->flags ? 0 : f->pred(begin, end, p->room + (begin - p->from), f->ctx);
        if (code) {
            *failed = b;
            return code;
        }
        p->kept[b] = p->packer->kernels->count(flags_of(p, begin), end - begin);
    }
    return 0;
}

static void pack_blocks(size_t first, size_t last, void *ctx)
{
    const struct passes *p = ctx;
    const struct crew__filter *f = p->packer->f;
    for (size_t b = first; b < last; b++) {
        size_t begin = p->from + crew__cut_begin(&p->blocks, b), end = p->from + crew__cut_end(&p->blocks, b);
        size_t before = p->kept[b], count = p->kept[b + 1] - before;
        char *rest = f->rest ? (char *)f->rest + (begin - before) * f->size : NULL;
        crew__pack_flagged(p->packer, begin, end - begin, flags_of(p, begin), count, (char *)f->out + before * f->size,
                           rest);
    }
}

int crew__filter_passes(const struct crew__packer *packer, size_t from, size_t kept, double item_ns, size_t *count)
{
    const struct crew__filter *f = packer->f;
    const size_t items = f->n - from, block = f->block < packer->step ? f->block : packer->step;
    struct passes p = {.packer = packer, .from = from, .blocks = crew__cut_by(items, block)};
    const size_t blocks = p.blocks.count;
    p.kept = crew__scratch_take((blocks + 1) * sizeof *p.kept + (f->flags ? 0 : items));
    if (!p.kept)
        return -ENOMEM;
    p.room = (unsigned char *)(p.kept + blocks + 1);
    crew_options own = {.threads = f->opt ? f->opt->threads : 0, .grain = f->opt ? f->opt->grain / block : 0};
    struct crew__loop loop = {.n = blocks, .ctx = &p, .opt = &own};
    loop.fn = flag_blocks;
    loop.item_ns = (f->flags ? flag_ns : item_ns) * (double)block;
    int code = crew__run(&loop);
    if (code == 0) {
        for (size_t b = 0; b < blocks; b++) {
            size_t here = p.kept[b];
            p.kept[b] = kept;
            kept += here;
        }
        p.kept[blocks] = kept;
        loop.fn = NULL;
        loop.each = pack_blocks;
        loop.item_ns = (double)(block * f->size * (f->rest ? 2 : 1)) * byte_ns;
        crew__run(&loop);
        *count = kept;
    }
    crew__scratch_give(p.kept);
    return code;
}
