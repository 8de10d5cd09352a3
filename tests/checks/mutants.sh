#!/bin/sh
# Breaks one line at a time in a copy of the library and sees that the suite of it notices: a suite that passes then
# would pass whatever the code did. tests/explore/mutants.sh does this for the orders of the task layer.
# Usage: mutants.sh FOLDER [WORD]: only mutants whose description has the word
set -u
cd "$(dirname "$0")/../.." || exit 2
folder=$1
only=${2:-}
parts=$(nproc)
flags="-std=gnu11 -O1 -w -fopenmp -pthread -ffp-contract=off -Iinclude"
libraries="$(pkg-config --libs check) -lm"
export OMP_WAIT_POLICY=passive CK_DEFAULT_TIMEOUT=20

# True where it is this part's turn: a part does every so-manieth one.
mine() {
    turn=$(((turn + 1) % parts))
    [ $turn = "$part" ]
}

# In the current folder, with a list of what it includes beside. compile SOURCE OBJECT
compile() {
    # shellcheck disable=SC2086
    gcc $flags -MMD -c "$1" -o "$2"
}

# The suites that mutants name, with their cases.
runs() {
    sed -n 's/^    mutant \([a-z_:]*\) .*/\1/p' tests/checks/mutants.sh | sort -u
}

# The library and the suites as they are, once for all mutants.
build_all() {
    rm -rf "$folder"
    mkdir -p "$folder/objects" && folder=$(cd "$folder" && pwd) || exit 2
    {
        printf '%s\n' lib/*/*/*.c tests/support/oracle.c
        runs | sed 's/:.*//;s/.*/tests\/unit\/&.c/' | sort -u
    } | xargs -P "$parts" -I{} sh -c "gcc $flags -MMD -c {} -o $folder/objects/\$(basename {} .c).o" || exit 2
}

# The objects as they are, but for those in $work/changed. link SUITE
link() {
    objects=
    for object in "$folder"/objects/*.o; do
        name=$(basename "$object")
        case $name in test_*) [ "$name" = "$1.o" ] || continue ;; esac
        [ -e "$work/changed/$name" ] && object=$work/changed/$name
        objects="$objects $object"
    done
    # shellcheck disable=SC2086
    gcc $flags $objects -o "$work/suite" $libraries
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

# The suite as it is passes, and how long it takes says when a mutant hangs. check SUITE[:CASE]
check() {
    link "${1%%:*}" || return
    case=${1#"${1%%:*}"} began=$(date +%s)
    passes 100 "${case#:}" || echo "FAIL $1 without a change" >>"$folder/failed"
    echo $((2 * ($(date +%s) - began) + 5)) >"$folder/seconds-$1"
}

# The suite must fail with FILE of lib, or of include/, changed by SED. mutant SUITE[:CASE] FILE SED WHAT
mutant() {
    case $4 in *"$only"*) mine || return 0 ;; *) return 0 ;; esac
    suite=${1%%:*} case=${1#"${1%%:*}"} what=$4
    case $2 in include/*) file=$2 ;; *) file=lib/$2 ;; esac
    sed -i "$3" "$work/$file"
    if cmp -s "$file" "$work/$file"; then
        echo "FAIL $what: nothing changed"
        status=1
        return
    fi
    rm -f "$work"/changed/*
    built=yes
    # Names are unique, and who includes the file writes its path in its own way.
    for list in "$folder"/objects/*.d; do
        name=$(basename "$list" .d)
        case $name in test_*) [ "$name" = "$suite" ] || continue ;; esac
        grep -q "[ /]$(basename "$file")\b" "$list" || continue
        source=$(cd "$work" && ls lib/*/*/"$name".c tests/unit/"$name".c tests/support/"$name".c 2>/dev/null)
        (cd "$work" && compile "$source" "changed/$name.o") >"$work/build.log" 2>&1 || built=no
    done
    cp "$file" "$work/$file"
    if [ $built = no ] || ! link "$suite" >>"$work/build.log" 2>&1; then
        echo "FAIL $what: does not build"
        cat "$work/build.log"
        status=1
    elif passes "$(cat "$folder/seconds-$1")" "${case#:}"; then
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
    mutant test_stop core/loop/watch.c 's/if (index < atomic_load/if (index > atomic_load/' 'the highest failure'
    mutant test_stop core/loop/watch.c 's/return begin > atomic_load/return begin >= atomic_load/;s/if (w->active)$/if (0)/' 'stops after the last block are not seen'
    mutant test_stop:more core/loop/watch.h 's/return begin > atomic_load_explicit(&w->fail_at, memory_order_relaxed) ||/return/' 'blocks above a failure still run'
    mutant test_stop core/loop/watch.c 's/if (crew__ticks() >= w->quiet_until)/if (1)/' 'progress for every block'
    mutant test_stop core/loop/watch.c '/^int crew__watch_end/,/^}/s/report(w, true);/;/' 'no last progress'
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
    runs >"$work/runs"
    while read -r run; do
        if mine; then
            check "$run"
        fi
    done <"$work/runs"
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
