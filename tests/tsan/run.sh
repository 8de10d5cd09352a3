#!/bin/sh
# ThreadSanitizer over the suites that run loops in parallel. libgomp's own waiting is invisible to it and gives false reports,
# so the same objects are linked with something else. Usage: run.sh archer|standin FOLDER
#   archer   libomp, which tells ThreadSanitizer about its teams and tasks through its tool libarcher
#   standin  gomp_standin.c, plain pthreads
set -u
cd "$(dirname "$0")/../.." || exit 2
route=$1
out=$2/$1
objects=$2/objects
mkdir -p "$out" "$objects"
status=0

complain() {
    echo "error: $*"
    status=1
}

# What else is in tests/ runs on one thread, counts on limits that ThreadSanitizer's own memory breaks, or (reduce_typed) takes
# minutes here to go through the runner as the others do.
suites=
sources=
helpers=
[ ! -e tests/oracle.c ] || helpers=tests/oracle.c
for file in tests/test_for.c tests/test_map.c tests/test_reduce.c tests/test_loop.c tests/test_runner.c tests/test_backend.c tests/stress_*.c; do
    [ -e "$file" ] || continue
    sources="$sources $file"
    suites="$suites $(basename "$file" .c)"
done

flags='-std=c11 -O1 -g -fopenmp -fsanitize=thread -ffp-contract=off -Iinclude'
# compile SOURCE...: into $objects, named by the path
compile() {
    for source; do
        echo "gcc $flags -c $source -o $objects/$(echo "$source" | tr / _).o"
    done | xargs -P "$(nproc)" -I{} sh -c '{}'
}
rm -f "$objects"/lib_*.o
# shellcheck disable=SC2086
compile lib/*/*.c $helpers tests/tsan/planted_race.c $sources || exit 1

options='exitcode=66 second_deadlock_stack=1 die_after_fork=0'
if [ "$route" = archer ]; then
    for libomp in /usr/lib/llvm-*/lib/libomp.so.5; do :; done
    folder=$(dirname "$libomp")
    runtime="$libomp -Wl,-rpath,$folder"
    export OMP_TOOL_LIBRARIES="$folder/libarcher.so"
    options="$options ignore_noninstrumented_modules=1"
else
    gcc -std=c11 -O1 -g -fsanitize=thread -Wall -Wextra -Wpedantic -Werror -c tests/tsan/gomp_standin.c \
        -o "$objects/gomp_standin.o" || exit 1
    runtime="$objects/gomp_standin.o -lpthread"
fi
export TSAN_OPTIONS="$options"

# link NAME OBJECT...
link() {
    name=$1
    shift
    # shellcheck disable=SC2086,SC2046
    gcc -fsanitize=thread "$@" "$objects"/lib_*.o $runtime $(pkg-config --libs check) -lm -o "$out/$name"
}

link planted_race "$objects/tests_tsan_planted_race.c.o" || exit 1
"$out/planted_race" clean || complain "$route: reports on a program without a race"
if "$out/planted_race" racy >"$out/racy.log" 2>&1; then
    complain "$route: the planted race is not reported"
fi
grep -q 'WARNING: ThreadSanitizer: data race' "$out/racy.log" || complain "$route: no report on the planted race"

# Check forks before any thread exists, so that the detector works in the child, and its exit code 66 fails the test there.
for suite in $suites; do
    link "$suite" "$objects/tests_$suite.c.o" ${helpers:+"$objects/tests_oracle.c.o"} || exit 1
    for threads in 2 8; do
        echo "== $suite, $threads threads"
        CK_TIMEOUT_MULTIPLIER=10 CREW_NUM_THREADS=$threads timeout 120 "$out/$suite" || status=1
    done
    if [ "$route" = standin ]; then
        for team in 1 2; do
            echo "== $suite, 8 threads asked for, teams of $team"
            CK_TIMEOUT_MULTIPLIER=10 GOMP_STANDIN_TEAM=$team CREW_NUM_THREADS=8 timeout 120 "$out/$suite" || status=1
        done
    fi
done
exit $status
