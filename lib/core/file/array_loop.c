/* crew_array_for and crew_array_reduce: loops whose bodies get rows that are read in windows. */
#define _POSIX_C_SOURCE 200809L
#include "../base/atomics.h"
#include "../base/compiler.h"
#include "../base/memory.h"
#include "array_file.h"
#include <crew/for.h>
#include <crew/reduce.h>
#include <errno.h>

/* A second-level cache of today holds it, so the copy is still there when body comes to it. With a quarter of it a file
   that the system has in memory took half as long again on one thread. */
static const size_t WINDOW = (size_t)1 << 20;

/* Rows begin .. end-1 in memory. A worker's blocks follow each other, so it finds the next one in the window of the
   last, unless another worker has stolen it. */
struct window {
    struct window *next; /* in the list of those that nobody uses */
    size_t begin, end;
    _Alignas(CREW__CACHE_LINE) char rows[];
};

struct windows {
    const crew_array *a;
    size_t room; /* rows in a window */
    atomic_flag lock;
    struct window *spare;
};

static void open_windows(struct windows *w, const crew_array *a)
{
    size_t row = a->info.row_size;
    *w = (struct windows){.a = a, .room = row == 0 || row >= WINDOW ? 1 : WINDOW / row};
    atomic_flag_clear_explicit(&w->lock, memory_order_relaxed);
}

static void close_windows(struct windows *w)
{
    for (struct window *next; w->spare; w->spare = next) {
        next = w->spare->next;
        crew__free(w->spare);
    }
}

/* One that has the row already, or any, or a new one. NULL: no memory. */
static struct window *take(struct windows *w, size_t row)
{
    while (atomic_flag_test_and_set_explicit(&w->lock, memory_order_acquire))
        CREW__RELAX();
    crew__tell_acquire(&w->lock);
    struct window **at = &w->spare;
    while (*at && (*at)->next && (row < (*at)->begin || row >= (*at)->end))
        at = &(*at)->next;
    struct window *taken = *at;
    if (taken)
        *at = taken->next;
    crew__tell_release(&w->lock);
    atomic_flag_clear_explicit(&w->lock, memory_order_release);
    if (!taken && (taken = crew__alloc(sizeof *taken + w->room * w->a->info.row_size)) != NULL)
        taken->begin = taken->end = 0;
    return taken;
}

static void give(struct windows *w, struct window *window)
{
    while (atomic_flag_test_and_set_explicit(&w->lock, memory_order_acquire))
        CREW__RELAX();
    crew__tell_acquire(&w->lock);
    window->next = w->spare;
    w->spare = window;
    crew__tell_release(&w->lock);
    atomic_flag_clear_explicit(&w->lock, memory_order_release);
}

/* Makes the window begin at `begin` and go on as far as there is room. */
static int read_window(const struct windows *w, struct window *window, size_t begin)
{
    const crew_array *a = w->a;
    size_t left = a->info.rows - begin, most = left < w->room ? left : w->room;
    window->begin = window->end = begin;
    int error = crew_array_read(a, begin, begin + most, window->rows);
    while (error && most > 1) { /* what is wrong with later rows is said when their turn comes */
        most /= 2;
        error = crew_array_read(a, begin, begin + most, window->rows);
    }
    if (error)
        return error;
    window->end = begin + most;
    return 0;
}

typedef int part_fn(size_t begin, size_t end, const void *rows, void *ctx);

/* Calls fn for the rows begin .. end-1, window by window. */
static int each_part(struct windows *w, size_t begin, size_t end, part_fn *fn, void *ctx)
{
    const crew_array_info *info = &w->a->info;
    if (w->a->map || info->row_size == 0)
        return fn(begin, end, info->data ? (const char *)info->data + begin * info->row_size : NULL, ctx);
    struct window *window = take(w, begin);
    if (!window)
        return -ENOMEM;
    int code = 0;
    while (begin < end && code == 0) {
        if (begin < window->begin || begin >= window->end)
            code = read_window(w, window, begin);
        if (code) {
            crew_fail_at(begin, code);
            break;
        }
        size_t to = end < window->end ? end : window->end;
        code = fn(begin, to, window->rows + (begin - window->begin) * info->row_size, ctx);
        begin = to;
    }
    give(w, window);
    return code;
}

struct loop {
    struct windows windows;
    crew_array_body *body;
    void *ctx;
};

static int do_rows(size_t begin, size_t end, void *ctx)
{
    struct loop *loop = ctx;
    return each_part(&loop->windows, begin, end, loop->body, loop->ctx);
}

int crew_array_for(const crew_array *a, crew_array_body *body, void *ctx, const crew_options *opt)
{
    if (!a || !body)
        return -EINVAL;
    struct loop loop = {.body = body, .ctx = ctx};
    open_windows(&loop.windows, a);
    int code = crew_for(a->info.rows, do_rows, &loop, opt);
    close_windows(&loop.windows);
    return code;
}

struct reduction {
    struct windows windows;
    const crew_array_reducer *r;
    void *ctx;
};

struct folding {
    const struct reduction *d;
    void *acc;
};

static int fold_part(size_t begin, size_t end, const void *rows, void *ctx)
{
    const struct folding *f = ctx;
    return f->d->r->fold(begin, end, rows, f->acc, f->d->ctx);
}

static int fold_rows(size_t begin, size_t end, void *acc, void *ctx)
{
    struct reduction *d = ctx;
    struct folding f = {d, acc};
    return each_part(&d->windows, begin, end, fold_part, &f);
}

static void merge(void *acc, const void *right, void *ctx)
{
    const struct reduction *d = ctx;
    d->r->merge(acc, right, d->ctx);
}

static void drop(void *acc, void *ctx)
{
    const struct reduction *d = ctx;
    d->r->drop(acc, d->ctx);
}

int crew_array_reduce(const crew_array *a, const crew_array_reducer *r, void *ctx, void *result,
                      const crew_options *opt)
{
    if (!a || !r || !r->fold || !r->merge)
        return -EINVAL;
    struct reduction d = {.r = r, .ctx = ctx};
    const crew_reducer reducer = {r->size, r->identity, fold_rows, merge, r->drop ? drop : NULL};
    open_windows(&d.windows, a);
    int code = crew_reduce(a->info.rows, &reducer, &d, result, opt);
    close_windows(&d.windows);
    return code;
}
