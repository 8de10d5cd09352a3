#!/bin/sh
# What programs that are compiled already depend on: the symbols of the shared library with their versions, the sizes
# and offsets of public structs, the values of constants. They are in lib/package/abi.txt; a change that is not meant
# fails. Usage: abi.sh FOLDER [LIBRARY], libcrew.so being built where none is named. After a change that is meant:
#
#   sh tests/checks/abi.sh FOLDER --write
#
# A line that is gone or other breaks programs: that wants a new soname. One that is new does not, but for a struct.
set -u
cd "$(dirname "$0")/../.." || exit 2
mkdir -p "$1"
out=$(cd "$1" && pwd)
list=lib/package/abi.txt
library=${2:-}
write=0
[ "$library" != --write ] || { write=1 library=; }
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$PWD/examples/python"

if [ "$(uname -m)" != x86_64 ] || ! command -v /usr/bin/python3 >/dev/null 2>&1; then
    echo "SKIP abi: the list is that of 64-bit x86, and python3 reads it"
    exit 0
fi
if [ -z "$library" ]; then
    [ -e "$out/build/build.ninja" ] || meson setup "$out/build" -Dtests=disabled -Dexamples=false >"$out/build.log" 2>&1
    meson compile -C "$out/build" >>"$out/build.log" 2>&1 || {
        tail -n 20 "$out/build.log"
        exit 1
    }
    library=$out/build/lib/libcrew.so
fi
export LIBCREW="$library"
/usr/bin/python3 examples/python/declarations.py --check || exit 1
{
    nm -D --defined-only "$library" | awk '$2 != "A" { sub(/@@/, " ", $3); print "symbol", $3 }' | LC_ALL=C sort
    /usr/bin/python3 tests/checks/python_struct.py c >"$out/structs.c" &&
        gcc -Iinclude "$out/structs.c" -o "$out/structs" && "$out/structs" |
        awk '{ print "struct", $1, $2; for (i = 3; i <= NF; i++) print "member", $1 "." $i }'
    /usr/bin/python3 -c 'import crew
for name in sorted(n for n in vars(crew) if n.startswith("CREW_")):
    print("constant", name, getattr(crew, name))'
} >"$out/abi.txt"
for kind in symbol struct member constant; do
    grep -q "^$kind crew_\|^$kind CREW_" "$out/abi.txt" || {
        echo "error: no $kind was found"
        exit 1
    }
done
if [ $write = 1 ]; then
    cp "$out/abi.txt" "$list"
    exit 0
fi
diff "$list" "$out/abi.txt" >"$out/abi.diff" && exit 0
cat "$out/abi.diff"
echo "error: what programs depend on is no longer $list; if that is meant: sh tests/checks/abi.sh $1 --write"
exit 1
