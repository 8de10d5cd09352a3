#!/bin/sh
# One report of what run.sh measures: FOLDER/report.html, which needs no other file, and its pictures as SVG.
#
#   sh tests/bench/report.sh FOLDER                        run.sh --quick with every workload that needs no name, and
#                                                          nas; then some with 1, 2, 4, 16 and 64 threads
#   sh tests/bench/report.sh FOLDER [--full] WORKLOAD ...  these workloads; --full: many rounds, n up to 10^8, hours
#   sh tests/bench/report.sh FOLDER --readme               what README.md shows, and writes its table and pictures anew
#   sh tests/bench/report.sh FOLDER --saved FILE ...       draws what run.sh has written before
#
# Measuring leaves FOLDER/raw.txt, and FOLDER/threads-N.txt of the thread counts. Peers are built once, in
# CREW_BENCH_BUILD or a folder of its own. run.sh says what else the environment has: with CREW_BENCH_BEST=1 the figures
# are those of the shortest rounds. With CREW_BENCH_README=1 README.md is written anew from whatever was measured.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# -gt 0 ] || {
    sed -n 's/^# \{0,1\}//; 2,8p' "$0" >&2
    exit 2
}
mkdir -p "$1"
out=$(cd "$1" && pwd)
shift
export PYTHON="${PYTHON:-/usr/bin/python3}"
readme=${CREW_BENCH_README:-0}

# What it prints goes to the file $1. A workload that fails says so in a line there, and the others go on.
measure() {
    to=$1
    shift
    sh "$here/run.sh" "$@" >"$to" || echo "# run.sh $*: ended with $?" | tee -a "$to"
    grep '^#' "$to" | sort -u
}

if [ "${1:-}" = --saved ]; then
    shift
    cat "$@" >/dev/null
else
    quick=--quick
    counts='1 2 4 16 64'
    case ${1:-} in
    --full) quick= ;;
    --readme)
        readme=1
        counts=
        set -- --quick launch axpy sum irregular-triangular scan-f64 filter-f64 sort-f64-random fork_join-fib submit-1
        ;;
    esac
    case ${1:-} in --*) shift ;; esac
    [ $# -gt 0 ] || set -- launch axpy heavy_map irregular reduce exact loaded idle oversubscribed scan filter sort \
        histogram by_key find move set fork_join submit graph stream process_map expressions nas
    if [ -z "${CREW_BENCH_BUILD:-}" ]; then
        CREW_BENCH_BUILD=$(mktemp -d)
        trap 'rm -rf "$CREW_BENCH_BUILD"' EXIT
        trap 'exit 130' INT TERM
    fi
    export CREW_BENCH_BUILD
    start=$(date +%s)
    CREW_BENCH_REUSE=${CREW_BENCH_REUSE:-0}
    versions=$(dpkg-query -W -f '${Package} ${Version}, ' libgomp1 libomp5-14 libtbb12 libpthreadpool0 libhwy1 \
        librust-rayon-dev python3 python3-joblib 2>/dev/null || true)
    {
        echo "# $(uname -sr), crew $(git -C "$here" describe --always --dirty 2>/dev/null || echo 'without git')"
        [ -z "$versions" ] || echo "# ${versions%, }"
    } >"$out/raw.txt"
    for workload; do
        export CREW_BENCH_REUSE
        # shellcheck disable=SC2086 # no flag where it is empty
        measure "$out/part.txt" $quick "$workload"
        cat "$out/part.txt" >>"$out/raw.txt"
        CREW_BENCH_REUSE=1
        echo "# $workload: $(grep -c '^bench' "$out/part.txt") lines, $(($(date +%s) - start)) s so far"
    done
    rm -f "$out/part.txt" "$out"/threads-*.txt
    set -- "$out/raw.txt"
    for threads in $counts; do
        export CREW_BENCH_THREADS="$threads"
        measure "$out/threads-$threads.txt" --quick axpy sum scan-f64 sort-f64-random fork_join-fib
        echo "# $threads threads: $(($(date +%s) - start)) s so far"
        set -- "$@" "$out/threads-$threads.txt"
    done
fi

only=$(cat "$here/speed.only")
first=$1
rm -rf "$out/bars"
mkdir "$out/bars"
awk '$1 == "bench" { print $2 }' "$first" | sort -u | while read -r workload; do
    awk -v only="^$workload " -f "$here/plot.awk" "$first" >"$out/bars/$workload.svg"
done
awk -v only="$only" -f "$here/plot.awk" "$first" >"$out/speed.svg"
note="Written $(date -u '+%Y-%m-%d')."
[ "${CREW_BENCH_BEST:-0}" != 1 ] || note="$note Shortest rounds in place of medians."
"$PYTHON" -B "$here/report.py" "$out" "$note" "$@"
if [ "$readme" = 1 ]; then
    mkdir -p "$out/readme"
    cp "$out/speed.svg" "$here/speed.svg"
    grep -E '^#|^bench (axpy|sum) ' "$first" >"$out/readme/raw.txt"
    "$PYTHON" -B "$here/report.py" "$out/readme" "$note" "$out/readme/raw.txt"
    cp "$out/readme/size.svg" "$here/size.svg"
    awk -f "$here/speed.awk" "$first" "$here/../../README.md" >"$out/readme/README.md"
    cat "$out/readme/README.md" >"$here/../../README.md"
fi
echo "$out/report.html"
