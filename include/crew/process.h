/* Process workers: crew_map on forked processes, so that an item that crashes, hangs, leaks or exits costs that item
   and not the run.

   A call makes one helper process and the helper forks the workers, which see the memory of the program as it was when
   the call began: inputs, ctx, globals, open files. What they write there stays with them. Results come back through
   shared memory and are copied to out; where out is crew_shared_alloc memory they are written there, and so is what
   else a callback writes into such memory. While a call runs the helper and the
   workers are no children that the program could see: they send it no SIGCHLD, and no wait() without __WALL returns
   them. They end with the call, and when the program is killed.

   In a program that has other threads the helper is a copy of the calling thread alone. The helper shows by a first
   fork() that none of the C library's locks was held at that moment, and is made again where one was. A program whose
   handlers of pthread_atfork want threads (OpenBLAS's do) gets one by fork() in the end, which is a child like any
   other. Locks of the program's own that another thread held stay held in the workers, as after any fork().

   In a worker crew runs on that worker alone (crew_num_threads() is 1), crew_worker() is the worker's number, signal
   handlers are the default ones, what the terminal sends is blocked, and exit() runs no handler of the program. What a
   worker prints by stdio comes out as the worker's items are done.

   Linux; elsewhere crew_process_map returns -ENOTSUP. The sequential build has all of it.

   A whole program:

       #include <crew/process.h>
       #include <stdio.h>
       #include <stdlib.h>

       static int fragile(const void *in, void *out, void *ctx)
       {
           (void)ctx;
           int x = *(const int *)in;
           if (x == 2)
               abort(); // costs this item and nothing else
           *(int *)out = x * x;
           return 0;
       }

       int main(void)
       {
           int in[4] = {1, 2, 3, 4}, out[4] = {0}, status[4];
           char text[100];
           crew_process_map(in, sizeof *in, out, sizeof *out, 4, fragile, NULL, NULL,
                            &(crew_process_options){.processes = 2, .status = status});
           printf("%d %d %d %d\n", out[0], out[1], out[2], out[3]); // prints 1 0 9 16
           if (status[1] && crew_process_message(1, status[1], text, sizeof text) > 0)
               printf("%.25s\n", text); // prints item 1: killed by SIGABRT
       } */
#ifndef CREW_PROCESS_H
#define CREW_PROCESS_H

#include <crew/map_fn.h>
#include <crew/options.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Options of process workers. Zero bytes are the defaults. */
typedef struct crew_process_options {
    int processes; /* as crew_options.threads; 0: that of crew_options, and then crew_num_threads() */
    size_t batch;  /* items handed out at once, fewer where results that are copied fill 256 KiB; 0: as many as take
                      2 ms. An idle worker is given what others have not begun */
    double item_timeout; /* seconds, then the worker is killed; 0: none. Negative or NaN: -EINVAL. An initializer has
                            as long, and ends the call where it does not end */
    size_t memory;    /* bytes of resident memory that a worker may gain after its initializer; 0: no limit. Looked at
                         every 10 ms: the item that runs beyond it is killed, and a worker that has half of it is
                         replaced after its item */
    size_t max_items; /* a worker is replaced after so many (maxtasksperchild); 0: never */
    int retries;      /* more tries for an item whose worker died. Negative: -EINVAL */
    int (*initializer)(void *ctx); /* in each worker, before its first item; NULL: none. A value other than 0 ends the
                                      call, which returns it */
    const char *journal;           /* file in which finished items are kept; NULL: none. See crew_process_map */
    int *status;                   /* receives one for each item; NULL: not asked */
} crew_process_options;

/* crew_map on processes. Equals, where no worker dies,

       for (size_t i = 0; i < n; i++)
           if ((error = fn((const char *)in + i * in_size, (char *)out + i * out_size, ctx)))
               return error;
       return 0;

   with the same bytes in out. Arguments as crew_map; opt as everywhere, its threads only where processes says none.
   processes NULL: defaults.

   An item whose worker dies (a signal, exit, item_timeout, memory) leaves its bytes of out as they were, after retries;
   the item's status says how (crew_process_died, crew_process_message), and all other items are done. Without
   processes->status a callback's value other than 0 stops the call as in crew_map; with it every item is tried. Each
   status is 0, the callback's value, a death, or what ended the call for an item that was not finished (-ECANCELED,
   -ETIMEDOUT, -ECHILD, ...). With CREW_VERBOSE=1 each death is said on standard error.

   Where all of out lies in crew_shared_alloc memory, results are written in place: each item's own bytes are given to
   fn, and the caller copies nothing. What is promised above holds there too: the worker keeps what stood there before
   the item, and when the item has died, failed or been stopped it stands there again before the call goes on. Two
   things differ: other processes and threads see results while they are being written; and a callback that writes
   beyond its own item may reach results of others, which it cannot in memory of the program's own.

   After cancel or timeout no item begins; those that run have 0.1 s to finish, then their workers are killed. Where the
   system kills a worker for want of memory, the item is tried again with half as many workers at a time; only a lone
   worker's item counts as died.

   The journal belongs to one call: the same n, sizes, opt->name and bytes of in. A second run with it writes what is
   there to out and does the rest; items that failed are tried again. It is written about every 50 ms and fsynced about
   every second and at the end; a run that is killed at any instant can be taken up again. A journal may be used by one
   call at a time. ctx is not part of it: give calls that differ in ctx different names.

   Returns 0; the status of the lowest item that failed or died; -EINVAL, -EOVERFLOW, -ECANCELED, -ETIMEDOUT as
   crew_map; -ENOMEM; -EAGAIN (no process to be had); -ECHILD (1000 items in a row died, or workers do not live to their
   first item, or somebody killed the helper); -ENOTSUP. Of the journal: -ESTALE (of another call), -EBADMSG (not a
   journal, or damaged before its end), -EBUSY (in use), -ENOSPC and what else open, read, write and fsync say; out is
   then as it was, or has items finished until then.

   Work O(n), overhead of an item a few nanoseconds; a fork for each worker and one more. Memory: for each worker two
   batches of results, of 256 KiB or one item, or in place 32 KiB or one item, and 4 bytes for each item of two batches.
   The same bytes at any number of processes. Thread safe. In a callback of
   crew it runs as elsewhere; in a worker it has one worker of its own. */
CREW_API int crew_process_map(const void *in, size_t in_size, void *out, size_t out_size, size_t n, crew_map_fn *fn,
                              void *ctx, const crew_options *opt, const crew_process_options *processes);

/* True where status, an item's or what crew_process_map returned, says that a worker died. *signal receives the signal
   that killed it, 0 where it exited; *exit_code what it exited with, 0 where it was killed. Either may be NULL. Both
   are left alone where it returns false. The values lie between -2^29 and -2^28: a callback should return others. */
CREW_API bool crew_process_died(int status, int *signal, int *exit_code);

/* Writes what happened to an item, as "item 417: killed by SIGKILL at 3.9 GB: probably out of memory", the memory being
   the most that the worker had; for another status crew_strerror's text. Cut off to fit `size` bytes with its
   terminator (size 0: nothing is written, text may be NULL). Returns the length that the whole text has, as snprintf
   does, or -EINVAL for a NULL text with a size. Thread safe. */
CREW_API int crew_process_message(size_t item, int status, char *text, size_t size);

/* Memory that the program and its workers share: what either writes the other sees, once the item is done. Zeroed,
   aligned to a page, with an inaccessible page at each end; all of it is taken at once. bytes 0 gives memory that may
   be freed. It has no name and no file, and lives until it is freed or the program and its workers have ended. NULL
   with errno ENOMEM. Thread safe; a worker that allocates keeps it to itself. */
CREW_API void *crew_shared_alloc(size_t bytes);

/* Frees it, on any thread; no call may use it then. NULL does nothing. */
CREW_API void crew_shared_free(void *p);

#ifdef __cplusplus
}
#endif
#endif
