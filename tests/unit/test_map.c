/* crew_map against the loop that it equals. */
#include "../support/suite.h"
#include <errno.h>
#include <math.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

/* Any sizes: each byte out depends on all bytes in, on its place, and on nothing else. */
struct shape {
    size_t in_size, out_size;
    const char *fails; /* an element at this address fails; NULL: none */
    atomic_size_t calls;
};

static int mix(const void *in, void *out, void *ctx)
{
    struct shape *s = ctx;
    unsigned char sum = 17;
    atomic_fetch_add_explicit(&s->calls, 1, memory_order_relaxed);
    for (size_t k = 0; k < s->in_size; k++)
        sum = (unsigned char)(sum * 31 + ((const unsigned char *)in)[k]);
    if (in == s->fails)
        return 71;
    for (size_t k = 0; k < s->out_size; k++)
        ((unsigned char *)out)[k] = (unsigned char)(sum + k);
    return 0;
}

static void fill(unsigned char *p, size_t size, uint64_t *seed)
{
    for (size_t k = 0; k < size; k++)
        p[k] = (unsigned char)oracle_random(seed);
}

/* `off` moves both arrays off any alignment. */
static void check_map(struct shape *s, size_t n, size_t off, bool in_place, uint64_t *seed)
{
    enum { GUARD = 16 };
    size_t in_bytes = n * s->in_size, out_bytes = n * s->out_size, failed = 0;
    unsigned char *in = malloc(in_bytes + off + GUARD), *out = malloc(out_bytes + off + GUARD),
                  *expected = malloc(out_bytes + GUARD);
    ck_assert(in && out && expected);
    fill(in, in_bytes + off + GUARD, seed);
    memset(out, 0xA5, out_bytes + off + GUARD);
    memset(expected, 0xA5, out_bytes + GUARD);
    ck_assert_int_eq(oracle_map(in + off, s->in_size, expected, s->out_size, n, mix, s, &failed), 0);
    if (in_place)
        memcpy(expected + out_bytes, in + off + out_bytes, GUARD);
    void *to = in_place ? in + off : out + off;
    s->calls = 0;
    ck_assert_int_eq(crew_map(in + off, s->in_size, to, s->out_size, n, mix, s, NULL), 0);
    ck_assert_uint_eq(s->calls, n);
    ck_assert_msg(memcmp(to, expected, out_bytes + GUARD) == 0, "n=%zu sizes %zu %zu", n, s->in_size, s->out_size);
    free(in);
    free(out);
    free(expected);
}

START_TEST(equals_the_loop)
{
    use_threads(_i);
    uint64_t seed = oracle_seed();
    const size_t ns[] = {0, 1, 2, 63, 64, 65, 1000, 20011};
    const size_t sizes[][2] = {{1, 1}, {4, 8}, {8, 4}, {3, 7}, {16, 1}, {100, 33}};
    for (size_t k = 0; k < sizeof ns / sizeof *ns; k++)
        for (size_t z = 0; z < sizeof sizes / sizeof *sizes; z++)
            for (size_t off = 0; off < 2; off++) {
                struct shape s = {.in_size = sizes[z][0], .out_size = sizes[z][1]};
                check_map(&s, ns[k], off, false, &seed);
                s.out_size = s.in_size;
                check_map(&s, ns[k], off, true, &seed);
            }
}
END_TEST

static int square_root(const void *in, void *out, void *ctx)
{
    (void)ctx;
    *(double *)out = sqrt(*(const double *)in);
    return 0;
}

START_TEST(typed_elements)
{
    use_threads(_i);
    enum { N = 10007 };
    static double x[N], y[N];
    for (int i = 0; i < N; i++)
        x[i] = i == 7 ? INFINITY : i == 9 ? -1 : i;
    ck_assert_int_eq(crew_map(x, sizeof *x, y, sizeof *y, N, square_root, NULL, NULL), 0);
    for (int i = 0; i < N; i++)
        if (i == 9 ? !isnan(y[i]) : y[i] != sqrt(x[i]))
            ck_abort_msg("element %d", i);
}
END_TEST

START_TEST(failures_name_the_element)
{
    use_threads(_i);
    enum { N = 3001 };
    static char in[N * 4], out[N * 2], expected[N * 2];
    const size_t at[] = {0, 1, 64, N / 2, N - 1};
    uint64_t seed = 5;
    fill((unsigned char *)in, sizeof in, &seed);
    for (size_t k = 0; k < sizeof at / sizeof *at; k++) {
        struct shape s = {.in_size = 4, .out_size = 2, .fails = in + at[k] * 4};
        size_t failed = SIZE_MAX, first = SIZE_MAX;
        memset(out, 0, sizeof out);
        memset(expected, 0, sizeof expected);
        ck_assert_int_eq(oracle_map(in, 4, expected, 2, N, mix, &s, &first), 71);
        ck_assert_int_eq(crew_map(in, 4, out, 2, N, mix, &s, &(crew_options){.failed = &failed}), 71);
        ck_assert_uint_eq(failed, at[k]);
        ck_assert_uint_eq(failed, first);
        ck_assert_int_eq(memcmp(out, expected, at[k] * 2), 0); /* what is below is written */
        ck_assert_int_eq(memcmp(out + at[k] * 2, "\0", 2), 0); /* the callback wrote nothing there */
        ck_assert_int_eq(crew_map(in, 4, out, 2, N, mix, &s, NULL), 71);
    }
}
END_TEST

START_TEST(bad_arguments_are_refused)
{
    use_threads(_i);
    static char a[64];
    char before[64];
    struct shape s = {.in_size = 4, .out_size = 4};
    size_t failed = 77;
    crew_options opt = {.failed = &failed}, bad = {.timeout = NAN};
    for (int k = 0; k < 64; k++)
        before[k] = a[k] = (char)k;
    const struct {
        const void *in;
        size_t in_size;
        void *out;
        size_t out_size, n;
        crew_map_fn *fn;
        const crew_options *opt;
        int error;
    } cases[] = {
        {a, 4, a + 32, 4, 8, NULL, &opt, -EINVAL},
        {NULL, 4, a, 4, 8, mix, &opt, -EINVAL},
        {a, 4, NULL, 4, 8, mix, &opt, -EINVAL},
        {a, 0, a + 32, 4, 8, mix, &opt, -EINVAL},
        {a, 4, a + 32, 0, 8, mix, &opt, -EINVAL},
        {a, 4, a + 32, 4, 8, mix, &bad, -EINVAL},
        {NULL, 4, NULL, 4, 0, NULL, &opt, -EINVAL},
        {NULL, 0, NULL, 4, 0, mix, &opt, -EINVAL},
        {NULL, 4, NULL, 4, 0, mix, &bad, -EINVAL},
        {NULL, 4, NULL, 4, 0, mix, &opt, 0},
        {a, 4, a + 4, 4, 8, mix, &opt, -EINVAL}, /* overlaps */
        {a + 4, 4, a, 4, 8, mix, &opt, -EINVAL},
        {a, 4, a + 31, 4, 8, mix, &opt, -EINVAL}, /* by the last byte */
        {a + 31, 4, a, 4, 8, mix, &opt, -EINVAL},
        {a, 4, a, 2, 8, mix, &opt, -EINVAL}, /* the same place, other sizes */
        {a, 2, a, 4, 8, mix, &opt, -EINVAL},
        {a, 8, a + 32, 4, SIZE_MAX / 8 + 1, mix, &opt, -EOVERFLOW},
        {a, 4, a + 32, 8, SIZE_MAX / 8 + 1, mix, &opt, -EOVERFLOW},
        {a, SIZE_MAX, a + 32, 1, 2, mix, &opt, -EOVERFLOW},
        {a, 1, a + 32, SIZE_MAX, 2, mix, &opt, -EOVERFLOW},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        int error = crew_map(cases[k].in, cases[k].in_size, cases[k].out, cases[k].out_size, cases[k].n, cases[k].fn,
                             &s, cases[k].opt);
        ck_assert_msg(error == cases[k].error, "case %zu: %d", k, error);
    }
    ck_assert_uint_eq(s.calls, 0);
    ck_assert_uint_eq(failed, 77);
    ck_assert_int_eq(memcmp(a, before, 64), 0);
    ck_assert_int_eq(crew_map(a, 4, a + 32, 4, 8, mix, &s, &opt), 0); /* side by side is no overlap */
    ck_assert_int_eq(crew_map(a + 32, 4, a, 4, 8, mix, &s, &opt), 0);
}
END_TEST

START_TEST(cancelled_before_the_call_writes_nothing)
{
    use_threads(_i);
    static char in[4000], out[4000], none[4000];
    struct shape s = {.in_size = 4, .out_size = 4};
    crew_cancel cancel = {0};
    crew_cancel_request(&cancel);
    ck_assert_int_eq(crew_map(in, 4, out, 4, 1000, mix, &s, &(crew_options){.cancel = &cancel}), -ECANCELED);
    ck_assert_uint_eq(s.calls, 0);
    ck_assert_int_eq(memcmp(out, none, sizeof out), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("map");
    TCase *tc = parallel_case(suite, "map");
    tcase_add_loop_test(tc, equals_the_loop, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, typed_elements, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, failures_name_the_element, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, bad_arguments_are_refused, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, cancelled_before_the_call_writes_nothing, 0, ORACLE_THREADS);
    return run_suite(suite);
}
