/* What files, tallies, lines, graphs, tasks and streams refuse: each argument that cannot be right by itself, with the
   documented code; and calls with nothing to do. fault_input tries arguments two at a time. */
#define _GNU_SOURCE
#include "../unit/executor_test.h"
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

enum { N = 40, ROWS = 10, COLUMNS = 4 };

static char path[64];
static double values[N], received[N];

static void make_file(void)
{
    const size_t shape[] = {ROWS, COLUMNS};
    snprintf(path, sizeof path, "/tmp/crew-arguments-%ld.npy", (long)getpid());
    for (int i = 0; i < N; i++)
        values[i] = i;
    ck_assert_int_eq(crew_save(path, CREW_F64, shape, 2, values), 0);
}

static void remove_file(void)
{
    unlink(path);
}

#define INVALID(call) ck_assert_int_eq(call, -EINVAL)
#define OVERFLOWS(call) ck_assert_int_eq(call, -EOVERFLOW)

/* A call that returns NULL and says so in errno, and in words. */
#define REFUSED(call, error)                                                                                           \
    do {                                                                                                               \
        errno = 0;                                                                                                     \
        ck_assert_ptr_null(call);                                                                                      \
        ck_assert_int_eq(errno, error);                                                                                \
        ck_assert(strlen(crew_array_why()) > 10);                                                                      \
    } while (0)

START_TEST(arrays_that_are_not_opened)
{
    const size_t shape[CREW_ARRAY_DIMS + 1] = {ROWS, COLUMNS}, huge[] = {SIZE_MAX / 4, SIZE_MAX / 4},
                                         many[] = {ROWS + 1, COLUMNS}, open_end[] = {SIZE_MAX, COLUMNS},
                                         nothing[] = {SIZE_MAX, 0};
    REFUSED(crew_array_open(NULL, CREW_ARRAY_READ), EINVAL);
    REFUSED(crew_array_open(path, (crew_array_mode)99), EINVAL);
    REFUSED(crew_array_open("/nowhere/at/all", CREW_ARRAY_READ), ENOENT);
    REFUSED(crew_array_open("/tmp", CREW_ARRAY_READ), EISDIR);
    REFUSED(crew_array_open("/dev/null", CREW_ARRAY_READ), ESPIPE);
    REFUSED(crew_array_open_raw(path, CREW_F64, 128, shape, 2, CREW_ARRAY_APPEND), EINVAL);
    REFUSED(crew_array_open_raw(path, CREW_TYPES, 128, shape, 2, CREW_ARRAY_READ), EINVAL);
    REFUSED(crew_array_open_raw(path, CREW_F64, 128, shape, CREW_ARRAY_DIMS + 1, CREW_ARRAY_READ), EINVAL);
    REFUSED(crew_array_open_raw(path, CREW_F64, 128, NULL, 2, CREW_ARRAY_READ), EINVAL);
    REFUSED(crew_array_open_raw(path, CREW_F64, 129, shape, 1, CREW_ARRAY_MAP), EINVAL);
    REFUSED(crew_array_open_raw(path, CREW_F64, 129, shape, 1, CREW_ARRAY_MAP_COPY), EINVAL);
    REFUSED(crew_array_open_raw(path, CREW_F64, 128, huge, 2, CREW_ARRAY_READ), EOVERFLOW);
    REFUSED(crew_array_open_raw(path, CREW_F64, 1000000, shape, 2, CREW_ARRAY_READ), ENODATA);
    REFUSED(crew_array_open_raw(path, CREW_F64, 128, many, 2, CREW_ARRAY_READ), ENODATA);
    REFUSED(crew_array_open_raw("/nowhere/at/all", CREW_F64, 0, shape, 2, CREW_ARRAY_READ), ENOENT);
    crew_array *a = crew_array_open_raw(path, CREW_F64, 128, open_end, 2, CREW_ARRAY_MAP);
    ck_assert_uint_eq(crew_array_get_info(a)->rows, ROWS);
    ck_assert(memcmp(crew_array_get_info(a)->data, values, sizeof values) == 0);
    ck_assert_int_eq(crew_array_close(a), 0);
    a = crew_array_open_raw(path, CREW_F64, 128, nothing, 2, CREW_ARRAY_READ);
    ck_assert_uint_eq(crew_array_get_info(a)->rows, 0);
    ck_assert_int_eq(crew_array_close(a), 0);
    a = crew_array_open_raw(path, CREW_F64, 128, NULL, 0, CREW_ARRAY_READ); /* a single number */
    ck_assert(crew_array_read(a, 0, 1, received) == 0 && received[0] == values[0]);
    ck_assert_int_eq(crew_array_close(a), 0);
}
END_TEST

START_TEST(arrays_that_are_not_made)
{
    const size_t shape[33] = {2, 2}, huge[] = {SIZE_MAX / 4, SIZE_MAX / 4}, one[] = {1};
    REFUSED(crew_array_create(NULL, CREW_F64, shape, 2), EINVAL);
    REFUSED(crew_array_create(path, CREW_TYPES, shape, 2), EINVAL);
    REFUSED(crew_array_create(path, CREW_F64, shape, 0), EINVAL);
    REFUSED(crew_array_create(path, CREW_F64, shape, 33), EINVAL);
    REFUSED(crew_array_create(path, CREW_F64, NULL, 2), EINVAL);
    REFUSED(crew_array_create(path, CREW_F64, huge, 2), EOVERFLOW);
    REFUSED(crew_array_create("/nowhere/at/all", CREW_F64, shape, 2), ENOENT);
    INVALID(crew_save(NULL, CREW_F64, one, 1, values));
    INVALID(crew_save(path, CREW_TYPES, one, 1, values));
    INVALID(crew_save(path, CREW_F64, shape, 33, values));
    INVALID(crew_save(path, CREW_F64, NULL, 1, values));
    INVALID(crew_save(path, CREW_F64, one, 1, NULL));
    OVERFLOWS(crew_save(path, CREW_F64, huge, 2, values));
    ck_assert_int_eq(crew_save("/nowhere/at/all", CREW_F64, one, 1, values), -ENOENT);
    size_t n = 77;
    double *x = crew_load_f64(path, &n); /* none of these has touched it */
    ck_assert(x && n == N && memcmp(x, values, sizeof values) == 0);
    free(x);
    errno = 0;
    ck_assert(!crew_load_f32(path, &n) && errno == ENOTSUP);
    ck_assert(!crew_load_f64("/nowhere/at/all", NULL) && errno == ENOENT);
    ck_assert_uint_eq(crew_type_size(CREW_TYPES), 0);
    ck_assert_str_eq(crew_type_name((crew_type)-1), "?");
}
END_TEST

static int see_rows(size_t begin, size_t end, const void *rows, void *ctx)
{
    (void)begin;
    (void)end;
    (void)rows;
    (void)ctx;
    return 0;
}

static int sum_rows(size_t begin, size_t end, const void *rows, void *acc, void *ctx)
{
    (void)ctx;
    for (size_t i = 0; i < (end - begin) * COLUMNS; i++)
        *(double *)acc += ((const double *)rows)[i];
    return 0;
}

START_TEST(rows_that_are_not_there)
{
    const crew_array_reducer good = {8, NULL, sum_rows, suite_add, NULL};
    double sum = 77;
    crew_array *a = crew_array_open(path, CREW_ARRAY_READ);
    INVALID(crew_array_read(NULL, 0, 1, received));
    INVALID(crew_array_read(a, 2, 1, received));
    INVALID(crew_array_read(a, 0, ROWS + 1, received));
    INVALID(crew_array_read(a, 0, 1, NULL));
    ck_assert_int_eq(crew_array_read(a, 3, 3, NULL), 0);
    INVALID(crew_array_write(NULL, 0, 1, values));
    INVALID(crew_array_write(a, 2, 1, values));
    INVALID(crew_array_write(a, 0, ROWS + 1, values));
    INVALID(crew_array_write(a, 0, 1, NULL));
    ck_assert_int_eq(crew_array_write(a, 0, 1, values), -EBADF);
    INVALID(crew_array_append(NULL, values, 1));
    INVALID(crew_array_append(a, NULL, 1));
    ck_assert_int_eq(crew_array_append(a, values, 1), -EBADF);
    INVALID(crew_array_for(NULL, see_rows, NULL, NULL));
    INVALID(crew_array_for(a, NULL, NULL, NULL));
    INVALID(crew_array_reduce(NULL, &good, NULL, &sum, NULL));
    INVALID(crew_array_reduce(a, NULL, NULL, &sum, NULL));
    INVALID(crew_array_reduce(a, &(crew_array_reducer){8, NULL, NULL, suite_add, NULL}, NULL, &sum, NULL));
    INVALID(crew_array_reduce(a, &(crew_array_reducer){8, NULL, sum_rows, NULL, NULL}, NULL, &sum, NULL));
    ck_assert(sum == 77);
    ck_assert_int_eq(crew_array_reduce(a, &good, NULL, &sum, NULL), 0);
    ck_assert(sum == (double)N * (N - 1) / 2);
    ck_assert_int_eq(crew_array_close(a), 0);
    ck_assert_int_eq(crew_array_close(NULL), 0);
    ck_assert_ptr_null(crew_array_get_info(NULL));
    a = crew_array_open(path, CREW_ARRAY_APPEND);
    OVERFLOWS(crew_array_append(a, values, SIZE_MAX));
    OVERFLOWS(crew_array_append(a, values, SIZE_MAX / 64));
    ck_assert_int_eq(crew_array_append(a, NULL, 0), 0);
    ck_assert_int_eq(crew_array_close(a), 0);
}
END_TEST

/* A file in Fortran order, and one of the other byte order: which of the modes refuses it, and why. */
START_TEST(orders)
{
    static const char *const headers[] = {"{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }",
                                          "{'descr': '>f8', 'fortran_order': False, 'shape': (2, 3), }"};
    const uint16_t one = 1;
    if (*(const unsigned char *)&one != 1)
        return; /* the bytes below are those of a little-endian machine */
    for (int k = 0; k < 2; k++) {
        unsigned char text[128 + 48] = "\x93NUMPY\x01";
        memset(text + 10, ' ', 118);
        text[8] = 118;
        memcpy(text + 10, headers[k], strlen(headers[k]));
        text[127] = '\n';
        for (int i = 0; i < 6; i++)
            text[128 + 8 * i + (k ? 0 : 7)] = 0x40; /* 2.0 */
        FILE *file = fopen(path, "w");
        ck_assert_uint_eq(fwrite(text, 1, sizeof text, file), sizeof text);
        fclose(file);
        REFUSED(crew_array_open(path, CREW_ARRAY_APPEND), ENOTSUP);
        if (k)
            REFUSED(crew_array_open(path, CREW_ARRAY_MAP), ENOTSUP);
        crew_array *a = crew_array_open(path, CREW_ARRAY_READ);
        ck_assert_ptr_nonnull(a);
        ck_assert(crew_array_get_info(a)->fortran == !k && crew_array_get_info(a)->items == 6);
        ck_assert_int_eq(crew_array_read(a, 0, crew_array_get_info(a)->rows, received), 0);
        for (int i = 0; i < 6; i++)
            ck_assert(received[i] == 2);
        ck_assert_int_eq(crew_array_close(a), 0);
    }
}
END_TEST

#define SAVED(type, CTYPE)                                                                                             \
    do {                                                                                                               \
        const CTYPE some[] = {1, 0, 1, 1};                                                                             \
        size_t n = 0;                                                                                                  \
        ck_assert_int_eq(crew_save_##type(path, some, 4), 0);                                                          \
        CTYPE *back = crew_load_##type(path, &n);                                                                      \
        ck_assert(back &&n == 4 && memcmp(back, some, sizeof some) == 0);                                              \
        free(back);                                                                                                    \
    } while (0)

START_TEST(each_type_comes_back)
{
    SAVED(f32, float);
    SAVED(f64, double);
    SAVED(i8, int8_t);
    SAVED(u8, uint8_t);
    SAVED(i16, int16_t);
    SAVED(u16, uint16_t);
    SAVED(i32, int32_t);
    SAVED(u32, uint32_t);
    SAVED(i64, int64_t);
    SAVED(u64, uint64_t);
    SAVED(bool, bool);
}
END_TEST

START_TEST(tallies)
{
    crew_tally t = {0}, other = {0};
    size_t n = 77;
    INVALID(crew_tally_add(NULL, "a", 1, 1));
    INVALID(crew_tally_add(&t, NULL, 1, 1));
    INVALID(crew_tally_merge(NULL, &t));
    INVALID(crew_tally_merge(&t, NULL));
    INVALID(crew_tally_merge(&t, &t));
    ck_assert_ptr_null(crew_tally_find(NULL, "a", 1));
    ck_assert_ptr_null(crew_tally_find(&t, "a", 1));
    ck_assert_ptr_null(crew_tally_entries(NULL, &n));
    ck_assert_uint_eq(n, 0);
    crew_tally_sort_by_key(NULL);
    crew_tally_sort_by_sum(&t);
    crew_tally_free(NULL);
    ck_assert_int_eq(crew_tally_add(&t, NULL, 0, NAN), 0); /* the empty key */
    ck_assert_int_eq(crew_tally_add(&t, "b", 1, 1), 0);
    ck_assert_int_eq(crew_tally_add(&t, "a", 1, NAN), 0);
    ck_assert_int_eq(crew_tally_add(&t, "c", 1, 5), 0);
    ck_assert_ptr_null(crew_tally_find(&t, NULL, 1));
    ck_assert_uint_eq(crew_tally_find(&t, NULL, 0)->count, 1);
    crew_tally_sort_by_sum(&t);
    const crew_tally_entry *e = crew_tally_entries(&t, NULL);
    ck_assert(strcmp(e[0].key, "c") == 0 && strcmp(e[1].key, "b") == 0 && e[2].size == 0 && strcmp(e[3].key, "a") == 0);
    /* Keys longer than the memory for keys grows by, in both ways of merging. */
    static char long_key[300000];
    memset(long_key, 'x', sizeof long_key);
    ck_assert_int_eq(crew_tally_add(&other, long_key, sizeof long_key, 1), 0);
    ck_assert_int_eq(crew_tally_add(&other, "a", 1, 1), 0);
    ck_assert_int_eq(crew_tally_merge(&t, &other), 0);
    ck_assert(other.used == 0 && t.used == 5 && crew_tally_find(&t, "a", 1)->count == 2);
    ck_assert_int_eq(crew_tally_merge(&other, &t), 0);
    ck_assert(other.used == 5 && t.used == 0 && crew_tally_find(&other, long_key, sizeof long_key));
    crew_tally_free(&other);
}
END_TEST

START_TEST(groups_of_bytes)
{
    const crew_bytes keys[] = {{"b", 1}, {NULL, 0}, {"a", 1}, {"b", 1}};
    size_t groups = 77, indices[4];
    INVALID(crew_group_by_bytes(keys, 4, CREW_BYTES_SORTED, NULL, NULL, NULL, NULL));
    INVALID(crew_group_by_bytes(NULL, 4, CREW_BYTES_SORTED, NULL, NULL, &groups, NULL));
    INVALID(crew_group_by_bytes(keys, 4, (crew_bytes_order)9, NULL, NULL, &groups, NULL));
    INVALID(crew_group_by_bytes(keys, 4, CREW_BYTES_SORTED, NULL, NULL, &groups, &(crew_options){.timeout = NAN}));
    OVERFLOWS(crew_group_by_bytes(keys, SIZE_MAX / 3, CREW_BYTES_SORTED, NULL, NULL, &groups, NULL));
    ck_assert_uint_eq(groups, 77);
    ck_assert_int_eq(
        crew_group_by_bytes(keys, 4, CREW_BYTES_SORTED, NULL, indices, &groups, &(crew_options){.timeout = 9}), 0);
    ck_assert(groups == 3 && indices[0] == 1 && indices[1] == 2 && indices[2] == 0 && indices[3] == 3);
}
END_TEST

static int no_lines(crew_lines_block *block, void *acc, void *ctx)
{
    (void)block;
    (void)acc;
    (void)ctx;
    return 0;
}

static int no_merge(void *acc, void *right, void *ctx)
{
    return no_lines(right, acc, ctx);
}

static int no_body(crew_lines_block *block, void *ctx)
{
    return no_lines(block, ctx, ctx);
}

START_TEST(lines)
{
    const crew_lines_reducer bad[] = {{0, NULL, no_lines, no_merge, NULL},
                                      {8, NULL, NULL, no_merge, NULL},
                                      {8, NULL, no_lines, NULL, NULL}},
                             good = {8, NULL, no_lines, no_merge, NULL};
    crew_lines_block block = {0};
    double result = 77;
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    INVALID(crew_lines_reduce(fd, 0, NULL, NULL, &result, NULL));
    for (int k = 0; k < 3; k++)
        INVALID(crew_lines_reduce(fd, 0, &bad[k], NULL, &result, NULL));
    INVALID(crew_lines_reduce(fd, 0, &good, NULL, NULL, NULL));
    INVALID(crew_lines_for(fd, 0, NULL, NULL, NULL));
    INVALID(crew_lines_for(-1, 0, no_body, NULL, NULL));
    ck_assert_int_eq(crew_lines_for(999999, 0, no_body, NULL, NULL), -EBADF);
    INVALID(crew_lines_read(NULL, &block));
    crew_lines *reader = crew_lines_open(fd, 0);
    INVALID(crew_lines_read(reader, NULL));
    ck_assert_int_eq(crew_lines_read(reader, &block), CREW_STREAM_END);
    crew_lines_block_free(&block);
    crew_lines_close(reader);
    crew_lines_close(NULL);
    crew_lines_block_free(NULL);
    ck_assert(result == 77);
    close(fd);
}
END_TEST

static struct gate gate;

static int wait_here(void *arg)
{
    return wait_at(arg);
}

START_TEST(graphs)
{
    crew_graph *g = crew_graph_open();
    size_t node = 77, edges[][2] = {{0, 1}, {1, 5}};
    INVALID(crew_graph_add(g, NULL, NULL, &node));
    ck_assert_int_eq(crew_graph_add(g, wait_here, &gate, &node), 0);
    ck_assert_int_eq(crew_graph_add(g, wait_here, &gate, NULL), 0);
    INVALID(crew_graph_edge(NULL, 0, 1));
    INVALID(crew_graph_edge(g, 2, 1));
    INVALID(crew_graph_edge(g, 0, 2));
    INVALID(crew_graph_edge(g, 1, 1));
    INVALID(crew_graph_edges(g, NULL, 1));
    INVALID(crew_graph_edges(g, (const size_t(*)[2])edges, 2));
    INVALID(crew_graph_name(g, 2, "none"));
    INVALID(crew_graph_name(NULL, 0, "none"));
    INVALID(crew_graph_skip(g, 2, true));
    INVALID(crew_graph_skip(NULL, 0, true));
    INVALID(crew_graph_measure(NULL, true));
    INVALID(crew_graph_dot(NULL, stdout));
    INVALID(crew_graph_dot(g, NULL));
    INVALID(crew_graph_run(g, &(crew_options){.timeout = NAN}));
    INVALID(crew_graph_run(g, &(crew_options){.timeout = -1}));
    ck_assert_uint_eq(crew_graph_size(NULL), 0);
    ck_assert(crew_graph_seconds(NULL, 0) < 0 && crew_graph_seconds(g, 7) < 0 && crew_graph_seconds(g, 0) < 0);
    ck_assert(crew_graph_failed(g, NULL) == 0 && crew_graph_failed(NULL, NULL) == 0);
    ck_assert(!crew_graph_submit(NULL, NULL) && errno == EINVAL);
    if (has_threads()) { /* while it runs it is not changed */
        crew_executor *ex = open_with(2);
        crew_future *f = crew_graph_submit(ex, g);
        wait_for(&gate.waiting, 1);
        ck_assert_int_eq(crew_graph_add(g, wait_here, &gate, NULL), -EBUSY);
        ck_assert_int_eq(crew_graph_edge(g, 0, 1), -EBUSY);
        ck_assert_int_eq(crew_graph_edges(g, (const size_t(*)[2])edges, 1), -EBUSY);
        ck_assert_int_eq(crew_graph_name(g, 0, "new"), -EBUSY);
        ck_assert_int_eq(crew_graph_measure(g, true), -EBUSY);
        ck_assert_int_eq(crew_graph_dot(g, stdout), -EBUSY);
        ck_assert_int_eq(crew_graph_run(g, NULL), -EBUSY);
        atomic_store(&gate.open, 1);
        ck_assert_int_eq(result_of(f), 7);
        ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    }
    crew_graph_close(g);
}
END_TEST

static int done(void *arg)
{
    (void)arg;
    return 0;
}

START_TEST(tasks)
{
    crew_future *f = (crew_future *)&gate, *none[1] = {NULL};
    INVALID(crew_submit_with(NULL, NULL, NULL, &f, NULL));
    ck_assert_ptr_null(f);
    INVALID(crew_submit_with(NULL, done, NULL, NULL, &(crew_submit_options){.copy = 8}));
    INVALID(crew_submit_with(NULL, done, NULL, NULL, &(crew_submit_options){.ndeps = 1}));
    INVALID(crew_submit_with(NULL, done, NULL, NULL, &(crew_submit_options){.deps = none, .ndeps = 1}));
    INVALID(crew_submit_with(NULL, done, NULL, NULL, &(crew_submit_options){.priority = (crew_priority)9}));
    INVALID(crew_submit_with(NULL, done, NULL, NULL, &(crew_submit_options){.priority = (crew_priority)-9}));
    INVALID(crew_try_submit(NULL, NULL, NULL, NULL, NULL));
    ck_assert_ptr_null(crew_future_retain(NULL));
    ck_assert_ptr_null(crew_future_tag(NULL));
    ck_assert_int_eq(crew_future_status(NULL), CREW_FUTURE_CANCELED);
    f = crew_submit(NULL, done, NULL);
    INVALID(crew_future_on_done(f, NULL, NULL));
    INVALID(crew_completion_add(NULL, f));
    crew_completion *set = crew_completion_open(NULL, 0);
    ck_assert_ptr_nonnull(set);
    INVALID(crew_completion_add(set, NULL));
    errno = 0;
    ck_assert(!crew_next_done_within(NULL, 1) && errno == EINVAL);
    errno = 0;
    ck_assert(!crew_next_done_within(set, NAN) && errno == EINVAL);
    crew_completion_close(set);
    ck_assert_int_eq(crew_future_result(f, NULL), 0);
    crew_future_release(f);
    ck_assert(!crew_promise_open(NULL, NULL) && errno == EINVAL);
    INVALID(crew_promise_set(NULL, 0));
    crew_promise_close(NULL);
    INVALID(crew_executor_map(NULL, NULL, 8, 8, 3, NULL, NULL, NULL, 0));
    INVALID(crew_executor_map_with(NULL, values, 8, 8, 3, NULL, NULL, NULL, NULL));
}
END_TEST

static int end_at_once(void *item, size_t index, void *ctx)
{
    (void)item;
    (void)index;
    (void)ctx;
    return CREW_STREAM_END;
}

static int fail_at_once(void *item, size_t index, void *ctx)
{
    (void)item;
    (void)index;
    (void)ctx;
    return 17;
}

START_TEST(streams)
{
    const crew_stage empty = {NULL, CREW_STAGE_PARALLEL}, strange = {end_at_once, (crew_stage_kind)9};
    size_t failed = 77;
    INVALID(crew_stream(&(crew_pipeline){.item_size = 8}, NULL, NULL));
    INVALID(crew_stream(&(crew_pipeline){.source = end_at_once, .nstages = 1}, NULL, NULL));
    INVALID(crew_stream(&(crew_pipeline){.source = end_at_once, .stages = &empty, .nstages = 1}, NULL, NULL));
    INVALID(crew_stream(&(crew_pipeline){.source = end_at_once, .stages = &strange, .nstages = 1}, NULL, NULL));
    INVALID(crew_stream(&(crew_pipeline){.source = end_at_once}, NULL, &(crew_options){.timeout = NAN}));
    OVERFLOWS(crew_stream(&(crew_pipeline){.source = end_at_once, .item_size = SIZE_MAX}, NULL, NULL));
    OVERFLOWS(crew_stream(&(crew_pipeline){.source = end_at_once, .in_flight = SIZE_MAX}, NULL, NULL));
    OVERFLOWS(crew_stream(&(crew_pipeline){.source = end_at_once, .item_size = SIZE_MAX / 64, .in_flight = 1000}, NULL,
                          NULL));
    const size_t most = SIZE_MAX / 8, sizes[][2] = {{0, most / 2}, {8, most / 4}, {most, 1}, {most, 2}, {most / 4, 16}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        int code = crew_stream(
            &(crew_pipeline){.source = end_at_once, .item_size = sizes[i][0], .in_flight = sizes[i][1]}, NULL, NULL);
        ck_assert(code == -EOVERFLOW || code == -ENOMEM);
    }
    ck_assert_int_eq(crew_stream(&(crew_pipeline){.source = end_at_once}, NULL, &(crew_options){.failed = &failed}), 0);
    ck_assert_uint_eq(failed, 77);
    ck_assert_int_eq(crew_stream(&(crew_pipeline){.source = fail_at_once}, NULL, NULL), 17);
    ck_assert_int_eq(crew_stream(&(crew_pipeline){.source = fail_at_once}, NULL, &(crew_options){.threads = 1}), 17);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("arguments");
    TCase *tc = tcase_create("arguments");
    tcase_add_checked_fixture(tc, make_file, remove_file);
    suite_add_tcase(suite, tc);
    tcase_add_test(tc, arrays_that_are_not_opened);
    tcase_add_test(tc, arrays_that_are_not_made);
    tcase_add_test(tc, rows_that_are_not_there);
    tcase_add_test(tc, orders);
    tcase_add_test(tc, each_type_comes_back);
    tcase_add_test(tc, tallies);
    tcase_add_test(tc, groups_of_bytes);
    tcase_add_test(tc, lines);
    tcase_add_test(tc, graphs);
    tcase_add_test(tc, tasks);
    tcase_add_test(tc, streams);
    return run_suite(suite);
}
