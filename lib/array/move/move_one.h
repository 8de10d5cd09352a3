/* One element to another place, and two that change places. */
#ifndef CREW_MOVE_MOVE_ONE_H
#define CREW_MOVE_MOVE_ONE_H

#include <stddef.h>
#include <string.h>

/* More than one byte: the first and the last ones, which may overlap, in whole registers. A call of memcpy for a size
   that the compiler does not know takes three times as long for 24 bytes. */
static inline void move_odd(char *out, const char *in, size_t size)
{
    if (size > 64) {
        memcpy(out, in, size);
    } else if (size > 32) {
        memcpy(out, in, 32);
        memcpy(out + size - 32, in + size - 32, 32);
    } else if (size > 16) {
        memcpy(out, in, 16);
        memcpy(out + size - 16, in + size - 16, 16);
    } else if (size > 8) {
        memcpy(out, in, 8);
        memcpy(out + size - 8, in + size - 8, 8);
    } else if (size > 4) {
        memcpy(out, in, 4);
        memcpy(out + size - 4, in + size - 4, 4);
    } else {
        memcpy(out, in, 2);
        memcpy(out + size - 2, in + size - 2, 2);
    }
}

/* An element of a size that the compiler knows is one load and one store. */
static inline void move_one(char *out, const char *in, size_t size)
{
    switch (size) {
    case 1:
        *out = *in;
        break;
    case 2:
        memcpy(out, in, 2);
        break;
    case 4:
        memcpy(out, in, 4);
        break;
    case 8:
        memcpy(out, in, 8);
        break;
    case 12:
        memcpy(out, in, 12);
        break;
    case 16:
        memcpy(out, in, 16);
        break;
    default:
        move_odd(out, in, size);
    }
}

static inline void swap_large(char *a, char *b, size_t size)
{
    char kept[64];
    for (size_t at = 0; at < size; at += sizeof kept) {
        size_t part = size - at < sizeof kept ? size - at : sizeof kept;
        memcpy(kept, a + at, part);
        memcpy(a + at, b + at, part);
        memcpy(b + at, kept, part);
    }
}

/* As move_odd, `half` bytes at a time, at most 16 and a number that the compiler knows. */
static inline void swap_ends(char *a, char *b, size_t size, size_t half)
{
    char first_a[16], last_a[16], first_b[16], last_b[16];
    memcpy(first_a, a, half);
    memcpy(last_a, a + size - half, half);
    memcpy(first_b, b, half);
    memcpy(last_b, b + size - half, half);
    memcpy(a, first_b, half);
    memcpy(a + size - half, last_b, half);
    memcpy(b, first_a, half);
    memcpy(b + size - half, last_a, half);
}

static inline void swap_odd(char *a, char *b, size_t size)
{
    if (size > 32)
        swap_large(a, b, size);
    else if (size > 16)
        swap_ends(a, b, size, 16);
    else if (size > 8)
        swap_ends(a, b, size, 8);
    else if (size > 4)
        swap_ends(a, b, size, 4);
    else
        swap_ends(a, b, size, 2);
}

static inline void swap_one(char *a, char *b, size_t size)
{
    if (size > 16 || (size > 2 && size % 4 != 0)) {
        swap_odd(a, b, size);
        return;
    }
    char first[16], last[16];
    move_one(first, a, size);
    move_one(last, b, size);
    move_one(a, last, size);
    move_one(b, first, size);
}

#endif
