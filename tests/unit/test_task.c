/* Fork and join against the recursion without them. */
#define _DEFAULT_SOURCE
#include "../support/suite.h"
#include <errno.h>
#include <math.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

struct fib {
    long n, value;
};

static int fib(void *arg)
{
    struct fib *f = arg;
    if (f->n < 2) {
        f->value = f->n;
        return 0;
    }
    struct fib a = {f->n - 1, 0}, b = {f->n - 2, 0};
    crew_task task;
    crew_fork(&task, fib, &a);
    int second = fib(&b), first = crew_join(&task);
    f->value = a.value + b.value;
    return first ? first : second;
}

START_TEST(equals_the_recursion)
{
    static const long expected[] = {0, 1, 1, 2, 3, 5, 8, 13};
    for (int round = 0; round < ORACLE_THREADS; round++) {
        use_threads(round);
        for (long n = 0; n < 8; n++) {
            struct fib f = {n, 0};
            ck_assert_int_eq(crew_run(fib, &f, NULL), 0);
            ck_assert_int_eq(f.value, expected[n]);
        }
        struct fib f = {22, 0};
        ck_assert_int_eq(crew_run(fib, &f, NULL), 0);
        ck_assert_int_eq(f.value, 17711);
    }
    struct fib f = {12, 0};
    ck_assert_int_eq(fib(&f), 0); /* outside a team */
    ck_assert_int_eq(f.value, 144);
}
END_TEST

/* A tree whose shape and sum follow from a seed: nodes have 0 to 6 children. */
struct tree {
    uint64_t seed;
    int depth;
    uint64_t sum;
};

static int children_of(const struct tree *t, uint64_t *state)
{
    *state = t->seed;
    return t->depth == 0 ? 0 : (int)oracle_below(state, 7);
}

static void sum_plainly(struct tree *t)
{
    uint64_t state;
    int count = children_of(t, &state);
    t->sum = t->seed;
    for (int i = 0; i < count; i++) {
        struct tree child = {oracle_random(&state), t->depth - 1, 0};
        sum_plainly(&child);
        t->sum = t->sum * 31 + child.sum;
    }
}

static int sum_forked(void *arg)
{
    struct tree *t = arg;
    uint64_t state;
    struct tree child[6];
    crew_task task[6];
    int count = children_of(t, &state);
    for (int i = 0; i < count; i++) {
        child[i] = (struct tree){oracle_random(&state), t->depth - 1, 0};
        crew_fork(&task[i], sum_forked, &child[i]);
    }
    for (int i = count; i-- > 0;)
        ck_assert_int_eq(crew_join(&task[i]), 0);
    t->sum = t->seed;
    for (int i = 0; i < count; i++)
        t->sum = t->sum * 31 + child[i].sum;
    return 0;
}

START_TEST(unbalanced_trees)
{
    uint64_t seed = oracle_seed();
    for (int round = 0; round < ORACLE_THREADS; round++) {
        use_threads(round);
        for (int i = 0; i < 20; i++) {
            struct tree t = {oracle_random(&seed), 8, 0}, plain = t;
            sum_plainly(&plain);
            ck_assert_int_eq(crew_run(sum_forked, &t, NULL), 0);
            ck_assert_uint_eq(t.sum, plain.sum);
        }
    }
}
END_TEST

struct deep {
    int left, value;
};

/* Every level forks the next one and waits at once. */
static int go_down(void *arg)
{
    struct deep *d = arg;
    if (d->left == 0)
        return 0;
    struct deep next = {d->left - 1, 0};
    crew_task task;
    crew_fork(&task, go_down, &next);
    int code = crew_join(&task);
    d->value = next.value + 1;
    return code;
}

static int count_leaf(void *arg)
{
    atomic_fetch_add_explicit((atomic_int *)arg, 1, memory_order_relaxed);
    return 0;
}

struct unbalanced {
    int left;
    atomic_int *leaves;
};

/* Every level has a small fork open while the next one runs. */
static int go_down_open(void *arg)
{
    struct unbalanced *d = arg;
    if (d->left == 0)
        return 0;
    struct unbalanced next = {d->left - 1, d->leaves};
    crew_task task;
    crew_fork(&task, count_leaf, d->leaves);
    int code = go_down_open(&next), other = crew_join(&task);
    return code ? code : other;
}

START_TEST(deep)
{
    enum { DEPTH = TESTS_VALGRIND ? 300 : 10000 };
    for (int round = 0; round < ORACLE_THREADS; round++) {
        use_threads(round);
        struct deep d = {DEPTH, 0};
        ck_assert_int_eq(crew_run(go_down, &d, NULL), 0);
        ck_assert_int_eq(d.value, DEPTH);
        atomic_int leaves = 0;
        struct unbalanced u = {2 * DEPTH, &leaves}; /* more than a deque has room for */
        ck_assert_int_eq(crew_run(go_down_open, &u, NULL), 0);
        ck_assert_int_eq(leaves, 2 * DEPTH);
    }
}
END_TEST

struct wide {
    int count;
    atomic_int leaves;
};

static int fork_many(void *arg)
{
    struct wide *w = arg;
    crew_task *tasks = malloc((size_t)w->count * sizeof *tasks);
    ck_assert_ptr_nonnull(tasks);
    for (int i = 0; i < w->count; i++)
        crew_fork(&tasks[i], count_leaf, &w->leaves);
    for (int i = w->count; i-- > 0;)
        ck_assert_int_eq(crew_join(&tasks[i]), 0);
    free(tasks);
    return 0;
}

START_TEST(wide)
{
    static const int counts[] = {1, 7, 8, 9, 16383, 16384, 16385, 300000};
    enum { COUNTS = TESTS_VALGRIND ? 4 : sizeof counts / sizeof *counts };
    for (int round = 0; round < ORACLE_THREADS; round++) {
        use_threads(round);
        for (size_t i = 0; i < COUNTS; i++) {
            struct wide w = {counts[i], 0};
            ck_assert_int_eq(crew_run(fork_many, &w, NULL), 0);
            ck_assert_int_eq(w.leaves, w.count);
        }
    }
}
END_TEST

static int value_of(void *arg)
{
    return *(int *)arg;
}

static int any_order(void *arg)
{
    (void)arg;
    int values[5] = {3, 1, 4, 1, 5};
    static const int order[5] = {2, 0, 4, 1, 3};
    crew_task tasks[5];
    for (int i = 0; i < 5; i++)
        crew_fork(&tasks[i], value_of, &values[i]);
    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(crew_join(&tasks[order[i]]), values[order[i]]);
    return 42;
}

START_TEST(joins_give_values_in_any_order)
{
    for (int round = 0; round < ORACLE_THREADS; round++) {
        use_threads(round);
        for (int i = 0; i < 50; i++)
            ck_assert_int_eq(crew_run(any_order, NULL, NULL), 42);
    }
    ck_assert_int_eq(any_order(NULL), 42);
}
END_TEST

START_TEST(invoke)
{
    int values[9] = {0, 0, 5, 0, 7, 0, 0, 9, 0};
    crew_call calls[9];
    for (int i = 0; i < 9; i++)
        calls[i] = (crew_call){value_of, &values[i]};
    ck_assert_int_eq(crew_invoke(NULL, 0), 0);
    ck_assert_int_eq(crew_invoke(NULL, 2), -EINVAL);
    for (size_t n = 1; n <= 9; n++)
        ck_assert_int_eq(crew_invoke(calls, n), n < 3 ? 0 : 5);
    atomic_int count = 0;
    crew_call bad[2] = {{count_leaf, &count}, {NULL, NULL}};
    ck_assert_int_eq(crew_invoke(bad, 2), -EINVAL);
    ck_assert_int_eq(count, 0);
}
END_TEST

static int invoke_in_team(void *arg)
{
    crew_call calls[8];
    for (int i = 0; i < 8; i++)
        calls[i] = (crew_call){count_leaf, arg};
    return crew_invoke(calls, 8);
}

START_TEST(arguments)
{
    atomic_int count = 0;
    ck_assert_int_eq(crew_run(NULL, NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_run(count_leaf, &count, &(crew_options){.timeout = -1}), -EINVAL);
    ck_assert_int_eq(crew_run(count_leaf, &count, &(crew_options){.timeout = NAN}), -EINVAL);
    ck_assert_int_eq(count, 0);
    crew_task task;
    crew_fork(&task, NULL, NULL);
    ck_assert_int_eq(crew_join(&task), -EINVAL);
    crew_fork(NULL, count_leaf, &count);
    ck_assert_int_eq(crew_join(NULL), -EINVAL);
    ck_assert_int_eq(count, 0);
    for (int round = 0; round < ORACLE_THREADS; round++) {
        use_threads(round);
        count = 0;
        ck_assert_int_eq(crew_run(invoke_in_team, &count, NULL), 0);
        ck_assert_int_eq(count, 8);
    }
}
END_TEST

struct stop {
    crew_cancel *cancel;
    atomic_int ran;
    int codes[64];
};

static int cancel_halfway(void *arg)
{
    struct stop *s = arg;
    crew_task tasks[64];
    crew_cancel_request(s->cancel);
    for (int i = 0; i < 64; i++)
        crew_fork(&tasks[i], count_leaf, &s->ran);
    for (int i = 64; i-- > 0;)
        s->codes[i] = crew_join(&tasks[i]);
    return 0;
}

START_TEST(cancel)
{
    for (int round = 0; round < ORACLE_THREADS; round++) {
        use_threads(round);
        crew_cancel flag = {0};
        struct stop s = {.cancel = &flag};
        /* with a timeout that is far away too */
        crew_options opt = {.cancel = &flag, .timeout = 1000};
        ck_assert_int_eq(crew_run(cancel_halfway, &s, &opt), -ECANCELED);
        crew_cancel_reset(&flag);
        opt.timeout = 0;
        ck_assert_int_eq(crew_run(cancel_halfway, &s, &opt), -ECANCELED);
        ck_assert_int_eq(s.ran, 0);
        for (int i = 0; i < 64; i++)
            ck_assert_int_eq(s.codes[i], -ECANCELED);
        ck_assert_int_eq(crew_run(count_leaf, &s.ran, &(crew_options){.cancel = &flag}), -ECANCELED);
        ck_assert_int_eq(s.ran, 0);
    }
}
END_TEST

static int sleep_then_fork(void *arg)
{
    usleep(20000);
    crew_task task;
    crew_fork(&task, count_leaf, arg);
    ck_assert_int_eq(crew_join(&task), -ETIMEDOUT);
    return 0;
}

START_TEST(timeout)
{
    for (int round = 0; round < ORACLE_THREADS; round++) {
        use_threads(round);
        atomic_int ran = 0;
        crew_cancel never = {0};
        ck_assert_int_eq(crew_run(sleep_then_fork, &ran, &(crew_options){.timeout = 0.001}), -ETIMEDOUT);
        crew_options both = {.timeout = 0.001, .cancel = &never};
        ck_assert_int_eq(crew_run(sleep_then_fork, &ran, &both), -ETIMEDOUT);
        ck_assert_int_eq(ran, 0);
    }
}
END_TEST

static int square(size_t begin, size_t end, void *ctx)
{
    double *y = ctx;
    for (size_t i = begin; i < end; i++)
        y[i] = sqrt((double)i) * y[i];
    return 0;
}

enum { LOOP = TESTS_VALGRIND ? 2000 : 20000, LOOPS = 6 };

static int loop_in_task(void *arg)
{
    double *y = arg;
    int worker = crew_worker();
    ck_assert_int_ge(worker, 0);
    int code = crew_for(LOOP, square, y, NULL);
    return code ? code : reduced_sum(y, LOOP, y);
}

static int loops_in_tasks(void *arg)
{
    double *y = arg;
    crew_task tasks[LOOPS];
    for (int i = 0; i < LOOPS; i++)
        crew_fork(&tasks[i], loop_in_task, y + i * LOOP);
    for (int i = LOOPS; i-- > 0;)
        ck_assert_int_eq(crew_join(&tasks[i]), 0);
    return 0;
}

/* Loops and reductions inside tasks give what they give outside. */
START_TEST(loops_inside)
{
    size_t n = (size_t)LOOP * LOOPS;
    double *first = malloc(n * sizeof *first), *y = malloc(n * sizeof *y);
    ck_assert(first && y);
    uint64_t seed = oracle_seed(), start = seed;
    for (int round = 0; round < ORACLE_THREADS; round++) {
        use_threads(round);
        seed = start;
        for (size_t i = 0; i < n; i++)
            y[i] = (double)oracle_random(&seed) / 3;
        ck_assert_int_eq(crew_run(loops_in_tasks, y, NULL), 0);
        if (round == 0)
            memcpy(first, y, n * sizeof *y);
        ck_assert_int_eq(memcmp(first, y, n * sizeof *y), 0);
    }
    free(first);
    free(y);
}
END_TEST

static int run_inside(void *arg)
{
    struct fib *f = arg;
    return crew_run(fib, f, NULL);
}

static int run_in_loop(size_t begin, size_t end, void *ctx)
{
    struct fib *f = ctx;
    for (size_t i = begin; i < end; i++)
        if (crew_run(fib, &f[i], NULL) != 0)
            return 1;
    return 0;
}

START_TEST(runs_inside)
{
    for (int round = 0; round < ORACLE_THREADS; round++) {
        use_threads(round);
        struct fib f = {15, 0}, many[20];
        ck_assert_int_eq(crew_run(run_inside, &f, NULL), 0);
        ck_assert_int_eq(f.value, 610);
        for (int i = 0; i < 20; i++)
            many[i] = (struct fib){i, 0};
        ck_assert_int_eq(crew_for(20, run_in_loop, many, NULL), 0);
        ck_assert_int_eq(many[19].value, 4181);
    }
}
END_TEST

/* Two tasks that can only end together: the second must be taken by another worker while the first waits. */
static atomic_int arrived;

static int meet(void *arg)
{
    (void)arg;
    atomic_fetch_add(&arrived, 1);
    for (int i = 0; atomic_load(&arrived) < 2 && i < 20000; i++)
        usleep(500);
    return atomic_load(&arrived) < 2;
}

static int meet_twice(void *arg)
{
    crew_task task;
    crew_fork(&task, meet, arg);
    int here = meet(arg), there = crew_join(&task);
    return here ? here : there;
}

START_TEST(tasks_run_at_the_same_time)
{
    if (strcmp(crew_backend(), "sequential") == 0)
        return;
    for (int i = 0; i < 10; i++) {
        arrived = 0;
        ck_assert_int_eq(crew_run(meet_twice, NULL, &(crew_options){.threads = 2}), 0);
    }
}
END_TEST

#ifdef _OPENMP
/* In a region of the program's own a fork is one of its tasks. */
START_TEST(in_a_region)
{
    for (int threads = 1; threads <= 4; threads++) {
        struct fib f = {14, 0}, g = {14, 0};
#pragma omp parallel num_threads(threads)
#pragma omp single
        {
            ck_assert_int_eq(fib(&f), 0);
            ck_assert_int_eq(crew_run(fib, &g, NULL), 0);
        }
        ck_assert_int_eq(f.value, 377);
        ck_assert_int_eq(g.value, 377);
    }
}
END_TEST
#endif

struct told {
    atomic_int inside;
    size_t calls, done, total;
};

static void tell(size_t done, size_t total, void *ctx)
{
    struct told *t = ctx;
    ck_assert_int_eq(atomic_fetch_add(&t->inside, 1), 0);
    ck_assert_uint_ge(done, t->done);
    ck_assert(total == 0 || total == done);
    t->calls++;
    t->done = done;
    t->total = total;
    atomic_fetch_sub(&t->inside, 1);
}

static size_t forks_of(long n)
{
    return n < 2 ? 0 : 1 + forks_of(n - 1) + forks_of(n - 2);
}

/* Forks its own, lets an inner run fork, and loops, whose parts are no tasks of it. */
static int fork_run_and_loop(void *arg)
{
    struct told *inner = arg;
    struct fib a = {10, 0}, b = {9, 0};
    crew_task task;
    crew_fork(&task, fib, &a);
    int code = crew_run(fib, &b, &(crew_options){.progress = tell, .progress_ctx = inner});
    double x[1000] = {1}, sum;
    code |= reduced_sum(x, 1000, &sum);
    return code | crew_join(&task);
}

START_TEST(progress)
{
    for (int round = 0; round < ORACLE_THREADS; round++) {
        int threads = use_threads(round);
        struct told told = {0}, inner = {0};
        crew_options opt = {.threads = threads, .progress = tell, .progress_ctx = &told, .name = "fib"};
        struct fib f = {18, 0};
        ck_assert_int_eq(crew_run(fib, &f, &opt), 0);
        ck_assert_uint_eq(told.done, forks_of(18));
        ck_assert_uint_eq(told.total, told.done);
        f.n = 0;
        told = (struct told){0};
        ck_assert_int_eq(crew_run(fib, &f, &opt), 0);
        ck_assert_uint_eq(told.calls, 1);
        ck_assert_uint_eq(told.done, 0);
        told = (struct told){0};
        ck_assert_int_eq(crew_run(fork_run_and_loop, &inner, &opt), 0);
        ck_assert_uint_eq(inner.done, forks_of(9));
        ck_assert_uint_eq(told.done, 1 + forks_of(10) + forks_of(9));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("task");
    TCase *tc = parallel_case(suite, "task");
    tcase_add_test(tc, equals_the_recursion);
    tcase_add_test(tc, unbalanced_trees);
    tcase_add_test(tc, deep);
    tcase_add_test(tc, wide);
    tcase_add_test(tc, joins_give_values_in_any_order);
    tcase_add_test(tc, invoke);
    tcase_add_test(tc, arguments);
    tcase_add_test(tc, loops_inside);
    tcase_add_test(tc, runs_inside);
    tcase_add_test(tc, progress);
    tcase_add_test(tc, tasks_run_at_the_same_time);
#ifdef _OPENMP
    tcase_add_test(tc, in_a_region);
#endif
    TCase *stops = parallel_case(suite, "stops");
    tcase_add_test(stops, cancel);
    tcase_add_test(stops, timeout);
    return run_suite(suite);
}
