/* What is measured of tasks and against what. */
#ifndef BENCH_TASK_CASES_H
#define BENCH_TASK_CASES_H

#include "task_work.h"

/* What median_ns is of: a whole call, one fork of fib, or one of n tasks. */
enum task_unit { WHOLE_CALL, A_FORK, A_TASK };

struct task_case {
    const char *workload; /* as named on the command line */
    const char *label;    /* as printed */
    const char *family;   /* the program is FAMILY_DRIVER */
    const char *kernel;
    enum task_unit unit;
    size_t n;
    double cell_ns; /* of the wavefront: what a cell should take */
};

/* Round trips take 0.2 to 60 us, so that many make 4 ms and more; with a pause of 1 ms each, 50 make a twentieth of a
 * second. */
static const struct task_case task_cases[] = {
    {"fork_join", "fork_join-fib", "fork", "fib", A_FORK, 35, 0},
    {"fork_join", "fork_join-nqueens", "fork", "queens", WHOLE_CALL, 12, 0},
    {"fork_join", "fork_join-tree", "fork", "tree", WHOLE_CALL, TREE_NODES, 0},
    {"fork_join", "fork_join-interop", "fork", "interop", A_FORK, 25, 0},
    {"submit", "submit-1", "submit", "submit-1", A_TASK, 1000000, 0},
    {"submit", "submit-4", "submit", "submit-4", A_TASK, 1000000, 0},
    {"submit", "submit-future-1", "submit", "submit-future-1", A_TASK, 1000000, 0},
    {"submit", "submit-future-4", "submit", "submit-future-4", A_TASK, 1000000, 0},
    {"submit", "roundtrip", "submit", "roundtrip", A_TASK, 20000, 0},
    {"submit", "roundtrip-idle", "submit", "roundtrip-idle", A_TASK, 50, 0},
    {"graph", "graph-1us", "graph", "wavefront", WHOLE_CALL, 1000000, 1000},
    {"graph", "graph-empty", "graph", "wavefront", WHOLE_CALL, 1000000, 0},
    {"stream", "stream-empty", "stream", "stream", A_TASK, 1000000, 0},
    {"stream", "stream-1us", "stream", "stream", A_TASK, 100000, 1000},
    {"stream", "stream-10us", "stream", "stream", A_TASK, 10000, 10000},
    {"idle", "idle-executor", "submit", "idle", WHOLE_CALL, 1, 0},
};

struct task_system {
    const char *name, *driver, *variant;
    int serial;
    size_t
        share; /* it gets n / share tasks where a task is the unit: thousands of times slower ones would take minutes */
};

/* The first row is what the ratios refer to. In fork_join-interop it stands against libgomp, and crew-libomp, the same
   program on the other runtime, against libomp. */
static const struct task_system task_systems[] = {
    {"crew", "crew", "crew", 0, 1},
    {"crew-libomp", "crew_libomp", "interop", 0, 1},
    {"plain", "plain", "plain", 1, 1},
    {"libgomp", "libgomp", "task", 0, 1},
    {"libomp", "libomp", "task", 0, 1},
    {"libgomp-counters", "libgomp", "counters", 0, 1},
    {"libgomp-diagonals", "libgomp", "diagonals", 0, 1},
    {"libomp-diagonals", "libomp", "diagonals", 0, 1},
    {"libgomp-depend", "libgomp", "depend", 0, 1},
    {"tbb", "tbb", "tbb", 0, 1},
    {"tbb-spin", "tbb", "spin", 0, 1},
    {"rayon", "rayon", "rayon", 0, 1},
    {"pool", "pool", "pool", 0, 1},
    {"std-async", "std", "async", 0, 100},
    {"python", "python", "python", 0, 50},
};

enum {
    SYSTEMS = sizeof task_systems / sizeof *task_systems,
    CASES = sizeof task_cases / sizeof *task_cases,
};

#endif
