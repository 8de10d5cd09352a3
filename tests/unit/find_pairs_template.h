/* check_TYPE of test_find_pairs.c, for each_type_template.h. */
static int CREW__CAT(same, TYPE)(ELEMENT a, ELEMENT b)
{
#if FLOATING
    return a == b || (a != a && b != b);
#else
    return a == b;
#endif
}

/* By value, of two that differ. */
static int CREW__CAT(is_after, TYPE)(ELEMENT a, ELEMENT b)
{
#if FLOATING
    if (a != a)
        return 1;
#endif
    return a > b;
}

/* Of a sort: -0 before +0, NaN last. */
static int CREW__CAT(after, TYPE)(ELEMENT a, ELEMENT b)
{
#if FLOATING
    if (a == 0 && b == 0)
        return !signbit(a) && signbit(b);
    if (a != a || b != b)
        return a != a && b == b;
#endif
    return a > b;
}

static void CREW__CAT(compare_all, TYPE)(const ELEMENT *x, size_t n, const ELEMENT *y, size_t m)
{
    size_t i = 0, j;
    while (i + 1 < n && !CREW__CAT(same, TYPE)(x[i], x[i + 1]))
        i++;
    ck_assert_uint_eq(CREW__CAT(crew_find_adjacent, TYPE)(x, n), i + 1 < n ? i : n);
    for (i = 1; i < n && !CREW__CAT(after, TYPE)(x[i - 1], x[i]); i++)
        ;
    ck_assert_uint_eq(CREW__CAT(crew_is_sorted_until, TYPE)(x, n), i < n ? i : n);
    ck_assert(CREW__CAT(crew_is_sorted, TYPE)(x, n) == (i >= n));
    for (i = 0; i < n && i < m && CREW__CAT(same, TYPE)(x[i], y[i]); i++)
        ;
    int order = i == n || i == m ? (n > m) - (n < m) : CREW__CAT(is_after, TYPE)(x[i], y[i]) ? 1 : -1;
    ck_assert_int_eq(CREW__CAT(crew_lexicographical_compare, TYPE)(x, n, y, m), order);
    ck_assert_int_eq(CREW__CAT(crew_lexicographical_compare, TYPE)(y, m, x, n), -order);
    for (size_t from = 0; from <= m; from += m / 3 + 1)
        for (size_t length = 0; length < 8 && from + length <= m; length += 1 + length / 2) {
            for (i = 0; i + length <= n; i++) {
                for (j = 0; j < length && CREW__CAT(same, TYPE)(x[i + j], y[from + j]); j++)
                    ;
                if (j == length)
                    break;
            }
            ck_assert_uint_eq(CREW__CAT(crew_find_sequence, TYPE)(x, n, y + from, length), i + length <= n ? i : n);
        }
}

static void CREW__CAT(check, TYPE)(size_t n, uint64_t *seed)
{
    ELEMENT *x = test_alloc(n * sizeof *x), *y = test_alloc((n + 1) * sizeof *y);
    for (int kind = 0; kind < 5; kind++) {
        for (size_t i = 0; i < n; i++)
            x[i] = kind == 4 ? (ELEMENT)(i % 2) : (ELEMENT)i;
        memcpy(y, x, n * sizeof *x);
        y[n] = 1;
        if (n > 1 && kind > 0 && kind < 4) {
            size_t at = 1 + (size_t)(test_random(seed) % (n - 1));
            x[at] = kind == 1 ? x[at - 1] : 0;
#if FLOATING
            if (kind == 3) {
                x[at] = (ELEMENT)-0.0;
                x[at - 1] = test_random(seed) % 2 ? (ELEMENT)0.0 : (ELEMENT)-0.0;
                x[n - 1] = test_random(seed) % 2 ? (ELEMENT)NAN : x[n - 1];
                y[at] = test_random(seed) % 2 ? (ELEMENT)NAN : y[at];
            }
            if (kind == 2)
                x[at] = (ELEMENT)NAN;
#endif
        }
        CREW__CAT(compare_all, TYPE)(x, n, y, n);
        CREW__CAT(compare_all, TYPE)(x, n, y, n / 2);
        CREW__CAT(compare_all, TYPE)(x, n, y, n + 1);
    }
    free(x), free(y);
}
