/* Scratch memory that is kept for reuse: a fresh page costs twenty times a warm write, so an algorithm that allocated
   its scratch in every call would spend most of its time there. */
#ifndef CREW_BASE_SCRATCH_H
#define CREW_BASE_SCRATCH_H

#include <stddef.h>

/* At least `size` bytes, aligned to a page where they are many and else to a cache line, contents undefined; NULL where
   there are none. A kept buffer where one is large enough and not wastefully larger. Thread safe, may be nested. */
void *crew__scratch_take(size_t size);

/* Gives a buffer back, to be kept or freed. NULL does nothing. */
void crew__scratch_give(void *p);

/* The same, but more than 1 MiB is freed at once: a program that has the core alone cannot ask for it. */
void crew__scratch_give_or_free(void *p);

/* Frees what is kept. Buffers in use stay. */
void crew__scratch_trim(void);

#endif
