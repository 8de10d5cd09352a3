#!/bin/sh
# Faults of the system and of programs, each in a process of its own under a watchdog, on libgomp, on libomp (with the
# same objects) and in the sequential build. Prints a table: how often each was survived, and what it was if not always.
# Usage: run.sh FOLDER [ROUNDS [NAME]]: each once, or ROUNDS times, or only the faults with NAME in theirs. With 20
# rounds or more it is the whole campaign: faults that repeat themselves do so as often as they say, in one round.
set -u
cd "$(dirname "$0")/../.." || exit 2
mkdir -p "$1" && folder=$(cd "$1" && pwd) || exit 2
rounds=${2:-1}
if [ "$rounds" -ge 20 ]; then
    export MATRIX_FULL=1
else
    export OMP_WAIT_POLICY=passive # threads that spin take most of the time where other programs run
fi
unset CREW_NUM_THREADS CREW_PROGRESS CREW_TRACE CREW_VERBOSE OMP_NUM_THREADS OMP_THREAD_LIMIT OMP_STACKSIZE
# shellcheck source=tests/bench/find_libomp.sh
. tests/bench/find_libomp.sh

here=tests/fault_matrix
flags='-std=gnu11 -O1 -g -fPIC -pthread -ffp-contract=off -fexceptions -Wall -Wextra -Iinclude'
libraries='-lm -ldl -pthread'
parts='matrix fork_faults thread_faults memory_faults leave_faults load_faults signal_faults environment_faults
    creation shortage jumping_clock calls'

# build KIND COMPILER OPTION: objects of the core and of the matrix, in a folder of their own
build() {
    objects=$folder/$1
    mkdir -p "$objects/core"
    for source in lib/core/*/*.c; do
        echo "$2 $flags $3 -c $source -o $objects/core/$(basename "$source" .c).o"
    done | xargs -P "$(nproc)" -I{} sh -c '{}' || exit 2
    for part in $parts plugin; do
        echo "$2 $flags $3 -c $here/$part.c -o $objects/$part.o"
    done | xargs -P "$(nproc)" -I{} sh -c '{}' || exit 2
}

# program KIND NAME LIBRARY...
program() {
    objects=$folder/$1
    out=$folder/$2
    mkdir -p "$out"
    shift 2
    main=
    for part in $parts; do
        main="$main $objects/$part.o"
    done
    # shellcheck disable=SC2086
    if command -v g++ >/dev/null && g++ -O1 -fPIC -c $here/throw.cpp -o "$out/throw.o"; then
        g++ $main "$out/throw.o" "$objects"/core/*.o "$@" $libraries -o "$out/matrix"
    else
        gcc $main "$objects"/core/*.o "$@" $libraries -o "$out/matrix"
    fi || exit 2
}

# plugin KIND NAME LIBRARY...
plugin() {
    objects=$folder/$1
    out=$folder/plugin-$2.so
    shift 2
    # shellcheck disable=SC2086
    gcc -shared -Wl,-Bsymbolic "$objects"/plugin.o "$objects"/calls.o "$objects"/core/*.o "$@" $libraries -o "$out" ||
        exit 2
}

build openmp gcc -fopenmp
build plain gcc -fno-openmp
program openmp libgomp -fopenmp
plugin openmp libgomp -fopenmp
program plain sequential
plugin plain sequential
names='libgomp sequential'
if [ -n "$libomp" ]; then
    # shellcheck disable=SC2086
    program openmp libomp $libomp_link
    # shellcheck disable=SC2086
    plugin openmp libomp $libomp_link
    names='libgomp libomp sequential'
    if command -v clang >/dev/null; then
        build clang clang -fopenmp
        # shellcheck disable=SC2086
        plugin clang clang $libomp_link
    fi
fi
gcc -O1 -fPIC -shared $here/take_tls.c -o "$folder/tls.so" || exit 2
for name in $names; do
    cp "$folder"/plugin-*.so "$folder/$name/"
    cp "$folder/plugin-$name.so" "$folder/$name/plugin-own.so"
    for i in $(seq 0 63); do
        cp "$folder/tls.so" "$folder/$name/tls-$i.so"
    done
done

status=0
tables=
for name in $names; do
    echo "== $name" >&2
    # CREW_TRACE writes files of strange names.
    mkdir -p "$folder/$name/work"
    (cd "$folder/$name/work" && "$folder/$name/matrix" "$rounds" ${3+"$3"}) \
        >"$folder/$name.table" 2>"$folder/$name.log" || status=1
    tables="$tables $folder/$name.table"
    grep -aE '^error|^tests/fault_matrix' "$folder/$name.log"
done
# shellcheck disable=SC2086
awk -F '|' -v names="$names" '
    FNR == 1 { column++ }
    { if (!($1 in seen)) { seen[$1] = 1; order[++n] = $1 } cell[$1, column] = $2 " " $3 }
    END {
        many = split(names, name, " ")
        printf "%-36s", "fault"
        for (c = 1; c <= many; c++) printf " %-16s", name[c]
        print ""
        for (i = 1; i <= n; i++) {
            printf "%-36s", order[i]
            for (c = 1; c <= many; c++) printf " %-16s", cell[order[i], c]
            print ""
        }
    }' $tables
# A line for each fault that was not survived, and the summary that the runner of all tests counts.
for name in $names; do
    awk -F '|' -v name="$name" '
        { n++ }
        $3 != "right" && $3 != "not here" { print "FAIL " name ": " $1 ": " $3; failed++ }
        END { printf "%d%%: Checks: %d, Failures: %d, Errors: 0\n", n ? 100 * (n - failed) / n : 0, n, failed }
    ' "$folder/$name.table"
done
exit $status
