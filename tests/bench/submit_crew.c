/* submit through a crew executor. */
#include "task_submit.h"

#include <crew/executor.h>
#include <stdio.h>
#include <stdlib.h>

static crew_executor *executor;

static void open_executor(int threads)
{
    executor = crew_executor_open(&(crew_executor_options){.threads = threads});
    if (!executor) {
        perror("crew_executor_open");
        exit(1);
    }
}

static int empty(void *arg)
{
    (void)arg;
    task_ran();
    return 0;
}

static int one(void *arg)
{
    (void)arg;
    return 1;
}

static void submit(size_t n)
{
    for (size_t k = 0; k < n; k++)
        crew_submit_with(executor, empty, NULL, NULL, NULL);
}

static size_t result_of(crew_future *f)
{
    int value = 0;
    if (crew_future_result(f, &value) != 0)
        value = 0;
    crew_future_release(f);
    return (size_t)value;
}

static size_t submit_future(size_t n)
{
    crew_future **futures = malloc(n * sizeof *futures);
    size_t sum = 0;
    for (size_t k = 0; futures && k < n; k++)
        futures[k] = crew_submit(executor, one, NULL);
    for (size_t k = 0; futures && k < n; k++)
        sum += result_of(futures[k]);
    free(futures);
    return sum;
}

static size_t round_trip(void)
{
    return result_of(crew_submit(executor, one, NULL));
}

const struct submit_system submit_systems[] = {{"crew", open_executor, submit, submit_future, round_trip, 0}, {0}};
