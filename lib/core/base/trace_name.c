/* Keeps names for ever: a table of lists that only grow. */
#include "trace_name.h"
#include "atomics.h"
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 1024, MOST = 1 << 16 };

struct kept {
    struct kept *next;
    char text[];
};

static _Atomic(struct kept *) buckets[BUCKETS];
static atomic_int count;

/* FNV-1a. */
static size_t bucket_of(const char *name)
{
    uint32_t hash = 2166136261u;
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619u;
    return (hash ^ hash >> 16) % BUCKETS;
}

static const struct kept *find(const struct kept *list, const struct kept *end, const char *name)
{
    while (list != end && strcmp(list->text, name) != 0)
        list = list->next;
    return list == end ? NULL : list;
}

const char *crew__trace_name(const char *name, const char *other)
{
    _Atomic(struct kept *) *bucket = &buckets[bucket_of(name)];
    struct kept *first = CREW__LOAD(bucket, acquire);
    const struct kept *found = find(first, NULL, name);
    if (found)
        return found->text;
    size_t size = strlen(name) + 1;
    struct kept *made = CREW__ADD(&count, 1, relaxed) < MOST ? malloc(sizeof *made + size) : NULL;
    if (!made) {
        CREW__SUB(&count, 1, relaxed);
        return other;
    }
    memcpy(made->text, name, size);
    made->next = first;
    while (!CREW__CAS(bucket, &first, made, acq_rel)) {
        found = find(first, made->next, name);
        if (found) {
            free(made);
            CREW__SUB(&count, 1, relaxed);
            return found->text;
        }
        made->next = first;
    }
    return made->text;
}
