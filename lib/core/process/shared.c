/* crew_shared_alloc, and the mappings of process workers: anonymous, since /dev/shm is small in containers. */
#define _GNU_SOURCE
#include "shared.h"
#include "../base/atomics.h"
#include <crew/process.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
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

/* What crew_shared_alloc has given: in each word the number of a block's first page and how many it has; 0: free. One
   word, so that who looks while others allocate and free sees blocks that were there; no lock, which a forked process
   might find held. A table that is full is followed by another one, which stays. */
enum { TABLE = 63, COUNT_BITS = 28 };

struct table {
    _Atomic uint64_t blocks[TABLE];
    _Atomic(struct table *) next;
};

static struct table first_table;

/* 0 where it does not fit: 1 TiB of 4 KiB pages, addresses of 48 bits. */
static uint64_t block_of(const char *p, size_t bytes)
{
    uint64_t first = (uintptr_t)p / crew__page(), count = bytes / crew__page();
    bool fits = count >> COUNT_BITS == 0 && first >> (64 - COUNT_BITS) == 0;
    return fits ? first << COUNT_BITS | count : 0;
}

static struct table *table_after(struct table *t)
{
    struct table *next = CREW__LOAD(&t->next, acquire);
    if (next)
        return next;
    struct table *fresh = calloc(1, sizeof *fresh);
    if (!fresh)
        return NULL;
    if (CREW__CAS(&t->next, &next, fresh, acq_rel))
        return fresh;
    free(fresh);
    return CREW__LOAD(&t->next, acquire);
}

/* Where it cannot be noted results are copied. */
static void note(uint64_t block)
{
    for (struct table *t = &first_table; t && block; t = table_after(t))
        for (int i = 0; i < TABLE; i++) {
            uint64_t none = 0;
            if (CREW__CAS(&t->blocks[i], &none, block, relaxed))
                return;
        }
}

static void forget(uint64_t block)
{
    for (struct table *t = &first_table; t && block; t = CREW__LOAD(&t->next, acquire))
        for (int i = 0; i < TABLE; i++) {
            uint64_t found = block;
            if (CREW__CAS(&t->blocks[i], &found, 0, relaxed))
                return;
        }
}

bool crew__shared_has(const void *p, size_t bytes)
{
    const uint64_t from = (uintptr_t)p, page = crew__page();
    for (struct table *t = &first_table; t; t = CREW__LOAD(&t->next, acquire))
        for (int i = 0; i < TABLE; i++) {
            uint64_t block = CREW__LOAD(&t->blocks[i], relaxed);
            uint64_t begin = (block >> COUNT_BITS) * page, size = (block & (((uint64_t)1 << COUNT_BITS) - 1)) * page;
            if (from >= begin && from - begin < size && bytes <= size - (from - begin))
                return true;
        }
    return false;
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
    note(block_of(p + 2 * page, rounded));
    return p + 2 * page;
}

void crew_shared_free(void *p)
{
    if (!p)
        return;
    char *start = (char *)p - 2 * crew__page();
    size_t size = *(size_t *)start;
    forget(block_of(p, size)); /* before somebody else gets the address */
    crew__shared_unmap(start, size + 3 * crew__page());
}
