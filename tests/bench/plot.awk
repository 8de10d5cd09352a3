# Draws the result lines of run.sh as a picture: how much longer each system takes than crew, on a logarithmic scale,
# for light and dark backgrounds.
# Usage: sh tests/bench/run.sh ... | awk [-v only=REGEX] -f tests/bench/plot.awk > speed.svg
# REGEX chooses lines by "workload system n=...". The README's picture: sh tests/bench/run.sh launch axpy irregular sum
# scan filter sort fork_join submit | awk -v only="$(cat tests/bench/speed.only)" -f tests/bench/plot.awk

$1 == "bench" {
    split($4, n, "=")
    split($7, ratio, "=")
    split($5, t, "=")
    if ($3 == "crew" && !threads)
        threads = t[2]
    if ($3 == "crew" || ratio[2] <= 0 || (only != "" && $2 " " $3 " " $4 !~ only))
        next
    group = $2 " n=" n[2]
    if (group != last) {
        rows++
        kind[rows] = "group"
        label[rows] = group
        last = group
    }
    rows++
    kind[rows] = "bar"
    label[rows] = $3
    value[rows] = ratio[2]
}

# From 1/4 to 1024 times crew's time.
function place(x)
{
    x = log(x) / log(2)
    x = x < -2 ? -2 : x > 10 ? 10 : x
    return left + (x + 2) / 12 * width
}

function line(x, kind)
{
    printf("<line x1=\"%d\" x2=\"%d\" y1=\"40\" y2=\"%d\" class=\"%s\"/>\n", x, x, height - 6, kind)
}

function text(x, y, anchor, more, words)
{
    printf("<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\"%s>%s</text>\n", x, y, anchor, more, words)
}

END {
    left = 230
    width = 620
    height = 14 * rows + 60
    printf("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 900 %d\" font-family=\"sans-serif\" ", height)
    print "font-size=\"11\">"
    print "<style>.bg{fill:#fff}text{fill:#1f2328}.dim{fill:#57606a}.grid{stroke:#d0d7de}.one{stroke:#1f2328}"
    print ".fast{fill:#2a7ab9}.slow{fill:#c0504d}@media(prefers-color-scheme:dark){.bg{fill:#0d1117}text{fill:#e6edf3}"
    print ".dim{fill:#9da7b3}.grid{stroke:#30363d}.one{stroke:#e6edf3}.fast{fill:#58a6ff}.slow{fill:#ff8a80}}</style>"
    printf("<rect width=\"900\" height=\"%d\" class=\"bg\"/>\n", height)
    text(10, 18, "start", " font-size=\"13\"", "Time of each system divided by crew's, " threads \
        " threads. Right of the line crew is faster.")
    for (e = -2; e <= 10; e += 2) {
        line(place(2 ^ e), (e == 0 ? "one" : "grid"))
        text(place(2 ^ e), 36, "middle", " class=\"dim\"", (e < 0 ? "1/" 2 ^ -e : 2 ^ e))
    }
    for (i = 1; i <= rows; i++) {
        y = 44 + 14 * i
        if (kind[i] == "group") {
            text(10, y, "start", " font-weight=\"bold\"", label[i])
            continue
        }
        from = place(1)
        to = place(value[i])
        first = from < to ? from : to
        last = from < to ? to : from
        text(left - 6, y, "end", "", label[i])
        printf("<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"9\" class=\"%s\"/>\n", first, y - 9,
            last - first + 0.5, (value[i] >= 1 ? "fast" : "slow"))
        text(last + 4, y, "start", " class=\"dim\"", sprintf((value[i] < 99.5 ? "%.2g" : "%.0f"), value[i]))
    }
    print "</svg>"
}
