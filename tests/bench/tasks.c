/* Asks the drivers for tasks in turn and prints medians (bench.h).

   median_ns is nanoseconds a fork (fork_join-fib, fork_join-interop: time / calls of fib that fork), a task (submit,
   roundtrip), a whole run (the rest), or of processor time in a second of nothing to do (idle-executor). The result of
   every call is checked; a system that is wrong is named in a comment line and not timed. One whose first call takes
   longer than SLOW_NS is not asked again: that call is its figure. */
#define _GNU_SOURCE
#include "bench.h"
#include "peer.h"
#include "task_cases.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define SLOW_NS 2e9

/* Shorter calls are repeated until their round has taken this long. */
#define ROUND_NS 2e7

struct plan {
    const struct task_case *c;
    size_t work;
    int most;         /* rounds */
    double budget_ns; /* for one system: slow ones take fewer rounds, but at least 3 */
};

static struct peer peers[SYSTEMS]; /* at the first row of a driver */

static int system_threads(int k)
{
    return task_systems[k].serial ? 1 : bench.threads;
}

static struct peer *peer_of(int k, const char *family)
{
    int first = 0;
    while (strcmp(task_systems[first].driver, task_systems[k].driver) != 0)
        first++;
    struct peer *p = &peers[first];
    if (p->pid == 0) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s_%s", bench.directory, family, task_systems[k].driver);
        peer_start(p, path, system_threads(k), -1, 0, NULL);
    }
    return p;
}

static size_t size_of(int k, const struct task_case *c)
{
    size_t n = c->n / task_systems[k].share;
    return c->unit != A_TASK ? c->n : n < 50 ? 50 : n;
}

static void fail(int k, const struct task_case *c, const char *what)
{
    bench_fail(c->label, task_systems[k].name, size_of(k, c), what);
}

static size_t fib(size_t n)
{
    size_t a = 0, b = 1;
    for (; n > 0; n--) {
        size_t next = a + b;
        a = b;
        b = next;
    }
    return a;
}

static double units_of(int k, const struct task_case *c)
{
    switch (c->unit) {
    case A_FORK:
        return (double)(fib(c->n + 1) - 1);
    case A_TASK:
        return (double)size_of(k, c);
    case WHOLE_CALL:
        break;
    }
    return 1;
}

static double plain_wavefront(size_t n, size_t iterations)
{
    const struct cells *c = cells_kept(n);
    for (size_t i = 0; i < c->side; i++)
        for (size_t j = 0; j < c->side; j++)
            cells_compute(c, &c->first[i * c->stride + j], iterations);
    return cells_fingerprint(c);
}

/* NaN: nothing to compare. */
static double expected(int k, const struct plan *plan)
{
    const struct task_case *c = plan->c;
    static double wavefront;
    static const struct task_case *last;
    if (c->unit == A_FORK)
        return (double)fib(c->n);
    if (c->unit == A_TASK)
        return (double)size_of(k, c);
    if (strcmp(c->kernel, "queens") == 0)
        return c->n == 12 ? 14200 : -1; /* OEIS A000170 */
    if (strcmp(c->kernel, "tree") == 0)
        return TREE_NODES;
    if (strcmp(c->kernel, "wavefront") != 0)
        return NAN;
    if (last != c)
        wavefront = plain_wavefront(c->n, plan->work);
    last = c;
    return wavefront;
}

static bool has_kernel(int k, const struct task_case *c)
{
    char line[128];
    double have = 0, unused;
    if (peer_of(k, c->family)->pid <= 0)
        return false;
    snprintf(line, sizeof line, "have %s %s\n", c->kernel, task_systems[k].variant);
    if (peer_ask(peer_of(k, c->family), line, &have, &unused) != 0)
        fail(k, c, "the driver ended or hung");
    return have > 0;
}

/* One round of one system, in the case's unit; negative where the system drops out. */
static double ask(int k, const struct plan *plan, double round_ns)
{
    char line[256];
    double ns, result, want = expected(k, plan);
    const struct task_case *c = plan->c;
    snprintf(line, sizeof line, "run %s %s %zu %zu %g\n", c->kernel, task_systems[k].variant, size_of(k, c), plan->work,
             round_ns);
    if (peer_ask(peer_of(k, c->family), line, &ns, &result) != 0) {
        fail(k, c, "the driver ended or hung");
        return -1;
    }
    if (!isnan(want) && result != want) {
        char text[96];
        snprintf(text, sizeof text, "wrong result, %.17g for %.17g", result, want);
        fail(k, c, text);
        return -1;
    }
    return ns / units_of(k, c);
}

/* How many iterations make a cell of so many nanoseconds, here and now. All systems get the same number. */
static size_t calibrate(double cell_ns)
{
    enum { ITERATIONS = 2000000 };
    double shortest_ns = INFINITY;
    volatile uint64_t sink = 0;
    for (int k = 0; cell_ns > 0 && k < 5; k++) {
        struct timespec a, b;
        clock_gettime(CLOCK_MONOTONIC, &a);
        sink = cell_value(sink, 1, ITERATIONS);
        clock_gettime(CLOCK_MONOTONIC, &b);
        shortest_ns = fmin(shortest_ns, 1e9 * (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec));
    }
    return (size_t)(cell_ns * (double)ITERATIONS / shortest_ns);
}

static void run_case(const struct task_case *c)
{
    static double ns[SYSTEMS][MAX_ROUNDS];
    bool idle = strcmp(c->kernel, "idle") == 0, once[SYSTEMS] = {false};
    struct plan plan = {c, calibrate(c->cell_ns), bench.best ? 21 : bench.quick ? 7 : 15, bench.quick ? 1e9 : 1e10};
    int rounds[SYSTEMS] = {0}, order[SYSTEMS], active = 0;
    unsigned state = 1;
    if (idle)
        plan.most = bench.quick ? 1 : 3;
    for (int k = 0; k < SYSTEMS; k++) {
        if (!has_kernel(k, c))
            continue;
        /* The first call has the driver's threads and memory made. */
        double first = ask(k, &plan, 0), whole = first * units_of(k, c);
        if (first < 0)
            continue;
        ns[k][0] = first;
        once[k] = idle ? bench.quick : whole > SLOW_NS && k > 0;
        double fit = plan.budget_ns / fmax(whole, 2 * ROUND_NS);
        rounds[k] = once[k] ? 1 : idle ? plan.most : fit < 3 ? 3 : fit < plan.most ? (int)fit : plan.most;
        order[active++] = k;
    }
    for (int r = 0; r < plan.most; r++) {
        bench_shuffle(order, active, &state);
        for (int a = 0; a < active; a++) {
            int k = order[a];
            if (r >= rounds[k] || once[k])
                continue;
            ns[k][r] = ask(k, &plan, ROUND_NS);
            if (ns[k][r] < 0)
                rounds[k] = r;
        }
    }
    for (int k = 0; k < SYSTEMS; k++)
        bench_report(&(struct bench_result){
            .label = c->label,
            .system = task_systems[k].name,
            .n = size_of(k, c),
            .threads = system_threads(k),
            .ns = ns[k],
            .base = ns[0],
            .rounds = rounds[k],
            .base_rounds = rounds[0],
            .least = idle ? 1000 : 0,
            .median = idle,
        });
    /* The next case may be another family's, and idle threads of one runtime must not stand in another one's way. */
    for (int k = 0; k < SYSTEMS; k++)
        peer_end(&peers[k]);
    fflush(stdout);
}

bool bench_case(int k, const char **workload, const char **label)
{
    if (k >= CASES)
        return false;
    *workload = task_cases[k].workload;
    *label = task_cases[k].label;
    return true;
}

int bench_run(void)
{
    for (int k = 0; k < CASES; k++)
        if (bench_wanted(task_cases[k].workload, task_cases[k].label))
            run_case(&task_cases[k]);
    return 0;
}
