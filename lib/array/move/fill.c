#include "../typed/exact_rounding.h"

#include "../../core/base/memory.h"
#include "move.h"
#include <crew/move.h>
#include <errno.h>
#include <string.h>

struct fill {
    char *out;
    size_t size;
    const void *value;
};

static int fill_block(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct fill *f = ctx;
    char *out = f->out + begin * f->size;
    size_t bytes = (end - begin) * f->size, done = f->size;
    (void)failed;
    if (f->size == 1) {
        memset(out, *(const unsigned char *)f->value, bytes);
        return 0;
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
    return 0;
}

#define CREW__CAT_(a, b) a##_##b
#define CREW__CAT(a, b) CREW__CAT_(a, b)

#define TYPE f32
#define ELEMENT float
#define TERM(i) ((float)((double)f->start + (double)(int64_t)(i) * (double)f->step))
#include "fill_template.h"

#define TYPE f64
#define ELEMENT double
#define TERM(i) (f->start + (double)(int64_t)(i)*f->step)
#include "fill_template.h"

#define TYPE i32
#define ELEMENT int32_t
#define TERM(i) ((int32_t)((uint32_t)f->start + (uint32_t)(i) * (uint32_t)f->step))
#include "fill_template.h"

#define TYPE i64
#define ELEMENT int64_t
#define TERM(i) ((int64_t)((uint64_t)f->start + (uint64_t)(i) * (uint64_t)f->step))
#include "fill_template.h"

#define TYPE u32
#define ELEMENT uint32_t
#define TERM(i) (f->start + (uint32_t)(i)*f->step)
#include "fill_template.h"

#define TYPE u64
#define ELEMENT uint64_t
#define TERM(i) (f->start + (uint64_t)(i)*f->step)
#include "fill_template.h"

int crew_fill(void *out, size_t n, size_t size, const void *value)
{
    size_t bytes;
    if (size == 0 || (n > 0 && (out == NULL || value == NULL)))
        return -EINVAL;
    if (!crew__mul(n, size, &bytes))
        return -EOVERFLOW;
    if (n > 0 && crew__overlap(out, bytes, value, size))
        return -EINVAL;
    struct fill f = {out, size, value};
    return crew__move(n, size, fill_block, &f);
}
