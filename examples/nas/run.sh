#!/bin/sh
# Builds the NAS programs on crew and on pragmas, runs both by turns, and prints a table.
#
#   sh examples/nas/run.sh [--bench] [--objects FOLDER] [CLASS [ROUNDS]]
#
# CLASS is S (the default), W or A. Every run must verify, and crew must print the same with one thread and with all.
# Times are medians of ROUNDS (default 3), in milliseconds; the last two columns count the lines of code that only one
# of the two programs has. --objects: the compiled library, else it is compiled first. --bench: lines in the form of
# tests/bench/run.sh. OMP_NUM_THREADS is the thread count of both. Everything is built in NAS_BUILD (default
# build-nas), with CC (default cc) and CFLAGS (default -O3 -ffp-contract=off).
set -eu

root=$(dirname "$0")/../..
bench=0
objects=
while :; do
    case ${1:-} in
    --bench) bench=1 ;;
    --objects)
        objects=$(cd "$2" && pwd)
        shift
        ;;
    *) break ;;
    esac
    shift
done
cd "$root"
class=${1:-S}
rounds=${2:-3}
out=${NAS_BUILD:-build-nas}
cc="${CC:-cc} -std=c11 ${CFLAGS:--O3 -ffp-contract=off} -fopenmp -Iinclude"
jobs=$(getconf _NPROCESSORS_ONLN)
mkdir -p "$out"

if [ -z "$objects" ]; then
    objects=$out/objects
    rm -rf "$objects"
    mkdir "$objects"
    # shellcheck disable=SC2016 # the inner shell expands
    printf '%s\n' lib/*/*/*.c | CC="$cc" TO="$objects" xargs -P "$jobs" -I FILE \
        sh -c '$CC -c FILE -o "$TO/$(basename FILE .c).o" || exit 255'
fi
for name in ep is cg mg ft; do
    echo "$cc examples/nas/$name.c $objects/*.o -lm -o $out/$name-crew"
    echo "$cc -DNAS_PRAGMAS examples/nas/$name.c -lm -o $out/$name-pragmas"
done >"$out/commands"
xargs -P "$jobs" -I COMMAND sh -c 'COMMAND || exit 255' <"$out/commands"

# Runs $1 and keeps what it printed, without the line of the time, in $2; the time goes to the file $3.
run() {
    if ! "$1" "$class" >"$out/all"; then
        cat "$out/all"
        echo "error: $1 $class failed" >&2
        exit 1
    fi
    grep -v '^time' "$out/all" >"$2"
    sed -n 's/^time  \([0-9.]*\) s.*/\1/p' "$out/all" >>"$3"
}

median() {
    sort -n "$1" | awk '{ x[NR] = $1 } END { print 1000 * (x[int((NR + 1) / 2)] + x[int(NR / 2) + 1]) / 2 }'
}

# Lines of code that one side of the switch alone has: neither blank nor comment. $1: 1 for pragmas, 0 for crew.
count_lines() {
    awk -v want="$1" '
        /^#ifdef NAS_PRAGMAS/ { side = 1; inside = 1; next }
        /^#ifndef NAS_PRAGMAS/ { side = 0; inside = 1; next }
        /^#else/ { side = 1 - side; next }
        /^#endif/ { inside = 0; next }
        !inside || side != want || /^[[:space:]]*$/ { next }
        comment || /^[[:space:]]*\/\*/ { comment = !/\*\//; next }
        !/^[[:space:]]*\/\// { n++ }
        END { print n + 0 }' "$2"
}

[ $bench = 1 ] || printf '%-8s %10s %10s %10s %14s %11s %14s\n' program crew "1 thread" pragmas "crew / pragmas" \
    "lines: crew" "lines: pragmas"
for name in ep is cg mg ft; do
    rm -f "$out/$name".*
    CREW_NUM_THREADS=1 run "$out/$name-crew" "$out/$name.one" "$out/$name.one-time"
    round=0
    while [ $round -lt "$rounds" ]; do
        run "$out/$name-crew" "$out/$name.crew" "$out/$name.crew-time"
        run "$out/$name-pragmas" "$out/$name.pragmas" "$out/$name.pragmas-time"
        cmp "$out/$name.one" "$out/$name.crew"
        round=$((round + 1))
    done
    crew=$(median "$out/$name.crew-time")
    pragmas=$(median "$out/$name.pragmas-time")
    if [ $bench = 1 ]; then
        threads=$(sed -n 's/.* \([0-9]*\) threads.*/\1/p' "$out/all")
        for system in crew pragmas; do
            awk -v head="bench nas-$name $system n=$class threads=$threads" -v x="$(median "$out/$name.$system-time")" \
                -v crew="$crew" 'BEGIN { printf "%s median_ns=%.0f ratio=%.2f\n", head, 1e6 * x, x / crew }'
        done
    else
        awk -v name="$(echo $name | tr '[:lower:]' '[:upper:]')-$class" -v crew="$crew" -v pragmas="$pragmas" \
            -v one="$(median "$out/$name.one-time")" -v mine="$(count_lines 0 examples/nas/$name.c)" \
            -v theirs="$(count_lines 1 examples/nas/$name.c)" 'BEGIN {
                printf "%-8s %10.2f %10.2f %10.2f %14.2f %11d %14d\n", name, crew, one, pragmas, crew / pragmas, mine,
                    theirs }'
    fi
done
