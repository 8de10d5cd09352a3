/* A program that is built with ThreadSanitizer and uses a crew that is not: "clean" hands plain data on in every way
   that crew orders, and must not be reported; "racy" has one race in a task, which must be. */
#define _POSIX_C_SOURCE 200809L
#include <crew/crew.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { N = 20000, ITEMS = 200 };

static int bad;

static void check(int right, const char *what)
{
    if (!right) {
        fprintf(stderr, "error: %s\n", what);
        bad = 1;
    }
}

static void pause_item(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 20000}, NULL);
}

struct arrays {
    double x[N], y[N];
    size_t reports;
};

static int fill(size_t begin, size_t end, void *ctx)
{
    struct arrays *a = ctx;
    for (size_t i = begin; i < end; i++) {
        a->x[i] = (double)(i * 7919 % N);
        if (i % 100 == 0)
            pause_item();
    }
    return 0;
}

static int twice(size_t begin, size_t end, void *ctx)
{
    struct arrays *a = ctx;
    for (size_t i = begin; i < end; i++)
        a->y[i] = 2 * a->x[N - 1 - i];
    pause_item();
    return 0;
}

static void count_reports(size_t done, size_t total, void *ctx)
{
    (void)done;
    (void)total;
    ++*(size_t *)ctx;
}

static int add_up(size_t begin, size_t end, void *acc, void *ctx)
{
    const struct arrays *a = ctx;
    for (size_t i = begin; i < end; i++)
        *(double *)acc += a->y[i];
    return 0;
}

static void add_sums(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    *(double *)acc += *(const double *)right;
}

static int half(const void *in, void *out, void *ctx)
{
    (void)ctx;
    *(double *)out = *(const double *)in / 2;
    return 0;
}

static int compare(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void use_loops(struct arrays *a)
{
    const crew_options opt = {.threads = 4, .progress = count_reports, .progress_ctx = &a->reports};
    const crew_reducer sum = {.size = sizeof(double), .fold = add_up, .merge = add_sums};
    double total = 0;
    check(crew_for(N, fill, a, &opt) == 0 && crew_for(N, twice, a, &opt) == 0, "crew_for");
    check(crew_reduce(N, &sum, a, &total, &opt) == 0 && total == (double)N * (N - 1), "crew_reduce");
    check(crew_map(a->y, sizeof(double), a->y, sizeof(double), N, half, NULL, &opt) == 0, "crew_map");
    check(crew_sort(a->y, N, sizeof(double), compare, NULL, &opt) == 0, "crew_sort");
    for (size_t i = 0; i < N; i++)
        check(a->y[i] == (double)i, "what the loops left");
}

struct node {
    crew_task task;
    long depth, sum;
};

static int add_tree(void *arg)
{
    struct node *node = arg;
    node->sum = node->depth;
    if (node->depth == 0)
        return 0;
    struct node left = {.depth = node->depth - 1}, right = left;
    crew_fork(&left.task, add_tree, &left);
    add_tree(&right);
    crew_join(&left.task);
    node->sum += left.sum + right.sum;
    return 0;
}

struct step {
    const struct step *before;
    long value;
    long *shared; /* for the race */
};

static int advance(void *arg)
{
    struct step *step = arg;
    step->value = step->before ? step->before->value + 1 : 0;
    if (step->shared)
        ++*step->shared;
    pause_item();
    return 0;
}

static void note_end(crew_future *f, void *ctx)
{
    (void)f;
    *(long *)ctx += 1;
}

static void use_executor(crew_executor *ex, long *shared)
{
    struct step steps[ITEMS];
    crew_future *f[ITEMS];
    long ends[ITEMS] = {0};
    for (size_t i = 0; i < ITEMS; i++) {
        steps[i] = (struct step){i % 8 ? &steps[i - 1] : NULL, -1, shared};
        f[i] = i % 8 ? crew_submit_after(ex, advance, &steps[i], &f[i - 1], 1) : crew_submit(ex, advance, &steps[i]);
        crew_future_on_done(f[i], note_end, &ends[i]);
    }
    crew_completion *set = crew_completion_open(f, ITEMS);
    for (crew_future *done; (done = crew_next_done(set)); crew_future_release(done)) {
        for (size_t i = 0; i < ITEMS; i++)
            if (f[i] == done)
                check(steps[i].value == (long)(i % 8), "what a task left");
    }
    crew_completion_close(set);
    check(crew_wait(f, ITEMS, CREW_WAIT_ALL, -1) >= 0, "crew_wait");
    for (size_t i = 0; i < ITEMS; i++) {
        check(ends[i] == 1, "what a callback left");
        crew_future_release(f[i]);
    }
    struct step alone[ITEMS] = {{NULL, 0, NULL}};
    for (size_t i = 0; i < ITEMS; i++)
        check(crew_submit_with(ex, advance, &alone[i], NULL, NULL) == 0, "crew_submit_with");
}

static void use_graph(void)
{
    struct step steps[ITEMS];
    size_t nodes[ITEMS];
    crew_graph *g = crew_graph_open();
    for (size_t i = 0; i < ITEMS; i++) {
        steps[i] = (struct step){i >= 4 ? &steps[i - 4] : NULL, -1, NULL};
        check(crew_graph_add(g, advance, &steps[i], &nodes[i]) == 0, "crew_graph_add");
        if (i >= 4)
            check(crew_graph_edge(g, nodes[i - 4], nodes[i]) == 0, "crew_graph_edge");
    }
    check(crew_graph_run(g, &(crew_options){.threads = 4}) == 0, "crew_graph_run");
    for (size_t i = 0; i < ITEMS; i++)
        check(steps[i].value == (long)(i / 4), "what a node left");
    crew_graph_close(g);
}

struct letters {
    size_t next, sum, count; /* of the source, the sink, and the stage before it */
};

static int next_letter(void *item, size_t index, void *ctx)
{
    struct letters *l = ctx;
    *(size_t *)item = l->next++;
    return index == ITEMS ? CREW_STREAM_END : 0;
}

static int square(void *item, size_t index, void *ctx)
{
    size_t *value = item;
    (void)ctx;
    *value = *value * index;
    pause_item();
    return 0;
}

static int add_letter(void *item, size_t index, void *ctx)
{
    struct letters *l = ctx;
    (void)index;
    l->sum += *(const size_t *)item;
    return 0;
}

static int count_letter(void *item, size_t index, void *ctx)
{
    struct letters *l = ctx;
    (void)item;
    (void)index;
    l->count++;
    return 0;
}

static void use_stream(void)
{
    struct letters l = {0};
    const crew_stage stages[] = {{square, CREW_STAGE_PARALLEL}, {count_letter, CREW_STAGE_ONE_AT_A_TIME}};
    const crew_pipeline p = {
        .item_size = sizeof(size_t), .source = next_letter, .stages = stages, .nstages = 2, .sink = add_letter};
    check(crew_stream(&p, &l, &(crew_options){.threads = 4}) == 0, "crew_stream");
    check(l.next == ITEMS + 1 && l.count == ITEMS && l.sum > 0, "what a stream left");
}

static int count_local(size_t begin, size_t end, void *value, void *ctx)
{
    (void)ctx;
    *(size_t *)value += end - begin;
    pause_item();
    return 0;
}

static void end_local(void *value, void *ctx)
{
    *(size_t *)ctx += *(const size_t *)value;
}

static void use_local(void)
{
    size_t items = 0;
    const crew_local local = {sizeof(size_t), NULL, end_local};
    check(crew_for_local(N, &local, count_local, &items, &(crew_options){.threads = 4}) == 0, "crew_for_local");
    check(items == N, "what workers counted");
}

int main(int argc, char **argv)
{
    long shared = 0;
    int racy = argc > 1 && strcmp(argv[1], "racy") == 0;
    crew_set_num_threads(4);
    struct arrays *a = calloc(1, sizeof *a);
    struct node root = {.depth = 14};
    if (!a)
        return 2;
    for (int round = 0; round < 3; round++) {
        use_loops(a);
        use_stream();
        use_local();
    }
    check(crew_run(add_tree, &root, &(crew_options){.threads = 4}) == 0 && root.sum == 32752, "crew_run");
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = 4});
    if (!ex)
        return 2;
    use_executor(ex, racy ? &shared : NULL);
    check(crew_executor_shutdown(ex, 0) == 0, "crew_executor_shutdown");
    use_graph();
    free(a);
    puts("done");
    return bad;
}
