/* crew_map. */
#include "../base/compiler.h"
#include "../base/memory.h"
#include "runner.h"
#include <crew/map.h>
#include <errno.h>

struct map {
    crew_map_fn *fn; /* first: by_site */
    void *ctx;
    const char *in;
    char *out;
    size_t in_size, out_size;
};

CREW__HOT static int map_items(size_t begin, size_t end, void *ctx, size_t *failed)
{
    /* A copy whose address nobody has stays in registers, though the call might write anywhere. */
    const struct map m = *(const struct map *)ctx;
    const char *in = m.in + begin * m.in_size;
    char *out = m.out + begin * m.out_size;
    for (size_t left = end - begin; left > 0; left--, in += m.in_size, out += m.out_size) {
        int code = m.fn(in, out, m.ctx);
        if (code) {
            *failed = end - left;
            return code;
        }
    }
    return 0;
}

CREW__HOT int crew_map(const void *in, size_t in_size, void *out, size_t out_size, size_t n, crew_map_fn *fn, void *ctx,
                       const crew_options *opt)
{
    int error = fn ? crew__map_arrays(in, in_size, out, out_size, n) : -EINVAL;
    if (error)
        return error;
    struct map m = {fn, ctx, in, out, in_size, out_size};
    struct crew__loop loop = {.n = n, .fn = map_items, .ctx = &m, .opt = opt, .by_site = CREW__BY_ITEM};
    return crew__run(&loop);
}
