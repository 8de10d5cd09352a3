/* The thread count of a call: options, program, environment, limits. */
#define _POSIX_C_SOURCE 200809L
#include "threads.h"

#include <crew/crew.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

#include "callback_frame.h"
#include "clock.h"
#include "compiler.h"
#include "settings.h"
#include "topology.h"

_Atomic(crew__name_fn *) crew__back_end, crew__instruction_set;

/* What crew_set_num_threads was given; 0: nothing. */
static atomic_int program_threads;

/* Settings that are published stay as they are but for what is atomic, so a pointer to them is all that the calls
 * share.
 */
static struct crew__settings *_Atomic published;

/* The threads whose first calls meet here all read for themselves: nobody waits for another, so a child that was forked
   at this moment cannot wait for a thread that it does not have. A few have a slot to publish from; where none of them
   gets that far, each thread goes on with its own. */
static struct crew__settings *read_settings(void)
{
    enum { SLOTS = 4 };
    static _Thread_local struct crew__settings own;
    static struct crew__settings slots[SLOTS];
    static atomic_uint taken;
    static atomic_flag reported = ATOMIC_FLAG_INIT;

    bool first = !atomic_flag_test_and_set(&reported);
    crew__settings_read(&own, "", first);
    if (first && own.verbose) {
        char text[512];
        crew__topology_read(&own.topology, "");
        crew__settings_explain(&own, atomic_load_explicit(&program_threads, memory_order_relaxed), text, sizeof text);
        crew__name_fn *back_end = atomic_load(&crew__back_end), *set = atomic_load(&crew__instruction_set);
        fprintf(stderr, "%s Version " CREW_VERSION "%s%s%s%s.\n", text, back_end ? ", back end " : "",
                back_end ? back_end() : "", set ? ", instruction set " : "", set ? set() : "");
    }
    unsigned slot = atomic_load(&taken);
    while (slot < SLOTS && !atomic_compare_exchange_weak(&taken, &slot, slot + 1))
        ;
    if (slot < SLOTS) {
        slots[slot] = own;
        struct crew__settings *none = NULL;
        /* Release, so that who reads the pointer reads the settings behind it. */
        atomic_compare_exchange_strong_explicit(&published, &none, &slots[slot], memory_order_release,
                                                memory_order_relaxed);
    }
    struct crew__settings *settings = atomic_load_explicit(&published, memory_order_acquire);
    return settings ? settings : &own;
}

static CREW__NOINLINE struct crew__settings *read_undisturbed(void)
{
    int canceling = crew__cancel_off();
    struct crew__settings *settings = read_settings();
    crew__cancel_back(canceling);
    return settings;
}

CREW__HOT static struct crew__settings *get_settings(void)
{
    struct crew__settings *settings = atomic_load_explicit(&published, memory_order_acquire);
    return CREW__LIKELY(settings != NULL) ? settings : read_undisturbed();
}

/* The same, and the topology is known. */
static CREW__NOINLINE struct crew__settings *get_topology(void)
{
    struct crew__settings *settings = get_settings();
    if (atomic_load_explicit(&settings->topology.cores, memory_order_acquire) == CREW__CORES_UNREAD) {
        int canceling = crew__cancel_off();
        crew__topology_read(&settings->topology, "");
        crew__cancel_back(canceling);
    }
    return settings;
}

static atomic_bool alone;

void crew__threads_alone(void)
{
    atomic_store_explicit(&alone, true, memory_order_relaxed);
}

/* What the MPI layer gives this rank of how many on the node; 0: there is none. */
static atomic_int share, sharers;

void crew__threads_share(int threads, int ranks)
{
    atomic_store_explicit(&sharers, ranks, memory_order_relaxed);
    atomic_store_explicit(&share, threads, memory_order_relaxed);
}

static int shared_threads(const struct crew__settings *settings)
{
    int threads = atomic_load_explicit(&share, memory_order_relaxed);
    return CREW__LIKELY(threads == 0) || settings->crew_threads != 0 || settings->omp_threads > 0 ? 0 : threads;
}

CREW__HOT int crew__resolve_threads(int threads)
{
    if (CREW__UNLIKELY(atomic_load_explicit(&alone, memory_order_relaxed)))
        return 1;
    int asked = threads != 0 ? threads : atomic_load_explicit(&program_threads, memory_order_relaxed);
    const struct crew__settings *settings = asked == CREW_PHYSICAL ? get_topology() : get_settings();
    if (asked == 0)
        asked = shared_threads(settings);
    if (asked == CREW_PHYSICAL && atomic_load_explicit(&settings->topology.cores, memory_order_acquire) == 0)
        asked = atomic_load_explicit(&program_threads, memory_order_relaxed);
    return crew__settings_threads(settings, asked);
}

void crew__threads_refresh(void)
{
    /* A look at the clock takes 15 ns, at the mask 200: ten times a second costs nothing and is soon enough. */
    static const double EVERY_NS = 1e8;
    static _Atomic int64_t next;
    int64_t now = crew__ticks(), due = atomic_load_explicit(&next, memory_order_relaxed);
    if (now - due < 0)
        return;
    get_settings();
    int64_t later = now + (int64_t)(EVERY_NS * crew__ticks_per_ns());
    struct crew__settings *settings = atomic_load_explicit(&published, memory_order_acquire);
    if (settings &&
        atomic_compare_exchange_strong_explicit(&next, &due, later, memory_order_relaxed, memory_order_relaxed)) {
        crew__limits_read_affinity(&settings->limits);
        crew__topology_refresh(&settings->topology, "");
    }
}

int crew_set_num_threads(int threads)
{
    int asked = threads > CREW__MAX_THREADS ? CREW__MAX_THREADS : threads;
    atomic_store_explicit(&program_threads, asked, memory_order_relaxed);
    return 0;
}

int crew__threads_explain(char *text, size_t size)
{
    if (atomic_load_explicit(&alone, memory_order_relaxed))
        return snprintf(text, size, "crew uses 1 thread: this process is a worker.");
    int asked = atomic_load_explicit(&program_threads, memory_order_relaxed);
    const struct crew__settings *settings = get_topology();
    int shared = asked == 0 ? shared_threads(settings) : 0;
    if (shared > 0) {
        int n = crew__settings_threads(settings, shared), ranks = atomic_load(&sharers);
        return snprintf(text, size, "crew uses %d thread%s: this rank's share of what the %d ranks on this node have.",
                        n, n == 1 ? "" : "s", ranks);
    }
    return crew__settings_explain(settings, asked, text, size);
}

CREW__HOT int crew__cpu_count(void)
{
    return crew__limits_cpus(&get_settings()->limits);
}

unsigned long long crew__stack_size(void)
{
    return get_settings()->stack_size;
}

CREW__HOT int crew__env_progress(void)
{
    return get_settings()->progress;
}

int crew__env_bind(void)
{
    return !get_settings()->unbound;
}

int crew__env_verbose(void)
{
    return get_settings()->verbose;
}
