/* crew_{find_adjacent,is_sorted_until,find_sequence,lexicographical_compare}_TYPE, for each_type_template.h. */
size_t CREW__CAT(crew_find_adjacent, TYPE)(const ELEMENT *x, size_t n)
{
    struct search s = {.x = x, .size = sizeof *x, .adjacent = kernels(ID)->adjacent};
    size_t at = n < 2 ? 0 : search(&s, n - 1, 1);
    return n < 2 || at == n - 1 ? n : at;
}

size_t CREW__CAT(crew_is_sorted_until, TYPE)(const ELEMENT *x, size_t n)
{
    struct search s = {.x = x, .size = sizeof *x, .adjacent = kernels(ID)->descent};
    return n < 2 ? n : search(&s, n - 1, 1) + 1;
}

size_t CREW__CAT(crew_find_sequence, TYPE)(const ELEMENT *x, size_t n, const ELEMENT *y, size_t m)
{
    if (m == 0 || m > n)
        return m == 0 ? 0 : n;
    struct search s = {.x = x, .y = y, .size = sizeof *x, .m = m, .sequence = kernels(ID)->sequence};
    size_t starts = n - m + 1, at = search(&s, starts, 1);
    return at < starts ? at : n;
}

int CREW__CAT(crew_lexicographical_compare, TYPE)(const ELEMENT *a, size_t na, const ELEMENT *b, size_t nb)
{
    struct search s = {.x = a, .y = b, .size = sizeof *a, .differ = kernels(ID)->differ};
    size_t n = na < nb ? na : nb, at = n == 0 ? 0 : search(&s, n, 2);
    if (at == n)
        return (na > nb) - (na < nb);
#if FLOATING
    if (a[at] != a[at] || b[at] != b[at])
        return a[at] != a[at] ? 1 : -1;
#endif
    return a[at] < b[at] ? -1 : 1;
}
