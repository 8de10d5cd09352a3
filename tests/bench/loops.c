/* Asks the drivers for loops in turn and prints medians (bench.h). All drivers work on the same memory. */
#define _GNU_SOURCE
#include "bench.h"
#include "kernels.h"
#include "peer.h"
#include "tables.h"

#include <stdio.h>

enum { ROUNDS = 21 };

struct plan {
    int rounds;
    double warm_ns, round_ns;
    double budget_ns; /* for one system in one case: slow ones take fewer rounds, but at least 3; hopeless ones 1 */
};

struct process {
    struct peer peer;
    bool tried;
};

static struct process processes[SYSTEMS]; /* one a distinct driver, policy and thread count, at its first row */
static int memory_fd;
static size_t capacity;
static double *x, *y;

static uint64_t mix(uint64_t v)
{
    v = (v ^ (v >> 30)) * 0xbf58476d1ce4e5b9u;
    v = (v ^ (v >> 27)) * 0x94d049bb133111ebu;
    return v ^ (v >> 31);
}

static double uniform(size_t i, uint64_t salt)
{
    return (double)(mix(i * 0x9e3779b97f4a7c15u + salt) >> 11) * 0x1p-53;
}

static const char *text_or_empty(const char *text)
{
    return text ? text : "";
}

static int system_threads(const struct system_row *s)
{
    return s->threads ? s->threads : strcmp(s->driver, "plain") == 0 ? 1 : bench.threads;
}

static struct peer *peer_of(int k)
{
    const struct system_row *s = &systems[k];
    int first = 0;
    while (strcmp(systems[first].driver, s->driver) != 0 || systems[first].threads != s->threads ||
           strcmp(text_or_empty(systems[first].policy), text_or_empty(s->policy)) != 0)
        first++;
    struct process *p = &processes[first];
    if (!p->tried) {
        char path[4096];
        p->tried = true;
        snprintf(path, sizeof path, "%s/%s", bench.directory, s->driver);
        peer_start(&p->peer, path, system_threads(s), memory_fd, capacity, s->policy);
    }
    return &p->peer;
}

static void fail(const struct system_row *s, const struct workload_row *w, size_t n, const char *what)
{
    bench_fail(w->label, s->name, n, what);
}

static bool has_kernel(int k, const struct workload_row *w, size_t n)
{
    char line[128];
    double have = 0, unused;
    if ((systems[k].sets & w->set) == 0 || peer_of(k)->pid <= 0)
        return false;
    snprintf(line, sizeof line, "have %s %s\n", w->kernel, systems[k].variant);
    if (peer_ask(peer_of(k), line, &have, &unused) != 0)
        fail(&systems[k], w, n, "the driver ended or hung");
    return have > 0;
}

/* What one call leaves behind, as one number. */
static double fingerprint(const struct workload_row *w, size_t n, double result)
{
    bool writes = strcmp(w->kernel, "axpy") == 0 || find_item(w->kernel);
    return writes ? range_dot(0, n, y, x) : result;
}

static double expected(const struct workload_row *w, size_t n)
{
    bench_item *item = find_item(w->kernel);
    if (item)
        range_items(0, n, item, n, x, y);
    else if (strcmp(w->kernel, "axpy") == 0)
        range_axpy(0, n, x, y);
    double result = strstr(w->kernel, "sum")   ? range_sum(0, n, x)
                    : strstr(w->kernel, "dot") ? range_dot(0, n, x, y)
                                               : (double)range_argmin(0, n, x);
    return fingerprint(w, n, result);
}

static void fill_y(size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = uniform(i, 2);
}

/* The first call of a system in a case: checks what it computes (where that is quick) and returns its time, which also
   has the driver's memory mapped; negative where the system drops out. */
static double first_call(int k, const struct workload_row *w, size_t n, double want)
{
    char line[128];
    double ns, result;
    bool check = n <= 1000000;
    if (check)
        fill_y(n);
    snprintf(line, sizeof line, "run %s %s %zu 0 0\n", w->kernel, systems[k].variant, n);
    if (peer_ask(peer_of(k), line, &ns, &result) != 0) {
        fail(&systems[k], w, n, "the driver ended or hung");
        return -1;
    }
    double got = check ? fingerprint(w, n, result) : want;
    if (!(fabs(got - want) <= 1e-9 * fabs(want))) {
        fail(&systems[k], w, n, "wrong result");
        return -1;
    }
    return ns;
}

static struct plan plan_for(const struct workload_row *w)
{
    struct plan plan = {bench.quick ? 9 : ROUNDS, bench.quick ? 5e5 : 1e6, bench.quick ? 2e6 : 5e6,
                        bench.quick ? 1.5e8 : 1.5e9};
    if (bench.best)
        plan = (struct plan){bench.quick ? 41 : MAX_ROUNDS, 2e5, 4e5, plan.budget_ns};
    if (w->set == LOADED) {
        /* Long enough for the scheduler to move things about several times within a round. */
        plan = (struct plan){bench.quick ? 5 : 15, 5e6, bench.quick ? 3e7 : 1e8, 1e10};
    } else if (w->set == IDLE) {
        plan = (struct plan){bench.quick ? 1 : 3, 0, bench.quick ? 50 : 200, 1e10};
    }
    return plan;
}

static void run_case(const struct workload_row *w, size_t n)
{
    static double ns[SYSTEMS][MAX_ROUNDS];
    int rounds[SYSTEMS] = {0}, order[SYSTEMS], active = 0;
    struct plan plan = plan_for(w);
    double want = 0, crew_first = INFINITY;
    unsigned state = 1;
    fill_y(n);
    if (n <= 1000000)
        want = expected(w, n);
    pid_t busy = 0;
    for (int k = 0; k < SYSTEMS; k++) {
        double first = has_kernel(k, w, n) ? first_call(k, w, n, want) : -1;
        if (first < 0)
            continue;
        double fit = plan.budget_ns / fmax(first, plan.round_ns);
        rounds[k] = fit < 3 ? 3 : fit < plan.rounds ? (int)fit : plan.rounds;
        rounds[k] = rounds[k] < plan.rounds ? rounds[k] : plan.rounds;
        if (k == 0)
            crew_first = first;
        else if (first > plan.budget_ns && first > 20 * crew_first)
            rounds[k] = 1;
        order[active++] = k;
    }
    fill_y(n);
    if (w->set == LOADED)
        busy = busy_start();
    for (int r = 0; r < plan.rounds; r++) {
        bench_shuffle(order, active, &state);
        for (int a = 0; a < active; a++) {
            int k = order[a];
            char line[128];
            double unused;
            if (r >= rounds[k])
                continue;
            if (w->set == IDLE)
                snprintf(line, sizeof line, "idle %s %zu 5e6 %g\n", systems[k].variant, n, plan.round_ns);
            else
                snprintf(line, sizeof line, "run %s %s %zu %g %g\n", w->kernel, systems[k].variant, n, plan.warm_ns,
                         plan.round_ns);
            if (peer_ask(peer_of(k), line, &ns[k][r], &unused) != 0) {
                fail(&systems[k], w, n, "the driver ended or hung");
                rounds[k] = r;
            }
        }
    }
    busy_end(busy);
    for (int k = 0; k < SYSTEMS; k++)
        bench_report(&(struct bench_result){
            .label = w->label,
            .system = systems[k].name,
            .n = n,
            .threads = system_threads(&systems[k]),
            .ns = ns[k],
            .base = ns[0],
            .rounds = rounds[k],
            .base_rounds = rounds[0],
            .least = w->set == IDLE ? 1000 : 0,
            .median = w->set == IDLE || w->set == LOADED,
        });
    fflush(stdout);
}

bool bench_case(int k, const char **workload, const char **label)
{
    if (k >= WORKLOADS)
        return false;
    *workload = workloads[k].workload;
    *label = workloads[k].label;
    return true;
}

static bool is_wanted(int k)
{
    return bench_wanted(workloads[k].workload, workloads[k].label);
}

/* The largest n asked for that fits into three quarters of the free memory. */
static void set_capacity(void)
{
    size_t limit = bench_available_bytes() / 4 * 3 / 16;
    if (bench.quick && limit > 1000000)
        limit = 1000000;
    for (int k = 0; k < WORKLOADS; k++)
        for (const size_t *n = workloads[k].n; is_wanted(k) && *n; n++)
            if (*n <= limit)
                capacity = *n > capacity ? *n : capacity;
            else if (!bench.quick)
                printf("# %s n=%zu: left out, not enough memory\n", workloads[k].label, *n);
}

int bench_run(void)
{
    set_capacity();
    if (capacity == 0)
        return 2;
    x = bench_memory(2 * capacity * sizeof *x, &memory_fd);
    if (!x)
        return 1;
    y = x + capacity;
    for (size_t i = 0; i < capacity; i++)
        x[i] = uniform(i, 1);
    for (int k = 0; k < WORKLOADS; k++)
        for (const size_t *n = workloads[k].n; is_wanted(k) && *n; n++)
            if (*n <= capacity)
                run_case(&workloads[k], *n);
    for (int k = 0; k < SYSTEMS; k++)
        peer_end(&processes[k].peer);
    return 0;
}
