/* Jobs over ranks one by one, and ranks whose items run in processes. Part of mpi.h, which includes this; rank 0
   submits while the others are in crew_mpi_serve, as for crew_mpi_map.

   A whole program:

       #include <crew/mpi.h>
       #include <stdio.h>

       static int square(const void *in, void *out, void *ctx)
       {
           (void)ctx;
           *(int *)out = *(const int *)in * *(const int *)in;
           return 0;
       }

       int main(void)
       {
           crew_mpi *m = crew_mpi_open(MPI_COMM_WORLD);
           if (!m || crew_mpi_register("square", square, NULL))
               return 1;
           int sum = 0, one;
           if (crew_mpi_rank(m) > 0) {
               crew_mpi_serve(m);
           } else {
               for (int k = 0; k < 10; k++)
                   crew_mpi_submit(m, "square", &k, sizeof k, sizeof one, NULL);
               for (crew_mpi_future *f; (f = crew_mpi_next_done(m)); crew_mpi_future_release(f))
                   if (crew_mpi_future_result(f, &one) == 0)
                       sum += one;
               printf("%d\n", sum); // prints 285
               crew_mpi_release(m);
           }
           return crew_mpi_close(m) != 0;
       } */
#ifndef CREW_MPI_SUBMIT_H
#define CREW_MPI_SUBMIT_H

#include <crew/mpi.h>
#include <crew/process.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A job that was submitted. It is no crew_future: only the thread that may call MPI sends and receives, so a job begins
   and ends inside the calls below, crew_mpi_map and crew_mpi_release, and there alone. */
typedef struct crew_mpi_future crew_mpi_future;

/* Lets the function registered as `name` do one item on a rank that serves and is free. Equals `code = fn(in, out)`
   with a copy of in and memory for out, at some later time. Jobs go out in the order of submission, those that follow
   each other with the same name and sizes in batches as of crew_mpi_map, an item for every thread of a rank; what a
   rank does not have yet waits in memory here. Where there is no other rank, jobs run in the calls that wait.

   in, in_size   copied: in may be gone at once. NULL with in_size 0
   out_size      bytes of the result, 0 for none
   tag           handed out by crew_mpi_future_tag

   On rank 0. Returns the future, which the caller releases, or NULL with errno: EINVAL (also on other ranks), ENOMEM,
   EPERM, EIO (a message has failed: every job that had not ended has ended with -EIO, and the group can only be
   released and closed). O(in_size + out_size). Deterministic as far as fn is, but for the order in which jobs end. */
CREW_API crew_mpi_future *crew_mpi_submit(crew_mpi *m, const char *name, const void *in, size_t in_size,
                                          size_t out_size, void *tag);

/* Waits until f has ended. seconds: the longest wait; negative: for ever; 0: takes in what has come. Returns 0,
   -ETIMEDOUT, -EINVAL (f NULL, seconds NaN), -EPERM, and -ENOMEM and -EIO, with which no job goes on. */
CREW_API int crew_mpi_future_wait(crew_mpi_future *f, double seconds);

/* Waits and copies the result to out (NULL: not wanted), as often as it is called. Returns 0; the function's value,
   and out is left alone; -ENOENT where the rank has no such function; a value for crew_process_died where its worker
   process died; -ECANCELED; -EIO where MPI has failed under it; and what crew_mpi_future_wait returns. One job that
   fails does nothing to others. */
CREW_API int crew_mpi_future_result(crew_mpi_future *f, void *out);

/* The tag of crew_mpi_submit; f NULL: NULL. O(1). */
CREW_API void *crew_mpi_future_tag(const crew_mpi_future *f);

/* True: the job will never run. False: a rank has it, or has had it; or f is NULL. O(1). */
CREW_API bool crew_mpi_future_cancel(crew_mpi_future *f);

/* Gives f back; the job runs all the same. Futures outlive their group, whose end waits for their jobs. NULL: nothing.
   O(1). */
CREW_API void crew_mpi_future_release(crew_mpi_future *f);

/* Waits for the next job that ends, and returns the caller's future of it, in the order in which they end. Each is
   given once; those that were released are not. On rank 0. NULL: none is left (errno 0), or errno EINVAL, EPERM,
   ENOMEM, EIO. */
CREW_API crew_mpi_future *crew_mpi_next_done(crew_mpi *m);

/* Lets this rank do the items of crew_mpi_map and crew_mpi_submit in `processes` worker processes, so that one that
   crashes, hangs or exits costs that item and not the job: its value is one for crew_process_died. 0: this rank's share
   of the processors, as far as the launcher's environment tells. options: limits and retries, as of an executor with
   .processes (crew/executor.h); NULL: none.

   Before MPI is initialised, since an MPI need not survive a fork: call it first in main, after crew_mpi_register, on
   ranks that shall have it. Workers see the program as it is now: they run the functions that are registered now, with
   ctx as it is now; what is registered later runs on the team as without. They end when the last group is closed, or
   this process dies.

   Returns 0; -EPERM (MPI is initialised, or inside a callback); -EALREADY; -ENOTSUP where there are no process workers
   (outside Linux); -ENOMEM, -EAGAIN, -EINVAL. An item costs some microseconds more than in the team. */
CREW_API int crew_mpi_processes(int processes, const crew_process_options *options);

#ifdef __cplusplus
}
#endif
#endif
