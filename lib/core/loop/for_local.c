/* crew_for_local: a value for each worker, taken for a block and given back. */
#include "../base/atomics.h"
#include "../base/compiler.h"
#include "../base/scratch.h"
#include <crew/for.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

struct value {
    struct value *spare; /* the next that no block uses */
    struct value *older; /* made before it */
    _Alignas(CREW__CACHE_LINE) char bytes[];
};

struct locals {
    const crew_local *local;
    crew_local_body *body;
    void *ctx;
    atomic_flag lock;
    struct value *spare, *newest;
};

static void take_lock(struct locals *l)
{
    while (atomic_flag_test_and_set_explicit(&l->lock, memory_order_acquire))
        CREW__RELAX();
    crew__tell_acquire(&l->lock);
}

static int make(struct locals *l, struct value **made)
{
    struct value *v = crew__scratch_take(sizeof *v + l->local->size);
    if (!v)
        return -ENOMEM;
    memset(v->bytes, 0, l->local->size);
    int code = l->local->init ? l->local->init(v->bytes, l->ctx) : 0;
    if (code) {
        crew__scratch_give_or_free(v);
        return code;
    }
    take_lock(l);
    v->older = l->newest;
    l->newest = v;
    crew__tell_release(&l->lock);
    atomic_flag_clear_explicit(&l->lock, memory_order_release);
    *made = v;
    return 0;
}

static int do_block(size_t begin, size_t end, void *ctx)
{
    struct locals *l = ctx;
    take_lock(l);
    struct value *v = l->spare;
    l->spare = v ? v->spare : NULL;
    crew__tell_release(&l->lock);
    atomic_flag_clear_explicit(&l->lock, memory_order_release);
    int code = v ? 0 : make(l, &v);
    if (code)
        return crew_fail_at(begin, code);
    code = l->body(begin, end, v->bytes, l->ctx);
    take_lock(l);
    v->spare = l->spare;
    l->spare = v;
    crew__tell_release(&l->lock);
    atomic_flag_clear_explicit(&l->lock, memory_order_release);
    return code;
}

int crew_for_local(size_t n, const crew_local *local, crew_local_body *body, void *ctx, const crew_options *opt)
{
    if (!local || !body)
        return -EINVAL;
    if (local->size > SIZE_MAX - 2 * sizeof(struct value))
        return -EOVERFLOW;
    struct locals l = {.local = local, .body = body, .ctx = ctx};
    atomic_flag_clear_explicit(&l.lock, memory_order_relaxed);
    int code = crew_for(n, do_block, &l, opt);
    for (struct value *v = l.newest, *older; v; v = older) {
        older = v->older;
        if (local->fini)
            local->fini(v->bytes, ctx);
        crew__scratch_give_or_free(v);
    }
    return code;
}
