/* Reads small files of the system. */
#define _POSIX_C_SOURCE 200809L
#include "small_file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

ssize_t crew__read_bytes(int fd, char *text, size_t size)
{
    size_t n = 0;
    while (n < size - 1) {
        ssize_t got = read(fd, text + n, size - 1 - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        n += (size_t)got;
    }
    text[n] = '\0';
    return (ssize_t)n;
}

bool crew__read_small(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t n = crew__read_bytes(fd, text, size);
    close(fd);
    return n >= 0;
}
