#!/bin/sh
# Draws what a program's threads did: sh examples/trace.sh OUT.svg PROGRAM [ARGUMENT ...]
#
#     sh examples/trace.sh run.svg ./kmeans
#
# The program runs with CREW_TRACE; its summary goes to standard error as always. A row for each thread, a bar for each
# slice, those inside others in half their height; colours are names. At most the first 20,000 slices are drawn: a
# viewer such as ui.perfetto.dev shows all of the file that is named at the end.
set -eu
if [ $# -lt 2 ]; then
    echo "usage: $0 OUT.svg PROGRAM [ARGUMENT ...]" >&2
    exit 2
fi
out=$1
shift
trace=${out%.svg}.json
CREW_TRACE=$trace "$@"

# crew writes one event a line.
awk '
function field(name,    at, rest) {
    at = index($0, "\"" name "\":")
    if (at == 0)
        return ""
    rest = substr($0, at + length(name) + 3)
    sub(/^"/, "", rest)
    match(rest, /^[^",}]*/)
    return substr(rest, 1, RLENGTH)
}
index($0, "\"ph\":\"X\"") && n < 20000 {
    n++
    name[n] = field("name")
    row[n] = field("tid") + 0
    start[n] = field("ts") + 0
    end[n] = start[n] + field("dur")
    if (end[n] > last)
        last = end[n]
    if (row[n] > rows)
        rows = row[n]
    if (!(name[n] in color))
        color[name[n]] = colors++
}
END {
    if (n == 0) {
        print "no slices" > "/dev/stderr"
        exit 1
    }
    width = 1200
    left = 90
    high = 40
    height = (rows + 1) * high + 60
    scale = (width - left - 10) / (last > 0 ? last : 1)
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" ", width, height
    print "font-family=\"sans-serif\" font-size=\"12\">"
    print "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>"
    for (r = 0; r <= rows; r++)
        printf "<text x=\"8\" y=\"%d\">thread %d</text>\n", r * high + 25, r
    # Calls end after their blocks, and so come later in the file: what holds others is drawn first.
    for (outer = 1; outer >= 0; outer--)
        for (i = 1; i <= n; i++) {
            inside = 0
            for (j = i + 1; j <= n && j <= i + 4000; j++)
                if (row[j] == row[i] && start[j] <= start[i] && end[j] >= end[i]) {
                    inside = 1
                    break
                }
            if (inside == outer)
                continue
            wide = (end[i] - start[i]) * scale
            printf "<rect x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"%d\" ", left + start[i] * scale,
                row[i] * high + (inside ? 20 : 8), wide < 0.3 ? 0.3 : wide, inside ? 16 : 28
            printf "fill=\"hsl(%d,60%%,%d%%)\"><title>%s %.3f us</title></rect>\n", color[name[i]] * 137 % 360,
                inside ? 55 : 75, name[i], end[i] - start[i]
        }
    x = left
    for (k in color) {
        printf "<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\" fill=\"hsl(%d,60%%,60%%)\"/>", x, height - 40,
            color[k] * 137 % 360
        printf "<text x=\"%d\" y=\"%d\">%s</text>\n", x + 16, height - 30, k
        x += 30 + 8 * length(k)
    }
    printf "<text x=\"%d\" y=\"%d\">0 .. %.3f ms</text>\n</svg>\n", left, height - 10, last / 1000
}' "$trace" >"$out"
echo "$out, and $trace for ui.perfetto.dev" >&2
