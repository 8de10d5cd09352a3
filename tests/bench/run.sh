#!/bin/sh
# Measures crew against other systems: tests/bench/run.sh [--quick] [workload ...]
#
#   workloads  launch axpy heavy_map irregular sum dot argmin loaded idle oversubscribed; none named: all
#   --quick    fewer rounds, n up to 10^6, under two minutes
#
# One line a result, crew's first:
#
#   bench <workload> <system> n=<n> threads=<t> median_ns=<x> ratio=<x / crew's>
#
# A ratio above 1: slower than crew. bench.c says how the rounds and the ratio are made. In `idle`, median_ns is the
# processor time that one interval of 5 ms takes beyond its work. crew64 in `oversubscribed` is crew with 64 threads.
#
#   CREW_BENCH_THREADS  threads of every system; default: the CPUs that this process may use
#   CREW_BENCH_BEST     1: figures of the shortest round in place of the median, for a machine that is never quiet
#   CREW_BENCH_BUILD    where to build; default: a new folder under TMPDIR, removed at the end
#   CREW_BENCH_INSTALL  1: install missing packages (needs root and apt-get); 0: never. Default 0
#   CC, CXX             gcc and g++ of another version or name
#
# A system whose package is missing is named in a comment line and left out.
# shellcheck disable=SC2086 # commands and flags are lists of words
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
cc=${CC:-gcc}
cxx=${CXX:-g++}
quick=0
if [ "${1:-}" = --quick ]; then
    quick=1
    shift
fi

if [ "${CREW_BENCH_INSTALL:-0}" = 1 ]; then
    apt-get install -y --no-install-recommends gcc g++ libc6-dev libomp-dev libtbb-dev libpthreadpool-dev >&2
fi

if [ -n "${CREW_BENCH_BUILD:-}" ]; then
    build=$CREW_BENCH_BUILD
    mkdir -p "$build"
else
    build=$(mktemp -d)
    trap 'rm -rf "$build"' EXIT
    trap 'exit 130' INT TERM
fi
rm -f "$build"/*.o "$build"/crew "$build"/plain "$build"/libgomp "$build"/libomp "$build"/tbb "$build"/pthreadpool \
    "$build"/gnu

# Every kernel, and crew itself, gets the flags of a distribution's plain build; only openmp_simd.c gets more.
flags='-O3 -ffp-contract=off -Wall -Wextra'
c="$cc -std=c11 $flags"
cpp="$cxx -std=c++17 $flags"

missing() {
    echo "# $1: not found (apt-get install $2)"
}

builds() { # name package command...: says so where it cannot be built
    name=$1
    package=$2
    shift 2
    if ! "$@" 2>"$build/$name.log"; then
        rm -f "$build/$name"
        missing "$name" "$package"
        sed 's/^/#   /' "$build/$name.log" | head -n 3
    fi
}

$c -o "$build/bench" "$here/bench.c" "$here/peer.c" -lm
$c -c -o "$build/driver.o" "$here/driver.c"
$c -o "$build/plain" "$here/plain.c" "$build/driver.o" -lm
$c -fopenmp -I"$root/include" -o "$build/crew" "$here/crew.c" "$build/driver.o" "$root"/lib/*/*.c -lm

$c -fopenmp -c -o "$build/openmp.o" "$here/openmp.c"
$c -Ofast -march=native -fopenmp -c -o "$build/openmp_simd.o" "$here/openmp_simd.c"
# Without start-up objects of -ffast-math, which would make denormal numbers zero in the whole process.
$cc -fopenmp -o "$build/libgomp" "$build/openmp.o" "$build/openmp_simd.o" "$build/driver.o" -lm

libomp=
for file in /usr/lib/llvm-*/lib/libomp.so /usr/lib/*/libomp.so.5 /usr/lib64/libomp.so; do
    if [ -e "$file" ]; then
        libomp=$file
    fi
done
if [ -n "$libomp" ]; then
    builds libomp libomp-dev $cc -o "$build/libomp" "$build/openmp.o" "$build/openmp_simd.o" "$build/driver.o" \
        "$libomp" -Wl,-rpath,"$(dirname "$libomp")" -lm
else
    missing libomp libomp-dev
fi
builds tbb libtbb-dev $cpp -o "$build/tbb" "$here/tbb.cpp" "$build/driver.o" -ltbb -lm
builds pthreadpool libpthreadpool-dev $c -o "$build/pthreadpool" "$here/pthreadpool.c" "$build/driver.o" -lpthreadpool -lm
builds gnu g++ $cpp -fopenmp -D_GLIBCXX_PARALLEL -o "$build/gnu" "$here/gnu_parallel.cpp" "$build/driver.o" -lm

threads=${CREW_BENCH_THREADS:-$(nproc)}
echo "# $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) CPUs, $($cc --version | head -n 1)"
"$build/bench" "$build" "$threads" "$quick" "$@"
