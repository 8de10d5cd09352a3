/* Reads the environment and the limits, and says which of them decides. */
#include "settings.h"

#include <crew/options.h>
#include <stdio.h>
#include <stdlib.h>

#include "env.h"
#include "threads.h"

#define COUNT_EXPECTED "a whole number from 1 to 1024"
#define JOBS_EXPECTED COUNT_EXPECTED ", -1 for all, -2 for all but one, or physical"
_Static_assert(CREW__MAX_THREADS == 1024, "COUNT_EXPECTED names it");

/* Systems refuse threads with less. */
enum { LEAST_STACK = 16384 };

/* Nobody means to ask for this much: more than the address space of any process holds for two threads. */
static const unsigned long long most_stack = 1ULL << 40;

/* Those that the quota leaves; 0 where they are not known. */
static int physical_cores(const struct crew__settings *settings)
{
    int cores = atomic_load_explicit(&settings->topology.cores, memory_order_acquire);
    int cpus = crew__limits_cpus(&settings->limits);
    return cores < 0 ? 0 : cores < cpus ? cores : cpus;
}

/* The count that is asked for, before OMP_THREAD_LIMIT and crew's own limit. */
static int wanted_threads(const struct crew__settings *settings, int asked)
{
    int cpus = crew__limits_cpus(&settings->limits), cores = physical_cores(settings);
    if (asked == 0 || (asked == CREW_PHYSICAL && cores == 0))
        asked = settings->crew_threads;
    if (asked == CREW_PHYSICAL)
        asked = cores;
    if (asked > 0)
        return asked;
    /* -1 is all of them. No overflow: cpus is at least 1 and asked + 1 at most 0. */
    if (asked < 0)
        return cpus + (asked + 1) < 1 ? 1 : cpus + (asked + 1);
    return settings->omp_threads > 0 ? settings->omp_threads : cpus;
}

int crew__settings_threads(const struct crew__settings *settings, int asked)
{
    int n = wanted_threads(settings, asked);
    /* It caps explicit counts as well: libgomp never opens a region beyond it. */
    if (settings->thread_limit > 0 && n > settings->thread_limit)
        n = settings->thread_limit;
    return n > CREW__MAX_THREADS ? CREW__MAX_THREADS : n;
}

static int number(struct crew__env env)
{
    return (int)env.value;
}

static void report_threads(const struct crew__settings *settings, const char *name, const char *expected,
                           struct crew__env env)
{
    if (env.state != CREW__ENV_BAD)
        return;
    int n = crew__settings_threads(settings, 0);
    char used[32];
    snprintf(used, sizeof used, "%d thread%s", n, n == 1 ? "" : "s");
    crew__env_report(name, env.text, expected, used);
}

static void read_threads(struct crew__settings *settings, const char *root, bool report)
{
    bool negative, physical = crew__env_is("CREW_NUM_THREADS", "physical");
    struct crew__env crew = crew__env_jobs("CREW_NUM_THREADS", CREW__MAX_THREADS, &negative);
    struct crew__env omp = crew__env_count("OMP_NUM_THREADS", CREW__MAX_THREADS, true);
    struct crew__env limit = crew__env_count("OMP_THREAD_LIMIT", CREW__MAX_THREADS, false);
    settings->crew_threads = negative ? -number(crew) : number(crew);
    settings->omp_threads = number(omp);
    settings->thread_limit = number(limit);
    if (physical) {
        settings->crew_threads = CREW_PHYSICAL;
        crew.state = CREW__ENV_GOOD;
        crew__topology_read(&settings->topology, root);
    }
    if (!report)
        return;
    report_threads(settings, "CREW_NUM_THREADS", JOBS_EXPECTED, crew);
    report_threads(settings, "OMP_NUM_THREADS", COUNT_EXPECTED, omp);
    if (limit.state == CREW__ENV_BAD)
        crew__env_report("OMP_THREAD_LIMIT", limit.text, COUNT_EXPECTED, limit.value > 0 ? "1024" : "no limit");
}

static bool good_stack(struct crew__env env)
{
    return env.state == CREW__ENV_GOOD && env.value >= LEAST_STACK;
}

/* A size that is too large is kept: libgomp takes it too, and whoever tries threads out must try with the same. */
static void report_stack(const char *name, struct crew__env env, unsigned long long used)
{
    if (env.state == CREW__ENV_UNSET || (good_stack(env) && env.value <= most_stack))
        return;
    char text[64] = "the system's default";
    if (used > 0)
        snprintf(text, sizeof text, "%llu bytes", used);
    crew__env_report(name, env.text, "a stack size from 16K to 1024G", text);
}

static void read_stack(struct crew__settings *settings, bool report)
{
    struct crew__env omp = crew__env_size("OMP_STACKSIZE");
    struct crew__env gomp = crew__env_size("GOMP_STACKSIZE");
    /* libgomp asks for the second name only where the first does not parse, and takes the default for one too small. */
    struct crew__env used = omp.state == CREW__ENV_GOOD ? omp : gomp;
    settings->stack_size = good_stack(used) ? used.value : 0;
    if (!report)
        return;
    report_stack("OMP_STACKSIZE", omp, settings->stack_size);
    if (omp.state != CREW__ENV_GOOD)
        report_stack("GOMP_STACKSIZE", gomp, settings->stack_size);
}

static bool read_flag(const char *name, bool usual, bool report)
{
    struct crew__env env = crew__env_flag(name);
    if (report && env.state == CREW__ENV_BAD)
        crew__env_report(name, env.text, "0 or 1", env.value > 0 ? "1" : "0");
    return env.state == CREW__ENV_UNSET ? usual : env.value > 0;
}

void crew__settings_read(struct crew__settings *settings, const char *root, bool report)
{
    crew__limits_read(&settings->limits, root);
    atomic_store_explicit(&settings->topology.cores, CREW__CORES_UNREAD, memory_order_relaxed);
    read_threads(settings, root, report);
    read_stack(settings, report);
    settings->progress = read_flag("CREW_PROGRESS", false, report);
    settings->verbose = read_flag("CREW_VERBOSE", false, report);
    settings->unbound = !read_flag("CREW_BIND", true, report);
    if (report)
        crew__env_report_unknown();
}

/* Who asked for the count that wanted_threads gives. */
static void name_source(const struct crew__settings *settings, int asked, char *text, size_t size)
{
    const struct crew__limits *limits = &settings->limits;
    int affinity = atomic_load_explicit(&limits->affinity, memory_order_relaxed);
    bool known = physical_cores(settings) > 0;
    if (asked == CREW_PHYSICAL && known)
        snprintf(text, size, "crew_set_num_threads(CREW_PHYSICAL)");
    else if (asked != 0 && asked != CREW_PHYSICAL)
        snprintf(text, size, "crew_set_num_threads(%d)", asked);
    else if (settings->crew_threads == CREW_PHYSICAL && known)
        snprintf(text, size, "CREW_NUM_THREADS=physical");
    else if (settings->crew_threads != 0 && settings->crew_threads != CREW_PHYSICAL)
        snprintf(text, size, "CREW_NUM_THREADS");
    else if (settings->omp_threads > 0)
        snprintf(text, size, "OMP_NUM_THREADS");
    else if (limits->quota > 0 && limits->quota < affinity)
        snprintf(text, size, "the CPU quota in %s (the affinity mask has %d)", limits->quota_file, affinity);
    else if (limits->bound)
        snprintf(text, size, "the OpenMP runtime, which binds threads to its places (OMP_PROC_BIND, OMP_PLACES)");
    else if (affinity == 1 && (getenv("OMPI_COMM_WORLD_SIZE") || getenv("PMI_SIZE")))
        snprintf(text, size, "the affinity mask (mpirun binds this rank to one processor; --bind-to none frees it)");
    else
        snprintf(text, size, "the affinity mask");
}

/* What is behind the processors, where that is more than one node or was asked for. */
static void name_topology(const struct crew__settings *settings, int asked, char *text, size_t size)
{
    const struct crew__topology *topology = &settings->topology;
    int cores = atomic_load_explicit(&topology->cores, memory_order_acquire);
    int nodes = atomic_load_explicit(&topology->nodes, memory_order_relaxed);
    int places = atomic_load_explicit(&topology->places, memory_order_relaxed);
    bool physical = asked == CREW_PHYSICAL || (asked == 0 && settings->crew_threads == CREW_PHYSICAL);
    text[0] = '\0';
    if (physical && cores == 0)
        snprintf(text, size, " (the system does not name physical cores)");
    else if (cores > 0 && nodes > 1)
        snprintf(text, size, " (%d physical core%s on %d NUMA nodes, %d place%s by OMP_PLACES)", cores,
                 cores == 1 ? "" : "s", nodes, places, places == 1 ? "" : "s");
    else if (physical && cores > 0)
        snprintf(text, size, " (%d physical core%s)", cores, cores == 1 ? "" : "s");
}

int crew__settings_explain(const struct crew__settings *settings, int asked, char *text, size_t size)
{
    char source[sizeof settings->limits.quota_file + 100], topology[120];
    name_source(settings, asked, source, sizeof source);
    name_topology(settings, asked, topology, sizeof topology);
    int wanted = wanted_threads(settings, asked), n = crew__settings_threads(settings, asked);
    const char *plural = n == 1 ? "" : "s";
    if (n == wanted)
        return snprintf(text, size, "crew uses %d thread%s: %s decides%s.", n, plural, source, topology);
    const char *limit = n == settings->thread_limit ? "OMP_THREAD_LIMIT" : "crew's own limit";
    return snprintf(text, size, "crew uses %d thread%s: %s decides, below the %d of %s%s.", n, plural, limit, wanted,
                    source, topology);
}
