/* The calling thread's OpenMP pool: how wide it is, and how it grows without ending the process. */
#ifndef CREW_BACKEND_POOL_H
#define CREW_BACKEND_POOL_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>

struct crew__pool;

/* Sets up what ends pools; false where the system lacks the means. Once, before everything else here. */
bool crew__pool_set_up(void);

/* True where the calling thread has a pool or may make one: only a few threads may. */
bool crew__pool_claim(void);

/* Makes the calling thread's pool `want` wide, or as wide as it can be, and says how wide that is. */
int crew__pool_grow(int want);

/* The calling thread's pool, which crew__pool_grow made; its next team has `width` threads. */
struct crew__pool *crew__pool_use(int width);

/* Every other thread of a team, by its number, says this of its caller's pool: the threads count themselves in, and out
   when they end, because nobody can ask the runtime how many it keeps. */
void crew__pool_join(struct crew__pool *pool, int id);

/* Around a region of the calling thread: keeps those who sleep off its processor. */
void crew__pool_begin(struct crew__pool *pool, int width);
void crew__pool_end(struct crew__pool *pool);

/* pthread_create for crew's own threads, with crew__signals_block's signals blocked and not while a pool grows: a
   thread made then takes the place that was just tried out. Returns as pthread_create; *before receives the caller's
   mask. */
int crew__pool_start_thread(pthread_t *thread, void *(*fn)(void *), void *arg, sigset_t *before);

/* In a child after fork: none of the threads were copied. */
void crew__pool_forget(void);

#endif
