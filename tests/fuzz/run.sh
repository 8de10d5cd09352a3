#!/bin/sh
# Runs the differential fuzzer of array algorithms, and those of .npy headers, lines, executors and of the environment
# and cgroups for a tenth of the time each, under AddressSanitizer and UndefinedBehaviorSanitizer.
# Usage: sh tests/fuzz/run.sh [SECONDS [SEED [FOLDER]]]: default 60, 0 (a new seed each time) and build-tests/fuzz.
# What it finds stays in FOLDER: copy it to tests/fuzz/corpus with the fix. Without libFuzzer's runtime it says so and
# ends with 77.
set -u
cd "$(dirname "$0")/../.." || exit 2
seconds=${1:-60}
seed=${2:-0}
work=${3:-$PWD/build-tests/fuzz}
mkdir -p "$work/corpus"

echo 'int LLVMFuzzerTestOneInput(const unsigned char *data, unsigned long size);
int LLVMFuzzerTestOneInput(const unsigned char *data, unsigned long size) { return data == 0 && size > 0; }' \
    >"$work/probe.c"
if ! clang -fsanitize=fuzzer "$work/probe.c" -o "$work/probe" 2>"$work/probe.log"; then
    echo "SKIP fuzz: clang has no libFuzzer runtime (package libclang-rt-14-dev)"
    exit 77
fi

flags='-std=gnu11 -g -O1 -fopenmp -ffp-contract=off -Iinclude'
flags="$flags -fno-sanitize-recover=all -fsanitize=fuzzer,address,undefined"
rm -f "$work"/*.o
# shellcheck disable=SC2016 # the inner shell expands these
printf '%s\n' tests/fuzz/fuzz_array*.c tests/fuzz/fuzz_npy.c tests/fuzz/fuzz_lines.c tests/fuzz/fuzz_executor.c \
    tests/fuzz/fuzz_settings.c lib/*/*/*.c |
    FLAGS=$flags WORK=$work xargs -P "$(nproc)" -I FILE \
        sh -c 'clang $FLAGS -c "$1" -o "$WORK/$(echo "$1" | tr / _).o"' sh FILE || exit 1
mkdir -p "$work/small"
for small in npy lines executor settings; do
    mv "$work/tests_fuzz_fuzz_$small.c.o" "$work/small"
done
# shellcheck disable=SC2086
clang $flags "$work"/*.o -lm -o "$work/fuzz_array" &&
    clang $flags "$work/small/tests_fuzz_fuzz_npy.c.o" "$work/lib_core_file_npy_header.c.o" -o "$work/fuzz_npy" &&
    clang $flags "$work/small/tests_fuzz_fuzz_lines.c.o" "$work/lib_core_file_lines.c.o" -o "$work/fuzz_lines" &&
    clang $flags "$work/small/tests_fuzz_fuzz_executor.c.o" "$work"/lib_core_*.o -lm -o "$work/fuzz_executor" &&
    clang $flags "$work/small/tests_fuzz_fuzz_settings.c.o" "$work"/lib_core_*.o -lm -o "$work/fuzz_settings" ||
    exit 1

# libomp's threads and pools live as long as the process.
ASAN_OPTIONS=detect_leaks=0 OMP_WAIT_POLICY=passive "$work/fuzz_array" -seed="$seed" -max_total_time="$seconds" \
    -max_len=128 -timeout=20 -rss_limit_mb=4096 -artifact_prefix="$work/" -print_final_stats=1 \
    "$work/corpus" tests/fuzz/corpus >"$work/fuzz.log" 2>&1
status=$?
for small in npy lines settings executor; do
    [ $status = 0 ] || break
    mkdir -p "$work/corpus_$small"
    ASAN_OPTIONS=detect_leaks=0 OMP_WAIT_POLICY=passive "$work/fuzz_$small" -seed="$seed" -max_len=512 \
        -max_total_time=$((seconds / 10 + 1)) -timeout=20 -artifact_prefix="$work/" "$work/corpus_$small" \
        "tests/fuzz/corpus_$small" >"$work/fuzz_$small.log" 2>&1
    status=$?
    [ $status = 0 ] || tail -n 60 "$work/fuzz_$small.log"
done
if [ $status = 0 ]; then
    inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/fuzz.log")
    for small in npy lines settings executor; do
        echo "$small: $(sed -n 's/^Done \([0-9]*\) runs in.*/\1/p' "$work/fuzz_$small.log") inputs"
    done
    echo "PASS fuzz: $inputs inputs in $seconds s, nothing differs"
else
    tail -n 60 "$work/fuzz.log"
    echo "FAIL fuzz: the input is in $work"
fi
exit $status
