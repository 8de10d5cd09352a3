/* crew_limit_inner: how many threads the program's own OpenMP regions have inside callbacks of every kind. */
#include "../support/suite.h"
#include <crew/crew.h>
#include <errno.h>
#include <stdatomic.h>
#ifdef _OPENMP
#include <omp.h>
#endif

enum { OUTSIDE = 3, REGIONS = 40 };

/* What regions of callbacks had, and how many threads were in such regions at the same time. */
static atomic_int fewest, most, together;
#ifdef _OPENMP
static atomic_int now;
#endif

static void up_to(atomic_int *top, int value)
{
    int seen = atomic_load(top);
    while (value > seen && !atomic_compare_exchange_weak(top, &seen, value))
        ;
}

static void down_to(atomic_int *bottom, int value)
{
    int seen = atomic_load(bottom);
    while (value < seen && !atomic_compare_exchange_weak(bottom, &seen, value))
        ;
}

static void region(void)
{
    int width = 1;
#ifdef _OPENMP
#pragma omp parallel
    {
        up_to(&together, atomic_fetch_add(&now, 1) + 1);
#pragma omp single
        width = omp_get_num_threads();
        atomic_fetch_sub(&now, 1);
    }
#endif
    up_to(&most, width);
    down_to(&fewest, width);
}

static void reset(void)
{
    atomic_store(&fewest, 1000);
    atomic_store(&most, 0);
    atomic_store(&together, 0);
#ifdef _OPENMP
    omp_set_num_threads(OUTSIDE);
#endif
}

/* The regions had `threads` (1 without OpenMP), and outside everything is as it was. */
static void expect_up_to(int threads, int crews)
{
#ifdef _OPENMP
    ck_assert_int_eq(atomic_load(&most), threads);
    ck_assert_int_eq(atomic_load(&fewest), threads);
    ck_assert_int_le(atomic_load(&together), threads * crews);
    ck_assert_int_eq(omp_get_max_threads(), OUTSIDE);
    ck_assert_int_eq(omp_get_max_active_levels(), 1);
#else
    (void)threads;
    (void)crews;
    ck_assert_int_eq(atomic_load(&most), 1);
#endif
}

static int body(size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    for (size_t i = begin; i < end; i++)
        region();
    return 0;
}

static int inside_body(size_t begin, size_t end, void *ctx)
{
    return crew_for(end - begin, body, ctx, NULL);
}

static int task(void *arg)
{
    (void)arg;
    region();
    return 0;
}

static int root(void *arg)
{
    crew_task tasks[8];
    for (int i = 0; i < 8; i++)
        crew_fork(&tasks[i], task, arg);
    region();
    for (int i = 8; i-- > 0;)
        ck_assert_int_eq(crew_join(&tasks[i]), 0);
    return 0;
}

static int map_item(const void *in, void *out, void *ctx)
{
    (void)ctx;
    region();
    *(int *)out = *(const int *)in;
    return 0;
}

static int source(void *item, size_t index, void *ctx)
{
    (void)item;
    (void)ctx;
    region();
    return index < REGIONS ? 0 : CREW_STREAM_END;
}

static const int limits[] = {1, 2, 5}, crews[] = {1, 2, 4};

START_TEST(every_call_obeys)
{
    int limit = limits[_i / 3], threads = crews[_i % 3];
    const crew_options opt = {.threads = threads};
    ck_assert_int_eq(crew_set_num_threads(threads), 0);
    ck_assert_int_eq(crew_limit_inner(limit), 0);

    reset();
    ck_assert_int_eq(crew_for(REGIONS, body, NULL, &opt), 0);
    expect_up_to(limit, threads);

    reset();
    ck_assert_int_eq(crew_for(2, inside_body, NULL, &opt), 0);
    expect_up_to(limit, threads);

    int in[REGIONS] = {0}, out[REGIONS];
    reset();
    ck_assert_int_eq(crew_map(in, sizeof *in, out, sizeof *out, REGIONS, map_item, NULL, &opt), 0);
    expect_up_to(limit, threads);

    reset();
    ck_assert_int_eq(crew_run(root, NULL, &opt), 0);
    expect_up_to(limit, threads);

    reset();
    ck_assert_int_eq(crew_stream(&(crew_pipeline){.source = source}, NULL, &opt), 0);
    expect_up_to(limit, threads);

    for (int on_demand = 0; on_demand < 2; on_demand++) {
        reset();
        crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = threads, .on_demand = on_demand});
        ck_assert_ptr_nonnull(ex);
        for (int i = 0; i < REGIONS; i++)
            ck_assert_int_eq(crew_submit_with(ex, task, NULL, NULL, NULL), 0);
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
        expect_up_to(limit, threads);
    }
}
END_TEST

/* A loop that crew does not share out: one item, and few that are cheap. */
START_TEST(a_loop_alone_obeys)
{
    for (int k = 0; k < 3; k++) {
        ck_assert_int_eq(crew_limit_inner(limits[k]), 0);
        reset();
        ck_assert_int_eq(crew_for(1, body, NULL, NULL), 0);
        expect_up_to(limits[k], 1);
        reset();
        ck_assert_int_eq(crew_for(3, body, NULL, &(crew_options){.threads = 1, .timeout = 100}), 0);
        expect_up_to(limits[k], 1);
    }
}
END_TEST

START_TEST(no_limit_changes_nothing)
{
    ck_assert_int_eq(crew_limit_inner(-1), -EINVAL);
    for (int k = 0; k < 2; k++) {
        reset();
        ck_assert_int_eq(crew_for(1, body, NULL, NULL), 0);
        expect_up_to(OUTSIDE, 1);
        reset();
        ck_assert_int_eq(crew_for(REGIONS, body, NULL, &(crew_options){.threads = 1}), 0);
        expect_up_to(OUTSIDE, 1);
        ck_assert_int_eq(crew_limit_inner(2), 0); /* given back */
        ck_assert_int_eq(crew_limit_inner(-5), -EINVAL);
        ck_assert_int_eq(crew_limit_inner(0), 0);
    }
}
END_TEST

#ifdef _OPENMP
/* As tasks of a region that the program opened: its own settings are as before, in each of its threads. */
START_TEST(in_a_region_of_the_program)
{
    ck_assert_int_eq(crew_limit_inner(2), 0);
    reset();
    atomic_int wrong = 0;
#pragma omp parallel num_threads(2)
    {
        omp_set_num_threads(7);
#pragma omp single
        if (crew_for(REGIONS, body, NULL, NULL) != 0)
            atomic_store(&wrong, 1);
        if (omp_get_max_threads() != 7 || omp_get_max_active_levels() != 1)
            atomic_store(&wrong, 2);
    }
    ck_assert_int_eq(atomic_load(&wrong), 0);
    expect_up_to(2, 2);
}
END_TEST

/* A limit beyond reason is capped; nothing is asked of it here. */
START_TEST(a_limit_is_capped)
{
    ck_assert_int_eq(crew_limit_inner(2000000000), 0);
    ck_assert_int_eq(crew_limit_inner(0), 0);
}
END_TEST
#endif

/* Stands for OpenBLAS, whose functions crew looks for by name. */
static int blas_threads = 7, blas_kind;

int openblas_get_parallel(void);
int openblas_get_num_threads(void);
void openblas_set_num_threads(int threads);

int openblas_get_parallel(void)
{
    return blas_kind;
}

int openblas_get_num_threads(void)
{
    return blas_threads;
}

void openblas_set_num_threads(int threads)
{
    blas_threads = threads;
}

/* On pthreads it has crew's limit, and later what it had before; on OpenMP (2) or alone (0) it is left as it is. */
START_TEST(a_blas_of_the_program)
{
    enum { ON_PTHREADS = 1, ON_OPENMP = 2 };
    for (blas_kind = 0; blas_kind <= ON_OPENMP; blas_kind++) {
        static const int limits[] = {2, 3, 0, 0};
        for (size_t k = 0; k < sizeof limits / sizeof *limits; k++) {
            ck_assert_int_eq(crew_limit_inner(limits[k]), 0);
            ck_assert_int_eq(blas_threads, blas_kind == ON_PTHREADS && limits[k] ? limits[k] : 7);
        }
        ck_assert_int_eq(crew_limit_inner(-1), -EINVAL);
        ck_assert_int_eq(blas_threads, 7);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("inner");
    TCase *shared = parallel_case(suite, "shared");
    tcase_add_loop_test(shared, every_call_obeys, 0, 9);
    TCase *alone = tcase_create("alone");
    suite_add_tcase(suite, alone);
    tcase_add_test(alone, a_loop_alone_obeys);
    tcase_add_test(alone, no_limit_changes_nothing);
    tcase_add_test(alone, a_blas_of_the_program);
#ifdef _OPENMP
    tcase_add_test(shared, in_a_region_of_the_program);
    tcase_add_test(alone, a_limit_is_capped);
#endif
    return run_suite(suite);
}
