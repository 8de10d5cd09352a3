/* The main and the figures of the programs that ask drivers: bench.h. */
#define _GNU_SOURCE
#include "bench.h"

#include <math.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct bench bench;

static char **names; /* NULL ends them */

static bool is_named(const char *name, const char *workload, const char *label)
{
    size_t length = strlen(name);
    return strcmp(workload, name) == 0 || strcmp(label, name) == 0 ||
           (strncmp(label, name, length) == 0 && label[length] == '-');
}

bool bench_wanted(const char *workload, const char *label)
{
    bool any = !names[0];
    for (char **name = names; *name; name++)
        any = any || is_named(*name, workload, label);
    return any;
}

static bool is_known(const char *name)
{
    const char *workload, *label;
    for (int k = 0; bench_case(k, &workload, &label); k++)
        if (is_named(name, workload, label))
            return true;
    return false;
}

size_t bench_available_bytes(void)
{
    size_t kib = 0;
    char line[256];
    FILE *f = fopen("/proc/meminfo", "r");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "MemAvailable: %zu", &kib) == 1)
            break;
    if (f)
        fclose(f);
    return kib ? kib * 1024 : SIZE_MAX;
}

void *bench_memory(size_t bytes, int *fd)
{
    *fd = memfd_create("bench", 0);
    void *memory = MAP_FAILED;
    if (*fd >= 0 && ftruncate(*fd, (off_t)bytes) == 0)
        memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
    if (memory != MAP_FAILED)
        return memory;
    perror("bench: memory");
    return NULL;
}

void bench_shuffle(int *order, int count, unsigned *state)
{
    for (int k = count - 1; k > 0; k--) {
        *state = *state * 1103515245u + 12345u;
        int other = (int)((*state >> 16) % (unsigned)(k + 1)), swap = order[k];
        order[k] = order[other];
        order[other] = swap;
    }
}

void bench_fail(const char *label, const char *system, size_t n, const char *what)
{
    printf("# %s %s n=%zu: %s\n", label, system, n, what);
    bench.failures++;
}

static int compare_doubles(const void *a, const void *b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return (p > q) - (p < q);
}

static double median(const double *values, int count)
{
    double sorted[MAX_ROUNDS];
    memcpy(sorted, values, (size_t)count * sizeof *values);
    qsort(sorted, (size_t)count, sizeof *sorted, compare_doubles);
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

static double shortest(const double *values, int count)
{
    double least = INFINITY;
    for (int k = 0; k < count; k++)
        least = fmin(least, values[k]);
    return least;
}

void bench_report(const struct bench_result *r)
{
    double ratios[MAX_ROUNDS];
    int rounds = r->rounds < r->base_rounds ? r->rounds : r->base_rounds;
    if (rounds <= 0)
        return;
    for (int k = 0; k < rounds; k++)
        ratios[k] = fmax(r->ns[k], r->least) / fmax(r->base[k], r->least);
    double middle = median(r->ns, rounds), ratio = median(ratios, rounds);
    if (bench.best && !r->median) {
        middle = shortest(r->ns, rounds);
        ratio = middle / shortest(r->base, r->base_rounds);
    }
    printf("bench %s %s n=%zu threads=%d median_ns=%.*f ratio=%.3f\n", r->label, r->system, r->n, r->threads,
           middle < 1000 ? 1 : 0, middle, ratio);
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: %s DRIVER_DIR THREADS QUICK [WORKLOAD ...]\n", argv[0]);
        return 2;
    }
    const char *best = getenv("CREW_BENCH_BEST");
    bench = (struct bench){argv[1], atoi(argv[2]), atoi(argv[3]) != 0, best && atoi(best) != 0, 0};
    names = argv + 4;
    for (char **name = names; *name; name++)
        if (!is_known(*name)) {
            fprintf(stderr, "%s: no workload %s\n", argv[0], *name);
            return 2;
        }
    double load = 0;
    if (getloadavg(&load, 1) == 1 && load > 0.5)
        printf("# load average %.1f: other programs run, which %s\n", load,
               bench.best ? "makes times longer" : "makes these figures unreliable; CREW_BENCH_BEST=1 may help");
    /* A driver that ends while it is asked must not end this program. */
    signal(SIGPIPE, SIG_IGN);
    int status = bench_run();
    return status ? status : bench.failures != 0;
}
