/* Process workers that die, hang, leak and misbehave: each costs its item, and nothing is left. */
#define _GNU_SOURCE
#include "../../lib/core/process/helper_process.h"
#include "../support/sanitized.h"
#include "../unit/process_test.h"
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

enum kind { SEGV, KILL, ABORT, STOP, EXIT, UNDERSCORE_EXIT, LOOP, HOG, OVERFLOW, THREAD_EXIT, KINDS };

enum { N = 31 };

/* Which items misbehave, and how. */
struct plan {
    enum kind kind;
    bool dies[N];
    int tries; /* then they succeed; needs shared memory */
    atomic_int *tried;
};

static volatile int deep = 1;

static int recurse(const volatile char *above)
{
    volatile char here[4096];
    here[0] = above ? above[0] : 1;
    return deep ? recurse(here) + here[0] : 0;
}

static _Noreturn void misbehave(enum kind kind)
{
    switch (kind) {
    case SEGV:
        raise(SIGSEGV);
        break;
    case KILL:
        kill(getpid(), SIGKILL);
        break;
    case ABORT:
        abort();
    case STOP:
        raise(SIGSTOP);
        break;
    case EXIT:
        exit(3);
    case UNDERSCORE_EXIT:
        _exit(0);
    case HOG:
        for (;;) {
            char *p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (p != MAP_FAILED)
                memset(p, 1, 1 << 20);
        }
    case OVERFLOW:
        recurse(NULL);
        break;
    case THREAD_EXIT:
        pthread_exit(NULL);
    default:
        break;
    }
    for (;;)
        ;
}

static int by_plan(const void *in, void *out, void *ctx)
{
    const struct plan *plan = ctx;
    int i = *(const int *)in;
    *(int *)out = 77777; /* must never be seen where the item dies */
    if (plan->dies[i] && !(plan->tried && atomic_fetch_add(&plan->tried[i], 1) >= plan->tries))
        misbehave(plan->kind);
    return twice_and_one(in, out, NULL);
}

static void check_death(enum kind kind, int status)
{
    int signal = -1, code = -1;
    ck_assert_msg(crew_process_died(status, &signal, &code), "%s", crew_strerror(status));
    const int signals[KINDS] = {SIGSEGV, SIGKILL, SIGABRT, SIGKILL, 0, 0, SIGKILL, SIGKILL, SIGSEGV, SIGABRT};
    ck_assert_int_eq(signal, signals[kind]);
    ck_assert_int_eq(code, kind == EXIT ? 3 : 0);
    char text[200];
    crew_process_message(1, status, text, sizeof text);
    ck_assert_int_eq(strstr(text, "item_timeout") != NULL, kind == STOP || kind == LOOP);
    ck_assert_int_eq(strstr(text, "its memory") != NULL, kind == HOG);
}

/* An item that does nothing may take that long on a machine that is busy. */
static bool met_a_pause(const struct plan *plan, const int *status)
{
    for (int i = 0; i < N; i++)
        if (!plan->dies[i] && strstr(crew_strerror(status[i]), "item_timeout"))
            return true;
    return false;
}

static void check_plan(const struct plan *plan, int processes, int retries)
{
    int in[N], out[N], status[N], lowest = -1;
    size_t failed;
    count_up(in, N);
    crew_process_options p = {
        .processes = processes, .item_timeout = 0.3, .memory = 64 << 20, .status = status, .retries = retries};
    if (plan->kind != STOP && plan->kind != LOOP)
        p.item_timeout = 60;
    double start = seconds_now();
    int code, tries = 0;
    do {
        failed = 4711;
        for (int i = 0; i < N; i++)
            out[i] = -5;
        code = crew_process_map(in, 4, out, 4, N, by_plan, (void *)(uintptr_t)plan, &(crew_options){.failed = &failed},
                                &p);
    } while (met_a_pause(plan, status) && ++tries < 5);
    bool survive = plan->tried && retries >= plan->tries;
    for (int i = 0; i < N; i++) {
        if (plan->dies[i] && !survive) {
            check_death(plan->kind, status[i]);
            ck_assert_int_eq(out[i], -5);
            lowest = lowest < 0 ? i : lowest;
        } else {
            ck_assert_msg(status[i] == 0, "item %d: %s", i, crew_strerror(status[i]));
            ck_assert_int_eq(out[i], 2 * i + 1);
        }
    }
    if (lowest >= 0) {
        ck_assert_int_eq(code, status[lowest]);
        ck_assert_uint_eq(failed, (size_t)lowest);
    } else {
        ck_assert_int_eq(code, 0);
        ck_assert_uint_eq(failed, 4711);
    }
    ck_assert(seconds_now() - start < 100); /* it ends */
}

/* Rows 1, 2, 6, 7, 14 and 16 of the traps: at the first, the middle and the last item, at all at once. */
START_TEST(a_death_costs_its_item)
{
    struct plan plan = {.kind = (enum kind)_i};
    if (TESTS_SANITIZED && (plan.kind == OVERFLOW || plan.kind == THREAD_EXIT))
        return; /* the sanitizer has its own word in these */
    struct footprint before = footprint();
    plan.dies[0] = true;
    check_plan(&plan, 1, 0);
    plan.dies[N / 2] = plan.dies[N - 1] = true;
    for (int k = 0; k < PROCESS_COUNTS; k++)
        check_plan(&plan, process_counts[k], 0);
    bool slow = plan.kind == STOP || plan.kind == LOOP || plan.kind == HOG;
    for (int i = 0; i < N; i++)
        plan.dies[i] = !slow || i % 4 == 0;
    check_plan(&plan, 3, 0);
    check_nothing_left(before);
}
END_TEST

START_TEST(an_item_is_tried_again)
{
    struct plan plan = {.kind = SEGV, .tries = 2};
    plan.dies[0] = plan.dies[7] = plan.dies[N - 1] = true;
    plan.tried = crew_shared_alloc(N * sizeof *plan.tried);
    ck_assert_ptr_nonnull(plan.tried);
    check_plan(&plan, process_counts[_i], 2);
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(plan.tried[i], plan.dies[i] ? 3 : 0);
    memset(plan.tried, 0, N * sizeof *plan.tried);
    check_plan(&plan, process_counts[_i], 1);
    crew_shared_free(plan.tried);
}
END_TEST

/* Without statuses the others are done all the same. */
START_TEST(a_death_stops_nothing)
{
    struct plan plan = {.kind = SEGV};
    int in[N], out[N] = {0}, signal;
    plan.dies[3] = true;
    count_up(in, N);
    crew_process_options p = {.processes = process_counts[_i]};
    ck_assert(crew_process_died(crew_process_map(in, 4, out, 4, N, by_plan, &plan, NULL, &p), &signal, NULL));
    ck_assert_int_eq(signal, SIGSEGV);
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(out[i], i == 3 ? 0 : 2 * i + 1);
}
END_TEST

/* Row 15. */
static int die_at_once(void *ctx)
{
    (void)ctx;
    _exit(1);
}

START_TEST(workers_that_do_not_live_end_the_call)
{
    enum { MANY = 5000 };
    static int in[MANY], out[MANY], status[MANY];
    struct plan plan = {.kind = UNDERSCORE_EXIT};
    crew_process_options p = {.processes = 2, .initializer = die_at_once, .status = status};
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, N, by_plan, &plan, NULL, &p), -ECHILD);
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(status[i], -ECHILD);
    if (TESTS_SANITIZED)
        return;
    p.initializer = NULL;
    plan.dies[0] = true; /* all inputs are 0 */
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, MANY, by_plan, &plan, NULL, &p), -ECHILD);
    int died = 0;
    for (int i = 0; i < MANY; i++) {
        ck_assert(crew_process_died(status[i], NULL, NULL) || status[i] == -ECHILD);
        died += status[i] != -ECHILD;
    }
    ck_assert_int_ge(died, 1000);
}
END_TEST

static int leave_something(const void *in, void *out, void *ctx)
{
    int i = *(const int *)in, way = *(int *)ctx;
    if (way == 0)
        for (int fd = 0; fd < 1000; fd++)
            close(fd);
    if (way == 1 || way == 2) {
        pid_t child = fork();
        if (child == 0) {
            if (way == 2)
                setsid(); /* out of the worker's group */
            if (fork() < 0)
                _exit(1);
            for (;;)
                pause();
        }
        if (i % 5 == 4)
            kill(getpid(), SIGKILL);
    }
    if (way == 3)
        for (int k = 0; k < 300; k++)
            fprintf(stderr, "%0200d\n", k);
    return twice_and_one(in, out, NULL);
}

/* Rows 4 and 13: descriptors closed, children and grandchildren left behind, standard error full. */
START_TEST(what_a_worker_leaves_goes)
{
    int in[N], out[N], status[N], way = _i, null = open("/dev/null", O_WRONLY);
    struct footprint before = footprint();
    count_up(in, N);
    if (way == 3)
        dup2(null, STDERR_FILENO);
    crew_process_options p = {.processes = 3, .status = status, .item_timeout = 60};
    crew_process_map(in, 4, out, 4, N, leave_something, &way, NULL, &p);
    for (int i = 0; i < N; i++) {
        bool dies = (way == 1 || way == 2) && i % 5 == 4;
        ck_assert_int_eq(crew_process_died(status[i], NULL, NULL), dies);
        ck_assert(dies || (status[i] == 0 && out[i] == 2 * i + 1));
    }
    check_nothing_left(before);
}
END_TEST

/* A worker that writes all over its parent's arrays and over what it can reach of the mapping, and dies. */
static int scribble(const void *in, void *out, void *ctx)
{
    int i = *(const int *)in;
    twice_and_one(in, out, NULL);
    if (i == 5) {
        memset(ctx, 0xFF, N * sizeof(int));
        char *p = out;
        for (;; p += 64)
            *(volatile char *)p = 1; /* up to the guard */
    }
    return 0;
}

START_TEST(a_worker_cannot_write_over_results)
{
    int in[N], out[N] = {0}, status[N];
    count_up(in, N);
    crew_process_options p = {.processes = 2, .status = status};
    int code = crew_process_map(in, 4, out, 4, N, scribble, out, NULL, &p);
    ck_assert(crew_process_died(code, NULL, NULL));
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(out[i], i == 5 ? 0 : 2 * i + 1);
}
END_TEST

static int count_writable(const void *in, void *out, void *ctx)
{
    (void)ctx;
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[1000];
    int count = 0;
    while (maps && fgets(line, sizeof line, maps))
        count += strstr(line, " rw-s ") != NULL;
    if (maps)
        fclose(maps);
    *(int *)out = count;
    usleep(1000);
    return *(const int *)in < 0;
}

/* The bells, its own words and codes, and two batches of results: what is another's it cannot reach. */
START_TEST(a_worker_reaches_its_own_slot)
{
    int in[N], out[N];
    count_up(in, N);
    crew_process_options p = {.processes = 5};
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, N, count_writable, NULL, NULL, &p), 0);
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(out[i], 4);
}
END_TEST

/* Row 14 and point 7: what the system kills for want of memory is tried with fewer workers at a time. */
static char oom_file[64];

static int killed_unless_alone(const void *in, void *out, void *ctx)
{
    atomic_int *running = ctx;
    int i = *(const int *)in;
    atomic_fetch_add(&running[0], 1);
    usleep(20000);
    for (int k = 0; i == 2 && atomic_load(&running[2]) == 0 && atomic_load(&running[0]) == 1 && k < 2000; k++)
        usleep(1000); /* the others may come late */
    if (i == 2 && (running[1] || atomic_load(&running[0]) > 1)) {
        int file = open(oom_file, O_WRONLY | O_TRUNC);
        char text[40];
        int size = snprintf(text, sizeof text, "pgfault 7\noom_kill %d\nx 3\n", 5 + atomic_fetch_add(&running[2], 1));
        ck_assert_int_eq(write(file, text, (size_t)size), size);
        atomic_fetch_sub(&running[0], 1);
        kill(getpid(), SIGKILL);
    }
    atomic_fetch_sub(&running[0], 1);
    return twice_and_one(in, out, NULL);
}

START_TEST(fewer_workers_when_memory_is_short)
{
    int in[N], out[N], status[N];
    char text[200];
    count_up(in, N);
    snprintf(oom_file, sizeof oom_file, "/tmp/crew-oom-%ld", (long)getpid());
    FILE *file = fopen(oom_file, "w");
    fprintf(file, "pgfault 7\noom_kill 4\nx 3\n");
    fclose(file);
    crew__oom_file = oom_file;
    atomic_int *running = crew_shared_alloc(3 * sizeof *running);
    running[1] = _i;
    crew_process_options p = {.processes = 4, .status = status};
    int code = crew_process_map(in, 4, out, 4, N, killed_unless_alone, running, NULL, &p);
    unlink(oom_file);
    for (int i = 0; i < N; i++)
        ck_assert_msg((status[i] != 0) == (_i == 1 && i == 2), "item %d: %s", i, crew_strerror(status[i]));
    ck_assert_int_eq(code, status[2]);
    crew_process_message(2, status[2], text, sizeof text);
    ck_assert_int_eq(strstr(text, "probably out of memory") != NULL, _i == 1);
    ck_assert_int_ge(running[2], _i == 1 ? 3 : 1); /* with 4 workers, with 2, alone */
    crew_shared_free(running);
}
END_TEST

/* Row 12: what items leak does not fall on a later one; a worker that has half of its memory is replaced. */
static int leak(const void *in, void *out, void *ctx)
{
    static char *volatile leaked;
    char *p = leaked = malloc(6 << 20);
    (void)ctx;
    if (p)
        memset(p, *(const int *)in, 6 << 20);
    usleep(15000);
    *(pid_t *)out = p ? getpid() : 0;
    return 0;
}

START_TEST(leaks_replace_workers_and_kill_no_item)
{
    int in[N];
    pid_t out[N];
    count_up(in, N);
    /* Ten items, or 0.15 s, between the half, from which on it may be replaced, and the whole. */
    crew_process_options p = {.processes = 1, .memory = 120 << 20, .batch = 10};
    ck_assert_int_eq(crew_process_map(in, 4, out, sizeof *out, N, leak, NULL, NULL, &p), 0);
    if (!TESTS_SANITIZED)
        ck_assert_int_ne(out[0], out[N - 1]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("process_faults");
    TCase *tc = tcase_create("faults");
    tcase_set_timeout(tc, 200);
    suite_add_tcase(suite, tc);
    tcase_add_loop_test(tc, a_death_costs_its_item, 0, KINDS);
    tcase_add_loop_test(tc, an_item_is_tried_again, 0, PROCESS_COUNTS);
    tcase_add_loop_test(tc, a_death_stops_nothing, 0, PROCESS_COUNTS);
    tcase_add_test(tc, workers_that_do_not_live_end_the_call);
    tcase_add_loop_test(tc, what_a_worker_leaves_goes, 0, 4);
    tcase_add_test(tc, a_worker_cannot_write_over_results);
    tcase_add_test(tc, a_worker_reaches_its_own_slot);
    tcase_add_loop_test(tc, fewer_workers_when_memory_is_short, 0, 2);
    tcase_add_test(tc, leaks_replace_workers_and_kill_no_item);
    return run_suite(suite);
}
