/* crew_rotate, crew_shift_left and crew_shift_right. */
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "../../core/loop/cut.h"
#include "move.h"
#include <crew/move.h>
#include <errno.h>
#include <string.h>

/* Fewer bytes are moved by one thread; shorter ways are moved by block, longer ones by the length of the way. */
static const size_t ALONE = (size_t)1 << 18, SHORT = (size_t)1 << 20;

enum { BLOCKS = 64, BLOCK_WAYS = 4 };

/* Bytes of x move `way` down, from x + way to x, or up. */
struct shift {
    char *x;
    size_t way;
    int up;
    struct crew__cut blocks;
    char *saved; /* what another block's elements overwrite: `way` bytes a block */
};

/* Block b's elements go from source to target. */
static char *source(const struct shift *s, size_t b)
{
    return s->x + crew__cut_begin(&s->blocks, b) + (s->up ? 0 : s->way);
}

static char *target(const struct shift *s, size_t b)
{
    return s->x + crew__cut_begin(&s->blocks, b) + (s->up ? s->way : 0);
}

static size_t length(const struct shift *s, size_t b)
{
    return crew__cut_end(&s->blocks, b) - crew__cut_begin(&s->blocks, b);
}

/* Of a block that moves down the last elements, of one that moves up the first ones. */
static size_t saved_length(const struct shift *s, size_t b)
{
    return length(s, b) < s->way ? length(s, b) : s->way;
}

static void save_blocks(size_t begin, size_t end, void *ctx)
{
    const struct shift *s = ctx;
    for (size_t b = begin; b < end; b++) {
        size_t n = saved_length(s, b);
        memcpy(s->saved + b * s->way, source(s, b) + (s->up ? 0 : length(s, b) - n), n);
    }
}

static void move_blocks(size_t begin, size_t end, void *ctx)
{
    const struct shift *s = ctx;
    for (size_t b = begin; b < end; b++) {
        size_t n = saved_length(s, b), rest = length(s, b) - n;
        if (s->up)
            memmove(target(s, b) + n, source(s, b) + n, rest);
        else
            memmove(target(s, b), source(s, b), rest);
        memcpy(target(s, b) + (s->up ? 0 : rest), s->saved + b * s->way, n);
    }
}

/* size bytes move way bytes down or up in x. */
static void shift(char *x, size_t size, size_t way, int up)
{
    struct shift s = {.x = x, .way = way, .up = up};
    if (way == 0 || size == 0)
        return;
    if (size > ALONE && way >= SHORT) { /* as many bytes as are read behind those that are written */
        for (size_t done = 0, part; done < size; done += part) {
            part = size - done < way ? size - done : way;
            char *low = x + (up ? size - done - part : done);
            crew__copy(up ? low : low + way, up ? low + way : low, part);
        }
        return;
    }
    s.blocks = crew__cut_into(size, BLOCKS);
    if (s.blocks.size < BLOCK_WAYS * way || s.blocks.size < ALONE / BLOCK_WAYS)
        s.blocks = crew__cut_by(size, BLOCK_WAYS * way < ALONE / BLOCK_WAYS ? ALONE / BLOCK_WAYS : BLOCK_WAYS * way);
    s.saved = size > ALONE ? crew__scratch_take(s.blocks.count * way) : NULL;
    if (s.saved == NULL) {
        memmove(x + (up ? way : 0), x + (up ? 0 : way), size);
        return;
    }
    crew__move_each(s.blocks.count, way, save_blocks, &s);
    crew__move_each(s.blocks.count, s.blocks.size, move_blocks, &s);
    crew__scratch_give(s.saved);
}

static int check(const void *x, size_t n, size_t size, size_t *bytes)
{
    if (size == 0 || (n > 0 && x == NULL))
        return -EINVAL;
    return crew__mul(n, size, bytes) ? 0 : -EOVERFLOW;
}

static int shift_array(void *x, size_t n, size_t size, size_t k, int up)
{
    size_t bytes;
    int error = check(x, n, size, &bytes);
    if (error == 0 && k < n)
        shift(x, (n - k) * size, k * size, up);
    return error;
}

int crew_shift_left(void *x, size_t n, size_t size, size_t k)
{
    return shift_array(x, n, size, k, 0);
}

int crew_shift_right(void *x, size_t n, size_t size, size_t k)
{
    return shift_array(x, n, size, k, 1);
}

/* In place: the shorter part waits in scratch while the longer one is shifted; where it is long three reversals do. */
static void rotate(char *x, size_t n, size_t size, size_t first)
{
    const size_t front = first * size, back = (n - first) * size;
    const int up = front > back;
    const size_t part = up ? back : front;
    char *kept = part <= SHORT ? crew__scratch_take(part) : NULL;
    if (kept == NULL) {
        crew__reverse(x, first, size);
        crew__reverse(x + front, n - first, size);
        crew__reverse(x, n, size);
        return;
    }
    crew__copy(up ? x + front : x, kept, part);
    shift(x, up ? front : back, part, up);
    crew__copy(kept, up ? x : x + back, part);
    crew__scratch_give(kept);
}

int crew_rotate(const void *in, void *out, size_t n, size_t size, size_t first)
{
    size_t bytes;
    int error = check(in, n, size, &bytes);
    error = error ? error : check(out, n, size, &bytes);
    if (error)
        return error;
    if (first > n || (in != out && n > 0 && crew__overlap(in, bytes, out, bytes)))
        return -EINVAL;
    if (n == 0)
        return 0;
    if (in != out) {
        crew__copy((const char *)in + first * size, out, (n - first) * size);
        crew__copy(in, (char *)out + (n - first) * size, first * size);
    } else if (first > 0 && first < n) {
        rotate(out, n, size, first);
    }
    return 0;
}
