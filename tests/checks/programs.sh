#!/bin/sh
# Every public header that a program includes has a whole program in its opening comment. It compiles without warnings,
# with gcc and clang, with OpenMP and without, and prints what stands behind `// prints`, at 1, 2 and 8 threads.
# Usage: programs.sh FOLDER, with what oneline.sh left there.
set -u
cd "$(dirname "$0")/../.." || exit 2
out=$1
work=$out/programs
status=0
# These belong to others, which include them.
parts='compiler.h expression_run.h map_fn.h mpi_types.h task_inline.h inline/array_merges.h
    inline/context.h inline/end.h inline/group_run.h inline/nth_steps.h inline/order.h inline/predicate.h
    inline/scan_run.h inline/scan_steps.h inline/set_run.h inline/set_steps.h inline/sort_run.h
    inline/sort_steps.h'
rm -rf "$work"
mkdir -p "$work"

complain() {
    echo "error: $*"
    status=1
}

for header in include/crew/*.h include/crew/inline/*.h; do
    short=${header#include/crew/}
    case $short in mpi.h | mpi_algorithms.h | mpi_submit.h) continue ;; esac # tests/mpi/run.sh has an MPI
    name=$(echo "${short%.h}" | tr / _)
    awk -v folder="$work" -v name="$name" -f tests/checks/programs.awk "$header" || status=1
    # shellcheck disable=SC2086 # words
    if printf '%s\n' $parts | grep -qx "$short"; then
        [ ! -e "$work/$name.c" ] || complain "$header is a part of others and has a program"
    elif [ ! -e "$work/$name.c" ]; then
        complain "$header has no whole program in its opening comment"
    else
        [ -s "$work/$name.want" ] || complain "the program of $header says nothing of what it prints"
        grep -q "#include <crew/$short>" "$work/$name.c" || complain "the program of $header does not include it"
    fi
done

builds='gcc-openmp gcc-sequential clang-openmp'
for build in $builds; do
    ar rcs "$work/$build.a" "$out/$build"/objects/*.o || exit 1
done
# shellcheck disable=SC2016,SC2011 # the inner shell expands; names without spaces
ls "$work"/*.c | WORK=$work BUILDS=$builds xargs -P "$(nproc)" -I{} sh -c '
    for build in $BUILDS; do
        flag=-fopenmp
        [ $build != gcc-sequential ] || flag=
        flags="-std=c11 -O1 $flag -Iinclude -Wall -Wextra -Wpedantic -Wconversion -Werror"
        ${build%%-*} $flags {} "$WORK/$build.a" -lm -o "$WORK/$build-$(basename {} .c)" ||
            echo "error: {} does not compile: $build"
    done' >"$work/compile.log" 2>&1
grep -q '^error: ' "$work/compile.log" && status=1
cat "$work/compile.log"

for want in "$work"/*.want; do
    name=$(basename "$want" .want)
    for build in $builds; do
        for threads in 1 2 8; do
            (cd "$work" && CREW_NUM_THREADS=$threads "./$build-$name") >"$work/got" ||
                complain "$name ends with an error: $build, $threads threads"
            diff "$want" "$work/got" >"$work/diff" || {
                complain "$name, $build, $threads threads prints (>), where its header says (<):"
                cat "$work/diff"
            }
        done
    done
done
echo "$(find "$work" -name '*.want' | wc -l) programs"
exit $status
