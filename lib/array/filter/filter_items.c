/* Flags a stretch of items and packs it, on the thread that calls. */
#include "filter_items.h"
#include "pack_kernels.h"

enum {
    STEP_BYTES = 1 << 14, /* of elements: still in the first cache when they are packed */
    LEAST_STEP = 64
};

struct crew__packer crew__packer(const struct crew__filter *f, bool single)
{
    /* A division less: one takes as long as ten elements. */
    size_t step = f->size == 8 ? STEP_BYTES / 8 : f->size <= 4 ? CREW__FLAGS : STEP_BYTES / f->size;
    step = step > CREW__FLAGS ? CREW__FLAGS : step < LEAST_STEP ? LEAST_STEP : step;
    return (struct crew__packer){f, crew__pack_kernels(), step, single};
}

/* Flags of items begin .. end-1, which are at most CREW__FLAGS; they may be written to `room`. */
static int ask(const struct crew__packer *p, size_t begin, size_t end, unsigned char *room, size_t *failed)
{
    const struct crew__filter *f = p->f;
    size_t step = p->single ? 1 : end - begin;
    for (size_t i = begin; i < end; i += step) {
        int code = f->pred(i, i + step, room + (i - begin), f->ctx);
        if (code) {
            *failed = i;
            return code;
        }
    }
    return 0;
}

static void pack(const struct crew__packer *p, size_t begin, size_t n, const unsigned char *flags, char *out,
                 size_t count, int invert)
{
    const struct crew__filter *f = p->f;
    if (f->in)
        crew__pack(p->kernels, f->size, (const char *)f->in + begin * f->size, flags, n, out, count, invert);
    else
        p->kernels->pack_index(begin, flags, n, out, count);
}

void crew__pack_flagged(const struct crew__packer *p, size_t begin, size_t n, const unsigned char *flags, size_t count,
                        char *out, char *rest)
{
    /* The others first: in may be overwritten by those kept. */
    if (rest)
        pack(p, begin, n, flags, rest, n - count, 1);
    pack(p, begin, n, flags, out, count, 0);
}

int crew__pack_items(const struct crew__packer *p, size_t begin, size_t end, char *out, char *rest, size_t *count)
{
    unsigned char room[CREW__FLAGS];
    const struct crew__filter *f = p->f;
    size_t sum = 0;
    if (f->produce) {
        *count = f->produce(begin, end, out, f->ctx);
        return 0;
    }
    for (size_t next; begin < end; begin = next) {
        next = end - begin < p->step ? end : begin + p->step;
        size_t failed, n = next - begin;
        int code = f->flags ? 0 : ask(p, begin, next, room, &failed);
        if (code) {
            *count = failed;
            return code;
        }
        const unsigned char *flags = f->flags ? f->flags + begin : room;
        size_t kept = p->kernels->count(flags, n);
        crew__pack_flagged(p, begin, n, flags, kept, out + sum * f->size, rest);
        sum += kept;
        if (rest)
            rest += (n - kept) * f->size;
    }
    *count = sum;
    return 0;
}
