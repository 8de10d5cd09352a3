#!/bin/sh
# crew over ranks: builds lib/mpi with Open MPI and with MPICH, and runs every suite on 1, 2, 3, 4 and 7 ranks, which
# may be more than there are processors; then the examples. Installs what is missing where it runs as root, else says
# what to install. --large: also clang with sanitizers, the sequential build, installed, and a transfer of more than
# 2^31 bytes, which takes 4.4 GB.
# Usage: run.sh FOLDER [--large]
#   CREW_TEST_ARCHIVE  the library for OpenMP, where it is built already; default: it is built here
set -u
cd "$(dirname "$0")/../.." || exit 2
out=$1
large=${2:-}
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
    for source in lib/mpi/*.c tests/mpi/mpi_test.c tests/mpi/polite.c tests/support/counting_alloc.c; do
        echo "mpicc.$mpi $warnings -Iinclude -c $source -o $dir/$(basename "$source" .c).o"
    done
    for suite in tests/mpi/test_*.c tests/mpi/count.c tests/mpi/die.c tests/mpi/large.c tests/mpi/start.c; do
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
    wrapped=-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=aligned_alloc
    find_library
    for program in tests/mpi/test_*.c tests/mpi/[cdls]*.c examples/mpi/*.c; do
        [ -e "$program" ] || continue
        name=$(basename "$program" .c)
        support=$dir/polite.o
        [ "$program" = "${program#tests}" ] || support="$support $dir/mpi_test.o"
        [ "$name" != test_mpi_memory ] || support="$support $dir/counting_alloc.o $wrapped"
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

# The programs in the opening comments, with what they say that they print.
program() {
    find_library
    for header in mpi mpi_algorithms mpi_submit; do
        awk -v folder="$dir" -v name=$header -f tests/checks/programs.awk include/crew/$header.h
        # shellcheck disable=SC2086
        try "$mpi: the program of $header.h compiles" "mpicc.$mpi" $warnings -Iinclude "$dir/$header.c" \
            "$dir/polite.o" $library "$out/core.a" -lm -o "$dir/$header"
        for n in 1 3; do
            "mpirun.$mpi" -n $n "$dir/$header" >"$dir/got" 2>/dev/null
            try "$mpi: the program of $header.h on $n ranks" diff "$dir/$header.want" "$dir/got"
        done
    done
}

# A rank that dies: the job ends within seconds, not by timeout, says something, and leaves nobody behind.
deaths() {
    cp "$dir/die" "$dir/die-$$"
    for how in kill abort segv exit shell processes; do
        name="$mpi: a rank that dies, $how"
        command="./die-$$ $how"
        [ $how != shell ] || command="sh -c './die-$$ kill; exit \$?'"
        started=$(date +%s)
        (cd "$dir" && eval "timeout -k 5 30 mpirun.$mpi -n 3 $command") >"$out/log" 2>&1
        status=$?
        seconds=$(($(date +%s) - started))
        looks=0
        while grep -qas "die-$$" /proc/[0-9]*/cmdline && [ $looks -lt 20 ]; do
            sleep 1
            looks=$((looks + 1))
        done
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

# says NAME PATTERN COMMAND...: it succeeds, and a line of what it says matches.
says() {
    name=$1
    pattern=$2
    shift 2
    if timeout -k 5 60 "$@" >"$out/log" 2>&1 && grep -q "$pattern" "$out/log"; then
        passed=$((passed + 1))
    else
        tail -n 15 "$out/log"
        complain "$name"
    fi
}

# MPI that the program has initialised, at each level; and a rank that the launcher binds to one processor.
starts() {
    for level in none init single funneled serialized multiple; do
        case $level in
        init | single) pattern='without thread support' ;;
        *) pattern='^sum 13.18875508520561$' ;;
        esac
        says "$mpi: start $level, alone" "$pattern" "$dir/start" $level
        says "$mpi: start $level" "$pattern" "mpirun.$mpi" -n 2 "$dir/start" $level
    done
    [ "$(nproc)" -gt 1 ] || return
    bind=--bind-to
    [ "$mpi" = openmpi ] || bind=-bind-to
    says "$mpi: a bound rank says so" 'crew: the launcher binds rank 0 to one of' "mpirun.$mpi" $bind core -n 1 \
        "$dir/start"
    for n in 1 2; do
        says "$mpi: bound ranks explain it, $n" 'uses 1 thread: the affinity mask (mpirun binds' \
            "mpirun.$mpi" $bind core -n $n "$dir/start"
    done
    if "mpirun.$mpi" $bind none -n 1 "$dir/start" 2>&1 | grep -q 'launcher binds'; then
        complain "$mpi: a rank that is not bound says that it is"
    fi
}

# Messages and bytes of each call, fitted: 64 ranks of the MPI that gives processors away by itself, 16 of the other.
counts() {
    many=16
    [ "$mpi" = mpich ] || many=64
    try "$mpi: messages at 1 to $many ranks" env CREW_NUM_THREADS=1 "mpirun.$mpi" -n $many "$dir/count"
}

larger_than_int() {
    available=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo)
    [ "${available:-0}" -ge 6000000 ] || { echo "SKIP $mpi: 2^31 bytes need 6 GB of free memory" && return; }
    try "$mpi: more than 2^31 bytes" "mpirun.$mpi" -n 2 "$dir/large"
}

# Open MPI refuses root unless it is told twice; everybody else needs no word.
users() {
    [ "$(id -u)" = 0 ] || return
    home=$(mktemp -d)
    cp "$dir/start" "$home"
    chown -R 65534:65534 "$home"
    says "$mpi: not as root" '^sum 13.18875508520561$' env -C "$home" -u OMPI_ALLOW_RUN_AS_ROOT \
        -u OMPI_ALLOW_RUN_AS_ROOT_CONFIRM HOME="$home" TMPDIR="$home" \
        setpriv --reuid=65534 --regid=65534 --clear-groups "mpirun.$mpi" -n 2 ./start
    rm -rf "$home"
    [ "$mpi" = openmpi ] || return
    if env -u OMPI_ALLOW_RUN_AS_ROOT -u OMPI_ALLOW_RUN_AS_ROOT_CONFIRM mpirun.openmpi -n 2 "$dir/start" \
        >"$out/log" 2>&1 ||
        ! grep -q 'allow-run-as-root' "$out/log"; then
        complain "openmpi: root is not refused, or not told how"
    fi
}

other_suites() { # all but the one that needs allocations of its own
    find tests/mpi -name 'test_*.c' ! -name '*memory*' | sort
}

# run_suites NAME FOLDER RANKS...: those that are linked there, with Open MPI.
run_suites() {
    name=$1
    folder=$2
    shift 2
    for suite in $(other_suites); do
        suite=$(basename "$suite" .c)
        for n; do
            try "$name: $suite on $n ranks" env -C "$folder" mpirun.openmpi -n "$n" "./$suite"
        done
    done
}

# The layer and its suites by clang with sanitizers, beside the core as it is. MPI's own leaks are not looked for.
sanitized() {
    if ! command -v clang >/dev/null 2>&1; then
        echo "SKIP MPI with sanitizers: please install clang"
        return
    fi
    dir=$out/clang
    mkdir -p "$dir"
    sanitize='-g -fsanitize=address,undefined -fno-sanitize-recover=undefined'
    if ! for source in lib/mpi/*.c tests/mpi/mpi_test.c tests/mpi/polite.c $(other_suites); do
        echo "$source"
    done | OMPI_CC=clang xargs -P "$(nproc)" -I{} sh -c "mpicc.openmpi -std=c11 -O1 $sanitize -Wall -Wextra -Wpedantic \
        -Wconversion -Werror -Iinclude -c {} -o $dir/\$(basename {} .c).o || exit 255"; then
        complain "lib/mpi or tests/mpi does not compile with clang"
        return
    fi
    find_library
    for suite in $(other_suites); do
        suite=$(basename "$suite" .c)
        # shellcheck disable=SC2086
        OMPI_CC=clang mpicc.openmpi $sanitize "$dir/$suite.o" "$dir/mpi_test.o" "$dir/polite.o" $library "$out/core.a" \
            -lgomp -lm -o "$dir/$suite" || complain "clang: $suite does not link"
    done
    ASAN_OPTIONS=detect_leaks=0 run_suites sanitized "$dir" 3
}

# The sequential build, which is installed too: by pkg-config and by CMake.
installed() {
    build=$out/sequential
    prefix=$out/prefix
    rm -rf "$prefix"
    if ! { { [ -e "$build/build.ninja" ] || CC=$cc meson setup "$build" -Dbuildtype=debug \
        -Dopenmp=disabled -Dmpi=enabled -Dmpi_package=ompi-c -Dtests=disabled -Dexamples=false \
        -Ddefault_library=shared -Dlibdir=lib --prefix="$prefix"; } &&
        meson install -C "$build"; } >"$out/log" 2>&1; then
        tail -n 15 "$out/log"
        complain "the sequential build with MPI cannot be installed"
        return
    fi
    dir=$out/sequential-suites
    mkdir -p "$dir"
    objects=$(find "$build/lib" -name '*.o')
    for suite in $(other_suites); do
        # shellcheck disable=SC2086
        mpicc.openmpi -std=c11 -O1 -Iinclude "$suite" tests/mpi/mpi_test.c tests/mpi/polite.c $objects -pthread -lm \
            -o "$dir/$(basename "$suite" .c)" || complain "sequential: $suite does not link"
    done
    run_suites sequential "$dir" 3
    # shellcheck disable=SC2046
    mpicc.openmpi tests/mpi/start.c $(PKG_CONFIG_PATH=$prefix/lib/pkgconfig pkg-config --cflags --libs crew-mpi) \
        -Wl,-rpath,"$prefix/lib" -o "$dir/start" || complain "pkg-config crew-mpi"
    says "pkg-config crew-mpi" '^sum 13.18875508520561$' mpirun.openmpi -n 2 "$dir/start"
    if ! command -v cmake >/dev/null 2>&1; then
        echo "SKIP MPI with CMake: please install cmake"
        return
    fi
    cp tests/mpi/start.c tests/mpi/CMakeLists.txt "$dir"
    rm -rf "$dir/cmake"
    try "CMake crew-mpi is configured" cmake -S "$dir" -B "$dir/cmake" -DCMAKE_PREFIX_PATH="$prefix" \
        -DMPI_C_COMPILER=mpicc.openmpi
    try "CMake crew-mpi is built" cmake --build "$dir/cmake"
    says "CMake crew-mpi" '^sum 13.18875508520561$' mpirun.openmpi -n 2 "$dir/cmake/start"
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
    gcc -O2 -fopenmp -Iinclude examples/word_count.c "$out/core.a" -lm -o "$out/word_count"
    # Text of some MiB with a long line at its end, and a file without a line.
    {
        for _ in 1 2 3 4 5 6 7 8; do cat README.md CHANGELOG.md examples/*.md lib/*/*/*.c; done
        tr '\n' ' ' <examples/FROM.md
    } >"$out/text"
    : >"$out/empty"
    "$out/word_count" "$out/text" "$out/empty" CONTRIBUTING.md | grep -v '^time' >"$out/words.txt"
    for n in 1 3; do
        (
            cd "$dir" || exit
            rm -f ./*.ppm ./*.npy
            "mpirun.$mpi" -n $n ./heat 96 200 heat.ppm >heat-$n.txt
            "mpirun.$mpi" -n $n ./pi 1000001 | grep -v '^time' >pi-$n.txt
            "mpirun.$mpi" -n $n ./word_count ../text ../empty "$OLDPWD/CONTRIBUTING.md" >words-$n.txt
            "mpirun.$mpi" -n $n ./sort_npy make 100003 in.npy
            "mpirun.$mpi" -n $n ./sort_npy in.npy sorted-$n.npy >sort-$n.txt
        )
        same "$mpi: the picture of heat on $n ranks" "$out/heat.ppm" "$dir/heat.ppm"
        same "$mpi: what heat says on $n ranks" "$out/heat.txt" "$dir/heat-$n.txt"
        same "$mpi: words on $n ranks" "$out/words.txt" "$dir/words-$n.txt"
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
core=core
[ -z "${CREW_TEST_ARCHIVE:-}" ] || core=:
if ! { $core && both compile; } | xargs -P "$(nproc)" -I{} sh -c '{} || { echo "{}" >&2; exit 255; }'; then
    complain "lib/mpi, tests/mpi or examples/mpi does not compile"
    echo "$passed passed, $failed failed"
    exit 1
fi
rm -f "$out/core.a"
if [ -n "${CREW_TEST_ARCHIVE:-}" ]; then
    cp "$CREW_TEST_ARCHIVE" "$out/core.a"
else
    ar rcs "$out/core.a" "$out"/core/*.o
fi
both link_all
both headers
both program
both ranks
both starts
both counts
both users
both deaths
both examples
sources
[ "$large" != --large ] || { sanitized && installed && both larger_than_int; }
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
