#!/bin/sh
# Drops one check at a time from a copy of the task layer and of what processes share and sees that the explorer's suites notice: a suite that passes
# then would pass whatever the code did. Not here: the second look before a sleep on the deques, which test_explore drops
# itself; wake-ups that a nap, a close or the next task that leaves makes good, as that of who waits for room when the
# queue is closed; the orders of a batch's items, which need reads that are late. Usage: mutants.sh FOLDER
set -u
cd "$(dirname "$0")/../.." || exit 2
folder=$1
parts=$(nproc)
flags="-std=gnu11 -O1 -w -pthread -Iinclude -Itests/explore $(pkg-config --cflags check)"
libraries="$(pkg-config --libs check) -lm"

fresh() {
    rm -rf "$work/copy"
    mkdir -p "$work/copy"
    cp -r include lib tests "$work/copy"
    # Only whether the protocols hold up, and with fewer interruptions: the orders are tried by the suites themselves.
    sed -i -e 's/(struct effort){4, 0}/(struct effort){3, 0}/' -e '/tcase_add_test(tc, orders);/d' \
        -e '/tcase_add_test(tc, barriers);/d' -e '/ck_assert.*orders_not_needed(/d' "$work"/copy/tests/explore/test_explore*.c
    for source in explorer heap model; do
        # shellcheck disable=SC2086
        (cd "$work/copy" && gcc $flags -c tests/explore/$source.c -o ../$source.o) || exit 2
    done
}

# runs SUITE: builds the suite of the copy and runs it.
runs() {
    # shellcheck disable=SC2086
    (cd "$work/copy" && gcc $flags "tests/explore/$1.c" ../explorer.o ../heap.o ../model.o -o ../suite $libraries) \
        >"$work/build.log" 2>&1 || return 2
    timeout 120 "$work/suite" >"$work/run.log" 2>&1
}

# One process does every mutant whose turn it is.
mine() {
    turn=$(((turn + 1) % parts))
    [ $turn = "$part" ]
}

# mutant SUITE FILE SED WHAT: the suite must fail with FILE changed by SED.
mutant() {
    mine || return 0
    suite=$1 file=lib/core/$2 script=$3 what=$4
    cp "$file" "$work/copy/$file"
    sed -i "$script" "$work/copy/$file"
    if cmp -s "$file" "$work/copy/$file"; then
        echo "FAIL $what: nothing changed"
        status=1
        return
    fi
    runs "$suite"
    result=$?
    cp "$file" "$work/copy/$file"
    case $result in
    0) echo "FAIL $what: not noticed" && status=1 ;;
    124) echo "FAIL $what: takes too long" && status=1 ;;
    2) echo "FAIL $what: does not build" && cat "$work/build.log" && status=1 ;;
    *) echo "PASS $what" ;;
    esac
}

all_mutants() {
    f=test_explore_future
    mutant $f task/future.h 's/to | (state & CREW__WAITED)/to/' 'claim forgets who sleeps'
    mutant $f task/future.h 's/while ((state & CREW__STATES) == CREW_FUTURE_PENDING)/for (;;)/' 'claim without looking'
    mutant $f task/future.c '/crew__unpark(&f->state, CREW__ALL);/s/crew__unpark.*/;/' 'end without waking'
    mutant $f task/future.c 's/CREW__SWAP(&f->on_done, &crew__ended, acq_rel)/CREW__LOAD(\&f->on_done, acquire)/' 'callbacks stay registered'
    mutant $f task/future.c '/crew__future_end(f, CREW_FUTURE_CANCELED);/d' 'cancel does not end'
    mutant $f task/future.c 's/while (first != &crew__ended)/for (;;)/' 'registration after the end'
    mutant $f task/future.c 's/CREW__LOAD(&f->owners, acquire) != 1 \&\&/0 \&\&/' 'freed by the first release'
    mutant $f task/wait.c 's/while ((state & CREW__STATES) < CREW_FUTURE_DONE)/for (;;)/' 'sleep without looking'

    s=test_explore_scheduler
    mutant $s task/fork_join.c '/^static void compact/,/^}/s/    wait_for_readers(w);//' 'compact without waiting for readers'

    mutant $s task/fork_join.c 's/            (\*from)->at = to;/            ;/' 'a task that moves and is not told where'
    mutant $s task/fork_join.c 's/if (d->top.head == d->top.floor \&\& !crew__deque_reclaim(d)) {/if (0) {/' 'joins what is stolen'
    mutant $s task/fork_join.c '/^crew_task \*crew__take_back/,/^}/s/wait_for_readers(w);/;/' 'takes back without waiting for readers'

    e=test_explore
    mutant $e task/deque.h 's/if (tail < from || tail >= crew__deque_split(word))/if (tail < from)/' 'steal past the split'
    mutant $e task/deque.h 's/if (tail >= split)/if (0)/' 'reclaim what is stolen'
    mutant $e task/sleep.h 's/CREW__SUB(&s->searching, 1, seq_cst);$/;/' 'a searcher that is counted for ever'

    q=test_explore_queue
    mutant $q backend/lock.c 's/&lock->word, 2,/\&lock->word, 1,/' 'the lock sleeps and does not say so'
    mutant $q backend/lock.h '/crew__unpark(&lock->word, 1);/s/crew__unpark.*/;/' 'the lock wakes nobody'
    mutant $q backend/lock.c 's/CREW__LOAD(&lock->word, relaxed) == 0 && CREW__CAS.*/CREW__LOAD(\&lock->word, relaxed) == free)/' 'the lock is taken without an exchange'
    mutant $q task/queue.c '/^int crew__queue_push/,/^}/s/crew__lock_[a-z]*(&lane->in);//' 'put without the lock'
    mutant $q task/queue.c '/^bool crew__queue_pop/,/^}/s/crew__lock_[a-z]*(&lane->out);//' 'take without the lock'
    mutant $q task/queue.c 's/!next || next == CREW__LOAD(&lane->first, acquire)/!next/' 'a segment used again too early'
    mutant $q task/queue.c 's/if (lane->from == CREW__SEGMENT) {/if (0) {/' 'past the end of a segment'
    mutant $q task/queue.c 's/CREW__STORE(&more->next, next ? next : more, relaxed)/CREW__STORE(\&more->next, more, relaxed)/' 'a ring that loses segments'
    mutant $q task/queue.c 's/if (how != CREW__PUSH_READY && lane->closed)/if (0)/' 'accepted though closed'
    mutant $q task/queue.c 's/if (how != CREW__PUSH_READY && lane->closed)/if (lane->closed)/' 'refused though counted'
    mutant $q task/queue.c 's/(refills + 1) << REFILL/refills << REFILL/' 'refills that are not counted'
    mutant $q task/queue.c 's/if (CREW__CAS(&b->word, &word, \(.*\), acq_rel))/if ((CREW__STORE(\&b->word, \1, release), 1))/' 'a batch without an exchange'
    mutant $q task/queue.c 's/CREW__STORE(&lane->head, head + 1 + more, release)/CREW__STORE(\&lane->head, head + 1, release)/' 'a batch that stays in the lane'
    mutant $q task/queue.c '/^static bool lane_pop/,/^}/{s/^    if (more > 0)/    CREW__STORE(\&lane->head, head + 1 + more, release);\n&/}' 'tasks leave before they are in the batch'
    mutant $q task/queue.c '/^static bool take_room/,/^}/s/while (!CREW__CAS(&q->count, &count, count + 1, seq_cst))/while (CREW__STORE(\&q->count, count + 1, seq_cst), 0)/' 'room without an exchange'
    mutant $q task/queue.c 's/if (error && q->limit)/if (0)/' 'what is refused keeps its room'
    mutant $q task/queue.c 's/if (CREW__LOAD(&q->waiting, seq_cst) > 0)/if (0)/' 'room that nobody is told of'
    mutant $q task/queue.c '/^static void free_room/,/^}/s/CREW__ADD(&q->space, 1, seq_cst);/;/' 'room that changes nothing'
    mutant $q task/queue.c '/^static void free_room/,/^}/s/seq_cst/relaxed/' 'leave without a barrier'
    mutant $q task/queue.c 's/CREW__ADD(&q->waiting, 1, seq_cst);/;/' 'waits uncounted'
    mutant $q task/queue.c 's/if (CREW__LOAD(&q->count, seq_cst) >= q->limit)/if (1)/' 'waits without looking'
    mutant $q task/queue.c '/^bool crew__queue_has_surely/,/^}/s/crew__lock_[a-z]*(&lane->in);//' 'the second look without the lock'
    mutant $q task/queue.c '/^bool crew__queue_add_unless_closed/,/^}/s/crew__lock_[a-z]*(&q->lanes\[NORMAL\].in);//' 'counted without the lock'
    mutant $q task/queue.c '/^bool crew__queue_add_unless_closed/,/^}/s/if (!closed)/closed = 0;/' 'counted though closed'
    mutant $q task/queue.c '/^void crew__queue_close/,/^}/s/crew__lock_[a-z]*(&q->lanes\[i\].in);//' 'closed without the lock'

    x=test_explore_shutdown
    mutant $x task/scheduler.c 's/bool closing = is_closing(s);//;s/search(w, closing)/search(w, is_closing(s))/;s/else if (closing)/else if (is_closing(s))/' 'asks whether it closes after the look for work'
    mutant $x task/scheduler.c '/^static bool anything_to_do/,/^}/s/ready(s->source->ctx, true)/ready(s->source->ctx, false)/;s/(anything_to_do(s) || is_closing(s))/is_closing(s)/' 'sleeps without a second look at the queue'
    mutant $x task/scheduler.c 's/(anything_to_do(s) || is_closing(s))/anything_to_do(s)/' 'sleeps without a second look at the closing'
    mutant $x task/scheduler.c '/^void crew__scheduler_close/,/^}/s/if (count > 0)/if (0)/' 'closes and wakes nobody'
    mutant $x task/executor.c '/^int crew__executor_push/,/^}/s/crew__scheduler_notify(&ex->scheduler);/;/' 'submits and wakes nobody'
    mutant $x task/executor.c '/^int crew_executor_shutdown/,/^}/s/wait_until_zero(&ex->blocked_by);//' 'shuts down while tasks wait for others'
    mutant $x task/executor.c '/^int crew_executor_shutdown/,/^}/s/crew__queue_close(&ex->queue);//' 'shuts down and goes on accepting'
    mutant $x task/executor.c '/^void crew__executor_let_go/,/^}/s/crew__unpark.*/;/' 'the last dependency wakes nobody'
    mutant $x task/executor.c 's/if (!crew__queue_add_unless_closed(&ex->queue, &ex->blocked_by))/if (CREW__ADD(\&ex->blocked_by, 1, relaxed), 0)/' 'blocked though closed'
    mutant $x task/submit.c '/^static void unblock/,/^}/{s/^    crew__executor_unblock(ex, f);//;s/^    crew_executor \*ex = f->executor;/&\n    crew__executor_unblock(ex, f);/}' 'unblocked before it is in the queue'
    mutant $x task/submit.c 's/if (CREW__SUB(&f->deps->blockers, 1, acq_rel) != 1)/if (CREW__SUB(\&f->deps->blockers, 1, acq_rel) == 0)/' 'unblocked by each dependency'
    mutant $x task/executor.c '/^static void close_unattended/,/^}/s/    crew__unpark(closed, CREW__ALL);/    ;/' 'closes unattended and wakes nobody'
    mutant $x task/executor_default.c 's/    return CREW__CAS(&default_executor, .*/    bool is = CREW__LOAD(\&default_executor, acquire) == own; CREW__STORE(\&default_executor, NULL, release); return is;/' 'a default executor that two close'

    t=test_explore_stream
    mutant $t task/stream_work.c 's/CREW__SWAP(busy, 1, seq_cst) != 0/(CREW__STORE(busy, 1, seq_cst), 0)/' 'a gate that two take'
    mutant $t task/stream_work.c 's/CREW__ADD(&gate->tickets, 1, relaxed)/(CREW__STORE(\&gate->tickets, CREW__LOAD(\&gate->tickets, relaxed) + 1, relaxed), CREW__LOAD(\&gate->tickets, relaxed) - 1)/' 'a place that two items have'
    mutant $t task/stream_work.c '/^static void give_back/,/^}/{s/^    s->spare\[given .*//;s/^        wake(s, 1);/&\n    s->spare[given \& s->mask] = slot;/}' 'a buffer is counted before it is there'
    mutant $t task/stream_work.c '/^static void take_item/,/^}/s/if (!has_room(s)) {/if (0) {/' 'room is looked for before the source is taken only'
    mutant $t task/stream_work.c '/^static void end_at/,/^}/s/CREW__SWAP(&s->lock, 1, acquire) != 0/0/' 'an end without the lock'
    mutant $t task/stream_work.c 's/    if (index < CREW__LOAD(&s->end_at, relaxed)) {/    if (1) {/' 'an end behind another one'
    mutant $t task/stream_work.c '/^static void sleep_until_woken/,/^}/s/if (!has_work(s)) {/if (1) {/' 'sleeps without a second look'
    mutant $t task/stream_work.c 's/source_is_free(s) || crew__stream_ended(s) ||/source_is_free(s) ||/' 'sleeps without a second look at the end'
    mutant $t task/stream_work.c 's/    CREW__ADD(&s->woken, 1, seq_cst);/    ;/' 'a wake-up that changes nothing'
    mutant $t task/stream_work.c '/^static void wake/,/^}/s/    crew__unpark.*/    ;/' 'a wake-up that wakes nobody'
    mutant $t task/stream_work.c '/^static void close_source/,/^}/s/    wake(s, CREW__ALL);/    ;/' 'the end of the source wakes nobody'
    mutant $t task/stream_work.c '/^static void give_back/,/^}/s/wake(s, CREW__ALL);/;/' 'the end of the stream wakes nobody'
    mutant $t task/stream_work.c '/^static void sleep_until_woken/,/^}/{s/^    CREW__ADD(&s->sleeping, 1, seq_cst);//;s/^        crew__park/        CREW__ADD(\&s->sleeping, 1, seq_cst);\n&/;s/^    CREW__SUB(&s->sleeping, 1, seq_cst);//}' 'counted as asleep after the look'

    p=test_explore_process
    mutant $p process/map_slot.c '/^static bool take_chunk/,/^}/s/while (!CREW__CAS(&batch->range, &range, \(.*\), relaxed));/while (CREW__STORE(\&batch->range, \1, relaxed), 0);/' 'items are taken without an exchange'
    mutant $p process/map_slot.c '/^size_t crew__map_take_back/,/^}/s/while (!CREW__CAS(&batch->range, &range, \(.*\), acq_rel));/while (CREW__STORE(\&batch->range, \1, relaxed), 0);/' 'items are taken back without an exchange'
    mutant $p process/map_slot.c '/^static void wait_for_batch/,/^}/s/        CREW__STORE(&slot->sleeps, 1, seq_cst);/        ;/' 'a worker sleeps and does not say so'
    mutant $p process/map_slot.c '/^void crew__map_give/,/^}/{s/^    CREW__STORE(&slot->given, number, seq_cst);//;s/^        crew__shared_unpark.*/&\n    CREW__STORE(\&slot->given, number, seq_cst);/}' 'a batch is given after the look for sleepers'
    mutant $p process/map_slot.c '/^void crew__map_give/,/^}/s/CREW__STORE(&slot->given, number, seq_cst)/CREW__STORE(\&slot->given, number, release)/' 'a batch is given without a barrier'
    mutant $p process/map_slot.c '/^static void wait_for_batch/,/^}/s/CREW__LOAD(&slot->given, acquire)/CREW__LOAD(\&slot->given, relaxed)/' 'a batch is taken in relaxed order'
    mutant $p process/map_slot.c 's/CREW__STORE(&slot->finished, number, release)/CREW__STORE(\&slot->finished, number, relaxed)/' 'a batch is finished in relaxed order'
    mutant $p process/map_slot.c '/^void crew__map_retire/,/^}/s/    crew__shared_unpark.*/    ;/' 'the end wakes no worker'
    mutant $p process/map_slot.c '/^void crew__map_serve/,/^}/{s/^        CREW__STORE(&slot->finished, number, release);//;s/^        crew__bell_ring(bell);/&\n        CREW__STORE(\&slot->finished, number, release);/}' 'the bell is rung before the batch is finished'
    mutant $p process/map_slot.c '/^void crew__map_serve/,/^}/{s/^        batch->done = .*//;s/^        crew__bell_ring(bell);/&\n        batch->done = (uint32_t)done;/}' 'a batch is finished before its items are counted'
    mutant $p process/map_slot.c 's/    unsigned number = CREW__LOAD(&slot->given, relaxed) + 1;/    unsigned number = (CREW__LOAD(\&slot->given, relaxed) + 1) | 1;/' 'a batch in the place of another'
    mutant $p process/helper.c '/^void crew__bell_ring/,/^}/{s/^    CREW__ADD(&bell->rung, 1, seq_cst);//;s/^        crew__shared_unpark.*/&\n    CREW__ADD(\&bell->rung, 1, seq_cst);/}' 'a bell is rung after the look for sleepers'
    mutant $p process/helper.c '/^void crew__bell_wait/,/^}/s/    CREW__STORE(&bell->sleeps, 1, seq_cst);/    ;/' 'who waits for the bell does not say so'

    w=test_explore_wait_set
    mutant $w task/wait_set.c '/^static void move_to_ended/,/^}/s/CREW__ADD(&set->ended, 1, release);/;/' 'an end that changes nothing'
    mutant $w task/wait_set.c '/^static void move_to_ended/,/^}/s/crew__unpark.*/;/' 'an end that wakes nobody'
    mutant $w task/wait_set.c '/^static void move_to_ended/,/^}/s/pthread_mutex_[un]*lock(&set->lock);//' 'told without the lock'
    mutant $w task/wait_set.c '/^static crew_future \*take_ended/,/^}/s/pthread_mutex_[un]*lock(&set->lock);//' 'taken without the lock'
    mutant $w task/wait_set.c 's/CREW__ADD(&set->owners, 1, relaxed);//' 'entries that do not own their set'
    mutant $w task/wait_set.c 's/if (CREW__SUB(&set->owners, 1, acq_rel) != 1)/if (CREW__SUB(\&set->owners, 1, acq_rel) == 0)/' 'a set freed by its user'
    mutant $w task/wait_set.c 's/if (crew__future_ended(f) || !crew__future_add(f, &entry->node))/if (!crew__future_ended(f) \&\& !crew__future_add(f, \&entry->node))/' 'what has ended is not told of'
    mutant $w task/wait_set.c 's/if (crew__future_ended(f) || !crew__future_add(f, &entry->node))/if (crew__future_ended(f) || (crew__future_add(f, \&entry->node), 0))/' 'ends between the look and the registration'
    mutant $w task/wait_set.c '/^static bool found_one/,/^}/{s/^    next->ended = .*//;s/^    return/    next->ended = CREW__LOAD(\&next->set->ended, acquire);\n&/}' 'looks at the word after the entries'
    mutant $w task/wait_set.c 's/over = ended && (!enough || enough(ended))/over = ended != NULL/' 'the first that ends counts as a failure'
    mutant $w task/wait_set.c '/^static void release/,/^}/s/crew_future_release(set->first->node.future);//' 'a set that keeps its futures'
}

one_part() {
    part=$1
    work=$folder/$part
    turn=0
    status=0
    fresh
    for suite in test_explore test_explore_future test_explore_process test_explore_queue test_explore_scheduler \
        test_explore_shutdown test_explore_stream test_explore_wait_set; do
        mine || continue
        runs $suite || { echo "FAIL $suite without a change" && status=1; }
    done
    all_mutants
    return $status
}

pids=
for part in $(seq 0 $((parts - 1))); do
    one_part "$part" &
    pids="$pids $!"
done
failed=0
for pid in $pids; do
    wait "$pid" || failed=1
done
exit $failed
