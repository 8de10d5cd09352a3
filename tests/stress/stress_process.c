/* Process maps of random sizes, options and accidents against what each item must come to, for CREW_STRESS_SECONDS (3).
   CREW_TEST_SEED repeats a run, but for the moments at which things happen. */
#define _GNU_SOURCE
#include "../unit/process_test.h"
#include <stdatomic.h>
#include <stdlib.h>

enum { MOST = 3000, KINDS = 6 };

/* What an item does; ITS_VALUE is a value other than 0. */
enum kind { WORKS, ITS_VALUE, CRASHES, EXITS, HANGS, DIES_ONCE };

struct job {
    size_t n, in_size, out_size;
    unsigned char kinds[MOST];
    unsigned char in[MOST * 20], out[MOST * 20];
    int status[MOST];
    atomic_uchar *died; /* shared: it has died before */
};

static size_t index_of(const void *in, const struct job *j)
{
    size_t i = 0;
    memcpy(&i, in, j->in_size < 4 ? j->in_size : 4);
    return i;
}

static void fill(unsigned char *out, size_t i, size_t size)
{
    for (size_t k = 0; k < size; k++)
        out[k] = (unsigned char)(i * 7 + k + 1);
}

static int run(const void *in, void *out, void *ctx)
{
    struct job *j = ctx;
    size_t i = index_of(in, j);
    switch ((enum kind)j->kinds[i]) {
    case ITS_VALUE:
        return (int)i + 1;
    case CRASHES:
        abort();
    case EXITS:
        exit((int)i % 7);
    case HANGS:
        for (;;)
            pause();
    case DIES_ONCE:
        if (atomic_exchange(&j->died[i], 1) == 0)
            raise(SIGKILL);
        break;
    default:
        break;
    }
    if (i % 200 == 0)
        usleep(500);
    fill(out, i, j->out_size);
    return 0;
}

static int expected(const struct job *j, size_t i, int retries)
{
    switch ((enum kind)j->kinds[i]) {
    case WORKS:
        return 0;
    case ITS_VALUE:
        return 1;
    case DIES_ONCE:
        return retries ? 0 : 2;
    default:
        return 2;
    }
}

/* An item that does nothing may take longer than it has on a machine that is busy. */
static bool met_a_pause(const struct job *j)
{
    for (size_t i = 0; i < j->n; i++)
        if (j->kinds[i] != HANGS && strstr(crew_strerror(j->status[i]), "item_timeout"))
            return true;
    return false;
}

static void try_one(struct job *j, uint64_t *seed)
{
    const int processes[] = {1, 2, 3, 5, 9};
    j->in_size = 2 + oracle_below(seed, 18);
    j->out_size = 1 + oracle_below(seed, 19);
    j->n = 1 + oracle_below(seed, (size_t)1 << (1 + oracle_below(seed, 11)));
    int accidents = (int)oracle_below(seed, 6);
    memset(j->kinds, WORKS, sizeof j->kinds);
    for (int k = 0; k < accidents; k++)
        j->kinds[oracle_below(seed, j->n)] = (unsigned char)oracle_below(seed, KINDS);
    memset(j->in, 0, sizeof j->in);
    for (size_t i = 0; i < j->n; i++)
        memcpy(j->in + i * j->in_size, &i, j->in_size < 4 ? j->in_size : 4);
    crew_process_options p = {.processes = processes[oracle_below(seed, 5)],
                              .item_timeout = TESTS_VALGRIND ? 5 : 0.05,
                              .retries = (int)oracle_below(seed, 2),
                              .status = j->status};
    if (oracle_below(seed, 2))
        p.batch = 1 + oracle_below(seed, 100);
    if (oracle_below(seed, 3) == 0)
        p.max_items = 20 + oracle_below(seed, 300);
    if (oracle_below(seed, 3) == 0)
        p.memory = 1 << 30;
    size_t failed, lowest = MOST;
    int code, tries = 0;
    do {
        failed = MOST;
        memset(j->died, 0, MOST);
        memset(j->out, 0, sizeof j->out);
        code = crew_process_map(j->in, j->in_size, j->out, j->out_size, j->n, run, j,
                                &(crew_options){.failed = &failed}, &p);
        p.item_timeout *= 3;
    } while (met_a_pause(j) && ++tries < 4);
    for (size_t i = 0; i < j->n; i++) {
        unsigned char right[20] = {0};
        int kind = expected(j, i, p.retries);
        if (kind == 0)
            fill(right, i, j->out_size);
        ck_assert_mem_eq(j->out + i * j->out_size, right, j->out_size);
        bool died = crew_process_died(j->status[i], NULL, NULL);
        ck_assert_msg(died == (kind == 2) && (died || j->status[i] == (kind ? (int)i + 1 : 0)), "item %zu: %s", i,
                      crew_strerror(j->status[i]));
        if (kind && lowest == MOST)
            lowest = i;
    }
    ck_assert_uint_eq(failed, lowest);
    ck_assert_int_eq(code, lowest == MOST ? 0 : j->status[lowest]);
}

START_TEST(random_accidents)
{
    uint64_t seed = oracle_seed();
    const char *text = getenv("CREW_STRESS_SECONDS");
    double until = seconds_now() + (text ? atof(text) : 3);
    struct job *own = calloc(1, sizeof *own), *shared = crew_shared_alloc(sizeof *shared); /* written in place */
    ck_assert(own && shared);
    own->died = shared->died = crew_shared_alloc(MOST);
    ck_assert_ptr_nonnull(own->died);
    try_one(own, &seed);
    struct footprint before = footprint();
    do {
        try_one(own, &seed);
        try_one(shared, &seed);
    } while (seconds_now() < until);
    check_nothing_left(before);
    crew_shared_free(own->died);
    crew_shared_free(shared);
    free(own);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stress_process");
    TCase *tc = tcase_create("process");
    const char *text = getenv("CREW_STRESS_SECONDS");
    tcase_set_timeout(tc, 100 + (text ? atof(text) : 3));
    suite_add_tcase(suite, tc);
    tcase_add_test(tc, random_accidents);
    return run_suite(suite);
}
