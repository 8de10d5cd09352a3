/* Keys with what belongs to them side by side. */
#include "records.h"
#include "../core/base/memory.h"
#include <crew/for.h>
#include <errno.h>
#include <math.h>
#include <string.h>

struct copying {
    const struct crew__record *r;
    char *records, *keys, *values;
    size_t *numbers;
    size_t begin; /* the number of the first element here */
};

static int pack(size_t begin, size_t end, void *ctx)
{
    const struct copying *c = ctx;
    const struct crew__record *r = c->r;
    const size_t used = r->key_size + r->number_size + r->value_size;
    for (size_t i = begin; i < end; i++) {
        char *record = c->records + i * r->size;
        const size_t number = c->begin + i;
        memcpy(record, c->keys + i * r->key_size, r->key_size);
        if (r->number_size > 0)
            memcpy(record + r->key_size, &number, sizeof number);
        if (r->value_size > 0)
            memcpy(record + r->key_size + r->number_size, c->values + i * r->value_size, r->value_size);
        memset(record + used, 0, r->size - used);
    }
    return 0;
}

static int unpack(size_t begin, size_t end, void *ctx)
{
    const struct copying *c = ctx;
    const struct crew__record *r = c->r;
    for (size_t i = begin; i < end; i++) {
        const char *record = c->records + i * r->size;
        if (c->keys)
            memcpy(c->keys + i * r->key_size, record, r->key_size);
        if (c->numbers)
            memcpy(&c->numbers[i], record + r->key_size, sizeof *c->numbers);
        if (c->values)
            memcpy(c->values + i * r->value_size, record + r->key_size + r->number_size, r->value_size);
    }
    return 0;
}

crew_dist *crew__records_make(const crew_dist *keys, const crew_dist *values, bool numbers, struct crew__record *r)
{
    /* The highest power of two that divides a key's size: it need not be aligned to more. */
    const size_t divides = keys->size & (~keys->size + 1), alignment = divides < 64 ? divides : 64;
    *r = (struct crew__record){keys->size, numbers ? sizeof(size_t) : 0, values ? values->size : 0, 0};
    if (r->value_size > SIZE_MAX / 4 || r->key_size > SIZE_MAX / 4) {
        errno = EOVERFLOW;
        return NULL;
    }
    r->size = (r->key_size + r->number_size + r->value_size + alignment - 1) / alignment * alignment;
    crew_dist *records = crew__dist_make(keys->m, keys->offsets, r->size, 0);
    if (records) {
        struct copying c = {r, records->items, keys->items, values ? values->items : NULL, NULL, keys->begin};
        crew_for(keys->end - keys->begin, pack, &c, NULL);
    }
    return records;
}

void crew__records_take(const crew_dist *records, const struct crew__record *r, void *keys, size_t *numbers,
                        void *values)
{
    struct copying c = {r, records->items, keys, values, numbers, 0};
    crew_for(records->end - records->begin, unpack, &c, NULL);
}

#define TEMPLATE "../../mpi/records_template.h"
#include "../array/typed/each_type_template.h"

int crew__records_sort(crew_dist *records, enum crew__type type)
{
    static const struct crew__order *const orders[CREW__TYPES] = {
        [CREW__F32] = &order_f32, [CREW__F64] = &order_f64, [CREW__I32] = &order_i32,
        [CREW__I64] = &order_i64, [CREW__U32] = &order_u32, [CREW__U64] = &order_u64,
    };
    return crew__rank_sort(records, orders[type]);
}
