/* Arrays in files at their edges: headers that other programs write, rows of no bytes and of megabytes, names that are
   taken. */
#define _XOPEN_SOURCE 700
#include "../../lib/core/file/npy_header.h"
#include "../support/own_folder.h"
#include "../support/suite.h"
#include <crew/array.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int parse(const char *text, crew_array_info *info, bool *swapped)
{
    char why[128];
    return crew__npy_parse(text, strlen(text), info, swapped, why, sizeof why);
}

/* Each of the words that NumPy writes a number of rows with. */
START_TEST(shapes_of_numpy_scalars)
{
    static const char *const good[] = {"(numpy.int64(3),)", "(numpy.uint8(3),)", "(np.long(3),)",
                                       "(np.longlong(3),)", "np.intp(3)",        "( 3L )"},
                             *const bad[] = {"(np.",
                                             "(np.u",
                                             "(np.uint",
                                             "(np.int8",
                                             "(np.int8(",
                                             "(np.int8(3",
                                             "(numpy.float64(3),)",
                                             "(3",
                                             "(3L",
                                             "(18446744073709551616,)",
                                             "(18446744073709551619,)",
                                             "(99999999999999999999,)"};
    char text[200];
    crew_array_info info;
    bool swapped;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        snprintf(text, sizeof text, "{'descr': '<f8', 'fortran_order': False, 'shape': %s}", good[i]);
        ck_assert_msg(parse(text, &info, &swapped) == 0, "%s", text);
        ck_assert_uint_eq(info.shape[0], 3);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(text, sizeof text, "{'descr': '<f8', 'fortran_order': False, 'shape': %s", bad[i]);
        const int error = i < 9 ? -EBADMSG : -EOVERFLOW;
        ck_assert_msg(parse(text, &info, &swapped) == error, "%s", text);
        /* without room for a sentence */
        ck_assert_int_eq(crew__npy_parse(text, strlen(text), &info, &swapped, NULL, 0), error);
    }
}
END_TEST

static void write_file(const char *name, const char *bytes, size_t size)
{
    FILE *f = fopen(name, "wb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(bytes, 1, size, f), size);
    ck_assert_int_eq(fclose(f), 0);
}

/* By another program: no room in the header for a digit more, or for what crew writes there at all. */
START_TEST(headers_without_room)
{
    static const char text[] = "{'descr':'<f8','fortran_order':False,'shape':(1,)}\n";
    const double rows[] = {1, 2};
    char bytes[200] = "\x93NUMPY\x01";
    ck_assert_str_eq(crew_array_why(), "no call has failed");
    bytes[8] = sizeof text - 1;
    memcpy(bytes + 10, text, sizeof text - 1);
    memcpy(bytes + 10 + sizeof text - 1, rows, 8);
    write_file("tight.npy", bytes, 10 + sizeof text - 1 + 8);
    crew_array *a = crew_array_open("tight.npy", CREW_ARRAY_APPEND);
    ck_assert_ptr_nonnull(a);
    ck_assert_int_eq(crew_array_append(a, rows + 1, 1), -EOVERFLOW);
    ck_assert_int_eq(crew_array_close(a), 0);
    size_t n = 0;
    double *back = crew_load_f64("tight.npy", &n);
    ck_assert_ptr_nonnull(back);
    ck_assert(n == 1 && back[0] == 1);
    free(back);
    bytes[6] = 2; /* a version whose length has four bytes, of which one is there */
    write_file("short.npy", bytes, 11);
    ck_assert_ptr_null(crew_array_open("short.npy", CREW_ARRAY_READ));
    ck_assert_int_eq(errno, EBADMSG);
    ck_assert_ptr_nonnull(strstr(crew_array_why(), "ends inside its header"));
}
END_TEST

static int note_rows(size_t begin, size_t end, const void *rows, void *ctx)
{
    atomic_size_t *seen = ctx;
    if (rows)
        return 7;
    atomic_fetch_add(seen, end - begin);
    return 0;
}

/* Rows of no bytes: nothing is read or written, and no memory need be given. */
START_TEST(rows_without_items)
{
    atomic_size_t seen = 0;
    ck_assert_int_eq(crew_save("none.npy", CREW_F64, (size_t[]){5, 0}, 2, NULL), 0);
    ck_assert_int_eq(crew_save("none.npy", CREW_F64, (size_t[]){5, 1}, 2, NULL), -EINVAL);
    crew_array *a = crew_array_open("none.npy", CREW_ARRAY_APPEND);
    ck_assert_ptr_nonnull(a);
    ck_assert_int_eq(crew_array_read(a, 0, 5, NULL), 0);
    ck_assert_int_eq(crew_array_write(a, 0, 5, NULL), 0);
    ck_assert_int_eq(crew_array_append(a, NULL, 2), 0);
    ck_assert_int_eq(crew_array_for(a, note_rows, &seen, NULL), 0);
    ck_assert_uint_eq(atomic_load(&seen), 7);
    ck_assert_int_eq(crew_array_close(a), 0);
    void *data = crew_load("none.npy", NULL);
    ck_assert_ptr_nonnull(data);
    free(data);
    ck_assert_int_eq(crew_save("one.npy", CREW_F64, NULL, 0, &(double){3}), 0);
    a = crew_array_open("one.npy", CREW_ARRAY_APPEND); /* a number has no rows to add to */
    ck_assert_ptr_nonnull(a);
    ck_assert_int_eq(crew_array_append(a, &(double){4}, 1), -EBADF);
    ck_assert_int_eq(crew_array_close(a), 0);
    write_file("empty", "", 0);
    a = crew_array_open_raw("empty", CREW_F64, 0, (size_t[]){SIZE_MAX}, 1, CREW_ARRAY_MAP);
    ck_assert_ptr_nonnull(a);
    ck_assert(crew_array_get_info(a)->rows == 0 && !crew_array_get_info(a)->data);
    ck_assert_int_eq(crew_array_close(a), 0);
}
END_TEST

static int compare_rows(size_t begin, size_t end, const void *rows, void *ctx)
{
    const size_t row = *(const size_t *)ctx;
    const double *x = rows;
    for (size_t i = 0; i < (end - begin) * row; i++)
        if (x[i] != (double)(begin * row + i))
            return 7;
    return 0;
}

/* A row is larger than a window, and than what one block of a load reads. */
START_TEST(rows_of_megabytes)
{
    size_t shape[] = {3, 150000}, row = shape[1];
    double *x = malloc(shape[0] * row * sizeof *x);
    ck_assert_ptr_nonnull(x);
    for (size_t i = 0; i < shape[0] * row; i++)
        x[i] = (double)i;
    ck_assert_int_eq(crew_save("large.npy", CREW_F64, shape, 2, x), 0);
    double *back = crew_load("large.npy", NULL);
    ck_assert_ptr_nonnull(back);
    ck_assert_mem_eq(back, x, shape[0] * row * sizeof *x);
    crew_array *a = crew_array_open("large.npy", CREW_ARRAY_READ);
    ck_assert_ptr_nonnull(a);
    ck_assert_int_eq(crew_array_for(a, compare_rows, &row, NULL), 0);
    ck_assert_int_eq(crew_array_close(a), 0);
    free(x);
    free(back);
}
END_TEST

/* Nowhere to put what is nothing. */
START_TEST(rows_of_no_bytes)
{
    const size_t none[] = {3, 0}, some[] = {3, 2};
    const double x[6] = {1, 2, 3, 4, 5, 6};
    ck_assert_int_eq(crew_save("none.npy", CREW_F64, none, 2, NULL), 0);
    ck_assert_int_eq(crew_save("some.npy", CREW_F64, some, 2, x), 0);
    for (int mode = 0; mode < 2; mode++) {
        const crew_array_mode flags = mode ? CREW_ARRAY_READ : CREW_ARRAY_MAP;
        crew_array *a = crew_array_open("none.npy", flags), *b = crew_array_open("some.npy", flags);
        ck_assert(a && b);
        ck_assert_int_eq(crew_array_read(a, 0, 3, NULL), 0);
        ck_assert_int_eq(crew_array_read(a, 0, 4, NULL), -EINVAL);
        ck_assert_int_eq(crew_array_read(b, 0, 1, NULL), -EINVAL);
        ck_assert_int_eq(crew_array_read(b, 2, 2, NULL), 0);
        ck_assert_int_eq(crew_array_close(a), 0);
        ck_assert_int_eq(crew_array_close(b), 0);
    }
}
END_TEST

/* Names of new files that others have taken. */
START_TEST(names_that_are_taken)
{
    enum { TAKEN = 150 };
    char name[64];
    for (unsigned k = 0; k < TAKEN; k++) {
        snprintf(name, sizeof name, "x.npy.%ld.%u", (long)getpid(), k);
        write_file(name, "theirs", 6);
    }
    ck_assert_int_eq(crew_save_f64("x.npy", (double[]){1}, 1), -EEXIST);
    ck_assert_int_eq(access("x.npy", F_OK), -1);
    ck_assert_int_eq(crew_save_f64("x.npy", (double[]){1}, 1), 0);
    struct stat st;
    ck_assert_int_eq(stat(name, &st), 0);
    ck_assert_int_eq((int)st.st_size, 6);
}
END_TEST

START_TEST(fortran_order_of_one_axis)
{
    static const char text[] = "{'descr':'<f8','fortran_order':True,'shape':(1,)}                              \n";
    char bytes[200] = "\x93NUMPY\x01";
    bytes[8] = sizeof text - 1;
    memcpy(bytes + 10, text, sizeof text - 1);
    memcpy(bytes + 10 + sizeof text - 1, &(double){3}, 8);
    write_file("f.npy", bytes, 10 + sizeof text - 1 + 8);
    crew_array *a = crew_array_open("f.npy", CREW_ARRAY_APPEND);
    ck_assert_ptr_nonnull(a);
    ck_assert_int_eq(crew_array_append(a, &(double){4}, 1), 0);
    ck_assert_int_eq(crew_array_close(a), 0);
    size_t n = 0;
    double *back = crew_load_f64("f.npy", &n);
    ck_assert_ptr_nonnull(back);
    ck_assert(n == 2 && back[0] == 3 && back[1] == 4);
    free(back);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("array_edges");
    TCase *tc = parallel_case(suite, "edges");
    tcase_add_checked_fixture(tc, make_folder, remove_folder);
    tcase_add_test(tc, shapes_of_numpy_scalars);
    tcase_add_test(tc, headers_without_room);
    tcase_add_test(tc, rows_without_items);
    tcase_add_test(tc, rows_of_megabytes);
    tcase_add_test(tc, rows_of_no_bytes);
    tcase_add_test(tc, names_that_are_taken);
    tcase_add_test(tc, fortran_order_of_one_axis);
    return run_suite(suite);
}
