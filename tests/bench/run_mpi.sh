# shellcheck shell=sh disable=SC2086,SC2154,SC2034 # run.sh reads this file, and sets and uses what is not set here
# The workload mpi. Ranks are bound to nothing, because Open MPI would bind two of them to a core each, and
# wait as MPI does by itself; only the 64 ranks whose messages are counted, more than there are processors, give way.
mpicc=$(command -v mpicc.openmpi || command -v mpicc || true)
mpirun=$(command -v mpirun.openmpi || command -v mpirun || true)
if [ -z "$mpicc" ] || [ -z "$mpirun" ]; then
    missing mpi 'libopenmpi-dev openmpi-bin'
    return 0
fi
export OMPI_CC="$cc" OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_hwloc_base_binding_policy=none \
    OMPI_MCA_rmaps_base_oversubscribe=1
mkdir -p "$build/mpi"
(cd "$build/mpi" && rm -f ./*.o &&
    "$mpicc" -std=c11 $flags -fopenmp -I"$root/include" -c "$root"/lib/mpi/*.c) || exit 1
"$mpicc" -std=c11 $flags -fopenmp -I"$root/include" "$here"/mpi_*.c "$build"/mpi/*.o "$build"/libcrew/*.o -lm \
    -o "$build/mpi/bench"
"$mpicc" -std=c11 $flags -fopenmp -I"$root/include" "$root/tests/mpi/count.c" "$root/tests/mpi/mpi_test.c" \
    "$root/tests/mpi/polite.c" "$build"/mpi/*.o "$build"/libcrew/*.o -lm -o "$build/mpi/count"

"$mpirun" -n 1 "$build/mpi/bench" "$threads" "$quick" || status=$?
half=$((threads > 1 ? threads / 2 : 1))
"$mpirun" -n 2 "$build/mpi/bench" "$half" "$quick" >"$build/mpi/two" || status=$?
cat "$build/mpi/two"
python=${PYTHON:-/usr/bin/python3}
if "$python" -c 'import mpi4py.futures' 2>/dev/null; then
    "$mpirun" -n 2 "$python" -B "$here/mpi_futures.py" "$quick" || status=$?
else
    missing mpi4py python3-mpi4py
fi
latency=$(sed -n 's/.*latency_us=\([0-9.]*\).*/\1/p' "$build/mpi/two")
bandwidth=$(sed -n 's/.*bandwidth_gbs=\([0-9.]*\).*/\1/p' "$build/mpi/two")
CREW_NUM_THREADS=1 OMPI_MCA_mpi_yield_when_idle=1 "$mpirun" -n 64 "$build/mpi/count" "${latency:-1}" "${bandwidth:-1}" \
    >"$build/mpi/counted" || status=$?
grep '^model' "$build/mpi/counted"
