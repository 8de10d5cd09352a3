/* Segmented scans of one leaf: the kernels on each stretch between two flags, or a loop where segments are short. */
#include "scan_typed.h"
#include <string.h>

enum { WINDOW = 32, MANY = 2 }; /* segments that are short: as many start among so many elements */

/* Where the next segment starts, from `from` on; n where none does. As many flags at a time as are zero. */
static size_t next_flag(const unsigned char *flags, size_t from, size_t n)
{
    uint64_t a = 0, b, c, d;
    for (; n - from >= 4 * sizeof a; from += 4 * sizeof a) {
        memcpy(&a, flags + from, sizeof a);
        memcpy(&b, flags + from + sizeof a, sizeof b);
        memcpy(&c, flags + from + 2 * sizeof a, sizeof c);
        memcpy(&d, flags + from + 3 * sizeof a, sizeof d);
        if ((a | b | c | d) != 0)
            break;
    }
    for (; n - from >= sizeof a; from += sizeof a) {
        memcpy(&a, flags + from, sizeof a);
        if (a != 0)
            break;
    }
    while (from < n && !flags[from])
        from++;
    return from;
}

/* How many of WINDOW flags are not 0. */
static size_t count_flags(const unsigned char *flags)
{
    const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f), ones = UINT64_C(0x0101010101010101);
    uint64_t words[WINDOW / 8], counts = 0;
    memcpy(words, flags, sizeof words);
    for (size_t k = 0; k < WINDOW / 8; k++)
        counts += ((((words[k] & low) + low) | words[k]) & ~low) >> 7;
    return (size_t)(counts * ones >> 56);
}

/* Where segments end that are short, from the one on that starts at `begin`; begin: there are none. */
static size_t short_end(const unsigned char *flags, size_t begin, size_t n)
{
    size_t at = begin;
    while (n - at > WINDOW && count_flags(flags + at + 1) >= MANY)
        at += WINDOW;
    if (n - at <= WINDOW)
        return n;
    while (at > begin && !flags[at]) /* the last one is not over, and may be long */
        at--;
    return at;
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
    size_t in_a_row = 0; /* segments that were short */
    for (size_t begin = 0, end; begin < n; begin = end) {
        if (flags[begin])
            *prefix = s->start;
        if (in_a_row >= MANY) { /* to ask for each segment would be a jump that is not predicted */
            in_a_row = 0;
            end = short_end(flags, begin, n);
            if (end > begin) {
                s->plain->segments[s->exclusive](x + begin * s->size, flags + begin, out + begin * s->size, end - begin,
                                                 prefix);
                continue;
            }
        }
        end = next_flag(flags, begin + 1, n);
        in_a_row = end - begin < WINDOW / MANY ? in_a_row + 1 : 0;
        struct crew__scan_state at = {*prefix, s->start};
        s->kernel->scan[s->exclusive](x + begin * s->size, out + begin * s->size, end - begin, &at);
        s->kernel->join(&at.prefix, &at.rows);
        *prefix = at.prefix;
    }
}
