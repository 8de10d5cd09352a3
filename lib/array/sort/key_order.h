/* Looks at all keys of an array: are they sorted, and in which bits do they differ. */
#ifndef CREW_SORT_KEY_ORDER_H
#define CREW_SORT_KEY_ORDER_H

#include "sort_type.h"

struct crew__keys {
    const void *first;
    size_t n, stride; /* bytes from one to the next: those of a key, or more where keys are in records */
    bool wide;        /* 8 bytes each, else 4 */
    const struct crew__key *key;
};

/* n is at least 1. 1: no rank is below the one before it. -1: all are. 0: neither. */
int crew__key_order(const struct crew__keys *keys);

/* The bits in which ranks differ. In records the ranks of NaNs are all the same, *nans = 0. In an array of keys they
   are told apart by their bits, and *nans is how many there are. */
uint64_t crew__varying_bits(const struct crew__keys *keys, size_t *nans);

#endif
