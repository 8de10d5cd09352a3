"""Lines and branches of lib that gcov's counts say were reached: coverage.py ROOT FOLDER..., where FOLDERs hold .gcda.

A source is compiled many times: into two builds, once for each type that its template makes, and into each file that
includes its header. Its lines and branches count once, and as reached where any of these reached them; only where
these have another number of branches in a line are they counted apart. Branches of the macros in MACROS are those of
the C library's text and not counted.
"""

import collections
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

# Whether glibc has _pthread_cleanup_push; whether a processor's number is within the set.
MACROS = re.compile(r"CREW__CALLBACK_(BEGIN|END)\(|CPU_(SET|CLR|ISSET)\(")


def counts(note):
    """What gcov says of one object."""
    out = subprocess.run(["gcov", "--json-format", "--branch-probabilities", "--stdout", os.path.basename(note)],
                         cwd=os.path.dirname(note), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    if out.returncode:  # written by two processes at once, or of another build
        print(f"error: {os.path.basename(note)} cannot be read")
        return []
    return [json.loads(line) for line in out.stdout.splitlines() if line]


def objects(folder):
    for path, _, names in os.walk(folder):
        if "/tests/" not in path:  # where a suite includes a header of lib, an optimiser has been at work
            yield from (os.path.join(path, name) for name in names if name.endswith(".gcda"))


def merged(root, folders):
    """{file: ({line: count}, {(line, branches): [count]})}"""
    files = collections.defaultdict(lambda: ({}, {}))
    texts = {}
    notes = [note for folder in folders for note in objects(folder)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for source in (source for said in pool.map(counts, notes) for part in said for source in
                       [dict(file, cwd=part["current_working_directory"]) for file in part["files"]]):
            name = os.path.relpath(os.path.realpath(os.path.join(source["cwd"], source["file"])), root)
            if not name.startswith("lib/"):
                continue
            if name not in texts:
                with open(os.path.join(root, name), encoding="utf-8") as text:
                    texts[name] = text.read().splitlines()
            lines, branches = files[name]
            for line in source["lines"]:
                at, ends = line["line_number"], [branch["count"] for branch in line["branches"]]
                lines[at] = max(lines.get(at, 0), line["count"])
                if ends and not MACROS.search(texts[name][at - 1]):
                    before = branches.get((at, len(ends)), [0] * len(ends))
                    branches[at, len(ends)] = [max(pair) for pair in zip(before, ends)]
    return files


def runs(numbers):
    """3, 4, 5, 9 -> 3-5, 9"""
    texts, numbers = [], sorted(numbers)
    for k, n in enumerate(numbers):
        if k == 0 or numbers[k - 1] + 1 != n:
            first = n
        if k + 1 == len(numbers) or numbers[k + 1] != n + 1:
            texts.append(str(n) if first == n else f"{first}-{n}")
    return ", ".join(texts)


def main(root, *folders):
    files = merged(os.path.realpath(root), folders)
    table = collections.defaultdict(lambda: [0, 0, 0, 0])
    for name, (lines, branches) in sorted(files.items()):
        ends = [count for made in branches.values() for count in made]
        row = [sum(map(bool, lines.values())), len(lines), sum(map(bool, ends)), len(ends)]
        for key in (os.path.dirname(name), "lib"):
            table[key] = [a + b for a, b in zip(table[key], row)]
        missed = [line for line, count in lines.items() if not count]
        half = {line for (line, _), made in branches.items() if 0 in made} - set(missed)
        if missed or half:
            print(f"{name}: lines {runs(missed) or 'all'}; branches {runs(half) or 'all'}")
    for folder, (line, of_lines, branch, of_branches) in sorted(table.items()):
        print(f"{folder:24} lines {line:6} of {of_lines:6} {100 * line / max(of_lines, 1):6.2f} %"
              f"   branches {branch:6} of {of_branches:6} {100 * branch / max(of_branches, 1):6.2f} %")


main(*sys.argv[1:])
