#!/bin/sh
# Builds the library and three of the examples with nothing but a C compiler, and runs them with one thread and with
# all. Usage: sh examples/run.sh. What it makes is in build-examples/: libcrew.a, the programs and a picture. Run
# again, it compiles what has changed. CC and CFLAGS say with what (default: cc, -O2).
set -eu
cd "$(dirname "$0")/.."

cc=${CC:-cc}
if ! command -v "${cc%% *}" >/dev/null 2>&1 || [ ! -e /usr/include/stdio.h ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "installing gcc"
        { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends gcc libc6-dev; } \
            >/dev/null
    else
        echo "please install a C compiler first: apt-get install gcc libc6-dev" >&2
        exit 2
    fi
fi
flags=${CFLAGS:--O2}
out=build-examples
mkdir -p $out/objects

openmp=-fopenmp
echo 'int main(void) { return 0; }' >$out/probe.c
if ! $cc $openmp $out/probe.c -o $out/probe 2>/dev/null; then
    echo "$cc has no OpenMP: this is the sequential build"
    openmp=
fi

# Objects of another compiler or of other flags are of no use; neither are those older than a header.
with="$cc $flags $openmp"
if [ "$(cat $out/with 2>/dev/null)" != "$with" ] ||
    [ -n "$(find lib include -name '*.h' -newer $out/with 2>/dev/null | head -n 1)" ]; then
    rm -f $out/objects/*.o $out/libcrew.a
    echo "$with" >$out/with
fi
stale=
count=0
for source in lib/*/*/*.c; do
    object=$out/objects/$(basename "$source" .c).o
    if [ ! -e "$object" ] || [ -n "$(find "$source" -newer "$object")" ]; then
        stale="$stale $source"
        count=$((count + 1))
    fi
done
if [ $count -gt 0 ]; then
    jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
    started=$(date +%s)
    echo "compiling $count files of the library, $jobs at a time: $with -Iinclude -c"
    # The largest first, so that none of them is left at the end; a line for every twenty says how far it is.
    # shellcheck disable=SC2086,SC2016,SC2011 # names without spaces; the inner shell expands
    ls -S $stale | WITH=$with OUT=$out xargs -P "$jobs" -I FILE sh -c '
        $WITH -Iinclude -c FILE -o "$OUT/objects/$(basename FILE .c).o" || exit 255
        echo FILE' |
        awk -v all="$count" 'NR % 20 == 0 || NR == all { printf "  %d of %d, last %s\n", NR, all, $0 }'
    rm -f $out/libcrew.a
    ar rcs $out/libcrew.a $out/objects/*.o
    echo "$out/libcrew.a is ready after $(($(date +%s) - started)) s"
fi

# show NAME ARGUMENT...
show() {
    name=$1
    shift
    echo
    echo "== $name: $with -Iinclude examples/$name.c $out/libcrew.a -lm"
    # shellcheck disable=SC2086
    $with -Iinclude "examples/$name.c" $out/libcrew.a -lm -o "$out/$name"
    echo "-- one thread"
    CREW_NUM_THREADS=1 "$out/$name" "$@"
    echo "-- all threads"
    "$out/$name" "$@"
}

show quickstart
show word_count README.md CHANGELOG.md LICENSE include/crew/*.h lib/*/*/*.[ch] examples/*.c
show mandelbrot 1200 800 $out/mandelbrot.png

cat <<END

What to look at next:
  $out/mandelbrot.png      the picture
  examples/quickstart.c         each loop, plain and with crew; the other examples have one idea a file
  include/crew/for.h            the reference: start with crew_for, then reduce.h, executor.h, sort.h
  $with -Wall -Werror=incompatible-pointer-types -Iinclude app.c $out/libcrew.a -lm
                                compiles a program of your own; examples/ERRORS.md has what compilers say of slips
END
