/* Exact sums on one thread: which kernels, where their bins lie, and what is done with blocks that do not fit. */
#include "../typed/exact_rounding.h"

#include "../../core/base/compiler.h"
#include "exact_blocks.h"
#include "exact_kernel.h"
#include "exact_state.h"
#include "superaccumulator.h"
#include <math.h>
#include <stdbool.h>
#include <string.h>

enum {
    FEW = 8, /* are added one by one before a kernel has begun */
    /* Doubles in an array on the stack, of which there may be three. */
    BUFFER = 512,
    FIRST = 128, /* so many terms tell where to try first */
    /* Binades between the largest term and the top of the upper bin, so that the next block need not be looked at. */
    ROOM = 6,
    UNKNOWN = -10000,
    MOST_PASSED = 15,
    MOST_PEELED = 8 /* times two bins: 816 binades; wider data are quicker added otherwise */
};

/* Below that a product may have bits below the least double. */
static const double least_product = 0x1p-960;

/* Where the bins lie, from block to block. Where blocks do not fit, some are not tried. */
struct place {
    int high;
    unsigned passed, to_pass;
};

static const struct place nowhere = {UNKNOWN, 0, 0};

static const struct crew__exact_kernels *kernels(void)
{
#ifdef CREW__ISA_X86
    switch (crew__isa()) {
    case CREW__ISA_AVX512:
        return &crew__exact_avx512;
    case CREW__ISA_AVX2:
        /* All processors but a few have both; a hypervisor may hide one of them. */
        return __builtin_cpu_supports("fma") ? &crew__exact_avx2 : &crew__exact_sse2;
    case CREW__ISA_SSE2:
        return &crew__exact_sse2;
    default:
        break;
    }
#endif
    return &crew__exact_plain;
}

/* Terms of one kind. */
struct kind {
    struct crew__exact_terms terms;
    bool products;           /* four words a block, not two */
    size_t size;             /* bytes of a number */
    crew__exact_adder *slow; /* adds what does not fit */
};

/* Such that terms up to `largest` fit, with some room, as far as there are such bins. */
static int high_for(double largest, int least)
{
    uint64_t bits;
    memcpy(&bits, &largest, sizeof bits);
    int high = (int)(bits >> 52) - 1022 - CREW__EXACT_LEVEL + ROOM; /* largest < 2^((bits >> 52) - 1022) */
    if (high < least)
        return least;
    return high < CREW__EXACT_HIGH_MOST ? high : CREW__EXACT_HIGH_MOST;
}

/* The sum of a block as words at place->high, which may move; false where that is not possible. */
static bool fit(const struct kind *kind, const void *x, const void *y, size_t n, struct place *place, int64_t *k)
{
    const int least = CREW__EXACT_HIGH_LEAST + (kind->products ? CREW__EXACT_PRODUCT : 0);
    if (place->to_pass > 0) {
        place->to_pass--;
        return false;
    }
    if (place->high == UNKNOWN)
        place->high = high_for(kind->terms.largest(x, y, n < FIRST ? n : FIRST), least);
    bool fits = kind->terms.bins(x, y, n, place->high, k);
    if (!fits) {
        int high = high_for(kind->terms.largest(x, y, n), least);
        fits = high != place->high && kind->terms.bins(x, y, n, high, k);
        place->high = high;
    }
    place->passed = fits ? 0 : place->passed < MOST_PASSED ? 2 * place->passed + 1 : MOST_PASSED;
    place->to_pass = place->passed;
    return fits;
}

static void add_words(crew_exact *state, const int64_t k[2], int high)
{
    crew__exact_add_word(state, k[0], high);
    crew__exact_add_word(state, k[1], high - CREW__EXACT_LEVEL);
}

static size_t at_most(size_t n, size_t most)
{
    return n < most ? n : most;
}

static void add_blocks(crew_exact *state, const struct kind *kind, const void *xs, const void *ys, size_t n)
{
    const char *x = xs, *y = ys;
    struct place place = nowhere;
    for (size_t some; n > FEW; n -= some, x += some * kind->size, y += some * kind->size) {
        int64_t k[4];
        some = at_most(n, CREW__EXACT_BLOCK);
        if (!fit(kind, x, y, some, &place, k)) {
            kind->slow(state, x, y, some);
            continue;
        }
        add_words(state, k, place.high);
        if (kind->products)
            add_words(state, k + 2, place.high - CREW__EXACT_PRODUCT);
    }
    kind->slow(state, x, y, n);
}

/* At most BUFFER numbers whose exponents may lie far apart: takes of each what two bins hold, of what is left what the
   next two hold, and so on. */
static void add_any(crew_exact *state, const double *x, size_t n)
{
    double left[BUFFER];
    int64_t k[2];
    int high = high_for(kernels()->sum_f64.largest(x, x, n), CREW__EXACT_HIGH_LEAST);
    const double *in = x;
    for (int i = 0; i < MOST_PEELED && n > FEW; i++, in = left) {
        enum crew__exact_result result = kernels()->peel(in, left, n, high, k);
        if (result == CREW__EXACT_OUTSIDE)
            break; /* at once, as what is left is never too large: infinite, NaN, or near the largest double */
        add_words(state, k, high);
        if (result == CREW__EXACT_DONE)
            return;
        high -= 2 * CREW__EXACT_LEVEL;
        high = high < CREW__EXACT_HIGH_LEAST ? CREW__EXACT_HIGH_LEAST : high;
    }
    crew__superaccumulate(state, in, n);
}

static void add_any_f64(crew_exact *state, const void *xs, const void *ys, size_t n)
{
    const double *x = xs;
    (void)ys;
    for (size_t some; n > 0; n -= some, x += some) {
        some = at_most(n, BUFFER);
        add_any(state, x, some);
    }
}

static void add_any_f32(crew_exact *state, const void *xs, const void *ys, size_t n)
{
    const float *x = xs;
    double buffer[BUFFER];
    (void)ys;
    for (size_t i = 0, some; i < n; i += some) {
        some = at_most(n - i, BUFFER);
        for (size_t j = 0; j < some; j++)
            buffer[j] = (double)x[i + j];
        add_any(state, buffer, some);
    }
}

/* The product of two floats is a double. */
static void add_any_dot_f32(crew_exact *state, const void *xs, const void *ys, size_t n)
{
    const float *x = xs, *y = ys;
    double buffer[BUFFER];
    for (size_t i = 0, some; i < n; i += some) {
        some = at_most(n - i, BUFFER);
        for (size_t j = 0; j < some; j++)
            buffer[j] = (double)x[i + j] * (double)y[i + j];
        add_any(state, buffer, some);
    }
}

void crew__exact_add_f64(crew_exact *state, const void *x, const void *y, size_t n)
{
    const struct kind kind = {kernels()->sum_f64, false, sizeof(double), add_any_f64};
    add_blocks(state, &kind, x, y, n);
}

void crew__exact_add_f32(crew_exact *state, const void *x, const void *y, size_t n)
{
    const struct kind kind = {kernels()->sum_f32, false, sizeof(float), add_any_f32};
    add_blocks(state, &kind, x, y, n);
}

void crew__exact_add_dot_f32(crew_exact *state, const void *x, const void *y, size_t n)
{
    const struct kind kind = {kernels()->dot_f32, false, sizeof(float), add_any_dot_f32};
    add_blocks(state, &kind, x, y, n);
}

/* Whether the product and what it has lost are doubles, by their sizes; overflow shows in what is lost. */
static bool products_are_exact(const double *x, const double *y, size_t n)
{
    bool exact = true;
    for (size_t i = 0; i < n; i++)
        exact &= x[i] == 0 || y[i] == 0 || fabs(x[i] * y[i]) >= least_product;
    return exact;
}

/* By their bits: a compiler that was told of finite numbers alone takes no comparison for an answer. */
static bool are_finite(const double *x, size_t n)
{
    const uint64_t exponent = (uint64_t)0x7ff << 52;
    bool finite = true;
    for (size_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &x[i], sizeof bits);
        finite &= (bits & exponent) != exponent;
    }
    return finite;
}

static int bins_of_products(const void *x, const void *y, size_t n, int high, int64_t *k)
{
    double least;
    return kernels()->dot_f64(x, y, n, high, k, &least) && (least >= least_product || products_are_exact(x, y, n));
}

static double largest_product(const void *xs, const void *ys, size_t n)
{
    const double *x = xs, *y = ys;
    double high[BUFFER], low[BUFFER], largest = 0;
    for (size_t i = 0, some; i < n; i += some) {
        some = at_most(n - i, BUFFER);
        kernels()->products(x + i, y + i, some, high, low);
        double here = kernels()->sum_f64.largest(high, high, some);
        largest = here > largest ? here : largest;
    }
    return largest;
}

static void add_any_dot_f64(crew_exact *state, const void *xs, const void *ys, size_t n)
{
    const double *x = xs, *y = ys;
    double high[BUFFER], low[BUFFER];
    for (size_t some; n > 0; n -= some, x += some, y += some) {
        some = at_most(n, BUFFER);
        double least = some > FEW ? kernels()->products(x, y, some, high, low) : 0;
        if ((least >= least_product || (some > FEW && products_are_exact(x, y, some))) && are_finite(high, some) &&
            are_finite(low, some)) {
            add_any(state, high, some);
            add_any(state, low, some);
        } else {
            crew__superaccumulate_products(state, x, y, some);
        }
    }
}

void crew__exact_add_dot_f64(crew_exact *state, const void *x, const void *y, size_t n)
{
    const struct kind kind = {{bins_of_products, largest_product}, true, sizeof(double), add_any_dot_f64};
    add_blocks(state, &kind, x, y, n);
}
