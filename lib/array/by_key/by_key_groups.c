#include "by_key_groups.h"
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "../../core/loop/runner.h"
#include "../move/move.h"
#include "../sort/sort_keys.h"
#include <errno.h>

enum { CHUNK = 2048 };

struct survey {
    struct crew__groups *q;
    bool ascends[CREW__MAX_CHUNKS];
    uint64_t low[CREW__MAX_CHUNKS], high[CREW__MAX_CHUNKS];
};

static size_t chunk_end(const struct crew__groups *q, size_t c)
{
    return q->n - c * q->size < q->size ? q->n : (c + 1) * q->size;
}

#define CREW__CAT_(a, b) a##_##b
#define CREW__CAT(a, b) CREW__CAT_(a, b)

#define WIDTH narrow
#define WORD uint32_t
#include "by_key_range_template.h"

#define WIDTH wide
#define WORD uint64_t
#include "by_key_range_template.h"

static void run(struct crew__groups *q, crew__block_fn *fn, void *ctx, double ns)
{
    struct crew__loop loop = {.n = q->chunks, .fn = fn, .ctx = ctx, .item_ns = ns * (double)q->size};
    size_t failed;
    if (q->chunks == 1)
        fn(0, 1, ctx, &failed);
    else
        crew__run(&loop);
}

/* Also counts the groups, if so. */
static bool is_sorted(struct survey *s)
{
    struct crew__groups *q = s->q;
    run(q, crew__groups_wide(q) ? count_heads_wide : count_heads_narrow, s, 0.4);
    bool ascends = true;
    for (size_t c = 0; c < q->chunks; c++)
        ascends &= s->ascends[c];
    return ascends;
}

/* One less than how many keys the range has; *low is the lowest key. */
static uint64_t look_at_range(struct survey *s, uint64_t *low)
{
    struct crew__groups *q = s->q;
    run(q, crew__groups_wide(q) ? find_range_wide : find_range_narrow, s, 0.4);
    uint64_t least = s->low[0], most = s->high[0];
    for (size_t c = 1; c < q->chunks; c++) {
        least = s->low[c] < least ? s->low[c] : least;
        most = s->high[c] > most ? s->high[c] : most;
    }
    *low = least ^ q->flip;
    return most - least;
}

static int number(size_t begin, size_t end, void *ctx, size_t *failed)
{
    uint32_t *few = ctx;
    (void)failed;
    for (size_t i = begin; i < end; i++)
        few[i] = (uint32_t)i;
    return 0;
}

/* Sorted copies of the keys, and the elements they are of. */
static int sort_keys(struct crew__groups *q, void **scratch)
{
    static const enum crew__type types[] = {CREW__I32, CREW__I64, CREW__U32, CREW__U64};
    const struct crew__sort_type *type = &crew__sort_types[types[q->type]];
    size_t key_size = crew__key_size(type), item_size = q->n <= UINT32_MAX ? 4 : 8, bytes;
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
        crew__move(q->n, 4, number, items);
    else
        crew__iota(items, q->n);
    q->ordered = keys;
    q->few = item_size == 4 ? items : NULL;
    q->many = item_size == 4 ? NULL : items;
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

static int do_chunks(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct crew__groups *q = ctx;
    for (size_t c = begin; c < end; c++) {
        size_t g = q->base[c] - q->carried[c];
        int code = q->op->chunk[crew__groups_wide(q)](q, c, c * q->size, chunk_end(q, c), &g, q->carried[c]);
        if (code) {
            *failed = c;
            return code;
        }
    }
    return 0;
}

static int do_ordered(struct crew__groups *q)
{
    size_t groups = crew__groups_places(q, q->chunks), failed;
    struct crew__loop loop = {
        .n = q->chunks, .fn = do_chunks, .ctx = q, .opt = q->opt, .item_ns = 1.5 * (double)q->size};
    int error = q->chunks == 1 && !q->opt ? do_chunks(0, 1, q, &failed) : crew__run(&loop);
    if (error)
        return error;
    for (size_t c = 0; c < q->chunks && q->op->merge; c++)
        if (q->carried[c])
            q->op->merge(q, c, q->base[c] - 1);
    *q->groups = groups;
    return 0;
}

static int do_unordered(struct survey *s)
{
    struct crew__groups *q = s->q;
    void *scratch = NULL;
    uint64_t low, most;
    if (q->op->dense[0] && (most = look_at_range(s, &low)) < q->n)
        return q->op->dense[crew__groups_wide(q)](q, low, (size_t)most + 1);
    int error = sort_keys(q, &scratch);
    if (!error) {
        is_sorted(s);
        error = do_ordered(q);
    }
    crew__scratch_give(scratch);
    return error;
}

int crew__groups_do(struct crew__groups *q)
{
    size_t n = q->n, key_bytes;
    if (q->groups == NULL || (q->opt && q->opt->failed) || (n > 0 && q->keys == NULL))
        return -EINVAL;
    if (!crew__mul(n, crew__groups_wide(q) ? 8 : 4, &key_bytes))
        return -EOVERFLOW;
    /* How much of the output is written is not known yet: that it does not begin within the input can be asked. */
    if (q->keys_out && crew__overlap(q->keys, key_bytes, q->keys_out, 1))
        return -EINVAL;
    q->ordered = q->keys;
    q->flip = q->type == CREW__KEY_I32 ? UINT64_C(1) << 31 : q->type == CREW__KEY_I64 ? UINT64_C(1) << 63 : 0;
    q->chunks = n / CHUNK < 1 ? 1 : n / CHUNK < CREW__MAX_CHUNKS ? n / CHUNK : CREW__MAX_CHUNKS;
    q->size = n == 0 ? 1 : (n - 1) / q->chunks + 1;
    q->chunks = (n + q->size - 1) / q->size;
    if (n == 0) {
        *q->groups = 0;
        return 0;
    }
    if (q->chunks == 1 && !q->op->once) {
        size_t g = 0;
        q->carried[0] = false;
        int code = q->op->chunk[crew__groups_wide(q)](q, 0, 0, n, &g, false);
        if (code != CREW__NOT_SORTED) {
            *q->groups = g + 1;
            return code;
        }
    }
    struct survey s;
    s.q = q;
    return is_sorted(&s) ? do_ordered(q) : do_unordered(&s);
}
