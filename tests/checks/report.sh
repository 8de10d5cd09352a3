#!/bin/sh
# tests/bench/report.sh makes of lines that run.sh wrote a page that needs no other file: ratios, curves over n and over
# threads, a roofline, the lines themselves; all of it well-formed. Usage: report.sh FOLDER
set -u
cd "$(dirname "$0")/../.." || exit 2
mkdir -p "$1"
out=$(cd "$1" && pwd)
status=0

complain() {
    echo "error: $*"
    status=1
}

command -v python3 >/dev/null 2>&1 || {
    echo "SKIP the report: no python3"
    exit 0
}
for threads in 2 1 4; do
    for n in 1000 10000 1000000; do
        for system in crew:1 plain:2 tbb:0.5 copy:3; do
            for workload in axpy sum scan-f64; do
                awk -v n=$n -v t=$threads -v w=$workload -v s="$system" 'BEGIN {
                    split(s, part, ":")
                    printf("bench %s %s n=%d threads=%d median_ns=%.1f ratio=%.3f\n", w, part[1], n, t, n * part[2] / t,
                        part[2]) }'
            done
        done
    done >"$out/lines-$threads.txt"
done
sed -i '1i # a machine & <its> compiler' "$out/lines-2.txt"
sh tests/bench/report.sh "$out/report" --saved "$out/lines-2.txt" "$out/lines-1.txt" "$out/lines-4.txt" ||
    complain "report.sh ends with an error"
for picture in bars/axpy bars/sum bars/scan-f64 size threads roofline; do
    python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$out/report/$picture.svg" ||
        complain "$picture.svg is not well-formed"
    grep -q 'prefers-color-scheme: *dark' "$out/report/$picture.svg" || complain "$picture.svg knows no dark background"
done
page=$out/report/report.html
[ "$(grep -o '<svg ' "$page" | wc -l)" = 6 ] || complain "report.html has other pictures than six"
grep -q 'a machine &amp; &lt;its&gt; compiler' "$page" || complain "report.html does not name the machine"
[ "$(grep -c '^bench ' "$page")" = 108 ] || complain "report.html has not all lines"
! grep -nE '(src|href)=|url\(|@import' "$page" || complain "report.html needs other files"
grep -q 'copying, 10.7 GB/s' "$out/report/roofline.svg" || complain "the roofline is at another place"
# Each row of the README's table has its figures in what report.sh measures for it.
for key in 'launch crew 64' 'launch plain 64' 'launch libgomp-static 64' 'axpy plain 1000000' \
    'axpy libgomp-static 1000000' 'sum libgomp-simd 1000000' 'sort-f64-random rayon 1000000' \
    'sort-f64-random tbb 1000000' 'sort-f64-random std 1000000' 'fork_join-fib crew 35' 'fork_join-fib plain 35' \
    'fork_join-fib rayon 35' 'fork_join-fib tbb 35' 'fork_join-fib libgomp 35' 'submit-1 crew 1000000' \
    'submit-1 pool 1000000' 'submit-1 tbb 1000000'; do
    echo "$key" | sed 's/\(.*\) \(.*\)/bench \1 n=\2 threads=2 median_ns=7777 ratio=7777/'
done >"$out/lines-readme.txt"
awk -f tests/bench/speed.awk "$out/lines-readme.txt" README.md >"$out/README.md"
[ "$(grep -o 7777 "$out/README.md" | wc -l)" = 17 ] || complain "speed.awk does not know the README's table of speeds"
[ "$(wc -l <"$out/README.md")" = "$(wc -l <README.md)" ] || complain "speed.awk changes the README's length"
for picture in tests/bench/speed.svg tests/bench/size.svg; do
    grep -q 'prefers-color-scheme: *dark' $picture || complain "$picture knows no dark background"
    grep -q "($picture)" README.md || complain "README.md does not show $picture"
done
exit $status
