"""concurrent.futures.ProcessPoolExecutor.map, with chunks as Pool.map makes them."""

import concurrent.futures
import functools


def item(x, turns):
    for _ in range(turns):
        x = 3.7 * x * (1 - x)
    return x


def process(xs, turns, workers):
    chunk = len(xs) // (4 * workers) + 1
    with concurrent.futures.ProcessPoolExecutor(workers) as executor:
        return list(executor.map(functools.partial(item, turns=turns), xs.tolist(), chunksize=chunk))
