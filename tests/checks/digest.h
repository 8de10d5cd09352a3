/* What the parts of the digest program share: its numbers, its memory, and the digests that it prints. */
#ifndef CREW_TESTS_DIGEST_H
#define CREW_TESTS_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define TEXT_(a) #a
#define TEXT(a) TEXT_(a)

/* Puts bytes into the digest of a line, which is named <family>_<type>, or <family> where type is NULL. Lines are
   printed in the order of their first use. */
void add(const char *family, const char *type, const void *data, size_t bytes);

void add_code(const char *family, const char *type, long long code);

/* splitmix64. Each case starts from a seed of its own, so that a case more leaves the numbers of the others alone. */
void seed(uint64_t from);
uint64_t random64(void);

/* Finite, of both signs, around 1, so that products do not leave the range at once. */
double random_double(void);

enum kind { RANDOM, FEW, NARROW, SORTED, FALLING, SPECIAL, RARE, WIDE, KINDS };

extern const size_t sizes[];
extern const size_t size_count;

/* Whether a case is worth its time: every kind is for short arrays, one for the longest. */
bool wanted(enum kind kind, size_t n);

/* How long a case may be to be run in several variants. */
enum { SHORT = 20000, MIDDLE = 100003, LONGEST = 1000003 };

/* Buffers, each of 16 bytes for each of the most elements and something in front and behind. */
enum { ROOMS = 10, ROOM_SIZE = 17 << 20, GUARD = 32 };
void *room(int which, size_t skipped_bytes);

/* Where results go: marked, with GUARD bytes behind, so that what a call should have left alone is in the digest. */
static inline void *marked(void *out, size_t bytes)
{
    return memset(out, 0xa5, bytes + GUARD);
}

static inline void add_guarded(const char *family, const char *type, const void *out, size_t bytes)
{
    add(family, type, out, bytes + GUARD);
}

/* None, all, half and few of the elements. */
void make_flags(unsigned char *flags, size_t n);

void digest_typed(void);
void digest_keys(void);
void digest_elements(void);
void digest_search(void);
void digest_loops(void);
void digest_scans(void);
void digest_inline(void);
void digest_tasks(int threads);

#endif
