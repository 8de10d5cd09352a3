/* crew_reduce_by_key_dist_{i32,i64,u32,u64}, crew_reduce_by_key_{sum,min,max}_dist_{i32,i64,u32,u64}_{f64,i64} and
   crew_unique_counts_dist_{i32,i64,u32,u64}. */
#include "../array/typed/exact_rounding.h"

#include "../array/by_key/by_key_brackets.h"
#include "../core/base/compiler.h"
#include "../core/base/fp_environment.h"
#include "agree.h"
#include "key_runs.h"
#include "key_tables.h"
#include "records.h"
#include <crew/by_key.h>
#include <crew/move.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The keys of a rank; they are in the order of these numbers. */
struct range {
    uint64_t n, sorted, low, high, first, last;
};

typedef int reduce_here(const void *keys, const void *values, size_t n, void *keys_out, void *results, size_t *groups);

struct by_key {
    enum crew__type type;
    const crew_dist *keys, *values; /* values NULL: there are none, but what `here` makes */
    const crew_array_reducer *r;
    void *ctx;
    const crew_options *opt;
    bool together; /* fold takes any elements */
    bool tables;   /* keys close together and not sorted are bracketed by their elements' numbers */
    void (*look)(const void *keys, size_t n, struct range *range);
    reduce_here *here;            /* the local call, where brackets do not matter: then it comes first. Or NULL */
    struct crew__key_tables fill; /* its functions */
    bool each;                    /* elements are results of runs already */
};

/* What all keys are together. */
static int look_at_keys(const struct by_key *b, struct range *whole)
{
    const crew_mpi *m = b->keys->m;
    struct range own = {.n = b->keys->end - b->keys->begin}, *all = malloc((size_t)m->ranks * sizeof *all);
    int code = crew__agree_on(m->comm, all ? 0 : -ENOMEM);
    if (own.n > 0)
        b->look(b->keys->items, (size_t)own.n, &own);
    if (code == 0)
        code = crew__mpi_code(MPI_Allgather(&own, (int)sizeof own, MPI_BYTE, all, (int)sizeof own, MPI_BYTE, m->comm));
    *whole = (struct range){.sorted = 1, .low = UINT64_MAX};
    for (int r = 0; code == 0 && r < m->ranks; r++) {
        if (all[r].n == 0)
            continue;
        whole->sorted &= all[r].sorted && (whole->n == 0 || whole->last <= all[r].first);
        whole->low = all[r].low < whole->low ? all[r].low : whole->low;
        whole->high = all[r].high > whole->high ? all[r].high : whole->high;
        whole->last = all[r].last;
        whole->n += all[r].n;
    }
    free(all);
    return code;
}

/* Arrays of the groups that each rank has. */
static int give(crew_mpi *m, const struct crew__key_groups *g, size_t key_size, size_t size, crew_dist **keys_out,
                crew_dist **results)
{
    crew_dist *keys = crew_dist_from(m, g->keys, g->count, key_size);
    crew_dist *values = keys ? crew_dist_from(m, g->results, g->count, size) : NULL;
    if (!values) {
        const int code = -errno;
        crew_dist_close(keys);
        return code;
    }
    if (keys_out)
        *keys_out = keys;
    else
        crew_dist_close(keys);
    *results = values;
    return 0;
}

/* Elements in the order of their keys. */
struct ordered {
    crew_dist *records;
    char *keys, *values;
    size_t *numbers;
};

static int sort_keys(const struct by_key *b, bool by_number, struct ordered *o)
{
    struct crew__record record;
    o->records = crew__records_make(b->keys, b->values, by_number || !b->together, &record);
    int code = o->records ? crew__records_sort(o->records, b->type) : -errno;
    if (code)
        return code;
    const size_t n = o->records->end - o->records->begin;
    o->keys = crew_alloc(n, record.key_size);
    o->values = crew_alloc(n, record.value_size);
    o->numbers = record.number_size > 0 ? crew_alloc(n, sizeof *o->numbers) : NULL;
    const bool room = o->keys && o->values && (o->numbers || record.number_size == 0);
    code = crew__agree_on(b->keys->m->comm, room ? 0 : -ENOMEM);
    if (code == 0)
        crew__records_take(o->records, &record, o->keys, o->numbers, o->values);
    return code;
}

static int reduce_all(const struct by_key *b, crew_dist **keys_out, crew_dist **results);

/* Of each chunk only a sum for each of its keys travels. */
static int reduce_tables(const struct by_key *b, uint64_t low, size_t range, struct crew__cut chunks,
                         crew_dist **keys_out, crew_dist **results)
{
    struct crew__key_tables t = b->fill;
    t.keys = b->keys;
    t.values = b->values;
    t.low = low;
    t.range = range;
    t.chunks = chunks;
    crew_dist *keys, *sums;
    int code = crew__key_tables_make(&t, &keys, &sums);
    if (code == 0) {
        struct by_key rest = *b;
        rest.keys = keys;
        rest.values = sums;
        rest.tables = false;
        rest.each = true;
        code = reduce_all(&rest, keys_out, results);
    }
    crew_dist_close(keys);
    crew_dist_close(sums);
    return code;
}

/* Brackets as crew/by_key.h says. */
static int reduce_all(const struct by_key *b, crew_dist **keys_out, crew_dist **results)
{
    const crew_dist *keys = b->keys;
    struct range range;
    struct ordered o = {NULL, NULL, NULL, NULL};
    struct crew__key_groups groups = {0, NULL, NULL};
    int code = look_at_keys(b, &range);
    if (code)
        return code;
    const bool close = b->tables && keys->n > 0 && !range.sorted && range.high - range.low < keys->n;
    struct crew__cut chunks = crew__key_chunks(keys->n);
    if (close) {
        const size_t width = (size_t)(range.high - range.low) + 1, tables = crew__key_tables(keys->n, width);
        chunks = crew__cut_into(keys->n, tables);
        if (tables >= (size_t)keys->m->ranks) /* else most ranks would have none to fill */
            return reduce_tables(b, range.low, width, chunks, keys_out, results);
    }
    struct crew__key_runs k = {.m = keys->m,
                               .offsets = keys->offsets,
                               .key_size = keys->size,
                               .value_size = b->values->size,
                               .keys = keys->items,
                               .values = b->values->items,
                               .together = b->together,
                               .r = b->r,
                               .ctx = b->ctx,
                               .opt = b->opt};
    if (keys->n > 0) {
        k.by_number = close || b->each;
        k.chunk = b->each ? 1 : chunks.size;
        if (!range.sorted) {
            code = sort_keys(b, k.by_number, &o);
            k.offsets = code ? NULL : o.records->offsets;
            k.keys = o.keys;
            k.values = o.values;
            k.numbers = o.numbers;
        }
        if (code == 0)
            code = crew__key_runs_reduce(&k, &groups);
    }
    if (code == 0)
        code = give(keys->m, &groups, keys->size, b->r->size, keys_out, results);
    crew_free(groups.keys);
    crew_free(groups.results);
    crew_free(o.keys);
    crew_free(o.values);
    crew_free(o.numbers);
    crew_dist_close(o.records);
    return code;
}

/* Each rank reduces its own elements before any travels. */
static int reduce_here_first(const struct by_key *b, crew_dist **keys_out, crew_dist **results)
{
    const crew_dist *keys = b->keys;
    crew_mpi *m = keys->m;
    const size_t n = keys->end - keys->begin;
    size_t groups = 0;
    char *own_keys = crew_alloc(n, keys->size), *own = crew_alloc(n, b->r->size);
    int code = own_keys && own ? 0 : -ENOMEM;
    if (code == 0)
        code = b->here(keys->items, b->values ? b->values->items : NULL, n, own_keys, own, &groups);
    code = crew__agree_on(m->comm, code);
    crew_dist *few = code == 0 ? crew_dist_from(m, own_keys, groups, keys->size) : NULL;
    crew_dist *values = few ? crew_dist_from(m, own, groups, b->r->size) : NULL;
    code = code ? code : values ? 0 : -errno;
    crew_free(own_keys);
    crew_free(own);
    if (code == 0) {
        struct by_key rest = *b;
        rest.keys = few;
        rest.values = values;
        code = reduce_all(&rest, keys_out, results);
    }
    crew_dist_close(few);
    crew_dist_close(values);
    return code;
}

static int reduce(const struct by_key *b, size_t key_size, size_t value_size, crew_dist **keys_out, crew_dist **results)
{
    int code = b->keys && results ? crew__mpi_check(b->keys->m) : -EINVAL;
    if (code)
        return code;
    if (b->keys->size != key_size ||
        (b->values && ((value_size > 0 && b->values->size != value_size) || !crew__dist_alike(b->keys, b->values))))
        return -EINVAL;
    struct crew__fp_saved fp = {.changed = false};
    if (b->together)
        fp = crew__fp_begin();
    code = b->here ? reduce_here_first(b, keys_out, results) : reduce_all(b, keys_out, results);
    crew__fp_end(&fp);
    return code;
}

#define NAME sum_f64
#define VALUE double
#define COMBINE CREW__ADD_F64
#define NEUTRAL (-0.0)
#include "dist_by_key_op_template.h"

#define NAME min_f64
#define VALUE double
#define COMBINE CREW__LOWER
#define NEUTRAL ((double)INFINITY)
#include "dist_by_key_op_template.h"

#define NAME max_f64
#define VALUE double
#define COMBINE CREW__HIGHER
#define NEUTRAL (-(double)INFINITY)
#include "dist_by_key_op_template.h"

#define NAME sum_i64
#define VALUE int64_t
#define COMBINE CREW__ADD_I64
#define NEUTRAL 0
#include "dist_by_key_op_template.h"

#define NAME min_i64
#define VALUE int64_t
#define COMBINE CREW__LOWER
#define NEUTRAL INT64_MAX
#include "dist_by_key_op_template.h"

#define NAME max_i64
#define VALUE int64_t
#define COMBINE CREW__HIGHER
#define NEUTRAL INT64_MIN
#include "dist_by_key_op_template.h"

#define TEMPLATE "../../mpi/dist_by_key_template.h"
#include "../array/typed/each_type_template.h"
