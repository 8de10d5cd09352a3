/* crew_lines_for and crew_lines_reduce: a stream of blocks of lines. */
#include "../base/atomics.h"
#include "../base/compiler.h"
#include "../base/memory.h"
#include <crew/lines.h>
#include <crew/stream.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

struct item {
    crew_lines_block block;
    size_t lines; /* ends of lines in the block */
    bool folded;  /* acc holds something */
    _Alignas(CREW__CACHE_LINE) char acc[];
};

struct loop {
    crew_lines *reader;
    crew_lines_body *body;
    const crew_lines_reducer *r; /* NULL: body is called */
    void *ctx;
    void *total;      /* accumulator of the blocks that had their turn */
    size_t lines;     /* in these */
    atomic_flag lock; /* of the two below */
    size_t failed;    /* lowest failing block; SIZE_MAX: none */
    size_t place;     /* lines before the failing one in it */
};

static size_t count_lines(const char *text, size_t size)
{
    size_t lines = 0;
    for (size_t i = 0; i < size; i++)
        lines += text[i] == '\n';
    return lines;
}

static void note_failure(struct loop *l, const crew_lines_block *b)
{
    const char *at = b->failed && b->failed >= b->text && b->failed < b->text + b->size ? b->failed : b->text;
    while (atomic_flag_test_and_set_explicit(&l->lock, memory_order_acquire))
        CREW__RELAX();
    if (b->number < l->failed) {
        l->failed = b->number;
        l->place = count_lines(b->text, (size_t)(at - b->text));
    }
    atomic_flag_clear_explicit(&l->lock, memory_order_release);
}

static void set_up(const struct loop *l, void *acc)
{
    if (l->r->identity)
        memcpy(acc, l->r->identity, l->r->size);
    else
        memset(acc, 0, l->r->size);
}

static void drop(const struct loop *l, void *acc)
{
    if (l->r->drop)
        l->r->drop(acc, l->ctx);
}

static int read_block(void *item, size_t index, void *ctx)
{
    struct loop *l = ctx;
    struct item *it = item;
    (void)index;
    if (it->folded) /* by a call that has failed since, or was stopped */
        drop(l, it->acc);
    it->folded = false;
    return crew_lines_read(l->reader, &it->block);
}

static int do_block(void *item, size_t index, void *ctx)
{
    struct loop *l = ctx;
    struct item *it = item;
    int code;
    (void)index;
    it->lines = count_lines(it->block.text, it->block.size);
    if (l->r) {
        set_up(l, it->acc);
        it->folded = true;
        code = l->r->fold(&it->block, it->acc, l->ctx);
    } else {
        code = l->body(&it->block, l->ctx);
    }
    if (code)
        note_failure(l, &it->block);
    return code;
}

static int take_block(void *item, size_t index, void *ctx)
{
    struct loop *l = ctx;
    struct item *it = item;
    (void)index;
    int code = l->r ? l->r->merge(l->total, it->acc, l->ctx) : 0;
    if (code == 0) {
        it->folded = false;
        l->lines += it->lines;
    }
    return code;
}

static void close_item(void *item, void *ctx)
{
    const struct loop *l = ctx;
    struct item *it = item;
    if (it->folded)
        drop(l, it->acc);
    crew_lines_block_free(&it->block);
}

static int run(struct loop *l, int fd, size_t block, const crew_options *opt)
{
    const crew_stage stage = {do_block, CREW_STAGE_PARALLEL};
    size_t size = l->r ? l->r->size : 0 /* of which there is one already */, failed = SIZE_MAX;
    crew_pipeline p = {.item_size = sizeof(struct item) + size,
                       .source = read_block,
                       .stages = &stage,
                       .nstages = 1,
                       .sink = take_block,
                       .close = close_item};
    crew_options own = opt ? *opt : (crew_options){0};
    own.failed = &failed;
    l->failed = SIZE_MAX;
    atomic_flag_clear_explicit(&l->lock, memory_order_relaxed);
    l->reader = crew_lines_open(fd, block);
    if (!l->reader)
        return -errno;
    int code = crew_stream(&p, l, &own);
    crew_lines_close(l->reader);
    if (failed != SIZE_MAX && opt && opt->failed)
        *opt->failed = l->lines + (l->failed == failed ? l->place : 0);
    return code;
}

int crew_lines_for(int fd, size_t block, crew_lines_body *body, void *ctx, const crew_options *opt)
{
    if (!body)
        return -EINVAL;
    return run(&(struct loop){.body = body, .ctx = ctx}, fd, block, opt);
}

int crew_lines_reduce(int fd, size_t block, const crew_lines_reducer *r, void *ctx, void *result,
                      const crew_options *opt)
{
    if (!r || r->size == 0 || !r->fold || !r->merge || !result)
        return -EINVAL;
    struct loop l = {.r = r, .ctx = ctx, .total = crew__alloc(r->size)};
    if (!l.total)
        return -ENOMEM;
    set_up(&l, l.total);
    int code = run(&l, fd, block, opt);
    if (code == 0)
        memcpy(result, l.total, r->size);
    else
        drop(&l, l.total);
    crew__free(l.total);
    return code;
}
