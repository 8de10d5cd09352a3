/* executor_inline.c for the explorer's suites, where executors have threads. */
#ifndef TESTS_EXPLORE_NO_INLINE_H
#define TESTS_EXPLORE_NO_INLINE_H

#include "../../lib/core/task/executor_inline.h"

crew_executor *crew__inline_executor(void)
{
    return NULL;
}

int crew__inline_push(crew_executor *ex, const struct crew__item *item, bool ready)
{
    (void)ex;
    (void)item;
    (void)ready;
    return 0;
}

bool crew__inline_help(int most)
{
    (void)most;
    return false;
}

void crew__inline_run(crew_future *f)
{
    (void)f;
}

void crew__inline_hold(crew_executor *ex)
{
    (void)ex;
}

void crew__inline_finish(crew_executor *ex, bool cancel)
{
    (void)ex;
    (void)cancel;
}

#endif
