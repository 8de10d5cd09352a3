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
    for suite in tests/mpi/test_*.c tests/mpi/die.c; do
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

# The objects of libcrew-mpi for $mpi.
find_library() {
    library=
    for source in lib/mpi/*.c; do
        library="$library $dir/$(basename "$source" .c).o"
    done
}

link_all() {
    find_library
    for program in tests/mpi/test_*.c tests/mpi/die.c examples/mpi/*.c; do
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

# The program in the opening comment, with what it says that it prints.
program() {
    find_library
    awk -v folder="$dir" -v name=header -f tests/checks/programs.awk include/crew/mpi.h
    # shellcheck disable=SC2086
    try "$mpi: the header's program compiles" "mpicc.$mpi" $warnings -Iinclude "$dir/header.c" "$dir/polite.o" \
        $library "$out/core.a" -lm -o "$dir/header"
    for n in 1 3; do
        "mpirun.$mpi" -n $n "$dir/header" >"$dir/got" 2>/dev/null
        try "$mpi: the header's program on $n ranks" diff "$dir/header.want" "$dir/got"
    done
}

# A rank that dies: the job ends within seconds, not by timeout, says something, and leaves nobody behind.
deaths() {
    cp "$dir/die" "$dir/die-$$"
    for how in kill abort segv exit shell; do
        name="$mpi: a rank that dies, $how"
        command="./die-$$ $how"
        [ $how != shell ] || command="sh -c './die-$$ kill; exit \$?'"
        started=$(date +%s)
        (cd "$dir" && eval "timeout -k 5 30 mpirun.$mpi -n 3 $command") >"$out/log" 2>&1
        status=$?
        seconds=$(($(date +%s) - started))
        sleep 1
        if [ $status = 0 ] || [ $seconds -ge 30 ]; then
            complain "$name: it ends with $status after $seconds s"
        elif [ ! -s "$out/log" ] || { [ $how = exit ] && ! grep -q 'crew: rank 1' "$out/log"; }; then
            complain "$name: nobody says so"
        elif grep -qas "die-$$" /proc/[0-9]*/cmdline; then
            complain "$name: ranks are left"
        else
            passed=$((passed + 1))
        fi
    done
    rm -f "$dir/die-$$"
}

# same NAME FILE FILE
same() {
    if cmp -s "$2" "$3"; then
        passed=$((passed + 1))
    else
        complain "$1"
    fi
}

examples() {
    gcc -O2 -fopenmp -Iinclude examples/heat.c "$out/core.a" -lm -o "$out/heat"
    (cd "$out" && ./heat 96 200 heat.ppm | grep -v '^time' >heat.txt)
    for n in 1 3; do
        (
            cd "$dir" || exit
            rm -f ./*.ppm ./*.npy
            "mpirun.$mpi" -n $n ./heat 96 200 heat.ppm >heat-$n.txt
            "mpirun.$mpi" -n $n ./pi 1000001 | grep -v '^time' >pi-$n.txt
            "mpirun.$mpi" -n $n ./sort_npy make 100003 in.npy
            "mpirun.$mpi" -n $n ./sort_npy in.npy sorted-$n.npy >sort-$n.txt
        )
        same "$mpi: the picture of heat on $n ranks" "$out/heat.ppm" "$dir/heat.ppm"
        same "$mpi: what heat says on $n ranks" "$out/heat.txt" "$dir/heat-$n.txt"
        [ $n != 1 ] || mv "$dir/sorted-1.npy" "$dir/sorted"
    done
    same "$mpi: pi" "$dir/pi-1.txt" "$dir/pi-3.txt"
    same "$mpi: sort_npy" "$dir/sorted" "$dir/sorted-3.npy"
    same "$mpi: what sort_npy says" "$dir/sort-1.txt" "$dir/sort-3.txt"
}

# The core knows nothing of MPI, the layer never starts ranks and never adds numbers by floating-point MPI_Allreduce.
sources() {
    for word in MPI_Comm_spawn MPI_File_ MPI_DOUBLE MPI_FLOAT MPI_Alltoallv; do
        if grep -n "$word" lib/mpi/*.[ch]; then
            complain "lib/mpi uses $word"
        else
            passed=$((passed + 1))
        fi
    done
    if nm -u "$out/core.a" | grep -q ' MPI_'; then
        complain "the core uses MPI"
    else
        passed=$((passed + 1))
    fi
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
both program
both ranks
both deaths
both examples
sources
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
