#!/bin/sh
# What compiling the library costs, in processor time with gcc at -O2, against a fixed file of many small functions on
# the same machine. The goal is 4 s for the core and 18 s for everything where the reference takes 1.7 s; beyond twice
# that it fails. Usage: compile_time.sh FOLDER
set -u
cd "$(dirname "$0")/../.." || exit 2
root=$PWD
status=0
mkdir -p "$1/objects"
cd "$1/objects" || exit 2
export CCACHE_DISABLE=1

# The same bytes every time: a loop, a branch, a call and a switch in each.
awk 'BEGIN {
    print "#include <stdint.h>\n#include <string.h>"
    for (i = 0; i < 420; i++)
        printf "uint64_t f%d(const uint64_t *x, unsigned char *y, uint64_t n)\n{\n    uint64_t s = %d;\n" \
            "    for (uint64_t i = 0; i < n; i++) {\n        s += x[i] * %d;\n        if (s & %d)\n" \
            "            memcpy(y + i, &s, sizeof s);\n        switch (s %% %d) {\n" \
            "        case 0:\n            s ^= x[0];\n" \
            "            break;\n        case 1:\n            y[i] = (unsigned char)s;\n            break;\n" \
            "        default:\n            s = s << 3 | s >> 61;\n        }\n    }\n    return s;\n}\n", \
            i, i, 2 * i + 1, i % 64 + 1, i % 7 + 3
}' >reference.c

# seconds FILE...: processor time of compiling them one after the other: the second line of `times`, of children.
seconds() {
    sh -c 'include=$1 && shift && gcc -O2 -fopenmp -I"$include" -c "$@" && times' sh "$root/include" "$@" |
        awk 'NR == 2 { gsub(/[ms]/, " "); print 60 * ($1 + $3) + $2 + $4 }'
}

# limit WHAT MOST FILE...: at most MOST times the reference, which is compiled before and after.
limit() {
    what=$1
    most=$2
    shift 2
    before=$(seconds reference.c)
    took=$(seconds "$@")
    after=$(seconds reference.c)
    echo "$what: $took s, the reference $before and $after s"
    awk -v took="$took" -v unit="$before" -v other="$after" -v most="$most" \
        'BEGIN { exit !(took > 0 && took <= most * (unit + other) / 2) }' || {
        echo "error: compiling $what takes more than $most times the reference"
        status=1
    }
}
limit core 4.7 "$root"/lib/core/*/*.c
limit everything 21 "$root"/lib/*/*/*.c
exit $status
