/* Out of memory at each allocation of files, lines, tallies, groups by bytes, streams and what else of the core the
   other suites of this name leave: the documented error, nothing leaked, and the next call works. */
#define _GNU_SOURCE
#include "../../lib/core/base/scratch.h"
#include "../support/counting_alloc.h"
#include "../support/suite.h"
#include <crew/crew.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { N = 3000, WRONG = 99 };

static char path[64], text_path[64];
static double values[N];

/* 0, or the negative errno value of a call that returns an object. */
static int error_of(const void *object)
{
    return object ? 0 : -errno;
}

/* The first that is not 0. */
static int first(int a, int b)
{
    return a ? a : b;
}

static int use_save(void)
{
    return crew_save_f64(path, values, N);
}

static int use_load(void)
{
    size_t n = 0;
    double *x = crew_load_f64(path, &n);
    int code = error_of(x);
    if (x && (n != N || memcmp(x, values, sizeof values) != 0))
        code = WRONG;
    free(x);
    return code;
}

static int sum_rows(size_t begin, size_t end, const void *rows, void *acc, void *ctx)
{
    (void)ctx;
    for (size_t i = begin; i < end; i++)
        *(double *)acc += ((const double *)rows)[i - begin];
    return 0;
}

static void add(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    *(double *)acc += *(const double *)right;
}

static int look(size_t begin, size_t end, const void *rows, void *ctx)
{
    (void)ctx;
    return memcmp(rows, values + begin, (end - begin) * sizeof *values) == 0 ? 0 : WRONG;
}

static int use_array(enum crew_array_mode mode)
{
    const crew_array_reducer sum = {.size = sizeof(double), .fold = sum_rows, .merge = add};
    crew_array *a = crew_array_open(path, mode);
    if (!a)
        return -errno;
    double total = -1, some[2];
    int code = crew_array_for(a, look, NULL, NULL);
    code = first(code, crew_array_reduce(a, &sum, NULL, &total, NULL));
    if (code == 0 && total != N / 2.0 * (N - 1))
        code = WRONG;
    code = first(code, crew_array_read(a, 3, 5, some));
    crew_array_close(a);
    return code;
}

static int use_array_read(void)
{
    return use_array(CREW_ARRAY_READ);
}

static int use_array_map(void)
{
    return use_array(CREW_ARRAY_MAP);
}

static int use_array_raw(void)
{
    const size_t shape[] = {N};
    crew_array *a = crew_array_open_raw(path, CREW_F64, 64, shape, 1, CREW_ARRAY_READ);
    int code = error_of(a);
    crew_array_close(a);
    return code == -ENODATA ? 0 : code; /* the header may be longer */
}

static int use_array_create(void)
{
    char other[80];
    const size_t shape[] = {0};
    snprintf(other, sizeof other, "%s-2", path);
    crew_array *a = crew_array_create(other, CREW_F64, shape, 1);
    int code = a ? crew_array_append(a, values, N) : -errno;
    code = a ? first(code, crew_array_write(a, 0, 2, values)) : code;
    code = a ? first(code, crew_array_close(a)) : code;
    unlink(other);
    return code;
}

static int count_lines(crew_lines_block *block, void *ctx)
{
    size_t lines = 0;
    const char *at = block->text, *end = at + block->size, *line;
    for (size_t length; crew_lines_next(&at, end, &line, &length);)
        lines++;
    atomic_fetch_add((atomic_size_t *)ctx, lines);
    return 0;
}

static int use_lines_for(void)
{
    atomic_size_t lines = 0;
    int fd = open(text_path, O_RDONLY | O_CLOEXEC);
    int code = crew_lines_for(fd, 500, count_lines, &lines, NULL);
    close(fd);
    return code ? code : lines == N ? 0 : WRONG;
}

static int use_lines_read(void)
{
    int fd = open(text_path, O_RDONLY | O_CLOEXEC), code;
    crew_lines_block block = {0};
    crew_lines *lines = crew_lines_open(fd, 500);
    code = error_of(lines);
    while (code == 0)
        code = crew_lines_read(lines, &block);
    crew_lines_block_free(&block);
    crew_lines_close(lines);
    close(fd);
    return code == CREW_STREAM_END ? 0 : code;
}

static int fold_lines(crew_lines_block *block, void *acc, void *ctx)
{
    int code = 0;
    (void)ctx;
    const char *at = block->text, *end = at + block->size, *line;
    for (size_t length; code == 0 && crew_lines_next(&at, end, &line, &length);)
        code = crew_tally_add(acc, line, length, 1);
    return code;
}

static int merge_tallies(void *acc, void *right, void *ctx)
{
    (void)ctx;
    return crew_tally_merge(acc, right);
}

static void drop_tally(void *acc, void *ctx)
{
    (void)ctx;
    crew_tally_free(acc);
}

static int use_lines_reduce(void)
{
    const crew_lines_reducer words = {sizeof(crew_tally), NULL, fold_lines, merge_tallies, drop_tally};
    crew_tally tally = {0};
    int fd = open(text_path, O_RDONLY | O_CLOEXEC);
    int code = crew_lines_reduce(fd, 2000, &words, NULL, &tally, NULL);
    size_t n = 0;
    crew_tally_entries(&tally, &n);
    if (code == 0 && n != 100)
        code = WRONG;
    crew_tally_sort_by_key(&tally);
    crew_tally_sort_by_count(&tally);
    crew_tally_sort_by_sum(&tally);
    crew_tally_free(&tally);
    close(fd);
    return code;
}

static int use_tally(void)
{
    crew_tally tally = {0};
    int code = 0;
    for (int i = 0; i < 300 && code == 0; i++)
        code = crew_tally_add(&tally, &i, sizeof i, i);
    if (code == 0 && (!crew_tally_find(&tally, &(int){7}, sizeof(int)) || tally.used != 300))
        code = WRONG;
    crew_tally_free(&tally);
    return code;
}

static int use_group_by_bytes(void)
{
    static crew_bytes keys[N];
    static size_t offsets[N + 1], indices[N];
    size_t groups = 0;
    for (size_t i = 0; i < N; i++)
        keys[i] = (crew_bytes){&"abcdefghijklmnopqrstuvwxyz"[i % 26], 1};
    int code = crew_group_by_bytes(keys, N, CREW_BYTES_SORTED, offsets, indices, &groups, NULL);
    return code ? code : groups == 26 && offsets[26] == N ? 0 : WRONG;
}

static int source(void *item, size_t index, void *ctx)
{
    (void)ctx;
    *(size_t *)item = index;
    return index < 100 ? 0 : CREW_STREAM_END;
}

static int stage(void *item, size_t index, void *ctx)
{
    (void)index;
    (void)ctx;
    *(size_t *)item *= 2;
    return 0;
}

static int sink(void *item, size_t index, void *ctx)
{
    *(size_t *)ctx += *(size_t *)item == 2 * index;
    return 0;
}

static int use_stream(void)
{
    const crew_stage stages[] = {{stage, CREW_STAGE_PARALLEL}};
    size_t taken = 0;
    int code = crew_stream(&(crew_pipeline){sizeof(size_t), source, stages, 1, .sink = sink}, &taken, NULL);
    return code ? code : taken == 100 ? 0 : WRONG;
}

static int box(size_t a, size_t b, size_t c, size_t d, size_t e, size_t f, void *ctx)
{
    atomic_fetch_add((atomic_size_t *)ctx, (b - a) * (d - c) * (f - e));
    return 0;
}

static int use_for_3d(void)
{
    atomic_size_t cells = 0;
    int code = crew_for_3d(10, 12, 9, (crew_box){3, 2, 4}, box, &cells, NULL);
    return code ? code : cells == 1080 ? 0 : WRONG;
}

static int local_init(void *value, void *ctx)
{
    (void)ctx;
    *(size_t *)value = 0;
    return 0;
}

static int local_body(size_t begin, size_t end, void *value, void *ctx)
{
    (void)ctx;
    *(size_t *)value += end - begin;
    return 0;
}

static void local_fini(void *value, void *ctx)
{
    *(size_t *)ctx += *(size_t *)value;
}

static int use_for_local(void)
{
    const crew_local counter = {sizeof(size_t), local_init, local_fini};
    size_t items = 0;
    int code = crew_for_local(N, &counter, local_body, &items, NULL);
    return code ? code : items == N ? 0 : WRONG;
}

static int seven(void *unused)
{
    (void)unused;
    return 7;
}

/* A set to which futures come later, waits with options, a submit that does not wait. */
static int use_waits(void)
{
    crew_future *f[4] = {NULL};
    int code = 0, n = 0;
    crew_completion *set = crew_completion_open(NULL, 0);
    code = error_of(set);
    for (; n < 4 && code == 0; n++) {
        code = crew_try_submit(NULL, seven, NULL, &f[n], NULL);
        code = code ? code : crew_completion_add(set, f[n]);
        crew_future_release(f[n] ? crew_future_retain(f[n]) : NULL);
    }
    code = first(code, crew_wait_with(f, 4, CREW_WAIT_ALL, NULL));
    for (crew_future *next; code == 0 && (next = crew_next_done_within(set, 100));)
        crew_future_release(next);
    crew_completion_close(set);
    for (int i = 0; i < 4; i++) {
        if (f[i])
            crew_future_wait(f[i], -1);
        crew_future_release(f[i]);
    }
    return code;
}

static int nothing(void *unused)
{
    (void)unused;
    return 0;
}

static int use_graph(void)
{
    crew_graph *g = crew_graph_open();
    size_t a = 0, b = 0;
    int code = error_of(g);
    code = first(code, g ? crew_graph_add(g, nothing, NULL, &a) : 0);
    code = first(code, code ? 0 : crew_graph_add(g, nothing, NULL, &b));
    const size_t edges[][2] = {{a, b}};
    code = first(code, code ? 0 : crew_graph_edges(g, edges, 1));
    code = first(code, code ? 0 : crew_graph_name(g, a, "first"));
    code = first(code, code ? 0 : crew_graph_measure(g, true));
    if (code == 0) {
        FILE *file = tmpfile();
        code = crew_graph_run(g, NULL);
        if (file) {
            code = first(code, crew_graph_dot(g, file));
            fclose(file);
        }
    }
    crew_graph_close(g);
    return code;
}

/* It opens the default executor. */
static int use_threads_of_default(void)
{
    crew_executor_shutdown(NULL, 0);
    int threads = crew_executor_threads(NULL);
    crew_executor_shutdown(NULL, 0);
    return threads >= 1 ? 0 : -ENOMEM;
}

static int use_explain(void)
{
    char text[400];
    return crew_explain_threads(text, sizeof text) > 0 && crew_num_threads() >= 1 ? 0 : WRONG;
}

static int use_shared(void)
{
    void *p = crew_shared_alloc(800);
    int code = error_of(p);
    crew_shared_free(p);
    return code;
}

static int use_stats(void)
{
    crew_stats_enable(1);
    int code = use_for_3d();
    crew_call_stats stats[4];
    crew_stats(stats, 4);
    crew_stats_enable(0);
    return code;
}

static const struct {
    const char *name;
    int (*use)(void);
    bool may_fail;
} uses[] = {
    {"save", use_save, true},
    {"load", use_load, true},
    {"array", use_array_read, true},
    {"array, mapped", use_array_map, true},
    {"array, raw", use_array_raw, true},
    {"array, created", use_array_create, true},
    {"lines_for", use_lines_for, true},
    {"lines_read", use_lines_read, true},
    {"lines_reduce", use_lines_reduce, true},
    {"tally", use_tally, true},
    {"group_by_bytes", use_group_by_bytes, true},
    {"stream", use_stream, true},
    {"for_3d", use_for_3d, false},
    {"for_local", use_for_local, true},
    {"waits", use_waits, true},
    {"graph, named and measured", use_graph, true},
    {"threads of the default executor", use_threads_of_default, true},
    {"explain_threads", use_explain, false},
    {"shared memory", use_shared, true},
    {"stats", use_stats, false},
};
enum { USES = sizeof uses / sizeof *uses };

static long asked; /* by the last call of run */

static int run(int k, long at, bool on)
{
    crew__scratch_trim(); /* or what is kept is not asked for again */
    errno = 0;
    counting_begin(at, on);
    int error = uses[k].use();
    asked = counting_end();
    return error;
}

static void make_files(void)
{
    snprintf(path, sizeof path, "/tmp/crew-alloc-%ld.npy", (long)getpid());
    snprintf(text_path, sizeof text_path, "/tmp/crew-alloc-%ld.txt", (long)getpid());
    FILE *file = fopen(text_path, "w");
    ck_assert_ptr_nonnull(file);
    for (int i = 0; i < N; i++) {
        values[i] = i;
        fprintf(file, "line %d\n", i % 100);
    }
    fclose(file);
}

START_TEST(every_allocation_fails_in_turn)
{
    make_files();
    crew_set_num_threads(_i == 0 ? 1 : 3);
    for (int k = 0; k < USES; k++) {
        ck_assert_msg(run(k, -1, false) == 0, "%s", uses[k].name);
        ck_assert_msg(run(k, -1, false) == 0, "%s", uses[k].name);
        long needed = asked < 60 ? asked : 60;
        size_t before = 0;
        for (long round = 0; round < 2 * (needed + 2) + 1000; round++) {
            long at = round / 2 % (needed + 2);
            int error = run(k, at, round % 2);
            ck_assert_msg(error == 0 || (error == -ENOMEM && uses[k].may_fail), "%s %ld: %d", uses[k].name, at, error);
            crew__scratch_trim();
            if (round == 2 * (needed + 2))
                before = bytes_in_use();
        }
        /* What malloc keeps for each thread counts as in use: up to 18 KB, however many rounds. */
        ck_assert_msg(bytes_in_use() <= before + 32768, "%s leaks", uses[k].name);
        ck_assert_msg(run(k, -1, false) == 0, "%s afterwards", uses[k].name);
    }
    ck_assert_int_eq(crew_executor_shutdown(NULL, 0), 0);
    unlink(path);
    unlink(text_path);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("alloc_file");
    TCase *tc = parallel_case(suite, "alloc_file");
    tcase_add_loop_test(tc, every_allocation_fails_in_turn, 0, 2);
    return run_suite(suite);
}
