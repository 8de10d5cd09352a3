"""process_map: one C kernel mapped by crew's processes and threads and by Python's pools, interleaved.

process_map.py LIBRARY THREADS QUICK WORKLOAD...

median_ns is wall time for an item; in the parts start, crash and hang for the call, less that of the same call without
(crash, hang). Every system's results are compared with the plain loop's. Pools are opened and closed outside the time,
crew's inside: a call forks its workers.
"""

import array
import concurrent.futures
import ctypes
import functools
import multiprocessing
import os
import statistics
import sys
import time

try:
    import joblib
except ImportError:
    joblib = None
    print("# joblib: not found (apt-get install python3-joblib)")

os.environ["CREW_BENCH_KERNEL"] = sys.argv[1]
from process_item import lib, turn  # noqa: E402, it wants to know where the kernel is

THREADS, QUICK, WANTED = int(sys.argv[2]), sys.argv[3] == "1", sys.argv[4:]

# Part, nanoseconds of an item, items for C, items for Python.
PARTS = [("10ns", 10, 10000000, 50000), ("10us", 1e4, 20000, 5000), ("10ms", 1e7, 40, 40)]
CHECKED = 40000  # results, of each system in each round
ROUNDS = 3 if QUICK else 7


def calibrate():
    best = min(timed(lambda: turn(1e6, 1)) for _ in range(5))
    return best / 1e6 * 1e9


def timed(fn):
    start = time.perf_counter()
    fn()
    return time.perf_counter() - start


class Pointers:
    def __init__(self, n):
        self.n = n
        self.values = array.array("I", range(n))
        self.out = array.array("I", bytes(4 * n))
        self.args = [ctypes.c_void_p(a.buffer_info()[0]) for a in (self.values, self.out)]

    def call(self, name):
        error = getattr(lib, name)(*self.args, ctypes.c_size_t(self.n), ctypes.c_int(THREADS))
        assert error == 0, (name, error)
        return self.out


def futures_submit(pool, turns, values):
    return [f.result() for f in [pool.submit(turn, turns, x) for x in values]]


def joblib_map(backend, turns, values):
    """Its processes stay between calls (loky) or are made for each (multiprocessing)."""
    return joblib.Parallel(n_jobs=THREADS, backend=backend)(joblib.delayed(turn)(turns, x) for x in values)


def report(part, system, n, seconds, crews):
    median = statistics.median(seconds)
    ratio = statistics.median(s / c for s, c in zip(seconds, crews))
    print(f"bench process_map-{part} {system} n={n} threads={THREADS} median_ns={median * 1e9:.1f} ratio={ratio:.3f}",
          flush=True)


def items(part, turns, n, python_n):
    lib.process_kernel_turns(turns)
    many, few = Pointers(n), Pointers(python_n)
    expected = list(many.call("process_by_plain_loop")[:CHECKED])
    systems = {name: (lambda fn=fn: many.call(fn)) for name, fn in (
        ("crew", "process_by_processes"), ("crew-threads", "process_by_threads"), ("plain", "process_by_plain_loop"))}
    sizes = dict.fromkeys(systems, n)
    values = list(few.values)
    item = functools.partial(turn, turns)
    with multiprocessing.Pool(THREADS) as pool, \
            concurrent.futures.ProcessPoolExecutor(THREADS) as executor:
        chunk = max(1, python_n // (8 * THREADS))
        peers = {
            "Pool.map": lambda: pool.map(item, values),
            "ProcessPoolExecutor.map": lambda: list(executor.map(item, values, chunksize=chunk)),
            "ProcessPoolExecutor.submit": lambda: futures_submit(executor, turns, values),
        }
        if joblib:
            peers["joblib-loky"] = lambda: joblib_map("loky", turns, values)
            peers["joblib-multiprocessing"] = lambda: joblib_map("multiprocessing", turns, values)
        systems.update(peers)
        sizes.update(dict.fromkeys(peers, python_n))
        times = {name: [] for name in systems}
        for k in range(ROUNDS + 1):
            for name, run in systems.items():
                start = time.perf_counter()
                got = run()
                took = time.perf_counter() - start
                assert list(got[:CHECKED]) == expected[:min(CHECKED, sizes[name])], name
                if k > 0:  # the first is for processes to start
                    times[name].append(took / sizes[name])
    for name in systems:
        report(part, name, sizes[name], times[name], times["crew"])


def calls(turns, n, system, base):
    """Times of calls of both, in turn."""
    lib.process_kernel_turns(turns)
    p = Pointers(n)
    mine, other = [], []
    for _ in range(10 * ROUNDS):
        other.append(timed(lambda: p.call(base)))
        mine.append(timed(lambda: p.call(system)))
    return mine, other


def main():
    per_turn = calibrate()

    def asked(part):
        return any(w in ("process_map", "process_map-" + part) for w in WANTED)

    for part, ns, n, python_n in PARTS:
        if asked(part):
            items(part, ns / per_turn, n, python_n)
    if asked("start"):
        mine, forks = calls(1, THREADS, "process_by_processes", "process_bare_forks")
        report("start", "crew", THREADS, mine, mine)
        report("start", "bare-forks", THREADS, forks, mine)
    for part in ("crash", "hang"):
        if asked(part):
            mine, without = calls(1e3 / per_turn, 2000, "process_with_" + part, "process_by_processes")
            more = [m - w for m, w in zip(mine, without)]
            report(part, "crew", 2000, more, more)


if __name__ == "__main__":
    main()
