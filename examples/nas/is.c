// NAS IS, integer sort: the ranks of many small keys, ten times.
//
//     cc -O2 -fopenmp -Iinclude examples/nas/is.c lib/*/*/*.c -lm -o is
//     ./is [S | W | A]
//
// Class S has 2^16 keys below 2^11, W 2^20 below 2^16, A 2^23 below 2^19; each is the mean of four uniform numbers. A
// rank is the number of smaller keys: counts of keys, then their prefix sums.

#define _POSIX_C_SOURCE 200809L
#include "nas.h"

enum { ROUNDS = 10, PROBES = 5, BLOCK = 1024 };

/* In round i the rank of key[probe[p]] is rank[p] + i - before for the first `rising` probes, and rank[p] - i + after
   for the others. */
static const struct class
{
    int log_keys, log_bins;
    size_t probe[PROBES];
    int64_t rank[PROBES];
    int rising, before, after;
} classes[] = {
    {16, 11, {48427, 17148, 23627, 62548, 4431}, {0, 18, 346, 64917, 65463}, 3, 0, 0},
    {20, 16, {357773, 934767, 875723, 898999, 404505}, {1249, 11698, 1039987, 1043896, 1048018}, 2, 2, 0},
    {23, 19, {2112377, 662041, 5336171, 3642833, 4250760}, {104, 17523, 123928, 8288932, 8388264}, 3, 1, 1},
};

static void make_keys(uint32_t *key, size_t block, size_t bins)
{
    uint64_t state = nas_skip(NAS_SEED, 4 * BLOCK * (uint64_t)block);
    for (size_t i = block * BLOCK; i < (block + 1) * BLOCK; i++) {
        double sum = nas_uniform(&state);
        for (int k = 1; k < 4; k++)
            sum += nas_uniform(&state);
        key[i] = (uint32_t)((double)bins / 4 * sum);
    }
}

/* not_above[k] = how many keys are k or smaller. */
static void rank_keys(const uint32_t *key, size_t n, uint64_t *not_above, size_t bins)
{
#ifdef NAS_PRAGMAS
    static uint32_t *tables;
    int threads = omp_get_max_threads();
    if (tables == NULL)
        tables = nas_alloc((size_t)threads * bins, sizeof *tables);
#pragma omp parallel
    {
        uint32_t *own = tables + (size_t)omp_get_thread_num() * bins;
        memset(own, 0, bins * sizeof *own);
#pragma omp for
        for (size_t i = 0; i < n; i++)
            own[key[i]]++;
#pragma omp for
        for (size_t b = 0; b < bins; b++) {
            not_above[b] = 0;
            for (int t = 0; t < omp_get_num_threads(); t++)
                not_above[b] += tables[(size_t)t * bins + b];
        }
    }
    for (size_t b = 1; b < bins; b++)
        not_above[b] += not_above[b - 1];
#else
    nas_must(crew_bincount_u32(key, n, not_above, bins, NULL) == 0, "crew_bincount_u32");
    crew_scan_inclusive_sum_u64(not_above, not_above, bins);
#endif
}

static bool probes_right(const struct class *c, const uint32_t *key, const uint64_t *not_above, int round)
{
    for (int p = 0; p < PROBES; p++) {
        uint32_t k = key[c->probe[p]];
        int moved = p < c->rising ? round - c->before : c->after - round;
        if (k == 0 || (int64_t)not_above[k - 1] != c->rank[p] + moved)
            return false;
    }
    return true;
}

/* Every key at its rank: in order, and none is lost. */
static bool sorted(const uint32_t *key, size_t n, uint64_t *not_above)
{
    uint32_t *at = nas_alloc(n, sizeof *at);
    for (size_t i = n; i-- > 0;)
        at[--not_above[key[i]]] = key[i];
    bool right = true;
    for (size_t i = 1; i < n; i++)
        right = right && at[i - 1] <= at[i];
    nas_free(at);
    return right;
}

int main(int argc, char **argv)
{
    size_t class = nas_class(argc, argv);
    const struct class *c = &classes[class];
    size_t n = (size_t)1 << c->log_keys, bins = (size_t)1 << c->log_bins;
    uint32_t *key = nas_alloc(n, sizeof *key);
    uint64_t *not_above = nas_alloc(bins, sizeof *not_above);
#ifdef NAS_PRAGMAS
#pragma omp parallel for
    for (size_t b = 0; b < n / BLOCK; b++)
        make_keys(key, b, bins);
#else
    CREW_EACH(b, n / BLOCK, make_keys(key, b, bins));
#endif
    rank_keys(key, n, not_above, bins); /* untimed, so that pages and threads are there */
    bool right = true;
    double seconds = 0;
    for (int round = 1; round <= ROUNDS; round++) {
        double start = nas_seconds();
        key[round] = (uint32_t)round;
        key[round + ROUNDS] = (uint32_t)bins - (uint32_t)round;
        rank_keys(key, n, not_above, bins);
        seconds += nas_seconds() - start;
        right = probes_right(c, key, not_above, round) && right;
    }
    printf("ranks of bins/4, bins/2: %llu, %llu\n", (unsigned long long)not_above[bins / 4],
           (unsigned long long)not_above[bins / 2]);
    right = sorted(key, n, not_above) && right;
    nas_free(key);
    nas_free(not_above);
    return nas_report("IS", class, right, seconds, ROUNDS * (double)n);
}
