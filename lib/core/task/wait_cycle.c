/* Searches through the graph of who waits for whom.

   A future that runs waits for what its thread waits for; one that is blocked, for each of its dependencies; one that
   is ready, for a worker of its executor. The graph changes while it is searched: a wait is added to it before it is
   searched for, so of several that close a circle the last one finds it. */
#include "wait_cycle.h"
#include "executor.h"
#include "scheduler.h"
#include <pthread.h>

enum {
    QUICK = CREW__BOUND(64, 4), /* steps of a quick search */
    STEPS = CREW__BOUND(256, 2) /* dependencies that are followed without letting the lock of all waiters go */
};

struct search {
    uint64_t number; /* what has been come to bears it as its mark */
    const struct crew__waiter *self;
    const crew_executor *ex; /* whose tasks may be run; NULL: those of all that have no threads */
    bool for_work;
    struct crew__waiter *waiters; /* to be followed, before the lock is let go */
    crew_future *path;            /* blocked ones whose dependencies are being followed, with a reference each */
    crew_future *left;            /* those that were, whose reference is given up when no lock is held */
    bool closes, alive;
    crew_future *found;
};

/* The thread on which a join waits for a task; NULL: it goes on. */
static struct crew__waiter *thief_of(const crew_task *task)
{
    int state = crew__load_acquire(&task->state) & ~CREW__TASK_WAITED;
    const struct crew__member *owner = task->worker;
    if (state < CREW__TASK_STOLEN || !owner || !owner->scheduler->source)
        return NULL;
    const crew_executor *ex = owner->scheduler->source->ctx;
    return &ex->locals[state / CREW__TASK_STEP].waiter;
}

static void visit_waiter(struct search *s, struct crew__waiter *w)
{
    if (!w) {
        s->alive = true;
    } else if (w == s->self) {
        s->closes = true;
    } else if (w->mark != s->number) {
        w->mark = s->number;
        w->next = s->waiters;
        s->waiters = w;
    }
}

/* Any of its workers can run what waits for one. */
static void visit_executor(struct search *s, crew_executor *ex)
{
    if (ex->mark == s->number)
        return;
    ex->mark = s->number;
    for (int i = 0; i < ex->scheduler.width; i++) {
        struct crew__waiter *w = &ex->locals[i].waiter;
        if (w->stuck)
            visit_waiter(s, w);
        else
            s->alive = true;
    }
}

static bool may_run(const struct search *s, const crew_future *f)
{
    return s->ex ? f->executor == s->ex : !f->executor->host;
}

static void visit_future(struct search *s, crew_future *f)
{
    int state = crew__future_state(f);
    if (state == CREW_FUTURE_RUNNING) {
        visit_waiter(s, CREW__LOAD(&f->runs_on, relaxed));
    } else if (state != CREW_FUTURE_PENDING) {
        s->alive = true;
    } else if (!crew__future_unblocked(f)) {
        if (f->deps->mark == s->number)
            return;
        f->deps->mark = s->number;
        f->deps->at = 0;
        f->deps->path = s->path;
        s->path = crew_future_retain(f);
    } else if (!s->for_work) {
        s->alive = true;
    } else if (!may_run(s, f)) {
        visit_executor(s, f->executor);
    } else if (crew__future_claim(f, CREW_FUTURE_RUNNING)) {
        s->found = crew_future_retain(f);
    } else {
        s->alive = true;
    }
}

static void follow(struct search *s, const struct crew__waiter *w)
{
    if (w->kind == CREW__WAITS_FUTURE || (w->kind == CREW__WAITS_ANY && s->for_work))
        visit_future(s, w->what);
    else if (w->kind == CREW__WAITS_TASK)
        visit_waiter(s, thief_of(w->what));
    else if (w->kind == CREW__WAITS_ROOM && s->for_work)
        visit_executor(s, w->what);
    else
        s->alive = true;
}

static void leave_path(struct search *s)
{
    crew_future *top = s->path;
    s->path = top->deps->path;
    top->deps->path = s->left;
    s->left = top;
}

static void let_locks_go(struct search *s)
{
    crew_future *left = s->left;
    s->left = NULL;
    crew__waiters_unlock();
    while (left) {
        crew_future *next = left->deps->path;
        crew_future_release(left);
        left = next;
    }
}

/* The next dependency of the newest on the path that has not ended; NULL: there is none, and the path is shorter. */
static crew_future *next_on_path(struct search *s)
{
    struct crew__deps *deps = s->path->deps;
    while (deps->at < deps->count) {
        crew_future *f = deps->each[deps->at++].node.future;
        if (f)
            return f;
    }
    size_t ended = 0;
    while (ended < deps->count && !deps->each[ended].node.future)
        ended++;
    s->alive = s->alive || ended == deps->count; /* somebody is about to make it ready */
    leave_path(s);
    return NULL;
}

/* Marks and paths are one search's. */
static pthread_mutex_t searching = PTHREAD_MUTEX_INITIALIZER;
static uint64_t searches;

static void lock_searching(void)
{
    pthread_mutex_lock(&searching);
}

static void unlock_searching(void)
{
    pthread_mutex_unlock(&searching);
}

static void keep_searching_over_fork(void)
{
    /* The other lock, which is taken after this one, must be known first. */
    crew__waiters_let_go();
    pthread_atfork(lock_searching, unlock_searching, unlock_searching);
}

static void run_search(struct search *s, crew_future *f, crew_executor *room)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, keep_searching_over_fork);
    pthread_mutex_lock(&searching);
    crew__waiters_lock();
    s->self = crew__waiter;
    s->number = ++searches;
    if (f)
        visit_future(s, f);
    else
        visit_executor(s, room);
    for (int steps = 1; !s->found && !(s->closes && !s->for_work); steps++) {
        struct crew__waiter *w = s->waiters;
        if (w) {
            s->waiters = w->next;
            follow(s, w);
            continue;
        }
        if (!s->path)
            break;
        if (steps % STEPS == 0) {
            let_locks_go(s);
            crew__waiters_lock();
        }
        crew_future *next = next_on_path(s);
        if (next)
            visit_future(s, next);
    }
    while (s->path)
        leave_path(s);
    if (s->for_work)
        crew__waiter->needs = s->number;
    else if (s->closes && crew__waiter->kind == CREW__WAITS_FUTURE)
        crew__waiter->kind = CREW__WAITS_NOT; /* for others in the circle it is broken: one is told, not all */
    let_locks_go(s);
    pthread_mutex_unlock(&searching);
}

bool crew__wait_cycle_closes(crew_future *f)
{
    struct search s = {.for_work = false};
    run_search(&s, f, NULL);
    return s.closes;
}

enum crew__search_end crew__wait_cycle_claim(crew_future *f, crew_executor *room, const crew_executor *ex,
                                             crew_future **found)
{
    struct search s = {.for_work = true, .ex = ex};
    run_search(&s, f, room);
    *found = s.found;
    return s.found ? CREW__SEARCH_FOUND : s.alive ? CREW__SEARCH_ALIVE : CREW__SEARCH_DEAD;
}

/* What f waits for where that is one future; NULL: several, nothing, or `self`, which *closes says. */
static crew_future *one_step(const crew_future *f, const struct crew__waiter *self, bool *closes)
{
    int state = crew__future_state(f);
    if (state == CREW_FUTURE_PENDING && !crew__future_unblocked(f) && f->deps->count == 1)
        return f->deps->each[0].node.future;
    if (state != CREW_FUTURE_RUNNING)
        return NULL;
    const struct crew__waiter *w = CREW__LOAD(&f->runs_on, relaxed);
    for (int steps = 0; w && w != self && w->kind == CREW__WAITS_TASK && steps < QUICK; steps++)
        w = thief_of(w->what);
    *closes = w == self;
    return w && w != self && w->kind == CREW__WAITS_FUTURE ? w->what : NULL;
}

bool crew__wait_cycle_closes_quickly(crew_future *f)
{
    bool closes = false;
    crew__waiters_lock();
    for (int steps = 0; f && steps < QUICK; steps++)
        f = one_step(f, crew__waiter, &closes);
    crew__waiters_unlock();
    return closes;
}

void crew__wait_cycle_note_ready(crew_future *f)
{
    struct crew__waiter *self = crew__waiter;
    if (!self || self->needs == 0)
        return;
    crew__waiters_lock();
    bool needed = f->deps->mark == self->needs;
    crew__waiters_unlock();
    if (needed) {
        crew_future_release(self->ready);
        self->ready = crew_future_retain(f);
    }
}

crew_future *crew__wait_cycle_take_ready(void)
{
    crew_future *f = crew__waiter->ready;
    crew__waiter->ready = NULL;
    return f;
}
