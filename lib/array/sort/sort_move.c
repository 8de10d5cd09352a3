/* Copies, permutations and reversals by all threads. */
#include "../../core/loop/runner.h"
#include "sort_typed.h"
#include <string.h>

enum { COPY_BYTES = 1 << 18, MOVED = 1024 };

struct move {
    const char *in;
    char *out;
    const size_t *index;
    size_t n, size; /* bytes in all and 1 for copies, else elements and bytes in one */
};

static size_t stop_of(size_t end, size_t block, size_t all)
{
    return all / block >= end ? end * block : all;
}

/* One block needs no runner. */
static int run(const struct crew__loop *loop)
{
    size_t failed;
    return loop->n == 1 ? loop->fn(0, 1, loop->ctx, &failed) : crew__run(loop);
}

static int copy_part(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct move *m = ctx;
    (void)failed;
    size_t from = begin * COPY_BYTES;
    memcpy(m->out + from, m->in + from, stop_of(end, COPY_BYTES, m->n) - from);
    return 0;
}

int crew__copy(const void *in, void *out, size_t size)
{
    struct move m = {.in = in, .out = out, .n = size, .size = 1};
    struct crew__loop loop = {.n = size / COPY_BYTES + 1, .fn = copy_part, .ctx = &m, .item_ns = 2e4};
    return run(&loop);
}

static int gather_part(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct move *m = ctx;
    (void)failed;
    size_t size = m->size, to = stop_of(end, MOVED, m->n);
    if (size == 8)
        for (size_t i = begin * MOVED; i < to; i++)
            memcpy(m->out + i * 8, m->in + m->index[i] * 8, 8);
    else
        for (size_t i = begin * MOVED; i < to; i++)
            memcpy(m->out + i * size, m->in + m->index[i] * size, size);
    return 0;
}

int crew__gather(const void *in, size_t size, const size_t *index, size_t n, void *out)
{
    struct move m = {in, out, index, n, size};
    struct crew__loop loop = {.n = n / MOVED + 1, .fn = gather_part, .ctx = &m, .item_ns = 4 * MOVED};
    return run(&loop);
}

static int reverse_part(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct move *m = ctx;
    (void)failed;
    size_t size = m->size, to = stop_of(end, MOVED, m->n / 2);
    for (size_t i = begin * MOVED; i < to; i++) {
        char *a = m->out + i * size, *b = m->out + (m->n - 1 - i) * size, t[64];
        for (size_t at = 0, part; at < size; at += part) {
            part = size - at < sizeof t ? size - at : sizeof t;
            memcpy(t, a + at, part);
            memcpy(a + at, b + at, part);
            memcpy(b + at, t, part);
        }
    }
    return 0;
}

int crew__reverse(void *x, size_t n, size_t size)
{
    struct move m = {.out = x, .n = n, .size = size};
    struct crew__loop loop = {.n = n / 2 / MOVED + 1, .fn = reverse_part, .ctx = &m, .item_ns = 4 * MOVED};
    return run(&loop);
}

static int iota_part(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct move *m = ctx;
    (void)failed;
    size_t *out = (size_t *)(void *)m->out, to = stop_of(end, MOVED, m->n);
    for (size_t i = begin * MOVED; i < to; i++)
        out[i] = i;
    return 0;
}

void crew__iota(size_t *index, size_t n)
{
    struct move m = {.out = (char *)index, .n = n};
    struct crew__loop loop = {.n = n / MOVED + 1, .fn = iota_part, .ctx = &m, .item_ns = 0.5 * MOVED};
    run(&loop);
}
