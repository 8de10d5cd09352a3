/* Segmented scans of one leaf: the kernels on each stretch between two flags. */
#include "scan_typed.h"
#include <string.h>

/* Where the next segment starts, from `from` on; n where none does. Eight flags at a time while they are zero. */
static size_t next_flag(const unsigned char *flags, size_t from, size_t n)
{
    uint64_t eight = 0;
    for (; n - from >= sizeof eight; from += sizeof eight) {
        memcpy(&eight, flags + from, sizeof eight);
        if (eight != 0)
            break;
    }
    while (from < n && !flags[from])
        from++;
    return from;
}

void crew__scan_segments_total(const struct crew__scan *s, size_t first, size_t n, union crew__scalar *total,
                               int *reset)
{
    const unsigned char *flags = s->flags + first;
    size_t last = n; /* the last segment's start decides all */
    while (last > 0 && !flags[last - 1])
        last--;
    *reset = last > 0;
    last -= last > 0;
    *total = s->start;
    /* From the neutral element on, as crew__scan_segments computes it, so that the bits are the same. */
    union crew__scalar own;
    s->kernel->total((const char *)s->x + (first + last) * s->size, n - last, &own);
    s->kernel->join(total, &own);
}

void crew__scan_segments(const struct crew__scan *s, size_t first, size_t n, union crew__scalar *prefix)
{
    const unsigned char *flags = s->flags + first;
    const char *x = (const char *)s->x + first * s->size;
    char *out = (char *)s->out + first * s->size;
    for (size_t begin = 0, end; begin < n; begin = end) {
        if (flags[begin])
            *prefix = s->start;
        end = next_flag(flags, begin + 1, n);
        struct crew__scan_state at = {*prefix, s->start};
        s->kernel->scan[s->exclusive](x + begin * s->size, out + begin * s->size, end - begin, &at);
        s->kernel->join(&at.prefix, &at.rows);
        *prefix = at.prefix;
    }
}
