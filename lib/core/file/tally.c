/* crew_tally: a hash table whose entries lie in the order in which they came. */
#include <crew/tally.h>

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Copies of keys lie in chunks, so that they stay where they are while the table grows. */
struct chunk {
    struct chunk *before;
    size_t used, room;
    char bytes[];
};

enum { FIRST_SLOTS = 64, CHUNK = 4096 };

static uint64_t mix(uint64_t h)
{
    h = (h ^ (h >> 32)) * 0xd6e8feb86659fd93u;
    return h ^ (h >> 32);
}

/* Eight bytes at a time; nothing is kept that depends on the order of bytes in a word. */
static uint64_t hash_of(const char *key, size_t size)
{
    uint64_t h = size * 0x9e3779b97f4a7c15u, word;
    for (; size >= sizeof word; key += sizeof word, size -= sizeof word) {
        memcpy(&word, key, sizeof word);
        h = mix(h ^ word);
    }
    word = 0;
    if (size > 0)
        memcpy(&word, key, size);
    return mix(h ^ word);
}

/* The slot of a key, or the free one where it belongs. There is one. */
static size_t slot_of(const crew_tally *t, const char *key, size_t size, uint64_t hash)
{
    for (size_t i = (size_t)hash & (t->nslots - 1);; i = (i + 1) & (t->nslots - 1)) {
        if (t->slots[i] == 0)
            return i;
        const crew_tally_entry *e = &t->entries[t->slots[i] - 1];
        if (e->hash == hash && e->size == size && memcmp(e->key, key, size) == 0)
            return i;
    }
}

/* Puts every entry into a table of `nslots` that has no key yet. */
static void fill_slots(crew_tally *t)
{
    for (size_t k = 0; k < t->used; k++) {
        size_t i = (size_t)t->entries[k].hash & (t->nslots - 1);
        while (t->slots[i] != 0)
            i = (i + 1) & (t->nslots - 1);
        t->slots[i] = (uint32_t)(k + 1);
    }
}

static int grow(crew_tally *t)
{
    size_t nslots = t->nslots ? 2 * t->nslots : FIRST_SLOTS, room = nslots / 2;
    if (room > UINT32_MAX / 2)
        return -EOVERFLOW;
    crew_tally_entry *entries = realloc(t->entries, room * sizeof *entries);
    if (!entries)
        return -ENOMEM;
    t->entries = entries;
    uint32_t *slots = calloc(nslots, sizeof *slots);
    if (!slots)
        return -ENOMEM;
    free(t->slots);
    t->slots = slots;
    t->nslots = nslots;
    t->room = room;
    fill_slots(t);
    return 0;
}

static char *copy_key(crew_tally *t, const char *key, size_t size)
{
    struct chunk *c = t->keys;
    if (!c || c->room - c->used <= size) {
        size_t room = c && c->room < SIZE_MAX / 4 ? 2 * c->room : CHUNK;
        if (size > SIZE_MAX / 4)
            return NULL;
        room = room > size ? room : size + 1;
        c = malloc(sizeof *c + room);
        if (!c)
            return NULL;
        *c = (struct chunk){t->keys, 0, room};
        t->keys = c;
    }
    char *copy = c->bytes + c->used;
    if (size > 0)
        memcpy(copy, key, size);
    copy[size] = '\0';
    c->used += size + 1;
    return copy;
}

static int add(crew_tally *t, const char *key, size_t size, uint64_t hash, size_t count, double sum)
{
    int error = t->used == t->room ? grow(t) : 0;
    if (error)
        return error;
    size_t slot = slot_of(t, key, size, hash);
    if (t->slots[slot] == 0) {
        const char *copy = copy_key(t, key, size);
        if (!copy)
            return -ENOMEM;
        t->entries[t->used] = (crew_tally_entry){.key = copy, .size = size, .hash = hash};
        t->slots[slot] = (uint32_t)++t->used;
    }
    crew_tally_entry *e = &t->entries[t->slots[slot] - 1];
    e->count += count;
    e->sum += sum;
    return 0;
}

int crew_tally_add(crew_tally *t, const void *key, size_t size, double value)
{
    if (!t || (!key && size > 0))
        return -EINVAL;
    const char *bytes = key ? key : "";
    return add(t, bytes, size, hash_of(bytes, size), 1, value);
}

int crew_tally_merge(crew_tally *t, crew_tally *from)
{
    if (!t || !from || t == from)
        return -EINVAL;
    int error = 0;
    if (t->used == 0) { /* nothing to add to: it becomes what it is given */
        crew_tally_free(t);
        *t = *from;
        *from = (crew_tally){0};
        return 0;
    }
    for (size_t k = 0; k < from->used && error == 0; k++) {
        const crew_tally_entry *e = &from->entries[k];
        error = add(t, e->key, e->size, e->hash, e->count, e->sum);
    }
    if (error == 0)
        crew_tally_free(from);
    return error;
}

const crew_tally_entry *crew_tally_find(const crew_tally *t, const void *key, size_t size)
{
    if (!t || t->used == 0 || (!key && size > 0))
        return NULL;
    const char *bytes = key ? key : "";
    uint64_t hash = hash_of(bytes, size);
    uint32_t number = t->slots[slot_of(t, bytes, size, hash)];
    return number ? &t->entries[number - 1] : NULL;
}

const crew_tally_entry *crew_tally_entries(const crew_tally *t, size_t *n)
{
    if (n)
        *n = t ? t->used : 0;
    return t ? t->entries : NULL;
}

static int by_key(const void *left, const void *right)
{
    const crew_tally_entry *a = left, *b = right;
    int order = memcmp(a->key, b->key, a->size < b->size ? a->size : b->size);
    return order ? order : (a->size > b->size) - (a->size < b->size);
}

static int by_count(const void *left, const void *right)
{
    const crew_tally_entry *a = left, *b = right;
    return a->count != b->count ? (a->count < b->count) - (a->count > b->count) : by_key(left, right);
}

static int by_sum(const void *left, const void *right)
{
    const crew_tally_entry *a = left, *b = right;
    if (isnan(a->sum) != isnan(b->sum))
        return isnan(a->sum) ? 1 : -1;
    return a->sum < b->sum ? 1 : a->sum > b->sum ? -1 : by_key(left, right);
}

static void sort(crew_tally *t, int (*compare)(const void *, const void *))
{
    if (!t || t->used == 0)
        return;
    qsort(t->entries, t->used, sizeof *t->entries, compare);
    memset(t->slots, 0, t->nslots * sizeof *t->slots);
    fill_slots(t);
}

void crew_tally_sort_by_key(crew_tally *t)
{
    sort(t, by_key);
}

void crew_tally_sort_by_count(crew_tally *t)
{
    sort(t, by_count);
}

void crew_tally_sort_by_sum(crew_tally *t)
{
    sort(t, by_sum);
}

void crew_tally_free(crew_tally *t)
{
    if (!t)
        return;
    for (struct chunk *c = t->keys, *before; c; c = before) {
        before = c->before;
        free(c);
    }
    free(t->entries);
    free(t->slots);
    *t = (crew_tally){0};
}
