#!/usr/bin/env python3
"""Draws the result lines of run.sh: report.py FOLDER NOTE FILE...

FOLDER gets size.svg (time over n), threads.svg (time over the number of threads), roofline.svg, and report.html with
these, with bars/WORKLOAD.svg, which plot.awk has drawn, and with the lines. Pictures suit light and dark backgrounds."""

import html
import math
import os
import re
import sys

STYLE = """<style>
.paper{fill:#fff}.ink{fill:#1f2328}.dim{fill:#57606a}.grid{stroke:#d0d7de;fill:none}.roof{stroke:#57606a;fill:none}
.c0{--c:#0b62c4}.c1{--c:#c0504d}.c2{--c:#2e8540}.c3{--c:#8a4fc7}.c4{--c:#b06a00}.c5{--c:#00818a}.c6{--c:#7a7a7a}
.c7{--c:#a3246b}
.line{stroke:var(--c);fill:none;stroke-width:1.5}.dot{fill:var(--c)}.ring{stroke:var(--c);fill:none;stroke-width:1.5}
@media (prefers-color-scheme: dark){.paper{fill:#0d1117}.ink{fill:#e6edf3}.dim{fill:#9da7b3}.grid{stroke:#30363d}
.roof{stroke:#9da7b3}.c0{--c:#58a6ff}.c1{--c:#ff8a80}.c2{--c:#6fdd8b}.c3{--c:#c8a2ff}.c4{--c:#f0b45a}.c5{--c:#56d4dd}
.c6{--c:#b1b1b1}.c7{--c:#ff9ad5}}
</style>"""
SYSTEMS, COLOURS = 7, 8  # lines in one plot, classes of STYLE
# What is bound by memory: operations and bytes an item. Half of a filter's items are written.
BOUND = {"axpy": (2, 24), "sum": (1, 8), "dot": (2, 16), "scan-f64": (1, 16), "scan-i64": (1, 16),
         "filter-f64": (1, 12), "histogram-256-random": (1, 4), "argmin": (1, 8)}
NO_CALL = ("fork_join", "submit", "roundtrip", "stream", "idle", "process_map")  # time of a task, an item, an interval
# Only bars have an n that is no number: the class of a NAS program.
LINE = re.compile(r"bench (\S+) (\S+) n=(\d+) threads=(\d+) median_ns=([\d.]+) ratio=([\d.]+)")


class Result:
    def __init__(self, m, first):
        self.first = first  # in the first file, where systems that have one thread stand beside the others
        self.workload, self.system = m.group(1), m.group(2)
        self.n, self.threads, self.ns = int(m.group(3)), int(m.group(4)), float(m.group(5))


def read(paths):
    results, remarks, lines, load = [], [], [], 0.0
    for path in paths:
        with open(path, encoding="utf-8") as f:
            for line in f:
                lines.append(line.rstrip())
                if m := LINE.match(line):
                    results.append(Result(m, path == paths[0]))
                elif line.startswith("# load average"):
                    load = max(load, float(line.split()[3].rstrip(":")))
                elif line.startswith("#") and line.strip("# \n") not in remarks:
                    remarks.append(line.strip("# \n"))
    if load > 0:
        remarks.append(f"Other programs ran, which makes times longer: load average up to {load:g}")
    return [r for r in results if r.ns > 0], remarks, lines


def unit(ns):
    for name, size in (("s", 1e9), ("ms", 1e6), ("us", 1e3)):
        if ns >= size:
            return f"{ns / size:g} {name}"
    return f"{ns:g} ns"


def power(x):
    exponent = round(math.log10(x))
    return f"{x:g}" if x < 1e4 or 10 ** exponent != x else f"10^{exponent}"


class Plot:
    """Two logarithmic axes in a box of 450 x 300 at (left, top)."""

    def __init__(self, left, top, title, points, across, along):
        self.out, self.left, self.top = [], left + 48, top + 40
        self.width, self.height = 225, 200
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        self.x0, self.x1 = min(xs), max(max(xs), min(xs) * 2)
        self.y0, self.y1 = min(ys) / 1.15, max(ys) * 1.15
        self.text(left + 10, top + 18, title, "ink", "start", 13)
        self.axis(along, True)
        self.axis(across, False)

    def at(self, x, y):
        return (self.left + self.width * math.log(x / self.x0) / math.log(self.x1 / self.x0),
                self.top + self.height * (1 - math.log(y / self.y0) / math.log(self.y1 / self.y0)))

    def text(self, x, y, words, kind, anchor="start", size=11):
        self.out.append(f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}" font-size="{size}">'
                        f"{html.escape(words)}</text>")

    def axis(self, name, up):
        low, high = (self.y0, self.y1) if up else (self.x0, self.x1)
        decades = math.log10(high / low)
        steps = (1, 2, 5) if decades < 2 else (1,)
        ticks = [m * 10.0 ** e for e in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
                 for m in steps if low <= m * 10.0 ** e <= high * 1.0001]
        if name == "threads":
            ticks = [t for t in (1, 2, 4, 8, 16, 32, 64) if low <= t <= high]
        for tick in ticks:
            x, y = self.at(self.x0, tick) if up else self.at(tick, self.y0)
            to = (self.left + self.width, y) if up else (x, self.top)
            self.out.append(f'<path class="grid" d="M{x:.1f} {y:.1f}L{to[0]:.1f} {to[1]:.1f}"/>')
            if up:
                self.text(x - 5, y + 4, unit(tick) if "time" in name else f"{tick:g}", "dim", "end", 10)
            else:
                self.text(x, y + 15, power(tick), "dim", "middle", 10)
        if up:
            self.text(self.left, self.top - 6, name, "dim", "start", 10)
        else:
            self.text(self.left + self.width / 2, self.top + self.height + 29, name, "dim", "middle", 10)

    def lines(self, series):
        """Lines with their names at the right, moved apart."""
        ends = []
        for colour, (name, points) in enumerate(series):
            path = "L".join(f"{x:.1f} {y:.1f}" for x, y in (self.at(*p) for p in points))
            width = ' style="stroke-width:3"' if colour == 0 else ""
            self.out.append(f'<path class="c{colour} line"{width} d="M{path}"/>')
            for x, y in (self.at(*p) for p in points):
                self.out.append(f'<circle class="c{colour} dot" cx="{x:.1f}" cy="{y:.1f}" r="2.2"/>')
            ends.append([self.at(*points[-1])[1] + 4, name, colour])
        last = -99.0
        for end in sorted(ends):
            end[0] = max(end[0], last + 12)
            last = end[0]
        over = max(0.0, last - (self.top + self.height))
        for y, name, colour in ends:
            self.text(self.left + self.width + 6, y - over, name, f"c{colour} dot")


def svg(width, height, parts):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif">{STYLE}\n'
            f'<rect class="paper" width="{width}" height="{height}"/>\n' + "\n".join(parts) + "\n</svg>\n")


def chosen(results, key):
    """Lines of one workload: crew's, then those of the systems that are fastest at the right end."""
    by = {}
    for r in results:
        by.setdefault(r.system, {}).setdefault(key(r), r.ns)
    full = {s: sorted(p.items()) for s, p in by.items() if len(p) >= 3}
    if "crew" not in full:
        return []
    right = full["crew"][-1][0]
    others = sorted((p[-1][1], s) for s, p in full.items() if s != "crew" and p[-1][0] == right)
    return [("crew", full["crew"])] + [(s, full[s]) for _, s in others[:SYSTEMS - 1]]


def grid(groups, across, along, key, value):
    """A picture of small plots, two in a row; None where there is nothing to see."""
    parts, count = [], 0
    for title, results in groups:
        series = chosen(results, key)
        if not series:
            continue
        series = [(name, [(x, value(x, ns)) for x, ns in points]) for name, points in series]
        plot = Plot(count % 2 * 450, count // 2 * 300, title, [p for _, points in series for p in points], across,
                    along)
        plot.lines(series)
        parts += plot.out
        count += 1
    return svg(900, (count + 1) // 2 * 300, parts) if count else None


def grouped(results, key):
    groups = {}
    for r in results:
        groups.setdefault(key(r), []).append(r)
    return groups.items()


def roofline(results):
    """What is bound by memory, at the largest n, under the bandwidth of the copy that was measured there."""
    points, bandwidth = [], []
    for (workload,), group in grouped(results, lambda r: (r.workload,)):
        most = max(r.n for r in group)
        group = sorted((r for r in group if r.n == most), key=lambda r: r.ns)
        bandwidth += [16 * most / r.ns for r in group if "copy" in r.system] \
            if workload.startswith("scan") else []
        if workload not in BOUND:
            continue
        operations, size = BOUND[workload]
        crew = [r for r in group if r.system == "crew"]
        others = [r for r in group if not re.match(r"crew|.*copy|memcpy|pass", r.system)]
        for r, kind in [(r, "dot") for r in crew[:1]] + [(r, "ring") for r in others[:1]]:
            points.append((operations / size, operations * most / r.ns, kind, f"{workload} {r.system}, n={most}"))
    if not points or not bandwidth:
        return None
    roof = max(bandwidth)
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    low, high = min(xs) / 1.5, max(xs) * 1.5
    plot = Plot(0, 0, f"Bound by memory: dots crew, rings the fastest other; the line is copying, {roof:.1f} GB/s",
                [(low, min(ys + [low * roof])), (high, max(ys + [high * roof]))], "operations a byte",
                "thousand million operations a second")
    plot.out.append('<path class="roof" d="M{:.1f} {:.1f}L{:.1f} {:.1f}"/>'.format(
        *plot.at(low, low * roof), *plot.at(high, high * roof)))
    rows = []
    for number, (x, y, kind, words) in enumerate(sorted(points)):
        px, py = plot.at(x, y)
        colour = list(dict.fromkeys(p[3].split()[0] for p in sorted(points))).index(words.split()[0]) % COLOURS
        plot.out.append(f'<circle class="c{colour} {kind}" cx="{px:.1f}" cy="{py:.1f}" r="5"/>')
        rows.append((number, colour, f"{'●' if kind == 'dot' else '○'} {words}: {y:.3g}"))
    for number, colour, words in rows:
        plot.text(310, 50 + 17 * number, words, f"c{colour} dot")
    return svg(640, max(300, 50 + 17 * len(rows)), plot.out)


def page(folder, note, remarks, lines, pictures):
    with open(os.path.join(folder, "report.html"), "w", encoding="utf-8") as f:
        f.write("""<!doctype html><html lang="en"><meta charset="utf-8"><title>crew beside other systems</title>
<meta name="color-scheme" content="light dark"><meta name="viewport" content="width=device-width">
<style>body{font:16px/1.5 sans-serif;max-width:920px;margin:2em auto;padding:0 1em;background:#fff;color:#1f2328}
svg{width:100%;height:auto}summary{cursor:pointer;font-weight:bold}pre{font-size:12px;overflow-x:auto}
@media (prefers-color-scheme: dark){body{background:#0d1117;color:#e6edf3}}</style>
<h1>crew beside other systems</h1>
""")
        f.write(f"<p>{html.escape(note)}</p><h2>Machine and versions</h2><ul>")
        f.writelines(f"<li>{html.escape(remark)}</li>" for remark in remarks)
        f.write("</ul>")
        for title, text, picture in pictures:
            if picture:
                f.write(f"<h2>{title}</h2><p>{text}</p>{picture}")
        f.write("<h2>Raw figures</h2><pre>\n" + html.escape("\n".join(lines)) + "</pre></html>\n")


def main():
    folder, note, paths = sys.argv[1], sys.argv[2], sys.argv[3:]
    results, remarks, lines = read(paths)
    if not results:
        sys.exit("no result line in " + " ".join(paths))
    usual = [r for r in results if r.threads == results[0].threads or (r.first and r.threads == 1)]
    calls = [r for r in usual if not r.workload.startswith(NO_CALL)]
    size = grid(grouped(calls, lambda r: r.workload), "n", "time of an item", lambda r: r.n, lambda n, ns: ns / n)
    most = {}
    for r in results:
        most[r.workload] = max(most.get(r.workload, 0), r.n)
    threads = grid([(f"{w}, n={power(most[w])}", g) for w, g in grouped(
        [r for r in results if r.n == most[r.workload]], lambda r: r.workload)],
        "threads", "time", lambda r: r.threads, lambda x, ns: ns)
    roof = roofline(usual)
    for name, picture in (("size", size), ("threads", threads), ("roofline", roof)):
        if picture:
            with open(os.path.join(folder, name + ".svg"), "w", encoding="utf-8") as f:
                f.write(picture)
    bars = []
    for line in lines:
        workload = line.split()[1] if line.startswith("bench ") else None
        path = os.path.join(folder, "bars", f"{workload}.svg")
        if workload not in [name for name, _ in bars] and os.path.exists(path):
            with open(path, encoding="utf-8") as f:
                bars.append((workload, f.read()))
    folded = "".join(f"<details{'' if k else ' open'}><summary>{html.escape(name)}</summary>{picture}</details>"
                     for k, (name, picture) in enumerate(bars))
    crew_first = f"The systems that are fastest at the right end, up to {SYSTEMS - 1} beside crew."
    page(folder, note, remarks, lines, [
        ("Ratios", "Time of each system divided by crew's, a picture for each workload.", folded),
        ("Over n", crew_first, size), ("Over the number of threads", crew_first, threads),
        ("Roofline", "How near what only reads and writes memory comes to copying. Up to 10^6 items, as in "
         "quick runs, much of it is in caches.", roof)])


main()
