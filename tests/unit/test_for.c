/* crew_for and crew_worker: every index once, wherever blocks are cut. How calls stop is in test_stop.c. */
#include "../support/suite.h"
#include <errno.h>
#include <math.h>
#include <stdatomic.h>
#include <string.h>

static int count_up(size_t begin, size_t end, void *ctx)
{
    atomic_uchar *counts = ctx;
    if (begin >= end)
        return -1;
    for (size_t i = begin; i < end; i++)
        atomic_fetch_add_explicit(&counts[i], 1, memory_order_relaxed);
    return 0;
}

static void check_counts(size_t n, const crew_options *opt)
{
    enum { GUARD = 8 };
    atomic_uchar *counts = calloc(n + GUARD, sizeof *counts);
    ck_assert_ptr_nonnull(counts);
    ck_assert_int_eq(crew_for(n, count_up, counts, opt), 0);
    /* Not one assertion an index: Check tells the parent of each. */
    size_t i = 0;
    while (i < n + GUARD && counts[i] == (i < n))
        i++;
    if (i < n + GUARD)
        ck_abort_msg("n=%zu grain=%zu: index %zu ran %d times", n, opt ? opt->grain : 0, i, counts[i]);
    free(counts);
}

static const size_t sizes[] = {0, 1, 2, 3, 63, 64, 65, 127, 1000, 4097, TESTS_VALGRIND ? 5003 : 1000003};
static const size_t grains[] = {0, 1, 7, 64, 100, 4096, SIZE_MAX / 2, SIZE_MAX};

START_TEST(every_index_once)
{
    use_threads(_i);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (size_t g = 0; g < sizeof grains / sizeof *grains; g++)
            check_counts(sizes[s], &(crew_options){.grain = grains[g]});
}
END_TEST

START_TEST(every_index_once_by_options)
{
    const int threads[] = {1, 2, 3, 8, 64, -1, -2, -1000000, INT32_MIN, 1000000, INT32_MAX};
    for (size_t t = 0; t < sizeof threads / sizeof *threads; t++)
        check_counts(10007, &(crew_options){.threads = threads[t]});
    check_counts(10007, NULL);
}
END_TEST

/* Without always_open: the probe alone, and a team that opens because it pays. */
START_TEST(every_index_once_as_users_run_it)
{
    crew__tuning.always_open = 0;
    use_threads(_i);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        check_counts(sizes[s], NULL);
}
END_TEST

/* Watched loops run in short blocks; the indices are the same. */
START_TEST(every_index_once_when_watched)
{
    use_threads(_i);
    crew_cancel never = {0};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        size_t failed = 77;
        check_counts(sizes[s], &(crew_options){.cancel = &never, .timeout = 1000, .grain = 5});
        check_counts(sizes[s], &(crew_options){.failed = &failed});
        ck_assert_uint_eq(failed, 77);
    }
}
END_TEST

struct skew {
    double *out;
    size_t n;
};

static double work_of(size_t i, size_t n)
{
    double x = (double)i;
    size_t rounds = i % 97 == 0 || i > n - n / 16 ? 200 : 1;
    for (size_t k = 0; k < rounds; k++)
        x = sqrt(x * x + (double)k);
    return x;
}

static int do_skewed(size_t begin, size_t end, void *ctx)
{
    const struct skew *s = ctx;
    for (size_t i = begin; i < end; i++)
        s->out[i] = work_of(i, s->n);
    return 0;
}

START_TEST(irregular_work_gives_the_loops_bits)
{
    use_threads(_i);
    enum { N = 20011 };
    double *out = malloc(N * sizeof *out), *expected = malloc(N * sizeof *expected);
    ck_assert(out && expected);
    for (size_t i = 0; i < N; i++)
        expected[i] = work_of(i, N);
    for (int round = 0; round < 10; round++) {
        memset(out, 0xFF, N * sizeof *out);
        crew__tuning.always_open = round % 2;
        ck_assert_int_eq(crew_for(N, do_skewed, &(struct skew){out, N}, NULL), 0);
        ck_assert_int_eq(memcmp(out, expected, N * sizeof *out), 0);
    }
    free(out);
    free(expected);
}
END_TEST

struct grain_test {
    size_t grain, n;
    struct oracle_blocks blocks;
};

/* Slow enough that the runner wants blocks of one item, so that grain decides. */
static int note_slowly(size_t begin, size_t end, void *ctx)
{
    struct grain_test *t = ctx;
    oracle_note(&t->blocks, begin, end);
    oracle_sleep_us(20);
    return 0;
}

START_TEST(blocks_have_the_grain)
{
    int threads = use_threads(_i);
    const size_t wanted[] = {2, 63, 65, 100, 1000};
    for (size_t g = 0; g < sizeof wanted / sizeof *wanted; g++) {
        struct grain_test t = {.grain = wanted[g], .n = wanted[g] * (100 + 8 * (size_t)threads) + 1};
        crew_cancel never = {0};
        crew_options opt = {.grain = t.grain, .cancel = &never};
        ck_assert_int_eq(crew_for(t.n, note_slowly, &t, &opt), 0);
        ck_assert(oracle_is_partition(&t.blocks, t.n));
        size_t small = 0;
        for (size_t k = 0; k < t.blocks.count; k++)
            small += t.blocks.at[k][1] - t.blocks.at[k][0] < t.grain;
        /* The last of a range may be smaller: one on one thread, and elsewhere few, as ranges are halved. */
        ck_assert_msg(small <= (threads == 1 ? 1 : t.blocks.count / 2), "grain %zu: %zu of %zu blocks are smaller",
                      t.grain, small, t.blocks.count);
        oracle_clear(&t.blocks);
    }
}
END_TEST

static int note_block(size_t begin, size_t end, void *ctx)
{
    oracle_note(ctx, begin, end);
    return 0;
}

/* More items than 32 bits count: ranges are then kept in units of several items. */
START_TEST(huge_loops_are_covered_exactly)
{
    use_threads(_i);
#if SIZE_MAX > UINT32_MAX
    const size_t big = (size_t)1 << 33;
    const struct {
        size_t n, grain;
    } cases[] = {
        {UINT32_MAX, 1 << 26},
        {(size_t)UINT32_MAX + 1, 1 << 26},
        {(size_t)UINT32_MAX + 2, (1 << 26) + 1},
        {big + 5, ((size_t)1 << 28) + 7},
        {SIZE_MAX, SIZE_MAX / 64},
        {SIZE_MAX - 1, SIZE_MAX / 1000},
        {SIZE_MAX / 2 + 1, SIZE_MAX / 9},
        {SIZE_MAX, SIZE_MAX / 2 + 5},
        {SIZE_MAX, SIZE_MAX - 1},
    };
#else
    const struct {
        size_t n, grain;
    } cases[] = {{SIZE_MAX, SIZE_MAX / 64}, {SIZE_MAX - 1, SIZE_MAX / 1000}, {SIZE_MAX, SIZE_MAX / 2 + 5}};
#endif
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct oracle_blocks blocks = {0};
        crew_cancel never = {0};
        ck_assert_int_eq(crew_for(cases[c].n, note_block, &blocks,
                                  &(crew_options){.grain = cases[c].grain, .cancel = c % 2 ? &never : NULL}),
                         0);
        ck_assert_msg(oracle_is_partition(&blocks, cases[c].n), "n=%zu grain=%zu", cases[c].n, cases[c].grain);
        oracle_clear(&blocks);
    }
}
END_TEST

static int fail_but_first(size_t begin, size_t end, void *ctx)
{
    return begin == 0 && end <= *(size_t *)ctx ? 0 : 7;
}

static int fail_all(size_t begin, size_t end, void *ctx)
{
    (void)begin;
    (void)end;
    (void)ctx;
    return 9;
}

START_TEST(huge_loops_stop_at_once)
{
    use_threads(_i);
    const size_t ns[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX / 2 + 1, (size_t)UINT32_MAX + 10};
    for (size_t k = 0; k < sizeof ns / sizeof *ns; k++) {
        size_t failed = 5;
        ck_assert_int_eq(crew_for(ns[k], fail_all, NULL, NULL), 9);
        ck_assert_int_eq(crew_for(ns[k], fail_all, NULL, &(crew_options){.failed = &failed}), 9);
        ck_assert_uint_eq(failed, 0);
        ck_assert_int_eq(crew_for(ns[k], fail_but_first, &(size_t){1000}, &(crew_options){.grain = 1000}), 7);
        ck_assert_int_eq(crew_for(ns[k], fail_but_first, &(size_t){1}, &(crew_options){.failed = &failed}), 7);
        ck_assert_uint_eq(failed, 1);
    }
}
END_TEST

struct workers {
    int threads;
    atomic_int busy[64];
    atomic_int wrong;
    atomic_int used;
    atomic_int patience; /* looks for another worker that are left */
};

/* Only the caller can have a block without a team, before one opens; a loop in such a block may open its own. */
static int same_worker(size_t begin, size_t end, void *ctx)
{
    int outer = *(const int *)ctx, id = crew_worker();
    (void)begin;
    (void)end;
    return id == outer || (outer == 0 && id > 0 && id < crew_num_threads()) ? 0 : 1;
}

static int enter_worker(size_t begin, size_t end, void *ctx)
{
    struct workers *w = ctx;
    (void)begin;
    (void)end;
    int id = crew_in_team() ? crew_worker() : -7;
    if (id < 0 || id >= w->threads || atomic_exchange(&w->busy[id], 1) != 0) {
        atomic_store(&w->wrong, 1);
        return 0;
    }
    atomic_fetch_or(&w->used, 1 << (id < 30 ? id : 30));
    if (crew_for(3, same_worker, &id, NULL) != 0 || crew_worker() != id)
        atomic_store(&w->wrong, 1);
    /* The team is open after the first block. On a busy machine its other threads come late. */
    while (begin > 0 && atomic_load(&w->used) == 1 && atomic_fetch_sub(&w->patience, 1) > 0)
        oracle_sleep_us(100);
    if (begin % 64 == 0)
        oracle_sleep_us(50);
    atomic_store(&w->busy[id], 0);
    return 0;
}

START_TEST(worker_numbers_are_in_range_and_unique)
{
    struct workers w = {.threads = use_threads(_i)};
    ck_assert_int_eq(crew_worker(), -1);
    ck_assert(!crew_in_team());
    bool team = strcmp(crew_backend(), "sequential") != 0 && w.threads > 1;
    w.patience = team ? 100000 : 0;
    for (int round = 0; round < 20; round++) {
        ck_assert_int_eq(crew_for(4000, enter_worker, &w, NULL), 0);
        ck_assert_int_eq(crew_worker(), -1);
    }
    ck_assert_int_eq(w.wrong, 0);
    /* with blocks that sleep every worker gets some, so the flags above had something to say */
    if (team)
        ck_assert_int_ne(w.used, 1);
    else
        ck_assert_int_eq(w.used, 1);
}
END_TEST

START_TEST(one_thread_asked_by_options_is_one_worker)
{
    use_threads(3); /* 8 for the process */
    struct workers w = {.threads = 1};
    ck_assert_int_eq(crew_for(4000, enter_worker, &w, &(crew_options){.threads = 1}), 0);
    ck_assert_int_eq(w.wrong, 0);
    w.threads = 2;
    ck_assert_int_eq(crew_for(4000, enter_worker, &w, &(crew_options){.threads = 2}), 0);
    ck_assert_int_eq(w.wrong, 0);
}
END_TEST

START_TEST(bad_arguments_are_refused)
{
    size_t failed = 3;
    int calls = 0;
    ck_assert_int_eq(crew_for(5, NULL, NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_for(0, NULL, NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_for(0, fail_all, NULL, NULL), 0);
    const double bad[] = {-1, -1e-300, -INFINITY, NAN, -NAN};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        crew_options opt = {.timeout = bad[k], .failed = &failed};
        ck_assert_int_eq(crew_for(5, fail_all, &calls, &opt), -EINVAL);
        ck_assert_int_eq(crew_for(0, fail_all, &calls, &opt), -EINVAL);
    }
    ck_assert_uint_eq(failed, 3);
    ck_assert_int_eq(crew_worker(), -1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("for");
    TCase *tc = parallel_case(suite, "for");
    tcase_add_loop_test(tc, every_index_once, 0, ORACLE_THREADS);
    tcase_add_test(tc, every_index_once_by_options);
    tcase_add_loop_test(tc, every_index_once_as_users_run_it, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, every_index_once_when_watched, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, irregular_work_gives_the_loops_bits, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, blocks_have_the_grain, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, huge_loops_are_covered_exactly, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, huge_loops_stop_at_once, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, worker_numbers_are_in_range_and_unique, 0, ORACLE_THREADS);
    tcase_add_test(tc, one_thread_asked_by_options_is_one_worker);
    tcase_add_test(tc, bad_arguments_are_refused);
    return run_suite(suite);
}
