#!/bin/sh
# What an example prints (but for lines that start with "time") and the files that it writes are the same bytes in
# every build and at every thread count. Usage: examples.sh FOLDER, with what oneline.sh left there.
set -u
cd "$(dirname "$0")/../.." || exit 2
root=$PWD
out=$1
status=0
runs=$out/runs
rm -rf "$runs"
# Other checks run beside this one, and threads that spin would take their processors.
export OMP_WAIT_POLICY=passive

while read -r name arguments; do
    case $name in
    '' | \#*) continue ;;
    esac
    if grep -q '^//.* -lz ' "examples/$name.c" && [ ! -e "$out/gcc-openmp/$name" ]; then
        echo "SKIP $name: built without zlib"
        continue
    fi
    first=
    for build in gcc-sequential gcc-openmp clang-openmp; do
        for threads in 1 2 8; do
            run=$runs/$name/$build-$threads
            mkdir -p "$run"
            if ! (cd "$run" && eval "CREW_NUM_THREADS=$threads '$out/$build/$name' $arguments" >output.all); then
                echo "error: $name failed: $build, $threads threads"
                status=1
            fi
            grep -v '^time' "$run/output.all" >"$run/output"
            rm "$run/output.all"
            if [ ! -s "$run/output" ]; then
                echo "error: $name printed nothing: $build, $threads threads"
                status=1
            fi
            [ -n "$first" ] || first=$run
            if ! diff -r "$first" "$run"; then
                echo "error: $name differs: $build, $threads threads"
                status=1
            fi
        done
    done
    echo "$name: $(find "$first" -type f | wc -l) outputs"
done <tests/checks/examples.list
# The NAS programs on pragmas give the right results too.
NAS_BUILD="$out/nas" sh examples/nas/run.sh --objects "$out/gcc-openmp/objects" S 1 || status=1
# root is used in the list's arguments.
: "$root"
exit $status
