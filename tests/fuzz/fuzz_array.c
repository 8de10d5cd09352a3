/* The entry of the differential fuzzer of array algorithms, and what its parts share. */
#include "fuzz_array.h"
#include "../../lib/array/typed/isa.h"
#include "../../lib/core/loop/runner.h"
#include <stdio.h>

unsigned fuzz_byte(struct fuzz *f)
{
    return f->at < f->size ? f->data[f->at++] : 0;
}

uint64_t fuzz_random(struct fuzz *f)
{
    uint64_t z = f->state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

size_t fuzz_below(struct fuzz *f, size_t n)
{
    return (size_t)(fuzz_random(f) % n);
}

void *fuzz_alloc(struct fuzz *f, size_t bytes)
{
    void *p = malloc(bytes ? bytes : 1);
    if (!p || f->count == sizeof f->owned / sizeof f->owned[0])
        abort();
    f->owned[f->count++] = p;
    return p;
}

void *fuzz_copy(struct fuzz *f, const void *from, size_t bytes)
{
    return memcpy(fuzz_alloc(f, bytes), from, bytes);
}

size_t fuzz_count(struct fuzz *f)
{
    static const unsigned edges[] = {64, 256, 512, 1024, 2048, 4096, 8192, 16384, 20480, 32768};
    unsigned kind = fuzz_byte(f), low = fuzz_byte(f);
    if (kind < 64)
        return low % 40;
    if (kind < 160)
        return low * 4u + kind % 4;
    if (kind < 224)
        return (low * 256u + kind) % 6000;
    return edges[kind % 10] + low % 7 - 3;
}

size_t fuzz_size(struct fuzz *f)
{
    static const size_t sizes[] = {1, 2, 3, 4, 5, 7, 8, 12, 16, 17, 24, 32, 40, 64, 257, 600};
    return sizes[fuzz_byte(f) % 16];
}

void *fuzz_bytes(struct fuzz *f, size_t bytes)
{
    unsigned char *x = fuzz_alloc(f, bytes);
    unsigned kind = fuzz_byte(f) % 4, value = fuzz_byte(f);
    for (size_t i = 0; i < bytes; i++)
        x[i] = kind == 0   ? (unsigned char)fuzz_random(f)
               : kind == 1 ? (unsigned char)(fuzz_random(f) % (value % 5 + 1))
               : kind == 2 ? (unsigned char)value
               : f->size   ? f->data[(f->at + i) % f->size]
                           : 0;
    return x;
}

void fuzz_true(int right, const char *what)
{
    if (!right) {
        fprintf(stderr, "fuzz: %s is wrong\n", what);
        abort();
    }
}

void fuzz_same(const void *got, const void *want, size_t bytes, const char *what)
{
    const unsigned char *a = got, *b = want;
    for (size_t i = 0; i < bytes; i++)
        if (a[i] != b[i]) {
            fprintf(stderr, "fuzz: %s differs at byte %zu of %zu\n", what, i, bytes);
            abort();
        }
}

int fuzz_ask(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    const struct fuzz_flags *w = ctx;
    for (size_t i = begin; i < end; i++) {
        if (i >= w->fail_at)
            return 7;
        flags[i - begin] = w->flags[i];
    }
    return 0;
}

int fuzz_compare(const void *a, const void *b, void *ctx)
{
    const struct fuzz_order *o = ctx;
    const unsigned char *p = a, *q = b;
    if (o->absurd) /* a function of both, but no order */
        return (int)((p[0] * 31u + q[0] * 17u + p[o->size - 1] * 7u + q[o->size - 1]) >> 2 & 3) - 1;
    return (int)(p[0] & o->mask) - (int)(q[0] & o->mask);
}

void fuzz_stable(struct fuzz *f, const void *x, size_t n, size_t size, crew_compare *cmp, void *ctx, size_t *index)
{
    const char *base = x;
    size_t *from = index, *to = fuzz_alloc(f, n * sizeof *to), *other = to;
    for (size_t i = 0; i < n; i++)
        index[i] = i;
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t at = 0; at < n; at += 2 * width) {
            size_t middle = n - at < width ? n : at + width, end = n - middle < width ? n : middle + width;
            size_t i = at, j = middle;
            for (size_t k = at; k < end; k++)
                to[k] = j == end || (i < middle && cmp(base + from[i] * size, base + from[j] * size, ctx) <= 0)
                            ? from[i++]
                            : from[j++];
        }
        size_t *t = from;
        from = to;
        to = t;
    }
    if (from == other)
        memcpy(index, other, n * sizeof *index);
}

void *fuzz_gather(struct fuzz *f, const void *x, size_t size, const size_t *index, size_t n)
{
    char *out = fuzz_alloc(f, n * size);
    for (size_t i = 0; i < n; i++)
        memcpy(out + i * size, (const char *)x + index[i] * size, size);
    return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const parts[])(struct fuzz *) = {fuzz_scan, fuzz_sort,  fuzz_select, fuzz_keys,
                                                   fuzz_move, fuzz_exact, fuzz_sets};
    static const int threads[] = {1, 2, 3, 8};
    static const enum crew__isa levels[] = {CREW__ISA_AVX512, CREW__ISA_AVX2, CREW__ISA_PLAIN};
    struct fuzz f = {.data = data, .size = size};
    for (size_t i = 0; i < size; i++)
        f.state = (f.state ^ data[i]) * 0x100000001b3u;
    unsigned first = fuzz_byte(&f), how = fuzz_byte(&f);
    unsigned part = first == FUZZ_EXACT ? 5 : first == FUZZ_SETS ? 6 : first % 5;
    crew_set_num_threads(threads[how % 4]);
    crew__isa_limit(levels[how / 4 % 3]);
    crew__tuning.always_open = how % 4 > 0; /* or small inputs never leave the caller */
    parts[part](&f);
    while (f.count > 0)
        free(f.owned[--f.count]);
    return 0;
}
