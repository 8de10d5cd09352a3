/* Sets of futures in the order in which they end, and crew_wait, which stands on them. */
#define _POSIX_C_SOURCE 200809L
#include "../backend/park.h"
#include "../base/clock.h"
#include "future_run.h"
#include "wait.h"
#include "wait_cycle.h"
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>

/* A future in a set: first it waits to be told of the end, then it waits to be handed out. */
struct entry {
    struct crew__on_done node;
    crew_completion *set;
    crew_future *future;          /* holds a reference */
    struct entry *next;           /* in the order of ending */
    struct entry *before, *after; /* among those that have not ended */
};

struct crew_completion {
    pthread_mutex_t lock;
    struct entry *first, **last; /* ended and not given; under lock */
    struct entry *pending;       /* not ended; under lock */
    size_t left;                 /* added and not given; the user's thread's */
    atomic_int ended;            /* changes at each end: who waits sleeps on it */
    atomic_int owners;           /* the user, and the entries that have not been told */
};

static void release(crew_completion *set)
{
    if (CREW__SUB(&set->owners, 1, acq_rel) != 1)
        return;
    CREW__READS(&set->first);
    while (set->first) {
        struct entry *next = set->first->next;
        crew_future_release(set->first->future);
        free(set->first);
        set->first = next;
    }
    pthread_mutex_destroy(&set->lock);
    free(set);
}

static void move_to_ended(struct entry *entry)
{
    crew_completion *set = entry->set;
    pthread_mutex_lock(&set->lock);
    CREW__WRITES(&set->pending);
    CREW__WRITES(&set->first);
    if (entry->after)
        entry->after->before = entry->before;
    if (entry->before)
        entry->before->after = entry->after;
    else
        set->pending = entry->after;
    entry->next = NULL;
    *set->last = entry;
    set->last = &entry->next;
    pthread_mutex_unlock(&set->lock);
    CREW__ADD(&set->ended, 1, release);
    crew__unpark(&set->ended, CREW__ALL);
    release(set);
}

static void future_ended(crew_future *f, struct crew__on_done *node)
{
    (void)f;
    move_to_ended((struct entry *)node);
}

int crew_completion_add(crew_completion *set, crew_future *f)
{
    if (!set || !f)
        return -EINVAL;
    struct entry *entry = malloc(sizeof *entry);
    if (!entry)
        return -ENOMEM;
    *entry = (struct entry){.node = {NULL, future_ended}, .set = set, .future = crew_future_retain(f)};
    CREW__ADD(&set->owners, 1, relaxed);
    set->left++;
    pthread_mutex_lock(&set->lock);
    CREW__WRITES(&set->pending);
    entry->after = set->pending;
    if (entry->after)
        entry->after->before = entry;
    set->pending = entry;
    pthread_mutex_unlock(&set->lock);
    if (crew__future_ended(f) || !crew__future_add(f, &entry->node))
        move_to_ended(entry);
    return 0;
}

/* NULL with errno, of whatever type. */
static void *refuse(int error)
{
    errno = error;
    return NULL;
}

crew_completion *crew_completion_open(crew_future *const *f, size_t n)
{
    if (n > 0 && !f)
        return refuse(EINVAL);
    crew_completion *set = malloc(sizeof *set);
    if (!set)
        return refuse(ENOMEM);
    *set = (crew_completion){.left = 0};
    set->last = &set->first;
    pthread_mutex_init(&set->lock, NULL);
    atomic_init(&set->owners, 1);
    for (size_t i = 0; i < n; i++) {
        int error = crew_completion_add(set, f[i]);
        if (error) {
            crew_completion_close(set);
            return refuse(-error);
        }
    }
    return set;
}

void crew_completion_close(crew_completion *set)
{
    if (set)
        release(set);
}

static crew_future *take_ended(crew_completion *set)
{
    pthread_mutex_lock(&set->lock);
    CREW__WRITES(&set->first);
    struct entry *entry = set->first;
    if (entry) {
        set->first = entry->next;
        if (!set->first)
            set->last = &set->first;
    }
    pthread_mutex_unlock(&set->lock);
    if (!entry)
        return NULL;
    crew_future *f = entry->future;
    free(entry);
    set->left--;
    return f;
}

struct next {
    crew_completion *set;
    crew_future *found;
    int ended; /* the word before the last look */
};

static bool found_one(void *what)
{
    struct next *next = what;
    next->ended = CREW__LOAD(&next->set->ended, acquire);
    next->found = next->found ? next->found : take_ended(next->set);
    return next->found != NULL;
}

static void sleep_on_set(void *what, double seconds)
{
    struct next *next = what;
    crew__park(&next->set->ended, next->ended, seconds);
}

/* Nothing that could end has ended, and all that is left waits for `task`. */
static bool all_wait_for(crew_completion *set, const crew_future *task)
{
    pthread_mutex_lock(&set->lock);
    bool all = !set->first;
    for (struct entry *entry = set->pending; all && entry; entry = entry->after)
        all = crew__wait_cycle_reaches(entry->future, task);
    pthread_mutex_unlock(&set->lock);
    return all;
}

static crew_future *next_done(crew_completion *set, double end)
{
    if (set->left == 0)
        return refuse(0);
    if (crew__running && all_wait_for(set, crew__running))
        return refuse(EDEADLK);
    struct next next = {set, NULL, 0};
    struct crew__waiting waiting = {found_one, sleep_on_set, &next, NULL};
    int error = crew__wait(&waiting, end);
    return error ? refuse(-error) : next.found;
}

crew_future *crew_next_done_within(crew_completion *set, double seconds)
{
    if (!set || isnan(seconds))
        return refuse(EINVAL);
    return next_done(set, crew__wait_end(seconds));
}

crew_future *crew_next_done(crew_completion *set)
{
    return crew_next_done_within(set, -1);
}

static int wait_for_all(crew_future *const *f, size_t n, double end)
{
    for (size_t i = 0; i < n; i++) {
        double left = isinf(end) ? -1 : end - crew__seconds();
        int error = crew_future_wait(f[i], !isinf(end) && left < 0 ? 0 : left);
        if (error)
            return error;
    }
    return 0;
}

static bool has_failed(crew_future *f)
{
    return crew__future_code(f) != 0;
}

/* Waits until one has ended that `enough` (NULL: any) is satisfied with, or all have. */
static int wait_for_one(crew_future *const *f, size_t n, bool (*enough)(crew_future *), double end)
{
    crew_completion *set = crew_completion_open(f, n);
    if (!set)
        return -errno;
    int error = 0;
    bool over = false;
    while (set->left > 0 && !over && !error) {
        crew_future *ended = next_done(set, end);
        error = ended ? 0 : -errno;
        over = ended && (!enough || enough(ended));
        crew_future_release(ended);
    }
    crew_completion_close(set);
    return error;
}

int crew_wait(crew_future *const *f, size_t n, crew_wait_mode mode, double seconds)
{
    if ((n > 0 && !f) || isnan(seconds))
        return -EINVAL;
    for (size_t i = 0; i < n; i++)
        if (!f[i])
            return -EINVAL;
    double end = crew__wait_end(seconds);
    switch (mode) {
    case CREW_WAIT_ALL:
        return wait_for_all(f, n, end);
    case CREW_WAIT_ANY:
        return n == 0 ? 0 : wait_for_one(f, n, NULL, end);
    case CREW_WAIT_FIRST_FAILURE:
        return wait_for_one(f, n, has_failed, end);
    }
    return -EINVAL;
}
