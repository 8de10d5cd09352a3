#define _POSIX_C_SOURCE 200809L
#include "line_pool.h"
#include "../base/memory.h"
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef CREW__SANITIZED

/* The sanitizer is to see every future come and go. */
void *crew__block_take(void)
{
    return crew__alloc(CREW__BLOCK);
}

void crew__block_give(void *block)
{
    crew__free(block);
}

#else

enum { CHAIN = 64 };

struct block {
    struct block *next;
    struct block *below; /* of the first in a chain: the chain below it in the depot */
};

struct chain {
    struct block *first;
    int count;
};

struct hand {
    struct chain open, full;
};

static _Thread_local struct hand hand;
static _Thread_local bool is_kept; /* the thread's hand goes to the depot when the thread ends */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct block *depot;
static pthread_key_t key;
static bool have_key;

static void take_lock(void)
{
    pthread_mutex_lock(&lock);
}

static void give_lock(void)
{
    pthread_mutex_unlock(&lock);
}

static void put_away(struct block *first)
{
    if (!first)
        return;
    take_lock();
    first->below = depot;
    depot = first;
    give_lock();
}

static void end_thread(void *arg)
{
    struct hand *h = arg;
    put_away(h->open.first);
    put_away(h->full.first);
    *h = (struct hand){{NULL, 0}, {NULL, 0}};
    is_kept = false; /* a later destructor of the program's may still release futures */
}

static void set_up(void)
{
    have_key = pthread_key_create(&key, end_thread) == 0;
    pthread_atfork(take_lock, give_lock,
                   give_lock); /* a child must not find it held by a thread that it does not have */
}

static bool keep(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, set_up);
    is_kept = have_key && pthread_setspecific(key, &hand) == 0;
    return is_kept;
}

static struct block *make(void)
{
    struct block *first = NULL;
    char *memory = crew__alloc((size_t)CHAIN * CREW__BLOCK);
    for (int i = CHAIN - 1; memory && i >= 0; i--) {
        struct block *b = (struct block *)(void *)(memory + (size_t)i * CREW__BLOCK);
        b->next = first;
        first = b;
    }
    return first;
}

static struct block *fetch(void)
{
    take_lock();
    struct block *first = depot;
    if (first)
        depot = first->below;
    give_lock();
    return first ? first : make();
}

static CREW__NOINLINE void *take_slowly(void)
{
    if (!is_kept && !keep()) {
        struct block *first = fetch();
        if (first)
            put_away(first->next);
        return first;
    }
    if (hand.full.first) {
        hand.open = hand.full;
        hand.full = (struct chain){NULL, 0};
    } else {
        hand.open = (struct chain){fetch(), CHAIN}; /* at most: what a thread left when it ended may be less */
    }
    struct block *b = hand.open.first;
    if (!b) {
        hand.open.count = 0;
        return NULL;
    }
    hand.open.first = b->next;
    hand.open.count--;
    return b;
}

static CREW__NOINLINE void give_slowly(struct block *b)
{
    if (!is_kept && !keep()) {
        b->next = NULL;
        put_away(b);
        return;
    }
    if (hand.open.count >= CHAIN) {
        put_away(hand.full.first);
        hand.full = hand.open;
        hand.open = (struct chain){NULL, 0};
    }
    b->next = hand.open.first;
    hand.open.first = b;
    hand.open.count++;
}

void *crew__block_take(void)
{
    struct block *b = hand.open.first;
    if (!b)
        return take_slowly();
    hand.open.first = b->next;
    hand.open.count--;
    return b;
}

void crew__block_give(void *block)
{
    struct block *b = block;
    if (!is_kept || hand.open.count >= CHAIN) {
        give_slowly(b);
        return;
    }
    b->next = hand.open.first;
    hand.open.first = b;
    hand.open.count++;
}

#endif
