/* Options of calls inside other calls: each call at each place with each option. */
#define _DEFAULT_SOURCE
#include "executor_test.h"
#include <errno.h>
#include <math.h>
#include <time.h>

enum { ITEMS = TESTS_VALGRIND ? 300 : 20000, FAILING = TESTS_VALGRIND ? 77 : 777 };

enum option { TIMEOUT, CANCEL, CANCEL_WITH_TIMEOUT, CANCELED_BEFORE, FAILED, PROGRESS, THREADS, INVALID, OPTIONS };

/* One call with one option, and what it came to. */
struct trial {
    int call, option;
    crew_cancel cancel;
    crew_options opt;
    atomic_int ran, at_once, most;
    size_t failed, done, total;
    int code;
    double seconds;
};

static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* One item of whatever the call is. */
static int do_item(struct trial *t, size_t index)
{
    int now = 1 + atomic_fetch_add(&t->at_once, 1), most = atomic_load(&t->most);
    while (now > most && !atomic_compare_exchange_weak(&t->most, &most, now))
        ;
    int ran = 1 + atomic_fetch_add(&t->ran, 1);
    if (t->option == TIMEOUT || (t->option == THREADS && ran < 20))
        usleep(1000);
    if ((t->option == CANCEL || t->option == CANCEL_WITH_TIMEOUT) && ran == 5)
        crew_cancel_request(&t->cancel);
    if (t->option >= CANCEL && t->option <= CANCELED_BEFORE)
        usleep(50);
    atomic_fetch_sub(&t->at_once, 1);
    return t->option == FAILED && index == FAILING ? 9 : 0;
}

static int do_block(size_t begin, size_t end, void *ctx)
{
    for (size_t i = begin; i < end; i++) {
        int code = do_item(ctx, i);
        if (code)
            return code;
    }
    return 0;
}

static int call_for(struct trial *t)
{
    return crew_for(ITEMS, do_block, t, &t->opt);
}

static int call_map_item(const void *in, void *out, void *ctx)
{
    *(char *)out = 1;
    return do_item(ctx, *(const size_t *)in);
}

static int call_map(struct trial *t)
{
    static size_t in[ITEMS];
    static char out[ITEMS];
    for (size_t i = 0; i < ITEMS && in[ITEMS - 1] == 0; i++)
        in[i] = i;
    return crew_map(in, sizeof *in, out, 1, ITEMS, call_map_item, t, &t->opt);
}

static int fold(size_t begin, size_t end, void *acc, void *ctx)
{
    *(size_t *)acc += end - begin;
    return do_block(begin, end, ctx);
}

static void add_sizes(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    *(size_t *)acc += *(const size_t *)right;
}

static int call_reduce(struct trial *t)
{
    static const crew_reducer sizes = {sizeof(size_t), NULL, fold, add_sizes, NULL};
    size_t result;
    return crew_reduce(ITEMS, &sizes, t, &result, &t->opt);
}

static int fork_item(void *arg)
{
    return do_item(arg, 0);
}

/* The first code that a join gives. */
static int fork_root(void *arg)
{
    for (int i = 0; i < ITEMS / 2; i++) {
        crew_task a, b;
        crew_fork(&a, fork_item, arg);
        crew_fork(&b, fork_item, arg);
        int second = crew_join(&b), first = crew_join(&a);
        if (first || second)
            return first ? first : second;
    }
    return 0;
}

static int call_run(struct trial *t)
{
    return crew_run(fork_root, t, &t->opt);
}

/* Stops come from crew_run, not from what root returns. */
static int deaf_root(void *arg)
{
    fork_root(arg);
    return 0;
}

static int call_run_deaf(struct trial *t)
{
    return crew_run(deaf_root, t, &t->opt);
}

static int call_graph(struct trial *t)
{
    crew_graph *g = crew_graph_open();
    ck_assert_ptr_nonnull(g);
    size_t before = 0;
    for (int i = 0; i < (TESTS_VALGRIND ? ITEMS : 2000); i++) {
        size_t node;
        ck_assert_int_eq(crew_graph_add(g, fork_item, t, &node), 0);
        if (i % 4 == 3)
            ck_assert_int_eq(crew_graph_edge(g, before, node), 0);
        before = node;
    }
    int code = crew_graph_run(g, &t->opt);
    crew_graph_close(g);
    return code;
}

static const struct {
    const char *name;
    int (*fn)(struct trial *t);
    bool loop; /* has failed, progress and threads everywhere */
} calls[] = {
    {"for", call_for, true},
    {"map", call_map, true},
    {"reduce", call_reduce, true},
    {"run", call_run, false},
    {"run, deaf", call_run_deaf, false},
    {"graph", call_graph, false},
};
enum { CALLS = sizeof calls / sizeof *calls };

static void note_progress(size_t done, size_t total, void *ctx)
{
    struct trial *t = ctx;
    t->done = done;
    t->total = total;
}

static int try_it(void *arg)
{
    struct trial *t = arg;
    t->opt = (crew_options){.timeout = t->option == TIMEOUT ? 0.02 : 0};
    if (t->option >= CANCEL && t->option <= CANCELED_BEFORE)
        t->opt.cancel = &t->cancel;
    if (t->option == CANCEL_WITH_TIMEOUT)
        t->opt.timeout = 1000;
    if (t->option == CANCELED_BEFORE)
        crew_cancel_request(&t->cancel);
    if (t->option == FAILED)
        t->opt.failed = &t->failed;
    if (t->option == PROGRESS) {
        t->opt.progress = note_progress;
        t->opt.progress_ctx = t;
    }
    if (t->option == THREADS)
        t->opt.threads = 1;
    if (t->option == INVALID)
        t->opt.timeout = NAN;
    double begin = seconds_now();
    t->code = calls[t->call].fn(t);
    t->seconds = seconds_now() - begin;
    return 0;
}

static void check(const struct trial *t, const char *place)
{
    static const int codes[OPTIONS] = {-ETIMEDOUT, -ECANCELED, -ECANCELED, -ECANCELED, 9, 0, 0, -EINVAL};
    bool loop = calls[t->call].loop;
    int expected = t->option == FAILED && !loop ? 0 : codes[t->option];
    if (t->code != expected)
        ck_abort_msg("%s in %s, option %d: %d", calls[t->call].name, place, t->option, t->code);
    ck_assert(t->option != TIMEOUT || t->seconds < 5);
    ck_assert(t->option > CANCELED_BEFORE || t->ran < (TESTS_VALGRIND ? ITEMS : 2000) || !loop);
    ck_assert((t->option != CANCELED_BEFORE && t->option != INVALID) || t->ran == 0);
    if (loop) {
        ck_assert(t->option != FAILED || t->failed == FAILING);
        ck_assert(t->option != PROGRESS || (t->total > 0 && t->done == t->total));
        ck_assert(t->option != THREADS || t->most == 1);
    }
}

/* The places. */
static void outside(struct trial *t)
{
    try_it(t);
}

static void in_run(struct trial *t)
{
    ck_assert_int_eq(crew_run(try_it, t, NULL), 0);
}

static int try_forked(void *arg)
{
    crew_task other, task;
    atomic_int count = 0;
    crew_fork(&task, try_it, arg);
    crew_fork(&other, add_one, &count);
    usleep(2000); /* so that another member takes it, if there is one */
    int code = crew_join(&other);
    return code ? code : crew_join(&task);
}

static void in_fork(struct trial *t)
{
    ck_assert_int_eq(crew_run(try_forked, t, NULL), 0);
}

/* Options of the outer call that do not come to anything. */
static int run_with_options(void *arg)
{
    crew_cancel never = {0};
    return crew_run(try_forked, arg, &(crew_options){.timeout = 1000, .cancel = &never});
}

static void in_run_with_options(struct trial *t)
{
    ck_assert_int_eq(crew_run(run_with_options, t, NULL), 0);
}

static void in_executor(struct trial *t)
{
    crew_executor *ex = open_with(0);
    ck_assert_int_eq(result_of(crew_submit(ex, try_it, t)), 0);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
}

static void in_region(struct trial *t)
{
#ifdef _OPENMP
#pragma omp parallel num_threads(3)
#pragma omp single
#endif
    try_it(t);
}

static int try_in_block(size_t begin, size_t end, void *ctx)
{
    return begin == 0 && end > 0 ? try_it(ctx) : 0;
}

static void in_block(struct trial *t)
{
    ck_assert_int_eq(crew_for(64, try_in_block, t, &(crew_options){.grain = 1}), 0);
}

static int loop_in_task(void *arg)
{
    return crew_for(64, try_in_block, arg, NULL);
}

static void in_block_in_run(struct trial *t)
{
    ck_assert_int_eq(crew_run(loop_in_task, t, NULL), 0);
}

static void in_node(struct trial *t)
{
    crew_graph *g = crew_graph_open();
    size_t node;
    ck_assert_int_eq(crew_graph_add(g, try_it, t, &node), 0);
    ck_assert_int_eq(crew_graph_run(g, NULL), 0);
    crew_graph_close(g);
}

static void note_end(crew_future *f, void *ctx)
{
    (void)f;
    try_it(ctx);
}

static void in_callback(struct trial *t)
{
    int zero = 0;
    crew_executor *ex = open_with(0);
    crew_future *f = crew_submit(ex, give_back, &zero);
    ck_assert_int_eq(crew_future_on_done(f, note_end, t), 0);
    crew_future_release(f);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
}

static const struct {
    const char *name;
    void (*fn)(struct trial *t);
} places[] = {
    {"nothing", outside},         {"crew_run", in_run},
    {"a forked task", in_fork},   {"crew_run with options", in_run_with_options},
    {"an executor", in_executor}, {"a region", in_region},
    {"a block", in_block},        {"a block in crew_run", in_block_in_run},
    {"a node", in_node},          {"a callback", in_callback},
};
enum { PLACES = sizeof places / sizeof *places };

START_TEST(each_at_each)
{
    for (int threads = TESTS_VALGRIND ? 3 : 1; threads <= 3; threads++) {
        ck_assert_int_eq(crew_set_num_threads(threads), 0);
        for (int call = 0; call < CALLS; call++) {
            for (int option = 0; option < OPTIONS; option++) {
                struct trial t = {.call = call, .option = option};
                places[_i].fn(&t);
                check(&t, places[_i].name);
            }
        }
    }
}
END_TEST

/* An outer call's options stop what is inside it too, and an inner call's do not stop what is outside. */
static int fork_after_inner(void *arg)
{
    struct trial *t = arg;
    struct trial inner = {.call = 4, .option = TIMEOUT};
    try_it(&inner);
    check(&inner, "another");
    return fork_root(t); /* goes on */
}

START_TEST(inner_stops_end_inside)
{
    for (int threads = 1; threads <= 3; threads++) {
        ck_assert_int_eq(crew_set_num_threads(threads), 0);
        struct trial t = {.option = PROGRESS};
        ck_assert_int_eq(crew_run(fork_after_inner, &t, NULL), 0);
        ck_assert_int_eq(t.ran, ITEMS / 2 * 2);
    }
}
END_TEST

static int inner_without_end(void *arg)
{
    struct trial *t = arg;
    return crew_run(fork_root, t, &(crew_options){.timeout = 1000});
}

static int outer_with_end(void *arg)
{
    struct trial *t = arg;
    t->opt = (crew_options){.timeout = 0.02};
    return crew_run(inner_without_end, t, &t->opt);
}

START_TEST(outer_stops_reach_inside)
{
    for (int threads = 1; threads <= 3; threads++) {
        ck_assert_int_eq(crew_set_num_threads(threads), 0);
        struct trial t = {.option = TIMEOUT};
        double begin = seconds_now();
        ck_assert_int_eq(crew_run(outer_with_end, &t, NULL), -ETIMEDOUT);
        ck_assert(seconds_now() - begin < 5);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nested_options");
    TCase *tc = parallel_case(suite, "nested_options");
    tcase_add_loop_test(tc, each_at_each, 0, PLACES);
    tcase_add_test(tc, inner_stops_end_inside);
    tcase_add_test(tc, outer_stops_reach_inside);
    return run_suite(suite);
}
