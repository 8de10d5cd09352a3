/* What the parts of the differential fuzzer share. An input's first byte chooses the part, the next ones the algorithm,
   threads, sizes and values; where it ends, zeros follow. */
#ifndef TESTS_FUZZ_ARRAY_H
#define TESTS_FUZZ_ARRAY_H

#include "../../lib/array/typed/types.h"
#include <crew/crew.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct fuzz {
    const uint8_t *data;
    size_t size, at;
    uint64_t state;
    void *owned[64]; /* freed after the input */
    size_t count;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first bytes of fuzz_exact and fuzz_sets; any other modulo 5 chooses among the parts that were there first. */
enum { FUZZ_EXACT = 255, FUZZ_SETS = 253 };

/* The parts. */
void fuzz_scan(struct fuzz *f);
void fuzz_sort(struct fuzz *f);
void fuzz_select(struct fuzz *f);
void fuzz_keys(struct fuzz *f);
void fuzz_move(struct fuzz *f);
void fuzz_exact(struct fuzz *f);
void fuzz_sets(struct fuzz *f);

/* The next byte, splitmix64 seeded by the input, and a choice of 0 .. n-1. */
unsigned fuzz_byte(struct fuzz *f);
uint64_t fuzz_random(struct fuzz *f);
size_t fuzz_below(struct fuzz *f, size_t n);

/* Exactly `bytes` bytes, so that a sanitizer sees what lies beyond. */
void *fuzz_alloc(struct fuzz *f, size_t bytes);
void *fuzz_copy(struct fuzz *f, const void *from, size_t bytes);

/* A number of elements: 0, few, or about where blocks end. */
size_t fuzz_count(struct fuzz *f);
/* A size of an element. */
size_t fuzz_size(struct fuzz *f);
/* Bytes of some kind: random, few different, all equal, the input's own. */
void *fuzz_bytes(struct fuzz *f, size_t bytes);

/* abort() with a word on standard error, but where two arrays are the same. */
void fuzz_same(const void *got, const void *want, size_t bytes, const char *what);
void fuzz_true(int right, const char *what);

/* A predicate over flags; fails from item fail_at on with 7. */
struct fuzz_flags {
    const unsigned char *flags;
    size_t fail_at;
};
crew_predicate fuzz_ask;

/* By the first byte, so that many are equal. ctx: struct fuzz_order. */
struct fuzz_order {
    size_t size;
    unsigned mask;
    int absurd; /* 1: contradicts itself */
};
int fuzz_compare(const void *a, const void *b, void *ctx);
/* index = the stable order of n elements, by insertion into halves. */
void fuzz_stable(struct fuzz *f, const void *x, size_t n, size_t size, crew_compare *cmp, void *ctx, size_t *index);
/* x[index[i]] in order. */
void *fuzz_gather(struct fuzz *f, const void *x, size_t size, const size_t *index, size_t n);

#endif
