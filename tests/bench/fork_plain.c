/* fork_join as sequential programs. */
#include "task_work.h"
#include "tasks.h"

static long fib(int n)
{
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

static long queens(struct queens *q)
{
    if (q->placed == q->size)
        return 1;
    long sum = 0;
    for (int column = 0; column < q->size; column++)
        if (queens_may_stand(q, column)) {
            q->at[q->placed++] = (signed char)column;
            sum += queens(q);
            q->placed--;
        }
    return sum;
}

static long tree(uint64_t node, int level)
{
    long sum = 1;
    if (tree_has_children(node, level))
        for (int k = 0; k < TREE_WIDTH; k++)
            sum += tree(tree_child(node, k), level + 1);
    return sum;
}

static void run_fib(struct task_job *job)
{
    job->result = (double)fib((int)job->n);
}

static void run_queens(struct task_job *job)
{
    struct queens q = {.size = (int)job->n};
    job->result = (double)queens(&q);
}

static void run_tree(struct task_job *job)
{
    job->result = (double)tree(tree_root(), 0);
}

task_fn *task_find(const char *kernel, const char *variant)
{
    static const struct task_kernel table[] = {
        {"fib", "plain", run_fib}, {"queens", "plain", run_queens}, {"tree", "plain", run_tree}, {0}};
    return task_find_in(table, kernel, variant);
}
