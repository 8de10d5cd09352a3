#!/bin/sh
# Breaks one line at a time in a copy of the library and sees that the suite of it notices: a suite that passes then
# would pass whatever the code did. tests/explore/mutants.sh does this for the orders of the task layer.
# Usage: mutants.sh FOLDER [WORD]: only mutants whose description has the word
set -u
cd "$(dirname "$0")/../.." || exit 2
folder=$1
only=${2:-}
parts=$(nproc)
listing=no
libraries="$(pkg-config --libs check) -lm"
export OMP_WAIT_POLICY=passive CK_DEFAULT_TIMEOUT=20 TSAN_OPTIONS='exitcode=66 second_deadlock_stack=1 die_after_fork=0'

# What is built in each of two ways: plain, and racy: with ThreadSanitizer, on its stand-in for libgomp.
flags_of() {
    echo "-std=gnu11 -O1 -w -fopenmp -pthread -ffp-contract=off -Iinclude"
    [ "$1" = plain ] || echo "-g -fsanitize=thread"
}
library_of() {
    if [ "$1" = plain ]; then
        ls lib/core/*/*.c lib/array/*/*.c
    else
        ls lib/core/*/*.c lib/array/exact/*.c lib/array/typed/*.c tests/tsan/gomp_standin.c
    fi
}

# True where it is this part's turn: a part does every so-manieth one.
mine() {
    turn=$(((turn + 1) % parts))
    [ $turn = "$part" ]
}

# In the current folder, with a list of what it includes beside. compile WAY SOURCE OBJECT
compile() {
    # shellcheck disable=SC2046
    gcc $(flags_of "$1") -MMD -c "$2" -o "$3"
}

# The ways and suites that mutants name, with their cases.
runs() {
    listing=yes
    all_mutants | sort -u
}

# The library and the suites as they are, once for all mutants.
build_all() {
    rm -rf "$folder"
    mkdir -p "$folder" && folder=$(cd "$folder" && pwd) || exit 2
    (runs) >"$folder/runs"
    for way in plain racy; do
        mkdir -p "$folder/$way"
        grep -q "^$way " "$folder/runs" || continue
        {
            library_of $way
            echo tests/support/oracle.c
            sed -n "s/^$way //p" "$folder/runs" | sed 's/:.*//' | sort -u |
                while read -r suite; do ls tests/*/"$suite.c"; done
        } | xargs -P "$parts" -I{} sh -c \
            "gcc $(flags_of $way | xargs) -MMD -c {} -o $folder/$way/\$(basename {} .c).o" || exit 2
    done
}

# The objects as they are, but for those in $work/changed. link WAY SUITE
link() {
    objects=
    for object in "$folder/$1"/*.o; do
        name=$(basename "$object")
        case $name in test_* | fault_*) [ "$name" = "$2.o" ] || continue ;; esac
        [ -e "$work/changed/$name" ] && object=$work/changed/$name
        objects="$objects $object"
    done
    # Without -fopenmp the stand-in takes the place of libgomp.
    runtime=-fopenmp
    [ "$1" = plain ] || runtime=-fsanitize=thread
    # shellcheck disable=SC2086
    gcc -pthread $runtime $objects -o "$work/suite" $libraries
}

# Runs the suite up to the first test that fails; the last line of a run that came to its end is the plan.
# passes SECONDS [CASE]
passes() {
    unset CK_RUN_CASE
    if [ -n "$2" ]; then
        export CK_RUN_CASE="$2"
    fi
    CK_TAP_LOG_FILE_NAME=- CK_VERBOSITY=silent timeout -k 1 "$1" stdbuf -oL "$work/suite" 2>/dev/null </dev/null |
        awk '/^not ok/ { exit } /^1\.\./ { all = 1 } END { exit !all }'
}

# The suite as it is passes, and how long it takes says when a mutant hangs. check WAY SUITE[:CASE]
check() {
    link "$1" "${2%%:*}" || return
    case=${2#"${2%%:*}"} began=$(date +%s)
    passes 300 "${case#:}" || echo "FAIL $2 ($1) without a change" >>"$folder/failed"
    echo $((2 * ($(date +%s) - began) + 5)) >"$folder/seconds-$1-$2"
}

# The suite must fail with FILE of lib, or of include/, changed by SED. mutant SUITE[:CASE] FILE SED WHAT
mutant() {
    try plain "$@"
}

# The same where ThreadSanitizer must report a race.
racy() {
    try racy "$@"
}

# try WAY SUITE[:CASE] FILE SED WHAT
try() {
    case $5 in *"$only"*) ;; *) return 0 ;; esac
    if [ $listing = yes ]; then
        echo "$1 $2"
        return
    fi
    mine || return 0
    way=$1 suite=${2%%:*} case=${2#"${2%%:*}"} what=$5
    case $3 in include/*) file=$3 ;; *) file=lib/$3 ;; esac
    sed -i "$4" "$work/$file"
    if cmp -s "$file" "$work/$file"; then
        echo "FAIL $what: nothing changed"
        status=1
        return
    fi
    rm -f "$work"/changed/*
    built=yes
    # Names are unique, and who includes the file writes its path in its own way.
    for list in "$folder/$way"/*.d; do
        name=$(basename "$list" .d)
        case $name in test_* | fault_*) [ "$name" = "$suite" ] || continue ;; esac
        grep -q "[ /]$(basename "$file")\b" "$list" || continue
        case $name in test_* | fault_* | oracle) source=$(cd "$work" && ls tests/*/"$name.c") ;;
        *) source=$(cd "$work" && ls lib/*/*/"$name.c") ;; esac
        (cd "$work" && compile "$way" "$source" "changed/$name.o") >"$work/build.log" 2>&1 || built=no
    done
    cp "$file" "$work/$file"
    if [ $built = no ] || ! link "$way" "$suite" >>"$work/build.log" 2>&1; then
        echo "FAIL $what: does not build"
        cat "$work/build.log"
        status=1
    elif passes "$(cat "$folder/seconds-$way-$2")" "${case#:}"; then
        echo "FAIL $what: not noticed"
        status=1
    else
        echo "PASS $what"
    fi
}

all_mutants() {
    # What stops a call.
    mutant test_stop:more core/loop/watch.c 's/if (crew_cancel_requested(w->cancel))/if (w->deadline == 0 \&\& crew_cancel_requested(w->cancel))/' 'a loop looks at cancel or timeout'
    mutant test_stop:more core/loop/watch.c 's/else if (w->deadline > 0 \&\& /else if (!w->cancel \&\& w->deadline > 0 \&\& /' 'a loop looks at the timeout only without cancel'
    mutant test_stop:failures core/loop/watch.c 's/if (index < atomic_load/if (index > atomic_load/' 'the highest failure'
    mutant test_stop core/loop/watch.c 's/return begin > atomic_load/return begin >= atomic_load/;s/if (w->active)$/if (0)/' 'stops after the last block are not seen'
    mutant test_stop:more core/loop/watch.h 's/return begin > atomic_load_explicit(&w->fail_at, memory_order_relaxed) ||/return/' 'blocks above a failure still run'
    mutant test_stop:progress core/loop/watch.c 's/if (crew__ticks() >= w->quiet_until)/if (1)/' 'progress for every block'
    mutant test_stop:progress core/loop/watch.c '/ crew__watch_end(/,/^}/s/report(w, true);/;/' 'no last progress'
    mutant test_task:stops core/task/scheduler.c '/^int crew__stopped_by/,/^}/s/crew_cancel_requested(cancel)/deadline == 0 \&\& &/' 'tasks look at cancel or timeout'
    mutant test_graph:graph core/task/graph_run.c 's/g->deadline = opt && opt->timeout > 0 ?.*/g->deadline = 0;/' 'the timeout of a graph'
    mutant test_graph:graph core/task/graph_run.c 's/g->cancel = opt ? opt->cancel : NULL;/g->cancel = NULL;/' 'the cancel of a graph'
    mutant test_graph:graph core/task/graph_run.c 's/if (CREW__LOAD(&node->bad, relaxed) || is_stopped(g))/if (is_stopped(g))/' 'nodes after one that failed'
    mutant test_graph:graph core/task/graph_run.c 's/if (CREW__SWAP(&g->running, true, acquire))/if (0)/' 'a graph that runs twice at once'
    mutant test_graph:graph core/task/graph.c 's/if (found < g->count)/if (0)/' 'a cycle in a graph'

    # Loops.
    mutant test_for core/loop/loop_team.c 's/to = to < n && to > from ? to : n;/to = to > from ? to : n;/' 'a last unit beyond the end'
    mutant test_for core/loop/loop_team.c 's/(stop == n && items % r->unit != 0)/0/' 'the part of a last unit'
    mutant test_for core/loop/ranges.h 's/count = count < least ? least : count;/count = count < 1 ? 1 : count;/' 'blocks below the grain'
    mutant test_for core/loop/ranges.h 's/crew__range_set(&ranges\[self\], end - half, end);/crew__range_set(\&ranges[self], end - half + (half > 1), end);/' 'a stolen item that is lost'
    mutant test_for core/loop/ranges.h 's/memory_order_relaxed, memory_order_relaxed/&/;s/&word, word - half,/\&word, word,/' 'stolen items that stay'
    mutant test_for_nd core/loop/for_nd.c 's/\* s->size\[2\] + at\[2\]/* s->size[1] + at[2]/' 'the index of a failing cell'
    mutant test_map core/loop/map.c 's/out += m.out_size/out += m.in_size/' 'strides of a map'
    mutant test_cut core/loop/cut.h 's/return c->n - begin < c->size ? c->n/return c->n - begin <= c->size ? c->n - 1/' 'the end of the last block'
    mutant test_reduce core/loop/reduce.c 's/d->step \*= 2;/d->step += 1;/' 'the tree of a reduction'
    mutant test_reduce core/loop/reduce.c 's/d->left -= d->left \/ 2;/d->left \/= 2;/' 'the odd accumulator out'
    mutant test_reduce core/loop/reduce.c 's/if (d->begun\[k\])/if (1)/' 'drops what was not set up'
    mutant test_nested core/backend/openmp.c '/^static bool reserve/,/^}/s/if (now > 0 \&\& now + helpers > most)/if (0)/' 'helpers without a bound'
    mutant test_nested core/backend/pool.c 's/MAX_POOLS = 4/MAX_POOLS = 400/' 'pools without a bound'
    mutant test_nested core/backend/openmp.c '/^void crew__team_release/,/^}/s/unreserve(team->width - 1);/;/' 'helpers that stay reserved'

    # When a team opens, and where its threads are.
    mutant test_sites core/loop/sites.c '/^CREW__HOT struct crew__site \*crew__site_at/,/^}/s/key ^= (uintptr_t)threads << .*/;/' 'sites of other numbers of threads'
    mutant test_sites core/loop/sites.c 's/\*known <= 0 || w->again/*known <= 0/' 'a trial counts a quarter'
    mutant test_sites core/loop/sites.c 's/const double alone = crew__ways_alone(w, item_ns);/const double alone = item_ns;/' 'first items though whole calls are known'
    mutant test_sites core/loop/sites.c 's/item_ns > 2 \* usual_ns \&\& //' 'heavier items by their time alone'
    mutant test_sites core/loop/sites.c 's/    if (by_team)$/    if (0)/' 'a way that was better once is left for long'
    mutant test_sites core/loop/sites.c 's/w->again |= w->alone <= 0/w->again |= w->alone < 0/' 'a mean of two kinds of data'
    mutant test_sites core/loop/runner.c 's/ \&\& !r->late ? / ? /' 'a team that is opened late says what teams take'
    mutant test_sites core/loop/expression.c 's/first \&\& ways->alone <= 0/first/' 'one item where teams are known'
    mutant test_sites core/loop/launch.c 's/(follows ? SPIN_NS : WAKE_NS)/SPIN_NS/' 'pauses between loops that a team would not serve'
    mutant test_sites core/loop/launch.c 's/    learned.declined = now;/    ;/' 'loops that follow each other'
    mutant test_runner core/loop/runner.c '/^static void run_known/,/^}/s/crew__do_block(r, r->done, n);/crew__do_block(r, r->done, n - (r->done > 0));/' 'the last item where a team was declined'
    mutant test_runner core/loop/runner.c 's/if (!r->alone || !r->declined)/if (1)/' 'a call that declines many times'
    mutant test_team_size core/loop/runner.c 's/if (want > useful \&\& (size_t)want > r->loop->n)/if ((size_t)want > r->loop->n)/;s/want = r->loop->n > (size_t)useful .*/want = (int)r->loop->n;/' 'a team as narrow as its items are few'
    mutant test_placement core/backend/placement.c '/^static CREW__NOINLINE void move_back/,/^}/s/    CPU_SET(p->from, \&own);/    ;/' 'a processor that never comes back'
    mutant test_placement core/backend/placement.c 's/            !CPU_EQUAL(\&own, p->moved\[id\] ? \&away : \&all))/            0)/' 'threads that somebody else has bound'
    mutant test_placement core/backend/placement.c 's/ || (double)idle < AWAKE_NS \* crew__ticks_per_ns()//' 'threads that are still awake'
    mutant test_placement core/backend/placement.c 's/took_ns < AT_ONCE_NS/took_ns < LATE_NS/' 'a thread that was woken is held to have been awake'
    mutant test_placement core/backend/placement.c 's/ \&\& p->idle <= p->awake) {/) {/' 'one that was known to sleep casts doubt'
    mutant test_placement core/backend/placement.c 's/p->unsure = UNSURE_FOR;/;/' 'a thread that slept is believed again at once'
    mutant test_sleeper core/backend/sleeper.c 's/CREW__LOAD(\&s->thread, seq_cst) == 0 \&\& CREW__SWAP(\&s->avoided, 0, seq_cst) != 0/0/' 'a waker that comes too late'
    mutant test_sleeper core/backend/sleeper.c 's/if (CREW__UNLIKELY(avoided != 0) .*/if (0)/' 'a sleeper that does not look at its mask'
    mutant test_executor_workers core/backend/host.c 's/bool is_last = --h->living == 0;/bool is_last = h->living-- == 0;/' 'a last worker that tells nobody'
    mutant test_executor_workers core/backend/host.c '/^static void \*be_successor/,/^}/s/        s->thread = pthread_self();/        ;/' 'a worker that replaces nobody'

    # Tasks.
    mutant test_executor core/task/executor_map.c 's/m->begun - m->ended < m->ahead/m->begun - m->ended <= m->ahead/' 'an item further ahead than there are slots'
    mutant test_executor_map core/task/executor_map.c '/^static void settle/,/^}/s/        drop_pending(m);/        (void)m;/' 'items that go on after a failure'
    mutant test_executor_map core/task/executor_map.c '/^static void drop_pending/,/^}/s/m->stop || m->enough ? 0 : m->lowest/0/' 'items below the failing one are dropped'
    mutant test_executor_map core/task/executor_map.c 's/ \&\& slot->index < lowest) {/) {/' 'another failure than the lowest'
    mutant test_executor_workers core/task/executor_worker.c 's/        w->leaves = true;/        (void)w;/' 'workers that are never replaced'
    mutant test_promise core/task/promise.c 's/        crew__future_drop(f);/        (void)f;/' 'a promise that nobody keeps'
    mutant test_executor core/task/queue.c 's/if (CREW__LOAD(&q->count, seq_cst) >= q->limit)/if (1)/;s/count >= q->limit/count > q->limit/' 'one more than the limit of a queue'
    mutant test_executor core/task/executor_worker.c 's/bool high = crew__queue_has_high(&ex->queue);/bool high = false;/' 'priority behind a batch'
    mutant test_executor core/task/executor_worker.c '/^void crew__executor_finalize/,/^}/s/local->initialized \&\& //' 'finalizers without an initializer'
    mutant test_future core/task/future.c '/^bool crew_future_cancel/,/^}/s/return crew__future_state(f) == CREW_FUTURE_CANCELED;/return false;/' 'a second cancel'
    mutant test_future core/task/submit.c '/^static void end_dependency/,/^}/s/if (code)/if (0)/' 'dependencies that fail'
    mutant test_future core/task/wait_set.c 's/if (has(set, f))/if (0)/' 'a future in a set twice'
    mutant test_wakeup core/task/scheduler.c '/^static void wake_one/,/^}/s/crew__unpark.*/;/' 'a notify that wakes nobody'
    mutant test_wait_cycle core/task/wait_cycle.c 's/return true;/return false;/' 'cycles of waits'
    mutant test_graph:graph core/task/graph_run.c 's/    ready->kept = part->kept;/    ready->kept = NULL;/' 'nodes for which the deque has no room'
    mutant test_graph:graph core/task/graph.c 's/            node->code = 0;/            ;/' 'the code of the run before'
    mutant test_graph:graph core/task/graph_run.c 's/        if (g->nodes\[i\].code)$/        if (g->nodes[g->count - 1 - i].code \&\& (i = g->count - 1 - i, 1))/;s/for (size_t i = 0; i < g->count; i++)$/&/' 'the highest node that failed'
    mutant test_graph:graph core/task/graph.c 's/        g->nedges = had;.*/        ;/' 'edges before one that is refused'
    mutant test_wait_cycle core/task/wait_cycle.c 's/        if (f->deps->mark == s->number)/        if (0)/' 'ways that are followed twice'
    mutant test_wait_cycle core/task/wait_cycle.c 's/        if (w->stuck)/        if (1)/' 'workers that go on though they wait'
    mutant test_wait_cycle core/task/wait_cycle.c '/^static crew_future \*next_on_path/,/^}/s/deps->at < deps->count/deps->at + 1 < deps->count/' 'the last dependency'
    mutant test_executor core/task/executor_worker.c '/^static bool run_next_item/,/^}/s/i < ex->scheduler.width \&\& !found/i < 0 \&\& !found/' 'a batch that its worker alone takes from'
    mutant test_executor core/task/executor_default.c 's/ex = usable(CREW__LOAD(\&default_executor, relaxed));/ex = NULL;/' 'a default executor that is looked for before the lock alone'

    # Streams.
    mutant test_stream:stream core/task/stream_work.c 's/size_t place = gate->in_order ? slot->index : /size_t place = /' 'a stage that is not in order'

    # Orders and locks, which a race detector sees.
    racy test_executor core/task/executor_worker.c '/^void crew__executor_tell_open/,/^}/s/acq_rel/relaxed/' 'what an initializer wrote'
    racy test_graph:graph core/task/graph_run.c '/^static void run_part/,/^}/s/acq_rel/relaxed/' 'what nodes wrote for the caller'
    racy test_graph:graph core/task/graph_run.c '/^static bool is_over/,/^}/s/acquire)/relaxed)/' 'a caller that looks in relaxed order'
    racy test_graph:graph core/task/graph_run.c 's/\(LOAD(\&target->waiting, \)acquire/\1relaxed/;s/\(SUB(\&target->waiting, 1, \)acq_rel/\1release/' 'the last node before another in relaxed order'
    racy test_graph:graph core/task/graph_run.c 's/CREW__SWAP(\&g->running, true, acquire)/CREW__SWAP(\&g->running, true, relaxed)/' 'runs of one graph by two threads in turn'
    racy test_stream:failures core/task/stream_work.c '/^static void let_go/,/^}/s/seq_cst/relaxed/' 'a gate that is let go of in relaxed order'
    racy test_stream:failures core/task/stream_work.c '/^static bool try_take/,/^}/s/CREW__SWAP(busy, 1, seq_cst)/CREW__SWAP(busy, 1, relaxed)/' 'a gate that is taken in relaxed order'
    racy test_stream:failures core/task/stream_work.c '/^static struct crew__slot \*serve/,/^}/s/turn_of(s, gate), acquire/turn_of(s, gate), relaxed/' 'an item that is taken in relaxed order'
    racy test_stream:failures core/task/stream_work.c '/^static void carry/,/^}/s/slot, seq_cst/slot, relaxed/' 'an item that is put in relaxed order'
    racy test_stream:failures core/task/stream_work.c '/^static void give_back/,/^}/s/given + 1, seq_cst/given + 1, relaxed/' 'a buffer that is given back in relaxed order'
    racy test_stream:failures core/task/stream_work.c 's/CREW__SWAP(\&s->lock, 1, acquire) != 0/0/' 'failures without the lock'
    racy test_stop:failures core/loop/watch.c '/^void crew__watch_fail/,/^}/s/CREW__SWAP(\&w->lock, true, acquire)/0/' 'failures of a loop without the lock'
    racy test_stop:progress core/loop/watch.c '/^void crew__watch_count/,/^}/s/CREW__SWAP(\&w->lock, true, acquire)/CREW__SWAP(\&w->lock, true, relaxed)/' 'reports in relaxed order'
    racy test_exact:few array/exact/exact.c 's/    while (atomic_flag_test_and_set_explicit(\&w->adding, memory_order_acquire))/    while (0)/' 'exact sums that are merged without the lock'
    racy test_exact:few array/exact/exact.c '/^static void add_chunks/,/^}/s/memory_order_release/memory_order_relaxed/' 'exact sums that are merged in relaxed order'
    racy test_executor_map core/task/executor_map.c '/^static void put_ended/,/^}/s/crew__lock_[a-z]*(\&m->lock);//' 'items of a map that end without the lock'
    racy test_executor core/task/executor_default.c '/^bool crew__executor_default_drop/,/^}/s/acq_rel/relaxed/;/^crew_executor \*crew__executor_get/,/^}/s/acquire/relaxed/' 'the default executor in relaxed order'
    racy test_promise core/task/promise.c 's/crew__future_claim(f, CREW_FUTURE_RUNNING)/(crew__future_state(f) == CREW_FUTURE_PENDING)/' 'a promise that is kept without a claim'
    # Processes.
    mutant test_process core/process/map_items.c 's/            codes\[k++\] = 0;/            k++;/' 'the code of a batch before'
    mutant test_process core/process/pending.c '/^size_t crew__pending_drop/,/^}/s/from > range.begin ? from : range.begin/from >= range.begin ? from + 1 : range.begin/' 'an item above a failure'
    mutant test_process core/process/map_slot.c '/^static void wait_for_batch/,/^}/s/CREW__STORE(\&slot->sleeps, 1, seq_cst);/;/' 'a worker that sleeps and does not say so'
    mutant test_process core/process/map_slot.c 's/    if (CREW__LOAD(\&slot->sleeps, seq_cst))/    if (0)/' 'a batch that wakes no worker'
    mutant test_process core/process/helper.c 's/    if (CREW__LOAD(\&bell->sleeps, seq_cst))/    if (0)/' 'a bell that wakes nobody'
    mutant test_process core/process/map_slot.c 's/        take = take < batch->chunk ? take : batch->chunk;/        ;/' 'a slow item with all others behind it'
    mutant fault_process_shared core/process/map_slot.c 's/                crew__map_restore(m, id, i, begin + i);/                ;/' 'what a failing item wrote'
    mutant test_process core/process/map_items.c 's/        memset(r->options.status + begin, 0, .*/        ;/' 'the status of items that succeed'
    mutant test_process_executor core/process/process_executor.c '/^static bool exchange/,/^}/s/if (CREW__LOAD(\&slot->sleeps, seq_cst))/if (0)/' 'a task that wakes no process'
    mutant test_process_executor core/process/process_executor.c 's/if (at > 0 \&\& !exchange(r, i, CREW__FETCH, at, size, end))/if (at > CREW__WINDOW \&\& !exchange(r, i, CREW__FETCH, at, size, end))/' 'the second piece of a result'
    mutant test_process_executor core/process/process_executor.c 's/            if (tries++ == r->options.retries)/            if (++tries == r->options.retries)/' 'a task that is tried once less'
    mutant test_process_executor core/process/remote_slot.c 's/    CREW__STORE(\&slot->head.step, step + 2, release);/    ;/' 'a task that seems to run for ever'
    mutant test_process_journal core/process/journal.c 's/record.check = checksum(\&record, offsetof(struct record, check), j->end);/record.check = checksum(\&record, offsetof(struct record, check), sizeof(struct header));/' 'records after the first'
    mutant test_process_journal core/process/journal.c 's/    return record->results == checksum(j->results, (size_t)results, 4) ? 0 : -EBADMSG;/    return 0;/' 'results that were damaged'
    mutant test_process_journal core/process/journal.c 's/|| (j->count > 0 \&\& j->begin + j->count != begin)) {/) {/' 'items of a record that are not neighbours'
    mutant test_process_journal core/process/journal.c 's/    j->end = at;\n    return 0;/XX/;/^static int read_records/,/^}/s/        memset(done + record.begin, 1, (size_t)record.count);/        ;/;s/            memset(done + record.begin, 1, (size_t)record.count);/            ;/' 'items that were done before'
    mutant fault_process core/process/map_run.c 's/bool late = (w->timed_out \&\& w->fatal != step) ||/bool late = 1 ||/' 'an item that ended a worker'

    # Arrays.
    mutant test_sort:generic_sorts include/crew/inline/sort_steps.h 's/uintptr_t right = CREW__STEP(before)(q, p, o);/uintptr_t right = ~CREW__STEP(before)(p, q, o);/' 'a merge from the front that is not stable'
    mutant test_sort:generic_sorts include/crew/inline/sort_steps.h 's/uintptr_t left = CREW__STEP(before)(q_last, p_last, o);/uintptr_t left = ~CREW__STEP(before)(p_last, q_last, o);/' 'a merge from the back that is not stable'
    mutant test_sort:generic_sorts include/crew/inline/sort_steps.h 's/if (CREW__STEP(less)(b + (k - i - 1) \* size, a + i \* size, o))/if (!CREW__STEP(less)(a + i * size, b + (k - i - 1) * size, o))/' 'shares of a merge that are not stable'
    mutant test_sort:generic_selections array/sort/nth_top_k.c 's/cmp(e, bound, ctx) <= 0/cmp(e, bound, ctx) < 0/' 'top_k keeps the later of equals'
    mutant test_scan:generic array/scan/scan.c 's/d->of.s->combine(running, acc, d->of.ctx);$/memcpy(running, acc, size);/' 'the carry of a scan'
    mutant test_inline_scan array/scan/scan.c 's/d->of.s->combine(running, own, d->of.ctx);$/memcpy(running, own, d->of.size);/' 'the carry of a scan in one pass'
    mutant test_scan:generic include/crew/inline/scan_steps.h 's/if (flags != NULL \&\& flags\[i\])/if (flags != NULL \&\& flags[i] \&\& i != begin)/' 'a segment that begins with a block'
    mutant test_inline_group include/crew/inline/group.h 's/u32 ? (size_t)u32\[p\]/u32 ? p/' 'items of a group in the order of keys'
    mutant test_scan:typed array/scan/scan_segments.c 's/\*reset = last > 0;/*reset = last > 1;/' 'a segment that begins with a leaf'
    mutant test_filter:filter array/filter/filter_passes.c 's/            p.kept\[b\] = kept;/            p.kept[b] = kept + (b > 1 \&\& here > 1);/' 'the place of a block that is kept'
    mutant test_histogram:histogram array/histogram/histogram_template.h 's/return low < high \&\& !isinf(low)/return low <= high \&\& !isinf(low)/' 'an empty range'
    mutant test_histogram:histogram array/histogram/histogram_template.h 's/if (!(edges\[b\] <= edges\[b + 1\]))/if (edges[b] > edges[b + 1])/' 'edges that are no numbers'
    mutant test_histogram:single array/histogram/bincount_tables.c 's/p->counts)\[t->list\[i\]\] += 256;/p->counts)[t->list[i]] += 255;/' 'the carry of a byte counter'
    mutant test_by_key array/by_key/by_key_groups.c 's/q->op->merge(q, c, q->base\[c\] - 1);/q->op->merge(q, c, q->base[c]);/' 'a group that two chunks share'
    mutant test_by_key array/by_key/by_key.c 's/if (code)$/if (0)/' 'a fold that fails'
    mutant test_find:estimated array/find/find.c 's/bool hit = end < n \&\& end == .*/bool hit = end < n;/' 'a failure that counts as a hit'
    mutant test_find:estimated array/find/find.c 's/return end_at(s, begin + i, failed);/return end_at(s, begin, failed);/' 'a hit where its block begins'
    mutant test_find:find array/find/search_sorted.c 's/at += half + 1;/at += half;/' 'a search that stops one short'
    mutant test_sort:typed_clusters array/sort/packed_order.c 's/        while (at < pieces.n \&\& alike(p, at - 1, p->order\[at\]))/        while (0)/' 'keys that are alike on both sides of a cut'
    mutant test_sort:typed_clusters array/sort/packed_order.c 's/p->mask) > rank; j--)/p->mask) >= rank; j--)/' 'an order of keys that is not stable'
    mutant test_sort:typed_clusters array/sort/packed_order.c 's/p->shift = over > low ? over : low;/p->shift = over > low ? over + 1 : low;/;s/return p->whole || order_alike(p, 0, keys.n);/return true;/' 'the lower bits of few keys'
    mutant test_sort:typed_clusters array/sort/packed_order.c 's/return p.whole || order_all_alike(\&p);/return true;/' 'the lower bits of many keys'
    mutant test_sort:typed_clusters array/sort/packed_order.c 's/            known = false;/            ;/' 'a rank that was another key'
    mutant test_sort:typed_clusters array/sort/few_keys_template.h 's/        if (other != 0)$/        if (0)/' 'a key that no sample has'
    mutant test_sort:typed_clusters array/sort/few_keys_template.h 's/f->in_slot\[slot\] = slot == 0 ? elsewhere : 0;/f->in_slot[slot] = 0;/' 'a zero that no sample has'
    mutant test_set:generic array/set/set_engine.c 's/    if (begin > 0)$/    if (begin > 1 << 14)/' 'where a part of a set begins'
    mutant test_set:generic array/set/set_engine.c 's/    if (i_end < i || j_end < j)/    if (0)/' 'sets that are not sorted'
    mutant test_set:generic array/set/set_engine.c 's/    \*none = found == 0;/    *none = found <= 1;/' 'one element that is missing'
    mutant test_set:typed array/set/set_typed_template.h 's/(bits << 1 >> 1) ^ sign) - sign/(bits << 1 >> 1) ^ sign)/' 'zeros of both signs in sets'
    mutant test_histogram:histogram array/histogram/equal_bins_avx2_template.h 's/_mm256_set1_pd(1 - b->margin), more = _mm256_set1_pd(1 + b->margin)/_mm256_set1_pd(1), more = _mm256_set1_pd(1)/' 'products that are doubtful'
    mutant test_histogram:histogram array/histogram/equal_bins_avx2_template.h 's/, _mm256_cmp_pd(k, last, _CMP_LT_OQ))/, _mm256_cmp_pd(k, k, _CMP_EQ_OQ))/' 'the upper end of the last bin'
    mutant test_exact:few array/exact/exact_state.c '/^void crew_exact_merge/,/^}/s/carry |= sum < right;/;/' 'a carry of a merge'
    mutant test_exact:few array/exact/exact_state.c 's/kept += rest != 0 || (kept \& 1);/kept += 1;/' 'ties that are rounded up'
    mutant test_exact array/exact/exact_blocks.c 's/            add_words(state, k + 2, place.high - CREW__EXACT_PRODUCT);/            ;/' 'what products lose'
    mutant test_exact:few array/exact/exact_kernels_template.h 's/    b->outside |= BITS_OF(upper) ^ BITS_OF(b->high_magic);/    ;/' 'terms that are too large for their bins'
}

# What a part has of its own. begin NUMBER
begin() {
    part=$1
    work=$folder/$part
    turn=0
    status=0
}

check_part() {
    begin "$1"
    mkdir -p "$work/changed"
    cp -r include lib tests "$work"
    while read -r way suite; do
        if mine; then
            check "$way" "$suite"
        fi
    done <"$folder/runs"
}

mutants_part() {
    begin "$1"
    all_mutants
    return "$status"
}

# All parts at the same time; fails where one does. in_parts FUNCTION
in_parts() {
    pids=
    for number in $(seq 0 $((parts - 1))); do
        "$1" "$number" &
        pids="$pids $!"
    done
    result=0
    for pid in $pids; do
        wait "$pid" || result=1
    done
    return $result
}

build_all
in_parts check_part
if [ -e "$folder/failed" ]; then
    cat "$folder/failed"
    exit 1
fi
in_parts mutants_part
