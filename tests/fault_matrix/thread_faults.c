/* Threads that cannot be had, too many that are asked for, many that call, small stacks. */
#define _GNU_SOURCE
#include "matrix.h"
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>

enum { TEAM = 4 };

static int most_threads;

static int with_few_threads(void)
{
    limit_threads(most_threads);
    CHECK(crew_set_num_threads(TEAM) == 0);
    for (int round = 0; round < 3; round++)
        CHECK(all_right() == 0);
    limit_threads(-1);
    return all_right();
}

/* A team of four and an executor of three: from none to more than enough for both. */
static int creation_fails(void)
{
    for (most_threads = 0; most_threads <= 2 * TEAM + 1; most_threads++)
        CHECK(in_child(with_few_threads) == 0);
    return 0;
}

/* Threads there were, and no further ones. */
static int creation_fails_later(void)
{
    for (int widest = 2; widest <= TEAM; widest++) {
        limit_threads(-1);
        crew_set_num_threads(widest);
        CHECK(all_right() == 0);
        limit_threads(0);
        for (int threads = 1; threads <= 2 * TEAM; threads++) {
            crew_set_num_threads(threads);
            CHECK(all_right() == 0);
        }
    }
    limit_threads(-1);
    return all_right();
}

static int processes_limited(void)
{
    struct rlimit limit = {20, 20};
    if (setrlimit(RLIMIT_NPROC, &limit) != 0 || (getuid() == 0 && setuid((uid_t)(50000 + getpid() % 9000)) != 0))
        return NOT_HERE;
    crew_set_num_threads(64);
    for (int round = 0; round < 3; round++)
        CHECK(all_right() == 0);
    return 0;
}

/* Limited, or a machine that has them would make as many. */
static int absurd_counts(void)
{
    const int counts[] = {-7, -1000000, INT_MIN, INT_MAX, 100000, 1000000, 1025, 0, 1};
    limit_threads(40);
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
        CHECK(crew_set_num_threads(counts[k]) == 0 && crew_num_threads() >= 1 && crew_num_threads() <= 1024);
        CHECK(all_right() == 0);
        crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = counts[k]});
        CHECK(ex || errno == EAGAIN || errno == ENOMEM || errno == EINVAL);
        CHECK(!ex || crew_executor_shutdown(ex, 0) == 0);
    }
    crew_set_num_threads(2);
    return all_right();
}

static int sixteen_callers(void)
{
    enum { CALLERS = 16 };
    pthread_t thread[CALLERS];
    atomic_int wrong = 0;
    int most = 0;
    crew_set_num_threads(8);
    for (int k = 0; k < CALLERS; k++)
        CHECK(pthread_create(&thread[k], NULL, all_right_on_thread, &wrong) == 0);
    for (int looks = 0; looks < 50; looks++) {
        int now = threads_now();
        most = now > most ? now : most;
        sleep_ms(1);
    }
    for (int k = 0; k < CALLERS; k++)
        pthread_join(thread[k], NULL);
    CHECK(wrong == 0);
    /* The callers with an executor each (three workers and what hosts them), the default executor, four pools of eight,
       the main thread. Without a bound there are 16 pools of eight more. */
    CHECK(most <= 1 + CALLERS * (1 + 4) + 9 + 4 * 8);
    return all_right();
}

static int callers_that_end(void)
{
    int before = 0;
    for (int i = 0; i < rounds(1000); i++) {
        pthread_t thread;
        atomic_int wrong = 0;
        CHECK(pthread_create(&thread, NULL, all_right_on_thread, &wrong) == 0);
        pthread_join(thread, NULL);
        CHECK(wrong == 0);
        if (i == 9) {
            crew_executor_shutdown(NULL, 0);
            sleep_ms(50);
            before = threads_now();
        }
    }
    crew_executor_shutdown(NULL, 0);
    CHECK(threads_settled(before) <= before);
    return 0;
}

static int small_stack(void)
{
    pthread_attr_t attr;
    pthread_t thread;
    atomic_int wrong = 0;
    pthread_attr_init(&attr);
    CHECK(pthread_attr_setstacksize(&attr, 128 * 1024) == 0);
    CHECK(pthread_create(&thread, &attr, all_right_on_thread, &wrong) == 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attr);
    return wrong;
}

static int small_worker_stacks(void)
{
    return again("-all", "OMP_STACKSIZE", "128K");
}

static int huge_worker_stacks(void)
{
    return again("-all", "OMP_STACKSIZE", "100000G");
}

static int innermost(size_t begin, size_t end, void *ctx)
{
    for (size_t i = begin; i < end; i++)
        atomic_fetch_add((atomic_long *)ctx, 1);
    return 0;
}

static int second(size_t begin, size_t end, void *ctx)
{
    for (size_t i = begin; i < end; i++)
        if (crew_for(20, innermost, ctx, NULL) != 0)
            return 1;
    return 0;
}

static int outermost(size_t begin, size_t end, void *ctx)
{
    for (size_t i = begin; i < end; i++)
        if (crew_for(20, second, ctx, NULL) != 0)
            return 1;
    return 0;
}

static int loops_in_task(void *ctx)
{
    return crew_for(20, outermost, ctx, NULL);
}

static int everything(void *unused)
{
    (void)unused;
    return all_right();
}

static int three_deep(void)
{
    atomic_long items = 0;
    int result = 1;
    crew_set_num_threads(4);
    CHECK(all_right() == 0);
    CHECK(crew_for(20, outermost, &items, NULL) == 0 && items == 8000);
    CHECK(crew_run(loops_in_task, &items, NULL) == 0 && items == 16000);
    crew_future *f = crew_submit(NULL, loops_in_task, &items);
    CHECK(f && crew_future_result(f, &result) == 0 && result == 0 && items == 24000);
    crew_future_release(f);
    CHECK(crew_run(everything, NULL, NULL) == 0);
#ifdef _OPENMP
    int wrong = 0;
#pragma omp parallel num_threads(3) reduction(+ : wrong)
    wrong += all_right();
    CHECK(wrong == 0);
#endif
    return all_right();
}

static int fewer_processors(void)
{
    cpu_set_t all, one;
    if (sched_getaffinity(0, sizeof all, &all) != 0)
        return NOT_HERE;
    CHECK(all_right() == 0);
    CPU_ZERO(&one);
    for (size_t cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; cpu++)
        if (CPU_ISSET(cpu, &all))
            CPU_SET(cpu, &one);
    for (int round = 0; round < 6; round++) {
        CHECK(sched_setaffinity(0, sizeof one, round % 2 ? &all : &one) == 0);
        CHECK(all_right() == 0);
    }
    return 0;
}

const struct fault thread_faults[] = {
    {"-all", all_right},
    {"no thread at 1 .. team + 1", creation_fails},
    {"no further thread", creation_fails_later},
    {"RLIMIT_NPROC", processes_limited},
    {"absurd counts by the API", absurd_counts},
    {"16 threads at once", sixteen_callers},
    {"1,000 callers that end", callers_that_end},
    {"stack of 128 KB", small_stack},
    {"workers' stacks of 128 KB", small_worker_stacks},
    {"workers' stacks of 100 TB", huge_worker_stacks},
    {"nested three deep", three_deep},
    {"fewer processors, then more", fewer_processors},
    {NULL, NULL},
};
