# cython: language_level=3, boundscheck=False, wraparound=False
"""The same work three times over a NumPy array, with the same bytes: in a loop, on crew's threads, in crew's processes.

The item is plain C without the interpreter, so that threads run it at the same time. README.md has the two lines that
build this module.
"""

import numpy as np

cimport crew
from libc.math cimport exp
from libc.string cimport memset


cdef double solve(double x) noexcept nogil:
    """y with y e^y = 1 + x, by Newton."""
    cdef double y = 1
    cdef int k
    for k in range(30):
        y -= (y * exp(y) - 1 - x) / ((y + 1) * exp(y))
    return y


cdef struct Job:
    const double *x
    double *y


cdef int solve_block(size_t begin, size_t end, void *ctx) noexcept nogil:
    cdef Job *job = <Job *>ctx
    cdef size_t i
    for i in range(begin, end):
        job.y[i] = solve(job.x[i])
    return 0


cdef int solve_item(const void *x, void *y, void *ctx) noexcept nogil:
    (<double *>y)[0] = solve((<const double *>x)[0])
    return 0


def sequential_process(const double[::1] x):
    y = np.empty(x.shape[0])
    cdef double[::1] out = y
    cdef Job job
    if x.shape[0] > 0:
        job.x, job.y = &x[0], &out[0]
        with nogil:
            solve_block(0, x.shape[0], &job)
    return y


def parallel_process(const double[::1] x, int threads=0):
    y = np.empty(x.shape[0])
    cdef double[::1] out = y
    cdef Job job
    cdef crew.crew_options options
    cdef int error = 0
    memset(&options, 0, sizeof(options))
    options.threads = threads
    if x.shape[0] > 0:
        job.x, job.y = &x[0], &out[0]
        with nogil:
            error = crew.crew_for(x.shape[0], solve_block, &job, &options)
    if error != 0:
        raise RuntimeError(crew.crew_strerror(error).decode())
    return y


def isolated_process(const double[::1] x, int processes=0):
    """multiprocessing.Pool's way: an item that crashes ends its worker, not this process."""
    y = np.empty(x.shape[0])
    cdef double[::1] out = y
    cdef crew.crew_process_options options
    cdef int error = 0
    memset(&options, 0, sizeof(options))
    options.processes = processes
    if x.shape[0] > 0:
        with nogil:
            error = crew.crew_process_map(&x[0], sizeof(double), &out[0], sizeof(double), x.shape[0], solve_item, NULL,
                                          NULL, &options)
    if error != 0:
        raise RuntimeError(crew.crew_strerror(error).decode())
    return y


def sum_process(const double[::1] x):
    """A sum with the same bits at any number of threads."""
    cdef double s = 0
    if x.shape[0] > 0:
        with nogil:
            s = crew.crew_sum_f64(&x[0], x.shape[0])
    return s
