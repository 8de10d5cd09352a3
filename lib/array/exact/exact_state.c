/* The state of an exact sum: what is added to it, merging, rounding, bytes. Computes with integers alone, so that no
   rounding mode and no compiler's idea of floating-point numbers matters. */
#include "exact_state.h"
#include "../../core/base/compiler.h"
#include <errno.h>
#include <stdbool.h>
#include <string.h>

static const char magic[6] = {'c', 'r', 'e', 'w', 'x', '1'};

enum {
    WORDS_AT = 8, /* in the bytes */
    FRACTION_BITS = 52,
    SPECIAL_EXPONENT = 0x7ff /* of infinities and NaN */
};

void crew__exact_add_word(crew_exact *state, int64_t k, int exponent)
{
    unsigned at = (unsigned)(exponent - CREW__EXACT_LOWEST), shift = at % 64;
    uint64_t *word = state->words + at / 64, *end = state->words + CREW_EXACT_WORDS;
    uint64_t bits = (uint64_t)k, sign = k < 0 ? UINT64_MAX : 0;
    uint64_t low = bits << shift, high = shift == 0 ? sign : bits >> (64 - shift) | sign << shift;
    *word += low;
    uint64_t carry = *word < low;
    word++;
    high += carry;
    carry = high < carry;
    *word += high;
    carry |= *word < high;
    /* The words above get sign + carry: all of them something, or none. */
    if (sign == 0)
        while (carry && ++word < end)
            carry = ++*word == 0;
    else
        while (!carry && ++word < end)
            carry = (*word)-- != 0;
}

/* A double as sign * mantissa * 2^exponent. */
struct parts {
    bool negative, special;
    uint64_t mantissa;
    int exponent;
};

static struct parts parts_of(double x)
{
    struct parts p;
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    int exponent = (int)(bits >> FRACTION_BITS) & SPECIAL_EXPONENT;
    p.negative = bits >> 63;
    p.special = exponent == SPECIAL_EXPONENT;
    p.mantissa = bits & (((uint64_t)1 << FRACTION_BITS) - 1);
    if (exponent > 0)
        p.mantissa |= (uint64_t)1 << FRACTION_BITS;
    else
        exponent = 1;
    p.exponent = exponent - 1 + CREW__DOUBLE_LOWEST;
    return p;
}

static bool is_nan(const struct parts *p)
{
    return p->special && p->mantissa != (uint64_t)1 << FRACTION_BITS;
}

static int64_t with_sign(uint64_t magnitude, bool negative)
{
    return negative ? -(int64_t)magnitude : (int64_t)magnitude;
}

void crew__exact_add_number(crew_exact *state, double x)
{
    struct parts p = parts_of(x);
    if (p.special)
        state->special |= is_nan(&p) ? CREW__NAN : p.negative ? CREW__MINUS_INFINITY : CREW__PLUS_INFINITY;
    else
        crew__exact_add_word(state, with_sign(p.mantissa, p.negative), p.exponent);
}

void crew__exact_add_product(crew_exact *state, double x, double y)
{
    struct parts p = parts_of(x), q = parts_of(y);
    bool negative = p.negative != q.negative;
    if (p.special || q.special) {
        bool none = is_nan(&p) || is_nan(&q) || p.mantissa == 0 || q.mantissa == 0;
        state->special |= none ? CREW__NAN : negative ? CREW__MINUS_INFINITY : CREW__PLUS_INFINITY;
        return;
    }
    /* Halves of 27 and 26 bits, so that the sum of the two middle products has at most 54. */
    const uint64_t half = ((uint64_t)1 << 27) - 1;
    uint64_t a = p.mantissa >> 27, b = p.mantissa & half, c = q.mantissa >> 27, d = q.mantissa & half;
    int exponent = p.exponent + q.exponent;
    crew__exact_add_word(state, with_sign(b * d, negative), exponent);
    crew__exact_add_word(state, with_sign(a * d + b * c, negative), exponent + 27);
    crew__exact_add_word(state, with_sign(a * c, negative), exponent + 54);
}

void crew_exact_merge(crew_exact *state, const crew_exact *other)
{
    uint64_t carry = 0;
    for (size_t i = 0; i < CREW_EXACT_WORDS; i++) {
        uint64_t right = other->words[i], sum = state->words[i] + carry;
        carry = sum < carry;
        sum += right;
        carry |= sum < right;
        state->words[i] = sum;
    }
    state->special |= other->special;
}

/* The bits of |value|, rounded to nearest even, in an IEEE format with that many significant bits and 2^lowest as its
   least number; larger than an infinity's where it is too large for the format. The number's last bit kept counts
   `steps` binades above the lowest: their product with the weight of the exponent field, plus all significant bits, the
   leading one too, are the encoding, and a rounding up to the next power of two carries into the exponent by itself. */
static uint64_t encode(const uint64_t *words, int significant, int lowest)
{
    int i = CREW_EXACT_WORDS - 1, least = lowest - CREW__EXACT_LOWEST;
    while (i >= 0 && words[i] == 0)
        i--;
    if (i < 0)
        return 0;
    int last = 64 * i + crew__log2(words[i]) - (significant - 1);
    last = last < least ? least : last;
    int steps = last - least;
    i = last / 64;
    int shift = last % 64;
    uint64_t kept = words[i] >> shift;
    if (shift > 0 && i + 1 < CREW_EXACT_WORDS)
        kept |= words[i + 1] << (64 - shift);
    int below = last - 1; /* the bit that says whether at least a half is lost */
    i = below / 64;
    shift = below % 64;
    if (words[i] >> shift & 1) {
        uint64_t rest = words[i] & (((uint64_t)1 << shift) - 1);
        while (rest == 0 && i > 0)
            rest = words[--i];
        kept += rest != 0 || (kept & 1);
    }
    return ((uint64_t)steps << (significant - 1)) + kept;
}

/* The same of a state, with its sign in bit sign_bit and what its special terms make of it. */
static uint64_t encode_state(const crew_exact *state, int significant, int lowest, int sign_bit)
{
    const uint64_t sign = (uint64_t)1 << sign_bit;
    /* The exponent field lies between the sign and significant - 1 fraction bits. */
    const uint64_t infinity = sign - ((uint64_t)1 << (significant - 1));
    if (state->special & CREW__NAN || state->special == (CREW__PLUS_INFINITY | CREW__MINUS_INFINITY))
        return infinity | (uint64_t)1 << (significant - 2);
    if (state->special != 0)
        return infinity | (state->special == CREW__MINUS_INFINITY ? sign : 0);
    const uint64_t *words = state->words;
    uint64_t magnitude[CREW_EXACT_WORDS];
    bool negative = words[CREW_EXACT_WORDS - 1] >> 63;
    if (negative) {
        uint64_t carry = 1;
        for (size_t i = 0; i < CREW_EXACT_WORDS; i++) {
            magnitude[i] = ~words[i] + carry;
            carry &= magnitude[i] == 0;
        }
        words = magnitude;
    }
    uint64_t bits = encode(words, significant, lowest);
    return (bits < infinity ? bits : infinity) | (negative ? sign : 0);
}

double crew_exact_value(const crew_exact *state)
{
    uint64_t bits = encode_state(state, 53, CREW__DOUBLE_LOWEST, 63);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

float crew_exact_value_f32(const crew_exact *state)
{
    uint32_t bits = (uint32_t)encode_state(state, 24, -149, 31);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

void crew_exact_to_bytes(const crew_exact *state, void *bytes)
{
    unsigned char *out = bytes;
    memcpy(out, magic, sizeof magic);
    out[sizeof magic] = (unsigned char)state->special;
    out[sizeof magic + 1] = 0;
    for (size_t i = 0; i < 8 * CREW_EXACT_WORDS; i++)
        out[WORDS_AT + i] = (unsigned char)(state->words[i / 8] >> 8 * (i % 8));
}

int crew_exact_from_bytes(crew_exact *state, const void *bytes)
{
    const unsigned char *in = bytes;
    if (memcmp(in, magic, sizeof magic) != 0 || in[sizeof magic] > 7 || in[sizeof magic + 1] != 0)
        return -EINVAL;
    state->special = in[sizeof magic];
    memset(state->words, 0, sizeof state->words);
    for (size_t i = 0; i < 8 * CREW_EXACT_WORDS; i++)
        state->words[i / 8] |= (uint64_t)in[WORDS_AT + i] << 8 * (i % 8);
    return 0;
}
