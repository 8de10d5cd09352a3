/* A driver is one program that holds one runtime. driver.c talks to bench.c; the rest of a driver implements this.

   A request is a line on standard input:

       run KERNEL VARIANT N WARM_NS ROUND_NS      -> NS RESULT
       idle VARIANT N INTERVAL_NS COUNT           -> NS 0
       have KERNEL VARIANT                        -> 1 0 or 0 0

   `run` calls the kernel until WARM_NS have passed, then as often as fits into ROUND_NS, and answers with the mean time
   of a call. Between requests bench.c stops the process with SIGSTOP, so that threads that still spin disturb nobody.
 */
#ifndef BENCH_DRIVER_H
#define BENCH_DRIVER_H

#include "kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

struct job {
    size_t n;
    const double *x;  /* never written by a kernel */
    double *y;        /* written by axpy and items, read by dot */
    bench_item *item; /* for items */
    double result;    /* of sum, dot, and argmin as a number */
};

typedef void job_fn(struct job *job);

/* One way to run the kernels on a runtime; NULL where it has none for a kernel. */
struct variant {
    const char *name;
    job_fn *axpy, *items, *sum, *dot, *argmin;
};

extern const struct variant variants[]; /* a NULL name ends it */

/* Called once before anything else. */
void system_open(int threads);

#ifdef __cplusplus
}
#endif
#endif
