/* A driver for the loop workloads (driver.h): loop_driver.c talks to loops.c; the rest of a driver implements this.

       run KERNEL VARIANT N WARM_NS ROUND_NS      -> NS RESULT
       idle VARIANT N INTERVAL_NS COUNT           -> NS 0

   `run` calls the kernel until WARM_NS have passed, then as often as fits into ROUND_NS, and answers with the mean time
   of a call. */
#ifndef BENCH_LOOPS_H
#define BENCH_LOOPS_H

#include "kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

struct job {
    size_t n;
    const double *x;  /* never written by a kernel */
    double *y;        /* written by axpy and items, read by dot */
    bench_item *item; /* for items */
    double result;    /* of sum, dot, exact_sum, exact_dot, and argmin as a number */
};

typedef void job_fn(struct job *job);

/* One way to run the kernels on a runtime; NULL where it has none for a kernel. */
struct variant {
    const char *name;
    job_fn *axpy, *items, *sum, *dot, *argmin, *exact_sum, *exact_dot;
};

extern const struct variant variants[]; /* a NULL name ends it */

/* Called once before anything else. */
void system_open(int threads);

#ifdef __cplusplus
}
#endif
#endif
