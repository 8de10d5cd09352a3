"""Runs one Python program of this folder: run_module.py MODULE N TURNS WORKERS; prints as founding.c does."""

import importlib
import sys
import time

import numpy as np


def digest(ys):
    """digest = digest * 31 + bits, as founding.c, by blocks."""
    total, block = 0, 4096
    powers = np.array([pow(31, block - 1 - k, 2**64) for k in range(block)], dtype=np.uint64)
    bits = np.ascontiguousarray(ys, dtype=np.float64).view(np.uint64)
    for begin in range(0, len(bits), block):
        part = bits[begin:begin + block]
        weights = powers[block - len(part):]
        total = (total * pow(31, len(part), 2**64) + int((part * weights).sum(dtype=np.uint64))) % 2**64
    return f"{total:016x}"


if __name__ == "__main__":
    module = importlib.import_module(sys.argv[1])
    n, turns, workers = map(int, sys.argv[2:])
    xs = (np.arange(n) + 0.5) / n
    start = time.perf_counter()
    ys = module.process(xs, turns, workers)
    print(f"{time.perf_counter() - start:.9f}", end=" ")
    print(digest(ys))
