/* Callbacks of the array functions that are left by longjmp, pthread_exit, cancel or an exception. */
#define _GNU_SOURCE
#include "leave.h"
#include <crew/by_key.h>
#include <crew/filter.h>
#include <crew/find.h>
#include <crew/scan.h>
#include <crew/sort.h>
#include <stdint.h>

enum { FEW = 20, MANY = 20000 };

static uint32_t values[MANY], other[MANY], results[2 * MANY];
static size_t indices[MANY], n = FEW;
static const crew_options two = {.threads = 2};

static void fill(void)
{
    for (uint32_t i = 0; i < MANY; i++)
        values[i] = other[i] = i * 2654435761u >> 8;
}

static int leaving_compare(const void *a, const void *b, void *ctx)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    (void)ctx;
    leave_or_wait();
    return x < y ? -1 : x > y;
}

static int leaving_equal(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    leave_or_wait();
    return *(const uint32_t *)a == *(const uint32_t *)b;
}

static int leaving_predicate(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    (void)ctx;
    leave_or_wait();
    for (size_t i = begin; i < end; i++)
        flags[i - begin] = values[i] & 1;
    return 0;
}

static void leaving_combine(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    leave_or_wait();
    *(uint32_t *)acc += *(const uint32_t *)right;
}

static int leaving_fold(size_t begin, size_t end, void *acc, void *ctx)
{
    (void)ctx;
    leave_or_wait();
    *(uint32_t *)acc += (uint32_t)(end - begin);
    return 0;
}

static void sort(void)
{
    crew_sort(values, n, 4, leaving_compare, NULL, &two);
}

static void argsort(void)
{
    crew_argsort(values, n, 4, indices, leaving_compare, NULL, &two);
}

static void sort_by_key(void)
{
    crew_sort_by_key(values, 4, other, 4, n, leaving_compare, NULL, &two);
}

static void merge(void)
{
    crew_merge(values, n, other, n, 4, results, leaving_compare, NULL, &two);
}

static void is_sorted(void)
{
    bool sorted;
    crew_is_sorted(values, n, 4, leaving_compare, NULL, &sorted, &two);
}

static void nth_element(void)
{
    crew_nth_element(values, n, 4, n / 2, leaving_compare, NULL, &two);
}

static void top_k(void)
{
    crew_top_k(values, n, 4, 5, results, indices, leaving_compare, NULL, &two);
}

static void filter(void)
{
    size_t count;
    crew_filter(values, results, 4, n, leaving_predicate, NULL, &count, &two);
}

static void partition(void)
{
    size_t count;
    crew_partition(values, results, other, 4, n, leaving_predicate, NULL, &count, &two);
}

static void unique(void)
{
    size_t count;
    crew_unique(values, results, 4, n, leaving_equal, NULL, &count, &two);
}

static void count_if(void)
{
    size_t count;
    crew_count_if(n, leaving_predicate, NULL, &count, &two);
}

static void find_first(void)
{
    size_t index;
    crew_find_first(n, leaving_predicate, NULL, &index, &two);
}

static void search_sorted(void)
{
    crew_search_sorted(values, 4, n, other, 4, n, leaving_compare, NULL, CREW_LEFT, indices, &two);
}

static void scan(void)
{
    const crew_scanner sum = {NULL, leaving_combine};
    crew_scan_inclusive(values, results, 4, n, &sum, NULL, NULL, &two);
}

static void reduce_by_key(void)
{
    const crew_reducer sum = {4, NULL, leaving_fold, leaving_combine, NULL};
    size_t groups;
    crew_reduce_by_key_u32(values, n, &sum, NULL, other, results, &groups, &two);
}

/* A longjmp out of the caller alone leaves nothing but scratch behind. */
#define PLACE(fn)                                                                                                      \
    {                                                                                                                  \
#fn, fn, EITHER, ENDS, false, false                                                                            \
    }
static const struct place places[] = {
    PLACE(sort),        PLACE(argsort), PLACE(sort_by_key), PLACE(merge),         PLACE(is_sorted),
    PLACE(nth_element), PLACE(top_k),   PLACE(filter),      PLACE(unique),        PLACE(partition),
    PLACE(count_if),    PLACE(scan),    PLACE(find_first),  PLACE(search_sorted), PLACE(reduce_by_key),
};

enum { PLACES = sizeof places / sizeof *places };

START_TEST(few_items)
{
    fill();
    leave_each_way(&places[_i]);
}
END_TEST

/* The caller may leave while others are at work. */
START_TEST(many_items)
{
    struct place place = places[_i];
    place.always_open = true;
    n = MANY;
    fill();
    leave_each_way(&place);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("leave_array");
    TCase *tc = tcase_create("leave");
    tcase_set_timeout(tc, 200);
    suite_add_tcase(suite, tc);
    tcase_add_loop_test(tc, few_items, 0, PLACES);
    tcase_add_loop_test(tc, many_items, 0, PLACES);
    return run_suite(suite);
}
