#include "../base/memory.h"
#include "../base/scratch.h"
#include "../loop/runner.h"
#include "by_key.h"
#include <errno.h>
#include <string.h>

enum { DIGIT = 8, ONE_DIGIT = 11, MAX_CHUNKS = 64, CHUNK = 1 << 15 };

struct pass {
    const struct crew__record *from;
    struct crew__record *to;
    size_t n, size, chunks;
    int shift, bits;
    size_t *counts; /* 2^bits a chunk; later where the chunk's next record with that digit goes */
};

static size_t chunk_end(const struct pass *p, size_t c)
{
    return p->n - c * p->size < p->size ? p->n : (c + 1) * p->size;
}

static int count_digits(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct pass *p = ctx;
    const uint64_t mask = (UINT64_C(1) << p->bits) - 1;
    (void)failed;
    for (size_t c = begin; c < end; c++) {
        size_t *counts = p->counts + (c << p->bits);
        memset(counts, 0, sizeof *counts << p->bits);
        for (size_t i = c * p->size; i < chunk_end(p, c); i++)
            counts[p->from[i].key >> p->shift & mask]++;
    }
    return 0;
}

static int place_records(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct pass *p = ctx;
    const uint64_t mask = (UINT64_C(1) << p->bits) - 1;
    (void)failed;
    for (size_t c = begin; c < end; c++) {
        size_t *next = p->counts + (c << p->bits);
        for (size_t i = c * p->size; i < chunk_end(p, c); i++)
            p->to[next[p->from[i].key >> p->shift & mask]++] = p->from[i];
    }
    return 0;
}

static void run(struct pass *p, crew__block_fn *fn, double ns)
{
    struct crew__loop loop = {.n = p->chunks, .fn = fn, .ctx = p, .item_ns = ns * (double)p->size};
    size_t failed;
    if (p->chunks == 1)
        fn(0, 1, p, &failed);
    else
        crew__run(&loop);
}

struct crew__record *crew__order_records(struct crew__record *records, struct crew__record *other, size_t n, int bits)
{
    struct pass p = {.from = records, .to = other, .n = n};
    if (n < 2 || bits == 0)
        return records;
    int passes = bits <= ONE_DIGIT ? 1 : (bits + DIGIT - 1) / DIGIT;
    p.bits = (bits + passes - 1) / passes;
    p.chunks = n / CHUNK < 1 ? 1 : n / CHUNK < MAX_CHUNKS ? n / CHUNK : MAX_CHUNKS;
    p.size = (n - 1) / p.chunks + 1;
    p.chunks = (n - 1) / p.size + 1;
    p.counts = crew__scratch_take(sizeof *p.counts * p.chunks << p.bits);
    if (p.counts == NULL)
        return NULL;
    for (; passes > 0; passes--, p.shift += p.bits) {
        run(&p, count_digits, 0.7);
        size_t at = 0;
        for (size_t digit = 0; digit >> p.bits == 0; digit++)
            for (size_t c = 0; c < p.chunks; c++) {
                size_t count = p.counts[(c << p.bits) + digit];
                p.counts[(c << p.bits) + digit] = at;
                at += count;
            }
        run(&p, place_records, 2);
        struct crew__record *done = p.to;
        p.to = done == records ? other : records;
        p.from = done;
    }
    crew__scratch_give(p.counts);
    return p.from == records ? records : other;
}

struct survey {
    struct crew__order *o;
    size_t size, chunks;
    uint64_t low[MAX_CHUNKS], high[MAX_CHUNKS];
    bool ascends[MAX_CHUNKS];
};

static int look(size_t begin, size_t end, void *ctx, size_t *failed)
{
    struct survey *s = ctx;
    const void *keys = s->o->keys;
    const enum crew__key type = s->o->type;
    (void)failed;
    for (size_t c = begin; c < end; c++) {
        size_t i = c * s->size, stop = s->o->n - i < s->size ? s->o->n : i + s->size;
        uint64_t before = crew__key_bits(keys, type, i > 0 ? i - 1 : 0), low = UINT64_MAX, high = 0;
        bool ascends = true;
        for (; i < stop; i++) {
            uint64_t key = crew__key_bits(keys, type, i);
            low = key < low ? key : low;
            high = key > high ? key : high;
            ascends &= before <= key;
            before = key;
        }
        s->low[c] = low;
        s->high[c] = high;
        s->ascends[c] = ascends;
    }
    return 0;
}

static int make_records(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct crew__order *o = ctx;
    (void)failed;
    for (size_t i = begin; i < end; i++)
        o->sorted[i] = (struct crew__record){crew__key_bits(o->keys, o->type, i) - o->low, i};
    return 0;
}

int crew__order_open(struct crew__order *o, const void *keys, enum crew__key type, size_t n)
{
    struct survey s = {.o = o};
    size_t failed, bytes;
    *o = (struct crew__order){.keys = keys, .type = type, .n = n};
    if (n == 0)
        return 0;
    if (keys == NULL)
        return -EINVAL;
    if (!crew__mul(n, 2 * sizeof *o->sorted, &bytes))
        return -EOVERFLOW;
    s.chunks = n / CHUNK < 1 ? 1 : n / CHUNK < MAX_CHUNKS ? n / CHUNK : MAX_CHUNKS;
    s.size = (n - 1) / s.chunks + 1;
    s.chunks = (n - 1) / s.size + 1;
    struct crew__loop survey = {.n = s.chunks, .fn = look, .ctx = &s, .item_ns = 0.8 * (double)s.size};
    if (s.chunks == 1)
        look(0, 1, &s, &failed);
    else
        crew__run(&survey);
    uint64_t high = 0;
    bool ascends = true;
    o->low = UINT64_MAX;
    for (size_t c = 0; c < s.chunks; c++) {
        o->low = s.low[c] < o->low ? s.low[c] : o->low;
        high = s.high[c] > high ? s.high[c] : high;
        ascends &= s.ascends[c];
    }
    if (ascends)
        return 0;
    struct crew__record *records = crew__scratch_take(bytes);
    if (records == NULL)
        return -ENOMEM;
    o->scratch = o->sorted = records;
    struct crew__loop make = {.n = n, .fn = make_records, .ctx = o, .item_ns = 1};
    if (n < CHUNK)
        make_records(0, n, o, &failed);
    else
        crew__run(&make);
    int bits = 0;
    for (uint64_t range = high - o->low; range > 0; range >>= 1)
        bits++;
    o->sorted = crew__order_records(records, records + n, n, bits);
    if (o->sorted == NULL) {
        crew__scratch_give(o->scratch);
        return -ENOMEM;
    }
    return 0;
}

void crew__order_close(struct crew__order *o)
{
    crew__scratch_give(o->scratch);
}
