/* crew__steps_INSTANCE: what one thread does of a stable merge sort, for one kind of element. crew/inline/sort.h and
   the comparator forms of crew/sort.h include it. The including file defines, and this one undefines,

   CREW__INSTANCE       suffix of the names
   CREW__SIZE           bytes of an element, and
   CREW__MOST           a constant that it does not pass
   CREW__BEFORE(x, y)   1 where the element at x is ordered before that at y, else 0; may read o, a struct crew__order
   CREW__ADDRESS(p, o)  where the element of p is, for prefetching
   CREW__AHEAD          where that is defined: elements that the merge looks ahead to prefetch it
   CREW__PAIRS          where that is defined: two merges at once, which pays where CREW__BEFORE is no call

   The loops that merge take the next element by arithmetic on addresses: a compiler would make a branch of a condition,
   and which run the next element comes from cannot be predicted. */
#define CREW__STEP(name) CREW__CAT(crew__##name, CREW__INSTANCE)

static inline bool CREW__STEP(less)(const char *x, const char *y, const struct crew__order *o)
{
    (void)o;
    return CREW__BEFORE(x, y) != 0;
}

/* All bits set where x is before y. */
static inline uintptr_t CREW__STEP(before)(const char *x, const char *y, const struct crew__order *o)
{
    (void)o;
    return 0 - (uintptr_t)CREW__BEFORE(x, y);
}

/* Merges from both ends at once, so that the processor works on two comparisons at a time. Without a look at the ends a
   run can be followed for as many steps as the shorter one is long. */
static void CREW__STEP(merge)(const char *a, size_t na, const char *b, size_t nb, char *out,
                              const struct crew__order *o)
{
    const size_t size = CREW__SIZE;
    while (na > 0 && nb > 0) {
        size_t steps = na < nb ? na : nb;
        if (steps < 4)
            break;
        const char *p = a, *q = b, *p_last = a + (na - 1) * size, *q_last = b + (nb - 1) * size;
        char *front = out, *back = out + (na + nb - 1) * size;
        for (size_t i = 0; i < steps; i++) {
#ifdef CREW__AHEAD
            if (i + CREW__AHEAD < steps) { /* no run has been followed for more than i steps */
                CREW__PREFETCH(CREW__ADDRESS(p + CREW__AHEAD * size, o));
                CREW__PREFETCH(CREW__ADDRESS(q + CREW__AHEAD * size, o));
                CREW__PREFETCH(CREW__ADDRESS(p_last - CREW__AHEAD * size, o));
                CREW__PREFETCH(CREW__ADDRESS(q_last - CREW__AHEAD * size, o));
            }
#endif
            uintptr_t right = CREW__STEP(before)(q, p, o);
            memcpy(front, crew__pick(right, q, p), size);
            front += size;
            p += size & ~right;
            q += size & right;
            uintptr_t left = CREW__STEP(before)(q_last, p_last, o);
            memcpy(back, crew__pick(left, p_last, q_last), size);
            back -= size;
            p_last -= size & left;
            q_last -= size & ~left;
        }
        if (!CREW__EXPECT(p <= p_last + size && q <= q_last + size))
            break; /* they met in different places: cmp is inconsistent, and the elements in out are not those of a and
                      b */
        na = (size_t)(p_last + size - p) / size;
        nb = (size_t)(q_last + size - q) / size;
        a = p;
        b = q;
        out = front;
    }
    while (na > 0 && nb > 0) {
        uintptr_t right = CREW__STEP(before)(b, a, o);
        memcpy(out, crew__pick(right, b, a), size);
        out += size;
        a += size & ~right;
        b += size & right;
        na -= ~right & 1;
        nb -= right & 1;
    }
    memcpy(out, na > 0 ? a : b, (na > 0 ? na : nb) * size);
}

/* Four elements in five comparisons. */
static void CREW__STEP(sort4)(const char *x, char *out, const struct crew__order *o)
{
    const size_t size = CREW__SIZE;
    char four[4 * CREW__MOST];
    uintptr_t c1 = CREW__STEP(before)(x + size, x, o), c2 = CREW__STEP(before)(x + 3 * size, x + 2 * size, o);
    const char *a = x + (size & c1), *b = x + (size & ~c1);
    const char *c = x + 2 * size + (size & c2), *d = x + 2 * size + (size & ~c2);
    uintptr_t c3 = CREW__STEP(before)(c, a, o), c4 = CREW__STEP(before)(d, b, o);
    const char *left = crew__pick(c3, a, crew__pick(c4, c, b)), *right = crew__pick(c4, d, crew__pick(c3, b, c));
    uintptr_t c5 = CREW__STEP(before)(right, left, o);
    memcpy(four, crew__pick(c3, c, a), size);
    memcpy(four + size, crew__pick(c5, right, left), size);
    memcpy(four + 2 * size, crew__pick(c5, left, right), size);
    memcpy(four + 3 * size, crew__pick(c4, b, d), size);
    memcpy(out, four, 4 * size);
}

static void CREW__STEP(insertion)(char *x, size_t n, const struct crew__order *o)
{
    const size_t size = CREW__SIZE;
    char e[CREW__MOST];
    for (size_t i = 1; i < n; i++) {
        size_t j = i;
        while (j > 0 && CREW__STEP(less)(x + i * size, x + (j - 1) * size, o))
            j--;
        if (j == i)
            continue;
        memcpy(e, x + i * size, size);
        memmove(x + (j + 1) * size, x + j * size, (i - j) * size);
        memcpy(x + j * size, e, size);
    }
}

static void CREW__STEP(sort_fours)(const char *from, char *to, size_t n, const struct crew__order *o)
{
    const size_t size = CREW__SIZE, tail = n / 4 * 4;
    for (size_t i = 0; i < tail; i += 4)
        CREW__STEP(sort4)(from + i * size, to + i * size, o);
    if (to != from)
        memcpy(to + tail * size, from + tail * size, (n - tail) * size);
    CREW__STEP(insertion)(to + tail * size, n - tail, o);
}

#ifdef CREW__PAIRS
/* Merges two pairs of full runs at once: each of the four ends waits for its last comparison, and while it does the
   processor works on the others. One pair at a time took 1.5 times as long. False: CREW__BEFORE contradicts itself. */
static bool CREW__STEP(merge_pairs)(const char *x, char *y, size_t run, const struct crew__order *o)
{
    const size_t size = CREW__SIZE;
    const char *const b = x + run * size, *const c = b + run * size, *const d = c + run * size;
    const char *p = x, *q = b, *p_last = b - size, *q_last = c - size;
    const char *r = c, *s = d, *r_last = d - size, *s_last = d + (run - 1) * size;
    char *front = y, *back = y + (2 * run - 1) * size;
    for (size_t i = 0; i < run; i++) {
        uintptr_t right = CREW__STEP(before)(q, p, o), right2 = CREW__STEP(before)(s, r, o);
        uintptr_t left = CREW__STEP(before)(q_last, p_last, o), left2 = CREW__STEP(before)(s_last, r_last, o);
        memcpy(front, crew__pick(right, q, p), size);
        memcpy(front + 2 * run * size, crew__pick(right2, s, r), size);
        memcpy(back, crew__pick(left, p_last, q_last), size);
        memcpy(back + 2 * run * size, crew__pick(left2, r_last, s_last), size);
        front += size;
        back -= size;
        p += size & ~right;
        q += size & right;
        r += size & ~right2;
        s += size & right2;
        p_last -= size & left;
        q_last -= size & ~left;
        r_last -= size & left2;
        s_last -= size & ~left2;
    }
    return p <= p_last + size && q <= q_last + size && r <= r_last + size && s <= s_last + size;
}
#endif

static void CREW__STEP(merge_runs)(const char *x, char *y, size_t n, size_t run, const struct crew__order *o)
{
    const size_t size = CREW__SIZE;
    size_t i = 0;
#ifdef CREW__PAIRS
    for (; (n - i) / 4 >= run; i += 4 * run) {
        const char *a = x + i * size, *b = a + run * size, *d = b + 2 * run * size;
        if (!CREW__STEP(less)(b, b - size, o) || !CREW__STEP(less)(d, d - size, o) ||
            !CREW__STEP(merge_pairs)(a, y + i * size, run, o))
            break;
    }
#endif
    for (; i < n; i += 2 * run) {
        size_t left = n - i < run ? n - i : run, right = n - i - left < run ? n - i - left : run;
        const char *a = x + i * size, *b = a + left * size;
        if (right == 0 || !CREW__STEP(less)(b, b - size, o))
            memcpy(y + i * size, a, (left + right) * size);
        else
            CREW__STEP(merge)(a, left, b, right, y + i * size, o);
    }
}

static size_t CREW__STEP(corank)(const char *a, size_t na, const char *b, size_t nb, size_t k,
                                 const struct crew__order *o)
{
    const size_t size = CREW__SIZE;
    size_t low = k > nb ? k - nb : 0, high = k < na ? k : na;
    while (low < high) {
        size_t i = low + (high - low) / 2;
        if (CREW__STEP(less)(b + (k - i - 1) * size, a + i * size, o))
            high = i;
        else
            low = i + 1;
    }
    return low;
}

static const struct crew__steps CREW__STEP(steps) = {CREW__STEP(sort_fours), CREW__STEP(merge_runs), CREW__STEP(merge),
                                                     CREW__STEP(corank)};

#undef CREW__STEP
#undef CREW__INSTANCE
#undef CREW__SIZE
#undef CREW__MOST
#undef CREW__BEFORE
#undef CREW__ADDRESS
#undef CREW__AHEAD
#undef CREW__PAIRS
