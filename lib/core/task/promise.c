/* Futures that are ended by hand: a promise is the reference of who ends its future. */
#include "future.h"
#include <errno.h>

static crew_future *future_of(crew_promise *p)
{
    return (crew_future *)p;
}

crew_promise *crew_promise_open(crew_future **future, void *tag)
{
    if (!future) {
        errno = EINVAL;
        return NULL;
    }
    *future = crew__future_new(NULL, NULL, NULL, 0, tag, 2);
    if (!*future)
        errno = ENOMEM;
    return (crew_promise *)*future;
}

int crew_promise_set(crew_promise *p, int result)
{
    crew_future *f = future_of(p);
    if (!f)
        return -EINVAL;
    if (!crew__future_ended(f) && crew__future_claim(f, CREW_FUTURE_RUNNING)) {
        CREW__STORE(&f->result, result, relaxed); /* the end releases it */
        crew__future_end(f, CREW_FUTURE_DONE);
        return 0;
    }
    return crew__future_state(f) == CREW_FUTURE_CANCELED ? -ECANCELED : -EALREADY;
}

void crew_promise_close(crew_promise *p)
{
    crew_future *f = future_of(p);
    if (f && !crew__future_ended(f))
        crew__future_drop(f);
    crew_future_release(f);
}
