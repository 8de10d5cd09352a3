/* Executors whose tasks run in worker processes. Each thread of the executor that runs a task takes a free worker,
   sends it the task and sleeps until the answer or the worker's end; so queue, futures and shutdown are the executor's
   own.

   Arguments and results go through a window in the worker's slot, piece by piece where they are larger. */
#define _POSIX_C_SOURCE 200809L
#include "remote_slot.h"
#include <errno.h>

#ifdef __linux__

#include "../backend/park.h"
#include "../base/atomics.h"
#include "../base/clock.h"
#include "../base/compiler.h"
#include "../base/memory.h"
#include "../base/threads.h"
#include "shared.h"
#include <stdlib.h>
#include <string.h>

enum { MOST_IDLE_DEATHS = 10, MOST_FORK_FAILURES = 20 };

static void start(struct crew__remote *r, int i)
{
    struct crew__remote_slot *slot = crew__remote_slot(r, i);
    *slot = (struct crew__remote_slot){.code = 0};
    r->workers[i].lives = true;
    r->workers[i].items = 0;
    crew__helper_want(&r->helper, i);
}

static int take_worker(struct crew__remote *r)
{
    for (;;) {
        int seen = CREW__LOAD(&r->freed, acquire);
        for (int i = 0; i < r->helper.count; i++) {
            int no = 0;
            if (CREW__CAS(&r->workers[i].busy, &no, 1, acquire))
                return i;
        }
        crew__park(&r->freed, seen, -1);
    }
}

static void give_worker(struct crew__remote *r, int i)
{
    CREW__STORE(&r->workers[i].busy, 0, release);
    CREW__ADD(&r->freed, 1, acq_rel);
    crew__unpark(&r->freed, CREW__ALL);
}

/* What an exchange with a worker came to where there was no answer. */
struct end {
    struct crew__death death;
    int fork_error;
    bool helper_gone;
    bool ran; /* the task; its result was lost */
};

/* Waits until *word is `value`; false: the worker has ended. */
static bool wait_for_answer(struct crew__remote *r, int i, atomic_uint *word, unsigned value, double limit,
                            struct end *end)
{
    enum { LOOKS = 200 };
    struct crew__bell *bell = crew__helper_bell(&r->helper, i);
    double until = limit > 0 ? crew__seconds() + limit : 0;
    bool timed_out = false;
    for (int k = 0;; k++) {
        int seen = atomic_load(&bell->rung);
        if (CREW__LOAD(word, acquire) == value)
            return true;
        if (k < LOOKS) {
            CREW__RELAX();
            continue;
        }
        if (crew__helper_ended(&r->helper, i, &end->death, &end->fork_error)) {
            if (CREW__LOAD(word, acquire) == value)
                return true; /* it has answered, and ended then */
            if (timed_out && end->death.signal == SIGKILL)
                end->death.why = CREW__DIED_TIMEOUT;
            return false;
        }
        if (!crew__helper_lives(&r->helper)) {
            end->helper_gone = true;
            return false;
        }
        double wait = 0.1;
        if (until > 0 && !timed_out) {
            double left = until - crew__seconds();
            timed_out = left <= 0;
            if (timed_out)
                crew__helper_kill(&r->helper, i);
            else
                wait = left < wait ? left + 1e-4 : wait;
        }
        crew__bell_wait(bell, seen, wait);
    }
}

static bool exchange(struct crew__remote *r, int i, enum crew__message message, size_t offset, size_t size,
                     struct end *end)
{
    struct crew__remote_slot *slot = crew__remote_slot(r, i);
    unsigned number = CREW__LOAD(&slot->sent, relaxed) + 1;
    slot->message = message;
    slot->offset = offset;
    slot->size = size;
    CREW__STORE(&slot->sent, number, seq_cst);
    if (CREW__LOAD(&slot->sleeps, seq_cst))
        crew__shared_unpark((atomic_int *)(void *)&slot->sent);
    /* A worker that stands still while bytes are sent is killed too, but not for being slow at that. */
    double limit = r->options.item_timeout;
    if (limit > 0 && message != CREW__RUN)
        limit += 0.5;
    return wait_for_answer(r, i, &slot->answered, number, limit, end);
}

/* Sends the task, lets it run and fetches the result. False: the worker has ended. */
static bool run_on(struct crew__remote *r, int i, const struct crew__remote_call *call, int *code, struct end *end)
{
    struct crew__remote_slot *slot = crew__remote_slot(r, i);
    char *window = crew__remote_window(r, i);
    size_t at = 0;
    slot->call = *call;
    for (; call->in_size - at > CREW__WINDOW; at += CREW__WINDOW) {
        memcpy(window, (const char *)call->in + at, CREW__WINDOW);
        if (!exchange(r, i, CREW__SEND, at, CREW__WINDOW, end))
            return false;
    }
    if (call->in_size > at)
        memcpy(window, (const char *)call->in + at, call->in_size - at);
    if (!exchange(r, i, CREW__RUN, at, call->in_size - at, end))
        return false;
    *code = slot->code;
    end->ran = true;
    for (at = 0; *code == 0 && at < call->out_size; at += CREW__WINDOW) {
        size_t size = call->out_size - at < CREW__WINDOW ? call->out_size - at : CREW__WINDOW;
        if (at > 0 && !exchange(r, i, CREW__FETCH, at, size, end))
            return false;
        memcpy((char *)call->out + at, window, size);
    }
    return true;
}

/* Lets a worker end by itself. */
static void retire(struct crew__remote *r, int i)
{
    struct crew__remote_slot *slot = crew__remote_slot(r, i);
    CREW__STORE(&slot->head.retire, 1, seq_cst);
    crew__shared_unpark((atomic_int *)(void *)&slot->sent);
}

static void wait_for_end(struct crew__remote *r, int i, double seconds)
{
    struct crew__bell *bell = crew__helper_bell(&r->helper, i);
    struct end end;
    double until = crew__seconds() + seconds;
    for (;;) {
        int seen = atomic_load(&bell->rung);
        if (crew__helper_ended(&r->helper, i, &end.death, &end.fork_error) || crew__seconds() >= until ||
            !crew__helper_lives(&r->helper))
            return;
        retire(r, i);
        crew__bell_wait(bell, seen, 0.01);
    }
}

static int call_on(struct crew__remote *r, int i, const struct crew__remote_call *call)
{
    struct crew__remote_worker *w = &r->workers[i];
    int code = 0, tries = 0, idle = 0, forks = 0;
    for (;;) {
        struct end end = {.helper_gone = false};
        if (!w->lives) {
            start(r, i);
            crew__helper_tell(&r->helper);
        }
        if (run_on(r, i, call, &code, &end))
            break;
        w->lives = false;
        const struct crew__remote_slot *slot = crew__remote_slot(r, i);
        int failed = atomic_load(&crew__remote_slot(r, i)->failed);
        bool ran = end.ran || (atomic_load((_Atomic uint64_t *)&slot->head.step) & 1);
        if (end.helper_gone)
            return -ECHILD;
        if (failed)
            return failed;
        if (end.fork_error) {
            if (++forks == MOST_FORK_FAILURES)
                return -EAGAIN;
            atomic_int never = 0;
            crew__park(&never, 0, 0.05);
        } else if (ran) {
            if (tries++ == r->options.retries)
                return crew__died_pack(&end.death);
        } else if (++idle == MOST_IDLE_DEATHS) {
            return -ECHILD;
        }
    }
    w->items++;
    if ((r->options.max_items && w->items >= r->options.max_items) ||
        CREW__LOAD(&crew__remote_slot(r, i)->head.retire, relaxed)) {
        retire(r, i);
        wait_for_end(r, i, 1);
        crew__helper_kill(&r->helper, i); /* a finalizer that hangs */
        wait_for_end(r, i, 1);
        w->lives = false;
    }
    return code;
}

static int call_remote(void *remote, const struct crew__remote_call *call)
{
    struct crew__remote *r = remote;
    int i = take_worker(r);
    int code = call_on(r, i, call);
    give_worker(r, i);
    return code;
}

static void free_remote(struct crew__remote *r)
{
    if (!r)
        return;
    crew__free(r->workers);
    crew__free(r);
}

static void close_remote(void *remote)
{
    struct crew__remote *r = remote;
    for (int i = 0; i < r->helper.count; i++)
        if (r->workers[i].lives)
            retire(r, i);
    double until = crew__seconds() + 1;
    for (int i = 0; i < r->helper.count; i++)
        if (r->workers[i].lives)
            wait_for_end(r, i, until - crew__seconds());
    crew__helper_close(&r->helper);
    free_remote(r);
}

/* Waits for the initializers. Returns how many workers there are, or what an initializer returned, or -EAGAIN. */
static int wait_until_ready(struct crew__remote *r, int *code)
{
    int ready = 0;
    for (int i = 0; i < r->helper.count; i++) {
        struct crew__remote_slot *slot = crew__remote_slot(r, i);
        struct end end = {.helper_gone = false};
        if (wait_for_answer(r, i, (atomic_uint *)(void *)&slot->ready, 1, r->options.item_timeout, &end)) {
            ready++;
            continue;
        }
        r->workers[i].lives = false;
        if (atomic_load(&slot->failed))
            *code = atomic_load(&slot->failed);
        if (end.fork_error)
            atomic_store(&r->workers[i].busy, 1);
        else if (!*code)
            *code = -ECHILD;
    }
    return ready;
}

static void *refuse(struct crew__remote *r, int error)
{
    free_remote(r);
    errno = error;
    return NULL;
}

static void *open_remote(const crew_executor_options *opt, int *width)
{
    struct crew__remote *r = crew__alloc(sizeof *r);
    if (!r)
        return refuse(r, ENOMEM);
    *r = (struct crew__remote){.executor = *opt};
    if (opt->process_options)
        r->options = *opt->process_options;
    if (r->options.max_items == 0)
        r->options.max_items = opt->max_tasks;
    if (!(r->options.item_timeout >= 0) || r->options.retries < 0)
        return refuse(r, EINVAL);
    struct crew__helper *h = &r->helper;
    h->count = crew__resolve_threads(opt->processes);
    crew__round_to_pages(sizeof(struct crew__remote_slot), &r->window_at);
    h->slot_bytes = r->window_at + CREW__WINDOW;
    h->bell_each = true;
    h->memory = r->options.memory;
    h->close = -1;
    h->serve = crew__remote_serve;
    h->arg = r;
    r->workers = crew__alloc((size_t)h->count * sizeof *r->workers);
    if (!r->workers || crew__helper_map(h) != 0)
        return refuse(r, ENOMEM);
    for (int i = 0; i < h->count; i++) {
        atomic_init(&r->workers[i].busy, 0);
        start(r, i);
    }
    int code = 0, error = crew__helper_start(h);
    *width = error ? 0 : wait_until_ready(r, &code);
    if (*width > 0 && !code)
        return r;
    crew__helper_close(h);
    return refuse(r, error ? -error : code < 0 ? -code : code ? ECANCELED : EAGAIN);
}

#else

static void *open_remote(const crew_executor_options *opt, int *width)
{
    (void)opt;
    *width = 0;
    errno = ENOTSUP;
    return NULL;
}

static int call_remote(void *remote, const struct crew__remote_call *call)
{
    (void)remote;
    (void)call;
    return -ENOTSUP;
}

static void close_remote(void *remote)
{
    (void)remote;
}

#endif

const struct crew__remote_ops crew__remote_processes = {open_remote, call_remote, close_remote};
