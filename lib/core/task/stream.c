/* crew_stream: checks, memory, and the rounds in which a team runs stream_work.c. */
#define _POSIX_C_SOURCE 200809L
#include "stream.h"
#include "../backend/host.h"
#include "../base/clock.h"
#include "../base/memory.h"
#include "../base/threads.h"
#include <errno.h>
#include <string.h>

static const double PROGRESS_NS = 1e7;

static int check(const crew_pipeline *p, const crew_options *opt)
{
    if (!p || !p->source || (p->nstages > 0 && !p->stages) || (opt && !(opt->timeout >= 0))) /* catches NaN too */
        return -EINVAL;
    for (size_t i = 0; i < p->nstages; i++)
        if (!p->stages[i].fn || (unsigned)p->stages[i].kind > CREW_STAGE_ONE_AT_A_TIME)
            return -EINVAL;
    return 0;
}

static size_t count_gates(const crew_pipeline *p)
{
    size_t gates = 1;
    for (size_t i = 0; i < p->nstages; i++)
        gates += p->stages[i].kind != CREW_STAGE_PARALLEL;
    return gates;
}

static void set_up_gates(struct crew__stream *s, crew__waiting *places)
{
    const crew_pipeline *p = s->p;
    struct crew__gate *gate = s->gates;
    for (size_t i = 0; i <= p->nstages; i++) {
        bool last = i == p->nstages;
        if (!last && p->stages[i].kind == CREW_STAGE_PARALLEL)
            continue;
        memset(gate, 0, sizeof *gate);
        gate->fn = last ? p->sink : p->stages[i].fn;
        gate->in_order = last ? !p->unordered : p->stages[i].kind == CREW_STAGE_IN_ORDER;
        gate->stage = i + 1;
        gate->waiting = places;
        atomic_init(&gate->busy, 0);
        atomic_init(&gate->next, 0);
        atomic_init(&gate->tickets, 0);
        places += s->mask + 1;
        gate++;
    }
}

static void *item_at(const struct crew__stream *s, size_t i)
{
    return s->stride > 0 ? s->items + i * s->stride : NULL;
}

/* One block of memory: items, gates, slots, the ring of spare slots, a ring of places for each gate. */
static int set_up_memory(struct crew__stream *s, void **memory)
{
    const crew_pipeline *p = s->p;
    size_t line = CREW__CACHE_LINE, items, places, gates, most = SIZE_MAX / 8;
    if (s->in_flight > most / 2 || p->item_size > most || p->nstages > most)
        return -EOVERFLOW;
    s->mask = 1;
    while (s->mask < s->in_flight)
        s->mask *= 2;
    s->mask--;
    s->ngates = count_gates(p);
    s->stride = (p->item_size + line - 1) / line * line;
    size_t slots = s->in_flight * sizeof(struct crew__slot), ring = (s->mask + 1) * sizeof(void *);
    if (!crew__mul(s->stride, s->in_flight, &items) || !crew__mul(ring, s->ngates, &places) ||
        !crew__mul(sizeof(struct crew__gate), s->ngates, &gates) || slots / sizeof(struct crew__slot) != s->in_flight ||
        items > most || places > most || gates > most || slots > most)
        return -EOVERFLOW;
    char *at = crew__alloc(items + gates + slots + ring + places);
    if (!at)
        return -ENOMEM;
    *memory = at;
    s->items = at;
    s->gates = (void *)(at += items);
    struct crew__slot *slot = (void *)(at += gates);
    s->spare = (void *)(at += slots);
    crew__waiting *waiting = (void *)(at + ring);
    for (size_t i = 0; i < s->in_flight; i++) {
        slot[i] = (struct crew__slot){.item = item_at(s, i)};
        s->spare[i] = &slot[i];
    }
    for (size_t i = 0; i < s->ngates * (s->mask + 1); i++)
        atomic_init(&waiting[i], NULL);
    set_up_gates(s, waiting);
    return 0;
}

static void set_up(struct crew__stream *s)
{
    const crew_options *opt = s->opt;
    s->deadline = opt && opt->timeout > 0 ? crew__seconds() + opt->timeout : 0;
    s->fp = crew__fp_get();
    s->forks = crew__fork_count();
    atomic_init(&s->sourcing, 0);
    atomic_init(&s->closed, 0);
    atomic_init(&s->begun, 0);
    atomic_init(&s->given, s->in_flight);
    atomic_init(&s->end_at, SIZE_MAX);
    atomic_init(&s->stop, 0);
    atomic_init(&s->sleeping, 0);
    atomic_init(&s->woken, 0);
    atomic_init(&s->present, 0);
    atomic_init(&s->over, 0);
    atomic_init(&s->lock, 0);
    s->progress = opt && opt->progress ? opt->progress : crew__env_progress() ? crew_progress_bar : NULL;
    if (s->progress) {
        s->call = (struct crew__progress_call){.name = opt ? opt->name : NULL, .start = crew__seconds()};
        s->quiet = (int64_t)(PROGRESS_NS * crew__ticks_per_ns());
        s->quiet_until = crew__ticks() + s->quiet;
    }
}

/* In a team that others use too, helpers leave when they find nothing, and a new round calls them back. */
static void run_rounds(struct crew__stream *s, int threads)
{
    size_t want = s->in_flight < (size_t)threads ? s->in_flight : (size_t)threads;
    struct crew__team team = crew__team_acquire((int)want);
    s->helpers = team.width - 1;
    s->leaves = team.kind == CREW__TEAM_FORKED || team.kind == CREW__TEAM_TASKS;
    do {
        CREW__STORE(&s->over, 0, relaxed);
        s->round_began = crew__ticks();
        crew__team_run(&team, crew__stream_work, s);
    } while (!crew__stream_ended(s));
    crew__team_release(&team);
}

static void close_items(const struct crew__stream *s)
{
    for (size_t i = 0; s->p->close && i < s->opened; i++)
        s->p->close(item_at(s, i), s->ctx);
}

int crew_stream(const crew_pipeline *p, void *ctx, const crew_options *opt)
{
    int error = check(p, opt);
    if (error)
        return error;
    int threads = crew__resolve_threads(opt ? opt->threads : 0);
    struct crew__stream s = {.p = p, .opt = opt, .ctx = ctx};
    s.in_flight = p->in_flight ? p->in_flight : 4 * (size_t)threads;
    void *memory = NULL;
    error = set_up_memory(&s, &memory);
    if (error)
        return error;
    set_up(&s);
    crew__trace_begin(&s.trace, opt ? opt->name : NULL, "stream", p->total);
    run_rounds(&s, threads);
    crew__trace_end(&s.trace);
    close_items(&s);
    crew__free(memory);
    crew__stream_stopped(&s);
    if (s.progress)
        crew__stream_report(&s, true);
    size_t at = CREW__LOAD(&s.end_at, relaxed);
    if (at == SIZE_MAX || s.code == CREW_STREAM_END)
        return CREW__LOAD(&s.stop, relaxed);
    if (opt && opt->failed)
        *opt->failed = at;
    return s.code;
}
