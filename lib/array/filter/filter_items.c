/* Flags a stretch of items and packs it, on the thread that calls. */
#include "../../core/base/threads.h"
#include "../../core/loop/runner.h"
#include "filter_engine.h"
#include "pack_kernel.h"

enum {
    STEP_BYTES = 1 << 14, /* of elements: still in the first cache when they are packed */
    LEAST_STEP = 64
};

bool crew__unwatched(const crew_options *opt)
{
    return (!opt || (opt->timeout == 0 && !opt->cancel && !opt->progress && !opt->failed)) && !crew__env_progress() &&
           !crew__tuning.always_open;
}

struct crew__packer crew__packer(const struct crew__select *s, bool single)
{
    /* A division less: one takes as long as ten elements. */
    size_t step = s->size == 8 ? STEP_BYTES / 8 : s->size <= 4 ? CREW__FLAGS : STEP_BYTES / s->size;
    step = step > CREW__FLAGS ? CREW__FLAGS : step < LEAST_STEP ? LEAST_STEP : step;
    return (struct crew__packer){s, crew__pack_kernels(), step, single};
}

/* Flags of items begin .. end-1, which are at most CREW__FLAGS; they may be written to `room`. */
static int ask(const struct crew__packer *p, size_t begin, size_t end, unsigned char *room, size_t *failed)
{
    const struct crew__select *s = p->s;
    size_t step = p->single ? 1 : end - begin;
    for (size_t i = begin; i < end; i += step) {
        int code = s->pred(i, i + step, room + (i - begin), s->ctx);
        if (code) {
            *failed = i;
            return code;
        }
    }
    return 0;
}

void crew__pack_flagged(const struct crew__packer *p, size_t begin, size_t n, const unsigned char *flags, char *out,
                        size_t count, int invert)
{
    const struct crew__select *s = p->s;
    if (s->in)
        crew__pack(p->kernels, s->size, (const char *)s->in + begin * s->size, flags, n, out, count, invert);
    else
        p->kernels->pack_index(begin, flags, n, out, count);
}

int crew__pack_items(const struct crew__packer *p, size_t begin, size_t end, char *out, char *rest, size_t *count)
{
    unsigned char room[CREW__FLAGS];
    const struct crew__select *s = p->s;
    size_t sum = 0;
    for (size_t next; begin < end; begin = next) {
        next = end - begin < p->step ? end : begin + p->step;
        size_t failed, n = next - begin;
        int code = s->flags ? 0 : ask(p, begin, next, room, &failed);
        if (code) {
            *count = failed;
            return code;
        }
        const unsigned char *flags = s->flags ? s->flags + begin : room;
        size_t kept = p->kernels->count(flags, n);
        /* The others first: in may be overwritten by those kept. */
        if (rest) {
            crew__pack_flagged(p, begin, n, flags, rest, n - kept, 1);
            rest += (n - kept) * s->size;
        }
        crew__pack_flagged(p, begin, n, flags, out + sum * s->size, kept, 0);
        sum += kept;
    }
    *count = sum;
    return 0;
}
