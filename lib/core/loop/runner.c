/* The caller's part of a loop: it starts alone and reads the clock between blocks that grow. When what is left is worth
   a team, one opens (loop_team.c). */
#define _POSIX_C_SOURCE 200809L
#include "runner.h"
#include "../backend/inner.h"
#include "../base/callback_frame.h"
#include "../base/clock.h"
#include "../base/threads.h"
#include "launch.h"
#include "loop_team.h"
#include <math.h>
#include <time.h>

/* An item that takes longer may be asleep; a shorter one is not worth looking at the CPU time. */
static const double LONG_ITEM_NS = 20000;

/* A block of first items is believed at once where it takes longer than cold caches can make it. */
static const double BELIEVED_NS = 5000;

/* Work for which open_team never opens one: it wants more than a microsecond for what a team costs besides its launch.
 */
static const double SMALL_NS = 1000;

/* A team's work that its blocks' own cost does not falsify. */
static const double SURE_NS = 1e5;

struct crew__tuning crew__tuning = {.block_ns = 4000};

/* True where the thread sleeps rather than computes in its callback: more threads than processors help only then. */
static bool sleeps(const struct timespec *before, double wall_ns)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    double cpu = 1e9 * (double)(now.tv_sec - before->tv_sec) + (double)(now.tv_nsec - before->tv_nsec);
    return cpu < wall_ns / 2;
}

enum opened { OPENED, LATER, BUSY, NEVER };

/* False: there is no team now. One that opens later in a call which was to be measured alone comes late. */
static bool goes_on_alone(struct crew__run_state *r)
{
    r->late = r->ways && r->way == CREW__ALONE && r->ways->again;
    return false;
}

/* True where a team for what is left, which takes left_ns alone, is expected to pay: by what this site's calls took
   either way, else by what a launch costs. */
static bool pays(struct crew__run_state *r, int want, double left_ns, int64_t now)
{
    const double item_ns = left_ns / (double)(r->loop->n - r->done);
    if (!r->ways && !r->alone) {
        struct crew__site *site = r->site ? r->site : crew__site_of(r->loop, r->threads);
        r->ways = &site->ways[crew__launch_is_cold(now)];
        const bool unsure = !r->site && (double)r->ways->work * (double)r->loop->n < SURE_NS;
        r->way = crew__site_choose(r->ways, item_ns, unsure);
        r->expected = r->way == CREW__ALONE || r->ways->alone > 0 ? crew__ways_alone(r->ways, item_ns) : 0;
        if (r->way == CREW__BY_TEAM)
            return true;
    }
    const double spent_ns = (double)(now - r->started) / r->per_ns;
    if (r->ways && r->expected > 0 && !crew__site_is_heavier(r->expected, item_ns, spent_ns, r->done, r->loop->n)) {
        if (r->way == CREW__ALONE)
            return goes_on_alone(r);
        const double known_ns = r->expected * (double)(r->loop->n - r->done);
        left_ns = left_ns < known_ns ? left_ns : known_ns;
    }
    /* Beyond the launch, a microsecond for what a team's blocks cost, and for data that moves to another core. */
    if (left_ns * (1 - 1.0 / want) >= 1.5 * crew__launch_cost(now) + 1000)
        return true;
    if (!r->alone || !r->declined)
        crew__launch_declined(now);
    r->declined = true;
    return goes_on_alone(r);
}

/* Opens a team for the items that are left if that pays. left_ns: what they are expected to take on one thread. */
static enum opened open_team(struct crew__run_state *r, int want, double left_ns)
{
    int64_t now = crew__ticks();
    if (!crew__tuning.always_open && !pays(r, want, left_ns, now))
        return LATER;
    size_t useful = (r->loop->n - r->done + r->grain - 1) / r->grain;
    if (useful < 2)
        return LATER;
    const bool typical = crew__launch_known(); /* the first team makes threads, which says nothing of the next one */
    struct crew__team team = crew__team_acquire(want);
    enum opened opened = team.kind == CREW__TEAM_NONE ? NEVER : team.kind == CREW__TEAM_BUSY ? BUSY : LATER;
    /* The hosting thread is woken and waited for: 50 us that the loop must be worth. */
    bool far = team.kind == CREW__TEAM_HOSTED && left_ns < 5e5 && !crew__tuning.always_open;
    if (team.width > 1 && !far) {
        if (r->alone)
            *r->alone = r->done;
        else
            crew__loop_team(r, &team);
        opened = OPENED;
    }
    if (opened == OPENED)
        r->taken = team.kind == CREW__TEAM_OWN && typical && !r->late ? CREW__BY_TEAM : CREW__UNKNOWN;
    crew__team_release(&team);
    return opened;
}

/* Threads worth asking for: more than there are processors only where callbacks sleep. */
static int useful_threads(const struct crew__run_state *r)
{
    int cpus = crew__cpu_count();
    return r->threads > cpus && !crew__tuning.always_open ? cpus : r->threads;
}

/* Remembers what the whole call took, unless it stopped early. */
static void learn_way(const struct crew__run_state *r)
{
    if (r->taken == CREW__UNKNOWN || r->watch.active ||
        atomic_load_explicit(&r->watch.fail_at, memory_order_relaxed) != SIZE_MAX)
        return;
    double ns = (double)(crew__ticks() - r->started) / r->per_ns;
    crew__site_learn(r->ways, r->taken, ns / (double)r->loop->n);
}

static void run_known(struct crew__run_state *r)
{
    r->item = r->loop->item_ns * r->per_ns;
    const size_t n = r->loop->n;
    r->done = r->first < n ? r->first : n;
    r->started = crew__ticks();
    if (!crew__do_block(r, 0, r->done) || r->done == n)
        return;
    int want = useful_threads(r);
    if (want < 2 || open_team(r, want, r->loop->item_ns * (double)(n - r->done)) != OPENED)
        crew__do_block(r, r->done, n);
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
static enum opened consider(struct crew__run_state *r, struct probe *p, double spent, size_t count)
{
    double item_ns = spent / r->per_ns / (double)count;
    if (!p->wide && p->timed) {
        double wall_ns = (double)(crew__ticks() - p->since) / r->per_ns;
        if (wall_ns < LONG_ITEM_NS) /* too short to tell */
            return LATER;
        bool asleep = sleeps(&p->cpu, wall_ns);
        p->wide = true;
        p->want = asleep ? r->threads : p->want;
        if (r->site)
            r->site->sleeps = asleep;
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
static size_t grow(const struct crew__run_state *r, size_t done)
{
    return done > r->loop->n / 15 ? r->loop->n : done * (done == r->grain ? 7 : 15);
}

/* Items of the next block, given that the last one's `count` took `spent` ticks and this one may take `target`. */
static size_t next_size(const struct crew__run_state *r, size_t done, size_t count, double spent, double target)
{
    size_t most = grow(r, done), size = most;
    if (spent * (double)most > target * (double)count)
        size = (size_t)(target * (double)count / spent);
    size = size > r->grain ? size : r->grain;
    size_t aligned = (done + size) / 64 * 64 - done; /* blocks begin where vectors do */
    return size >= 64 && aligned >= r->grain ? aligned : size;
}

/* The caller alone, until the last item or until a team takes over. */
CREW__HOT static void run_probing(struct crew__run_state *r)
{
    const size_t n = r->loop->n;
    struct probe p = {.want = useful_threads(r), .alone = r->threads < 2};
    p.wide = p.want == r->threads;
    const double us = 1000 * r->per_ns, long_one = BELIEVED_NS * r->per_ns;
    const int64_t brief = crew__tuning.always_open ? 0 : (int64_t)(0.2 * us);

    /* A first item that is slow because caches are cold says nothing of the others. Of many the next ones are looked at
       too; of few it must be slow by itself. */
    size_t size = r->grain > r->first ? r->grain : r->first;
    double believe = size == 1 && n > CREW__FEW_ITEMS ? INFINITY : us, target = 0.5 * us;
    int64_t then = size < n ? crew__ticks() : 0;
    r->started = then;
    for (;;) {
        size_t end = n - r->done < size ? n : r->done + size, count = end - r->done;
        if (!crew__do_block(r, r->done, end) || end == n)
            return;
        int64_t now = crew__ticks(), ticks = now - then;
        r->done = end;
        then = now;
        if (ticks < brief) { /* whole numbers only: conversions and divisions are half of what a tiny loop pays */
            size = grow(r, end);
            if (r->site)
                r->site->item_ns = 1;
            continue;
        }
        double spent = (double)ticks;
        if (r->site)
            r->site->item_ns = (float)(spent / r->per_ns / (double)count);
        if (!p.alone && (spent > believe || crew__tuning.always_open)) {
            enum opened opened = consider(r, &p, spent, count);
            if (opened == OPENED)
                return;
            p.alone = opened == NEVER;
            /* Alone, or waiting for others to let threads go: nothing is gained by looking often. */
            target = opened == LATER ? 4 * us : 50 * us;
        }
        if (p.alone && !r->watch.active) {
            crew__do_block(r, r->done, n);
            return;
        }
        believe = believe > long_one ? long_one : 0.3 * us;
        size = next_size(r, r->done, count, spent, target);
    }
}

/* Few items of a callback that is not known, or known to be worth it: a team at once. False: none opened. */
static bool run_few(struct crew__run_state *r)
{
    double item_ns = (double)r->site->item_ns;
    if (item_ns > 0 && item_ns * (double)r->loop->n < SMALL_NS)
        return false;
    int useful = useful_threads(r), want = r->site->sleeps ? r->threads : useful;
    /* Whether items sleep, and more threads than processors help, only the clocks tell. */
    if (item_ns <= 0 && want < r->threads)
        return false;
    /* As wide as other loops, though items are fewer: for a narrower region libgomp ends threads, which it makes again
       for the next loop (test_team_size). */
    if (want > useful && (size_t)want > r->loop->n)
        want = r->loop->n > (size_t)useful ? (int)r->loop->n : useful;
    r->item = item_ns * r->per_ns;
    r->started = crew__ticks();
    return want > 1 && open_team(r, want, item_ns > 0 ? item_ns * (double)r->loop->n : INFINITY) == OPENED;
}

static bool needs_no_look(const struct crew__ways *ways)
{
    return ways->by_team && crew__ways_even(ways);
}

/* A site whose teams gained, and whose items took what was expected of them: a team at once. False: none opened. */
static bool run_even(struct crew__run_state *r)
{
    const struct crew__site *site = crew__site_of(r->loop, r->threads);
    const int want = useful_threads(r);
    if (!needs_no_look(&site->ways[0]) && !needs_no_look(&site->ways[1]))
        return false;
    if (want < r->threads || r->first > 0) /* callbacks may sleep: only the clocks tell */
        return false;
    r->started = crew__ticks();
    const struct crew__ways *ways = &site->ways[crew__launch_is_cold(r->started)];
    r->item = (double)ways->work * r->per_ns;
    return needs_no_look(ways) && open_team(r, want, (double)ways->work * (double)r->loop->n) == OPENED;
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

static int run_small(const struct crew__loop *loop);

/* Apart, so that what is put back behind the callback costs small loops nothing where there is no limit. */
static CREW__NOINLINE CREW__COLD int run_small_limited(const struct crew__loop *loop)
{
    CREW__NO_EXCEPTION_PASSES();
    struct crew__inner inner = crew__inner_begin();
    crew__worker = 0;
    int code = run_small(loop);
    crew__worker = -1;
    crew__inner_end(inner);
    return code;
}

static int run_small(const struct crew__loop *loop)
{
    CREW__NO_EXCEPTION_PASSES();
    size_t failed = 0;
    int outer = crew__worker;
    if (outer < 0) {
        if (CREW__UNLIKELY(crew__inner_limited()))
            return run_small_limited(loop);
        crew__worker = 0;
    }
    int code = crew__loop_call(loop, 0, loop->n, &failed);
    crew__worker = outer;
    if (CREW__UNLIKELY(code != 0) && loop->opt && loop->opt->failed)
        *loop->opt->failed = failed;
    return code;
}

/* alone, item_ns: of crew__run_first, else NULL. */
CREW__HOT static int run_loop(const struct crew__loop *loop, size_t *alone, double *item_ns)
{
    CREW__NO_EXCEPTION_PASSES();
    struct crew__run_state r;
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
    r.ways = NULL;
    r.late = false;
    r.taken = CREW__ALONE;
    bool few = loop->by_site == CREW__BY_ITEM && loop->n <= CREW__FEW_ITEMS && r.threads > 1 && r.grain < loop->n;
    r.site = few ? crew__site_of(loop, r.threads) : NULL;

    crew__trace_begin(&r.trace, opt ? opt->name : NULL, "loop", loop->n);
    struct crew__trace_worker traced = {0};
    if (CREW__UNLIKELY(r.trace.name != NULL))
        traced = crew__trace_enter();
    int outer = crew__worker;
    struct crew__inner inner = {0, 0};
    if (outer < 0) {
        crew__worker = 0;
        inner = crew__inner_begin();
    }
    if (!r.watch.active && (r.threads < 2 || r.grain >= loop->n)) {
        crew__do_block(&r, 0, loop->n);
    } else {
        r.per_ns = crew__ticks_per_ns();
        if (loop->item_ns > 0 && !r.watch.active)
            run_known(&r);
        else if (crew__tuning.always_open || !(few ? run_few(&r) : run_even(&r)))
            run_probing(&r);
        if (r.ways)
            learn_way(&r);
    }
    crew__worker = outer;
    crew__inner_end(inner);
    if (alone && *alone < loop->n)
        *item_ns = r.item / r.per_ns;
    if (CREW__UNLIKELY(r.trace.name != NULL)) {
        crew__trace_leave(&r.trace, traced);
        crew__trace_end(&r.trace);
    }
    return crew__watch_end(&r.watch, opt ? opt->failed : NULL);
}

CREW__HOT int crew__run(const struct crew__loop *loop)
{
    if (is_small(loop))
        return loop->n > 0 ? run_small(loop) : 0;
    return run_loop(loop, NULL, NULL);
}

CREW__HOT int crew__run_first(const struct crew__loop *loop, size_t *done, double *item_ns)
{
    *done = loop->n;
    if (costs_little(loop))
        return loop->n > 0 ? run_small(loop) : 0;
    return run_loop(loop, done, item_ns);
}
