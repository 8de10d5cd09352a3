/* Calls for files that fail, each in turn, or are interrupted: a read and a write that are interrupted go on, another
   failure is the documented error, descriptors and files are as before, and the next use works. */
#define _GNU_SOURCE
#include "../../lib/core/base/limits.h"
#include "../support/refused_calls.h"
#include "../unit/process_test.h"
#include <fcntl.h>
#include <sys/stat.h>

enum { N = 3000, ROW = 30, WRONG = 99 };

static char folder[64], path[96], text_path[96], journal[96];
static double values[N];

static int use_save(void)
{
    return crew_save_f64(path, values, N);
}

static int use_load(void)
{
    size_t n = 0;
    double *x = crew_load_f64(path, &n);
    if (!x)
        return -errno;
    int error = n == N && memcmp(x, values, sizeof values) == 0 ? 0 : WRONG;
    free(x);
    return error;
}

/* Rows written, more appended later, and all of them read. */
static int use_rows(void)
{
    static double rows[N];
    const size_t shape[] = {N / ROW - 1, ROW};
    crew_array *a = crew_array_create(path, CREW_F64, shape, 2);
    if (!a)
        return -errno;
    int error = crew_array_write(a, 0, N / ROW - 1, values), closed = crew_array_close(a);
    if (error || closed)
        return error ? error : closed;
    a = crew_array_open(path, CREW_ARRAY_APPEND);
    if (!a)
        return -errno;
    error = crew_array_append(a, values + N - ROW, 1);
    error = error ? error : crew_array_read(a, 0, N / ROW, rows);
    closed = crew_array_close(a);
    if (error || closed)
        return error ? error : closed;
    return memcmp(rows, values, sizeof rows) == 0 ? 0 : WRONG;
}

static int use_map(void)
{
    crew_array *a = crew_array_open(path, CREW_ARRAY_MAP);
    if (!a)
        return -errno;
    int error = memcmp(crew_array_get_info(a)->data, values, sizeof values) == 0 ? 0 : WRONG;
    int closed = crew_array_close(a);
    return error ? error : closed;
}

static int use_raw(void)
{
    static double rows[N];
    const size_t shape[] = {N};
    crew_array *a = crew_array_open_raw(path, CREW_F64, 128, shape, 1, CREW_ARRAY_READ);
    if (!a)
        return -errno;
    int error = crew_array_read(a, 0, N, rows), closed = crew_array_close(a);
    error = error ? error : memcmp(rows, values, sizeof rows) == 0 ? 0 : WRONG;
    return error ? error : closed;
}

static int count_lines(crew_lines_block *block, void *acc, void *ctx)
{
    (void)ctx;
    for (size_t i = 0; i < block->size; i++)
        *(size_t *)acc += block->text[i] == '\n';
    return 0;
}

static int add_lines(void *acc, void *right, void *ctx)
{
    (void)ctx;
    *(size_t *)acc += *(size_t *)right;
    return 0;
}

static int use_lines(void)
{
    const crew_lines_reducer counter = {.size = sizeof(size_t), .fold = count_lines, .merge = add_lines};
    size_t lines = WRONG;
    int fd = open(text_path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    int error = crew_lines_reduce(fd, 1000, &counter, NULL, &lines, NULL);
    close(fd);
    if (error)
        return lines == WRONG ? error : WRONG;
    return lines == N ? 0 : WRONG;
}

/* A journal from before, cut in its last record: it is read, cut off and goes on. */
static int use_journal(void)
{
    static int in[N], out[N];
    const crew_process_options options = {.processes = 2, .journal = journal};
    count_up(in, N);
    memset(out, 0, sizeof out);
    int error = crew_process_map(in, sizeof *in, out, sizeof *out, N, twice_and_one, NULL, NULL, &options);
    for (int i = 0; i < N && !error; i++)
        error = out[i] == 2 * i + 1 ? 0 : WRONG;
    return error;
}

static const struct {
    const char *name;
    int (*use)(void);
    bool writes;
} uses[] = {
    {"save", use_save, true},     {"load", use_load, false},   {"rows", use_rows, true},       {"map", use_map, false},
    {"raw rows", use_raw, false}, {"lines", use_lines, false}, {"journal", use_journal, true},
};
enum { USES = sizeof uses / sizeof *uses };

static const enum refused_call calls[] = {REFUSE_OPEN,   REFUSE_READ,  REFUSE_WRITE,  REFUSE_PREAD,
                                          REFUSE_PWRITE, REFUSE_CLOSE, REFUSE_RENAME, REFUSE_TRUNCATE,
                                          REFUSE_STAT,   REFUSE_SYNC,  REFUSE_ADVISE, REFUSE_MAP};
enum { CALLS = sizeof calls / sizeof *calls };

static void make_files(void)
{
    strcpy(folder, "/tmp/crew-calls-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/rows.npy", folder);
    snprintf(text_path, sizeof text_path, "%s/text", folder);
    snprintf(journal, sizeof journal, "%s/journal", folder);
    for (int i = 0; i < N; i++)
        values[i] = 1.5 * i;
    ck_assert_int_eq(use_save(), 0);
    FILE *text = fopen(text_path, "w");
    for (int i = 0; i < N; i++)
        fprintf(text, "line %d\n", i);
    fclose(text);
}

static void remove_files(void)
{
    unlink(path);
    unlink(text_path);
    unlink(journal);
    ck_assert_int_eq(rmdir(folder), 0); /* nothing else was left in it */
}

/* Half of a journal, so that there is something to read, to cut off and to write. */
static void cut_journal(void)
{
    struct stat status;
    if (stat(journal, &status) == 0)
        ck_assert_int_eq(truncate(journal, status.st_size / 2), 0);
}

static int use_refused(int k, enum refused_call call, int error, long at, bool on, long *asked)
{
    cut_journal();
    refuse_begin(call, error, at, on);
    int code = uses[k].use();
    *asked = refuse_end();
    return code;
}

/* A call that is made again where a signal has interrupted it. */
static bool goes_on(enum refused_call call)
{
    return call == REFUSE_READ || call == REFUSE_PREAD || call == REFUSE_WRITE || call == REFUSE_PWRITE ||
           call == REFUSE_CLOSE || call == REFUSE_SYNC;
}

/* A journal that cannot be cut off or synced may be so later. */
static bool must_fail(int k, enum refused_call call)
{
    return uses[k].use != use_journal && (call == REFUSE_PREAD || call == REFUSE_PWRITE || call == REFUSE_RENAME);
}

START_TEST(each_call_fails_in_turn)
{
    int k = _i / CALLS;
    enum refused_call call = calls[_i % CALLS];
    const int error = call == REFUSE_MAP || call == REFUSE_ADVISE ? ENOMEM : EIO;
    make_files();
    ck_assert_int_eq(uses[k].use(), 0);
    struct footprint before = footprint();
    long asked;
    ck_assert_int_eq(use_refused(k, call, error, -1, false, &asked), 0);
    const long calls_made = asked < 30 ? asked : 30;
    for (int on = 0; on < 2; on++)
        for (long at = 0; at < calls_made; at++) {
            int code = use_refused(k, call, error, at, on, &asked);
            ck_assert_msg(code == -error || (code == 0 && !must_fail(k, call)), "%s, kind %d, call %ld: %d",
                          uses[k].name, (int)call, at, code);
            ck_assert_int_eq(uses[k].writes ? use_save() : 0, 0);
            code = uses[k].use();
            ck_assert_msg(code == 0, "%s, kind %d, after call %ld: %d", uses[k].name, (int)call, at, code);
        }
    check_nothing_left(before);
    remove_files();
}
END_TEST

START_TEST(interrupted_calls_go_on)
{
    make_files();
    for (int k = 0; k < USES; k++)
        for (int c = 0; c < CALLS; c++)
            for (long at = 0, asked = 1; goes_on(calls[c]) && at < asked && at < 30; at++)
                ck_assert_msg(use_refused(k, calls[c], EINTR, at, false, &asked) == 0, "%s, kind %d, call %ld",
                              uses[k].name, (int)calls[c], at);
    remove_files();
}
END_TEST

/* A file system that has no sync: the journal goes on without one. */
START_TEST(no_sync_there)
{
    make_files();
    const int errors[] = {EINVAL, EROFS};
    for (int k = 0; k < USES; k++)
        for (int e = 0; e < 2 && uses[k].use == use_journal; e++) {
            long asked = 0;
            ck_assert_int_eq(use_refused(k, REFUSE_SYNC, errors[e], 0, true, &asked), 0);
            ck_assert_int_gt((int)asked, 0);
        }
    remove_files();
}
END_TEST

/* Files of the system that cannot be read set no limit; rows that cannot be mapped are not there. */
START_TEST(limits_and_maps_that_fail)
{
    struct crew__limits limits = {.quota = 77};
    make_files();
    refuse_begin(REFUSE_READ, EIO, 0, true);
    crew__cgroup_quota(&limits, "");
    ck_assert_int_gt((int)refuse_end(), 0);
    ck_assert_int_eq(limits.quota, 0);
    refuse_begin(REFUSE_MAP, ENOMEM, 0, true);
    ck_assert_ptr_null(crew_array_open_raw(path, CREW_F64, 128, (size_t[]){N}, 1, CREW_ARRAY_MAP));
    ck_assert_int_eq(errno, ENOMEM);
    refuse_end();
    remove_files();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("file_calls");
    TCase *tc = parallel_case(suite, "file_calls");
    tcase_add_loop_test(tc, each_call_fails_in_turn, 0, USES * CALLS);
    tcase_add_test(tc, interrupted_calls_go_on);
    tcase_add_test(tc, no_sync_there);
    tcase_add_test(tc, limits_and_maps_that_fail);
    return run_suite(suite);
}
