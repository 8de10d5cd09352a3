// NAS EP, embarrassingly parallel: pairs of normal random numbers, counted by the square ring that they fall into.
//
//     cc -O2 -fopenmp -Iinclude examples/nas/ep.c lib/*/*/*.c -lm -o ep
//     ./ep [S | W | A]
//
// Class S has 2^24 pairs of uniform numbers, W 2^25, A 2^28. A batch starts anywhere in the sequence, so batches are
// independent; their sums are merged by CREW_REDUCE, in an order that the number of batches alone decides.

#define _POSIX_C_SOURCE 200809L
#include "nas.h"

enum { BATCH = 1 << 16, RINGS = 10 };

static const struct class
{
    int log_pairs;
    double x, y;
} classes[] = {
    {24, -3.247834652034740e3, -6.958407078382297e3},
    {25, -2.863319731645753e3, -6.320053679109499e3},
    {28, -4.295875165629892e3, -1.580732573678431e4},
};

struct sums {
    double x, y;
    uint64_t count[RINGS];
};

/* The polar method: Marsaglia and Bray, doi:10.1137/1006063. */
static void add_batch(struct sums *sums, size_t batch)
{
    uint64_t state = nas_skip(271828183, 2 * BATCH * (uint64_t)batch);
    struct sums s = *sums;
    for (int k = 0; k < BATCH; k++) {
        double x = 2 * nas_uniform(&state) - 1, y = 2 * nas_uniform(&state) - 1, t = x * x + y * y;
        if (t <= 1) {
            double factor = sqrt(-2 * log(t) / t);
            x *= factor;
            y *= factor;
            s.x += x;
            s.y += y;
            s.count[(int)(fabs(x) > fabs(y) ? fabs(x) : fabs(y))]++;
        }
    }
    *sums = s;
}

static void merge(struct sums *left, const struct sums *right)
{
    left->x += right->x;
    left->y += right->y;
    for (int k = 0; k < RINGS; k++)
        left->count[k] += right->count[k];
}

#ifdef NAS_PRAGMAS
#pragma omp declare reduction(merge : struct sums : merge(&omp_out, &omp_in)) initializer(omp_priv = {0})
#endif

int main(int argc, char **argv)
{
    size_t class = nas_class(argc, argv), batches = ((size_t)1 << classes[class].log_pairs) / BATCH;
    struct sums all = {0};
    double start = nas_seconds();
#ifdef NAS_PRAGMAS
#pragma omp parallel for reduction(merge : all)
    for (size_t b = 0; b < batches; b++)
        add_batch(&all, b);
#else
    CREW_REDUCE(all, b, batches, add_batch(&all, b), merge(&all, &right));
#endif
    double seconds = nas_seconds() - start;
    uint64_t pairs = 0;
    for (int k = 0; k < RINGS; k++) {
        printf("ring %d: %llu\n", k, (unsigned long long)all.count[k]);
        pairs += all.count[k];
    }
    printf("%llu pairs, sums %.17g and %.17g\n", (unsigned long long)pairs, all.x, all.y);
    bool right = nas_near(all.x, classes[class].x, 1e-8) && nas_near(all.y, classes[class].y, 1e-8);
    return nas_report("EP", class, right, seconds, 2 * BATCH * (double)batches);
}
