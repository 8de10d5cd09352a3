/* Searches through the graph of who waits for whom.

   A future that runs waits for what its thread waits for; one that is blocked, for each of its dependencies; one that
   is ready, for a worker of its executor. The graph changes while it is searched: a wait is added to it before it is
   searched for, so of several that close a circle the last one finds it. */
#include "wait_cycle.h"
#include "../base/compiler.h"
#include "executor.h"
#include "scheduler.h"
#include <pthread.h>

enum {
    QUICK = CREW__BOUND(64, 4),  /* steps of a quick search */
    STEPS = CREW__BOUND(256, 2), /* dependencies that are followed without letting the lock of all waiters go */
    MOST = 4096                  /* futures of a set that are looked at */
};

enum purpose {
    TO_SELF,  /* all that must end before: does it come to the thread that searches? */
    TO_ALIVE, /* all that may end before: does any of it go on by itself? */
    TO_WORK   /* the same, and is there something to be run? */
};

struct search {
    uint64_t number; /* what has been come to bears it as its mark */
    const struct crew__waiter *self;
    const crew_executor *ex; /* whose tasks may be run; NULL: those of all that have no threads */
    enum purpose purpose;
    struct crew__waiter *waiters; /* to be followed, before the lock is let go */
    crew_future *path;            /* blocked ones whose dependencies are being followed, with a reference each */
    crew_future *left;            /* those that were, whose reference is given up when no lock is held */
    bool closes, alive;
    bool met_choice; /* it did not follow */
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
    } else if (s->purpose != TO_WORK || !f->executor) { /* who keeps a promise is not known */
        s->alive = true;
    } else if (!may_run(s, f)) {
        visit_executor(s, f->executor);
    } else if (crew__future_claim(f, CREW_FUTURE_RUNNING)) {
        s->found = crew_future_retain(f);
    } else {
        s->alive = true;
    }
}

static void visit_choice(struct search *s, struct crew__choice *c)
{
    if ((s->purpose == TO_SELF && c->count > 1) || (s->purpose == TO_ALIVE && c->count > MOST)) {
        s->met_choice = s->alive = true;
        return;
    }
    size_t most = c->count < MOST ? c->count : MOST;
    for (size_t i = 0; i < most && !s->found; i++) {
        c->from = c->from + 1 < c->count ? c->from + 1 : 0;
        visit_future(s, c->nodes[c->from]->future);
    }
}

static void visit(struct search *s, enum crew__waits kind, void *what)
{
    if (kind == CREW__WAITS_FUTURE)
        visit_future(s, what);
    else if (kind == CREW__WAITS_ANY)
        visit_choice(s, what);
    else if (kind == CREW__WAITS_TASK)
        visit_waiter(s, thief_of(what));
    else if (kind == CREW__WAITS_ROOM && s->purpose == TO_WORK)
        visit_executor(s, what);
    else
        s->alive = true;
}

static bool is_over(const struct search *s)
{
    return s->found || (s->purpose == TO_SELF && s->closes) || (s->purpose == TO_ALIVE && s->alive);
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

static pthread_once_t searching_once = PTHREAD_ONCE_INIT;

/* A handler that is registered while another thread forks comes too late for that fork, so at load. */
CREW__AT_LOAD static void keep_searching_early(void)
{
    pthread_once(&searching_once, keep_searching_over_fork);
}

static void run(struct search *s, enum crew__waits kind, void *what)
{
    pthread_once(&searching_once, keep_searching_over_fork);
    pthread_mutex_lock(&searching);
    crew__waiters_lock();
    s->self = crew__waiter;
    s->number = ++searches;
    visit(s, kind, what);
    for (int steps = 1; !is_over(s); steps++) {
        struct crew__waiter *w = s->waiters;
        if (w) {
            s->waiters = w->next;
            visit(s, w->kind, w->what);
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
    if (s->purpose == TO_WORK)
        crew__waiter->needs = s->number;
    else if (s->purpose == TO_SELF && s->closes && crew__waiter->kind == CREW__WAITS_FUTURE)
        crew__waiter->kind = CREW__WAITS_NOT; /* for others in the circle it is broken: one is told, not all */
    let_locks_go(s);
    pthread_mutex_unlock(&searching);
}

static bool is_knot(enum crew__waits kind, void *what)
{
    struct search s = {.purpose = TO_ALIVE};
    run(&s, kind, what);
    return !s.alive;
}

bool crew__wait_cycle_closes(void)
{
    enum crew__waits kind = crew__waiter->kind;
    void *what = crew__waiter->what;
    struct search s = {.purpose = TO_SELF};
    if (kind != CREW__WAITS_ANY) {
        run(&s, kind, what);
        return s.closes || (s.met_choice && is_knot(kind, what));
    }
    const struct crew__choice *c = what;
    for (size_t i = 0; i < c->count; i++) {
        s = (struct search){.purpose = TO_SELF};
        run(&s, CREW__WAITS_FUTURE, c->nodes[i]->future);
        if (!s.closes)
            return is_knot(kind, what);
    }
    return true;
}

enum crew__search_end crew__wait_cycle_claim(enum crew__waits kind, void *what, const crew_executor *ex,
                                             crew_future **found)
{
    struct search s = {.purpose = TO_WORK, .ex = ex};
    run(&s, kind, what);
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
