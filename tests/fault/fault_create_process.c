/* What process workers ask the system for is refused: forks, mappings, the helper, what older kernels do not have. The
   documented error or another way, inputs intact, nothing left, and right afterwards. */
#define _GNU_SOURCE
#include "../support/refused_calls.h"
#include "../unit/executor_test.h"
#include "../unit/process_test.h"

enum { N = 3000, WRONG = 40 };

static int use_processes(void)
{
    static int in[N], out[N];
    const crew_process_options options = {.processes = 2};
    count_up(in, N);
    memset(out, 0, sizeof out);
    int error = crew_process_map(in, sizeof *in, out, sizeof *out, N, twice_and_one, NULL, NULL, &options);
    for (int i = 0; i < N && !error; i++)
        error = out[i] == 2 * i + 1 ? 0 : WRONG;
    for (int i = 0; i < N; i++)
        error = in[i] == i ? error : WRONG;
    return error;
}

/* Workers are forked by the helper: how often is not known here. */
START_TEST(processes_are_refused)
{
    struct footprint before = footprint();
    for (int on = 0; on < 2; on++)
        for (long at = 0; at < 6; at++) {
            refuse_begin(REFUSE_FORK, EAGAIN, at, on);
            int error = use_processes();
            refuse_end();
            ck_assert_msg(error == 0 || error == -EAGAIN, "fork %ld: %d", at, error);
            ck_assert(!on || at > 0 || error == -EAGAIN);
            ck_assert_int_eq(use_processes(), 0);
        }
    check_nothing_left(before);
}
END_TEST

START_TEST(mappings_are_refused)
{
    struct footprint before = footprint();
    for (int on = 0; on < 2; on++) {
        long asked = 1;
        for (long at = 0; at < asked; at++) {
            refuse_begin(REFUSE_MAP, ENOMEM, at, on);
            int error = use_processes();
            asked = refuse_end();
            ck_assert_int_gt(asked, 0);
            ck_assert_msg(error == -ENOMEM || (error == 0 && at == asked), "mapping %ld of %ld: %d", at, asked, error);
            ck_assert_int_eq(use_processes(), 0);
        }
    }
    refuse_begin(REFUSE_MAP, ENOMEM, 0, true);
    errno = 0;
    ck_assert_ptr_null(crew_shared_alloc(100));
    ck_assert_int_eq(errno, ENOMEM);
    refuse_end();
    check_nothing_left(before);
}
END_TEST

/* Items whose workers die: the others are done all the same. */
static int die_on_five(const void *in, void *out, void *ctx)
{
    if (*(const int *)in % 100 == 5)
        raise(SIGKILL);
    return twice_and_one(in, out, ctx);
}

static void check_deaths(void)
{
    enum { FEW = 300 };
    static int in[FEW], out[FEW], status[FEW];
    const crew_process_options options = {.processes = 2, .status = status, .item_timeout = 20, .memory = 1 << 28};
    count_up(in, FEW);
    ck_assert_int_ne(crew_process_map(in, sizeof *in, out, sizeof *out, FEW, die_on_five, NULL, NULL, &options), 0);
    for (int i = 0; i < FEW; i++) {
        ck_assert_int_eq(crew_process_died(status[i], NULL, NULL), i % 100 == 5);
        ck_assert(i % 100 == 5 || out[i] == 2 * i + 1);
    }
}

static void check_executor(void)
{
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.processes = 2});
    ck_assert_ptr_nonnull(ex);
    crew_future *f = crew_submit_copy(ex, give_back, &(int){21}, sizeof(int));
    ck_assert_int_eq(result_of(f), 21);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
}

/* Without what newer kernels have, without a descriptor to be had, and with waits that a signal interrupts. */
START_TEST(processes_without_help)
{
    static const struct {
        enum refused_call call;
        int error;
        bool on;
    } refusals[] = {{REFUSE_PIDFD, ENOSYS, true},  {REFUSE_PIDFD, EMFILE, false}, {REFUSE_SIGNALFD, EMFILE, true},
                    {REFUSE_ADVISE, EINVAL, true}, {REFUSE_ADVISE, EINTR, false}, {REFUSE_OPEN, EMFILE, true}};
    check_executor(); /* its threads' stacks are kept */
    struct footprint before = footprint();
    for (size_t k = 0; k < sizeof refusals / sizeof *refusals; k++) {
        refuse_begin(refusals[k].call, refusals[k].error, 0, refusals[k].on);
        int error = use_processes();
        ck_assert_msg(error == 0, "kind %d: %d", (int)refusals[k].call, error);
        refuse_begin(refusals[k].call, refusals[k].error, 0, refusals[k].on);
        check_deaths();
        refuse_begin(refusals[k].call, refusals[k].error, 0, refusals[k].on);
        check_executor();
        refuse_end();
    }
    check_nothing_left(before);
}
END_TEST

/* The helper cannot be made, or its memory cannot be had. */
START_TEST(helpers_are_refused)
{
    check_executor();
    static const struct {
        enum refused_call call;
        int error, code;
    } refusals[] = {{REFUSE_CLONE, EAGAIN, -EAGAIN},
                    {REFUSE_CLONE, ENOMEM, -ENOMEM},
                    {REFUSE_ADVISE, ENOMEM, -ENOMEM},
                    {REFUSE_ADVISE, EFAULT, -ENOMEM}};
    struct footprint before = footprint();
    for (size_t k = 0; k < sizeof refusals / sizeof *refusals; k++) {
        for (long at = 0, asked = 1; at < asked; at++) {
            refuse_begin(refusals[k].call, refusals[k].error, at, true);
            int error = use_processes();
            asked = refuse_end();
            ck_assert_msg(error == refusals[k].code || at >= asked, "kind %d, call %ld: %d", (int)refusals[k].call, at,
                          error);
            refuse_begin(refusals[k].call, refusals[k].error, at, true);
            crew_executor *ex = crew_executor_open(&(crew_executor_options){.processes = 2});
            error = ex ? 0 : -errno;
            asked = refuse_end();
            ck_assert_msg(error == refusals[k].code || at >= asked, "kind %d, call %ld: %d", (int)refusals[k].call, at,
                          error);
            if (ex)
                ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
        }
        ck_assert_int_eq(use_processes(), 0);
    }
    refuse_begin(REFUSE_ADVISE, ENOMEM, 0, true);
    errno = 0;
    ck_assert_ptr_null(crew_shared_alloc(100));
    ck_assert_int_eq(errno, ENOMEM);
    refuse_end();
    check_nothing_left(before);
}
END_TEST

static int die(void *arg)
{
    (void)arg;
    raise(SIGKILL);
    return 0;
}

static int run_task(crew_executor *ex, crew_task_fn *fn)
{
    return result_of(crew_submit_copy(ex, fn, &(int){21}, sizeof(int)));
}

/* An executor whose two workers were made, and no further ones: tasks end with a code, and it closes. */
START_TEST(workers_that_are_not_replaced)
{
    check_executor();
    struct footprint before = footprint();
    refuse_begin(REFUSE_FORK, EAGAIN, 2, true);
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.processes = 2});
    refuse_end();
    ck_assert_ptr_nonnull(ex);
    ck_assert_int_eq(run_task(ex, give_back), 21);
    for (int k = 0; k < 2; k++) {
        int code = run_task(ex, die);
        ck_assert_msg(code == -EAGAIN || crew_process_died(code, NULL, NULL), "%d", code);
    }
    int code = 21;
    for (int k = 0; k < 4 && code == 21; k++) /* one of the two may live still */
        code = run_task(ex, k % 2 ? give_back : die);
    ck_assert_msg(code == -EAGAIN || crew_process_died(code, NULL, NULL), "%d", code);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    check_nothing_left(before);
}
END_TEST

/* The helper is killed: tasks end with a code, and the executor closes. */
START_TEST(a_helper_that_is_killed)
{
    check_executor();
    struct footprint before = footprint();
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.processes = 2});
    ck_assert_int_eq(run_task(ex, give_back), 21);
    char path[64];
    int helper = 0;
    snprintf(path, sizeof path, "/proc/self/task/%ld/children", (long)getpid());
    FILE *file = fopen(path, "r");
    int found = file ? fscanf(file, "%d", &helper) : 0;
    if (file)
        fclose(file);
    if (found == 1) {
        ck_assert_int_eq(kill(helper, SIGKILL), 0);
        int code = 21;
        for (int k = 0; k < 2000 && code == 21; k++) { /* the workers' end takes a moment */
            code = run_task(ex, give_back);
            usleep(code == 21 ? 1000 : 0);
        }
        ck_assert_int_eq(code, -ECHILD);
    }
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    while (waitpid(-1, NULL, WNOHANG | __WALL) > 0)
        ; /* the workers, which have become the test's, since it is a subreaper */
    check_nothing_left(before);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("create_process");
    TCase *tc = tcase_create("create_process");
    tcase_set_timeout(tc, 120);
    suite_add_tcase(suite, tc);
    tcase_add_test(tc, processes_are_refused);
    tcase_add_test(tc, mappings_are_refused);
    tcase_add_test(tc, processes_without_help);
    tcase_add_test(tc, helpers_are_refused);
    tcase_add_test(tc, workers_that_are_not_replaced);
    tcase_add_test(tc, a_helper_that_is_killed);
    return run_suite(suite);
}
