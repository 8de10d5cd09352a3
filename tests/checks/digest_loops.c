/* Loops, maps and reductions of any type. */
#include "digest.h"
#include <crew/crew.h>

static uint64_t hashed(uint64_t i)
{
    i = (i + 1) * 0xbf58476d1ce4e5b9u;
    return i ^ (i >> 29);
}

struct plane {
    uint64_t *out;
    size_t rows, cols, failing; /* item that fails first, and what is behind it */
};

static int write_items(size_t begin, size_t end, void *ctx)
{
    const struct plane *plane = ctx;
    for (size_t i = begin; i < end; i++) {
        if (i >= plane->failing)
            return (int)(i % 1000) + 1;
        plane->out[i] = hashed(i);
    }
    return 0;
}

static int write_cells(size_t row_begin, size_t row_end, size_t col_begin, size_t col_end, void *ctx)
{
    const struct plane *plane = ctx;
    for (size_t i = row_begin; i < row_end; i++)
        for (size_t j = col_begin; j < col_end; j++) {
            size_t cell = i * plane->cols + j;
            if (cell == plane->failing)
                return 7;
            plane->out[cell] = hashed(cell) + row_begin * 1000 + col_end;
        }
    return 0;
}

static int write_boxes(size_t plane_begin, size_t plane_end, size_t row_begin, size_t row_end, size_t col_begin,
                       size_t col_end, void *ctx)
{
    struct plane *all = ctx;
    for (size_t k = plane_begin; k < plane_end; k++) {
        struct plane one = {all->out + k * all->rows * all->cols, all->rows, all->cols, SIZE_MAX};
        write_cells(row_begin, row_end, col_begin, col_end, &one);
    }
    return all->failing >= plane_begin && all->failing < plane_end ? 9 : 0;
}

/* A loop in a loop: each item is a sum of its own. */
static int sum_parts(size_t begin, size_t end, void *ctx)
{
    double *out = room(1, 0);
    const double *x = ctx;
    for (size_t i = begin; i < end; i++)
        out[i] = crew_sum_f64(x + i * 7, 10000 + i);
    return 0;
}

static void loops(size_t n)
{
    uint64_t *out = room(1, 0);
    const size_t failing[] = {SIZE_MAX, 0, n / 2};
    for (size_t f = 0; f < 3; f++) {
        size_t failed = SIZE_MAX;
        struct plane plane = {out, 1, n, failing[f]};
        size_t defined = failing[f] < n ? failing[f] : n;
        marked(out, n * 8);
        add_code("for", NULL, crew_for(n, write_items, &plane, NULL));
        add("for", NULL, out, defined * 8);
        add_code("for", NULL, crew_for(n, write_items, &plane, &(crew_options){.failed = &failed, .grain = 100}));
        add_code("for", NULL, (long long)failed);
        add("for", NULL, out, defined * 8);
    }
    CREW_FOR (i, n)
        out[i] = hashed(i * 3);
    add_guarded("CREW_FOR", NULL, out, n * 8);

    size_t rows = n / 100 + 1, cols = n % 100 + 50;
    static const crew_tile tiles[] = {{0, 0}, {1, 1}, {7, 13}, {0, 5}, {64, 64}};
    for (size_t t = 0; t < (n <= SHORT ? 5 : 1); t++)
        for (size_t f = 0; f < 2; f++) {
            struct plane plane = {marked(out, rows * cols * 8), rows, cols, f == 0 ? SIZE_MAX : rows * cols / 3};
            size_t failed = SIZE_MAX;
            add_code("for_2d", NULL,
                     crew_for_2d(rows, cols, tiles[t], write_cells, &plane, &(crew_options){.failed = &failed}));
            add_code("for_2d", NULL, (long long)failed);
            if (f == 0)
                add_guarded("for_2d", NULL, out, rows * cols * 8);
            const crew_box box = {t % 3, tiles[t].rows, tiles[t].cols};
            plane = (struct plane){marked(out, rows * cols * 8), (rows + 2) / 3, cols, f == 0 ? SIZE_MAX : 1};
            failed = SIZE_MAX;
            add_code("for_3d", NULL,
                     crew_for_3d(rows < 3 ? rows : 3, rows / 3, cols, box, write_boxes, &plane,
                                 &(crew_options){.failed = &failed}));
            add_code("for_3d", NULL, (long long)failed);
            if (f == 0)
                add_guarded("for_3d", NULL, out, rows * cols * 8);
        }
    CREW_FOR_2D (i, rows, j, cols)
        out[i * cols + j] = hashed(i) * j;
    add("CREW_FOR_2D", NULL, out, rows * cols * 8);
}

static int map_item(const void *in, void *out, void *ctx)
{
    double x;
    memcpy(&x, in, sizeof x);
    if (ctx && x > *(const double *)ctx)
        return -12345;
    float y = (float)(x * x / 3 - 1);
    memcpy(out, &y, sizeof y);
    return 0;
}

static int map_in_place(const void *in, void *out, void *ctx)
{
    (void)ctx;
    double x;
    memcpy(&x, in, sizeof x);
    x = x / 3 + 0.25;
    memcpy(out, &x, sizeof x);
    return 0;
}

static void maps(const double *x, size_t n)
{
    float *out = room(1, 4);
    add_code("map", NULL, crew_map(x, 8, marked(out, n * 4), 4, n, map_item, NULL, NULL));
    add_guarded("map", NULL, out, n * 4);
    double limit = 3.9, *copy = room(2, 0);
    size_t failed = SIZE_MAX;
    add_code("map", NULL, crew_map(x, 8, out, 4, n, map_item, &limit, &(crew_options){.failed = &failed}));
    add_code("map", NULL, (long long)failed);
    memcpy(marked(copy, n * 8), x, n * 8);
    add_code("map", NULL, crew_map(copy, 8, copy, 8, n, map_in_place, NULL, &(crew_options){.grain = 33}));
    add_guarded("map", NULL, copy, n * 8);
}

/* Floats, whose sum depends on the brackets; functions a x + b, which do not commute; accumulators of 8000 bytes. */
struct affine {
    uint64_t a, b;
};

static int fold_sum(size_t begin, size_t end, void *acc, void *ctx)
{
    const double *x = ctx;
    for (size_t i = begin; i < end; i++)
        *(double *)acc += x[i];
    return 0;
}

static void merge_sum(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    *(double *)acc += *(const double *)right;
}

static void merge_affine(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    struct affine *f = acc;
    const struct affine *g = right;
    *f = (struct affine){g->a * f->a, g->a * f->b + g->b};
}

static int fold_affine(size_t begin, size_t end, void *acc, void *ctx)
{
    (void)ctx;
    for (size_t i = begin; i < end; i++) {
        struct affine item = {hashed(i) | 1, hashed(~i)};
        merge_affine(acc, &item, NULL);
    }
    return 0;
}

enum { BINS = 1000 };

static int fold_bins(size_t begin, size_t end, void *acc, void *ctx)
{
    const double *x = ctx;
    for (size_t i = begin; i < end; i++)
        ((double *)acc)[hashed(i) % BINS] += x[i];
    return 0;
}

static void merge_bins(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    for (size_t b = 0; b < BINS; b++)
        ((double *)acc)[b] += ((const double *)right)[b];
}

static int fold_failing(size_t begin, size_t end, void *acc, void *ctx)
{
    const double *x = ctx;
    for (size_t i = begin; i < end; i++)
        if (x[i] > 3.95)
            return -(int)(i % 100) - 200;
    return fold_sum(begin, end, acc, ctx);
}

static void reductions(double *x, size_t n)
{
    static const struct affine unit = {1, 0};
    const crew_reducer sum = {.size = sizeof(double), .fold = fold_sum, .merge = merge_sum};
    const crew_reducer affine = {.size = sizeof unit, .identity = &unit, .fold = fold_affine, .merge = merge_affine};
    const crew_reducer bins = {.size = BINS * sizeof(double), .fold = fold_bins, .merge = merge_bins};
    const crew_reducer failing = {.size = sizeof(double), .fold = fold_failing, .merge = merge_sum};
    static const size_t grains[] = {0, 1, 100, 5000};
    for (size_t g = 0; g < 4; g++) {
        size_t failed = SIZE_MAX;
        const crew_options opt = {.grain = grains[g]}, exact = {.grain = grains[g], .failed = &failed};
        double result = -1, table[BINS];
        struct affine function = {0};
        add_code("reduce_sum", NULL, crew_reduce(n, &sum, x, &result, &opt));
        add("reduce_sum", NULL, &result, sizeof result);
        add_code("reduce_affine", NULL, crew_reduce(n, &affine, NULL, &function, &opt));
        add("reduce_affine", NULL, &function, sizeof function);
        if (g == 0) {
            add_code("reduce_bins", NULL, crew_reduce(n, &bins, x, table, &opt));
            add("reduce_bins", NULL, table, sizeof table);
        }
        result = -1;
        add_code("reduce_failing", NULL, crew_reduce(n, &failing, x, &result, &exact));
        add_code("reduce_failing", NULL, (long long)failed);
        add("reduce_failing", NULL, &result, sizeof result);
    }
}

/* Bad arguments and calls that were cancelled before they began. */
static void refusals(double *x)
{
    crew_cancel stop = {0};
    crew_cancel_request(&stop);
    const crew_options cancelled = {.cancel = &stop}, bad = {.timeout = -1};
    const crew_reducer sum = {.size = sizeof(double), .fold = fold_sum, .merge = merge_sum};
    struct plane plane = {room(1, 0), 10, 10, SIZE_MAX};
    double result = 0;
    const int codes[] = {
        crew_for(100, NULL, NULL, NULL),
        crew_for(100, write_items, &plane, &cancelled),
        crew_for(100, write_items, &plane, &bad),
        crew_for_2d(SIZE_MAX, 3, (crew_tile){0, 0}, write_cells, &plane, NULL),
        crew_for_2d(10, 10, (crew_tile){0, 0}, write_cells, &plane, &cancelled),
        crew_for_3d(2, SIZE_MAX / 2, 3, (crew_box){0, 0, 0}, write_boxes, &plane, NULL),
        crew_map(x, 8, x + 1, 8, 10, map_in_place, NULL, NULL),
        crew_map(x, 8, room(1, 0), SIZE_MAX / 2, 10, map_in_place, NULL, NULL),
        crew_map(x, 8, x, 8, 10, map_in_place, NULL, &cancelled),
        crew_reduce(10, NULL, x, &result, NULL),
        crew_reduce(10, &sum, x, NULL, NULL),
        crew_reduce(10, &sum, x, &result, &cancelled),
        crew_fill(NULL, 1, 8, x),
        crew_copy(x, x + 1, 10, 8),
        crew_copy(x, room(1, 0), SIZE_MAX / 2, 8),
        crew_transpose(x, x, 3, 4, 8),
    };
    add("refusals", NULL, codes, sizeof codes);
}

void digest_loops(void)
{
    double *x = room(0, 8);
    seed(1);
    for (size_t i = 0; i < LONGEST; i++)
        x[i] = random_double();
    for (size_t s = 0; s < size_count; s++) {
        loops(sizes[s]);
        maps(x, sizes[s]);
        reductions(x, sizes[s]);
    }
    add_code("nested", NULL, crew_for(300, sum_parts, x, NULL));
    add("nested", NULL, room(1, 0), 300 * sizeof(double));
    refusals(x);
}
