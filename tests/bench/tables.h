/* What is measured and against what. */
#ifndef BENCH_TABLES_H
#define BENCH_TABLES_H

#include <stddef.h>

/* In which workloads a system takes part; it also needs the kernel. */
enum { MAIN = 1, MAP = 2, LOADED = 4, IDLE = 8, OVER = 16, EXACT = 32 };

struct system_row {
    const char *name, *driver, *variant;
    const char *policy; /* OMP_WAIT_POLICY, NULL: not set */
    int threads;        /* 0: CREW_BENCH_THREADS */
    int sets;
};

/* The first row is what the ratios refer to. */
static const struct system_row systems[] = {
    {"crew", "crew", "crew", NULL, 0, MAIN | MAP | LOADED | IDLE | OVER | EXACT},
    {"crew-rounded", "crew", "rounded", NULL, 0, EXACT},
    {"crew-pragma", "crew", "pragma", NULL, 0, MAIN},
    {"crew-reduce", "crew", "reduce", NULL, 0, MAIN},
    {"crew-map", "crew", "map", NULL, 0, MAP},
    {"crew-active", "crew", "crew", "active", 0, LOADED | IDLE},
    {"crew-passive", "crew", "crew", "passive", 0, LOADED | IDLE},
    {"crew64", "crew", "crew", NULL, 64, OVER},
    {"plain", "plain", "plain", NULL, 0, MAIN | MAP | LOADED | IDLE | EXACT},
    {"kahan", "plain", "kahan", NULL, 0, EXACT},
    {"neumaier", "plain", "neumaier", NULL, 0, EXACT},
    {"libgomp-static", "libgomp", "static", NULL, 0, MAIN | MAP | LOADED | IDLE},
    {"libgomp-dynamic1", "libgomp", "dynamic1", NULL, 0, MAIN | MAP | LOADED},
    {"libgomp-dynamic64", "libgomp", "dynamic64", NULL, 0, MAIN | MAP | LOADED},
    {"libgomp-guided", "libgomp", "guided", NULL, 0, MAIN | MAP | LOADED},
    {"libgomp-simd", "libgomp", "simd", NULL, 0, MAIN},
    {"libgomp-active-static", "libgomp", "static", "active", 0, LOADED | IDLE},
    {"libgomp-active-dynamic64", "libgomp", "dynamic64", "active", 0, LOADED},
    {"libgomp-active-guided", "libgomp", "guided", "active", 0, LOADED},
    {"libgomp-passive-static", "libgomp", "static", "passive", 0, LOADED | IDLE},
    {"libgomp-passive-dynamic1", "libgomp", "dynamic1", "passive", 0, LOADED},
    {"libgomp-passive-dynamic64", "libgomp", "dynamic64", "passive", 0, LOADED},
    {"libgomp-passive-guided", "libgomp", "guided", "passive", 0, LOADED},
    {"libomp-static", "libomp", "static", NULL, 0, MAIN | MAP | LOADED | IDLE},
    {"libomp-dynamic1", "libomp", "dynamic1", NULL, 0, MAIN | MAP | LOADED},
    {"libomp-dynamic64", "libomp", "dynamic64", NULL, 0, MAIN | MAP | LOADED},
    {"libomp-guided", "libomp", "guided", NULL, 0, MAIN | MAP | LOADED},
    {"libomp-simd", "libomp", "simd", NULL, 0, MAIN},
    {"libomp-active-static", "libomp", "static", "active", 0, LOADED | IDLE},
    {"libomp-passive-static", "libomp", "static", "passive", 0, LOADED | IDLE},
    {"libomp-passive-dynamic64", "libomp", "dynamic64", "passive", 0, LOADED},
    {"libomp-passive-guided", "libomp", "guided", "passive", 0, LOADED},
    {"tbb", "tbb", "auto", NULL, 0, MAIN | MAP | LOADED | IDLE},
    {"pthreadpool-equal", "pthreadpool", "equal", NULL, 0, MAIN | MAP | LOADED | IDLE},
    {"pthreadpool-item", "pthreadpool", "item", NULL, 0, MAIN | MAP | LOADED},
    {"pthreadpool-tile64", "pthreadpool", "tile64", NULL, 0, MAIN | MAP | LOADED},
    {"gnu-parallel", "gnu", "gnu", NULL, 0, MAIN | MAP | LOADED | IDLE},
};

struct workload_row {
    const char *workload; /* as named on the command line */
    const char *label;    /* as printed */
    const char *kernel;
    int set;
    size_t n[9]; /* ends at 0 */
};

static const struct workload_row workloads[] = {
    {"launch", "launch", "axpy", MAIN, {64}},
    {"launch", "launch-2us", "split", MAIN, {2, 16}},
    {"axpy", "axpy", "axpy", MAIN, {10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000}},
    {"heavy_map", "heavy_map", "expsin", MAP, {1000, 10000, 100000, 1000000}},
    {"irregular", "irregular-mandelbrot", "mandelbrot", MAIN, {2048, 1000000}},
    {"irregular", "irregular-triangular", "triangular", MAIN, {2048, 1000000}},
    {"irregular", "irregular-hot", "hot", MAIN, {2048, 1000000}},
    {"reduce", "sum", "sum", MAIN, {1000, 10000, 100000, 1000000, 10000000, 100000000}},
    {"reduce", "dot", "dot", MAIN, {1000, 10000, 100000, 1000000, 10000000, 100000000}},
    {"reduce", "argmin", "argmin", MAIN, {1000, 10000, 100000, 1000000, 10000000, 100000000}},
    {"exact", "exact-sum", "exact_sum", EXACT, {100, 1000, 10000, 100000, 1000000, 10000000, 50000000}},
    {"exact", "exact-dot", "exact_dot", EXACT, {100, 1000, 10000, 100000, 1000000, 10000000, 50000000}},
    {"loaded", "loaded", "even", LOADED, {200}},
    {"idle", "idle", "even", IDLE, {200}},
    {"oversubscribed", "oversubscribed-launch", "axpy", OVER, {64}},
    {"oversubscribed", "oversubscribed-axpy", "axpy", OVER, {100000, 1000000}},
    {"oversubscribed", "oversubscribed-heavy_map", "expsin", OVER, {10000, 1000000}},
    {"oversubscribed", "oversubscribed-mandelbrot", "mandelbrot", OVER, {2048, 1000000}},
    {"oversubscribed", "oversubscribed-triangular", "triangular", OVER, {2048, 1000000}},
    {"oversubscribed", "oversubscribed-hot", "hot", OVER, {2048, 1000000}},
    {"oversubscribed", "oversubscribed-sum", "sum", OVER, {100000, 1000000}},
    {"oversubscribed", "oversubscribed-dot", "dot", OVER, {100000, 1000000}},
    {"oversubscribed", "oversubscribed-argmin", "argmin", OVER, {100000, 1000000}},
};

enum { SYSTEMS = sizeof systems / sizeof *systems, WORKLOADS = sizeof workloads / sizeof *workloads };

#endif
