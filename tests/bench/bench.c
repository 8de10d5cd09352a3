/* Asks the drivers in turn and prints medians. bench DRIVER_DIR THREADS QUICK [WORKLOAD ...]

   A round asks every system once, in an order that is drawn anew each time, so that whatever disturbs the machine for a
   while meets all of them and nobody always follows the same neighbour. median_ns is the median over the rounds; ratio
   is the median over the rounds of (the system's time / crew's time in the same round), which such disturbances move
   less than they move a quotient of medians. All drivers work on the same memory. */
#define _GNU_SOURCE
#include "kernels.h"
#include "median.h"
#include "peer.h"
#include "tables.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

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
static const char *directory;
static int threads, failures;
static bool quick, best;
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
    return s->threads ? s->threads : strcmp(s->driver, "plain") == 0 ? 1 : threads;
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
        snprintf(path, sizeof path, "%s/%s", directory, s->driver);
        peer_start(&p->peer, path, system_threads(s), memory_fd, capacity, s->policy);
    }
    return &p->peer;
}

static void fail(const struct system_row *s, const struct workload_row *w, size_t n, const char *what)
{
    printf("# %s %s n=%zu: %s\n", w->label, s->name, n, what);
    failures++;
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
    double result = strcmp(w->kernel, "sum") == 0   ? range_sum(0, n, x)
                    : strcmp(w->kernel, "dot") == 0 ? range_dot(0, n, x, y)
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

static void report(const struct workload_row *w, size_t n, const struct system_row *s, const double *ns,
                   const double *base, int rounds, int base_rounds)
{
    double ratios[MAX_ROUNDS];
    /* A crew that burns next to nothing between calls would make every ratio of `idle` infinite. */
    double least = w->set == IDLE ? 1000 : 0;
    for (int r = 0; r < rounds; r++)
        ratios[r] = fmax(ns[r], least) / fmax(base[r], least);
    double middle = median(ns, rounds), ratio = median(ratios, rounds);
    if (best && w->set != IDLE && w->set != LOADED) {
        middle = shortest(ns, rounds);
        ratio = middle / shortest(base, base_rounds);
    }
    printf("bench %s %s n=%zu threads=%d median_ns=%.*f ratio=%.3f\n", w->label, s->name, n, system_threads(s),
           middle < 1000 ? 1 : 0, middle, ratio);
}

static struct plan plan_for(const struct workload_row *w)
{
    struct plan plan = {quick ? 9 : ROUNDS, quick ? 5e5 : 1e6, quick ? 2e6 : 5e6, quick ? 1.5e8 : 1.5e9};
    if (best)
        plan = (struct plan){quick ? 41 : MAX_ROUNDS, 2e5, 4e5, plan.budget_ns};
    if (w->set == LOADED) {
        /* Long enough for the scheduler to move things about several times within a round. */
        plan = (struct plan){quick ? 5 : 15, 5e6, quick ? 3e7 : 1e8, 1e10};
    } else if (w->set == IDLE) {
        plan = (struct plan){quick ? 1 : 3, 0, quick ? 50 : 200, 1e10};
    }
    return plan;
}

static void run_case(const struct workload_row *w, size_t n)
{
    static double ns[SYSTEMS][MAX_ROUNDS];
    int rounds[SYSTEMS] = {0}, order[SYSTEMS], active = 0;
    struct plan plan = plan_for(w);
    double want = 0, crew_first = INFINITY;
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
        for (int k = active - 1; k > 0; k--) {
            int other = (int)(mix((uint64_t)r * 1000 + (uint64_t)k) % (uint64_t)(k + 1)), swap = order[k];
            order[k] = order[other];
            order[other] = swap;
        }
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
    for (int k = 0; k < SYSTEMS; k++) {
        int shared = rounds[k] < rounds[0] ? rounds[k] : rounds[0];
        if (shared > 0)
            report(w, n, &systems[k], ns[k], ns[0], shared, rounds[0]);
    }
    fflush(stdout);
}

static bool wanted(const struct workload_row *w, int argc, char **argv)
{
    bool any = argc <= 4;
    for (int a = 4; a < argc; a++)
        any = any || strcmp(argv[a], w->workload) == 0;
    return any;
}

static size_t available_bytes(void)
{
    size_t kib = 0;
    char line[256];
    FILE *f = fopen("/proc/meminfo", "r");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "MemAvailable: %zu", &kib) == 1)
            break;
    if (f)
        fclose(f);
    return kib * 1024;
}

/* The largest n asked for that fits into three quarters of the free memory. */
static void set_capacity(int argc, char **argv)
{
    size_t available = available_bytes(), limit = quick ? 1000000 : SIZE_MAX;
    if (available)
        limit = available / 4 * 3 / 16 < limit ? available / 4 * 3 / 16 : limit;
    for (int k = 0; k < WORKLOADS; k++)
        for (const size_t *n = workloads[k].n; wanted(&workloads[k], argc, argv) && *n; n++)
            if (*n <= limit)
                capacity = *n > capacity ? *n : capacity;
            else if (!quick)
                printf("# %s n=%zu: left out, not enough memory\n", workloads[k].label, *n);
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: bench DRIVER_DIR THREADS QUICK [WORKLOAD ...]\n");
        return 2;
    }
    directory = argv[1];
    threads = atoi(argv[2]);
    quick = atoi(argv[3]) != 0;
    best = atoi(getenv("CREW_BENCH_BEST") ? getenv("CREW_BENCH_BEST") : "0") != 0;
    for (int a = 4; a < argc; a++) {
        bool known = false;
        for (int k = 0; k < WORKLOADS; k++)
            known = known || strcmp(argv[a], workloads[k].workload) == 0;
        if (!known) {
            fprintf(stderr, "bench: no workload %s\n", argv[a]);
            return 2;
        }
    }
    double load = 0;
    if (getloadavg(&load, 1) == 1 && load > 0.5)
        printf("# load average %.1f: other programs run, which %s\n", load,
               best ? "makes times longer" : "makes these figures unreliable; CREW_BENCH_BEST=1 may help");
    signal(SIGPIPE, SIG_IGN);
    set_capacity(argc, argv);
    if (capacity == 0)
        return 2;
    size_t bytes = 2 * capacity * sizeof(double);
    memory_fd = memfd_create("bench", 0);
    if (memory_fd < 0 || ftruncate(memory_fd, (off_t)bytes) != 0 ||
        (x = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, memory_fd, 0)) == MAP_FAILED) {
        perror("bench: memory");
        return 1;
    }
    y = x + capacity;
    for (size_t i = 0; i < capacity; i++)
        x[i] = uniform(i, 1);
    for (int k = 0; k < WORKLOADS; k++)
        for (const size_t *n = workloads[k].n; wanted(&workloads[k], argc, argv) && *n; n++)
            if (*n <= capacity)
                run_case(&workloads[k], *n);
    for (int k = 0; k < SYSTEMS; k++)
        peer_end(&processes[k].peer);
    return failures != 0;
}
