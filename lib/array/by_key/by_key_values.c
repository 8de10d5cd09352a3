/* The operations behind crew_reduce_by_key_{sum,min,max}_{i32,i64,u32,u64}_{f64,i64}. */
#include "by_key_values.h"
#include "../../core/base/compiler.h"
#include "../../core/base/fp_environment.h"
#include "../../core/base/scratch.h"
#include "../../core/loop/runner.h"
#include "../filter/pack_kernels.h"
#include "by_key_brackets.h"
#include <errno.h>
#include <math.h>
#include <string.h>

enum { VALUE_SIZE = 8, WRITTEN = 256, SMALL_RANGE = 512, MANY = 8 /* items of a key */ };

struct values {
    const void *values;
    void *results;
    union {
        double f64;
        int64_t i64;
    } partial[CREW__MAX_CHUNKS];
};

/* One table a chunk of elements: results and which keys occur. */
struct tables {
    struct crew__groups *q;
    uint64_t low;
    size_t range;
    struct crew__cut chunks; /* of elements */
    struct crew__cut parts;  /* of the range */
    void *results;
    unsigned char *occurs;
};

#define WORD_TYPE u32
#define WORD uint32_t
#include "by_key_write_template.h"

#define WORD_TYPE u64
#define WORD uint64_t
#include "by_key_write_template.h"

static void run_tables(struct tables *t, crew__each_fn *fill, crew__each_fn *merge)
{
    crew__each_fn *write = crew__groups_wide(t->q) ? write_tables_u64 : write_tables_u32;
    if (t->chunks.count == 1 && t->parts.count == 1) { /* each loop would cost as much as ten elements */
        fill(0, 1, t);
        merge(0, 1, t);
        *t->q->groups = crew__groups_places(t->q, 1);
        write(0, 1, t);
        return;
    }
    crew__each(t->chunks.count, fill, t, 1.5 * (double)t->chunks.size);
    crew__each(t->parts.count, merge, t, (double)t->parts.size);
    *t->q->groups = crew__groups_places(t->q, t->parts.count);
    crew__each(t->parts.count, write, t, (double)t->parts.size);
}

static CREW__NOINLINE void run_small_table(struct tables *t, crew__each_fn *fill, crew__each_fn *merge)
{
    _Alignas(double) char results[SMALL_RANGE * VALUE_SIZE];
    unsigned char occurs[SMALL_RANGE];
    t->results = results;
    t->occurs = occurs;
    run_tables(t, fill, merge);
}

static int reduce_in_tables(struct crew__groups *q, uint64_t low, size_t range, crew__each_fn *fill,
                            crew__each_fn *merge)
{
    struct tables t = {.q = q, .low = low, .range = range, .parts = crew__groups_parts(range)};
    const size_t tables = crew__key_tables(q->n, range);
    t.chunks = crew__cut_into(q->n, tables);
    if (tables == 1 && range <= SMALL_RANGE) {
        run_small_table(&t, fill, merge);
        return 0;
    }
    /* tables * range is at most n, or range at most that of few elements. */
    char *scratch = q->n > SIZE_MAX / (VALUE_SIZE + 1) ? NULL : crew__scratch_take((VALUE_SIZE + 1) * tables * range);
    if (scratch == NULL)
        return -ENOMEM;
    t.results = scratch;
    t.occurs = (unsigned char *)scratch + VALUE_SIZE * tables * range;
    run_tables(&t, fill, merge);
    crew__scratch_give(scratch);
    return 0;
}

int crew__reduce_values(struct crew__groups *q, const struct crew__group_op *op, const void *values, void *results)
{
    struct values w;
    if (q->n > 0 && values == NULL)
        return -EINVAL;
    w.values = values;
    w.results = results;
    q->ctx = &w;
    struct crew__fp_saved fp = crew__fp_begin();
    int error = crew__groups_run(q, op);
    crew__fp_end(&fp);
    q->ctx = NULL;
    return error;
}

#define NAME sum_f64
#define VALUE double
#define MEMBER f64
#define COMBINE CREW__ADD_F64
#define NEUTRAL (-0.0)
#include "by_key_values_template.h"

#define NAME min_f64
#define VALUE double
#define MEMBER f64
#define COMBINE CREW__LOWER
#define NEUTRAL ((double)INFINITY)
#include "by_key_values_template.h"

#define NAME max_f64
#define VALUE double
#define MEMBER f64
#define COMBINE CREW__HIGHER
#define NEUTRAL (-(double)INFINITY)
#include "by_key_values_template.h"

#define NAME sum_i64
#define VALUE int64_t
#define MEMBER i64
#define COMBINE CREW__ADD_I64
#define NEUTRAL 0
#include "by_key_values_template.h"

#define NAME min_i64
#define VALUE int64_t
#define MEMBER i64
#define COMBINE CREW__LOWER
#define NEUTRAL INT64_MAX
#include "by_key_values_template.h"

#define NAME max_i64
#define VALUE int64_t
#define MEMBER i64
#define COMBINE CREW__HIGHER
#define NEUTRAL INT64_MIN
#include "by_key_values_template.h"
