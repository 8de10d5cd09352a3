/* The sorts of keys alone and stable ones of what moves with keys: every instruction set, every size to 300 and some
   larger, compared to the bit with qsort by rank and place. */
#define _POSIX_C_SOURCE 200809L
#include "../../lib/array/sort/few_keys.h"
#include "../../lib/array/sort/vector_sort.h"
#include "../../lib/array/typed/isa.h"
#include "../../lib/array/typed/types.h"
#include "../../lib/core/loop/runner.h"
#include "../support/sanitized.h"
#include <check.h>
#include <crew/options.h>
#include <crew/sort.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum shape {
    RANDOM,
    TWO,
    SIXTEEN,
    OUTLIER,
    ZIPF,
    SORTED,
    REVERSED,
    NEARLY,
    ORGAN,
    EXTREMES,
    SPECIAL,
    MATES,
    CLOSE,
    SHAPES
};

enum { SMALL = 300 };
static const size_t large[] = {511, 1000, 2047, 2048, 2500, 4097, 70001};
enum { SIZES = SMALL + 1 + sizeof large / sizeof large[0] };

static size_t size_at(size_t i)
{
    return i <= SMALL ? i : large[i - SMALL - 1];
}

static uint64_t state;

static uint64_t next(void)
{
    state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

struct item {
    uint64_t rank, bits;
    size_t place;
};

static int by_rank(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    int order = (x->rank > y->rank) - (x->rank < y->rank);
    return order ? order : (x->place > y->place) - (x->place < y->place);
}

/* The bits of a key of any type: patterns are bits, so that floats get NaNs, zeros of both signs and infinities where
   the shape says so and numbers elsewhere. */
static uint64_t key_bits(enum crew__type type, enum shape shape, size_t i, size_t n)
{
    static const uint64_t few[16] = {0,    1,       7,         900,        65535,      1u << 30,   77777, 123456,
                                     1234, 9999999, 123456789, 0x1fffffff, 0x2bcdef01, 0x3f800000, 42,    3};
    const bool wide = crew__sort_types[type].wide, floats = type == CREW__F32 || type == CREW__F64;
    const uint64_t sign = wide ? UINT64_C(1) << 63 : UINT64_C(1) << 31, all = sign | (sign - 1);
    const uint64_t inf = wide ? UINT64_C(0x7ff) << 52 : UINT64_C(0xff) << 23;
    uint64_t r = next(), x = r & all, up = (uint64_t)i << (wide ? 40 : 8);
    switch (shape) {
    case TWO:
        x = few[r >> 60 & 1];
        break;
    case SIXTEEN:
        x = few[r >> 60] | (r >> 59 & 1 ? sign : 0);
        break;
    case OUTLIER: /* a key that no sample has */
        x = i == n - 1 ? 5 : few[r >> 61];
        break;
    case ZIPF:
        x = (r >> 32) % ((r & 0xffff) + 1);
        break;
    case SORTED:
        x = up;
        break;
    case REVERSED:
        x = (uint64_t)(n - i) << (wide ? 40 : 8);
        break;
    case NEARLY:
        x = r & 63 ? up : x;
        break;
    case ORGAN:
        x = i < n / 2 ? up : (uint64_t)(n - i) << (wide ? 40 : 8);
        break;
    case EXTREMES: /* the lowest and the highest rank, and the numbers beside them */
        x = floats ? (r & 1 ? sign : 0) | (inf - (r >> 8 & 1)) : (r & 1 ? sign : 0) | (r & 2 ? sign - 1 : 0);
        x ^= !floats && (r >> 8) % 5 == 0 ? 1 : 0;
        break;
    case SPECIAL: /* NaNs of both signs, each with bits of its own, many or only the last key */
        if (floats && (n % 2 == 0 ? r >> 60 == 0 : i == n - 1))
            return (r & sign) | inf | 1 | (r & 0xffff);
        if (floats && r >> 60 < 4)
            x = (r & sign) | (r & 1 ? inf : 0);
        break;
    case MATES: /* twos and threes that only their lowest bits tell apart */
        x = ((i % (n / 2 + 1) * UINT64_C(0x9e3779b97f4a7c15)) & all & ~UINT64_C(7)) | (r & 7);
        break;
    case CLOSE: /* many that do, and some far away */
        x = (few[r >> 61] << (wide ? 30 : 0)) ^ (r & 0xfff) ^ ((r & 0x30000) == 0 ? sign : 0);
        break;
    default:
        break;
    }
    if (floats && (x & inf) == inf && (x & ~(inf | sign)) != 0)
        x ^= inf & (0 - inf); /* no NaN */
    return x & all;
}

static void put(void *x, size_t i, bool wide, uint64_t bits)
{
    if (wide)
        ((uint64_t *)x)[i] = bits;
    else
        ((uint32_t *)x)[i] = (uint32_t)bits;
}

#define BY_TYPE(type, name, ...)                                                                                       \
    ((type) == CREW__F32   ? name##_f32(__VA_ARGS__)                                                                   \
     : (type) == CREW__F64 ? name##_f64(__VA_ARGS__)                                                                   \
     : (type) == CREW__I32 ? name##_i32(__VA_ARGS__)                                                                   \
     : (type) == CREW__I64 ? name##_i64(__VA_ARGS__)                                                                   \
     : (type) == CREW__U32 ? name##_u32(__VA_ARGS__)                                                                   \
                           : name##_u64(__VA_ARGS__))

static int sort(enum crew__type type, void *x, size_t n)
{
    return BY_TYPE(type, crew_sort, x, n);
}

/* The arrays end where their memory ends, so that a sanitizer sees what is read or written beyond. */
struct arrays {
    void *in, *out, *want;
    struct item *items;
};

static struct arrays arrays_of(size_t bytes, size_t n)
{
    struct arrays a = {malloc(bytes ? bytes : 1), malloc(bytes ? bytes : 1), malloc(bytes ? bytes : 1),
                       malloc((n + 1) * sizeof *a.items)};
    ck_assert(a.in && a.out && a.want && a.items);
    return a;
}

static void free_arrays(struct arrays *a)
{
    free(a->in), free(a->out), free(a->want), free(a->items);
}

static void set_wanted(struct arrays *a, const struct crew__sort_type *t, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t bits = t->wide ? ((uint64_t *)a->in)[i] : ((uint32_t *)a->in)[i];
        uint64_t rank = t->wide ? crew__rank_64(bits, &t->key) : crew__rank_32((uint32_t)bits, &t->key);
        a->items[i] = (struct item){rank, bits, i};
    }
    qsort(a->items, n, sizeof *a->items, by_rank);
    for (size_t i = 0; i < n; i++)
        put(a->want, i, t->wide, a->items[i].bits);
}

static void check_size(enum crew__type type, enum shape shape, size_t n)
{
    const struct crew__sort_type *t = &crew__sort_types[type];
    size_t bytes = n * crew__key_size(t);
    struct arrays a = arrays_of(bytes, n);
    for (size_t i = 0; i < n; i++)
        put(a.in, i, t->wide, key_bits(type, shape, i, n));
    set_wanted(&a, t, n);
    for (int isa = CREW__ISA_PLAIN; isa < CREW__ISA_LEVELS; isa++) {
        crew__isa_limit((enum crew__isa)isa);
        memcpy(a.out, a.in, bytes);
        ck_assert_int_eq(sort(type, a.out, n), 0);
        ck_assert_msg(memcmp(a.out, a.want, bytes) == 0, "type %d shape %d n %zu isa %d", type, shape, n, isa);
    }
    free_arrays(&a);
}

/* Each shape has types at each number of threads. */
static void set_threads(int turn)
{
    static const int counts[] = {1, 2, 3, 8};
    crew__tuning.always_open = 1;
    crew_set_num_threads(counts[turn % 4]);
}

/* Under a sanitizer each shape has other ones of the small sizes. */
static bool wanted(size_t size, int turn)
{
    return !TESTS_SANITIZED || (size < 70 ? size % 3 == (size_t)turn % 3 : size % 14 == 0);
}

START_TEST(keys)
{
    state = (uint64_t)_i;
    set_threads(_i);
    enum crew__type type = (enum crew__type)(_i / SHAPES);
    enum shape shape = (enum shape)(_i % SHAPES);
    for (size_t s = 0; s < SIZES; s++)
        if (size_at(s) < 10000 ? wanted(s, _i)
                               : shape == RANDOM || shape == SIXTEEN || shape == ZIPF || shape == SPECIAL)
            check_size(type, shape, size_at(s));
}
END_TEST

static int argsort(enum crew__type type, const void *x, size_t n, size_t *index)
{
    return BY_TYPE(type, crew_argsort, x, n, index);
}

static int sort_with(enum crew__type type, void *x, void *values, size_t value_size, size_t n)
{
    return BY_TYPE(type, crew_sort_by_key, x, values, value_size, n);
}

static int sort_records(enum crew__type type, void *x, size_t n, size_t size, size_t offset)
{
    return BY_TYPE(type, crew_sort_records, x, n, size, offset);
}

/* Each record holds its place, a mark, and its key at `offset`. */
static void check_records(enum crew__type type, const struct arrays *a, size_t n, size_t size, size_t offset)
{
    const size_t key_size = crew__key_size(&crew__sort_types[type]), place = offset == 0 ? key_size : 0;
    unsigned char *records = malloc(n * size + 1);
    ck_assert(records != NULL);
    for (size_t i = 0; i < n; i++) {
        const uint32_t at = (uint32_t)i;
        memset(records + i * size, 0x5a, size);
        memcpy(records + i * size + offset, (const char *)a->in + i * key_size, key_size);
        memcpy(records + i * size + place, &at, sizeof at);
    }
    ck_assert_int_eq(sort_records(type, records, n, size, offset), 0);
    size_t good = 0;
    for (uint32_t at; good < n; good++) {
        memcpy(&at, records + good * size + place, sizeof at);
        if (at != a->items[good].place ||
            memcmp(records + good * size + offset, (const char *)a->want + good * key_size, key_size) != 0)
            break;
    }
    ck_assert_uint_eq(good, n);
    free(records);
}

static void check_values(enum crew__type type, const struct arrays *a, size_t n, size_t value_size)
{
    const size_t bytes = n * crew__key_size(&crew__sort_types[type]);
    unsigned char *values = malloc(n * value_size + 1);
    ck_assert(values != NULL);
    for (size_t i = 0; i < n; i++)
        put(values, i, value_size == 8, i * UINT64_C(0x100000001));
    memcpy(a->out, a->in, bytes);
    ck_assert_int_eq(sort_with(type, a->out, values, value_size, n), 0);
    ck_assert(memcmp(a->out, a->want, bytes) == 0);
    size_t good = 0;
    for (; good < n; good++) {
        uint64_t want = a->items[good].place * UINT64_C(0x100000001);
        if (value_size == 8 ? ((uint64_t *)(void *)values)[good] != want
                            : ((uint32_t *)(void *)values)[good] != (uint32_t)want)
            break;
    }
    ck_assert_uint_eq(good, n);
    free(values);
}

static void check_stable(enum crew__type type, enum shape shape, size_t n)
{
    const struct crew__sort_type *t = &crew__sort_types[type];
    struct arrays a = arrays_of(n * crew__key_size(t), n);
    size_t *index = malloc(n * sizeof *index + 1);
    ck_assert(index != NULL);
    for (size_t i = 0; i < n; i++)
        put(a.in, i, t->wide, key_bits(type, shape, i, n));
    set_wanted(&a, t, n);
    for (int isa = CREW__ISA_PLAIN; isa < CREW__ISA_LEVELS; isa++) {
        if (isa == CREW__ISA_SSE2)
            continue;
        crew__isa_limit((enum crew__isa)isa);
        ck_assert_int_eq(argsort(type, a.in, n, index), 0);
        size_t good = 0;
        while (good < n && index[good] == a.items[good].place)
            good++;
        ck_assert_msg(good == n, "type %d shape %d n %zu isa %d", type, shape, n, isa);
        check_records(type, &a, n, 16, 0);
        check_records(type, &a, n, 16, 16 - crew__key_size(t));
        check_records(type, &a, n, 27, 5);
        check_values(type, &a, n, 4);
        check_values(type, &a, n, 8);
    }
    free(index);
    free_arrays(&a);
}

START_TEST(stable)
{
    state = (uint64_t)_i;
    enum crew__type type = (enum crew__type)(_i / SHAPES);
    enum shape shape = (enum shape)(_i % SHAPES);
    static const size_t sizes[] = {2, 4, 5, 9, 40, 256, 257, 2048, 2049};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
        check_stable(type, shape, sizes[s]);
    set_threads(_i);
    if (shape == ZIPF || shape == SPECIAL || shape == MATES || shape == CLOSE)
        check_stable(type, shape, 5001);
}
END_TEST

/* Keys that are the lowest wherever quicksort looks for a pivot, round after round: of the rest each round parts off a
   handful, until it halves the range of keys instead. The kernel's own split says where it moves the others. */
static void check_adversary(const struct crew__vector_sort *vectors, enum crew__type type, size_t lanes)
{
    enum { N = 1900, ROUNDS = 60 };
    const struct crew__sort_type *t = &crew__sort_types[type];
    struct arrays a = arrays_of(N * crew__key_size(t), N), moved = arrays_of(N * crew__key_size(t), N);
    for (size_t i = 0; i < N; i++) {
        put(a.in, i, t->wide, 1000000 + next() % 1000000);
        put(moved.in, i, t->wide, 1000 + i); /* whose key it is */
    }
    size_t n = N;
    char *x = moved.in;
    for (uint64_t round = 0; round < ROUNDS && n > 16 * lanes + lanes; round++) {
        size_t sizes[2], step = n / lanes;
        for (size_t i = 0; i < lanes; i++) {
            size_t at = i * step + step / 2;
            uint64_t owner = (t->wide ? ((uint64_t *)(void *)x)[at] : ((uint32_t *)(void *)x)[at]) - 1000;
            put(a.in, owner, t->wide, round);
            put(x, at, t->wide, round);
        }
        vectors->split[t->wide](x, n, t->wide ? (void *)&round : (void *)&(uint32_t){(uint32_t)round}, 1, sizes);
        ck_assert_uint_eq(sizes[0], lanes);
        x += sizes[0] * crew__key_size(t);
        n = sizes[1];
    }
    set_wanted(&a, t, N);
    memcpy(a.out, a.in, N * crew__key_size(t));
    vectors->sort[t->wide](a.out, a.out, N, &t->key, &t->key);
    ck_assert(memcmp(a.out, a.want, N * crew__key_size(t)) == 0);
    free_arrays(&a), free_arrays(&moved);
}

START_TEST(adversary)
{
    const struct crew__vector_sort *vectors = crew__vector_sort();
    if (!vectors)
        return;
    const size_t bytes = crew__isa() >= CREW__ISA_AVX512 ? 64 : 32;
    check_adversary(vectors, CREW__I32, bytes / 4);
    check_adversary(vectors, CREW__I64, bytes / 8);
    crew__isa_limit(CREW__ISA_AVX2);
    check_adversary(crew__vector_sort(), CREW__I32, 8);
    check_adversary(crew__vector_sort(), CREW__I64, 4);
}
END_TEST

/* Counting takes what has few keys, leaves alone what has not. */
START_TEST(few_keys)
{
    enum { N = 50000 };
    uint32_t *x = malloc(N * sizeof *x), *before = malloc(N * sizeof *x);
    ck_assert(x && before);
    for (int keys = 1; keys <= 40; keys++)
        for (int outlier = 0; outlier < 2; outlier++) {
            for (size_t i = 0; i < N; i++)
                x[i] = (uint32_t)(next() % (unsigned)keys) * 1000003;
            if (outlier)
                x[N - 1] = 17;
            memcpy(before, x, N * sizeof *x);
            bool done = crew__sort_few_keys(&crew__sort_types[CREW__U32], x, N);
            if (keys < 20)
                ck_assert_int_eq(done, !outlier);
            if (keys > 36)
                ck_assert(!done);
            for (size_t i = 1; done && i < N; i++)
                ck_assert_uint_le(x[i - 1], x[i]);
            ck_assert(done || memcmp(x, before, N * sizeof *x) == 0);
        }
    free(x), free(before);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sort_vectors");
    TCase *tcase = tcase_create("sort_vectors");
    suite_add_tcase(suite, tcase);
    tcase_set_timeout(tcase, 200);
    tcase_add_loop_test(tcase, keys, 0, CREW__TYPES * SHAPES);
    tcase_add_loop_test(tcase, stable, 0, CREW__TYPES * SHAPES);
    tcase_add_test(tcase, adversary);
    tcase_add_test(tcase, few_keys);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
