#!/bin/sh
# Every example builds with one line and no build system, with either compiler, with and without OpenMP, without warnings.
# Usage: oneline.sh FOLDER; leaves FOLDER/{gcc,clang}-{openmp,sequential}/<example>.
set -u
cd "$(dirname "$0")/../.." || exit 2
out=$1

for cc in gcc clang; do
    for build in openmp sequential; do
        mkdir -p "$out/$cc-$build"
        flag=
        [ $build = sequential ] || flag=-fopenmp
        for app in examples/*.c; do
            # One example is enough to show that the fourth combination compiles the library without warnings.
            [ $cc-$build != clang-sequential ] || [ "$app" = examples/quickstart.c ] || continue
            echo "$cc -O2 $flag -Iinclude $app lib/*/*.c -lm -Wall -Wextra -Werror -o $out/$cc-$build/$(basename "$app" .c)"
        done
    done
done | xargs -P "$(nproc)" -I{} sh -c 'echo "{}"; {}'
