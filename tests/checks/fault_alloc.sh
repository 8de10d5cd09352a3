#!/bin/sh
# Every public function is called where allocations fail: by a suite fault_alloc*.c, one element type standing for all
# that its template makes. Or it is named below, with why it asks for no memory.
set -u
cd "$(dirname "$0")/../.." || exit 2

# Reads or sets what is there, or counts on the caller's stack.
nothing_to_allocate='
    crew_backend crew_strerror crew_version crew_array_why crew_type_name crew_type_size crew_array_get_info
    crew_cancel_request crew_cancel_requested crew_cancel_reset crew_set_num_threads crew_num_threads crew_loop_threads
    crew_limit_inner crew_progress_bar
    crew_fail_at crew_in_team crew_worker crew_invoke
    crew_future_cancel crew_future_status crew_future_tag crew_executor_local
    crew_graph_failed crew_graph_seconds crew_graph_size crew_graph_skip
    crew_process_died crew_process_message
    crew_random_at crew_random_below crew_random_between crew_random_normal crew_random_seek crew_random
    crew_random_uniform'

# The element type's suffix off, and that of the values.
family='s/_(f32|f64|i8|u8|i16|u16|i32|u32|i64|u64|bool)(_(f64|i64))?$//'
# libcrew-mpi has suites of its own.
functions=$(find include/crew -maxdepth 1 -name '*.h' ! -name 'mpi*' -exec cat {} + |
    sed -n 's/^CREW_API [^(]*[ *]\(crew_[a-z0-9][a-z0-9_]*\)(.*/\1/p' | sort -u |
    sed -E 'h; '"$family"'; G; s/\n/:/')
if [ "$(echo "$functions" | wc -l)" -lt 300 ]; then
    echo "error: the headers' functions are not found"
    exit 1
fi
called=$(cat tests/fault/fault_alloc*.c | grep -oE '\bcrew_[a-z0-9_]+' | sed -E "$family" | sort -u)
known=" $(echo "$called $nothing_to_allocate" | tr '\n' ' ') "
status=0
for name in $functions; do
    case $known in
    *" ${name%%:*} "*) ;;
    *)
        echo "error: no suite fault_alloc*.c calls ${name#*:}"
        status=1
        ;;
    esac
done
exit $status
