/* check_TYPE of test_set.c, for each_type_template.h: all operations on sorted arrays of `range` values. */
static void CREW__CAT(check, TYPE)(size_t na, size_t nb, size_t range, uint64_t *seed)
{
    typedef size_t typed_fn(const ELEMENT *a, size_t na, const ELEMENT *b, size_t nb, ELEMENT *out);
    static typed_fn *const typed[OPERATIONS] = {CREW__CAT(crew_set_union, TYPE), CREW__CAT(crew_set_intersection, TYPE),
                                                CREW__CAT(crew_set_difference, TYPE),
                                                CREW__CAT(crew_set_symmetric_difference, TYPE)};
    ELEMENT *x[2] = {get(na * sizeof **x), get(nb * sizeof **x)}, *want = get((na + nb) * sizeof *want);
    const size_t n[2] = {na, nb};
    for (int k = 0; k < 2; k++) {
        for (size_t i = 0; i < n[k]; i++) {
            x[k][i] = (ELEMENT)oracle_below(seed, range);
#if FLOATING
            x[k][i] -= (ELEMENT)(range / 2);
            if (oracle_below(seed, 4) == 0)
                x[k][i] = oracle_below(seed, 2) ? (ELEMENT)-0.0 : (ELEMENT)NAN;
            if (oracle_below(seed, 9) == 0)
                x[k][i] = oracle_below(seed, 2) ? -(ELEMENT)NAN : (ELEMENT)INFINITY;
#endif
        }
        ck_assert_int_eq(CREW__CAT(crew_sort, TYPE)(x[k], n[k]), 0);
    }
    for (int op = 0; op < OPERATIONS; op++) {
        size_t count =
            expected(op, (char *)x[0], na, (char *)x[1], nb, sizeof **x, (char *)want, CREW__CAT(compare, TYPE));
        ELEMENT *out = get(count * sizeof *out);
        ((char *)out)[count * sizeof *out] = GUARD;
        ck_assert_uint_eq(typed[op](x[0], na, x[1], nb, out), count);
        ck_assert_mem_eq(out, want, count * sizeof *out);
        ck_assert_int_eq(((char *)out)[count * sizeof *out], GUARD);
        ck_assert_uint_eq(typed[op](x[0], na, x[1], nb, NULL), count);
        if (op == DIFFERENCE) {
            ck_assert(CREW__CAT(crew_includes, TYPE)(x[1], nb, x[0], na) == (count == 0));
            ck_assert(CREW__CAT(crew_includes, TYPE)(x[0], na, out, count));
        }
        if (op == INTERSECTION)
            ck_assert(CREW__CAT(crew_includes, TYPE)(x[1], nb, out, count));
        free(out);
    }
    free(x[0]), free(x[1]), free(want);
}
