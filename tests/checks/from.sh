#!/bin/sh
# Every C snippet of examples/FROM.md compiles without warnings, with gcc and clang, with OpenMP and without, and prints
# what the page says, at 1, 2 and 8 threads; and the page has a word for all that Python's pools and futures offer.
# Usage: from.sh FOLDER, with what oneline.sh left there.
set -u
cd "$(dirname "$0")/../.." || exit 2
out=$1
work=$out/from
status=0
rm -rf "$work"
mkdir -p "$work"

complain() {
    echo "error: $*"
    status=1
}

awk -v folder="$work" -f tests/checks/from.awk examples/FROM.md || status=1

for build in gcc-openmp gcc-sequential clang-openmp; do
    ar rcs "$work/$build.a" "$out/$build"/objects/*.o || exit 1
done

# shellcheck disable=SC2016,SC2011 # the inner shell expands; names without spaces
ls "$work"/*.c | WORK=$work xargs -P "$(nproc)" -I{} sh -c '
    for build in gcc-openmp gcc-sequential clang-openmp; do
        flag=-fopenmp
        [ $build != gcc-sequential ] || flag=
        program=$WORK/$build-$(basename {} .c)
        flags="-std=c11 -O1 $flag -Iinclude -Wall -Wextra -Wpedantic -Werror"
        ${build%%-*} $flags {} "$WORK/$build.a" -lm -o "$program" ||
            echo "error: {} does not compile: $build"
    done' >"$work/compile.log" 2>&1
grep -q '^error: ' "$work/compile.log" && status=1
cat "$work/compile.log"

# Files that a snippet writes are in the folder of its build.
count=0
for want in "$work"/*.want; do
    snippet=$(basename "$want" .want)
    for build in gcc-openmp gcc-sequential clang-openmp; do
        mkdir -p "$work/run-$build"
        for threads in 1 2 8; do
            (cd "$work/run-$build" && CREW_NUM_THREADS=$threads "$work/$build-${snippet%-*}" "${snippet##*-}" 2>&1) |
                sed 's/ *$//' >"$work/got"
            diff "$want" "$work/got" >"$work/diff" || {
                complain "$snippet, $build, $threads threads prints (>), where the page says (<):"
                cat "$work/diff"
            }
        done
    done
    count=$((count + 1))
    [ -s "$want" ] || complain "$snippet states no result"
done
[ $count -gt 20 ] || complain "only $count snippets were found"
echo "$count snippets"

# Nothing of what is offered may be forgotten.
if command -v /usr/bin/python3 >/dev/null 2>&1; then
    /usr/bin/python3 - examples/FROM.md <<'END' || status=1
import concurrent.futures as futures, inspect, multiprocessing.pool as pools, re, sys
words = set(re.findall(r"\w+", open(sys.argv[1]).read()))
wanted = []
for cls in (pools.Pool, pools.AsyncResult, futures.Executor, futures.Future):
    wanted += [(cls.__name__, name) for name in vars(cls) if inspect.isfunction(vars(cls)[name]) and name[0] != "_"]
for cls in (pools.Pool, futures.ThreadPoolExecutor, futures.ProcessPoolExecutor):
    wanted += [(cls.__name__, name) for name in inspect.signature(cls).parameters]
wanted += [("concurrent.futures", name) for name in futures.__all__ if not name.endswith(("Error", "Executor"))]
try:
    import joblib
    wanted += [("joblib.Parallel", name) for name in inspect.signature(joblib.Parallel).parameters if name[0] != "k"]
except ImportError:
    print("SKIP names of joblib: no python3-joblib")
missing = [f"{owner}.{name}" for owner, name in wanted if name not in words]
if missing:
    sys.exit(f"error: {sys.argv[1]} has no word for {' '.join(missing)}")
print(len(wanted), "names of Python's")
END
else
    echo "SKIP names of Python's pools: no python3"
fi
exit $status
