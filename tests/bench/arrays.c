/* Asks the drivers for arrays in turn and prints medians. arrays DRIVER_DIR THREADS QUICK [WORKLOAD ...]

   Rounds, order, median_ns and ratio as in bench.c. The output of each system's first call is compared with what plain
   loops make of the same input, at every n; a system that is wrong is named in a comment line and not timed. One whose
   first call takes longer than SLOW_NS is not asked again: that call is its figure. */
#define _GNU_SOURCE
#include "array_cases.h"
#include "array_systems.h"
#include "median.h"
#include "peer.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define SLOW_NS 2e9

static struct peer peers[SYSTEMS]; /* at the first row of a driver */
static const char *directory;
static int threads, failures;
static bool quick, best;
static int memory_fd;
static size_t capacity; /* bytes of in, and of out */
static char *in, *out;

static int system_threads(int k)
{
    return systems[k].serial ? 1 : threads;
}

static struct peer *peer_of(int k)
{
    int first = 0;
    while (strcmp(systems[first].driver, systems[k].driver) != 0)
        first++;
    struct peer *p = &peers[first];
    if (p->pid == 0) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", directory, systems[k].driver);
        peer_start(p, path, system_threads(k), memory_fd, capacity, NULL);
    }
    return p;
}

static void fail(int k, const struct array_case *c, size_t n, const char *what)
{
    printf("# %s %s n=%zu: %s\n", c->label, systems[k].name, n, what);
    failures++;
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

static void report(int k, const struct array_case *c, size_t n, const double *ns, const double *base, int rounds,
                   int base_rounds)
{
    double ratios[MAX_ROUNDS];
    for (int r = 0; r < rounds; r++)
        ratios[r] = ns[r] / base[r];
    double middle = median(ns, rounds), ratio = median(ratios, rounds);
    if (best) {
        middle = shortest(ns, rounds);
        ratio = middle / shortest(base, base_rounds);
    }
    printf("bench %s %s n=%zu threads=%d median_ns=%.*f ratio=%.3f\n", c->label, systems[k].name, n, system_threads(k),
           middle < 1000 ? 1 : 0, middle, ratio);
}

static void shuffle(int *order, int count, unsigned *state)
{
    for (int k = count - 1; k > 0; k--) {
        *state = *state * 1103515245u + 12345u;
        int other = (int)((*state >> 16) % (unsigned)(k + 1)), swap = order[k];
        order[k] = order[other];
        order[other] = swap;
    }
}

static void run_case(const struct array_case *c, size_t n)
{
    static double ns[SYSTEMS][MAX_ROUNDS];
    const char *kernels[SYSTEMS] = {0};
    int rounds[SYSTEMS] = {0}, order[SYSTEMS], active = 0, most = best ? (quick ? 21 : 41) : quick ? 9 : 15;
    double warm_ns = quick ? 5e5 : 1e6, round_ns = quick ? 2e6 : 5e6, budget_ns = quick ? 1.5e8 : 1e9;
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
        shuffle(order, active, &state);
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
        int shared = rounds[k] < rounds[0] ? rounds[k] : rounds[0];
        if (shared > 0)
            report(k, c, n, ns[k], ns[0], shared, rounds[0]);
        /* What a system keeps for reuse it would keep beside all the others. */
        peer_end(&peers[k]);
    }
    fflush(stdout);
}

static bool named(const struct array_case *c, const char *name)
{
    size_t length = strlen(name);
    return strcmp(c->workload, name) == 0 || strcmp(c->label, name) == 0 ||
           (strncmp(c->label, name, length) == 0 && c->label[length] == '-');
}

static bool wanted(const struct array_case *c, int argc, char **argv)
{
    bool any = argc <= 4;
    for (int a = 4; a < argc; a++)
        any = any || named(c, argv[a]);
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

/* in and out, and as much again twice for what a system allocates, must fit into three quarters of the free memory. */
static bool fits(const struct array_case *c, size_t n, size_t available)
{
    return !(quick && n > 1000000) && n * element_size(c) <= available / 16 * 3;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: arrays DRIVER_DIR THREADS QUICK [WORKLOAD ...]\n");
        return 2;
    }
    directory = argv[1];
    threads = atoi(argv[2]);
    quick = atoi(argv[3]) != 0;
    best = atoi(getenv("CREW_BENCH_BEST") ? getenv("CREW_BENCH_BEST") : "0") != 0;
    for (int a = 4; a < argc; a++) {
        bool known = false;
        for (const struct array_case *c = array_cases; c->workload; c++)
            known = known || named(c, argv[a]);
        if (!known) {
            fprintf(stderr, "arrays: no workload %s\n", argv[a]);
            return 2;
        }
    }
    size_t available = available_bytes();
    available = available ? available : SIZE_MAX;
    for (const struct array_case *c = array_cases; c->workload; c++)
        for (const size_t *n = c->n; wanted(c, argc, argv) && *n; n++)
            if (fits(c, *n, available) && array_inputs(c, *n) * array_stride(c, *n) > capacity)
                capacity = array_inputs(c, *n) * array_stride(c, *n);
    /* Room for the counts of a histogram; whole pages of any size. */
    capacity = (capacity + (3 << 20)) >> 21 << 21;
    signal(SIGPIPE, SIG_IGN);
    memory_fd = memfd_create("arrays", 0);
    if (memory_fd < 0 || ftruncate(memory_fd, (off_t)(2 * capacity)) != 0 ||
        (in = mmap(NULL, 2 * capacity, PROT_READ | PROT_WRITE, MAP_SHARED, memory_fd, 0)) == MAP_FAILED) {
        perror("arrays: memory");
        return 1;
    }
    out = in + capacity;
    for (const struct array_case *c = array_cases; c->workload; c++)
        for (const size_t *n = c->n; wanted(c, argc, argv) && *n; n++)
            if (fits(c, *n, available))
                run_case(c, *n);
            else if (!quick)
                printf("# %s n=%zu: left out, not enough memory\n", c->label, *n);
    return failures != 0;
}
