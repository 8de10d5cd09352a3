/* The executor and its futures, state by state. */
#define _DEFAULT_SOURCE
#include "suite.h"
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

/* Futures stay pending in builds that have threads only. */
static bool has_threads(void)
{
    return strcmp(crew_backend(), "sequential") != 0;
}

static int add_one(void *arg)
{
    atomic_fetch_add((atomic_int *)arg, 1);
    return 0;
}

static int give_back(void *arg)
{
    return *(int *)arg;
}

/* Keeps workers busy until it is opened. */
struct gate {
    atomic_int open, waiting;
};

static int wait_at(void *arg)
{
    struct gate *g = arg;
    atomic_fetch_add(&g->waiting, 1);
    while (!atomic_load(&g->open))
        usleep(100);
    return 7;
}

static void wait_for(atomic_int *word, int value)
{
    while (atomic_load(word) < value)
        usleep(100);
}

static crew_executor *open_with(int threads)
{
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = threads});
    ck_assert_ptr_nonnull(ex);
    return ex;
}

static int result_of(crew_future *f)
{
    int result = 0;
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(crew_future_result(f, &result), 0);
    crew_future_release(f);
    return result;
}

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
    for (int round = 0; round < ORACLE_THREADS; round++) {
        crew_executor *ex = open_with(oracle_threads[round]);
        atomic_int count = 0;
        for (int i = 0; i < 20000; i++)
            ck_assert_int_eq(crew_submit_with(ex, add_one, &count, NULL, NULL), 0);
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
        ck_assert_int_eq(count, 20000);
    }
}
END_TEST

START_TEST(cancel_and_states)
{
    if (!has_threads())
        return;
    crew_executor *ex = open_with(1);
    struct gate gate = {0};
    atomic_int count = 0;
    crew_future *busy = crew_submit(ex, wait_at, &gate), *pending = crew_submit(ex, add_one, &count);
    wait_for(&gate.waiting, 1);
    ck_assert_int_eq(crew_future_status(busy), CREW_FUTURE_RUNNING);
    ck_assert_int_eq(crew_future_status(pending), CREW_FUTURE_PENDING);
    ck_assert(!crew_future_cancel(busy));
    ck_assert_int_eq(crew_future_wait(pending, 0), -ETIMEDOUT);
    ck_assert_int_eq(crew_future_wait(pending, 0.01), -ETIMEDOUT);
    ck_assert(crew_future_cancel(pending));
    ck_assert(crew_future_cancel(pending));
    ck_assert_int_eq(crew_future_status(pending), CREW_FUTURE_CANCELED);
    ck_assert_int_eq(crew_future_wait(pending, -1), 0);
    int result = 1;
    ck_assert_int_eq(crew_future_result(pending, &result), -ECANCELED);
    ck_assert_int_eq(result, -ECANCELED);
    atomic_store(&gate.open, 1);
    ck_assert_int_eq(crew_future_wait(busy, -1), 0);
    ck_assert_int_eq(crew_future_status(busy), CREW_FUTURE_DONE);
    ck_assert(!crew_future_cancel(busy));
    crew_future_release(pending);
    ck_assert_int_eq(result_of(busy), 7);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    ck_assert_int_eq(count, 0);
}
END_TEST

struct order {
    pthread_mutex_t lock;
    int seen[16], count;
};

struct mark {
    struct order *order;
    int number;
};

static void note(struct order *o, int number)
{
    pthread_mutex_lock(&o->lock);
    o->seen[o->count++] = number;
    pthread_mutex_unlock(&o->lock);
}

static int note_task(void *arg)
{
    struct mark *m = arg;
    note(m->order, m->number);
    return 0;
}

static void note_done(crew_future *f, void *ctx)
{
    (void)f;
    note_task(ctx);
}

START_TEST(callbacks_in_order)
{
    crew_executor *ex = open_with(1);
    struct gate gate = {.open = !has_threads()};
    struct order order = {.lock = PTHREAD_MUTEX_INITIALIZER};
    struct mark marks[8];
    crew_future *f = crew_submit(ex, wait_at, &gate), *canceled = crew_submit(ex, wait_at, &gate);
    for (int i = 0; i < 8; i++)
        marks[i] = (struct mark){&order, i};
    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(crew_future_on_done(f, note_done, &marks[i]), 0);
    if (has_threads()) {
        ck_assert_int_eq(order.count, 0);
        ck_assert_int_eq(crew_future_on_done(canceled, note_done, &marks[5]), 0);
        ck_assert(crew_future_cancel(canceled));
        ck_assert_int_eq(order.count, 1);
        ck_assert_int_eq(order.seen[0], 5);
        order.count = 0;
    }
    atomic_store(&gate.open, 1);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    ck_assert_int_eq(crew_future_on_done(f, note_done, &marks[6]), 0); /* at once */
    ck_assert_int_eq(order.count, 6);
    for (int i = 0; i < 6; i++)
        ck_assert_int_eq(order.seen[i], i < 5 ? i : 6);
    crew_future_release(f);
    crew_future_release(canceled);
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

static void *open_later(void *arg)
{
    usleep(20000);
    atomic_store(&((struct gate *)arg)->open, 1);
    return NULL;
}

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
    for (int round = 0; round < ORACLE_THREADS; round++) {
        for (size_t limit = 0; limit < 3; limit++) {
            crew_executor *ex =
                crew_executor_open(&(crew_executor_options){.threads = oracle_threads[round], .queue_limit = limit});
            ck_assert_ptr_nonnull(ex);
            struct nest n = {ex, 7};
            ck_assert_int_eq(result_of(crew_submit(ex, submit_and_wait, &n)), 128);
            ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
        }
    }
}
END_TEST

struct ring {
    crew_executor *ex;
    crew_future *a, *b;
    atomic_int ready;
    int codes[2];
};

static int wait_for_b(void *arg)
{
    struct ring *r = arg;
    wait_for(&r->ready, 1);
    r->codes[0] = crew_future_wait(r->b, -1);
    return 0;
}

static int wait_for_a(void *arg)
{
    struct ring *r = arg;
    wait_for(&r->ready, 1);
    r->codes[1] = crew_future_wait(r->a, -1);
    return 0;
}

static int wait_for_self(void *arg)
{
    struct ring *r = arg;
    wait_for(&r->ready, 1);
    r->codes[0] = crew_future_wait(r->a, -1);
    r->codes[1] = crew_wait(&r->a, 1, CREW_WAIT_ANY, -1);
    return 0;
}

START_TEST(wait_cycles_are_found)
{
    if (!has_threads())
        return;
    for (int round = 0; round < ORACLE_THREADS; round++) {
        crew_executor *ex = open_with(oracle_threads[round]);
        struct ring r = {.ex = ex};
        r.a = crew_submit(ex, wait_for_self, &r);
        atomic_store(&r.ready, 1);
        ck_assert_int_eq(crew_future_wait(r.a, -1), 0);
        ck_assert_int_eq(r.codes[0], -EDEADLK);
        ck_assert_int_eq(r.codes[1], -EDEADLK);
        crew_future_release(r.a);

        r = (struct ring){.ex = ex};
        r.a = crew_submit(ex, wait_for_b, &r);
        r.b = crew_submit(ex, wait_for_a, &r);
        atomic_store(&r.ready, 1);
        ck_assert_int_eq(crew_future_wait(r.a, -1), 0);
        ck_assert_int_eq(crew_future_wait(r.b, -1), 0);
        /* One of them is told, and then the other one's wait ends. */
        ck_assert_int_eq(r.codes[0] + r.codes[1], -EDEADLK);
        crew_future_release(r.a);
        crew_future_release(r.b);
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    }
}
END_TEST

static int give_13(void *arg)
{
    (void)arg;
    return 13;
}

START_TEST(dependencies)
{
    for (int round = 0; round < ORACLE_THREADS; round++) {
        crew_executor *ex = open_with(oracle_threads[round]);
        struct order order = {.lock = PTHREAD_MUTEX_INITIALIZER};
        struct mark marks[10];
        crew_future *f[10];
        for (int i = 0; i < 10; i++) {
            marks[i] = (struct mark){&order, i};
            f[i] = crew_submit_after(ex, note_task, &marks[i], f, (size_t)i); /* all before it */
            ck_assert_ptr_nonnull(f[i]);
        }
        ck_assert_int_eq(crew_wait(f, 10, CREW_WAIT_ALL, -1), 0);
        for (int i = 0; i < 10; i++) {
            ck_assert_int_eq(order.seen[i], i);
            crew_future_release(f[i]);
        }
        atomic_int count = 0;
        crew_future *bad = crew_submit(ex, give_13, NULL), *good = crew_submit(ex, add_one, &count);
        crew_future *after = crew_submit_after(ex, add_one, &count, (crew_future *[]){good, bad}, 2);
        crew_future *later = crew_submit_after(ex, add_one, &count, &after, 1);
        int result = 0;
        ck_assert_int_eq(crew_future_result(later, &result), -ECANCELED);
        ck_assert_int_eq(result, 13);
        ck_assert_int_eq(crew_future_result(after, &result), -ECANCELED);
        ck_assert_int_eq(result, 13);
        crew_future_release(bad);
        crew_future_release(good);
        crew_future_release(after);
        crew_future_release(later);
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
        ck_assert_int_eq(count, 1);
    }
}
END_TEST

START_TEST(waits)
{
    crew_executor *ex = open_with(3);
    struct gate gate = {.open = !has_threads()};
    crew_future *f[3] = {crew_submit(ex, wait_at, &gate), crew_submit(ex, wait_at, &gate), crew_submit(ex, give_13, NULL)};
    ck_assert_int_eq(crew_wait(f, 3, CREW_WAIT_ANY, -1), 0);
    ck_assert_int_eq(crew_wait(f, 3, CREW_WAIT_FIRST_FAILURE, -1), 0);
    ck_assert_int_eq(crew_future_wait(f[2], -1), 0);
    ck_assert_int_eq(crew_wait(f, 3, CREW_WAIT_ALL, 0.01), has_threads() ? -ETIMEDOUT : 0);
    ck_assert_int_eq(crew_wait(f, 2, CREW_WAIT_ANY, 0.01), has_threads() ? -ETIMEDOUT : 0);
    ck_assert_int_eq(crew_wait((crew_future *[]){f[0], NULL}, 2, CREW_WAIT_ALL, 0), -EINVAL);
    atomic_store(&gate.open, 1);
    ck_assert_int_eq(crew_wait(f, 3, CREW_WAIT_ALL, -1), 0);
    for (int i = 0; i < 3; i++)
        crew_future_release(f[i]);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
}
END_TEST

START_TEST(completion_order)
{
    for (int round = 0; round < ORACLE_THREADS; round++) {
        crew_executor *ex = open_with(oracle_threads[round]);
        crew_future *f[100];
        int values[100];
        for (int i = 0; i < 100; i++) {
            values[i] = i;
            f[i] = crew_submit(ex, give_back, &values[i]);
        }
        crew_completion *set = crew_completion_open(f, 100);
        ck_assert_ptr_nonnull(set);
        bool seen[100] = {false};
        for (int i = 0; i < 100; i++) {
            crew_future *next = crew_next_done(set);
            ck_assert_ptr_nonnull(next);
            ck_assert_int_eq(crew_future_status(next), CREW_FUTURE_DONE);
            int value = result_of(next);
            ck_assert(!seen[value]);
            seen[value] = true;
        }
        errno = 1;
        ck_assert_ptr_null(crew_next_done(set));
        ck_assert_int_eq(errno, 0);
        ck_assert_int_eq(crew_completion_add(set, f[0]), 0);
        crew_completion_close(set); /* with one that was not given */
        for (int i = 0; i < 100; i++)
            crew_future_release(f[i]);
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    }
}
END_TEST

START_TEST(completion_waits)
{
    if (!has_threads())
        return;
    crew_executor *ex = open_with(1);
    struct gate gate = {0};
    crew_future *f = crew_submit(ex, wait_at, &gate);
    crew_completion *set = crew_completion_open(&f, 1);
    ck_assert_ptr_nonnull(set);
    ck_assert_ptr_null(crew_next_done_within(set, 0.01));
    ck_assert_int_eq(errno, ETIMEDOUT);
    crew_completion_close(set); /* before its future ends */
    atomic_store(&gate.open, 1);
    ck_assert_int_eq(result_of(f), 7);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
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
        ck_assert_ptr_null(crew_executor_open(
            &(crew_executor_options){.threads = oracle_threads[round], .initializer = refuse, .ctx = &alive}));
        ck_assert_int_eq(errno, ENOSPC);
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

START_TEST(shutdown)
{
    crew_executor *ex = open_with(2);
    ck_assert_int_eq(result_of(crew_submit(ex, shut_down_own, ex)), -EDEADLK);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    if (!has_threads())
        return;
    ex = open_with(1);
    struct gate gate = {0};
    struct nest more = {ex, 0};
    crew_future *busy = crew_submit(ex, wait_at, &gate), *pending = crew_submit(ex, give_13, NULL);
    crew_future *blocked = crew_submit_after(ex, give_13, NULL, &busy, 1);
    wait_for(&gate.waiting, 1);
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, open_later, &gate), 0);
    ck_assert_int_eq(crew_executor_shutdown(ex, CREW_CANCEL_PENDING), 0);
    pthread_join(thread, NULL);
    ck_assert_int_eq(result_of(busy), 7);
    ck_assert_int_eq(crew_future_status(pending), CREW_FUTURE_CANCELED);
    ck_assert_int_eq(crew_future_status(blocked), CREW_FUTURE_CANCELED);
    crew_future_release(pending);
    crew_future_release(blocked);

    ex = more.ex = open_with(1);
    struct gate second = {0};
    crew_future *f = crew_submit(ex, wait_at, &second), *late = crew_submit(ex, submit_more, &more);
    ck_assert_int_eq(pthread_create(&thread, NULL, open_later, &second), 0);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0); /* waits for both */
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
        for (size_t ahead = 0; ahead < 40; ahead += 13) {
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
    x[0] = crew_sum_f64(x, 30000);
    return 0;
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
            expected = crew_sum_f64(x, 30000);
        ck_assert_int_eq(result_of(crew_submit(ex, sum_in_task, x)), 0);
        ck_assert_mem_eq(&x[0], &expected, sizeof expected);
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    }
    free(x);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("executor");
    TCase *tc = parallel_case(suite, "executor");
    tcase_add_test(tc, results);
    tcase_add_test(tc, default_executor);
    tcase_add_test(tc, arguments);
    tcase_add_test(tc, copies_its_argument);
    tcase_add_test(tc, fire_and_forget);
    tcase_add_test(tc, cancel_and_states);
    tcase_add_test(tc, callbacks_in_order);
    tcase_add_test(tc, priorities);
    tcase_add_test(tc, bounded_queue);
    tcase_add_test(tc, nested_submits_do_not_deadlock);
    tcase_add_test(tc, wait_cycles_are_found);
    tcase_add_test(tc, dependencies);
    tcase_add_test(tc, waits);
    tcase_add_test(tc, completion_order);
    tcase_add_test(tc, completion_waits);
    tcase_add_test(tc, workers_have_values);
    tcase_add_test(tc, shutdown);
    tcase_add_test(tc, map);
    tcase_add_test(tc, loops_inside);
    return run_suite(suite);
}
