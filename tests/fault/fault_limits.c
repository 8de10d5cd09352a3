/* Limits that strike between two calls: threads made elsewhere while a pool grows, a pool that a region of the
   program's own has shrunk, no descriptors. The results are right and the process lives on. */
#define _GNU_SOURCE
#include "../support/sanitized.h"
#include "../support/suite.h"
#include <crew/executor.h>
#include <crew/for.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static void nap_ms(int ms)
{
    nanosleep(&(struct timespec){0, ms * 1000000L}, NULL);
}

/* The limit counts a user's threads in all processes, so each test is a user of its own. */
static void allow_threads(rlim_t most)
{
    struct rlimit limit = {most, most};
    ck_assert_int_eq(setgid(54321), 0);
    ck_assert_int_eq(setrlimit(RLIMIT_NPROC, &limit), 0);
    ck_assert_int_eq(setuid((uid_t)(100000 + getpid())), 0);
}

static int sleep_and_count(size_t begin, size_t end, void *ctx)
{
    for (size_t i = begin; i < end; i++) {
        nanosleep(&(struct timespec){0, 100000}, NULL);
        ((unsigned char *)ctx)[i]++;
    }
    return 0;
}

/* Items sleep, so that the loop opens as many threads as it was given. */
static void check_loop(int threads)
{
    unsigned char count[100] = {0}, ones[100];
    memset(ones, 1, sizeof ones);
    ck_assert_int_eq(crew_for(sizeof count, sleep_and_count, count, &(crew_options){.threads = threads}), 0);
    ck_assert_mem_eq(count, ones, sizeof count);
}

static int seven(void *unused)
{
    (void)unused;
    return 7;
}

static void check_executor(crew_executor *ex)
{
    for (int i = 0; i < 20; i++) {
        int value = 0;
        crew_future *f = crew_submit(ex, seven, NULL);
        ck_assert_ptr_nonnull(f);
        ck_assert_int_eq(crew_future_result(f, &value), 0);
        ck_assert_int_eq(value, 7);
        crew_future_release(f);
    }
}

static void *open_and_close(void *unused)
{
    for (int i = 0; i < 20; i++) {
        crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = 4});
        if (!ex)
            continue; /* EAGAIN */
        check_executor(ex);
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    }
    return unused;
}

START_TEST(executors_open_at_the_same_time)
{
    pthread_t other[2];
    allow_threads(8);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(pthread_create(&other[i], NULL, open_and_close, NULL), 0);
    open_and_close(NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(other[i], NULL);
}
END_TEST

static void *sleep_600_ms(void *unused)
{
    nap_ms(600);
    return unused;
}

/* What was crew's pool is no longer: the threads that a narrower region dropped are now somebody else's. */
START_TEST(a_region_of_the_program_shrinks_the_pool)
{
    pthread_t other[2];
    allow_threads(4);
    check_loop(4);
    int ran = 0;
#ifdef _OPENMP
#pragma omp parallel num_threads(2) reduction(+ : ran)
#endif
    ran++;
    nap_ms(20);
    for (int i = 0; i < 2; i++)
        pthread_create(&other[i], NULL, sleep_600_ms, NULL);
    check_loop(4);
    ck_assert_int_ge(ran, 1);
}
END_TEST

static void use_up_descriptors(void)
{
    struct rlimit limit = {64, 64};
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    while (open("/dev/null", O_RDONLY) >= 0)
        ;
}

START_TEST(no_descriptors_left)
{
    use_up_descriptors();
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = 3});
    if (ex) {
        check_executor(ex);
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    }
    check_loop(3);
    check_loop(2);
}
END_TEST

static void *loops(void *unused)
{
    check_loop(3);
    return unused;
}

START_TEST(a_thread_with_a_pool_ends_without_descriptors)
{
    pthread_t thread;
    check_loop(3);
    use_up_descriptors();
    ck_assert_int_eq(pthread_create(&thread, NULL, loops, NULL), 0);
    pthread_join(thread, NULL);
    check_loop(2);
}
END_TEST

int main(void)
{
    if (TESTS_MEMORY) {
        puts("SKIP fault_limits: the leak checker needs descriptors and a thread at the end of each test");
        return 77;
    }
    Suite *suite = suite_create("limits");
    TCase *tc = tcase_create("limits");
    tcase_set_timeout(tc, 60);
    if (getuid() == 0) {
        tcase_add_test(tc, executors_open_at_the_same_time);
        tcase_add_test(tc, a_region_of_the_program_shrinks_the_pool);
    } else {
        puts("SKIP thread limits: they need a user of their own, which only root can become");
    }
    tcase_add_test(tc, no_descriptors_left);
    tcase_add_test(tc, a_thread_with_a_pool_ends_without_descriptors);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
