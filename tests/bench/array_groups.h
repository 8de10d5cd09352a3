/* Sums by key in a hash table with open addressing: what a C programmer writes for reduce_by_key on unsorted keys. */
#ifndef BENCH_ARRAY_GROUPS_H
#define BENCH_ARRAY_GROUPS_H

#include "arrays.h"

struct group {
    uint32_t key, used;
    double sum;
};

struct groups {
    struct group *table;
    size_t mask, count;
};

static inline struct groups groups_open(size_t slots)
{
    struct groups g = {(struct group *)calloc(slots, sizeof(struct group)), slots - 1, 0};
    return g;
}

static inline struct group *groups_slot(const struct groups *g, uint32_t key)
{
    size_t slot = (size_t)((key * (uint64_t)0x9e3779b97f4a7c15u) >> 32) & g->mask;
    while (g->table[slot].used && g->table[slot].key != key)
        slot = (slot + 1) & g->mask;
    return &g->table[slot];
}

static inline void groups_grow(struct groups *g)
{
    struct groups wider = groups_open(2 * (g->mask + 1));
    for (size_t k = 0; k <= g->mask; k++)
        if (g->table[k].used)
            *groups_slot(&wider, g->table[k].key) = g->table[k];
    wider.count = g->count;
    free(g->table);
    *g = wider;
}

static inline void groups_add(struct groups *g, uint32_t key, double value)
{
    struct group *s = groups_slot(g, key);
    if (s->used) {
        s->sum += value;
        return;
    }
    s->key = key;
    s->used = 1;
    s->sum = value;
    if (2 * ++g->count > g->mask)
        groups_grow(g);
}

static inline void groups_merge(struct groups *into, const struct groups *from)
{
    for (size_t k = 0; k <= from->mask; k++)
        if (from->table[k].used)
            groups_add(into, from->table[k].key, from->table[k].sum);
}

/* Moves the groups to the front of the table, which is none after that. */
static inline void groups_close_up(struct groups *g)
{
    size_t kept = 0;
    for (size_t k = 0; k <= g->mask; k++)
        if (g->table[k].used)
            g->table[kept++] = g->table[k];
}

static inline int groups_compare(const void *a, const void *b)
{
    uint32_t p = ((const struct group *)a)->key, q = ((const struct group *)b)->key;
    return (p > q) - (p < q);
}

/* The sorted groups become the output of the kernel. */
static inline void groups_write(const struct groups *g, struct array_job *job)
{
    uint32_t *keys = (uint32_t *)job->out;
    double *sums = (double *)((char *)job->out + value_offset(job->n));
    for (size_t k = 0; k < g->count; k++) {
        keys[k] = g->table[k].key;
        sums[k] = g->table[k].sum;
    }
    job->result = (double)g->count;
}

#endif
