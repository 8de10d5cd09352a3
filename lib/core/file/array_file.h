/* An open array: what its functions share. */
#ifndef CREW_FILE_ARRAY_FILE_H
#define CREW_FILE_ARRAY_FILE_H

#include <crew/array.h>
#include <sys/types.h>

struct crew_array {
    crew_array_info info;
    int fd;
    size_t offset; /* of the first row in the file */
    bool swapped;  /* the items have the other byte order */
    bool writable;
    bool grown;    /* the header does not say how many rows there are */
    void *map;     /* the whole file; NULL: not mapped */
    size_t mapped; /* bytes */
};

/* Why the thread's call failed: "<path>: <why>", or what the error is called where why is NULL. Sets errno to -error
   and gives error back. */
int crew__array_refuse(const char *path, int error, const char *why);

/* All of it, whatever the system does at once. 0, -ENODATA where the file ends before, or a negative errno value. */
int crew__read_all(int fd, void *bytes, size_t size, size_t offset);
int crew__write_all(int fd, const void *bytes, size_t size, size_t offset);

#endif
