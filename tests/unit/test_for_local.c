/* crew_for_local: values for workers are made as often as needed, never shared at the same time, and ended. */
#include "../support/suite.h"
#include <crew/for.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>

struct value {
    size_t sum, items;
    atomic_int users;
};

struct run {
    atomic_int made, refuse_from; /* init fails from the so-manieth on; 0: never */
    int ended;
    size_t sum, items, fails_at;
    atomic_bool shared;
};

static int init(void *value, void *ctx)
{
    struct run *r = ctx;
    const struct value *v = value;
    int number = atomic_fetch_add(&r->made, 1) + 1;
    if (v->sum != 0 || (uintptr_t)value % 64 != 0)
        return 99;
    return r->refuse_from > 0 && number >= r->refuse_from ? -ENOSPC : 0;
}

static void fini(void *value, void *ctx)
{
    struct run *r = ctx;
    const struct value *v = value;
    r->ended++;
    r->sum += v->sum;
    r->items += v->items;
}

static int add(size_t begin, size_t end, void *value, void *ctx)
{
    struct run *r = ctx;
    struct value *v = value;
    if (atomic_fetch_add(&v->users, 1) != 0)
        atomic_store(&r->shared, true);
    int code = 0;
    for (size_t i = begin; i < end && code == 0; i++) {
        v->sum += i;
        v->items++;
        code = i == r->fails_at ? 71 : 0;
    }
    atomic_fetch_sub(&v->users, 1);
    return code;
}

static const crew_local local = {sizeof(struct value), init, fini};

START_TEST(values_for_workers)
{
    int threads = use_threads(_i);
    const size_t ns[] = {0, 1, 2, 1000, TESTS_VALGRIND ? 5000 : 300000};
    for (size_t k = 0; k < 5; k++) {
        size_t n = ns[k];
        struct run r = {.fails_at = SIZE_MAX};
        ck_assert_int_eq(crew_for_local(n, &local, add, &r, NULL), 0);
        ck_assert_uint_eq(r.items, n);
        ck_assert_uint_eq(r.sum, n > 0 ? n * (n - 1) / 2 : 0);
        ck_assert_int_eq(r.ended, r.made);
        ck_assert_int_le(r.made, threads);
        ck_assert_int_ge(r.made, n > 0);
        ck_assert(!r.shared);
    }
}
END_TEST

START_TEST(failures)
{
    use_threads(_i);
    size_t failed = 0;
    struct run r = {.fails_at = 777};
    ck_assert_int_eq(crew_for_local(1000, &local, add, &r, &(crew_options){.failed = &failed}), 71);
    ck_assert_uint_eq(failed, 777);
    ck_assert_int_eq(r.ended, r.made);
    struct run none = {.fails_at = SIZE_MAX, .refuse_from = 1};
    ck_assert_int_eq(crew_for_local(1000, &local, add, &none, &(crew_options){.failed = &failed}), -ENOSPC);
    ck_assert_int_eq(none.ended, 0);
    struct run later = {.fails_at = SIZE_MAX, .refuse_from = 2};
    int code = crew_for_local(TESTS_VALGRIND ? 5000 : 100000, &local, add, &later, NULL);
    ck_assert(later.made > 1 ? code == -ENOSPC : code == 0);
    ck_assert_int_eq(later.ended, 1);
    ck_assert_int_eq(crew_for_local(10, NULL, add, &r, NULL), -EINVAL);
    ck_assert_int_eq(crew_for_local(10, &local, NULL, &r, NULL), -EINVAL);
    ck_assert_int_eq(crew_for_local(10, &(crew_local){.size = SIZE_MAX}, add, &r, NULL), -EOVERFLOW);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("for_local");
    TCase *tc = parallel_case(suite, "for_local");
    tcase_add_loop_test(tc, values_for_workers, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, failures, 0, ORACLE_THREADS);
    return run_suite(suite);
}
