/* crew/move.h against naive loops, at several thread counts. */
#include "array_test.h"
#include <crew/move.h>
#include <errno.h>
#include <stdint.h>

static const size_t sizes[] = {0, 1, 2, 7, 1000, 4097, TESTS_VALGRIND ? 9003 : TESTS_SANITIZED ? 30003 : 100003};
static const size_t widths[] = {1, 2, 3, 4, 7, 8, 13, 16, 24, 40, 100};

enum {
    LARGEST = TESTS_VALGRIND    ? 9003
              : TESTS_SANITIZED ? 30003
                                : 100003,
    WIDEST = 100,
    SIZES = sizeof sizes / sizeof sizes[0],
    WIDTHS = sizeof widths / sizeof widths[0]
};

static unsigned char *random_bytes(size_t size, uint64_t *seed)
{
    unsigned char *p = test_alloc(size);
    for (size_t i = 0; i < size; i++)
        p[i] = (unsigned char)test_random(seed);
    return p;
}

START_TEST(arrays)
{
    uint64_t seed = test_seed();
    configure((size_t)_i);
    unsigned char *in = random_bytes((size_t)LARGEST * WIDEST, &seed);
    unsigned char *out = test_alloc((size_t)LARGEST * WIDEST + 1), *want = test_alloc((size_t)LARGEST * WIDEST + 1);
    size_t *index = test_alloc(LARGEST * sizeof *index);
    for (size_t w = 0; w < WIDTHS; w++)
        for (size_t s = 0; s < SIZES; s++) {
            size_t n = sizes[s], width = widths[w];
            out[n * width] = 0x5a;
            ck_assert_int_eq(crew_copy(in, out, n, width), 0);
            ck_assert_mem_eq(out, in, n * width);
            for (size_t i = 0; i < n; i++)
                memcpy(want + i * width, in, width);
            ck_assert_int_eq(crew_fill(out, n, width, in), 0);
            ck_assert_mem_eq(out, want, n * width);
            for (size_t i = 0; i < n; i++)
                memcpy(want + i * width, in + (n - 1 - i) * width, width);
            ck_assert_int_eq(crew_reverse(in, out, n, width), 0);
            ck_assert_mem_eq(out, want, n * width);
            memcpy(out, in, n * width);
            ck_assert_int_eq(crew_reverse(out, out, n, width), 0);
            ck_assert_mem_eq(out, want, n * width);
            for (size_t i = 0; i < n; i++)
                index[i] = (size_t)(test_random(&seed) % n);
            for (size_t i = 0; i < n; i++)
                memcpy(want + i * width, in + index[i] * width, width);
            ck_assert_int_eq(crew_gather(in, n, index, out, n, width), 0);
            ck_assert_mem_eq(out, want, n * width);
            for (size_t i = 0; i < n; i++)
                index[i] = i;
            for (size_t i = n; i-- > 1;) {
                size_t j = (size_t)(test_random(&seed) % (i + 1)), kept = index[i];
                index[i] = index[j];
                index[j] = kept;
            }
            for (size_t i = 0; i < n; i++)
                memcpy(want + index[i] * width, in + i * width, width);
            ck_assert_int_eq(crew_scatter(in, index, n, out, n, width), 0);
            ck_assert_mem_eq(out, want, n * width);
            if (n > 0) {
                index[n / 2] = n;
                ck_assert_int_eq(crew_gather(in, n, index, out, n, width), -ERANGE);
                ck_assert_int_eq(crew_scatter(in, index, n, out, n, width), -ERANGE);
            }
            ck_assert_uint_eq(out[n * width], 0x5a);
        }
    free(in);
    free(out);
    free(want);
    free(index);
}
END_TEST

START_TEST(transpose)
{
    static const size_t shapes[][2] = {{1, 1},    {1, 9},     {9, 1},     {3, 5},   {31, 33}, {64, 64},
                                       {32, 100}, {257, 129}, {301, 301}, {20, 20}, {100, 3}};
    uint64_t seed = test_seed();
    configure((size_t)_i);
    for (size_t w = 0; w <= WIDTHS + 1; w++)
        for (size_t s = 0; s < sizeof shapes / sizeof shapes[0]; s++) {
            size_t rows = shapes[s][0], cols = shapes[s][1], width = w < WIDTHS ? widths[w] : w == WIDTHS ? 5000 : 2000;
            if (width >= 2000 && rows * cols > 20)
                rows = cols = 6;
            unsigned char *in = random_bytes(rows * cols * width, &seed);
            unsigned char *out = test_alloc(rows * cols * width), *want = test_alloc(rows * cols * width);
            for (size_t i = 0; i < rows; i++)
                for (size_t j = 0; j < cols; j++)
                    memcpy(want + (j * rows + i) * width, in + (i * cols + j) * width, width);
            ck_assert_int_eq(crew_transpose(in, out, rows, cols, width), 0);
            ck_assert_mem_eq(out, want, rows * cols * width);
            if (rows == cols) {
                ck_assert_int_eq(crew_transpose(in, in, rows, cols, width), 0);
                ck_assert_mem_eq(in, want, rows * cols * width);
            } else {
                ck_assert_int_eq(crew_transpose(in, in, rows, cols, width), -EINVAL);
            }
            free(in);
            free(out);
            free(want);
        }
}
END_TEST

/* Each row begins at the same place of the first cache: in place, through buffers. */
START_TEST(transpose_rows_of_pages)
{
    configure((size_t)_i);
    for (size_t size = 4; size <= 8; size *= 2) {
        const size_t n = 4096 / size;
        unsigned char *x = test_alloc(n * n * size);
        for (uint32_t i = 0; i < n * n; i++) {
            memset(x + i * size, 0, size);
            memcpy(x + i * size, &i, sizeof i);
        }
        ck_assert_int_eq(crew_transpose(x, x, n, n, size), 0);
        size_t wrong = 0;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++) {
                uint32_t found;
                memcpy(&found, x + (i * n + j) * size, sizeof found);
                wrong += found != j * n + i;
            }
        ck_assert_uint_eq(wrong, 0);
        free(x);
    }
}
END_TEST

#define CHECK_TYPED(type, element, expected)                                                                           \
    do {                                                                                                               \
        element *x = test_alloc(LARGEST * sizeof *x);                                                                  \
        for (size_t s = 0; s < SIZES; s++) {                                                                           \
            size_t n = sizes[s], wrong = 0;                                                                            \
            crew_iota_##type(x, n, start_##type, step_##type);                                                         \
            for (size_t i = 0; i < n; i++)                                                                             \
                wrong += x[i] != (element)(expected);                                                                  \
            crew_fill_##type(x, n, start_##type);                                                                      \
            for (size_t i = 0; i < n; i++)                                                                             \
                wrong += x[i] != start_##type;                                                                         \
            ck_assert_uint_eq(wrong, 0);                                                                               \
        }                                                                                                              \
        free(x);                                                                                                       \
    } while (0)

START_TEST(typed)
{
    const float start_f32 = 0.1f, step_f32 = 0.3f;
    const double start_f64 = 0.1, step_f64 = 0.3;
    const int32_t start_i32 = INT32_MAX - 5, step_i32 = -3;
    const int64_t start_i64 = INT64_MIN + 5, step_i64 = -7;
    const uint32_t start_u32 = 5, step_u32 = UINT32_MAX;
    const uint64_t start_u64 = 5, step_u64 = UINT64_MAX / 3;
    configure((size_t)_i);
    CHECK_TYPED(f32, float, (double)start_f32 + (double)i * (double)step_f32);
    CHECK_TYPED(f64, double, start_f64 + (double)i * step_f64);
    CHECK_TYPED(i32, int32_t, (uint32_t)start_i32 + (uint32_t)i * (uint32_t)step_i32);
    CHECK_TYPED(i64, int64_t, (uint64_t)start_i64 + (uint64_t)i * (uint64_t)step_i64);
    CHECK_TYPED(u32, uint32_t, start_u32 + (uint32_t)i * step_u32);
    CHECK_TYPED(u64, uint64_t, start_u64 + (uint64_t)i * step_u64);
}
END_TEST

/* At each place of those that are done at once, and behind them. */
START_TEST(indices_out_of_range)
{
    enum { N = 11 };
    uint32_t in[N], out[N];
    size_t index[N];
    for (uint32_t i = 0; i < N; i++)
        in[i] = i + 1;
    for (size_t bad = 0; bad < N; bad++) {
        for (size_t i = 0; i < N; i++)
            index[i] = N - 1 - i;
        index[bad] = bad % 2 ? N : SIZE_MAX;
        memset(out, 0, sizeof out);
        ck_assert_int_eq(crew_gather(in, N, index, out, N, sizeof *in), -ERANGE);
        for (size_t i = 0; i < N; i++)
            ck_assert(out[i] == 0 || (i != bad && out[i] == N - i));
        memset(out, 0, sizeof out);
        ck_assert_int_eq(crew_scatter(in, index, N, out, N, sizeof *in), -ERANGE);
        for (size_t i = 0; i < N; i++)
            ck_assert(out[i] == 0 || (i != N - 1 - bad && out[i] == N - i));
    }
}
END_TEST

/* What is written to is larger than a cache; most of it stays as it is. */
START_TEST(scatter_far)
{
    enum { N = 100, FAR = 1 << 18, SIZE = 24 };
    char in[N][SIZE], (*out)[SIZE] = calloc(FAR, SIZE);
    size_t index[N];
    ck_assert_ptr_nonnull(out);
    for (size_t i = 0; i < N; i++) {
        memset(in[i], (int)i + 1, SIZE);
        index[i] = i * 1999 + (i % 2) * 50000;
    }
    configure((size_t)_i);
    ck_assert_int_eq(crew_scatter(in, index, N, out, FAR, SIZE), 0);
    size_t wrong = 0, written = 0;
    for (size_t i = 0; i < N; i++)
        wrong += memcmp(in[i], out[index[i]], SIZE) != 0;
    for (size_t i = 0; i < FAR; i++)
        written += out[i][0] != 0;
    ck_assert(wrong == 0 && written == N);
    free(out);
}
END_TEST

START_TEST(memory)
{
    static const size_t many[] = {0, 1, 1000, 100000, TESTS_VALGRIND ? 200000 : TESTS_SANITIZED ? 500000 : 5000000};
    configure((size_t)_i);
    for (size_t k = 0; k < sizeof many / sizeof many[0]; k++) {
        char *p = crew_alloc(many[k], 3);
        ck_assert_ptr_nonnull(p);
        ck_assert_uint_eq((uintptr_t)p % 64, 0);
        memset(p, 1, many[k] * 3);
        crew_free(p);
    }
    crew_free(NULL);
    errno = 0;
    ck_assert_ptr_null(crew_alloc(SIZE_MAX, 2));
    ck_assert_int_eq(errno, EOVERFLOW);
    ck_assert_ptr_null(crew_alloc(SIZE_MAX, 1));
    ck_assert_int_eq(errno, ENOMEM);
    crew_scratch_trim();
}
END_TEST

START_TEST(arguments)
{
    char a[64] = {0};
    size_t index[4] = {0, 1, 2, 3};
    ck_assert_int_eq(crew_copy(a, a + 1, 4, 4), -EINVAL);
    ck_assert_int_eq(crew_copy(a, a, 4, 4), 0);
    ck_assert_int_eq(crew_copy(NULL, a, 4, 4), -EINVAL);
    ck_assert_int_eq(crew_copy(a, a + 32, 4, 0), -EINVAL);
    ck_assert_int_eq(crew_copy(a, a + 32, SIZE_MAX, 2), -EOVERFLOW);
    ck_assert_int_eq(crew_copy(NULL, NULL, 0, 4), 0);
    ck_assert_int_eq(crew_fill(a, 4, 4, a + 4), -EINVAL);
    ck_assert_int_eq(crew_reverse(a, a + 4, 4, 4), -EINVAL);
    ck_assert_int_eq(crew_gather(a, 4, index, a + 8, 4, 4), -EINVAL);
    ck_assert_int_eq(crew_gather(a, 4, NULL, a + 32, 4, 4), -EINVAL);
    ck_assert_int_eq(crew_scatter(a, index, 4, index, 4, 8), -EINVAL);
    ck_assert_int_eq(crew_gather(NULL, 0, index, a, 4, 4), -ERANGE);
    ck_assert_int_eq(crew_gather(NULL, 0, index, NULL, 4, 4), -EINVAL);
    ck_assert_int_eq(crew_gather(a, 4, index, a + 32, 0, 0), -EINVAL);
    ck_assert_int_eq(crew_transpose(a, a + 32, SIZE_MAX, 2, 1), -EOVERFLOW);
    ck_assert_int_eq(crew_transpose(NULL, NULL, 0, 5, 1), 0);
    ck_assert_int_eq(crew_transpose(NULL, NULL, 5, 0, 1), 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("move");
    TCase *t = tcase_create("move");
    tcase_set_timeout(t, 300);
    tcase_add_loop_test(t, arrays, 0, CONFIGURATIONS);
    tcase_add_loop_test(t, transpose, 0, CONFIGURATIONS);
    tcase_add_loop_test(t, transpose_rows_of_pages, 0, CONFIGURATIONS);
    tcase_add_loop_test(t, typed, 0, CONFIGURATIONS);
    tcase_add_test(t, indices_out_of_range);
    tcase_add_loop_test(t, scatter_far, 0, CONFIGURATIONS);
    tcase_add_loop_test(t, memory, 0, CONFIGURATIONS);
    tcase_add_test(t, arguments);
    suite_add_tcase(s, t);
    return run_suite(s);
}
