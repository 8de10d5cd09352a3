/* The file in which a long map keeps what is finished, for a later run to go on from.

   A header says of which call it is; records follow, each of them items that succeeded one after another, with their
   results. Header and records carry checksums. A record is written by one append, so a run that is killed leaves an
   incomplete one at the end at most, which the next run cuts off. Numbers are in the machine's byte order. */
#ifndef CREW_PROCESS_JOURNAL_H
#define CREW_PROCESS_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct crew__journal {
    int file;
    size_t out_size;
    uint64_t end; /* bytes of the file that are whole */
    /* what has not been written yet: items from `begin` on */
    size_t begin, count;
    char *results; /* behind room for a record's header */
    size_t room;   /* items */
    double written, synced;
    bool dirty; /* written and not synced */
};

/* The call that a journal is of. */
struct crew__journal_of {
    const void *in;
    size_t in_size, out_size, n;
    const char *name; /* NULL: none */
};

/* Opens or makes the file, reads it, writes results that it has to out and sets done[i] to 1 for their items. done has
   n bytes of zero. Returns 0 or a negative errno value, as crew_process_map documents; out is as it was then. */
int crew__journal_open(struct crew__journal *j, const char *path, const struct crew__journal_of *of, char *out,
                       unsigned char *done);

/* Items that have succeeded. 0 or a negative errno value. */
int crew__journal_add(struct crew__journal *j, size_t begin, size_t count, const char *results);

/* Writes and syncs what is due at the time `now`, or all. As crew__journal_add. */
int crew__journal_tick(struct crew__journal *j, double now, bool all);

/* Writes and syncs the rest, and closes. As crew__journal_add. */
int crew__journal_close(struct crew__journal *j);

#endif
