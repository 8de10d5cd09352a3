#include "threads.h"

#include <crew/options.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>

#include "compiler.h"
#include "settings.h"

/* What crew_set_num_threads was given; 0: nothing. */
static atomic_int program_threads;

/* Settings that are published stay as they are, so a pointer to them is all that the calls share. */
static const struct crew__settings *_Atomic published;

/* The threads whose first calls meet here all read for themselves: nobody waits for another, so a child that was forked
   at this moment cannot wait for a thread that it does not have. A few have a slot to publish from; where none of them
   gets that far, each thread goes on with its own. */
static CREW__NOINLINE const struct crew__settings *read_settings(void)
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
        crew__settings_explain(&own, atomic_load_explicit(&program_threads, memory_order_relaxed), text, sizeof text);
        fprintf(stderr, "%s\n", text);
    }
    unsigned slot = atomic_load(&taken);
    while (slot < SLOTS && !atomic_compare_exchange_weak(&taken, &slot, slot + 1))
        ;
    if (slot < SLOTS) {
        slots[slot] = own;
        const struct crew__settings *none = NULL;
        /* Release, so that who reads the pointer reads the settings behind it. */
        atomic_compare_exchange_strong_explicit(&published, &none, &slots[slot], memory_order_release,
                                                memory_order_relaxed);
    }
    const struct crew__settings *settings = atomic_load_explicit(&published, memory_order_acquire);
    return settings ? settings : &own;
}

static const struct crew__settings *get_settings(void)
{
    const struct crew__settings *settings = atomic_load_explicit(&published, memory_order_acquire);
    return CREW__LIKELY(settings != NULL) ? settings : read_settings();
}

int crew__resolve_threads(int threads)
{
    int asked = threads != 0 ? threads : atomic_load_explicit(&program_threads, memory_order_relaxed);
    return crew__settings_threads(get_settings(), asked);
}

int crew_num_threads(void)
{
    return crew__resolve_threads(0);
}

int crew_set_num_threads(int threads)
{
    int asked = threads > CREW__MAX_THREADS ? CREW__MAX_THREADS : threads;
    atomic_store_explicit(&program_threads, asked, memory_order_relaxed);
    return 0;
}

int crew_explain_threads(char *text, size_t size)
{
    if (!text && size > 0)
        return -EINVAL;
    int asked = atomic_load_explicit(&program_threads, memory_order_relaxed);
    return crew__settings_explain(get_settings(), asked, text, size);
}

int crew__cpu_count(void)
{
    return crew__limits_cpus(&get_settings()->limits);
}

unsigned long long crew__stack_size(void)
{
    return get_settings()->stack_size;
}

int crew__env_progress(void)
{
    return get_settings()->progress;
}

int crew__env_verbose(void)
{
    return get_settings()->verbose;
}
