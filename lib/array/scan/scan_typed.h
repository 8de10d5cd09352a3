/* The typed scans, whatever the type: shares the leaves of an array among threads. */
#ifndef CREW_SCAN_SCAN_TYPED_H
#define CREW_SCAN_SCAN_TYPED_H

#include "scan_kernel.h"
#include <crew/compiler.h>

/* An array to scan, in the terms of one type. Leaves are numbered from 0 and hold CREW__SCAN_LEAF elements. */
struct crew__scan {
    const struct crew__scan_kernel *kernel;
    const void *x;
    const unsigned char *flags; /* a segment starts where one is not zero; NULL: one segment */
    void *out;
    size_t n;
    size_t size;                           /* bytes of an element */
    size_t exclusive;                      /* 0 or 1 */
    union crew__scalar start;              /* the neutral element */
    const union crew__scalar *before;      /* the total of what lies before x; NULL: nothing does */
    const struct crew__scan_kernel *plain; /* for segments alone: that of crew__scan_kernels_plain */
};

/* From that size on results go to memory past the caches; smaller ones may still be in a cache when the caller reads
   them. Fixed for users; tests change it. */
extern size_t crew__scan_past_bytes;

/* Most workers for a processor. 1 for users; tests change it. */
extern size_t crew__scan_crowd;

/* Runs the scan. Returns the total of all, or with flags of the last segment. For the MPI layer too. */
CREW_API union crew__scalar crew__scan_typed(const struct crew__scan *s);

/* One leaf with flags. *reset: whether a segment starts in it, so that *total says nothing of what lies before. */
void crew__scan_segments_total(const struct crew__scan *s, size_t first, size_t n, union crew__scalar *total,
                               int *reset);
void crew__scan_segments(const struct crew__scan *s, size_t first, size_t n, union crew__scalar *prefix);

#endif
