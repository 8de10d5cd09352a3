#!/bin/sh
# Builds three of the examples with nothing but a C compiler and runs them with one thread and with all.
# Usage: sh examples/run.sh; binaries and the picture go to build-examples/.
set -eu
cd "$(dirname "$0")/.."

if ! command -v "${CC:-cc}" >/dev/null 2>&1 || [ ! -e /usr/include/stdio.h ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "installing gcc"
        { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends gcc libc6-dev; } \
            >/dev/null
    else
        echo "please install a C compiler first: apt-get install gcc libc6-dev" >&2
        exit 2
    fi
fi
cc=${CC:-cc}

out=build-examples
mkdir -p $out
openmp=-fopenmp
echo 'int main(void) { return 0; }' >$out/probe.c
if ! $cc $openmp $out/probe.c -o $out/probe 2>/dev/null; then
    echo "$cc has no OpenMP: this is the sequential build"
    openmp=
fi

# show NAME ARGUMENT...
show() {
    name=$1
    shift
    echo
    echo "== $name: $cc -O2 $openmp -Iinclude examples/$name.c lib/*/*/*.c -lm"
    # shellcheck disable=SC2086
    $cc -O2 $openmp -Iinclude "examples/$name.c" lib/*/*/*.c -lm -o "$out/$name"
    echo "-- one thread"
    CREW_NUM_THREADS=1 "$out/$name" "$@"
    echo "-- all threads"
    "$out/$name" "$@"
}

show quickstart
show word_count README.md CHANGELOG.md LICENSE include/crew/*.h lib/*/*/*.[ch] examples/*.c
show mandelbrot 1200 800 $out/mandelbrot.ppm
