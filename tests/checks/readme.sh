#!/bin/sh
# The README's first program, as it stands there, compiles by the line that stands there and prints what stands there,
# at any thread count and without OpenMP. Usage: readme.sh FOLDER
set -u
cd "$(dirname "$0")/../.." || exit 2
out=$1
status=0
mkdir -p "$out"

complain() {
    echo "error: $*"
    status=1
}

sh examples/run.sh >"$out/examples.log" || {
    tail -n 20 "$out/examples.log"
    complain "examples/run.sh"
}
awk '/^```c$/ { inside = 1; next } /^```$/ { inside = 0 } inside' README.md >"$out/app.c"
line=$(sed -n 's/^    \(cc .* app\.c build-examples.*\) && .*/\1/p' README.md)
# shellcheck disable=SC2016 # backquotes of Markdown
want=$(sed -n 's/^It prints `\([^`]*\)`.*/\1/p' README.md)
[ -n "$line" ] || complain "README.md has no line that compiles the first program"
[ -n "$want" ] || complain "README.md does not say what the first program prints"

# try WHAT LINE: compiles by the line, runs with 1, 2 and 8 threads.
try() {
    eval "$(echo "$2" | sed "s# app\.c # $out/app.c -Wall -Wextra -Werror #") -o $out/app" || complain "$1: $2"
    for threads in 1 2 8; do
        said=$(CREW_NUM_THREADS=$threads "$out/app")
        [ "$said" = "$want" ] || complain "$1, $threads threads: it prints '$said', README.md says '$want'"
    done
}
try 'the archive' "$line"
core=$(sed -n 's/^    \(cc .* app\.c lib\/core.*\)/\1/p' README.md)
all=$(sed -n 's/^    \(cc .* app\.c lib\/\*\/\*\/.*\)/\1/p' README.md)
[ -n "$core" ] || complain "README.md has no line that compiles the core"
try 'all sources' "$all"
try 'all sources, sequential' "$(echo "$all" | sed 's/ -fopenmp//')"
exit $status
