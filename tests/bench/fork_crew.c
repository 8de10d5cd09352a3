/* fork_join through crew: on a team of crew_run, or in the program's own parallel region. */
#include "task_work.h"
#include "tasks.h"

#include <crew/options.h>
#include <crew/task.h>

struct fib {
    int n;
    long value;
};

static int fib_task(void *arg);

static long fib(int n)
{
    if (n < 2)
        return n;
    struct fib first = {.n = n - 1};
    crew_task task;
    crew_fork(&task, fib_task, &first);
    long second = fib(n - 2);
    crew_join(&task);
    return first.value + second;
}

static int fib_task(void *arg)
{
    struct fib *f = arg;
    f->value = fib(f->n);
    return 0;
}

struct queens_task {
    struct queens q;
    long solutions;
};

static int queens(void *arg)
{
    struct queens_task *t = arg;
    struct queens_task next[QUEENS_MOST];
    crew_task tasks[QUEENS_MOST];
    int count = 0;
    if (t->q.placed == t->q.size) {
        t->solutions = 1;
        return 0;
    }
    for (int column = 0; column < t->q.size; column++)
        if (queens_may_stand(&t->q, column)) {
            next[count].q = queens_place(&t->q, column);
            crew_fork(&tasks[count], queens, &next[count]);
            count++;
        }
    t->solutions = 0;
    while (count-- > 0) {
        crew_join(&tasks[count]);
        t->solutions += next[count].solutions;
    }
    return 0;
}

struct tree_task {
    uint64_t node;
    int level;
    long nodes;
};

static int tree(void *arg)
{
    struct tree_task *t = arg;
    long sum = 1;
    if (tree_has_children(t->node, t->level)) {
        struct tree_task next[TREE_WIDTH];
        crew_task tasks[TREE_WIDTH];
        for (int k = 0; k < TREE_WIDTH; k++) {
            next[k] = (struct tree_task){tree_child(t->node, k), t->level + 1, 0};
            crew_fork(&tasks[k], tree, &next[k]);
        }
        for (int k = TREE_WIDTH; k-- > 0;) {
            crew_join(&tasks[k]);
            sum += next[k].nodes;
        }
    }
    t->nodes = sum;
    return 0;
}

static void on_team(const struct task_job *job, crew_task_fn *fn, void *arg)
{
    crew_options options = {.threads = job->threads};
    crew_run(fn, arg, &options);
}

static void run_fib(struct task_job *job)
{
    struct fib f = {(int)job->n, 0};
    on_team(job, fib_task, &f);
    job->result = (double)f.value;
}

static void run_queens(struct task_job *job)
{
    struct queens_task t = {.q.size = (int)job->n};
    on_team(job, queens, &t);
    job->result = (double)t.solutions;
}

static void run_tree(struct task_job *job)
{
    struct tree_task t = {tree_root(), 0, 0};
    on_team(job, tree, &t);
    job->result = (double)t.nodes;
}

static void run_interop(struct task_job *job)
{
    long value = 0;
#pragma omp parallel num_threads(job->threads)
#pragma omp single
    value = fib((int)job->n);
    job->result = (double)value;
}

task_fn *task_find(const char *kernel, const char *variant)
{
    static const struct task_kernel table[] = {
        {"fib", "crew", run_fib},         {"queens", "crew", run_queens},      {"tree", "crew", run_tree},
        {"interop", "crew", run_interop}, {"interop", "interop", run_interop}, {0}};
    return task_find_in(table, kernel, variant);
}
