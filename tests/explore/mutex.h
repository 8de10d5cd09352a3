/* POSIX mutexes of the sources that are included after this, as the explorer's threads take them. */
#ifndef TESTS_EXPLORE_MUTEX_H
#define TESTS_EXPLORE_MUTEX_H

#include "explorer.h"
#include "explorer_atomics.h"
#include <pthread.h>

struct explorer_mutex {
    int word;
};

/* Without a place, so that nobody tries weaker orders. */
static inline int explorer_mutex_lock(struct explorer_mutex *m)
{
    for (int free = 0; !explorer_cas(&m->word, sizeof m->word, &free, 1, memory_order_acquire, NULL, 0); free = 0)
        explorer_park(&m->word, sizeof m->word, 1, false);
    return 0;
}

static inline int explorer_mutex_unlock(struct explorer_mutex *m)
{
    explorer_store(&m->word, sizeof m->word, 0, memory_order_release, NULL, 0);
    explorer_unpark(&m->word, 1);
    return 0;
}

#define pthread_mutex_t struct explorer_mutex
#undef PTHREAD_MUTEX_INITIALIZER
#define PTHREAD_MUTEX_INITIALIZER                                                                                      \
    {                                                                                                                  \
        0                                                                                                              \
    }
#define pthread_mutex_destroy(m) ((void)(m))
#define pthread_mutex_lock(m) explorer_mutex_lock(m)
#define pthread_mutex_unlock(m) explorer_mutex_unlock(m)
#define pthread_once(once, fn) ((void)(once), (void)(fn))

#endif
