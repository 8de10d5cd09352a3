#!/bin/sh
# The reference: every public function has a comment, a man page without warnings and a place in examples/INDEX.md,
# which names nothing else; examples/ERRORS.md has all errors; the links of the pages lead somewhere; Doxygen has no
# warning. Usage: reference.sh FOLDER
set -u
cd "$(dirname "$0")/../.." || exit 2
mkdir -p "$1"
out=$(cd "$1" && pwd)
status=0
headers=$(ls include/crew/*.h)
inline=$(cd include/crew/inline && ls sort.h merge.h filter.h partition.h unique.h find.h map.h reduce.h)

complain() {
    echo "error: $*"
    status=1
}

python=$(command -v /usr/bin/python3 || command -v python3) || {
    echo "SKIP the reference: no python3"
    exit 0
}
reference() {
    # shellcheck disable=SC2086 # names without spaces
    $python -B lib/package/reference.py "$@" $headers
}

bare=$(reference bare) || complain "no comment describes $bare"
reference names >"$out/names" || complain "names"

# In the index a name stands for its types.
stems() {
    sed -E 's/(_(f32|f64|i8|i16|i32|i64|u8|u16|u32|u64|bool))+$//' | sort -u
}
reference types | sort -u >"$out/types"
grep -vxFf "$out/types" "$out/names" | stems >"$out/stems"
grep -oE '\b(crew|CREW)_[A-Za-z0-9_]+' examples/INDEX.md | stems >"$out/index"
missing=$(comm -23 "$out/stems" "$out/index")
[ -z "$missing" ] || complain "examples/INDEX.md lacks $missing"
unknown=$(comm -13 "$out/stems" "$out/index")
[ -z "$unknown" ] || complain "examples/INDEX.md names what is not there: $unknown"

sed -n 's/^    {E[A-Z]*, "\(E[A-Z]*\)",.*/\1/p' lib/core/base/error.c >"$out/errors"
[ -s "$out/errors" ] || complain "lib/core/base/error.c has no errors"
while read -r error; do
    grep -q -e "-$error\b" examples/ERRORS.md || complain "examples/ERRORS.md has no word on $error"
done <"$out/errors"

# Links inside the tree.
for page in README.md examples/*.md examples/python/README.md tests/bench/README.md lib/README.md; do
    grep -oE '\]\([^)#:]+\)' "$page" | sed 's/^](//; s/)$//' >"$out/links"
    while read -r link; do
        [ -e "$(dirname "$page")/$link" ] || complain "$page: no $link"
    done <"$out/links"
done

rm -rf "$out/man3"
# shellcheck disable=SC2046,SC2086
$python -B lib/package/reference.py man "$out/man3" 0 $headers $(echo "$inline" | sed 's#^#include/crew/inline/#') ||
    complain "man pages"
[ "$(find "$out/man3" -name '*.3' | wc -l)" -ge "$(wc -l <"$out/names")" ] || complain "too few man pages"
for name in crew_sort_f64 crew_sort_f32 crew_reduce_by_key_sum_u64_i64 CREW_SUM crew_options crew_for; do
    grep -q '^.SH DESCRIPTION' "$out/man3/$name.3" || complain "no man page of $name"
done
for section in 'SH EXAMPLE' 'SH SINCE'; do
    without=$(grep -L "^.$section" "$out"/man3/*.3 | grep -v '/crew_map_fn\.3$')
    [ -z "$without" ] || complain "man pages without $section: $without"
done
if command -v groff >/dev/null 2>&1; then
    find "$out/man3" -name '*.3' -print0 | xargs -0 -n 100 groff -man -ww -z -Tutf8 >"$out/groff.log" 2>&1
    [ ! -s "$out/groff.log" ] || complain "groff: $(head -n 5 "$out/groff.log")"
else
    echo "SKIP warnings of man pages: no groff"
fi

if command -v doxygen >/dev/null 2>&1; then
    { cat lib/package/Doxyfile && echo "OUTPUT_DIRECTORY = $out/doxygen"; } | doxygen - >"$out/doxygen.log" 2>&1 ||
        complain "doxygen ends with an error"
    ! grep -E 'warning|error' "$out/doxygen.log" || complain "doxygen has warnings"
    [ "$(find "$out/doxygen/html" -name '*_8h.html' | wc -l)" -ge 30 ] || complain "doxygen wrote too few pages"
    grep -q 'class="fragment"' "$out/doxygen/html/for_8h.html" || complain "doxygen: no program in for.h"
    for name in crew_sort_f64 crew_for CREW_SUM; do
        grep -qr "$name" "$out/doxygen/html" || complain "doxygen: no $name"
    done
else
    echo "SKIP Doxygen: not found"
fi
exit $status
