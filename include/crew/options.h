/* How many threads a call uses, how it is watched and stopped, and what its errors are called.
   Every crew function that takes options takes a pointer to crew_options last; NULL means the defaults.

   A whole program:

       #include <crew/for.h>
       #include <crew/options.h>
       #include <stdio.h>

       static int check(size_t begin, size_t end, void *ctx)
       {
           const int *x = ctx;
           for (size_t i = begin; i < end; i++)
               if (x[i] < 0)
                   return crew_fail_at(i, 42);
           return 0;
       }

       int main(void)
       {
           int x[5] = {1, 2, -3, 4, -5};
           size_t at = 0;
           int error = crew_for(5, check, x, &(crew_options){.threads = 2, .timeout = 60, .failed = &at});
           printf("item %zu: %s\n", at, crew_strerror(error)); // prints item 2: value 42 of the callback
       } */
#ifndef CREW_OPTIONS_H
#define CREW_OPTIONS_H

#include <crew/compiler.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A flag that stops calls. Zero bytes are a flag that is not set, so `crew_cancel stop = {0};` makes one. It must
   outlive the calls that it is given to; one flag may serve any number of calls. The member belongs to crew. */
typedef struct crew_cancel {
    int requested;
} crew_cancel;

/* Stops every call that was given this flag: blocks that run finish, no new one starts, and the call returns
   -ECANCELED. Any thread may call it at any time, and so may a callback. The flag stays set until
   crew_cancel_reset. NULL does nothing. Thread safe, async-signal safe, O(1). */
CREW_API void crew_cancel_request(crew_cancel *cancel);

/* True once crew_cancel_request was called: a long callback asks it to end early. Whatever was written before the
   request is visible after it. NULL: false. Thread safe, O(1). */
CREW_API bool crew_cancel_requested(const crew_cancel *cancel);

/* Clears the flag. The caller sees to it that no call uses the flag at that moment. NULL does nothing. */
CREW_API void crew_cancel_reset(crew_cancel *cancel);

/* Told that `done` of `total` items have finished. One call never runs its callback twice at the same time, though it
   may run it on different threads; done never falls. It is called at most every 10 ms or so, and once at the end: with
   done == total when the call succeeded. total is 0 while a stream does not know how many items will come. It must not
   call crew with the same progress context. */
typedef void crew_progress(size_t done, size_t total, void *ctx);

/* Ready-made: a bar with percentage, rate and remaining time on standard error where that is a terminal, a line now
   and then where it is not, and nothing for a call that ends within half a second. Of several calls at a time, one
   inside the other or on other threads, the first one to draw has the terminal's line until it ends. The label is the
   call's options.name. ctx is not used. Works at one thread too. */
CREW_API crew_progress crew_progress_bar;

/* A thread count: one thread for each physical core that has an allowed processor. Where processors share a core, loops
   that fill its units with arithmetic gain nothing from a second thread there; most others do. Counts as 0 where the
   system does not say which processors share a core. */
enum { CREW_PHYSICAL = -0x50485953 };

/* Options of one call. Zero bytes are the defaults, so name only what you change:
   crew_for(n, body, ctx, &(crew_options){ .threads = 4 }); */
typedef struct crew_options {
    int threads;             /* 0: crew_num_threads(); n > 0: at most n; -1: all CPUs, -2: all but one, ..., at least 1;
                                CREW_PHYSICAL: the physical cores */
    size_t grain;            /* fewest items worth giving to a thread at once; 0: measured while running */
    crew_cancel *cancel;     /* NULL: cannot be cancelled */
    double timeout;          /* seconds for the whole call; 0: none. Negative or NaN: -EINVAL */
    crew_progress *progress; /* NULL: none (or the bar, with CREW_PROGRESS=1) */
    void *progress_ctx;      /* handed to progress */
    size_t *failed;   /* receives the lowest failing index when a callback fails; else left alone. NULL: not asked */
    const char *name; /* label in progress; NULL: none. Must outlive the call */
} crew_options;

/* The thread count that a call without options uses; at least 1. First that applies: crew_set_num_threads,
   CREW_NUM_THREADS, OMP_NUM_THREADS, and else the smallest of the affinity mask, every cgroup level's CPU quota (v1
   and v2, rounded up) and OMP_THREAD_LIMIT. The environment is read once, at the first call. A bad value is reported
   once on standard error, with the value used instead; `physical` in CREW_NUM_THREADS is CREW_PHYSICAL. The sequential
   build counts the same way, though it runs on one thread. Thread safe, O(1) after the first call. */
CREW_API int crew_num_threads(void);

/* Sets the count for the whole process: n > 0 that many, -1 all CPUs, -2 all but one, and so on, at least 1;
   CREW_PHYSICAL one for each physical core, at most the CPU quota; 0 goes back to the environment's. Counts above 1024
   are taken as 1024. Returns 0. Calls that run already keep their count. Thread safe, O(1). */
CREW_API int crew_set_num_threads(int threads);

/* From now on OpenMP regions and BLAS calls that callbacks make use at most so many threads each, as joblib's
   inner_max_num_threads: with 4 threads of crew and a limit of 2 up to 8 run. 0: no limit of crew's, as at first, when
   a region in a team's callback has one thread and one in a loop that the caller runs alone has all.

   Holds for callbacks of loops, algorithms, streams and graphs that begin later, for crew_run, and for tasks of
   executors that are opened later; each thread's settings are put back behind them. It sets the number of threads of
   OpenMP (omp_set_num_threads) for that callback, and where the limit is above 1 one more active level; so a
   num_threads clause goes past it. BLAS on OpenMP (OpenBLAS, BLIS, MKL) obeys as far as it uses threads in a region at
   all, which OpenBLAS does not. OpenBLAS on pthreads has one count for the process, which is set at once, where the
   program is linked with it or has loaded it globally, and given back with 0. Loops of crew inside callbacks are not
   limited by it: they add no threads. Process workers have one thread.

   Returns 0; -EINVAL where threads is negative. Above 1024 it is 1024. Thread safe. */
CREW_API int crew_limit_inner(int threads);

/* Writes one sentence that says how many threads a call uses and which limit decided, and on machines with several NUMA
   nodes how many physical cores, nodes and OpenMP places (OMP_PLACES) the allowed processors are, cut off to fit `size`
   bytes with its terminator (size 0: nothing is written, text may be NULL). Returns the length that the whole sentence
   has, as snprintf does, or -EINVAL for a NULL text with a size. Thread safe. */
CREW_API int crew_explain_threads(char *text, size_t size);

/* What runs the loops: "openmp (libgomp)", "openmp (libomp)" or "sequential". Static, never NULL. */
CREW_API const char *crew_backend(void);

/* What a value that a crew call returned says: "success", for what crew returns by itself its meaning, name and number
   ("out of memory (ENOMEM, -12)"), and for any other, of whatever sign, "value N of the callback". Never NULL, no
   locale. The text is valid until the calling thread's next call. Thread safe. */
CREW_API const char *crew_strerror(int error);

#ifdef __cplusplus
}
#endif
#endif
