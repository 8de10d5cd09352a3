#!/bin/sh
# What the layout promises: one seam, includes that go down only, a folder, a suite and a bench workload for each
# public header of an array algorithm, unique file names, short files and lines, a first line that says what a source
# is, build lists that name every file.
set -u
cd "$(dirname "$0")/../.." || exit 2
status=0

complain() {
    echo "error: $*"
    status=1
}

# The seam. A word in a comment is no use of OpenMP, so only preprocessor lines and _Pragma count.
uses='^[[:space:]]*#.*_OPENMP|_Pragma\("omp|#[[:space:]]*pragma[[:space:]]+omp'
found=$(grep -rnE "$uses"'|#[[:space:]]*include[[:space:]]*<omp\.h>' lib include |
    grep -vE '^(lib/core/backend/[^:]*\.c|include/crew/loop\.h):')
[ -z "$found" ] || complain "OpenMP outside lib/core/backend and include/crew/loop.h:
$found"

# A folder may include itself and what stands lower.
rank() {
    case $1 in
    core/base) echo 0 ;;
    core/backend | core/io) echo 1 ;;
    core/loop | core/task) echo 2 ;;
    core/process | core/file) echo 3 ;;
    array/typed) echo 4 ;;
    array/exact | array/move | array/random | array/reduce) echo 5 ;;
    array/scan | array/filter | array/sort | array/histogram) echo 6 ;;
    array/find | array/by_key | array/set) echo 7 ;;
    mpi) echo 8 ;;
    *) echo unknown ;;
    esac
}
for file in lib/*/*/*.[ch]; do
    from=${file#lib/}
    from=${from%/*}
    own=$(rank "$from")
    [ "$own" != unknown ] || complain "$file: a folder without a place in the layers"
    # shellcheck disable=SC2013 # no include has a space in its name
    for include in $(sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*"\(.*\)".*/\1/p' "$file"); do
        case $include in
        ../../*/*/*) to=${include#../../} ;;
        ../*/*) to=${from%/*}/${include#../} ;;
        */*)
            complain "$file includes $include, which is no path of the form ../folder/file.h"
            continue
            ;;
        *) continue ;;
        esac
        to=${to%/*}
        other=$(rank "$to")
        [ "$to" = "$from" ] || [ "$other" -lt "$own" ] || complain "$file includes $include, which is not below it"
    done
done

# The MPI layer is a library of its own on top of all: nothing below includes it, and it includes what it names.
for file in lib/mpi/*.[ch]; do
    found=$(sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*"\(.*\)".*/\1/p' "$file" |
        grep -vE '^([a-z_]+\.h|\.\./(core|array)/[a-z_]+/[a-z_]+\.h)$')
    [ -z "$found" ] || complain "$file includes $found"
    [ "${file%.h}" != "$file" ] || grep -q "'$(basename "$file")'" lib/mpi/meson.build ||
        complain "$file is not in lib/mpi/meson.build"
done
found=$(grep -rnE 'include[[:space:]]*(<mpi\.h>|<crew/mpi\.h>|"[./]*mpi/)' lib/core lib/array include |
    grep -v '^include/crew/mpi[a-z_]*.h:')
[ -z "$found" ] || complain "MPI outside lib/mpi:
$found"

# The folder that implements a public header, its suite and its bench workload bear its name, or it stands in core.
for header in include/crew/*.h; do
    name=$(basename "$header" .h)
    case $name in
    by_key | exact | filter | find | histogram | move | reduce | scan | set | sort)
        [ -d "lib/array/$name" ] || complain "$header has no folder lib/array/$name"
        ls tests/unit/test_"$name"*.c >/dev/null 2>&1 || complain "$header has no tests/unit/test_$name.c"
        grep -q "{\"$name\"," tests/bench/array_cases.c tests/bench/tables.h ||
            complain "$header has no workload $name in tests/bench"
        ;;
    esac
done

# cc -c of all sources works in one folder.
found=$(find lib -name '*.[ch]' -exec basename {} \; | sort | uniq -d)
[ -z "$found" ] || complain "more than one file is named: $found"

found=$({
    find lib include \( -name '*.[ch]' \) -exec wc -l {} + |
        awk '$2 != "total" && $1 > 410 { print $2 ": " $1 " lines" }'
    find tests examples \( -name '*.[ch]' -o -name '*.sh' \) -exec wc -l {} + |
        awk '$2 != "total" && $1 > 600 { print $2 ": " $1 " lines" }'
})
[ -z "$found" ] || complain "longer than about 400 lines, or 600 in tests and examples:
$found"

# Feature macros may stand before it.
for file in lib/*/*/*.c lib/mpi/*.c tests/*/*.c examples/*.c examples/nas/*.c; do
    case $(grep -vE '^(#define _[A-Z_]+( [0-9]+L?)?)?$' "$file" | head -n 1) in
    '/*'* | //*) ;;
    *) complain "$file does not begin with what it is" ;;
    esac
done

# Comments and prose too; a script's sed expressions cannot always be broken.
found=$(grep -rnE '^.{121,}' lib include examples README.md CHANGELOG.md CONTRIBUTING.md meson.build meson.options |
    cut -c 1-100)
[ -z "$found" ] || complain "longer than 120 columns:
$found"
found=$(grep -rnE '^.{121,}' tests --include='*.[ch]' --include='*.sh' --include='*.cpp' --include=meson.build |
    grep -vE '^tests/(checks|explore)/mutants.sh:' | cut -c 1-100)
[ -z "$found" ] || complain "longer than 120 columns:
$found"

# Meson has no globs, so its lists are compared with the folders.
for file in lib/*/*/*.c; do
    library=$(echo "$file" | cut -d / -f 1-2)
    grep -q "'${file#"$library"/}'" "$library/meson.build" || complain "$file is not in $library/meson.build"
done
for file in tests/unit/*.c tests/stress/*.c tests/fault/*.c tests/fuzz/*.c tests/explore/*.c examples/*.c; do
    grep -q "$(basename "$file" .c)\b" "$(dirname "$file")/meson.build" ||
        complain "$file is not in $(dirname "$file")/meson.build"
done
for file in include/crew/*.h; do
    grep -q "'crew/$(basename "$file")'" include/meson.build || complain "$file is not in include/meson.build"
done
for file in examples/*.c examples/nas/*.c; do
    name=${file#examples/}
    grep -q "^${name%.c}\b" tests/checks/examples.list ||
        complain "$file is not in tests/checks/examples.list"
done

exit $status
