/* Executors with processes: what executor.h promises, and that a dead worker fails its own task only. */
#define _GNU_SOURCE
#include "process_test.h"
#include <crew/executor.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#ifdef _OPENMP
#include <omp.h>
#endif

static crew_executor *open_processes(int processes, const crew_process_options *options)
{
    crew_executor *ex =
        crew_executor_open(&(crew_executor_options){.processes = processes, .process_options = options});
    ck_assert_msg(ex != NULL, "%d processes: errno %d", processes, errno);
    return ex;
}

static int square(void *arg)
{
    return *(int *)arg * *(int *)arg;
}

static int result_of(crew_future *f)
{
    int result = -1;
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(crew_future_result(f, &result), 0);
    ck_assert_int_eq(crew_future_status(f), CREW_FUTURE_DONE);
    crew_future_release(f);
    return result;
}

static int process_of(void *arg)
{
    return getpid() == *(pid_t *)arg ? 0 : 1;
}

START_TEST(tasks_run_in_processes)
{
    enum { N = 200 };
    crew_future *f[N];
    crew_executor_shutdown(open_processes(process_counts[_i], NULL), 0); /* stacks of threads are kept */
    struct footprint before = footprint();
    crew_executor *ex = open_processes(process_counts[_i], NULL);
    for (int i = 0; i < N; i++)
        f[i] = crew_submit_copy(ex, square, &i, sizeof i);
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(result_of(f[i]), i * i);
    pid_t self = getpid();
    ck_assert_int_eq(result_of(crew_submit_copy(ex, process_of, &self, sizeof self)), 1);
    ck_assert_int_ge(crew_executor_threads(ex), 1);
    ck_assert_int_le(crew_executor_threads(ex), process_counts[_i]);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    check_nothing_left(before);
}
END_TEST

static int sum_of_bytes(void *arg)
{
    const unsigned char *p = arg;
    size_t n;
    memcpy(&n, p, sizeof n);
    unsigned sum = 0;
    for (size_t i = sizeof n; i < n; i++)
        sum = (sum * 31 + p[i]) % 1000003;
    return (int)sum;
}

START_TEST(arguments_of_any_size)
{
    const size_t sizes[] = {9, 100, 65535, 65536, 65537, 131072, 1000000};
    uint64_t seed = oracle_seed();
    crew_executor *ex = open_processes(2, NULL);
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        unsigned char *p = malloc(sizes[k]);
        for (size_t i = 0; i < sizes[k]; i++)
            p[i] = (unsigned char)oracle_random(&seed);
        memcpy(p, &sizes[k], sizeof sizes[k]);
        ck_assert_int_eq(result_of(crew_submit_copy(ex, sum_of_bytes, p, sizes[k])), sum_of_bytes(p));
        free(p);
    }
    int *shared = crew_shared_alloc(sizeof *shared);
    crew_executor_shutdown(ex, 0);
    ex = open_processes(1, NULL); /* which knows the memory */
    *shared = 12;
    ck_assert_int_eq(result_of(crew_submit(ex, square, shared)), 144);
    crew_shared_free(shared);
    crew_executor_shutdown(ex, 0);
}
END_TEST

static int accident(void *arg)
{
    switch (*(int *)arg) {
    case 1:
        raise(SIGSEGV);
        break;
    case 2:
        exit(9);
    case 3:
        for (;;)
            pause();
    default:
        break;
    }
    return 100 + *(int *)arg;
}

static int accident_of(int i)
{
    return i % 30 == 3 ? 3 : i % 10 < 3 ? i % 10 : 0;
}

START_TEST(a_death_fails_its_own_task)
{
    enum { N = 60 };
    crew_future *f[N];
    crew_executor_shutdown(open_processes(process_counts[_i], NULL), 0); /* stacks of threads are kept */
    struct footprint before = footprint();
    crew_process_options options = {.item_timeout = 1}; /* the others take less on a machine that is busy too */
    crew_executor *ex = open_processes(process_counts[_i], &options);
    for (int i = 0; i < N; i++) {
        int what = accident_of(i);
        f[i] = crew_submit_copy(ex, accident, &what, sizeof what);
    }
    for (int i = 0; i < N; i++) {
        int what = accident_of(i), signal = -1, code = -1, result = result_of(f[i]);
        ck_assert_int_eq(crew_process_died(result, &signal, &code), what > 0);
        if (what == 0)
            ck_assert_int_eq(result, 100);
        else if (what == 2)
            ck_assert(signal == 0 && code == 9);
        else
            ck_assert_int_eq(signal, what == 1 ? SIGSEGV : SIGKILL);
        ck_assert_int_eq(strstr(crew_strerror(result), "item_timeout") != NULL, what == 3);
    }
    crew_executor_shutdown(ex, 0);
    check_nothing_left(before);
}
END_TEST

static int third_time(void *arg)
{
    atomic_int *tries = *(atomic_int **)arg;
    if (atomic_fetch_add(tries, 1) < 2)
        raise(SIGKILL);
    return 5;
}

START_TEST(a_task_is_tried_again)
{
    atomic_int *tries = crew_shared_alloc(sizeof *tries);
    for (int retries = 0; retries < 3; retries++) {
        crew_process_options options = {.retries = retries};
        crew_executor *ex = open_processes(2, &options);
        atomic_store(tries, 0);
        int result = result_of(crew_submit_copy(ex, third_time, &tries, sizeof tries));
        ck_assert_int_eq(crew_process_died(result, NULL, NULL), retries < 2);
        ck_assert(retries < 2 || result == 5);
        ck_assert_int_eq(*tries, retries + 1);
        crew_executor_shutdown(ex, 0);
    }
    crew_shared_free(tries);
}
END_TEST

static atomic_int *finalized;

static int make_local(void **local, void *ctx)
{
    *local = malloc(sizeof(int));
    **(int **)local = *(int *)ctx;
    return 0;
}

static void free_local(void *local, void *ctx)
{
    (void)ctx;
    free(local);
    atomic_fetch_add(finalized, 1);
}

static int read_local(void *arg)
{
    (void)arg;
    int *local = crew_executor_local();
    return local ? (*local)++ : -1;
}

static int fail_to_initialize(void **local, void *ctx)
{
    (void)local;
    (void)ctx;
    return -EBUSY;
}

START_TEST(initializers_and_finalizers_run_in_workers)
{
    int ten = 10;
    finalized = crew_shared_alloc(sizeof *finalized);
    crew_process_options options = {.max_items = 3};
    crew_executor *ex = crew_executor_open(&(crew_executor_options){
        .processes = 1, .initializer = make_local, .finalizer = free_local, .ctx = &ten, .process_options = &options});
    ck_assert_ptr_nonnull(ex);
    for (int i = 0; i < 7; i++)
        ck_assert_int_eq(result_of(crew_submit(ex, read_local, NULL)), 10 + i % 3);
    ck_assert_ptr_null(crew_executor_local());
    crew_executor_shutdown(ex, 0);
    ck_assert_int_eq(*finalized, 3);
    crew_shared_free(finalized);
    errno = 0;
    ck_assert_ptr_null(crew_executor_open(&(crew_executor_options){.processes = 2, .initializer = fail_to_initialize}));
    ck_assert_int_eq(errno, EBUSY);
    options = (crew_process_options){.retries = -1};
    ck_assert_ptr_null(crew_executor_open(&(crew_executor_options){.processes = 2, .process_options = &options}));
    ck_assert_int_eq(errno, EINVAL);
    errno = 0;
    options = (crew_process_options){.item_timeout = -1};
    ck_assert_ptr_null(crew_executor_open(&(crew_executor_options){.processes = 2, .process_options = &options}));
    ck_assert_int_eq(errno, EINVAL);
}
END_TEST

static int gets_nothing(size_t index, const void *in, void *out, void *ctx)
{
    (void)ctx;
    return in || out ? 9 : (int)(index == 17) * 4;
}

static int count_items(size_t index, const void *out, void *ctx)
{
    *(size_t *)ctx += out ? 1000 : index + 1;
    return 0;
}

/* Items without bytes in worker processes and in threads: only how each ended comes back. */
START_TEST(items_without_bytes)
{
    for (int processes = 0; processes < 3; processes += 2) {
        crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = 2, .processes = processes});
        ck_assert_ptr_nonnull(ex);
        size_t sum = 0;
        ck_assert_int_eq(crew_executor_map_with(ex, NULL, 0, 0, 10, gets_nothing, count_items, &sum, NULL), 0);
        ck_assert_uint_eq(sum, 55);
        ck_assert_int_eq(crew_executor_map_with(ex, NULL, 0, 0, 30, gets_nothing, NULL, NULL, NULL), 4);
        crew_executor_shutdown(ex, 0);
    }
}
END_TEST

static int nap(void *arg)
{
    usleep(1000 * (useconds_t) * (int *)arg);
    return *(int *)arg;
}

static int wait_until_open(void *arg)
{
    atomic_int *open = *(atomic_int **)arg;
    while (!atomic_load(open))
        usleep(1000);
    return 0;
}

static void count_done(crew_future *f, void *ctx)
{
    (void)f;
    atomic_fetch_add((atomic_int *)ctx, 1);
}

START_TEST(futures_keep_their_promises)
{
    enum { N = 12 };
    bool threads = strcmp(crew_backend(), "sequential") != 0;
    crew_future *f[N];
    atomic_int done = 0, *open = crew_shared_alloc(sizeof *open);
    ck_assert_ptr_nonnull(open);
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.processes = 2, .queue_limit = 3});
    ck_assert_ptr_nonnull(ex);
    int two = 2, crash = 1, three = 3;
    for (int i = 0; i < N; i++) {
        f[i] = crew_submit_copy(ex, nap, &two, sizeof two); /* waits where the queue is full */
        ck_assert_int_eq(crew_future_on_done(f[i], count_done, &done), 0);
    }
    ck_assert_int_eq(crew_wait(f, N, CREW_WAIT_ALL, -1), 0);
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(result_of(f[i]), 2);
    while (done < N)
        usleep(1000);
    f[0] = crew_submit_copy(ex, accident, &crash, sizeof crash);
    f[1] = crew_submit_after(ex, square, NULL, &f[0], 1); /* never runs */
    ck_assert_int_eq(crew_wait(f, 2, CREW_WAIT_FIRST_FAILURE, -1), 0);
    int result = 0;
    ck_assert_int_eq(crew_future_result(f[1], &result), -ECANCELED);
    ck_assert(crew_process_died(result, NULL, NULL));
    crew_future_release(f[0]);
    crew_future_release(f[1]);
    crew_submit_options with_copy = {.copy = sizeof three, .priority = CREW_PRIORITY_HIGH};
    ck_assert_int_eq(crew_submit_with(ex, square, &three, NULL, &with_copy), 0);
    if (threads) {
        for (int i = 0; i < 5; i++)
            f[i] = crew_submit_copy(ex, wait_until_open, &open, sizeof open);
        ck_assert(crew_future_cancel(f[4]));
        ck_assert_int_eq(crew_future_wait(f[0], 0.01), -ETIMEDOUT);
        atomic_store(open, 1);
        ck_assert_int_eq(crew_executor_shutdown(ex, CREW_CANCEL_PENDING), 0);
        for (int i = 0; i < 5; i++) {
            int code = crew_future_result(f[i], &result);
            ck_assert(i < 4 ? code == 0 || code == -ECANCELED : code == -ECANCELED);
            crew_future_release(f[i]);
        }
    } else {
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    }
    crew_shared_free(open);
}
END_TEST

static int triple(const void *in, void *out, void *ctx)
{
    const size_t *sizes = ctx;
    for (size_t k = 0; k < sizes[1]; k++)
        ((unsigned char *)out)[k] = (unsigned char)(3 * ((const unsigned char *)in)[k % sizes[0]] + k);
    return *(const unsigned char *)in == 250 ? 9 : 0;
}

struct expected {
    const unsigned char *in;
    const size_t *sizes;
    size_t next;
};

static int check_each(size_t index, const void *out, void *ctx)
{
    (void)ctx;
    const struct {
        size_t sizes[2];
        struct expected *e;
    } *both = ctx; /* ctx is the kernel's too */
    struct expected *e = both->e;
    unsigned char *own = malloc(e->sizes[1]);
    ck_assert_uint_eq(index, e->next++);
    triple(e->in + index * e->sizes[0], own, (void *)(uintptr_t)e->sizes);
    ck_assert_mem_eq(out, own, e->sizes[1]);
    free(own);
    return 0;
}

START_TEST(an_ordered_map)
{
    const size_t shapes[][2] = {{1, 1}, {8, 100}, {100, 200000}, {200000, 3}};
    struct {
        size_t sizes[2];
        void *expected;
    } ctx;
    struct expected e;
    ctx.expected = &e;
    for (size_t z = 0; z < sizeof shapes / sizeof *shapes; z++) {
        memcpy(ctx.sizes, shapes[z], sizeof ctx.sizes);
        crew_executor *ex = open_processes(2, NULL); /* it sees ctx as it is now */
        enum { N = 30 };
        unsigned char *in = malloc(N * ctx.sizes[0]);
        for (size_t i = 0; i < N * ctx.sizes[0]; i++)
            in[i] = (unsigned char)(i / ctx.sizes[0] + i % 5);
        e = (struct expected){in, ctx.sizes, 0};
        ck_assert_int_eq(crew_executor_map(ex, in, ctx.sizes[0], ctx.sizes[1], N, triple, check_each, &ctx, 0), 0);
        ck_assert_uint_eq(e.next, N);
        in[20 * ctx.sizes[0]] = 250;
        e.next = 0;
        ck_assert_int_eq(crew_executor_map(ex, in, ctx.sizes[0], ctx.sizes[1], N, triple, check_each, &ctx, 0), 9);
        ck_assert_uint_eq(e.next, 20);
        free(in);
        crew_executor_shutdown(ex, 0);
    }
}
END_TEST

static int submit_inside(void *arg)
{
    crew_executor *parents = *(crew_executor **)arg;
    int four = 4, value = 0;
    crew_future *f = crew_submit_copy(NULL, square, &four, sizeof four);
    if (!f || crew_future_result(f, &value) != 0)
        return -1;
    crew_future_release(f);
    errno = 0;
    f = parents ? crew_submit_copy(parents, square, &four, sizeof four) : NULL;
    return f ? -2 : value;
}

START_TEST(tasks_that_submit)
{
    crew_executor *ex = open_processes(2, NULL), *none = NULL;
    ck_assert_int_eq(result_of(crew_submit_copy(ex, submit_inside, &none, sizeof none)), 16);
    crew_executor_shutdown(ex, 0);
}
END_TEST

static int hang_at_start(void **local, void *ctx)
{
    (void)local;
    while (!ctx)
        pause();
    return 0;
}

START_TEST(an_initializer_that_hangs_opens_nothing)
{
    crew_process_options options = {.item_timeout = 0.1};
    struct footprint before = footprint();
    errno = 0;
    ck_assert_ptr_null(crew_executor_open(
        &(crew_executor_options){.processes = 2, .process_options = &options, .initializer = hang_at_start}));
    ck_assert_int_eq(errno, ECHILD);
    ck_assert_int_eq(footprint().processes, before.processes);
}
END_TEST

static int own_process(void *arg)
{
    (void)arg;
    return (int)getpid();
}

/* Row 2 of the traps: a worker that has died or stands still between two tasks holds nobody up, however much is to be
   sent to it; and no task is charged for it. */
START_TEST(an_idle_worker_dies_or_stops)
{
    enum { LARGE = 300000 };
    crew_process_options options = {.item_timeout = 1};
    crew_executor *ex = open_processes(1, &options);
    unsigned char *p = calloc(1, LARGE);
    ck_assert_ptr_nonnull(p);
    const size_t sizes[] = {sizeof(size_t), LARGE};
    for (int k = 0; k < 2; k++) {
        pid_t worker = result_of(crew_submit_copy(ex, own_process, &k, sizeof k));
        ck_assert_int_eq(kill(worker, _i == 0 ? SIGKILL : SIGSTOP), 0);
        memcpy(p, &sizes[k], sizeof sizes[k]);
        ck_assert_int_eq(result_of(crew_submit_copy(ex, sum_of_bytes, p, sizes[k])), sum_of_bytes(p));
    }
    free(p);
    crew_executor_shutdown(ex, 0);
}
END_TEST

static int at_opening = 1;

static int what_it_sees(void *arg)
{
    (void)arg;
    return at_opening;
}

/* Row 11: the workers of an executor, later ones too, see memory as it was when that was opened. Row 3: the thread that
   opens it may end. */
static void *open_in_a_thread(void *opened)
{
    *(crew_executor **)opened = open_processes(1, NULL);
    return NULL;
}

START_TEST(memory_is_seen_as_it_was_at_opening)
{
    pthread_t thread;
    crew_executor *ex;
    int nothing = 0;
    ck_assert_int_eq(pthread_create(&thread, NULL, open_in_a_thread, &ex), 0);
    pthread_join(thread, NULL);
    at_opening = 2;
    ck_assert_int_eq(result_of(crew_submit_copy(ex, what_it_sees, &nothing, sizeof nothing)), 1);
    pid_t worker = result_of(crew_submit_copy(ex, own_process, &nothing, sizeof nothing));
    kill(worker, SIGKILL);
    ck_assert_int_eq(result_of(crew_submit_copy(ex, what_it_sees, &nothing, sizeof nothing)), 1);
    crew_executor_shutdown(ex, 0);
}
END_TEST

START_TEST(many_pools)
{
    crew_executor_shutdown(open_processes(2, NULL), 0); /* stacks of threads are kept */
    struct footprint before = footprint();
    for (int k = 0; k < (TESTS_SANITIZED ? 50 : 300); k++) {
        crew_executor *ex = open_processes(1 + k % 3, NULL);
        ck_assert_int_eq(result_of(crew_submit_copy(ex, square, &k, sizeof k)), k * k);
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    }
    ck_assert_int_eq(footprint().processes, before.processes);
    ck_assert_int_eq(footprint().descriptors, before.descriptors);
}
END_TEST

static void check_not_registered(pid_t pid)
{
    char path[96];
    snprintf(path, sizeof path, "/dev/shm/__KMP_REGISTERED_LIB_%d_%d", (int)pid, (int)getuid());
    ck_assert_msg(access(path, F_OK) != 0, "%s is left", path);
}

/* libomp, once it is in use, registers each process that is forked. */
START_TEST(no_registration_is_left)
{
#ifdef _OPENMP
    ck_assert_int_ge(omp_get_max_threads(), 1);
#endif
    int nothing = 0;
    crew_executor *ex = open_processes(1, NULL);
    pid_t killed = result_of(crew_submit_copy(ex, own_process, &nothing, sizeof nothing));
    kill(killed, SIGKILL);
    pid_t last = result_of(crew_submit_copy(ex, own_process, &nothing, sizeof nothing));
    ck_assert_int_ne(killed, last);
    crew_executor_shutdown(ex, 0);
    check_not_registered(killed);
    check_not_registered(last);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("process_executor");
    TCase *tc = tcase_create("executor");
    tcase_set_timeout(tc, 120);
    suite_add_tcase(suite, tc);
    tcase_add_loop_test(tc, tasks_run_in_processes, 0, PROCESS_COUNTS);
    tcase_add_test(tc, items_without_bytes);
    tcase_add_test(tc, arguments_of_any_size);
    tcase_add_loop_test(tc, a_death_fails_its_own_task, 0, PROCESS_COUNTS);
    tcase_add_test(tc, a_task_is_tried_again);
    tcase_add_test(tc, initializers_and_finalizers_run_in_workers);
    tcase_add_test(tc, futures_keep_their_promises);
    tcase_add_test(tc, an_ordered_map);
    tcase_add_test(tc, tasks_that_submit);
    tcase_add_test(tc, an_initializer_that_hangs_opens_nothing);
    tcase_add_loop_test(tc, an_idle_worker_dies_or_stops, 0, 2);
    tcase_add_test(tc, memory_is_seen_as_it_was_at_opening);
    tcase_add_test(tc, many_pools);
    tcase_add_test(tc, no_registration_is_left);
    return run_suite(suite);
}
