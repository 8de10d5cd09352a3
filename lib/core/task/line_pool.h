/* Memory of one cache line each, kept for reuse: a future that malloc gives touches a fresh page for every thirty,
   which made a submit 2.5 times slower. A thread has up to two full chains at hand; the rest is in one place for all.
   After J. Bonwick and J. Adams, Magazines and Vmem (USENIX 2001). */
#ifndef CREW_TASK_LINE_POOL_H
#define CREW_TASK_LINE_POOL_H

#include "../base/compiler.h"

/* CREW__CACHE_LINE bytes, aligned to that; NULL without memory. */
void *crew__line_take(void);

/* From any thread. */
void crew__line_give(void *memory);

#endif
