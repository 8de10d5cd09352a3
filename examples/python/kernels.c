// C functions that Python calls by their names: crew.map("square", x, library="./kernels.so").
//
//     cc -O2 -shared -fPIC $(pkg-config --cflags crew) kernels.c -o kernels.so

#include <crew/crew.h>
#include <math.h>

CREW_API crew_map_fn square, root_or_fail, crash_at_3;
CREW_API crew_task_fn add_up;
CREW_API crew_body iota;

/* out = in * in */
int square(const void *in, void *out, void *ctx)
{
    (void)ctx;
    const double *x = in;
    *(double *)out = *x * *x;
    return 0;
}

/* A value other than 0 is an exception in Python. */
int root_or_fail(const void *in, void *out, void *ctx)
{
    (void)ctx;
    const double *x = in;
    if (*x < 0)
        return 7;
    *(double *)out = sqrt(*x);
    return 0;
}

int crash_at_3(const void *in, void *out, void *ctx)
{
    if (*(const double *)in == 3)
        __builtin_trap();
    return square(in, out, ctx);
}

/* A task: the last of four numbers becomes their sum. */
int add_up(void *arg)
{
    double *x = arg;
    x[3] += x[0] + x[1] + x[2];
    return 0;
}

/* A body for crew.for_range: ctx is the array. */
int iota(size_t begin, size_t end, void *ctx)
{
    double *y = ctx;
    for (size_t i = begin; i < end; i++)
        y[i] = (double)i;
    return 0;
}

CREW_API int sum_fold(size_t begin, size_t end, void *acc, void *ctx);
CREW_API void sum_merge(void *acc, const void *right, void *ctx);

int sum_fold(size_t begin, size_t end, void *acc, void *ctx)
{
    const double *x = ctx;
    for (size_t i = begin; i < end; i++)
        *(double *)acc += x[i];
    return 0;
}

void sum_merge(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    *(double *)acc += *(const double *)right;
}
