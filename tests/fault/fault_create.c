/* What crew asks the system to create is refused, each in turn, once and from then on: threads and what ends with them.
   The documented error or a narrower run, inputs intact, nothing left, and right afterwards. */
#define _GNU_SOURCE
#include "../../lib/core/base/clock.h"
#include "../support/counting_alloc.h"
#include "../support/refused_calls.h"
#include "../unit/executor_test.h"
#include "../unit/process_test.h"

enum { N = 3000, TEAM = 4, DEPTH = 6, TASKS = 12, ITEMS = 300, WRONG = 40 };

static unsigned char counts[N];

static int mark(size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    for (size_t i = begin; i < end; i++)
        counts[i]++;
    return 0;
}

static int each_once(void)
{
    for (int i = 0; i < N; i++)
        if (counts[i] != 1)
            return WRONG;
    memset(counts, 0, sizeof counts);
    return 0;
}

static int use_for(void)
{
    int error = crew_for(N, mark, NULL, NULL);
    return error ? error : each_once();
}

static int use_reduce(void)
{
    static double x[N];
    double sum = 0, plain = 0;
    for (int i = 0; i < N; i++)
        plain += x[i] = i;
    int error = reduced_sum(x, N, &sum);
    return error ? error : sum == plain ? 0 : WRONG;
}

static int leaves(void *arg)
{
    int less = *(int *)arg - 1;
    crew_task left;
    if (less < 0)
        return 1;
    crew_fork(&left, leaves, &less);
    int right = leaves(&less);
    return right + crew_join(&left);
}

static int use_run(void)
{
    int depth = DEPTH;
    return crew_run(leaves, &depth, NULL) == 1 << DEPTH ? 0 : WRONG;
}

/* All that an executor takes runs, whichever of its threads there are. */
static int use_executor(const crew_executor_options *options)
{
    crew_future *f[TASKS];
    atomic_int ran = 0;
    crew_executor *ex = crew_executor_open(options);
    if (!ex)
        return -errno;
    int error = 0;
    for (int i = 0; i < TASKS; i++)
        if (!(f[i] = crew_submit(ex, add_one, &ran)))
            error = -errno;
    for (int i = 0; i < TASKS; i++) {
        int result = 0, code = f[i] ? crew_future_result(f[i], &result) : 0;
        error = error ? error : code;
        crew_future_release(f[i]);
    }
    int closed = crew_executor_shutdown(ex, 0);
    return error ? error : closed ? closed : atomic_load(&ran) == TASKS ? 0 : WRONG;
}

static int use_plain_executor(void)
{
    return use_executor(&(crew_executor_options){.threads = TEAM});
}

static int use_growing_executor(void)
{
    return use_executor(&(crew_executor_options){.threads = TEAM, .on_demand = true});
}

static int use_changing_executor(void)
{
    return use_executor(&(crew_executor_options){.threads = 2, .max_tasks = 3});
}

static int use_default_executor(void)
{
    atomic_int ran = 0;
    int result = 0;
    crew_future *f = crew_submit(NULL, add_one, &ran);
    if (!f)
        return -errno;
    int error = crew_future_result(f, &result);
    crew_future_release(f);
    int closed = crew_executor_shutdown(NULL, 0);
    return error ? error : closed ? closed : atomic_load(&ran) == 1 ? 0 : WRONG;
}

static int count_to_n(void *item, size_t index, void *ctx)
{
    (void)ctx;
    *(int *)item = (int)index;
    return index == ITEMS ? CREW_STREAM_END : 0;
}

static int mark_item(void *item, size_t index, void *ctx)
{
    (void)ctx;
    counts[index] += *(int *)item == (int)index;
    return 0;
}

static int use_stream(void)
{
    const crew_stage stage = {mark_item, CREW_STAGE_PARALLEL};
    const crew_pipeline pipeline = {
        .item_size = sizeof(int), .source = count_to_n, .stages = &stage, .nstages = 1, .sink = mark_item};
    int error = crew_stream(&pipeline, NULL, NULL);
    for (int i = 0; i < ITEMS && !error; i++)
        error = counts[i] == 2 ? 0 : WRONG;
    memset(counts, 0, sizeof counts);
    return error;
}

static int use_graph(void)
{
    atomic_int ran = 0;
    crew_graph *graph = crew_graph_open();
    if (!graph)
        return -errno;
    int error = 0;
    for (int i = 0; i < TASKS && !error; i++)
        error = crew_graph_add(graph, add_one, &ran, NULL);
    error = error ? error : crew_graph_run(graph, NULL);
    crew_graph_close(graph);
    return error ? error : atomic_load(&ran) == TASKS ? 0 : WRONG;
}

static const struct {
    const char *name;
    int (*use)(void);
    bool needs; /* a thread: -EAGAIN where there is none */
} uses[] = {
    {"for", use_for, false},
    {"reduce", use_reduce, false},
    {"run", use_run, false},
    {"stream", use_stream, false},
    {"graph", use_graph, false},
    {"executor", use_plain_executor, true},
    {"executor on demand", use_growing_executor, true},
    {"executor of changing workers", use_changing_executor, true},
    {"default executor", use_default_executor, true},
};
enum { USES = sizeof uses / sizeof *uses };

static const enum refused_call calls[] = {REFUSE_THREAD, REFUSE_THREAD_ATTRIBUTE, REFUSE_KEY_VALUE};
enum { CALLS = sizeof calls / sizeof *calls };

/* In a process of its own, whose first call of crew this is. Returns 0: call `at` was refused; 1: there were fewer; or
   says what was wrong and returns more. */
static int refuse_one(int k, enum refused_call call, long at, bool on)
{
    refuse_begin(call, EAGAIN, at, on);
    int error = uses[k].use();
    long asked = refuse_end();
    bool may = error == 0 || (error == -EAGAIN && uses[k].needs && call == REFUSE_THREAD);
    int after = uses[k].use();
    if (may && after == 0)
        return at < asked ? 0 : 1;
    fprintf(stderr, "%s, kind %d, call %ld%s: %d, then %d\n", uses[k].name, (int)call, at, on ? " and later" : "",
            error, after);
    return 2;
}

static int in_child(int k, enum refused_call call, long at, bool on)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        crew__tuning.always_open = 1;
        crew_set_num_threads(TEAM);
        _exit(refuse_one(k, call, at, on));
    }
    int status = 0;
    ck_assert_int_gt(pid, 0);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) < 2, "%s, kind %d, call %ld: status %x", uses[k].name,
                  (int)call, at, (unsigned)status);
    return WEXITSTATUS(status);
}

START_TEST(each_creation_is_refused_in_turn)
{
    int k = _i / CALLS;
    enum refused_call call = calls[_i % CALLS];
    for (int on = 0; on < 2; on++) {
        long at = 0;
        while (in_child(k, call, at, on) == 0)
            at++;
        if (has_threads() && call == REFUSE_THREAD)
            ck_assert_int_ge(at, uses[k].needs ? 1 : TEAM - 1); /* else nothing is tested here */
    }
}
END_TEST

static int threads_now(void)
{
    return entries_of("/proc/self/task");
}

/* What is left behind would be there some twenty times over, at each of the first calls. */
START_TEST(nothing_is_left)
{
    enum { ROUNDS = 300, MOST_LEFT = 4096 };
    crew_set_num_threads(TEAM);
    size_t bytes = 0;
    int threads = 0;
    for (int round = 0; round < ROUNDS; round++) {
        refuse_begin(calls[round % CALLS], EAGAIN, round / CALLS % TEAM, round % 2);
        int error = uses[_i].use();
        refuse_end();
        ck_assert_msg(error == 0 || error == -EAGAIN, "%s: %d", uses[_i].name, error);
        if (round == ROUNDS / 4) {
            bytes = bytes_in_use();
            threads = threads_now();
        }
    }
    ck_assert_int_eq(uses[_i].use(), 0);
    const size_t most = strstr(crew_backend(), "libomp") ? SIZE_MAX /* it keeps something of each thread */
                                                         : bytes + MOST_LEFT;
    /* An executor's threads end, and free what they have, after it has been left. */
    for (int looks = 0; (threads_now() > threads + TEAM || bytes_in_use() > most) && looks < 20000; looks++)
        usleep(1000);
    ck_assert_int_le(threads_now(), threads + TEAM);
    ck_assert_msg(bytes_in_use() <= most, "%s: %zu bytes more", uses[_i].name, bytes_in_use() - bytes);
}
END_TEST

/* A width that was refused is tried again a second later, and not before. */
START_TEST(threads_that_come_back)
{
    if (!has_threads())
        return;
    crew_set_num_threads(TEAM);
    const double begin = crew__seconds();
    refuse_begin(REFUSE_THREAD, EAGAIN, 0, true);
    ck_assert_int_eq(use_for(), 0);
    ck_assert_int_eq(refuse_end(), 1);
    refuse_begin(REFUSE_THREAD, EAGAIN, -1, false);
    ck_assert_int_eq(use_for(), 0);
    const long tried = refuse_end();
    if (crew__seconds() - begin > 0.9) /* the second is over on a machine that is so busy, and threads are there */
        return;
    ck_assert_int_eq(tried, 0);
    usleep(1050000);
    refuse_begin(REFUSE_THREAD, EAGAIN, -1, false);
    ck_assert_int_eq(use_for(), 0);
    ck_assert_int_eq(refuse_end(), TEAM - 1);
}
END_TEST

static char *self;

/* No key for what ends with a thread, or no handler for forks: at load, before main. */
START_TEST(nothing_at_load)
{
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        char kind[] = {(char)('0' + (_i ? REFUSE_FORK_HANDLER : REFUSE_KEY)), '\0'};
        setenv(REFUSE_AT_LOAD, kind, 1);
        execl(self, self, (char *)NULL);
        _exit(126);
    }
    int status = 0;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %x", (unsigned)status);
}
END_TEST

static int run_without(void)
{
    int wrong = 0;
    crew__tuning.always_open = 1;
    crew_set_num_threads(TEAM);
    for (int round = 0; round < 2; round++) {
        for (int k = 0; k < USES; k++) {
            int error = uses[k].use();
            if (error)
                fprintf(stderr, "%s: %d\n", uses[k].name, error);
            wrong |= error != 0;
        }
        if (refuse_end() == 0) { /* crew has asked at load */
            fprintf(stderr, "nothing was refused\n");
            return 1;
        }
    }
    return wrong;
}

int main(int argc, char **argv)
{
    (void)argc;
    if (getenv(REFUSE_AT_LOAD))
        return run_without();
    self = argv[0];
    Suite *suite = suite_create("create");
    TCase *tc = parallel_case(suite, "create");
    tcase_add_loop_test(tc, each_creation_is_refused_in_turn, 0, USES * CALLS);
    tcase_add_loop_test(tc, nothing_is_left, 0, USES);
    tcase_add_test(tc, threads_that_come_back);
    tcase_add_loop_test(tc, nothing_at_load, 0, 2);
    return run_suite(suite);
}
