/* Hands items to process workers, takes their results, and finds out what their ends mean. */
#define _POSIX_C_SOURCE 200809L
#include "map_run.h"

#ifdef __linux__

#include "../base/clock.h"
#include "../base/threads.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* A batch takes so long: a hand-over costs some 10 us. Items that a worker takes at once take so long, and are at most
   so many: others cannot have them any longer. */
static const double BATCH_NS = 2e6, CHUNK_NS = 2e3, MOST_CHUNK = 256;

/* After cancel and timeout. */
static const double GRACE = 0.1;

enum { MOST_DEATHS = 1000, MOST_IDLE_DEATHS = 10, MOST_FORK_FAILURES = 20, GROWTH = 8 };

static void drop_what_is_not_wanted(struct crew__map_run *r)
{
    r->left -= crew__pending_drop(&r->pending, r->stop ? 0 : r->stop_from);
}

/* How often an item has been tried before, and once more from now on. */
static int count_try(struct crew__map_run *r, size_t item)
{
    for (size_t k = 0; k < r->tried; k++)
        if (r->tries[k].item == item)
            return r->tries[k].count++;
    if (r->tried == r->tries_room) {
        size_t room = r->tries_room ? 2 * r->tries_room : 16;
        void *more = realloc(r->tries, room * sizeof *r->tries);
        if (!more)
            return r->options.retries; /* it is not tried again */
        r->tries = more;
        r->tries_room = room;
    }
    r->tries[r->tried++] = (struct crew__map_try){item, 1};
    return 0;
}

static void say(size_t item, int status)
{
    char text[160];
    crew_process_message(item, status, text, sizeof text);
    fprintf(stderr, "crew: %s\n", text);
}

/* Half of the workers go on; the others end as soon as they have done what they run. */
static void use_fewer(struct crew__map_run *r)
{
    r->active /= 2;
    for (int i = r->active; i < r->map.helper.count; i++) {
        r->workers[i].leaves = true;
        if (r->workers[i].lives)
            crew__map_take_back_from(r, i, true);
    }
}

static void item_died(struct crew__map_run *r, size_t item, const struct crew__death *death)
{
    if (++r->deaths >= MOST_DEATHS)
        r->error = -ECHILD;
    if (r->stop) {
        crew__map_fail(r, item, r->stop, false);
    } else if (death->why == CREW__DIED_OOM && r->active > 1) {
        use_fewer(r);
        crew__map_put(r, item, 1);
    } else if (r->options.retries > 0 && count_try(r, item) < r->options.retries) {
        crew__map_put(r, item, 1);
    } else {
        int status = crew__died_pack(death);
        if (crew__env_verbose())
            say(item, status);
        crew__map_fail(r, item, status, false);
        crew__watch_count(&r->watch, 1);
    }
}

/* A worker has ended: what it had done is taken, the item that it ran has died, the rest is for others. */
static void bury(struct crew__map_run *r, int i, struct crew__death *death)
{
    struct crew__map_worker *w = &r->workers[i];
    struct crew__map_slot *slot = crew__map_slot(&r->map, i);
    w->lives = false;
    size_t item = 0;
    bool in_item = crew__map_take_rest(r, i, &item);
    uint64_t step = atomic_load(&slot->head.step);
    uint64_t memory_step = r->map.helper.orders->each[i].memory_step;
    bool late = (w->timed_out && w->fatal != step) || (death->why == CREW__DIED_MEMORY && memory_step != step);
    if (w->timed_out && death->signal == SIGKILL && death->why == CREW__DIED_ALONE)
        death->why = CREW__DIED_TIMEOUT;
    int failed = atomic_load(&slot->failed);
    if (failed && !in_item)
        r->error = failed;
    else if (in_item && late)
        crew__map_put(r, item, 1); /* the one that was to be ended has ended by itself, and this one has just begun */
    else if (in_item)
        item_died(r, item, death);
    else if (!atomic_load(&slot->head.retire) && ++r->idle_deaths >= MOST_IDLE_DEATHS + 2 * r->map.helper.count)
        r->error = -ECHILD;
}

static void want(struct crew__map_run *r, int i)
{
    r->workers[i] = (struct crew__map_worker){.lives = true, .since = crew__seconds()};
    crew__map_slot_reset(&r->map, i);
    crew__helper_want(&r->map.helper, i);
}

/* Kills a worker whose item takes too long; so is one that does not begin what it was given. */
static void look_at_clock(struct crew__map_run *r, int i, double now)
{
    struct crew__map_worker *w = &r->workers[i];
    uint64_t step = atomic_load_explicit(&crew__map_slot(&r->map, i)->head.step, memory_order_relaxed);
    if (step != w->step || w->given == w->taken || !crew__helper_has(&r->map.helper, i)) {
        w->step = step;
        w->since = now;
    } else if (now - w->since >= r->options.item_timeout && !w->timed_out) {
        w->timed_out = true;
        w->fatal = step;
        crew__helper_kill(&r->map.helper, i);
    }
}

/* Returns true where something has happened. */
static bool tend(struct crew__map_run *r, int i, double now)
{
    struct crew__map_worker *w = &r->workers[i];
    struct crew__death death;
    int fork_error;
    if (!w->lives)
        return false;
    bool any = crew__map_take_finished(r, i);
    if (crew__helper_ended(&r->map.helper, i, &death, &fork_error)) {
        if (fork_error) {
            crew__map_put(r, w->batch[1].begin, w->given >= 1 ? w->batch[1].count : 0);
            crew__map_put(r, w->batch[0].begin, w->given >= 2 ? w->batch[0].count : 0);
            w->lives = false;
            w->retry_at = now + 0.05;
            if (++r->forks_failed >= MOST_FORK_FAILURES + r->map.helper.count)
                r->error = fork_error == ENOMEM ? -ENOMEM : -EAGAIN;
        } else {
            bury(r, i, &death);
        }
        return true;
    }
    if (r->options.item_timeout > 0)
        look_at_clock(r, i, now);
    size_t most = r->options.max_items;
    if ((w->leaves || (most && w->items >= most)) && w->given == w->taken)
        crew__map_retire(&r->map, i);
    return any;
}

static size_t batch_size(const struct crew__map_run *r, const struct crew__map_worker *w)
{
    size_t size = r->options.batch, fair = r->pending.total / (2 * (size_t)r->active);
    if (size == 0) {
        double fits = r->item_ns > 0 ? BATCH_NS / r->item_ns : 1;
        size = fits < 1 ? 1 : fits > (double)r->map.room ? r->map.room : (size_t)fits;
        size = size < GROWTH * (w->last + !w->last) ? size : GROWTH * (w->last + !w->last);
        size = size < fair ? size : fair;
    }
    size = size < r->map.room ? size : r->map.room;
    if (r->options.max_items && size > r->options.max_items - w->items)
        size = r->options.max_items - w->items;
    else if (size == 0)
        size = 1;
    return size;
}

static bool give(struct crew__map_run *r, int i)
{
    struct crew__map_worker *w = &r->workers[i];
    size_t begin, count = crew__pending_take(&r->pending, batch_size(r, w), &begin);
    if (count == 0)
        return false;
    double chunk = r->item_ns > 0 ? CHUNK_NS / r->item_ns : 1, most = MOST_CHUNK;
    if (r->map.in_place && (double)r->map.saved_room < most)
        most = (double)r->map.saved_room;
    w->batch[++w->given & 1] = (struct crew__map_given){begin, count};
    w->items += count;
    w->last = count;
    chunk = chunk < 1 ? 1 : chunk > most ? most : chunk;
    crew__map_give(&r->map, i, begin, count, (uint32_t)chunk);
    return true;
}

static bool steal(struct crew__map_run *r)
{
    int victim = -1;
    size_t most = 0;
    for (int i = 0; i < r->map.helper.count; i++) {
        const struct crew__map_worker *w = &r->workers[i];
        size_t unbegun = 0;
        for (unsigned number = w->given; w->lives && number != w->taken; number--)
            unbegun += crew__map_unbegun(&crew__map_slot(&r->map, i)->batch[number & 1]);
        if (unbegun > most) {
            most = unbegun;
            victim = i;
        }
    }
    return victim >= 0 && crew__map_take_back_from(r, victim, false) > 0;
}

static bool can_take(const struct crew__map_run *r, const struct crew__map_worker *w)
{
    return w->lives && !w->leaves && !w->timed_out && (!r->options.max_items || w->items < r->options.max_items);
}

static bool hand_out(struct crew__map_run *r, double now)
{
    bool any = false, told = false;
    for (int i = r->active; i < r->map.helper.count; i++)
        if (r->workers[i].lives)
            return false; /* where memory is short no item begins before there are as few workers as there should be */
    for (int i = 0; i < r->active; i++)
        if (!r->workers[i].lives && r->pending.total > 0 && now >= r->workers[i].retry_at) {
            want(r, i);
            told = true;
        }
    if (told)
        crew__helper_tell(&r->map.helper);
    for (unsigned ahead = 0; ahead < 2; ahead++)
        for (int i = 0; i < r->active; i++) {
            struct crew__map_worker *w = &r->workers[i];
            if (w->given - w->taken == ahead && can_take(r, w) && (r->pending.total > 0 || (ahead == 0 && steal(r))))
                any = give(r, i) || any;
        }
    return any || told;
}

/* No item begins any longer; those that run end, or are ended after a while. */
static void stop(struct crew__map_run *r, double now)
{
    if (!r->stop) {
        r->stop = atomic_load(&r->watch.stop);
        r->kill_at = now + GRACE;
    }
    for (int i = 0; i < r->map.helper.count; i++) {
        struct crew__map_worker *w = &r->workers[i];
        if (w->lives)
            crew__map_take_back_from(r, i, true);
        if (w->lives && w->given != w->taken && now >= r->kill_at)
            crew__helper_kill(&r->map.helper, i);
    }
    drop_what_is_not_wanted(r);
}

static void stop_above_failure(struct crew__map_run *r)
{
    for (int i = 0; i < r->map.helper.count; i++) {
        struct crew__map_worker *w = &r->workers[i];
        for (unsigned number = w->given; w->lives && number != w->taken; number--)
            if (w->batch[number & 1].begin > r->stop_from) {
                crew__map_take_back_from(r, i, true);
                break;
            }
    }
    drop_what_is_not_wanted(r);
}

/* Seconds until something is due that nobody rings for. */
static double patience(const struct crew__map_run *r, double now)
{
    double most = 0.1;
    if (r->options.item_timeout > 0) {
        double look = r->options.item_timeout / 4;
        look = look < 1e-3 ? 1e-3 : look > 0.02 ? 0.02 : look;
        most = look < most ? look : most;
    }
    if (r->watch.cancel || r->stop || r->forks_failed > 0)
        most = most < 5e-3 ? most : 5e-3;
    if (r->watch.deadline > 0 && r->watch.deadline - now < most)
        most = r->watch.deadline - now > 0 ? r->watch.deadline - now + 1e-4 : 1e-4;
    return most;
}

void crew__map_run(struct crew__map_run *r)
{
    struct crew__helper *h = &r->map.helper;
    struct crew__bell *bell = crew__helper_bell(h, 0);
    for (int i = 0; i < h->count; i++)
        want(r, i);
    r->error = crew__helper_start(h);
    while (r->left > 0 && !r->error) {
        int seen = atomic_load(&bell->rung);
        double now = crew__seconds();
        bool any = false;
        for (int i = 0; i < h->count; i++)
            any = tend(r, i, now) || any;
        if (r->stop_from != SIZE_MAX)
            stop_above_failure(r);
        if (r->stop || crew__watch_look(&r->watch))
            stop(r, now);
        else
            any = hand_out(r, now) || any;
        if (r->journal && !r->error)
            r->error = crew__journal_tick(r->journal, now, false);
        if (r->left == 0 || r->error || any)
            continue;
        if (!crew__helper_lives(h))
            r->error = -ECHILD;
        else
            crew__bell_wait(bell, seen, patience(r, now));
    }
    /* Where an error ends the call, what is done by then counts, and what runs has not begun. */
    crew__helper_end(h);
    size_t item;
    for (int i = 0; i < h->count && r->error; i++)
        if (r->workers[i].lives)
            crew__map_take_rest(r, i, &item);
}

#endif
