/* crew/mpi_submit.h: jobs one by one, and items in worker processes. */
#define _POSIX_C_SOURCE 200809L
#include "../../lib/mpi/transfer.h"
#include "mpi_test.h"
#include "polite.h"
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <unistd.h>

enum { JOBS = 1000, LARGE = 100000 };

static size_t large = LARGE;

static int square(const void *in, void *out, void *ctx)
{
    uint64_t x;
    memcpy(&x, in, sizeof x);
    const uint64_t *factor = ctx;
    if (x % 100 == 77)
        return (int)(x % 1000) + 1;
    x = x * x * *factor;
    memcpy(out, &x, sizeof x);
    return 0;
}

static int fill(const void *in, void *out, void *ctx)
{
    (void)ctx;
    memset(out, *(const char *)in, large);
    return 0;
}

static int nothing(const void *in, void *out, void *ctx)
{
    (void)in;
    (void)out;
    (void)ctx;
    return 9;
}

/* In a worker process: all that may happen to an item. */
static int fragile(const void *in, void *out, void *ctx)
{
    uint64_t x;
    memcpy(&x, in, sizeof x);
    if (x % 50 == 13)
        raise(SIGKILL);
    if (x % 50 == 14)
        _exit(3);
    return x % 50 == 15 ? 8 : square(in, out, ctx);
}

static int pid(const void *in, void *out, void *ctx)
{
    (void)in;
    (void)ctx;
    const uint64_t own = (uint64_t)getpid();
    memcpy(out, &own, sizeof own);
    return 0;
}

static uint64_t in[JOBS], out[JOBS], factor = 3, later = 5;

static crew_mpi_future *submit(const char *name, size_t i)
{
    crew_mpi_future *f = crew_mpi_submit(group, name, &in[i], sizeof in[i], sizeof in[i], &in[i]);
    EXPECT(f != NULL);
    return f;
}

/* All in the order in which they end, each once, whatever each returned. */
static void run_as_they_end(void)
{
    static unsigned char seen[JOBS];
    memset(seen, 0, sizeof seen);
    for (size_t i = 0; i < JOBS; i++)
        submit("square", i);
    size_t count = 0;
    for (crew_mpi_future *f; (f = crew_mpi_next_done(group)); count++) {
        const size_t i = (size_t)((const uint64_t *)crew_mpi_future_tag(f) - in);
        uint64_t got = 1, want = 1;
        EXPECT(crew_mpi_future_wait(f, 0) == 0 && crew_mpi_future_result(f, &got) == square(&in[i], &want, &factor));
        EXPECT(got == want && !seen[i]);
        seen[i] = 1;
        crew_mpi_future_release(f);
    }
    EXPECT(errno == 0 && count == JOBS);
    EXPECT(crew_mpi_next_done(group) == NULL && errno == 0);
}

static void run_in_order(void)
{
    static crew_mpi_future *f[JOBS];
    static char got_large[LARGE], want[LARGE];
    for (size_t i = 0; i < JOBS; i++)
        f[i] = i % 5 == 0   ? crew_mpi_submit(group, "fill", &in[i], 1, large, NULL)
               : i % 5 == 1 ? crew_mpi_submit(group, "nothing", NULL, 0, 0, NULL)
                            : submit(i % 7 == 0 ? "nobody" : "square", i);
    for (size_t i = 0; i < JOBS; i += 11) {
        crew_mpi_future_release(f[i]);
        f[i] = NULL;
    }
    for (size_t i = 0; i < JOBS; i++) {
        uint64_t got = 1, expected = 1;
        if (!f[i])
            continue;
        if (i % 5 == 0) {
            memset(want, *(const char *)&in[i], large);
            EXPECT(crew_mpi_future_result(f[i], got_large) == 0 && memcmp(got_large, want, large) == 0);
        } else if (i % 5 == 1) {
            EXPECT(crew_mpi_future_result(f[i], NULL) == 9);
        } else if (i % 7 == 0) {
            EXPECT(crew_mpi_future_result(f[i], &got) == -ENOENT && got == 1);
        } else {
            EXPECT(crew_mpi_future_result(f[i], &got) == square(&in[i], &expected, &factor) && got == expected);
        }
        crew_mpi_future_release(f[i]);
    }
    EXPECT(crew_mpi_next_done(group) == NULL && errno == 0);
}

/* What is cancelled never runs and is given out as ended; a map comes after what was submitted. */
static void run_beside_others(void)
{
    crew_mpi_future *first = submit("square", 0), *f[100];
    for (size_t i = 0; i < 100; i++)
        f[i] = submit("square", i + 1);
    size_t canceled = 0;
    for (size_t i = 100; i-- > 0;)
        canceled += crew_mpi_future_cancel(f[i]);
    EXPECT(ranks > 1 || canceled == 100);
    EXPECT(crew_mpi_map(group, "large", in, 8, out, 8, 50, NULL, NULL, NULL) == 0 && out[7] == in[7] * in[7] * 5);
    EXPECT(crew_mpi_future_wait(first, 0) == 0);
    size_t told = 0;
    for (size_t i = 0; i < 100; i++) {
        EXPECT(crew_mpi_future_wait(f[i], 0) == 0);
        told += crew_mpi_future_result(f[i], NULL) == -ECANCELED;
    }
    EXPECT(told == canceled);
    for (size_t i = 0; i <= 100; i++)
        crew_mpi_future_release(crew_mpi_next_done(group));
    EXPECT(crew_mpi_next_done(group) == NULL && errno == 0);
    crew_mpi_future *slow = submit("square", 3);
    int code;
    while ((code = crew_mpi_future_wait(slow, 0.01)) == -ETIMEDOUT)
        ;
    EXPECT(code == 0 && crew_mpi_future_wait(slow, (double)NAN) == -EINVAL);
    EXPECT(!crew_mpi_future_cancel(slow));
    crew_mpi_future_release(slow);
}

static void run_refused(void)
{
    EXPECT(!crew_mpi_submit(group, "", in, 8, 8, NULL) && errno == EINVAL);
    EXPECT(!crew_mpi_submit(group, "square", NULL, 8, 8, NULL) && errno == EINVAL);
    EXPECT(!crew_mpi_submit(NULL, "square", in, 8, 8, NULL) && errno == EINVAL);
    EXPECT(!crew_mpi_submit(group, NULL, in, 8, 8, NULL) && errno == EINVAL);
    EXPECT(!crew_mpi_submit(group, "square", in, 8, SIZE_MAX / 2 + 9, NULL) && errno == ENOMEM);
    EXPECT(crew_mpi_future_wait(NULL, 1) == -EINVAL && crew_mpi_future_result(NULL, NULL) == -EINVAL);
    EXPECT(!crew_mpi_future_cancel(NULL) && !crew_mpi_future_tag(NULL));
    crew_mpi_future_release(NULL);
}

static void test_submit(void)
{
    const size_t most = crew__mpi_most;
    for (int round = 0; round < 2; round++) {
        if (rank == 0) {
            run_as_they_end();
            run_in_order();
            run_beside_others();
            run_refused();
            submit("square", 1); /* release waits for it */
            EXPECT(crew_mpi_release(group) == 0);
            crew_mpi_future_release(crew_mpi_next_done(group));
        } else {
            EXPECT(!crew_mpi_submit(group, "square", in, 8, 8, NULL) && errno == EINVAL);
            EXPECT(!crew_mpi_next_done(group) && errno == EINVAL);
            EXPECT(crew_mpi_serve(group) == 0);
        }
        MPI_Barrier(MPI_COMM_WORLD);
        crew__mpi_most = 100;
        large = 300;
    }
    crew__mpi_most = most;
}

/* Rank 0's job with message k, counted from the first one on, failing. Returns whether one did. */
static bool submit_with_failure(crew_mpi *m, long k)
{
    enum { FEW = 30 };
    crew_mpi_future *f[FEW];
    size_t failures = 0;
    messages_before_failure = k;
    for (size_t i = 0; i < FEW; i++) {
        f[i] = crew_mpi_submit(m, "square", &in[i], sizeof in[i], sizeof in[i], NULL);
        EXPECT(f[i] || (errno == EIO && messages_before_failure < 0));
    }
    for (size_t i = 0; i < FEW; i++) {
        uint64_t got = 1, want = 1;
        if (!f[i])
            continue;
        const int code = crew_mpi_future_result(f[i], &got), expected = square(&in[i], &want, &factor);
        EXPECT(code == expected ? got == want : code == -EIO && messages_before_failure < 0);
        failures += code != expected;
        crew_mpi_future_release(f[i]);
    }
    const bool failed = messages_before_failure < 0;
    messages_before_failure = -1;
    EXPECT(crew_mpi_release(m) == (failed && failures > 0 ? -EIO : 0));
    EXPECT(!failed || failures == 0 || (!crew_mpi_submit(m, "square", in, 8, 8, NULL) && errno == EIO));
    return failed;
}

/* Each message that rank 0 sends, receives or waits for fails in turn: jobs end with the error, nothing is waited for
   in vain, and the group can be closed. */
static void test_messages(void)
{
    int failed = 1;
    for (long k = 0; failed; k++) {
        crew_mpi *m = crew_mpi_open(MPI_COMM_WORLD);
        EXPECT(m != NULL);
        if (rank == 0)
            failed = submit_with_failure(m, k);
        else
            EXPECT(crew_mpi_serve(m) == 0);
        MPI_Barrier(MPI_COMM_WORLD);
        if (rank == 0)
            receive_what_is_left(m);
        MPI_Bcast(&failed, 1, MPI_INT, 0, MPI_COMM_WORLD);
        EXPECT(crew_mpi_close(m) == 0);
    }
}

static void check_deaths(void)
{
    enum { ITEMS = 200 };
    crew_mpi_future *f[ITEMS];
    for (size_t i = 0; i < ITEMS; i++)
        f[i] = submit("fragile", i);
    for (size_t i = 0; i < ITEMS; i++) {
        uint64_t got = 1, want = 1;
        int killer = 0, exited = 0;
        const int code = crew_mpi_future_result(f[i], &got);
        if (in[i] % 50 == 13 || in[i] % 50 == 14)
            EXPECT(crew_process_died(code, &killer, &exited) && killer == (in[i] % 50 == 13 ? SIGKILL : 0) &&
                   exited == (in[i] % 50 == 14 ? 3 : 0));
        else
            EXPECT(code == fragile(&in[i], &want, &factor) && got == want);
        crew_mpi_future_release(f[i]);
    }
    size_t failed = ITEMS;
    int killer = 0;
    const int code =
        crew_mpi_map(group, "fragile", in, 8, out, 8, ITEMS, NULL, NULL, &(crew_options){.failed = &failed});
    EXPECT(failed == 13 && crew_process_died(code, &killer, NULL) && killer == SIGKILL);
    EXPECT(out[12] == 12 * 12 * 3 && out[0] == 0 && out[5] == 75);
}

/* The functions that are registered before crew_mpi_processes run in processes, what comes later does not. */
static void test_processes(void)
{
    uint64_t before = 0, after = 0, own[2] = {(uint64_t)getpid(), 0};
    EXPECT(crew_mpi_processes(2, NULL) == -EPERM);
    if (rank > 0) {
        EXPECT(crew_mpi_serve(group) == 0);
        return;
    }
    check_deaths();
    EXPECT(crew_mpi_register("pid2", pid, NULL) == 0);
    EXPECT(crew_mpi_map(group, "pid", own, 8, &before, 8, 1, NULL, NULL, NULL) == 0);
    EXPECT(before != own[0] && kill((pid_t)before, 0) == 0);
    if (ranks == 1)
        EXPECT(crew_mpi_map(group, "pid2", own, 8, &after, 8, 1, NULL, NULL, NULL) == 0 && after == own[0]);
    EXPECT(crew_mpi_release(group) == 0);
}

int main(void)
{
    static const struct mpi_case cases[] = {
        {"submit", test_submit}, {"messages", test_messages}, {"processes", test_processes}};
    for (size_t i = 0; i < JOBS; i++)
        in[i] = i;
    if (crew_mpi_register("fragile", fragile, &factor) || crew_mpi_register("pid", pid, NULL) ||
        crew_mpi_processes(2, NULL) || crew_mpi_processes(2, NULL) != -EALREADY)
        return EXIT_FAILURE;
    if (crew_mpi_register("square", square, &factor) || crew_mpi_register("fill", fill, NULL) ||
        crew_mpi_register("nothing", nothing, NULL) || crew_mpi_register("large", square, &later))
        return EXIT_FAILURE;
    return run_cases("test_mpi_submit", cases, sizeof cases / sizeof *cases);
}
