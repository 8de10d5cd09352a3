#!/bin/sh
# What every function computes is, to the last bit, what tests/checks/digest.txt says: without OpenMP, and with it at 1,
# 3 and 8 threads, at every instruction set that the processor has: without OpenMP and at 3 threads at all of them, at 1
# and 8 at two. Usage: digest.sh FOLDER [--quick]
# --quick: each build, thread count and instruction set once, not all combinations. Objects stay in FOLDER.
# Where results were meant to change: cp FOLDER/sequential/1-plain.txt tests/checks/digest.txt
set -u
cd "$(dirname "$0")/../.." || exit 2
out=$1
expected=tests/checks/digest.txt
status=0
mkdir -p "$out/sequential" "$out/openmp"
unset CREW_NUM_THREADS CREW_PROGRESS CREW_TRACE CREW_VERBOSE OMP_NUM_THREADS OMP_THREAD_LIMIT OMP_STACKSIZE

combinations='sequential 1 plain
openmp 1 sse2
openmp 3 avx2
openmp 8 avx512'
[ "${2-}" = --quick ] || combinations=$(for run in 'sequential 1' 'openmp 1' 'openmp 3' 'openmp 8'; do
    for level in plain sse2 avx2 avx512; do
        case "$run $level" in 'openmp 1 sse2' | 'openmp 1 avx512' | 'openmp 8 plain' | 'openmp 8 avx2') continue ;; esac
        echo "$run $level"
    done
done)

# An object is as good as it was if its source is older and no header has changed, come or gone.
find include lib tests/checks -name '*.h' | LC_ALL=C sort | xargs cksum >"$out/headers.new"
cmp -s "$out/headers.new" "$out/headers" || rm -f "$out"/sequential/*.o "$out"/openmp/*.o
mv "$out/headers.new" "$out/headers"
sources=$(ls lib/*/*/*.c tests/checks/digest*.c)

run() {
    xargs -P "$(nproc)" -I{} sh -c '{}'
}

# flags BUILD
flags() {
    echo -O2 -Iinclude -Wall -Wextra -Werror
    [ "$1" = sequential ] || echo -fopenmp
}

# object SOURCE
object() {
    echo "$1" | sed 's|/|_|g; s|$|.o|'
}

for build in sequential openmp; do
    for source in $sources; do
        to=$out/$build/$(object "$source")
        if [ ! -e "$to" ] || [ -n "$(find "$source" -newer "$to")" ]; then
            echo "gcc $(flags $build | tr '\n' ' ') -c $source -o $to || rm -f $to"
        fi
    done
done | run

# The objects of these sources, not of those that there were once.
for build in sequential openmp; do
    objects=
    for source in $sources; do
        objects="$objects $out/$build/$(object "$source")"
    done
    # shellcheck disable=SC2046,SC2086
    gcc $(flags $build) $objects -lm -o "$out/$build/digest" || status=1
done
if [ $status != 0 ]; then
    echo "FAIL digest: does not build"
    exit 1
fi

echo "$combinations" | while read -r build threads level; do
    to=$out/$build/$threads-$level.txt
    echo "$out/$build/digest $threads $level >$to || echo failed >>$to"
done | run

failed=$(echo "$combinations" | while read -r build threads level; do
    diff "$expected" "$out/$build/$threads-$level.txt" || echo "FAIL digest: $build, $threads threads, $level"
done)
if [ -n "$failed" ]; then
    echo "$failed"
    exit 1
fi
echo "PASS digest: $(wc -l <"$expected") functions, $(echo "$combinations" | wc -l) combinations"
