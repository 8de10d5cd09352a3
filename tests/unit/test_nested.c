/* Callers at once, loops inside loops, and loops inside the program's own parallel regions: right results and a bounded
   number of threads. */
#include "../support/suite.h"
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif

enum { N = 2000, SUM = N * (N - 1) / 2 };

static int add_up(size_t begin, size_t end, void *ctx)
{
    size_t sum = 0;
    for (size_t i = begin; i < end; i++)
        sum += i;
    atomic_fetch_add_explicit((atomic_size_t *)ctx, sum, memory_order_relaxed);
    if (begin % 512 == 0)
        oracle_sleep_us(50);
    return 0;
}

static int fold(size_t begin, size_t end, void *acc, void *ctx)
{
    (void)ctx;
    for (size_t i = begin; i < end; i++)
        *(size_t *)acc = *(size_t *)acc * 31 + i;
    return 0;
}

struct word {
    size_t value, power;
};

static int fold_word(size_t begin, size_t end, void *acc, void *ctx)
{
    struct word *w = acc;
    for (size_t i = begin; i < end; i++) {
        fold(i, i + 1, &w->value, ctx);
        w->power *= 31;
    }
    return 0;
}

static void merge_word(void *acc, const void *right, void *ctx)
{
    struct word *l = acc;
    const struct word *r = right;
    (void)ctx;
    l->value = l->value * r->power + r->value;
    l->power *= r->power;
}

/* One of each, checked; 0 where all is right. */
static int use_crew(void)
{
    static const struct word identity = {0, 1};
    static const crew_reducer words = {sizeof identity, &identity, fold_word, merge_word, NULL};
    atomic_size_t sum = 0;
    struct word word;
    size_t expected = 0;
    fold(0, N, &expected, NULL);
    int worker = crew_worker();
    if (crew_for(N, add_up, &sum, NULL) != 0 || sum != SUM)
        return 1;
    if (crew_reduce(N, &words, NULL, &word, NULL) != 0 || word.value != expected)
        return 2;
    return crew_worker() == worker ? 0 : 3;
}

struct callers {
    atomic_int wrong, most, running;
    int rounds;
};

static void *call(void *arg)
{
    struct callers *c = arg;
    for (int round = 0; round < c->rounds; round++) {
        if (use_crew())
            atomic_store(&c->wrong, 1);
        int threads = oracle_process_threads();
        int most = atomic_load(&c->most);
        while (threads > most && !atomic_compare_exchange_weak(&c->most, &most, threads))
            ;
    }
    return NULL;
}

static int run_callers(int count, int threads, int rounds)
{
    pthread_t thread[64];
    struct callers c = {.rounds = rounds};
    crew_set_num_threads(threads);
    for (int k = 0; k < count; k++)
        ck_assert_int_eq(pthread_create(&thread[k], NULL, call, &c), 0);
    for (int k = 0; k < count; k++)
        pthread_join(thread[k], NULL);
    ck_assert_int_eq(c.wrong, 0);
    return c.most;
}

START_TEST(two_callers)
{
    run_callers(2, oracle_threads[_i], 100);
}
END_TEST

/* Four pools of 8, the hosting thread's, the trial threads of one, and the callers: 64. A pool for each caller would
 * make 129. */
START_TEST(sixteen_callers_share_threads)
{
    int most = run_callers(16, 8, 60);
    ck_assert_int_le(most, 72);
    if (strcmp(crew_backend(), "sequential") == 0)
        ck_assert_int_le(most, 18);
}
END_TEST

static int rest(size_t begin, size_t end, void *ctx)
{
    struct callers *c = ctx;
    (void)begin;
    (void)end;
    int now = atomic_fetch_add(&c->running, 1) + 1, most = atomic_load(&c->most);
    while (now > most && !atomic_compare_exchange_weak(&c->most, &most, now))
        ;
    oracle_sleep_us(2000);
    atomic_fetch_sub(&c->running, 1);
    return 0;
}

static void *rest_many(void *arg)
{
    struct callers *c = arg;
    if (crew_for(64, rest, c, &(crew_options){.grain = 1}) != 0)
        atomic_store(&c->wrong, 1);
    return NULL;
}

/* At the same time no more run than the callers and the helpers of one team. */
START_TEST(callers_at_once_share_helpers)
{
    enum { CALLERS = 16, THREADS = 8 };
    pthread_t thread[CALLERS];
    struct callers c = {.rounds = 0};
    crew_set_num_threads(THREADS);
    for (int k = 0; k < CALLERS; k++)
        ck_assert_int_eq(pthread_create(&thread[k], NULL, rest_many, &c), 0);
    for (int k = 0; k < CALLERS; k++)
        pthread_join(thread[k], NULL);
    ck_assert_int_eq(c.wrong, 0);
    ck_assert_int_le(c.most, CALLERS + THREADS - 1);
}
END_TEST

static int note_worker(size_t begin, size_t end, void *ctx)
{
    (void)begin;
    (void)end;
    atomic_fetch_or((atomic_uint *)ctx, 1u << crew_worker());
    oracle_sleep_us(1000);
    return 0;
}

/* How many there are once those have gone that are to go, if it takes less than 10 s. */
static int threads_left(int most)
{
    for (int i = 0; i < 10000 && oracle_process_threads() > most; i++)
        oracle_sleep_us(1000);
    return oracle_process_threads();
}

struct turn {
    pthread_mutex_t *lock;
    atomic_int *ended;
    int wrong;
};

/* A loop with a team, when nobody else has one; the thread stays until all have had theirs. */
static void *take_turn(void *arg)
{
    struct turn *turn = arg;
    atomic_uint workers = 0;
    pthread_mutex_lock(turn->lock);
    const int most = strcmp(crew_backend(), "sequential") == 0 ? 1 : 500; /* on a busy machine helpers come late */
    for (int i = 0; i < most && !(workers & (workers - 1)); i++)
        turn->wrong |= crew_for(64, note_worker, &workers, NULL);
#ifdef _OPENMP
    turn->wrong |= !(workers & (workers - 1));
#endif
    pthread_mutex_unlock(turn->lock);
    atomic_fetch_add(turn->ended, 1);
    while (atomic_load(turn->ended) < 17)
        oracle_sleep_us(1000);
    return NULL;
}

/* Each in turn gets a team, since the one before has given its helpers back; but few keep a pool of threads. */
START_TEST(callers_in_turn_get_teams)
{
    enum { CALLERS = 16 };
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_t thread[CALLERS];
    struct turn turn[CALLERS];
    atomic_int ended = 0;
    crew_set_num_threads(8);
    for (int k = 0; k < CALLERS; k++) {
        turn[k] = (struct turn){&lock, &ended, 0};
        ck_assert_int_eq(pthread_create(&thread[k], NULL, take_turn, &turn[k]), 0);
    }
    while (atomic_load(&ended) < CALLERS)
        oracle_sleep_us(1000);
    int threads = threads_left(1 + CALLERS + 4 * 7 + 8 + 1);
    atomic_fetch_add(&ended, 1);
    for (int k = 0; k < CALLERS; k++) {
        pthread_join(thread[k], NULL);
        ck_assert_int_eq(turn[k].wrong, 0);
    }
    ck_assert_int_le(threads, 1 + CALLERS + 4 * 7 + 8 + 1);
}
END_TEST

/* Threads that come and go give their pools back: the last of them still finds one, and no thread stays behind. */
START_TEST(callers_come_and_go)
{
    for (int round = 0; round < 25; round++)
        run_callers(4, 3, 2);
    const int most = 1 + 4 * 2 + 1 + 2 + 1; /* and one that a race detector may add */
    ck_assert_int_le(threads_left(most), most);
}
END_TEST

struct nest {
    int depth;
    atomic_size_t *leaves;
};

static int nested(size_t begin, size_t end, void *ctx)
{
    const struct nest *outer = ctx;
    for (size_t i = begin; i < end; i++) {
        struct nest inner = {outer->depth - 1, outer->leaves};
        int worker = crew_worker();
        if (outer->depth == 0)
            atomic_fetch_add(outer->leaves, 1);
        else if (crew_for(7, nested, &inner, NULL) != 0)
            return 1;
        if (crew_worker() != worker || worker < 0)
            return 2;
    }
    return 0;
}

START_TEST(loops_inside_loops)
{
    int threads = use_threads(_i);
    atomic_size_t leaves = 0;
    ck_assert_int_eq(crew_for(7, nested, &(struct nest){4, &leaves}, NULL), 0);
    ck_assert_uint_eq(leaves, 7 * 7 * 7 * 7 * 7);
    ck_assert_int_eq(crew_worker(), -1);
    /* one team, no teams of teams; a race detector may add one */
    ck_assert_int_le(oracle_process_threads(), threads + 1);
}
END_TEST

static int everything(size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    for (size_t i = begin; i < end; i++) {
        int wrong = use_crew();
        if (wrong)
            return wrong;
    }
    return 0;
}

START_TEST(everything_inside_a_loop)
{
    use_threads(_i);
    ck_assert_int_eq(crew_for(40, everything, NULL, NULL), 0);
}
END_TEST

static int inner_fails(size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    return begin <= 77 && 77 < end ? 5 : 0;
}

static int outer_fails(size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    for (size_t i = begin; i < end; i++) {
        size_t failed = 0;
        int code = crew_for(i % 10 == 9 ? 100 : 50, inner_fails, NULL, &(crew_options){.failed = &failed});
        if (code)
            return code * 1000 + (int)failed;
    }
    return 0;
}

START_TEST(inner_failures_reach_the_outer_caller)
{
    use_threads(_i);
    size_t failed = 0;
    ck_assert_int_eq(crew_for(100, outer_fails, NULL, &(crew_options){.failed = &failed}), 5077);
    ck_assert_uint_eq(failed, 9);
}
END_TEST

/* In the sequential build the pragmas below do nothing and the same checks hold for one thread. */
#if defined(__GNUC__) && !defined(_OPENMP)
#pragma GCC diagnostic ignored "-Wunknown-pragmas"
#endif

START_TEST(inside_a_programs_region)
{
    use_threads(_i);
    atomic_int wrong = 0, calls = 0;
#pragma omp parallel num_threads(4)
    {
        if (use_crew())
            atomic_store(&wrong, 1);
        atomic_fetch_add(&calls, 1);
    }
    ck_assert_int_eq(wrong, 0);
    ck_assert_int_ge(calls, 1);
    ck_assert_int_eq(crew_worker(), -1);
}
END_TEST

START_TEST(inside_single_while_others_wait)
{
    use_threads(_i);
    atomic_int wrong = 0, calls = 0;
    for (int round = 0; round < 20; round++) {
#pragma omp parallel num_threads(3)
#pragma omp single
        {
            if (use_crew())
                atomic_store(&wrong, 1);
            atomic_fetch_add(&calls, 1);
        }
    }
    ck_assert_int_eq(wrong, 0);
    ck_assert_int_eq(calls, 20);
}
END_TEST

START_TEST(inside_a_worksharing_loop)
{
    use_threads(_i);
    atomic_int wrong = 0, calls = 0;
#pragma omp parallel for num_threads(3) schedule(dynamic, 1)
    for (int k = 0; k < 60; k++) {
        if (use_crew())
            atomic_store(&wrong, 1);
        atomic_fetch_add(&calls, 1);
    }
    ck_assert_int_eq(wrong, 0);
    ck_assert_int_eq(calls, 60);
}
END_TEST

START_TEST(inside_tasks)
{
    use_threads(_i);
    atomic_int wrong = 0, calls = 0;
#pragma omp parallel num_threads(4)
#pragma omp single
    for (int k = 0; k < 60; k++) {
#pragma omp task shared(wrong, calls)
        {
            if (use_crew())
                atomic_store(&wrong, 1);
            atomic_fetch_add(&calls, 1);
        }
    }
    ck_assert_int_eq(wrong, 0);
    ck_assert_int_eq(calls, 60);
}
END_TEST

static int opens_region(size_t begin, size_t end, void *ctx)
{
    atomic_int *calls = ctx;
    atomic_int wrong = 0;
    for (size_t i = begin; i < end; i++) {
#pragma omp parallel num_threads(2)
        if (use_crew())
            atomic_store(&wrong, 1);
        atomic_fetch_add(calls, 1);
    }
    return wrong;
}

START_TEST(inside_a_region_inside_a_loop)
{
    use_threads(_i);
#ifdef _OPENMP
    omp_set_max_active_levels(3);
#endif
    atomic_int calls = 0;
    ck_assert_int_eq(crew_for(30, opens_region, &calls, NULL), 0);
    ck_assert_int_eq(calls, 30);
}
END_TEST

/* A team of the program's own region shares a loop out; nobody else joins. */
START_TEST(a_loop_in_a_region_adds_no_threads)
{
    crew_set_num_threads(8);
    atomic_int most = 0, wrong = 0;
#pragma omp parallel num_threads(2)
    for (int round = 0; round < 50; round++) {
        if (use_crew())
            atomic_store(&wrong, 1);
        int now = oracle_process_threads();
        if (now > atomic_load(&most))
            atomic_store(&most, now);
    }
    ck_assert_int_eq(wrong, 0);
    ck_assert_int_le(most, 3);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nested");
    TCase *tc = parallel_case(suite, "nested");
    tcase_add_loop_test(tc, two_callers, 0, ORACLE_THREADS);
    tcase_add_test(tc, sixteen_callers_share_threads);
    tcase_add_test(tc, callers_at_once_share_helpers);
    tcase_add_test(tc, callers_in_turn_get_teams);
    tcase_add_test(tc, callers_come_and_go);
    tcase_add_loop_test(tc, loops_inside_loops, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, everything_inside_a_loop, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, inner_failures_reach_the_outer_caller, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, inside_a_programs_region, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, inside_single_while_others_wait, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, inside_a_worksharing_loop, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, inside_tasks, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, inside_a_region_inside_a_loop, 0, ORACLE_THREADS);
    tcase_add_test(tc, a_loop_in_a_region_adds_no_threads);
    return run_suite(suite);
}
