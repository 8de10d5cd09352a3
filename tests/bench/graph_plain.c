/* The wavefront as a sequential program. */
#include "task_work.h"
#include "tasks.h"

static void wavefront(struct task_job *job)
{
    const struct cells *c = cells_kept(job->n);
    double start = driver_clock_ns();
    for (size_t i = 0; i < c->side; i++)
        for (size_t j = 0; j < c->side; j++)
            cells_compute(c, &c->first[i * c->stride + j], job->work);
    job->ns = driver_clock_ns() - start;
    job->result = cells_fingerprint(c);
}

task_fn *task_find(const char *kernel, const char *variant)
{
    static const struct task_kernel table[] = {{"wavefront", "plain", wavefront}, {0}};
    return task_find_in(table, kernel, variant);
}
