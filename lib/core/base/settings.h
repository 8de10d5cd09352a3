/* The environment and the limits as they were when they were read, and the thread count that follows from them. */
#ifndef CREW_BASE_SETTINGS_H
#define CREW_BASE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "limits.h"
#include "topology.h"

struct crew__settings {
    struct crew__limits limits;
    struct crew__topology topology;
    int crew_threads; /* CREW_NUM_THREADS, by the n_jobs rule; 0: none that is any good, so are the next two */
    int omp_threads;  /* OMP_NUM_THREADS */
    int thread_limit; /* OMP_THREAD_LIMIT */
    unsigned long long stack_size;
    bool progress, verbose, unbound;
};

/* Reads all of it; `root` is that of crew__limits_read. With `report`, one line on standard error for each bad value.
 */
void crew__settings_read(struct crew__settings *settings, const char *root, bool report);

/* The count for a call or program that asked for `asked` by the n_jobs rule; 0: it did not ask. CREW_PHYSICAL wants the
   topology to have been read, or counts as 0. */
int crew__settings_threads(const struct crew__settings *settings, int asked);

/* The sentence of crew_explain_threads, with the topology where that was read and there is something to say. `asked` is
 * the count given to crew_set_num_threads. */
int crew__settings_explain(const struct crew__settings *settings, int asked, char *text, size_t size);

#endif
