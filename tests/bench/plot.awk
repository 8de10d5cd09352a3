# Draws the result lines of run.sh as a picture: how much longer each system takes than crew, on a logarithmic scale.
# Usage: sh tests/bench/run.sh ... | awk -f tests/bench/plot.awk > speed.svg

$1 == "bench" {
    split($4, n, "=")
    split($7, ratio, "=")
    split($5, t, "=")
    if ($3 == "crew" || ratio[2] <= 0)
        next
    threads = t[2]
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

END {
    left = 230
    width = 620
    height = 14 * rows + 60
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 900 %d\" font-family=\"sans-serif\" " \
        "font-size=\"11\">\n<rect width=\"900\" height=\"%d\" fill=\"#fff\"/>\n", height, height
    printf "<text x=\"10\" y=\"18\" font-size=\"13\">Time of each system divided by crew's, %s threads. " \
        "Right of the line crew is faster.</text>\n", threads
    for (e = -2; e <= 10; e += 2) {
        x = place(2 ^ e)
        printf "<line x1=\"%d\" x2=\"%d\" y1=\"40\" y2=\"%d\" stroke=\"%s\"/>\n", x, x, height - 6, e == 0 ? "#000" : "#ddd"
        printf "<text x=\"%d\" y=\"36\" text-anchor=\"middle\" fill=\"#555\">%s</text>\n", x, e < 0 ? "1/" 2 ^ -e : 2 ^ e
    }
    for (i = 1; i <= rows; i++) {
        y = 44 + 14 * i
        if (kind[i] == "group") {
            printf "<text x=\"10\" y=\"%d\" font-weight=\"bold\">%s</text>\n", y, label[i]
            continue
        }
        from = place(1)
        to = place(value[i])
        printf "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n", left - 6, y, label[i]
        printf "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"9\" fill=\"%s\"/>\n", from < to ? from : to, y - 9,
            (from < to ? to - from : from - to) + 0.5, value[i] >= 1 ? "#2a7ab9" : "#c0504d"
        printf "<text x=\"%.1f\" y=\"%d\" fill=\"#333\">%.2g</text>\n", (from < to ? to : from) + 4, y, value[i]
    }
    print "</svg>"
}
