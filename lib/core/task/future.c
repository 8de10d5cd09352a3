/* A future from its making to its end: claims, cancels, callbacks, owners. */
#define _POSIX_C_SOURCE 200809L
#include "future.h"
#include "../backend/host.h"
#include "../backend/park.h"
#include "../base/callback_frame.h"
#include "line_pool.h"
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct crew__on_done crew__ended;

/* Calls that the thread has still to make, in order. */
struct telling {
    struct crew__on_done *first, **last;
};

/* NULL: the thread is not inside such a call. */
static CREW__THREAD_LOCAL struct telling *telling;

/* A billion forks, each of the child of the one before, come first. */
bool crew__future_is_parents(const crew_future *f)
{
    return f->forks != (crew__fork_count() & 0x3fffffffu);
}

crew_future *crew__future_new(crew_executor *ex, crew_task_fn *fn, void *arg, size_t copy, void *tag, int owners)
{
    const size_t fixed = sizeof(crew_future) + (tag ? sizeof(max_align_t) : 0);
    crew_future *f = copy > SIZE_MAX - fixed ? NULL : copy || tag ? malloc(fixed + copy) : crew__line_take();
    if (!f)
        return NULL;
    /* Not by one assignment: that would write the copy's alignment padding too. */
    atomic_init(&f->state, CREW_FUTURE_PENDING);
    atomic_init(&f->owners, owners);
    atomic_init(&f->result, 0);
    atomic_init(&f->on_done, NULL);
    atomic_init(&f->runs_on, NULL);
    f->deps = NULL;
    f->has_copy = copy > 0;
    f->has_tag = tag != NULL;
    if (tag)
        memcpy(f->tail, &tag, sizeof tag);
    f->forks = crew__fork_count() & 0x3fffffffu;
    f->executor = ex;
    f->fn = fn;
    f->arg = copy ? memcpy(f->tail + f->has_tag, arg, copy) : arg;
    return f;
}

crew_future *crew_future_retain(crew_future *f)
{
    if (f)
        CREW__ADD(&f->owners, 1, relaxed); /* the caller has a reference, so it cannot go meanwhile */
    return f;
}

void crew_future_release(crew_future *f)
{
    /* The last owner must see what all others did with it before it frees; nobody else can retain it then, so that a
     * look is enough. */
    if (!f)
        return;
    crew__tell_release(&f->owners);
    if (CREW__LOAD(&f->owners, acquire) != 1 && CREW__SUB(&f->owners, 1, acq_rel) != 1)
        return;
    crew__tell_acquire(&f->owners);
    free(f->deps);
    if (f->has_copy || f->has_tag)
        free(f);
    else
        crew__line_give(f);
}

bool crew__future_add(crew_future *f, struct crew__on_done *node)
{
    struct crew__on_done *first = CREW__LOAD(&f->on_done, relaxed);
    crew__tell_release(&f->on_done);
    while (first != &crew__ended) {
        node->next = first;
        if (CREW__CAS(&f->on_done, &first, node, acq_rel))
            return true;
    }
    /* The caller goes on to what the task wrote, and so far nothing has ordered that: an exchange that fails is
     * relaxed. */
    (void)CREW__LOAD(&f->on_done, acquire);
    crew__tell_acquire(f);
    return false;
}

bool crew__future_tell(void)
{
    struct telling *t = telling;
    if (!t || !t->first)
        return false;
    while (t->first) {
        struct crew__on_done *node = t->first;
        t->first = node->next;
        if (!t->first)
            t->last = &t->first;
        node->fn(node->future, node); /* and it may be gone */
    }
    return true;
}

/* Calls the nodes from first to last now, or after the call that runs. */
static void tell(struct crew__on_done *first, struct crew__on_done *last)
{
    last->next = NULL;
    if (telling) {
        *telling->last = first;
        telling->last = &last->next;
        return;
    }
    struct telling own = {first, &last->next};
    telling = &own;
    crew__future_tell();
    telling = NULL;
}

void crew__future_end(crew_future *f, int state)
{
    crew__tell_release(f);
    if (CREW__SWAP(&f->state, state, acq_rel) & CREW__WAITED)
        crew__unpark(&f->state, CREW__ALL);
    struct crew__on_done *last = CREW__SWAP(&f->on_done, &crew__ended, acq_rel), *node = last, *first = NULL;
    if (node)
        crew__tell_acquire(&f->on_done);
    while (node) { /* the order of registration */
        struct crew__on_done *next = node->next;
        node->next = first;
        first = node;
        node = next;
    }
    if (first)
        tell(first, last);
}

bool crew__future_ended(crew_future *f)
{
    if (crew__future_state(f) >= CREW_FUTURE_DONE)
        return true;
    if (!crew__future_is_parents(f))
        return false;
    CREW__STORE(&f->state, CREW_FUTURE_CANCELED, release); /* nobody is left in this process who could end it */
    return true;
}

int crew__future_code(const crew_future *f)
{
    atomic_int *result = &((crew_future *)f)->result;
    int code = CREW__LOAD(result, relaxed);
    /* From the first look on it stays what it is, whatever a dependency says later. */
    if (code == 0 && crew__future_state(f) == CREW_FUTURE_CANCELED && CREW__CAS(result, &code, -ECANCELED, relaxed))
        code = -ECANCELED;
    return code;
}

bool crew__future_drop(crew_future *f)
{
    if (!crew__future_claim(f, CREW_FUTURE_CANCELED))
        return false;
    crew__future_end(f, CREW_FUTURE_CANCELED);
    return true;
}

void crew__future_fail(crew_future *f, int code)
{
    int none = 0;
    CREW__CAS(&f->result, &none, code, relaxed);
    crew__future_drop(f);
}

bool crew_future_cancel(crew_future *f)
{
    if (!f || (crew__future_is_parents(f) && !crew__future_ended(f)))
        return false;
    if (!crew__future_drop(f))
        return crew__future_state(f) == CREW_FUTURE_CANCELED;
    return true;
}

crew_future_state crew_future_status(const crew_future *f)
{
    if (!f || crew__future_ended((crew_future *)f))
        return f ? (crew_future_state)crew__future_state(f) : CREW_FUTURE_CANCELED;
    return (crew_future_state)crew__future_state(f);
}

void *crew_future_tag(const crew_future *f)
{
    void *tag = NULL;
    if (f && f->has_tag)
        memcpy(&tag, f->tail, sizeof tag);
    return tag;
}

struct call {
    struct crew__on_done node;
    crew_callback *fn;
    void *ctx;
};

static void call(crew_future *f, struct crew__on_done *node)
{
    struct call *registered = (struct call *)node;
    CREW__NO_EXCEPTION_PASSES();
    CREW__CALLBACK_BEGIN()
    registered->fn(f, registered->ctx);
    CREW__CALLBACK_END()
    free(registered);
    crew_future_release(f);
}

int crew_future_on_done(crew_future *f, crew_callback *fn, void *ctx)
{
    if (!f || !fn)
        return -EINVAL;
    struct call *registered = malloc(sizeof *registered);
    if (!registered)
        return -ENOMEM;
    *registered = (struct call){{NULL, call, crew_future_retain(f)}, fn, ctx};
    if (crew__future_ended(f) || !crew__future_add(f, &registered->node))
        tell(&registered->node, &registered->node);
    return 0;
}
