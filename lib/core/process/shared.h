/* Anonymous memory that a process shares with those that it forks. */
#ifndef CREW_PROCESS_SHARED_H
#define CREW_PROCESS_SHARED_H

#include <stdbool.h>
#include <stddef.h>

size_t crew__page(void);

/* bytes rounded up to pages; false where that does not fit. */
bool crew__round_to_pages(size_t bytes, size_t *rounded);

/* Zeroed pages, NULL with errno without memory. Not taken yet: crew__shared_take. */
char *crew__shared_map(size_t bytes);
void crew__shared_unmap(char *p, size_t bytes);

/* Takes the pages of [p, p + bytes) now, so that a shortage is -ENOMEM here and no signal later. */
int crew__shared_take(char *p, size_t bytes);

/* True where all of it lies in memory that crew_shared_alloc has given and that has not been freed. */
bool crew__shared_has(const void *p, size_t bytes);

/* Makes [p, p + bytes) inaccessible in this process and those that it forks. */
void crew__shared_guard(char *p, size_t bytes);

#endif
