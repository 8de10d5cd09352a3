/* fork_join with omp task as one writes it by hand. The objects run on libgomp and on libomp. */
#include "task_work.h"
#include "tasks.h"

static long fib(int n)
{
    long a, b;
    if (n < 2)
        return n;
#pragma omp task shared(a)
    a = fib(n - 1);
    b = fib(n - 2);
#pragma omp taskwait
    return a + b;
}

static long queens(const struct queens *q)
{
    long solutions[QUEENS_MOST] = {0}, sum = 0;
    if (q->placed == q->size)
        return 1;
    for (int column = 0; column < q->size; column++)
        if (queens_may_stand(q, column)) {
            struct queens next = queens_place(q, column);
#pragma omp task shared(solutions) firstprivate(next, column)
            solutions[column] = queens(&next);
        }
#pragma omp taskwait
    for (int column = 0; column < q->size; column++)
        sum += solutions[column];
    return sum;
}

static long tree(uint64_t node, int level)
{
    long nodes[TREE_WIDTH], sum = 1;
    if (!tree_has_children(node, level))
        return 1;
    for (int k = 0; k < TREE_WIDTH; k++) {
#pragma omp task shared(nodes) firstprivate(k)
        nodes[k] = tree(tree_child(node, k), level + 1);
    }
#pragma omp taskwait
    for (int k = 0; k < TREE_WIDTH; k++)
        sum += nodes[k];
    return sum;
}

static void run_fib(struct task_job *job)
{
#pragma omp parallel num_threads(job->threads)
#pragma omp single
    job->result = (double)fib((int)job->n);
}

static void run_queens(struct task_job *job)
{
    struct queens q = {.size = (int)job->n};
#pragma omp parallel num_threads(job->threads)
#pragma omp single
    job->result = (double)queens(&q);
}

static void run_tree(struct task_job *job)
{
#pragma omp parallel num_threads(job->threads)
#pragma omp single
    job->result = (double)tree(tree_root(), 0);
}

task_fn *task_find(const char *kernel, const char *variant)
{
    static const struct task_kernel table[] = {{"fib", "task", run_fib},
                                               {"interop", "task", run_fib},
                                               {"queens", "task", run_queens},
                                               {"tree", "task", run_tree},
                                               {0}};
    return task_find_in(table, kernel, variant);
}
