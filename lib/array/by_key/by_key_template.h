/* The public functions of one type of key. Parameters, undefined at the end:

   TYPE   suffix of the names
   KEY    the type
   ID     member of enum crew__key */

int CREW__CAT(crew_unique_counts, TYPE)(const KEY *keys, size_t n, KEY *keys_out, uint64_t *counts, size_t *groups)
{
    struct grouping w;
    w.offsets = w.indices = NULL;
    w.counts = counts;
    struct crew__groups q;
    start(&q, keys, ID, n, keys_out, groups, &count_op, &w);
    return crew__groups_do(&q);
}

int CREW__CAT(crew_group_by_key, TYPE)(const KEY *keys, size_t n, KEY *keys_out, size_t *offsets, size_t *indices,
                                       size_t *groups)
{
    struct grouping w;
    w.offsets = offsets;
    w.indices = indices;
    w.counts = NULL;
    struct crew__groups q;
    start(&q, keys, ID, n, keys_out, groups, indices ? &group_op : &mark_op, &w);
    int error = crew__groups_do(&q);
    if (!error && offsets)
        offsets[*groups] = n;
    return error;
}

int CREW__CAT(crew_reduce_by_key, TYPE)(const KEY *keys, size_t n, const crew_reducer *r, void *ctx, KEY *keys_out,
                                        void *results, size_t *groups, const crew_options *opt)
{
    struct crew__groups q;
    start(&q, keys, ID, n, keys_out, groups, &reduce_op, NULL);
    q.opt = opt;
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
