/* The radix sort's way with few elements, where counting digits costs more than comparing: groups of up to eight, then
   merges. No branch depends on the order of the elements, which could not be predicted. Parameters: see
   radix_shape_template.h. */

/* Sorts up to CREW__RADIX_GROUP elements, given their ranks, into `to`, which may be the same: the place of each is the
   number of those before it. The empty places count as the last ones. */
static CREW__NOINLINE void FN(sort_group)(struct VIEW from, struct VIEW to, size_t n, const RANK *rank)
{
    RANK r[CREW__RADIX_GROUP];
    unsigned place[CREW__RADIX_GROUP] = {0};
    ELEMENT e[CREW__RADIX_GROUP];
    if (n <= 4) { /* 6 comparisons, not 28: 0.35 to 0.55 of the time */
        for (size_t i = 1; i < n; i++)
            for (size_t j = 0; j < i; j++) {
                unsigned after = rank[j] > rank[i];
                place[j] += after;
                place[i] += 1 - after;
            }
    } else {
        for (size_t i = 0; i < CREW__RADIX_GROUP; i++)
            r[i] = i < n ? rank[i] : (RANK) ~(RANK)0;
        for (size_t i = 1; i < CREW__RADIX_GROUP; i++)
            for (size_t j = 0; j < i; j++) {
                unsigned after = r[j] > r[i];
                place[j] += after;
                place[i] += 1 - after;
            }
    }
    for (size_t i = 0; i < n; i++)
        e[i] = from.k[i];
    for (size_t i = 0; i < n; i++)
        to.k[place[i]] = e[i];
#ifdef VALUE_BITS
    VALUE v[CREW__RADIX_GROUP];
    for (size_t i = 0; i < n; i++)
        v[i] = from.v[i];
    for (size_t i = 0; i < n; i++)
        to.v[place[i]] = v[i];
#endif
}

/* Merges begin .. middle-1 and middle .. end-1, whose lengths differ by one at the most, from both ends at once: as
   many steps as the shorter one is long cannot leave either, and one element at the most is left for the end. */
static inline void FN(merge_halves)(struct VIEW from, size_t begin, size_t middle, size_t end, struct VIEW to,
                                    const struct crew__key *key)
{
    size_t i = begin, j = middle, i_last = middle - 1, j_last = end - 1, front = begin, back = end - 1;
    size_t steps = middle - begin < end - middle ? middle - begin : end - middle;
    for (; steps > 0; steps--) {
        size_t right = FN(rank)(from.k[j], key) < FN(rank)(from.k[i], key);
        FN(move)(to, front++, from, i ^ ((i ^ j) & (0 - right)));
        j += right;
        i += 1 - right;
        size_t left = FN(rank)(from.k[j_last], key) < FN(rank)(from.k[i_last], key);
        FN(move)(to, back--, from, j_last ^ ((i_last ^ j_last) & (0 - left)));
        i_last -= left;
        j_last -= 1 - left;
    }
    if ((end - begin) % 2 != 0)
        FN(move)(to, front, from, i != i_last + 1 ? i : j);
}

/* Sorts n elements of a into b, or back into a. */
static CREW__NOINLINE void FN(few)(struct VIEW a, struct VIEW b, size_t n, bool into_b, const struct crew__key *key)
{
    int levels = 0;
    while ((n - 1) >> levels >= CREW__RADIX_GROUP)
        levels++;
    struct VIEW from = into_b == (levels % 2 != 0) ? a : b, to = into_b == (levels % 2 != 0) ? b : a;
    for (size_t p = 0; p >> levels == 0; p++) {
        size_t begin = n * p >> levels, count = (n * (p + 1) >> levels) - begin;
        RANK rank[CREW__RADIX_GROUP];
        for (size_t i = 0; i < count; i++)
            rank[i] = FN(rank)(a.k[begin + i], key);
        FN(sort_group)(FN(part)(a, begin), FN(part)(from, begin), count, rank);
    }
    for (; levels > 0; levels--) {
        for (size_t p = 0; p >> levels == 0; p += 2)
            FN(merge_halves)(from, n * p >> levels, n * (p + 1) >> levels, n * (p + 2) >> levels, to, key);
        struct VIEW other = from;
        from = to;
        to = other;
    }
}
