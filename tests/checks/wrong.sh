#!/bin/sh
# Programs with the slips of examples/ERRORS.md do not compile, or warn, with the README's flags, and gcc and clang say
# what stands there. Usage: wrong.sh FOLDER, with what oneline.sh left there.
set -u
cd "$(dirname "$0")/../.." || exit 2
out=$1
work=$out/wrong
status=0
mkdir -p "$work"
flags=$(sed -n 's/^    cc \(.*\) app\.c build-examples.*/\1/p' README.md)
[ -n "$flags" ] || echo "error: README.md has no line that compiles the first program"

# slip SAID STATEMENT [FUNCTION]: both compilers say SAID, a regular expression, whose words stand on the page.
slip() {
    printf '#include <crew/crew.h>\ndouble x[9], s;\nfloat y[9];\n%s\nint main(void)\n{\n    %s\n    return 0;\n}\n' \
        "${3:-}" "$2" >"$work/slip.c"
    for compiler in gcc clang; do
        # shellcheck disable=SC2086
        LC_ALL=C $compiler -std=c11 $flags -c "$work/slip.c" -o "$work/slip.o" >"$work/said" 2>&1
        grep -E '(error|warning): ' "$work/said" | grep -qE "$1" || {
            echo "error: $compiler says nothing like '$1' of: $2 ${3:-}"
            status=1
        }
    done
}

loop='crew_for(9, body, x, NULL);'
pointer='incompatible .*pointer type.*Werror'
slip "$pointer" "$loop" 'static int body(int begin, int end, void *ctx) { return begin > end && ctx; }'
slip "$pointer" "$loop" 'static void body(size_t begin, size_t end, void *ctx) { (void)begin, (void)end, (void)ctx; }'
slip "$pointer" "$loop" 'static int body(size_t begin, size_t end, double *ctx) { return begin > end && ctx; }'
slip "$pointer" 'crew_map(x, 8, x, 8, 9, f, NULL, NULL);' 'static int f(double *in, double *out) { return in == out; }'
slip "$pointer" 'crew_sort_f64(y, 9);'
slip 'no return statement|does not return a value' "$loop" \
    'static int body(size_t begin, size_t end, void *ctx) { (void)begin, (void)end, (void)ctx; }'
slip 'incompatible type' 'crew_for(9, NULL, x, (crew_options){.threads = 4});'
slip 'makes pointer from integer|integer to pointer' 'crew_for(9, NULL, 5, NULL);'
slip 'break.*OpenMP for loop' 'CREW_FOR (i, 9) if (x[i] > 0) break;'
slip 'OpenMP (structured block|region)' 'CREW_FOR (i, 9) if (x[i] > 0) return 1;'
slip 'data types|type-name' 'CREW_FOR (int i, 9) x[i] = 1;'
slip 'implicit declaration' 'crew_sum_of(x, 9);'

printf '#include <crew/crew.h>\nint main() { return crew_for(9, 0, 0, &(crew_options){}); }\n' >"$work/slip.cpp"
for compiler in g++ clang++; do
    command -v $compiler >/dev/null 2>&1 || continue
    LC_ALL=C $compiler -std=c++17 -Iinclude -c "$work/slip.cpp" -o "$work/slip.o" >"$work/said" 2>&1
    grep -qE 'error: taking (address of rvalue|the address of a temporary)' "$work/said" || {
        echo "error: $compiler says something else of options in C++"
        status=1
    }
done

# link SAID COMMAND...: what the linker says.
link() {
    said=$1
    shift
    LC_ALL=C "$@" -o "$work/slip" >"$work/said" 2>&1
    grep -q "undefined reference to .$said'" "$work/said" || {
        echo "error: the linker says nothing of $said: $*"
        status=1
    }
}
printf '#include <crew/crew.h>\nint main(void) { return crew_for(9, NULL, NULL, NULL) == 0; }\n' >"$work/right.c"
ar rcs "$work/crew.a" "$out"/gcc-openmp/objects/*.o || exit 1
link GOMP_parallel gcc -Iinclude "$work/right.c" "$work/crew.a" -lm
link crew_for gcc -fopenmp -Iinclude "$work/crew.a" "$work/right.c" -lm
printf '#include <crew/crew.h>\n#include <stdio.h>\nint main(void) { crew_random r = crew_random_at(1, 2); %s }\n' \
    'printf("%g\n", crew_random_normal(&r));' >"$work/right.c"
link log gcc -fopenmp -Iinclude "$work/right.c" "$work/crew.a"

grep '^| ' examples/ERRORS.md >"$work/page"
for words in 'incompatible pointer type' 'no return statement' 'not return a value' 'incompatible type' \
    'integer to pointer' 'OpenMP for loop' 'OpenMP structured block' 'OpenMP region' type-name \
    'implicit declaration' GOMP_parallel 'address of rvalue' 'address of a temporary'; do
    grep -q "$words" "$work/page" || {
        echo "error: examples/ERRORS.md has no word on '$words'"
        status=1
    }
done
exit $status
