/* The stream of n numbers as a crew_stream: source, a parallel stage, a sink in order. */
#include "task_work.h"
#include "tasks.h"

#include <crew/stream.h>
#include <stdio.h>
#include <stdlib.h>

struct numbers {
    size_t n, work, in_order;
    uint64_t last;
};

static int next_number(void *item, size_t index, void *ctx)
{
    *(uint64_t *)item = index;
    return index == ((struct numbers *)ctx)->n ? CREW_STREAM_END : 0;
}

static int compute(void *item, size_t index, void *ctx)
{
    *(uint64_t *)item = cell_value(index, *(uint64_t *)item, ((struct numbers *)ctx)->work);
    return 0;
}

static int take(void *item, size_t index, void *ctx)
{
    struct numbers *s = ctx;
    s->last += *(uint64_t *)item;
    s->in_order += s->in_order == index;
    return 0;
}

static void stream(struct task_job *job)
{
    struct numbers s = {.n = job->n, .work = job->work};
    int code = crew_stream(&(crew_pipeline){.item_size = sizeof(uint64_t),
                                            .source = next_number,
                                            .stages = &(crew_stage){compute, CREW_STAGE_PARALLEL},
                                            .nstages = 1,
                                            .sink = take,
                                            .in_flight = STREAM_TOKENS},
                           &s, &(crew_options){.threads = job->threads});
    if (code != 0) {
        fprintf(stderr, "crew_stream: %s\n", crew_strerror(code));
        exit(1);
    }
    job->result = s.last == 0 ? 0 : (double)s.in_order;
}

task_fn *task_find(const char *kernel, const char *variant)
{
    static const struct task_kernel table[] = {{"stream", "crew", stream}, {0}};
    return task_find_in(table, kernel, variant);
}
