/* pack by type, pack_index, and unique by bytes, by a function and by type. */
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "filter_engine.h"
#include "pack_kernel.h"
#include <errno.h>
#include <string.h>

/* A call of a tenth of a microsecond has no time for the runner. */
enum { INLINE_ITEMS = 2048 };

/* Only decides how much is worth a thread: flags, elements read and written. */
static double pack_ns(size_t size)
{
    return (double)size / 12 + 0.05;
}

/* in NULL: the indices. */
static size_t pack_typed(const void *in, void *out, size_t size, size_t n, const unsigned char *flags)
{
    if (n <= INLINE_ITEMS) {
        const struct crew__pack_kernels *kernels = crew__pack_kernels();
        size_t count = kernels->count(flags, n);
        if (in)
            crew__pack(kernels, size, in, flags, n, out, count, 0);
        else
            kernels->pack_index(0, flags, n, out, count);
        return count;
    }
    struct crew__select s = {.in = in,
                             .out = out,
                             .size = size,
                             .n = n,
                             .block = crew__select_block(n, size),
                             .flags = flags,
                             .item_ns = pack_ns(size),
                             .cannot_fail = true};
    size_t count = 0;
    if (n > 0 && crew__select(&s, &count) != 0) {
        s.block = n; /* one block needs no scratch */
        (void)crew__select(&s, &count);
    }
    return count;
}

size_t crew_pack_f32(const float *in, float *out, size_t n, const unsigned char *flags)
{
    return pack_typed(in, out, sizeof *in, n, flags);
}

size_t crew_pack_f64(const double *in, double *out, size_t n, const unsigned char *flags)
{
    return pack_typed(in, out, sizeof *in, n, flags);
}

size_t crew_pack_i32(const int32_t *in, int32_t *out, size_t n, const unsigned char *flags)
{
    return pack_typed(in, out, sizeof *in, n, flags);
}

size_t crew_pack_i64(const int64_t *in, int64_t *out, size_t n, const unsigned char *flags)
{
    return pack_typed(in, out, sizeof *in, n, flags);
}

size_t crew_pack_u32(const uint32_t *in, uint32_t *out, size_t n, const unsigned char *flags)
{
    return pack_typed(in, out, sizeof *in, n, flags);
}

size_t crew_pack_u64(const uint64_t *in, uint64_t *out, size_t n, const unsigned char *flags)
{
    return pack_typed(in, out, sizeof *in, n, flags);
}

size_t crew_pack_index(size_t *out, size_t n, const unsigned char *flags)
{
    return pack_typed(NULL, out, sizeof *out, n, flags);
}

typedef int equal_fn(const void *a, const void *b, void *ctx);

struct unique;

/* flags[i] = elements i of a and b differ, for n elements. */
typedef void differ_fn(const void *a, const void *b, size_t n, unsigned char *flags, const struct unique *u);

struct unique {
    const char *in;
    size_t size, block;
    const char *saved; /* the element before each block, where in is overwritten; else NULL */
    differ_fn *differ;
    equal_fn *equal;
    void *ctx;
};

/* Without branches, so that the loop vectorises. */
#define SAME_NUMBER(a, b) (((a) == (b)) | (((a) != (a)) & ((b) != (b))))
#define SAME_BITS(a, b) ((a) == (b))

#define DIFFER differ_f32
#define TARGET
#define ELEMENT float
#define SAME SAME_NUMBER
#include "unique_template.h"
#define DIFFER differ_f64
#define TARGET
#define ELEMENT double
#define SAME SAME_NUMBER
#include "unique_template.h"
#define DIFFER differ_32
#define TARGET
#define ELEMENT uint32_t
#define SAME SAME_BITS
#include "unique_template.h"
#define DIFFER differ_64
#define TARGET
#define ELEMENT uint64_t
#define SAME SAME_BITS
#include "unique_template.h"

#ifdef CREW__ISA_X86
/* gcc makes bytes of the comparisons of eight-byte elements only from AVX2 on. */
#define AVX2 __attribute__((target("avx2")))
#define DIFFER differ_f32_avx2
#define TARGET AVX2
#define ELEMENT float
#define SAME SAME_NUMBER
#include "unique_template.h"
#define DIFFER differ_f64_avx2
#define TARGET AVX2
#define ELEMENT double
#define SAME SAME_NUMBER
#include "unique_template.h"
#define DIFFER differ_32_avx2
#define TARGET AVX2
#define ELEMENT uint32_t
#define SAME SAME_BITS
#include "unique_template.h"
#define DIFFER differ_64_avx2
#define TARGET AVX2
#define ELEMENT uint64_t
#define SAME SAME_BITS
#include "unique_template.h"
#endif

enum element { F32, F64, BITS_32, BITS_64 };

static differ_fn *differ_typed(enum element element)
{
    static differ_fn *const plain[] = {differ_f32, differ_f64, differ_32, differ_64};
#ifdef CREW__ISA_X86
    static differ_fn *const avx2[] = {differ_f32_avx2, differ_f64_avx2, differ_32_avx2, differ_64_avx2};
    if (crew__isa() >= CREW__ISA_AVX2)
        return avx2[element];
#endif
    return plain[element];
}

static void differ_bytes(const void *a, const void *b, size_t n, unsigned char *flags, const struct unique *u)
{
    for (size_t i = 0; i < n; i++)
        flags[i] = memcmp((const char *)a + i * u->size, (const char *)b + i * u->size, u->size) != 0;
}

static void differ_equal(const void *a, const void *b, size_t n, unsigned char *flags, const struct unique *u)
{
    for (size_t i = 0; i < n; i++)
        flags[i] = !u->equal((const char *)a + i * u->size, (const char *)b + i * u->size, u->ctx);
}

static int is_first(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    const struct unique *u = ctx;
    const char *x = u->in + begin * u->size;
    if (begin == 0)
        flags[0] = 1;
    else if (u->saved && begin % u->block == 0)
        u->differ(u->saved + begin / u->block * u->size, x, 1, flags, u);
    else
        u->differ(x - u->size, x, 1, flags, u);
    u->differ(x, x + u->size, end - begin - 1, flags + 1, u);
    return 0;
}

/* n > 0 elements that cannot be kept apart from their neighbours once they are written over. */
static int unique(struct unique *u, struct crew__select *s, bool overlaps, size_t *count)
{
    size_t blocks = (s->n - 1) / s->block + 1;
    char *saved = NULL;
    if (overlaps && blocks > 1) {
        saved = crew__scratch_take(blocks * s->size);
        if (!saved)
            return -ENOMEM;
        for (size_t b = 1; b < blocks; b++)
            memcpy(saved + b * s->size, u->in + (b * s->block - 1) * s->size, s->size);
    }
    u->saved = saved;
    u->size = s->size;
    u->block = s->block;
    s->pred = is_first;
    s->ctx = u;
    int code = crew__select(s, count);
    crew__scratch_give(saved);
    return code;
}

int crew_unique(const void *in, void *out, size_t size, size_t n, equal_fn *equal, void *ctx, size_t *count,
                const crew_options *opt)
{
    int error = crew__select_check(in, out, size, n, count);
    if (error)
        return error;
    struct crew__select s = {.in = in,
                             .out = out,
                             .size = size,
                             .n = n,
                             .block = crew__select_block(n, size),
                             .opt = opt,
                             .item_ns = equal ? 0 : pack_ns(size)};
    if (n == 0)
        return crew__select(&s, count);
    differ_fn *differ = equal       ? differ_equal
                        : size == 4 ? differ_typed(BITS_32)
                        : size == 8 ? differ_typed(BITS_64)
                                    : differ_bytes;
    struct unique u = {.in = in, .differ = differ, .equal = equal, .ctx = ctx};
    return unique(&u, &s, crew__overlap(in, n * size, out, n * size), count);
}

static size_t unique_typed(const void *in, void *out, size_t size, size_t n, enum element element)
{
    if (n == 0)
        return 0;
    struct crew__select s = {.in = in,
                             .out = out,
                             .size = size,
                             .n = n,
                             .block = crew__select_block(n, size),
                             .item_ns = pack_ns(size),
                             .cannot_fail = true};
    struct unique u = {.in = in, .differ = differ_typed(element)};
    size_t count = 0;
    if (unique(&u, &s, crew__overlap(in, n * size, out, n * size), &count) != 0) {
        s.block = n; /* one block needs no scratch */
        (void)unique(&u, &s, false, &count);
    }
    return count;
}

size_t crew_unique_f32(const float *in, float *out, size_t n)
{
    return unique_typed(in, out, sizeof *in, n, F32);
}

size_t crew_unique_f64(const double *in, double *out, size_t n)
{
    return unique_typed(in, out, sizeof *in, n, F64);
}

size_t crew_unique_i32(const int32_t *in, int32_t *out, size_t n)
{
    return unique_typed(in, out, sizeof *in, n, BITS_32);
}

size_t crew_unique_i64(const int64_t *in, int64_t *out, size_t n)
{
    return unique_typed(in, out, sizeof *in, n, BITS_64);
}

size_t crew_unique_u32(const uint32_t *in, uint32_t *out, size_t n)
{
    return unique_typed(in, out, sizeof *in, n, BITS_32);
}

size_t crew_unique_u64(const uint64_t *in, uint64_t *out, size_t n)
{
    return unique_typed(in, out, sizeof *in, n, BITS_64);
}
