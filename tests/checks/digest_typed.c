/* Everything that exists for the six number types. */
#include "digest.h"
#include <crew/crew.h>

/* Bit patterns: NaNs that are quiet, negative, with something in them and signaling; infinities, zeros, subnormals, the
   largest and the smallest normal numbers, ones. */
static const uint32_t special_f32[] = {0x7fc00000, 0xffc00000, 0x7fc01234, 0x7f800001, 0x7f800000,
                                       0xff800000, 0,          0x80000000, 1,          0x807fffff,
                                       0x7f7fffff, 0x00800000, 0x3f800000, 0xbf800000};
static const uint64_t special_f64[] = {0x7ff8000000000000,
                                       0xfff8000000000000,
                                       0x7ff8000000001234,
                                       0x7ff0000000000001,
                                       0x7ff0000000000000,
                                       0xfff0000000000000,
                                       0,
                                       0x8000000000000000,
                                       1,
                                       0x800fffffffffffff,
                                       0x7fefffffffffffff,
                                       0x0010000000000000,
                                       0x3ff0000000000000,
                                       0xbff0000000000000};
/* The ends of the signed and of the unsigned range, and what is next to a byte's and a half's. */
static const uint32_t special_32[] = {0,    1,   UINT32_MAX, 0x80000000, 0x7fffffff, 0x80000001, UINT32_MAX - 1,
                                      0xff, 256, 0xffff,     0x10000,    0x1000000,  0xff000000, 2};
static const uint64_t special_64[] = {0,    1,   UINT64_MAX, 1ull << 63, INT64_MAX,   UINT32_MAX, 1ull << 32,
                                      0xff, 256, 0xffff,     1ull << 48, ~0ull << 32, 1ull << 31, ~0ull << 31};

#define T float
#define NAME f32
#define SUM float
#define SIGNED 1
#define FLOAT 1
#define SPECIALS special_f32
#include "digest_typed_template.h"

#define T double
#define NAME f64
#define SUM double
#define SIGNED 1
#define FLOAT 1
#define SPECIALS special_f64
#include "digest_typed_template.h"

#define T int32_t
#define NAME i32
#define SUM int64_t
#define SIGNED 1
#define FLOAT 0
#define SPECIALS special_32
#include "digest_typed_template.h"

#define T int64_t
#define NAME i64
#define SUM int64_t
#define SIGNED 1
#define FLOAT 0
#define SPECIALS special_64
#include "digest_typed_template.h"

#define T uint32_t
#define NAME u32
#define SUM uint64_t
#define SIGNED 0
#define FLOAT 0
#define SPECIALS special_32
#include "digest_typed_template.h"

#define T uint64_t
#define NAME u64
#define SUM uint64_t
#define SIGNED 0
#define FLOAT 0
#define SPECIALS special_64
#include "digest_typed_template.h"

void digest_typed(void)
{
    digest_f32();
    digest_f64();
    digest_i32();
    digest_i64();
    digest_u32();
    digest_u64();
}
