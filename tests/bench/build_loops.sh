# shellcheck shell=sh disable=SC2086,SC2154 # run.sh reads this file, and sets what is not set here
# Builds the drivers for the loop workloads.

$c -o "$build/loops" "$here/loops.c" "$here/bench.c" "$here/peer.c" -lm
$c -c -o "$build/driver.o" "$here/driver.c"
$c -c -o "$build/loop_driver.o" "$here/loop_driver.c"
driver="$build/driver.o $build/loop_driver.o"
$c -o "$build/plain" "$here/plain.c" $driver -lm
$c -fopenmp -I"$root/include" -o "$build/crew" "$here/crew.c" $driver "$build"/libcrew/*.o -lm

$c -fopenmp -c -o "$build/openmp.o" "$here/openmp.c"
$c -Ofast -march=native -fopenmp -c -o "$build/openmp_simd.o" "$here/openmp_simd.c"
# Without start-up objects of -ffast-math, which would make denormal numbers zero in the whole process.
$cc -fopenmp -o "$build/libgomp" "$build/openmp.o" "$build/openmp_simd.o" $driver -lm

. "$here/find_libomp.sh"
if [ -n "$libomp" ]; then
    builds libomp libomp-dev $cc -o "$build/libomp" "$build/openmp.o" "$build/openmp_simd.o" $driver \
        $libomp_link -lm
else
    missing libomp libomp-dev
fi
builds tbb libtbb-dev $cpp -o "$build/tbb" "$here/tbb.cpp" $driver -ltbb -lm
builds pthreadpool libpthreadpool-dev $c -o "$build/pthreadpool" "$here/pthreadpool.c" $driver \
    -lpthreadpool -lm
builds gnu g++ $cpp -fopenmp -D_GLIBCXX_PARALLEL -o "$build/gnu" "$here/gnu_parallel.cpp" $driver -lm
