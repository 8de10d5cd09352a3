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

/* In place a worker saves so much at once, or one item, or so many. */
enum { SAVED_BYTES = 1 << 15, SAVED_ITEMS = 256 };

int crew__map_layout(struct crew__map *m, size_t room, int count)
{
    size_t page = crew__page(), areas = m->in_place ? 1 : 2, head, codes, results;
    m->room = room;
    m->saved_room = SAVED_BYTES / m->out_size;
    m->saved_room = m->saved_room < 1 ? 1 : m->saved_room > SAVED_ITEMS ? SAVED_ITEMS : m->saved_room;
    if (!crew__round_to_pages(sizeof(struct crew__map_slot), &head) || !crew__mul(room, sizeof(int), &codes) ||
        !crew__round_to_pages(codes, &codes) || !crew__mul(m->in_place ? m->saved_room : room, m->out_size, &results) ||
        !crew__round_to_pages(results, &results) || results > SIZE_MAX / 4 || codes > SIZE_MAX / 8)
        return -ENOMEM;
    m->codes_at[0] = head;
    m->codes_at[1] = head + codes;
    m->results_at = head + 2 * codes + page;
    m->results_bytes = results + page;
    m->helper.count = count;
    m->helper.slot_bytes = m->results_at + areas * m->results_bytes - page; /* another guard follows each slot */
    return crew__helper_map(&m->helper);
}

void crew__map_restore(const struct crew__map *m, int i, size_t at, size_t item)
{
    size_t saved = at - crew__map_slot(m, i)->saved_from;
    if (m->in_place && saved < m->saved_room)
        memcpy(m->out + item * m->out_size, crew__map_results(m, i, 0) + saved * m->out_size, m->out_size);
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
    if (atomic_load(&slot->given) > 0)
        memset(crew__map_codes(m, i, 0), 0, m->results_at - crew__page() - m->codes_at[0]);
    atomic_store(&slot->given, 0);
}

void crew__map_give(const struct crew__map *m, int i, size_t begin, size_t count, uint32_t chunk)
{
    struct crew__map_slot *slot = crew__map_slot(m, i);
    unsigned number = CREW__LOAD(&slot->given, relaxed) + 1;
    struct crew__map_batch *batch = &slot->batch[number & 1];
    batch->begin = begin;
    batch->chunk = chunk;
    batch->done = batch->failed = 0;
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
    const size_t in_size = m->in_size, out_size = m->out_size, begin = batch->begin;
    char *before = m->out + begin * out_size, *saved = crew__map_results(m, id, number);
    char *results = m->in_place ? before : saved;
    /* Where out is in itself, an item that writes sees it. */
    const char *in = m->in == m->out ? results : m->in + begin * in_size;
    int *codes = crew__map_codes(m, id, number);
    const uint64_t step = (uint64_t)number << 32;
    size_t i = 0, end = 0;
    CREW__STORE(&slot->head.step, step, relaxed);
    while (take_chunk(batch, &i, &end)) {
        /* Also an item that writes a part of its result leaves the rest as it was. */
        memcpy(m->in_place ? saved : saved + i * out_size, before + i * out_size, (end - i) * out_size);
        slot->saved_from = (uint32_t)i;
        while (i < end) {
            /* It comes before what the item writes and after what earlier ones have written, wherever it is killed. */
            CREW__STORE(&slot->head.step, step | (2 * i + 1), release);
            atomic_signal_fence(memory_order_seq_cst);
            int code = m->fn(in + i * in_size, results + i * out_size, m->ctx);
            atomic_signal_fence(memory_order_seq_cst);
            if (CREW__UNLIKELY(code != 0)) {
                crew__map_restore(m, id, i, begin + i);
                codes[i] = code;
                batch->failed++;
            }
            i++;
            if (CREW__UNLIKELY((code != 0 && m->stops) || CREW__LOAD(&slot->head.retire, relaxed)))
                break;
        }
        CREW__STORE(&slot->head.step, step | (2 * i), release);
        if (CREW__UNLIKELY(CREW__LOAD(&slot->head.retire, relaxed)))
            crew__worker_leave();
        if (CREW__UNLIKELY(batch->failed && m->stops))
            break;
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
    const size_t page = crew__page();
    for (unsigned k = 0; k < (m->in_place ? 1 : 2); k++)
        crew__shared_guard(crew__map_results(m, id, k) - page, page);
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
