/* Keeps scratch memory between calls. */
#define _DEFAULT_SOURCE
#include "scratch.h"
#include "atomics.h"
#include "compiler.h"
#include "memory.h"
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

/* Small buffers have places of their own: the deques of a team must not drive out what an algorithm will want again. */
enum { SMALL_PLACES = 16, LARGE_PLACES = 8, PLACES = SMALL_PLACES + LARGE_PLACES };

static const size_t SMALL = (size_t)256 << 10, LARGE = (size_t)4 << 20, HUGE_PAGE = (size_t)2 << 20;

/* In front of every buffer, one cache line. */
struct header {
    size_t size;  /* usable bytes behind this header */
    void *memory; /* what free() takes */
};

static struct header *_Atomic kept[PLACES];

/* The places for buffers of a size: *first .. *end - 1. */
static void places_of(size_t size, int *first, int *end)
{
    *first = size <= SMALL ? 0 : SMALL_PLACES;
    *end = size <= SMALL ? SMALL_PLACES : PLACES;
}

static struct header *make(size_t size)
{
    if (size > PTRDIFF_MAX - 2 * HUGE_PAGE)
        return NULL;
    size_t align = size < LARGE ? CREW__CACHE_LINE : HUGE_PAGE;
    /* The header has a whole alignment unit in front, so that the buffer itself is aligned. */
    size_t whole = (size + align - 1) / align * align + align;
    char *memory = aligned_alloc(align, whole);
    if (!memory)
        return NULL;
#ifdef MADV_HUGEPAGE
    if (size >= LARGE)
        (void)madvise(memory + align, whole - align, MADV_HUGEPAGE); /* first touch: 0.6 ns a double instead of 1.8 */
#endif
    struct header *h = (struct header *)(void *)(memory + align - CREW__CACHE_LINE);
    h->size = whole - align;
    h->memory = memory;
    return h;
}

void *crew__scratch_take(size_t size)
{
    if (size == 0)
        size = 1;
    int first, end;
    places_of(size, &first, &end);
    for (int i = first; i < end; i++) {
        if (!CREW__LOAD(&kept[i], relaxed))
            continue;
        /* Taken out before it is looked at: another thread could free it in between. */
        struct header *h = CREW__SWAP(&kept[i], NULL, acquire);
        if (!h)
            continue;
        crew__tell_acquire(kept);
        if (h->size >= size && h->size / 8 <= size + 4096)
            return (char *)h + CREW__CACHE_LINE;
        struct header *none = NULL;
        if (!CREW__CAS(&kept[i], &none, h, release))
            free(h->memory);
    }
    struct header *h = make(size);
    if (!h) {
        crew__scratch_trim();
        h = make(size);
    }
    return h ? (char *)h + CREW__CACHE_LINE : NULL;
}

void crew__scratch_give(void *p)
{
    if (!p)
        return;
    struct header *h = (struct header *)(void *)((char *)p - CREW__CACHE_LINE);
    crew__tell_release(kept);
    int first, end;
    places_of(h->size, &first, &end);
    for (int i = first; i < end; i++) {
        struct header *none = NULL;
        if (!CREW__LOAD(&kept[i], relaxed) && CREW__CAS(&kept[i], &none, h, release))
            return;
    }
    /* All places are taken: the newest is the likeliest to be asked for again. */
    struct header *old = CREW__SWAP(&kept[first], h, acq_rel);
    if (old)
        free(old->memory);
}

void crew__scratch_give_or_free(void *p)
{
    static const size_t MOST = (size_t)1 << 20;
    if (!p)
        return;
    struct header *h = (struct header *)(void *)((char *)p - CREW__CACHE_LINE);
    if (h->size > MOST)
        free(h->memory);
    else
        crew__scratch_give(p);
}

void crew__scratch_trim(void)
{
    for (int i = 0; i < PLACES; i++) {
        struct header *h = CREW__SWAP(&kept[i], NULL, acquire);
        if (h)
            free(h->memory);
    }
}
