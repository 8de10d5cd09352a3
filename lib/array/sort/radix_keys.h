/* Radix sorts of keys alone. */
#ifndef CREW_SORT_RADIX_KEYS_H
#define CREW_SORT_RADIX_KEYS_H

#include "radix.h"

extern const struct crew__radix_shape crew__radix_k32, crew__radix_k64;

#endif
