/* Probe, open, split and steal, stop: design of the loop scheduler.

   The caller starts alone and reads the clock between blocks that grow. When what is left is worth a team,
   one opens: every worker owns one contiguous range, takes blocks from its front, and steals the back half of the
   fullest other range when its own is empty. */
#define _POSIX_C_SOURCE 200809L
#include "runner.h"
#include "../backend/backend.h"
#include "../backend/host.h"
#include "../base/callback_frame.h"
#include "../base/clock.h"
#include "../base/compiler.h"
#include "../base/fp_environment.h"
#include "../base/memory.h"
#include "../base/threads.h"
#include "launch.h"
#include "ranges.h"
#include "watch.h"
#include <time.h>

enum { STACK_WORKERS = 64 };

/* An item that takes longer may be asleep; a shorter one is not worth looking at the CPU time. */
static const double LONG_ITEM_NS = 20000;

/* Work for which open_team never opens one: it wants more than a microsecond for what a team costs besides its launch.
 */
static const double SMALL_NS = 1000;

struct crew__tuning crew__tuning = {.block_ns = 4000};

struct run {
    const struct crew__loop *loop;
    struct crew__watch watch;
    size_t grain;  /* at least 1 */
    size_t first;  /* the loop's; 0 where a team opens in any case */
    int threads;   /* asked for */
    double per_ns; /* ticks in a nanosecond */
    double item;   /* ticks that an item took lately */
    size_t done;   /* items finished before a team opens */
    bool declined; /* a team was not opened for what it costs */
    size_t *alone; /* crew__run_first: where a team would open, this becomes done and the call ends; else NULL */
    /* a team's */
    struct crew__range *ranges;
    int width;
    size_t base, unit;  /* ranges hold units of `unit` items, from item `base` on: 32 bits are enough for any n */
    uint32_t least;     /* units in the grain */
    uint32_t most;      /* units in a block */
    struct crew__fp fp; /* the caller's */
    unsigned forks;     /* crew__fork_count when it opened */
};

static inline int call(const struct crew__loop *loop, size_t begin, size_t end, size_t *failed)
{
    if (loop->fn)
        return loop->fn(begin, end, loop->ctx, failed);
    loop->each(begin, end, loop->ctx);
    return 0;
}

static bool do_piece(struct run *r, size_t begin, size_t end)
{
    if (crew__watch_skips(&r->watch, begin) || (r->watch.active && crew__watch_look(&r->watch)))
        return false;
    size_t failed = begin;
    int code = call(r->loop, begin, end, &failed);
    if (CREW__UNLIKELY(code != 0)) {
        crew__watch_fail(&r->watch, failed, code);
        return false;
    }
    if (r->watch.progress)
        crew__watch_count(&r->watch, end - begin);
    return true;
}

/* A block of a loop with more than 2^32 items has a great many, and may take seconds: it is done in pieces of less than
   a millisecond, so that a stop is seen. */
static CREW__NOINLINE bool do_long_block(struct run *r, size_t begin, size_t end)
{
    const int64_t brief = (int64_t)(2.5e5 * r->per_ns);
    size_t most = r->loop->max_block ? r->loop->max_block : end - begin, size = 1;
    int64_t then = crew__ticks();
    for (size_t next; begin < end; begin = next) {
        next = end - begin < size ? end : begin + size;
        if (!do_piece(r, begin, next))
            return false;
        int64_t now = crew__ticks(), spent = now - then;
        then = now;
        if (spent < brief)
            size = size <= most / 2 ? size * 2 : most;
        else if (spent > 4 * brief && size > 1)
            size /= 2;
    }
    return true;
}

/* Does one block, or skips it. False: this worker has nothing to do any more above `begin`. */
static bool do_block(struct run *r, size_t begin, size_t end)
{
    if (CREW__UNLIKELY(r->unit > 1))
        return do_long_block(r, begin, end);
    size_t most = r->loop->max_block ? r->loop->max_block : end - begin;
    for (size_t next; begin < end; begin = next) {
        next = end - begin < most ? end : begin + most;
        if (!do_piece(r, begin, next))
            return false;
    }
    return true;
}

/* Units that take about `ns` at the present cost of an item, at least the grain, and where there are many a multiple of
   64 items, so that blocks begin where vectors do. */
static uint32_t units_for(const struct run *r, double item, double ns)
{
    double units = item > 0 ? ns * r->per_ns / item / (double)r->unit : (double)UINT32_MAX;
    uint32_t count = units < (double)r->most ? (uint32_t)units : r->most;
    if (count >= 64)
        count &= ~63u;
    return count > r->least ? count : r->least;
}

static void work(int id, void *arg)
{
    struct run *r = arg;
    struct crew__range *self = &r->ranges[id], *own = r->loop->in_order ? &r->ranges[0] : self;
    struct crew__fp before = crew__fp_enter(r->fp);
    int outer = crew__worker;
    crew__worker = id;

    /* Blocks start short and double while an item costs what it did: a stretch of slow items is met by a short block at
       the start of a range, where it would otherwise hold its worker for as long as a thousand items take. */
    const double shortest = crew__tuning.block_ns / 16;
    double item = r->item, span = shortest;
    int64_t then = crew__ticks();
    self->started = then;
    for (;;) {
        uint32_t begin, end;
        uint32_t want = units_for(r, item, span), least = units_for(r, item, shortest);
        if (!crew__range_take(own, want, least, &begin, &end)) {
            if (r->loop->in_order || !crew__range_steal(r->ranges, r->width, id, r->least))
                break;
            span = shortest;
            continue;
        }
        size_t from = r->base + begin * r->unit, n = r->loop->n;
        size_t to = r->base + (size_t)end * r->unit;
        to = to < n && to > from ? to : n; /* the last unit may be a part, and its end may pass SIZE_MAX */
        bool going_on = do_block(r, from, to);
        if (CREW__UNLIKELY(crew__fork_count() != r->forks))
            crew__child_returned(); /* now, and not after it has done the parent's items once more */
        if (!going_on) {
            crew__range_set(own, 0, 0); /* what is left there lies above the failure, or the call stops */
            if (atomic_load_explicit(&r->watch.stop, memory_order_relaxed))
                break;
        }
        int64_t now = crew__ticks();
        double cost = (double)(now - then) / (double)(to - from);
        span = cost > 4 * item ? shortest : span < crew__tuning.block_ns ? span * 2 : span;
        item = cost;
        then = now;
    }
    self->finished = then;
    crew__worker = outer;
    crew__fp_leave(before);
}

static uint32_t half_range(size_t units)
{
    return units < UINT32_MAX / 2 ? (uint32_t)units : UINT32_MAX / 2;
}

static void run_team(struct run *r, const struct crew__team *team)
{
    size_t n = r->loop->n, done = r->done;
    struct crew__range few[STACK_WORKERS], *many = NULL;
    r->ranges = few;
    r->width = team->width;
    if (team->width > STACK_WORKERS) {
        many = crew__alloc((size_t)team->width * sizeof *many);
        r->ranges = many ? many : few;
        r->width = many ? team->width : STACK_WORKERS;
    }
    r->fp = crew__fp_get();
    r->forks = crew__fork_count();
    r->base = done;
    r->unit = 1;
    while ((n - done) / r->unit >= UINT32_MAX)
        r->unit *= 2;
    size_t grains = r->grain / r->unit + (r->grain % r->unit != 0), ranges = (n - done) / r->grain;
    r->least = half_range(grains);
    r->most = half_range(r->loop->in_order && r->loop->max_block ? r->loop->max_block / r->unit : SIZE_MAX);
    int parts = ranges < 1 || r->loop->in_order ? 1 : ranges < (size_t)r->width ? (int)ranges : r->width;
    size_t from = done < n / (size_t)parts / 2 ? 0 : done;
    uint32_t begin = 0;
    for (int id = 0; id < r->width; id++) {
        size_t stop = id < parts ? crew__range_begin(from, n, id + 1, parts) : n;
        size_t items = stop > done ? stop - done : 0;
        uint32_t end = (uint32_t)(items / r->unit + (stop == n && items % r->unit != 0));
        crew__range_set(&r->ranges[id], begin, end);
        begin = end;
    }
    struct crew__team used = *team;
    used.width = r->width;
    const struct crew__range *caller = &r->ranges[0], *other = &r->ranges[1];
    r->ranges[1].started = 0;
    int64_t opened = crew__ticks();
    crew__team_run(&used, work, r);
    int64_t closed = crew__ticks(), busy = caller->finished > other->finished ? caller->finished : other->finished;
    if (team->kind == CREW__TEAM_OWN && other->started)
        crew__launch_learn(opened, closed, other->started - opened + closed - busy);
    crew__free(many);
}

/* True where the thread sleeps rather than computes in its callback: more threads than processors help only then. */
static bool sleeps(const struct timespec *before, double wall_ns)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    double cpu = 1e9 * (double)(now.tv_sec - before->tv_sec) + (double)(now.tv_nsec - before->tv_nsec);
    return cpu < wall_ns / 2;
}

enum opened { OPENED, LATER, BUSY, NEVER };

/* Opens a team for the items that are left if that pays. left_ns: what they are expected to take on one thread. */
static enum opened open_team(struct run *r, int want, double left_ns)
{
    int64_t now = crew__ticks();
    /* Beyond the launch, a microsecond for what a team's blocks cost, and for data that moves to another core. */
    if (!crew__tuning.always_open && left_ns * (1 - 1.0 / want) < 1.5 * crew__launch_cost(now) + 1000) {
        if (!r->alone || !r->declined)
            crew__launch_declined(now);
        r->declined = true;
        return LATER;
    }
    size_t useful = (r->loop->n - r->done + r->grain - 1) / r->grain;
    if (useful < 2)
        return LATER;
    struct crew__team team = crew__team_acquire(want);
    enum opened opened = team.kind == CREW__TEAM_NONE ? NEVER : team.kind == CREW__TEAM_BUSY ? BUSY : LATER;
    /* The hosting thread is woken and waited for: 50 us that the loop must be worth. */
    bool far = team.kind == CREW__TEAM_HOSTED && left_ns < 5e5 && !crew__tuning.always_open;
    if (team.width > 1 && !far) {
        if (r->alone)
            *r->alone = r->done;
        else
            run_team(r, &team);
        opened = OPENED;
    }
    crew__team_release(&team);
    return opened;
}

/* Threads worth asking for: more than there are processors only where callbacks sleep. */
static int useful_threads(const struct run *r)
{
    int cpus = crew__cpu_count();
    return r->threads > cpus && !crew__tuning.always_open ? cpus : r->threads;
}

static void run_known(struct run *r)
{
    r->item = r->loop->item_ns * r->per_ns;
    const size_t n = r->loop->n;
    r->done = r->first < n ? r->first : n;
    if (!do_block(r, 0, r->done) || r->done == n)
        return;
    int want = useful_threads(r);
    if (want < 2 || open_team(r, want, r->loop->item_ns * (double)(n - r->done)) != OPENED)
        do_block(r, r->done, n);
}

struct probe {
    int want;   /* threads that a team would have */
    bool alone; /* no team can be had in this call */
    bool wide;  /* want needs no second thought */
    bool timed; /* since when is known, and the thread's CPU time then */
    int64_t since;
    struct timespec cpu;
};

/* Looks at a block of `count` items that took `spent` ticks, long enough to believe. OPENED: a team did the rest.
   LATER, BUSY: go on alone for a while. NEVER: go on alone. */
static enum opened consider(struct run *r, struct probe *p, double spent, size_t count)
{
    double item_ns = spent / r->per_ns / (double)count;
    if (!p->wide && p->timed) {
        double wall_ns = (double)(crew__ticks() - p->since) / r->per_ns;
        if (wall_ns < LONG_ITEM_NS) /* too short to tell */
            return LATER;
        p->wide = true;
        p->want = sleeps(&p->cpu, wall_ns) ? r->threads : p->want;
    } else if (!p->wide && item_ns > LONG_ITEM_NS) {
        p->timed = true;
        p->since = crew__ticks();
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &p->cpu);
        return LATER;
    }
    r->item = spent / (double)count;
    return p->want < 2 ? LATER : open_team(r, p->want, item_ns * (double)(r->loop->n - r->done));
}

/* Most items for the next block. The few readings of the clock are what a tiny loop costs: 1, 8, 128, 2048 items in.
   Faster growth would run too much of a loop whose items get slower on one thread. */
static size_t grow(const struct run *r, size_t done)
{
    return done > r->loop->n / 15 ? r->loop->n : done * (done == r->grain ? 7 : 15);
}

/* Items of the next block, given that the last one's `count` took `spent` ticks and this one may take `target`. */
static size_t next_size(const struct run *r, size_t done, size_t count, double spent, double target)
{
    size_t most = grow(r, done), size = most;
    if (spent * (double)most > target * (double)count)
        size = (size_t)(target * (double)count / spent);
    size = size > r->grain ? size : r->grain;
    size_t aligned = (done + size) / 64 * 64 - done; /* blocks begin where vectors do */
    return size >= 64 && aligned >= r->grain ? aligned : size;
}

/* The caller alone, until the last item or until a team takes over. */
static void run_probing(struct run *r)
{
    const size_t n = r->loop->n;
    struct probe p = {.want = useful_threads(r), .alone = r->threads < 2};
    p.wide = p.want == r->threads;
    const double us = 1000 * r->per_ns;
    const int64_t brief = crew__tuning.always_open ? 0 : (int64_t)(0.2 * us);

    /* A first item that is slow because caches are cold says nothing of the others: it must be slow by itself. */
    double believe = us, target = 0.5 * us;
    size_t size = r->grain > r->first ? r->grain : r->first;
    int64_t then = size < n ? crew__ticks() : 0;
    for (;;) {
        size_t end = n - r->done < size ? n : r->done + size, count = end - r->done;
        if (!do_block(r, r->done, end) || end == n)
            return;
        int64_t now = crew__ticks(), ticks = now - then;
        r->done = end;
        then = now;
        if (ticks < brief) { /* whole numbers only: conversions and divisions are half of what a tiny loop pays */
            size = grow(r, end);
            continue;
        }
        double spent = (double)ticks;
        if (!p.alone && (spent > believe || crew__tuning.always_open)) {
            enum opened opened = consider(r, &p, spent, count);
            if (opened == OPENED)
                return;
            p.alone = opened == NEVER;
            /* Alone, or waiting for others to let threads go: nothing is gained by looking often. */
            target = opened == LATER ? 4 * us : 50 * us;
        }
        if (p.alone && !r->watch.active) {
            do_block(r, r->done, n);
            return;
        }
        believe = 0.3 * us;
        size = next_size(r, r->done, count, spent, target);
    }
}

/* True where one call of fn does the items without a look at the clock. */
static bool costs_little(const struct crew__loop *loop)
{
    return (loop->n <= loop->first || (loop->item_ns > 0 && loop->item_ns * (double)loop->n < SMALL_NS)) &&
           (loop->max_block == 0 || loop->n <= loop->max_block);
}

/* The same, and nothing can stop the call. What crew computes itself shows no progress for so little. */
static bool is_small(const struct crew__loop *loop)
{
    if (loop->item_ns > 0 && !loop->opt)
        return loop->n == 1 || (costs_little(loop) && !crew__tuning.always_open);
    return costs_little(loop) && crew__unwatched(loop->opt);
}

static int run_small(const struct crew__loop *loop)
{
    CREW__NO_EXCEPTION_PASSES();
    size_t failed = 0;
    int outer = crew__worker;
    if (outer < 0)
        crew__worker = 0;
    int code = call(loop, 0, loop->n, &failed);
    crew__worker = outer;
    if (CREW__UNLIKELY(code != 0) && loop->opt && loop->opt->failed)
        *loop->opt->failed = failed;
    return code;
}

/* alone, item_ns: of crew__run_first, else NULL. */
static int run_loop(const struct crew__loop *loop, size_t *alone, double *item_ns)
{
    CREW__NO_EXCEPTION_PASSES();
    struct run r;
    const crew_options *opt = loop->opt;
    int error = crew__watch_begin(&r.watch, loop);
    if (error || loop->n == 0)
        return error;
    r.loop = loop;
    r.grain = opt && opt->grain ? opt->grain : 1;
    r.first = crew__tuning.always_open ? 0 : loop->first;
    r.threads = crew__resolve_threads(opt ? opt->threads : 0);
    r.done = 0;
    r.declined = false;
    r.alone = alone;
    r.unit = 1;

    int outer = crew__worker;
    if (outer < 0)
        crew__worker = 0;
    if (!r.watch.active && (r.threads < 2 || r.grain >= loop->n)) {
        do_block(&r, 0, loop->n);
    } else {
        r.per_ns = crew__ticks_per_ns();
        if (loop->item_ns > 0 && !r.watch.active)
            run_known(&r);
        else
            run_probing(&r);
    }
    crew__worker = outer;
    if (alone && *alone < loop->n)
        *item_ns = r.item / r.per_ns;
    return crew__watch_end(&r.watch, opt ? opt->failed : NULL);
}

int crew__run(const struct crew__loop *loop)
{
    if (is_small(loop))
        return loop->n > 0 ? run_small(loop) : 0;
    return run_loop(loop, NULL, NULL);
}

int crew__run_first(const struct crew__loop *loop, size_t *done, double *item_ns)
{
    *done = loop->n;
    if (costs_little(loop))
        return loop->n > 0 ? run_small(loop) : 0;
    return run_loop(loop, done, item_ns);
}
