/* An executor: threads in the background that run what is submitted, and futures for what it returns.

   A whole program:

       #include <crew/executor.h>
       #include <stdio.h>

       static int square(void *arg)
       {
           return *(int *)arg * *(int *)arg;
       }

       int main(void)
       {
           crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = 4});
           int x = 7, result = 0;
           if (!ex)
               return 1;
           crew_future *f = crew_submit(ex, square, &x); // square runs beside what follows
           if (f && crew_future_result(f, &result) == 0)
               printf("%d\n", result); // prints 49
           crew_future_release(f);
           return crew_executor_shutdown(ex, 0) != 0;
       } */
#ifndef CREW_EXECUTOR_H
#define CREW_EXECUTOR_H

#include <crew/map_fn.h>
#include <crew/options.h>
#include <crew/task.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct crew_executor crew_executor;
typedef struct crew_future crew_future;
typedef struct crew_completion crew_completion;

/* Runs once on each worker before its first task. *local, NULL at first, becomes that worker's value
   (crew_executor_local). Non-zero: crew_executor_open fails. */
typedef int crew_initializer(void **local, void *ctx);

/* Runs once on each worker whose initializer returned 0, after its last task. */
typedef void crew_finalizer(void *local, void *ctx);

/* Options of an executor. Zero bytes are the defaults. */
typedef struct crew_executor_options {
    int threads;                   /* as in crew_options; the executor has its own, beside the caller's */
    size_t queue_limit;            /* tasks that may wait in the queue; 0: as many as there is memory for */
    crew_initializer *initializer; /* NULL: none */
    crew_finalizer *finalizer;     /* NULL: none */
    void *ctx;                     /* handed to both */
    const char *name; /* its workers' name while they are its own, cut to 15 bytes; NULL: none. Must outlive it */
    int processes; /* tasks run in so many worker processes, counted as threads are; 0: in this one. See crew/process.h
                    */
    const struct crew_process_options *process_options; /* limits and retries of these; NULL: none */
    bool on_demand;   /* workers beyond the first are started when a task comes and all that there are have one */
    size_t max_tasks; /* a worker is replaced after so many; 0: never */
} crew_executor_options;

/* Opens an executor and waits until its workers are initialized. opt NULL: defaults. Where the system gives fewer
   threads it has fewer workers, at least one.

   Its workers take tasks in the order of submission, high priority first. Inside a task crew_fork and crew's loops use
   those of its workers that have nothing to do. A worker without work looks for some for 20 us or so and then sleeps:
   an idle executor uses no processor time.

   With .on_demand or .max_tasks each worker is a thread by itself, started and ended one by one. A later one whose
   thread cannot be had, or whose initializer fails, is left out, and the executor goes on with those that it has. A
   worker that has run max_tasks tasks (those that it ran while it waited are counted) gives its place to a new thread
   at the end of the last: the new one's initializer runs, then the old one's finalizer, and then the old thread ends.
   Where there is no thread, or the initializer fails, the old one goes on for as many tasks again. With .processes,
   max_tasks is max_items where process_options has none, and on_demand is refused.

   In the sequential build there are no threads, and no worker is replaced: a task runs inside the call that submits it,
   or that ends the last task it had to wait for, and the initializer and the finalizer run in open and shutdown. So
   futures are done when crew_submit returns, in the order of submission.

   With .processes a task runs in a worker process, and one that crashes, exits or passes a limit of process_options
   (item_timeout, memory, retries, max_items; the rest of it is not used) fails with a value for crew_process_died,
   while its worker is replaced. Workers see the program as it was when the executor was opened: give tasks copied
   arguments (crew_submit_copy) or crew_shared_alloc memory. What they return is all that comes back, beside what they
   write to shared memory; crew_executor_map carries inputs and results, and its ctx is as the workers know it. The
   initializer and the finalizer run in each worker. Task graphs run in the program. Opened early, before other threads,
   it need not look whether they held locks.

   Returns NULL with errno: ENOMEM, EAGAIN (no thread to be had), EINVAL, ENOTSUP (.processes outside Linux, or with
   .on_demand), or what an
   initializer returned (its absolute value where it is a negative errno value, else ECANCELED). Thread safe. After
   fork, the child's executors from before are closed: their futures end with -ECANCELED there. */
CREW_API crew_executor *crew_executor_open(const crew_executor_options *opt);

enum { CREW_CANCEL_PENDING = 1, CREW_NO_WAIT = 4 };

/* Closes an executor: waits until all that was submitted has run (what tasks submit meanwhile is refused), runs the
   finalizers and frees it. Futures stay valid until they are released. flags: CREW_CANCEL_PENDING cancels first what
   has not begun, so that its futures, waiters and callbacks are told -ECANCELED. CREW_NO_WAIT returns at once: what was
   submitted runs all the same, and after that the executor's own threads run the finalizers and free it. A program that
   ends meanwhile ends the tasks. ex NULL: the default executor, which the next submit opens anew.

   Returns 0; -EINVAL for other flags; -EDEADLK from inside a task of ex, which stays open. No other thread may use ex
   from then on. */
CREW_API int crew_executor_shutdown(crew_executor *ex, unsigned flags);

/* Workers that ex has (NULL: the default executor's), at least 1; with .on_demand those that it may have; 0: it cannot
   be opened. */
CREW_API int crew_executor_threads(crew_executor *ex);

/* The calling worker's value, as its initializer set it. NULL outside every executor's tasks. O(1). */
CREW_API void *crew_executor_local(void);

/* Lets fn(arg) run on ex and returns its future. Equals `result = fn(arg)`, at some later time.

   ex       NULL: the default executor, with crew_num_threads() workers, opened at the first use
   fn       must end by returning, like initializers and callbacks: see crew_body in crew/for.h
   arg      handed to fn; must live until the task is done

   A full queue makes the caller wait; a worker of ex that submits runs a waiting task instead. Returns NULL with errno:
   EINVAL (fn NULL), ENOMEM, EAGAIN (no default executor to be had), ECANCELED (ex is being closed). The caller releases
   the future. What the caller wrote before is visible to fn, what fn wrote is visible to whoever has seen the future
   done. O(1). Thread safe. */
CREW_API crew_future *crew_submit(crew_executor *ex, crew_task_fn *fn, void *arg);

/* The same with a copy of the size bytes at arg, aligned as by malloc, which crew frees after fn: arg may be gone at
 * once. size 0: fn gets NULL. */
CREW_API crew_future *crew_submit_copy(crew_executor *ex, crew_task_fn *fn, const void *arg, size_t size);

/* The same, but fn begins after the ndeps futures at deps are done. Where one of them fails (a value other than 0) or
   is cancelled, fn never runs and the future is cancelled with that code: the first to be known decides. deps may be
   released at once. NULL deps with ndeps > 0, or a NULL in it: EINVAL. O(ndeps). */
CREW_API crew_future *crew_submit_after(crew_executor *ex, crew_task_fn *fn, void *arg, crew_future *const *deps,
                                        size_t ndeps);

typedef enum crew_priority { CREW_PRIORITY_LOW = -1, CREW_PRIORITY_NORMAL = 0, CREW_PRIORITY_HIGH = 1 } crew_priority;

/* What may be said of one submit. Zero bytes are the defaults. */
typedef struct crew_submit_options {
    crew_priority priority; /* what waits with a higher one goes first; a low one may wait for ever while others come */
    size_t copy;            /* bytes at arg to be copied; 0: arg is handed on as it is */
    crew_future *const *deps; /* as crew_submit_after */
    size_t ndeps;
    void *tag; /* whose the future is, for crew_future_tag */
} crew_submit_options;

/* crew_submit with options. future NULL: fire and forget, which costs no future; else *future receives it. opt NULL:
   defaults. Returns 0 or -EINVAL, -ENOMEM, -EAGAIN, -ECANCELED as above; *future is NULL then. */
CREW_API int crew_submit_with(crew_executor *ex, crew_task_fn *fn, void *arg, crew_future **future,
                              const crew_submit_options *opt);

/* The same, and -EAGAIN instead of waiting where the queue is full. */
CREW_API int crew_try_submit(crew_executor *ex, crew_task_fn *fn, void *arg, crew_future **future,
                             const crew_submit_options *opt);

typedef enum crew_future_state {
    CREW_FUTURE_PENDING, /* has not begun */
    CREW_FUTURE_RUNNING,
    CREW_FUTURE_DONE,    /* fn has returned */
    CREW_FUTURE_CANCELED /* fn will never run */
} crew_future_state;

/* Waits until f is done or cancelled. seconds: the longest wait; negative: for ever; 0: just looks. Returns 0,
   -ETIMEDOUT (the task goes on), -EINVAL (f NULL, seconds NaN), or -EDEADLK where f waits, through other futures, for
   the very task that calls.

   Inside a task the worker runs other tasks meanwhile, f's first: so tasks that submit and wait cannot run out of
   workers. These may be unrelated: do not hold a lock there that other tasks want. What runs on top of a waiting task
   delays it. A task that waits for one further down on the same worker's stack gets -EDEADLK too. */
CREW_API int crew_future_wait(crew_future *f, double seconds);

/* Waits for ever. Returns 0 and sets *result to fn's value; -ECANCELED where fn never ran, and *result is the code that
   cancelled it (-ECANCELED, or that of a dependency); -EDEADLK, -EINVAL as crew_future_wait. result NULL: not asked
   for. */
CREW_API int crew_future_result(crew_future *f, int *result);

/* The tag that was given at submit, or to crew_promise_open. NULL: none, or f is NULL. O(1). Thread safe. */
CREW_API void *crew_future_tag(const crew_future *f);

/* True: fn will never run (also where it was cancelled before). False: it runs or has run; or f is NULL. */
CREW_API bool crew_future_cancel(crew_future *f);

/* What f is at this moment, without waiting: who sees CREW_FUTURE_DONE sees what fn wrote. f NULL:
   CREW_FUTURE_CANCELED. O(1). Thread safe. */
CREW_API crew_future_state crew_future_status(const crew_future *f);

typedef void crew_callback(crew_future *f, void *ctx);

/* Lets fn(f, ctx) be called once f is done or cancelled: on the thread that ends it, in the order of registration, or
   at once where it has ended. It may use f, and must not wait for anything long. Returns 0, -EINVAL, -ENOMEM. */
CREW_API int crew_future_on_done(crew_future *f, crew_callback *fn, void *ctx);

/* One owner more, one less. The last release frees; a task whose future was released runs all the same. NULL does
 * nothing. */
CREW_API crew_future *crew_future_retain(crew_future *f);
CREW_API void crew_future_release(crew_future *f);

/* The other end of a future that no task ends but somebody by hand: a reply that comes from elsewhere. */
typedef struct crew_promise crew_promise;

/* Makes a promise and its future, which is pending, and can be waited for, cancelled, and be what other tasks come
   after, as every future. tag: as in crew_submit_options. The caller closes the one and releases the other. NULL with
   errno ENOMEM or EINVAL (future NULL); *future is NULL then. A wait inside a task does not know who will keep the
   promise, so that it finds no circle through it. O(1). */
CREW_API crew_promise *crew_promise_open(crew_future **future, void *tag);

/* Ends the future with `result`, as if a task had returned it: who waits wakes, callbacks run on this thread, what
   comes after begins. Returns 0; -EALREADY where it was set before; -ECANCELED where the future was cancelled, or in a
   child of fork; -EINVAL. Of several that set one promise at a time one wins. What the caller wrote before is visible
   to who has seen the future done. Thread safe. */
CREW_API int crew_promise_set(crew_promise *p, int result);

/* Ends the use of p: where nothing was set, the future is cancelled (-ECANCELED), so that nobody waits in vain. NULL
   does nothing. */
CREW_API void crew_promise_close(crew_promise *p);

typedef enum crew_wait_mode {
    CREW_WAIT_ALL,          /* until all have ended */
    CREW_WAIT_ANY,          /* until one has */
    CREW_WAIT_FIRST_FAILURE /* until one has failed or was cancelled, or all have ended */
} crew_wait_mode;

/* Waits for n futures; crew_future_status then tells which have ended. n 0: returns 0. Returns 0, -ETIMEDOUT, -EINVAL,
   -EDEADLK, -ENOMEM. O(n). */
CREW_API int crew_wait(crew_future *const *f, size_t n, crew_wait_mode mode, double seconds);

/* The same with options: cancel ends the wait with -ECANCELED, and timeout (0: none) with -ETIMEDOUT, while the futures
   go on; progress is told how many of the n have ended, on the calling thread, and name is its label; threads, grain
   and failed are not used. opt NULL: waits for ever. */
CREW_API int crew_wait_with(crew_future *const *f, size_t n, crew_wait_mode mode, const crew_options *opt);

/* A set of futures to be had in the order in which they end. f may be NULL where n is 0. The set holds a reference to
   each. NULL with errno ENOMEM or EINVAL. */
CREW_API crew_completion *crew_completion_open(crew_future *const *f, size_t n);

/* Adds one, also while others are still awaited; one that the set holds already is not added again. Returns 0, -EINVAL,
   -ENOMEM, -EBUSY where another thread uses the set at that moment. */
CREW_API int crew_completion_add(crew_completion *set, crew_future *f);

/* Waits for the next future of the set that ends and gives it to the caller, who releases it. Each is given once. NULL:
   all were given (errno 0), or errno EINVAL, EDEADLK, EBUSY as crew_completion_add. One thread at a time. */
CREW_API crew_future *crew_next_done(crew_completion *set);

/* The same for at most `seconds`; NULL with errno ETIMEDOUT. */
CREW_API crew_future *crew_next_done_within(crew_completion *set, double seconds);

/* Frees the set; its futures go on. NULL does nothing. */
CREW_API void crew_completion_close(crew_completion *set);

/* Takes the result of one item. Non-zero: enough. */
typedef int crew_result_fn(size_t index, const void *out, void *ctx);

/* Maps n items on ex's workers and hands the results over in order, as they come, on the calling thread. Equals

       for (size_t i = 0; i < n; i++) {
           int code = fn((const char *)in + i * in_size, out, ctx);
           if (code == 0)
               code = each(i, out, ctx);
           if (code != 0)
               return code;
       }
       return 0;

   At most `ahead` items are begun and not handed over (0: twice the workers), so memory does not grow with n. After a
   failure no new item begins, and the call waits for those that run; items after the failing one may have run. in NULL:
   fn gets NULL (in_size 0 is enough for a source that counts by itself). out_size 0: no results, each gets NULL.
   Returns the value as above, or -EINVAL, -ENOMEM, -EAGAIN, -ECANCELED, -EOVERFLOW. Scratch ahead * (out_size + 64)
   bytes. */
CREW_API int crew_executor_map(crew_executor *ex, const void *in, size_t in_size, size_t out_size, size_t n,
                               crew_map_fn *fn, crew_result_fn *each, void *ctx, size_t ahead);

/* crew_map_fn with the number of the item. */
typedef int crew_item_fn(size_t index, const void *in, void *out, void *ctx);

/* What may be said of one map on an executor. Zero bytes are the defaults; members of the names of crew_options mean
   the same. */
typedef struct crew_executor_map_options {
    size_t ahead;   /* items begun and not handed over; 0: twice the workers */
    bool unordered; /* each is called as items end, not in their order */
    bool run_all;   /* an item that fails ends nothing: all run, and each is called for those that do not fail */
    int *status;    /* n of them: what each item returned, -ECANCELED or -ETIMEDOUT where it did not run. An item's is
                       written before it is handed over. NULL: not asked */
    size_t *failed; /* receives the lowest failing item's number; left alone where none fails. NULL: not asked */
    crew_cancel *cancel;     /* looked at every 10 ms; what runs is waited for */
    double timeout;          /* seconds; 0: none. Negative or NaN: -EINVAL */
    crew_progress *progress; /* items that have ended; on the calling thread */
    void *progress_ctx;
    const char *name;
} crew_executor_map_options;

/* crew_executor_map with options, and an fn that is told which item it has. opt NULL: defaults. Where nothing is said
   it equals crew_executor_map; with unordered the calls of each come in another order, one at a time, still on the
   calling thread; with run_all it equals

       int code = 0;
       for (size_t i = 0; i < n; i++) {
           status[i] = fn(i, (const char *)in + i * in_size, out, ctx);
           if (status[i] == 0 && (stop = each(i, out, ctx)) != 0)
               return stop;
           code = code ? code : status[i];
       }
       return code;

   A value other than 0 of each ends the call in every mode. Without run_all an item that fails lets no other begin, and
   those above it that have not begun never do; those below it are still handed over, in both orders.

   Returns what each returned to end the call; the value of the lowest failing item, the same at any thread count; or
   -ECANCELED, -ETIMEDOUT, and what crew_executor_map returns. Each of them after all that has begun has ended. On an
   executor with processes fn runs there, with ctx as the workers know it, and an item whose worker dies has a status
   for crew_process_died. In the sequential build an item runs when it begins, up to `ahead` of them before the first is
   handed over. May be called inside tasks. Scratch ahead * (out_size + 100) bytes. */
CREW_API int crew_executor_map_with(crew_executor *ex, const void *in, size_t in_size, size_t out_size, size_t n,
                                    crew_item_fn *fn, crew_result_fn *each, void *ctx,
                                    const crew_executor_map_options *opt);

#ifdef __cplusplus
}
#endif
#endif
