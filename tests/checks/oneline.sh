#!/bin/sh
# Every example builds with nothing but a compiler, with gcc and clang, with and without OpenMP, without warnings. The
# first builds by one line from all sources with gcc and OpenMP; the others get the objects that the same flags make of
# them. Usage:
# oneline.sh FOLDER; leaves FOLDER/{gcc,clang}-{openmp,sequential}/<example>.
set -u
cd "$(dirname "$0")/../.." || exit 2
out=$1
rm -rf "$out"

# combinations COMMAND: runs it for each of the four, with $cc, $flags and $to
combinations() {
    for cc in gcc clang; do
        for build in openmp sequential; do
            to=$out/$cc-$build
            flag=
            [ $build = sequential ] || flag=-fopenmp
            level=-O1 # in two thirds of the time
            [ "$cc-$build" != gcc-openmp ] || level=-O2
            flags="$level $flag -Iinclude -Wall -Wextra -Werror"
            mkdir -p "$to/objects" "$to/nas"
            "$@"
        done
    done
}

compile_library() {
    for source in lib/*/*/*.c; do
        echo "$cc $flags -c $source -o $to/objects/$(echo "$source" | tr / _).o"
    done
}

link_examples() {
    for app in examples/*.c examples/nas/*.c; do
        [ "$app $cc-$build" != "$first gcc-openmp" ] || continue
        zlib=
        if grep -q '^//.* -lz ' "$app"; then
            [ "$have_zlib" = 1 ] || continue
            zlib=-lz
        fi
        name=${app#examples/}
        echo "$cc $flags $app $to/objects/*.o $zlib -lm -o $to/${name%.c}"
    done
}

one_line() {
    [ "$cc-$build" != gcc-openmp ] || echo "$cc $flags $first lib/*/*/*.c -lm -o $to/$(basename "$first" .c)"
}

run() {
    xargs -P "$(nproc)" -I{} sh -c 'echo "{}"; {}'
}

first=examples/quickstart.c
have_zlib=0
if echo '#include <zlib.h>' | gcc -E - >/dev/null 2>&1; then
    have_zlib=1
else
    echo "SKIP examples that need zlib: no zlib.h"
fi
combinations compile_library | run && combinations link_examples | run && combinations one_line | run
