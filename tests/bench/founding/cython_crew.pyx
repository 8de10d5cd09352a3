# cython: language_level=3, boundscheck=False, wraparound=False
cimport crew
import numpy as np


cdef struct Job:
    const double *xs
    double *ys
    int turns


cdef int body(size_t begin, size_t end, void *ctx) noexcept nogil:
    cdef Job *job = <Job *>ctx
    cdef double x
    cdef size_t i
    cdef int k
    for i in range(begin, end):
        x = job.xs[i]
        for k in range(job.turns):
            x = 3.7 * x * (1 - x)
        job.ys[i] = x
    return 0


def process(const double[::1] xs, int turns, int workers):
    ys = np.empty(xs.shape[0])
    cdef double[::1] out = ys
    cdef Job job = Job(&xs[0], &out[0], turns)
    cdef int error
    crew.crew_set_num_threads(workers)
    with nogil:
        error = crew.crew_for(xs.shape[0], body, &job, NULL)
    if error:
        raise RuntimeError(crew.crew_strerror(error).decode())
    return ys
