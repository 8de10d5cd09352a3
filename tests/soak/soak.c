/* Uses crew for a long time: loops, reductions, teams of tasks and executors without end, some of them cancelled or too
   late. Threads must be as many afterwards as before, and memory too. Usage: soak SECONDS [EXECUTORS]: for so long, and
   until so many were opened and closed, with 12 regions to each. */
#define _GNU_SOURCE
#include "../../lib/core/loop/runner.h"
#include "../support/oracle.h"
#include <crew/crew.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { N = 2000, WARM = 3, DRIFT = 1 << 20 };

static unsigned char marks[N];
static long regions, executors, stopped;

static void require(int holds, const char *what)
{
    if (holds)
        return;
    printf("FAIL soak: %s\n", what);
    exit(1);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Bytes of memory that the process holds. */
static long resident(void)
{
    long all = 0, held = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    require(file && fscanf(file, "%ld %ld", &all, &held) == 2, "no /proc/self/statm");
    fclose(file);
    return held * sysconf(_SC_PAGESIZE);
}

static int mark(size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    for (size_t i = begin; i < end; i++)
        marks[i]++;
    return 0;
}

static int fold(size_t begin, size_t end, void *acc, void *ctx)
{
    (void)ctx;
    for (size_t i = begin; i < end; i++)
        *(size_t *)acc += i;
    return 0;
}

static void merge(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    *(size_t *)acc += *(const size_t *)right;
}

static int count_leaves(void *arg)
{
    int less = *(int *)arg - 1;
    crew_task left;
    if (less < 0)
        return 1;
    crew_fork(&left, count_leaves, &less);
    int right = count_leaves(&less);
    return right + crew_join(&left);
}

static crew_cancel stop;

static int cancel_or_wait(size_t begin, size_t end, void *ctx)
{
    (void)end;
    if (ctx && begin > 20)
        crew_cancel_request(ctx);
    else if (!ctx)
        oracle_sleep_us(20);
    return 0;
}

/* Loops with all threads, as those of the core; one of hundred is stopped. */
static void use_loops(uint64_t *seed)
{
    const crew_reducer sum = {sizeof(size_t), NULL, fold, merge, NULL};
    size_t n = 1 + oracle_below(seed, N), total = 0;
    int threads = 1 + (int)oracle_below(seed, 4), depth = 4;
    memset(marks, 0, n);
    require(crew_for(n, mark, NULL, &(crew_options){.threads = threads}) == 0, "crew_for");
    for (size_t i = 0; i < n; i++)
        require(marks[i] == 1, "crew_for's items");
    require(crew_reduce(n, &sum, NULL, &total, NULL) == 0 && total == n * (n - 1) / 2, "crew_reduce");
    require(crew_run(count_leaves, &depth, NULL) == 16, "crew_run");
    regions += 3;
    switch (oracle_below(seed, 100)) {
    case 0:
        crew_cancel_reset(&stop);
        require(crew_for(1000, cancel_or_wait, &stop, &(crew_options){.cancel = &stop, .grain = 1}) == -ECANCELED,
                "a cancelled loop");
        stopped++;
        break;
    case 1:
        require(crew_for(100000, cancel_or_wait, NULL, &(crew_options){.timeout = 1e-4, .grain = 1}) == -ETIMEDOUT,
                "a loop that is too late");
        stopped++;
        break;
    default:
        break;
    }
}

static int leaves_of(void *arg)
{
    return count_leaves(arg);
}

static void use_executor(uint64_t *seed)
{
    enum { TASKS = 6 };
    static int depth = 3;
    crew_future *f[TASKS];
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = 1 + (int)oracle_below(seed, 3)});
    require(ex != NULL, "crew_executor_open");
    for (int i = 0; i < TASKS; i++) {
        f[i] = i > 2 ? crew_submit_after(ex, leaves_of, &depth, NULL, 0) : crew_submit(ex, leaves_of, &depth);
        require(f[i] != NULL, "crew_submit");
    }
    bool canceled = crew_future_cancel(f[oracle_below(seed, TASKS)]);
    crew_wait(f, TASKS, CREW_WAIT_ALL, oracle_below(seed, 2) ? 1e-5 : -1);
    require(crew_executor_shutdown(ex, oracle_below(seed, 4) == 0 ? CREW_CANCEL_PENDING : 0) == 0, "shutdown");
    for (int i = 0; i < TASKS; i++) {
        int result = 0, code = crew_future_result(f[i], &result);
        require(code == 0 ? result == 8 : code == -ECANCELED, "a future");
        crew_future_release(f[i]);
    }
    executors++;
    stopped += canceled;
}

int main(int argc, char **argv)
{
    double most = argc > 1 ? atof(argv[1]) : 600, began = seconds(), said = began;
    long least = argc > 2 ? atol(argv[2]) : 0;
    uint64_t seed = oracle_seed();
    long held = 0;
    int threads = 0;
    crew__tuning.always_open = 1;
    crew_set_num_threads(4);
    while (seconds() - began < most || executors < least) {
        for (int i = 0; i < 4; i++)
            use_loops(&seed);
        use_executor(&seed);
        double now = seconds();
        if (threads == 0 && (now - began > WARM || now - began > most / 4)) {
            oracle_sleep_us(100000);
            threads = oracle_process_threads();
            held = resident();
        }
        if (now - said > 60) {
            printf("%.0f s: %ld regions, %ld executors, %ld kB\n", now - began, regions, executors, resident() / 1024);
            fflush(stdout);
            said = now;
        }
    }
    int after = oracle_process_threads();
    for (int looks = 0; looks < 300 && after > threads; looks++) {
        oracle_sleep_us(10000);
        after = oracle_process_threads();
    }
    long drift = resident() - held;
    printf("%s: %ld regions, %ld executors, %ld stopped in %.0f s; threads %d and %d; %+ld kB\n", crew_backend(),
           regions, executors, stopped, seconds() - began, threads, after, drift / 1024);
    require(after <= threads, "threads are left");
    require(drift < DRIFT, "memory grows");
    puts("PASS soak");
    return 0;
}
