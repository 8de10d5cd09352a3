/* The order of keys: sorted, close together or sorted here; then an operation over chunks of equal keys. */
#include "by_key_groups.h"
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "../../core/loop/runner.h"
#include "../move/move.h"
#include "../sort/sort_keys.h"
#include "by_key_brackets.h"
#include <crew/reduce.h>
#include <errno.h>

/* What is found out about the keys of each chunk. */
struct keys_order {
    struct crew__groups *q;
    bool ascends[CREW__MAX_CHUNKS];
};

#define WORD_TYPE u32
#define WORD uint32_t
#include "by_key_range_template.h"

#define WORD_TYPE u64
#define WORD uint64_t
#include "by_key_range_template.h"

/* Also counts the groups, if so. */
static bool is_sorted(struct crew__groups *q)
{
    struct keys_order s;
    s.q = q;
    crew__each(q->chunks.count, crew__groups_wide(q) ? count_heads_u64 : count_heads_u32, &s,
               0.4 * (double)q->chunks.size);
    bool ascends = true;
    for (size_t c = 0; c < q->chunks.count; c++)
        ascends &= s.ascends[c];
    return ascends;
}

/* One less than how many keys the range has; *low is the lowest key. */
static uint64_t find_range(const struct crew__groups *q, uint64_t *low)
{
    uint64_t high;
#define MINMAX(type, element, word)                                                                                    \
    {                                                                                                                  \
        element least, most;                                                                                           \
        crew_minmax_##type(q->keys, q->n, &least, &most);                                                              \
        *low = (word)least;                                                                                            \
        high = (word)most;                                                                                             \
        return (word)(high - *low);                                                                                    \
    }
    switch (q->type) {
    case CREW__I32:
        MINMAX(i32, int32_t, uint32_t)
    case CREW__U32:
        MINMAX(u32, uint32_t, uint32_t)
    case CREW__I64:
        MINMAX(i64, int64_t, uint64_t)
    default:
        MINMAX(u64, uint64_t, uint64_t)
    }
#undef MINMAX
}

/* Tables are better than sorting. For few elements also where most keys do not occur; in one chunk a group's elements
   are in the same order either way. */
static bool are_close(const struct crew__groups *q, uint64_t most)
{
    return most < q->n || (q->chunks.count == 1 && most < 8 * (uint64_t)q->n + 256);
}

static void write_numbers(size_t begin, size_t end, void *ctx)
{
    uint32_t *items = ctx;
    for (size_t i = begin; i < end; i++)
        items[i] = (uint32_t)i;
}

size_t crew__groups_most_u32 = UINT32_MAX;

/* Sorted copies of the keys, and the elements they are of. */
static int sort_keys(struct crew__groups *q, void **scratch)
{
    const struct crew__sort_type *type = &crew__sort_types[q->type];
    size_t key_size = crew__key_size(type), item_size = q->n <= crew__groups_most_u32 ? 4 : 8, bytes;
    if (!crew__mul(q->n, key_size + item_size, &bytes))
        return -EOVERFLOW;
    char *keys = crew__scratch_take(bytes);
    if (!keys)
        return -ENOMEM;
    /* 8-byte things first, so that all are aligned. */
    void *items = keys + q->n * key_size;
    if (key_size < item_size) {
        items = keys;
        keys += q->n * item_size;
    }
    *scratch = key_size < item_size ? items : keys;
    crew__copy(q->keys, keys, q->n * key_size);
    if (item_size == 4)
        crew__move_each(q->n, 4, write_numbers, items);
    else
        crew__iota(items, q->n);
    q->ordered = keys;
    q->items_u32 = item_size == 4 ? items : NULL;
    q->items_u64 = item_size == 4 ? NULL : items;
    return crew__sort_pairs(type, keys, items, item_size, q->n);
}

size_t crew__groups_places(struct crew__groups *q, size_t parts)
{
    size_t groups = 0;
    for (size_t c = 0; c < parts; c++) {
        size_t heads = q->base[c];
        q->base[c] = groups;
        groups += heads;
    }
    q->base[parts] = groups;
    return groups;
}

static int run_chunks(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct crew__groups *q = ctx;
    for (size_t c = begin; c < end; c++) {
        size_t g = q->base[c] - q->carried[c];
        int code = q->op->chunk[crew__groups_wide(q)](q, c, crew__cut_begin(&q->chunks, c),
                                                      crew__cut_end(&q->chunks, c), &g, q->carried[c]);
        if (code) {
            *failed = c;
            return code;
        }
    }
    return 0;
}

static int run_in_order(struct crew__groups *q)
{
    size_t groups = crew__groups_places(q, q->chunks.count);
    struct crew__loop loop = {
        .n = q->chunks.count, .fn = run_chunks, .ctx = q, .opt = q->opt, .item_ns = 1.5 * (double)q->chunks.size};
    int error = crew__run(&loop);
    if (error)
        return error;
    for (size_t c = 0; c < q->chunks.count && q->op->merge; c++)
        if (q->carried[c])
            q->op->merge(q, c, q->base[c] - 1);
    *q->groups = groups;
    return 0;
}

static int run_unsorted(struct crew__groups *q)
{
    void *scratch = NULL;
    uint64_t low, most;
    if (q->op->dense[0] && are_close(q, most = find_range(q, &low)))
        return q->op->dense[crew__groups_wide(q)](q, low, (size_t)most + 1);
    int error = sort_keys(q, &scratch);
    if (!error) {
        is_sorted(q);
        error = run_in_order(q);
    }
    crew__scratch_give(scratch);
    return error;
}

int crew__groups_run(struct crew__groups *q, const struct crew__group_op *op)
{
    size_t n = q->n, key_bytes;
    if (q->groups == NULL || (q->opt && q->opt->failed) || (n > 0 && q->keys == NULL))
        return -EINVAL;
    if (!crew__mul(n, crew__groups_wide(q) ? 8 : 4, &key_bytes))
        return -EOVERFLOW;
    /* How much of the output is written is not known yet: that it does not begin within the input can be asked. */
    if (q->keys_out && crew__overlap(q->keys, key_bytes, q->keys_out, 1))
        return -EINVAL;
    q->op = op;
    q->ordered = q->keys;
    q->items_u32 = NULL;
    q->items_u64 = NULL;
    q->flip = q->type == CREW__I32 ? UINT64_C(1) << 31 : q->type == CREW__I64 ? UINT64_C(1) << 63 : 0;
    q->chunks = crew__key_chunks(n);
    if (n == 0) {
        *q->groups = 0;
        return 0;
    }
    if (q->chunks.count == 1 && !op->once) {
        size_t g = 0;
        q->carried[0] = false;
        int code = op->chunk[crew__groups_wide(q)](q, 0, 0, n, &g, false);
        if (code != CREW__NOT_SORTED) {
            *q->groups = g + 1;
            return code;
        }
        return run_unsorted(q);
    }
    return is_sorted(q) ? run_in_order(q) : run_unsorted(q);
}
