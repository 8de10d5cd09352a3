#include "by_key_groups.h"
#include "../base/memory.h"
#include "../loop/runner.h"
#include <errno.h>

enum { CHUNK = 2048 };

static bool is_head(const struct crew__order *o, size_t p)
{
    return p == 0 || crew__key_at(o, p) != crew__key_at(o, p - 1);
}

static size_t chunk_end(const struct crew__groups *q, size_t c)
{
    return q->n - c * q->size < q->size ? q->n : (c + 1) * q->size;
}

static int count_heads(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct crew__groups *q = ctx;
    (void)failed;
    for (size_t c = begin; c < end; c++) {
        size_t heads = 0;
        for (size_t p = c * q->size; p < chunk_end(q, c); p++)
            heads += is_head(&q->order, p);
        q->base[c] = heads;
        q->carried[c] = !is_head(&q->order, c * q->size);
    }
    return 0;
}

static void put_key(const struct crew__groups *q, size_t g, uint64_t bits)
{
    switch (q->type) {
    case CREW__KEY_I32:
        ((int32_t *)q->keys_out)[g] = (int32_t)((uint32_t)bits ^ UINT32_C(0x80000000));
        break;
    case CREW__KEY_I64:
        ((int64_t *)q->keys_out)[g] = (int64_t)(bits ^ UINT64_C(1) << 63);
        break;
    case CREW__KEY_U32:
        ((uint32_t *)q->keys_out)[g] = (uint32_t)bits;
        break;
    default:
        ((uint64_t *)q->keys_out)[g] = bits;
    }
}

static int do_chunks(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct crew__groups *q = ctx;
    for (size_t c = begin; c < end; c++) {
        size_t p = c * q->size, stop = chunk_end(q, c), g = q->base[c] - q->carried[c];
        bool first = !q->carried[c];
        for (size_t next; p < stop; p = next, g++, first = true) {
            uint64_t key = crew__key_at(&q->order, p);
            for (next = p + 1; next < stop && crew__key_at(&q->order, next) == key; next++)
                ;
            if (first && q->keys_out)
                put_key(q, g, key);
            int code = q->run(q, c, g, p, next, first);
            if (code) {
                *failed = c;
                return code;
            }
        }
    }
    return 0;
}

static int run(struct crew__groups *q, crew__block_fn *fn, const crew_options *opt, double ns)
{
    struct crew__loop loop = {.n = q->chunks, .fn = fn, .ctx = q, .opt = opt, .item_ns = ns * (double)q->size};
    size_t failed;
    return q->chunks == 1 && !opt ? fn(0, 1, q, &failed) : crew__run(&loop);
}

int crew__groups_do(struct crew__groups *q)
{
    if (q->groups == NULL || (q->opt && q->opt->failed))
        return -EINVAL;
    size_t key_size = q->type == CREW__KEY_I32 || q->type == CREW__KEY_U32 ? 4 : 8, key_bytes;
    if (!crew__mul(q->n, key_size, &key_bytes))
        return -EOVERFLOW;
    int error = crew__order_open(&q->order, q->keys, q->type, q->n);
    if (error)
        return error;
    size_t n = q->n, groups = 0;
    q->chunks = n / CHUNK < 1 ? 1 : n / CHUNK < CREW__MAX_CHUNKS ? n / CHUNK : CREW__MAX_CHUNKS;
    q->size = n == 0 ? 1 : (n - 1) / q->chunks + 1;
    q->chunks = (n + q->size - 1) / q->size;
    if (n > 0)
        run(q, count_heads, NULL, 1);
    for (size_t c = 0; c < q->chunks; c++) {
        size_t heads = q->base[c];
        q->base[c] = groups;
        groups += heads;
    }
    q->base[q->chunks] = groups;
    /* Keys that were overwritten would make more groups than were counted. */
    if (q->keys_out && crew__overlap(q->keys, key_bytes, q->keys_out, groups * key_size))
        error = -EINVAL;
    if (n > 0 && !error)
        error = run(q, do_chunks, q->opt, 3);
    if (!error) {
        for (size_t c = 0; c < q->chunks && q->merge; c++)
            if (q->carried[c])
                q->merge(q, c, q->base[c] - 1);
        *q->groups = groups;
    }
    crew__order_close(&q->order);
    return error;
}
