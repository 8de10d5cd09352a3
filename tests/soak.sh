#!/bin/sh
# Uses crew for a long time, with OpenMP and without it: results stay right, threads and memory do not grow.
# Usage: sh tests/soak.sh [SECONDS [FOLDER [EXECUTORS]]]: default 600 with OpenMP, and a tenth of it without, and
# build-tests/soak. Where EXECUTORS is given, for longer if need be: until so many were opened and closed, with 12
# regions to each.
set -u
cd "$(dirname "$0")/.." || exit 2
seconds=${1:-600}
folder=${2:-$PWD/build-tests/soak}
mkdir -p "$folder" || exit 2
status=0
for openmp in -fopenmp -fno-openmp; do
    program=$folder/soak$openmp
    gcc -std=gnu11 -O2 -g -pthread -ffp-contract=off $openmp -Iinclude tests/soak/soak.c tests/support/oracle.c \
        lib/core/*/*.c -lm -o "$program" || exit 2
    "$program" "$seconds" "${3:-0}" || status=1
    seconds=$((seconds / 10 + 1))
done
exit $status
