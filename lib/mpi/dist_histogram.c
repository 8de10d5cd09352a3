/* crew_bincount_dist_{u8,u16,i32,u32,i64,u64}, crew_histogram_dist_{f32,f64}, crew_histogram_by_edges_dist_{f32,f64}:
   whole numbers, so that the order in which MPI adds them does not matter. */
#include "agree.h"
#include "dist.h"
#include <crew/histogram.h>
#include <errno.h>

enum { MOST_BINS = 1 << 27 }; /* in one message */

/* code: the local call's, which was given a place for what is out of range. */
static int add_up(const crew_dist *d, int code, uint64_t *counts, size_t bins, size_t out, size_t *out_of_range)
{
    code = crew__agree_on(d->m->comm, code);
    uint64_t own = out, all = 0;
    if (code == 0)
        code = crew__mpi_code(MPI_Allreduce(&own, &all, 1, MPI_UINT64_T, MPI_SUM, d->m->comm));
    for (size_t at = 0; at < bins && code == 0; at += MOST_BINS) {
        const int count = bins - at < MOST_BINS ? (int)(bins - at) : MOST_BINS;
        code = crew__mpi_code(MPI_Allreduce(MPI_IN_PLACE, counts + at, count, MPI_UINT64_T, MPI_SUM, d->m->comm));
    }
    if (code)
        return code;
    if (out_of_range)
        *out_of_range = (size_t)all;
    return all > 0 && !out_of_range ? -ERANGE : 0;
}

static int check(const crew_dist *d, size_t size)
{
    return d && d->size == size ? crew__mpi_check(d->m) : -EINVAL;
}

#define BINCOUNT(suffix, type)                                                                                         \
    int crew_bincount_dist_##suffix(const crew_dist *d, uint64_t *counts, size_t bins, size_t *out_of_range)           \
    {                                                                                                                  \
        int code = check(d, sizeof(type));                                                                             \
        size_t out = 0;                                                                                                \
        if (code)                                                                                                      \
            return code;                                                                                               \
        code = crew_bincount_##suffix((const type *)(void *)d->items, d->end - d->begin, counts, bins, &out);          \
        return add_up(d, code, counts, bins, out, out_of_range);                                                       \
    }
BINCOUNT(u8, uint8_t)
BINCOUNT(u16, uint16_t)
BINCOUNT(i32, int32_t)
BINCOUNT(u32, uint32_t)
BINCOUNT(i64, int64_t)
BINCOUNT(u64, uint64_t)
#undef BINCOUNT

#define HISTOGRAM(suffix, type)                                                                                        \
    int crew_histogram_dist_##suffix(const crew_dist *d, type low, type high, uint64_t *counts, size_t bins,           \
                                     size_t *out_of_range)                                                             \
    {                                                                                                                  \
        int code = check(d, sizeof(type));                                                                             \
        size_t out = 0;                                                                                                \
        if (code)                                                                                                      \
            return code;                                                                                               \
        const type *x = (const type *)(void *)d->items;                                                                \
        code = crew_histogram_##suffix(x, d->end - d->begin, low, high, counts, bins, &out);                           \
        return add_up(d, code, counts, bins, out, out_of_range);                                                       \
    }                                                                                                                  \
    int crew_histogram_by_edges_dist_##suffix(const crew_dist *d, const type *edges, uint64_t *counts, size_t bins,    \
                                              size_t *out_of_range)                                                    \
    {                                                                                                                  \
        int code = check(d, sizeof(type));                                                                             \
        size_t out = 0;                                                                                                \
        if (code)                                                                                                      \
            return code;                                                                                               \
        const type *x = (const type *)(void *)d->items;                                                                \
        code = crew_histogram_by_edges_##suffix(x, d->end - d->begin, edges, counts, bins, &out);                      \
        return add_up(d, code, counts, bins, out, out_of_range);                                                       \
    }
HISTOGRAM(f32, float)
HISTOGRAM(f64, double)
#undef HISTOGRAM
