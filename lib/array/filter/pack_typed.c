/* crew_pack_{f32..u64} and crew_pack_index. */
#include "../typed/types.h"
#include "filter_engine.h"
#include "pack_kernels.h"

/* A call of a tenth of a microsecond has no time for the engine. */
enum { INLINE_ITEMS = 2048 };

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
    struct crew__filter f = {.in = in,
                             .out = out,
                             .size = size,
                             .n = n,
                             .block = crew__filter_block(n, size),
                             .flags = flags,
                             .item_ns = crew__filter_pack_ns(size),
                             .cannot_fail = true};
    size_t count = 0;
    if (n > 0 && crew__filter_run(&f, &count) != 0) {
        f.block = n; /* one block needs no scratch */
        (void)crew__filter_run(&f, &count);
    }
    return count;
}

#define TEMPLATE "../filter/pack_typed_template.h"
#include "../typed/each_type_template.h"

size_t crew_pack_index(size_t *out, size_t n, const unsigned char *flags)
{
    return pack_typed(NULL, out, sizeof *out, n, flags);
}
