#!/bin/sh
# Which lines and branches of lib the suites reach, by gcov: the default suites with OpenMP and without (there those of
# the core: the array's sources are the same), and those of libcrew-mpi on 1 and 4 ranks. Prints what no run reached,
# and a table by folder; an error where less than 94.5 % of the branches are: 95 are in most runs, and some come only
# when threads happen to meet. tests/coverage.md says why lines are not reached.
# Usage: coverage.sh FOLDER [--report]      --report: of the counts that are in FOLDER
set -u
cd "$(dirname "$0")/../.." || exit 2
mkdir -p "$1"
out=$(cd "$1" && pwd)
status=0
# Suites that give up root write their counts too.
umask 0
unset CREW_NUM_THREADS CREW_PROGRESS CREW_TRACE CREW_VERBOSE OMP_NUM_THREADS OMP_THREAD_LIMIT OMP_STACKSIZE

# Nothing of lib is inlined, so that each branch is there once. Threads may lose counts, but none becomes 0 by that.
flags='-fprofile-update=single -fprofile-filter-files=.*/lib/(core|array|mpi)/.* -DCREW__ALWAYS_INLINE=inline'
flags="$flags -DTESTS_COUNTED"

cache=$(command -v ccache)

# configure FOLDER OPTION...
configure() {
    dir=$out/$1
    shift
    [ -e "$dir/build.ninja" ] || CC="$cache gcc" meson setup "$dir" -Doptimization=1 -Ddebug=false -Db_coverage=true \
        -Ddefault_library=static -Dtests=enabled -Dexamples=false -Dmpi=disabled -Dc_args="$flags" \
        -Dc_link_args="--coverage $out/exit.o" -Dcpp_link_args="--coverage $out/exit.o" "$@"
}

# names FOLDER SUITE: the tests of a suite, without what Meson puts in front
names() {
    meson test -C "$out/$1" --list --suite "$2" 2>/dev/null | sed -n 's/.* \/ //p'
}

# The explorer's suites need an optimised build, and have objects of their own.
suites() {
    # shellcheck disable=SC2046
    ninja -C "$out/$1" $(names "$1" default | sed 's|^fuzz_replay|fuzz/&|; s|^|tests/|') || return
    meson test -C "$out/$1" --no-rebuild --suite default || status=1
}

# What is done for libomp alone, with the same objects; what it does to results the builds by clang show.
on_libomp() {
    # shellcheck source=tests/bench/find_libomp.sh
    . tests/bench/find_libomp.sh
    for suite in test_for test_placement test_executor fault_create fault_limits; do
        [ -z "$libomp" ] || LD_PRELOAD=$libomp OMP_WAIT_POLICY=passive timeout 300 "$out/openmp/tests/$suite"
    done
    # What it does not survive itself.
    for bad in OMP_NUM_THREADS= OMP_STACKSIZE=99999999999999999999 OMP_PROC_BIND=99999999999 OMP_PLACES=99999999999; do
        [ -z "$libomp" ] || env "$bad" "LD_PRELOAD=$libomp" OMP_WAIT_POLICY=passive \
            timeout 300 "$out/openmp/tests/test_map" || echo "error: test_map on libomp, $bad"
    done
}

# What programs may be told by the environment: a bar, words on standard error, a trace; a name that crew does not know.
with_settings() {
    for suite in test_for test_graph test_stream test_task test_reduce test_process test_executor_map test_wait \
        test_lines; do
        env CREW_PROGRESS=1 CREW_VERBOSE=1 "CREW_TRACE=$out/trace.json" CREW_UNKNOWN=1 CREW_TRACK=1 CREW_BENCH_X=1 \
            CREW_STRESS_X=1 OMP_WAIT_POLICY=passive timeout 300 "$out/openmp/tests/$suite" ||
            echo "error: $suite with settings"
    done
    CREW_VERBOSE=1 timeout 300 "$out/sequential/tests/test_for" || echo "error: test_for without OpenMP, with words"
}

# One processor, a class of batch jobs, a process that goes before others, threads that are to stay where they are put.
elsewhere() {
    for how in "taskset -c 0" "chrt -b 0" "nice -n -1" "env CREW_BIND=0"; do
        for suite in test_for test_executor test_wakeup; do
            # shellcheck disable=SC2086
            OMP_WAIT_POLICY=passive timeout 300 $how "$out/openmp/tests/$suite" || echo "error: $suite, $how"
        done
    done
}

# A static program has neither dlopen nor dladdr.
static_program() {
    gcc -static -z muldefs -fopenmp --coverage "$out"/openmp/tests/test_for.p/*.o "$out/openmp/lib/libcrew.a" \
        "$out/exit.o" -lcheck -lsubunit -lm -lrt -pthread -o "$out/static" || return 0 # not each system can link one
    OMP_WAIT_POLICY=passive timeout 300 "$out/static" || echo "error: test_for in a static program"
}

# Compiles libcrew-mpi and what its suites share.
mpi_objects() {
    # shellcheck disable=SC2086
    printf '%s\n' "$root"/lib/mpi/*.c "$root"/tests/mpi/mpi_test.c "$root"/tests/mpi/polite.c \
        "$root"/tests/support/counting_alloc.c | xargs -n 1 -P "$(nproc)" \
        mpicc.openmpi -std=c11 -fopenmp -ffp-contract=off --coverage $flags -I"$root/include" -c
}

# mpi_program SOURCE OBJECT...
mpi_program() {
    program=$(basename "$1" .c)
    # shellcheck disable=SC2086
    mpicc.openmpi -std=c11 -fopenmp --coverage $flags -I"$root/include" "$@" "$out/openmp/lib/libcrew.a" \
        "$out/exit.o" -lm -o "$program" || echo "error: $program does not link"
}

# on_ranks RANKS PROGRAM ARGUMENT...
on_ranks() {
    timeout 300 mpirun.openmpi -n "$@" || echo "error: $2 on $1 ranks"
}

# In a folder of its own, so in a process of its own.
ranks() (
    mkdir -p "$out/mpi" && cd "$out/mpi" || exit
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 \
        OMPI_MCA_mpi_yield_when_idle=1 OMPI_MCA_hwloc_base_binding_policy=none OMP_WAIT_POLICY=passive \
        OMPI_CC="$cache gcc"
    mpi_objects || exit
    mv counting_alloc.o counting_alloc.object
    for suite in "$root"/tests/mpi/test_*.c; do
        case $suite in
        *_memory.c)
            mpi_program "$suite" ./*.o counting_alloc.object \
                -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=aligned_alloc
            ;;
        *) mpi_program "$suite" ./*.o ;;
        esac
        on_ranks 1 "./$program"
        on_ranks 4 "./$program"
    done
    mpi_program "$root/tests/mpi/start.c" ./*.o
    for level in none init single funneled serialized multiple; do
        on_ranks 2 ./start $level
    done
    # Counts that the program asks for, a rank with one processor, a process that no launcher has started.
    on_ranks 2 env CREW_NUM_THREADS=2 ./start
    on_ranks 2 env OMP_NUM_THREADS=2 ./start
    taskset -c 0 mpirun.openmpi -n 1 ./start || echo "error: start on one processor"
    for names in MPI_LOCALNRANKS=0 SLURM_NTASKS_PER_NODE=99999999999; do
        env $names timeout 300 ./test_mpi_submit || echo "error: test_mpi_submit alone, $names"
    done
    # A rank that ends without a word ends the job.
    mpi_program "$root/tests/mpi/die.c" ./*.o
    ! timeout 300 mpirun.openmpi -n 2 ./die exit || echo "error: die exit"
)

root=$PWD
if [ "${2-}" != --report ]; then
    find "$out" -name '*.gcda' -delete
    gcc -fPIC -c tests/checks/coverage_exit.c -o "$out/exit.o" || exit 2
    {
        configure openmp -Dopenmp=enabled && suites openmp || status=1
        on_libomp
        static_program
        configure sequential -Dopenmp=disabled -Darray=disabled && suites sequential || status=1
        with_settings
        elsewhere
        if command -v mpirun.openmpi >/dev/null 2>&1; then ranks || status=1; fi
    } >"$out/log" 2>&1
    grep -a -E '(FAIL|TIMEOUT|ERROR) |^error: ' "$out/log" && status=1
fi
python3 tests/checks/coverage.py . "$out" | tee "$out/report"
# shellcheck disable=SC2016
awk '$1 == "lib" { reached = $12 + 0 } END { if (reached < 94.5) { print "error: branches: " reached " %"; exit 1 } }' \
    "$out/report" || status=1
exit $status
