/* The executor: queue, priorities, workers, nesting, shutdown and map. */
#define _DEFAULT_SOURCE
#include "../../lib/core/loop/runner.h"
#include "../../lib/core/task/executor_default.h"
#include "../../lib/core/task/scheduler.h"
#include "executor_test.h"
#include <crew/for.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>

START_TEST(results)
{
    for (int round = 0; round < ORACLE_THREADS; round++) {
        crew_executor *ex = open_with(oracle_threads[round]);
        ck_assert_int_ge(crew_executor_threads(ex), 1);
        crew_future *f[200];
        int values[200];
        for (int i = 0; i < 200; i++) {
            values[i] = i * 3;
            f[i] = crew_submit(ex, give_back, &values[i]);
        }
        for (int i = 0; i < 200; i++)
            ck_assert_int_eq(result_of(f[i]), i * 3);
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    }
}
END_TEST

START_TEST(default_executor)
{
    int value = 5;
    ck_assert_int_eq(result_of(crew_submit(NULL, give_back, &value)), 5);
    ck_assert_int_eq(crew_executor_threads(NULL), has_threads() ? crew_num_threads() : 1);
    ck_assert_int_eq(crew_executor_shutdown(NULL, 0), 0);
    ck_assert_int_eq(crew_executor_shutdown(NULL, 0), 0);
    ck_assert_int_eq(result_of(crew_submit(NULL, give_back, &value)), 5); /* opens anew */
    ck_assert_int_eq(crew_executor_shutdown(NULL, CREW_CANCEL_PENDING), 0);
}
END_TEST

enum { USERS = 8 };

struct user {
    pthread_t thread;
    atomic_int *ready;
    bool closes;
    const crew_executor *found;
    int code;
};

static void *use_default(void *arg)
{
    struct user *u = arg;
    atomic_fetch_add(u->ready, 1);
    while (atomic_load(u->ready) < USERS)
        ;
    if (u->closes)
        u->code = crew_executor_shutdown(NULL, 0);
    else
        u->found = crew__executor_get(NULL);
    return NULL;
}

static void use_at_once(struct user *users, bool closes)
{
    atomic_int ready = 0;
    for (int i = 0; i < USERS; i++) {
        users[i] = (struct user){.ready = &ready, .closes = closes};
        ck_assert_int_eq(pthread_create(&users[i].thread, NULL, use_default, &users[i]), 0);
    }
    for (int i = 0; i < USERS; i++)
        pthread_join(users[i].thread, NULL);
}

/* Several threads need it first, or close it, at the same time: it is opened once and closed once. */
static int count_items(size_t begin, size_t end, void *ctx)
{
    atomic_fetch_add((atomic_int *)ctx, (int)(end - begin));
    return 0;
}

/* Nobody closes the default executor, and the process ends beside a team whose threads go to sleep. */
START_TEST(default_executor_at_exit)
{
    for (int round = 0; round < (TESTS_VALGRIND ? 3 : 40); round++) {
        pid_t pid = fork();
        if (pid == 0) {
            atomic_int count = 0;
            const crew_options opt = {.threads = 3};
            crew__tuning.always_open = 1;
            crew_for(100, count_items, &count, &opt);
            const int result = result_of(crew_submit(NULL, give_back, &(int){13}));
            crew_for(100, count_items, &count, &opt);
            usleep(20 * (useconds_t)round);
            exit(result == 13 && count == 200 ? 0 : 1);
        }
        int status = -1;
        ck_assert_int_eq(waitpid(pid, &status, 0), pid);
        ck_assert_int_eq(status, 0);
    }
}
END_TEST

START_TEST(default_executor_of_many)
{
    struct user users[USERS];
    for (int round = 0; round < 20; round++) {
        use_at_once(users, false);
        ck_assert_ptr_nonnull(users[0].found);
        for (int i = 1; i < USERS; i++)
            ck_assert_ptr_eq(users[i].found, users[0].found);
        use_at_once(users, true);
        for (int i = 0; i < USERS; i++)
            ck_assert_int_eq(users[i].code, 0);
        ck_assert_ptr_null(crew__executor_default());
    }
}
END_TEST

START_TEST(arguments)
{
    crew_executor *ex = open_with(1);
    errno = 0;
    ck_assert_ptr_null(crew_submit(ex, NULL, NULL));
    ck_assert_int_eq(errno, EINVAL);
    ck_assert_ptr_null(crew_submit_after(ex, give_back, NULL, NULL, 1));
    ck_assert_ptr_null(crew_submit_after(ex, give_back, NULL, (crew_future *[]){NULL}, 1));
    ck_assert_ptr_null(crew_submit_copy(ex, give_back, NULL, 4));
    crew_future *f = (crew_future *)&f;
    ck_assert_int_eq(crew_submit_with(ex, NULL, NULL, &f, NULL), -EINVAL);
    ck_assert_ptr_null(f);
    ck_assert_int_eq(crew_submit_with(ex, give_back, NULL, &f, &(crew_submit_options){.priority = (crew_priority)2}),
                     -EINVAL);
    ck_assert_int_eq(crew_future_wait(NULL, 1), -EINVAL);
    ck_assert_int_eq(crew_future_result(NULL, NULL), -EINVAL);
    ck_assert(!crew_future_cancel(NULL));
    ck_assert_int_eq(crew_future_on_done(NULL, NULL, NULL), -EINVAL);
    crew_future_release(NULL);
    ck_assert_int_eq(crew_wait(NULL, 1, CREW_WAIT_ALL, 1), -EINVAL);
    ck_assert_int_eq(crew_wait(NULL, 0, CREW_WAIT_ALL, 1), 0);
    ck_assert_int_eq(crew_executor_shutdown(ex, 2), -EINVAL);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    ck_assert_ptr_null(crew_executor_local());
}
END_TEST

static int sum_bytes(void *arg)
{
    int sum = 0;
    for (int i = 0; i < 100; i++)
        sum += ((unsigned char *)arg)[i];
    return sum;
}

static int is_null(void *arg)
{
    return arg == NULL;
}

START_TEST(copies_its_argument)
{
    crew_executor *ex = open_with(2);
    unsigned char bytes[100];
    crew_future *f[10];
    for (int i = 0; i < 10; i++) {
        memset(bytes, i, sizeof bytes);
        f[i] = crew_submit_copy(ex, sum_bytes, bytes, sizeof bytes);
    }
    memset(bytes, 99, sizeof bytes);
    for (int i = 0; i < 10; i++)
        ck_assert_int_eq(result_of(f[i]), 100 * i);
    ck_assert_int_eq(result_of(crew_submit_copy(ex, is_null, NULL, 0)), 1);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
}
END_TEST

START_TEST(fire_and_forget)
{
    enum { COUNT = TESTS_VALGRIND ? 300 : 20000 };
    for (int round = 0; round < ORACLE_THREADS; round++) {
        crew_executor *ex = open_with(oracle_threads[round]);
        atomic_int count = 0;
        for (int i = 0; i < COUNT; i++)
            ck_assert_int_eq(crew_submit_with(ex, add_one, &count, NULL, NULL), 0);
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
        ck_assert_int_eq(count, COUNT);
    }
}
END_TEST

START_TEST(priorities)
{
    if (!has_threads())
        return;
    crew_executor *ex = open_with(1);
    struct gate gate = {0};
    struct order order = {.lock = PTHREAD_MUTEX_INITIALIZER};
    struct mark marks[9];
    static const crew_priority levels[] = {CREW_PRIORITY_LOW, CREW_PRIORITY_NORMAL, CREW_PRIORITY_HIGH};
    ck_assert_int_eq(crew_submit_with(ex, wait_at, &gate, NULL, NULL), 0);
    wait_for(&gate.waiting, 1);
    for (int i = 0; i < 9; i++) {
        marks[i] = (struct mark){&order, i};
        ck_assert_int_eq(
            crew_submit_with(ex, note_task, &marks[i], NULL, &(crew_submit_options){.priority = levels[i % 3]}), 0);
    }
    atomic_store(&gate.open, 1);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    static const int expected[] = {2, 5, 8, 1, 4, 7, 0, 3, 6};
    ck_assert_mem_eq(order.seen, expected, sizeof expected);
}
END_TEST

/* What a worker has taken from the queue with others still waits. */
START_TEST(a_high_priority_passes_a_batch)
{
    if (!has_threads())
        return;
    crew_executor *ex = open_with(1);
    struct gate first = {0}, second = {0};
    struct order order = {.lock = PTHREAD_MUTEX_INITIALIZER};
    struct mark marks[9];
    ck_assert_int_eq(crew_submit_with(ex, wait_at, &first, NULL, NULL), 0);
    wait_for(&first.waiting, 1);
    ck_assert_int_eq(crew_submit_with(ex, wait_at, &second, NULL, NULL), 0);
    for (int i = 0; i < 9; i++) {
        marks[i] = (struct mark){&order, i};
        if (i < 8)
            ck_assert_int_eq(crew_submit_with(ex, note_task, &marks[i], NULL, NULL), 0);
    }
    atomic_store(&first.open, 1);
    wait_for(&second.waiting, 1);
    const crew_submit_options high = {.priority = CREW_PRIORITY_HIGH};
    ck_assert_int_eq(crew_submit_with(ex, note_task, &marks[8], NULL, &high), 0);
    atomic_store(&second.open, 1);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    ck_assert_int_eq(order.count, 9);
    ck_assert_int_eq(order.seen[0], 8);
}
END_TEST

struct written {
    atomic_int next;
    int values[64];
};

static int write_one(void **local, void *ctx)
{
    struct written *w = ctx;
    (void)local;
    w->values[atomic_fetch_add_explicit(&w->next, 1, memory_order_relaxed)] = 1;
    return 0;
}

/* What initializers wrote is seen by who opened the executor, with nothing else in between. */
START_TEST(initializers_are_seen)
{
    struct written w = {0};
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = 4, .initializer = write_one, .ctx = &w});
    ck_assert_ptr_nonnull(ex);
    int seen = 0;
    for (int i = 0; i < crew_executor_threads(ex); i++)
        seen += w.values[i];
    ck_assert_int_eq(seen, crew_executor_threads(ex));
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
}
END_TEST

/* What a worker has taken together with a long task is run by others meanwhile. */
START_TEST(a_batch_is_shared)
{
    crew_executor *ex = open_with(2);
    struct gate both = {0}, one = {0};
    atomic_int ran = 0;
    if (crew_executor_threads(ex) == 2) {
        for (int i = 0; i < 2; i++)
            ck_assert_int_eq(crew_submit_with(ex, wait_at, &both, NULL, NULL), 0);
        wait_for(&both.waiting, 2);
        ck_assert_int_eq(crew_submit_with(ex, wait_at, &one, NULL, NULL), 0);
        for (int i = 0; i < 8; i++)
            ck_assert_int_eq(crew_submit_with(ex, add_one, &ran, NULL, NULL), 0);
        atomic_store(&both.open, 1);
        wait_for(&ran, 8);
        atomic_store(&one.open, 1);
    }
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
}
END_TEST

START_TEST(bounded_queue)
{
    if (!has_threads())
        return;
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = 1, .queue_limit = 2});
    ck_assert_ptr_nonnull(ex);
    struct gate gate = {0};
    atomic_int count = 0;
    ck_assert_int_eq(crew_submit_with(ex, wait_at, &gate, NULL, NULL), 0);
    wait_for(&gate.waiting, 1);
    ck_assert_int_eq(crew_try_submit(ex, add_one, &count, NULL, NULL), 0);
    ck_assert_int_eq(crew_try_submit(ex, add_one, &count, NULL, NULL), 0);
    crew_future *f;
    ck_assert_int_eq(crew_try_submit(ex, add_one, &count, &f, NULL), -EAGAIN);
    ck_assert_ptr_null(f);
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, open_later, &gate), 0);
    for (int i = 0; i < 100; i++) /* blocks until there is room */
        ck_assert_int_eq(crew_submit_with(ex, add_one, &count, NULL, NULL), 0);
    pthread_join(thread, NULL);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    ck_assert_int_eq(count, 102);
}
END_TEST

struct nest {
    crew_executor *ex;
    int depth;
};

static int submit_and_wait(void *arg)
{
    struct nest *n = arg;
    if (n->depth == 0)
        return 1;
    struct nest inner = {n->ex, n->depth - 1};
    crew_future *a = crew_submit(n->ex, submit_and_wait, &inner), *b = crew_submit(n->ex, submit_and_wait, &inner);
    return result_of(a) + result_of(b);
}

/* More waits than workers, and than the queue has room for. */
START_TEST(nested_submits_do_not_deadlock)
{
    enum { DEPTH = TESTS_VALGRIND ? 3 : 7 };
    for (int round = 0; round < ORACLE_THREADS; round++) {
        for (size_t limit = 0; limit < 3; limit++) {
            crew_executor *ex =
                crew_executor_open(&(crew_executor_options){.threads = oracle_threads[round], .queue_limit = limit});
            ck_assert_ptr_nonnull(ex);
            struct nest n = {ex, DEPTH};
            ck_assert_int_eq(result_of(crew_submit(ex, submit_and_wait, &n)), 1 << DEPTH);
            ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
        }
    }
}
END_TEST

static int initialize(void **local, void *ctx)
{
    *local = malloc(sizeof(int));
    **(int **)local = atomic_fetch_add((atomic_int *)ctx, 1);
    return 0;
}

static void finalize(void *local, void *ctx)
{
    atomic_fetch_sub((atomic_int *)ctx, 1);
    free(local);
}

static int read_local(void *arg)
{
    (void)arg;
    return *(int *)crew_executor_local();
}

static int refuse(void **local, void *ctx)
{
    (void)local;
    return atomic_fetch_add((atomic_int *)ctx, 1) == 0 ? -ENOSPC : 0;
}

START_TEST(workers_have_values)
{
    for (int round = 0; round < ORACLE_THREADS; round++) {
        atomic_int alive = 0;
        crew_executor *ex = crew_executor_open(&(crew_executor_options){
            .threads = oracle_threads[round], .initializer = initialize, .finalizer = finalize, .ctx = &alive});
        ck_assert_ptr_nonnull(ex);
        ck_assert_int_eq(alive, crew_executor_threads(ex));
        for (int i = 0; i < 100; i++)
            ck_assert_int_lt(result_of(crew_submit(ex, read_local, NULL)), crew_executor_threads(ex));
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
        ck_assert_int_eq(alive, 0);
        ck_assert_ptr_null(crew_executor_open(&(crew_executor_options){
            .threads = oracle_threads[round], .initializer = refuse, .finalizer = finalize, .ctx = &alive}));
        ck_assert_int_eq(errno, ENOSPC);
        ck_assert_int_eq(alive, 1); /* who was refused has nothing to finalize */
    }
}
END_TEST

static int shut_down_own(void *arg)
{
    return crew_executor_shutdown(arg, 0);
}

static int submit_more(void *arg)
{
    struct nest *n = arg;
    return crew_submit_with(n->ex, give_13, NULL, NULL, NULL);
}

/* Opens the gate when the executor that it keeps busy takes no tasks any more, and has cancelled the one that waits. */
struct closing {
    crew_executor *ex;
    struct gate gate;
    crew_future *waits; /* NULL: none that is cancelled */
};

static void *open_when_closed(void *arg)
{
    struct closing *c = arg;
    while (crew_submit_with(c->ex, give_13, NULL, NULL, NULL) == 0)
        usleep(1000);
    for (int i = 0; i < 10000 && c->waits && crew_future_status(c->waits) != CREW_FUTURE_CANCELED; i++)
        usleep(1000);
    atomic_store(&c->gate.open, 1);
    return NULL;
}

START_TEST(shutdown)
{
    crew_executor *ex = open_with(2);
    ck_assert_int_eq(result_of(crew_submit(ex, shut_down_own, ex)), -EDEADLK);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    if (!has_threads())
        return;
    struct closing first = {.ex = open_with(1)};
    crew_future *busy = crew_submit(first.ex, wait_at, &first.gate), *pending = crew_submit(first.ex, give_13, NULL);
    crew_future *blocked = crew_submit_after(first.ex, give_13, NULL, &busy, 1);
    wait_for(&first.gate.waiting, 1);
    first.waits = pending;
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, open_when_closed, &first), 0);
    ck_assert_int_eq(crew_executor_shutdown(first.ex, CREW_CANCEL_PENDING), 0);
    pthread_join(thread, NULL);
    ck_assert_int_eq(result_of(busy), 7);
    ck_assert_int_eq(crew_future_status(pending), CREW_FUTURE_CANCELED);
    ck_assert_int_eq(crew_future_status(blocked), CREW_FUTURE_CANCELED);
    crew_future_release(pending);
    crew_future_release(blocked);

    struct closing second = {.ex = open_with(1)};
    struct nest more = {second.ex, 0};
    crew_future *f = crew_submit(second.ex, wait_at, &second.gate), *late = crew_submit(second.ex, submit_more, &more);
    ck_assert_int_eq(pthread_create(&thread, NULL, open_when_closed, &second), 0);
    ck_assert_int_eq(crew_executor_shutdown(second.ex, 0), 0); /* waits for both */
    pthread_join(thread, NULL);
    ck_assert_int_eq(result_of(f), 7);
    ck_assert_int_eq(result_of(late), -ECANCELED); /* submitted after the shutdown began */
}
END_TEST

struct sum {
    long sum;
    size_t next, stop_at;
};

static int triple(const void *in, void *out, void *ctx)
{
    (void)ctx;
    *(long *)out = *(const int *)in * 3L;
    return *(const int *)in == 777 ? 9 : 0;
}

static int collect(size_t index, const void *out, void *ctx)
{
    struct sum *s = ctx;
    ck_assert_uint_eq(index, s->next++);
    s->sum += *(const long *)out;
    return index == s->stop_at ? 4 : 0;
}

START_TEST(map)
{
    int in[1000];
    for (int i = 0; i < 1000; i++)
        in[i] = i;
    for (int round = 0; round < ORACLE_THREADS; round++) {
        crew_executor *ex = open_with(oracle_threads[round]);
        for (size_t ahead = 0; ahead < (TESTS_VALGRIND ? 14 : 40); ahead += 13) {
            struct sum s = {.stop_at = SIZE_MAX};
            ck_assert_int_eq(crew_executor_map(ex, in, sizeof *in, sizeof(long), 700, triple, collect, &s, ahead), 0);
            ck_assert_int_eq(s.sum, 3L * 700 * 699 / 2);
            s = (struct sum){.stop_at = SIZE_MAX};
            ck_assert_int_eq(crew_executor_map(ex, in, sizeof *in, sizeof(long), 1000, triple, collect, &s, ahead), 9);
            ck_assert_uint_eq(s.next, 777);
            s = (struct sum){.stop_at = 5};
            ck_assert_int_eq(crew_executor_map(ex, in, sizeof *in, sizeof(long), 1000, triple, collect, &s, ahead), 4);
            ck_assert_uint_eq(s.next, 6);
        }
        ck_assert_int_eq(crew_executor_map(ex, in, 4, 8, 0, triple, collect, NULL, 0), 0);
        ck_assert_int_eq(crew_executor_map(ex, in, 4, 8, 1, NULL, collect, NULL, 0), -EINVAL);
        ck_assert_int_eq(crew_executor_map(ex, in, SIZE_MAX, 8, 2, triple, collect, NULL, 0), -EOVERFLOW);
        ck_assert_int_eq(crew_executor_map(ex, in, 4, SIZE_MAX, 2, triple, collect, NULL, 0), -EOVERFLOW);
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    }
}
END_TEST

static int sum_in_task(void *arg)
{
    double *x = arg;
    return reduced_sum(x, 30000, x);
}

/* Loops inside tasks spread over the executor's idle workers, and give the same bits. */
START_TEST(loops_inside)
{
    double *x = malloc(30000 * sizeof *x);
    ck_assert_ptr_nonnull(x);
    double expected = 0;
    for (int round = 0; round < ORACLE_THREADS; round++) {
        crew_executor *ex = open_with(oracle_threads[round]);
        for (int i = 0; i < 30000; i++)
            x[i] = 1.0 / (i + 1);
        if (round == 0)
            ck_assert_int_eq(reduced_sum(x, 30000, &expected), 0);
        ck_assert_int_eq(result_of(crew_submit(ex, sum_in_task, x)), 0);
        ck_assert_mem_eq(&x[0], &expected, sizeof expected);
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    }
    free(x);
}
END_TEST

/* A source into which somebody puts a task, and then closes, right after a worker has looked. */
struct late {
    struct crew__scheduler scheduler;
    int looks, waiting, ran;
};

static bool late_ready(void *ctx, bool surely)
{
    struct late *late = ctx;
    (void)surely;
    bool found = late->waiting > 0;
    if (late->looks++ == 0) {
        late->waiting = 1;
        crew__scheduler_close(&late->scheduler);
    }
    return found;
}

static bool late_run(struct crew__member *member, void *ctx)
{
    struct late *late = ctx;
    (void)member;
    bool found = late->waiting > 0;
    late->ran += late->waiting;
    late->waiting = 0;
    return found;
}

START_TEST(what_comes_before_the_closing_runs)
{
    struct late late = {.looks = 0};
    struct crew__source source = {late_run, late_ready, &late};
    ck_assert(crew__scheduler_init(&late.scheduler, 1));
    late.scheduler.source = &source;
    struct crew__member *before = crew__member_enter(&late.scheduler, 0);
    crew__member_serve(&late.scheduler.members[0]);
    crew__member_leave(before);
    crew__scheduler_free(&late.scheduler);
    ck_assert_int_eq(late.ran, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("executor");
    TCase *tc = parallel_case(suite, "executor");
    tcase_add_test(tc, results);
    tcase_add_test(tc, default_executor);
    tcase_add_test(tc, default_executor_of_many);
    tcase_add_test(tc, default_executor_at_exit);
    tcase_add_test(tc, arguments);
    tcase_add_test(tc, copies_its_argument);
    tcase_add_test(tc, fire_and_forget);
    tcase_add_test(tc, priorities);
    tcase_add_test(tc, a_high_priority_passes_a_batch);
    tcase_add_test(tc, initializers_are_seen);
    tcase_add_test(tc, a_batch_is_shared);
    tcase_add_test(tc, bounded_queue);
    tcase_add_test(tc, nested_submits_do_not_deadlock);
    tcase_add_test(tc, workers_have_values);
    tcase_add_test(tc, shutdown);
    tcase_add_test(tc, what_comes_before_the_closing_runs);
    tcase_add_test(tc, map);
    tcase_add_test(tc, loops_inside);
    return run_suite(suite);
}
