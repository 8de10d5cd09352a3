/* All functions for one number type. Before the include: T, its NAME, the type SUM of its sums, whether it is SIGNED
   and a FLOAT, its SPECIALS. */

#define FN(name) JOIN(crew_##name##_, NAME)
#define OWN(name) JOIN(name##_, NAME)

/* The result of an expression. */
#define VALUE(family, type, expression)                                                                                \
    do {                                                                                                               \
        type value = expression;                                                                                       \
        add(family, TEXT(NAME), &value, sizeof value);                                                                 \
    } while (0)

static T OWN(value)(enum kind kind, size_t i, size_t n)
{
    uint64_t r = random64();
    if (kind == RARE)
        kind = i == n * 2 / 3 ? SPECIAL : RANDOM;
    T value;
    switch (kind) {
    case FEW:
        return (T)((int64_t)(r % 7) - 3);
    case NARROW:
        return (T)(r % 1000) / (FLOAT ? 8 : 1);
    case SORTED:
        return (T)((int64_t)(i / 3 * 5) - (int64_t)(SIGNED ? n / 2 : 0));
    case FALLING:
        return (T)((int64_t)((n - i) * 3) - (int64_t)(SIGNED ? n : 0));
    case SPECIAL:
        memcpy(&value, &SPECIALS[r % (sizeof SPECIALS / sizeof SPECIALS[0])], sizeof value);
        return value;
    case WIDE:
        return FLOAT ? (T)(random_double() * (double)(1ull << r % 60) * 0x1p-30) : (T)(r >> r % 64);
    default:
        return FLOAT ? (T)random_double() : (T)r;
    }
}

static void OWN(reduce)(const T *x, const T *y, size_t n)
{
    VALUE("sum", SUM, FN(sum)(x, n));
    VALUE("dot", SUM, FN(dot)(x, y, n));
    VALUE("dot", SUM, FN(dot)(x, x, n));
    VALUE("min", T, FN(min)(x, n));
    VALUE("max", T, FN(max)(x, n));
    T least, most;
    FN(minmax)(x, n, &least, &most);
    VALUE("minmax", T, least);
    VALUE("minmax", T, most);
    VALUE("argmin", size_t, FN(argmin)(x, n));
    VALUE("argmax", size_t, FN(argmax)(x, n));
    VALUE("mean", double, FN(mean)(x, n));
#if FLOAT
    VALUE("norm2", T, FN(norm2)(x, n));
    VALUE("sum_exact", T, FN(sum_exact)(x, n));
    VALUE("dot_exact", T, FN(dot_exact)(x, y, n));
#endif
}

/* Into another array, and in place where that takes little time. */
static void OWN(scan)(const T *x, const unsigned char *flags, T *out, size_t n)
{
    size_t bytes = n * sizeof *x;
#define SCAN(name)                                                                                                     \
    do {                                                                                                               \
        VALUE(#name, T, FN(name)(x, marked(out, bytes), n));                                                           \
        add_guarded(#name, TEXT(NAME), out, bytes);                                                                    \
        if (n <= SHORT) {                                                                                              \
            memcpy(marked(out, bytes), x, bytes);                                                                      \
            VALUE(#name, T, FN(name)(out, out, n));                                                                    \
            add_guarded(#name, TEXT(NAME), out, bytes);                                                                \
        }                                                                                                              \
    } while (0)
#define SCAN_SEGMENTED(name)                                                                                           \
    do {                                                                                                               \
        FN(name)(x, flags, marked(out, bytes), n);                                                                     \
        add_guarded(#name, TEXT(NAME), out, bytes);                                                                    \
    } while (0)
    SCAN(scan_inclusive_sum);
    SCAN(scan_inclusive_product);
    SCAN(scan_inclusive_min);
    SCAN(scan_inclusive_max);
    SCAN(scan_exclusive_sum);
    SCAN(scan_exclusive_product);
    SCAN(scan_exclusive_min);
    SCAN(scan_exclusive_max);
    SCAN_SEGMENTED(scan_segmented_inclusive_sum);
    SCAN_SEGMENTED(scan_segmented_inclusive_product);
    SCAN_SEGMENTED(scan_segmented_inclusive_min);
    SCAN_SEGMENTED(scan_segmented_inclusive_max);
    SCAN_SEGMENTED(scan_segmented_exclusive_sum);
    SCAN_SEGMENTED(scan_segmented_exclusive_product);
    SCAN_SEGMENTED(scan_segmented_exclusive_min);
    SCAN_SEGMENTED(scan_segmented_exclusive_max);
#undef SCAN
#undef SCAN_SEGMENTED
}

static void OWN(keep)(const T *x, const unsigned char *flags, T *out, size_t n)
{
    size_t bytes = n * sizeof *x;
    size_t count = FN(pack)(x, marked(out, bytes), n, flags);
    VALUE("pack", size_t, count);
    add_guarded("pack", TEXT(NAME), out, bytes);
    count = FN(unique)(x, marked(out, bytes), n);
    VALUE("unique", size_t, count);
    add_guarded("unique", TEXT(NAME), out, bytes);
    if (n > SHORT)
        return;
    /* In place what lies behind the kept ones is not defined. */
    memcpy(out, x, bytes);
    count = FN(pack)(out, out, n, flags);
    add("pack", TEXT(NAME), out, count * sizeof *out);
    memcpy(out, x, bytes);
    count = FN(unique)(out, out, n);
    add("unique", TEXT(NAME), out, count * sizeof *out);
}

static void OWN(sort_with)(const T *x, T *out, size_t n, size_t size)
{
    size_t bytes = n * sizeof *x;
    unsigned char *values = marked(room(6, 0), n * size);
    for (size_t i = 0; i < n; i++)
        memcpy(values + i * size, &i, size < sizeof i ? size : sizeof i);
    memcpy(marked(out, bytes), x, bytes);
    add_code("sort_by_key", TEXT(NAME), FN(sort_by_key)(out, values, size, n));
    add_guarded("sort_by_key", TEXT(NAME), out, bytes);
    add_guarded("sort_by_key", TEXT(NAME), values, n * size);
}

static void OWN(sort_records)(const T *x, size_t n, size_t size, size_t key_offset)
{
    unsigned char *records = marked(room(6, 0), n * size);
    for (size_t i = 0; i < n; i++) {
        memcpy(records + i * size, &i, size < sizeof i ? size : sizeof i);
        memcpy(records + i * size + key_offset, &x[i], sizeof x[i]);
    }
    add_code("sort_records", TEXT(NAME), FN(sort_records)(records, n, size, key_offset));
    add_guarded("sort_records", TEXT(NAME), records, n * size);
}

/* Leaves x sorted in `sorted`. */
static void OWN(sort)(const T *x, T *sorted, T *out, size_t n)
{
    size_t bytes = n * sizeof *x, *index = room(5, 8);
    memcpy(marked(sorted, bytes), x, bytes);
    VALUE("is_sorted", bool, FN(is_sorted)(x, n));
    add_code("sort", TEXT(NAME), FN(sort)(sorted, n));
    add_guarded("sort", TEXT(NAME), sorted, bytes);
    VALUE("is_sorted", bool, FN(is_sorted)(sorted, n));
    add_code("argsort", TEXT(NAME), FN(argsort)(x, n, marked(index, n * sizeof *index)));
    add_guarded("argsort", TEXT(NAME), index, n * sizeof *index);

    OWN(sort_with)(x, out, n, 8);
    OWN(sort_records)(x, n, 16, 8);
    if (n <= MIDDLE) {
        OWN(sort_with)(x, out, n, 4);
        OWN(sort_with)(x, out, n, 3);
        OWN(sort_records)(x, n, sizeof(T) + 4, 4);
        OWN(sort_records)(x, n, 24, 3);
    }

    T *parts = room(6, sizeof(T));
    size_t na = n / 3;
    memcpy(parts, x, bytes);
    FN(sort)(parts, na);
    FN(sort)(parts + na, n - na);
    add_code("merge", TEXT(NAME), FN(merge)(parts, na, parts + na, n - na, marked(out, bytes)));
    add_guarded("merge", TEXT(NAME), out, bytes);

    const size_t places[] = {n / 3, 0, n - 1};
    for (size_t i = 0; i < (n == 0 ? 0 : n <= SHORT ? 3 : 1); i++) {
        memcpy(marked(out, bytes), x, bytes);
        add_code("nth_element", TEXT(NAME), FN(nth_element)(out, n, places[i]));
        add_guarded("nth_element", TEXT(NAME), out, bytes);
    }
    add_code("nth_element", TEXT(NAME), FN(nth_element)(out, n, n));

    const size_t counts[] = {n < 10 ? n : 10, n / 2, n};
    for (size_t i = 0; i < (n <= MIDDLE ? 3 : 2); i++) {
        size_t k = counts[i];
        add_code("top_k", TEXT(NAME), FN(top_k)(x, n, k, marked(out, k * sizeof *x), marked(index, k * sizeof *index)));
        add_guarded("top_k", TEXT(NAME), out, k * sizeof *x);
        add_guarded("top_k", TEXT(NAME), index, k * sizeof *index);
    }
    add_code("top_k", TEXT(NAME), FN(top_k)(x, n, n + 1, out, NULL));
}

static void OWN(sets)(const T *x, const T *y, const T *sorted, T *out, size_t n)
{
    const size_t nb = n / 2 + n / 4;
    T *b = room(7, sizeof(T)), *third = room(8, 0);
    size_t thirds = 0;
    for (size_t i = 0; i < nb; i++)
        b[i] = i % 2 ? y[i] : x[i * 5 % n];
    FN(sort)(b, nb);
    for (size_t i = 0; i < n; i += 3)
        third[thirds++] = sorted[i];
#define SET(name)                                                                                                      \
    do {                                                                                                               \
        size_t count = FN(name)(sorted, n, b, nb, NULL);                                                               \
        add_code(#name, TEXT(NAME), (long long)count);                                                                 \
        count = FN(name)(sorted, n, b, nb, marked(out, count * sizeof *out));                                          \
        add_guarded(#name, TEXT(NAME), out, count * sizeof *out);                                                      \
    } while (0)
    SET(set_union);
    SET(set_intersection);
    SET(set_difference);
    SET(set_symmetric_difference);
#undef SET
    VALUE("includes", bool, FN(includes)(sorted, n, b, nb));
    VALUE("includes", bool, FN(includes)(sorted, n, third, thirds));
    VALUE("includes", bool, FN(includes)(third, thirds, sorted, n));
}

/* Of neighbours and of sequences. */
static void OWN(pairs)(const T *x, const T *y, const T *sorted, T *out, size_t n)
{
    const size_t bytes = n * sizeof *x, at = n * 2 / 3;
#define INDEX(name, ...) add_code(#name, TEXT(NAME), (long long)FN(name)(__VA_ARGS__))
    INDEX(find_adjacent, x, n);
    INDEX(find_adjacent, sorted, n);
    INDEX(is_sorted_until, x, n);
    INDEX(is_sorted_until, sorted, n);
    memcpy(out, sorted, bytes);
    if (n > 0)
        out[at] = out[0];
    INDEX(is_sorted_until, out, n);
    INDEX(find_sequence, x, n, x + at, n - at < 5 ? n - at : 5);
    INDEX(find_sequence, x, n, y, 3);
    INDEX(lexicographical_compare, x, n, y, n);
    memcpy(out, x, bytes);
    INDEX(lexicographical_compare, x, n, out, at);
    if (n > 0)
        out[at] = y[at];
    INDEX(lexicographical_compare, x, n, out, n);
#undef INDEX
    memcpy(marked(out, bytes), x, bytes);
    FN(sort)(out, n / 3);
    FN(sort)(out + n / 3, n - n / 3);
    add_code("merge_in_place", TEXT(NAME), FN(merge_in_place)(out, n / 3, n));
    add_guarded("merge_in_place", TEXT(NAME), out, bytes);
    add_code("merge_in_place", TEXT(NAME), FN(merge_in_place)(out, n + 1, n));
}

static void OWN(search)(const T *x, const T *y, const T *sorted, T *out, size_t n)
{
    size_t *index = room(5, 8);
    const T wanted_values[] = {n > 0 ? x[n / 2] : 0, n > 0 ? x[n - 1] : 1, (T)12345678};
    for (size_t i = 0; i < 3; i++) {
        VALUE("find", size_t, FN(find)(x, n, wanted_values[i]));
        VALUE("contains", bool, FN(contains)(x, n, wanted_values[i]));
        if (n > MIDDLE && i < 2)
            continue;
        FN(fill)(marked(out, n * sizeof *out), n, wanted_values[i]);
        add_guarded("fill", TEXT(NAME), out, n * sizeof *out);
        FN(iota)(marked(out, n * sizeof *out), n, wanted_values[i], i == 2 ? (T)0.7 : (T)-3);
        add_guarded("iota", TEXT(NAME), out, n * sizeof *out);
    }
    size_t m = n <= SHORT ? n : SHORT;
    for (int side = CREW_LEFT; side <= CREW_RIGHT; side++) {
        FN(search_sorted)(sorted, n, y, m, (crew_side)side, marked(index, m * sizeof *index));
        add_guarded("search_sorted", TEXT(NAME), index, m * sizeof *index);
        FN(search_sorted)(sorted, n, x, m, (crew_side)side, marked(index, m * sizeof *index));
        add_guarded("search_sorted", TEXT(NAME), index, m * sizeof *index);
    }
}

#if FLOAT
#include "digest_floats_template.h"
#endif

static void OWN(digest)(void)
{
    for (size_t s = 0; s < size_count; s++)
        for (enum kind kind = 0; kind < KINDS; kind++) {
            size_t n = sizes[s], shift = (s + kind) % 4;
            if (!wanted(kind, n))
                continue;
            seed(n * KINDS + kind);
            T *x = room(0, shift * sizeof(T)), *y = room(1, (s % 3) * sizeof(T));
            T *out = room(2, (kind % 3) * sizeof(T)), *sorted = room(3, shift * sizeof(T));
            unsigned char *flags = room(4, s % 5);
            for (size_t i = 0; i < n; i++)
                x[i] = OWN(value)(kind, i, n);
            /* Sums that cancel are what rounding has left, of f32 too, which is summed in double. */
            if (FLOAT && kind == WIDE)
                for (size_t i = (n + 1) / 2; i < n; i++)
                    x[i] = -x[n - 1 - i];
            for (size_t i = 0; i < n; i++)
                y[i] = OWN(value)(kind == RANDOM ? RANDOM : NARROW, i, n);
            make_flags(flags, n);
            OWN(reduce)(x, y, n);
            OWN(scan)(x, flags, out, n);
            OWN(keep)(x, flags, out, n);
            OWN(sort)(x, sorted, out, n);
            OWN(search)(x, y, sorted, out, n);
            OWN(sets)(x, y, sorted, out, n);
            OWN(pairs)(x, y, sorted, out, n);
#if FLOAT
            OWN(histogram)(x, out, n);
            OWN(plane)(x, y, out, n);
            OWN(without_nan)(x, n);
            OWN(exact_state)(x, y, n);
#endif
        }
}

#undef FN
#undef OWN
#undef VALUE
#undef T
#undef NAME
#undef SUM
#undef SIGNED
#undef FLOAT
#undef SPECIALS
