#!/bin/sh
# What a distribution asks of a library: checked copies, stack protector, relocations that are read-only and bound at
# load, no executable stack, nothing writable and executable, no format from outside, no name in a shared folder that
# somebody could guess. Usage: security.sh LIBCREW.so (one that Meson built optimised)
set -u
library=$1
cd "$(dirname "$0")/../.." || exit 2
status=0

complain() {
    echo "error: $*"
    status=1
}

symbols=$(nm -D --undefined-only "$library") || exit 2
case $symbols in *__stack_chk_fail*) ;; *) complain "no stack protector" ;; esac
echo "$symbols" | grep -qE '_(memcpy|snprintf|memset)_chk' || complain "no _FORTIFY_SOURCE"
headers=$(readelf -lW "$library")
echo "$headers" | grep -q GNU_RELRO || complain "no RELRO"
readelf -dW "$library" | grep -q BIND_NOW || complain "symbols are not bound at load"
echo "$headers" | grep 'GNU_STACK' | grep -q 'RW ' || complain "an executable stack"
! echo "$headers" | grep -q 'RWE' || complain "a segment that is writable and executable"
! readelf -dW "$library" | grep -q TEXTREL || complain "relocations in code"

# All formats are literals, or belong to a function that the compiler checks as printf.
for source in lib/*/*/*.c; do
    gcc -std=gnu11 -Iinclude -O1 -Wformat -Werror=format-security -fsyntax-only "$source" || complain "$source"
done

# Shared memory is anonymous: there is no name to guess.
found=$(grep -rnE '\b(shm_open|tmpnam|tempnam|mktemp|sem_open)\(|"/tmp' lib)
[ -z "$found" ] || complain "names in shared folders:
$found"

# The environment names a file only in trace.c, which looks whether the program runs with another user's rights.
found=$(grep -rln 'CREW_TRACE' lib | grep -v -e base/trace -e base/env -e base/settings)
[ -z "$found" ] || complain "files from the environment: $found"
grep -q 'AT_SECURE' lib/core/base/trace.c || complain "CREW_TRACE is obeyed in setuid programs"
exit $status
