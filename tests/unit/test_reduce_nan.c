/* crew_nansum, crew_nanmean, crew_nanmin and crew_nanmax against naive loops, to the bit. */
#include "array_test.h"
#include <crew/crew.h>
#include <math.h>

static const size_t lengths[] = {0,    1,    2,    7,     16,
                                 31,   32,   33,   64,    100,
                                 4095, 4096, 4097, 40000, TESTS_VALGRIND ? 50001 : TESTS_SANITIZED ? 90001 : 600001};

/* How values and NaNs are mixed. */
enum { NO_NAN, SOME, MOSTLY, ALL, SOME_INFINITE, ZEROS, MIXES };

#define TEMPLATE "../../../tests/unit/reduce_nan_template.h"
#include "../../lib/array/typed/each_type_template.h"

START_TEST(equals_the_loop)
{
    uint64_t seed = test_seed();
    configure((size_t)_i);
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++)
        for (int mix = 0; mix < MIXES; mix++) {
            check_f32(lengths[k], mix, &seed);
            check_f64(lengths[k], mix, &seed);
        }
}
END_TEST

START_TEST(of_nothing)
{
    ck_assert(crew_nansum_f64(NULL, 0) == 0 && crew_nansum_f32(NULL, 0) == 0);
    ck_assert(isnan(crew_nanmean_f64(NULL, 0)) && isnan(crew_nanmin_f64(NULL, 0)) && isnan(crew_nanmax_f64(NULL, 0)));
    ck_assert(isnan(crew_nanmean_f32(NULL, 0)) && isnan(crew_nanmin_f32(NULL, 0)) && isnan(crew_nanmax_f32(NULL, 0)));
    const double both[3] = {INFINITY, NAN, -INFINITY}, lone[2] = {NAN, INFINITY};
    ck_assert(isnan(crew_nansum_f64(both, 3)) && isnan(crew_nanmean_f64(both, 3)));
    ck_assert(crew_nanmin_f64(lone, 2) == (double)INFINITY && crew_nanmax_f64(both + 1, 2) == -(double)INFINITY);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("reduce_nan");
    TCase *tc = tcase_create("all");
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, equals_the_loop, 0, CONFIGURATIONS);
    tcase_add_test(tc, of_nothing);
    suite_add_tcase(s, tc);
    return run_suite(s);
}
