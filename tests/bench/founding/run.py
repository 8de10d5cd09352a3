"""The founding benchmark: one function mapped over items by Python's ways, Cython, C and crew.

run.py BUILD LIBRARY WORKERS QUICK

Each program of this folder is run by itself, all of them in turn, some rounds each; what one writes is one file (with
Cython two), whose lines are counted without blank ones and comments. Times are those of the call alone: a pool or
workers are started and ended in it, the interpreter is not. Memory is the most that the process and its children had,
proportional set size, looked at every 5 ms. All results must be the same to the bit.
"""

import os
import re
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD, LIBRARY, WORKERS, QUICK = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4] == "1"
ROOT = os.path.join(HERE, "..", "..", "..")
PYTHON = sys.executable
ROUNDS = 3 if QUICK else 5
# A machine that is never quiet: the shortest round.
MIDDLE = min if os.environ.get("CREW_BENCH_BEST") == "1" else statistics.median

# Part, turns, items; turns are some 2 ns in C and some 50 in Python.
PARTS = [("100ns", 60, 100000), ("10us", 5600, 1000), ("1ms", 560000, 40), ("array", 1, 10**6 if QUICK else 10**7)]

# Name, sources, module of Python, other than as many items where they are many.
SYSTEMS = [
    ("crew threads, C", ["crew_threads.c"], None, None),
    ("crew processes, C", ["crew_processes.c"], None, None),
    ("crew threads, Cython", ["cython_crew.pyx"], "cython_crew", None),
    ("C, a plain loop", ["plain_c.c"], None, None),
    ("C, omp parallel for", ["openmp_pragma.c"], None, None),
    ("Cython prange", ["cython_prange.pyx"], "cython_prange", None),
    ("Cython and Pool", ["cython_pool.py", "cython_kernel.pyx"], "cython_pool", None),
    ("Python, a plain loop", ["plain.py"], "plain", None),
    ("multiprocessing.Pool", ["pool.py"], "pool", None),
    ("futures, processes", ["futures_processes.py"], "futures_processes", None),
    ("futures, threads", ["futures_threads.py"], "futures_threads", 10**5),
    ("joblib, loky", ["joblib_loky.py"], "joblib_loky", 10**5),
    ("joblib, threads", ["joblib_threading.py"], "joblib_threading", 10**4),
]


def build():
    """Leaves out what lacks a package."""
    flags = ["-O3", "-ffp-contract=off", "-fopenmp", f"-I{ROOT}/include", f"-I{HERE}"]
    includes = subprocess.run([f"{PYTHON}-config", "--includes"], capture_output=True, text=True, check=False)
    for name, sources, module, _ in list(SYSTEMS):
        try:
            for source in sources:
                base, kind = os.path.splitext(source)
                if kind == ".c":
                    subprocess.run(["gcc", "-std=c11", *flags, f"{HERE}/founding.c", f"{HERE}/{source}", "-o",
                                    f"{BUILD}/{base}", LIBRARY, f"-Wl,-rpath,{os.path.dirname(LIBRARY)}", "-lm"],
                                   check=True)
                elif kind == ".pyx":
                    made = f"{BUILD}/{base}.c"
                    subprocess.run(["cython3", "-3", "-I", f"{ROOT}/examples/python", "-o", made, f"{HERE}/{source}"],
                                   check=True, capture_output=True)
                    subprocess.run(["gcc", "-shared", "-fPIC", *flags, *includes.stdout.split(), made, "-o",
                                    f"{BUILD}/{base}.so", LIBRARY, f"-Wl,-rpath,{os.path.dirname(LIBRARY)}"],
                                   check=True)
            if module:
                environment = dict(os.environ, PYTHONPATH=f"{BUILD}:{HERE}")
                subprocess.run([PYTHON, "-B", "-c", f"import numpy, {module}"], check=True, capture_output=True,
                               env=environment)
        except (subprocess.CalledProcessError, FileNotFoundError) as error:
            print(f"# {name}: left out ({error})")
            SYSTEMS.remove(next(s for s in SYSTEMS if s[0] == name))


def lines(sources):
    count = 0
    for source in sources:
        with open(os.path.join(HERE, source), encoding="ascii") as f:
            text = re.sub(r"/\*.*?\*/", "", f.read(), flags=re.S)
        text = re.sub(r'^\s*""".*?"""', "", text, count=1, flags=re.S)
        count += sum(1 for line in text.splitlines() if line.strip() and not line.strip().startswith(("#", "//")) or
                     line.startswith(("#include", "#pragma")))
    return count


def tree(pid):
    """The process and all below it."""
    yield pid
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as f:
                for child in f.read().split():
                    yield from tree(int(child))
    except (FileNotFoundError, ProcessLookupError):
        pass


def memory(pid):
    total = 0
    for process in tree(pid):
        try:
            with open(f"/proc/{process}/smaps_rollup", encoding="ascii") as f:
                total += int(re.search(r"^Pss:\s+(\d+)", f.read(), re.M).group(1)) * 1024
        except (OSError, AttributeError):
            pass
    return total


def run(base, module, n, turns, watched):
    """Seconds, digest, bytes."""
    environment = dict(os.environ, PYTHONPATH=f"{BUILD}:{HERE}", OMP_NUM_THREADS=str(WORKERS))
    command = [f"{BUILD}/{base}"] if not module else [PYTHON, "-B", f"{HERE}/run_module.py", module]
    program = subprocess.Popen(command + [str(n), str(turns), str(WORKERS)], stdout=subprocess.PIPE, text=True,
                               env=environment)
    most = 0
    while watched and program.poll() is None:
        most = max(most, memory(program.pid))
        time.sleep(0.005)
    out = program.communicate()[0].split()
    if program.returncode != 0:
        sys.exit(f"{base} failed with {program.returncode}")
    return float(out[0]), out[1], most


def main():
    build()
    table = {}
    for part, turns, n in PARTS:
        digests, seconds, most = {}, {name: [] for name, _, _, _ in SYSTEMS}, {}
        for k in range(ROUNDS + 1):  # the first is for memory: who looks takes time
            for name, sources, module, fewer in SYSTEMS:
                items = min(n, fewer or n) if part == "array" else n
                took, digest, size = run(os.path.splitext(sources[0])[0], module, items, turns, k == 0)
                if digests.setdefault(items, digest) != digest:
                    sys.exit(f"{name}, {part}: other results")
                if k == 0:
                    most[name] = size
                else:
                    seconds[name].append(took / items)
        base = seconds[SYSTEMS[0][0]]
        for name, _, _, fewer in SYSTEMS:
            items = min(n, fewer or n) if part == "array" else n
            median = MIDDLE(seconds[name]) * 1e9
            ratio = median / 1e9 / MIDDLE(base)
            print(f"bench founding-{part} {name.replace(', ', '-').replace(' ', '-')} n={items} threads={WORKERS} "
                  f"median_ns={median:.1f} ratio={ratio:.3f}", flush=True)
            table.setdefault(name, []).append((median, most[name]))
    print("#\n# | microseconds an item; MB | " + " | ".join(part for part, _, _ in PARTS) + " | lines |")
    print("# " + "|---" * (len(PARTS) + 2) + "|")
    for name, sources, _, _ in SYSTEMS:
        cells = [f"{median / 1e3:.3g}; {size / 1e6:.0f}" for median, size in table[name]]
        print(f"# | {name} | " + " | ".join(cells) + f" | {lines(sources)} |")


if __name__ == "__main__":
    main()
