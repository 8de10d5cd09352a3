/* Submits from one and several outside threads, and counts what ran. */
#define _POSIX_C_SOURCE 200809L
#include "task_submit.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

/* Far more than any system here has threads; those beyond would share the last place, and lose counts. */
enum { PLACES = 256, MOST_PRODUCERS = 4 };

static struct place {
    _Alignas(64) _Atomic size_t ran;
} places[PLACES];

static _Atomic size_t places_taken;
static _Thread_local struct place *mine;

static const struct submit_system *current;

static void open_once(const struct task_job *job)
{
    static const struct submit_system *opened;
    if (current->open && opened != current)
        current->open(job->threads);
    opened = current;
}

void task_ran(void)
{
    if (!mine) {
        size_t place = atomic_fetch_add(&places_taken, 1);
        mine = &places[place < PLACES ? place : PLACES - 1];
    }
    atomic_store_explicit(&mine->ran, atomic_load_explicit(&mine->ran, memory_order_relaxed) + 1, memory_order_release);
}

static size_t count(void)
{
    size_t sum = 0;
    for (int k = 0; k < PLACES; k++)
        sum += atomic_load_explicit(&places[k].ran, memory_order_acquire);
    return sum;
}

static void sleep_ns(double ns)
{
    struct timespec t = {(time_t)(ns / 1e9), (long)(ns - 1e9 * (double)(time_t)(ns / 1e9))};
    while (nanosleep(&t, &t) != 0 && errno == EINTR)
        continue;
}

/* Asleep most of the time, since the workers need every CPU; a look each 50 us is late by 0.05 ns a task of a million.
   Lost tasks end the wait after ten seconds in which none ran. */
static void wait_until(size_t total)
{
    size_t last = count();
    for (int idle = 0; last < total && idle < 200000; idle++) {
        sleep_ns(5e4);
        size_t now = count();
        idle = now != last ? 0 : idle;
        last = now;
    }
}

struct producer {
    pthread_t thread;
    size_t n, ran;
    int futures;
};

static void *produce(void *arg)
{
    struct producer *p = arg;
    if (p->futures)
        p->ran = current->submit_future(p->n);
    else
        current->submit(p->n);
    return NULL;
}

static void submit_from(struct task_job *job, int producers, int futures)
{
    struct producer all[MOST_PRODUCERS];
    size_t before = count(), ran = 0;
    int started = 0;
    open_once(job);
    for (int k = 0; k < producers; k++)
        all[k] = (struct producer){.n = job->n / (size_t)producers, .futures = futures};
    all[0].n += job->n % (size_t)producers;
    if (producers == 1)
        produce(&all[0]);
    else
        while (started < producers && pthread_create(&all[started].thread, NULL, produce, &all[started]) == 0)
            started++;
    for (int k = 0; k < started; k++)
        pthread_join(all[k].thread, NULL);
    for (int k = 0; k < producers; k++)
        ran += all[k].ran;
    if (!futures) {
        wait_until(before + job->n);
        ran = count() - before;
    }
    job->result = (double)ran;
}

static void submit_1(struct task_job *job)
{
    submit_from(job, 1, 0);
}

static void submit_4(struct task_job *job)
{
    submit_from(job, 4, 0);
}

static void submit_future_1(struct task_job *job)
{
    submit_from(job, 1, 1);
}

static void submit_future_4(struct task_job *job)
{
    submit_from(job, 4, 1);
}

/* Without a clock between them. */
static void round_trips(struct task_job *job)
{
    size_t ran = 0;
    open_once(job);
    for (size_t k = 0; k < job->n; k++)
        ran += current->round_trip();
    job->result = (double)ran;
}

static void round_trips_idle(struct task_job *job)
{
    const double pause_ns = 1e6;
    size_t ran = 0;
    double ns = 0;
    open_once(job);
    for (size_t k = 0; k < job->n; k++) {
        sleep_ns(pause_ns);
        double start = driver_clock_ns();
        ran += current->round_trip();
        ns += driver_clock_ns() - start;
    }
    job->result = (double)ran;
    job->ns = ns;
}

static double cpu_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

/* Half a second after the last task: by then a system that sleeps at all sleeps (libomp's threads wait for 200 ms). */
static void idle(struct task_job *job)
{
    const double settle_ns = 5e8, wall_ns = 2e9;
    submit_from(job, 1, 0);
    sleep_ns(settle_ns);
    double start = driver_clock_ns(), cpu = cpu_ns();
    sleep_ns(wall_ns);
    job->ns = (cpu_ns() - cpu) / (driver_clock_ns() - start) * 1e9;
}

task_fn *task_find(const char *kernel, const char *variant)
{
    const struct submit_system *s = submit_systems;
    while (s->variant && strcmp(s->variant, variant) != 0)
        s++;
    if (!s->variant)
        return NULL;
    current = s;
    if (strcmp(kernel, "submit-1") == 0)
        return s->submit ? submit_1 : NULL;
    if (strcmp(kernel, "idle") == 0)
        return s->submit ? idle : NULL;
    if (strcmp(kernel, "submit-4") == 0)
        return s->submit && !s->one_producer ? submit_4 : NULL;
    if (strcmp(kernel, "submit-future-1") == 0)
        return s->submit_future ? submit_future_1 : NULL;
    if (strcmp(kernel, "submit-future-4") == 0)
        return s->submit_future ? submit_future_4 : NULL;
    if (strcmp(kernel, "roundtrip") == 0)
        return s->round_trip ? round_trips : NULL;
    if (strcmp(kernel, "roundtrip-idle") == 0)
        return s->round_trip ? round_trips_idle : NULL;
    return NULL;
}
