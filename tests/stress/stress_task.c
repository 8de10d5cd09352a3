/* Tasks, futures and graphs under races: many workers on few processors, seeded choices, every result checked. */
#define _DEFAULT_SOURCE
#include "../support/sanitized.h"
#include "../unit/executor_test.h"
#include <errno.h>

enum { ROUNDS = TESTS_RACES ? 30 : 150, CLIENTS = 4, EACH = TESTS_RACES ? 60 : 300 };

/* A tree of forks whose shape and sum follow from a seed; some nodes run loops. */
struct tree {
    uint64_t seed, sum;
    int depth;
};

static int count_to(size_t begin, size_t end, void *ctx)
{
    atomic_fetch_add_explicit((atomic_ulong *)ctx, end - begin, memory_order_relaxed);
    return 0;
}

static int grow(void *arg)
{
    struct tree *t = arg, child[5];
    crew_task task[5];
    uint64_t state = t->seed;
    int count = t->depth == 0 ? 0 : (int)oracle_below(&state, 6);
    for (int i = 0; i < count; i++) {
        child[i] = (struct tree){oracle_random(&state), 0, t->depth - 1};
        crew_fork(&task[i], grow, &child[i]);
    }
    t->sum = t->seed;
    if (oracle_below(&state, 16) == 0) {
        atomic_ulong items = 0;
        if (crew_for(1000, count_to, &items, NULL) != 0 || items != 1000)
            return 1;
    }
    int code = 0;
    for (int i = count; i-- > 0;)
        code |= crew_join(&task[i]);
    for (int i = 0; i < count; i++)
        t->sum = t->sum * 31 + child[i].sum;
    return code;
}

/* The same without a team: forks run at once. */
static uint64_t sum_of(struct tree t)
{
    grow(&t);
    return t.sum;
}

START_TEST(forks)
{
    uint64_t seed = oracle_seed();
    for (int round = 0; round < ROUNDS; round++) {
        struct tree t = {oracle_random(&seed), 0, 6};
        uint64_t expected = sum_of(t);
        int threads = (int)oracle_below(&seed, 16) + 1;
        ck_assert_int_eq(crew_run(grow, &t, &(crew_options){.threads = threads}), 0);
        ck_assert_uint_eq(t.sum, expected);
    }
}
END_TEST

/* What may happen to a future, and how often it did. */
struct job {
    atomic_int ran, told;
    crew_executor *ex;
    int value;
};

static int run_job(void *arg)
{
    struct job *job = arg;
    atomic_fetch_add(&job->ran, 1);
    if (job->value % 7 == 0) {
        struct tree t = {(uint64_t)job->value, 0, 3};
        grow(&t);
    }
    return job->value % 11 == 0 ? job->value : 0;
}

static void tell(crew_future *f, void *ctx)
{
    struct job *job = ctx;
    if (crew_future_status(f) >= CREW_FUTURE_DONE)
        atomic_fetch_add(&job->told, 1);
}

struct client {
    crew_executor *ex;
    uint64_t seed;
    int faults;
};

/* One job: submitted in one of several ways, perhaps cancelled, waited for or let go. */
static void use(struct client *c, struct job *job, crew_future *dep, crew_future **kept)
{
    uint64_t choice = oracle_random(&c->seed);
    crew_submit_options opt = {.priority = (crew_priority)((int)(choice % 3) - 1)};
    if (choice >> 8 & 1 && dep) {
        opt.deps = &dep;
        opt.ndeps = 1;
    }
    crew_future *f = NULL;
    c->faults += crew_submit_with(c->ex, run_job, job, &f, &opt) != 0;
    *kept = f;
    if (!f)
        return;
    c->faults += crew_future_on_done(f, tell, job) != 0;
    if ((choice >> 16 & 7) == 0)
        crew_future_cancel(f);
    if ((choice >> 24 & 7) == 0) {
        int result = 0, code = crew_future_result(f, &result);
        c->faults += code == 0 ? atomic_load(&job->ran) != 1 : code != -ECANCELED || atomic_load(&job->ran) != 0;
    }
    if ((choice >> 32 & 7) == 0) {
        int error = crew_future_wait(f, 1e-5);
        c->faults += error != 0 && error != -ETIMEDOUT;
    }
}

static void *be_client(void *arg)
{
    struct client *c = arg;
    static _Thread_local struct job jobs[EACH];
    crew_future *futures[EACH];
    memset(jobs, 0, sizeof jobs);
    for (int i = 0; i < EACH; i++) {
        jobs[i].value = i + 1;
        use(c, &jobs[i], i ? futures[oracle_below(&c->seed, (size_t)i)] : NULL, &futures[i]);
    }
    for (int i = 0; i < EACH; i++) {
        int code = crew_future_result(futures[i], NULL);
        c->faults += code == 0 ? jobs[i].ran != 1 : jobs[i].ran != 0;
        /* The callback runs after the waiters wake. */
        for (int looks = 0; atomic_load(&jobs[i].told) == 0 && looks < 100000; looks++)
            usleep(50);
        c->faults += jobs[i].told != 1;
        crew_future_release(futures[i]);
    }
    return NULL;
}

START_TEST(futures)
{
    uint64_t seed = oracle_seed();
    for (int round = 0; round < ROUNDS / 5; round++) {
        crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = (int)oracle_below(&seed, 16) + 1,
                                                                        .queue_limit = oracle_below(&seed, 3) ? 0 : 5});
        ck_assert_ptr_nonnull(ex);
        pthread_t threads[CLIENTS];
        struct client clients[CLIENTS];
        for (int i = 0; i < CLIENTS; i++) {
            clients[i] = (struct client){ex, oracle_random(&seed), 0};
            ck_assert_int_eq(pthread_create(&threads[i], NULL, be_client, &clients[i]), 0);
        }
        for (int i = 0; i < CLIENTS; i++) {
            pthread_join(threads[i], NULL);
            ck_assert_int_eq(clients[i].faults, 0);
        }
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    }
}
END_TEST

/* Shutdown while tasks submit: what was accepted runs, the rest is refused or cancelled, and nobody waits for ever. */
struct feeder {
    crew_executor *ex;
    atomic_int tried, accepted, ran, canceled;
};

static void count_end(crew_future *f, void *ctx)
{
    struct feeder *feed = ctx;
    atomic_fetch_add(crew_future_status(f) == CREW_FUTURE_DONE ? &feed->ran : &feed->canceled, 1);
}

static int feed_more(void *arg)
{
    struct feeder *feed = arg;
    for (int i = 0; i < 3; i++) {
        /* Counted first: without threads the task runs inside the submit. */
        crew_future *f = atomic_fetch_add(&feed->tried, 1) < 2000 ? crew_submit(feed->ex, feed_more, feed) : NULL;
        if (f) {
            atomic_fetch_add(&feed->accepted, 1);
            crew_future_on_done(f, count_end, feed);
        }
        crew_future_release(f);
    }
    return 0;
}

START_TEST(shutdowns)
{
    uint64_t seed = oracle_seed();
    for (int round = 0; round < ROUNDS; round++) {
        struct feeder feed = {
            .ex = crew_executor_open(&(crew_executor_options){.threads = (int)oracle_below(&seed, 8) + 1})};
        ck_assert_ptr_nonnull(feed.ex);
        ck_assert_int_eq(crew_submit_with(feed.ex, feed_more, &feed, NULL, NULL), 0);
        if (has_threads())
            usleep((useconds_t)oracle_below(&seed, 200));
        ck_assert_int_eq(crew_executor_shutdown(feed.ex, round % 2 ? CREW_CANCEL_PENDING : 0), 0);
        ck_assert_int_eq(feed.ran + feed.canceled, feed.accepted);
        ck_assert(round % 2 || feed.canceled == 0);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stress_task");
    TCase *tc = parallel_case(suite, "task");
    tcase_add_test(tc, forks);
    tcase_add_test(tc, futures);
    tcase_add_test(tc, shutdowns);
    return run_suite(suite);
}
