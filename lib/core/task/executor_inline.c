/* Tasks of executors without threads: a list at each thread, which the outermost submit goes through. */
#define _POSIX_C_SOURCE 200809L
#include "executor_inline.h"
#include "../backend/backend.h"
#include "../base/callback_frame.h"
#include "../base/compiler.h"
#include "../base/memory.h"
#include "executor_worker.h"
#include "future_run.h"
#include "waiter.h"
#include <errno.h>
#include <pthread.h>
#include <stddef.h>

/* What was submitted inside a task; ex counts it among what shutdown waits for. */
struct kept {
    struct kept *next;
    crew_executor *ex;
    struct crew__item item;
};

struct inline_run {
    crew_executor *ex; /* whose task runs */
    struct kept *first, **last;
    int helped;          /* tasks of the list on top of each other in waits */
    bool is_child;       /* the process was forked inside: the lists are the parent's */
    crew_executor *held; /* closed inside, and not to be freed before the end */
};

/* NULL: the thread runs no task. */
static CREW__THREAD_LOCAL struct inline_run *inline_run;

/* Takes the first one, or the first of ex, out of the list. */
static struct kept *take(const crew_executor *ex)
{
    struct kept **at = &inline_run->first;
    while (*at && ex && (*at)->ex != ex)
        at = &(*at)->next;
    struct kept *kept = *at;
    if (!kept)
        return NULL;
    *at = kept->next;
    if (!kept->next)
        inline_run->last = at;
    return kept;
}

static void cancel_kept(struct kept *kept)
{
    crew_executor *ex = kept->ex;
    if (!kept->item.fn) {
        crew_future_cancel(kept->item.arg);
        crew_future_release(kept->item.arg);
    }
    crew__free(kept);
    crew__executor_let_go(ex);
}

/* In a child of fork: or else what the parent runs would run here too. */
static void drop_parents_list(void)
{
    if (!inline_run->is_child)
        return;
    inline_run->is_child = false;
    inline_run->held = NULL;
    for (struct kept *kept; (kept = take(NULL));)
        cancel_kept(kept);
}

crew_executor *crew__inline_executor(void)
{
    if (!inline_run)
        return NULL;
    drop_parents_list();
    return inline_run->ex;
}

static void note_fork(void)
{
    if (inline_run)
        inline_run->is_child = true;
}

static pthread_key_t key;
static bool have_key;

static void end_thread(void *own)
{
    (void)own;
    crew__waiters_let_go();
    crew__waiter = NULL;
}

static void make_key(void)
{
    have_key = pthread_key_create(&key, end_thread) == 0;
    pthread_atfork(NULL, NULL, note_fork);
}

static pthread_once_t key_once = PTHREAD_ONCE_INIT;

/* A handler that is registered while another thread forks comes too late for that fork, so at load. */
CREW__AT_LOAD static void make_key_early(void)
{
    pthread_once(&key_once, make_key);
}

/* Without a key nobody would know when the record goes, so there is none, and circles of waits are not found. */
static void set_up_waiter(void)
{
    static CREW__THREAD_LOCAL struct crew__waiter own;
    pthread_once(&key_once, make_key);
    if (have_key && pthread_setspecific(key, &own) == 0)
        crew__waiter = &own;
}

static crew_executor *enter(crew_executor *ex, int *worker)
{
    crew_executor *outer = inline_run->ex;
    inline_run->ex = ex;
    *worker = crew__worker;
    crew__worker = 0;
    return outer;
}

static void leave(crew_executor *outer, int worker)
{
    crew__worker = worker;
    inline_run->ex = outer;
}

static void run_item(crew_executor *ex, const struct crew__item *item)
{
    int worker;
    crew_executor *outer = enter(ex, &worker);
    CREW__CALLBACK_BEGIN()
    crew__item_run(item);
    CREW__CALLBACK_END()
    leave(outer, worker);
}

void crew__inline_run(crew_future *f)
{
    int worker;
    crew_executor *outer = enter(f->executor, &worker);
    CREW__CALLBACK_BEGIN()
    crew__future_run(f);
    CREW__CALLBACK_END()
    leave(outer, worker);
}

static void run_kept(struct kept *kept)
{
    crew_executor *ex = kept->ex;
    struct crew__item item = kept->item;
    crew__free(kept);
    run_item(ex, &item);
    crew__executor_let_go(ex);
}

static int keep(crew_executor *ex, const struct crew__item *item, bool ready)
{
    struct kept *kept = crew__alloc(sizeof *kept);
    if (!kept)
        return -ENOMEM;
    if (ready) {
        CREW__ADD(&ex->blocked_by, 1, relaxed); /* the item's own count is still there */
    } else if (!crew__queue_add_unless_closed(&ex->queue, &ex->blocked_by)) {
        crew__free(kept);
        return -ECANCELED;
    }
    *kept = (struct kept){NULL, ex, *item};
    *inline_run->last = kept;
    inline_run->last = &kept->next;
    return 0;
}

int crew__inline_push(crew_executor *ex, const struct crew__item *item, bool ready)
{
    if (inline_run) {
        drop_parents_list(); /* before the child's first one is in it */
        return keep(ex, item, ready);
    }
    if (!ready && crew__queue_closed(&ex->queue))
        return -ECANCELED;
    if (!crew__waiter)
        set_up_waiter();
    struct inline_run run = {NULL, NULL, &run.first, 0, false, NULL};
    inline_run = &run;
    run_item(ex, item);
    drop_parents_list();
    for (struct kept *kept; (kept = take(NULL)); drop_parents_list())
        run_kept(kept);
    inline_run = NULL;
    for (crew_executor *held; (held = run.held) != NULL;) {
        run.held = held->held;
        crew__executor_let_go(held);
    }
    return 0;
}

void crew__inline_hold(crew_executor *ex)
{
    if (!inline_run)
        return;
    drop_parents_list();
    CREW__ADD(&ex->blocked_by, 1, relaxed);
    ex->held = inline_run->held;
    inline_run->held = ex;
}

bool crew__inline_help(int most)
{
    drop_parents_list();
    if (!inline_run->first || inline_run->helped >= most)
        return false;
    inline_run->helped++;
    run_kept(take(NULL));
    inline_run->helped--;
    return true;
}

void crew__inline_finish(crew_executor *ex, bool cancel)
{
    if (inline_run)
        drop_parents_list();
    for (struct kept *kept; inline_run && (kept = take(ex));) {
        if (cancel)
            cancel_kept(kept);
        else
            run_kept(kept);
    }
}
