/* The stream of n numbers as a oneTBB parallel_pipeline, with as many tokens as crew has items. The numbers travel by
   value, which is its fastest way. */
#include "task_work.h"
#include "tasks.h"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_pipeline.h>

static void stream(task_job *job)
{
    static tbb::global_control control(tbb::global_control::max_allowed_parallelism, static_cast<size_t>(job->threads));
    const size_t n = job->n, work = job->work;
    size_t index = 0, in_order = 0;
    uint64_t last = 0;
    tbb::parallel_pipeline(
        STREAM_TOKENS, tbb::make_filter<void, uint64_t>(tbb::filter_mode::serial_in_order,
                                                        [&](tbb::flow_control &control) -> uint64_t {
                                                            if (index == n)
                                                                control.stop();
                                                            return index < n ? index++ : 0;
                                                        }) &
                           tbb::make_filter<uint64_t, uint64_t>(tbb::filter_mode::parallel,
                                                                [work](uint64_t v) { return cell_value(v, v, work); }) &
                           tbb::make_filter<uint64_t, void>(tbb::filter_mode::serial_in_order, [&](uint64_t v) {
                               last += v;
                               in_order++;
                           }));
    job->result = last == 0 ? 0 : static_cast<double>(in_order);
}

extern "C" task_fn *task_find(const char *kernel, const char *variant)
{
    static const task_kernel table[] = {{"stream", "tbb", stream}, {}};
    return task_find_in(table, kernel, variant);
}
