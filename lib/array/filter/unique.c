/* crew_unique and crew_unique_{f32..u64}. */
#include "../../core/base/fp_environment.h"
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "../../core/loop/cut.h"
#include "../typed/isa.h"
#include "../typed/types.h"
#include "filter_engine.h"
#include <errno.h>
#include <string.h>

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

#define NAME(type) CREW__CAT(differ, type)
#define TARGET
#define TEMPLATE "../filter/unique_differ_template.h"
#include "../typed/each_type_template.h"
#undef NAME
#undef TARGET

#ifdef CREW__ISA_X86
/* gcc makes bytes of the comparisons of eight-byte elements only from AVX2 on. */
#define NAME(type) CREW__CAT(differ_avx2, type)
#define TARGET __attribute__((target("avx2")))
#define TEMPLATE "../filter/unique_differ_template.h"
#include "../typed/each_type_template.h"
#undef NAME
#undef TARGET
#endif

static differ_fn *differ_typed(enum crew__type type)
{
    static differ_fn *const plain[CREW__TYPES] = {differ_f32, differ_f64, differ_i32,
                                                  differ_i64, differ_u32, differ_u64};
#ifdef CREW__ISA_X86
    static differ_fn *const avx2[CREW__TYPES] = {differ_avx2_f32, differ_avx2_f64, differ_avx2_i32,
                                                 differ_avx2_i64, differ_avx2_u32, differ_avx2_u64};
    if (crew__isa() >= CREW__ISA_AVX2)
        return avx2[type];
#endif
    return plain[type];
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
static int unique(struct unique *u, struct crew__filter *f, bool overlaps, size_t *count)
{
    struct crew__cut blocks = crew__cut_by(f->n, f->block);
    char *saved = NULL;
    if (overlaps && blocks.count > 1) {
        saved = crew__scratch_take(blocks.count * f->size);
        if (!saved)
            return -ENOMEM;
        for (size_t b = 1; b < blocks.count; b++)
            memcpy(saved + b * f->size, u->in + (crew__cut_begin(&blocks, b) - 1) * f->size, f->size);
    }
    u->saved = saved;
    u->size = f->size;
    u->block = f->block;
    f->pred = is_first;
    f->ctx = u;
    int code = crew__filter_run(f, count);
    crew__scratch_give(saved);
    return code;
}

int crew_unique(const void *in, void *out, size_t size, size_t n, equal_fn *equal, void *ctx, size_t *count,
                const crew_options *opt)
{
    int error = crew__filter_check(in, out, size, n, count);
    if (error)
        return error;
    struct crew__filter f = {.in = in,
                             .out = out,
                             .size = size,
                             .n = n,
                             .block = crew__filter_block(n, size),
                             .callback = (uintptr_t)equal,
                             .opt = opt,
                             .item_ns = equal ? 0 : crew__filter_pack_ns(size)};
    if (n == 0)
        return crew__filter_run(&f, count);
    differ_fn *differ = equal       ? differ_equal
                        : size == 4 ? differ_typed(CREW__U32)
                        : size == 8 ? differ_typed(CREW__U64)
                                    : differ_bytes;
    struct unique u = {.in = in, .differ = differ, .equal = equal, .ctx = ctx};
    return unique(&u, &f, crew__overlap(in, n * size, out, n * size), count);
}

static size_t unique_typed(const void *in, void *out, size_t size, size_t n, enum crew__type type)
{
    if (n == 0)
        return 0;
    struct crew__filter f = {.in = in,
                             .out = out,
                             .size = size,
                             .n = n,
                             .block = crew__filter_block(n, size),
                             .item_ns = crew__filter_pack_ns(size),
                             .cannot_fail = true};
    struct unique u = {.in = in, .differ = differ_typed(type)};
    size_t count = 0;
    struct crew__fp_saved fp = crew__fp_begin();
    if (unique(&u, &f, crew__overlap(in, n * size, out, n * size), &count) != 0) {
        f.block = n; /* one block needs no scratch */
        (void)unique(&u, &f, false, &count);
    }
    crew__fp_end(&fp);
    return count;
}

#define TEMPLATE "../filter/unique_typed_template.h"
#include "../typed/each_type_template.h"
