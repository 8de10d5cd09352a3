/* crew_sort_by_key_dist, crew_argsort_dist and the same for {f32..u64}: records are sorted, of each key and its value
   or its number. */
#include "agree.h"
#include "records.h"
#include <crew/move.h>
#include <errno.h>

/* Records by the typed sort, or where that is CREW__TYPES by a comparator. */
struct keys {
    enum crew__type type;
    struct crew__order order;
};

static int sort(crew_dist *records, const struct keys *k)
{
    return k->type == CREW__TYPES ? crew__rank_sort(records, &k->order) : crew__records_sort(records, k->type);
}

static void swap(crew_dist *a, crew_dist *b)
{
    const crew_dist old = *a;
    *a = *b;
    *b = old;
}

static int sort_by_key(crew_dist *keys, crew_dist *values, const struct keys *k)
{
    struct crew__record r;
    int code = keys && values && keys != values ? crew__mpi_check(keys->m) : -EINVAL;
    if (code == 0 && !crew__dist_alike(keys, values))
        code = -EINVAL;
    if (code)
        return code;
    crew_dist *records = crew__records_make(keys, values, false, &r), *new_keys = NULL, *new_values = NULL;
    code = records ? sort(records, k) : -errno;
    if (code == 0) {
        new_keys = crew__dist_make(keys->m, records->offsets, keys->size, 0);
        new_values = new_keys ? crew__dist_make(keys->m, records->offsets, values->size, 0) : NULL;
        code = new_values ? 0 : -errno;
    }
    if (code == 0) {
        crew__records_take(records, &r, new_keys->items, NULL, new_values->items);
        swap(keys, new_keys);
        swap(values, new_values);
    }
    crew_dist_close(records);
    crew_dist_close(new_keys);
    crew_dist_close(new_values);
    return code;
}

static int argsort(const crew_dist *x, crew_dist *index, const struct keys *k)
{
    struct crew__record r;
    int code = x && index ? crew__mpi_check(x->m) : -EINVAL;
    if (code == 0 && (x == index || index->size != sizeof(size_t) || !crew__dist_alike(x, index)))
        code = -EINVAL;
    if (code)
        return code;
    crew_dist *records = crew__records_make(x, NULL, true, &r), *numbers = NULL;
    code = records ? sort(records, k) : -errno;
    if (code == 0) {
        numbers = crew__dist_make(x->m, records->offsets, sizeof(size_t), 0);
        code = numbers ? 0 : -errno;
    }
    if (code == 0) {
        crew__records_take(records, &r, NULL, (size_t *)(void *)numbers->items, NULL);
        code = crew__dist_move(numbers, index);
    }
    crew_dist_close(records);
    crew_dist_close(numbers);
    return code;
}

int crew_sort_by_key_dist(crew_dist *keys, crew_dist *values, crew_compare *cmp, void *ctx, const crew_options *opt)
{
    const struct keys k = {CREW__TYPES, crew__order_by(cmp, ctx, opt)};
    return cmp ? sort_by_key(keys, values, &k) : -EINVAL;
}

int crew_argsort_dist(const crew_dist *x, crew_dist *index, crew_compare *cmp, void *ctx, const crew_options *opt)
{
    const struct keys k = {CREW__TYPES, crew__order_by(cmp, ctx, opt)};
    return cmp ? argsort(x, index, &k) : -EINVAL;
}

#define TEMPLATE "../../mpi/dist_sort_by_key_template.h"
#include "../array/typed/each_type_template.h"
