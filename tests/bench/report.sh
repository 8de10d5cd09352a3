#!/bin/sh
# One report of what run.sh measures: FOLDER/report.html, which needs no other file, and its pictures as SVG.
#
#   sh tests/bench/report.sh FOLDER [--quick] [WORKLOAD ...]   measures; every workload where none is named
#   sh tests/bench/report.sh FOLDER --saved FILE ...           draws what run.sh has written before
#
# Measuring leaves FOLDER/raw.txt, and FOLDER/threads-N.txt of some workloads with 1, 2, 4, 16 and 64 threads. With
# CREW_BENCH_BEST=1 the figures are those of the shortest rounds. With CREW_BENCH_README=1 the README's pictures,
# speed.svg and size.svg in this folder, are made anew from what has been measured.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# -gt 0 ] || {
    sed -n 's/^# \{0,1\}//; 2,6p' "$0" >&2
    exit 2
}
mkdir -p "$1"
out=$(cd "$1" && pwd)
shift

if [ "${1:-}" = --saved ]; then
    shift
    cat "$@" >/dev/null
else
    quick=
    [ "${1:-}" != --quick ] || {
        quick=--quick
        shift
    }
    # shellcheck disable=SC2086 # no flag where it is empty
    sh "$here/run.sh" $quick "$@" | tee "$out/raw.txt"
    for threads in 1 2 4 16 64; do
        # shellcheck disable=SC2086
        CREW_BENCH_THREADS=$threads sh "$here/run.sh" --quick axpy sum scan-f64 sort-f64-random fork_join-fib \
            >"$out/threads-$threads.txt"
        echo "# $threads threads: done"
    done
    set -- "$out/raw.txt" "$out"/threads-*.txt
fi

only=$(cat "$here/speed.only")
first=$1
awk -f "$here/plot.awk" "$first" >"$out/bars.svg"
awk -v only="$only" -f "$here/plot.awk" "$first" >"$out/speed.svg"
note="Written $(date -u '+%Y-%m-%d')."
[ "${CREW_BENCH_BEST:-0}" != 1 ] || note="$note Shortest rounds in place of medians."
"${PYTHON:-python3}" -B "$here/report.py" "$out" "$note" "$@"
if [ "${CREW_BENCH_README:-0}" = 1 ]; then
    mkdir -p "$out/readme"
    cp "$out/speed.svg" "$here/speed.svg"
    cp "$out/bars.svg" "$out/readme/bars.svg"
    grep -E '^#|^bench (axpy|sum) ' "$first" >"$out/readme/raw.txt"
    "${PYTHON:-python3}" -B "$here/report.py" "$out/readme" "$note" "$out/readme/raw.txt"
    cp "$out/readme/size.svg" "$here/size.svg"
fi
echo "$out/report.html"
