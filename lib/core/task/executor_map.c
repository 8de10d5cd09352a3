/* crew_executor_map and crew_executor_map_with: as many items begun as may be ahead. */
#define _POSIX_C_SOURCE 200809L
#include "../backend/host.h"
#include "../backend/park.h"
#include "../backend/remote.h"
#include "../base/clock.h"
#include "../base/memory.h"
#include "../base/progress_call.h"
#include "executor.h"
#include "executor_default.h"
#include "wait.h"
#include <errno.h>
#include <math.h>
#include <stdint.h>

/* Seconds between two looks at a flag that nobody wakes for. */
static const double LOOK = 0.01;

struct map {
    const char *in;
    size_t in_size, out_size, n;
    crew_map_fn *fn;
    crew_item_fn *item; /* one of the two is NULL */
    crew_result_fn *each;
    void *ctx;
    crew_executor *ex;
    const crew_executor_map_options *opt;
    double deadline; /* crew__seconds(); 0: none */
    unsigned forks;  /* crew__fork_count when it began */
    struct crew__counted progress;
    char *slots;
    size_t slot_size, ahead;
    size_t begun, ended;
    size_t lowest; /* failing item; SIZE_MAX: none */
    int code;      /* what it returned */
    int enough;    /* what `each` returned to end the call */
    int stop;      /* why crew ends it */
    /* unordered */
    struct crew__choice live; /* the slots in use; behind them in nodes, those that are free */
    struct crew__lock lock;
    struct slot *first; /* of those that have ended and are not handed over; under lock */
    atomic_int told;    /* how many have ever been put there */
};

/* One item that is begun and not handed over. */
struct slot {
    struct crew__on_done node; /* unordered; first: what ends gets its address */
    struct map *map;
    size_t index;
    crew_future *future;
    struct slot *next;
    size_t at; /* in nodes */
    max_align_t out[];
};

static struct slot *slot_of(const struct map *m, size_t index)
{
    return (struct slot *)(void *)(m->slots + index % m->ahead * m->slot_size);
}

int crew__executor_map_item(void *arg)
{
    struct slot *slot = arg;
    const struct map *m = slot->map;
    const char *in = m->in ? m->in + slot->index * m->in_size : NULL;
    void *out = m->out_size ? (void *)slot->out : NULL;
    if (!m->ex->remote)
        return m->fn ? m->fn(in, out, m->ctx) : m->item(slot->index, in, out, m->ctx);
    const struct crew__remote_call call = {.map = m->fn,
                                           .item = m->item,
                                           .index = slot->index,
                                           .in = in,
                                           .in_size = in ? m->in_size : 0,
                                           .out = out,
                                           .out_size = m->out_size,
                                           .ctx = m->ctx};
    return crew__remote_processes.call(m->ex->remote, &call);
}

static bool is_over(const struct map *m)
{
    return m->stop || m->enough || (m->lowest != SIZE_MAX && !m->opt->run_all);
}

static bool is_limited(const struct map *m)
{
    return m->opt->cancel || m->deadline > 0;
}

static void put_ended(struct slot *slot)
{
    struct map *m = slot->map;
    crew__lock_take(&m->lock);
    slot->next = m->first;
    m->first = slot;
    crew__lock_give(&m->lock);
    /* The map is touched no more: its caller may be gone when it has counted this. */
    atomic_int *told = &m->told;
    CREW__ADD(told, 1, release);
    crew__unpark(told, CREW__ALL);
}

static void item_ended(crew_future *f, struct crew__on_done *node)
{
    (void)f;
    put_ended((struct slot *)node);
}

/* 0; -EAGAIN where the queue is full and a call that is limited must not wait there. */
static int begin(struct map *m)
{
    struct slot *slot = slot_of(m, m->begun);
    if (m->live.nodes)
        slot = (struct slot *)m->live.nodes[m->live.count];
    slot->map = m;
    slot->index = m->begun;
    int error = is_limited(m) && !crew__waiter
                    ? crew_try_submit(m->ex, crew__executor_map_item, slot, &slot->future, NULL)
                    : crew_submit_with(m->ex, crew__executor_map_item, slot, &slot->future, NULL);
    if (error)
        return error;
    m->begun++;
    if (!m->live.nodes)
        return 0;
    slot->node = (struct crew__on_done){NULL, item_ended, slot->future};
    slot->at = m->live.count++;
    if (!crew__future_add(slot->future, &slot->node))
        put_ended(slot);
    return 0;
}

struct look {
    struct map *map;
    int told; /* before the last look */
    struct slot *found;
};

static struct slot *take_ended(struct map *m)
{
    if (m->forks != crew__fork_count()) /* in a child: nobody else is there, and who held the lock neither */
        return (struct slot *)m->live.nodes[0];
    crew__lock_take(&m->lock);
    struct slot *slot = m->first;
    if (slot)
        m->first = slot->next;
    crew__lock_give(&m->lock);
    return slot;
}

static bool found_one(void *what)
{
    struct look *look = what;
    look->told = CREW__LOAD(&look->map->told, acquire);
    look->found = look->found ? look->found : take_ended(look->map);
    return look->found != NULL;
}

static void sleep_on_map(void *what, double seconds)
{
    struct look *look = what;
    crew__park(&look->map->told, look->told, seconds);
}

/* The next item to be handed over, once it has ended; NULL: not before `end`. Items use their slots, so these waits
   cannot be refused. */
static struct slot *wait_for_next(struct map *m, double end)
{
    if (!m->live.nodes) {
        struct slot *slot = slot_of(m, m->ended);
        return crew__wait_always(slot->future, end) ? NULL : slot;
    }
    struct look look = {m, 0, NULL};
    struct crew__waiting waiting = {found_one, sleep_on_map, &look, CREW__WAITS_ANY, &m->live, true};
    return crew__wait(&waiting, end) ? NULL : look.found;
}

static struct slot *live_slot(const struct map *m, size_t i)
{
    return m->live.nodes ? (struct slot *)m->live.nodes[i] : slot_of(m, m->ended + i);
}

/* Nothing begins any more that has not, but for what is below the item that failed. */
static void drop_pending(struct map *m)
{
    size_t above = m->stop || m->enough ? 0 : m->lowest;
    for (size_t i = 0; i < m->begun - m->ended; i++)
        if (live_slot(m, i)->index >= above)
            crew_future_cancel(live_slot(m, i)->future);
}

static void look_for_stop(struct map *m)
{
    if (is_over(m) || !is_limited(m))
        return;
    if (crew_cancel_requested(m->opt->cancel))
        m->stop = -ECANCELED;
    else if (m->deadline > 0 && crew__seconds() >= m->deadline)
        m->stop = -ETIMEDOUT;
    if (m->stop)
        drop_pending(m);
}

static double next_look(const struct map *m)
{
    if (is_over(m) || !is_limited(m))
        return INFINITY;
    double look = crew__seconds() + LOOK;
    return m->deadline > 0 && m->deadline < look ? m->deadline : look;
}

static int code_of_unrun(const struct map *m)
{
    return m->stop ? m->stop : -ECANCELED;
}

/* An item has ended: it is handed over, or was the one that ends the call. */
static void settle(struct map *m, struct slot *slot)
{
    const bool was_over = is_over(m),
               hand_over = !m->stop && !m->enough && (m->opt->run_all || slot->index < m->lowest);
    int code = crew__future_code(slot->future);
    bool dropped = code && was_over && crew__future_state(slot->future) == CREW_FUTURE_CANCELED;
    if (m->opt->status)
        m->opt->status[slot->index] = dropped ? code_of_unrun(m) : code;
    crew_future_release(slot->future);
    const size_t lowest = m->lowest;
    if (code && !dropped && slot->index < lowest) {
        m->lowest = slot->index;
        m->code = code;
    } else if (!code && hand_over && m->each) {
        m->enough = m->each(slot->index, m->out_size ? (const void *)slot->out : NULL, m->ctx);
    }
    m->ended++;
    if (m->live.nodes) {
        struct slot *last = (struct slot *)m->live.nodes[--m->live.count];
        m->live.nodes[slot->at] = &last->node;
        m->live.nodes[m->live.count] = &slot->node;
        last->at = slot->at;
        m->live.from = 0;
    }
    if (is_over(m) && (!was_over || m->lowest != lowest))
        drop_pending(m);
    crew__counted_tell(&m->progress, m->ended, m->n, false);
}

static void map_items(struct map *m)
{
    for (bool full = false;;) {
        look_for_stop(m);
        if (m->begun < m->n && !is_over(m) && m->begun - m->ended < m->ahead && !full) {
            int error = begin(m);
            full = error == -EAGAIN;
            if (error && !full) {
                m->stop = error;
                drop_pending(m);
            }
        } else if (m->ended < m->begun) {
            struct slot *slot = wait_for_next(m, next_look(m));
            if (slot)
                settle(m, slot);
            full = false;
        } else if (full) {
            crew__queue_wait(&m->ex->queue, LOOK);
            full = false;
        } else {
            break;
        }
    }
    /* The last of those that told has counted before it wakes somebody: until then it has the map. */
    for (int i = 0; m->live.nodes && m->forks == crew__fork_count() &&
                    (unsigned)CREW__LOAD(&m->told, acquire) != (unsigned)m->begun;
         i++)
        crew__pause(i);
}

static int result_of(struct map *m)
{
    for (size_t i = m->begun; m->opt->status && i < m->n; i++)
        m->opt->status[i] = code_of_unrun(m);
    crew__counted_tell(&m->progress, m->ended, m->n, true);
    if (m->enough)
        return m->enough;
    if (m->lowest == SIZE_MAX)
        return m->stop;
    if (m->opt->failed)
        *m->opt->failed = m->lowest;
    return m->code;
}

static int allocate(struct map *m)
{
    const size_t unit = _Alignof(max_align_t);
    size_t all, nodes = 0;
    if (m->out_size > SIZE_MAX - sizeof(struct slot) - unit)
        return -EOVERFLOW;
    m->slot_size = (sizeof(struct slot) + m->out_size + unit - 1) / unit * unit;
    if (!crew__mul(m->slot_size, m->ahead, &all))
        return -EOVERFLOW;
    if (m->opt->unordered && !crew__mul(m->ahead, sizeof *m->live.nodes, &nodes))
        return -EOVERFLOW;
    m->slots = crew__alloc(all);
    m->live.nodes = m->slots && m->opt->unordered ? crew__alloc(nodes) : NULL;
    if (!m->slots || (m->opt->unordered && !m->live.nodes)) {
        crew__free(m->slots);
        return -ENOMEM;
    }
    for (size_t i = 0; i < m->ahead && m->live.nodes; i++)
        m->live.nodes[i] = &slot_of(m, i)->node;
    return 0;
}

static int map(struct map *m, crew_executor *ex, size_t ahead)
{
    size_t bytes;
    if (!m->fn && !m->item)
        return -EINVAL;
    if (!(m->opt->timeout >= 0)) /* catches NaN too */
        return -EINVAL;
    m->lowest = SIZE_MAX;
    m->forks = crew__fork_count();
    m->deadline = m->opt->timeout > 0 ? crew__seconds() + m->opt->timeout : 0;
    if (m->n == 0)
        return 0;
    if (!crew__array_bytes(m->n, m->in_size, &bytes))
        return -EOVERFLOW;
    errno = 0;
    m->ex = crew__executor_get(ex);
    if (!m->ex)
        return errno ? -errno : -EAGAIN;
    ahead = ahead ? ahead : 2 * (size_t)m->ex->scheduler.width;
    m->ahead = ahead < m->n ? ahead : m->n;
    int error = allocate(m);
    if (error)
        return error;
    crew__counted_begin(&m->progress, m->opt->progress, m->opt->progress_ctx, m->opt->name);
    map_items(m);
    int code = result_of(m);
    crew__free(m->live.nodes);
    crew__free(m->slots);
    return code;
}

static const crew_executor_map_options defaults;

int crew_executor_map(crew_executor *ex, const void *in, size_t in_size, size_t out_size, size_t n, crew_map_fn *fn,
                      crew_result_fn *each, void *ctx, size_t ahead)
{
    struct map m = {.in = in,
                    .in_size = in_size,
                    .out_size = out_size,
                    .n = n,
                    .fn = fn,
                    .each = each,
                    .ctx = ctx,
                    .opt = &defaults};
    return map(&m, ex, ahead);
}

int crew_executor_map_with(crew_executor *ex, const void *in, size_t in_size, size_t out_size, size_t n,
                           crew_item_fn *fn, crew_result_fn *each, void *ctx, const crew_executor_map_options *opt)
{
    opt = opt ? opt : &defaults;
    struct map m = {
        .in = in, .in_size = in_size, .out_size = out_size, .n = n, .item = fn, .each = each, .ctx = ctx, .opt = opt};
    return map(&m, ex, opt->ahead);
}
