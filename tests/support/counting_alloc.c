/* The allocator in front of malloc, calloc, realloc and aligned_alloc that counting_alloc.h describes. */
#include "counting_alloc.h"
#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>

/* A sanitizer's allocator counts nothing here; it looks for leaks itself. */
#ifdef __GLIBC__
#if __GLIBC_PREREQ(2, 33)
#define COUNTS_BYTES
#endif
#endif

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

static atomic_long asked, fail_at;
static atomic_bool counting, fail_on;

void counting_begin(long at, bool on)
{
    atomic_store(&asked, 0);
    atomic_store(&fail_at, at);
    atomic_store(&fail_on, on);
    atomic_store(&counting, true);
}

long counting_end(void)
{
    atomic_store(&counting, false);
    return atomic_load(&asked);
}

static bool fails(void)
{
    if (!atomic_load(&counting))
        return false;
    long k = atomic_fetch_add(&asked, 1), at = atomic_load(&fail_at);
    bool now = at >= 0 && (k == at || (k > at && atomic_load(&fail_on)));
    if (now)
        errno = ENOMEM;
    return now;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
    return fails() ? NULL : __real_realloc(p, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : __real_aligned_alloc(alignment, size);
}

size_t bytes_in_use(void)
{
#ifdef COUNTS_BYTES
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
#else
    return 0;
#endif
}
