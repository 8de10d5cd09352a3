/* Sizes that are checked and memory that is aligned. */
#ifndef CREW_BASE_MEMORY_H
#define CREW_BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* *product = a * b; false where that does not fit. */
static inline bool crew__mul(size_t a, size_t b, size_t *product)
{
    if (b != 0 && a > SIZE_MAX / b)
        return false;
    *product = a * b;
    return true;
}

/* The bytes of an array that a caller gives; false where no object is as large. */
static inline bool crew__array_bytes(size_t n, size_t size, size_t *bytes)
{
    return crew__mul(n, size, bytes) && *bytes <= PTRDIFF_MAX;
}

/* True where [a, a + a_size) and [b, b + b_size) share a byte. Compared as integers: the order of pointers into
   different objects is not defined in C, that of their addresses is. */
static inline bool crew__overlap(const void *a, size_t a_size, const void *b, size_t b_size)
{
    uintptr_t p = (uintptr_t)a, q = (uintptr_t)b;
    return a_size > 0 && b_size > 0 && (p < q ? q - p < a_size : p - q < b_size);
}

/* What a map asks of its arrays: 0, -EOVERFLOW, or -EINVAL where one is missing or they overlap other than item by
   item. */
int crew__map_arrays(const void *in, size_t in_size, const void *out, size_t out_size, size_t n);

/* At least `size` bytes aligned to a cache line, NULL where there are none; size 0 gives a pointer that may be freed.
 */
void *crew__alloc(size_t size);
void crew__free(void *p);

#endif
