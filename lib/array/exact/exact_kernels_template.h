/* crew__exact_{plain,sse2,avx2,avx512}: the kernels of one instruction set. The including file defines VECTOR_BYTES, as
   ../typed/vector.h asks for it, includes that, and defines KERNELS, the name of the table. */
#include <math.h>
#include <string.h>

#define VECTOR acc_f64
#define WIDTH (sizeof(VECTOR) / sizeof(double))
#define UNROLLED (4 * WIDTH)
#define LOAD(p) LOAD_AS(VECTOR, p)
#define STORE(p, v) STORE_AS(VECTOR, p, v)
#define FILL(x) FILL_AS(VECTOR, x)

/* The bits of a vector, and the vector of bits. */
#if VECTOR_BYTES > 0
#define BITS_OF(v) ((acc_u64)(v))
#define OF_BITS(v) ((acc_f64)(v))
#else
static inline uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}
static inline double of_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}
#define BITS_OF(v) bits_of(v)
#define OF_BITS(v) of_bits(v)
#endif
#define MAGNITUDE(v) OF_BITS(BITS_OF(v) & (UINT64_MAX >> 1))

struct bins {
    VECTOR high_magic, low_magic, one; /* one: 1, of which the compiler does not know it */
    acc_u64 high, low;                 /* sums of bits */
    acc_u64 outside;                   /* in the upper 12 bits: a term was too large, infinite or NaN */
    acc_u64 lost;                      /* but for the sign: something was left of a term */
};

/* a - c. With MULTIPLIERS_SUBTRACT in the multipliers, which have nothing else to do: additions decide the time. */
#ifdef MULTIPLIERS_SUBTRACT
#define SUBTRACT(a, c) FUSED_SUBTRACT(a, b->one, c)
#else
#define SUBTRACT(a, c) ((a) - (c))
#endif

/* Returns what is left of x. */
INLINE VECTOR add_to_bins(struct bins *b, VECTOR x)
{
    VECTOR upper = x + b->high_magic;
    VECTOR rest = x - (upper - b->high_magic);
    VECTOR lower = rest + b->low_magic;
    b->high += BITS_OF(upper);
    b->low += BITS_OF(lower);
    b->outside |= BITS_OF(upper) ^ BITS_OF(b->high_magic);
    VECTOR left = SUBTRACT(rest, SUBTRACT(lower, b->low_magic));
    b->lost |= BITS_OF(left);
    return left;
}

/* 1.5 * 2^(exponent + 52), whose last bit is 2^exponent; its bits. */
static uint64_t magic_bits(int exponent)
{
    return (uint64_t)(exponent + 52 + 1023) << 52 | (uint64_t)1 << 51;
}

static double magic(int exponent)
{
    uint64_t bits = magic_bits(exponent);
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* All elements of a vector added, and all combined. */
FUNCTION uint64_t total_of(acc_u64 v)
{
    uint64_t lanes[WIDTH], total = 0;
    STORE_AS(acc_u64, lanes, v);
    for (size_t l = 0; l < WIDTH; l++)
        total += lanes[l];
    return total;
}

FUNCTION uint64_t any_of(acc_u64 v)
{
    uint64_t lanes[WIDTH], any = 0;
    STORE_AS(acc_u64, lanes, v);
    for (size_t l = 0; l < WIDTH; l++)
        any |= lanes[l];
    return any;
}

INLINE struct bins empty_bins(int high, double one)
{
    struct bins b;
    b.high_magic = FILL(magic(high));
    b.low_magic = FILL(magic(high - CREW__EXACT_LEVEL));
    b.one = FILL(one);
    b.high = b.low = b.outside = b.lost = FILL_AS(acc_u64, (uint64_t)0);
    return b;
}

/* What the bins hold after so many terms. */
INLINE enum crew__exact_result read_bins(const struct bins *b, int high, size_t terms, int64_t *k)
{
    k[0] = (int64_t)(total_of(b->high) - terms * magic_bits(high));
    k[1] = (int64_t)(total_of(b->low) - terms * magic_bits(high - CREW__EXACT_LEVEL));
    if (any_of(b->outside) >> 52 != 0)
        return CREW__EXACT_OUTSIDE;
    return any_of(b->lost) << 1 != 0 ? CREW__EXACT_LEFT : CREW__EXACT_DONE;
}

#define TYPE f64
#define ELEMENT double
#define OP sum
#include "exact_terms_template.h"
#undef TYPE
#undef ELEMENT

#define TYPE f32
#define ELEMENT float
#define OP sum
#include "exact_terms_template.h"
#define OP dot
#include "exact_terms_template.h"
#undef TYPE
#undef ELEMENT

FUNCTION enum crew__exact_result peel(const double *in, double *out, size_t n, int high, int64_t *k)
{
    double one = 1;
    CREW__FP_HOLD(one);
    struct bins b = empty_bins(high, one);
    size_t i = 0;
    for (; n - i >= WIDTH; i += WIDTH)
        STORE(out + i, add_to_bins(&b, LOAD(in + i)));
    if (i < n) {
        double last[WIDTH];
        for (size_t l = 0; l < WIDTH; l++)
            last[l] = i + l < n ? in[i + l] : 0;
        STORE(last, add_to_bins(&b, LOAD(last)));
        for (size_t l = 0; i + l < n; l++)
            out[i + l] = last[l];
        i += WIDTH;
    }
    return read_bins(&b, high, i, k);
}

#include "exact_products_template.h"

const struct crew__exact_kernels KERNELS = {
    .sum_f64 = {bins_sum_f64, largest_sum_f64},
    .sum_f32 = {bins_sum_f32, largest_sum_f32},
    .dot_f32 = {bins_dot_f32, largest_dot_f32},
    .dot_f64 = bins_products,
    .peel = peel,
    .products = products,
};
