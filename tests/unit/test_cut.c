/* crew__cut: the one place that cuts a range by n alone. */
#include "../../lib/core/loop/cut.h"
#include "../support/suite.h"
#include <stdbool.h>
#include <stdint.h>

/* Pieces cover 0 .. n-1 in order, none is empty, all but the last have the same size. */
static bool is_right(struct crew__cut c, size_t n)
{
    size_t next = 0;
    bool right = c.n == n;
    for (size_t i = 0; i < c.count; i++) {
        size_t begin = crew__cut_begin(&c, i), end = crew__cut_end(&c, i);
        right =
            right && begin == next && end > begin && (i + 1 == c.count ? end - begin <= c.size : end - begin == c.size);
        next = end;
    }
    return right && next == n;
}

START_TEST(covers)
{
    for (size_t n = 0; n < 200; n++)
        for (size_t k = 1; k < 70; k++) {
            struct crew__cut by = crew__cut_by(n, k), into = crew__cut_into(n, k);
            if (!is_right(by, n) || by.size != k || !is_right(into, n) || into.count > k)
                ck_abort_msg("n = %zu, %zu", n, k);
        }
}
END_TEST

START_TEST(values)
{
    ck_assert_uint_eq(crew__cut_by(0, 5).count, 0);
    ck_assert_uint_eq(crew__cut_by(10, 5).count, 2);
    ck_assert_uint_eq(crew__cut_by(11, 5).count, 3);
    ck_assert_uint_eq(crew__cut_into(10, 7).count, 5);
    ck_assert_uint_eq(crew__cut_into(10, 7).size, 2);
}
END_TEST

START_TEST(largest)
{
    struct crew__cut c = crew__cut_by(SIZE_MAX, SIZE_MAX / 2);
    ck_assert_uint_eq(c.count, 3);
    ck_assert_uint_eq(crew__cut_end(&c, 2), SIZE_MAX);
    c = crew__cut_into(SIZE_MAX, 3);
    ck_assert_uint_eq(c.count, 3);
    ck_assert_uint_eq(crew__cut_end(&c, 1), 2 * (SIZE_MAX / 3));
    ck_assert_uint_eq(crew__cut_end(&c, 2), SIZE_MAX);
    c = crew__cut_by(SIZE_MAX, SIZE_MAX);
    ck_assert_uint_eq(c.count, 1);
    ck_assert_uint_eq(crew__cut_end(&c, 0), SIZE_MAX);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cut");
    TCase *tc = tcase_create("cut");
    tcase_add_test(tc, covers);
    tcase_add_test(tc, values);
    tcase_add_test(tc, largest);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
