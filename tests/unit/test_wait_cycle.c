/* Waits for oneself: of any length, through loops, forks, maps and sets, and soon. */
#define _DEFAULT_SOURCE
#include "../support/sanitized.h"
#include "executor_test.h"
#include <errno.h>
#include <time.h>

/* Of processors: what a search through too many ways takes, and not what others take of the machine. */
static double seconds_used(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* A task that waits for a future which is made after it. */
struct self {
    crew_executor *ex;
    crew_future *own, *target;
    atomic_int ready, told, begun;
};

static int wait_for_target(void *arg)
{
    struct self *s = arg;
    wait_for(&s->ready, 1);
    return crew_future_wait(s->target, -1);
}

static int wait_for_target_in_set(void *arg)
{
    struct self *s = arg;
    wait_for(&s->ready, 1);
    return crew_wait(&s->target, 1, CREW_WAIT_ANY, -1);
}

/* Everything that is after s->own waits for it, so s->own cannot wait for that. */
static void check_told(struct self *s)
{
    atomic_store(&s->ready, 1);
    double begin = seconds_used();
    ck_assert_int_eq(result_of(s->own), -EDEADLK);
    ck_assert(TESTS_SANITIZED || seconds_used() - begin < 5);
    if (s->target != s->own)
        crew_future_release(s->target);
}

static const int lengths[] = {
    0, 1, 2, 3, 60, 61, 62, 63, 64, 65, 66, 100, TESTS_VALGRIND ? 150 : 1000, TESTS_VALGRIND ? 200 : 100000};
enum { LENGTHS = sizeof lengths / sizeof *lengths };

START_TEST(chains)
{
    for (int k = 0; k < LENGTHS; k++) {
        struct self s = {.ex = open_with(1 + _i % 2)};
        s.own = crew_submit(s.ex, _i < 2 ? wait_for_target : wait_for_target_in_set, &s);
        atomic_int count = 0;
        s.target = s.own;
        for (int i = 0; i < lengths[k]; i++) {
            crew_future *next = crew_submit_after(s.ex, add_one, &count, &s.target, 1);
            if (s.target != s.own)
                crew_future_release(s.target);
            s.target = next;
        }
        check_told(&s);
        ck_assert_int_eq(crew_executor_shutdown(s.ex, 0), 0);
        ck_assert_int_eq(count, 0); /* they come after a failure */
    }
}
END_TEST

static int zero;

/* Layers of futures, each after all of the layer below: width^layers ways from the top to the bottom. */
static crew_future *ladder_after(crew_executor *ex, crew_future *bottom, int layers, int width)
{
    crew_future *below[8], *layer[8];
    ck_assert_int_le(width, 8);
    for (int i = 0; i < width; i++)
        below[i] = crew_future_retain(bottom);
    for (int k = 0; k < layers; k++) {
        for (int i = 0; i < width; i++)
            layer[i] = crew_submit_after(ex, give_back, &zero, below, (size_t)width);
        for (int i = 0; i < width; i++) {
            crew_future_release(below[i]);
            below[i] = layer[i];
        }
    }
    for (int i = 1; i < width; i++)
        crew_future_release(below[i]);
    return below[0];
}

START_TEST(ladders)
{
    for (int width = 2; width <= 8; width += 3) {
        struct self s = {.ex = open_with(2)};
        s.own = crew_submit(s.ex, wait_for_target, &s);
        s.target = ladder_after(s.ex, s.own, 2000, width);
        check_told(&s);
        ck_assert_int_eq(crew_executor_shutdown(s.ex, 0), 0);

        /* The same where the wait is right, and takes no time beyond the tasks'. */
        struct gate gate = {0};
        struct self other = {.ex = open_with(2)};
        crew_future *bottom = crew_submit(other.ex, wait_at, &gate);
        crew_future *first = crew_submit_after(other.ex, give_back, &zero, NULL, 0);
        other.target = ladder_after(other.ex, first, 300, width);
        other.own = crew_submit(other.ex, wait_for_target, &other);
        atomic_store(&other.ready, 1);
        usleep(5000);
        atomic_store(&gate.open, 1);
        double begin = seconds_used();
        ck_assert_int_eq(result_of(other.own), 0);
        ck_assert(TESTS_SANITIZED || seconds_used() - begin < 5);
        ck_assert_int_eq(result_of(bottom), 7);
        crew_future_release(first);
        crew_future_release(other.target);
        ck_assert_int_eq(crew_executor_shutdown(other.ex, 0), 0);
    }
}
END_TEST

/* Rings of tasks, each of which waits for the next: one is told, and all end. */
struct ring {
    crew_future *f[64];
    int n;
    atomic_int ready, told, others;
    bool sets;
};

struct member {
    struct ring *ring;
    int at;
};

static int wait_for_next(void *arg)
{
    const struct member *m = arg;
    struct ring *r = m->ring;
    wait_for(&r->ready, 1);
    crew_future *next = r->f[(m->at + 1) % r->n];
    int code = r->sets ? crew_wait(&next, 1, CREW_WAIT_ANY, -1) : crew_future_wait(next, -1);
    if (code == -EDEADLK)
        atomic_fetch_add(&r->told, 1);
    else if (code)
        atomic_fetch_add(&r->others, 1);
    return 0;
}

START_TEST(rings)
{
    static const int sizes[] = {1, 2, 3, 5, 8, 64};
    for (int k = 0; k < 6; k++) {
        for (int threads = 1; threads <= 3; threads++) {
            crew_executor *ex = open_with(threads);
            struct ring r = {.n = sizes[k], .sets = _i};
            struct member m[64];
            for (int i = 0; i < r.n; i++) {
                m[i] = (struct member){&r, i};
                r.f[i] = crew_submit(ex, wait_for_next, &m[i]);
            }
            atomic_store(&r.ready, 1);
            ck_assert_int_eq(crew_wait(r.f, (size_t)r.n, CREW_WAIT_ALL, -1), 0);
            for (int i = 0; i < r.n; i++)
                ck_assert_int_eq(result_of(r.f[i]), 0);
            ck_assert_int_ge(r.told, 1);
            ck_assert(r.told == 1 || r.n > 2 || r.sets);
            ck_assert_int_eq(r.others, 0);
            ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
        }
    }
}
END_TEST

/* Parts of a task that wait for the task: on its own thread and on others. */
static int wait_in_block(size_t begin, size_t end, void *ctx)
{
    struct self *s = ctx;
    for (size_t i = begin; i < end; i++) {
        atomic_fetch_add(&s->begun, 1);
        for (int round = 0; atomic_load(&s->begun) < 2 && round < 200; round++) /* best on two threads */
            usleep(100);
        if (crew_future_wait(s->own, -1) == -EDEADLK)
            atomic_fetch_add(&s->told, 1);
    }
    return 0;
}

static int loop_inside(void *arg)
{
    struct self *s = arg;
    wait_for(&s->ready, 1);
    return crew_for(4, wait_in_block, s, NULL);
}

static int wait_for_own(void *arg)
{
    return wait_in_block(0, 1, arg);
}

static int fork_inside(void *arg)
{
    struct self *s = arg;
    wait_for(&s->ready, 1);
    crew_task tasks[4];
    for (int i = 0; i < 4; i++)
        crew_fork(&tasks[i], wait_for_own, s);
    usleep(1000);
    for (int i = 4; i-- > 0;)
        crew_join(&tasks[i]);
    return 0;
}

static int invoke_inside(void *arg)
{
    struct self *s = arg;
    wait_for(&s->ready, 1);
    crew_call calls[4] = {{wait_for_own, s}, {wait_for_own, s}, {wait_for_own, s}, {wait_for_own, s}};
    return crew_invoke(calls, 4);
}

static int item_waits(const void *in, void *out, void *ctx)
{
    (void)in;
    (void)out;
    wait_in_block(0, 1, ctx);
    return 0;
}

static int map_inside(void *arg)
{
    struct self *s = arg;
    wait_for(&s->ready, 1);
    return crew_executor_map(s->ex, NULL, 0, 0, 4, item_waits, NULL, s, 4);
}

static int item_waits_first(const void *in, void *out, void *ctx)
{
    (void)in;
    struct self *s = ctx;
    *(int *)out = crew_future_wait(s->own, -1) == -EDEADLK;
    atomic_fetch_add(&s->told, *(int *)out);
    return 0;
}

/* While this takes its time, items wait already. */
static int take_slowly(size_t index, const void *out, void *ctx)
{
    (void)index;
    (void)ctx;
    usleep(20000);
    return *(const int *)out == 1 ? 0 : 5;
}

static int map_slowly_inside(void *arg)
{
    struct self *s = arg;
    wait_for(&s->ready, 1);
    return crew_executor_map(s->ex, NULL, 0, sizeof(int), 4, item_waits_first, take_slowly, s, 4);
}

static int run_inside(void *arg)
{
    return crew_run(fork_inside, arg, &(crew_options){.timeout = 100});
}

static crew_task_fn *const parts[] = {loop_inside, fork_inside,       invoke_inside,
                                      map_inside,  map_slowly_inside, run_inside};
enum { PARTS = sizeof parts / sizeof *parts };

START_TEST(parts_of_a_task)
{
    if (!has_threads())
        return; /* s.own is not known inside before it has ended */
    for (int threads = 1; threads <= 3; threads++) {
        struct self s = {.ex = open_with(threads)};
        s.own = crew_submit(s.ex, parts[_i], &s);
        atomic_store(&s.ready, 1);
        ck_assert_int_eq(result_of(s.own), 0);
        ck_assert_int_eq(s.told, 4);
        ck_assert_int_eq(crew_executor_shutdown(s.ex, 0), 0);
    }
}
END_TEST

/* One of several that a set waits for can end: no circle. Then all of them wait for the task: one, of which who comes
   last is told. */
struct several {
    crew_executor *ex;
    crew_future *own, *f[3];
    struct gate gate;
    atomic_int ready, begun;
};

static int wait_for_any(void *arg)
{
    struct several *s = arg;
    atomic_fetch_add(&s->begun, 1);
    wait_for(&s->ready, 1);
    crew_completion *set = crew_completion_open(s->f, 3);
    crew_future *first = crew_next_done(set);
    int code = first == s->f[1] ? 0 : 1;
    crew_future_release(first);
    crew_future *second = crew_next_done(set);
    code = second || code ? code : -errno;
    crew_future_release(second);
    crew_completion_close(set);
    return code;
}

static int wait_for_any_own(void *arg)
{
    struct several *s = arg;
    atomic_fetch_add(&s->begun, 1);
    wait_for(&s->ready, 1);
    return crew_future_wait(s->own, -1);
}

START_TEST(sets)
{
    if (!has_threads())
        return;
    struct several s = {.ex = open_with(4)};
    s.own = crew_submit(s.ex, wait_for_any, &s);
    s.f[0] = crew_submit(s.ex, wait_for_any_own, &s);
    s.f[1] = crew_submit(s.ex, wait_at, &s.gate);
    s.f[2] = crew_submit(s.ex, wait_for_any_own, &s);
    wait_for(&s.begun, 3); /* each on a worker of its own */
    wait_for(&s.gate.waiting, 1);
    atomic_store(&s.ready, 1);
    usleep(20000); /* best where all of them wait by now */
    atomic_store(&s.gate.open, 1);
    ck_assert_int_eq(crew_wait(s.f, 3, CREW_WAIT_ALL, -1), 0);
    ck_assert_int_eq(result_of(s.f[1]), 7);
    const int codes[] = {result_of(s.own), result_of(s.f[0]), result_of(s.f[2])};
    int told = 0;
    for (int i = 0; i < 3; i++) {
        ck_assert(codes[i] == 0 || codes[i] == -EDEADLK);
        told += codes[i] != 0;
    }
    ck_assert_int_ge(told, 1);
    ck_assert_int_eq(crew_executor_shutdown(s.ex, 0), 0);
}
END_TEST

/* Each of three waits for any of the other two: no future leads to itself by force, and none can end. */
struct knot {
    crew_future *f[3];
    atomic_int ready, told, others;
};

struct strand {
    struct knot *knot;
    int at;
};

static int wait_for_others(void *arg)
{
    const struct strand *s = arg;
    struct knot *k = s->knot;
    wait_for(&k->ready, 1);
    crew_future *others[2] = {k->f[(s->at + 1) % 3], k->f[(s->at + 2) % 3]};
    int code = crew_wait(others, 2, CREW_WAIT_ANY, -1);
    if (code == -EDEADLK)
        atomic_fetch_add(&k->told, 1);
    else if (code)
        atomic_fetch_add(&k->others, 1);
    return 0;
}

START_TEST(knots)
{
    if (!has_threads())
        return;
    for (int threads = 1; threads <= 4; threads++) {
        crew_executor *ex = open_with(threads);
        struct knot k = {.ready = 0};
        struct strand s[3];
        for (int i = 0; i < 3; i++) {
            s[i] = (struct strand){&k, i};
            k.f[i] = crew_submit(ex, wait_for_others, &s[i]);
        }
        atomic_store(&k.ready, 1);
        ck_assert_int_eq(crew_wait(k.f, 3, CREW_WAIT_ALL, -1), 0);
        for (int i = 0; i < 3; i++)
            ck_assert_int_eq(result_of(k.f[i]), 0);
        ck_assert_int_ge(k.told, 1);
        ck_assert_int_eq(k.others, 0);
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("wait_cycle");
    TCase *tc = parallel_case(suite, "wait_cycle");
    if (has_threads()) {
        tcase_add_loop_test(tc, chains, 0, 4);
        tcase_add_test(tc, ladders);
        tcase_add_loop_test(tc, rings, 0, 2);
    }
    tcase_add_loop_test(tc, parts_of_a_task, 0, PARTS);
    tcase_add_test(tc, sets);
    tcase_add_test(tc, knots);
    return run_suite(suite);
}
