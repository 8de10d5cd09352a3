/* Names, times, failures and the picture of a graph. */
#define _XOPEN_SOURCE 700
#include "../support/suite.h"
#include <crew/graph.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static int fine(void *arg)
{
    (void)arg;
    for (volatile int spin = 0; spin < 10000; spin = spin + 1)
        ;
    return 0;
}

static int fails(void *arg)
{
    return *(int *)arg;
}

/* What crew_graph_dot writes, without the times of nodes. */
static char *dot_of(const crew_graph *g)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(crew_graph_dot(g, f), 0);
    fclose(f);
    for (char *ms; (ms = strstr(text, " ms\"")) != NULL;) {
        char *from = ms;
        while (from[-1] != 'n')
            from--;
        memmove(from, ms + 3, strlen(ms + 3) + 1);
    }
    return text;
}

START_TEST(names_and_edges)
{
    use_threads(_i);
    int code = 71;
    crew_graph *g = crew_graph_open();
    ck_assert_ptr_nonnull(g);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(crew_graph_add(g, i == 2 ? fails : fine, &code, NULL), 0);
    const size_t edges[][2] = {{0, 1}, {0, 2}, {1, 3}, {2, 3}}, bad[][2] = {{0, 3}, {1, 4}};
    ck_assert_int_eq(crew_graph_edges(g, edges, 4), 0);
    ck_assert_int_eq(crew_graph_edges(g, bad, 2), -EINVAL);
    ck_assert_int_eq(crew_graph_edges(g, NULL, 0), 0);
    ck_assert_int_eq(crew_graph_edges(g, NULL, 1), -EINVAL);
    ck_assert_int_eq(crew_graph_name(g, 0, "first"), 0);
    ck_assert_int_eq(crew_graph_name(g, 0, "a \"first\"\n\\ node"), 0);
    ck_assert_int_eq(crew_graph_name(g, 3, "last"), 0);
    ck_assert_int_eq(crew_graph_name(g, 3, NULL), 0);
    ck_assert_int_eq(crew_graph_name(g, 4, "none"), -EINVAL);
    char *text = dot_of(g);
    ck_assert_str_eq(text, "digraph crew {\n    node [shape=box];\n"
                           "    0 [label=\"a \\\"first\\\"\\n\\\\ node\"];\n    1 [label=\"1\"];\n"
                           "    2 [label=\"2\"];\n    3 [label=\"3\"];\n"
                           "    0 -> 1;\n    0 -> 2;\n    1 -> 3;\n    2 -> 3;\n}\n");
    free(text);
    size_t node = 9;
    ck_assert_int_eq(crew_graph_failed(g, &node), 0);
    ck_assert_uint_eq(node, 9);
    ck_assert_double_lt(crew_graph_seconds(g, 0), 0);
    ck_assert_int_eq(crew_graph_measure(g, true), 0);
    ck_assert_int_eq(crew_graph_measure(g, true), 0);
    ck_assert_int_eq(crew_graph_run(g, NULL), 71);
    ck_assert_int_eq(crew_graph_failed(g, &node), 71);
    ck_assert_uint_eq(node, 2);
    ck_assert_double_gt(crew_graph_seconds(g, 0), 0);
    ck_assert_double_gt(crew_graph_seconds(g, 1), 0);
    ck_assert_double_lt(crew_graph_seconds(g, 3), 0); /* it did not run */
    ck_assert_double_lt(crew_graph_seconds(g, 4), 0);
    crew_graph_skip(g, 3, true);
    text = dot_of(g);
    ck_assert_ptr_nonnull(strstr(text, "    1 [label=\"1\\n\"];\n    2 [label=\"2\\n\", color=red];\n"
                                       "    3 [label=\"3\", style=dashed];\n"));
    free(text);
    /* nodes that are added later are measured too */
    code = 0;
    ck_assert_int_eq(crew_graph_add(g, fine, NULL, &node), 0);
    ck_assert_double_lt(crew_graph_seconds(g, node), 0);
    ck_assert_int_eq(crew_graph_run(g, NULL), -ECANCELED);
    ck_assert_double_gt(crew_graph_seconds(g, node), 0);
    ck_assert_int_eq(crew_graph_failed(g, NULL), 0);
    ck_assert_int_eq(crew_graph_measure(g, false), 0);
    ck_assert_int_eq(crew_graph_run(g, NULL), -ECANCELED);
    ck_assert_double_lt(crew_graph_seconds(g, 0), 0);
    crew_graph_close(g);
}
END_TEST

struct seen {
    size_t calls, done, total;
    bool fell;
};

static void see(size_t done, size_t total, void *ctx)
{
    struct seen *seen = ctx;
    seen->fell = seen->fell || done < seen->done || done > total;
    seen->calls++;
    seen->done = done;
    seen->total = total;
}

static int slow(void *arg)
{
    (void)arg;
    oracle_sleep_us(2000);
    return 0;
}

START_TEST(progress)
{
    use_threads(_i);
    crew_graph *g = crew_graph_open();
    for (int i = 0; i < 60; i++)
        ck_assert_int_eq(crew_graph_add(g, slow, NULL, NULL), 0);
    for (int round = 0; round < 2; round++) {
        struct seen seen = {0};
        ck_assert_int_eq(crew_graph_run(g, &(crew_options){.progress = see, .progress_ctx = &seen}), 0);
        ck_assert(!seen.fell);
        ck_assert_uint_eq(seen.done, 60);
        ck_assert_uint_eq(seen.total, 60);
        ck_assert_uint_ge(seen.calls, 1);
    }
    ck_assert_int_eq(crew_graph_run(g, NULL), 0); /* and none without it */
    crew_graph_close(g);
}
END_TEST

static int fail_23(void *arg)
{
    (void)arg;
    return 23;
}

/* A name before most nodes are there, and a failure of which nobody asks whose it was. */
START_TEST(one_name_of_many)
{
    char *text = NULL;
    size_t size = 0;
    crew_graph *g = crew_graph_open();
    ck_assert_int_eq(crew_graph_add(g, fail_23, NULL, NULL), 0);
    ck_assert_int_eq(crew_graph_name(g, 0, "first"), 0);
    for (int i = 0; i < 200; i++)
        ck_assert_int_eq(crew_graph_add(g, slow, NULL, NULL), 0);
    ck_assert_int_eq(crew_graph_run(g, NULL), 23);
    ck_assert_int_eq(crew_graph_failed(g, NULL), 23);
    FILE *out = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(out);
    ck_assert_int_eq(crew_graph_dot(g, out), 0);
    fclose(out);
    ck_assert_ptr_nonnull(strstr(text, "0 [label=\"first"));
    ck_assert_ptr_nonnull(strstr(text, "200 [label=\"200"));
    free(text);
    crew_graph_close(g);
}
END_TEST

START_TEST(bad_arguments)
{
    crew_graph *g = crew_graph_open();
    ck_assert_int_eq(crew_graph_dot(NULL, stderr), -EINVAL);
    ck_assert_int_eq(crew_graph_dot(g, NULL), -EINVAL);
    ck_assert_int_eq(crew_graph_name(NULL, 0, "a"), -EINVAL);
    ck_assert_int_eq(crew_graph_measure(NULL, true), -EINVAL);
    ck_assert_int_eq(crew_graph_edges(NULL, NULL, 0), -EINVAL);
    ck_assert_int_eq(crew_graph_failed(NULL, NULL), 0);
    /* of no node; and asked for twice */
    ck_assert_int_eq(crew_graph_measure(g, true), 0);
    ck_assert_int_eq(crew_graph_measure(g, true), 0);
    ck_assert(crew_graph_seconds(g, 0) == -1 && crew_graph_seconds(NULL, 0) == -1);
    ck_assert_int_eq(crew_graph_run(g, NULL), 0);
    FILE *full = fopen("/dev/full", "w");
    if (full) {
        setvbuf(full, NULL, _IONBF, 0);
        ck_assert_int_eq(crew_graph_dot(g, full), -EIO);
        fclose(full);
    }
    crew_graph_close(g);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("graph_dot");
    TCase *tc = parallel_case(suite, "graph_dot");
    tcase_add_loop_test(tc, names_and_edges, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, progress, 0, ORACLE_THREADS);
    tcase_add_test(tc, one_name_of_many);
    tcase_add_test(tc, bad_arguments);
    return run_suite(suite);
}
