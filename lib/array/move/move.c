/* crew_copy, crew_reverse, crew_gather and crew_scatter, and what the sorts use of them. */
#include "move.h"
#include "../../core/base/memory.h"
#include "move_one.h"
#include <crew/move.h>
#include <errno.h>
#include <string.h>

enum { FEW_BYTES = 1 << 15, CACHED_BYTES = 1 << 20, SHARED_BYTES = 1 << 22 };

static inline double total(size_t n, size_t bytes)
{
    return (double)n * (double)bytes;
}

/* Only decides how much is worth a thread: in a core's own cache bytes move five times as fast as in memory. */
static double cost(size_t n, size_t bytes)
{
    return (double)bytes * (total(n, bytes) <= (double)CACHED_BYTES ? 0.012 : 0.067);
}

/* Few bytes are moved here: going through crew__run doubles the time of ten elements. */
int crew__move(size_t n, size_t bytes, crew__block_fn *fn, void *ctx)
{
    size_t failed;
    if (total(n, bytes) <= (double)FEW_BYTES)
        return n > 0 ? fn(0, n, ctx, &failed) : 0;
    struct crew__loop loop = {.n = n, .fn = fn, .ctx = ctx, .item_ns = cost(n, bytes)};
    return crew__run(&loop);
}

void crew__move_each(size_t n, size_t bytes, crew__each_fn *each, void *ctx)
{
    if (total(n, bytes) > (double)FEW_BYTES)
        crew__each(n, each, ctx, cost(n, bytes));
    else if (n > 0)
        each(0, n, ctx);
}

struct move {
    const char *in;
    char *out;
    const size_t *index;
    size_t n, size, limit;
};

static void copy_block(size_t begin, size_t end, void *ctx)
{
    const struct move *m = ctx;
    memcpy(m->out + begin, m->in + begin, end - begin);
}

void crew__copy(const void *in, void *out, size_t size)
{
    struct move m = {.in = in, .out = out};
    crew__move_each(size, 1, copy_block, &m);
}

static int check(const void *in, const void *out, size_t n, size_t size, size_t *bytes)
{
    if (size == 0 || (n > 0 && (in == NULL || out == NULL)))
        return -EINVAL;
    return crew__array_bytes(n, size, bytes) ? 0 : -EOVERFLOW;
}

int crew_copy(const void *in, void *out, size_t n, size_t size)
{
    size_t bytes;
    int error = check(in, out, n, size, &bytes);
    if (error || in == out)
        return error;
    if (crew__overlap(in, bytes, out, bytes))
        return -EINVAL;
    crew__copy(in, out, bytes);
    return 0;
}

/* call(s), where the compiler knows the usual ones of the sizes s. */
#define CALL_WITH(size, call)                                                                                          \
    switch (size) {                                                                                                    \
    case 1:                                                                                                            \
        call(1);                                                                                                       \
        break;                                                                                                         \
    case 2:                                                                                                            \
        call(2);                                                                                                       \
        break;                                                                                                         \
    case 4:                                                                                                            \
        call(4);                                                                                                       \
        break;                                                                                                         \
    case 8:                                                                                                            \
        call(8);                                                                                                       \
        break;                                                                                                         \
    case 12:                                                                                                           \
        call(12);                                                                                                      \
        break;                                                                                                         \
    case 16:                                                                                                           \
        call(16);                                                                                                      \
        break;                                                                                                         \
    default:                                                                                                           \
        call(size);                                                                                                    \
    }

/* The elements of 1, 2 or 4 bytes in a word the other way round. */
static inline uint64_t reverse_word(uint64_t w, size_t size)
{
    const uint64_t pairs = 0x0000ffff0000ffff, bytes = 0x00ff00ff00ff00ff;
    w = w << 32 | w >> 32;
    if (size <= 2)
        w = (w & pairs) << 16 | (w >> 16 & pairs);
    if (size == 1)
        w = (w & bytes) << 8 | (w >> 8 & bytes);
    return w;
}

/* The fields of *m are copied to locals, here and below: a store through a char pointer could change them. */
static inline void reverse_items(const struct move *m, size_t begin, size_t end, size_t size)
{
    const char *restrict in = m->in + (m->n - end) * size;
    char *restrict out = m->out + begin * size;
    const size_t n = end - begin, together = size == 1 || size == 2 || size == 4 ? 8 / size : 1;
    size_t i = 0;
    for (; together > 1 && n - i >= 4 * together; i += 4 * together) {
        const char *from = in + (n - i) * size;
        for (size_t k = 0; k < 4; k++) {
            uint64_t word;
            memcpy(&word, from - 8 * (k + 1), sizeof word);
            word = reverse_word(word, size);
            memcpy(out + i * size + 8 * k, &word, sizeof word);
        }
    }
    for (; i < n; i++)
        move_one(out + i * size, in + (n - 1 - i) * size, size);
}

static void reverse_block(size_t begin, size_t end, void *ctx)
{
    const struct move *m = ctx;
#define REVERSE(s) reverse_items(m, begin, end, s)
    CALL_WITH(m->size, REVERSE)
}

static inline void swap_items(const struct move *m, size_t begin, size_t end, size_t size)
{
    char *a = m->out + begin * size, *b = m->out + (m->n - 1 - begin) * size;
    for (size_t i = begin; i < end; i++, a += size, b -= size)
        swap_one(a, b, size);
}

static void swap_block(size_t begin, size_t end, void *ctx)
{
    const struct move *m = ctx;
#define SWAP(s) swap_items(m, begin, end, s)
    CALL_WITH(m->size, SWAP)
}

void crew__reverse(void *x, size_t n, size_t size)
{
    struct move m = {.out = x, .n = n, .size = size};
    crew__move_each(n / 2, size, swap_block, &m);
}

int crew_reverse(const void *in, void *out, size_t n, size_t size)
{
    size_t bytes;
    int error = check(in, out, n, size, &bytes);
    if (error)
        return error;
    if (in == out) {
        crew__reverse(out, n, size);
        return 0;
    }
    if (crew__overlap(in, bytes, out, bytes))
        return -EINVAL;
    struct move m = {.in = in, .out = out, .n = n, .size = size};
    crew__move_each(n, size, reverse_block, &m);
    return 0;
}

static inline int gather_items(const struct move *m, size_t begin, size_t end, size_t size, size_t *failed)
{
    const char *in = m->in;
    char *restrict out = m->out;
    const size_t *restrict index = m->index, limit = m->limit;
    size_t i = begin;
    for (; end - i >= 4; i += 4) {
        const size_t *four = index + i;
        if (four[0] >= limit || four[1] >= limit || four[2] >= limit || four[3] >= limit)
            break;
        for (size_t k = 0; k < 4; k++)
            move_one(out + (i + k) * size, in + four[k] * size, size);
    }
    for (; i < end; i++) {
        if (index[i] >= limit) {
            *failed = i;
            return -ERANGE;
        }
        move_one(out + i * size, in + index[i] * size, size);
    }
    return 0;
}

static int gather_block(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct move *m = ctx;
    int error;
#define GATHER(s) error = gather_items(m, begin, end, s, failed)
    CALL_WITH(m->size, GATHER)
    return error;
}

static inline int scatter_items(const struct move *m, size_t begin, size_t end, size_t size, size_t *failed)
{
    const char *restrict in = m->in;
    char *out = m->out;
    const size_t *restrict index = m->index, limit = m->limit;
    size_t i = begin;
    for (; end - i >= 4; i += 4) {
        const size_t *four = index + i;
        if (four[0] >= limit || four[1] >= limit || four[2] >= limit || four[3] >= limit)
            break;
        for (size_t k = 0; k < 4; k++)
            move_one(out + four[k] * size, in + (i + k) * size, size);
    }
    for (; i < end; i++) {
        if (index[i] >= limit) {
            *failed = i;
            return -ERANGE;
        }
        move_one(out + index[i] * size, in + i * size, size);
    }
    return 0;
}

static int scatter_block(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct move *m = ctx;
    int error;
#define SCATTER(s) error = scatter_items(m, begin, end, s, failed)
    CALL_WITH(m->size, SCATTER)
    return error;
}

int crew__gather(const void *in, size_t in_n, const size_t *index, void *out, size_t n, size_t size)
{
    struct move m = {.in = in, .out = out, .index = index, .n = n, .size = size, .limit = in_n};
    return crew__move(n, sizeof *index + 2 * size, gather_block, &m);
}

static void iota_block(size_t begin, size_t end, void *ctx)
{
    size_t *index = ctx;
    for (size_t i = begin; i < end; i++)
        index[i] = i;
}

void crew__iota(size_t *index, size_t n)
{
    crew__move_each(n, sizeof *index, iota_block, index);
}

/* in has in_n elements, out has out_n, and there are n indices. */
static int check_indexed(const void *in, size_t in_n, const void *out, size_t out_n, const size_t *index, size_t n,
                         size_t size)
{
    size_t in_bytes, out_bytes, index_bytes;
    int error = check(in, out, in_n, size, &in_bytes);
    if (error && n > 0)
        return error;
    if (size == 0 || (n > 0 && (index == NULL || out == NULL)))
        return -EINVAL;
    if (!crew__array_bytes(in_n, size, &in_bytes) || !crew__array_bytes(out_n, size, &out_bytes) ||
        !crew__array_bytes(n, sizeof *index, &index_bytes))
        return -EOVERFLOW;
    return crew__overlap(in, in_bytes, out, out_bytes) || crew__overlap(index, index_bytes, out, out_bytes) ? -EINVAL
                                                                                                            : 0;
}

int crew_gather(const void *in, size_t in_n, const size_t *index, void *out, size_t n, size_t size)
{
    int error = check_indexed(in, in_n, out, n, index, n, size);
    return error ? error : crew__gather(in, in_n, index, out, n, size);
}

/* True where the neighbours among a few samples mostly lie far apart. */
static bool scattered(const size_t *index, size_t n)
{
    enum { SAMPLES = 16, NEAR = 16 };
    size_t far = 0;
    for (size_t k = 0; k < SAMPLES && n > 1; k++) {
        size_t i = n / SAMPLES * k < n - 1 ? n / SAMPLES * k : n - 2;
        size_t a = index[i], b = index[i + 1];
        far += (a < b ? b - a : a - b) > NEAR;
    }
    return far > SAMPLES / 2;
}

int crew_scatter(const void *in, const size_t *index, size_t n, void *out, size_t out_n, size_t size)
{
    int error = check_indexed(in, n, out, out_n, index, n, size);
    if (error)
        return error;
    struct move m = {.in = in, .out = out, .index = index, .n = n, .size = size, .limit = out_n};
    size_t failed = 0;
    /* Threads that write to the same lines in turn take longer than one. */
    if (out_n <= SHARED_BYTES / size && scattered(index, n))
        return scatter_block(0, n, &m, &failed);
    return crew__move(n, sizeof *index + 2 * size, scatter_block, &m);
}
