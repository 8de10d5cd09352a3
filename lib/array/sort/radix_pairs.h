/* Radix sorts of keys with values in another array. */
#ifndef CREW_SORT_RADIX_PAIRS_H
#define CREW_SORT_RADIX_PAIRS_H

#include "radix.h"

extern const struct crew__radix_shape crew__radix_k32v32, crew__radix_k32v64, crew__radix_k64v32, crew__radix_k64v64;

#endif
