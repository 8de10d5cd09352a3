/* Tasks, executors, futures and graphs: what they compute, whoever runs them. */
#include "digest.h"
#include <crew/crew.h>
#include <errno.h>

/* A sum by halves, each pair of halves added when both are there. */
struct part {
    const double *x;
    size_t n;
    double sum;
};

static int sum_part(void *arg)
{
    struct part *part = arg;
    part->sum = 0;
    if (part->n <= 100) {
        for (size_t i = 0; i < part->n; i++)
            part->sum += part->x[i];
        return part->n == 99 ? 99 : 0;
    }
    size_t half = part->n / 2;
    struct part left = {part->x, half, 0}, right = {part->x + half, part->n - half, 0};
    crew_task task;
    crew_fork(&task, sum_part, &left);
    int code = sum_part(&right), left_code = crew_join(&task);
    part->sum = left.sum + right.sum;
    return left_code ? left_code : code;
}

static int give(void *arg)
{
    return *(int *)arg;
}

static void forks(const double *x)
{
    for (size_t s = 0; s < size_count; s++) {
        struct part part = {x, sizes[s], 0};
        add_code("run", NULL, crew_run(sum_part, &part, NULL));
        add("run", NULL, &part.sum, sizeof part.sum);
    }
    struct part parts[3] = {{x, 12345, 0}, {x + 5, 99, 0}, {x + 7, 70000, 0}};
    int seven = 7;
    const crew_call calls[] = {{sum_part, &parts[0]}, {sum_part, &parts[1]}, {give, &seven}, {sum_part, &parts[2]}};
    add_code("invoke", NULL, crew_invoke(calls, 4));
    for (size_t i = 0; i < 3; i++)
        add("invoke", NULL, &parts[i].sum, sizeof parts[i].sum);
    crew_cancel stop = {0};
    crew_cancel_request(&stop);
    add_code("run", NULL, crew_run(NULL, NULL, NULL));
    add_code("run", NULL, crew_run(give, &seven, &(crew_options){.cancel = &stop}));
    add_code("invoke", NULL, crew_invoke(NULL, 1));
}

static int square(const void *in, void *out, void *ctx)
{
    double x = *(const double *)in;
    if (*(const double *)ctx > 0 && x > *(const double *)ctx)
        return 31;
    *(double *)out = x * x + 0.1;
    return 0;
}

/* ctx: the limit of square, the index that is enough, a sum in order. */
static int take(size_t index, const void *out, void *ctx)
{
    double *state = ctx;
    if ((double)index >= state[1])
        return 32;
    state[2] = state[2] * 0.5 + *(const double *)out;
    return 0;
}

static void count_done(crew_future *f, void *ctx)
{
    int result = 0;
    crew_future_result(f, &result);
    __atomic_fetch_add((long long *)ctx, result, __ATOMIC_RELAXED);
}

static void executors(const double *x, int threads)
{
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = threads});
    if (ex == NULL)
        abort();
    static const double variants[][2] = {{0, 1e9}, {3.9, 1e9}, {0, 700}, {3.9, 3}};
    for (size_t v = 0; v < 4; v++)
        for (size_t ahead = 0; ahead <= 100; ahead = ahead * 9 + 1) {
            double state[3] = {variants[v][0], variants[v][1], 0};
            add_code("executor_map", NULL, crew_executor_map(ex, x, 8, 8, 1000, square, take, state, ahead));
            add("executor_map", NULL, state, sizeof state);
        }

    enum { FUTURES = 50 };
    crew_future *futures[FUTURES], *after[FUTURES];
    int given[FUTURES], result;
    long long done = 0;
    for (int i = 0; i < FUTURES; i++) {
        given[i] = i % 7 == 3 ? i : 0;
        futures[i] = i % 2 ? crew_submit(ex, give, &given[i]) : crew_submit_copy(ex, give, &given[i], sizeof(int));
        add_code("submit", NULL, crew_future_on_done(futures[i], count_done, &done));
        after[i] = crew_submit_after(ex, give, &given[0], futures + i / 5 * 5, (size_t)(i % 5) + 1);
    }
    add_code("submit", NULL, crew_wait(futures, FUTURES, CREW_WAIT_ALL, -1));
    for (int i = 0; i < FUTURES; i++) {
        result = -1;
        add_code("submit", NULL, crew_future_result(futures[i], &result));
        add_code("submit", NULL, result);
        /* Where two dependencies fail, the first to be known decides: that one failed is all that is certain. */
        result = -1;
        add_code("submit_after", NULL, crew_future_result(after[i], &result));
        add_code("submit_after", NULL, result != 0);
        add_code("submit_after", NULL, crew_future_status(after[i]));
    }
    crew_completion *set = crew_completion_open(futures, FUTURES);
    long long seen = 0;
    for (crew_future *f; (f = crew_next_done(set)) != NULL; crew_future_release(f)) {
        crew_future_result(f, &result);
        seen += 1000 + result;
    }
    crew_completion_close(set);
    add_code("next_done", NULL, seen);
    for (int i = 0; i < FUTURES; i++) {
        crew_future_release(futures[i]);
        crew_future_release(after[i]);
    }
    add_code("shutdown", NULL, crew_executor_shutdown(ex, 8));
    add_code("shutdown", NULL, crew_executor_shutdown(ex, 0));
    /* Callbacks may run after a wait has ended, but not after the executor has. */
    add_code("submit", NULL, done);
    add_code("submit", NULL, crew_submit(NULL, NULL, NULL) == NULL ? errno : 0);
}

/* A node's value is made of those before it, in the order of their numbers. */
enum { NODES = 500 };
static struct node {
    double value;
    int number, code;
} nodes[NODES];

static int run_node(void *arg)
{
    struct node *node = arg;
    int i = node->number;
    node->value = i / 3.0;
    if (i > 0)
        node->value += nodes[i / 2].value * 0.7;
    if (i > 16)
        node->value -= nodes[i - 16].value * 0.3;
    return node->code;
}

static void graph_run(const char *family, crew_graph *graph, crew_executor *ex)
{
    for (int i = 0; i < NODES; i++)
        nodes[i].value = -1;
    int result = -1;
    if (ex) {
        crew_future *f = crew_graph_submit(ex, graph);
        crew_future_result(f, &result);
        crew_future_release(f);
    } else {
        result = crew_graph_run(graph, NULL);
    }
    add_code(family, NULL, result);
    for (int i = 0; i < NODES; i++)
        add(family, NULL, &nodes[i].value, sizeof nodes[i].value);
}

static void graphs(int threads)
{
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = threads});
    crew_graph *graph = crew_graph_open();
    for (int i = 0; i < NODES; i++) {
        nodes[i].number = i;
        add_code("graph_add", NULL, crew_graph_add(graph, run_node, &nodes[i], NULL));
        if (i > 0)
            add_code("graph_add", NULL, crew_graph_edge(graph, (size_t)i / 2, (size_t)i));
        if (i > 16)
            add_code("graph_add", NULL, crew_graph_edge(graph, (size_t)i - 16, (size_t)i));
    }
    add_code("graph_add", NULL, (long long)crew_graph_size(graph));
    add_code("graph_add", NULL, crew_graph_edge(graph, 5, 5));
    add_code("graph_add", NULL, crew_graph_edge(graph, 5, NODES));
    for (int round = 0; round < 3; round++) {
        nodes[437].code = round == 1 ? 437 : 0;
        nodes[222].code = round == 1 ? -222 : 0;
        crew_graph_skip(graph, 60, round == 2);
        graph_run("graph_run", graph, NULL);
        graph_run("graph_submit", graph, ex);
    }
    add_code("graph_run", NULL, crew_graph_edge(graph, 400, 3));
    add_code("graph_run", NULL, crew_graph_run(graph, NULL));
    crew_graph_close(graph);
    crew_executor_shutdown(ex, 0);
}

void digest_tasks(int threads)
{
    double *x = room(0, 8);
    seed(2);
    for (size_t i = 0; i < LONGEST; i++)
        x[i] = random_double();
    forks(x);
    executors(x, threads);
    graphs(threads);
}
