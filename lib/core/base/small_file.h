/* Small files of the system, read whole into memory that the caller has. */
#ifndef CREW_BASE_SMALL_FILE_H
#define CREW_BASE_SMALL_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Reads at most size - 1 bytes and terminates them. Returns how many there were, -1 where they cannot be read. */
ssize_t crew__read_bytes(int fd, char *text, size_t size);

/* The same of the file `path`; what is longer is cut off. False where there is no such file. */
bool crew__read_small(const char *path, char *text, size_t size);

#endif
