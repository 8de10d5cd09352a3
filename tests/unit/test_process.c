/* crew_process_map against the loop that it equals, its options, and memory that workers share. */
#define _GNU_SOURCE
#include "../../lib/core/base/died.h"
#include "../support/sanitized.h"
#include "process_test.h"
#include <crew/executor.h>
#include <crew/for.h>
#include <crew/map.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/stat.h>

static crew_process_options with(int processes)
{
    return (crew_process_options){.processes = processes};
}

/* Any sizes: each byte out depends on all bytes in and on nothing else. */
static int mix(const void *in, void *out, void *ctx)
{
    const size_t *sizes = ctx;
    unsigned char sum = 17;
    for (size_t k = 0; k < sizes[0]; k++)
        sum = (unsigned char)(sum * 31 + ((const unsigned char *)in)[k]);
    for (size_t k = 0; k < sizes[1]; k++)
        ((unsigned char *)out)[k] = (unsigned char)(sum + k);
    return 0;
}

static void check_mix(int processes, size_t n, size_t in_size, size_t out_size, bool in_place, bool shared,
                      uint64_t *seed)
{
    enum { GUARD = 16 };
    size_t sizes[2] = {in_size, out_size}, failed;
    unsigned char *in = malloc(n * in_size + GUARD), *expected = malloc(n * out_size + GUARD),
                  *out = shared ? crew_shared_alloc(n * out_size + GUARD) : malloc(n * out_size + GUARD);
    ck_assert(in && out && expected);
    for (size_t k = 0; k < n * in_size + GUARD; k++)
        in[k] = (unsigned char)oracle_random(seed);
    memset(out, 0xA5, n * out_size + GUARD);
    memset(expected, 0xA5, n * out_size + GUARD);
    oracle_map(in, in_size, expected, out_size, n, mix, sizes, &failed);
    if (in_place)
        memcpy(expected + n * out_size, in + n * out_size, GUARD);
    void *to = in_place ? in : out;
    crew_process_options p = with(processes);
    ck_assert_int_eq(crew_process_map(in, in_size, to, out_size, n, mix, sizes, NULL, &p), 0);
    ck_assert_msg(memcmp(to, expected, n * out_size + GUARD) == 0, "n=%zu sizes %zu %zu", n, in_size, out_size);
    free(in);
    free(shared ? NULL : out);
    crew_shared_free(shared ? out : NULL);
    free(expected);
}

START_TEST(equals_the_loop)
{
    uint64_t seed = oracle_seed();
    const size_t ns[] = {1, 2, 63, 64, 65, 1000, TESTS_VALGRIND ? 3001 : 70001};
    const size_t sizes[][2] = {{1, 1}, {4, 8}, {3, 7}, {100, 33}, {8, 8}};
    for (size_t k = 0; k < sizeof ns / sizeof *ns; k++)
        for (size_t z = 0; z < sizeof sizes / sizeof *sizes; z++) {
            check_mix(process_counts[_i], ns[k], sizes[z][0], sizes[z][1], false, false, &seed);
            check_mix(process_counts[_i], ns[k], sizes[z][0], sizes[z][1], false, true, &seed);
            if (sizes[z][0] == sizes[z][1])
                check_mix(process_counts[_i], ns[k], sizes[z][0], sizes[z][1], true, false, &seed);
        }
    check_mix(process_counts[_i], 5, 3, TESTS_VALGRIND ? 100003 : 1000003, false, false, &seed);
    check_mix(process_counts[_i], 5, 3, TESTS_VALGRIND ? 100003 : 1000003, false, true, &seed);
}
END_TEST

START_TEST(edges_and_arguments)
{
    int in[32] = {1, 2, 3, 4}, out[4] = {9, 9, 9, 9};
    ck_assert_int_eq(crew_process_map(NULL, 4, NULL, 4, 0, twice_and_one, NULL, NULL, NULL), 0);
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, 4, NULL, NULL, NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_process_map(in, 0, out, 4, 4, twice_and_one, NULL, NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_process_map(in, 4, out, 0, 4, twice_and_one, NULL, NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_process_map(NULL, 4, out, 4, 4, twice_and_one, NULL, NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_process_map(in, 4, NULL, 4, 4, twice_and_one, NULL, NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_process_map(in, 4, in + 1, 4, 3, twice_and_one, NULL, NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, SIZE_MAX / 2, twice_and_one, NULL, NULL, NULL), -EOVERFLOW);
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, 4, twice_and_one, NULL, &(crew_options){.timeout = -1}, NULL),
                     -EINVAL);
    crew_process_options bad = {.item_timeout = -1};
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, 4, twice_and_one, NULL, NULL, &bad), -EINVAL);
    bad = (crew_process_options){.retries = -1};
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, 4, twice_and_one, NULL, NULL, &bad), -EINVAL);
    bad = (crew_process_options){.item_timeout = NAN};
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, 4, twice_and_one, NULL, NULL, &bad), -EINVAL);
    /* Results of which two cannot be in memory: refused before anything is written. */
    for (size_t size = SIZE_MAX / 2; size > (size_t)1 << 50; size /= 2) {
        int code = crew_process_map(in, 4, (char *)in + 64, size, 1, twice_and_one, NULL, NULL, NULL);
        ck_assert(code == -ENOMEM || code == -EOVERFLOW || code == -EINVAL);
    }
    ck_assert_int_eq(out[0], 9);
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, 4, twice_and_one, NULL, &(crew_options){.threads = 2}, NULL), 0);
    ck_assert_int_eq(out[3], 9);
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, 4, twice_and_one, NULL, NULL, NULL), 0);
    ck_assert_int_eq(out[3], 9);
}
END_TEST

/* Fails on items that ctx names. */
static int fail_at(const void *in, void *out, void *ctx)
{
    int i = *(const int *)in;
    *(int *)out = 2 * i + 1;
    for (const int *at = ctx; *at >= 0; at++)
        if (*at == i)
            return 70 + i % 3;
    return 0;
}

/* Without statuses a value stops the call; those below it are done. */
START_TEST(the_lowest_failure_is_returned)
{
    enum { N = 3000 };
    static int in[N], out[N];
    const int places[] = {0, N / 2, N - 1};
    count_up(in, N);
    for (int k = 0; k < 3; k++) {
        int fails[] = {places[k], N - 1, -1};
        size_t failed = 12345;
        memset(out, 0, sizeof out);
        crew_process_options p = with(process_counts[_i]);
        int code = crew_process_map(in, 4, out, 4, N, fail_at, fails, &(crew_options){.failed = &failed}, &p);
        ck_assert_int_eq(code, 70 + places[k] % 3);
        ck_assert_uint_eq(failed, (size_t)places[k]);
        for (int i = 0; i < places[k]; i++)
            ck_assert_int_eq(out[i], 2 * i + 1);
    }
}
END_TEST

START_TEST(statuses_name_every_item)
{
    enum { N = 500 };
    int in[N], out[N], status[N], fails[] = {0, 3, 250, N - 1, -1};
    count_up(in, N);
    memset(out, 0, sizeof out);
    crew_process_options p = {.processes = process_counts[_i], .status = status};
    size_t failed;
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, N, fail_at, fails, &(crew_options){.failed = &failed}, &p), 70);
    ck_assert_uint_eq(failed, 0);
    for (int i = 0, k = 0; i < N; i++) {
        bool fails_here = fails[k] == i;
        ck_assert_int_eq(status[i], fails_here ? 70 + i % 3 : 0);
        ck_assert_int_eq(out[i], fails_here ? 0 : 2 * i + 1);
        k += fails_here;
    }
}
END_TEST

static int any_value(const void *in, void *out, void *ctx)
{
    (void)out;
    (void)ctx;
    return *(const int *)in;
}

START_TEST(any_value_may_be_returned)
{
    const int in[] = {0, INT_MIN, INT_MAX, -1, INT_MIN + 1, 1, -4095, 0};
    enum { N = sizeof in / sizeof *in };
    int out[N], status[N];
    crew_process_options p = {.processes = process_counts[_i], .status = status};
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, N, any_value, NULL, NULL, &p), INT_MIN);
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(status[i], in[i]);
}
END_TEST

/* As with crew_map: what an item does not write of its result stays as it was, whatever stood in the slot. */
static int write_one_byte(const void *in, void *out, void *ctx)
{
    (void)ctx;
    ((char *)out)[*(const unsigned char *)in % 8] = 'x';
    return 0;
}

START_TEST(parts_that_are_not_written_stay)
{
    enum { N = 5000 };
    static unsigned char in[N];
    static char out[N][8], expected[N][8];
    for (int i = 0; i < N; i++) {
        in[i] = (unsigned char)(i * 7);
        memset(out[i], 'a' + i % 20, 8);
        memset(expected[i], 'a' + i % 20, 8);
        expected[i][in[i] % 8] = 'x';
    }
    crew_process_options p = with(process_counts[_i]);
    ck_assert_int_eq(crew_process_map(in, 1, out, 8, N, write_one_byte, NULL, NULL, &p), 0);
    ck_assert_mem_eq(out, expected, sizeof out);
}
END_TEST

static int one_thread_here(const void *in, void *out, void *ctx)
{
    (void)in;
    double x[100], sum;
    for (int i = 0; i < 100; i++)
        x[i] = i;
    char text[200];
    crew_explain_threads(text, sizeof text);
    ((int *)out)[0] = crew_num_threads();
    ((int *)out)[1] = reduced_sum(x, 100, &sum) == 0 && sum == 4950 && strstr(text, "worker") != NULL;
    ((int *)out)[2] = crew_worker();
    ((int *)out)[3] = getpid() != *(pid_t *)ctx;
    return 0;
}

START_TEST(crew_in_a_worker_is_alone)
{
    int in[40] = {0}, out[40][4];
    double x[1000] = {0}, sum;
    pid_t self = getpid();
    int threads = use_threads(2);
    ck_assert_int_eq(reduced_sum(x, 1000, &sum), 0);
    crew_process_options p = with(process_counts[_i]);
    ck_assert_int_eq(crew_process_map(in, 4, out, sizeof *out, 40, one_thread_here, &self, NULL, &p), 0);
    for (int i = 0; i < 40; i++) {
        ck_assert_int_eq(out[i][0], 1);
        ck_assert_int_eq(out[i][1], 1);
        ck_assert(out[i][2] >= 0 && out[i][2] < process_counts[_i]);
        ck_assert_int_eq(out[i][3], 1);
    }
    ck_assert_int_eq(crew_num_threads(), threads);
    ck_assert_int_eq(crew_worker(), -1);
}
END_TEST

static int seven(void *arg)
{
    return *(int *)arg;
}

/* Everything of crew that has threads elsewhere, in a worker whose parent has a team and a default executor. */
static int nest_everything(const void *in, void *out, void *ctx)
{
    int i = *(const int *)in, value = 0, squares[10];
    (void)ctx;
    crew_future *f = crew_submit(NULL, seven, &i);
    if (!f || crew_future_result(f, &value) != 0)
        return 1;
    crew_future_release(f);
    int error = crew_map(in, 4, squares, 4, 1, twice_and_one, NULL, &(crew_options){.threads = 4});
    if (!error)
        error = crew_process_map(squares, 4, squares + 1, 4, 1, twice_and_one, NULL, NULL, NULL);
    int by_pragma = 0;
#ifdef _OPENMP
#pragma omp parallel reduction(+ : by_pragma)
#endif
    by_pragma++;
    *(int *)out = value + squares[1] + (by_pragma > 0); /* libomp opens a team of its own there */
    return error;
}

START_TEST(crew_calls_nest_in_workers)
{
    int in[6], out[6], ten = 10, value;
    count_up(in, 6);
    use_threads(2);
    double x[1000] = {0}, sum;
    ck_assert_int_eq(reduced_sum(x, 1000, &sum), 0);
    crew_future *f = crew_submit(NULL, seven, &ten);
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(crew_future_result(f, &value), 0);
    crew_future_release(f);
    crew_process_options p = {.processes = 2, .item_timeout = 60};
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, 6, nest_everything, NULL, NULL, &p), 0);
    for (int i = 0; i < 6; i++)
        ck_assert_int_eq(out[i], i + 2 * (2 * i + 1) + 1 + 1);
    crew_executor_shutdown(NULL, 0);
}
END_TEST

static int map_in_a_body(size_t begin, size_t end, void *ctx)
{
    for (size_t i = begin; i < end; i++) {
        int in[20], out[20];
        count_up(in, 20);
        crew_process_options p = with(2);
        if (crew_process_map(in, 4, out, 4, 20, twice_and_one, NULL, NULL, &p) != 0)
            return 1;
        for (int k = 0; k < 20; k++)
            if (out[k] != 2 * k + 1)
                return 2;
        atomic_fetch_add((atomic_int *)ctx, 1);
    }
    return 0;
}

START_TEST(maps_at_the_same_time_inside_a_loop)
{
    atomic_int done = 0;
    ck_assert_int_eq(crew_for(12, map_in_a_body, &done, &(crew_options){.threads = 4}), 0);
    ck_assert_int_eq(done, 12);
}
END_TEST

static int number_of_process(const void *in, void *out, void *ctx)
{
    (void)in;
    (void)ctx;
    *(pid_t *)out = getpid();
    return 0;
}

START_TEST(a_worker_is_replaced_after_max_items)
{
    enum { N = 60 };
    char in[N] = {0};
    pid_t out[N];
    for (size_t most = 1; most <= 7; most += 3) {
        crew_process_options p = {.processes = process_counts[_i], .max_items = most};
        ck_assert_int_eq(crew_process_map(in, 1, out, sizeof *out, N, number_of_process, NULL, NULL, &p), 0);
        for (int i = 0; i < N; i++) {
            size_t same = 0;
            for (int k = 0; k < N; k++)
                same += out[k] == out[i];
            ck_assert_uint_le(same, most);
        }
    }
}
END_TEST

static int initialized;

static int initialize(void *ctx)
{
    initialized += 1 + *(int *)ctx;
    return 0;
}

static int was_initialized(const void *in, void *out, void *ctx)
{
    (void)in;
    (void)ctx;
    *(int *)out = initialized;
    return 0;
}

static int refuse(void *ctx)
{
    (void)ctx;
    return 77;
}

START_TEST(initializers_run_once_in_each_worker)
{
    char in[50] = {0};
    int out[50], status[50], five = 5;
    crew_process_options p = {.processes = process_counts[_i], .initializer = initialize, .max_items = 9};
    ck_assert_int_eq(crew_process_map(in, 1, out, 4, 50, was_initialized, &five, NULL, &p), 0);
    for (int i = 0; i < 50; i++)
        ck_assert_int_eq(out[i], 6);
    ck_assert_int_eq(initialized, 0);
    p.initializer = refuse;
    p.status = status;
    ck_assert_int_eq(crew_process_map(in, 1, out, 4, 50, was_initialized, &five, NULL, &p), 77);
    for (int i = 0; i < 50; i++)
        ck_assert_int_eq(status[i], 77);
}
END_TEST

static int sleep_a_little(const void *in, void *out, void *ctx)
{
    (void)ctx;
    usleep(2000);
    return twice_and_one(in, out, NULL);
}

struct seen {
    size_t last, calls, total;
    crew_cancel *cancel;
};

static void note(size_t done, size_t total, void *ctx)
{
    struct seen *s = ctx;
    ck_assert_uint_ge(done, s->last);
    s->last = done;
    s->total = total;
    s->calls++;
    if (s->cancel && done > 20)
        crew_cancel_request(s->cancel);
}

START_TEST(progress_cancel_and_timeout)
{
    enum { N = 2000 };
    static int in[N], out[N], status[N];
    count_up(in, N);
    struct seen s = {0};
    crew_options opt = {.progress = note, .progress_ctx = &s};
    crew_process_options p = {.processes = process_counts[_i], .status = status};
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, 100, sleep_a_little, NULL, &opt, &p), 0);
    ck_assert_uint_eq(s.last, 100);
    ck_assert_uint_eq(s.total, 100);
    ck_assert_uint_ge(s.calls, 2);

    crew_cancel cancel = {0};
    s = (struct seen){.cancel = &cancel};
    opt.cancel = &cancel;
    memset(out, 0, sizeof out);
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, N, sleep_a_little, NULL, &opt, &p), -ECANCELED);
    int done = 0;
    for (int i = 0; i < N; i++) {
        ck_assert(status[i] == 0 || status[i] == -ECANCELED);
        ck_assert_int_eq(out[i], status[i] == 0 ? 2 * i + 1 : 0);
        done += status[i] == 0;
    }
    ck_assert(done > 20 && done < N);

    memset(out, 0, sizeof out);
    opt = (crew_options){.timeout = 0.05};
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, N, sleep_a_little, NULL, &opt, &p), -ETIMEDOUT);
    for (int i = 0; i < N; i++) {
        ck_assert(status[i] == 0 || status[i] == -ETIMEDOUT);
        ck_assert_int_eq(out[i], status[i] == 0 ? 2 * i + 1 : 0);
    }
}
END_TEST

/* An item that takes long holds none of those behind it. */
static int slow_first(const void *in, void *out, void *ctx)
{
    int i = *(const int *)in;
    atomic_int *done = ctx;
    for (int k = 0; i == 0 && k < 10000 && atomic_load(done) < 99; k++)
        usleep(1000);
    *(int *)out = i == 0 ? atomic_load(done) : i;
    if (i > 0)
        atomic_fetch_add(done, 1);
    return 0;
}

START_TEST(a_slow_item_holds_nobody_back)
{
    int in[100], out[100];
    count_up(in, 100);
    atomic_int *done = crew_shared_alloc(sizeof *done);
    ck_assert_ptr_nonnull(done);
    crew_process_options p = {.processes = 2, .batch = (size_t)_i * 40};
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, 100, slow_first, done, NULL, &p), 0);
    ck_assert_int_eq(out[0], 99);
    crew_shared_free(done);
}
END_TEST

static int write_in_place(const void *in, void *out, void *ctx)
{
    int i = *(const int *)in;
    ((int *)ctx)[i] = 3 * i;
    *(int *)out = i;
    return 0;
}

START_TEST(shared_memory_is_written_in_place)
{
    enum { N = 10000 };
    int *in = crew_shared_alloc(N * sizeof *in), *out = crew_shared_alloc(N * sizeof *out),
        *side = crew_shared_alloc(N * sizeof *side);
    ck_assert(in && out && side);
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(side[i], 0);
    count_up(in, N);
    crew_process_options p = with(process_counts[_i]);
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, N, write_in_place, side, NULL, &p), 0);
    for (int i = 0; i < N; i++)
        ck_assert(out[i] == i && side[i] == 3 * i);
    crew_shared_free(in);
    crew_shared_free(out);
    crew_shared_free(side);
    crew_shared_free(NULL);
    void *none = crew_shared_alloc(0);
    ck_assert_ptr_nonnull(none);
    crew_shared_free(none);
    errno = 0;
    ck_assert_ptr_null(crew_shared_alloc(SIZE_MAX));
    ck_assert_int_eq(errno, ENOMEM);
    ck_assert_ptr_null(crew_shared_alloc(SIZE_MAX - 4096));
}
END_TEST

START_TEST(shared_memory_ends_in_guards)
{
    char *p = crew_shared_alloc(4096);
    ck_assert_ptr_nonnull(p);
    ck_assert_uint_eq((uintptr_t)p % (uintptr_t)sysconf(_SC_PAGESIZE), 0);
    p[0] = p[4095] = 1;
    volatile char *bad = p + (_i == 0 ? -1 : sysconf(_SC_PAGESIZE));
    signal(SIGSEGV, SIG_DFL); /* a sanitizer's handler would end it otherwise */
    *bad = 1;
}
END_TEST

static int print_something(const void *in, void *out, void *ctx)
{
    (void)ctx;
    printf("item %d\n", *(const int *)in);
    return twice_and_one(in, out, NULL);
}

/* What workers print comes once, and so does what the program had not written yet. */
START_TEST(what_is_printed_comes_once)
{
    if (TESTS_RACES)
        return; /* its runtime flushes files in _exit */
    char path[] = "/tmp/crew-test-XXXXXX";
    int file = mkstemp(path), in[30], out[30];
    ck_assert_int_ge(file, 0);
    unlink(path);
    ck_assert_int_ge(dup2(file, STDOUT_FILENO), 0);
    setvbuf(stdout, NULL, _IOFBF, 4096);
    printf("begin\n");
    count_up(in, 30);
    crew_process_options p = {.processes = process_counts[_i], .max_items = 7};
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, 30, print_something, NULL, NULL, &p), 0);
    fflush(stdout);
    char text[4096] = "";
    ck_assert_int_ge(pread(file, text, sizeof text - 1, 0), 0);
    int lines = 0;
    for (const char *c = text; *c; c++)
        lines += *c == '\n';
    ck_assert_msg(lines == 31, "%s", text);
    ck_assert_ptr_nonnull(strstr(text, "begin\n"));
}
END_TEST

START_TEST(messages)
{
    char text[100];
    int signal = 5, code = 5;
    ck_assert(!crew_process_died(0, &signal, &code));
    ck_assert(!crew_process_died(-ENOMEM, &signal, &code));
    ck_assert(!crew_process_died(INT_MIN, &signal, &code) && !crew_process_died(INT_MAX, &signal, &code));
    ck_assert_int_eq(signal + code, 10);
    for (int kind = 0; kind < 2; kind++)
        for (int value = 0; value < 65; value++)
            for (int why = 0; why < 4; why++) {
                struct crew__death death = {.why = (enum crew__died_why)why, .peak_kb = 3ULL << (value % 30)};
                *(kind ? &death.signal : &death.exit_code) = value;
                int status = crew__died_pack(&death);
                ck_assert(crew_process_died(status, NULL, NULL));
                ck_assert(crew_process_died(status, &signal, &code));
                ck_assert_int_eq(signal, kind ? value : 0);
                ck_assert_int_eq(code, kind ? 0 : value);
                ck_assert_int_lt(status, -4096);
            }
    struct crew__death death = {.signal = SIGKILL, .why = CREW__DIED_OOM, .peak_kb = 3900000000 / 1024};
    int status = crew__died_pack(&death);
    const char expected[] = "item 417: killed by SIGKILL at 3.9 GB: probably out of memory";
    ck_assert_int_eq(crew_process_message(417, status, text, sizeof text), (int)sizeof expected - 1);
    ck_assert_str_eq(text, expected);
    ck_assert_int_eq(crew_process_message(417, status, text, 9), (int)sizeof expected - 1);
    ck_assert_str_eq(text, "item 417");
    ck_assert_int_eq(crew_process_message(417, status, NULL, 0), (int)sizeof expected - 1);
    ck_assert_int_eq(crew_process_message(417, status, NULL, 1), -EINVAL);
    ck_assert_str_eq(crew_strerror(status), expected + 10);
    crew_process_message(3, -ETIMEDOUT, text, sizeof text);
    ck_assert_str_eq(text, "item 3: timed out (ETIMEDOUT, -110)");
    death = (struct crew__death){.exit_code = 3, .peak_kb = 100};
    crew_process_message(0, crew__died_pack(&death), text, sizeof text);
    ck_assert_str_eq(text, "item 0: exit code 3 at 0.1 MB");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("process");
    TCase *tc = tcase_create("process");
    tcase_set_timeout(tc, 120);
    suite_add_tcase(suite, tc);
    tcase_add_loop_test(tc, equals_the_loop, 0, PROCESS_COUNTS);
    tcase_add_test(tc, edges_and_arguments);
    tcase_add_loop_test(tc, the_lowest_failure_is_returned, 0, PROCESS_COUNTS);
    tcase_add_loop_test(tc, statuses_name_every_item, 0, PROCESS_COUNTS);
    tcase_add_loop_test(tc, any_value_may_be_returned, 0, PROCESS_COUNTS);
    tcase_add_loop_test(tc, parts_that_are_not_written_stay, 0, PROCESS_COUNTS);
    tcase_add_loop_test(tc, crew_in_a_worker_is_alone, 0, PROCESS_COUNTS);
    tcase_add_test(tc, crew_calls_nest_in_workers);
    tcase_add_test(tc, maps_at_the_same_time_inside_a_loop);
    tcase_add_loop_test(tc, a_worker_is_replaced_after_max_items, 0, PROCESS_COUNTS);
    tcase_add_loop_test(tc, initializers_run_once_in_each_worker, 0, PROCESS_COUNTS);
    tcase_add_loop_test(tc, progress_cancel_and_timeout, 0, PROCESS_COUNTS);
    tcase_add_loop_test(tc, a_slow_item_holds_nobody_back, 0, 2);
    tcase_add_loop_test(tc, shared_memory_is_written_in_place, 0, PROCESS_COUNTS);
    tcase_add_loop_test_raise_signal(tc, shared_memory_ends_in_guards, SIGSEGV, 0, 2);
    tcase_add_loop_test(tc, what_is_printed_comes_once, 0, PROCESS_COUNTS);
    tcase_add_test(tc, messages);
    return run_suite(suite);
}
