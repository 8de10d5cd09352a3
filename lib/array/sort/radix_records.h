/* Radix sorts of records with the key inside. */
#ifndef CREW_SORT_RADIX_RECORDS_H
#define CREW_SORT_RADIX_RECORDS_H

#include "radix.h"

extern const struct crew__radix_shape crew__radix_r8k32, crew__radix_r16k32, crew__radix_r16k64;

#endif
