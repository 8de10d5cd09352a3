/* crew_for, crew_fail_at, crew_worker and crew_in_team. */
#include "../base/compiler.h"
#include "runner.h"
#include <crew/for.h>
#include <errno.h>
#include <stdbool.h>

struct line {
    crew_body *body; /* first: by_site */
    void *ctx;
    bool exact; /* *failed is asked for */
};

/* What crew_fail_at was told last on this thread, and not asked for since. */
static _Thread_local struct {
    size_t index;
    bool said;
} failure;

int crew_fail_at(size_t index, int code)
{
    failure.index = index;
    failure.said = true;
    return code;
}

/* A body says that a block failed, not where. Items are so done in blocks of any size until one fails: one call an item
   took 3 to 50 times as long. */
static CREW__NOINLINE size_t failing_item(const struct line *line, size_t begin, size_t end)
{
    bool said = failure.said && failure.index >= begin && failure.index < end;
    failure.said = false;
    if (said)
        return failure.index;
    if (!line->exact)
        return begin;
    for (size_t i = begin; i < end; i++)
        if (line->body(i, i + 1, line->ctx) != 0)
            return i;
    return begin;
}

CREW__HOT static int do_line(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct line *line = ctx;
    int code = line->body(begin, end, line->ctx);
    if (CREW__UNLIKELY(code != 0))
        *failed = failing_item(line, begin, end);
    return code;
}

CREW__HOT int crew_for(size_t n, crew_body *body, void *ctx, const crew_options *opt)
{
    if (!body)
        return -EINVAL;
    struct line line = {body, ctx, opt && opt->failed};
    failure.said = false;
    return crew__run(&(struct crew__loop){.n = n, .fn = do_line, .ctx = &line, .opt = opt, .by_site = CREW__BY_ITEM});
}

bool crew_in_team(void)
{
    return crew__worker >= 0;
}

int crew_worker(void)
{
    return crew__worker;
}
