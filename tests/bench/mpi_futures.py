"""What an item costs that mpi4py.futures hands out: mpirun -n 2 python3 mpi_futures.py QUICK.

The items are those of mpi_bench.c: 8 bytes in, the same 8 bytes out."""

import os
import statistics
import sys
import time

from mpi4py.futures import MPICommExecutor
from mpi4py import MPI

BEST = os.environ.get("CREW_BENCH_BEST") == "1"


def same(item):
    return item


def measure(run, items):
    times = []
    for _ in range(5):
        start = time.perf_counter()
        run(items)
        times.append((time.perf_counter() - start) / len(items))
    return (min(times) if BEST else statistics.median(times)) * 1e9


def main():
    count = 2000 if len(sys.argv) > 1 and sys.argv[1] == "1" else 20000
    items = [k.to_bytes(8, "little") for k in range(count)]
    with MPICommExecutor(MPI.COMM_WORLD, root=0) as executor:
        if executor is None:
            return
        systems = [("mpi4py-submit", lambda x: [f.result() for f in [executor.submit(same, i) for i in x]])]
        for size in (1, 100, 1000):
            systems.append((f"mpi4py-map-{size}", lambda x, s=size: list(executor.map(same, x, chunksize=s))))
        for name, run in systems:
            print(f"bench mpi-items {name} n={count} threads=1 median_ns={measure(run, items):.1f}", flush=True)


main()
