/* crew/filter.h against naive loops, at every instruction set that the machine has and several thread counts. */
#define _POSIX_C_SOURCE 200809L
#include "../../lib/array/typed/isa.h"
#include "../support/sanitized.h"
#include "../support/suite.h"
#include <crew/filter.h>
#include <errno.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

static const struct {
    enum crew__isa isa;
    int threads;
} configurations[] = {
#if TESTS_VALGRIND
    {CREW__ISA_AVX2, 3},
#elif TESTS_RACES
    {CREW__ISA_PLAIN, 3},
    {CREW__ISA_AVX2, 8},
#elif TESTS_MEMORY
    {CREW__ISA_PLAIN, 1}, {CREW__ISA_AVX2, 1}, {CREW__ISA_AVX512, 1}, {CREW__ISA_AVX512, 3}, {CREW__ISA_PLAIN, 8},
#elif TESTS_SEQUENTIAL
    {CREW__ISA_PLAIN, 1},
    {CREW__ISA_AVX2, 8},
    {CREW__ISA_AVX512, 3},
#else
    {CREW__ISA_PLAIN, 1},  {CREW__ISA_PLAIN, 3},  {CREW__ISA_AVX2, 1},   {CREW__ISA_AVX2, 8},
    {CREW__ISA_AVX512, 1}, {CREW__ISA_AVX512, 2}, {CREW__ISA_AVX512, 3}, {CREW__ISA_AVX512, 64},
#endif
};
enum { CONFIGURATIONS = sizeof configurations / sizeof configurations[0] };

/* Ways to run a call: each configuration with a team for every loop, then each as users call it, short arrays on the
   caller alone and longer ones in two passes. */
enum { WAYS = 2 * CONFIGURATIONS, FEWER_WAYS = TESTS_SANITIZED ? CONFIGURATIONS : WAYS };

static const size_t lengths[] = {0,    1,    2,    15,   16,   17,   31,   33,    63,     64,     65,     100,   1000,
                                 2047, 2048, 2049, 4095, 4096, 4097, 4159, 40001, 262143, 262144, 262145, 700001};
enum { LENGTHS = sizeof lengths / sizeof lengths[0], LONG = 100000 };

static const size_t sizes[] = {1, 2, 3, 4, 6, 8, 12, 16, 24, 40, 72};
enum { SIZES = sizeof sizes / sizeof sizes[0], GUARD = 64 };

/* Long arrays for one size of each kernel, and fewer of them where they take long. */
static bool is_worth_trying(size_t size, size_t n)
{
    if (TESTS_VALGRIND && n != 4097 && (n != 40001 || size > 8))
        return false;
    if (TESTS_RACES && (n < 4000 || n > 300000 || (n >= 262143 && n != 262145)))
        return false;
    return n < LONG || ((size == 4 || size == 8 || size == 12) && (!TESTS_SANITIZED || n == 262145));
}

static void configure(int way)
{
    crew__tuning.always_open = way < CONFIGURATIONS;
    crew__isa_limit(configurations[way % CONFIGURATIONS].isa);
    ck_assert_int_eq(crew_set_num_threads(configurations[way % CONFIGURATIONS].threads), 0);
}

static void *get(size_t size)
{
    void *p = malloc(size ? size : 1);
    ck_assert_ptr_nonnull(p);
    return p;
}

static void fill(void *p, size_t bytes, uint64_t *seed)
{
    unsigned char *b = p;
    uint64_t r = 0;
    for (size_t i = 0; i < bytes; i++, r >>= 8) {
        if (i % 8 == 0)
            r = oracle_random(seed);
        b[i] = (unsigned char)r;
    }
}

/* Flags of kind 0: none, 1: all, 2: half, 3: few, 4: most, 5: the first half, 6: the last item. */
enum { KINDS = 7 };

static void make_flags(unsigned char *flags, size_t n, int kind, uint64_t *seed)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t r = oracle_random(seed);
        bool keep = kind == 1   ? true
                    : kind == 2 ? r >> 63
                    : kind == 3 ? r % 100 == 0
                    : kind == 4 ? r % 100 != 0
                    : kind == 5 ? i < n / 2
                    : kind == 6 ? i + 1 == n
                                : false;
        flags[i] = keep ? (unsigned char)(r >> 8 | 1) & 0xff : 0;
        if (keep && r % 3 == 0)
            flags[i] = 0x80; /* any value but 0 is a flag */
    }
}

static size_t naive(const unsigned char *in, unsigned char *out, size_t size, size_t n, const unsigned char *flags,
                    bool wanted)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if ((flags[i] != 0) == wanted)
            memcpy(out + count++ * size, in + i * size, size);
    return count;
}

struct asked {
    const unsigned char *flags;
    unsigned char *times; /* that an item was asked about; NULL: not counted */
    size_t longest;
    size_t fail_at;
    int code;
};

static int ask(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    struct asked *a = ctx;
    if (begin >= end || end - begin > 4096)
        return 99;
    for (size_t i = begin; i < end; i++) {
        if (a->code && i >= a->fail_at)
            return a->code + (i > a->fail_at);
        flags[i - begin] = a->flags[i];
        if (a->times)
            a->times[i]++;
    }
    return 0;
}

static void check_untouched(const unsigned char *p, size_t bytes)
{
    size_t touched = 0; /* an assertion for each byte would take minutes */
    for (size_t i = 0; i < bytes; i++)
        touched += p[i] != 0xa5;
    ck_assert_uint_eq(touched, 0);
}

struct selection {
    size_t size, n, count; /* of the items, n of them, count of them wanted */
    unsigned char *in, *flags, *yes, *no;
    unsigned char *copy, *out, *rest, *times; /* room for results */
};

/* filter, pack and partition, to another array and in place. */
static void check_selection(const struct selection *s)
{
    size_t size = s->size, n = s->n, count = s->count, others = n - count, found;
    struct asked a = {.flags = s->flags, .times = s->times};

    memset(s->times, 0, n);
    memset(s->out, 0xa5, n * size + GUARD);
    ck_assert_int_eq(crew_filter(s->in, s->out, size, n, ask, &a, &found, NULL), 0);
    ck_assert_uint_eq(found, count);
    ck_assert_mem_eq(s->out, s->yes, count * size);
    check_untouched(s->out + count * size, others * size + GUARD);
    size_t wrong = 0;
    for (size_t i = 0; i < n; i++)
        wrong += s->times[i] != 1;
    ck_assert_uint_eq(wrong, 0);
    a.times = NULL;

    memset(s->out, 0xa5, n * size + GUARD);
    ck_assert_int_eq(crew_pack(s->in, s->out, size, n, s->flags, &found, NULL), 0);
    ck_assert_uint_eq(found, count);
    ck_assert_mem_eq(s->out, s->yes, count * size);
    check_untouched(s->out + count * size, others * size + GUARD);

    memcpy(s->copy, s->in, n * size);
    ck_assert_int_eq(crew_filter(s->copy, s->copy, size, n, ask, &a, &found, NULL), 0);
    ck_assert_uint_eq(found, count);
    ck_assert_mem_eq(s->copy, s->yes, count * size);

    /* a little below itself */
    memcpy(s->copy + 5, s->in, n * size);
    ck_assert_int_eq(crew_pack(s->copy + 5, s->copy, size, n, s->flags, &found, NULL), 0);
    ck_assert_uint_eq(found, count);
    ck_assert_mem_eq(s->copy, s->yes, count * size);

    memset(s->out, 0xa5, n * size + GUARD);
    memset(s->rest, 0xa5, n * size + GUARD);
    ck_assert_int_eq(crew_partition(s->in, s->out, s->rest, size, n, ask, &a, &found, NULL), 0);
    ck_assert_uint_eq(found, count);
    ck_assert_mem_eq(s->out, s->yes, count * size);
    ck_assert_mem_eq(s->rest, s->no, others * size);
    check_untouched(s->out + count * size, others * size + GUARD);
    check_untouched(s->rest + others * size, count * size + GUARD);

    memcpy(s->copy, s->in, n * size);
    ck_assert_int_eq(crew_partition(s->copy, s->copy, s->rest, size, n, ask, &a, &found, NULL), 0);
    ck_assert_mem_eq(s->copy, s->yes, count * size);
    ck_assert_mem_eq(s->rest, s->no, others * size);

    memcpy(s->copy, s->in, n * size);
    ck_assert_int_eq(crew_partition(s->copy, s->copy, NULL, size, n, ask, &a, &found, NULL), 0);
    ck_assert_uint_eq(found, count);
    ck_assert_mem_eq(s->copy, s->yes, count * size);
    ck_assert_mem_eq(s->copy + count * size, s->no, others * size);

    ck_assert_int_eq(crew_count_if(n, ask, &a, &found, NULL), 0);
    ck_assert_uint_eq(found, count);
}

static void check_select(size_t size, size_t n, int kind, uint64_t *seed)
{
    struct selection s = {.size = size, .n = n};
    s.in = get(n * size), s.flags = get(n), s.yes = get(n * size), s.no = get(n * size);
    s.copy = get(n * size + GUARD), s.out = get(n * size + GUARD), s.rest = get(n * size + GUARD), s.times = get(n);
    fill(s.in, n * size, seed);
    make_flags(s.flags, n, kind, seed);
    s.count = naive(s.in, s.yes, size, n, s.flags, true);
    naive(s.in, s.no, size, n, s.flags, false);
    bool some = kind == 2 || kind == 3;
    const int ways = n >= LONG && size == 8 ? WAYS : FEWER_WAYS;
    for (int way = 0; way < ways; way++)
        if (configurations[way % CONFIGURATIONS].threads == 1 ? n < LONG || some : some && n > 60) {
            configure(way); /* teams take long */
            check_selection(&s);
        }
    free(s.in), free(s.flags), free(s.yes), free(s.no), free(s.copy), free(s.out), free(s.rest), free(s.times);
}

START_TEST(select_all)
{
    uint64_t seed = oracle_seed();
    for (size_t l = 0; l < LENGTHS; l++)
        for (int kind = 0; kind < KINDS; kind++)
            if (is_worth_trying(sizes[_i], lengths[l]))
                check_select(sizes[_i], lengths[l], kind, &seed);
}
END_TEST

static int same_parity(const void *a, const void *b, void *ctx)
{
    unsigned char x, y;
    memcpy(&x, a, 1);
    memcpy(&y, b, 1);
    return x % 2 == y % 2 && ctx == NULL;
}

static void check_unique(size_t size, size_t n, size_t run, bool function, uint64_t *seed)
{
    unsigned char *x = get(n * size), *copy = get(n * size), *yes = get(n * size), *out = get(n * size + GUARD);
    int (*equal)(const void *, const void *, void *) = function ? same_parity : NULL;
    size_t count = 0, found;
    fill(x, n * size, seed);
    for (size_t i = 1; i < n; i++)
        if (oracle_below(seed, run))
            memcpy(x + i * size, x + (i - 1) * size, size);
    for (size_t i = 0; i < n; i++) {
        const unsigned char *p = x + i * size;
        if (i == 0 || (function ? !same_parity(p - size, p, NULL) : memcmp(p - size, p, size) != 0))
            memcpy(yes + count++ * size, p, size);
    }
    for (int way = 0; way < FEWER_WAYS; way++) {
        configure(way);
        memset(out, 0xa5, n * size + GUARD);
        ck_assert_int_eq(crew_unique(x, out, size, n, equal, NULL, &found, NULL), 0);
        ck_assert_uint_eq(found, count);
        ck_assert_mem_eq(out, yes, count * size);
        check_untouched(out + count * size, (n - count) * size + GUARD);
        memcpy(copy, x, n * size);
        ck_assert_int_eq(crew_unique(copy, copy, size, n, equal, NULL, &found, NULL), 0);
        ck_assert_uint_eq(found, count);
        ck_assert_mem_eq(copy, yes, count * size);
    }
    free(x), free(copy), free(yes), free(out);
}

/* Runs of about 1, 2 and 100 items. */
START_TEST(unique_generic)
{
    static const size_t runs[] = {1, 2, 100};
    uint64_t seed = oracle_seed();
    for (size_t l = 0; l < LENGTHS; l++)
        for (int kind = 0; kind < 6; kind++)
            if (is_worth_trying(sizes[_i], lengths[l]) && (lengths[l] < LONG || kind % 3 == 1))
                check_unique(sizes[_i], lengths[l], runs[kind % 3], kind >= 3, &seed);
}
END_TEST

#define TYPED(type, element, not_equal)                                                                                \
    static void check_##type(size_t n, uint64_t *seed)                                                                 \
    {                                                                                                                  \
        element *x = get(n * sizeof *x), *out = get(n * sizeof *x);                                                    \
        element *packed = get(n * sizeof *x), *differing = get(n * sizeof *x);                                         \
        unsigned char *flags = get(n);                                                                                 \
        size_t differ = 0;                                                                                             \
        for (size_t i = 0; i < n; i++)                                                                                 \
            x[i] = (element)(oracle_below(seed, 3) ? i / 4 : i / 2);                                                   \
        make_flags(flags, n, 2, seed);                                                                                 \
        size_t count = naive((void *)x, (void *)packed, sizeof *x, n, flags, true);                                    \
        for (size_t i = 0; i < n; i++) {                                                                               \
            element a = i ? x[i - 1] : x[i], b = x[i];                                                                 \
            if (i == 0 || (not_equal))                                                                                 \
                differing[differ++] = b;                                                                               \
        }                                                                                                              \
        for (int way = 0; way < WAYS; way++) {                                                                         \
            configure(way);                                                                                            \
            ck_assert_uint_eq(crew_pack_##type(x, out, n, flags), count);                                              \
            ck_assert_mem_eq(out, packed, count * sizeof *x);                                                          \
            memcpy(out, x, n * sizeof *x);                                                                             \
            ck_assert_uint_eq(crew_pack_##type(out, out, n, flags), count);                                            \
            ck_assert_mem_eq(out, packed, count * sizeof *x);                                                          \
            ck_assert_uint_eq(crew_unique_##type(x, out, n), differ);                                                  \
            ck_assert_mem_eq(out, differing, differ * sizeof *x);                                                      \
            memcpy(out, x, n * sizeof *x);                                                                             \
            ck_assert_uint_eq(crew_unique_##type(out, out, n), differ);                                                \
            ck_assert_mem_eq(out, differing, differ * sizeof *x);                                                      \
        }                                                                                                              \
        free(x), free(out), free(packed), free(differing), free(flags);                                                \
    }

TYPED(f32, float, a<b || a> b)
TYPED(f64, double, a<b || a> b)
TYPED(i32, int32_t, a != b)
TYPED(i64, int64_t, a != b)
TYPED(u32, uint32_t, a != b)
TYPED(u64, uint64_t, a != b)

START_TEST(typed)
{
    static void (*const check[])(size_t, uint64_t *) = {check_f32, check_f64, check_i32,
                                                        check_i64, check_u32, check_u64};
    uint64_t seed = oracle_seed();
    for (size_t l = 0; l < LENGTHS; l++)
        if (is_worth_trying(8, lengths[l]))
            check[_i](lengths[l], &seed);
}
END_TEST

START_TEST(pack_index)
{
    uint64_t seed = oracle_seed();
    for (size_t l = 0; l < LENGTHS; l++) {
        if (!is_worth_trying(8, lengths[l]))
            continue;
        size_t n = lengths[l], kept = 0, *out = get((n + 1) * sizeof *out), *want = get((n + 1) * sizeof *want);
        unsigned char *flags = get(n);
        make_flags(flags, n, _i, &seed);
        for (size_t i = 0; i < n; i++)
            if (flags[i])
                want[kept++] = i;
        want[kept] = 77;
        for (int way = 0; way < WAYS; way++) {
            configure(way);
            out[kept] = 77;
            ck_assert_uint_eq(crew_pack_index(out, n, flags), kept);
            ck_assert_mem_eq(out, want, (kept + 1) * sizeof *out);
        }
        free(out), free(want), free(flags);
    }
}
END_TEST

START_TEST(float_values)
{
    double x[] = {-0.0, 0.0, 1, NAN, -NAN, NAN, 2, 2}, out[8];
    ck_assert_uint_eq(crew_unique_f64(x, out, 8), 4);
    ck_assert(signbit(out[0]) && out[1] == 1 && isnan(out[2]) && out[3] == 2);
    float y[] = {0.0f, -0.0f, NAN, -NAN}, few[4];
    ck_assert_uint_eq(crew_unique_f32(y, few, 4), 2);
    ck_assert(!signbit(few[0]) && few[0] == 0 && isnan(few[1]));
}
END_TEST

START_TEST(failures)
{
    enum { N = 300000 };
    static const size_t at[] = {0, 1, 63, 64, 5000, N / 2, N - 1};
    use_threads(_i);
    unsigned char *flags = get(N), *x = get(N * 4), *out = get(N * 4);
    memset(flags, 1, N);
    memset(x, 0, N * 4);
    for (size_t k = 0; k < sizeof at / sizeof at[0]; k++) {
        struct asked a = {.flags = flags, .fail_at = at[k], .code = 5};
        size_t count = 77, failed = 88;
        crew_options opt = {.failed = &failed};
        ck_assert_int_eq(crew_filter(x, out, 4, N, ask, &a, &count, NULL), 5);
        ck_assert_int_eq(crew_partition(x, out, NULL, 4, N, ask, &a, &count, NULL), 5);
        ck_assert_int_eq(crew_filter(x, out, 4, N, ask, &a, &count, &opt), 5);
        ck_assert_uint_eq(failed, at[k]);
        failed = 88;
        ck_assert_int_eq(crew_count_if(N, ask, &a, &count, &opt), 5);
        ck_assert_uint_eq(failed, at[k]);
        ck_assert_uint_eq(count, 77);
    }
    crew_cancel stop = {0};
    crew_cancel_request(&stop);
    struct asked a = {.flags = flags};
    size_t count = 77;
    ck_assert_int_eq(crew_filter(x, out, 4, N, ask, &a, &count, &(crew_options){.cancel = &stop}), -ECANCELED);
    ck_assert_uint_eq(count, 77);
    free(flags), free(x), free(out);
}
END_TEST

START_TEST(arguments)
{
    int x[8] = {0}, out[8];
    unsigned char flags[8] = {1};
    struct asked a = {.flags = flags};
    size_t count = 77;
    ck_assert_int_eq(crew_filter(x, out, 0, 8, ask, &a, &count, NULL), -EINVAL);
    ck_assert_int_eq(crew_filter(x, out, 4, 8, NULL, &a, &count, NULL), -EINVAL);
    ck_assert_int_eq(crew_filter(x, out, 4, 8, ask, &a, NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_filter(NULL, out, 4, 8, ask, &a, &count, NULL), -EINVAL);
    ck_assert_int_eq(crew_filter(x, NULL, 4, 8, ask, &a, &count, NULL), -EINVAL);
    ck_assert_int_eq(crew_filter(x, x + 1, 4, 8, ask, &a, &count, NULL), -EINVAL);
    ck_assert_int_eq(crew_filter(x, out, 4, SIZE_MAX / 2, ask, &a, &count, NULL), -EOVERFLOW);
    ck_assert_int_eq(crew_filter(x, out, 4, 8, ask, &a, &count, &(crew_options){.timeout = -1}), -EINVAL);
    ck_assert_int_eq(crew_pack(x, out, 4, 8, NULL, &count, NULL), -EINVAL);
    ck_assert_int_eq(crew_pack(x, flags, 1, 8, flags, &count, NULL), -EINVAL);
    ck_assert_int_eq(crew_partition(x, out, out, 4, 8, ask, &a, &count, NULL), -EINVAL);
    ck_assert_int_eq(crew_partition(x, out, x + 2, 4, 8, ask, &a, &count, NULL), -EINVAL);
    /* One of eight is kept. Where the sides end decides: they may touch. */
    int both[16] = {0};
    ck_assert_int_eq(crew_partition(both + 8, out, both + 2, 4, 8, ask, &a, &count, NULL), -EINVAL);
    ck_assert_int_eq(crew_partition(x, both, both + 3, 4, 8, ask, &a, &count, NULL), 0);
    ck_assert_uint_eq(count, 1);
    count = 77;
    ck_assert_int_eq(crew_partition(x, both + 6, both, 4, 8, ask, &a, &count, NULL), -EINVAL);
    ck_assert_int_eq(crew_partition(x, both + 1, (char *)both + 7, 4, 8, ask, &a, &count, NULL), -EINVAL);
    ck_assert_uint_eq(count, 77);
    ck_assert_int_eq(crew_partition(x, both + 7, both, 4, 8, ask, &a, &count, NULL), 0);
    ck_assert_int_eq(crew_partition(both + 8, out, both + 1, 4, 8, ask, &a, &count, NULL), 0);
    count = 77;
    unsigned char bytes[12] = {[4] = 1, 1, 1, 1, 1};
    ck_assert_int_eq(crew_pack(x, bytes, 1, 8, bytes + 4, &count, NULL), -EINVAL);
    ck_assert_int_eq(crew_count_if(8, NULL, &a, &count, NULL), -EINVAL);
    ck_assert_int_eq(crew_count_if(8, ask, &a, NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_unique(x, out, 4, 8, NULL, NULL, NULL, NULL), -EINVAL);
    ck_assert_uint_eq(count, 77);
    ck_assert_int_eq(crew_filter(NULL, NULL, 4, 0, ask, &a, &count, NULL), 0);
    ck_assert_uint_eq(count, 0);
    ck_assert_int_eq(crew_pack(NULL, NULL, 4, 0, NULL, &count, NULL), 0);
    ck_assert_int_eq(crew_unique(NULL, NULL, 4, 0, NULL, NULL, &count, NULL), 0);
    ck_assert_int_eq(crew_partition(NULL, NULL, NULL, 4, 0, ask, &a, &count, NULL), 0);
    ck_assert_uint_eq(crew_pack_f64(NULL, NULL, 0, NULL), 0);
    ck_assert_uint_eq(crew_pack_index(NULL, 0, NULL), 0);
    ck_assert_uint_eq(crew_unique_i32(NULL, NULL, 0), 0);
}
END_TEST

static int slow_block(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    if (begin / 4096 % 7 == 0)
        oracle_sleep_us(300);
    return ask(begin, end, flags, ctx);
}

/* Blocks that wait in buffers for one that takes long. */
START_TEST(late_blocks)
{
    enum { N = TESTS_VALGRIND ? 40000 : 400000 };
    uint64_t seed = oracle_seed();
    use_threads(_i);
    uint64_t *x = get(N * sizeof *x), *yes = get(N * sizeof *x);
    unsigned char *flags = get(N);
    for (int round = 0; round < 3; round++) {
        size_t count;
        fill(x, N * sizeof *x, &seed);
        make_flags(flags, N, 2, &seed);
        size_t expected = naive((void *)x, (void *)yes, 8, N, flags, true);
        struct asked a = {.flags = flags};
        ck_assert_int_eq(crew_filter(x, x, 8, N, slow_block, &a, &count, NULL), 0);
        ck_assert_uint_eq(count, expected);
        ck_assert_mem_eq(x, yes, count * 8);
    }
    free(x), free(yes), free(flags);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("filter");
    TCase *tc = parallel_case(s, "filter");
    tcase_set_timeout(tc, 240);
    tcase_add_loop_test(tc, unique_generic, 0, SIZES);
    tcase_add_loop_test(tc, typed, 0, 6);
    tcase_add_loop_test(tc, pack_index, 0, KINDS);
    tcase_add_test(tc, float_values);
    tcase_add_loop_test(tc, failures, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, late_blocks, 0, ORACLE_THREADS);
    TCase *all = parallel_case(s, "select_all");
    tcase_set_timeout(all, 240);
    tcase_add_loop_test(all, select_all, 0, SIZES);
    TCase *errors = parallel_case(s, "arguments");
    tcase_add_test(errors, arguments);

    TCase *estimated = tcase_create("estimated");
    tcase_set_timeout(estimated, 240);
    suite_add_tcase(s, estimated);
    tcase_add_loop_test(estimated, failures, 0, ORACLE_THREADS);
    return run_suite(s);
}
