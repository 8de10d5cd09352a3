/* Arrays in files: headers, round trips, windows, what hostile and damaged files do. */
#define _XOPEN_SOURCE 700
#include "../../lib/core/file/npy_header.h"
#include "../support/own_folder.h"
#include "../support/suite.h"
#include <crew/array.h>
#include <crew/for.h>
#include <crew/reduce.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static int parse(const char *text, crew_array_info *info, bool *swapped)
{
    char why[128];
    return crew__npy_parse(text, strlen(text), info, swapped, why, sizeof why);
}

#define DICT(descr, fortran, shape) "{'descr': " descr ", 'fortran_order': " fortran ", 'shape': " shape ", }"

START_TEST(headers_that_numpy_takes)
{
    static const struct {
        const char *text;
        crew_type type;
        bool fortran, swapped;
        size_t ndim, shape[3];
    } good[] = {
        {DICT("'<f8'", "False", "(3,)"), CREW_F64, false, false, 1, {3}},
        {DICT("'<f8'", "False", "(3,)") "      \n", CREW_F64, false, false, 1, {3}},
        {DICT("'>f4'", "True", "(3, 4)"), CREW_F32, true, true, 2, {3, 4}},
        {DICT("'|i1'", "False", "()"), CREW_I8, false, false, 0, {0}},
        {DICT("'|b1'", "False", "(0, 7)"), CREW_BOOL, false, false, 2, {0, 7}},
        {DICT("'=u2'", "False", "(3L, 4L)"), CREW_U16, false, false, 2, {3, 4}},
        {DICT("'uint64'", "False", "(np.int64(3), np.uint8(4))"), CREW_U64, false, false, 2, {3, 4}},
        {DICT("'i'", "False", "7"), CREW_I32, false, false, 1, {7}},
        {DICT("u'<i8'", "False", "(7)"), CREW_I64, false, false, 1, {7}},
        {"{\"shape\":(2,3,4),\"descr\":\"<u4\",\"fortran_order\":True}\n", CREW_U32, true, false, 3, {2, 3, 4}},
        {"  {  'shape' : ( 2 , ) ,\n'fortran_order' : False,'descr':'>i2' }  ", CREW_I16, false, true, 1, {2}},
        {DICT("'|u1'", "False", "(0, 9223372036854775807)"), CREW_U8, false, false, 2, {0, 9223372036854775807}},
    };
    for (size_t i = 0; i + 1 < sizeof good / sizeof *good; i++) {
        crew_array_info info;
        bool swapped;
        ck_assert_msg(parse(good[i].text, &info, &swapped) == 0, "%s", good[i].text);
        ck_assert_int_eq(info.type, good[i].type);
        ck_assert_int_eq(info.fortran, good[i].fortran);
        ck_assert_int_eq(swapped, good[i].swapped);
        ck_assert_uint_eq(info.ndim, good[i].ndim);
        ck_assert_mem_eq(info.shape, good[i].shape, info.ndim * sizeof *info.shape);
    }
}
END_TEST

START_TEST(headers_that_are_refused)
{
    static const struct {
        const char *text;
        int error;
    } bad[] = {
        {"", -EBADMSG},
        {"{", -EBADMSG},
        {"{}", -EBADMSG},
        {"{'descr'", -EBADMSG},
        {"{'descr': '<f8", -EBADMSG},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (3,)", -EBADMSG},
        {"{'descr': '<f8', 'fortran_order': False}", -EBADMSG},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (3,), 'more': 1}", -EBADMSG},
        {DICT("'<f8'", "False", "(3,)") "x", -EBADMSG},
        {DICT("'<f8'", "False", "(3,)") "{}", -EBADMSG},
        {DICT("'<f8'", "0", "(3,)"), -EBADMSG},
        {DICT("'<f8'", "False", "(-3,)"), -EBADMSG},
        {DICT("'<f8'", "False", "(3.0,)"), -EBADMSG},
        {DICT("'<f8'", "False", "(3,,)"), -EBADMSG},
        {DICT("'<f8'", "False", "(3 4)"), -EBADMSG},
        {DICT("'<f8'", "False", "[3]"), -EBADMSG},
        {DICT("'<f8'", "False", "(os.system(3),)"), -EBADMSG},
        {DICT("'<f8'", "False", "(np.array(3),)"), -EBADMSG},
        {DICT("'<f2'", "False", "(3,)"), -ENOTSUP},
        {DICT("'<c16'", "False", "(3,)"), -ENOTSUP},
        {DICT("'|O'", "False", "(3,)"), -ENOTSUP},
        {DICT("'<U8'", "False", "(3,)"), -ENOTSUP},
        {DICT("[('x', '<f8')]", "False", "(3,)"), -ENOTSUP},
        {DICT("''", "False", "(3,)"), -ENOTSUP},
        {DICT("'<f8'", "False", "(99999999999999999999,)"), -EOVERFLOW},
        {DICT("'<f8'", "False", "(4294967296, 4294967296)"), -EOVERFLOW},
        {DICT("'<f8'", "False", "(2305843009213693952,)"), -EOVERFLOW},
        {DICT("'<f8'", "False", "(0, 4294967296, 4294967296)"), -EOVERFLOW},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        crew_array_info info;
        bool swapped;
        char why[200] = "";
        int error = crew__npy_parse(bad[i].text, strlen(bad[i].text), &info, &swapped, why, sizeof why);
        ck_assert_msg(error == bad[i].error, "%s: %d", bad[i].text, error);
        ck_assert_msg(why[0] != '\0', "%s", bad[i].text);
    }
    /* 65 axes */
    char many[1024] = "{'descr': '<f8', 'fortran_order': False, 'shape': (";
    for (int i = 0; i < 65; i++)
        strcat(many, "1, ");
    strcat(many, ")}");
    crew_array_info info;
    bool swapped;
    ck_assert_int_eq(parse(many, &info, &swapped), -ENOTSUP);
}
END_TEST

/* A file with this prefix and these bytes behind it, opened. errno, or 0. */
static int try_file(const void *bytes, size_t size, crew_array_mode mode)
{
    FILE *f = fopen("file.npy", "wb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(bytes, 1, size, f), size);
    fclose(f);
    crew_array *a = crew_array_open("file.npy", mode);
    int error = a ? 0 : errno;
    if (!a)
        ck_assert_ptr_nonnull(strstr(crew_array_why(), "file.npy: "));
    crew_array_close(a);
    return error;
}

START_TEST(damaged_files)
{
    char bytes[CREW__NPY_MOST + CREW__NPY_PREFIX];
    crew_array_info info = {.type = CREW_I32, .ndim = 1, .shape = {5}};
    ck_assert(crew__array_count(&info));
    size_t header = crew__npy_format(&info, 0, bytes), whole = header + 20;
    memset(bytes + header, 1, 20);
    ck_assert_uint_eq(header % 64, 0);
    ck_assert_int_eq(try_file(bytes, whole, CREW_ARRAY_READ), 0);
    ck_assert_int_eq(try_file(bytes, whole + 100, CREW_ARRAY_READ), 0); /* NumPy does not mind */
    for (size_t size = 0; size < whole; size++) {
        int error = try_file(bytes, size, size % 2 ? CREW_ARRAY_READ : CREW_ARRAY_MAP);
        ck_assert_int_eq(error, size < header ? EBADMSG : ENODATA);
    }
    const struct {
        size_t at;
        char byte;
        int error;
    } changes[] = {{0, 'x', EBADMSG}, {6, 0, ENOTSUP}, {6, 4, ENOTSUP}, {7, 1, ENOTSUP}, {9, 100, EBADMSG}};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        char kept = bytes[changes[i].at];
        bytes[changes[i].at] = changes[i].byte;
        ck_assert_int_eq(try_file(bytes, whole, CREW_ARRAY_READ), changes[i].error);
        bytes[changes[i].at] = kept;
    }
    /* version 2 says that its header has 4 GiB */
    memcpy(bytes, "\x93NUMPY\x02\x00\xff\xff\xff\xff", 12);
    ck_assert_int_eq(try_file(bytes, whole, CREW_ARRAY_READ), ENOTSUP);
    ck_assert_ptr_null(crew_array_open("none.npy", CREW_ARRAY_READ));
    ck_assert_int_eq(errno, ENOENT);
    ck_assert_ptr_null(crew_array_open("/", CREW_ARRAY_READ));
    ck_assert_int_eq(errno, EISDIR);
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    ck_assert_ptr_null(crew_array_open("pipe", CREW_ARRAY_READ));
    ck_assert_int_eq(errno, ESPIPE);
    ck_assert_ptr_null(crew_array_open(NULL, CREW_ARRAY_READ));
    ck_assert_int_eq(errno, EINVAL);
    ck_assert_ptr_null(crew_array_open("file.npy", CREW_ARRAY_MODES));
    ck_assert_int_eq(errno, EINVAL);
}
END_TEST

START_TEST(save_and_load)
{
    enum { N = 1000 };
    double x[N];
    for (size_t i = 0; i < N; i++)
        x[i] = 1.0 / (double)(i + 1);
    const size_t ns[] = {0, 1, N};
    for (size_t k = 0; k < 3; k++) {
        size_t n = 77;
        ck_assert_int_eq(crew_save_f64("x.npy", x, ns[k]), 0);
        double *y = crew_load_f64("x.npy", &n);
        ck_assert_ptr_nonnull(y);
        ck_assert_uint_eq(n, ns[k]);
        ck_assert_mem_eq(x, y, n * sizeof *x);
        free(y);
    }
    ck_assert_ptr_null(crew_load_f32("x.npy", NULL));
    ck_assert_int_eq(errno, ENOTSUP);
    ck_assert_str_eq(crew_array_why(), "x.npy: holds f64, not f32");
    ck_assert_int_eq(crew_save_f64("none/x.npy", x, N), -ENOENT);
    ck_assert_int_eq(crew_save_f64(NULL, x, N), -EINVAL);
    ck_assert_int_eq(crew_save_f64("x.npy", NULL, N), -EINVAL);
    ck_assert_int_eq(crew_save("x.npy", CREW_F64, (size_t[]){SIZE_MAX, 2}, 2, x), -EOVERFLOW);
    crew_array_info info;
    ck_assert_int_eq(crew_save("s.npy", CREW_F64, NULL, 0, x), 0);
    double *scalar = crew_load("s.npy", &info);
    ck_assert_ptr_nonnull(scalar);
    ck_assert_uint_eq(info.ndim, 0);
    ck_assert_uint_eq(info.items, 1);
    ck_assert_ptr_eq(info.data, scalar);
    ck_assert_mem_eq(scalar, x, sizeof *x);
    free(scalar);
}
END_TEST

START_TEST(create_write_append)
{
    int32_t rows[10][3], back[10][3];
    for (int i = 0; i < 30; i++)
        rows[i / 3][i % 3] = i;
    crew_array *a = crew_array_create("a.npy", CREW_I32, (size_t[]){2, 3}, 2);
    ck_assert_ptr_nonnull(a);
    ck_assert_int_eq(crew_array_read(a, 0, 2, back), 0);
    ck_assert_int_eq(back[1][2], 0);
    ck_assert_int_eq(crew_array_write(a, 0, 2, rows), 0);
    ck_assert_int_eq(crew_array_write(a, 1, 3, rows), -EINVAL);
    ck_assert_int_eq(crew_array_append(a, rows + 2, 3), 0);
    ck_assert_int_eq(crew_array_append(a, rows + 5, 0), 0);
    ck_assert_int_eq(crew_array_append(a, rows, SIZE_MAX), -EOVERFLOW);
    ck_assert_uint_eq(crew_array_get_info(a)->rows, 5);
    ck_assert_int_eq(crew_array_close(a), 0);
    a = crew_array_open("a.npy", CREW_ARRAY_APPEND);
    ck_assert_ptr_nonnull(a);
    ck_assert_uint_eq(crew_array_get_info(a)->rows, 5);
    ck_assert_int_eq(crew_array_append(a, rows + 5, 5), 0);
    ck_assert_int_eq(crew_array_close(a), 0);
    a = crew_array_open("a.npy", CREW_ARRAY_READ);
    ck_assert_ptr_nonnull(a);
    ck_assert_uint_eq(crew_array_get_info(a)->rows, 10);
    ck_assert_int_eq(crew_array_read(a, 0, 10, back), 0);
    ck_assert_mem_eq(back, rows, sizeof rows);
    ck_assert_int_eq(crew_array_read(a, 4, 6, back), 0);
    ck_assert_mem_eq(back, rows + 4, 2 * sizeof *rows);
    ck_assert_int_eq(crew_array_read(a, 4, 11, back), -EINVAL);
    ck_assert_int_eq(crew_array_read(a, 5, 4, back), -EINVAL);
    ck_assert_int_eq(crew_array_write(a, 0, 1, rows), -EBADF);
    ck_assert_int_eq(crew_array_append(a, rows, 1), -EBADF);
    ck_assert_int_eq(crew_array_close(a), 0);
    ck_assert_int_eq(crew_array_close(NULL), 0);
}
END_TEST

START_TEST(mapped_and_raw)
{
    uint16_t x[100];
    for (unsigned i = 0; i < 100; i++)
        x[i] = (uint16_t)(i * 600);
    ck_assert_int_eq(crew_save_u16("x.npy", x, 100), 0);
    crew_array *a = crew_array_open("x.npy", CREW_ARRAY_MAP);
    ck_assert_ptr_nonnull(a);
    ck_assert_mem_eq(crew_array_get_info(a)->data, x, sizeof x);
    ck_assert_int_eq(crew_array_close(a), 0);
    a = crew_array_open("x.npy", CREW_ARRAY_MAP_COPY);
    ck_assert_ptr_nonnull(a);
    ((uint16_t *)crew_array_get_info(a)->data)[3] = 7;
    ck_assert_int_eq(crew_array_close(a), 0);
    uint16_t *again = crew_load_u16("x.npy", NULL);
    ck_assert_mem_eq(again, x, sizeof x);
    free(again);
    for (int mode = 0; mode < CREW_ARRAY_MODES; mode++) {
        const size_t shape[] = {SIZE_MAX, 3};
        uint16_t row[3];
        a = crew_array_open_raw("x.npy", CREW_U16, 128 + 4, shape, 2, (crew_array_mode)mode);
        if (mode == CREW_ARRAY_APPEND) {
            ck_assert_ptr_null(a);
            continue;
        }
        ck_assert_ptr_nonnull(a);
        ck_assert_uint_eq(crew_array_get_info(a)->rows, 32);
        ck_assert_int_eq(crew_array_read(a, 31, 32, row), 0);
        ck_assert_mem_eq(row, x + 2 + 93, sizeof row);
        crew_array_close(a);
    }
    ck_assert_ptr_null(crew_array_open_raw("x.npy", CREW_U16, 128, (size_t[]){101}, 1, CREW_ARRAY_READ));
    ck_assert_int_eq(errno, ENODATA);
    ck_assert_ptr_null(crew_array_open_raw("x.npy", CREW_U16, 100000, (size_t[]){0}, 1, CREW_ARRAY_READ));
    ck_assert_int_eq(errno, ENODATA);
}
END_TEST

/* Rows of two numbers, more than a window. */
enum { ROWS = 100003 };

static void make_rows(const char *path)
{
    double(*x)[2] = malloc(ROWS * sizeof *x);
    ck_assert_ptr_nonnull(x);
    for (size_t i = 0; i < ROWS; i++) {
        x[i][0] = (double)i;
        x[i][1] = 1.0 / (double)(i + 1);
    }
    ck_assert_int_eq(crew_save(path, CREW_F64, (size_t[]){ROWS, 2}, 2, x), 0);
    free(x);
}

struct looked {
    atomic_uchar seen[ROWS];
    atomic_bool wrong;
    size_t fails[2]; /* rows */
};

static int look(size_t begin, size_t end, const void *rows, void *ctx)
{
    struct looked *l = ctx;
    const double(*x)[2] = rows;
    for (size_t i = begin; i < end; i++) {
        if (x[i - begin][0] != (double)i || x[i - begin][1] != 1.0 / (double)(i + 1))
            atomic_store(&l->wrong, true);
        if (i == l->fails[0] || i == l->fails[1])
            return 71 + (i == l->fails[1]);
        atomic_fetch_add(&l->seen[i], 1);
    }
    return 0;
}

START_TEST(for_equals_the_loop)
{
    use_threads(_i);
    make_rows("rows.npy");
    for (int mode = CREW_ARRAY_READ; mode <= CREW_ARRAY_MAP; mode += CREW_ARRAY_MAP - CREW_ARRAY_READ) {
        struct looked *l = calloc(1, sizeof *l);
        crew_array *a = crew_array_open("rows.npy", (crew_array_mode)mode);
        ck_assert(l && a);
        l->fails[0] = l->fails[1] = ROWS;
        ck_assert_int_eq(crew_array_for(a, look, l, NULL), 0);
        ck_assert(!l->wrong);
        for (size_t i = 0; i < ROWS; i++)
            ck_assert_int_eq(l->seen[i], 1);
        const size_t fails[][2] = {{0, 50}, {50001, 50000}, {99, ROWS - 1}, {ROWS - 1, ROWS - 1}};
        for (size_t k = 0; k < 4; k++) {
            size_t failed = 0, lowest = fails[k][0] < fails[k][1] ? fails[k][0] : fails[k][1];
            memset(l, 0, sizeof *l);
            memcpy(l->fails, fails[k], sizeof l->fails);
            int expected = 71 + (lowest == fails[k][1]);
            ck_assert_int_eq(crew_array_for(a, look, l, &(crew_options){.failed = &failed}), expected);
            ck_assert_uint_eq(failed, lowest);
            for (size_t i = 0; i < lowest; i++)
                ck_assert_int_ge(l->seen[i], 1);
        }
        ck_assert_int_eq(crew_array_for(a, NULL, l, NULL), -EINVAL);
        ck_assert_int_eq(crew_array_for(NULL, look, l, NULL), -EINVAL);
        crew_array_close(a);
        free(l);
    }
}
END_TEST

static int add_rows(size_t begin, size_t end, const void *rows, void *acc, void *ctx)
{
    const double(*x)[2] = rows;
    (void)ctx;
    for (size_t i = 0; i < end - begin; i++)
        *(double *)acc += x[i][1];
    return 0;
}

static int add_in_memory(size_t begin, size_t end, void *acc, void *ctx)
{
    const double(*x)[2] = ctx;
    for (size_t i = begin; i < end; i++)
        *(double *)acc += x[i][1];
    return 0;
}

/* Rows counted by accumulators that know whether they hold something, and how many do so. */
struct held {
    size_t rows, made;
};

static atomic_int holding;

static int hold_rows(size_t begin, size_t end, const void *rows, void *acc, void *ctx)
{
    struct held *h = acc;
    (void)rows;
    if (!h->made)
        atomic_fetch_add(&holding, 1);
    h->made = 1;
    h->rows += end - begin;
    return begin <= *(size_t *)ctx && *(size_t *)ctx < end ? 42 : 0;
}

static void merge_held(void *acc, const void *right, void *ctx)
{
    const struct held *h = right;
    (void)ctx;
    ((struct held *)acc)->rows += h->rows;
    atomic_fetch_sub(&holding, (int)h->made);
}

static void drop_held(void *acc, void *ctx)
{
    (void)ctx;
    atomic_fetch_sub(&holding, (int)((struct held *)acc)->made);
}

START_TEST(reduce_drops_what_is_not_merged)
{
    use_threads(_i);
    make_rows("rows.npy");
    crew_array *a = crew_array_open("rows.npy", CREW_ARRAY_READ);
    ck_assert_ptr_nonnull(a);
    const crew_array_reducer r = {sizeof(struct held), NULL, hold_rows, merge_held, drop_held};
    struct held all = {0, 0};
    size_t never = SIZE_MAX, middle = crew_array_get_info(a)->rows / 2;
    ck_assert_int_eq(crew_array_reduce(a, &r, &middle, &all, NULL), 42);
    ck_assert_int_eq(atomic_load(&holding), 0);
    ck_assert_int_eq(crew_array_reduce(a, &r, &never, &all, NULL), 0);
    ck_assert_int_eq(atomic_load(&holding), 1);
    ck_assert_uint_eq(all.rows, crew_array_get_info(a)->rows);
    crew_array_close(a);
}
END_TEST

START_TEST(reduce_has_the_bits_of_memory)
{
    use_threads(_i);
    make_rows("rows.npy");
    crew_array_info info;
    void *x = crew_load("rows.npy", &info);
    ck_assert_ptr_nonnull(x);
    double in_memory = 0, in_windows = 0, mapped = 0;
    const crew_reducer r = {sizeof(double), NULL, add_in_memory, suite_add, NULL};
    const crew_array_reducer ar = {sizeof(double), NULL, add_rows, suite_add, NULL};
    ck_assert_int_eq(crew_reduce(info.rows, &r, x, &in_memory, NULL), 0);
    crew_array *a = crew_array_open("rows.npy", CREW_ARRAY_READ), *m = crew_array_open("rows.npy", CREW_ARRAY_MAP);
    ck_assert(a && m);
    ck_assert_int_eq(crew_array_reduce(a, &ar, NULL, &in_windows, NULL), 0);
    ck_assert_int_eq(crew_array_reduce(m, &ar, NULL, &mapped, NULL), 0);
    ck_assert_mem_eq(&in_memory, &in_windows, sizeof in_memory);
    ck_assert_mem_eq(&in_memory, &mapped, sizeof in_memory);
    ck_assert_int_eq(crew_array_reduce(NULL, &ar, NULL, &mapped, NULL), -EINVAL);
    crew_array_close(a);
    crew_array_close(m);
    free(x);
}
END_TEST

START_TEST(a_file_that_shrinks)
{
    use_threads(_i);
    make_rows("rows.npy");
    crew_array *a = crew_array_open("rows.npy", CREW_ARRAY_READ);
    struct looked *l = calloc(1, sizeof *l);
    ck_assert(a && l);
    l->fails[0] = l->fails[1] = ROWS;
    const size_t left = 60000;
    ck_assert_int_eq(truncate("rows.npy", (off_t)(128 + left * 16 + 5)), 0);
    size_t failed = 0;
    ck_assert_int_eq(crew_array_for(a, look, l, &(crew_options){.failed = &failed}), -ENODATA);
    ck_assert_uint_eq(failed, left);
    for (size_t i = 0; i < left; i++)
        ck_assert_int_ge(l->seen[i], 1);
    crew_array_close(a);
    free(l);
}
END_TEST

START_TEST(a_disk_that_is_full)
{
    static double x[10000];
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit = {4096, 4096};
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    ck_assert_int_eq(crew_save_f64("x.npy", x, 10000), -EFBIG);
    ck_assert_int_eq(access("x.npy", F_OK), -1);
    ck_assert_int_eq(system("[ \"$(ls | wc -l)\" = 0 ]"), 0); /* nothing is left beside it either */
    crew_array *a = crew_array_create("y.npy", CREW_F64, (size_t[]){0}, 1);
    ck_assert_ptr_nonnull(a);
    ck_assert_int_eq(crew_array_append(a, x, 100), 0);
    ck_assert_int_eq(crew_array_append(a, x, 10000), -EFBIG);
    ck_assert_uint_eq(crew_array_get_info(a)->rows, 100);
    ck_assert_int_eq(crew_array_close(a), 0);
    size_t n = 0;
    double *back = crew_load_f64("y.npy", &n);
    ck_assert_ptr_nonnull(back);
    ck_assert_uint_eq(n, 100);
    free(back);
    ck_assert_ptr_null(crew_array_create("z.npy", CREW_F64, (size_t[]){10000}, 1));
    ck_assert_int_eq(errno, EFBIG);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("array");
    TCase *tc = parallel_case(suite, "array");
    tcase_add_checked_fixture(tc, make_folder, remove_folder);
    tcase_add_test(tc, headers_that_numpy_takes);
    tcase_add_test(tc, headers_that_are_refused);
    tcase_add_test(tc, damaged_files);
    tcase_add_test(tc, save_and_load);
    tcase_add_test(tc, create_write_append);
    tcase_add_test(tc, mapped_and_raw);
    tcase_add_loop_test(tc, for_equals_the_loop, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, reduce_has_the_bits_of_memory, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, reduce_drops_what_is_not_merged, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, a_file_that_shrinks, 0, ORACLE_THREADS);
    tcase_add_test(tc, a_disk_that_is_full);
    return run_suite(suite);
}
