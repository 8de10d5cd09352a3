/* Limits that strike between two calls: threads made elsewhere while a pool grows, a pool that a region of the
   program's own has shrunk, no descriptors, little stack. The results are right and the process lives on. */
#define _GNU_SOURCE
#include "../support/sanitized.h"
#include "../support/suite.h"
#include <crew/by_key.h>
#include <crew/executor.h>
#include <crew/for.h>
#include <crew/sort.h>
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

/* 40 KiB for crew, as README.md says, and 12 KiB for the thread itself and this file. */
enum { SMALL_STACK = 52 << 10, KEYS = 400000 };
static uint32_t keys[KEYS], distinct[KEYS];
static double values[KEYS], sums[KEYS];
static size_t indices[KEYS];

static void scramble(void)
{
    for (size_t i = 0; i < KEYS; i++) {
        keys[i] = (uint32_t)i * UINT32_C(2654435761);
        values[i] = (double)keys[i] - 1e9;
    }
}

static void *sorts(void *result)
{
    int *error = result;
    size_t groups = 0;
    scramble();
    *error = crew_argsort_f64(values, KEYS, indices) || crew_argsort_u32(keys, KEYS, indices);
    *error = *error || crew_sort_f64(values, KEYS) || !crew_is_sorted_f64(values, KEYS);
    *error = *error || crew_sort_u32(keys, KEYS) || !crew_is_sorted_u32(keys, KEYS);
    scramble();
    *error = *error || crew_sort_records_u64(values, KEYS / 2, 16, 0);
    for (size_t n = 300; n <= 30000; n *= 10) {
        scramble();
        *error = *error || crew_reduce_by_key_sum_u32_f64(keys, values, n, distinct, sums, &groups) || groups != n;
        *error = *error || crew_sort_by_key_u32(keys, values, sizeof *values, n) || !crew_is_sorted_u32(keys, n);
    }
    return NULL;
}

START_TEST(a_small_stack_is_enough)
{
    pthread_t thread;
    pthread_attr_t small;
    int error = -1;
    crew_set_num_threads(2);
    ck_assert_int_eq(pthread_attr_init(&small), 0);
    ck_assert_int_eq(pthread_attr_setstacksize(&small, TESTS_SANITIZED ? 8 << 20 : SMALL_STACK), 0);
    ck_assert_int_eq(pthread_create(&thread, &small, sorts, &error), 0);
    pthread_join(thread, NULL);
    ck_assert_int_eq(error, 0);
    pthread_attr_destroy(&small);
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
    tcase_add_test(tc, a_small_stack_is_enough);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
