#include "move.h"
#include "../base/memory.h"
#include <crew/move.h>
#include <errno.h>
#include <stdatomic.h>
#include <string.h>

enum { INLINE_BYTES = 1 << 15 };

int crew__move(size_t n, size_t bytes, crew__block_fn *fn, void *ctx)
{
    size_t failed = 0;
    if (n == 0)
        return 0;
    if (n <= INLINE_BYTES / bytes)
        return fn(0, n, ctx, &failed);
    struct crew__loop loop = {.n = n, .fn = fn, .ctx = ctx, .item_ns = (double)bytes / 15};
    return crew__run(&loop);
}

struct move {
    const char *in;
    char *out;
    const size_t *index;
    size_t n, size, limit;
};

/* An element of a size that the compiler knows is one load and one store. */
static inline void move_one(char *out, const char *in, size_t size)
{
    switch (size) {
    case 1:
        *out = *in;
        break;
    case 2:
        memcpy(out, in, 2);
        break;
    case 4:
        memcpy(out, in, 4);
        break;
    case 8:
        memcpy(out, in, 8);
        break;
    case 16:
        memcpy(out, in, 16);
        break;
    default:
        memcpy(out, in, size);
    }
}

static int copy_block(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct move *m = ctx;
    (void)failed;
    memcpy(m->out + begin * m->size, m->in + begin * m->size, (end - begin) * m->size);
    return 0;
}

static int check(const void *in, const void *out, size_t n, size_t size, size_t *bytes)
{
    if (size == 0 || (n > 0 && (in == NULL || out == NULL)))
        return -EINVAL;
    return crew__mul(n, size, bytes) ? 0 : -EOVERFLOW;
}

int crew_copy(const void *in, void *out, size_t n, size_t size)
{
    size_t bytes;
    int error = check(in, out, n, size, &bytes);
    if (error || in == out)
        return error;
    if (crew__overlap(in, bytes, out, bytes))
        return -EINVAL;
    struct move m = {.in = in, .out = out, .size = 1};
    return crew__move(bytes, 1, copy_block, &m);
}

#define CASES(loop)                                                                                                    \
    switch (m->size) {                                                                                                 \
    case 1:                                                                                                            \
        loop(1);                                                                                                       \
    case 2:                                                                                                            \
        loop(2);                                                                                                       \
    case 4:                                                                                                            \
        loop(4);                                                                                                       \
    case 8:                                                                                                            \
        loop(8);                                                                                                       \
    case 16:                                                                                                           \
        loop(16);                                                                                                      \
    default:                                                                                                           \
        loop(m->size);                                                                                                 \
    }

static inline int reverse_items(const struct move *m, size_t begin, size_t end, size_t size)
{
    for (size_t i = begin; i < end; i++)
        move_one(m->out + i * size, m->in + (m->n - 1 - i) * size, size);
    return 0;
}

static int reverse_block(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct move *m = ctx;
    (void)failed;
#define REVERSE(s) return reverse_items(m, begin, end, s)
    CASES(REVERSE)
}

static inline int swap_items(const struct move *m, size_t begin, size_t end, size_t size)
{
    char kept[64];
    for (size_t i = begin; i < end; i++) {
        char *a = m->out + i * size, *b = m->out + (m->n - 1 - i) * size;
        for (size_t at = 0; at < size; at += sizeof kept) {
            size_t part = size - at < sizeof kept ? size - at : sizeof kept;
            move_one(kept, a + at, part);
            move_one(a + at, b + at, part);
            move_one(b + at, kept, part);
        }
    }
    return 0;
}

static int swap_block(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct move *m = ctx;
    (void)failed;
#define SWAP(s) return swap_items(m, begin, end, s)
    CASES(SWAP)
}

int crew_reverse(const void *in, void *out, size_t n, size_t size)
{
    size_t bytes;
    int error = check(in, out, n, size, &bytes);
    if (error)
        return error;
    struct move m = {.in = in, .out = out, .n = n, .size = size};
    if (in == out)
        return crew__move(n / 2, size, swap_block, &m);
    if (crew__overlap(in, bytes, out, bytes))
        return -EINVAL;
    return crew__move(n, size, reverse_block, &m);
}

static inline int gather_items(const struct move *m, size_t begin, size_t end, size_t size, size_t *failed)
{
    for (size_t i = begin; i < end; i++) {
        if (m->index[i] >= m->limit) {
            *failed = i;
            return -ERANGE;
        }
        move_one(m->out + i * size, m->in + m->index[i] * size, size);
    }
    return 0;
}

static int gather_block(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct move *m = ctx;
#define GATHER(s) return gather_items(m, begin, end, s, failed)
    CASES(GATHER)
}

static inline int scatter_items(const struct move *m, size_t begin, size_t end, size_t size, size_t *failed)
{
    for (size_t i = begin; i < end; i++) {
        if (m->index[i] >= m->limit) {
            *failed = i;
            return -ERANGE;
        }
        move_one(m->out + m->index[i] * size, m->in + i * size, size);
    }
    return 0;
}

static int scatter_block(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct move *m = ctx;
#define SCATTER(s) return scatter_items(m, begin, end, s, failed)
    CASES(SCATTER)
}

/* One array has n elements, the other `other`, and there are n indices. */
static int check_indexed(const void *in, size_t in_n, const void *out, size_t out_n, const size_t *index, size_t n,
                         size_t size)
{
    size_t in_bytes, out_bytes, index_bytes;
    int error = check(in, out, in_n, size, &in_bytes);
    if (error && n > 0)
        return error;
    if (size == 0 || (n > 0 && (index == NULL || out == NULL)))
        return -EINVAL;
    if (!crew__mul(in_n, size, &in_bytes) || !crew__mul(out_n, size, &out_bytes) ||
        !crew__mul(n, sizeof *index, &index_bytes))
        return -EOVERFLOW;
    return crew__overlap(in, in_bytes, out, out_bytes) || crew__overlap(index, index_bytes, out, out_bytes) ? -EINVAL
                                                                                                            : 0;
}

int crew_gather(const void *in, size_t in_n, const size_t *index, void *out, size_t n, size_t size)
{
    int error = check_indexed(in, in_n, out, n, index, n, size);
    if (error)
        return error;
    struct move m = {.in = in, .out = out, .index = index, .n = n, .size = size, .limit = in_n};
    return crew__move(n, sizeof *index + 2 * size, gather_block, &m);
}

int crew_scatter(const void *in, const size_t *index, size_t n, void *out, size_t out_n, size_t size)
{
    int error = check_indexed(in, n, out, out_n, index, n, size);
    if (error)
        return error;
    struct move m = {.in = in, .out = out, .index = index, .n = n, .size = size, .limit = out_n};
    return crew__move(n, sizeof *index + 2 * size, scatter_block, &m);
}
