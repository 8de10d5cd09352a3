/* Sums in arbitrary precision: terms are added bit by bit to a number of 16-bit digits, and a result is compared with
   the two numbers beside it. Shares no step with crew: nothing is rounded here, and no double is taken apart by its
   bits. */
#ifndef TESTS_ORACLE_EXACT_H
#define TESTS_ORACLE_EXACT_H

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { ORACLE_DIGITS = 280, ORACLE_LOWEST = -2160 };

struct oracle_exact {
    int64_t digit[ORACLE_DIGITS]; /* of 2^(ORACLE_LOWEST + 16 * i); any sign and size until it is normalised */
    bool nan, plus, minus;
};

/* x = m * 2^*exponent */
static inline int64_t oracle_mantissa(double x, int *exponent)
{
    double m = frexp(x, exponent);
    *exponent -= 53;
    return (int64_t)ldexp(m, 53);
}

static inline void oracle_exact_bits(struct oracle_exact *s, int64_t m, int exponent)
{
    uint64_t bits = (uint64_t)(m < 0 ? -m : m);
    for (int at = exponent - ORACLE_LOWEST; bits != 0; bits >>= 1, at++)
        if (bits & 1)
            s->digit[at / 16] += (m < 0 ? -1 : 1) * ((int64_t)1 << (at % 16));
}

static inline void oracle_exact_add(struct oracle_exact *s, double x)
{
    int exponent;
    s->nan |= x != x;
    s->plus |= x > DBL_MAX;
    s->minus |= x < -DBL_MAX;
    if (x != x || x > DBL_MAX || x < -DBL_MAX || x == 0)
        return;
    int64_t m = oracle_mantissa(x, &exponent);
    while (m % 2 == 0) {
        m /= 2;
        exponent++;
    }
    oracle_exact_bits(s, m, exponent);
}

static inline void oracle_exact_add_product(struct oracle_exact *s, double x, double y)
{
    int e, f;
    if (!(x - x == 0) || !(y - y == 0)) { /* NaN or infinite */
        double p = x * y;
        oracle_exact_add(s, p);
        return;
    }
    if (x == 0 || y == 0)
        return;
    int64_t a = oracle_mantissa(x, &e), b = oracle_mantissa(y, &f);
    while (a % 2 == 0) {
        a /= 2;
        e++;
    }
    while (b % 2 == 0) {
        b /= 2;
        f++;
    }
    int64_t sign = (a < 0) == (b < 0) ? 1 : -1;
    uint64_t bits = (uint64_t)(a < 0 ? -a : a);
    for (int at = 0; bits != 0; bits >>= 1, at++)
        if (bits & 1)
            oracle_exact_bits(s, sign * (b < 0 ? -b : b), e + f + at);
}

/* -1, 0, 1; digits become 0 .. 2^16-1, but for the highest. */
static inline int oracle_exact_sign(struct oracle_exact *s)
{
    bool zero = true;
    for (int i = 0; i + 1 < ORACLE_DIGITS; i++) {
        int64_t low = (int64_t)((uint64_t)s->digit[i] & 0xffff);
        s->digit[i + 1] += (s->digit[i] - low) / 65536;
        s->digit[i] = low;
        zero = zero && low == 0;
    }
    int64_t top = s->digit[ORACLE_DIGITS - 1];
    return top < 0 ? -1 : zero && top == 0 ? 0 : 1;
}

/* The sign of 2 * s - (a + b), where an infinity stands for the power of two after the largest number. */
static inline int oracle_exact_beside(const struct oracle_exact *s, double a, double b, int infinity)
{
    struct oracle_exact d = *s;
    const double two[2] = {a, b};
    for (int i = 0; i < ORACLE_DIGITS; i++)
        d.digit[i] *= 2;
    for (int k = 0; k < 2; k++) {
        if (two[k] - two[k] == 0)
            oracle_exact_add(&d, -two[k]);
        else
            oracle_exact_bits(&d, two[k] > 0 ? -1 : 1, infinity);
    }
    return oracle_exact_sign(&d);
}

static inline bool oracle_same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

/* Whether r, with its neighbours and the evenness of its last bit, is s rounded once; `infinity`: 1024 or 128. */
static inline bool oracle_exact_nearest(const struct oracle_exact *s, double r, double below, double above, bool even,
                                        int infinity)
{
    struct oracle_exact t = *s;
    if (s->nan || (s->plus && s->minus))
        return r != r;
    if (s->plus || s->minus)
        return r == (s->plus ? (double)INFINITY : -(double)INFINITY);
    int sign = oracle_exact_sign(&t);
    if (r != r || (r == 0 && oracle_same_bits(r, -0.0) != (sign < 0)))
        return false;
    int low = r - r == 0 || r > 0 ? oracle_exact_beside(&t, below, r, infinity) : 1;
    int high = r - r == 0 || r < 0 ? oracle_exact_beside(&t, r, above, infinity) : -1;
    return (low > 0 || (low == 0 && even)) && (high < 0 || (high == 0 && even));
}

static inline bool oracle_exact_is(const struct oracle_exact *s, double r)
{
    uint64_t bits;
    memcpy(&bits, &r, sizeof bits);
    return oracle_exact_nearest(s, r, nextafter(r, -(double)INFINITY), nextafter(r, (double)INFINITY), bits % 2 == 0,
                                1024);
}

static inline bool oracle_exact_is_f32(const struct oracle_exact *s, float r)
{
    uint32_t bits;
    memcpy(&bits, &r, sizeof bits);
    return oracle_exact_nearest(s, (double)r, (double)nextafterf(r, -INFINITY), (double)nextafterf(r, INFINITY),
                                bits % 2 == 0, 128);
}

#endif
