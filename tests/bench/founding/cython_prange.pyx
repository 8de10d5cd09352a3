# cython: language_level=3, boundscheck=False, wraparound=False
import numpy as np
from cython.parallel cimport prange


cdef double item(double x, int turns) noexcept nogil:
    cdef int k
    for k in range(turns):
        x = 3.7 * x * (1 - x)
    return x


def process(const double[::1] xs, int turns, int workers):
    ys = np.empty(xs.shape[0])
    cdef double[::1] out = ys
    cdef Py_ssize_t i
    for i in prange(xs.shape[0], nogil=True, num_threads=workers):
        out[i] = item(xs[i], turns)
    return ys
