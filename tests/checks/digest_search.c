/* Search in items and in bytes, and what filters, sorts and searches refuse. */
#include "digest.h"
#include <crew/crew.h>

struct places {
    size_t hit, failing;
    bool inverted; /* so that crew_all stops where the others do */
};

static int at_places(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    const struct places *places = ctx;
    for (size_t i = begin; i < end; i++) {
        if (i == places->failing)
            return (int)(i % 100) + 1;
        flags[i - begin] = (i == places->hit || i > places->hit + 3000) != places->inverted;
    }
    return 0;
}

/* A predicate that gets many items fails for the first of them. So where one of a few items above the hit fails, what a
   search returns depends on where blocks are cut, and that on time: it is left out but for searches item by item. */
static void find(size_t n, struct places *places)
{
    size_t failed = SIZE_MAX;
    const crew_options exact = {.failed = &failed}, *opt = &exact;
    bool defined = places->failing <= places->hit || places->failing - places->hit > 4096;
    for (int round = 0; round < 1 + defined; round++, opt = NULL) {
        size_t index = SIZE_MAX;
        bool any = false, all = false, none = false;
        places->inverted = false;
        add_code("find_first", NULL, crew_find_first(n, at_places, places, &index, opt));
        add_code("find_first", NULL, (long long)index);
        add_code("find_first", NULL, (long long)failed);
        add_code("any", NULL, crew_any(n, at_places, places, &any, opt));
        add_code("any", NULL, any);
        add_code("none", NULL, crew_none(n, at_places, places, &none, opt));
        add_code("none", NULL, none);
        places->inverted = true;
        add_code("all", NULL, crew_all(n, at_places, places, &all, opt));
        add_code("all", NULL, all);
        add_code("all", NULL, (long long)failed);
    }
}

static void compare(size_t n, size_t size, size_t place)
{
    unsigned char *a = room(0, 1), *b = room(1, 3);
    for (size_t i = 0; i < n * size; i++)
        a[i] = b[i] = (unsigned char)(i * 7 + i / 256);
    if (place < n)
        b[place * size + place % size] ^= 0x40;
    add_code("mismatch", NULL, (long long)crew_mismatch(a, b, size, n));
    add_code("equal", NULL, crew_equal(a, b, size, n));
}

static int order(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

static void refusals(void)
{
    crew_cancel stop = {0};
    crew_cancel_request(&stop);
    const crew_options cancelled = {.cancel = &stop};
    double *x = room(0, 0), *out = room(1, 0);
    struct places places = {5, SIZE_MAX, false};
    size_t count = 77, *index = room(3, 0);
    bool sorted = false;
    memset(x, 0, 80000);
    const int codes[] = {
        crew_filter(x, x + 1, 8, 10, at_places, &places, &count, NULL),
        crew_filter(x, out, 8, SIZE_MAX / 2, at_places, &places, &count, NULL),
        crew_filter(x, out, 8, 10, NULL, &places, &count, NULL),
        crew_filter(x, out, 8, 5000, at_places, &places, &count, &cancelled),
        crew_pack(x, out, 8, 10, NULL, &count, NULL),
        crew_pack(x, out, 8, 10, (unsigned char *)out, &count, NULL),
        crew_partition(x, out, x, 8, 10, at_places, &places, &count, NULL),
        crew_unique(x, out, 0, 10, NULL, NULL, &count, NULL),
        crew_count_if(10, at_places, &places, NULL, NULL),
        crew_count_if(5000, at_places, &places, &count, &cancelled),
        crew_find_first(10, NULL, NULL, &count, NULL),
        crew_find_first(5000, at_places, &places, &count, &cancelled),
        crew_sort(x, 10, 8, NULL, NULL, NULL),
        crew_sort(x, SIZE_MAX / 2, 8, order, NULL, NULL),
        crew_sort(x, 10000, 8, order, NULL, &cancelled),
        crew_argsort(x, 10, 8, (size_t *)x, order, NULL, NULL),
        crew_sort_by_key(x, 8, x + 5, 8, 10, order, NULL, NULL),
        crew_merge(x, 5, x + 5, 5, 8, x + 2, order, NULL, NULL),
        crew_is_sorted(x, 10, 0, order, NULL, &sorted, NULL),
        crew_nth_element(x, 10, 8, 10, order, NULL, NULL),
        crew_top_k(x, 10, 8, 11, out, index, order, NULL, NULL),
        crew_sort_by_key_f64(x, x + 5, 8, 10),
        crew_sort_by_key_f64(x, out, SIZE_MAX / 2, 10),
        crew_sort_records_f64(x, 10, 8, 1),
        crew_argsort_f64(x, 10, (size_t *)x),
        crew_merge_f64(x, 5, x + 5, 5, x + 2),
        crew_top_k_f64(x, 10, 5, x + 1, NULL),
        crew_search_sorted(x, 8, 10, out, 8, 10, order, NULL, (crew_side)7, index, NULL),
        crew_search_sorted(x, 8, 10, out, 8, 10, NULL, NULL, CREW_LEFT, index, NULL),
        crew_search_sorted(x, 8, 10, out, 8, 5000, order, NULL, CREW_LEFT, index, &cancelled),
        crew_bincount_u32(NULL, 10, room(2, 0), 10, NULL),
        crew_histogram_f64(x, 10, 1, 0, room(2, 0), 10, NULL),
        crew_histogram_by_edges_f64(x, 10, (const double[]){0, 2, 1}, room(2, 0), 2, NULL),
        crew_unique_counts_u32(NULL, 10, NULL, NULL, &count),
        crew_group_by_index_u32(room(2, 0), 10, 0, index, index + 1),
    };
    add("refusals_array", NULL, codes, sizeof codes);
    add_code("refusals_array", NULL, (long long)count);
}

void digest_search(void)
{
    for (size_t s = 0; s < size_count; s++) {
        size_t n = sizes[s];
        const size_t spots[] = {0, n / 3, n > 0 ? n - 1 : 0, SIZE_MAX - 3000};
        for (size_t hit = 0; hit < 4; hit++)
            for (size_t failing = 0; failing < 4; failing++)
                find(n, &(struct places){spots[hit], spots[failing], false});
        static const size_t element_sizes[] = {1, 3, 4, 8, 24};
        for (size_t t = 0; t < 5; t++)
            for (size_t spot = 0; spot < (n > MIDDLE ? 0 : 4); spot++)
                compare(n, element_sizes[t], spots[spot]);
    }
    compare(LONGEST, 8, LONGEST - 5);
    refusals();
}
