/* Elements of any size: keeping some, sorting, moving, sorted ones as sets, sequences. */
#include "digest.h"
#include <crew/crew.h>

/* Elements are ordered by their first two bytes, so that what is stable shows in the others. */
struct elements {
    const unsigned char *at;
    size_t size;
    int failing; /* first byte of elements that a predicate fails for; -1: none */
};

static int order(const unsigned char *a, size_t a_size, const unsigned char *b, size_t b_size)
{
    int left = a[0] * 256 + (a_size > 1 ? a[1] % 16 : 0), right = b[0] * 256 + (b_size > 1 ? b[1] % 16 : 0);
    return (left > right) - (left < right);
}

static int compare(const void *a, const void *b, void *ctx)
{
    const struct elements *e = ctx;
    return order(a, e->size, b, e->size);
}

static int compare_query(const void *element, const void *query, void *ctx)
{
    const struct elements *e = ctx;
    return order(element, e->size, query, 2);
}

static int same_first(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return *(const unsigned char *)a / 16 == *(const unsigned char *)b / 16;
}

static int odd(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    const struct elements *e = ctx;
    for (size_t i = begin; i < end; i++) {
        unsigned char first = e->at[i * e->size];
        if (first == e->failing)
            return (int)(i % 1000) + 1;
        flags[i - begin] = first & 5;
    }
    return 0;
}

static void count_of(const char *family, int code, size_t count)
{
    add_code(family, NULL, code);
    add_code(family, NULL, (long long)count);
}

static void outcome(const char *family, int code, size_t count, const void *out, size_t bytes)
{
    count_of(family, code, count);
    if (code == 0)
        add_guarded(family, NULL, out, bytes);
}

static void keep(struct elements *e, const unsigned char *flags, size_t n)
{
    size_t size = e->size, bytes = n * size, count = 0;
    unsigned char *out = room(1, 3), *rest = room(2, 5);
    int code = crew_filter(e->at, marked(out, bytes), size, n, odd, e, &count, NULL);
    outcome("filter", code, count, out, bytes);
    code = crew_pack(e->at, marked(out, bytes), size, n, flags, &count, NULL);
    outcome("pack", code, count, out, bytes);
    marked(rest, bytes);
    code = crew_partition(e->at, marked(out, bytes), rest, size, n, odd, e, &count, NULL);
    outcome("partition", code, count, out, bytes);
    outcome("partition", code, count, rest, bytes);
    code = crew_partition(e->at, marked(out, bytes), NULL, size, n, odd, e, &count, NULL);
    outcome("partition", code, count, out, bytes);
    code = crew_unique(e->at, marked(out, bytes), size, n, NULL, NULL, &count, NULL);
    outcome("unique", code, count, out, bytes);
    code = crew_unique(e->at, marked(out, bytes), size, n, same_first, NULL, &count, NULL);
    outcome("unique", code, count, out, bytes);
    code = crew_count_if(n, odd, e, &count, NULL);
    count_of("count_if", code, count);
    size_t *index = room(3, 8);
    count = crew_pack_index(marked(index, n * sizeof *index), n, flags);
    outcome("pack_index", 0, count, index, n * sizeof *index);

    if (n <= SHORT) {
        /* In place, where what lies behind the kept ones is not defined. */
        struct elements own = {out, size, -1};
        memcpy(out, e->at, bytes);
        code = crew_filter(out, out, size, n, odd, &own, &count, NULL);
        add_code("filter", NULL, code);
        add("filter", NULL, out, count * size);
        memcpy(out, e->at, bytes);
        code = crew_unique(out, out, size, n, same_first, NULL, &count, NULL);
        add_code("unique", NULL, code);
        add("unique", NULL, out, count * size);
        memcpy(marked(out, bytes), e->at, bytes);
        code = crew_partition(out, out, NULL, size, n, odd, &own, &count, NULL);
        outcome("partition", code, count, out, bytes);
    }

    size_t failed = SIZE_MAX;
    const crew_options exact = {.failed = &failed};
    e->failing = n > 0 ? e->at[n * 2 / 3 * size] : 3;
    count = 0;
    add_code("filter", NULL, crew_filter(e->at, out, size, n, odd, e, &count, NULL));
    add_code("filter", NULL, crew_filter(e->at, out, size, n, odd, e, &count, &exact));
    count_of("filter", (int)failed, count);
    add_code("partition", NULL, crew_partition(e->at, out, rest, size, n, odd, e, &count, &exact));
    count_of("partition", (int)failed, count);
    add_code("count_if", NULL, crew_count_if(n, odd, e, &count, NULL));
    e->failing = -1;
}

static void sort(struct elements *e, size_t n)
{
    size_t size = e->size, bytes = n * size, *index = room(3, 8);
    unsigned char *out = room(1, 3), *values = room(2, 1), *sorted = room(4, size);
    bool ordered[2] = {false, false};
    memcpy(marked(sorted, bytes), e->at, bytes);
    add_code("sort", NULL, crew_sort(sorted, n, size, compare, e, NULL));
    add_guarded("sort", NULL, sorted, bytes);
    add_code("is_sorted", NULL, crew_is_sorted(e->at, n, size, compare, e, &ordered[0], NULL));
    add_code("is_sorted", NULL, crew_is_sorted(sorted, n, size, compare, e, &ordered[1], NULL));
    add("is_sorted", NULL, ordered, sizeof ordered);
    add_code("argsort", NULL, crew_argsort(e->at, n, size, marked(index, n * sizeof *index), compare, e, NULL));
    add_guarded("argsort", NULL, index, n * sizeof *index);
    static const size_t value_sizes[] = {8, 3, 40};
    for (size_t v = 0; v < (n <= SHORT ? 3 : 1); v++) {
        size_t value_size = value_sizes[v];
        marked(values, n * value_size);
        for (size_t i = 0; i < n; i++)
            memcpy(values + i * value_size, &i, value_size < 8 ? value_size : 8);
        memcpy(marked(out, bytes), e->at, bytes);
        add_code("sort_by_key", NULL, crew_sort_by_key(out, size, values, value_size, n, compare, e, NULL));
        add_guarded("sort_by_key", NULL, out, bytes);
        add_guarded("sort_by_key", NULL, values, n * value_size);
    }
    size_t na = n / 3;
    memcpy(values, e->at, bytes);
    crew_sort(values, na, size, compare, e, NULL);
    crew_sort(values + na * size, n - na, size, compare, e, NULL);
    add_code("merge", NULL,
             crew_merge(values, na, values + na * size, n - na, size, marked(out, bytes), compare, e, NULL));
    add_guarded("merge", NULL, out, bytes);
    const size_t counts[] = {n < 10 ? n : 10, n / 2, n, n + 1};
    for (size_t i = 0; i < 4; i++) {
        size_t k = counts[i], taken = k > n ? 0 : k;
        marked(index, taken * sizeof *index);
        add_code("top_k", NULL, crew_top_k(e->at, n, size, k, marked(out, taken * size), index, compare, e, NULL));
        add_guarded("top_k", NULL, out, taken * size);
        add_guarded("top_k", NULL, index, taken * sizeof *index);
        memcpy(marked(out, bytes), e->at, bytes);
        add_code("nth_element", NULL, crew_nth_element(out, n, size, k, compare, e, NULL));
        add_guarded("nth_element", NULL, out, bytes);
    }
    size_t m = n < 5000 ? n + 3 : 5000;
    unsigned char *query = room(5, 1);
    for (size_t i = 0; i < 2 * m; i++)
        query[i] = (unsigned char)random64();
    for (int side = CREW_LEFT; side <= CREW_RIGHT; side++) {
        add_code("search_sorted", NULL,
                 crew_search_sorted(sorted, size, n, query, 2, m, compare_query, e, (crew_side)side,
                                    marked(index, m * sizeof *index), NULL));
        add_guarded("search_sorted", NULL, index, m * sizeof *index);
    }
}

static int same_order(const void *a, const void *b, void *ctx)
{
    return compare(a, b, ctx) == 0;
}

/* Sorted arrays as sets, neighbours and sequences, merging in place. */
static void combine(struct elements *e, size_t n)
{
    size_t size = e->size, na = n / 3, nb = n - na, count = 0, index = 0;
    unsigned char *parts = room(2, 5), *out = room(5, 1), *a = parts, *b = parts + na * size;
    int first = 0;
    bool has = false;
    memcpy(marked(parts, n * size), e->at, n * size);
    add_code("find_adjacent", NULL, crew_find_adjacent(parts, n, size, same_first, NULL, &index, NULL));
    add_code("find_adjacent", NULL, (long long)index);
    add_code("find_adjacent", NULL, crew_find_adjacent(parts, n, size, NULL, NULL, &index, NULL));
    add_code("find_adjacent", NULL, (long long)index);
    add_code("is_sorted_until", NULL, crew_is_sorted_until(parts, n, size, compare, e, &index, NULL));
    add_code("is_sorted_until", NULL, (long long)index);
    add_code("find_sequence", NULL,
             crew_find_sequence(parts, n, b, nb < 3 ? nb : 3, size, same_order, e, &index, NULL));
    add_code("find_sequence", NULL, (long long)index);
    add_code("lexicographical_compare", NULL,
             crew_lexicographical_compare(a, na, b, nb, size, compare, e, &first, NULL));
    add_code("lexicographical_compare", NULL, first);
    crew_sort(a, na, size, compare, e, NULL);
    crew_sort(b, nb, size, compare, e, NULL);
#define SET(name)                                                                                                      \
    do {                                                                                                               \
        add_code(#name, NULL, crew_##name(a, na, b, nb, size, NULL, compare, e, &count, NULL));                        \
        add_code(#name, NULL, (long long)count);                                                                       \
        marked(out, count *size);                                                                                      \
        add_code(#name, NULL, crew_##name(a, na, b, nb, size, out, compare, e, &count, NULL));                         \
        add_guarded(#name, NULL, out, count *size);                                                                    \
    } while (0)
    SET(set_union);
    SET(set_intersection);
    SET(set_difference);
    SET(set_symmetric_difference);
#undef SET
    add_code("includes", NULL, crew_includes(a, na, b, nb, size, compare, e, &has, NULL));
    add_code("includes", NULL, has);
    add_code("includes", NULL, crew_includes(b, nb, b + nb / 2 * size, nb - nb / 2, size, compare, e, &has, NULL));
    add_code("includes", NULL, has);
    add_code("merge_in_place", NULL, crew_merge_in_place(parts, na, n, size, compare, e, NULL));
    add_guarded("merge_in_place", NULL, parts, n * size);
}

static void turn(const struct elements *e, size_t n)
{
    const size_t size = e->size, bytes = n * size, steps[] = {0, 1, n / 3, n / 2 + 1, n, n + 1};
    unsigned char *out = room(7, 3);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        add_code("rotate", NULL, crew_rotate(e->at, marked(out, bytes), n, size, steps[i]));
        add_guarded("rotate", NULL, out, bytes);
        memcpy(marked(out, bytes), e->at, bytes);
        add_code("rotate", NULL, crew_rotate(out, out, n, size, steps[i]));
        add_guarded("rotate", NULL, out, bytes);
        add_code("shift_left", NULL, crew_shift_left(out, n, size, steps[i]));
        add_guarded("shift_left", NULL, out, bytes);
        add_code("shift_right", NULL, crew_shift_right(out, n, size, steps[i]));
        add_guarded("shift_right", NULL, out, bytes);
    }
}

static void move(const struct elements *e, size_t n)
{
    size_t size = e->size, bytes = n * size, *index = room(3, 8);
    unsigned char *out = room(1, 3);
    add_code("fill", NULL, crew_fill(marked(out, bytes), n, size, room(0, 1)));
    add_guarded("fill", NULL, out, bytes);
    add_code("copy", NULL, crew_copy(e->at, marked(out, bytes), n, size));
    add_guarded("copy", NULL, out, bytes);
    add_code("reverse", NULL, crew_reverse(out, out, n, size));
    add_guarded("reverse", NULL, out, bytes);
    add_code("reverse", NULL, crew_reverse(e->at, marked(out, bytes), n, size));
    add_guarded("reverse", NULL, out, bytes);
    for (size_t i = 0; i < n; i++)
        index[i] = random64() % n;
    add_code("gather", NULL, crew_gather(e->at, n, index, marked(out, bytes), n, size));
    add_guarded("gather", NULL, out, bytes);
    add_code("gather", NULL, crew_gather(e->at, n / 2, index, out, n, size));
    /* A permutation. */
    for (size_t i = 0; i < n; i++)
        index[i] = i;
    for (size_t i = n; i > 1; i--) {
        size_t j = random64() % i, last = index[i - 1];
        index[i - 1] = index[j];
        index[j] = last;
    }
    add_code("scatter", NULL, crew_scatter(e->at, index, n, marked(out, bytes), n, size));
    add_guarded("scatter", NULL, out, bytes);
    add_code("scatter", NULL, crew_scatter(e->at, index, n, out, n / 2, size));
    for (size_t rows = 1; rows <= n; rows = rows * 5 + 2) {
        add_code("transpose", NULL, crew_transpose(e->at, marked(out, bytes), rows, n / rows, size));
        add_guarded("transpose", NULL, out, bytes);
    }
    size_t side = n < 100 ? n / 10 : n < SHORT ? 30 : 300;
    memcpy(marked(out, bytes), e->at, bytes);
    add_code("transpose", NULL, crew_transpose(out, out, side, side, size));
    add_guarded("transpose", NULL, out, bytes);
}

/* Some order and some of each first byte. */
static void make(unsigned char *at, size_t size, size_t n, enum kind kind)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t b = 0; b < size; b++)
            at[i * size + b] = (unsigned char)random64();
        size_t rank = i * 256 / n;
        if (kind == FEW)
            at[i * size] %= 3;
        else if (kind == SORTED || kind == FALLING)
            at[i * size] = (unsigned char)(kind == SORTED ? rank : 255 - rank);
    }
}

void digest_elements(void)
{
    static const size_t element_sizes[] = {1, 3, 4, 8, 12, 16, 40};
    for (size_t s = 0; s < size_count; s++)
        for (size_t t = 0; t < sizeof element_sizes / sizeof element_sizes[0]; t++)
            for (enum kind kind = 0; kind < KINDS; kind++) {
                size_t n = sizes[s], size = element_sizes[t];
                if (kind == NARROW || kind == SPECIAL || kind >= RARE || !wanted(kind, n))
                    continue;
                if ((n > 5000 && kind != RANDOM && size != 4 && size != 12) || (n > MIDDLE && size != 8))
                    continue;
                seed(n * 100 + size + kind);
                struct elements e = {room(0, (s + t) % 4 * (size == 8 ? 8 : 1)), size, -1};
                unsigned char *flags = room(6, s % 5);
                make(room(0, (s + t) % 4 * (size == 8 ? 8 : 1)), size, n, kind);
                make_flags(flags, n);
                keep(&e, flags, n);
                sort(&e, n);
                move(&e, n);
                combine(&e, n);
                turn(&e, n);
            }
}
