#!/bin/sh
# dgemm of OpenBLAS, built on pthreads and on OpenMP, inside crew_for, crew_fork and an executor's tasks: the right
# products, no deadlock, a bounded number of threads. Usage: blas.sh FOLDER, with what oneline.sh left there.
set -u
cd "$(dirname "$0")/../.." || exit 2
out=$1
status=0
work=$out/blas
mkdir -p "$work"

found=0
for build in gcc-openmp gcc-sequential; do
    flag=-fopenmp
    [ $build = gcc-openmp ] || flag=
    for library in /usr/lib/*/openblas-pthread/libopenblas.so.0 /usr/lib/*/openblas-openmp/libopenblas.so.0; do
        [ -e "$library" ] || continue
        found=$((found + 1))
        program=$work/$build-$(basename "$(dirname "$library")")
        # shellcheck disable=SC2086
        gcc -O2 -std=c11 $flag -Iinclude -Wall -Wextra -Wpedantic -Wconversion -Werror tests/checks/blas.c \
            "$out/$build"/objects/*.o "$library" -Wl,-rpath,"$(dirname "$library")" -lm -o "$program" || {
            status=1
            continue
        }
        echo "$build, $library"
        for threads in 1 2 8; do
            CREW_NUM_THREADS=$threads timeout 60 "$program" >"$program.log" || {
                echo "error: $program, $threads threads: status $?"
                status=1
            }
            [ $threads != 2 ] || cat "$program.log"
            grep '^error' "$program.log"
        done
    done
done
[ $found -gt 0 ] || echo "SKIP BLAS: no libopenblas0-pthread, no libopenblas0-openmp"
exit $status
