/* crew/sort.h. Every result is compared with that of a naive stable merge sort of indices, to the byte, at several
   thread counts. */
#define _POSIX_C_SOURCE 200809L
#include "../../lib/array/typed/isa.h"
#include "../../lib/array/typed/types.h"
#include "../../lib/core/base/scratch.h"
#include "../../lib/core/loop/runner.h"
#include "../support/sanitized.h"
#include <check.h>
#include <crew/sort.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if TESTS_VALGRIND
static const int threads[] = {3, 3, 3};
#elif TESTS_RACES
static const int threads[] = {2, 8, 3};
#elif TESTS_MEMORY || TESTS_SEQUENTIAL
static const int threads[] = {1, 8, 3};
#else
static const int threads[] = {1, 2, 3, 8, 64};
#endif
enum { THREADS = sizeof threads / sizeof threads[0] };

#if TESTS_RACES
static const size_t sizes[] = {4097, TESTS_VALGRIND ? 9001 : 16385, 70001};
#else
static const size_t sizes[] = {0,     1,    2,    3,    4,     5,     7,     23,    24,    25,
                               31,    33,   64,   100,  511,   512,   513,   1000,  1023,  1024,
                               1025,  4095, 4097, 8193, 16383, 16384, 16385, 33000, 70001,
#if !TESTS_SANITIZED
                               200003
#endif
};
#endif
enum { SIZES = sizeof sizes / sizeof sizes[0] };

enum shape {
    RANDOM,
    SORTED,
    REVERSED,
    FEW,
    EQUAL,
    ORGAN,
    SKEWED,
    LOW_BITS,
    CLUSTERS,
    NEARLY,
    SPECIAL,
    RARE,
    ALIKE,
    SHAPES
};

static uint64_t state;

static uint64_t next(void)
{
    state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static void seed_tests(void)
{
    const char *given = getenv("CREW_TEST_SEED");
    state = given != NULL ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);
    printf("CREW_TEST_SEED=%llu\n", (unsigned long long)state);
    crew__tuning.always_open = 1;
}

static void *test_alloc(size_t size)
{
    void *p = malloc(size + 1);
    ck_assert_ptr_nonnull(p);
    return p;
}

/* The oracle: index[0 .. n-1] in stable order. */
static void stable_order(const void *x, size_t n, size_t size, crew_compare *cmp, void *ctx, size_t *index)
{
    size_t *other = test_alloc(n * sizeof *other);
    for (size_t i = 0; i < n; i++)
        index[i] = i;
    for (size_t run = 1; run < n; run *= 2) {
        for (size_t begin = 0; begin < n; begin += 2 * run) {
            size_t middle = begin + run < n ? begin + run : n, end = middle + run < n ? middle + run : n;
            for (size_t i = begin, j = middle, k = begin; k < end; k++) {
                const char *a = (const char *)x + index[i < middle ? i : begin] * size;
                const char *b = (const char *)x + index[j < end ? j : begin] * size;
                other[k] = j == end || (i < middle && cmp(a, b, ctx) <= 0) ? index[i++] : index[j++];
            }
        }
        memcpy(index, other, n * sizeof *index);
    }
    free(other);
}

static void gather(const void *x, size_t size, const size_t *index, size_t n, void *out)
{
    for (size_t i = 0; i < n; i++)
        memcpy((char *)out + i * size, (const char *)x + index[i] * size, size);
}

#define TEMPLATE "../../../tests/unit/sort_typed_template.h"
#include "../../lib/array/typed/each_type_template.h"

static void check_sorts(int type, enum shape shape)
{
    static void (*const check[])(enum shape) = {check_sorts_f32, check_sorts_f64, check_sorts_i32,
                                                check_sorts_i64, check_sorts_u32, check_sorts_u64};
    if (!TESTS_RACES || shape == RANDOM || (!TESTS_VALGRIND && shape == SPECIAL))
        check[type](shape);
}

START_TEST(typed_sorts)
{
    check_sorts(_i / CLUSTERS, (enum shape)(_i % CLUSTERS));
}
END_TEST

/* Keys of which many are alike in part. */
START_TEST(typed_clusters)
{
    enum { SOME = SHAPES - CLUSTERS };
    check_sorts(_i / SOME, (enum shape)(CLUSTERS + _i % SOME));
}
END_TEST

START_TEST(typed_selections)
{
    static void (*const check[])(enum shape) = {check_selections_f32, check_selections_f64, check_selections_i32,
                                                check_selections_i64, check_selections_u32, check_selections_u64};
    if (!TESTS_RACES || _i % SHAPES == FEW || (!TESTS_VALGRIND && _i % SHAPES == SPECIAL))
        check[_i / SHAPES]((enum shape)(_i % SHAPES));
}
END_TEST

START_TEST(typed_errors)
{
    static void (*const check[])(void) = {check_errors_f32, check_errors_f64, check_errors_i32,
                                          check_errors_i64, check_errors_u32, check_errors_u64};
    check[_i]();
}
END_TEST

/* Elements of any size: the first byte or the first two are the key, the others tell equal elements apart. */
static int by_prefix(const void *a, const void *b, void *ctx)
{
    const unsigned char *x = a, *y = b;
    return x[0] != y[0] || *(const size_t *)ctx < 2 ? x[0] - y[0] : x[1] - y[1];
}

static void fill_elements(unsigned char *x, size_t n, size_t size, enum shape shape)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t r = next();
        unsigned key = (unsigned)r & 0xffff;
        unsigned at = (unsigned)((double)i / (double)n * 65535);
        switch (shape) {
        case SORTED:
            key = at;
            break;
        case REVERSED:
            key = n <= 65536 ? 65535 - (unsigned)i : 65535 - at;
            break;
        case FEW:
            key = (unsigned)(r >> 20) % 7;
            break;
        case EQUAL:
            key = 7;
            break;
        case ORGAN:
            key = at < 32768 ? at : 65535 - at;
            break;
        case NEARLY:
            key = r >> 32 & 63 ? at : key;
            break;
        default:
            break;
        }
        for (size_t b = 0; b < size; b++)
            x[i * size + b] = (unsigned char)(b == 0 ? key >> 8 : b == 1 ? key : (i * 31 + b) >> (b % 4 * 8));
    }
}

static const size_t element_sizes[] = {1, 2, 4, 7, 8, 12, 16, 24, 32, 40, 256, 257, 1000};
enum { ELEMENT_SIZES = sizeof element_sizes / sizeof element_sizes[0] };

enum { MOST_BYTES = TESTS_SANITIZED ? 300000 : 1000000 };

START_TEST(generic_sorts)
{
    size_t size = element_sizes[_i];
    if (TESTS_RACES && _i % 3 != 2)
        return;
    for (size_t s = 0; s < SIZES; s++) {
        size_t n = sizes[s];
        if (n * size > MOST_BYTES)
            continue;
        for (int shape = 0; shape < (TESTS_VALGRIND ? SORTED : SKEWED); shape++) {
            unsigned char *x = test_alloc(n * size), *y = test_alloc(n * size), *want = test_alloc(n * size);
            unsigned char *v = test_alloc(n * 3), *w = test_alloc(n * 3), *want_v = test_alloc(n * 3);
            size_t *index = test_alloc(n * sizeof *index), *got = test_alloc(n * sizeof *got);
            fill_elements(x, n, size, (enum shape)shape);
            fill_elements(v, n, 3, RANDOM);
            stable_order(x, n, size, by_prefix, &size, index);
            gather(x, size, index, n, want);
            gather(v, 3, index, n, want_v);
            for (int t = 0; t < THREADS; t++) {
                if (t != 2 && (n < 30000 || shape != RANDOM))
                    continue;
                crew_set_num_threads(threads[t]);
                memcpy(y, x, n * size);
                ck_assert_int_eq(crew_sort(y, n, size, by_prefix, &size, NULL), 0);
                ck_assert_msg(memcmp(y, want, n * size) == 0, "crew_sort size %zu n %zu shape %d", size, n, shape);
                ck_assert_int_eq(crew_argsort(x, n, size, got, by_prefix, &size, NULL), 0);
                ck_assert_msg(memcmp(got, index, n * sizeof *got) == 0, "argsort size %zu n %zu shape %d", size, n,
                              shape);
                memcpy(y, x, n * size);
                memcpy(w, v, n * 3);
                ck_assert_int_eq(crew_sort_by_key(y, size, w, 3, n, by_prefix, &size, NULL), 0);
                ck_assert_msg(memcmp(y, want, n * size) == 0 && memcmp(w, want_v, n * 3) == 0,
                              "sort_by_key size %zu n %zu shape %d", size, n, shape);
                bool sorted = false;
                ck_assert_int_eq(crew_is_sorted(y, n, size, by_prefix, &size, &sorted, NULL), 0);
                ck_assert(sorted);
                ck_assert_int_eq(crew_is_sorted(x, n, size, by_prefix, &size, &sorted, NULL), 0);
                bool in_order = true;
                for (size_t i = 1; i < n; i++)
                    in_order = in_order && by_prefix(x + (i - 1) * size, x + i * size, &size) <= 0;
                ck_assert_int_eq(sorted, in_order);
            }
            free(x), free(y), free(want), free(v), free(w), free(want_v), free(index), free(got);
        }
    }
}
END_TEST

START_TEST(generic_merges_and_selections)
{
    size_t size = element_sizes[_i];
    if (TESTS_RACES && _i % 3 != 2)
        return;
    for (size_t s = 0; s < SIZES; s++) {
        size_t n = sizes[s];
        if (n * size > 300000)
            continue;
        for (int shape = 0; shape < (n > 5000 || TESTS_VALGRIND ? SORTED : SKEWED); shape++) {
            unsigned char *x = test_alloc(n * size), *y = test_alloc(n * size), *want = test_alloc(n * size);
            size_t *index = test_alloc(n * sizeof *index), *top = test_alloc(n * sizeof *top);
            fill_elements(x, n, size, (enum shape)shape);
            crew_set_num_threads(threads[_i % THREADS]);
            stable_order(x, n, size, by_prefix, &size, index);
            gather(x, size, index, n, want);

            for (size_t k = 0; k < n; k += n / 2 + 1) {
                memcpy(y, x, n * size);
                ck_assert_int_eq(crew_nth_element(y, n, size, k, by_prefix, &size, NULL), 0);
                ck_assert_msg(by_prefix(y + k * size, want + k * size, &size) == 0, "nth size %zu n %zu k %zu", size, n,
                              k);
                size_t wrong = 0;
                for (size_t i = 0; i < n; i++) {
                    int order = by_prefix(y + i * size, y + k * size, &size);
                    wrong += !(i < k ? order <= 0 : order >= 0);
                }
                ck_assert_uint_eq(wrong, 0);
                stable_order(y, n, size, by_prefix, &size, top);
                unsigned char *again = test_alloc(n * size);
                gather(y, size, top, n, again);
                ck_assert_int_eq(memcmp(again, want, n * size), 0);
                free(again);
            }
            /* The last first; equal ones by index: groups of equal elements keep their order. */
            for (size_t k = 0; k <= n; k = k * 11 + 1) {
                memset(top, 0xff, n * sizeof *top);
                ck_assert_int_eq(crew_top_k(x, n, size, k, y, top, by_prefix, &size, NULL), 0);
                size_t end = n, begin = n, at = 0;
                for (size_t i = 0; i < k; i++, at++) {
                    if (at == end) {
                        end = begin;
                        at = end;
                    }
                    if (at == end || i == 0) {
                        begin = end - 1;
                        while (begin > 0 && by_prefix(want + (begin - 1) * size, want + (end - 1) * size, &size) == 0)
                            begin--;
                        at = begin;
                    }
                    if (top[i] != index[at] || memcmp(y + i * size, x + top[i] * size, size) != 0)
                        ck_abort_msg("top_k size %zu n %zu k %zu at %zu", size, n, k, i);
                }
            }
            size_t na = n / 3;
            unsigned char *a = test_alloc(n * size);
            stable_order(x, na, size, by_prefix, &size, top);
            gather(x, size, top, na, a);
            stable_order(x + na * size, n - na, size, by_prefix, &size, top);
            gather(x + na * size, size, top, n - na, a + na * size);
            ck_assert_int_eq(crew_merge(a, na, a + na * size, n - na, size, y, by_prefix, &size, NULL), 0);
            ck_assert_int_eq(memcmp(y, want, n * size), 0);
            free(a), free(x), free(y), free(want), free(index), free(top);
        }
    }
}
END_TEST

/* Comparators that contradict themselves. */
static int liar(const void *a, const void *b, void *ctx)
{
    (void)a;
    (void)b;
    uint64_t h = ((uint64_t)(uintptr_t)a * 31 + (uintptr_t)b) * UINT64_C(0x9e3779b97f4a7c15);
    return (int)(h >> 40) % 3 - 1 + *(int *)ctx;
}

static int by_bytes16(const void *a, const void *b)
{
    return memcmp(a, b, 16);
}

START_TEST(contradicting_comparators)
{
    enum { N = TESTS_VALGRIND ? 3000 : TESTS_SANITIZED ? 10000 : 40000 };
    unsigned char *x = test_alloc(N * 16), *y = test_alloc(N * 16), *z = test_alloc(N * 16);
    size_t *index = test_alloc(N * sizeof *index);
    for (int bias = -2; bias <= 2; bias++) {
        for (size_t n = 5; n <= N; n = n * 3 + 1) {
            fill_elements(x, n, 16, RANDOM);
            memcpy(z, x, n * 16);
            qsort(z, n, 16, by_bytes16);
            crew_set_num_threads(3);
            for (int what = 0; what < 5; what++) {
                memcpy(y, x, n * 16);
                bool sorted;
                switch (what) {
                case 0:
                    ck_assert_int_eq(crew_sort(y, n, 16, liar, &bias, NULL), 0);
                    break;
                case 1:
                    ck_assert_int_eq(crew_nth_element(y, n, 16, n / 2, liar, &bias, NULL), 0);
                    break;
                case 2:
                    ck_assert_int_eq(crew_merge(x, n / 2, x + n / 2 * 16, n - n / 2, 16, y, liar, &bias, NULL), 0);
                    break;
                case 3:
                    ck_assert_int_eq(crew_argsort(x, n, 16, index, liar, &bias, NULL), 0);
                    gather(x, 16, index, n, y);
                    break;
                default:
                    ck_assert_int_eq(crew_top_k(x, n, 16, n, y, index, liar, &bias, NULL), 0);
                    ck_assert_int_eq(crew_is_sorted(x, n, 16, liar, &bias, &sorted, NULL), 0);
                }
                qsort(y, n, 16, by_bytes16);
                ck_assert_msg(memcmp(y, z, n * 16) == 0, "elements lost: n %zu bias %d call %d", n, bias, what);
            }
        }
    }
    free(x), free(y), free(z), free(index);
}
END_TEST

struct stop {
    crew_cancel cancel;
    _Atomic long left;
};

static int stopping(const void *a, const void *b, void *ctx)
{
    struct stop *s = ctx;
    if (s->left-- == 0)
        crew_cancel_request(&s->cancel);
    return memcmp(a, b, 2);
}

START_TEST(cancelled)
{
    enum { N = TESTS_VALGRIND ? 5000 : TESTS_SANITIZED ? 20000 : 40000, SIZE = 16, MOST = 25 * N };
    unsigned char *x = test_alloc(N * SIZE), *y = test_alloc(N * SIZE), *z = test_alloc(N * SIZE);
    fill_elements(x, N, SIZE, RANDOM);
    memcpy(z, x, N * SIZE);
    qsort(z, N, SIZE, by_bytes16);
    int stopped = 0;
    for (int t = 0; t < THREADS; t++) {
        for (long after = 0; after < MOST; after = after * 2 + 1) {
            struct stop s = {{0}, after};
            memcpy(y, x, N * SIZE);
            crew_options opt = {.threads = threads[t], .cancel = &s.cancel};
            int error = after & 2 ? crew_sort(y, N, SIZE, stopping, &s, &opt)
                                  : crew_nth_element(y, N, SIZE, N / 2, stopping, &s, &opt);
            ck_assert(error == 0 || error == -ECANCELED);
            stopped += error != 0;
            qsort(y, N, SIZE, by_bytes16);
            ck_assert_msg(memcmp(y, z, N * SIZE) == 0, "elements lost after %ld comparisons", after);
        }
    }
    ck_assert_int_gt(stopped, 20);
    free(x), free(y), free(z);
}
END_TEST

static int by_bytes(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return by_bytes16(a, b);
}

/* A flag that is set before the call, however few elements there are and whether in order or not. */
START_TEST(cancelled_before)
{
    crew_cancel stop = {0};
    crew_cancel_request(&stop);
    const crew_options opt = {.cancel = &stop};
    for (size_t n = 0; n <= 40; n = n * 2 + 1) {
        const int error = n > 0 ? -ECANCELED : 0;
        unsigned char x[40 * 16] = {0}, y[40 * 16] = {0}, out[80 * 16] = {0}, none[80 * 16] = {0};
        size_t index[40] = {0};
        bool sorted = false;
        for (size_t i = 0; i < n; i++)
            x[16 * i] = y[16 * i] = (unsigned char)(i % 32);
        ck_assert_int_eq(crew_sort(x, n, 16, by_bytes, NULL, &opt), error);
        ck_assert_int_eq(crew_argsort(x, n, 16, index, by_bytes, NULL, &opt), error);
        ck_assert_int_eq(crew_sort_by_key(x, 16, y, 16, n, by_bytes, NULL, &opt), error);
        ck_assert_int_eq(crew_is_sorted(x, n, 16, by_bytes, NULL, &sorted, &opt), error);
        ck_assert_int_eq(crew_merge(x, n, y, n, 16, out, by_bytes, NULL, &opt), error);
        ck_assert_int_eq(crew_nth_element(x, n, 16, 0, by_bytes, NULL, &opt), n > 0 ? error : -EINVAL);
        ck_assert_int_eq(crew_top_k(x, n, 16, n, out, index, by_bytes, NULL, &opt), error);
        ck_assert_int_eq(sorted, n == 0);
        ck_assert_mem_eq(x, y, sizeof x);
        ck_assert_mem_eq(out, none, sizeof out);
    }
}
END_TEST

static size_t last_done;

static void progress(size_t done, size_t total, void *ctx)
{
    ck_assert_uint_ge(done, last_done);
    ck_assert_uint_le(done, total);
    last_done = done;
    *(bool *)ctx = done == total;
}

START_TEST(options)
{
    enum { N = TESTS_VALGRIND ? 30000 : 300000 };
    unsigned char *x = test_alloc(N * 4);
    bool complete = false;
    size_t size = 4;
    fill_elements(x, N, 4, RANDOM);
    crew_options opt = {.threads = 2, .progress = progress, .progress_ctx = &complete};
    ck_assert_int_eq(crew_sort(x, N, 4, by_prefix, &size, &opt), 0);
    ck_assert(complete);
    fill_elements(x, N, 4, RANDOM);
    ck_assert_int_eq(crew_sort(x, N, 4, by_prefix, &size, &(crew_options){.timeout = 1e-6}), -ETIMEDOUT);
    ck_assert_int_eq(crew_sort(x, N, 4, by_prefix, &size, &(crew_options){.timeout = NAN}), -EINVAL);
    ck_assert_int_eq(crew_sort(x, 0, 4, by_prefix, &size, &(crew_options){.timeout = -1}), -EINVAL);
    free(x);
}
END_TEST

START_TEST(generic_errors)
{
    size_t size = 4, index[4];
    unsigned char x[16] = {3, 0, 0, 0, 1}, y[32];
    bool sorted;
    ck_assert_int_eq(crew_sort(NULL, 0, 4, by_prefix, &size, NULL), 0);
    ck_assert_int_eq(crew_sort(NULL, 1, 4, by_prefix, &size, NULL), -EINVAL);
    ck_assert_int_eq(crew_sort(x, 4, 0, by_prefix, &size, NULL), -EINVAL);
    ck_assert_int_eq(crew_sort(x, 4, 4, NULL, &size, NULL), -EINVAL);
    ck_assert_int_eq(crew_sort(x, SIZE_MAX / 2, 4, by_prefix, &size, NULL), -EOVERFLOW);
    ck_assert_int_eq(crew_argsort(x, 4, 4, NULL, by_prefix, &size, NULL), -EINVAL);
    ck_assert_int_eq(crew_argsort(index, 4, 4, index, by_prefix, &size, NULL), -EINVAL);
    ck_assert_int_eq(crew_sort_by_key(x, 4, x + 8, 4, 3, by_prefix, &size, NULL), -EINVAL);
    ck_assert_int_eq(crew_merge(x, 2, x + 8, 2, 4, x, by_prefix, &size, NULL), -EINVAL);
    ck_assert_int_eq(crew_merge(NULL, 0, x, 2, 4, y, by_prefix, &size, NULL), 0);
    ck_assert_int_eq(crew_merge(x, 2, NULL, 0, 4, y, by_prefix, &size, NULL), 0);
    ck_assert_int_eq(crew_merge(x, SIZE_MAX / 4, x, SIZE_MAX / 4, 4, y, by_prefix, &size, NULL), -EOVERFLOW);
    ck_assert_int_eq(crew_is_sorted(x, 2, 4, by_prefix, &size, NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_is_sorted(x, 2, 4, by_prefix, &size, &sorted, NULL), 0);
    ck_assert(!sorted);
    ck_assert_int_eq(crew_nth_element(x, 4, 4, 4, by_prefix, &size, NULL), -EINVAL);
    ck_assert_int_eq(crew_top_k(x, 4, 4, 5, y, NULL, by_prefix, &size, NULL), -EINVAL);
    ck_assert_int_eq(crew_top_k(x, 4, 4, 2, x, NULL, by_prefix, &size, NULL), -EINVAL);
    ck_assert_int_eq(crew_top_k(x, 4, 4, 2, y, NULL, by_prefix, &size, NULL), 0);
}
END_TEST

/* So many elements that what goes to a bucket is collected first. A part of them are equal: they are a bucket that is
   too large for one thread and has nothing to sort by. */
START_TEST(large)
{
    enum { N = 2200000 };
    uint64_t *keys = test_alloc(N * sizeof *keys), *copy = test_alloc(N * sizeof *copy);
    uint32_t *values = test_alloc(N * sizeof *values);
    unsigned char *seen = test_alloc(N);
    for (uint32_t i = 0; i < N; i++) {
        uint64_t r = next();
        keys[i] = copy[i] = _i == 1 && r % 4 == 0 ? UINT64_MAX / 3 : r;
        values[i] = i;
    }
    memset(seen, 0, N);
    crew__isa_limit(CREW__ISA_PLAIN);
    ck_assert_int_eq(crew_set_num_threads(3), 0);
    ck_assert_int_eq(crew_sort_by_key_u64(keys, values, sizeof *values, N), 0);
    size_t wrong = 0;
    for (size_t i = 0; i < N; i++) {
        wrong += values[i] >= N || seen[values[i]]++ || keys[i] != copy[values[i]];
        wrong += i > 0 && (keys[i - 1] > keys[i] || (keys[i - 1] == keys[i] && values[i - 1] > values[i]));
    }
    ck_assert_uint_eq(wrong, 0);
    ck_assert_int_eq(crew_sort_u64(copy, N), 0);
    ck_assert(memcmp(copy, keys, N * sizeof *keys) == 0);
    free(keys);
    free(copy);
    free(values);
    free(seen);
}
END_TEST

static void add(Suite *suite, const char *name, const TTest *test, int times)
{
    TCase *tcase = tcase_create(name);
    suite_add_tcase(suite, tcase);
    tcase_set_timeout(tcase, 200);
    tcase_add_checked_fixture(tcase, seed_tests, NULL);
    tcase_add_loop_test(tcase, test, 0, times);
}

int main(void)
{
    Suite *suite = suite_create("sort");
    add(suite, "typed_sorts", typed_sorts, 6 * CLUSTERS);
    add(suite, "typed_clusters", typed_clusters, 6 * (SHAPES - CLUSTERS));
    add(suite, "typed_selections", typed_selections, 6 * SHAPES);
    add(suite, "typed_errors", typed_errors, 6);
    add(suite, "generic_sorts", generic_sorts, ELEMENT_SIZES);
    add(suite, "generic_selections", generic_merges_and_selections, ELEMENT_SIZES);
    add(suite, "contradicting", contradicting_comparators, 1);
    add(suite, "cancelled", cancelled, 1);
    add(suite, "cancelled_before", cancelled_before, 1);
    add(suite, "options", options, 1);
    add(suite, "generic_errors", generic_errors, 1);
    if (!TESTS_RACES)
        add(suite, "large", large, 2);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
