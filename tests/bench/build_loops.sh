# shellcheck shell=sh disable=SC2086,SC2154 # run.sh reads this file, and sets what is not set here
# Builds the drivers for the loop workloads.

$c -o "$build/bench" "$here/bench.c" "$here/peer.c" -lm
$c -c -o "$build/driver.o" "$here/driver.c"
$c -o "$build/plain" "$here/plain.c" "$build/driver.o" -lm
$c -fopenmp -I"$root/include" -o "$build/crew" "$here/crew.c" "$build/driver.o" "$build"/libcrew/*.o -lm

$c -fopenmp -c -o "$build/openmp.o" "$here/openmp.c"
$c -Ofast -march=native -fopenmp -c -o "$build/openmp_simd.o" "$here/openmp_simd.c"
# Without start-up objects of -ffast-math, which would make denormal numbers zero in the whole process.
$cc -fopenmp -o "$build/libgomp" "$build/openmp.o" "$build/openmp_simd.o" "$build/driver.o" -lm

. "$here/find_libomp.sh"
if [ -n "$libomp" ]; then
    builds libomp libomp-dev $cc -o "$build/libomp" "$build/openmp.o" "$build/openmp_simd.o" "$build/driver.o" \
        $libomp_link -lm
else
    missing libomp libomp-dev
fi
builds tbb libtbb-dev $cpp -o "$build/tbb" "$here/tbb.cpp" "$build/driver.o" -ltbb -lm
builds pthreadpool libpthreadpool-dev $c -o "$build/pthreadpool" "$here/pthreadpool.c" "$build/driver.o" \
    -lpthreadpool -lm
builds gnu g++ $cpp -fopenmp -D_GLIBCXX_PARALLEL -o "$build/gnu" "$here/gnu_parallel.cpp" "$build/driver.o" -lm
