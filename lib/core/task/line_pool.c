/* One list of lines at each thread, and one for all. */
#define _POSIX_C_SOURCE 200809L
#include "line_pool.h"
#include "../base/compiler.h"
#include "../base/memory.h"
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef CREW__SANITIZED

/* The sanitizer is to see every future come and go. */
void *crew__line_take(void)
{
    return crew__alloc(CREW__CACHE_LINE);
}

void crew__line_give(void *memory)
{
    crew__free(memory);
}

#else

enum { CHAIN = 64 };

struct line {
    struct line *next;
    struct line *next_chain; /* of the first in a chain: the chain that follows among the shared ones */
};

struct chain {
    struct line *first;
    int count;
};

struct chains {
    struct chain open, full;
};

static _Thread_local struct chains own;
static _Thread_local bool is_kept; /* the thread's own chains are put away when the thread ends */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct line *shared;
static pthread_key_t key;
static bool have_key;

static void lock_shared(void)
{
    pthread_mutex_lock(&lock);
}

static void unlock_shared(void)
{
    pthread_mutex_unlock(&lock);
}

static void share(struct line *first)
{
    if (!first)
        return;
    lock_shared();
    first->next_chain = shared;
    shared = first;
    unlock_shared();
}

static void end_thread(void *arg)
{
    struct chains *chains = arg;
    share(chains->open.first);
    share(chains->full.first);
    *chains = (struct chains){{NULL, 0}, {NULL, 0}};
    is_kept = false; /* a later destructor of the program's may still release futures */
}

static void set_up(void)
{
    have_key = pthread_key_create(&key, end_thread) == 0;
    /* A child must not find it held by a thread that it does not have. */
    pthread_atfork(lock_shared, unlock_shared, unlock_shared);
}

static pthread_once_t lines_once = PTHREAD_ONCE_INIT;

/* A handler that is registered while another thread forks comes too late for that fork, so at load. */
CREW__AT_LOAD static void set_up_early(void)
{
    pthread_once(&lines_once, set_up);
}

static bool keep_own(void)
{
    pthread_once(&lines_once, set_up);
    is_kept = have_key && pthread_setspecific(key, &own) == 0;
    return is_kept;
}

static struct line *make_chain(void)
{
    struct line *first = NULL;
    char *memory = crew__alloc((size_t)CHAIN * CREW__CACHE_LINE);
    for (int i = CHAIN - 1; memory && i >= 0; i--) {
        struct line *line = (struct line *)(void *)(memory + (size_t)i * CREW__CACHE_LINE);
        line->next = first;
        first = line;
    }
    return first;
}

static struct line *fetch_chain(void)
{
    lock_shared();
    struct line *first = shared;
    if (first)
        shared = first->next_chain;
    unlock_shared();
    return first ? first : make_chain();
}

static CREW__NOINLINE void *take_slowly(void)
{
    if (!is_kept && !keep_own()) {
        struct line *first = fetch_chain();
        if (first)
            share(first->next);
        return first;
    }
    if (own.full.first) {
        own.open = own.full;
        own.full = (struct chain){NULL, 0};
    } else {
        own.open = (struct chain){fetch_chain(), CHAIN}; /* at most: what a thread left when it ended may be less */
    }
    struct line *line = own.open.first;
    if (!line) {
        own.open.count = 0;
        return NULL;
    }
    own.open.first = line->next;
    own.open.count--;
    return line;
}

static CREW__NOINLINE void give_slowly(struct line *line)
{
    if (!is_kept && !keep_own()) {
        line->next = NULL;
        share(line);
        return;
    }
    if (own.open.count >= CHAIN) {
        share(own.full.first);
        own.full = own.open;
        own.open = (struct chain){NULL, 0};
    }
    line->next = own.open.first;
    own.open.first = line;
    own.open.count++;
}

void *crew__line_take(void)
{
    struct line *line = own.open.first;
    if (!line)
        return take_slowly();
    own.open.first = line->next;
    own.open.count--;
    return line;
}

void crew__line_give(void *memory)
{
    struct line *line = memory;
    if (!is_kept || own.open.count >= CHAIN) {
        give_slowly(line);
        return;
    }
    line->next = own.open.first;
    own.open.first = line;
    own.open.count++;
}

#endif
