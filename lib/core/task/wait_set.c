/* Sets of futures in the order in which they end, and crew_wait, which stands on them. */
#define _POSIX_C_SOURCE 200809L
#include "../backend/park.h"
#include "../base/clock.h"
#include "../base/compiler.h"
#include "../base/progress_call.h"
#include "../base/threads.h"
#include "wait.h"
#include "wait_cycle.h"
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

/* A future in a set: first it waits to be told of the end, then it waits to be handed out. */
struct entry {
    struct crew__on_done node; /* its future's reference is the entry's until that is handed out */
    crew_completion *set;
    struct entry *next; /* in the order of ending */
    struct entry *same; /* in the same bucket */
    size_t index;       /* in left */
};

struct crew_completion {
    pthread_mutex_t lock;
    struct entry *first, **last; /* ended and not given; under lock */
    atomic_int ended;            /* changes at each end: who waits sleeps on it */
    atomic_int owners;           /* the user, and the entries that have not been told */
    atomic_bool used;            /* by a thread: one at a time */
    /* the user's thread's */
    struct crew__choice left; /* added and not given, in no order */
    size_t room;              /* of both arrays, a power of two or 0 */
    struct entry **buckets;   /* to find one by its future */
};

static void release(crew_completion *set)
{
    crew__tell_release(set); /* a race detector sees the lock, which others have used, be destroyed */
    if (CREW__SUB(&set->owners, 1, acq_rel) != 1)
        return;
    crew__tell_acquire(set);
    CREW__READS(&set->first);
    while (set->first) {
        struct entry *next = set->first->next;
        crew_future_release(set->first->node.future);
        free(set->first);
        set->first = next;
    }
    pthread_mutex_destroy(&set->lock);
    free(set->left.nodes);
    free(set->buckets);
    free(set);
}

static void move_to_ended(struct entry *entry)
{
    crew_completion *set = entry->set;
    pthread_mutex_lock(&set->lock);
    CREW__WRITES(&set->first);
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

static struct entry **bucket_of(const crew_completion *set, const crew_future *f)
{
    return &set->buckets[((uintptr_t)f / CREW__CACHE_LINE * 0x9e3779b1u >> 8) & (set->room - 1)];
}

static void put_into_bucket(struct entry *entry)
{
    struct entry **bucket = bucket_of(entry->set, entry->node.future);
    entry->same = *bucket;
    *bucket = entry;
}

static bool has(const crew_completion *set, const crew_future *f)
{
    const struct entry *entry = set->room ? *bucket_of(set, f) : NULL;
    while (entry && entry->node.future != f)
        entry = entry->same;
    return entry != NULL;
}

static bool grow(crew_completion *set)
{
    size_t room = set->room ? 2 * set->room : 8;
    struct crew__on_done **nodes = room <= SIZE_MAX / sizeof *nodes / 2 ? malloc(room * sizeof *nodes) : NULL;
    struct entry **buckets = nodes ? calloc(room, sizeof(struct entry *)) : NULL;
    if (!buckets) {
        free(nodes);
        return false;
    }
    for (size_t i = 0; i < set->left.count; i++)
        nodes[i] = set->left.nodes[i];
    free(set->left.nodes);
    free(set->buckets);
    set->left.nodes = nodes;
    set->buckets = buckets;
    set->room = room;
    for (size_t i = 0; i < set->left.count; i++)
        put_into_bucket((struct entry *)nodes[i]);
    return true;
}

/* One that is handed out. */
static void forget(const struct entry *entry)
{
    crew_completion *set = entry->set;
    struct entry **at = bucket_of(set, entry->node.future);
    while (*at != entry)
        at = &(*at)->same;
    *at = entry->same;
    struct entry *last = (struct entry *)set->left.nodes[--set->left.count];
    last->index = entry->index;
    set->left.nodes[last->index] = &last->node;
    set->left.from = 0;
}

static bool begin_use(crew_completion *set)
{
    return !CREW__SWAP(&set->used, true, acquire);
}

static void end_use(crew_completion *set)
{
    CREW__STORE(&set->used, false, release);
}

static int add_entry(crew_completion *set, crew_future *f)
{
    if (has(set, f))
        return 0;
    if (set->left.count == set->room && !grow(set))
        return -ENOMEM;
    struct entry *entry = malloc(sizeof *entry);
    if (!entry)
        return -ENOMEM;
    *entry = (struct entry){{NULL, future_ended, crew_future_retain(f)}, set, NULL, NULL, set->left.count};
    CREW__ADD(&set->owners, 1, relaxed);
    set->left.nodes[set->left.count++] = &entry->node;
    put_into_bucket(entry);
    if (crew__future_ended(f) || !crew__future_add(f, &entry->node))
        move_to_ended(entry);
    return 0;
}

int crew_completion_add(crew_completion *set, crew_future *f)
{
    if (!set || !f)
        return -EINVAL;
    if (!begin_use(set))
        return -EBUSY;
    int error = add_entry(set, f);
    end_use(set);
    return error;
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
    *set = (crew_completion){.lock = PTHREAD_MUTEX_INITIALIZER};
    set->last = &set->first;
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
    forget(entry);
    crew_future *f = entry->node.future;
    free(entry);
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

/* Nothing that is left has ended, and all of it waits for the task that calls. */
static bool all_close_quickly(const crew_completion *set)
{
    size_t i = 0;
    while (i < set->left.count && !crew__future_ended(set->left.nodes[i]->future) &&
           crew__wait_cycle_closes_quickly(set->left.nodes[i]->future))
        i++;
    return i == set->left.count;
}

static crew_future *next_done(crew_completion *set, double seconds, double end)
{
    if (set->left.count == 0)
        return refuse(0);
    if (seconds == 0) {
        crew_future *f = take_ended(set);
        return f ? f : refuse(ETIMEDOUT);
    }
    if (crew__waiter && all_close_quickly(set))
        return refuse(EDEADLK);
    struct next next = {set, NULL, 0};
    struct crew__waiting waiting = {found_one, sleep_on_set, &next, CREW__WAITS_ANY, &set->left, false};
    int error = crew__wait(&waiting, end);
    return error ? refuse(-error) : next.found;
}

crew_future *crew_next_done_within(crew_completion *set, double seconds)
{
    if (!set || isnan(seconds))
        return refuse(EINVAL);
    if (!begin_use(set))
        return refuse(EBUSY);
    crew_future *f = next_done(set, seconds, crew__wait_end(seconds));
    end_use(set);
    return f;
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
    while (set->left.count > 0 && !over && !error) {
        crew_future *ended = next_done(set, -1, end);
        error = ended ? 0 : -errno;
        over = ended && (!enough || enough(ended));
        crew_future_release(ended);
    }
    crew_completion_close(set);
    return error;
}

/* Seconds between two looks at a flag that nobody wakes for. */
static const double LOOK = 0.01;

/* The same in steps, between which the flag is looked at and progress is told. */
static int wait_watched(crew_future *const *f, size_t n, crew_wait_mode mode, const crew_options *opt, double end)
{
    crew_completion *set = crew_completion_open(f, n);
    if (!set)
        return -errno;
    struct crew__counted progress;
    crew__counted_begin(&progress, opt->progress, opt->progress_ctx, opt->name);
    const size_t total = set->left.count;
    int error = 0;
    for (bool over = false; set->left.count > 0 && !over && !error;) {
        double now = crew__seconds();
        crew_future *ended = next_done(set, -1, now + LOOK < end ? now + LOOK : end);
        if (ended)
            over = mode == CREW_WAIT_ANY || (mode == CREW_WAIT_FIRST_FAILURE && has_failed(ended));
        else if (errno != ETIMEDOUT)
            error = -errno;
        else if (crew_cancel_requested(opt->cancel))
            error = -ECANCELED;
        else if (crew__seconds() >= end)
            error = -ETIMEDOUT;
        crew_future_release(ended);
        crew__counted_tell(&progress, total - set->left.count, total, false);
    }
    crew__counted_tell(&progress, total - set->left.count, total, true);
    crew_completion_close(set);
    return error;
}

/* What a wait of no time says. */
static int look_at_all(crew_future *const *f, size_t n, crew_wait_mode mode)
{
    size_t ended = 0;
    bool failed = false;
    for (size_t i = 0; i < n; i++) {
        bool over = crew__future_ended(f[i]);
        ended += over;
        failed = failed || (over && has_failed(f[i]));
    }
    bool enough = ended == n || (mode == CREW_WAIT_ANY && ended > 0) || (mode == CREW_WAIT_FIRST_FAILURE && failed);
    return enough ? 0 : -ETIMEDOUT;
}

static bool are_good(crew_future *const *f, size_t n, crew_wait_mode mode)
{
    if (n > 0 && !f)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!f[i])
            return false;
    return mode == CREW_WAIT_ALL || mode == CREW_WAIT_ANY || mode == CREW_WAIT_FIRST_FAILURE;
}

int crew_wait(crew_future *const *f, size_t n, crew_wait_mode mode, double seconds)
{
    if (isnan(seconds) || !are_good(f, n, mode))
        return -EINVAL;
    if (seconds == 0)
        return look_at_all(f, n, mode);
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

int crew_wait_with(crew_future *const *f, size_t n, crew_wait_mode mode, const crew_options *opt)
{
    static const crew_options defaults;
    opt = opt ? opt : &defaults;
    if (!(opt->timeout >= 0) || !are_good(f, n, mode)) /* catches NaN too */
        return -EINVAL;
    double seconds = opt->timeout > 0 ? opt->timeout : -1;
    if (n == 0 || (!opt->cancel && !opt->progress && !crew__env_progress()))
        return crew_wait(f, n, mode, seconds);
    return wait_watched(f, n, mode, opt, crew__wait_end(seconds));
}
