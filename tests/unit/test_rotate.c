/* crew_rotate, crew_shift_left and crew_shift_right against naive loops. */
#include "array_test.h"
#include <crew/move.h>
#include <errno.h>

START_TEST(equals_the_loop)
{
    static const size_t lengths[] = {0, 1, 2, 100, 5000, TESTS_VALGRIND ? 20000 : 300000}, sizes[] = {1, 3, 8, 24};
    uint64_t seed = test_seed();
    configure((size_t)_i);
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
            for (int k = 0; k < 7; k++) {
                const size_t n = lengths[l], size = sizes[s];
                const size_t way = k == 0   ? 0
                                   : k == 1 ? n
                                   : k == 2 ? n / 2
                                   : k == 3 ? n / 20
                                   : k == 4 ? n - n / 9
                                   : k == 5 ? (n > 0)
                                            : (size_t)(test_random(&seed) % (n + 1));
                unsigned char *x = test_alloc(n * size + 1), *in = test_alloc(n * size), *want = test_alloc(n * size);
                for (size_t i = 0; i < n * size; i++)
                    in[i] = (unsigned char)(test_random(&seed) >> 56);
                x[n * size] = 77;
                for (size_t i = 0; i < n; i++)
                    memcpy(want + i * size, in + (way + i) % n * size, size);
                ck_assert_int_eq(crew_rotate(in, x, n, size, way), 0);
                ck_assert_mem_eq(x, want, n * size);
                memcpy(x, in, n * size);
                ck_assert_int_eq(crew_rotate(x, x, n, size, way), 0);
                ck_assert_mem_eq(x, want, n * size);
                memcpy(want, in, n * size);
                memmove(want, in + (way < n ? way : n) * size, (n - way) * size);
                memcpy(x, in, n * size);
                ck_assert_int_eq(crew_shift_left(x, n, size, way), 0);
                ck_assert_mem_eq(x, want, n * size);
                memcpy(want, in, n * size);
                memcpy(want + way * size, in, (n - way) * size);
                memcpy(x, in, n * size);
                ck_assert_int_eq(crew_shift_right(x, n, size, way), 0);
                ck_assert_mem_eq(x, want, n * size);
                ck_assert_uint_eq(x[n * size], 77);
                free(x), free(in), free(want);
            }
}
END_TEST

/* Long ways, where parts follow each other; and three reversals. */
START_TEST(long_ways)
{
    enum { N = 700001 };
    uint64_t *x = test_alloc(N * sizeof *x);
    configure((size_t)_i);
    for (size_t way = 131072; way < N; way += 150001)
        for (int what = 0; what < 3; what++) {
            size_t wrong = 0;
            for (size_t i = 0; i < N; i++)
                x[i] = i;
            int error = what == 0   ? crew_rotate(x, x, N, sizeof *x, way)
                        : what == 1 ? crew_shift_left(x, N, sizeof *x, way)
                                    : crew_shift_right(x, N, sizeof *x, way);
            ck_assert_int_eq(error, 0);
            for (size_t i = 0; i < N; i++)
                wrong += x[i] != (what == 0   ? (i + way) % N
                                  : what == 1 ? (i < N - way ? i + way : i)
                                              : (i < way ? i : i - way));
            ck_assert_uint_eq(wrong, 0);
        }
    free(x);
}
END_TEST

START_TEST(arguments)
{
    uint32_t x[4] = {1, 2, 3, 4};
    ck_assert_int_eq(crew_rotate(NULL, x, 4, 4, 1), -EINVAL);
    ck_assert_int_eq(crew_rotate(x, NULL, 4, 4, 1), -EINVAL);
    ck_assert_int_eq(crew_rotate(x, x, 4, 0, 1), -EINVAL);
    ck_assert_int_eq(crew_rotate(x, x, 4, 4, 5), -EINVAL);
    ck_assert_int_eq(crew_rotate(NULL, NULL, 0, 4, 1), -EINVAL);
    ck_assert_int_eq(crew_rotate(x, x + 1, 3, 4, 1), -EINVAL);
    ck_assert_int_eq(crew_rotate(x, x, SIZE_MAX, 4, 1), -EOVERFLOW);
    ck_assert_int_eq(crew_rotate(NULL, NULL, 0, 4, 0), 0);
    ck_assert_int_eq(crew_shift_left(NULL, 4, 4, 1), -EINVAL);
    ck_assert_int_eq(crew_shift_left(x, 4, 0, 1), -EINVAL);
    ck_assert_int_eq(crew_shift_right(x, SIZE_MAX, 4, 1), -EOVERFLOW);
    ck_assert_int_eq(crew_shift_left(x, 4, 4, SIZE_MAX), 0);
    ck_assert_int_eq(crew_shift_right(NULL, 0, 4, 1), 0);
    ck_assert(x[0] == 1 && x[3] == 4);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("rotate");
    TCase *tc = tcase_create("all");
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, equals_the_loop, 0, CONFIGURATIONS);
    tcase_add_loop_test(tc, long_ways, 0, CONFIGURATIONS);
    tcase_add_test(tc, arguments);
    suite_add_tcase(s, tc);
    return run_suite(s);
}
