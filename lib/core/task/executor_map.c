/* crew_executor_map: as many items begun as may be ahead, handed over in order. */
#include "../backend/remote.h"
#include "../base/memory.h"
#include "executor.h"
#include "wait.h"
#include <errno.h>
#include <stdint.h>

struct map {
    const char *in;
    size_t in_size, out_size, n;
    crew_map_fn *fn;
    crew_result_fn *each;
    void *ctx;
    crew_executor *ex;
    char *slots;
    size_t slot_size, ahead;
};

/* One item that is begun and not handed over. */
struct slot {
    struct map *map;
    size_t index;
    crew_future *future;
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
        return m->fn(in, out, m->ctx);
    const struct crew__remote_call call = {
        .map = m->fn, .in = in, .in_size = in ? m->in_size : 0, .out = out, .out_size = m->out_size, .ctx = m->ctx};
    return crew__remote_processes.call(m->ex->remote, &call);
}

static int begin(struct map *m, size_t index)
{
    struct slot *slot = slot_of(m, index);
    slot->map = m;
    slot->index = index;
    return crew_submit_with(m->ex, crew__executor_map_item, slot, &slot->future, NULL);
}

/* Waits for the oldest item and hands it over. */
static int hand_over(struct map *m, size_t index)
{
    struct slot *slot = slot_of(m, index);
    crew__wait_always(slot->future); /* the item uses the slot, so this wait cannot be refused */
    int code = crew__future_code(slot->future);
    crew_future_release(slot->future);
    return code || !m->each ? code : m->each(index, m->out_size ? (const void *)slot->out : NULL, m->ctx);
}

/* Lets nothing begin that has not, and waits for the rest, which use slots. */
static void abandon(struct map *m, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        crew_future_cancel(slot_of(m, i)->future);
    for (size_t i = first; i < end; i++) {
        crew__wait_always(slot_of(m, i)->future);
        crew_future_release(slot_of(m, i)->future);
    }
}

static int map_in_order(struct map *m)
{
    size_t begun = 0, given = 0;
    int code = 0;
    while (given < m->n && !code) {
        if (begun < m->n && begun - given < m->ahead) {
            code = begin(m, begun);
            begun += code == 0;
        } else {
            code = hand_over(m, given++);
        }
    }
    abandon(m, given, begun);
    return code;
}

int crew_executor_map(crew_executor *ex, const void *in, size_t in_size, size_t out_size, size_t n, crew_map_fn *fn,
                      crew_result_fn *each, void *ctx, size_t ahead)
{
    size_t bytes, all;
    if (!fn)
        return -EINVAL;
    if (n == 0)
        return 0;
    if (!crew__mul(n, in_size, &bytes))
        return -EOVERFLOW;
    errno = 0;
    ex = crew__executor_get(ex);
    if (!ex)
        return errno ? -errno : -EAGAIN;
    ahead = ahead ? ahead : 2 * (size_t)ex->scheduler.width;
    struct map m = {in, in_size, out_size, n, fn, each, ctx, ex, NULL, 0, ahead < n ? ahead : n};
    if (out_size > SIZE_MAX - sizeof(struct slot) - _Alignof(max_align_t))
        return -EOVERFLOW;
    m.slot_size =
        (sizeof(struct slot) + out_size + _Alignof(max_align_t) - 1) / _Alignof(max_align_t) * _Alignof(max_align_t);
    if (!crew__mul(m.slot_size, m.ahead, &all))
        return -EOVERFLOW;
    m.slots = crew__alloc(all);
    if (!m.slots)
        return -ENOMEM;
    int code = map_in_order(&m);
    crew__free(m.slots);
    return code;
}
