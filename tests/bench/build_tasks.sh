# shellcheck shell=sh disable=SC2086,SC2154 # run.sh reads this file, and sets what is not set here
# Builds the drivers for the task workloads.

$c -o "$build/tasks" "$here/tasks.c" "$here/task_cells.c" "$here/bench.c" "$here/peer.c" -lm
$c -c -o "$build/driver.o" "$here/driver.c"
$c -c -o "$build/task_driver.o" "$here/task_driver.c"
$c -c -o "$build/task_submit.o" "$here/task_submit.c"
$c -c -o "$build/task_cells.o" "$here/task_cells.c"
fork_parts="$build/driver.o $build/task_driver.o"
submit_parts="$fork_parts $build/task_submit.o"
graph_parts="$fork_parts $build/task_cells.o"
stream_parts=$fork_parts

for family in fork submit graph stream; do
    parts=$(eval echo "\$${family}_parts")
    $c -fopenmp -I"$root/include" -c -o "$build/${family}_crew.o" "$here/${family}_crew.c"
    $c -fopenmp -o "$build/${family}_crew" "$build/${family}_crew.o" $parts "$build"/libcrew/*.o -lm
done

$c -o "$build/fork_plain" "$here/fork_plain.c" $fork_parts
$c -o "$build/stream_plain" "$here/stream_plain.c" $stream_parts -lm
$c -o "$build/graph_plain" "$here/graph_plain.c" $graph_parts -lm

. "$here/find_libomp.sh"
for family in fork submit graph; do
    parts=$(eval echo "\$${family}_parts")
    $c -fopenmp -c -o "$build/${family}_openmp.o" "$here/${family}_openmp.c"
    $c -fopenmp -o "$build/${family}_libgomp" "$build/${family}_openmp.o" $parts -lm
    if [ -n "$libomp" ]; then
        builds ${family}_libomp libomp-dev $cc -o "$build/${family}_libomp" "$build/${family}_openmp.o" $parts \
            $libomp_link -lpthread -lm
    fi
done
if [ -n "$libomp" ]; then
    # crew's objects are the same; it may only be asked to work in a region of the program's.
    builds fork_crew_libomp libomp-dev $cc -o "$build/fork_crew_libomp" "$build/fork_crew.o" $fork_parts \
        "$build"/libcrew/*.o $libomp_link -lpthread -lm
else
    missing libomp libomp-dev
fi

for family in fork submit graph stream; do
    parts=$(eval echo "\$${family}_parts")
    builds ${family}_tbb libtbb-dev $cpp -o "$build/${family}_tbb" "$here/${family}_tbb.cpp" $parts -ltbb -lpthread -lm
done

$c -o "$build/submit_pool" "$here/submit_pool.c" "$here/pool.c" $submit_parts -lpthread
builds submit_std g++ $cpp -o "$build/submit_std" "$here/submit_std.cpp" $submit_parts -lpthread

python=${PYTHON:-/usr/bin/python3}
if [ -x "$python" ]; then
    printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$python" "$here/submit_python.py" >"$build/submit_python"
    chmod +x "$build/submit_python"
else
    missing submit_python python3
fi

. "$here/build_rayon.sh"
if rayon_library task_rayon; then
    builds fork_rayon gcc $c -o "$build/fork_rayon" "$here/fork_rayon.c" $fork_parts "$library" -lpthread -ldl -lm
    builds submit_rayon gcc $c -o "$build/submit_rayon" "$here/submit_rayon.c" $submit_parts "$library" \
        -lpthread -ldl -lm
fi
