/* crew_fill, and crew_{fill,iota}_{f32..u64}. */
#include "../typed/exact_rounding.h"

#include "../../core/base/fp_environment.h"
#include "../../core/base/memory.h"
#include "../typed/types.h"
#include "move.h"
#include <crew/move.h>
#include <errno.h>
#include <string.h>

enum { IOTA_PART = 4096 }; /* elements whose indices differ by an int */

struct fill {
    char *out;
    size_t size;
    const void *value;
};

static void fill_block(size_t begin, size_t end, void *ctx)
{
    const struct fill *f = ctx;
    char *out = f->out + begin * f->size;
    size_t bytes = (end - begin) * f->size, done = f->size;
    if (f->size == 1) {
        memset(out, *(const unsigned char *)f->value, bytes);
        return;
    }
    /* What is filled is copied behind itself, up to a piece that stays in the cache. */
    memcpy(out, f->value, done);
    size_t most = f->size < 4096 ? 4096 / f->size * f->size : f->size;
    while (done < bytes) {
        size_t part = done < most ? done : most;
        part = bytes - done < part ? bytes - done : part;
        memcpy(out + done, out, part);
        done += part;
    }
}

#define TEMPLATE "../move/fill_template.h"
#include "../typed/each_type_template.h"

int crew_fill(void *out, size_t n, size_t size, const void *value)
{
    size_t bytes;
    if (size == 0 || (n > 0 && (out == NULL || value == NULL)))
        return -EINVAL;
    if (!crew__array_bytes(n, size, &bytes))
        return -EOVERFLOW;
    if (n > 0 && crew__overlap(out, bytes, value, size))
        return -EINVAL;
    struct fill f = {out, size, value};
    crew__move_each(n, size, fill_block, &f);
    return 0;
}
