#!/bin/sh
# A program with ThreadSanitizer on a crew without it and the stock libgomp: no report on what crew orders, one on
# a race, with gcc and clang, with the archive and the shared library; and with a crew that tells nothing many reports,
# else the program would show nothing. Usage: user_program.sh FOLDER
set -u
cd "$(dirname "$0")/../.." || exit 2
out=$1
root=$PWD
status=0

complain() {
    echo "error: $*"
    status=1
}

# library NAME FLAG...
library() {
    name=$1
    shift
    rm -rf "${out:?}/$name"
    mkdir -p "$out/$name"
    (cd "$out/$name" && echo "$root"/lib/*/*/*.c | xargs -P "$(nproc)" -n 8 \
        gcc -std=c11 -O1 -fPIC -fopenmp "$@" -I"$root/include" -c) || exit 1
    ar rcs "$out/$name/libcrew.a" "$out/$name"/*.o
    gcc -shared -fopenmp "$out/$name"/*.o -o "$out/$name/libcrew.so" -lm
}

# reports COMPILER LIBRARY MODE: how many there are.
reports() {
    "$1" -std=c11 -O1 -g -Wall -Wextra -fsanitize=thread -Iinclude tests/tsan/user_program.c "$out/$2" \
        "-Wl,-rpath,$out/${2%/*}" -lgomp -lm -ldl -lpthread -o "$out/program" || return 1
    "$out/program" "$3" >"$out/program.log" 2>&1
    ! grep '^error: ' "$out/program.log" >&2 || return 1
    grep -c 'WARNING: ThreadSanitizer: data race' "$out/program.log"
}

library told
library untold -DCREW__RACES_SEEN
for compiler in gcc clang; do
    for kind in libcrew.a libcrew.so; do
        found=$(reports $compiler told/$kind clean)
        [ "$found" = 0 ] || complain "$compiler, $kind: ${found:-no} reports on a program without a race"
        found=$(reports $compiler told/$kind racy)
        [ "${found:-0}" -gt 0 ] || complain "$compiler, $kind: no report on a race"
    done
done
found=$(reports gcc untold/libcrew.a clean)
[ "${found:-0}" -gt 10 ] || complain "only ${found:-no} reports where crew tells nothing"
exit $status
