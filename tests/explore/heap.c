/* Memory whose end is watched. */
#include "explorer.h"
#include "inside.h"
#include <stdalign.h>
#include <string.h>

enum { ROOM = 16 << 10, PIECES = 32, ROUND = 64 /* a cache line, as some structs want it */ };

static alignas(ROUND) char memory[ROOM];
static size_t used;

static struct piece {
    char *begin, *end;
    bool freed;
    unsigned last_use[EXPLORER_THREADS];
} pieces[PIECES];
static int count;

void explorer_heap_reset(void)
{
    used = 0;
    count = 0;
}

void *explorer_alloc(size_t size)
{
    size = (size + ROUND - 1) / ROUND * ROUND;
    if (count == PIECES || size > ROOM - used)
        return NULL;
    char *p = memory + used;
    used += size;
    memset(p, 0xa5, size);
    pieces[count++] = (struct piece){.begin = p, .end = p + size};
    return p;
}

static struct piece *piece_of(const volatile void *p)
{
    for (int i = 0; i < count; i++)
        if ((uintptr_t)p >= (uintptr_t)pieces[i].begin && (uintptr_t)p < (uintptr_t)pieces[i].end)
            return &pieces[i];
    return NULL;
}

void explorer_touch(const volatile void *p)
{
    struct piece *piece = piece_of(p);
    int self = explorer_running();
    if (!piece || self < 0)
        return;
    explorer_check(!piece->freed, "used after it was freed");
    piece->last_use[self] = explorer_now(self) + 1;
}

void explorer_free(void *p)
{
    if (!p)
        return;
    struct piece *piece = piece_of(p);
    explorer_check(piece && (char *)p == piece->begin, "freed, and was not allocated");
    if (!piece)
        return;
    explorer_check(!piece->freed, "freed twice");
    int self = explorer_running();
    for (int i = 0; i < EXPLORER_THREADS && self >= 0; i++)
        explorer_check(i == self || piece->last_use[i] <= explorer_now(i), "freed while somebody uses it");
    piece->freed = true;
}

int explorer_leaks(void)
{
    int leaks = 0;
    for (int i = 0; i < count; i++)
        leaks += !pieces[i].freed;
    return leaks;
}
