/* Asks the drivers for arrays in turn and prints medians (bench.h).

   The output of each system's first call is compared with what plain loops make of the same input, at every n; a system
   that is wrong is named in a comment line and not timed. One whose first call takes longer than SLOW_NS is not asked
   again: that call is its figure. */
#define _GNU_SOURCE
#include "array_cases.h"
#include "array_systems.h"
#include "bench.h"
#include "peer.h"

#include <stdio.h>

#define SLOW_NS 2e9

static struct peer peers[SYSTEMS]; /* at the first row of a driver */
static int memory_fd;
static size_t capacity; /* bytes of in, and of out */
static char *in, *out;

static int system_threads(int k)
{
    return systems[k].serial ? 1 : bench.threads;
}

static struct peer *peer_of(int k)
{
    int first = 0;
    while (strcmp(systems[first].driver, systems[k].driver) != 0)
        first++;
    struct peer *p = &peers[first];
    if (p->pid == 0) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", bench.directory, systems[k].driver);
        peer_start(p, path, system_threads(k), memory_fd, capacity, NULL);
    }
    return p;
}

static void fail(int k, const struct array_case *c, size_t n, const char *what)
{
    bench_fail(c->label, systems[k].name, n, what);
}

/* What system k runs in the case: the kernel, or the floor, which is not checked; NULL where it has neither. */
static const char *kernel_of(int k, const struct array_case *c, size_t n)
{
    const char *kernels[] = {c->kernel, c->floor};
    for (int i = 0; i < 2; i++) {
        char line[128];
        double have = 0, unused;
        if (!kernels[i] || peer_of(k)->pid <= 0)
            continue;
        snprintf(line, sizeof line, "have %s %s\n", kernels[i], systems[k].name);
        if (peer_ask(peer_of(k), line, &have, &unused) != 0)
            fail(k, c, n, "the driver ended or hung");
        if (have > 0)
            return kernels[i];
    }
    return NULL;
}

static int ask(int k, const struct array_case *c, const char *kernel, size_t n, double warm_ns, double round_ns,
               double *ns, double *result)
{
    char line[256];
    bool floor = kernel == c->floor;
    snprintf(line, sizeof line, "run %s %s %zu %zu %zu %zu %g %g\n", kernel, systems[k].name,
             floor ? n * c->floor_size : n, c->in_place && !floor ? n * element_size(c) : 0, array_inputs(c, n),
             array_stride(c, n), warm_ns, round_ns);
    return peer_ask(peer_of(k), line, ns, result);
}

/* Checks the output of the first call and returns its time, negative where the system drops out. */
static double first_call(int k, const struct array_case *c, const char *kernel, size_t n, uint64_t want)
{
    double ns, result;
    memset(out, 0xa5, capacity < 16 * n + 4096 ? capacity : 16 * n + 4096);
    if (ask(k, c, kernel, n, 0, 0, &ns, &result) != 0) {
        fail(k, c, n, "the driver ended or hung");
        return -1;
    }
    if (kernel != c->floor && c->have(c, out, n, result) != want) {
        fail(k, c, n, "wrong result");
        return -1;
    }
    return ns;
}

static void run_case(const struct array_case *c, size_t n)
{
    static double ns[SYSTEMS][MAX_ROUNDS];
    const char *kernels[SYSTEMS] = {0};
    int rounds[SYSTEMS] = {0}, order[SYSTEMS], active = 0,
        most = bench.best    ? (bench.quick ? 21 : 41)
               : bench.quick ? 9
                             : 15;
    double warm_ns = bench.quick ? 5e5 : 1e6, round_ns = bench.quick ? 2e6 : 5e6, budget_ns = bench.quick ? 1.5e8 : 1e9;
    bool once[SYSTEMS] = {false};
    unsigned state = 1;
    array_fill(c, in, n);
    uint64_t want = c->want(c, in, n);
    for (int k = 0; k < SYSTEMS; k++) {
        kernels[k] = kernel_of(k, c, n);
        double first = kernels[k] ? first_call(k, c, kernels[k], n, want) : -1;
        if (first < 0)
            continue;
        ns[k][0] = first;
        once[k] = first > SLOW_NS && k > 0;
        double fit = budget_ns / fmax(first, round_ns);
        rounds[k] = once[k] ? 1 : fit < 3 ? 3 : fit < most ? (int)fit : most;
        order[active++] = k;
    }
    for (int r = 0; r < most; r++) {
        bench_shuffle(order, active, &state);
        for (int a = 0; a < active; a++) {
            int k = order[a];
            double unused;
            if (r >= rounds[k] || once[k])
                continue;
            if (ask(k, c, kernels[k], n, warm_ns, round_ns, &ns[k][r], &unused) != 0) {
                fail(k, c, n, "the driver ended or hung");
                rounds[k] = r;
            }
        }
    }
    for (int k = 0; k < SYSTEMS; k++) {
        bench_report(&(struct bench_result){
            .label = c->label,
            .system = systems[k].name,
            .n = n,
            .threads = system_threads(k),
            .ns = ns[k],
            .base = ns[0],
            .rounds = rounds[k],
            .base_rounds = rounds[0],
        });
        /* What a system keeps for reuse it would keep beside all the others. */
        peer_end(&peers[k]);
    }
    fflush(stdout);
}

bool bench_case(int k, const char **workload, const char **label)
{
    *workload = array_cases[k].workload;
    *label = array_cases[k].label;
    return *workload != NULL;
}

static bool is_wanted(const struct array_case *c)
{
    return bench_wanted(c->workload, c->label);
}

/* in and out, and as much again twice for what a system allocates, must fit into three quarters of the free memory. */
static bool fits(const struct array_case *c, size_t n, size_t available)
{
    return !(bench.quick && n > 1000000) && n * element_size(c) <= available / 16 * 3;
}

int bench_run(void)
{
    size_t available = bench_available_bytes();
    for (const struct array_case *c = array_cases; c->workload; c++)
        for (const size_t *n = c->n; is_wanted(c) && *n; n++)
            if (fits(c, *n, available) && array_bytes(c, *n) > capacity)
                capacity = array_bytes(c, *n);
    /* Room for the counts of a histogram; whole pages of any size. */
    capacity = (capacity + (3 << 20)) >> 21 << 21;
    in = bench_memory(2 * capacity, &memory_fd);
    if (!in)
        return 1;
    out = in + capacity;
    for (const struct array_case *c = array_cases; c->workload; c++)
        for (const size_t *n = c->n; is_wanted(c) && *n; n++)
            if (fits(c, *n, available))
                run_case(c, *n);
            else if (!bench.quick)
                printf("# %s n=%zu: left out, not enough memory\n", c->label, *n);
    return 0;
}
