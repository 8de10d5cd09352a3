#!/bin/sh
# helgrind and drd over the suites, on the stand-in for libgomp of tests/tsan. Atomic operations tell them what they
# order (annotated.h), so a plain race, a lock that is not held or an order that is too weak is reported, and nothing is
# suppressed but what valgrind itself suppresses in the C library.
# Usage: run.sh FOLDER [--all | --broken | SUITE ...]: without more, the suites with most concurrency; --broken: crews
# that are broken on purpose, where both must find something; --all: all suites that are fit for it, and those.
# Reports are in FOLDER/logs.
set -u
cd "$(dirname "$0")/../.." || exit 2
mkdir -p "$1" && folder=$(cd "$1" && pwd) || exit 2
shift
here=tests/valgrind
status=0

# Both tools go through these. Of the others in unit and stress test_inner is about what libgomp does with regions
# inside callbacks, which the stand-in does not; test_signals has a signal reach a child before valgrind is ready there;
# test_sleeper needs two threads at the same instant; test_fp_environment, test_random and test_sort_vectors have one
# thread; the rest takes too long. Suites in fault change memory, threads and limits that valgrind has changed itself.
library='lib/core/*/*.c'
quick='test_future test_executor test_task test_promise test_for_local test_executor_workers'
whole="$quick test_graph test_stream test_for test_stop test_reduce test_loop test_limits test_tally"
whole="$whole test_team_size test_topology test_wakeup test_base test_cut test_graph_dot stress_for stress_array"
whole="$whole test_array_in_tasks test_array_numpy test_by_key test_exact test_inline_group test_inline_scan"
# drd takes several times as long as helgrind, or longer than an item of these may.
helgrind_only='test_executor_map test_expressions test_expressions_reducers test_for_nd test_lines test_map test_nested'
helgrind_only="$helgrind_only test_nested_options test_options test_runner test_sites test_cgroup test_env stress_task"
helgrind_only="$helgrind_only test_array test_filter test_find test_find_pairs test_inline_algorithms test_inline_sort"
helgrind_only="$helgrind_only test_merge_in_place test_move test_set test_process test_process_executor"
helgrind_only="$helgrind_only test_process_journal test_reduce_typed stress_process"
broken=no
case ${1-} in
'') suites=$quick ;;
--all) suites="$whole $helgrind_only" broken=yes library='lib/*/*/*.c' ;;
--broken) suites='' broken=yes ;;
*) suites=$* library='lib/*/*/*.c' ;;
esac

# Wide teams add nothing: one thread runs at a time. The limit is for tests that ask for absurd ones.
export CREW_NUM_THREADS=3 OMP_THREAD_LIMIT=8 CK_DEFAULT_TIMEOUT=300 CK_TIMEOUT_MULTIPLIER=5
flags="-std=c11 -O1 -g -fopenmp -pthread -ffp-contract=off -Iinclude -DCREW__RACES_SEEN -include $here/annotated.h"
libraries="$(pkg-config --libs check) -lm -pthread -Wl,-z,now"
libraries="$libraries -Wl,--wrap=pthread_once -Wl,--wrap=pthread_mutex_destroy"

complain() {
    echo "error: $*"
    status=1
}

# objects FOLDER SOURCE...: compiles what has no object yet, named by the path, from the current folder
objects() {
    into=$1
    shift
    mkdir -p "$into"
    for source; do
        object=$into/$(echo "$source" | tr / _).o
        [ -e "$object" ] || echo "gcc $flags -c $source -o $object"
    done | xargs -P "$(nproc)" -I{} sh -c '{}'
}

# link NAME SUITE [CHANGED]: objects in the folder CHANGED stand for those of the library
link() {
    set -- "$1" "${3-}" "$folder/objects/"*"_$2.c.o"
    name=$1 changed=$2
    shift 2
    for object in "$folder"/objects/lib_*.o; do
        other=$changed/$(basename "$object")
        [ -z "$changed" ] || [ ! -e "$other" ] || object=$other
        set -- "$@" "$object"
    done
    # shellcheck disable=SC2086
    gcc "$@" "$folder/objects/tests_support_oracle.c.o" "$folder/annotated.o" "$folder/gomp_standin.o" \
        $libraries -o "$folder/$name"
}

# A report is a paragraph of lines that begin with ==; one that only says by which signal a process ends is none. What
# begins with -- is a warning, of a system call that valgrind does not know.
has_report() {
    awk '/^==/ {
        if (NF == 1)
            inside = 0
        else if (!inside) {
            inside = 1
            if ($0 !~ /Process terminating with default action of signal/)
                found = 1
        }
    }
    END { exit !found }' "$1"
}

# under TOOL NAME [ARGUMENT]: runs the program, for at most $seconds. Each of its processes writes what the tool reports
# to a file of its own; <tool>-<name>.reports names those that have any.
under() {
    tool=$1 name=$2
    shift 2
    logs=$folder/logs/$tool-$name
    rm -rf "$logs"
    mkdir -p "$logs"
    # helgrind takes what an unlock does to the mutex for unordered with who locks it next and frees it.
    [ "$tool" = drd ] && more=--free-is-write=yes || more=--history-level=approx
    # shellcheck disable=SC2086
    timeout -k 5 $seconds valgrind -q --tool="$tool" $more --fair-sched=yes \
        --log-file="$logs/%p" "$folder/$name" "$@" >"$logs.out" 2>&1
    result=$?
    for log in "$logs"/*; do # children of Check outlive a program that took too long
        pid=${log##*/}
        if grep -a -q -F "$folder/$name" "/proc/$pid/cmdline" 2>/dev/null; then
            kill -9 "$pid"
        fi
    done
    for log in "$logs"/*; do
        ! has_report "$log" || echo "$log"
    done >"$logs.reports"
    return "$result"
}

# clean TOOL NAME [ARGUMENT]: the program must pass without a report.
clean() {
    began=$(date +%s) seconds=900
    under "$@"
    case $? in
    0) ;;
    77) echo "SKIP $1 $2: it lacks something" ;;
    *) complain "$1: $2 fails" ;;
    esac
    tail -n 12 "$logs.out"
    [ ! -s "$logs.reports" ] || complain "$1: $2 has reports"
    echo "$1 $2: $(find "$logs" -type f | wc -l) processes, $(wc -l <"$logs.reports") with reports," \
        "$(($(date +%s) - began)) s"
    xargs -r head -n 60 <"$logs.reports"
}

# found TOOL NAME WHAT [ARGUMENT]: there must be a report.
found() {
    tool=$1 name=$2 what=$3
    shift 3
    seconds=200
    under "$tool" "$name" "$@"
    if [ -s "$logs.reports" ] && xargs grep -q -E 'Possible data race|Conflicting (load|store)' <"$logs.reports"; then
        echo "PASS $tool: $what"
    else
        complain "$tool: $what: not reported"
    fi
}

# check clean|found TOOL ...
check() {
    case $1 in
    clean) shift && clean "$@" ;;
    found) shift && found "$@" ;;
    esac
}

# both clean|found ...: with each tool, at the same time
both() {
    command=$1
    shift
    (status=0 && check "$command" drd "$@" && exit $status) >"$folder/drd.out" 2>&1 &
    (status=0 && check "$command" helgrind "$@" && exit $status) || status=1
    wait $! || status=1
    cat "$folder/drd.out"
}

# The objects of another time are good where no source is newer.
if [ -n "$(find lib include tests -newer "$folder/started" -name '*.[ch]' 2>&1 | head -n 1)" ]; then
    rm -rf "$folder/objects"
fi
touch "$folder/started"
paths=
# The last are those of the broken ones.
for suite in $suites test_future test_graph; do
    paths="$paths $(echo tests/*/"$suite.c")"
done
# shellcheck disable=SC2086
objects "$folder/objects" $library tests/support/oracle.c tests/tsan/planted_race.c $paths || exit 2
gcc -std=gnu11 -O1 -g -Wall -Wextra -Werror -c $here/annotated.c -o "$folder/annotated.o" || exit 2
gcc -std=c11 -O1 -g -c tests/tsan/gomp_standin.c -o "$folder/gomp_standin.o" || exit 2

# The controls: a program with a race in its loop, and the same without.
link planted_race planted_race || exit 2
both clean planted_race clean
both found planted_race 'a race in the body of a loop' racy

for suite in $suites; do
    link "$suite" "$suite" || exit 2
    case " $helgrind_only " in
    *" $suite "*) clean helgrind "$suite" ;;
    *) both clean "$suite" ;;
    esac
done

# mutant SUITE FILE SED WHAT: with FILE of lib/core/task changed by SED both tools must have a report in the suite.
mutant() {
    file=lib/core/task/$2
    rm -rf "$folder/copy" "$folder/changed"
    mkdir -p "$folder/copy/tests"
    cp -r include lib "$folder/copy"
    cp -r $here "$folder/copy/tests"
    sed -i "$3" "$folder/copy/$file"
    if cmp -s "$file" "$folder/copy/$file"; then
        complain "$4: nothing changed"
        return
    fi
    (cd "$folder/copy" && objects "$folder/changed" "$file") || exit 2
    link "mutant" "$1" "$folder/changed" || exit 2
    both found mutant "$4"
}

if [ $broken = yes ]; then
    mutant test_future wait_set.c 's/pthread_mutex_[un]*lock(&set->lock);//' 'a lock that is not taken'
    mutant test_graph graph_run.c \
        's/\(LOAD(&target->waiting, \)acquire/\1relaxed/;s/\(SUB(&target->waiting, 1, \)acq_rel/\1release/' \
        'an acquire that is relaxed'
fi
exit $status
