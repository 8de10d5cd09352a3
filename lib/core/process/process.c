/* crew_process_map: crew_map on forked workers.

   1. Who forks: a helper process, made for the call, forks the workers, waits for them and measures them (helper.c says
      how it is made). It and they see the program as it was when the call began.
   2. Slots: each worker has one in an anonymous shared mapping: words with one writer each, two batches of results,
      inaccessible pages between. Other workers' slots are inaccessible to it. There is no lock and no pipe.
   3. Who waits: the caller hands batches out, sleeps on one futex that workers and the helper ring, copies results of
      finished items to out. The helper sleeps until a child, the caller's word or the caller's end.
   4. A death: the helper writes how the worker ended, and the worker's `step` tells which item ran: that one has died,
      what was done before it counts, the rest of the batch goes to others. How it ended is packed into the status.
   5. Hangs: the caller looks at each worker's step; one that stands still for item_timeout is killed by the helper.
   6. Memory: the helper looks at each worker's resident pages; kills for want of memory are seen by the system's count.
   7. The end: the helper kills what is left, orphans of workers too, and only then ends itself. If the caller is killed
      the helper sees it by a pidfd; if the helper is killed the workers get PR_SET_PDEATHSIG.
   8. The journal: a header that names the call, then records of finished items with checksums, appended by the caller
      alone (journal.c).
   9. In place: where out is crew_shared_alloc memory the workers write results there and keep what stood there before
   the item that runs; who dies leaves it in the slot, and the caller puts it back. */
#define _POSIX_C_SOURCE 200809L
#include <crew/process.h>

#include "../base/callback_frame.h"
#include "../base/memory.h"
#include "../base/threads.h"
#include "../loop/runner.h"
#include "map_run.h"
#include "shared.h"
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool crew_process_died(int status, int *signal, int *exit_code)
{
    struct crew__death death;
    if (!crew__died_unpack(status, &death))
        return false;
    if (signal)
        *signal = death.signal;
    if (exit_code)
        *exit_code = death.exit_code;
    return true;
}

int crew_process_message(size_t item, int status, char *text, size_t size)
{
    struct crew__death death;
    char what[128];
    if (!text && size > 0)
        return -EINVAL;
    if (!crew__died_unpack(status, &death))
        return snprintf(text, size, "item %zu: %s", item, crew_strerror(status));
    crew__died_explain(&death, what, sizeof what);
    return snprintf(text, size, "item %zu: %s", item, what);
}

#ifdef __linux__

enum { BATCH_BYTES = 1 << 18, MOST_BATCH = 1 << 16 };

/* Items that are not done, the lowest to be served first. */
static bool collect_pending(struct crew__pending *p, const unsigned char *done, size_t n)
{
    for (size_t end = n; end > 0;) {
        size_t begin = end;
        while (begin > 0 && !(done && done[begin - 1]))
            begin--;
        if (!crew__pending_put(p, begin, end - begin))
            return false;
        for (end = begin; end > 0 && done && done[end - 1];)
            end--;
    }
    return true;
}

static int processes_for(const crew_options *opt, const crew_process_options *options, size_t n)
{
    int wanted = options->processes ? options->processes : opt ? opt->threads : 0;
    int count = crew__resolve_threads(wanted);
    return n < (size_t)count ? (int)n : count;
}

/* No more than a batch may have: what is measured is at most half of a worker's share. */
static size_t batch_room(const crew_process_options *options, const struct crew__map *m, size_t n, int count)
{
    size_t share = n / (2 * (size_t)count);
    size_t room = m->in_place ? MOST_BATCH : BATCH_BYTES / m->out_size;
    room = room < 1 ? 1 : room > MOST_BATCH ? MOST_BATCH : room;
    if (options->batch)
        share = options->batch < n ? options->batch : n;
    return share < 1 ? 1 : share < room ? share : room;
}

/* What no status was found for ended with the call. */
static void fill_statuses(int *status, size_t n, int unknown, int code)
{
    for (size_t i = 0; i < n; i++)
        if (status[i] == unknown)
            status[i] = code;
}

static int run_on_workers(struct crew__map_run *r, int count, size_t room)
{
    struct crew__map_worker workers_of_few[16];
    bool few = count <= (int)(sizeof workers_of_few / sizeof *workers_of_few);
    r->workers = few ? workers_of_few : crew__alloc((size_t)count * sizeof *r->workers);
    if (!r->workers)
        return -ENOMEM;
    r->active = count;
    r->map.helper.serve = crew__map_serve;
    r->map.helper.arg = &r->map;
    r->map.helper.memory = r->options.memory;
    r->map.helper.close = r->journal ? r->journal->file : -1;
    int error = crew__map_layout(&r->map, room, count);
    if (!error) {
        crew__map_run(r);
        crew__helper_close(&r->map.helper);
        error = r->error;
    }
    if (!few)
        crew__free(r->workers);
    free(r->tries);
    return error;
}

static int run(struct crew__map_run *r, size_t n, const crew_options *opt)
{
    enum { UNKNOWN = -(1 << 29) }; /* no callback should return it, and it is no death */
    int *status = r->options.status, error = 0;
    struct crew__journal journal;
    unsigned char *done = NULL;
    const struct crew__journal_of of = {r->map.in, r->map.in_size, r->map.out_size, n, opt ? opt->name : NULL};
    for (size_t i = 0; status && i < n; i++)
        status[i] = UNKNOWN;
    if (r->options.journal) {
        done = crew__alloc(n);
        if (!done)
            return -ENOMEM;
        memset(done, 0, n);
        error = crew__journal_open(&journal, r->options.journal, &of, r->map.out, done);
        r->journal = error ? NULL : &journal;
    }
    if (!error && !collect_pending(&r->pending, done, n))
        error = -ENOMEM;
    r->left = r->pending.total;
    for (size_t i = 0; !error && done && status && i < n; i++)
        status[i] = done[i] ? 0 : UNKNOWN;
    crew__free(done);
    if (!error)
        crew__watch_count(&r->watch, n - r->left);
    if (!error && r->left > 0) {
        int count = processes_for(opt, &r->options, r->left);
        error = run_on_workers(r, count, batch_room(&r->options, &r->map, r->left, count));
    }
    if (r->journal) {
        int closed = crew__journal_close(r->journal);
        error = error ? error : closed;
    }
    crew__pending_free(&r->pending);
    int code = crew__watch_end(&r->watch, opt ? opt->failed : NULL);
    if (status)
        fill_statuses(status, n, UNKNOWN, error ? error : r->stop ? r->stop : -ECANCELED);
    return error ? error : code;
}

#else

static int run(struct crew__map_run *r, size_t n, const crew_options *opt)
{
    (void)r;
    (void)n;
    (void)opt;
    return -ENOTSUP;
}

#endif

int crew_process_map(const void *in, size_t in_size, void *out, size_t out_size, size_t n, crew_map_fn *fn, void *ctx,
                     const crew_options *opt, const crew_process_options *processes)
{
    static const crew_process_options defaults;
    processes = processes ? processes : &defaults;
    if (!fn || !(processes->item_timeout >= 0) || processes->retries < 0)
        return -EINVAL;
    int error = crew__map_arrays(in, in_size, out, out_size, n);
    if (error)
        return error;
    struct crew__map_run r = {
        .map = {.in = in, .out = out, .in_size = in_size, .out_size = out_size, .fn = fn, .ctx = ctx},
        .options = *processes,
        .stop_from = SIZE_MAX,
    };
    r.map.initializer = processes->initializer;
    r.map.stops = !processes->status;
    r.map.in_place = n > 0 && crew__shared_has(out, n * out_size);
    error = crew__watch_begin(&r.watch, &(struct crew__loop){.n = n, .opt = opt});
    if (error || n == 0)
        return error;
    int canceling = crew__cancel_off();
    error = run(&r, n, opt);
    crew__cancel_back(canceling);
    return error;
}
