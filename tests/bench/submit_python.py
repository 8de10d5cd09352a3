"""submit and idle with concurrent.futures' ThreadPoolExecutor, behind the driver's interface (tasks.h)."""

import itertools
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

VARIANT = "python"
PAUSE_S = 1e-3
SETTLE_S = 0.5
IDLE_S = 2.0

WORKERS = int(sys.argv[1])

executor = ThreadPoolExecutor(max_workers=WORKERS)
counter = itertools.count()  # next is one step under the interpreter's lock


def empty():
    next(counter)


def one():
    return 1


def submit(n):
    for _ in range(n):
        executor.submit(empty)


def submit_future(n):
    futures = [executor.submit(one) for _ in range(n)]
    return sum(f.result() for f in futures)


def submit_from(producers, n, fn):
    """Returns what fn returned in each of the threads."""
    parts = [n // producers + (n % producers if k == 0 else 0) for k in range(producers)]
    if producers == 1:
        return [fn(n)]
    values = [None] * producers

    def produce(k):
        values[k] = fn(parts[k])

    threads = [threading.Thread(target=produce, args=(k,)) for k in range(producers)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return values


def run_submit(producers, n):
    """The queue is first in, first out, so once a barrier has met every worker, everything before it has run."""
    before = next(counter)
    submit_from(producers, n, submit)
    barrier = threading.Barrier(WORKERS)
    for meeting in [executor.submit(barrier.wait) for _ in range(WORKERS)]:
        meeting.result()
    return next(counter) - before - 1


def run_round_trips(n, pause):
    total, ns = 0, 0
    for _ in range(n):
        if pause:
            time.sleep(pause)
        start = time.perf_counter_ns()
        total += executor.submit(one).result()
        ns += time.perf_counter_ns() - start
    return ns, total


def run_idle():
    executor.submit(empty).result()
    time.sleep(SETTLE_S)
    start, cpu = time.perf_counter_ns(), time.process_time_ns()
    time.sleep(IDLE_S)
    return (time.process_time_ns() - cpu) / (time.perf_counter_ns() - start) * 1e9


def call(kernel, n):
    if kernel == "idle":
        return run_idle(), 0
    if kernel.startswith("roundtrip"):
        return run_round_trips(n, PAUSE_S if kernel == "roundtrip-idle" else 0)
    start = time.perf_counter_ns()
    producers = int(kernel[-1])
    if kernel.startswith("submit-future"):
        result = sum(submit_from(producers, n, submit_future))
    else:
        result = run_submit(producers, n)
    return time.perf_counter_ns() - start, result


KERNELS = ("submit-1", "submit-4", "submit-future-1", "submit-future-4", "roundtrip", "roundtrip-idle", "idle")

for line in sys.stdin:
    words = line.split()
    if words[0] == "have":
        print(int(words[1] in KERNELS and words[2] == VARIANT), 0, flush=True)
    else:
        ns, result = call(words[1], int(words[3]))
        print(ns, result, flush=True)
