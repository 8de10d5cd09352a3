/* What the typed functions of sort.h stand on, once for all types: the functions that follow take bits of keys, 4 or 8
   bytes each (`wide`), and a struct crew__key that says how they are ordered. */
#ifndef CREW_SORT_SORT_TYPED_H
#define CREW_SORT_SORT_TYPED_H

#include "merge_sort.h"
#include "radix.h"

struct crew__type {
    bool wide;
    struct crew__key key;
};

extern const struct crew__type crew__type_f32, crew__type_f64, crew__type_i32, crew__type_i64, crew__type_u32,
    crew__type_u64;

static inline size_t crew__type_size(const struct crew__type *t)
{
    return t->wide ? 8 : 4;
}

int crew__sort_keys(const struct crew__type *t, void *x, size_t n);
int crew__sort_pairs(const struct crew__type *t, void *keys, void *values, size_t value_size, size_t n);
int crew__sort_records(const struct crew__type *t, void *base, size_t n, size_t size, size_t offset);
int crew__argsort_keys(const struct crew__type *t, const void *x, size_t n, size_t *index);
bool crew__is_sorted_keys(const struct crew__type *t, const void *x, size_t n);
int crew__merge_keys(const struct crew__type *t, const void *a, size_t na, const void *b, size_t nb, void *out);
int crew__nth_key(const struct crew__type *t, void *x, size_t n, size_t k);
int crew__top_keys(const struct crew__type *t, const void *x, size_t n, size_t k, void *out, size_t *index);

/* index[i] = i, by all threads. */
void crew__iota(size_t *index, size_t n);

/* Merges by many threads. The runs overlap out in nothing. */
int crew__merge(const void *a, size_t na, const void *b, size_t nb, void *out, const struct crew__steps *steps,
                const struct crew__order *o, const crew_options *opt);

#endif
