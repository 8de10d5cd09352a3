/* Process workers and the program around them: its signals and children, its limits, its end; nothing is left. */
#define _GNU_SOURCE
#include "../support/sanitized.h"
#include "../unit/process_test.h"
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/resource.h>

enum { N = 200 };

static int in[N], out[N];

static void set_up(void)
{
    count_up(in, N);
}

static void check_map(int processes)
{
    crew_process_options p = {.processes = processes};
    memset(out, 0, sizeof out);
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, N, twice_and_one, NULL, NULL, &p), 0);
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(out[i], 2 * i + 1);
}

static int die_on_five(const void *x, void *y, void *ctx)
{
    if (*(const int *)x % 50 == 5)
        raise(SIGSEGV);
    return twice_and_one(x, y, ctx);
}

static void check_map_with_deaths(void)
{
    int status[N];
    crew_process_options p = {.processes = 3, .status = status};
    crew_process_map(in, 4, out, 4, N, die_on_five, NULL, NULL, &p);
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(crew_process_died(status[i], NULL, NULL), i % 50 == 5);
}

static atomic_int signals;

static void count_signal(int signal)
{
    (void)signal;
    atomic_fetch_add(&signals, 1);
}

/* Rows 5 and 10 of the traps. */
START_TEST(the_program_hears_of_no_child)
{
    struct sigaction action = {.sa_handler = count_signal}, after;
    if (_i == 1)
        action.sa_handler = SIG_IGN;
    if (_i == 2)
        action.sa_flags = SA_NOCLDWAIT;
    ck_assert_int_eq(sigaction(SIGCHLD, &action, NULL), 0);
    for (int s = 1; s < 32; s++)
        if (s != SIGKILL && s != SIGSTOP && s != SIGCHLD)
            signal(s, count_signal);
    sigset_t mask, mask_after;
    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    struct footprint before = footprint();
    for (int k = 0; k < 5; k++) {
        check_map(3);
        check_map_with_deaths();
    }
    check_nothing_left(before);
    ck_assert_int_eq(signals, 0);
    pthread_sigmask(SIG_SETMASK, NULL, &mask_after);
    for (int s = 1; s < 32; s++)
        ck_assert_int_eq(sigismember(&mask, s), sigismember(&mask_after, s));
    ck_assert_int_eq(sigaction(SIGCHLD, NULL, &after), 0);
    ck_assert(after.sa_handler == action.sa_handler);
    ck_assert_int_eq(after.sa_flags & SA_NOCLDWAIT, action.sa_flags & SA_NOCLDWAIT);
}
END_TEST

static atomic_int over;

static void *wait_for_any_child(void *found)
{
    while (!atomic_load(&over)) {
        if (waitpid(-1, NULL, 0) > 0)
            atomic_fetch_add((atomic_int *)found, 1);
        usleep(50);
    }
    return NULL;
}

/* The program's own child is found by it, and none of crew's. */
START_TEST(a_program_that_waits_for_any_child)
{
    pthread_t thread;
    atomic_int found = 0;
    struct footprint before = footprint();
    ck_assert_int_eq(pthread_create(&thread, NULL, wait_for_any_child, &found), 0);
    pid_t own = fork();
    if (own == 0) {
        usleep(20000);
        _exit(0);
    }
    for (int k = 0; k < 10; k++) {
        check_map(2);
        check_map_with_deaths();
    }
    while (kill(own, 0) == 0)
        usleep(1000);
    atomic_store(&over, 1);
    pthread_join(thread, NULL);
    ck_assert_int_eq(found, 1);
    check_nothing_left(before);
}
END_TEST

static void *use_malloc(void *unused)
{
    char *kept[64] = {NULL};
    for (unsigned k = 0; !atomic_load(&over); k++) {
        free(kept[k % 64]);
        kept[k % 64] = malloc(k * 37 % 5000 + 1);
        if (k % 64 == 0)
            fprintf(stderr, "%s", "");
    }
    for (int k = 0; k < 64; k++)
        free(kept[k]);
    return unused;
}

static int allocate(const void *x, void *y, void *ctx)
{
    char *p = malloc(3000), *q = malloc(300000);
    bool none = !p || !q;
    free(p);
    free(q);
    fprintf(stderr, "%s", "");
    return none ? 1 : twice_and_one(x, y, ctx);
}

/* Row 10: a fork may find the C library's locks held by threads that the child does not have. */
START_TEST(threads_that_use_malloc_all_the_time)
{
    pthread_t threads[4];
    for (int k = 0; k < 4; k++)
        ck_assert_int_eq(pthread_create(&threads[k], NULL, use_malloc, NULL), 0);
    for (int k = 0; k < 15; k++) {
        crew_process_options p = {.processes = 2};
        memset(out, 0, sizeof out);
        ck_assert_int_eq(crew_process_map(in, 4, out, 4, N, allocate, NULL, &(crew_options){.timeout = 60}, &p), 0);
        for (int i = 0; i < N; i++)
            ck_assert_int_eq(out[i], 2 * i + 1);
    }
    atomic_store(&over, 1);
    for (int k = 0; k < 4; k++)
        pthread_join(threads[k], NULL);
}
END_TEST

static void *run_maps(void *unused)
{
    int *results = malloc(N * sizeof *results);
    for (int k = 0; k < 10; k++) {
        crew_process_options p = {.processes = 2};
        ck_assert_int_eq(crew_process_map(in, 4, results, 4, N, twice_and_one, NULL, NULL, &p), 0);
        for (int i = 0; i < N; i++)
            ck_assert_int_eq(results[i], 2 * i + 1);
    }
    free(results);
    return unused;
}

START_TEST(threads_that_map_at_the_same_time)
{
    pthread_t threads[4];
    struct footprint before = footprint();
    for (int k = 0; k < 4; k++)
        ck_assert_int_eq(pthread_create(&threads[k], NULL, run_maps, NULL), 0);
    for (int k = 0; k < 4; k++)
        pthread_join(threads[k], NULL);
    ck_assert_int_eq(footprint().processes, before.processes);
    ck_assert_int_eq(footprint().descriptors, before.descriptors);
}
END_TEST

static int hang(const void *x, void *y, void *ctx)
{
    while (*(const int *)x % 100 == 7)
        sleep(1);
    return twice_and_one(x, y, ctx);
}

static void *request(void *cancel)
{
    usleep(100000);
    crew_cancel_request(cancel);
    return NULL;
}

/* Row 6: no worker runs on when the call has returned. */
START_TEST(cancel_and_timeout_end_hanging_items)
{
    crew_cancel cancel = {0};
    pthread_t thread;
    int status[N];
    struct footprint before = footprint();
    crew_process_options p = {.processes = 2, .status = status};
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, N, hang, NULL, &(crew_options){.timeout = 0.1}, &p), -ETIMEDOUT);
    ck_assert_int_eq(status[7], -ETIMEDOUT);
    check_nothing_left(before);
    ck_assert_int_eq(pthread_create(&thread, NULL, request, &cancel), 0);
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, N, hang, NULL, &(crew_options){.cancel = &cancel}, &p),
                     -ECANCELED);
    pthread_join(thread, NULL);
    ck_assert_int_eq(status[7], -ECANCELED);
    ck_assert_int_eq(footprint().processes, before.processes);
}
END_TEST

static int kill_helper(const void *x, void *y, void *ctx)
{
    if (*(const int *)x == 100)
        kill(getppid(), SIGKILL);
    usleep(500);
    return twice_and_one(x, y, ctx);
}

START_TEST(somebody_kills_the_helper)
{
    int status[N];
    struct footprint before = footprint();
    crew_process_options p = {.processes = 3, .status = status};
    memset(out, 0, sizeof out);
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, N, kill_helper, NULL, NULL, &p), -ECHILD);
    for (int i = 0; i < N; i++)
        ck_assert((status[i] == 0 && out[i] == 2 * i + 1) || (status[i] == -ECHILD && out[i] == 0));
    while (waitpid(-1, NULL, WNOHANG | __WALL) > 0)
        ; /* orphans have become the test's own */
    check_nothing_left(before);
}
END_TEST

static void allow_processes(rlim_t most)
{
    struct rlimit limit = {most, most};
    ck_assert_int_eq(setgid(54321), 0);
    ck_assert_int_eq(setrlimit(RLIMIT_NPROC, &limit), 0);
    ck_assert_int_eq(setuid((uid_t)(100000 + getpid())), 0);
}

/* The test itself, the helper, and `_i` workers where 4 are wanted. */
START_TEST(few_processes_to_be_had)
{
    allow_processes(2 + (rlim_t)_i);
    struct footprint before = footprint();
    if (_i > 0) {
        check_map(4);
    } else {
        crew_process_options p = {.processes = 4};
        ck_assert_int_eq(crew_process_map(in, 4, out, 4, N, twice_and_one, NULL, NULL, &p), -EAGAIN);
    }
    check_nothing_left(before);
}
END_TEST

START_TEST(no_process_to_be_had)
{
    allow_processes(1);
    crew_process_options p = {.processes = 4};
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, N, twice_and_one, NULL, NULL, &p), -EAGAIN);
}
END_TEST

START_TEST(no_descriptors_left)
{
    struct rlimit limit = {64, 64};
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    int first = open("/dev/null", O_RDONLY), last = first;
    for (int fd; (fd = open("/dev/null", O_RDONLY)) >= 0;)
        last = fd;
    check_map(3);
    check_map_with_deaths();
    for (int fd = first; fd <= last; fd++)
        close(fd);
}
END_TEST

START_TEST(little_memory)
{
    if (TESTS_SANITIZED)
        return;
    static char big_in[40], *big_out;
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    big_out = malloc(40 * (1 << 20));
    ck_assert(big_out && file && fscanf(file, "%lu", &pages) == 1);
    fclose(file);
    rlim_t bytes = pages * (rlim_t)sysconf(_SC_PAGESIZE) + (8 << 20);
    struct rlimit limit = {bytes, bytes};
    ck_assert_int_eq(setrlimit(RLIMIT_AS, &limit), 0);
    crew_process_options p = {.processes = 8};
    int code = crew_process_map(big_in, 1, big_out, 1 << 20, 40, twice_and_one, NULL, NULL, &p);
    ck_assert_int_eq(code, -ENOMEM);
    ck_assert_ptr_null(crew_shared_alloc(100 << 20));
    ck_assert_int_eq(errno, ENOMEM);
    check_map(2);
}
END_TEST

/* Rows 8 and 9: /dev/shm may be small, as in containers, and nothing is put there. */
static int look_at_shm(const void *x, void *y, void *ctx)
{
    (void)x;
    (void)ctx;
    *(int *)y = entries_of("/dev/shm");
    return 0;
}

START_TEST(little_shared_memory_in_dev_shm)
{
    enum { BYTES = 8 << 20 };
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("tmpfs", "/dev/shm", "tmpfs", 0, "size=64k") != 0) {
        puts("SKIP process_system little_shared_memory_in_dev_shm: mounting is not allowed");
        return;
    }
    char *large = crew_shared_alloc(BYTES);
    ck_assert_ptr_nonnull(large);
    memset(large, 1, BYTES);
    crew_process_options p = {.processes = 4};
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, N, look_at_shm, NULL, NULL, &p), 0);
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(out[i], 2); /* . and .. */
    ck_assert_int_eq(crew_process_map(in, 4, large, 40000, N, twice_and_one, NULL, NULL, &p), 0);
    crew_shared_free(large);
}
END_TEST

START_TEST(a_thousand_pools)
{
    check_map(2);
    struct footprint before = footprint();
    for (int k = 0; k < (TESTS_SANITIZED ? 50 : 1000); k++)
        check_map(1 + k % 4);
    check_nothing_left(before);
}
END_TEST

static int work_and_hang(const void *x, void *y, void *ctx)
{
    int i = *(const int *)x;
    if (i % 40 == 39)
        for (;;)
            ;
    if (i % 40 == 20)
        raise(SIGSEGV);
    return twice_and_one(x, y, ctx);
}

/* Promise (e). In a session of its own, so that what is left can be counted. */
START_TEST(the_program_is_killed)
{
    uint64_t seed = oracle_seed();
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    for (int k = 0; k < (TESTS_SANITIZED ? 30 : 1000); k++) {
        pid_t child = fork();
        ck_assert_int_ge(child, 0);
        if (child == 0) {
            setsid();
            crew_process_options p = {.processes = 3, .item_timeout = 0.002};
            for (;;)
                crew_process_map(in, 4, out, 4, N, work_and_hang, NULL, NULL, &p);
        }
        usleep((useconds_t)oracle_below(&seed, 8000));
        kill(child, SIGKILL);
        ck_assert_int_eq(waitpid(child, NULL, 0), child);
        check_session_ends(child);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("process_system");
    TCase *tc = tcase_create("system");
    tcase_set_timeout(tc, 300);
    tcase_add_checked_fixture(tc, set_up, NULL);
    suite_add_tcase(suite, tc);
    tcase_add_loop_test(tc, the_program_hears_of_no_child, 0, 3);
    tcase_add_test(tc, a_program_that_waits_for_any_child);
    if (TESTS_SANITIZED)
        puts("SKIP process_system threads_that_use_malloc_all_the_time: the sanitizer's allocator does not keep its "
             "locks "
             "over a fork");
    else
        tcase_add_test(tc, threads_that_use_malloc_all_the_time);
    tcase_add_test(tc, threads_that_map_at_the_same_time);
    tcase_add_test(tc, cancel_and_timeout_end_hanging_items);
    tcase_add_test(tc, somebody_kills_the_helper);
    if (getuid() == 0 && !TESTS_SANITIZED) {
        tcase_add_loop_test(tc, few_processes_to_be_had, 0, 3);
        tcase_add_test(tc, no_process_to_be_had);
    } else {
        puts("SKIP process_system process limits: they need a user of their own, which only root can become");
    }
    tcase_add_test(tc, no_descriptors_left);
    tcase_add_test(tc, little_memory);
    tcase_add_test(tc, little_shared_memory_in_dev_shm);
    tcase_add_test(tc, a_thousand_pools);
    tcase_add_test(tc, the_program_is_killed);
    return run_suite(suite);
}
