#define _POSIX_C_SOURCE 200809L
/* The naive loops of oracle.h, and the documented cut and tree of reductions. */
#include "oracle.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if TESTS_VALGRIND
const int oracle_threads[] = {3, 3, 3, 3, 3};
#else
const int oracle_threads[] = {1, 2, 3, 8, 64};
#endif

uint64_t oracle_random(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

size_t oracle_below(uint64_t *state, size_t n)
{
    return (size_t)(oracle_random(state) % n);
}

uint64_t oracle_seed(void)
{
    const char *text = getenv("CREW_TEST_SEED");
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t seed = text ? strtoull(text, NULL, 0) : (uint64_t)now.tv_sec * 1000000007u + (uint64_t)now.tv_nsec;
    fprintf(stderr, "CREW_TEST_SEED=%llu\n", (unsigned long long)seed);
    return seed;
}

int oracle_map(const void *in, size_t in_size, void *out, size_t out_size, size_t n, crew_map_fn *fn, void *ctx,
               size_t *failed)
{
    for (size_t i = 0; i < n; i++) {
        int code = fn((const char *)in + i * in_size, (char *)out + i * out_size, ctx);
        if (code) {
            *failed = i;
            return code;
        }
    }
    return 0;
}

static size_t ceil_div(size_t a, size_t b)
{
    return a / b + (a % b ? 1 : 0);
}

size_t oracle_block(size_t n, size_t size, size_t grain)
{
    size_t block;
    if (n <= 64)
        block = 1;
    else if (n < 4096)
        block = ceil_div(n, 64);
    else if (n < 65536)
        block = 64;
    else
        block = ceil_div(n, 1024);
    /* accumulators that would pass 64 MiB: fewer, at least 64 */
    size_t fit = 64 * 1024 * 1024 / size;
    if (fit < 64)
        fit = 64;
    if (ceil_div(n, block) > fit)
        block = ceil_div(n, fit);
    return block < grain ? grain : block;
}

struct tree {
    size_t n, block;
    const crew_reducer *r;
    void *ctx;
};

/* Blocks first .. first + count - 1 into acc. The left part is the largest power of two: that is what pairing
   neighbours level by level comes to. */
static int reduce_tree(const struct tree *t, size_t first, size_t count, void *acc)
{
    if (count == 1) {
        size_t from = first * t->block, to = t->n - from < t->block ? t->n : from + t->block;
        if (t->r->identity)
            memcpy(acc, t->r->identity, t->r->size);
        else
            memset(acc, 0, t->r->size);
        return t->r->fold(from, to, acc, t->ctx);
    }
    size_t left = 1;
    while (left * 2 < count)
        left *= 2;
    void *right = calloc(1, t->r->size);
    int code = right ? 0 : -1;
    if (!code)
        code = reduce_tree(t, first, left, acc);
    if (!code)
        code = reduce_tree(t, first + left, count - left, right);
    if (!code)
        t->r->merge(acc, right, t->ctx);
    free(right);
    return code;
}

int oracle_reduce(size_t n, const crew_reducer *r, void *ctx, void *result, size_t grain)
{
    if (n == 0) {
        if (r->identity)
            memcpy(result, r->identity, r->size);
        else
            memset(result, 0, r->size);
        return 0;
    }
    struct tree t = {n, oracle_block(n, r->size, grain), r, ctx};
    return reduce_tree(&t, 0, ceil_div(n, t.block), result);
}

int oracle_process_threads(void)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    int threads = 0;
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "Threads: %d", &threads) == 1)
            break;
    if (file)
        fclose(file);
    return threads;
}

void oracle_note(struct oracle_blocks *blocks, size_t begin, size_t end)
{
    while (__atomic_exchange_n(&blocks->lock, 1, __ATOMIC_ACQUIRE))
        oracle_sleep_us(1);
    if (blocks->count == blocks->room) {
        blocks->room = blocks->room ? blocks->room * 2 : 1024;
        blocks->at = realloc(blocks->at, blocks->room * sizeof *blocks->at);
        if (!blocks->at)
            abort();
    }
    blocks->at[blocks->count][0] = begin;
    blocks->at[blocks->count++][1] = end;
    __atomic_store_n(&blocks->lock, 0, __ATOMIC_RELEASE);
}

static int compare(const void *a, const void *b)
{
    const size_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

int oracle_is_partition(struct oracle_blocks *blocks, size_t n)
{
    size_t at = 0;
    if (blocks->count)
        qsort(blocks->at, blocks->count, sizeof *blocks->at, compare);
    for (size_t k = 0; k < blocks->count; k++) {
        if (blocks->at[k][0] != at || blocks->at[k][1] <= at)
            return 0;
        at = blocks->at[k][1];
    }
    return at == n;
}

void oracle_clear(struct oracle_blocks *blocks)
{
    free(blocks->at);
    *blocks = (struct oracle_blocks){0};
}

void oracle_sleep_us(long microseconds)
{
    struct timespec t = {microseconds / 1000000, microseconds % 1000000 * 1000};
    nanosleep(&t, NULL);
}
