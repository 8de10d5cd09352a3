/* submit with omp task: from one thread of a team, which also works. There are no futures and no outside threads. */
#include "task_submit.h"

#include <omp.h>

static void open_team(int threads)
{
    omp_set_num_threads(threads);
}

static void submit(size_t n)
{
#pragma omp parallel
#pragma omp single
    for (size_t k = 0; k < n; k++) {
#pragma omp task
        task_ran();
    }
}

const struct submit_system submit_systems[] = {{"task", open_team, submit, NULL, NULL, 1}, {0}};
