/* Every statement of crew/loop.h and every template of crew/inline, for tests/checks/headers.sh: as C11 and as C++17,
 * with every warning. */
#include <crew/crew.h>

struct order {
    double price;
    int id;
};
#define CREW_NAME by_price
#define CREW_TYPE struct order
#define CREW_LESS(a, b) ((a)->price < (b)->price)
#include <crew/inline/sort.h>
#define CREW_NAME dear
#define CREW_TYPE struct order
#define CREW_CONTEXT double
#define CREW_TEST(x) ((x)->price > ctx)
#include <crew/inline/filter.h>
#define CREW_NAME split
#define CREW_TYPE struct order
#define CREW_TEST(x) ((x)->price > 50)
#include <crew/inline/partition.h>
#define CREW_NAME first_dear
#define CREW_TYPE struct order
#define CREW_TEST(x) ((x)->price > 90)
#include <crew/inline/find.h>
#define CREW_NAME prices
#define CREW_TYPE struct order
#define CREW_RESULT double
#define CREW_MAP(x) (2 * (x)->price)
#include <crew/inline/map.h>
#define CREW_NAME total
#define CREW_TYPE double
#define CREW_RESULT double
#define CREW_FOLD(acc, x) *(acc) += *(x)
#define CREW_MERGE(acc, right) *(acc) += *(right)
#include <crew/inline/reduce.h>
#define CREW_NAME nth_by_price
#define CREW_TYPE struct order
#define CREW_LESS(a, b) ((a)->price < (b)->price)
#include <crew/inline/nth.h>
#define CREW_NAME merge_by_price
#define CREW_TYPE struct order
#define CREW_LESS(a, b) ((a)->price < (b)->price)
#include <crew/inline/merge.h>
#define CREW_NAME one_a_price
#define CREW_TYPE struct order
#define CREW_EQUAL(a, b) ((a)->price == (b)->price)
#include <crew/inline/unique.h>
#define CREW_NAME running
#define CREW_TYPE struct order
#define CREW_IDENTITY                                                                                                  \
    {                                                                                                                  \
        0, 1                                                                                                           \
    }
#define CREW_MERGE(acc, right) ((acc)->price += (right)->price)
#include <crew/inline/scan.h>
#define CREW_NAME running_before
#define CREW_TYPE double
#define CREW_SEGMENTED
#define CREW_EXCLUSIVE
#define CREW_CONTEXT double
#define CREW_MERGE(acc, right) (*(acc) += ctx * *(right))
#include <crew/inline/scan.h>
#define CREW_NAME price_by_id
#define CREW_TYPE struct order
#define CREW_KEY(x) ((x)->id)
#define CREW_KEY_TYPE int
#define CREW_RESULT double
#define CREW_IDENTITY 0
#define CREW_FOLD(acc, x) (*(acc) += (x)->price)
#define CREW_MERGE(acc, right) (*(acc) += *(right))
#include <crew/inline/group.h>
#define CREW_NAME group_ints
#define CREW_TYPE int
#include <crew/inline/group.h>
struct range {
    double low, high;
};

static void widen(struct range *r, const struct range *by)
{
    r->low = by->low < r->low ? by->low : r->low;
    r->high = by->high > r->high ? by->high : r->high;
}

double f(const double *x, const int *key, const struct range *item, size_t n, double m);

double f(const double *x, const int *key, const struct range *item, size_t n, double m)
{
    double s = 0, low = 0, high = 0, out[16] = {0};
    float single = 0;
    int small = 0, count = 0, truth = 0;
    unsigned char byte = 0;
    bool any = false, all = true;
    struct range acc = {1e300, -1e300}, inner = acc;
    unsigned table[10] = {0};
    double *h = out;
    CREW_FOR (i, 16)
        out[i] = (double)i;
    CREW_FOR_2D (i, 4, j, 4)
        out[4 * i + j] = 1;
    CREW_SUM(s, i, n, (x[i] - m) * (x[i] - m));
    CREW_SUM(single, i, n, (float)x[i]);
    CREW_SUM(small, i, n, key[i]);
    CREW_SUM(byte, i, 10, i);
    CREW_SUM(out[3], i, n, x[i]);
    CREW_SUM(s, i, n, out[i]); /* fewer elements than a row, which the compiler knows */
    CREW_MAX(s, i, 16, out[i]);
    CREW_MIN(low, i, n, x[i]);
    CREW_MAX(high, i, n, x[i]);
    CREW_MAX(small, i, n, key[i]);
    CREW_COUNT(count, i, n, x[i] < m);
    CREW_ANY(any, i, n, x[i] < m);
    CREW_ALL(all, i, n, x[i] < m);
    CREW_ANY(truth, i, 3, true);
    CREW_EACH(i, 4, double t = 0; CREW_SUM(t, j, 4, x[4 * i + j]); out[i] = t);
    CREW_REDUCE(acc, i, n, widen(&acc, &item[i]), widen(&acc, &right));
    CREW_EACH(i, 1, CREW_REDUCE(inner, j, n, widen(&inner, &item[j]), widen(&inner, &right)));
    CREW_SUM_ARRAY(table, 10, i, n, table[key[i]]++);
    CREW_SUM_ARRAY(h, 16, i, n, h[key[i]] += x[i]);
    crew_extreme lowest = CREW_NO_LOWEST, highest = CREW_NO_HIGHEST;
    crew_moments moments = {0, 0, 0};
    CREW_ARGMIN(lowest, i, n, x[i] * m);
    CREW_ARGMAX(highest, i, n, x[i] * m);
    CREW_MOMENTS(moments, i, n, x[i] * m);
    s += crew_moments_variance(&moments) + lowest.value + highest.value;
    crew_array_sum_f64(out, x, 16);
    struct order orders[2] = {{2, 0}, {1, 1}}, others[2];
    size_t kept = 0, at = 0;
    if (by_price(orders, 2, NULL) || dear(orders, others, 2, &kept, 30.0, NULL) || first_dear(orders, 2, &at, NULL) ||
        split(orders, others, others + 1, 1, &kept, NULL) || prices(orders, out, 2, NULL) || total(out, 2, &s, NULL) ||
        nth_by_price(orders, 2, 1, NULL) || merge_by_price(orders, 1, orders + 1, 1, others, NULL) ||
        one_a_price(orders, others, 2, &kept, NULL) || running(orders, others, 2, NULL, NULL) ||
        running_before(out, &byte, out, 1, NULL, m, NULL) || price_by_id(orders, 2, NULL, out, &kept, NULL) ||
        group_ints(key, n, NULL, NULL, NULL, &kept))
        return 0;
    if (any)
        CREW_SUM(s, i, n, x[i]);
    else
        CREW_EACH(i, 1, out[i] = 0);
    return s + low + high + (double)single + acc.low + inner.low + out[0] + table[0] + small + count + truth + byte +
           all;
}
