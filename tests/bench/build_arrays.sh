# shellcheck shell=sh disable=SC2086,SC2154 # run.sh reads this file, and sets what is not set here
# Builds the drivers for the array workloads.

$c -o "$build/arrays" "$here/arrays.c" "$here/array_cases.c" "$here/array_check.c" "$here/bench.c" "$here/peer.c" -lm
$c -c -o "$build/driver.o" "$here/driver.c"
$c -c -o "$build/array_driver.o" "$here/array_driver.c"
driver="$build/driver.o $build/array_driver.o"
$c -o "$build/array_plain" "$here/array_plain.c" $driver -lm
$c -fopenmp -I"$root/include" -o "$build/array_crew" "$here/array_crew.c" $driver \
    "$build"/libcrew/*.o -lm
# gcc 12 takes its own temporaries of the scan directive for uninitialised.
$c -Wno-maybe-uninitialized -fopenmp -o "$build/array_libgomp" "$here"/array_openmp*.c $driver -lm
builds array_std g++ $cpp -o "$build/array_std" "$here/array_std.cpp" $driver -lm
builds array_gnu g++ $cpp -fopenmp -D_GLIBCXX_PARALLEL -o "$build/array_gnu" "$here/array_std.cpp" \
    $driver -lm
builds array_vqsort libhwy-dev $cpp -o "$build/array_vqsort" "$here/array_vqsort.cpp" $driver -lhwy_contrib -lhwy -lm
builds array_tbb libtbb-dev $cpp -o "$build/array_tbb" "$here/array_tbb.cpp" $driver -ltbb -lm

. "$here/build_rayon.sh"
if rayon_library array_rayon; then
    builds array_rayon gcc $c -o "$build/array_rayon" "$here/array_rayon.c" $driver "$library" \
        -lpthread -ldl -lm
fi
