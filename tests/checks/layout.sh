#!/bin/sh
# What the layout promises: one seam, includes that go down only, short files, build lists that name every file.
set -u
cd "$(dirname "$0")/../.." || exit 2
status=0

complain() {
    echo "error: $*"
    status=1
}

# The seam. A word in a comment is no use of OpenMP, so only preprocessor lines and _Pragma count.
found=$(grep -rnE '^[[:space:]]*#.*_OPENMP|_Pragma\("omp|#[[:space:]]*pragma[[:space:]]+omp|#[[:space:]]*include[[:space:]]*<omp\.h>' \
    lib include | grep -vE '^(lib/backend/[^:]*\.c|include/crew/loop\.h):')
[ -z "$found" ] || complain "OpenMP outside lib/backend and include/crew/loop.h:
$found"

# A folder may include itself and what stands lower.
rank() {
    case $1 in
    base) echo 0 ;;
    backend | io) echo 1 ;;
    loop | task) echo 2 ;;
    array) echo 3 ;;
    process | mpi) echo 4 ;;
    *) echo unknown ;;
    esac
}
for file in lib/*/*.[ch]; do
    from=${file#lib/}
    from=${from%/*}
    own=$(rank "$from")
    [ "$own" != unknown ] || complain "$file: a folder without a place in the layers"
    # shellcheck disable=SC2013 # no include has a space in its name
    for include in $(sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*"\(.*\)".*/\1/p' "$file"); do
        case $include in
        ../*/*)
            to=${include#../}
            to=${to%%/*}
            other=$(rank "$to")
            [ "$to" = "$from" ] || [ "$other" -lt "$own" ] || complain "$file includes $include, which is not below it"
            ;;
        */*) complain "$file includes $include, which is no path of the form ../folder/file.h" ;;
        esac
    done
done

found=$(find lib include tests examples \( -name '*.[ch]' -o -name '*.sh' \) -exec wc -l {} + |
    awk '$2 != "total" && $1 > 600 { print $2 ": " $1 " lines" }')
[ -z "$found" ] || complain "longer than 600 lines:
$found"

# Meson has no globs, so its lists are compared with the folders.
for folder in lib/*/; do
    for file in "$folder"*.c; do
        [ ! -e "$file" ] || grep -q "'$(basename "$file")'" "${folder}meson.build" ||
            complain "$file is not in ${folder}meson.build"
    done
done
for file in tests/test_*.c tests/stress_*.c tests/fault_*.c tests/fuzz_*.c examples/*.c; do
    [ ! -e "$file" ] || grep -q "'$(basename "$file" .c)'" "$(dirname "$file")/meson.build" ||
        complain "$file is not in $(dirname "$file")/meson.build"
done
for file in include/crew/*.h; do
    grep -q "'crew/$(basename "$file")'" include/meson.build || complain "$file is not in include/meson.build"
done
for file in examples/*.c; do
    [ ! -e "$file" ] || grep -q "^$(basename "$file" .c)\b" tests/checks/examples.list ||
        complain "$file is not in tests/checks/examples.list"
done

exit $status
