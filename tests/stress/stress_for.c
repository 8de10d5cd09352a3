/* Random shapes, options, failures and callers against the oracles, for CREW_STRESS_SECONDS (3). CREW_TEST_SEED repeats
 * a run. */
#define _POSIX_C_SOURCE 200809L
#include "../support/suite.h"
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

enum { MOST = 20000, CALLERS = 3 };

struct job {
    size_t n, lowest;
    atomic_uchar counts[MOST];
    unsigned char fails[MOST];
    long sleep_us;
    uint64_t salt;
};

static int do_items(size_t begin, size_t end, void *ctx)
{
    struct job *j = ctx;
    for (size_t i = begin; i < end; i++) {
        atomic_fetch_add_explicit(&j->counts[i], 1, memory_order_relaxed);
        if (j->sleep_us && i % 512 == 0)
            oracle_sleep_us(j->sleep_us);
        if (j->fails[i])
            return crew_fail_at(i, (int)(i % 1000) + 1);
    }
    return 0;
}

static crew_options random_options(uint64_t *seed, size_t *failed, crew_cancel *never)
{
    const int threads[] = {0, 1, 2, 3, 5, 8, 17, 64, -1};
    crew_options opt = {.threads = threads[oracle_below(seed, sizeof threads / sizeof *threads)]};
    if (oracle_below(seed, 2))
        opt.grain = oracle_below(seed, (size_t)1 << oracle_below(seed, 14));
    if (oracle_below(seed, 2))
        opt.failed = failed;
    if (oracle_below(seed, 4) == 0)
        opt.cancel = never;
    if (oracle_below(seed, 4) == 0)
        opt.timeout = 1000;
    return opt;
}

static const char *try_for(struct job *j, uint64_t *seed)
{
    crew_cancel never = {0};
    size_t failed = SIZE_MAX - 1;
    crew_options opt = random_options(seed, &failed, &never);
    j->n = oracle_below(seed, (size_t)1 << (1 + oracle_below(seed, 14)));
    j->lowest = j->n;
    j->sleep_us = oracle_below(seed, 4) == 0 ? 20 : 0;
    memset(j->counts, 0, sizeof j->counts);
    memset(j->fails, 0, sizeof j->fails);
    for (size_t k = oracle_below(seed, 2) && j->n ? oracle_below(seed, 5) : 0; k > 0; k--) {
        size_t at = oracle_below(seed, j->n);
        j->fails[at] = 1;
        j->lowest = at < j->lowest ? at : j->lowest;
    }
    int code = crew_for(j->n, do_items, j, &opt);
    bool any = j->lowest < j->n;
    if (code != (any ? (int)(j->lowest % 1000) + 1 : 0))
        return "for: value";
    if (failed != (any && opt.failed ? j->lowest : SIZE_MAX - 1))
        return "for: failed";
    for (size_t i = 0; i < MOST; i++)
        if (j->counts[i] > (i < j->n) || (j->counts[i] == 0 && i < j->n && i <= j->lowest))
            return "for: counts";
    return NULL;
}

/* Concatenation of hashes: depends on every bracket, since it is not associative at all. */
static int fold(size_t begin, size_t end, void *acc, void *ctx)
{
    const struct job *j = ctx;
    uint64_t *h = acc;
    for (size_t i = begin; i < end; i++)
        *h = (*h ^ (i + j->salt)) * 0x100000001B3u;
    return 0;
}

static void merge(void *acc, const void *right, void *ctx)
{
    uint64_t *h = acc;
    (void)ctx;
    *h = *h * 31 + (*(const uint64_t *)right ^ 0x5555);
}

static const char *try_reduce(struct job *j, uint64_t *seed)
{
    crew_cancel never = {0};
    size_t failed = SIZE_MAX - 1;
    crew_options opt = random_options(seed, &failed, &never);
    const crew_reducer r = {sizeof(uint64_t), NULL, fold, merge, NULL};
    uint64_t got = 1, expected = 2;
    size_t n = oracle_below(seed, (size_t)1 << (1 + oracle_below(seed, 18)));
    j->salt = oracle_random(seed);
    if (oracle_reduce(n, &r, j, &expected, opt.grain) != 0)
        return "oracle";
    if (crew_reduce(n, &r, j, &got, &opt) != 0)
        return "reduce: value";
    return got == expected && failed == SIZE_MAX - 1 ? NULL : "reduce: bits";
}

static int add_one(const void *in, void *out, void *ctx)
{
    (void)ctx;
    *(unsigned short *)out = (unsigned short)(*(const unsigned char *)in + 1);
    return 0;
}

static const char *try_map(struct job *j, uint64_t *seed)
{
    crew_cancel never = {0};
    size_t failed;
    crew_options opt = random_options(seed, &failed, &never);
    size_t n = oracle_below(seed, MOST);
    unsigned char *in = malloc(MOST);
    unsigned short *out = malloc(MOST * sizeof *out), *expected = malloc(MOST * sizeof *expected);
    const char *wrong = in && out && expected ? NULL : "memory";
    for (size_t i = 0; !wrong && i < MOST; i++) {
        in[i] = (unsigned char)oracle_random(seed);
        out[i] = expected[i] = 7777;
    }
    if (!wrong && (oracle_map(in, 1, expected, 2, n, add_one, j, &failed) != 0 ||
                   crew_map(in, 1, out, 2, n, add_one, j, &opt) != 0 || memcmp(out, expected, MOST * sizeof *out) != 0))
        wrong = "map";
    free(in);
    free(out);
    free(expected);
    return wrong;
}

static int count_tile(size_t r0, size_t r1, size_t c0, size_t c1, void *ctx)
{
    struct job *j = ctx;
    for (size_t r = r0; r < r1; r++)
        for (size_t c = c0; c < c1; c++)
            atomic_fetch_add_explicit(&j->counts[r * j->n + c], 1, memory_order_relaxed);
    return 0;
}

static const char *try_plane(struct job *j, uint64_t *seed)
{
    crew_cancel never = {0};
    size_t failed;
    crew_options opt = random_options(seed, &failed, &never);
    size_t rows = oracle_below(seed, 140), cols = oracle_below(seed, 140);
    j->n = cols;
    memset(j->counts, 0, sizeof j->counts);
    if (crew_for_2d(rows, cols, (crew_tile){oracle_below(seed, 40), oracle_below(seed, 40)}, count_tile, j, &opt) != 0)
        return "2d: value";
    for (size_t i = 0; i < MOST; i++)
        if (j->counts[i] != (i < rows * cols))
            return "2d: counts";
    return NULL;
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

struct caller {
    uint64_t seed;
    double until;
    long rounds;
    const char *wrong;
};

static void *run(void *arg)
{
    struct caller *c = arg;
    struct job *j = calloc(1, sizeof *j);
    const char *(*const tries[])(struct job *, uint64_t *) = {try_for, try_for, try_reduce, try_map, try_plane};
    while (j && !c->wrong && seconds() < c->until) {
        c->wrong = tries[oracle_below(&c->seed, sizeof tries / sizeof *tries)](j, &c->seed);
        c->rounds++;
    }
    free(j);
    return NULL;
}

static double share_of_time(void)
{
    const char *text = getenv("CREW_STRESS_SECONDS");
    return (text ? atof(text) : 3) / 3;
}

START_TEST(one_caller)
{
    crew__tuning.always_open = _i;
    crew_set_num_threads(8);
    struct caller c = {.seed = oracle_seed(), .until = seconds() + share_of_time()};
    run(&c);
    ck_assert_msg(c.wrong == NULL, "%s in round %ld", c.wrong, c.rounds);
    ck_assert_int_ge(c.rounds, 1);
}
END_TEST

START_TEST(callers_at_once)
{
    crew_set_num_threads(8);
    pthread_t thread[CALLERS];
    struct caller c[CALLERS];
    uint64_t seed = oracle_seed();
    for (int k = 0; k < CALLERS; k++) {
        c[k] = (struct caller){.seed = oracle_random(&seed), .until = seconds() + share_of_time()};
        ck_assert_int_eq(pthread_create(&thread[k], NULL, run, &c[k]), 0);
    }
    for (int k = 0; k < CALLERS; k++)
        pthread_join(thread[k], NULL);
    for (int k = 0; k < CALLERS; k++) {
        ck_assert_msg(c[k].wrong == NULL, "%s in round %ld", c[k].wrong, c[k].rounds);
        ck_assert_int_ge(c[k].rounds, 1);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stress_for");
    TCase *tc = parallel_case(suite, "stress_for");
    tcase_set_timeout(tc, 3600);
    tcase_add_loop_test(tc, one_caller, 0, 2);
    tcase_add_test(tc, callers_at_once);
    return run_suite(suite);
}
