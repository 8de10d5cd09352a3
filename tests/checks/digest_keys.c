/* Counting and grouping: everything that exists for integer keys. */
#include "digest.h"
#include <crew/crew.h>

/* Values of a key: sums of floats in the order of the items, which merging brackets. */
static int add_items(size_t begin, size_t end, void *acc, void *ctx)
{
    const double *values = ctx;
    double *sum = acc;
    for (size_t i = begin; i < end; i++)
        *sum += values[i];
    return 0;
}

static void add_sums(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    *(double *)acc += *(const double *)right;
}

static int add_up_to_zero(size_t begin, size_t end, void *acc, void *ctx)
{
    const double *values = ctx;
    for (size_t i = begin; i < end; i++)
        if (values[i] > 1.99)
            return 1 + (int)i;
    return add_items(begin, end, acc, ctx);
}

enum spread { SEVEN, CLOSE, HALF, FAR, ASCENDING, SPREADS };

/* Keys from `range` values, all of them for FAR; some are just out of the range. */
static uint64_t make_key(enum spread spread, size_t i, size_t n)
{
    uint64_t r = random64();
    switch (spread) {
    case SEVEN:
        return r % 7;
    case CLOSE:
        return 1000 + r % (n / 8 + 1);
    case HALF:
        return r % (n / 2 + 1);
    case ASCENDING:
        return i / 3;
    default:
        return r % (n + 1) * 0x10001u;
    }
}

static double make_weight(size_t i)
{
    static const uint64_t specials[] = {0x7ff8000000000000, 0x7ff8000000001234, 0xfff0000000000000, 0x8000000000000000};
    double weight = random_double();
    if (i % 1009 == 1000)
        memcpy(&weight, &specials[i / 1009 % 4], sizeof weight);
    return weight;
}

#define K uint8_t
#define NAME u8
#define GROUPS 0
#include "digest_keys_template.h"

#define K uint16_t
#define NAME u16
#define GROUPS 0
#include "digest_keys_template.h"

#define K int32_t
#define NAME i32
#define GROUPS 1
#include "digest_keys_template.h"

#define K int64_t
#define NAME i64
#define GROUPS 1
#include "digest_keys_template.h"

#define K uint32_t
#define NAME u32
#define GROUPS 1
#define INDICES
#include "digest_keys_template.h"

#define K uint64_t
#define NAME u64
#define GROUPS 1
#define INDICES
#include "digest_keys_template.h"

void digest_keys(void)
{
    digest_u8();
    digest_u16();
    digest_i32();
    digest_i64();
    digest_u32();
    digest_u64();
}
