"""crew.py against NumPy, or with --plain without it: results, what is refused, callbacks, exceptions, executors.

python_crew.py KERNELS.so [--plain]
"""

import array
import ctypes
import math
import os
import sys
import threading
import time

import crew

KERNELS = sys.argv[1]


def raises(kind, function, *arguments, **keywords):
    try:
        function(*arguments, **keywords)
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} was expected")


def plain():
    """Without NumPy: array.array, ctypes arrays, bytes."""
    assert "numpy" not in sys.modules
    x = array.array("d", [3, 1, math.nan, 2])
    crew.sort(x)
    assert list(x[:3]) == [1, 2, 3] and math.isnan(x[3])
    assert list(crew.argsort(array.array("q", [30, 10, 20]))) == [1, 2, 0]
    assert crew.sum((ctypes.c_int32 * 3)(1, 2, 3)) == 6
    assert list(crew.map("square", array.array("d", [1, 2, 3]), library=KERNELS)) == [1, 4, 9]
    assert list(crew.map(lambda v: v + 1, array.array("i", range(100)))) == list(range(1, 101))
    assert list(crew.map(lambda v: v + 1, array.array("i", range(100)), processes=2)) == list(range(1, 101))
    counts, outside = crew.histogram(array.array("d", [0, 1, 5, 2]), 2, 0, 2)
    assert list(counts) == [1, 2] and outside == 1
    raises(TypeError, crew.sort, b"bytes")
    raises(TypeError, crew.sort, [3, 1, 2])
    assert "numpy" not in sys.modules


def arrays(np):
    rng = np.random.default_rng(1)
    for n in (0, 1, 2, 1000, 100003):
        for kind in ("f4", "f8", "i4", "i8", "u4", "u8"):
            x = (rng.random(n) * 1000).astype(kind)
            y = (rng.random(n) * 1000).astype(kind)
            sorted_x = np.sort(x)
            exact = x.astype("f8") if kind[0] == "f" else x
            assert math.isclose(crew.sum(x), exact.sum(), rel_tol=1e-6), (kind, n)
            assert math.isclose(crew.dot(x, y), (exact * y).sum(), rel_tol=1e-6), (kind, n)
            if n:
                assert crew.min(x) == x.min() and crew.max(x) == x.max()
                assert crew.argmin(x) == x.argmin() and crew.argmax(x) == x.argmax()
                assert math.isclose(crew.mean(x), exact.mean(), rel_tol=1e-6)
                assert crew.find(x, x[n // 2]) == np.flatnonzero(x == x[n // 2])[0]
            assert (crew.argsort(x) == np.argsort(x, kind="stable")).all()
            assert (crew.search_sorted(sorted_x, y) == np.searchsorted(sorted_x, y)).all()
            assert (crew.search_sorted(sorted_x, y, "right") == np.searchsorted(sorted_x, y, "right")).all()
            assert (crew.unique(sorted_x) == np.unique(x)).all()
            assert (crew.pack(x, x > 500) == x[x > 500]).all()
            out, total = crew.scan(x)
            assert np.allclose(out.astype("f8"), np.cumsum(x, dtype="f8"), rtol=1e-5)
            assert n == 0 or total == out[-1]
            keys, values = x.copy(), np.arange(2 * n).reshape(n, 2)
            crew.sort_by_key(keys, values)
            assert (keys == sorted_x).all() and (values[:, 0] == 2 * np.argsort(x, kind="stable")).all()
            crew.sort(x)
            assert (x == sorted_x).all() and crew.is_sorted(x)
    keys = rng.integers(0, 50, 10000).astype("i4")
    weights = np.ones(10000)
    assert (crew.bincount(keys, 50) == np.bincount(keys, minlength=50)).all()
    distinct, sums = crew.sum_by_key(keys, weights)
    assert (distinct == np.unique(keys)).all() and (sums == np.bincount(keys)[distinct]).all()
    x = rng.random(100000)
    counts, outside = crew.histogram(x, 10, 0.1, 0.9)
    assert (counts == np.histogram(x, 10, (0.1, 0.9))[0]).all() and counts.sum() + outside == len(x)
    sums = set()
    for threads in (1, 2, 8):
        crew.set_num_threads(threads)
        assert crew.num_threads() == threads
        sums.add(crew.sum(x))
    crew.set_num_threads(0)
    assert len(sums) == 1, sums


def refused(np):
    x = np.zeros(10)
    raises(ctypes.ArgumentError, crew.lib.crew_sort_f64, x.astype("f4"), 10)
    raises(ctypes.ArgumentError, crew.lib.crew_sort_f64, x[::2], 5)
    raises(ctypes.ArgumentError, crew.lib.crew_sort_f64, [1.0], 1)
    raises(ctypes.ArgumentError, crew.lib.crew_for, 1, lambda begin, end, ctx: 0, None, None)
    x.flags.writeable = False
    raises(ctypes.ArgumentError, crew.lib.crew_sort_f64, x, 10)
    assert crew.lib.crew_sum_f64(x, 10) == 0
    raises(ctypes.ArgumentError, crew.sort, x)
    raises(TypeError, crew.sort, np.zeros(3, "f2"))
    raises(TypeError, crew.sum, np.zeros(3, "c16"))
    raises(ValueError, crew.dot, np.zeros(3), np.zeros(4))
    raises(ValueError, crew.map, "square", np.zeros(3), np.zeros(4), library=KERNELS)
    error = raises(crew.Error, crew.bincount, np.array([0, 7], "u4"), 5)
    assert error.code < 0 and "ERANGE" in str(error)


def c_functions(np):
    x = np.arange(1000.0)
    for threads in (1, 2, 8):
        assert (crew.map("square", x, library=KERNELS, threads=threads) == x * x).all()
    assert (crew.map("square", x, library=KERNELS, processes=2) == x * x).all()
    library = ctypes.CDLL(KERNELS)
    y = np.empty(1000)
    assert crew.map(library.square, x, y) is y and (y == x * x).all()
    crew.for_range(1000, "iota", y, library=library)
    assert (y == x).all()
    total = crew.reduce(1000, "sum_fold", "sum_merge", np.zeros(1), ctx=x, library=library)
    assert total[0] == x.sum()
    x[400] = x[700] = -1
    for threads in (1, 2, 8):
        error = raises(crew.Error, crew.map, "root_or_fail", x, library=KERNELS, threads=threads)
        assert (error.code, error.failed) == (7, 400), (error.code, error.failed)
    error = raises(crew.Error, crew.map, "crash_at_3", np.arange(10.0), library=KERNELS, processes=2)
    assert crew.lib.crew_process_died(error.code, None, None), error
    cancel = crew.Cancel()
    cancel.request()
    raises(crew._futures.CancelledError, crew.map, "square", x, library=KERNELS, cancel=cancel)


class Odd(Exception):
    pass


def python_functions(np):
    def third(v):
        if v in (5, 8):
            raise Odd(v)
        return v / 3

    x = np.arange(10.0)
    for threads in (1, 2, 8):
        for _ in range(20):
            assert raises(Odd, crew.map, third, x, threads=threads).args == (5.0,)
        assert (crew.map(third, x[:5], threads=threads) == x[:5] / 3).all()
    rows = np.arange(12.0).reshape(6, 2)
    assert (crew.map(lambda row: row[::-1], rows) == rows[:, ::-1]).all()
    assert (crew.map(lambda row: row[::-1], rows, processes=2) == rows[:, ::-1]).all()
    assert crew.reduce(10000, lambda b, e, v: v + sum(range(b, e)), lambda a, b: a + b, 0) == sum(range(10000))
    words = crew.reduce(26, lambda b, e, v: v + "".join(chr(97 + i) for i in range(b, e)), str.__add__, "", threads=4)
    assert words == "abcdefghijklmnopqrstuvwxyz", words
    seen = np.zeros(1000)

    def body(begin, end):
        seen[begin:end] += 1

    crew.for_range(1000, body, threads=4)
    assert (seen == 1).all()

    def slow(begin, end):
        time.sleep(0.02)

    raises(TimeoutError, crew.for_range, 100, slow, timeout=0.01, grain=1)
    # The lock is free while C code runs: another Python thread goes on.
    counted = [0]

    def count():
        while counted[0] >= 0:
            counted[0] += 1
            time.sleep(0)

    other = threading.Thread(target=count)
    other.start()
    data = np.random.default_rng(2).random(3000000)
    before = counted[0]
    for _ in range(3):
        crew.sort(data.copy())
    after = counted[0]
    counted[0] = -10**9
    other.join()
    assert after > before


def executors(np):
    with crew.Executor(threads=2, name="pool") as ex:
        futures = [ex.submit(pow, 2, i) for i in range(100)]
        assert [f.result() for f in futures] == [2**i for i in range(100)]
        assert all(f.done() and not f.running() and not f.cancelled() for f in futures)
        assert isinstance(ex.submit(lambda: 1 / 0).exception(), ZeroDivisionError)
        raises(Odd, ex.submit(exec, "raise Odd()", {"Odd": Odd}).result)
        x = np.array([1.0, 2, 3, 4])
        ex.submit("add_up", x, library=KERNELS).result()
        assert x[3] == 10
        assert ex.submit(lambda: sum(f.result() for f in [ex.submit(abs, -i) for i in range(10)])).result() == 45
        assert list(ex.map(pow, [2, 3, 4], [5, 2, 1])) == [32, 9, 4]
        assert list(ex.map(abs, [])) == []
        halves = ex.map(lambda v: 1 / v, [2, 1, 0, 4])
        assert [next(halves), next(halves)] == [0.5, 1]
        raises(ZeroDivisionError, next, halves)
        raises(StopIteration, next, halves)
        blocked = threading.Event()
        begun = threading.Semaphore(0)
        held = [ex.submit(lambda: (begun.release(), blocked.wait())) for _ in range(2)]
        for _ in held:
            begun.acquire()
        waiting = ex.submit(abs, -1)
        try:
            raises(TimeoutError, held[0].result, 0.01)
            raises(TimeoutError, next, ex.map(abs, [1], timeout=0.01))
            assert waiting.cancel() and waiting.cancelled()
            raises(crew._futures.CancelledError, waiting.result)
        finally:
            blocked.set()
    raises(RuntimeError, ex.submit, abs, 1)
    with crew.Executor(processes=2) as ex:
        raises(TypeError, ex.submit, abs, 1)
    assert not crew._submitted
    crew._left_open = crew.Executor(threads=1)  # closed at exit
    crew._left_open.submit(time.sleep, 0.01)


def cost(np):
    """Printed, not asserted: what a Python function costs on crew's threads and in its processes, an item."""
    x = np.arange(20000.0)
    for what, call in (("a plain loop", lambda: [v * v for v in x]),
                       ("1 thread", lambda: crew.map(lambda v: v * v, x, threads=1)),
                       ("2 threads", lambda: crew.map(lambda v: v * v, x, threads=2)),
                       ("2 processes", lambda: crew.map(lambda v: v * v, x, processes=2))):
        best = math.inf
        for _ in range(3):
            start = time.perf_counter()
            call()
            best = min(best, time.perf_counter() - start)
        print(f"lambda v: v * v, {what}: {best / len(x) * 1e6:.2f} us an item")


if "--plain" in sys.argv:
    plain()
else:
    import numpy

    for part in (arrays, refused, c_functions, python_functions, executors, cost):
        part(numpy)
        print(f"{part.__name__}: passed")
