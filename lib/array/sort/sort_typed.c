/* The typed functions of sort.h, and what tells their types apart. */
#include "sort_typed.h"

#define CREW__CAT_(a, b) a##_##b
#define CREW__CAT(a, b) CREW__CAT_(a, b)

/* Ranks of the infinities: of -infinity all bits but the sign and the significand's are clear, of +infinity the sign
   is set besides the exponent's. */
const struct crew__type crew__type_f32 = {false,
                                          {UINT32_C(1) << 31, UINT32_MAX >> 1, 0x007fffff, 0xff800000 - 0x007fffff, 0}};
const struct crew__type crew__type_f64 = {true,
                                          {UINT64_C(1) << 63, UINT64_MAX >> 1, UINT64_C(0x000fffffffffffff),
                                           UINT64_C(0xfff0000000000000) - UINT64_C(0x000fffffffffffff), 0}};
const struct crew__type crew__type_i32 = {false, {UINT32_C(1) << 31, 0, 0, UINT32_MAX, 0}};
const struct crew__type crew__type_i64 = {true, {UINT64_C(1) << 63, 0, 0, UINT64_MAX, 0}};
const struct crew__type crew__type_u32 = {false, {0, 0, 0, UINT32_MAX, 0}};
const struct crew__type crew__type_u64 = {true, {0, 0, 0, UINT64_MAX, 0}};

#define TYPE f32
#define ELEMENT float
#include "sort_typed_template.h"

#define TYPE f64
#define ELEMENT double
#include "sort_typed_template.h"

#define TYPE i32
#define ELEMENT int32_t
#include "sort_typed_template.h"

#define TYPE i64
#define ELEMENT int64_t
#include "sort_typed_template.h"

#define TYPE u32
#define ELEMENT uint32_t
#include "sort_typed_template.h"

#define TYPE u64
#define ELEMENT uint64_t
#include "sort_typed_template.h"
