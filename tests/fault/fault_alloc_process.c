/* Out of memory at each allocation of process maps and executors in turn: the documented error, nothing leaked, no
   process left. */
#define _GNU_SOURCE
#include "../support/counting_alloc.h"
#include "../unit/process_test.h"
#include <crew/executor.h>

enum { N = 300 };

static int in[N], out[N], status[N];
static char path[64];

static int use_map(void)
{
    crew_process_options p = {.processes = 2};
    return crew_process_map(in, 4, out, 4, N, twice_and_one, NULL, NULL, &p);
}

/* More workers than have their records on the stack. */
static int use_many(void)
{
    crew_process_options p = {.processes = 20, .status = status};
    return crew_process_map(in, 4, out, 4, N, twice_and_one, NULL, NULL, &p);
}

static int use_journal(void)
{
    unlink(path);
    crew_process_options p = {.processes = 2, .journal = path};
    return crew_process_map(in, 4, out, 4, N, twice_and_one, NULL, NULL, &p);
}

static int die_sometimes(const void *x, void *y, void *ctx)
{
    if (*(const int *)x % 100 == 50)
        raise(SIGKILL);
    return twice_and_one(x, y, ctx);
}

/* Without memory to count an item's tries it is not tried again. */
static int use_retries(void)
{
    crew_process_options p = {.processes = 2, .status = status, .retries = 2};
    int code = crew_process_map(in, 4, out, 4, N, die_sometimes, NULL, NULL, &p);
    if (!crew_process_died(code, NULL, NULL))
        return code ? code : -1;
    for (int i = 0; i < N; i++)
        if (crew_process_died(status[i], NULL, NULL) != (i % 100 == 50))
            return -2;
        else if (i % 100 == 50)
            out[i] = 2 * i + 1;
    return 0;
}

static int square(void *arg)
{
    return *(int *)arg * *(int *)arg;
}

static int use_executor(void)
{
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.processes = 2});
    if (!ex)
        return -errno;
    int code = 0;
    for (int i = 0; i < 10 && !code; i++) {
        int result = 0;
        crew_future *f = crew_submit_copy(ex, square, &i, sizeof i);
        if (!f) {
            code = -errno;
            break;
        }
        crew_future_result(f, &result);
        crew_future_release(f);
        code = result == i * i ? 0 : -3;
    }
    crew_executor_shutdown(ex, 0);
    for (int i = 0; i < N; i++)
        out[i] = 2 * i + 1;
    return code;
}

static int (*const uses[])(void) = {use_map, use_many, use_journal, use_retries, use_executor};
enum { USES = sizeof uses / sizeof *uses };

static bool out_is_right(void)
{
    for (int i = 0; i < N; i++)
        if (out[i] != 2 * i + 1)
            return false;
    return true;
}

START_TEST(every_allocation_fails_in_turn)
{
    count_up(in, N);
    snprintf(path, sizeof path, "/tmp/crew-alloc-%ld", (long)getpid());
    ck_assert_int_eq(uses[_i](), 0);
    struct footprint before = footprint();
    counting_begin(-1, false);
    ck_assert_int_eq(uses[_i](), 0);
    long needed = counting_end();
    ck_assert_int_ge(needed, 1);
    for (long at = 0; at < needed + 1; at++)
        for (int on = 0; on < 2; on++) {
            memset(out, 0, sizeof out);
            counting_begin(at, on);
            int code = uses[_i]();
            counting_end();
            ck_assert_msg(code == 0 || code == -ENOMEM || (_i == 4 && code == -EAGAIN), "%ld: %d", at, code);
            ck_assert(code != 0 || out_is_right());
        }
    size_t bytes = bytes_in_use();
    for (int round = 0; round < 30; round++) {
        counting_begin(round % (needed + 1), round % 2);
        uses[_i]();
        counting_end();
    }
    ck_assert_uint_le(bytes_in_use(), bytes + 16384);
    ck_assert_int_eq(uses[_i](), 0);
    ck_assert(out_is_right());
    ck_assert_int_eq(footprint().processes, before.processes);
    ck_assert_int_eq(footprint().descriptors, before.descriptors);
    unlink(path);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("alloc_process");
    TCase *tc = tcase_create("alloc");
    tcase_set_timeout(tc, 200);
    suite_add_tcase(suite, tc);
    tcase_add_loop_test(tc, every_allocation_fails_in_turn, 0, USES);
    return run_suite(suite);
}
