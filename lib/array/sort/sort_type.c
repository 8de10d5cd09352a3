/* What tells the orders of the six types apart. */
#include "sort_type.h"

#define SIGN_32 (UINT32_C(1) << 31)
#define SIGN_64 (UINT64_C(1) << 63)

/* Ranks of the infinities: of -infinity all bits but the sign and the significand's are clear, of +infinity the sign
   is set besides the exponent's. */
#define LOWEST_32 UINT32_C(0x007fffff)
#define LOWEST_64 UINT64_C(0x000fffffffffffff)

const struct crew__sort_type crew__sort_types[CREW__TYPES] = {
    [CREW__F32] = {false, {SIGN_32, SIGN_32 - 1, LOWEST_32, UINT32_C(0xff800000) - LOWEST_32, 0}},
    [CREW__F64] = {true, {SIGN_64, SIGN_64 - 1, LOWEST_64, UINT64_C(0xfff0000000000000) - LOWEST_64, 0}},
    [CREW__I32] = {false, {SIGN_32, 0, 0, UINT32_MAX, 0}},
    [CREW__I64] = {true, {SIGN_64, 0, 0, UINT64_MAX, 0}},
    [CREW__U32] = {false, {0, 0, 0, UINT32_MAX, 0}},
    [CREW__U64] = {true, {0, 0, 0, UINT64_MAX, 0}},
};
