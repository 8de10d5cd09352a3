#define _POSIX_C_SOURCE 200809L
#include "scheduler.h"
#include "../backend/backend.h"
#include "../backend/park.h"
#include "../base/clock.h"
#include "../base/memory.h"
#include "../base/scratch.h"
#include "../base/threads.h"
#include <errno.h>

CREW__THREAD_LOCAL struct crew__member *crew__self;

/* crew_task.state. A stolen task's is STOLEN + id of the thief * STEP, so that who joins knows where to help. */
enum { FORKED, DONE, RETURNED, STOLEN, WAITED = 4, STEP = 8 };

enum {
    SEARCHES = CREW__BOUND(400, 8), /* looks at everybody before a member sleeps: some 20 us */
    MISSES = CREW__BOUND(8, 1),     /* looks after a task before a member counts as searching */
    JOIN_LOOKS = 2000               /* looks at the thief before a join sleeps */
};

/* Seconds that a join sleeps before it looks whether the thief has something to share. */
static const double FIRST_NAP = 20e-6, LONGEST_NAP = 1e-3;

bool crew__scheduler_init(struct crew__scheduler *s, int width)
{
    *s = (struct crew__scheduler){.width = width};
    size_t count = (size_t)width, room = CREW__DEQUE_ROOM;
    s->members = crew__alloc(count * sizeof *s->members);
    if (!s->members)
        return false;
    for (int id = 0; id < width; id++) {
        struct crew__member *w = &s->members[id];
        struct crew_task **slots = crew__scratch_take(room * sizeof(void *));
        *w = (struct crew__member){.scheduler = s, .id = id, .random = (uint32_t)id * 2654435761u + 1};
        /* Without a deque a member runs what it forks at once. */
        crew__deque_init(&w->deque, slots, slots ? room : 0);
    }
    return true;
}

void crew__scheduler_free(struct crew__scheduler *s)
{
    for (int id = 0; s->members && id < s->width; id++)
        crew__scratch_give(s->members[id].deque.slots);
    crew__free(s->members);
    s->members = NULL;
}

struct crew__member *crew__enter(struct crew__scheduler *s, int id)
{
    struct crew__member *before = crew__self;
    crew__self = &s->members[id];
    return before;
}

void crew__leave(struct crew__member *before)
{
    crew__self = before;
}

int crew__stopped(const struct crew__scheduler *s)
{
    if (s->cancel && crew_cancel_requested(s->cancel))
        return -ECANCELED;
    return s->deadline > 0 && crew__seconds() >= s->deadline ? -ETIMEDOUT : 0;
}

void crew__notify(struct crew__scheduler *s)
{
    if (crew__choose(&s->sleepers)) {
        crew__permit(&s->sleepers);
        crew__unpark(&s->sleepers.permits, 1);
    }
}

static int run_task(const struct crew__member *w, const crew_task *task)
{
    int code = crew__stopped(w->scheduler);
    return code ? code : task->fn(task->arg);
}

/* The state that ends a thief's part in a task. From the swap on the task may be gone: only its address is used. */
static void finish(crew_task *task, int state)
{
    if (crew__swap_acq_rel(&task->state, state) & WAITED)
        crew__unpark((atomic_int *)&task->state, CREW__ALL);
}

static void run_stolen(struct crew__member *w, crew_task *task)
{
    uint32_t outer = w->base;
    w->base = (uint32_t)(w->deque.top.head - w->deque.slots);
    task->base = w->base;
    bool joined = task->worker != NULL;
    crew__store_release(&task->state, STOLEN + w->id * STEP);
    if (joined) {
        task->result = run_task(w, task);
        finish(task, DONE);
    } else {
        task->fn(task->arg); /* and the task is not touched again: it may be pushed anew */
    }
    w->base = outer;
}

/* A look at one other member; where it has nothing public, it is asked to share. */
static crew_task *look_at(struct crew__member *victim)
{
    crew_task *task = crew__deque_steal(&victim->deque, 0);
    if (!task && !(CREW__LOAD(crew__deque_asked(&victim->deque), relaxed) & CREW__ASKED))
        CREW__OR(crew__deque_asked(&victim->deque), CREW__ASKED, relaxed);
    return task;
}

static uint32_t draw(struct crew__member *w)
{
    w->random ^= w->random << 13;
    w->random ^= w->random >> 17;
    w->random ^= w->random << 5;
    return w->random;
}

/* A random victim first, so that thieves spread, then everybody after it. */
static crew_task *steal(struct crew__member *w)
{
    struct crew__scheduler *s = w->scheduler;
    int victim = (int)(draw(w) % (uint32_t)s->width);
    for (int i = 0; i < s->width; i++) {
        crew_task *task = victim == w->id ? NULL : look_at(&s->members[victim]);
        if (task)
            return task;
        victim = victim + 1 < s->width ? victim + 1 : 0;
    }
    return NULL;
}

static bool anything_to_do(struct crew__scheduler *s)
{
    for (int i = 0; i < s->width; i++)
        if (crew__deque_has_public(&s->members[i].deque))
            return true;
    return s->source && s->source->ready(s->source->ctx, true);
}

static bool is_closing(struct crew__scheduler *s)
{
    return CREW__LOAD(&s->closing, seq_cst) != 0;
}

/* Looks for work, as a searcher; when it finds some it is none any more, and runs it. */
static bool search(struct crew__member *w)
{
    struct crew__scheduler *s = w->scheduler;
    crew_task *task = steal(w);
    if (!task && !(s->source && s->source->ready(s->source->ctx, false)))
        return false;
    if (crew__search_end(&s->sleepers))
        crew__notify(s);
    if (task)
        run_stolen(w, task);
    else
        s->source->run(w, s->source->ctx); /* somebody else may have been faster: it is found out soon enough */
    return true;
}

static void sleep_until_chosen(struct crew__member *w)
{
    struct crew__scheduler *s = w->scheduler;
    crew__sleep_begin(&s->sleepers);
    if ((anything_to_do(s) || is_closing(s)) && crew__sleep_undo(&s->sleepers))
        return;
    while (!crew__take_permit(&s->sleepers))
        crew__park(&s->sleepers.permits, 0, -1);
}

void crew__serve(struct crew__member *w)
{
    struct crew__scheduler *s = w->scheduler;
    /* More members than processors: who spins takes the processor from who works. */
    int searches = s->width > crew__cpu_count() ? SEARCHES / 8 : SEARCHES;
    crew__search_begin(&s->sleepers);
    for (int looks = 0;;) {
        /* Asked before the look: what came before the closing is seen by a look that comes after it. */
        bool closing = is_closing(s);
        if (search(w)) {
            /* As long as there is more, and for a moment after, the counts, which everybody reads, stay as they are. */
            for (int missed = 0; missed < MISSES;) {
                if (crew__help(w))
                    missed = 0;
                else
                    crew__pause(missed++);
            }
            crew__search_begin(&s->sleepers);
            looks = 0;
        } else if (closing) {
            break;
        } else if (looks < searches) {
            crew__pause(looks++);
        } else {
            sleep_until_chosen(w);
            looks = 0;
        }
    }
    crew__search_end(&s->sleepers);
}

void crew__scheduler_close(struct crew__scheduler *s)
{
    CREW__STORE(&s->closing, 1, seq_cst);
    int count = CREW__SWAP(&s->sleepers.sleeping, 0, seq_cst);
    if (count > 0) {
        /* All chosen at once, and counted as searching, which is what they do when they wake. */
        CREW__ADD(&s->sleepers.searching, count, seq_cst);
        CREW__ADD(&s->sleepers.permits, count, release);
        crew__unpark(&s->sleepers.permits, CREW__ALL);
    }
}

bool crew__help(struct crew__member *w)
{
    struct crew__scheduler *s = w->scheduler;
    crew_task *task = steal(w);
    if (task) {
        run_stolen(w, task);
        return true;
    }
    return s->source && s->source->run(w, s->source->ctx);
}

/* Everything from base on is stolen, but a thief reads the slot only after it has won: it has when it says so in the
 * task. */
static void wait_for_readers(const struct crew__member *w)
{
    const struct crew__deque *d = &w->deque;
    for (struct crew_task **slot = d->slots + w->base; slot < d->top.head; slot++)
        for (int round = 0; crew__load_acquire(&(*slot)->state) == FORKED; round = (round + 1) % 64)
            crew__pause(round);
}

/* Everything is stolen: what has run already needs its slot no more, only its result. Slots below `base` belong to
   frames that wait further down on this thread's stack. */
static void compact(struct crew__member *w)
{
    struct crew__deque *d = &w->deque;
    wait_for_readers(w);
    struct crew_task **to = d->slots + w->base;
    for (struct crew_task **from = to; from < d->top.head; from++) {
        if ((crew__load_acquire(&(*from)->state) & ~WAITED) == DONE) {
            (*from)->worker = NULL;
        } else {
            CREW__WRITES(to);
            *to++ = *from;
        }
    }
    uint32_t kept = (uint32_t)(to - d->slots);
    d->top.head = d->top.floor = to;
    CREW__STORE(&d->word, crew__deque_word(kept, kept), relaxed);
    crew__deque_set_limit(d, false);
}

static bool make_room(struct crew__member *w)
{
    struct crew__deque *d = &w->deque;
    if (d->top.head < d->end || !d->slots)
        return d->slots != NULL;
    bool more = false;
    while (crew__deque_publish(d))
        more = true;
    if (more)
        crew__notify(w->scheduler);
    if (!crew__deque_has_public(d))
        compact(w);
    return d->top.head < d->end;
}

static void share(struct crew__member *w)
{
    struct crew__deque *d = &w->deque;
    struct crew__sleepers *sleepers = &w->scheduler->sleepers;
    if (CREW__LOAD(crew__deque_asked(d), relaxed) & CREW__ASKED && CREW__LOAD(&sleepers->sleeping, relaxed) == 0)
        CREW__AND(crew__deque_asked(d), ~CREW__ASKED, relaxed); /* sleepers cannot ask again, so their question stays */
    if (crew__deque_publish(d))
        crew__notify(w->scheduler);
}

void crew__fork_slowly(struct crew__member *w, crew_task *task)
{
    struct crew__deque *d = &w->deque;
    int code = crew__stopped(w->scheduler);
    if (code || !make_room(w)) {
        task->worker = NULL;
        task->result = code ? code : task->fn(task->arg);
        return;
    }
    CREW__WRITES(d->top.head);
    *d->top.head++ = task;
    share(w);
}

static bool same_thief(int state, int now)
{
    return (state & ~WAITED) == (now & ~WAITED);
}

/* Runs one task that the stolen one has forked; false where its thief has none to give. */
static bool help_thief(struct crew__member *w, crew_task *task, int state)
{
    struct crew__member *thief = &w->scheduler->members[state / STEP];
    crew_task *part = crew__deque_steal(&thief->deque, task->base);
    if (!part)
        return false;
    /* The thief may have come to its end and gone on to something unrelated meanwhile: that goes back to whom it
       belongs to, if there is somebody who joins it. */
    if (!part->worker || same_thief(state, crew__load_acquire(&task->state)))
        run_stolen(w, part);
    else
        finish(part, RETURNED);
    return true;
}

/* Waits for a task that another member has taken. */
static int wait_for_thief(struct crew__member *w, crew_task *task)
{
    double nap = FIRST_NAP;
    for (int looks = 0;;) {
        int state = crew__load_acquire(&task->state);
        int plain = state & ~WAITED;
        if (plain == DONE)
            return task->result;
        if (plain == RETURNED)
            return run_task(w, task);
        if (plain >= STOLEN && help_thief(w, task, plain)) {
            looks = 0;
            nap = FIRST_NAP;
        } else if (plain == FORKED) { /* won, and its thief is about to say so */
            looks = (looks + 1) % JOIN_LOOKS;
            crew__pause(looks);
        } else if (looks < JOIN_LOOKS) {
            crew__pause(looks++);
        } else if (state & WAITED || crew__cas_acquire(&task->state, state, state | WAITED)) {
            /* The end wakes; that the thief forks something does not, so look now and then. */
            crew__park((atomic_int *)&task->state, state | WAITED, nap);
            nap = nap * 2 < LONGEST_NAP ? nap * 2 : LONGEST_NAP;
        }
    }
}

/* Takes the newest task off the deque and gives its value. */
static int join_newest(struct crew__member *w)
{
    struct crew__deque *d = &w->deque;
    crew_task *task = d->top.head[-1];
    if (d->top.head == d->top.floor && !crew__deque_reclaim(d)) {
        int code = wait_for_thief(w, task);
        crew__deque_drop(d);
        return code;
    }
    d->top.head--;
    if (CREW__LOAD(crew__deque_asked(d), relaxed) & CREW__ASKED && d->top.head > d->top.floor)
        share(w);
    return run_task(w, task);
}

int crew__join_slowly(struct crew__member *w, crew_task *task)
{
    struct crew__deque *d = &w->deque;
    while (task->worker && d->top.head > d->slots + w->base) {
        crew_task *newest = d->top.head[-1];
        int code = join_newest(w);
        newest->worker = NULL;
        newest->result = code;
    }
    return task->worker ? -EINVAL : task->result; /* not forked by this task, or joined before */
}

bool crew__push(struct crew__member *w, crew_task *task, crew_task_fn *fn, void *arg)
{
    struct crew__deque *d = &w->deque;
    if (!make_room(w))
        return false;
    task->fn = fn;
    task->arg = arg;
    task->worker = NULL;
    task->state = FORKED;
    bool slow = d->top.head >= d->top.limit || CREW__LOAD(crew__deque_asked(d), relaxed) & CREW__ASKED;
    CREW__WRITES(d->top.head);
    *d->top.head++ = task;
    if (slow)
        share(w);
    return true;
}

crew_task *crew__pop(struct crew__member *w)
{
    struct crew__deque *d = &w->deque;
    struct crew_task **base = d->slots + w->base;
    while (d->top.head > base) {
        if (d->top.head > d->top.floor)
            return *--d->top.head;
        if (crew__deque_reclaim(d))
            continue;
        wait_for_readers(w);
        while (d->top.head > base)
            crew__deque_drop(d);
    }
    return NULL;
}
