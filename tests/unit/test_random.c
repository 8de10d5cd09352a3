/* Random streams: the paper's known answers, the same bits everywhere, and values that are spread as they should be. */
#include "../../lib/array/random/normal_quantile.h"
#include "../../lib/array/random/philox.h"
#include "../../lib/array/typed/isa.h"
#include "../support/suite.h"
#include <crew/random.h>
#include <math.h>
#include <string.h>

/* From kat_vectors of Random123, the authors' own library. */
START_TEST(known_answers)
{
    static const struct {
        uint32_t counter[4], key[2], answer[4];
    } known[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        uint32_t words[4];
        memcpy(words, known[i].counter, sizeof words);
        crew__philox(words, known[i].key[0], known[i].key[1]);
        ck_assert_mem_eq(words, known[i].answer, sizeof words);
    }
}
END_TEST

/* Draw `draw` by the definition. */
static uint64_t draw_of(uint64_t seed, uint64_t stream, uint64_t draw)
{
    uint64_t block = draw / 2;
    uint32_t w[4] = {(uint32_t)block, (uint32_t)(block >> 32), (uint32_t)stream, (uint32_t)(stream >> 32)};
    crew__philox(w, (uint32_t)seed, (uint32_t)(seed >> 32));
    return draw % 2 ? (uint64_t)w[3] << 32 | w[2] : (uint64_t)w[1] << 32 | w[0];
}

START_TEST(streams_by_the_definition)
{
    const uint64_t numbers[] = {0, 1, 42, 0xffffffff, 0x100000000, UINT64_MAX};
    for (int level = CREW__ISA_PLAIN; level < CREW__ISA_LEVELS; level++) {
        crew__isa_limit((enum crew__isa)level);
        for (size_t s = 0; s < 6; s++)
            for (size_t k = 0; k < 6; k++) {
                crew_random r = crew_random_at(numbers[s], numbers[k]);
                for (uint64_t i = 0; i < 150; i++)
                    ck_assert_uint_eq(crew_random_u64(&r), draw_of(numbers[s], numbers[k], i));
                const uint64_t places[] = {0, 1, 31, 33, 0x1fffffffe, UINT64_MAX - 100};
                for (size_t p = 0; p < 6; p++) {
                    crew_random_seek(&r, places[p]);
                    for (uint64_t i = 0; i < 90; i++)
                        ck_assert_uint_eq(crew_random_u64(&r), draw_of(numbers[s], numbers[k], places[p] + i));
                }
            }
    }
}
END_TEST

START_TEST(fills_are_the_stream)
{
    use_threads(_i);
    enum { MOST = 70001 };
    uint64_t *u = malloc(MOST * sizeof *u);
    double *x = malloc(MOST * sizeof *x), *y = malloc(MOST * sizeof *y);
    ck_assert(u && x && y);
    const size_t ns[] = {0, 1, 2, 15, 16, 17, 255, 256, 257, MOST};
    for (int level = CREW__ISA_PLAIN; level < CREW__ISA_LEVELS; level++) {
        crew__isa_limit((enum crew__isa)level);
        for (size_t k = 0; k < sizeof ns / sizeof *ns; k++)
            for (uint64_t first = 0; first < 2; first++) {
                crew_random r = crew_random_at(7, 9), s, t;
                crew_random_seek(&r, 3 * first);
                s = t = r;
                crew_random_fill_u64(u, ns[k], 7, 9, 3 * first);
                crew_random_fill_uniform_f64(x, ns[k], 7, 9, 3 * first);
                crew_random_fill_normal_f64(y, ns[k], 7, 9, 3 * first);
                for (size_t i = 0; i < ns[k]; i++) {
                    double uniform = crew_random_uniform(&s), normal = crew_random_normal(&t);
                    ck_assert_uint_eq(u[i], crew_random_u64(&r));
                    ck_assert(memcmp(&x[i], &uniform, sizeof uniform) == 0);
                    ck_assert(memcmp(&y[i], &normal, sizeof normal) == 0);
                }
            }
    }
    crew_random_fill_u64(NULL, 0, 1, 2, 3);
    free(u);
    free(x);
    free(y);
}
END_TEST

START_TEST(uniform_and_below)
{
    enum { N = 600000, BINS = 6 };
    crew_random r = crew_random_at(1, 2);
    double sum = 0, squares = 0;
    for (int i = 0; i < N; i++) {
        double u = crew_random_uniform(&r);
        ck_assert(u >= 0 && u < 1);
        sum += u;
        squares += u * u;
    }
    ck_assert_double_lt(fabs(sum / (double)N - 0.5), 0.002);
    ck_assert_double_lt(fabs(squares / (double)N - 1.0 / 3), 0.002);
    size_t counts[BINS] = {0};
    for (int i = 0; i < N; i++)
        counts[crew_random_below(&r, BINS)]++;
    double chi = 0;
    for (int k = 0; k < BINS; k++)
        chi += ((double)counts[k] - N / BINS) * ((double)counts[k] - N / BINS) / (N / BINS);
    ck_assert_double_lt(chi, 20.5); /* 5 degrees of freedom: one in a thousand seeds is above */
    /* 3/4 of 2^64: a draw that is cut down by its remainder alone would make the lower third twice as likely. */
    const uint64_t large = UINT64_C(3) << 62;
    size_t low = 0;
    for (int i = 0; i < N; i++) {
        uint64_t v = crew_random_below(&r, large);
        ck_assert(v < large);
        low += v < large / 3;
    }
    ck_assert_double_lt(fabs((double)low / (double)N - 1.0 / 3), 0.004);
    for (int i = 0; i < 100; i++)
        ck_assert_uint_eq(crew_random_below(&r, 1), 0);
}
END_TEST

START_TEST(between)
{
    crew_random r = crew_random_at(1, 2);
    bool seen[7] = {false};
    for (int i = 0; i < 1000; i++) {
        int64_t v = crew_random_between(&r, -3, 3);
        ck_assert(v >= -3 && v <= 3);
        seen[v + 3] = true;
    }
    for (int k = 0; k < 7; k++)
        ck_assert(seen[k]);
    bool negative = false, positive = false;
    for (int i = 0; i < 100; i++) {
        int64_t v = crew_random_between(&r, INT64_MIN, INT64_MAX);
        negative = negative || v < 0;
        positive = positive || v > 0;
    }
    ck_assert(negative && positive);
    ck_assert_int_eq(crew_random_between(&r, INT64_MIN, INT64_MIN), INT64_MIN);
    ck_assert_int_eq(crew_random_between(&r, INT64_MAX, INT64_MAX), INT64_MAX);
    ck_assert_int_eq(crew_random_between(&r, 5, 4), 5);
}
END_TEST

START_TEST(normal)
{
    /* The distribution function takes the quantile back to where it came from. */
    for (int k = 1; k < 4000; k++) {
        double p =
            k < 2000 ? ldexp(1, -54) * pow(2, k * 53.0 / 2000) : 1 - ldexp(1, -53) * pow(2, (4000 - k) * 52.0 / 2000);
        double x = crew__normal_quantile(p);
        double back = x < 0 ? erfc(-x / sqrt(2)) / 2 : 1 - erfc(x / sqrt(2)) / 2;
        ck_assert_msg(fabs(back - p) <= 4e-14 * p, "%d %.17g %.17g %.17g", k, p, x, back);
    }
    ck_assert_double_eq(crew__normal_quantile(0.5), 0);
    enum { N = 400000 };
    crew_random r = crew_random_at(3, 4);
    double moments[5] = {0};
    for (int i = 0; i < N; i++) {
        double x = crew_random_normal(&r), power = 1;
        for (int k = 0; k < 5; k++, power *= x)
            moments[k] += power / (double)N;
    }
    ck_assert_double_lt(fabs(moments[1]), 0.01);
    ck_assert_double_lt(fabs(moments[2] - 1), 0.01);
    ck_assert_double_lt(fabs(moments[3]), 0.03);
    ck_assert_double_lt(fabs(moments[4] - 3), 0.08);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("random");
    TCase *tc = parallel_case(suite, "random");
    tcase_add_test(tc, known_answers);
    tcase_add_test(tc, streams_by_the_definition);
    tcase_add_loop_test(tc, fills_are_the_stream, 0, ORACLE_THREADS);
    tcase_add_test(tc, uniform_and_below);
    tcase_add_test(tc, between);
    tcase_add_test(tc, normal);
    return run_suite(suite);
}
