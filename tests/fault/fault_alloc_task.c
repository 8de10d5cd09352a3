/* Out of memory at each allocation of the task layer in turn, once and from then on: the documented error, nothing
   leaked, what was accepted has run, and the executor works and closes afterwards. */
#define _GNU_SOURCE
#include "../../lib/core/base/scratch.h"
#include "../support/counting_alloc.h"
#include "../unit/executor_test.h"
#include <errno.h>

enum { MANY = 200, FEW = 5 };

static crew_executor *ex;            /* opened before, where the use does not open one itself */
static atomic_int accepted, counted; /* tasks that crew took, and tasks that ran */

static int count(void *arg)
{
    (void)arg;
    atomic_fetch_add(&counted, 1);
    return 0;
}

/* 0 or a negative errno value, of a call that returns an object. */
static int error_of(const void *object)
{
    return object ? 0 : -errno;
}

static int end(crew_future *f)
{
    if (!f)
        return -errno;
    atomic_fetch_add(&accepted, 1);
    int result = 0, error = crew_future_result(f, &result);
    crew_future_release(f);
    return error ? error : result;
}

static int tree(void *arg)
{
    int depth = *(int *)arg, less = depth - 1;
    atomic_fetch_add(&counted, 1);
    if (depth == 0)
        return 0;
    crew_task left, right;
    crew_fork(&left, tree, &less);
    crew_fork(&right, tree, &less);
    int a = crew_join(&right), b = crew_join(&left);
    return a ? a : b;
}

static int use_run(void)
{
    int depth = 5;
    atomic_fetch_add(&accepted, 63);
    return crew_run(tree, &depth, NULL);
}

static int use_open(void)
{
    crew_executor *own = crew_executor_open(&(crew_executor_options){.threads = 3});
    if (!own)
        return -errno;
    crew_future *f = crew_submit(own, count, NULL);
    int error = end(f), closed = crew_executor_shutdown(own, 0);
    return error ? error : closed;
}

static int use_submit(void)
{
    return end(crew_submit(ex, count, NULL));
}

static int use_copy(void)
{
    return end(crew_submit_copy(ex, count, &(int){7}, sizeof(int)));
}

static int use_many(void)
{
    int error = 0;
    for (int i = 0; i < MANY; i++) {
        int code = crew_submit_with(ex, count, NULL, NULL, NULL);
        atomic_fetch_add(&accepted, code == 0);
        error = error ? error : code;
    }
    return error;
}

static int use_after(void)
{
    crew_future *deps[FEW], *f = NULL;
    int n = 0, error = 0;
    while (n < FEW && (deps[n] = crew_submit(ex, count, NULL)))
        n++;
    error = n < FEW ? -errno : 0;
    atomic_fetch_add(&accepted, n);
    if (!error) {
        f = crew_submit_after(ex, count, NULL, deps, FEW);
        error = error_of(f);
    }
    for (int i = 0; i < n; i++)
        crew_future_release(deps[i]);
    /* Accepted, and without memory when its turn came: it is cancelled with that code. */
    if (f) {
        int result = 0;
        error = crew_future_result(f, &result) == 0 ? 0 : result;
        atomic_fetch_add(&accepted, crew_future_status(f) == CREW_FUTURE_DONE);
        crew_future_release(f);
    }
    return error;
}

static int copy_int(const void *in, void *out, void *ctx)
{
    (void)ctx;
    atomic_fetch_add(&counted, 1);
    *(int *)out = *(const int *)in;
    return 0;
}

static int take_int(size_t index, const void *out, void *ctx)
{
    int *next = ctx;
    return *(const int *)out == (int)index && *next == (int)index ? (*next)++, 0 : 99;
}

static int use_map(void)
{
    int in[MANY], next = 0;
    for (int i = 0; i < MANY; i++)
        in[i] = i;
    int error = crew_executor_map(ex, in, sizeof *in, sizeof *in, MANY, copy_int, take_int, &next, 0);
    atomic_store(&accepted, atomic_load(&counted)); /* how many had begun is not said */
    return error ? error : next == MANY ? 0 : 98;
}

static int copy_item(size_t index, const void *in, void *out, void *ctx)
{
    (void)index;
    return copy_int(in, out, ctx);
}

static int take_any(size_t index, const void *out, void *ctx)
{
    ++*(int *)ctx;
    return *(const int *)out == (int)index ? 0 : 99;
}

static int use_unordered_map(void)
{
    int in[MANY], taken = 0;
    for (int i = 0; i < MANY; i++)
        in[i] = i;
    int error = crew_executor_map_with(ex, in, sizeof *in, sizeof *in, MANY, copy_item, take_any, &taken,
                                       &(crew_executor_map_options){.unordered = true});
    atomic_store(&accepted, atomic_load(&counted));
    return error ? error : taken == MANY ? 0 : 98;
}

static int use_promise(void)
{
    crew_future *f;
    int kept = 0;
    errno = 0;
    crew_promise *p = crew_promise_open(&f, &kept);
    if (!p)
        return -errno;
    int error = crew_promise_set(p, 0);
    crew_promise_close(p);
    error = error ? error : crew_future_wait(f, -1);
    crew_future_release(f);
    return error;
}

static int take_all(crew_future *const *f, size_t n)
{
    crew_completion *set = crew_completion_open(f, n);
    if (!set)
        return -errno;
    size_t given = 0;
    for (crew_future *next; (next = crew_next_done(set)); given++)
        crew_future_release(next);
    crew_completion_close(set);
    return given == n ? 0 : 97;
}

/* Waits for some futures in a way; they run whether it works or not. */
static int with_futures(int (*wait)(crew_future *const *f, size_t n))
{
    crew_future *f[FEW];
    int n = 0;
    while (n < FEW && (f[n] = crew_submit(ex, count, NULL)))
        n++;
    int error = n < FEW ? -errno : wait(f, FEW);
    for (int i = 0; i < n; i++) {
        int code = end(f[i]);
        error = error ? error : code;
    }
    return error;
}

static int any(crew_future *const *f, size_t n)
{
    return crew_wait(f, n, CREW_WAIT_ANY, -1);
}

static int all(crew_future *const *f, size_t n)
{
    return crew_wait(f, n, CREW_WAIT_ALL, -1);
}

static int first_failure(crew_future *const *f, size_t n)
{
    return crew_wait(f, n, CREW_WAIT_FIRST_FAILURE, -1);
}

static atomic_int told;

static void tell(crew_future *f, void *ctx)
{
    (void)f;
    atomic_fetch_add((atomic_int *)ctx, 1);
}

static int call_back(crew_future *const *f, size_t n)
{
    int error = 0, registered = 0;
    atomic_store(&told, 0);
    for (size_t i = 0; i < n; i++) {
        int code = crew_future_on_done(f[i], tell, &told);
        registered += code == 0;
        error = error ? error : code;
    }
    crew_wait(f, n, CREW_WAIT_ALL, -1);
    wait_for(&told, registered);
    return error;
}

static int use_completion(void)
{
    return with_futures(take_all);
}

static int use_wait_any(void)
{
    return with_futures(any);
}

static int use_wait_all(void)
{
    return with_futures(all);
}

static int use_wait_failure(void)
{
    return with_futures(first_failure);
}

static int use_on_done(void)
{
    return with_futures(call_back);
}

static int build(crew_graph *g)
{
    size_t before = 0, node = 0;
    int error = 0;
    for (int i = 0; i < MANY && !error; i++) {
        error = crew_graph_add(g, count, NULL, &node);
        if (!error && i > 0)
            error = crew_graph_edge(g, before, node);
        before = node;
    }
    return error;
}

static int use_graph(void)
{
    crew_graph *g = crew_graph_open();
    if (!g)
        return -errno;
    int error = build(g);
    error = error ? error : crew_graph_run(g, NULL);
    if (!error) {
        atomic_fetch_add(&accepted, MANY);
        error = crew_graph_run(g, NULL);
        atomic_fetch_add(&accepted, MANY);
    }
    crew_graph_close(g);
    return error;
}

static int use_graph_submit(void)
{
    crew_graph *g = crew_graph_open();
    if (!g)
        return -errno;
    int error = build(g);
    if (!error) {
        crew_future *f = crew_graph_submit(ex, g);
        int result = 0;
        error = f ? crew_future_result(f, &result) : -errno;
        error = error ? error : result;
        atomic_fetch_add(&accepted, error ? 0 : MANY);
        crew_future_release(f);
    }
    crew_graph_close(g);
    return error;
}

static const struct {
    const char *name;
    int (*use)(void);
    enum { NEVER, MAY, MUST } failure; /* MUST: without any memory it fails */
} uses[] = {
    {"run", use_run, NEVER},
    {"open", use_open, MUST},
    {"submit", use_submit, MAY}, /* a future that was kept */
    {"submit_copy", use_copy, MUST},
    {"submit_with", use_many, MAY},
    {"submit_after", use_after, MUST},
    {"map", use_map, MUST},
    {"map as they end", use_unordered_map, MUST},
    {"promise", use_promise, MUST},
    {"completion", use_completion, MUST},
    {"wait any", use_wait_any, MUST},
    {"wait all", use_wait_all, MAY},
    {"wait for a failure", use_wait_failure, MUST},
    {"on_done", use_on_done, MAY}, /* without threads the end comes before the registration */
    {"graph", use_graph, MUST},
    {"graph_submit", use_graph_submit, MUST},
};
enum { USES = sizeof uses / sizeof *uses };

/* What is accepted without a future may still run. */
static void settle(void)
{
    for (int looks = 0; atomic_load(&counted) < atomic_load(&accepted) && looks < 20000; looks++)
        usleep(500);
}

static long asked; /* by the last call of use */

static int use(int k, long at, bool on)
{
    crew__scratch_trim(); /* or what is kept is not asked for again */
    atomic_store(&accepted, 0);
    atomic_store(&counted, 0);
    counting_begin(at, on);
    int error = uses[k].use();
    asked = counting_end();
    settle();
    return error;
}

static void fail_each(int k)
{
    ck_assert_msg(use(k, -1, false) == 0, "%s", uses[k].name);
    long needed = asked;
    ck_assert_msg(needed >= 1 || uses[k].failure != MUST, "%s asks for no memory", uses[k].name);
    for (long round = 0; round < 2 * (needed + 2); round++) {
        long at = round / 2;
        int error = use(k, at, round % 2);
        ck_assert_msg(error == 0 || (error == -ENOMEM && uses[k].failure != NEVER), "%s %ld: %d", uses[k].name, at,
                      error);
        ck_assert_msg(atomic_load(&counted) == atomic_load(&accepted), "%s %ld: %d of %d ran", uses[k].name, at,
                      atomic_load(&counted), atomic_load(&accepted));
        if (at == 0 && round % 2 && uses[k].failure == MUST)
            ck_assert_msg(error == -ENOMEM, "%s works without memory", uses[k].name);
    }
}

START_TEST(every_allocation_fails_in_turn)
{
    crew_set_num_threads(_i == 0 ? 1 : 3);
    for (int k = 0; k < USES; k++) {
        ex = open_with(_i == 0 ? 1 : 3);
        fail_each(k);
        ck_assert_int_eq(end(crew_submit(ex, count, NULL)), 0);
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    }
}
END_TEST

/* Futures that are alive at once need more than what is kept; what was accepted before that runs. */
START_TEST(futures_until_memory_ends)
{
    enum { MOST = 100000 };
    static crew_future *futures[MOST];
    crew_set_num_threads(3);
    ex = open_with(3);
    counting_begin(0, true);
    int n = 0, error;
    while (n < MOST && (futures[n] = crew_submit(ex, count, NULL)))
        n++;
    error = errno;
    counting_end();
    ck_assert(n < MOST && error == ENOMEM);
    for (int i = 0; i < n; i++)
        ck_assert_int_eq(end(futures[i]), 0);
    ck_assert_int_eq(atomic_load(&counted), n);
    ck_assert_int_eq(end(crew_submit(ex, count, NULL)), 0);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
}
END_TEST

/* A leak would show some hundred times over; what the runtime keeps of its threads does not grow with the rounds. */
START_TEST(nothing_leaks)
{
    crew_set_num_threads(3);
    for (int k = 0; k < USES; k++) {
        size_t before = 0;
        for (int round = 0; round < 300; round++) {
            ex = open_with(2);
            use(k, round % 12, round % 2);
            ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
            crew__scratch_trim();
            if (round == 20)
                before = bytes_in_use();
        }
        ck_assert_msg(bytes_in_use() <= before + 16384, "%s leaks %zu", uses[k].name, bytes_in_use() - before);
    }
}
END_TEST

static crew_cancel stop;

static int cancel(void *arg)
{
    crew_cancel_request(&stop);
    return count(arg);
}

/* Without memory for its team a call runs its root alone, and is cancelled all the same: before the root or at the end.
 */
START_TEST(cancelled_without_memory)
{
    crew_set_num_threads(3);
    for (int late = 0; late < 2; late++) {
        crew_cancel_reset(&stop);
        if (!late)
            crew_cancel_request(&stop);
        crew__scratch_trim();
        atomic_store(&counted, 0);
        counting_begin(0, true);
        int error = crew_run(cancel, NULL, &(crew_options){.cancel = &stop});
        counting_end();
        ck_assert_int_eq(error, -ECANCELED);
        ck_assert_int_eq(atomic_load(&counted), late);
    }
}
END_TEST

/* The default executor is opened at its first use: without memory there is none, and later there is. */
START_TEST(default_executor)
{
    ex = NULL;
    ck_assert_int_eq(use(2, 0, true), -ENOMEM);
    ck_assert_int_eq(use(2, -1, false), 0);
    ck_assert_int_eq(crew_executor_shutdown(NULL, 0), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("alloc_task");
    TCase *tc = parallel_case(suite, "alloc_task");
    tcase_add_loop_test(tc, every_allocation_fails_in_turn, 0, 2);
    tcase_add_test(tc, futures_until_memory_ends);
    tcase_add_test(tc, nothing_leaks);
    tcase_add_test(tc, cancelled_without_memory);
    tcase_add_test(tc, default_executor);
    return run_suite(suite);
}
