/* The list of the key types of crew/histogram.h, of the form of typed/each_type_template.h: includes TEMPLATE, a path
   from this folder, once for each, unsigned types before the signed ones of their size. Everything is undefined at the
   end, TEMPLATE too. A template sees

   TYPE       u8 .. i64, the suffix of names
   KEY        the C type
   SIGNED     1: the keys may be negative
   UNSIGNED   the suffix of the unsigned type of the same size, whose code does for both: a negative key is a large one
   BINS       how many bins a key can reach at the most: keys of it and above are none */

#define TYPE u8
#define KEY uint8_t
#define SIGNED 0
#define UNSIGNED u8
#define BINS (UINT8_MAX + 1)
#include TEMPLATE
#include "no_bin_key_template.h"

#define TYPE u16
#define KEY uint16_t
#define SIGNED 0
#define UNSIGNED u16
#define BINS (UINT16_MAX + 1)
#include TEMPLATE
#include "no_bin_key_template.h"

#define TYPE u32
#define KEY uint32_t
#define SIGNED 0
#define UNSIGNED u32
#define BINS SIZE_MAX
#include TEMPLATE
#include "no_bin_key_template.h"

#define TYPE i32
#define KEY int32_t
#define SIGNED 1
#define UNSIGNED u32
#define BINS (INT32_MAX + 1U)
#include TEMPLATE
#include "no_bin_key_template.h"

#define TYPE u64
#define KEY uint64_t
#define SIGNED 0
#define UNSIGNED u64
#define BINS SIZE_MAX
#include TEMPLATE
#include "no_bin_key_template.h"

#define TYPE i64
#define KEY int64_t
#define SIGNED 1
#define UNSIGNED u64
#define BINS INT64_MAX
#include TEMPLATE
#include "no_bin_key_template.h"

#undef TEMPLATE
