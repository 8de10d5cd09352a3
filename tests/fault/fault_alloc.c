/* Out of memory at each allocation in turn, once and from then on: the documented error, outputs untouched, nothing
 * leaked. */
#define _POSIX_C_SOURCE 200809L
#include "../../lib/core/base/limits.h"
#include "../../lib/core/base/scratch.h"
#include "../support/counting_alloc.h"
#include "../support/suite.h"
#include <crew/task.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct big {
    uint64_t value[512];
};

static int fold(size_t begin, size_t end, void *acc, void *ctx)
{
    struct big *b = acc;
    (void)ctx;
    for (size_t i = begin; i < end; i++)
        b->value[i % 512] += i;
    return 0;
}

static void merge(void *acc, const void *right, void *ctx)
{
    struct big *b = acc;
    (void)ctx;
    for (int i = 0; i < 512; i++)
        b->value[i] += ((const struct big *)right)->value[i];
}

static const crew_reducer sums = {sizeof(struct big), NULL, fold, merge, NULL};

enum { N = 3000 };

static int mark(size_t begin, size_t end, void *ctx)
{
    for (size_t i = begin; i < end; i++)
        ((unsigned char *)ctx)[i]++;
    return 0;
}

static int mark_local(size_t begin, size_t end, void *value, void *ctx)
{
    (void)value;
    return mark(begin, end, ctx);
}

static int double_it(const void *in, void *out, void *ctx)
{
    (void)ctx;
    *(int *)out = 2 * *(const int *)in;
    return 0;
}

static int tile(size_t r0, size_t r1, size_t c0, size_t c1, void *ctx)
{
    for (size_t r = r0; r < r1; r++)
        for (size_t c = c0; c < c1; c++)
            ((unsigned char *)ctx)[r * 60 + c]++;
    return 0;
}

/* Each use returns crew's value; right says whether outputs are those of success, or untouched. */
static struct big result, expected;
static unsigned char counts[N];
static int in[N], out[N];

static int use_reduce(void)
{
    memset(&result, 0x77, sizeof result);
    return crew_reduce(N, &sums, NULL, &result, NULL);
}

static bool reduce_right(int error)
{
    struct big untouched;
    memset(&untouched, 0x77, sizeof untouched);
    return memcmp(&result, error ? &untouched : &expected, sizeof result) == 0;
}

static int use_for(void)
{
    memset(counts, 0, sizeof counts);
    return crew_for(N, mark, counts, NULL);
}

static int use_2d(void)
{
    memset(counts, 0, sizeof counts);
    return crew_for_2d(50, 60, (crew_tile){3, 7}, tile, counts, NULL);
}

static bool counts_right(int error)
{
    for (int i = 0; i < N; i++)
        if (counts[i] != 1)
            return false;
    return error == 0;
}

static int use_map(void)
{
    memset(out, 0, sizeof out);
    return crew_map(in, sizeof *in, out, sizeof *out, N, double_it, NULL, NULL);
}

static bool map_right(int error)
{
    for (int i = 0; i < N; i++)
        if (out[i] != 2 * i)
            return false;
    return error == 0;
}

static const struct {
    const char *name;
    int (*use)(void);
    bool (*right)(int error);
    bool may_fail; /* the header names -ENOMEM */
} uses[] = {
    {"reduce", use_reduce, reduce_right, true},
    {"for", use_for, counts_right, false},
    {"for_2d", use_2d, counts_right, false},
    {"map", use_map, map_right, false},
};
enum { USES = sizeof uses / sizeof *uses };

static void set_up(int threads)
{
    for (int i = 0; i < N; i++)
        in[i] = i;
    memset(&expected, 0, sizeof expected);
    fold(0, N, &expected, NULL);
    crew_set_num_threads(threads);
    for (int k = 0; k < USES; k++)
        ck_assert_int_eq(uses[k].use(), 0); /* the runtime makes its team here */
}

static long asked; /* by the last call of run_failing */

static int run_failing(int k, long at, bool on)
{
    crew__scratch_trim(); /* or what is kept is not asked for again */
    counting_begin(at, on);
    int error = uses[k].use();
    asked = counting_end();
    return error;
}

START_TEST(every_allocation_fails_in_turn)
{
    int threads = oracle_threads[_i];
    set_up(threads);
    for (int k = 0; k < USES; k++) {
        ck_assert_int_eq(run_failing(k, -1, false), 0);
        long needed = asked;
        if (uses[k].may_fail)
            ck_assert_int_ge(needed, 1); /* else nothing is tested here */
        for (long at = 0; at < needed + 2; at++)
            for (int on = 0; on < 2; on++) {
                int error = run_failing(k, at, on);
                ck_assert_msg(error == 0 || (error == -ENOMEM && uses[k].may_fail), "%s %ld: %d", uses[k].name, at,
                              error);
                ck_assert_msg(uses[k].right(error), "%s %ld: outputs", uses[k].name, at);
            }
        ck_assert_int_eq(uses[k].use(), 0); /* and works again */
        /* A leak of one scratch buffer a call would show a hundred times over. */
        crew__scratch_trim();
        size_t before = bytes_in_use();
        for (int round = 0; round < 100; round++)
            run_failing(k, round % (needed + 1), round % 2);
        crew__scratch_trim();
        ck_assert_uint_le(bytes_in_use(), before + 16384);
        ck_assert_int_eq(uses[k].use(), 0);
        ck_assert(uses[k].right(0));
    }
    if (uses[0].may_fail)
        ck_assert_int_eq(run_failing(0, 0, true), -ENOMEM);
}
END_TEST

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

static int use_local(void)
{
    memset(counts, 0, sizeof counts);
    const crew_local buffer = {1000, NULL, NULL};
    return crew_for_local(N, &buffer, mark_local, counts, NULL);
}

static void use_all(void)
{
    int depth = 6;
    for (int k = 0; k < USES; k++)
        ck_assert(uses[k].use() == 0 && uses[k].right(0));
    ck_assert_int_eq(crew_run(count_leaves, &depth, NULL), 64);
    double sum = 0;
    CREW_SUM(sum, i, N, (double)in[i]);
    ck_assert(sum == N / 2.0 * (N - 1));
}

/* After warm-up loops, reductions, forks and joins ask for no memory: none can be missing then. */
START_TEST(warm_calls_allocate_nothing)
{
    set_up(oracle_threads[_i]);
    for (int warm = 0; warm < 30; warm++)
        use_all();
    counting_begin(-1, false);
    for (int round = 0; round < 30; round++)
        use_all();
    ck_assert_int_eq(counting_end(), 0);
    /* A loop with values asks for one where more workers come at once than ever before. */
    counting_begin(-1, false);
    for (int round = 0; round < 60; round++)
        ck_assert(use_local() == 0 && counts_right(0));
    ck_assert_int_le(counting_end(), 3 * oracle_threads[_i]);
}
END_TEST

/* A team that is to grow, with nothing to grow from: the caller works alone. */
START_TEST(a_team_that_cannot_grow)
{
    set_up(2);
    for (int threads = 3; threads <= 100; threads += 97) {
        crew_set_num_threads(threads);
        ck_assert_int_eq(run_failing(1, 0, true), 0);
        ck_assert(counts_right(0));
        ck_assert_int_eq(run_failing(3, 0, true), 0);
        ck_assert(map_right(0));
    }
}
END_TEST

/* More than 64 workers keep their ranges in memory; without it 64 of them work. */
START_TEST(wide_teams_without_memory_are_narrower)
{
    set_up(100);
    for (int k = 1; k < USES; k++) {
        ck_assert_int_eq(run_failing(k, 0, true), 0);
        ck_assert(uses[k].right(0));
    }
}
END_TEST

/* Without memory for their text the files of the system set no limit, or the one that they set. */
START_TEST(limits_without_memory)
{
    struct crew__limits plain = {.quota = 77}, limits;
    counting_begin(-1, false);
    crew__cgroup_quota(&plain, "");
    const long asked = counting_end();
    ck_assert_int_gt((int)asked, 0);
    for (long at = 0; at < asked && at < 50; at++) {
        memset(&limits, 0, sizeof limits);
        counting_begin(at, false);
        crew__cgroup_quota(&limits, "");
        counting_end();
        ck_assert(limits.quota == 0 || limits.quota >= plain.quota);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("alloc");
    TCase *tc = parallel_case(suite, "alloc");
    tcase_add_loop_test(tc, every_allocation_fails_in_turn, 0, ORACLE_THREADS);
    /* Wider teams have more deques than are kept. */
    tcase_add_loop_test(tc, warm_calls_allocate_nothing, 0, ORACLE_THREADS - 1);
    tcase_add_test(tc, a_team_that_cannot_grow);
    tcase_add_test(tc, wide_teams_without_memory_are_narrower);
    tcase_add_test(tc, limits_without_memory);
    return run_suite(suite);
}
