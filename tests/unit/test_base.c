/* The rest of the base: names of errors, the cancel flag, the clock, memory. */
#define _GNU_SOURCE
#include <check.h>
#include <crew/options.h>
#include <crew/version.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../lib/core/base/clock.h"
#include "../../lib/core/base/died.h"
#include "../../lib/core/base/memory.h"
#include "../../lib/core/base/trace.h"
#include <crew/trace.h>

START_TEST(errors_have_names)
{
    static const struct {
        int code;
        const char *name;
    } own[] = {{EINVAL, "EINVAL"},       {ENOMEM, "ENOMEM"}, {ECANCELED, "ECANCELED"}, {ETIMEDOUT, "ETIMEDOUT"},
               {EOVERFLOW, "EOVERFLOW"}, {EAGAIN, "EAGAIN"}, {EBUSY, "EBUSY"},         {EDEADLK, "EDEADLK"},
               {ELOOP, "ELOOP"},         {EMFILE, "EMFILE"}, {ERANGE, "ERANGE"},       {EIO, "EIO"},
               {EEXIST, "EEXIST"}};
    char number[32], previous[64] = "";
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        const char *text = crew_strerror(-own[i].code);
        snprintf(number, sizeof number, ", %d)", -own[i].code);
        ck_assert_ptr_nonnull(strstr(text, own[i].name));
        ck_assert_ptr_nonnull(strstr(text, number));
        ck_assert_str_ne(text, previous);
        snprintf(previous, sizeof previous, "%s", text);
    }
    ck_assert_str_eq(crew_strerror(0), "success");
    ck_assert_str_eq(crew_strerror(7), "value 7 of the callback");
    ck_assert_str_eq(crew_strerror(-1), "value -1 of the callback");
    ck_assert_str_eq(crew_strerror(-EDOM), "value -33 of the callback");
    snprintf(previous, sizeof previous, "value %d of the callback", INT_MIN);
    ck_assert_str_eq(crew_strerror(INT_MIN), previous);
    ck_assert_str_eq(crew_strerror(EINVAL), "value 22 of the callback");
}
END_TEST

START_TEST(cancel_flag)
{
    crew_cancel stop = {0};
    ck_assert(!crew_cancel_requested(&stop));
    crew_cancel_request(&stop);
    ck_assert(crew_cancel_requested(&stop));
    crew_cancel_request(&stop);
    ck_assert(crew_cancel_requested(&stop));
    crew_cancel_reset(&stop);
    ck_assert(!crew_cancel_requested(&stop));
    crew_cancel_request(NULL);
    crew_cancel_reset(NULL);
    ck_assert(!crew_cancel_requested(NULL));
}
END_TEST

static crew_cancel interrupted;

static void on_signal(int number)
{
    (void)number;
    crew_cancel_request(&interrupted);
}

START_TEST(cancel_from_a_signal_handler)
{
    signal(SIGUSR1, on_signal);
    ck_assert_int_eq(raise(SIGUSR1), 0);
    ck_assert(crew_cancel_requested(&interrupted));
}
END_TEST

static crew_cancel message_sent;
static int message;

static void *send_message(void *arg)
{
    (void)arg;
    message = 42;
    crew_cancel_request(&message_sent);
    return NULL;
}

START_TEST(cancel_shows_what_came_before)
{
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, send_message, NULL), 0);
    while (!crew_cancel_requested(&message_sent))
        sched_yield();
    ck_assert_int_eq(message, 42);
    pthread_join(thread, NULL);
}
END_TEST

static atomic_int gate;
static double rates[8];

static void *ask_rate(void *arg)
{
    while (!atomic_load(&gate))
        ;
    *(double *)arg = crew__ticks_per_ns();
    return NULL;
}

START_TEST(ticks_have_one_rate)
{
    enum { THREADS = sizeof rates / sizeof rates[0] };
    pthread_t thread[THREADS];
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&thread[i], NULL, ask_rate, &rates[i]), 0);
    atomic_store(&gate, 1);
    double rate = crew__ticks_per_ns();
    for (int i = 0; i < THREADS; i++)
        pthread_join(thread[i], NULL);
    ck_assert(rate > 0);
    for (int i = 0; i < THREADS; i++)
        ck_assert(rates[i] == rate && crew__ticks_per_ns() == rate);
}
END_TEST

START_TEST(memory_is_aligned_and_checked)
{
    const size_t sizes[] = {0, 1, 63, 64, 65, 4096, 100001};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        unsigned char *p = crew__alloc(sizes[i]);
        ck_assert_ptr_nonnull(p);
        ck_assert_uint_eq((uintptr_t)p % 64, 0);
        memset(p, 0xA5, sizes[i]);
        crew__free(p);
    }
    ck_assert_ptr_null(crew__alloc(SIZE_MAX));
    ck_assert_ptr_null(crew__alloc(SIZE_MAX - 64));
    ck_assert_ptr_null(crew__alloc((size_t)PTRDIFF_MAX));
    crew__free(NULL);
    size_t product = 7;
    ck_assert(crew__mul(SIZE_MAX / 2, 2, &product) && product == SIZE_MAX - 1);
    ck_assert(!crew__mul(SIZE_MAX / 2 + 1, 2, &product) && product == SIZE_MAX - 1);
    ck_assert(crew__mul(SIZE_MAX, 0, &product) && product == 0);
    char a[8];
    ck_assert(crew__overlap(a, 4, a + 3, 4) && crew__overlap(a + 3, 4, a, 4) && crew__overlap(a, 1, a, 1));
    ck_assert(!crew__overlap(a, 4, a + 4, 4) && !crew__overlap(a + 4, 4, a, 4) && !crew__overlap(a, 0, a, 4));
    ck_assert(!crew__overlap(a + 1, 0, a, 4) && !crew__overlap(a, 4, a + 1, 0));
}
END_TEST

START_TEST(versions_agree)
{
    char numbers[32];
    snprintf(numbers, sizeof numbers, "%d.%d.%d", CREW_VERSION_MAJOR, CREW_VERSION_MINOR, CREW_VERSION_PATCH);
    ck_assert_str_eq(crew_version(), CREW_VERSION);
    ck_assert_str_eq(crew_version(), numbers);
}
END_TEST

static void check_death(int signal, unsigned long long peak_kb, const char *sentence)
{
    const struct crew__death death = {.signal = signal, .exit_code = signal ? 0 : 7, .peak_kb = peak_kb};
    struct crew__death same;
    char text[100];
    ck_assert(crew__died_unpack(crew__died_pack(&death), &same));
    ck_assert_int_eq(same.signal, signal);
    ck_assert_int_eq(crew__died_explain(&same, text, sizeof text), (int)strlen(text));
    ck_assert_str_eq(text, sentence);
}

START_TEST(deaths_in_words)
{
    struct crew__death death = {.signal = 99};
    check_death(0, 0, "exit code 7 at 0.0 MB");
    check_death(SIGSYS, 1000, "killed by SIGSYS at 1.0 MB");
    check_death(SIGWINCH, 1 << 20, "killed by signal 28 at 1.1 GB");
    /* more than any machine has: the most that there is room for */
    check_death(SIGKILL, ULLONG_MAX, "killed by SIGKILL at 280375.5 GB");
    ck_assert(!crew__died_unpack(0, &death) && !crew__died_unpack(-EINVAL, &death) &&
              !crew__died_unpack(INT_MIN, &death));
    ck_assert(!crew__died_unpack(-(1 << 28) - (1 << 23), &death));
    ck_assert_int_eq(death.signal, 99);
}
END_TEST

/* A call that has begun while nothing was measured is not measured when it ends, whatever was switched on meanwhile. */
START_TEST(calls_without_a_trace)
{
    crew_call_stats stats[1];
    struct crew__trace_call call;
    int64_t before;
    crew_stats_enable(0);
    crew__trace_begin(&call, "call", "loop", 10);
    crew_stats_enable(1);
    const struct crew__trace_worker worker = crew__trace_enter();
    crew__trace_block_end(&call, crew__trace_block_begin(&before), before, NULL, 0, 10);
    crew__trace_steal(&call);
    crew__trace_leave(&call, worker);
    crew__trace_end(&call);
    ck_assert_uint_eq(crew_stats(stats, 1), 0);
    crew__trace_begin(&call, "call", "loop", 10);
    crew__trace_range("slice", call.start, 0, 1); /* goes to a file alone, and there is none */
    crew__trace_steal(&call);
    crew__trace_end(&call);
    ck_assert_uint_eq(crew_stats(stats, 1), 1);
    ck_assert_uint_eq(stats[0].calls, 1);
    ck_assert_uint_eq(stats[0].steals, 1);
    ck_assert_uint_eq(stats[0].blocks, 0);
    ck_assert_uint_eq(crew_stats(NULL, 0), 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("base");
    TCase *base = tcase_create("base");
    tcase_add_test(base, errors_have_names);
    tcase_add_test(base, cancel_flag);
    tcase_add_test(base, cancel_from_a_signal_handler);
    tcase_add_test(base, cancel_shows_what_came_before);
    tcase_add_loop_test(base, ticks_have_one_rate, 0, 20);
    tcase_add_test(base, versions_agree);
    tcase_add_test(base, deaths_in_words);
    tcase_add_test(base, calls_without_a_trace);
    tcase_add_test(base, memory_is_aligned_and_checked);
    suite_add_tcase(suite, base);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
