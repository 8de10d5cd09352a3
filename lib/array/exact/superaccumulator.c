/* Neal's small superaccumulator (arXiv 1505.05571): a fixed-point number whose digits lie 32 bits apart and have 64
   bits each, so that a term changes two of them and 2048 terms need no carry. */
#include "superaccumulator.h"
#include "exact_state.h"
#include <string.h>

enum {
    DIGITS = 65, /* 2^-1074 .. 2^1024 */
    TERMS = 1024,
    FEW = 16 /* so many are added to the state one by one before the digits could be cleared and collected */
};

static void add_terms(int64_t *digits, const double *x, size_t n, uint64_t *special)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &x[i], sizeof bits);
        unsigned exponent = (unsigned)(bits >> 52) & 0x7ff;
        uint64_t mantissa = bits & (((uint64_t)1 << 52) - 1);
        if (exponent == 0x7ff) {
            *special |= mantissa != 0 ? CREW__NAN : bits >> 63 ? CREW__MINUS_INFINITY : CREW__PLUS_INFINITY;
            continue;
        }
        mantissa |= (uint64_t)(exponent != 0) << 52;
        unsigned place = exponent - (exponent != 0), shift = place % 32;
        int64_t *digit = digits + place / 32;
        int64_t low = (int64_t)(mantissa << shift & UINT32_MAX), high = (int64_t)(mantissa >> (32 - shift));
        int64_t sign = -(int64_t)(bits >> 63); /* (a ^ -1) - -1 is -a */
        digit[0] += (low ^ sign) - sign;
        digit[1] += (high ^ sign) - sign;
    }
}

void crew__superaccumulate(crew_exact *state, const double *x, size_t n)
{
    if (n <= FEW) {
        for (size_t i = 0; i < n; i++)
            crew__exact_add_number(state, x[i]);
        return;
    }
    for (size_t i = 0, some; i < n; i += some) {
        int64_t digits[DIGITS] = {0};
        some = n - i < TERMS ? n - i : TERMS;
        add_terms(digits, x + i, some, &state->special);
        for (int d = 0; d < DIGITS; d++)
            if (digits[d] != 0)
                crew__exact_add_word(state, digits[d], CREW__DOUBLE_LOWEST + 32 * d);
    }
}

void crew__superaccumulate_products(crew_exact *state, const double *x, const double *y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        crew__exact_add_product(state, x[i], y[i]);
}
