/* What crew/inline/scan.h and the library know of each other: what one thread does of a scan, compiled in the program
   or in the library, and the scan that calls it. All of it belongs to crew. */
#ifndef CREW_INLINE_SCAN_RUN_H
#define CREW_INLINE_SCAN_RUN_H

#include <crew/scan.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Elements of a block: below that a second pass costs more than threads gain, where combine is cheap. */
enum { CREW__SCAN_BLOCK = 1024 };

struct crew__scan_steps;

struct crew__scan_of {
    const struct crew__scan_steps *steps;
    const crew_scanner *s;
    void *ctx;
    const char *in;
    const unsigned char *flags; /* NULL: one segment */
    char *out;
    size_t size, n;
    bool exclusive;
};

struct crew__scan_steps {
    /* acc = acc followed by the elements begin .. end-1. */
    void (*total)(const struct crew__scan_of *d, size_t begin, size_t end, char *acc);
    /* Scans the elements begin .. end-1 from acc on, which becomes what follows. total, where that is not NULL, becomes
       total followed by the elements from the last start of a segment on. kept: room for an element where the scan is
       exclusive and in place, as the accumulator is needed while combine reads the element; else NULL. */
    void (*scan)(const struct crew__scan_of *d, size_t begin, size_t end, char *acc, char *total, char *kept);
};

/* crew_scan_inclusive and its like with steps of the program, which combine as d->s does. */
CREW_API int crew__scan_by_steps(const struct crew__scan_of *d, void *total, const crew_options *opt);

static inline void crew__scan_start(const crew_scanner *s, char *acc, size_t size)
{
    if (s->identity)
        memcpy(acc, s->identity, size);
    else
        memset(acc, 0, size);
}

/* One block, which needs no scratch, and arguments that are not wrong. */
static inline bool crew__scan_is_short(const struct crew__scan_of *d, const crew_options *opt)
{
    const uintptr_t in = (uintptr_t)d->in, out = (uintptr_t)d->out, bytes = d->n * d->size;
    return d->n - 1 < CREW__SCAN_BLOCK && opt == NULL && d->in != NULL && d->out != NULL &&
           (in == out || (in < out ? out - in : in - out) >= bytes) && d->flags == NULL;
}

#ifdef __cplusplus
}
#endif
#endif
