/* crew_for, and crew_worker. */
#include "runner.h"
#include <crew/for.h>
#include <errno.h>

struct line {
    crew_body *body;
    void *ctx;
};

static int run_line(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct line *line = ctx;
    (void)failed;
    return line->body(begin, end, line->ctx);
}

int crew_for(size_t n, crew_body *body, void *ctx, const crew_options *opt)
{
    if (!body)
        return -EINVAL;
    struct line line = {body, ctx};
    /* A body says that a block failed, not where; blocks of one item say that too. */
    size_t max_block = opt && opt->failed ? 1 : 0;
    struct crew__loop loop = {.n = n, .fn = run_line, .ctx = &line, .opt = opt, .max_block = max_block};
    return crew__run(&loop);
}

int crew_worker(void)
{
    return crew__worker;
}
