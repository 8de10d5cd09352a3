#!/bin/sh
# Measures crew against other systems: tests/bench/run.sh [--quick] [workload ...]
#
#   workloads  launch axpy heavy_map irregular reduce exact loaded idle oversubscribed
#              scan filter sort argsort histogram by_key find move set few
#              fork_join submit graph stream process_map expressions; none named: all of these.
#              founding, which is run where it is named: one function mapped by Python's ways, Cython, C and crew, with
#              memory and lines of code, and a table of it all at the end.
#              Also a part, as it is printed: launch-2us, sum, sort-u32, sort-u32-sorted, histogram-256, fork_join-fib,
#              submit-future, roundtrip, roundtrip-idle, graph-1us, stream-1us, idle-executor, process_map-10us,
#              ...
#   ordinary   loops as programs have them (ordinary.c): few items, pauses, another program beside; runs only where it
#              is named, for half an hour or more. Also a part: ordinary-few, ordinary-map-1ns-20ms, ...
#   nas        NAS EP, IS, CG, MG and FT in class S and W beside the same programs on pragmas (examples/nas); n is the
#              class, median_ns of one run; runs only where it is named
#   model      no peers: crew's decisions replayed with 1 to 1,024 workers (model.c), compared with 2 threads; runs only
#              where it is named. name=ns sets a cost of it (block, steal, line, launch)
#   mpi        crew over 1 and 2 ranks of Open MPI against hand-written MPI + OpenMP and mpi4py.futures; then what calls
#              would cost on 1,024 ranks (tests/mpi/count.c); runs only where it is named
#   --quick    fewer rounds, n up to 10^6: two minutes for each line
#
# One line a result, crew's first:
#
#   bench <workload> <system> n=<n> threads=<t> median_ns=<x> ratio=<x / crew's>
#
# A ratio above 1: slower than crew. bench.h says how the rounds and the ratio are made. In `idle`, median_ns is the
# processor time that one interval of 5 ms takes beyond its work; in its part idle-executor, that of a second in which
# an open executor, pool or team has nothing to do. In fork_join-fib and -interop it is ns a fork, in stream ns an
# item, in process_map-memory KiB (process_map.py says of what), in submit and roundtrip ns a task, with
# CREW_BENCH_THREADS workers beside the threads that submit (tasks.h has each workload).
# crew64 in `oversubscribed` is crew with 64 threads.
# Beside array workloads stands what bounds them: copy (all threads) and memcpy (one) move as many bytes as scan, filter
# and transpose must, pass reads what is sorted already. These full runs take up to 4 GB.
#
#   CREW_BENCH_THREADS  threads of every system; default: the CPUs that this process may use
#   CREW_BENCH_BEST     1: figures of the shortest round in place of the median, for a machine that is never quiet
#   CREW_BENCH_BUILD    where to build; default: a new folder under TMPDIR, removed at the end
#   CREW_BENCH_REUSE    1: programs that a run before has left in CREW_BENCH_BUILD are not built again
#   CREW_BENCH_INSTALL  1: install missing packages (needs root and apt-get); 0: never. Default 0
#   CC, CXX             gcc and g++ of another version or name
#   CARGO, RUSTC        Debian's, unless named, since they must suit its crates
#   PYTHON              /usr/bin/python3, unless named
#
# A system whose package is missing is named in a comment line and left out.
# shellcheck disable=SC2086 # commands and flags are lists of words
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
cc=${CC:-gcc}
cxx=${CXX:-g++}
quick=0
if [ "${1:-}" = --quick ]; then
    quick=1
    shift
fi

# Loops go to one program, arrays and tasks to others; idle to two.
loops=
arrays=
tasks=
processes=
expressions=
founding=
ordinary=
model=
nas=
mpi=
costs=
[ $# -gt 0 ] || set -- launch axpy heavy_map irregular reduce exact loaded idle oversubscribed \
    scan filter sort argsort histogram by_key find move set few fork_join submit graph stream process_map expressions
for workload; do
    case $workload in
    scan* | filter* | sort* | argsort* | few* | histogram* | by_key | reduce_by_key* | find* | move | set* | transpose*)
        arrays="$arrays $workload"
        ;;
    fork_join* | submit* | roundtrip* | graph* | stream* | idle-*) tasks="$tasks $workload" ;;
    process_map*) processes="$processes $workload" ;;
    expressions) expressions=1 ;;
    founding) founding=1 ;;
    ordinary*) ordinary="$ordinary $workload" ;;
    model) model=1 ;;
    nas) nas=1 ;;
    mpi) mpi=1 ;;
    block=* | steal=* | line=* | launch=*) costs="$costs $workload" ;;
    idle) loops="$loops idle" tasks="$tasks idle" ;;
    *) loops="$loops $workload" ;;
    esac
done

if [ "${CREW_BENCH_INSTALL:-0}" = 1 ]; then
    apt-get install -y --no-install-recommends gcc g++ libc6-dev libomp-dev libtbb-dev libhwy-dev libpthreadpool-dev \
        rustc cargo librust-rayon-dev python3 python3-dev python3-joblib python3-numpy cython3 >&2
fi

if [ -n "${CREW_BENCH_BUILD:-}" ]; then
    build=$CREW_BENCH_BUILD
    mkdir -p "$build"
else
    build=$(mktemp -d)
    trap 'rm -rf "$build"' EXIT
    trap 'exit 130' INT TERM
fi
[ "${CREW_BENCH_REUSE:-0}" = 1 ] ||
    rm -f "$build"/*.o "$build"/*.built "$build"/loops "$build"/arrays "$build"/tasks "$build"/crew "$build"/plain \
        "$build"/libgomp "$build"/libomp "$build"/tbb "$build"/pthreadpool "$build"/gnu "$build"/array_* \
        "$build"/fork_* "$build"/submit_* "$build"/graph_* "$build"/stream_* "$build"/expressions "$build"/model

# Every kernel, and crew itself, gets the flags of a distribution's plain build; only openmp_simd.c gets more.
flags='-O3 -ffp-contract=off -Wall -Wextra'
c="$cc -std=c11 $flags"
cpp="$cxx -std=c++17 $flags"

missing() {
    echo "# $1: not found (apt-get install $2)"
}

builds() { # name package command...: says so where it cannot be built
    name=$1
    package=$2
    shift 2
    if ! "$@" 2>"$build/$name.log"; then
        rm -f "$build/$name"
        echo "# $name: cannot be built, $package may be missing (apt-get install)"
        sed 's/^/#   /' "$build/$name.log" | head -n 3
    fi
}

# Whether a run before has built the group.
built() {
    [ -e "$build/$1.built" ]
}

threads=${CREW_BENCH_THREADS:-$(nproc)}
echo "# $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) CPUs, $($cc --version | head -n 1)"
mkdir -p "$build/libcrew"
if [ -n "$loops$arrays$tasks$expressions$ordinary$nas$model$mpi" ] && ! built crew; then
    rm -f "$build"/libcrew/*
    (cd "$build/libcrew" &&
        printf '%s\n' "$root"/lib/*/*/*.c | xargs -d '\n' -P "$(nproc)" -n 8 $c -fopenmp -I"$root/include" -c)
    : >"$build/crew.built"
fi
status=0
if [ -n "$loops" ]; then
    built loops || . "$here/build_loops.sh"
    : >"$build/loops.built"
    "$build/loops" "$build" "$threads" "$quick" $loops || status=$?
fi
if [ -n "$arrays" ]; then
    built arrays || . "$here/build_arrays.sh"
    : >"$build/arrays.built"
    "$build/arrays" "$build" "$threads" "$quick" $arrays || status=$?
fi
if [ -n "$tasks" ]; then
    built tasks || . "$here/build_tasks.sh"
    : >"$build/tasks.built"
    "$build/tasks" "$build" "$threads" "$quick" $tasks || status=$?
fi
if [ -n "$processes" ]; then
    $c -shared -fPIC -fopenmp -I"$root/include" "$here/process_kernel.c" "$root"/lib/core/*/*.c -lm \
        -o "$build/process.so"
    PYTHONPATH=$here "${PYTHON:-/usr/bin/python3}" -B "$here/process_map.py" "$build/process.so" "$threads" "$quick" \
        $processes || status=$?
fi
if [ -n "$expressions" ]; then
    $cpp -fopenmp -I"$root/include" -o "$build/expressions" "$here/expressions.cpp" "$build"/libcrew/*.o -lm
    "$build/expressions" "$threads" "$quick" || status=$?
fi
if [ -n "$ordinary" ]; then
    # Aligned: one loop written twice else takes 0.54 or 0.81 ns an item as it happens to lie.
    $c -falign-functions=64 -falign-loops=64 -fopenmp -I"$root/include" -o "$build/ordinary" "$here/ordinary.c" \
        "$here/ordinary_work.c" "$here/bench.c" "$here/peer.c" "$build"/libcrew/*.o -lm
    "$build/ordinary" "$build" "$threads" "$quick" $ordinary || status=$?
fi
if [ -n "$founding" ]; then
    mkdir -p "$build/founding"
    $c -shared -fPIC -fopenmp -I"$root/include" "$root"/lib/*/*/*.c -lm -o "$build/founding/libcrew.so"
    "${PYTHON:-/usr/bin/python3}" -B "$here/founding/run.py" "$build/founding" "$build/founding/libcrew.so" "$threads" \
        "$quick" || status=$?
fi
if [ -n "$nas" ]; then
    classes='S W'
    [ "$quick" = 0 ] || classes=S
    for class in $classes; do
        OMP_NUM_THREADS=$threads CC=$cc NAS_BUILD=$build/nas sh "$root/examples/nas/run.sh" --bench \
            --objects "$build/libcrew" "$class" 9 || status=$?
    done
fi
if [ -n "$model" ]; then
    $c -fopenmp -I"$root/include" -o "$build/model" "$here"/model*.c "$build"/libcrew/*.o -lm
    "$build/model" $costs || status=$?
fi
if [ -n "$mpi" ]; then
    . "$here/run_mpi.sh"
fi
exit $status
