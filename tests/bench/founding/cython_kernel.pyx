# cython: language_level=3, boundscheck=False, wraparound=False
import numpy as np


def process_part(const double[::1] xs, int turns):
    ys = np.empty(xs.shape[0])
    cdef double[::1] out = ys
    cdef Py_ssize_t i
    cdef int k
    cdef double x
    for i in range(xs.shape[0]):
        x = xs[i]
        for k in range(turns):
            x = 3.7 * x * (1 - x)
        out[i] = x
    return ys
