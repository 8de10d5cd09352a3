#!/bin/sh
# cppcheck and clang-tidy over the library and the examples, as both builds, with no findings.
set -u
cd "$(dirname "$0")/../.." || exit 2
status=0

# Of values that are set through a pointer cppcheck cannot tell whether they are; clang's analyzer, below, can. Neither
# follows a grid through a struct in statements that are macros' arguments, which examples/nas is made of.
for openmp in -D_OPENMP=201511 -U_OPENMP; do
    cppcheck --enable=warning,performance,portability --inline-suppr --suppress=uninitvar \
        --suppress=uninitStructMember --error-exitcode=1 --quiet -i examples/nas --std=c11 -j "$(nproc)" \
        -D__GNUC__=12 -D__GLIBC__=2 -D__x86_64__=1 $openmp -Iinclude lib examples || status=1
done

# tidy FLAG FOLDER... What includes mpi.h is left out: it need not be there.
tidy() {
    flag=$1
    shift
    find "$@" -name '*.c' ! -path '*/mpi/*' ! -path '*/nas/*' -print0 |
        xargs -0 -n 4 -P "$(nproc)" sh -c 'clang-tidy --quiet "$@" -- -std=c11 '"$flag"' -Iinclude' sh || status=1
}
# Only the backend and what uses CREW_FOR differ without OpenMP.
tidy -fopenmp lib examples
tidy '' lib/core/backend examples
exit $status
