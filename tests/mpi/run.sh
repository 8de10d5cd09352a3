#!/bin/sh
# crew over ranks: builds lib/mpi with Open MPI and with MPICH, and runs every suite on 1, 2, 3, 4 and 7 ranks, which
# may be more than there are processors; then the examples. Installs what is missing where it runs as root, else says
# what to install. Usage: run.sh FOLDER
set -u
cd "$(dirname "$0")/../.." || exit 2
out=$1
mkdir -p "$out"
out=$(cd "$out" && pwd)
passed=0
failed=0
unset CREW_NUM_THREADS OMP_NUM_THREADS CREW_PROGRESS CREW_TRACE CREW_VERBOSE

missing=
for tool in mpicc.openmpi:libopenmpi-dev mpirun.openmpi:openmpi-bin mpicc.mpich:libmpich-dev mpirun.mpich:mpich; do
    command -v "${tool%:*}" >/dev/null 2>&1 || missing="$missing ${tool#*:}"
done
if [ -n "$missing" ]; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
        echo "SKIP MPI: please install first: apt-get install$missing"
        exit 0
    fi
    # shellcheck disable=SC2086
    if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } \
        >"$out/packages.log" 2>&1; then
        echo "SKIP MPI: apt-get install$missing fails"
        exit 0
    fi
fi

# Root must say so twice, more ranks than processors once; and OpenMP's threads must not spin for each other.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 \
    OMPI_MCA_mpi_yield_when_idle=1 OMPI_MCA_hwloc_base_binding_policy=none OMP_WAIT_POLICY=passive
cc=gcc
! command -v ccache >/dev/null || cc='ccache gcc'
export OMPI_CC="$cc" MPICH_CC="$cc"
warnings='-std=c11 -O2 -fopenmp -Wall -Wextra -Wpedantic -Wconversion -Werror'

complain() {
    echo "error: $*"
    failed=$((failed + 1))
}

# try NAME COMMAND...: one test; its output is seen where it fails.
try() {
    name=$1
    shift
    if timeout -k 5 120 "$@" >"$out/log" 2>&1; then
        passed=$((passed + 1))
    else
        tail -n 15 "$out/log"
        complain "$name"
    fi
}

# both COMMAND...: the command for each MPI, with $mpi and $dir.
both() {
    for mpi in openmpi mpich; do
        dir=$out/$mpi
        mkdir -p "$dir"
        "$@"
    done
}

compile() {
    for source in lib/mpi/*.c tests/mpi/mpi_test.c tests/mpi/polite.c; do
        echo "mpicc.$mpi $warnings -Iinclude -c $source -o $dir/$(basename "$source" .c).o"
    done
    for suite in tests/mpi/test_*.c; do
        echo "mpicc.$mpi $warnings -Iinclude -c $suite -o $dir/$(basename "$suite" .c).o"
    done
    for example in examples/mpi/*.c; do
        [ ! -e "$example" ] || echo "mpicc.$mpi $warnings -Iinclude -c $example -o $dir/$(basename "$example" .c).o"
    done
}

core() {
    for source in lib/*/*/*.c; do
        echo "$cc -O2 -fopenmp -Iinclude -c $source -o $out/core/$(echo "$source" | tr / _).o"
    done
}

link_all() {
    library=
    for source in lib/mpi/*.c; do
        library="$library $dir/$(basename "$source" .c).o"
    done
    for program in tests/mpi/test_*.c examples/mpi/*.c; do
        [ -e "$program" ] || continue
        name=$(basename "$program" .c)
        case $program in
        tests/*) support="$dir/mpi_test.o $dir/polite.o" ;;
        *) support=$dir/polite.o ;;
        esac
        # shellcheck disable=SC2086
        "mpicc.$mpi" -fopenmp "$dir/$name.o" $support $library "$out/core.a" -lm -o "$dir/$name" ||
            complain "$mpi: $name does not link"
    done
}

ranks() {
    for suite in tests/mpi/test_*.c; do
        suite=$(basename "$suite" .c)
        try "$mpi: $suite alone" env -C "$dir" "./$suite"
        for n in 2 3 4 7; do
            try "$mpi: $suite on $n ranks" env -C "$dir" "mpirun.$mpi" -n $n "./$suite"
        done
    done
    # Teams of several threads, as users have them.
    for suite in tests/mpi/test_*.c; do
        suite=$(basename "$suite" .c)
        try "$mpi: $suite, threads" env -C "$dir" CREW_NUM_THREADS=3 "mpirun.$mpi" -n 2 "./$suite"
    done
}

headers() {
    for compiler in "mpicc.$mpi -x c -std=c11" "mpicxx.$mpi -x c++ -std=c++17"; do
        printf '#include <crew/mpi.h>\n#include <crew/mpi.h>\n' >"$dir/alone.c"
        # Its C++ header, which C++ programs may ask for, has warnings.
        # shellcheck disable=SC2086
        try "$mpi: $compiler, the header alone" $compiler -DOMPI_SKIP_MPICXX -DMPICH_SKIP_MPICXX -Wall -Wextra \
            -Wpedantic -Wconversion -Werror -Iinclude -fsyntax-only "$dir/alone.c"
    done
}

mkdir -p "$out/core"
if ! { core && both compile; } | xargs -P "$(nproc)" -I{} sh -c '{} || { echo "{}" >&2; exit 255; }'; then
    complain "lib/mpi, tests/mpi or examples/mpi does not compile"
    echo "$passed passed, $failed failed"
    exit 1
fi
rm -f "$out/core.a"
ar rcs "$out/core.a" "$out"/core/*.o
both link_all
both headers
both ranks
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
