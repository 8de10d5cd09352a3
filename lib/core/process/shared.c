/* crew_shared_alloc, and the mappings of process workers: anonymous, since /dev/shm is small in containers. */
#define _GNU_SOURCE
#include "shared.h"
#include <crew/process.h>
#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__linux__) && !defined(MADV_POPULATE_WRITE)
#define MADV_POPULATE_WRITE 23 /* Linux 5.14; headers may be older than the kernel */
#endif

size_t crew__page(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

bool crew__round_to_pages(size_t bytes, size_t *rounded)
{
    size_t page = crew__page();
    if (bytes > SIZE_MAX - (page - 1))
        return false;
    *rounded = (bytes + page - 1) / page * page;
    return true;
}

char *crew__shared_map(size_t bytes)
{
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

void crew__shared_unmap(char *p, size_t bytes)
{
    if (p)
        munmap(p, bytes);
}

int crew__shared_take(char *p, size_t bytes)
{
#ifdef MADV_POPULATE_WRITE
    int error = errno;
    while (madvise(p, bytes, MADV_POPULATE_WRITE) != 0) {
        if (errno == EINTR)
            continue;
        bool short_of = errno == ENOMEM || errno == EFAULT || errno == EHWPOISON;
        errno = error;
        return short_of ? -ENOMEM : 0; /* an older kernel does not know it */
    }
#else
    (void)p;
    (void)bytes;
#endif
    return 0;
}

void crew__shared_guard(char *p, size_t bytes)
{
    if (bytes > 0)
        mprotect(p, bytes, PROT_NONE);
}

/* Before the memory: a page with its size, and one that is inaccessible; after it another one. */
void *crew_shared_alloc(size_t bytes)
{
    size_t page = crew__page(), rounded;
    if (!crew__round_to_pages(bytes ? bytes : 1, &rounded) || rounded > SIZE_MAX - 3 * page) {
        errno = ENOMEM;
        return NULL;
    }
    char *p = crew__shared_map(rounded + 3 * page);
    if (!p) {
        errno = ENOMEM;
        return NULL;
    }
    if (crew__shared_take(p + 2 * page, rounded) != 0) {
        crew__shared_unmap(p, rounded + 3 * page);
        errno = ENOMEM;
        return NULL;
    }
    *(size_t *)p = rounded;
    crew__shared_guard(p + page, page);
    crew__shared_guard(p + 2 * page + rounded, page);
    return p + 2 * page;
}

void crew_shared_free(void *p)
{
    if (!p)
        return;
    char *start = (char *)p - 2 * crew__page();
    crew__shared_unmap(start, *(size_t *)start + 3 * crew__page());
}
