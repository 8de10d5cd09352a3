/* The public functions of one type of key. Parameters, undefined at the end:

   TYPE   suffix of the names
   KEY    the type
   ID     member of enum crew__key */

int CREW__CAT(crew_unique_counts, TYPE)(const KEY *keys, size_t n, KEY *keys_out, uint64_t *counts, size_t *groups)
{
    struct crew__groups q = {.keys = keys, .type = ID, .n = n, .keys_out = keys_out, .groups = groups};
    struct grouping w = {.counts = counts};
    return group(&q, &w);
}

int CREW__CAT(crew_group_by_key, TYPE)(const KEY *keys, size_t n, KEY *keys_out, size_t *offsets, size_t *indices,
                                       size_t *groups)
{
    struct crew__groups q = {.keys = keys, .type = ID, .n = n, .keys_out = keys_out, .groups = groups};
    struct grouping w = {.offsets = offsets, .indices = indices};
    return group(&q, &w);
}

int CREW__CAT(crew_reduce_by_key, TYPE)(const KEY *keys, size_t n, const crew_reducer *r, void *ctx, KEY *keys_out,
                                        void *results, size_t *groups, const crew_options *opt)
{
    struct crew__groups q = {.keys = keys, .type = ID, .n = n, .keys_out = keys_out, .groups = groups, .opt = opt};
    return reduce_any(&q, r, ctx, results);
}

#define VALUE_TYPE f64
#define VALUE double
#include "by_key_reduce_template.h"

#define VALUE_TYPE i64
#define VALUE int64_t
#include "by_key_reduce_template.h"

#undef TYPE
#undef KEY
#undef ID
