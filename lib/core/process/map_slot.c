/* Batches of items between the caller of crew_process_map and a worker; what the worker does with them. */
#define _POSIX_C_SOURCE 200809L
#include "map_slot.h"

#ifdef __linux__

#include "../base/atomics.h"
#include "../base/callback_frame.h"
#include "../base/clock.h"
#include "../base/compiler.h"
#include "../base/memory.h"
#include "shared.h"
#include "worker.h"
#include <errno.h>
#include <string.h>

int crew__map_layout(struct crew__map *m, size_t room, int count)
{
    size_t page = crew__page(), head, codes, results;
    if (!crew__round_to_pages(sizeof(struct crew__map_slot), &head) || !crew__mul(room, sizeof(int), &codes) ||
        !crew__round_to_pages(codes, &codes) || !crew__mul(room, m->out_size, &results) ||
        !crew__round_to_pages(results, &results) || results > SIZE_MAX / 4 || codes > SIZE_MAX / 8)
        return -ENOMEM;
    m->room = room;
    m->codes_at[0] = head;
    m->codes_at[1] = head + codes;
    m->results_at = head + 2 * codes + page;
    m->results_bytes = results + page;
    m->helper.count = count;
    m->helper.slot_bytes = m->results_at + 2 * m->results_bytes - page; /* another guard follows each slot */
    int error = crew__helper_map(&m->helper);
    for (int i = 0; i < count && !error; i++) {
        crew__shared_guard(crew__map_results(m, i, 0) - page, page);
        crew__shared_guard(crew__map_results(m, i, 1) - page, page);
    }
    return error;
}

void crew__map_slot_reset(const struct crew__map *m, int i)
{
    struct crew__map_slot *slot = crew__map_slot(m, i);
    atomic_store(&slot->head.step, 0);
    atomic_store(&slot->head.base_kb, 0);
    atomic_store(&slot->head.retire, 0);
    atomic_store(&slot->finished, 0);
    atomic_store(&slot->sleeps, 0);
    atomic_store(&slot->failed, 0);
    atomic_store(&slot->given, 0);
}

void crew__map_give(const struct crew__map *m, int i, size_t begin, size_t count, uint32_t chunk)
{
    struct crew__map_slot *slot = crew__map_slot(m, i);
    unsigned number = CREW__LOAD(&slot->given, relaxed) + 1;
    struct crew__map_batch *batch = &slot->batch[number & 1];
    batch->begin = begin;
    batch->chunk = chunk;
    batch->done = 0;
    CREW__STORE(&batch->range, (uint64_t)count, relaxed);
    /* Sequentially consistent, as in the worker: it says that it sleeps and looks at `given` once more. */
    CREW__STORE(&slot->given, number, seq_cst);
    if (CREW__LOAD(&slot->sleeps, seq_cst))
        crew__shared_unpark((atomic_int *)(void *)&slot->given);
}

static size_t unbegun(uint64_t range)
{
    uint32_t next = (uint32_t)(range >> 32), end = (uint32_t)range;
    return next < end ? end - next : 0;
}

size_t crew__map_unbegun(const struct crew__map_batch *batch)
{
    return unbegun(CREW__LOAD((_Atomic uint64_t *)&batch->range, relaxed));
}

size_t crew__map_take_back(struct crew__map_batch *batch, bool all)
{
    uint64_t range = CREW__LOAD(&batch->range, relaxed);
    size_t take;
    do {
        size_t left = unbegun(range);
        take = all ? left : (left + 1) / 2;
        if (take == 0)
            return 0;
    } while (!CREW__CAS(&batch->range, &range, range - take, acq_rel));
    return take;
}

/* Only indices travel in the word, so relaxed order does. */
static bool take_chunk(struct crew__map_batch *batch, size_t *begin, size_t *end)
{
    uint64_t range = CREW__LOAD(&batch->range, relaxed);
    size_t take;
    do {
        take = unbegun(range);
        if (take == 0)
            return false;
        take = take < batch->chunk ? take : batch->chunk;
    } while (!CREW__CAS(&batch->range, &range, range + ((uint64_t)take << 32), relaxed));
    *begin = (size_t)(range >> 32);
    *end = *begin + take;
    return true;
}

void crew__map_retire(const struct crew__map *m, int i)
{
    struct crew__map_slot *slot = crew__map_slot(m, i);
    CREW__STORE(&slot->head.retire, 1, seq_cst);
    crew__shared_unpark((atomic_int *)(void *)&slot->given);
}

/* Returns how many items have ended. */
static size_t run_batch(const struct crew__map *m, struct crew__map_slot *slot, int id, unsigned number)
{
    struct crew__map_batch *batch = &slot->batch[number & 1];
    const char *in = m->in + batch->begin * m->in_size;
    const char *before = m->out + batch->begin * m->out_size;
    char *results = crew__map_results(m, id, number);
    int *codes = crew__map_codes(m, id, number);
    uint64_t step = (uint64_t)number << 32;
    size_t i = 0, end = 0;
    CREW__STORE(&slot->head.step, step, relaxed);
    while (take_chunk(batch, &i, &end)) {
        /* An item that writes a part of its result leaves the rest as it was. */
        memcpy(results + i * m->out_size, before + i * m->out_size, (end - i) * m->out_size);
        for (; i < end; i++) {
            CREW__STORE(&slot->head.step, step | (2 * i + 1), relaxed);
            codes[i] = m->fn(in + i * m->in_size, results + i * m->out_size, m->ctx);
            CREW__STORE(&slot->head.step, step | (2 * i + 2), release);
            if (CREW__UNLIKELY(codes[i] != 0) && m->stops)
                return i + 1;
            if (CREW__UNLIKELY(CREW__LOAD(&slot->head.retire, relaxed)))
                crew__worker_leave();
        }
    }
    return i;
}

static void wait_for_batch(struct crew__map_slot *slot, unsigned number)
{
    enum { LOOKS = 50 };
    unsigned given;
    for (int k = 0; (given = CREW__LOAD(&slot->given, acquire)) == number - 1; k++) {
        if (CREW__LOAD(&slot->head.retire, relaxed))
            crew__worker_leave();
        if (k < LOOKS) {
            CREW__RELAX();
            continue;
        }
        CREW__STORE(&slot->sleeps, 1, seq_cst);
        if (CREW__LOAD(&slot->given, seq_cst) == given)
            crew__shared_park((atomic_int *)(void *)&slot->given, (int)given, -1);
        CREW__STORE(&slot->sleeps, 0, relaxed);
    }
}

void crew__map_serve(void *map, int id)
{
    struct crew__map *m = map;
    struct crew__map_slot *slot = crew__map_slot(m, id);
    struct crew__bell *bell = crew__helper_bell(&m->helper, id);
    CREW__NO_EXCEPTION_PASSES();
    CREW__CALLBACK_BEGIN()
    int code = m->initializer ? m->initializer(m->ctx) : 0;
    if (code) {
        CREW__STORE(&slot->failed, code, release);
        crew__worker_leave();
    }
    if (m->helper.memory)
        crew__worker_is_ready(&slot->head);
    for (unsigned number = 1;; number++) {
        wait_for_batch(slot, number);
        struct crew__map_batch *batch = &slot->batch[number & 1];
        double start = crew__seconds();
        size_t done = run_batch(m, slot, id, number);
        batch->ns = (uint64_t)(1e9 * (crew__seconds() - start));
        batch->done = (uint32_t)done;
        crew__worker_flush();
        CREW__STORE(&slot->finished, number, release);
        crew__bell_ring(bell);
    }
    CREW__CALLBACK_END()
}

#endif
