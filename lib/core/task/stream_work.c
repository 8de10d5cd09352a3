/* What a worker of crew_stream does: takes items from the source, carries them through stages, serves gates, sleeps. */
#define _POSIX_C_SOURCE 200809L
#include "../backend/host.h"
#include "../backend/park.h"
#include "../base/callback_frame.h"
#include "../base/clock.h"
#include "stream.h"
#include <errno.h>
#include <string.h>

/* What the loops do before they sleep; with pauses of some 40 ns that is 20 us. */
enum { LOOKS = CREW__BOUND(500, 0) };

/* A round that has lost its helpers is renewed no more often: opening one costs a microsecond or two. */
static const double ROUND_NS = 1e6;

/* Item `index` has ended the stream. The lowest wins, whatever the order of the calls. */
static void end_at(struct crew__stream *s, size_t index, int code)
{
    for (int round = 0; CREW__SWAP(&s->lock, 1, acquire) != 0; round++)
        crew__pause(round);
    if (index < CREW__LOAD(&s->end_at, relaxed)) {
        CREW__WRITES(&s->code);
        s->code = code;
        CREW__STORE(&s->end_at, index, relaxed);
    }
    CREW__STORE(&s->lock, 0, release);
}

bool crew__stream_stopped(struct crew__stream *s)
{
    int stop = 0;
    if (s->opt && crew_cancel_requested(s->opt->cancel))
        stop = -ECANCELED;
    else if (s->deadline > 0 && crew__seconds() > s->deadline)
        stop = -ETIMEDOUT;
    int none = 0;
    if (CREW__UNLIKELY(stop != 0))
        CREW__CAS(&s->stop, &none, stop, relaxed);
    return CREW__LOAD(&s->stop, relaxed) != 0;
}

/* With a slice in the trace where there is one. */
static int run(struct crew__stream *s, crew_stream_fn *fn, void *item, size_t index, const char *label)
{
    if (CREW__LIKELY(s->trace.name == NULL))
        return fn(item, index, s->ctx);
    int64_t busy, start = crew__trace_block_begin(&busy);
    int code = fn(item, index, s->ctx);
    crew__trace_block_end(&s->trace, start, busy, label, index, index + 1);
    return code;
}

static void call(struct crew__stream *s, struct crew__slot *slot, crew_stream_fn *fn, const char *label)
{
    if (slot->dropped || !fn)
        return;
    slot->dropped = slot->index >= CREW__LOAD(&s->end_at, relaxed) || crew__stream_stopped(s);
    if (slot->dropped)
        return;
    int code = run(s, fn, slot->item, slot->index, label);
    if (CREW__UNLIKELY(code != 0)) {
        slot->dropped = true;
        if (code != CREW_STREAM_SKIP)
            end_at(s, slot->index, code);
    }
}

/* Who makes work visible comes here after it, who sleeps counts itself first and then looks once more; all of that is
   sequentially consistent, so one of the two sees the other. */
static void wake(struct crew__stream *s, int count)
{
    if (CREW__LIKELY(CREW__LOAD(&s->sleeping, seq_cst) == 0))
        return;
    CREW__ADD(&s->woken, 1, seq_cst);
    crew__unpark(&s->woken, count);
}

static bool try_take(atomic_int *busy)
{
    if (CREW__LOAD(busy, seq_cst) != 0 || CREW__SWAP(busy, 1, seq_cst) != 0)
        return false;
    crew__tell_acquire(busy);
    return true;
}

static void let_go(atomic_int *busy)
{
    crew__tell_release(busy);
    CREW__STORE(busy, 0, seq_cst);
}

static crew__waiting *turn_of(const struct crew__stream *s, struct crew__gate *gate)
{
    return &gate->waiting[CREW__LOAD(&gate->next, relaxed) & s->mask];
}

static bool has_room(struct crew__stream *s)
{
    return CREW__LOAD(&s->begun, relaxed) < CREW__LOAD(&s->given, seq_cst);
}

static bool source_is_free(struct crew__stream *s)
{
    return CREW__LOAD(&s->sourcing, seq_cst) == 0 && !CREW__LOAD(&s->closed, seq_cst) && has_room(s);
}

bool crew__stream_ended(struct crew__stream *s)
{
    return CREW__LOAD(&s->closed, seq_cst) &&
           CREW__LOAD(&s->given, seq_cst) - s->in_flight == CREW__LOAD(&s->begun, relaxed);
}

void crew__stream_report(struct crew__stream *s, bool last)
{
    CREW__NO_EXCEPTION_PASSES();
    size_t total = s->p->total;
    if (last && (total == 0 || (s->code == CREW_STREAM_END && !CREW__LOAD(&s->stop, relaxed))))
        total = s->left;
    s->call.last = last;
    s->call.unknown = total == 0 && !last;
    crew__progress_now = &s->call;
    s->progress(total == 0 || s->left < total ? s->left : total, total, s->opt ? s->opt->progress_ctx : NULL);
    crew__progress_now = NULL;
    s->quiet_until = crew__ticks() + s->quiet;
}

/* The last gate's: the item is gone, its buffer may hold another one. */
static void give_back(struct crew__stream *s, struct crew__slot *slot)
{
    size_t given = CREW__LOAD(&s->given, relaxed);
    if (!slot->dropped)
        s->left++;
    if (s->progress && crew__ticks() >= s->quiet_until)
        crew__stream_report(s, false);
    s->spare[given & s->mask] = slot;
    crew__tell_release(slot);
    CREW__STORE(&s->given, given + 1, seq_cst);
    if (CREW__UNLIKELY(crew__stream_ended(s)))
        wake(s, CREW__ALL);
    else if (source_is_free(s))
        wake(s, 1);
}

/* By the worker that has taken the gate, which is given back. The sink's takes all that wait in turn; another lets one
   through, which the caller carries on, and leaves the next to who comes. */
static struct crew__slot *serve(struct crew__stream *s, struct crew__gate *gate)
{
    bool last = gate == &s->gates[s->ngates - 1];
    do {
        struct crew__slot *slot;
        while ((slot = CREW__LOAD(turn_of(s, gate), acquire)) != NULL) {
            crew__tell_acquire(slot);
            CREW__STORE(turn_of(s, gate), NULL, relaxed);
            call(s, slot, gate->fn, last ? "sink" : "stage");
            CREW__STORE(&gate->next, CREW__LOAD(&gate->next, relaxed) + 1, release);
            if (last) {
                give_back(s, slot);
                continue;
            }
            let_go(&gate->busy);
            if (CREW__LOAD(turn_of(s, gate), seq_cst))
                wake(s, 1);
            return slot;
        }
        let_go(&gate->busy);
        /* Who came while the gate was busy has gone away. */
    } while (CREW__LOAD(turn_of(s, gate), seq_cst) && try_take(&gate->busy));
    return NULL;
}

/* Carries an item from `stage` on as far as it gets. */
static void carry(struct crew__stream *s, struct crew__slot *slot, size_t stage)
{
    const crew_pipeline *p = s->p;
    struct crew__gate *gate = s->gates;
    while (slot) {
        for (; stage < p->nstages && p->stages[stage].kind == CREW_STAGE_PARALLEL; stage++)
            call(s, slot, p->stages[stage].fn, "stage");
        while (gate->stage <= stage)
            gate++;
        size_t place = gate->in_order ? slot->index : CREW__ADD(&gate->tickets, 1, relaxed);
        crew__tell_release(slot);
        CREW__STORE(&gate->waiting[place & s->mask], slot, seq_cst);
        stage = gate->stage;
        slot = try_take(&gate->busy) ? serve(s, gate) : NULL;
    }
}

static void close_source(struct crew__stream *s)
{
    CREW__STORE(&s->closed, 1, seq_cst);
    let_go(&s->sourcing);
    wake(s, CREW__ALL);
}

static int fill(struct crew__stream *s, struct crew__slot *slot, size_t index)
{
    /* Slots are used for the first time in order. */
    if (CREW__UNLIKELY(s->opened == index && index < s->in_flight)) {
        if (s->p->item_size > 0)
            memset(slot->item, 0, s->p->item_size);
        int code = s->p->open ? s->p->open(slot->item, s->ctx) : 0;
        if (code)
            return code;
        s->opened++;
    }
    return run(s, s->p->source, slot->item, index, "source");
}

/* By the worker that has taken the source, which is given back: the next item, and as far as it gets. */
static void take_item(struct crew__stream *s)
{
    size_t index = CREW__LOAD(&s->begun, relaxed);
    if (CREW__LOAD(&s->closed, relaxed) || index >= CREW__LOAD(&s->end_at, relaxed) || crew__stream_stopped(s)) {
        close_source(s);
        return;
    }
    if (!has_room(s)) {
        let_go(&s->sourcing);
        return;
    }
    struct crew__slot *slot = s->spare[index & s->mask];
    crew__tell_acquire(slot);
    int code = fill(s, slot, index);
    if (code && code != CREW_STREAM_SKIP) {
        end_at(s, index, code);
        close_source(s);
        return;
    }
    slot->index = index;
    slot->dropped = code != 0;
    CREW__STORE(&s->begun, index + 1, relaxed);
    let_go(&s->sourcing);
    if (has_room(s))
        wake(s, 1);
    carry(s, slot, 0);
}

/* Does one thing, of those furthest on. False: there is nothing to do. */
static bool step(struct crew__stream *s)
{
    for (size_t g = s->ngates; g-- > 0;) {
        struct crew__gate *gate = &s->gates[g];
        if (CREW__LOAD(turn_of(s, gate), seq_cst) && try_take(&gate->busy)) {
            struct crew__slot *slot = serve(s, gate);
            if (slot)
                carry(s, slot, gate->stage);
            return true;
        }
    }
    if (!source_is_free(s) || !try_take(&s->sourcing))
        return false;
    take_item(s);
    return true;
}

static bool has_work(struct crew__stream *s)
{
    for (size_t g = 0; g < s->ngates; g++)
        if (CREW__LOAD(turn_of(s, &s->gates[g]), seq_cst) && CREW__LOAD(&s->gates[g].busy, seq_cst) == 0)
            return true;
    return source_is_free(s) || crew__stream_ended(s) || CREW__LOAD(&s->over, seq_cst);
}

static void sleep_until_woken(struct crew__stream *s)
{
    CREW__ADD(&s->sleeping, 1, seq_cst);
    int woken = CREW__LOAD(&s->woken, seq_cst);
    if (!has_work(s)) {
        int64_t start = crew__trace_start();
        crew__park(&s->woken, woken, -1);
        if (CREW__UNLIKELY(start != 0))
            crew__trace_slice("sleep", start);
    }
    CREW__SUB(&s->sleeping, 1, seq_cst);
}

/* True where the caller should end the round: most helpers have left since there was nothing for them. */
static bool round_is_poor(struct crew__stream *s)
{
    return CREW__LOAD(&s->present, relaxed) <= (s->helpers - 1) / 4 &&
           (double)(crew__ticks() - s->round_began) > ROUND_NS * crew__ticks_per_ns();
}

static void work(struct crew__stream *s, bool helper)
{
    int looks = 0;
    while (!crew__stream_ended(s) && !CREW__LOAD(&s->over, relaxed)) {
        if (step(s)) {
            looks = 0;
            if (CREW__UNLIKELY(crew__fork_count() != s->forks))
                crew__child_returned(); /* now, and not after it has done the parent's items once more */
            if (s->leaves && !helper && s->helpers > 0 && round_is_poor(s)) {
                CREW__STORE(&s->over, 1, seq_cst);
                wake(s, CREW__ALL);
            }
        } else if (looks < LOOKS) {
            crew__pause(looks++);
        } else if (helper && s->leaves) {
            return;
        } else {
            sleep_until_woken(s);
            looks = 0;
        }
    }
}

void crew__stream_work(int id, void *arg)
{
    CREW__NO_EXCEPTION_PASSES();
    struct crew__stream *s = arg;
    struct crew__fp before = crew__fp_enter(s->fp);
    struct crew__trace_worker traced = {0};
    if (CREW__UNLIKELY(s->trace.name != NULL))
        traced = crew__trace_enter();
    int outer = crew__worker;
    crew__worker = id;
    if (id > 0)
        CREW__ADD(&s->present, 1, relaxed);
    work(s, id > 0);
    if (id > 0)
        CREW__SUB(&s->present, 1, relaxed);
    if (CREW__UNLIKELY(s->trace.name != NULL))
        crew__trace_leave(&s->trace, traced);
    crew__worker = outer;
    crew__fp_leave(before);
}
