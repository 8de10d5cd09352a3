/* What is added to a crew_exact by those that know its form. */
#ifndef CREW_EXACT_EXACT_STATE_H
#define CREW_EXACT_EXACT_STATE_H

#include <crew/exact.h>

enum {
    CREW__EXACT_LOWEST = -2148, /* the exponent of a state's lowest bit: that of the square of the least double */
    CREW__DOUBLE_LOWEST = -1074 /* that of the least double */
};

/* state->special */
enum { CREW__PLUS_INFINITY = 1, CREW__MINUS_INFINITY = 2, CREW__NAN = 4 };

/* Adds k * 2^exponent, exponent being CREW__EXACT_LOWEST .. 2048. */
void crew__exact_add_word(crew_exact *state, int64_t k, int exponent);

/* Adds any double, and the product of any two. */
void crew__exact_add_number(crew_exact *state, double x);
void crew__exact_add_product(crew_exact *state, double x, double y);

#endif
