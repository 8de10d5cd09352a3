/* Streams of random numbers, and arrays of them. */
#if defined(__GNUC_GNU_INLINE__)
#define CREW__INLINE inline /* what the linker gets, in the language of gnu89 */
#endif
#include <crew/random.h>

#include "../../core/loop/runner.h"
#include "normal_quantile.h"
#include "philox.h"

/* For who does not inline them. */
extern crew_random crew_random_at(uint64_t seed, uint64_t stream);
extern uint64_t crew_random_u64(crew_random *r);
extern double crew_random_uniform(crew_random *r);

enum { DRAWS = sizeof((crew_random *)NULL)->drawn / sizeof(uint64_t), FIRST = 2 };

void crew_random_seek(crew_random *r, uint64_t draw)
{
    r->next = draw;
    r->at = r->have = 0;
}

void crew__random_refill(crew_random *r)
{
    /* Items that need a draw or two do not pay for 32. */
    unsigned odd = (unsigned)(r->next % 2), have = r->have == 0 ? FIRST : DRAWS;
    crew__philox_blocks(r->drawn, have / 2, r->seed, r->stream, r->next / 2);
    r->next += have - odd;
    r->at = odd;
    r->have = have;
}

/* The upper and the lower half of a * b. */
static uint64_t multiply(uint64_t a, uint64_t b, uint64_t *low)
{
    uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    uint64_t p00 = a0 * b0, p01 = a0 * b1, p10 = a1 * b0, p11 = a1 * b1;
    uint64_t middle = (p00 >> 32) + (uint32_t)p01 + p10; /* below 2^64: (2^32 - 1)^2 + 2 * (2^32 - 1) */
    *low = a * b;
    return p11 + (p01 >> 32) + (middle >> 32);
}

uint64_t crew_random_below(crew_random *r, uint64_t n)
{
    uint64_t draw = crew_random_u64(r);
    if (n == 0)
        return draw;
    uint64_t low, high = multiply(draw, n, &low);
    if (low < n) {
        uint64_t least = (0 - n) % n; /* 2^64 modulo n: so many of the low values are one too many */
        while (low < least)
            high = multiply(crew_random_u64(r), n, &low);
    }
    return high;
}

int64_t crew_random_between(crew_random *r, int64_t low, int64_t high)
{
    uint64_t range = (uint64_t)high - (uint64_t)low + 1; /* 0: all of them */
    if (low > high)
        range = 1;
    uint64_t value = (uint64_t)low + crew_random_below(r, range);
    return value <= INT64_MAX ? (int64_t)value : -(int64_t)(UINT64_MAX - value) - 1;
}

static double uniform(uint64_t draw)
{
    return (double)(int64_t)(draw >> 11) * 0x1p-53;
}

static double normal(uint64_t draw)
{
    return crew__normal_quantile(((double)(int64_t)(draw >> 11) + 0.5) * 0x1p-53);
}

double crew_random_normal(crew_random *r)
{
    return normal(crew_random_u64(r));
}

/* What a fill does; out is an array of uint64_t or double. */
struct fill {
    void *out;
    uint64_t seed, stream, first;
    double (*value)(uint64_t draw); /* NULL: the draws themselves */
};

static void fill_part(size_t begin, size_t end, void *ctx)
{
    enum { PART = 256 };
    const struct fill *f = ctx;
    uint64_t draws[PART];
    for (size_t i = begin, part; i < end; i += part) {
        uint64_t draw = f->first + i;
        size_t odd = draw % 2;
        part = end - i < PART - odd ? end - i : PART - odd;
        crew__philox_blocks(draws, (part + odd + 1) / 2, f->seed, f->stream, draw / 2);
        for (size_t k = 0; k < part; k++)
            if (f->value)
                ((double *)f->out)[i + k] = f->value(draws[odd + k]);
            else
                ((uint64_t *)f->out)[i + k] = draws[odd + k];
    }
}

void crew_random_fill_u64(uint64_t *x, size_t n, uint64_t seed, uint64_t stream, uint64_t first)
{
    struct fill f = {x, seed, stream, first, NULL};
    crew__each(n, fill_part, &f, 1);
}

void crew_random_fill_uniform_f64(double *x, size_t n, uint64_t seed, uint64_t stream, uint64_t first)
{
    struct fill f = {x, seed, stream, first, uniform};
    crew__each(n, fill_part, &f, 1.5);
}

void crew_random_fill_normal_f64(double *x, size_t n, uint64_t seed, uint64_t stream, uint64_t first)
{
    struct fill f = {x, seed, stream, first, normal};
    crew__each(n, fill_part, &f, 10);
}
