#!/bin/sh
# Other processors, C libraries and compilers: the same bits on aarch64 (under qemu-user), on 32-bit x86 (run by this
# kernel) and with musl (static); no warning of a new clang; inline functions of gnu89; a clear message where the
# compiler has no atomics. digest_32.txt has the lines of digest.txt whose results are indices, which are shorter there.
# Usage: platforms.sh FOLDER
set -u
cd "$(dirname "$0")/../.." || exit 2
out=$1
root=$PWD
status=0
unset CREW_NUM_THREADS CREW_PROGRESS CREW_TRACE CREW_VERBOSE OMP_NUM_THREADS OMP_THREAD_LIMIT OMP_STACKSIZE

complain() {
    echo "error: $*"
    status=1
}

# objects NAME COMPILER FLAG...: compiles the library, and the digest with it.
objects() {
    rm -rf "${out:?}/$1"
    mkdir -p "$out/$1"
    (cd "$out/$1" && shift && printf '%s\n' "$root"/lib/*/*/*.c "$root"/tests/checks/digest*.c |
        xargs -P "$(nproc)" -n 8 "$@" -I"$root/include" -c)
}

# digest NAME EXPECTED COMMAND...
digest() {
    name=$1
    expected=$2
    shift 2
    if ! timeout -s KILL 600 "$@" >"$out/$name.txt"; then
        complain "$name: the digest does not run"
    elif ! diff "$expected" "$out/$name.txt"; then
        complain "$name: other bits"
    fi
}

if objects aarch64 aarch64-linux-gnu-gcc -std=c11 -O2 -Wall -Wextra -Werror -fopenmp &&
    aarch64-linux-gnu-gcc -fopenmp "$out"/aarch64/*.o -o "$out/aarch64/digest" -lm; then
    digest aarch64 tests/checks/digest.txt qemu-aarch64 -L /usr/aarch64-linux-gnu "$out/aarch64/digest" 2
else
    complain "aarch64: does not build"
fi

awk 'NR == FNR { key = $0; sub(/ [^ ]*$/, "", key); here[key] = $0; next }
    { key = $0; sub(/ [^ ]*$/, "", key); print key in here ? here[key] : $0 }' \
    tests/checks/digest_32.txt tests/checks/digest.txt >"$out/expected_32.txt"
if objects i386 i686-linux-gnu-gcc -std=c11 -O2 -msse2 -mfpmath=sse -Wall -Wextra -Werror -fopenmp &&
    i686-linux-gnu-gcc -fopenmp "$out"/i386/*.o -o "$out/i386/digest" -lm; then
    system=/usr/i686-linux-gnu/lib
    if "$system/ld-linux.so.2" --help >/dev/null 2>&1; then
        digest i386 "$out/expected_32.txt" "$system/ld-linux.so.2" --library-path "$system" "$out/i386/digest" 2
    else # qemu-i386 7 does not get past pthread_create
        echo "SKIP i386: this kernel runs no 32-bit programs"
    fi
else
    complain "i386: does not build"
fi
if i686-linux-gnu-gcc -std=c11 -march=i686 -mno-sse2 -Iinclude -c lib/core/task/task.c -o "$out/x87.o" \
    2>"$out/x87.txt" || ! grep -q -- '-mfpmath=sse' "$out/x87.txt"; then
    complain "the x87 is not refused"
fi

if objects musl musl-gcc -std=c11 -O2 -Wall -Wextra -Werror &&
    musl-gcc -static "$out"/musl/*.o -o "$out/musl/digest" -lm; then
    digest musl tests/checks/digest.txt "$out/musl/digest" 1
else
    complain "musl: does not build"
fi

if ! objects gnu89 gcc -std=gnu11 -O0 -fgnu89-inline -fopenmp ||
    ! gcc -fopenmp "$out"/gnu89/*.o -o "$out/gnu89/digest" -lm; then
    complain "-fgnu89-inline: does not build"
fi

mkdir -p "$out/omp" && cp "$(clang -print-resource-dir)/include/omp.h" "$out/omp"
for openmp in "-fopenmp -isystem $out/omp" -fno-openmp; do
    # shellcheck disable=SC2086
    objects clang-new clang-19 -std=c11 -fsyntax-only -Wall -Wextra -Wpedantic -Wconversion -Werror $openmp ||
        complain "clang 19, $openmp: warnings"
done

if tcc -Iinclude -c lib/core/loop/for.c -o "$out/tcc.o" 2>"$out/tcc.txt"; then
    echo "tcc compiles it"
elif ! grep -q 'crew needs' "$out/tcc.txt"; then
    complain "a compiler without atomics gets no clear message: $(head -n 1 "$out/tcc.txt")"
fi
exit $status
