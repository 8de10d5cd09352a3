/* The file of CREW_TRACE: events in a buffer for each thread, written when that is full and at exit. */
#ifndef CREW_BASE_TRACE_FILE_H
#define CREW_BASE_TRACE_FILE_H

#include <stddef.h>
#include <stdint.h>

enum crew__trace_kind { CREW__TRACE_SLICE, CREW__TRACE_RANGE, CREW__TRACE_INSTANT, CREW__TRACE_COUNT };

/* Gives the calling thread a row of its own in the file, if it has none. Without memory it stays without. */
void crew__trace_take_row(void);

/* Notes an event of the calling thread. begin and end are items, of a range; begin is the value of a count. name is
   kept as it is. */
void crew__trace_note(enum crew__trace_kind kind, const char *name, int64_t start, int64_t stop, size_t begin,
                      size_t end);

/* Opens the file. 0, or errno. */
int crew__trace_open(const char *path);

/* Writes what all threads have noted, and what was dropped. */
void crew__trace_finish(void);

#endif
