/* crew_sum_exact_dist_{f32,f64}, crew_dot_exact_dist_{f32,f64}: each rank's exact state, merged over the ranks. */
#include "agree.h"
#include "dist.h"
#include "tree.h"
#include <crew/exact.h>
#include <crew/move.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { STRIDE = (sizeof(crew_exact) + 63) / 64 * 64 };

static void merge(void *left, const void *right, void *ctx)
{
    (void)ctx;
    crew_exact_merge(left, right);
}

/* A state is of a rank, so the tree's leaves are the ranks. */
static int merge_states(crew_mpi *m, crew_exact *state)
{
    const size_t ranks = (size_t)m->ranks;
    size_t room = 4;
    for (size_t left = ranks; left > 0; left /= 2)
        room += 4;
    size_t *firsts = malloc((ranks + 1) * sizeof *firsts);
    char *values = crew_alloc(room, STRIDE);
    int code = crew__agree_on(m->comm, firsts && values ? 0 : -ENOMEM);
    if (code == 0) {
        for (size_t r = 0; r <= ranks; r++)
            firsts[r] = r;
        struct crew__tree t = {m, firsts, ranks, STRIDE, merge, NULL};
        struct crew__tree_list list;
        list.count = 0;
        list.values = values;
        memcpy(crew__tree_next(&t, &list), state, sizeof *state);
        crew__tree_add(&t, &list, (size_t)m->rank, 1);
        code = crew__tree_join(&t, &list);
        memcpy(state, values, sizeof *state);
    }
    free(firsts);
    crew_free(values);
    return code;
}

static int check(const crew_dist *x, const crew_dist *y, size_t size)
{
    int code = x && y ? crew__mpi_check(x->m) : -EINVAL;
    if (code)
        return code;
    return x->size == size && y->size == size && crew__dist_alike(x, y) ? 0 : -EINVAL;
}

#define EXACT(suffix, type, add, add_dot, value)                                                                       \
    int crew_sum_exact_dist_##suffix(const crew_dist *x, type *result)                                                 \
    {                                                                                                                  \
        crew_exact state = {{0}, 0};                                                                                   \
        int code = result ? check(x, x, sizeof(type)) : -EINVAL;                                                       \
        if (code)                                                                                                      \
            return code;                                                                                               \
        add(&state, (const type *)(void *)x->items, x->end - x->begin);                                                \
        code = merge_states(x->m, &state);                                                                             \
        if (code == 0)                                                                                                 \
            *result = value(&state);                                                                                   \
        return code;                                                                                                   \
    }                                                                                                                  \
    int crew_dot_exact_dist_##suffix(const crew_dist *x, const crew_dist *y, type *result)                             \
    {                                                                                                                  \
        crew_exact state = {{0}, 0};                                                                                   \
        int code = result ? check(x, y, sizeof(type)) : -EINVAL;                                                       \
        if (code)                                                                                                      \
            return code;                                                                                               \
        add_dot(&state, (const type *)(void *)x->items, (const type *)(void *)y->items, x->end - x->begin);            \
        code = merge_states(x->m, &state);                                                                             \
        if (code == 0)                                                                                                 \
            *result = value(&state);                                                                                   \
        return code;                                                                                                   \
    }
EXACT(f32, float, crew_exact_add_f32, crew_exact_add_dot_f32, crew_exact_value_f32)
EXACT(f64, double, crew_exact_add, crew_exact_add_dot, crew_exact_value)
#undef EXACT
