/* Sleeps on a word and wakes its sleepers: by futex on Linux, else by conditions. */
#define _GNU_SOURCE
#include "park.h"
#include "../base/compiler.h"
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#ifdef __linux__

#include <sys/syscall.h>
#include <unistd.h>
#if defined(__has_include)
#if __has_include(<linux/futex.h>)
#include <linux/futex.h>
#endif
#endif
/* A system with the call may lack the kernel's header; these are its numbers, which never change. */
#ifndef FUTEX_WAIT_PRIVATE
#define FUTEX_WAIT_PRIVATE (0 | 128)
#define FUTEX_WAKE_PRIVATE (1 | 128)
#endif
#ifndef FUTEX_WAIT_BITSET_PRIVATE
#define FUTEX_WAIT_BITSET_PRIVATE (9 | 128)
#define FUTEX_WAKE_BITSET_PRIVATE (10 | 128)
#endif

/* Where time_t has 64 bits on a 32-bit system the plain call takes it for 32. */
#if defined(SYS_futex_time64) && defined(SYS_futex)
static const long futex_call = sizeof(time_t) > sizeof(long) ? SYS_futex_time64 : SYS_futex;
#elif defined(SYS_futex)
static const long futex_call = SYS_futex;
#else
static const long futex_call = SYS_futex_time64;
#endif

void crew__park(atomic_int *word, int expected, double seconds)
{
    struct timespec span, *limit = NULL;
    if (seconds >= 0) {
        double most = seconds < 1e9 ? seconds : 1e9;
        span.tv_sec = (time_t)most;
        span.tv_nsec = (long)((most - (double)span.tv_sec) * 1e9);
        limit = &span;
    }
    int error = errno; /* a wait is no failure of the program's */
    syscall(futex_call, word, FUTEX_WAIT_PRIVATE, expected, limit, NULL, 0);
    errno = error;
}

void crew__unpark(atomic_int *word, int count)
{
    int error = errno;
    syscall(futex_call, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
    errno = error;
}

/* The kernel keeps 32 kinds of sleepers of a word apart. */
static unsigned bit_of(int number)
{
    return 1u << ((unsigned)number % 32);
}

void crew__park_as(atomic_int *word, int expected, int number)
{
    int error = errno;
    syscall(futex_call, word, FUTEX_WAIT_BITSET_PRIVATE, expected, NULL, NULL, bit_of(number));
    errno = error;
}

void crew__unpark_one(atomic_int *word, int number)
{
    int error = errno;
    if (syscall(futex_call, word, FUTEX_WAKE_BITSET_PRIVATE, 1, NULL, NULL, bit_of(number)) != 1)
        syscall(futex_call, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
    errno = error;
}

#else

/* Words share a few locks by their address; who shares one wakes now and then for nothing. */
enum { BUCKETS = 64 };

static struct bucket {
    pthread_mutex_t lock;
    pthread_cond_t changed;
} buckets[BUCKETS];

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void set_up(void)
{
    for (int i = 0; i < BUCKETS; i++)
        buckets[i] = (struct bucket){PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER};
}

/* A child must not find one held by a thread that it does not have. */
static void set_up_over_fork(void)
{
    set_up();
    pthread_atfork(NULL, NULL, set_up);
}

/* A handler that is registered while another thread forks comes too late for that fork, so at load. */
CREW__AT_LOAD static void set_up_early(void)
{
    pthread_once(&once, set_up_over_fork);
}

static struct bucket *bucket_of(const atomic_int *word)
{
    pthread_once(&once, set_up_over_fork);
    return &buckets[((uintptr_t)word / 64) % BUCKETS];
}

void crew__park(atomic_int *word, int expected, double seconds)
{
    struct bucket *b = bucket_of(word);
    struct timespec limit;
    if (seconds >= 0) {
        double most = seconds < 1e9 ? seconds : 1e9;
        clock_gettime(CLOCK_REALTIME, &limit);
        limit.tv_sec += (time_t)most;
        limit.tv_nsec += (long)((most - (double)(time_t)most) * 1e9);
        if (limit.tv_nsec >= 1000000000) {
            limit.tv_sec++;
            limit.tv_nsec -= 1000000000;
        }
    }
    pthread_mutex_lock(&b->lock);
    if (atomic_load_explicit(word, memory_order_relaxed) == expected) {
        if (seconds >= 0)
            pthread_cond_timedwait(&b->changed, &b->lock, &limit);
        else
            pthread_cond_wait(&b->changed, &b->lock);
    }
    pthread_mutex_unlock(&b->lock);
}

void crew__unpark(atomic_int *word, int count)
{
    (void)count;
    struct bucket *b = bucket_of(word);
    pthread_mutex_lock(&b->lock);
    pthread_cond_broadcast(&b->changed);
    pthread_mutex_unlock(&b->lock);
}

void crew__park_as(atomic_int *word, int expected, int number)
{
    (void)number;
    crew__park(word, expected, -1);
}

void crew__unpark_one(atomic_int *word, int number)
{
    (void)number;
    crew__unpark(word, 1);
}

#endif

void crew__pause(int round)
{
    /* Now and then the processor itself: whoever is waited for may have lost it. */
    if (round % 64 == 63)
        sched_yield();
    else
        CREW__RELAX();
}
