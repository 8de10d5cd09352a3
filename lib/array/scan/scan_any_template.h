/* The steps of crew_scan_inclusive and crew_scan_exclusive, and of the same over ranks: elements of any size, combined
   by a callback. CREW__INSTANCE names them; CREW__SIZE is the one size that they are for, where it is defined. */
#ifndef CREW__SIZE
#define CREW__SIZE d->size
#endif
#define CREW__EXCLUSIVE d->exclusive
#define CREW__SEGMENTED (d->flags != NULL)
#define CREW__SCAN_BEGIN                                                                                               \
    void (*const combine)(void *, const void *, void *) = d->s->combine;                                               \
    void *const ctx = d->ctx;
#define CREW__HOLD(acc, at) char *const acc = at;
#define CREW__KEEP(acc, at)
#define CREW__COMBINE(acc, x) combine(acc, x, ctx)
#include <crew/inline/scan_steps.h>
