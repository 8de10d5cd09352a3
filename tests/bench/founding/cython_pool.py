"""A Cython kernel on parts of the array, which multiprocessing.Pool sends to its processes."""

import functools
import multiprocessing

import numpy as np
from cython_kernel import process_part


def process(xs, turns, workers):
    parts = np.array_split(xs, 4 * workers)
    with multiprocessing.Pool(workers) as pool:
        return np.concatenate(pool.map(functools.partial(process_part, turns=turns), parts))
