#!/bin/sh
# Every public header compiles alone, twice in a row, as C11 and C++17, with and without OpenMP; every internal one as
# C11 after the feature macros that the sources define. The statements of loop.h in use: statements.c.
set -u
cd "$(dirname "$0")/../.." || exit 2
status=0
warnings='-Wall -Wextra -Wpedantic -Wconversion -Werror'

# compile HEADER COMPILER FLAG...
compile() {
    header=$1
    shift
    {
        printf '#include "%s"\n#include "%s"\n' "$header" "$header"
        case $header in
        */loop.h | */crew.h)
            printf 'void f(double *y);\nvoid f(double *y)\n{\n'
            printf '    CREW_FOR (i, 9)\n        y[i] = 1;\n}\n'
            ;;
        esac
        echo 'typedef int not_empty;'
    } | "$@" -Iinclude -I. -fsyntax-only - || {
        echo "error: $* $header"
        status=1
    }
}

# shellcheck disable=SC2086
for openmp in '' -fopenmp; do
    for header in include/crew/*.h; do
        # tests/mpi/run.sh compiles them with each MPI.
        case $header in */mpi*.h) continue ;; esac
        for cc in gcc clang; do
            compile "$header" $cc -x c -std=c11 $openmp $warnings
        done
        for cxx in g++ clang++; do
            compile "$header" $cxx -x c++ -std=c++17 $openmp $warnings
        done
    done
    for cc in 'gcc -x c -std=c11' 'clang -x c -std=c11' 'g++ -x c++ -std=c++17' 'clang++ -x c++ -std=c++17'; do
        $cc $openmp $warnings -Wshadow -O2 -Iinclude -S -o - tests/checks/statements.c >/dev/null || {
            echo "error: $cc $openmp tests/checks/statements.c"
            status=1
        }
    done
    for header in lib/*/*/*.h; do
        case $header in
        *_template.h) ;;
        *) compile "$header" gcc -x c -std=c11 -D_GNU_SOURCE $openmp $warnings ;;
        esac
    done
done
exit $status
