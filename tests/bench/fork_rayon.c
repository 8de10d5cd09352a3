/* fork_join with Rayon, through the functions of task_rayon.rs. */
#include "task_work.h"
#include "tasks.h"

long rayon_fib(size_t threads, int n);
long rayon_queens(size_t threads, int size);
long rayon_tree(size_t threads, uint64_t root, int width, int full);

static void run_fib(struct task_job *job)
{
    job->result = (double)rayon_fib((size_t)job->threads, (int)job->n);
}

static void run_queens(struct task_job *job)
{
    job->result = (double)rayon_queens((size_t)job->threads, (int)job->n);
}

static void run_tree(struct task_job *job)
{
    job->result = (double)rayon_tree((size_t)job->threads, tree_root(), TREE_WIDTH, TREE_FULL);
}

task_fn *task_find(const char *kernel, const char *variant)
{
    static const struct task_kernel table[] = {
        {"fib", "rayon", run_fib}, {"queens", "rayon", run_queens}, {"tree", "rayon", run_tree}, {0}};
    return task_find_in(table, kernel, variant);
}
