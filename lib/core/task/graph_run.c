/* A run of a graph: a node is a task once all before it have ended. */
#define _POSIX_C_SOURCE 200809L
#include "../backend/backend.h"
#include "../backend/park.h"
#include "../base/callback_frame.h"
#include "../base/clock.h"
#include "../base/threads.h"
#include "../base/trace.h"
#include "../base/trace_name.h"
#include "fork_join.h"
#include "graph.h"
#include "task.h"
#include "wait.h"
#include <errno.h>
#include <math.h>

static const double PROGRESS_NS = 1e7;

static bool is_stopped(crew_graph *g)
{
    int code = CREW__LOAD(&g->stopped, relaxed);
    if (!code && crew__self)
        code = crew__member_stopped(crew__self);
    if (!code && crew_cancel_requested(g->cancel))
        code = -ECANCELED;
    if (!code && g->deadline > 0 && crew__seconds() >= g->deadline)
        code = -ETIMEDOUT;
    if (code)
        CREW__STORE(&g->stopped, code, relaxed);
    return code != 0;
}

static int run_measured(crew_graph *g, struct crew__node *node)
{
    double begun = crew__seconds();
    int64_t start = crew__trace_start();
    int code = node->fn(node->arg);
    if (g->seconds)
        g->seconds[node - g->nodes] = crew__seconds() - begun;
    if (CREW__UNLIKELY(crew__tracing() & CREW__TRACE_FILE)) {
        size_t i = (size_t)(node - g->nodes);
        const char *name = i < g->name_room && g->names[i] ? crew__trace_name(g->names[i], "node") : "node";
        crew__trace_range(name, start, i, i + 1);
    }
    return code;
}

/* True where what comes after may run. */
static bool run_node(crew_graph *g, struct crew__node *node)
{
    if (CREW__LOAD(&node->bad, relaxed) || is_stopped(g))
        return false;
    if (CREW__LOAD(&node->skip, relaxed)) {
        CREW__STORE(&g->skipped, true, relaxed);
        return false;
    }
    int code = CREW__LIKELY(!g->seconds && !crew__tracing()) ? node->fn(node->arg) : run_measured(g, node);
    if (code) {
        node->code = code;
        CREW__STORE(&g->failed, true, relaxed);
    }
    return code == 0;
}

/* One report at a time, and done never falls. */
static void report(crew_graph *g, bool last)
{
    CREW__NO_EXCEPTION_PASSES();
    g->call.last = last;
    crew__progress_now = &g->call;
    g->progress(CREW__LOAD(&g->ended, relaxed), g->count, g->progress_ctx);
    crew__progress_now = NULL;
    g->quiet_until = crew__ticks() + g->quiet;
}

static void count_node(crew_graph *g)
{
    CREW__ADD(&g->ended, 1, relaxed);
    if (atomic_flag_test_and_set_explicit(&g->reporting, memory_order_acquire))
        return;
    crew__tell_acquire(&g->reporting);
    if (crew__ticks() >= g->quiet_until)
        report(g, false);
    crew__tell_release(&g->reporting);
    atomic_flag_clear_explicit(&g->reporting, memory_order_release);
}

static void begin_progress(crew_graph *g, const crew_options *opt)
{
    g->progress = opt && opt->progress ? opt->progress : crew__env_progress() ? crew_progress_bar : NULL;
    if (!g->progress)
        return;
    g->progress_ctx = opt ? opt->progress_ctx : NULL;
    g->call = (struct crew__progress_call){.name = opt ? opt->name : NULL, .start = crew__seconds()};
    g->quiet = (int64_t)(PROGRESS_NS * crew__ticks_per_ns());
    g->quiet_until = crew__ticks() + g->quiet;
    CREW__STORE(&g->ended, 0, relaxed);
    atomic_flag_clear_explicit(&g->reporting, memory_order_relaxed);
}

static int run_from(void *arg);

/* A worker's part of a run: nodes that are ready and did not fit into its deque, and how many it has ended. */
struct part {
    struct crew__member *w;
    struct crew__ready *kept;
    int ended;
};

static struct crew__node *node_of(const struct crew__ready *ready)
{
    return &ready->graph->nodes[ready - ready->graph->ready];
}

static void add_ready(crew_graph *g, struct part *part, const struct crew__node *node)
{
    struct crew__ready *ready = &g->ready[node - g->nodes];
    ready->graph = g;
    if (crew__fork_unjoined(part->w, &ready->task, run_from, ready))
        return;
    ready->kept = part->kept;
    part->kept = ready;
}

static struct crew__node *take_ready(struct part *part)
{
    const crew_task *task = crew__take_back(part->w);
    if (task || !part->kept)
        return task ? node_of(task->arg) : NULL;
    /* One to be run here, since there may be no deque at all; there is room again for others, if there is one. */
    struct crew__ready *ready = part->kept;
    part->kept = ready->kept;
    while (part->kept) {
        struct crew__ready *next = part->kept->kept;
        if (!crew__fork_unjoined(part->w, &part->kept->task, run_from, part->kept))
            break;
        part->kept = next;
    }
    return node_of(ready);
}

/* Ends a node: what has waited for it alone is ready. One of these is given back to be run next, which keeps its data
   in the cache and costs no queue. */
static struct crew__node *end_node(crew_graph *g, struct part *part, struct crew__node *node, bool good)
{
    struct crew__node *next = NULL;
    /* As before the first run, now that it is in the cache: a pass over all nodes before each run costs a fifth of a
       run of empty ones. */
    CREW__STORE(&node->waiting, node->before, relaxed);
    CREW__STORE(&node->bad, false, relaxed);
    for (uint32_t e = node->first; e < node->end; e++) {
        struct crew__node *target = &g->nodes[g->targets[e]];
        if (!good)
            CREW__STORE(&target->bad, true, relaxed); /* ordered by the count below */
        /* The last of those before it sees what all of them wrote; and where it is the last, it need not count. */
        crew__tell_release(target);
        if (CREW__LOAD(&target->waiting, acquire) != 1 && CREW__SUB(&target->waiting, 1, acq_rel) != 1)
            continue;
        crew__tell_acquire(target);
        if (next)
            add_ready(g, part, target);
        else
            next = target;
    }
    part->ended++;
    return next;
}

static void run_part(crew_graph *g, struct part *part, struct crew__node *node)
{
    while (node || (node = take_ready(part))) {
        bool good = run_node(g, node);
        if (CREW__UNLIKELY(g->progress != NULL))
            count_node(g);
        if (CREW__UNLIKELY(!crew__self))
            crew__child_returned(); /* a child of fork is no member */
        node = end_node(g, part, node, good);
    }
    /* One count for all, since every worker writes it. Release: the caller of the run sees what the nodes wrote. */
    crew__tell_release(&g->left);
    if (CREW__SUB(&g->left, part->ended, acq_rel) == part->ended)
        crew__unpark(&g->left, CREW__ALL);
}

static int run_from(void *arg)
{
    const struct crew__ready *ready = arg;
    struct part part = {.w = crew__self};
    run_part(ready->graph, &part, node_of(ready));
    return 0;
}

static bool is_over(void *what)
{
    crew_graph *g = what;
    bool over = CREW__LOAD(&g->left, acquire) == 0;
    crew__tell_acquire(&g->left);
    return over;
}

static void sleep_on_graph(void *what, double seconds)
{
    crew_graph *g = what;
    int left = CREW__LOAD(&g->left, relaxed);
    if (left)
        crew__park(&g->left, left, seconds);
}

/* In a team, or on its own where there was no memory for one. */
static int run_graph(void *arg)
{
    crew_graph *g = arg;
    struct crew__member *w = crew__self;
    if (!w) {
        for (size_t i = 0; i < g->count; i++) {
            struct crew__node *node = &g->nodes[g->order[i]];
            bool good = run_node(g, node);
            if (g->progress)
                count_node(g);
            CREW__STORE(&node->bad, false, relaxed);
            for (uint32_t e = node->first; e < node->end && !good; e++)
                CREW__STORE(&g->nodes[g->targets[e]].bad, true, relaxed);
        }
        return 0;
    }
    uint32_t outer = w->base;
    w->base = (uint32_t)(w->deque.top.head - w->deque.slots);
    struct part part = {.w = w};
    for (size_t i = g->starts; i-- > 0;)
        add_ready(g, &part, &g->nodes[g->order[i]]);
    run_part(g, &part, NULL);
    struct crew__waiting waiting = {is_over, sleep_on_graph, g, CREW__WAITS_NOT, NULL, true};
    crew__wait(&waiting, INFINITY);
    w->base = outer;
    return 0;
}

/* The lowest node's, so that it is the same at any thread count. */
static int code_of(crew_graph *g)
{
    if (CREW__LOAD(&g->failed, relaxed)) {
        g->fresh = false;
        for (size_t i = 0; i < g->count; i++)
            if (g->nodes[i].code)
                return g->nodes[i].code;
    }
    int stopped = CREW__LOAD(&g->stopped, relaxed);
    return stopped ? stopped : CREW__LOAD(&g->skipped, relaxed) ? -ECANCELED : 0;
}

static int run_claimed(crew_graph *g, const crew_options *opt)
{
    int error = crew__graph_prepare(g);
    if (error || g->count == 0)
        return error;
    g->cancel = opt ? opt->cancel : NULL;
    g->deadline = opt && opt->timeout > 0 ? crew__seconds() + opt->timeout : 0;
    begin_progress(g, opt);
    CREW__STORE(&g->left, (int)g->count, relaxed);
    CREW__STORE(&g->stopped, 0, relaxed);
    CREW__STORE(&g->skipped, false, relaxed);
    CREW__STORE(&g->failed, false, relaxed);
    if (crew__self)
        error = run_graph(g);
    else
        error = crew__run_unwatched(run_graph, g, opt ? opt->threads : 0);
    if (g->progress)
        report(g, true);
    return error ? error : code_of(g);
}

int crew_graph_run(crew_graph *g, const crew_options *opt)
{
    if (!g || (opt && (opt->timeout < 0 || isnan(opt->timeout))))
        return -EINVAL;
    /* Acquire and release: a run sees what the one before it wrote, on whatever thread that was. */
    if (CREW__SWAP(&g->running, true, acquire))
        return -EBUSY;
    crew__tell_acquire(g);
    CREW__NO_EXCEPTION_PASSES();
    int code;
    CREW__CALLBACK_BEGIN()
    code = run_claimed(g, opt);
    CREW__CALLBACK_END()
    crew__tell_release(g);
    CREW__STORE(&g->running, false, release);
    return code;
}

static int run_submitted(void *arg)
{
    return crew_graph_run(arg, NULL);
}

crew_future *crew_graph_submit(crew_executor *ex, crew_graph *g)
{
    if (!g) {
        errno = EINVAL;
        return NULL;
    }
    return crew_submit(ex, run_submitted, g);
}
