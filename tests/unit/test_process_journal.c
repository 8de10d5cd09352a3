/* The journal of crew_process_map: what is finished is not done again, and nothing wrong is ever taken from a file. */
#define _GNU_SOURCE
#include "../../lib/core/process/pending.h"
#include "../support/sanitized.h"
#include "process_test.h"
#include <crew/map.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum { N = 3000 };

static int in[N], out[N];
static char path[64];
static atomic_int *calls; /* of the kernel, in all workers */

static void set_up(void)
{
    count_up(in, N);
    snprintf(path, sizeof path, "/tmp/crew-journal-%ld", (long)getpid());
    unlink(path);
    calls = crew_shared_alloc(sizeof *calls);
    ck_assert_ptr_nonnull(calls);
}

static void clean_up(void)
{
    unlink(path);
    crew_shared_free(calls);
}

/* Fails on multiples of ctx, where that is not 0. */
static int counted(const void *x, void *y, void *ctx)
{
    int fails = *(int *)ctx;
    atomic_fetch_add(calls, 1);
    if (fails && *(const int *)x % fails == fails - 1)
        return 5;
    return twice_and_one(x, y, NULL);
}

static int run_with(int fails, size_t n, const char *name, int *status)
{
    crew_process_options p = {.processes = 2, .journal = path, .status = status};
    memset(out, 0, sizeof out);
    atomic_store(calls, 0);
    return crew_process_map(in, 4, out, 4, n, counted, &fails, &(crew_options){.name = name}, &p);
}

static void check_out(void)
{
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(out[i], 2 * i + 1);
}

static off_t file_size(void)
{
    struct stat status;
    ck_assert_int_eq(stat(path, &status), 0);
    return status.st_size;
}

static void cut(off_t size)
{
    ck_assert_int_eq(truncate(path, size), 0);
}

static void flip(off_t at)
{
    unsigned char byte;
    int file = open(path, O_RDWR);
    ck_assert_int_eq(pread(file, &byte, 1, at), 1);
    byte ^= 0x10;
    ck_assert_int_eq(pwrite(file, &byte, 1, at), 1);
    close(file);
}

START_TEST(a_second_run_does_the_rest)
{
    static int status[N];
    ck_assert_int_eq(run_with(10, N, "a", status), 5);
    ck_assert_int_eq(*calls, N);
    ck_assert_int_eq(run_with(0, N, "a", status), 0);
    ck_assert_int_eq(*calls, N / 10);
    check_out();
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(status[i], 0);
    ck_assert_int_eq(run_with(0, N, "a", NULL), 0);
    ck_assert_int_eq(*calls, 0);
    check_out();
}
END_TEST

START_TEST(another_call_is_refused)
{
    ck_assert_int_eq(run_with(0, N, "a", NULL), 0);
    off_t size = file_size();
    ck_assert_int_eq(run_with(0, N - 1, "a", NULL), -ESTALE);
    ck_assert_int_eq(run_with(0, N, "b", NULL), -ESTALE);
    ck_assert_int_eq(run_with(0, N, NULL, NULL), -ESTALE);
    in[N - 1]++;
    ck_assert_int_eq(run_with(0, N, "a", NULL), -ESTALE);
    in[N - 1]--;
    short narrow[N];
    crew_process_options p = {.journal = path};
    int fails = 0;
    ck_assert_int_eq(crew_process_map(in, 4, narrow, 2, N, counted, &fails, &(crew_options){.name = "a"}, &p), -ESTALE);
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(out[i], 0);
    ck_assert_int_eq(file_size(), size);
    ck_assert_int_eq(run_with(0, N, "a", NULL), 0);
    ck_assert_int_eq(*calls, 0);
}
END_TEST

/* Whatever stands in the file: a clear error, and out as it was, or the right result. */
START_TEST(damage_never_gives_a_wrong_result)
{
    ck_assert_int_eq(run_with(7, N, "a", (int[N]){0}), 5);
    off_t size = file_size();
    char *whole = malloc((size_t)size);
    int file = open(path, O_RDONLY);
    ck_assert_int_eq(pread(file, whole, (size_t)size, 0), size);
    close(file);
    uint64_t seed = oracle_seed();
    int refused = 0, taken = 0;
    for (int k = 0; k < (TESTS_VALGRIND ? 10 : TESTS_SANITIZED ? 60 : 400); k++) {
        file = open(path, O_WRONLY | O_TRUNC);
        ck_assert_int_eq(pwrite(file, whole, (size_t)size, 0), size);
        close(file);
        off_t at = k < 100 && k % 2 ? k : (off_t)oracle_below(&seed, (size_t)size);
        if (_i == 1)
            flip(at);
        else
            cut(at);
        if (_i == 2)
            cut(size + 5000); /* a loss of power: the length is there, and zeros for what is not */
        int code = run_with(0, N, "a", NULL);
        ck_assert_msg(code == 0 || code == -EBADMSG || code == -ESTALE, "%d", code);
        if (code == 0)
            check_out();
        for (int i = 0; code && i < N; i++)
            ck_assert_int_eq(out[i], 0);
        refused += code != 0;
        taken += code == 0;
    }
    ck_assert(_i == 2 || (_i == 0 ? refused : taken) == 0); /* what is cut off is done again */
    free(whole);
}
END_TEST

/* After a loss of power the length may be there, and zeros for what is not. */
START_TEST(zeros_behind_the_records)
{
    ck_assert_int_eq(run_with(10, N, "a", (int[N]){0}), 5);
    off_t size = file_size();
    cut(size + 9000);
    ck_assert_int_eq(run_with(0, N, "a", NULL), 0);
    ck_assert_int_eq(*calls, N / 10);
    check_out();
    size = file_size();
    cut(size + 9000);
    flip(size + 8000);
    ck_assert_int_eq(run_with(0, N, "a", NULL), -EBADMSG);
}
END_TEST

/* Results larger than what a record is written at, each in one of its own. */
static int fill_large(const void *x, void *y, void *ctx)
{
    (void)ctx;
    memset(y, *(const unsigned char *)x + 1, 300000);
    return 0;
}

START_TEST(results_larger_than_a_record)
{
    const unsigned char bytes[] = {3, 5, 8};
    crew_process_options p = {.processes = 1, .journal = path};
    char *large = malloc(3 * 300000);
    ck_assert_ptr_nonnull(large);
    for (int round = 0; round < 2; round++) {
        memset(large, 0, 3 * 300000);
        ck_assert_int_eq(crew_process_map(bytes, 1, large, 300000, 3, fill_large, NULL, NULL, &p), 0);
        for (size_t i = 0; i < 3; i++)
            ck_assert(large[i * 300000] == bytes[i] + 1 && large[i * 300000 + 299999] == bytes[i] + 1);
    }
    ck_assert_int_ge((int)file_size(), 3 * 300000);
    free(large);
}
END_TEST

START_TEST(other_files_are_refused_and_kept)
{
    FILE *file = fopen(path, "w");
    fprintf(file, "a file of the user's, longer than any header that there might be: %0200d\n", 7);
    fclose(file);
    off_t size = file_size();
    ck_assert_int_eq(run_with(0, N, "a", NULL), -EBADMSG);
    ck_assert_int_eq(file_size(), size);
    file = fopen(path, "w");
    fprintf(file, "short");
    fclose(file);
    ck_assert_int_eq(run_with(0, N, "a", NULL), -EBADMSG);
    ck_assert_int_eq(file_size(), 5);
    crew_process_options p = {.journal = "/no such folder/journal"};
    int fails = 0;
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, N, counted, &fails, NULL, &p), -ENOENT);
    p.journal = "/dev/null";
    ck_assert_int_eq(crew_process_map(in, 4, out, 4, N, counted, &fails, NULL, &p), -EINVAL);
}
END_TEST

START_TEST(a_full_disk_is_an_error_and_no_more)
{
    struct rlimit before, limit;
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = (struct rlimit){2000, before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    ck_assert_int_eq(run_with(0, N, "a", NULL), -EFBIG);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    ck_assert_int_eq(run_with(0, N, "a", NULL), 0);
    check_out();
}
END_TEST

START_TEST(a_journal_serves_one_call)
{
    int locked[2], over[2];
    char byte = 0;
    ck_assert(pipe(locked) == 0 && pipe(over) == 0);
    pid_t child = fork();
    if (child == 0) {
        int file = open(path, O_RDWR | O_CREAT, 0666);
        struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
        _exit(fcntl(file, F_SETLK, &lock) == 0 && write(locked[1], &byte, 1) == 1 && read(over[0], &byte, 1) == 1 ? 0
                                                                                                                  : 1);
    }
    close(locked[1]);
    ck_assert_int_eq(read(locked[0], &byte, 1), 1);
    ck_assert_int_eq(run_with(0, N, "a", NULL), -EBUSY);
    ck_assert_int_eq(write(over[1], &byte, 1), 1);
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    ck_assert_int_eq(run_with(0, N, "a", NULL), 0);
    check_out();
}
END_TEST

static int slowly(const void *x, void *y, void *ctx)
{
    usleep(200);
    return counted(x, y, ctx);
}

/* Killed at any instant, again and again: the runs together do what one does, and finish. How long one may go on is
   said in items, since nobody knows how many of them fit into a time. */
START_TEST(a_killed_run_is_taken_up)
{
    uint64_t seed = oracle_seed();
    int fails = 0, runs = 0, code = -1;
    siginfo_t ended = {.si_pid = 0};
    crew_process_options p = {.processes = 2, .journal = path};
    for (; code != 0 && runs < 1000; runs++) {
        pid_t child = fork();
        if (child == 0)
            _exit(crew_process_map(in, 4, out, 4, N, slowly, &fails, NULL, &p) == 0 ? 0 : 1);
        int until = atomic_load(calls) + (int)oracle_below(&seed, 600), status;
        while (atomic_load(calls) < until && waitid(P_PID, (id_t)child, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
               ended.si_pid == 0)
            usleep(200);
        usleep((useconds_t)oracle_below(&seed, 5000));
        kill(child, SIGKILL);
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        ck_assert_int_ne(code, 1);
    }
    ck_assert_int_eq(code, 0);
    ck_assert_int_ge(runs, 2);
    ck_assert_int_lt(*calls, 2 * N);
    ck_assert_int_eq(run_with(0, N, NULL, NULL), 0);
    ck_assert_int_eq(*calls, 0);
    check_out();
}
END_TEST

static int rest_and_count(const void *x, void *y, void *ctx)
{
    usleep(*(const int *)x % 10 ? 0 : 1000);
    return counted(x, y, ctx);
}

static void print_progress(size_t done, size_t total, void *ctx)
{
    (void)ctx;
    printf("%zu of %zu\n", done, total);
    fflush(stdout);
}

START_TEST(a_closed_standard_stream_is_not_the_journal)
{
    int fails = 0, saved = dup(STDOUT_FILENO);
    crew_process_options p = {.processes = 2, .journal = path};
    crew_options opt = {.progress = print_progress};
    close(STDOUT_FILENO);
    int first = crew_process_map(in, 4, out, 4, N, rest_and_count, &fails, &opt, &p);
    int second = crew_process_map(in, 4, out, 4, N, rest_and_count, &fails, &opt, &p);
    dup2(saved, STDOUT_FILENO);
    close(saved);
    ck_assert_int_eq(first, 0);
    ck_assert_int_eq(second, 0);
    ck_assert_int_eq(*calls, N);
    check_out();
}
END_TEST

/* The items that a journal leaves to be done. What is asked of nobody, or for no item, is not taken. */
START_TEST(ranges_that_wait)
{
    struct crew__pending p = {.count = 0};
    size_t begin = 77;
    ck_assert_uint_eq(crew__pending_take(&p, 5, &begin), 0);
    ck_assert(crew__pending_put(&p, 10, 0) && crew__pending_put(&p, 10, 5));
    ck_assert_uint_eq(crew__pending_take(&p, 0, &begin), 0);
    ck_assert(begin == 77 && p.total == 5);
    ck_assert_uint_eq(crew__pending_take(&p, 3, &begin), 3);
    ck_assert(begin == 10 && p.total == 2);
    ck_assert_uint_eq(crew__pending_take(&p, 9, &begin), 2);
    ck_assert(begin == 13 && p.total == 0 && p.count == 0);
    crew__pending_free(&p);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("process_journal");
    TCase *tc = tcase_create("journal");
    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, set_up, clean_up);
    suite_add_tcase(suite, tc);
    tcase_add_test(tc, a_second_run_does_the_rest);
    tcase_add_test(tc, another_call_is_refused);
    tcase_add_loop_test(tc, damage_never_gives_a_wrong_result, 0, 3);
    tcase_add_test(tc, zeros_behind_the_records);
    tcase_add_test(tc, results_larger_than_a_record);
    tcase_add_test(tc, ranges_that_wait);
    tcase_add_test(tc, other_files_are_refused_and_kept);
    tcase_add_test(tc, a_full_disk_is_an_error_and_no_more);
    tcase_add_test(tc, a_journal_serves_one_call);
    if (!TESTS_VALGRIND) /* which begins later than the run is killed */
        tcase_add_test(tc, a_killed_run_is_taken_up);
    tcase_add_test(tc, a_closed_standard_stream_is_not_the_journal);
    return run_suite(suite);
}
