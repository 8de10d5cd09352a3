"""multiprocessing.Pool.map."""

import functools
import multiprocessing


def item(x, turns):
    for _ in range(turns):
        x = 3.7 * x * (1 - x)
    return x


def process(xs, turns, workers):
    with multiprocessing.Pool(workers) as pool:
        return pool.map(functools.partial(item, turns=turns), xs.tolist())
