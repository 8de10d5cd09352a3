/* What items cost the last time that a call site ran few of them: a first item alone, to learn it, doubles the time of
   two heavy ones. */
#ifndef CREW_LOOP_SITES_H
#define CREW_LOOP_SITES_H

#include "runner.h"
#include <stdbool.h>
#include <stdint.h>

enum { CREW__FEW_ITEMS = 64 };

struct crew__site {
    uintptr_t key;
    float item_ns; /* 0: not known */
    bool sleeps;   /* its items sleep rather than compute: more threads than processors help */
};

/* The calling thread's entry for the callback and the magnitude of n. It lives until another site takes its place. */
struct crew__site *crew__site_of(const struct crew__loop *loop);

#endif
