/* crew_fork and crew_join, which crew/task.h describes: for as long as a task stays private to its worker they are
   these few lines in the caller's own code. As calls into the shared library, each with a look for the thread's
   variable, fib took 1.4 times as long, and an unbalanced tree search 1.5 times. What is declared here belongs to crew.
 */
#ifndef CREW_TASK_INLINE_H
#define CREW_TASK_INLINE_H

#include <crew/task.h>
#include <errno.h>

#ifdef __cplusplus
extern "C" {
#endif

struct crew__top {
    crew_task **head, **floor, **limit;  /* where the next task goes; the first private one; where head must not go */
    char apart[64 - 3 * sizeof(void *)]; /* others write what follows, the owner what comes before */
    int asked;                           /* other than 0: somebody wants something of the owner */
};

/* The worker that the calling thread is, which begins with its crew__top; NULL outside a team. */
extern CREW_API CREW__THREAD_LOCAL struct crew__member *crew__self;

CREW_API void crew__fork_elsewhere(crew_task *task, crew_task_fn *fn, void *arg);
CREW_API int crew__join_elsewhere(struct crew__member *worker, crew_task **at);
CREW_API void crew__join_region(void);

/* crew_task.state without a worker: it is a task of a region that the program opened. */
enum { CREW__IN_REGION = -1 };

CREW__INLINE void crew_fork(crew_task *task, crew_task_fn *fn, void *arg)
{
    struct crew__member *worker = crew__self;
    struct crew__top *top = (struct crew__top *)(void *)worker;
    if (CREW__EXPECT(task && fn && top && top->head < top->limit && CREW__LOAD_INT(&top->asked) == 0)) {
        crew_task **at = top->head;
        task->fn = fn;
        task->arg = arg;
        task->worker = worker;
        task->at = at;
        task->state = 0;
        *at = task;
        top->head = at + 1;
    } else {
        crew__fork_elsewhere(task, fn, arg);
    }
}

/* The place, and not the task's address, goes to the function that is called: an address that is needed after the fork
   keeps a register that has to be saved, at every call of who forks. And it comes from the task: what is read from head
   and written to it again, at every fork and every join, is a chain that the processor waits for. */
CREW__INLINE int crew_join(crew_task *task)
{
    struct crew__member *worker = task ? task->worker : NULL;
    if (CREW__EXPECT(worker != NULL)) {
        struct crew__top *top = (struct crew__top *)(void *)worker;
        crew_task **at = task->at;
        if (CREW__EXPECT(top->head == at + 1 && at >= top->floor && CREW__LOAD_INT(&top->asked) == 0)) {
            top->head = at;
            return task->fn(task->arg);
        }
        return crew__join_elsewhere(worker, at);
    }
    if (!task)
        return -EINVAL;
    if (task->state == CREW__IN_REGION)
        crew__join_region();
    return task->result;
}

#ifdef __cplusplus
}
#endif
#endif
