#!/bin/sh
# Drops one check at a time from a copy of the task layer and sees that the explorer's suites notice: a suite that passes then would
# pass whatever the code did. Not here: the second look before a sleep, which test_explore drops itself, and wake-ups that a nap or a
# close makes good. Usage: mutants.sh FOLDER
set -u
cd "$(dirname "$0")/../.." || exit 2
work=$1
status=0
flags="-std=gnu11 -O1 -w -pthread -Iinclude -Itests/explore $(pkg-config --cflags check)"
# shellcheck disable=SC2046
set -- $(pkg-config --libs check) -lm

fresh() {
    rm -rf "$work/copy"
    mkdir -p "$work/copy"
    cp -r include lib tests "$work/copy"
    # Only whether the protocols hold up: the orders are tried by the suites themselves.
    sed -i -e '/tcase_add_test(tc, orders);/d' -e '/orders_not_needed(/d' "$work"/copy/tests/test_explore*.c
}

# runs SUITE LIBRARY...: builds the suite of the copy and runs it.
runs() {
    suite=$1
    shift
    # shellcheck disable=SC2086
    (cd "$work/copy" && gcc $flags "tests/$suite.c" tests/explore/explorer.c tests/explore/heap.c tests/explore/model.c -o "$work/suite" "$@") \
        >"$work/build.log" 2>&1 || return 2
    timeout 120 "$work/suite" >"$work/run.log" 2>&1
}

# mutant SUITE FILE SED WHAT: the suite must fail with FILE changed by SED.
mutant() {
    suite=$1 file=lib/task/$2 script=$3 what=$4
    shift 4
    cp "$file" "$work/copy/$file"
    sed -i "$script" "$work/copy/$file"
    if cmp -s "$file" "$work/copy/$file"; then
        echo "FAIL $what: nothing changed"
        status=1
        return
    fi
    runs "$suite" "$@"
    result=$?
    cp "$file" "$work/copy/$file"
    case $result in
    0) echo "FAIL $what: not noticed" && status=1 ;;
    2) echo "FAIL $what: does not build" && cat "$work/build.log" && status=1 ;;
    *) echo "PASS $what" ;;
    esac
}

fresh
for suite in test_explore test_explore_future test_explore_scheduler; do
    runs $suite "$@" || { echo "FAIL $suite without a change" && status=1; }
done

f=test_explore_future
mutant $f future.h 's/to | (state & CREW__WAITED)/to/' 'claim forgets who sleeps' "$@"
mutant $f future.h 's/while ((state & CREW__STATES) == CREW_FUTURE_PENDING)/for (;;)/' 'claim without looking' "$@"
mutant $f future.c '/crew__unpark(&f->state, CREW__ALL);/s/crew__unpark.*/;/' 'end without waking' "$@"
mutant $f future.c 's/CREW__SWAP(&f->on_done, &crew__ended, acq_rel)/CREW__LOAD(\&f->on_done, acquire)/' 'callbacks stay registered' "$@"
mutant $f future.c '/crew__future_end(f, CREW_FUTURE_CANCELED);/d' 'cancel does not end' "$@"
mutant $f future.c 's/while (first != &crew__ended)/for (;;)/' 'registration after the end' "$@"
mutant $f future.c 's/CREW__LOAD(&f->owners, acquire) != 1 \&\&/0 \&\&/' 'freed by the first release' "$@"
mutant $f wait.c 's/while ((state & CREW__STATES) < CREW_FUTURE_DONE)/for (;;)/' 'sleep without looking' "$@"

s=test_explore_scheduler
mutant $s scheduler.c '/^static void compact/,/^}/s/    wait_for_readers(w);//' 'compact without waiting for readers' "$@"

e=test_explore
mutant $e deque.h 's/if (tail < from || tail >= crew__deque_split(word))/if (tail < from)/' 'steal past the split' "$@"
mutant $e deque.h 's/if (tail >= split)/if (0)/' 'reclaim what is stolen' "$@"
mutant $e sleep.h 's/CREW__SUB(&s->searching, 1, seq_cst);$/;/' 'a searcher that is counted for ever' "$@"
exit $status
