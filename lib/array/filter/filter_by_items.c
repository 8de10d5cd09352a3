/* Chooses between items and blocks. By items: all flags first, in a loop over items, whose runner knows how to share
   out a few that take long; then they are packed. Blocks of 64 and more items, which are the better way where an item
   takes nanoseconds, leave 64 files to one thread. */
#define _POSIX_C_SOURCE 200809L
#include "filter_by_items.h"
#include "../../core/base/clock.h"
#include "../../core/base/scratch.h"
#include "../../core/loop/runner.h"
#include "filter_engine.h"

struct asked {
    uintptr_t callback; /* first: by_site */
    const struct crew__filter *f;
    size_t from, step; /* step: most items a call */
    unsigned char *flags;
};

static int flag_items(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct asked *a = ctx;
    for (size_t next; begin < end; begin = next) {
        next = end - begin < a->step ? end : begin + a->step;
        int code = a->f->pred(a->from + begin, a->from + next, a->flags + begin, a->f->ctx);
        if (code) {
            *failed = begin;
            return code;
        }
    }
    return 0;
}

int crew__filter_by_items(const struct crew__filter *f, size_t from, size_t kept, unsigned char *flags, size_t *count)
{
    const size_t n = f->n - from;
    struct asked a = {f->callback, f, from, f->opt && f->opt->failed ? 1 : CREW__FLAGS, flags};
    int code =
        crew__run(&(struct crew__loop){.n = n, .fn = flag_items, .ctx = &a, .opt = f->opt, .by_site = CREW__BY_ITEM});
    if (code)
        return code;
    const crew_options own = {.threads = f->opt ? f->opt->threads : 0};
    struct crew__filter rest = {.in = (const char *)f->in + from * f->size,
                                .out = (char *)f->out + kept * f->size,
                                .rest = f->rest ? (char *)f->rest + (from - kept) * f->size : NULL,
                                .size = f->size,
                                .n = n,
                                .block = crew__filter_block(n, f->size),
                                .flags = flags,
                                .opt = f->opt ? &own : NULL,
                                .item_ns = crew__filter_pack_ns(f->size)};
    size_t found;
    code = crew__filter_run(&rest, &found);
    if (code == 0)
        *count = kept + found;
    return code;
}

/* Whether items take long is known from earlier calls; many whose site is not known tell it by their first block. */
static bool goes_by_items(const struct crew__filter *f, struct crew__site *site)
{
    if (f->n > CREW__FILTER_FEW)
        return (double)site->item_ns > CREW__LONG_ITEM_NS;
    return !crew__site_is_brief(site, f->n) || crew__site_is_due(site);
}

int crew__filter_run(const struct crew__filter *f, size_t *count)
{
    struct crew__site *site = f->callback && f->n > 1 ? crew__site_of_calls(f->callback, f->n) : NULL;
    if (!site || !goes_by_items(f, site))
        return crew__filter_by_blocks(f, site, count);
    unsigned char few[CREW__FILTER_FEW], *flags = f->n <= CREW__FILTER_FEW ? few : crew__scratch_take(f->n);
    if (!flags)
        return crew__filter_by_blocks(f, site, count);
    const int64_t started = crew__ticks();
    int code = crew__filter_by_items(f, 0, 0, flags, count);
    if (code == 0)
        crew__site_learn_call(site, started, f->n);
    if (flags != few)
        crew__scratch_give(flags);
    return code;
}
