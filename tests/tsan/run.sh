#!/bin/sh
# ThreadSanitizer over the suites that run loops in parallel. libgomp's own waiting is invisible to it and gives false
# reports, so the same objects are linked with something else. Usage: run.sh archer|standin FOLDER [SUITE ...]
#   archer   libomp, which tells ThreadSanitizer about its teams and tasks through its tool libarcher
#   standin  gomp_standin.c, plain pthreads
#   objects  nothing: compiles what both share, after which they can run at the same time
set -u
cd "$(dirname "$0")/../.." || exit 2
route=$1
out=$2/$1
objects=$2/objects
shift 2
mkdir -p "$out" "$objects"
status=0

complain() {
    echo "error: $*"
    status=1
}

# What else is in tests/ runs on one thread, counts on limits that ThreadSanitizer's own memory breaks, or takes minutes
# here to go through the runner as the others do: stress_array stands for the array algorithms.
# tests/support/sanitized.h tells suites to do less.
all='test_for test_stop test_reduce test_loop test_scan test_task test_executor test_future test_graph test_stream
    test_stream_teams test_executor_map test_executor_workers test_promise stress_for stress_array stress_task'
suites=${*:-$all}
sources=
helpers=tests/support/oracle.c
for suite in $all; do
    sources="$sources tests/*/$suite.c"
done

flags='-std=c11 -O1 -g -fopenmp -fsanitize=thread -ffp-contract=off -Iinclude'
# compile SOURCE...: into $objects, named by the path
compile() {
    for source; do
        echo "gcc $flags -c $source -o $objects/$(echo "$source" | tr / _).o"
    done | xargs -P "$(nproc)" -I{} sh -c '{}'
}
# The routes share the objects: those that are newer than every source are good.
if [ ! -e "$objects/complete" ] ||
    [ -n "$(find lib include tests -newer "$objects/complete" -name '*.[chs]*' | head -n 1)" ]; then
    rm -f "$objects"/*
    # shellcheck disable=SC2086
    compile lib/*/*/*.c $helpers tests/tsan/planted_race.c $sources || exit 1
    touch "$objects/complete"
fi
[ "$route" != objects ] || exit 0

options='exitcode=66 second_deadlock_stack=1 die_after_fork=0'
if [ "$route" = archer ]; then
    for libomp in /usr/lib/llvm-*/lib/libomp.so.5; do :; done
    folder=$(dirname "$libomp")
    runtime="$libomp -Wl,-rpath,$folder"
    export OMP_TOOL_LIBRARIES="$folder/libarcher.so"
    # libomp joins its threads at exit unless one of them is in a region then: no leak of crew's. The stand-in's route
    # looks for those.
    options="$options ignore_noninstrumented_modules=1 report_thread_leaks=0"
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

# Check forks before any thread exists, so that the detector works in the child, and its exit code 66 fails the test
# there.
for suite in $suites; do
    link "$suite" "$objects"/tests_*_"$suite.c.o" "$objects/tests_support_oracle.c.o" || exit 1
    echo "== $suite"
    CK_TIMEOUT_MULTIPLIER=20 CREW_NUM_THREADS=8 timeout 600 "$out/$suite" || status=1
    case $suite in # test_loop asks how wide the team is; stress_array stands for the algorithms on arrays
    test_for | test_stop | test_reduce | stress_*) narrow=yes ;;
    *) narrow=no ;;
    esac
    if [ "$route" = standin ] && [ $narrow = yes ]; then
        echo "== $suite, teams of 2 whatever is asked for"
        CK_TIMEOUT_MULTIPLIER=20 GOMP_STANDIN_TEAM=2 CREW_NUM_THREADS=8 timeout 600 "$out/$suite" || status=1
    fi
done
exit $status
