"""concurrent.futures.ThreadPoolExecutor.map."""

import concurrent.futures
import functools


def item(x, turns):
    for _ in range(turns):
        x = 3.7 * x * (1 - x)
    return x


def process(xs, turns, workers):
    with concurrent.futures.ThreadPoolExecutor(workers) as executor:
        return list(executor.map(functools.partial(item, turns=turns), xs.tolist()))
