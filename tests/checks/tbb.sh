#!/bin/sh
# crew beside oneTBB in one process, each inside the other: right results, no deadlock, a bounded number of threads.
# Usage: tbb.sh FOLDER, with what oneline.sh left there.
set -u
cd "$(dirname "$0")/../.." || exit 2
out=$1
status=0

if ! echo '#include <oneapi/tbb.h>' | g++ -E -x c++ - >/dev/null 2>&1; then
    echo "SKIP oneTBB: no libtbb-dev"
    exit 0
fi
mkdir -p "$out/tbb"
for build in gcc-openmp gcc-sequential; do
    flag=-fopenmp
    [ $build = gcc-openmp ] || flag=
    program=$out/tbb/$build
    # shellcheck disable=SC2086
    g++ -O2 -std=c++17 $flag -Iinclude -Wall -Wextra -Wpedantic -Wconversion -Werror tests/checks/tbb.cpp \
        "$out/$build"/objects/*.o -ltbb -lm -o "$program" || {
        status=1
        continue
    }
    echo "$build"
    for threads in 1 2 8; do
        CREW_NUM_THREADS=$threads timeout 60 "$program" >"$program.log" || {
            echo "error: $program, $threads threads: status $?"
            status=1
        }
        [ $threads != 2 ] || cat "$program.log"
        grep '^error' "$program.log"
    done
done
exit $status
