/* Graphs against the order of their nodes. */
#include "../support/suite.h"
#include <crew/graph.h>
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

enum { SIDE = TESTS_VALGRIND ? 12 : 60 };

struct cell {
    long *table;
    size_t at;
};

/* Paths to a cell of a square. */
static int add_up(void *arg)
{
    struct cell *c = arg;
    long up = c->at >= SIDE ? c->table[c->at - SIDE] : 0, left = c->at % SIDE ? c->table[c->at - 1] : 0;
    c->table[c->at] = c->at == 0 ? 1 : (up + left) % 1000003;
    return 0;
}

static crew_graph *wavefront(struct cell *cells, long *table)
{
    crew_graph *g = crew_graph_open();
    ck_assert_ptr_nonnull(g);
    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++) {
        size_t node;
        cells[i] = (struct cell){table, i};
        ck_assert_int_eq(crew_graph_add(g, add_up, &cells[i], &node), 0);
        ck_assert_uint_eq(node, i);
        if (i >= SIDE)
            ck_assert_int_eq(crew_graph_edge(g, i - SIDE, i), 0);
        if (i % SIDE)
            ck_assert_int_eq(crew_graph_edge(g, i - 1, i), 0);
    }
    ck_assert_uint_eq(crew_graph_size(g), (size_t)SIDE * SIDE);
    return g;
}

START_TEST(runs_again_and_again)
{
    static long table[SIDE * SIDE], expected[SIDE * SIDE];
    static struct cell cells[SIDE * SIDE];
    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++)
        add_up(&(struct cell){expected, i});
    crew_graph *g = wavefront(cells, table);
    for (int round = 0; round < ORACLE_THREADS; round++) {
        use_threads(round);
        for (int again = 0; again < (TESTS_VALGRIND ? 3 : 10); again++) {
            memset(table, 0, sizeof table);
            ck_assert_int_eq(crew_graph_run(g, NULL), 0);
            ck_assert_int_eq(memcmp(table, expected, sizeof table), 0);
        }
        crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = oracle_threads[round]});
        memset(table, 0, sizeof table);
        crew_future *f = crew_graph_submit(ex, g);
        int result = 1;
        ck_assert_int_eq(crew_future_result(f, &result), 0);
        ck_assert_int_eq(result, 0);
        ck_assert_int_eq(memcmp(table, expected, sizeof table), 0);
        crew_future_release(f);
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    }
    crew_graph_close(g);
}
END_TEST

struct node {
    atomic_int ran;
    int code;
};

static int run_node(void *arg)
{
    struct node *n = arg;
    atomic_fetch_add(&n->ran, 1);
    return n->code;
}

/* Random edges from lower to higher nodes, random failures and skips, against a pass in order. */
START_TEST(random_graphs)
{
    enum { MOST = 300 };
    uint64_t seed = oracle_seed();
    static struct node nodes[MOST];
    static bool bad[MOST], edge[MOST][MOST];
    for (int i = 0; i < (TESTS_VALGRIND ? 10 : 150); i++) {
        use_threads(i % ORACLE_THREADS);
        size_t n = oracle_below(&seed, MOST) + 1, edges = oracle_below(&seed, 3 * n + 1);
        crew_graph *g = crew_graph_open();
        memset(edge, 0, sizeof edge);
        memset(bad, 0, sizeof bad);
        for (size_t k = 0; k < n; k++) {
            nodes[k].code = oracle_below(&seed, 20) == 0 ? (int)k + 1 : 0;
            nodes[k].ran = 0;
            ck_assert_int_eq(crew_graph_add(g, run_node, &nodes[k], NULL), 0);
        }
        for (size_t k = 0; k < edges && n > 1; k++) {
            size_t after = oracle_below(&seed, n - 1) + 1, before = oracle_below(&seed, after);
            ck_assert_int_eq(crew_graph_edge(g, before, after), 0);
            edge[before][after] = true;
        }
        size_t skipped = oracle_below(&seed, 2 * n);
        if (skipped < n)
            ck_assert_int_eq(crew_graph_skip(g, skipped, true), 0);
        int expected = 0;
        bool runs[MOST];
        for (size_t k = 0; k < n; k++) {
            runs[k] = !bad[k] && k != skipped;
            expected = runs[k] && nodes[k].code && !expected ? nodes[k].code : expected;
            for (size_t after = k + 1; after < n; after++)
                bad[after] = bad[after] || (edge[k][after] && (!runs[k] || nodes[k].code));
        }
        /* A node that is skipped where it would not have run anyway says nothing. */
        if (!expected && skipped < n && !bad[skipped])
            expected = -ECANCELED;
        for (int again = 1; again <= 2; again++) {
            ck_assert_int_eq(crew_graph_run(g, NULL), expected);
            for (size_t k = 0; k < n; k++)
                ck_assert_int_eq(nodes[k].ran, again * runs[k]);
        }
        crew_graph_close(g);
    }
}
END_TEST

START_TEST(many_starts)
{
    enum { COUNT = TESTS_VALGRIND ? 400 : 40000 }; /* more than a deque has room for */
    struct node one = {0};
    crew_graph *g = crew_graph_open();
    for (int i = 0; i < COUNT; i++)
        ck_assert_int_eq(crew_graph_add(g, run_node, &one, NULL), 0);
    for (int round = 0; round < ORACLE_THREADS; round++) {
        use_threads(round);
        one.ran = 0;
        ck_assert_int_eq(crew_graph_run(g, NULL), 0);
        ck_assert_int_eq(one.ran, COUNT);
    }
    crew_graph_close(g);
}
END_TEST

START_TEST(arguments)
{
    struct node one = {0};
    crew_graph *g = crew_graph_open();
    crew_cancel flag = {0};
    ck_assert_int_eq(crew_graph_run(NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_graph_run(g, NULL), 0);
    ck_assert_int_eq(crew_graph_run(g, &(crew_options){.timeout = NAN}), -EINVAL);
    ck_assert_int_eq(crew_graph_add(g, NULL, NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_graph_add(NULL, run_node, NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_graph_add(g, run_node, &one, NULL), 0);
    ck_assert_int_eq(crew_graph_add(g, run_node, &one, NULL), 0);
    ck_assert_int_eq(crew_graph_edge(g, 0, 0), -EINVAL);
    ck_assert_int_eq(crew_graph_edge(g, 0, 2), -EINVAL);
    ck_assert_int_eq(crew_graph_skip(g, 2, true), -EINVAL);
    ck_assert_int_eq(crew_graph_edge(g, 0, 1), 0);
    ck_assert_int_eq(crew_graph_run(g, NULL), 0);
    ck_assert_int_eq(one.ran, 2);
    crew_cancel_request(&flag);
    ck_assert_int_eq(crew_graph_run(g, &(crew_options){.cancel = &flag}), -ECANCELED);
    ck_assert_int_eq(one.ran, 2);
    ck_assert_int_eq(crew_graph_edge(g, 1, 0), 0);
    ck_assert_int_eq(crew_graph_run(g, NULL), -ELOOP);
    ck_assert_int_eq(one.ran, 2);
    ck_assert_uint_eq(crew_graph_size(NULL), 0);
    ck_assert_ptr_null(crew_graph_submit(NULL, NULL));
    ck_assert_int_eq(errno, EINVAL);
    crew_graph_close(g);
    crew_graph_close(NULL);
}
END_TEST

/* A node that failed in one run and not in the next says nothing then. */
START_TEST(codes_of_this_run)
{
    struct node nodes[2] = {{.code = 5}, {.code = 6}};
    crew_graph *g = crew_graph_open();
    for (size_t i = 0; i < 2; i++)
        ck_assert_int_eq(crew_graph_add(g, run_node, &nodes[i], NULL), 0);
    for (int round = 0; round < ORACLE_THREADS; round++) {
        use_threads(round);
        nodes[0].code = 5;
        ck_assert_int_eq(crew_graph_run(g, NULL), 5);
        nodes[0].code = 0;
        ck_assert_int_eq(crew_graph_run(g, NULL), 6);
    }
    crew_graph_close(g);
}
END_TEST

/* Of several edges all are added or none. */
START_TEST(edges_that_are_refused)
{
    struct node one = {0};
    crew_graph *g = crew_graph_open();
    for (size_t i = 0; i < 2; i++)
        ck_assert_int_eq(crew_graph_add(g, run_node, &one, NULL), 0);
    ck_assert_int_eq(crew_graph_edges(g, (const size_t[][2]){{1, 0}, {0, 2}}, 2), -EINVAL);
    ck_assert_int_eq(crew_graph_edges(g, (const size_t[][2]){{0, 1}}, 1), 0);
    ck_assert_int_eq(crew_graph_run(g, NULL), 0); /* no circle */
    crew_graph_close(g);
}
END_TEST

struct again {
    crew_graph *graph;
    crew_executor *ex;
    int inner, add, edge, submitted;
};

static int use_the_running_graph(void *arg)
{
    struct again *a = arg;
    a->inner = crew_graph_run(a->graph, NULL);
    a->add = crew_graph_add(a->graph, use_the_running_graph, a, NULL);
    a->edge = crew_graph_edge(a->graph, 0, 1);
    crew_future *f = crew_graph_submit(a->ex, a->graph);
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(crew_future_result(f, &a->submitted), 0);
    crew_future_release(f);
    return 0;
}

static int count_up(void *arg)
{
    atomic_fetch_add_explicit((atomic_int *)arg, 1, memory_order_relaxed);
    return 0;
}

START_TEST(a_running_graph_is_busy)
{
    struct again a = {.graph = crew_graph_open(), .ex = crew_executor_open(NULL)};
    atomic_int ran = 0;
    ck_assert_int_eq(crew_graph_add(a.graph, use_the_running_graph, &a, NULL), 0);
    ck_assert_int_eq(crew_graph_add(a.graph, count_up, &ran, NULL), 0);
    for (int round = 0; round < 3; round++) {
        ck_assert_int_eq(crew_graph_run(a.graph, &(crew_options){.threads = _i + 1}), 0);
        ck_assert_int_eq(a.inner, -EBUSY);
        ck_assert_int_eq(a.add, -EBUSY);
        ck_assert_int_eq(a.edge, -EBUSY);
        ck_assert_int_eq(a.submitted, -EBUSY);
        ck_assert_uint_eq(crew_graph_size(a.graph), 2);
    }
    crew_graph_close(a.graph);
    ck_assert_int_eq(crew_executor_shutdown(a.ex, 0), 0);
}
END_TEST

struct turns {
    crew_graph *graph;
    int sum; /* no atomic: the runs order what its node does */
    atomic_bool begun;
};

static int add_one(void *arg)
{
    struct turns *t = arg;
    t->sum++;
    return 0;
}

static int run_when_free(crew_graph *g)
{
    int code;
    while ((code = crew_graph_run(g, &(crew_options){.threads = 1})) == -EBUSY)
        sched_yield();
    return code;
}

static void *run_second(void *arg)
{
    struct turns *t = arg;
    while (!atomic_load_explicit(&t->begun, memory_order_relaxed))
        sched_yield();
    return (void *)(intptr_t)run_when_free(t->graph);
}

/* Nothing but the graph orders the two threads' runs. */
START_TEST(two_threads_in_turn)
{
    struct turns t = {.graph = crew_graph_open()};
    pthread_t second;
    void *code;
    ck_assert_int_eq(crew_graph_add(t.graph, add_one, &t, NULL), 0);
    ck_assert_int_eq(pthread_create(&second, NULL, run_second, &t), 0);
    ck_assert_int_eq(run_when_free(t.graph), 0);
    atomic_store_explicit(&t.begun, true, memory_order_relaxed);
    pthread_join(second, &code);
    ck_assert_ptr_null(code);
    ck_assert_int_eq(t.sum, 2);
    crew_graph_close(t.graph);
}
END_TEST

/* One root, many nodes, one sink: far more than a deque holds become ready at once. It took minutes. */
START_TEST(a_star_of_a_million_nodes)
{
    enum { NODES = TESTS_VALGRIND ? 1000 : 1000000 };
    atomic_int ran = 0;
    crew_graph *g = crew_graph_open();
    for (int i = 0; i < NODES; i++)
        ck_assert_int_eq(crew_graph_add(g, count_up, &ran, NULL), 0);
    for (int i = 1; i < NODES - 1; i++) {
        ck_assert_int_eq(crew_graph_edge(g, 0, (size_t)i), 0);
        ck_assert_int_eq(crew_graph_edge(g, (size_t)i, NODES - 1), 0);
    }
    ck_assert_int_eq(crew_graph_run(g, &(crew_options){.threads = _i == 0 ? 2 : 8}), 0);
    ck_assert_int_eq(atomic_load(&ran), NODES);
    crew_graph_close(g);
}
END_TEST

static int wait_a_ms(void *arg)
{
    (void)arg;
    oracle_sleep_us(1000);
    return 0;
}

/* 2000 nodes of a millisecond in a row would take two seconds. */
START_TEST(the_timeout_of_a_run)
{
    crew_graph *g = crew_graph_open();
    atomic_int ran = 0;
    for (size_t i = 0; i < 4000; i++) {
        ck_assert_int_eq(crew_graph_add(g, i % 2 ? count_up : wait_a_ms, &ran, NULL), 0);
        if (i > 0)
            ck_assert_int_eq(crew_graph_edge(g, i - 1, i), 0);
    }
    ck_assert_int_eq(crew_graph_run(g, &(crew_options){.threads = _i + 1, .timeout = 0.02}), -ETIMEDOUT);
    ck_assert_int_lt(atomic_load(&ran), 1000);
    crew_graph_close(g);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("graph");
    TCase *tc = parallel_case(suite, "graph");
    tcase_add_test(tc, runs_again_and_again);
    tcase_add_test(tc, random_graphs);
    tcase_add_test(tc, many_starts);
    tcase_add_test(tc, arguments);
    tcase_add_test(tc, codes_of_this_run);
    tcase_add_test(tc, edges_that_are_refused);
    tcase_add_loop_test(tc, a_running_graph_is_busy, 0, 3);
    tcase_add_test(tc, two_threads_in_turn);
    tcase_add_loop_test(tc, the_timeout_of_a_run, 0, 3);
    TCase *large = parallel_case(suite, "large");
    tcase_add_loop_test(large, a_star_of_a_million_nodes, 0, 2);
    return run_suite(suite);
}
