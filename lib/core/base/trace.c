/* What calls add up to, by name; the beginning and the end of a trace. */
#define _DEFAULT_SOURCE
#include "trace.h"
#include "trace_file.h"
#include <crew/trace.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/auxv.h>
#endif

enum { SITES = 256 }; /* calls of further names are counted under "others" */

atomic_int crew__trace_on;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static crew_call_stats sites[SITES];
static size_t nsites;

/* Ticks that the calling thread has spent in blocks, those inside others counted once. */
static _Thread_local int64_t busy;

/* Under the lock. */
static crew_call_stats *site_of(const char *name)
{
    for (size_t i = 0; i < nsites; i++)
        if (strcmp(sites[i].name, name) == 0)
            return &sites[i];
    if (nsites == SITES)
        return &sites[SITES - 1];
    size_t size = strlen(name) + 1;
    char *copy = nsites < SITES - 1 ? malloc(size) : NULL;
    if (copy)
        memcpy(copy, name, size);
    sites[nsites].name = copy ? copy : "others";
    return &sites[nsites++];
}

/* The row is the thread's before its first slice begins: a row of a thread that ended meanwhile holds slices that
   overlap with it. */
int64_t crew__trace_now(void)
{
    if (crew__tracing() & CREW__TRACE_FILE)
        crew__trace_take_row();
    return crew__ticks();
}

void crew__trace_open_call(struct crew__trace_call *call, const char *name, const char *what, size_t n)
{
    pthread_mutex_lock(&lock);
    call->name = site_of(name ? name : what)->name;
    pthread_mutex_unlock(&lock);
    call->n = n;
    atomic_init(&call->busy, 0);
    atomic_init(&call->busiest, 0);
    atomic_init(&call->blocks, 0);
    atomic_init(&call->steals, 0);
    atomic_init(&call->workers, 0);
    call->start = crew__trace_now();
}

void crew__trace_end(struct crew__trace_call *call)
{
    if (!call->name)
        return;
    int64_t stop = crew__ticks();
    if (crew__tracing() & CREW__TRACE_FILE)
        crew__trace_note(CREW__TRACE_RANGE, call->name, call->start, stop, 0, call->n);
    int workers = CREW__LOAD(&call->workers, relaxed);
    double second = 1e-9 / crew__ticks_per_ns(), seconds = (double)(stop - call->start) * second;
    pthread_mutex_lock(&lock);
    crew_call_stats *s = site_of(call->name);
    s->calls++;
    s->blocks += CREW__LOAD(&call->blocks, relaxed);
    s->steals += CREW__LOAD(&call->steals, relaxed);
    s->seconds += seconds;
    s->busy += (double)CREW__LOAD(&call->busy, relaxed) * second;
    s->busiest += (double)CREW__LOAD(&call->busiest, relaxed) * second;
    s->available += seconds * (workers > 0 ? workers : 1);
    pthread_mutex_unlock(&lock);
}

struct crew__trace_worker crew__trace_enter(void)
{
    return (struct crew__trace_worker){busy};
}

void crew__trace_leave(struct crew__trace_call *call, struct crew__trace_worker worker)
{
    if (!call->name)
        return;
    long long spent = busy - worker.before, most = CREW__LOAD(&call->busiest, relaxed);
    CREW__ADD(&call->workers, 1, relaxed);
    CREW__ADD(&call->busy, spent, relaxed);
    while (spent > most && !CREW__CAS(&call->busiest, &most, spent, relaxed))
        ;
}

int64_t crew__trace_block_begin(int64_t *busy_before)
{
    *busy_before = busy;
    return crew__trace_now();
}

void crew__trace_block_end(struct crew__trace_call *call, int64_t start, int64_t busy_before, const char *label,
                           size_t begin, size_t end)
{
    if (!call->name)
        return;
    int64_t stop = crew__ticks();
    busy = busy_before + (stop - start);
    CREW__ADD(&call->blocks, 1, relaxed);
    if (crew__tracing() & CREW__TRACE_FILE)
        crew__trace_note(CREW__TRACE_RANGE, label ? label : call->name, start, stop, begin, end);
}

void crew__trace_steal(struct crew__trace_call *call)
{
    if (!call->name)
        return;
    CREW__ADD(&call->steals, 1, relaxed);
    if (crew__tracing() & CREW__TRACE_FILE) {
        int64_t now = crew__ticks();
        crew__trace_note(CREW__TRACE_INSTANT, "steal", now, now, 0, 0);
    }
}

void crew__trace_slice(const char *name, int64_t start)
{
    if (crew__tracing() & CREW__TRACE_FILE)
        crew__trace_note(CREW__TRACE_SLICE, name, start, crew__ticks(), 0, 0);
}

void crew__trace_range(const char *name, int64_t start, size_t begin, size_t end)
{
    if (crew__tracing() & CREW__TRACE_FILE)
        crew__trace_note(CREW__TRACE_RANGE, name, start, crew__ticks(), begin, end);
}

void crew__trace_queue(const char *name, size_t tasks)
{
    if (!(crew__tracing() & CREW__TRACE_FILE))
        return;
    int64_t now = crew__ticks();
    crew__trace_note(CREW__TRACE_COUNT, name, now, now, tasks, 0);
}

void crew_stats_enable(int on)
{
    if (on)
        CREW__OR(&crew__trace_on, CREW__TRACE_STATS, relaxed);
    else
        CREW__AND(&crew__trace_on, ~CREW__TRACE_STATS, relaxed);
}

static int longest_first(const void *left, const void *right)
{
    const crew_call_stats *a = left, *b = right;
    return (a->seconds < b->seconds) - (a->seconds > b->seconds);
}

size_t crew_stats(crew_call_stats *stats, size_t room)
{
    crew_call_stats *all = malloc(sizeof sites);
    pthread_mutex_lock(&lock);
    size_t n = nsites;
    if (all)
        memcpy(all, sites, n * sizeof *all);
    pthread_mutex_unlock(&lock);
    if (!all)
        return 0;
    qsort(all, n, sizeof *all, longest_first);
    size_t copied = n < room ? n : room;
    if (copied > 0)
        memcpy(stats, all, copied * sizeof *all);
    free(all);
    return n;
}

static void summarize(void)
{
    static crew_call_stats all[SITES];
    size_t n = crew_stats(all, SITES);
    fprintf(stderr, "crew: %-24s %9s %11s %6s %9s %9s %9s %8s\n", "call", "calls", "seconds", "busy", "imbalance",
            "blocks", "steals", "speed-up");
    for (size_t i = 0; i < n && i < SITES; i++) {
        const crew_call_stats *s = &all[i];
        double workers = s->seconds > 0 ? s->available / s->seconds : 1;
        fprintf(stderr, "crew: %-24.24s %9zu %11.6f %5.0f%% %9.2f %9zu %9zu %8.2f\n", s->name, s->calls, s->seconds,
                s->available > 0 ? 100 * s->busy / s->available : 0, s->busy > 0 ? s->busiest * workers / s->busy : 1,
                s->blocks, s->steals, s->seconds > 0 ? s->busy / s->seconds : 1);
    }
}

static void finish(void)
{
    if (!(CREW__AND(&crew__trace_on, 0, acq_rel) & CREW__TRACE_FILE))
        return;
    crew__trace_finish();
    summarize();
}

/* The file is the parent's. */
static void forget(void)
{
    CREW__AND(&crew__trace_on, ~CREW__TRACE_FILE, relaxed);
}

/* Than who started it: a set-user-ID program, one with capabilities of its file, or the like. */
static bool has_more_rights(void)
{
#ifdef __linux__
    if (getauxval(AT_SECURE))
        return true;
#endif
    return geteuid() != getuid() || getegid() != getgid();
}

/* Once at load, so that calls need not ask the environment. */
CREW__AT_LOAD static void begin_by_environment(void)
{
    const char *path = getenv("CREW_TRACE");
    if (!path || !*path)
        return;
    if (has_more_rights()) {
        fputs("crew: CREW_TRACE is ignored in a program that runs with another's rights\n", stderr);
        return;
    }
    int error = crew__trace_open(path);
    if (error) {
        fprintf(stderr, "crew: CREW_TRACE=\"%.200s\": %s\n", path, strerror(error));
        return;
    }
    pthread_atfork(NULL, NULL, forget);
    atexit(finish);
    CREW__OR(&crew__trace_on, CREW__TRACE_FILE | CREW__TRACE_STATS, relaxed);
}
