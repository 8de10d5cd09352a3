/* The allocator in front of the system's, for every part of the process, runtimes and C library included. */
#include "matrix.h"
#include <errno.h>
#include <stddef.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static atomic_long fail_at = -1, asked;
static atomic_bool fail_on;

void fail_allocation(long at, bool on)
{
    atomic_store(&asked, 0);
    atomic_store(&fail_on, on);
    atomic_store(&fail_at, at);
}

long allocations(void)
{
    return atomic_load(&asked);
}

static bool fails(void)
{
    long k = atomic_fetch_add_explicit(&asked, 1, memory_order_relaxed);
    long at = atomic_load_explicit(&fail_at, memory_order_relaxed);
    if (at < 0 || k < at || (k > at && !atomic_load(&fail_on)))
        return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
    return fails() ? NULL : __libc_realloc(p, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **p, size_t alignment, size_t size)
{
    void *got = fails() ? NULL : __libc_memalign(alignment, size);
    if (got)
        *p = got;
    return got ? 0 : ENOMEM;
}
