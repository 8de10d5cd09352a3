/* Fork and join: recursive parallelism on the threads of one call.

   A whole program:

       #include <crew/task.h>
       #include <stdio.h>

       struct fib {
           int n;
           long value;
       };

       static int fib(void *arg)
       {
           struct fib *f = arg, left = {f->n - 1, 0}, right = {f->n - 2, 0};
           if (f->n < 2) {
               f->value = f->n;
               return 0;
           }
           crew_task task;
           crew_fork(&task, fib, &left); // beside what follows
           int error = fib(&right), forked = crew_join(&task);
           f->value = left.value + right.value;
           return error ? error : forked;
       }

       int main(void)
       {
           struct fib f = {20, 0};
           int error = crew_run(fib, &f, NULL);
           printf("%ld\n", f.value); // prints 6765
           return error;
       } */
#ifndef CREW_TASK_H
#define CREW_TASK_H

#include <crew/options.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a task runs. Its value travels through crew_join, crew_run and crew_invoke unchanged. It must end by
   returning: what happens where it does not is said at crew_body in crew/for.h. It must have joined everything that it
   forked when it returns, also where it catches an exception of its own. */
typedef int crew_task_fn(void *arg);

/* A forked call. It lives in the caller's frame, needs no initialisation, and may be used again once it is joined. The
   members belong to crew. */
typedef struct crew_task {
    crew_task_fn *fn;
    void *arg;
    struct crew__member *worker; /* who forked it; NULL once it has run */
    struct crew_task **at;       /* its place among what that has forked */
    int state, result;
    unsigned base;
} crew_task;

/* Runs root(arg) with a team of threads: what root forks, and what that forks, is shared out among them. Equals

       return root(arg);

   root runs on the calling thread. Inside a task of another crew_run or of an executor it does just the line above, on
   the team that is there. In a parallel region that the program opened the workers are tasks of that region.

   root     NULL: -EINVAL
   arg      handed to root; may be NULL
   opt      NULL: defaults. threads: the team's size, the caller included. cancel, timeout: from then on no forked task
   starts, and its join gives the code; what runs goes on. progress is told how many forked tasks have ended; how many
   there will be is not known, so total is 0 before the last report. name is its label. The rest is not used

   Returns root's value where that is not 0; else -ECANCELED or -ETIMEDOUT when the call was cancelled or took too long
   (before root began: it does not run), else 0.

   Work and span are root's; scratch 128 KiB a worker, kept for reuse. Determinism is root's: tasks run at the same time
   and in any order. Thread safe. Work stealing as Blumofe and Leiserson (doi:10.1145/324133.324234); the deque that is
   private but for its oldest part is that of van Dijk and van de Pol's Lace (doi:10.1007/978-3-319-14313-2_18). */
CREW_API int crew_run(crew_task_fn *root, void *arg, const crew_options *opt);

/* Lets fn(arg) run at the same time as what follows, until crew_join. Equals `task->result = fn(arg);`, which is what
   it does outside a team. In a parallel region that the program opened it is an `omp task` of that region. fn may run
   on another thread, or on this one in crew_join. A team's memory for forks that are not joined yet is fixed (16,384 a
   worker): when it is full, fn runs at once.

   task     lives until it is joined. NULL, or fn NULL: nothing is forked, and crew_join gives -EINVAL
   arg      handed to fn; may be NULL. What the caller wrote before the fork is visible to fn

   O(1), a few nanoseconds, no allocation. Thread safe. */
CREW_API CREW__INLINE void crew_fork(crew_task *task, crew_task_fn *fn, void *arg);

/* Waits for a forked task and returns fn's value, or -ECANCELED, -ETIMEDOUT where the crew_run was stopped before fn
   began. Every forked task is joined once, by the task that forked it, the last forked first. (Another order works, but
   runs the tasks forked later first.)

   Where another thread has taken the task, the wait runs what that task forked, and nothing else: never a task
   that could want a lock which the caller holds. What fn wrote is visible to the caller. NULL: -EINVAL. */
CREW_API CREW__INLINE int crew_join(crew_task *task);

/* One function of crew_invoke. */
typedef struct crew_call {
    crew_task_fn *fn;
    void *arg;
} crew_call;

/* Runs the n calls at the same time and waits for all of them. Equals

       int first = 0;
       for (size_t i = 0; i < n; i++) {
           int code = calls[i].fn(calls[i].arg);
           first = first ? first : code;
       }
       return first;

       crew_invoke((crew_call[]){{left, &a}, {right, &b}}, 2);

   All calls run even if one fails; the value returned is that of the lowest index. Meant for a handful of functions,
   correct for any n. Outside a team they run one after the other. n 0: 0. calls NULL with n > 0, or an fn NULL:
   -EINVAL, and none runs. Work: that of the calls; span: the longest call and O(log n). */
CREW_API int crew_invoke(const crew_call *calls, size_t n);

#ifdef __cplusplus
}
#endif

#include <crew/task_inline.h>

#endif
