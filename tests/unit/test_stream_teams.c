/* crew_stream that is stopped or watched, and in teams of every kind. */
#include "stream_test.h"
#include <crew/executor.h>
#include <crew/for.h>
#include <crew/task.h>
#include <errno.h>

struct stopping {
    crew_cancel cancel;
    size_t at;
    atomic_size_t after; /* callbacks that began after the request was seen */
    size_t sunk, opened, closed;
    atomic_bool requested;
};

static int endless(void *item, size_t index, void *ctx)
{
    struct stopping *s = ctx;
    *(size_t *)item = index;
    return s->at == SIZE_MAX && index == 20000000 ? 5 : 0; /* a stop that does not work ends here */
}

static int cancel_there(void *item, size_t index, void *ctx)
{
    struct stopping *s = ctx;
    (void)item;
    if (atomic_load(&s->requested))
        atomic_fetch_add(&s->after, 1);
    if (index == s->at) {
        crew_cancel_request(&s->cancel);
        atomic_store(&s->requested, true);
    }
    return 0;
}

static int sink_in_order(void *item, size_t index, void *ctx)
{
    struct stopping *s = ctx;
    return *(size_t *)item == index && index == s->sunk++ ? 0 : 72;
}

static int stopping_open(void *item, void *ctx)
{
    (void)item;
    ((struct stopping *)ctx)->opened++;
    return 0;
}

static void stopping_close(void *item, void *ctx)
{
    (void)item;
    ((struct stopping *)ctx)->closed++;
}

static const crew_stage stopping_stages[] = {{cancel_there, CREW_STAGE_PARALLEL}};
static const crew_pipeline stopping_pipeline = {.item_size = sizeof(size_t),
                                                .source = endless,
                                                .stages = stopping_stages,
                                                .nstages = 1,
                                                .sink = sink_in_order,
                                                .open = stopping_open,
                                                .close = stopping_close};

START_TEST(cancel_and_timeout)
{
    int threads = use_threads(_i);
    struct stopping s = {.at = 1000};
    ck_assert_int_eq(crew_stream(&stopping_pipeline, &s, &(crew_options){.cancel = &s.cancel}), -ECANCELED);
    ck_assert_uint_le(s.after, (size_t)threads);
    ck_assert_uint_gt(s.opened, 0);
    ck_assert_uint_eq(s.opened, s.closed);

    struct stopping before = {.at = SIZE_MAX};
    crew_cancel_request(&before.cancel);
    ck_assert_int_eq(crew_stream(&stopping_pipeline, &before, &(crew_options){.cancel = &before.cancel}), -ECANCELED);
    ck_assert_uint_eq(before.sunk + before.opened, 0);

    struct stopping late = {.at = SIZE_MAX};
    ck_assert_int_eq(crew_stream(&stopping_pipeline, &late, &(crew_options){.timeout = 0.01}), -ETIMEDOUT);
    ck_assert_uint_eq(late.opened, late.closed);
}
END_TEST

static int refuse_open(void *item, void *ctx)
{
    (void)item;
    return ++((struct stopping *)ctx)->opened == 3 ? -ENOSPC : 0;
}

START_TEST(open_fails)
{
    use_threads(_i);
    struct stopping s = {.at = 10000000};
    crew_pipeline p = stopping_pipeline;
    p.open = refuse_open;
    p.in_flight = 8;
    size_t failed = 0;
    ck_assert_int_eq(crew_stream(&p, &s, &(crew_options){.failed = &failed}), -ENOSPC);
    ck_assert_uint_eq(failed, 2);
    ck_assert_uint_eq(s.sunk, 2);
    ck_assert_uint_eq(s.closed, 2);
}
END_TEST

struct seen {
    size_t calls, done, total;
    bool fell;
};

static void see(size_t done, size_t total, void *ctx)
{
    struct seen *seen = ctx;
    seen->fell = seen->fell || done < seen->done || (total != 0 && done > total);
    seen->calls++;
    seen->done = done;
    seen->total = total;
}

static int slow_count(void *item, size_t index, void *ctx)
{
    for (volatile int spin = 0; spin < (TESTS_VALGRIND ? 200 : 20000); spin = spin + 1)
        ;
    return count_source(item, index, ctx);
}

START_TEST(progress)
{
    use_threads(_i);
    size_t n = 2000;
    struct seen seen = {0};
    crew_options opt = {.progress = see, .progress_ctx = &seen};
    crew_pipeline p = {.source = slow_count};
    ck_assert_int_eq(crew_stream(&p, &n, &opt), 0);
    ck_assert(!seen.fell);
    ck_assert_uint_eq(seen.done, n);
    ck_assert_uint_eq(seen.total, n);
    ck_assert_uint_gt(seen.calls, 1);
    seen = (struct seen){0};
    p.total = 3 * n; /* more than come */
    ck_assert_int_eq(crew_stream(&p, &n, &opt), 0);
    ck_assert_uint_eq(seen.done, n);
    ck_assert_uint_eq(seen.total, n);
}
END_TEST

static int stream_in_task(void *arg)
{
    (void)arg;
    for (size_t shape = 0; shape < SHAPES; shape++)
        check_run(new_run(500, shapes[shape], 6), NULL);
    return 0;
}

START_TEST(in_teams)
{
    use_threads(_i);
    ck_assert_int_eq(crew_run(stream_in_task, NULL, NULL), 0);
    crew_executor *ex = crew_executor_open(NULL);
    ck_assert_ptr_nonnull(ex);
    crew_future *f[3];
    for (int i = 0; i < 3; i++)
        ck_assert_ptr_nonnull(f[i] = crew_submit(ex, stream_in_task, NULL));
    for (int i = 0; i < 3; i++) {
        int code = 1;
        ck_assert_int_eq(crew_future_result(f[i], &code), 0);
        ck_assert_int_eq(code, 0);
        crew_future_release(f[i]);
    }
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
}
END_TEST

static int stream_in_stage(void *item, size_t index, void *ctx)
{
    (void)item;
    (void)ctx;
    check_run(new_run(50 + index, "pop", 3), NULL);
    return 0;
}

START_TEST(in_a_stage)
{
    use_threads(_i);
    size_t n = 20;
    crew_stage stage = {stream_in_stage, CREW_STAGE_PARALLEL};
    ck_assert_int_eq(crew_stream(&(crew_pipeline){.source = count_source, .stages = &stage, .nstages = 1}, &n, NULL),
                     0);
}
END_TEST

/* Two tasks of one executor, the one feeding the other's source: an idle helper of the stream must not keep the worker
   that the feeder needs. Only the caller waits in the source: a helper that did so would keep that worker. */
enum { FED = TESTS_VALGRIND ? 100 : 2000 };

struct fed {
    atomic_size_t given;
    size_t taken; /* the source's */
};

static int feed(void *arg)
{
    struct fed *fed = arg;
    for (size_t i = 0; i < FED; i++)
        atomic_fetch_add(&fed->given, 1);
    return 0;
}

static int wait_for_feed(void *item, size_t index, void *ctx)
{
    struct fed *fed = ctx;
    (void)item;
    (void)index;
    if (fed->taken == FED)
        return CREW_STREAM_END;
    if (crew_worker() > 0)
        return CREW_STREAM_SKIP;
    while (atomic_load(&fed->given) <= fed->taken)
        ;
    fed->taken++;
    return 0;
}

static int stream_of_feed(void *arg)
{
    return crew_stream(&(crew_pipeline){.source = wait_for_feed, .in_flight = 8}, arg, NULL);
}

static int yield_a_while(void *arg)
{
    (void)arg;
    for (volatile int spin = 0; spin < (TESTS_VALGRIND ? 10000 : 1000000); spin = spin + 1)
        ;
    return 0;
}

START_TEST(source_fed_by_a_task)
{
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = 2});
    ck_assert_ptr_nonnull(ex);
    if (crew_executor_threads(ex) == 2) {
        for (int round = 0; round < (TESTS_VALGRIND ? 3 : 20); round++) {
            struct fed fed = {0};
            crew_future *stream = crew_submit(ex, stream_of_feed, &fed);
            ck_assert_ptr_nonnull(stream);
            yield_a_while(NULL);
            crew_future *feeder = crew_submit(ex, feed, &fed);
            ck_assert_ptr_nonnull(feeder);
            int code = 1;
            ck_assert_int_eq(crew_future_wait(stream, 30), 0);
            ck_assert_int_eq(crew_future_result(stream, &code), 0);
            ck_assert_int_eq(code, 0);
            crew_future_release(stream);
            crew_future_release(feeder);
        }
    }
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
}
END_TEST

#ifdef _OPENMP
START_TEST(in_a_region_of_the_program)
{
    use_threads(_i);
#pragma omp parallel num_threads(3)
    stream_in_task(NULL);
#pragma omp parallel num_threads(3)
#pragma omp single
    stream_in_task(NULL);
}
END_TEST
#endif

static int worker_in_range(void *item, size_t index, void *ctx)
{
    (void)item;
    (void)index;
    return crew_in_team() && crew_worker() >= 0 && crew_worker() < *(int *)ctx ? 0 : 1;
}

static int ten(void *item, size_t index, void *ctx)
{
    (void)item;
    (void)ctx;
    return index == 1000 ? CREW_STREAM_END : 0;
}

START_TEST(workers_have_numbers)
{
    int threads = use_threads(_i);
    crew_stage stage = {worker_in_range, CREW_STAGE_PARALLEL};
    crew_pipeline p = {.source = ten, .stages = &stage, .nstages = 1};
    ck_assert_int_eq(crew_stream(&p, &threads, NULL), 0);
    ck_assert_int_eq(crew_worker(), -1);
    ck_assert(!crew_in_team());
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stream_teams");
    TCase *tc = parallel_case(suite, "stream_teams");
    tcase_add_loop_test(tc, cancel_and_timeout, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, open_fails, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, progress, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, in_teams, 0, ORACLE_THREADS);
#ifdef _OPENMP
    tcase_add_loop_test(tc, in_a_region_of_the_program, 0, ORACLE_THREADS);
#endif
    tcase_add_loop_test(tc, in_a_stage, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, workers_have_numbers, 0, ORACLE_THREADS);
    tcase_add_test(tc, source_fed_by_a_task);
    return run_suite(suite);
}
