/* Scans, filters, sorts and grouping of random arrays whose sizes lie near the edges of blocks, with teams wider than
   the machine, against naive loops, for CREW_STRESS_SECONDS (3). CREW_TEST_SEED repeats a run. */
#define _POSIX_C_SOURCE 200809L
#include "../../lib/array/scan/scan_typed.h"
#include "../support/sanitized.h"
#include "../support/suite.h"
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <time.h>

enum { MOST = TESTS_SANITIZED ? 140000 : 600000, WIDTH = 16 };

static uint64_t *x, *want, *out, *rest, *values;
static unsigned char *flags;
static size_t *index_of, *offsets;

/* A size near a multiple of what scans, filters and sorts cut by. */
static size_t random_size(uint64_t *seed)
{
    static const size_t edges[] = {64, 1024, 2048, 4096, 16384, 32768};
    size_t edge = edges[oracle_below(seed, sizeof edges / sizeof *edges)];
    size_t n = edge * (1 + oracle_below(seed, MOST / edge - 1)) + oracle_below(seed, 5);
    return n - 2;
}

static void random_array(size_t n, uint64_t *seed)
{
    uint64_t mask = oracle_below(seed, 2) ? UINT64_MAX : oracle_below(seed, 5000);
    for (size_t i = 0; i < n; i++)
        x[i] = oracle_random(seed) & mask;
}

static const char *try_scan(size_t n, uint64_t *seed)
{
    bool exclusive = oracle_below(seed, 2), in_place = oracle_below(seed, 2);
    uint64_t sum = 0;
    crew__scan_past_bytes = oracle_below(seed, 2) ? 0 : (size_t)64 << 20;
    for (size_t i = 0; i < n; i++) {
        want[i] = exclusive ? sum : sum + x[i];
        sum += x[i];
    }
    memset(out, 0xa5, n * sizeof *out);
    if (in_place)
        memcpy(out, x, n * sizeof *x);
    const uint64_t *in = in_place ? out : x;
    uint64_t total = exclusive ? crew_scan_exclusive_sum_u64(in, out, n) : crew_scan_inclusive_sum_u64(in, out, n);
    return total != sum ? "scan: total" : memcmp(out, want, n * sizeof *x) != 0 ? "scan" : NULL;
}

static const char *try_segments(size_t n, uint64_t *seed)
{
    size_t rarity = 1 + oracle_below(seed, 40000);
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        flags[i] = oracle_below(seed, rarity) == 0;
        sum = flags[i] ? x[i] : sum + x[i];
        want[i] = sum;
    }
    memset(out, 0xa5, n * sizeof *out);
    crew_scan_segmented_inclusive_sum_u64(x, flags, out, n);
    return memcmp(out, want, n * sizeof *x) != 0 ? "segmented scan" : NULL;
}

static void add(void *acc, const void *right, void *ctx)
{
    uint64_t a, b;
    (void)ctx;
    memcpy(&a, acc, sizeof a);
    memcpy(&b, right, sizeof b);
    a += b;
    memcpy(acc, &a, sizeof a);
}

static const char *try_generic_scan(size_t n, uint64_t *seed)
{
    const crew_scanner adder = {NULL, add};
    uint64_t sum = 0, total;
    for (size_t i = 0; i < n; i++) {
        x[i] &= 0xfff;
        want[i] = sum += x[i];
    }
    crew_options opt = {.grain = oracle_below(seed, 3000)};
    memset(out, 0xa5, n * sizeof *out);
    if (crew_scan_inclusive(x, out, sizeof *x, n, &adder, NULL, &total, &opt) != 0)
        return "generic scan: value";
    return total != sum || memcmp(out, want, n * sizeof *x) != 0 ? "generic scan" : NULL;
}

/* Some blocks take longer than others, so that those after them wait in buffers. */
static int keep(size_t begin, size_t end, unsigned char *kept, void *ctx)
{
    if (begin % 11 == *(const size_t *)ctx)
        sched_yield();
    memcpy(kept, flags + begin, end - begin);
    return 0;
}

static const char *try_filter(size_t n, uint64_t *seed)
{
    size_t one_in = 1 + oracle_below(seed, 4), slow = oracle_below(seed, 11), count = 0, others = 0, found;
    bool in_place = oracle_below(seed, 2);
    for (size_t i = 0; i < n; i++) {
        flags[i] = oracle_below(seed, one_in) == 0;
        if (flags[i])
            want[count++] = x[i];
        else
            values[others++] = x[i];
    }
    memcpy(out, x, n * sizeof *x);
    if (crew_filter(in_place ? out : x, out, sizeof *x, n, keep, &slow, &found, NULL) != 0 || found != count)
        return "filter: count";
    if (memcmp(out, want, count * sizeof *x) != 0)
        return "filter";
    if (crew_partition(x, out, rest, sizeof *x, n, keep, &slow, &found, NULL) != 0 || found != count)
        return "partition: count";
    if (memcmp(out, want, count * sizeof *x) != 0 || memcmp(rest, values, others * sizeof *x) != 0)
        return "partition";
    return crew_pack_u64(x, out, n, flags) != count || memcmp(out, want, count * sizeof *x) != 0 ? "pack" : NULL;
}

static int by_value(const void *a, const void *b)
{
    uint64_t v = *(const uint64_t *)a, w = *(const uint64_t *)b;
    return (v > w) - (v < w);
}

static int by_value_in(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return by_value(a, b);
}

static const char *try_sort(size_t n, uint64_t *seed)
{
    memcpy(want, x, n * sizeof *x);
    qsort(want, n, sizeof *want, by_value);
    memcpy(out, x, n * sizeof *x);
    if (oracle_below(seed, 2)) {
        if (crew_sort(out, n, sizeof *out, by_value_in, NULL, NULL) != 0)
            return "sort: value";
    } else if (crew_sort_u64(out, n) != 0) {
        return "typed sort: value";
    }
    if (memcmp(out, want, n * sizeof *x) != 0)
        return "sort";
    if (crew_argsort_u64(x, n, index_of) != 0)
        return "argsort: value";
    for (size_t i = 0; i < n; i++) /* equal elements in their order */
        if (index_of[i] >= n || x[index_of[i]] != want[i] ||
            (i > 0 && want[i] == want[i - 1] && index_of[i] <= index_of[i - 1]))
            return "argsort";
    return NULL;
}

static const char *try_by_key(size_t n, uint64_t *seed)
{
    size_t groups, found, g = 0;
    (void)seed;
    if (crew_group_by_key_u64(x, n, out, offsets, index_of, &groups) != 0)
        return "group: value";
    for (size_t i = 0; i < n; i++) {
        if (i == offsets[g + 1])
            g++;
        if (index_of[i] >= n || x[index_of[i]] != out[g] || (i > offsets[g] && index_of[i] <= index_of[i - 1]))
            return "group";
    }
    if (n > 0 && (g + 1 != groups || offsets[groups] != n))
        return "groups";
    if (crew_unique_counts_u64(x, n, rest, values, &found) != 0 || found != groups)
        return "unique: value";
    for (g = 0; g < groups; g++)
        if (rest[g] != out[g] || values[g] != offsets[g + 1] - offsets[g])
            return "unique";
    return NULL;
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

START_TEST(arrays)
{
    static const char *(*const tries[])(size_t, uint64_t *) = {try_scan,   try_segments, try_generic_scan,
                                                               try_filter, try_sort,     try_by_key};
    uint64_t **const arrays_of[] = {&x, &want, &out, &rest, &values};
    for (size_t i = 0; i < sizeof arrays_of / sizeof *arrays_of; i++)
        ck_assert_ptr_nonnull(*arrays_of[i] = malloc(MOST * sizeof **arrays_of[i]));
    ck_assert_ptr_nonnull(flags = malloc(MOST));
    ck_assert_ptr_nonnull(index_of = malloc(MOST * sizeof *index_of));
    ck_assert_ptr_nonnull(offsets = malloc((MOST + 1) * sizeof *offsets));
    const char *text = getenv("CREW_STRESS_SECONDS"), *wrong;
    uint64_t seed = oracle_seed();
    double until = seconds() + (text ? atof(text) : 3) / 6;
    long round = 0;
    do {
        int threads = 1 + (int)oracle_below(&seed, WIDTH);
        size_t n = random_size(&seed);
        ck_assert_int_eq(crew_set_num_threads(threads), 0);
        random_array(n, &seed);
        wrong = tries[_i](n, &seed);
        ck_assert_msg(wrong == NULL, "%s in round %ld, n = %zu, %d threads", wrong, round, n, threads);
        round++;
    } while (seconds() < until);
    free(x), free(want), free(out), free(rest), free(values), free(flags), free(index_of), free(offsets);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stress_array");
    TCase *tc = parallel_case(suite, "stress_array");
    tcase_set_timeout(tc, 3600);
    tcase_add_loop_test(tc, arrays, 0, 6);
    return run_suite(suite);
}
