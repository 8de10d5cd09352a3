/* fork_join with oneTBB: parallel_invoke for two calls, task_group for more. */
#include "task_work.h"
#include "tasks.h"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_invoke.h>
#include <oneapi/tbb/task_group.h>

static long fib(int n)
{
    if (n < 2)
        return n;
    long a, b;
    tbb::parallel_invoke([&] { a = fib(n - 1); }, [&] { b = fib(n - 2); });
    return a + b;
}

static long queens(const struct queens *q)
{
    if (q->placed == q->size)
        return 1;
    long solutions[QUEENS_MOST] = {}, sum = 0;
    tbb::task_group group;
    for (int column = 0; column < q->size; column++)
        if (queens_may_stand(q, column)) {
            struct queens next = queens_place(q, column);
            group.run([&solutions, column, next] { solutions[column] = queens(&next); });
        }
    group.wait();
    for (int column = 0; column < q->size; column++)
        sum += solutions[column];
    return sum;
}

static long tree(uint64_t node, int level)
{
    if (!tree_has_children(node, level))
        return 1;
    long nodes[TREE_WIDTH], sum = 1;
    tbb::task_group group;
    for (int k = 0; k < TREE_WIDTH; k++)
        group.run([&nodes, k, node, level] { nodes[k] = tree(tree_child(node, k), level + 1); });
    group.wait();
    for (long count : nodes)
        sum += count;
    return sum;
}

static void limit(const task_job *job)
{
    static tbb::global_control control(tbb::global_control::max_allowed_parallelism, static_cast<size_t>(job->threads));
}

static void run_fib(task_job *job)
{
    limit(job);
    job->result = static_cast<double>(fib(static_cast<int>(job->n)));
}

static void run_queens(task_job *job)
{
    limit(job);
    struct queens q = {};
    q.size = static_cast<int>(job->n);
    job->result = static_cast<double>(queens(&q));
}

static void run_tree(task_job *job)
{
    limit(job);
    job->result = static_cast<double>(tree(tree_root(), 0));
}

extern "C" task_fn *task_find(const char *kernel, const char *variant)
{
    static const task_kernel table[] = {
        {"fib", "tbb", run_fib}, {"queens", "tbb", run_queens}, {"tree", "tbb", run_tree}, {}};
    return task_find_in(table, kernel, variant);
}
