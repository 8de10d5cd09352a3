#!/bin/sh
# Builds crew with and without OpenMP and runs every suite once on each: what whoever has changed something wants to
# know. Usage: sh tests/run.sh [--all | --release]
#   --all      the whole matrix: gcc, clang, thread counts, sanitizers, fuzzing, checks of the sources, installation
#   --release  that, and what a version needs once: mutants, which test the tests, packages, a minute of soak
# Builds and logs are in build-tests/. A failure is shown when it happens. The last line is "N passed, M failed".
set -u
cd "$(dirname "$0")/.." || exit 2

all=no release=no
case "${1-}" in
'') ;;
--all) all=yes ;;
--release) all=yes release=yes ;;
*)
    echo "usage: sh tests/run.sh [--all | --release]" >&2
    exit 2
    ;;
esac

work=$PWD/build-tests
logs=$work/logs
mkdir -p "$logs"
unset CREW_NUM_THREADS CREW_PROGRESS CREW_TRACE CREW_VERBOSE OMP_NUM_THREADS OMP_THREAD_LIMIT OMP_STACKSIZE

# need FILE-OR-COMMAND PACKAGE
missing=
need() {
    command -v "$1" >/dev/null 2>&1 || [ -e "$1" ] || missing="$missing $2"
}
need gcc gcc
need /usr/include/stdio.h libc6-dev
need meson meson
need ninja ninja-build
need pkg-config pkg-config
need /usr/include/check.h check
if [ $all = yes ]; then
    need g++ g++
    need clang clang
    need clang-format clang-format
    need clang-tidy clang-tidy
    need cppcheck cppcheck
    need shellcheck shellcheck
    need cmake cmake
    need aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
    need /usr/aarch64-linux-gnu/include/stdio.h libc6-dev-arm64-cross
    need i686-linux-gnu-gcc gcc-i686-linux-gnu
    need /usr/i686-linux-gnu/include/stdio.h libc6-dev-i386-cross
    need qemu-aarch64 qemu-user
    need musl-gcc musl-tools
    need tcc tcc
    need clang-19 clang-19
    need /usr/include/zlib.h zlib1g-dev
    need /usr/lib/python3/dist-packages/numpy python3-numpy
    need cython3 cython3
    need "$(echo /usr/include/python3*/Python.h)" python3-dev
    need "$(echo /usr/lib/*/openblas-pthread/libopenblas.so.0)" libopenblas0-pthread
    need "$(echo /usr/lib/*/openblas-openmp/libopenblas.so.0)" libopenblas0-openmp
    need /usr/include/tbb/tbb.h libtbb-dev
    need mpicc.openmpi libopenmpi-dev
    need mpirun.openmpi openmpi-bin
    need mpicc.mpich libmpich-dev
    need mpirun.mpich mpich
    need valgrind valgrind
    need /usr/include/valgrind/drd.h valgrind
    need doxygen doxygen
    need groff groff
    need "$(echo /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a | cut -d ' ' -f 1)" libclang-rt-14-dev
    ls /usr/lib/llvm-*/lib/libarcher.so >/dev/null 2>&1 || missing="$missing libomp-dev"
fi
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "installing$missing"
        # shellcheck disable=SC2086
        if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } \
            >"$logs/packages.log" 2>&1; then
            tail -n 20 "$logs/packages.log"
            exit 2
        fi
    else
        echo "please install first: apt-get install$missing" >&2
        exit 2
    fi
fi

passed=0
failed=0

# run NAME COMMAND...: what the command writes is in NAME.log, but for what it writes to descriptor 3, which is seen at
# once; NAME.end has its status and seconds.
run() {
    log=$logs/$1
    shift
    started=$(date +%s)
    "$@" 3>&1 >"$log.log" 2>&1
    echo $? $(($(date +%s) - started)) >"$log.end"
}

# show NAME...: counts the tests in the outputs of commands that have run.
show() {
    for name in "$@"; do
        read -r status seconds <"$logs/$name.end"
        # shellcheck disable=SC2046
        set -- $(awk -v status="$status" -f tests/checks/count.awk "$logs/$name.log")
        passed=$((passed + $1))
        failed=$((failed + $2))
        printf '%-16s %5d passed %3d failed %4d s\n' "$name" "$1" "$2" "$seconds"
        grep -a '^SKIP' "$logs/$name.log" | sort -u | sed 's/^/  /'
        if [ "$2" != 0 ]; then
            grep -a -E '^[^ ]+:[0-9]+:[FE]:|^FAIL|^error: |: (error|runtime error|warning): |SUMMARY: ' \
                "$logs/$name.log" | head -n 20
            echo "  --- the end of $logs/$name.log"
            tail -n 30 "$logs/$name.log" | sed 's/^/  /'
        fi
    done
}

step() {
    run "$@"
    show "$1"
}

# Passes on what Meson says of each suite, failures to descriptor 3 too, with what the suite says of them.
show_failures() {
    while IFS= read -r line; do
        printf '%s\n' "$line"
        case $line in
        *' FAIL '* | *' TIMEOUT '* | *' ERROR '* | *' INTERRUPT '*)
            printf '  %s\n' "$line" >&3
            grep -a -E '^[^ ]+:[0-9]+:[FE]:|SUMMARY: ' "$1" | tail -n 3 | sed 's/^/    /' >&3
            ;;
        esac
    done
}

# suites NAME COMPILER OPTION...: configures, builds and tests build-tests/NAME, but for what $leave_out says.
leave_out=
suites() {
    dir=$work/$1
    compiler=$2
    shift 2
    [ -e "$dir/build.ninja" ] || CC=$compiler meson setup "$dir" "$@" || return
    meson compile -C "$dir" || return
    rm -f "$dir/meson-logs/testlog.txt"
    # shellcheck disable=SC2086
    { meson test -C "$dir" --no-rebuild --num-processes "$at_once" $leave_out 2>&1 || touch "$dir/failed"; } |
        show_failures "$dir/meson-logs/testlog.txt" >"$dir/test-output.txt"
    grep -a -v '^Inherited environment' "$dir/meson-logs/testlog.txt" || cat "$dir/test-output.txt"
    [ ! -e "$dir/failed" ] || ! rm "$dir/failed"
}

# A third of the suites' time is sleep: one more at once than there are processors takes 0.87 of the time.
at_once=$(($(nproc) + 1))
[ $all = yes ] || leave_out='--no-suite threads --no-suite stack'
step gcc suites gcc gcc -Dwerror=true -Dopenmp=enabled -Dtests=enabled
step sequential suites sequential gcc -Dwerror=true -Dopenmp=disabled -Dmpi=disabled -Dtests=enabled -Dexamples=false

if [ $all = yes ]; then
    # The explorer goes through the sources' interleavings, not the compiler's. What a compiler makes of a suite, and
    # what memory that touches, does not depend on the number that CREW_NUM_THREADS gives.
    leave_out='--no-suite explore --no-suite threads'
    step clang suites clang clang -Dwerror=true -Dopenmp=enabled -Dmpi=disabled -Dtests=enabled -Dexamples=false

    # libgomp's pool is never freed, so it has a suppression of its own.
    # -O1 compiles in two thirds of the time of -O2, which is half of this step.
    # gcc 12 keeps 512-bit registers where AddressSanitizer's replaced frames are not aligned for them, so no
    # detect_stack_use_after_return.
    export ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=0
    export LSAN_OPTIONS="suppressions=$PWD/tests/checks/lsan.supp:print_suppressions=0"
    export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
    sanitize='-Dbuildtype=debug -Doptimization=1 -Db_sanitize=address,undefined -Db_lundef=false -Dexamples=false'
    sanitize="$sanitize -Dmpi=disabled"
    # shellcheck disable=SC2086
    step asan suites asan gcc $sanitize -Dopenmp=enabled -Dtests=enabled
    # The array's sources are the same in both builds; the core's are not, and it stands alone.
    # shellcheck disable=SC2086
    step asan-core suites asan-core gcc $sanitize -Dopenmp=disabled -Dtests=enabled -Darray=disabled
    unset ASAN_OPTIONS LSAN_OPTIONS UBSAN_OPTIONS

    # These wait for one thread at a time more often than not.
    step tsan-objects sh tests/tsan/run.sh objects "$work/tsan"
    run tsan-archer sh tests/tsan/run.sh archer "$work/tsan" &
    run tsan-standin sh tests/tsan/run.sh standin "$work/tsan"
    wait
    show tsan-archer tsan-standin
    step valgrind sh tests/valgrind/run.sh "$work/valgrind"

    step fuzz sh tests/fuzz/run.sh 10 1 "$work/fuzz"
    step digest sh tests/checks/digest.sh "$work/digest"
    step static sh tests/checks/static.sh

    # Most of these compile or wait for one thing at a time: half of them beside the others.
    {
        run tsan-program sh tests/tsan/user_program.sh "$work/tsan-program"
        run oneline sh tests/checks/oneline.sh "$work/oneline"
        run examples sh tests/checks/examples.sh "$work/oneline"
        run programs sh tests/checks/programs.sh "$work/oneline"
        run wrong sh tests/checks/wrong.sh "$work/oneline"
        run from sh tests/checks/from.sh "$work/oneline"
        run blas sh tests/checks/blas.sh "$work/oneline"
        run tbb sh tests/checks/tbb.sh "$work/oneline"
        run layout sh tests/checks/layout.sh
        run format sh tests/checks/format.sh
        run shell sh tests/checks/shell.sh
        run fault-alloc sh tests/checks/fault_alloc.sh
        run security sh tests/checks/security.sh "$work/gcc/lib/libcrew.so"
        run report sh tests/checks/report.sh "$work/report"
        run fault-matrix sh tests/fault_matrix/run.sh "$work/fault-matrix"
        run platforms sh tests/checks/platforms.sh "$work/platforms"
    } &
    run mpi env CREW_TEST_ARCHIVE="$work/gcc/lib/libcrew.a" sh tests/mpi/run.sh "$work/mpi"
    run headers sh tests/checks/headers.sh
    run readme sh tests/checks/readme.sh "$work/readme"
    run install sh tests/install/run.sh "$work/install"
    run python sh tests/checks/python.sh "$work/python" "$work/install/prefix-enabled-moved"
    run reference sh tests/checks/reference.sh "$work/reference"
    run abi sh tests/checks/abi.sh "$work/abi" "$work/gcc/lib/libcrew.so"
    wait
    show tsan-program oneline examples programs wrong from blas tbb layout format shell fault-alloc security report \
        fault-matrix mpi platforms headers readme install python reference abi

    step compile-time sh tests/checks/compile_time.sh "$work/compile-time"
    step bench sh tests/bench/run.sh --quick launch fork_join-interop
fi

if [ $release = yes ]; then
    step explore-mutants sh tests/explore/mutants.sh "$work/mutants"
    step mutants sh tests/checks/mutants.sh "$work/unit-mutants"
    step package sh tests/checks/package.sh "$work/package"
    step soak sh tests/soak.sh 60
    step valgrind-all sh tests/valgrind/run.sh "$work/valgrind" --all
    step coverage sh tests/checks/coverage.sh "$work/coverage"
    step mpi-large sh tests/mpi/run.sh "$work/mpi-large" --large
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
