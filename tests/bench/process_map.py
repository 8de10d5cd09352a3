"""process_map: one C kernel mapped by crew's processes and threads and by Python's pools, interleaved.

process_map.py LIBRARY THREADS QUICK WORKLOAD...

median_ns is wall time for an item; in the parts start, crash and hang for the call, less that of the same call without
(crash, hang). Every system's results are compared with the plain loop's. Pools are opened and closed outside the time,
crew's inside: a call forks its workers. python-loop is the kernel called from a loop: what an item takes with a pool
beyond that, shared among the workers, is the pool's. In the part memory median_ns is KiB: the most that the processes
of a call and its pool had for themselves and in shared memory together.
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
MEMORY_ITEMS = 50000  # of 10 us, for all systems


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


class SharedPointers(Pointers):
    """Arrays in crew_shared_alloc memory, where results are written in place."""

    def __init__(self, n):
        self.n = n
        lib.crew_shared_alloc.restype = ctypes.c_void_p
        self.args = [ctypes.c_void_p(lib.crew_shared_alloc(ctypes.c_size_t(4 * n))) for _ in range(2)]
        values, self.out = (ctypes.cast(a, ctypes.POINTER(ctypes.c_uint * n)).contents for a in self.args)
        ctypes.memmove(values, array.array("I", range(n)).tobytes(), 4 * n)

    def free(self):
        for a in self.args:
            lib.crew_shared_free(a)


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
    many, shared, few = Pointers(n), SharedPointers(n), Pointers(python_n)
    expected = list(many.call("process_by_plain_loop")[:CHECKED])
    systems = {name: (lambda fn=fn: many.call(fn)) for name, fn in (
        ("crew", "process_by_processes"), ("crew-threads", "process_by_threads"), ("plain", "process_by_plain_loop"))}
    systems["crew-in-place"] = lambda: shared.call("process_by_processes")
    sizes = dict.fromkeys(systems, n)
    values = list(few.values)
    item = functools.partial(turn, turns)
    with multiprocessing.Pool(THREADS) as pool, \
            concurrent.futures.ProcessPoolExecutor(THREADS) as executor:
        chunk = max(1, python_n // (8 * THREADS))
        peers = {
            "python-loop": lambda: [item(x) for x in values],
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
    shared.free()
    for name in systems:
        report(part, name, sizes[name], times[name], times["crew"])


def with_pool(make, use):
    with make(THREADS) as pool:
        return use(pool)


def own_kb(root, but):
    """What the processes below `root` have for themselves, and what they share by MAP_SHARED; without `but`."""
    parents = {}
    for name in os.listdir("/proc"):
        try:
            with open(f"/proc/{name}/stat") as f:
                parents[int(name)] = int(f.read().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            pass
    total, below = 0, {root}
    while True:
        more = {pid for pid, parent in parents.items() if parent in below} - below - {but}
        if not more:
            break
        below |= more
    for pid in below:
        try:
            with open(f"/proc/{pid}/smaps_rollup") as f:
                sizes = {line.split()[0]: int(line.split()[1]) for line in f if line.endswith("kB\n")}
        except OSError:
            continue
        total += sizes.get("Pss_Shmem:", 0) + (sizes.get("Private_Dirty:", 0) if pid != root else 0)
    return total


def watch(pipe, root):
    before = most = own_kb(root, os.getpid())
    pipe.send(before)
    while not pipe.poll(0.002):
        most = max(most, own_kb(root, os.getpid()))
    pipe.send(most - before)


def memory(turns):
    lib.process_kernel_turns(turns)
    p = Pointers(MEMORY_ITEMS)
    values, item = list(p.values), functools.partial(turn, turns)
    chunk = MEMORY_ITEMS // (8 * THREADS)
    systems = {
        "crew": lambda: p.call("process_by_processes"),
        "crew-threads": lambda: p.call("process_by_threads"),
        "Pool.map": lambda: with_pool(multiprocessing.Pool, lambda pool: pool.map(item, values)),
        "ProcessPoolExecutor.map": lambda: with_pool(concurrent.futures.ProcessPoolExecutor, lambda pool: list(
            pool.map(item, values, chunksize=chunk))),
    }
    if joblib:
        systems["joblib-multiprocessing"] = lambda: joblib_map("multiprocessing", turns, values)
        systems["joblib-loky"] = lambda: joblib_map("loky", turns, values)
    crews = 1
    for name, run in systems.items():
        mine, its = multiprocessing.Pipe()
        watcher = multiprocessing.Process(target=watch, args=(its, os.getpid()))
        watcher.start()
        mine.recv()
        run()
        mine.send(0)
        kib = mine.recv()
        watcher.join()
        crews = kib if name == "crew" else crews
        print(f"bench process_map-memory {name} n={MEMORY_ITEMS} threads={THREADS} median_ns={kib:.1f} "
              f"ratio={kib / crews:.3f}", flush=True)


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

    if asked("memory"):  # first, as loky's processes stay
        memory(1e4 / per_turn)
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
