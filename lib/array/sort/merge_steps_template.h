/* steps_INSTANCE of merge_steps.c: the steps of the merge sort for one size of element. The including file defines, and
   this one undefines,

   INSTANCE       suffix of the names
   SIZE           bytes of an element; undefined: INSTANCE is that number
   ADDRESS(p, o)  what cmp is given for the element at p; undefined: p
   AHEAD          where that is somewhere else: elements that the merge looks ahead to prefetch it

   The loops that merge take the next element by arithmetic on addresses: a compiler would make a branch of a condition,
   and which run the next element comes from cannot be predicted. */
#define FN(name) CREW__CAT(name, INSTANCE)
#ifndef SIZE
#define SIZE INSTANCE
#endif
#ifndef ADDRESS
#define ADDRESS(p, o) (p)
#endif

static inline bool FN(less)(const char *x, const char *y, const struct crew__order *o)
{
    return o->cmp(ADDRESS(x, o), ADDRESS(y, o), o->ctx) < 0;
}

/* All bits set where x is before y. */
static inline uintptr_t FN(before)(const char *x, const char *y, const struct crew__order *o)
{
    return 0 - (uintptr_t)((unsigned)o->cmp(ADDRESS(x, o), ADDRESS(y, o), o->ctx) >> (8 * sizeof(unsigned) - 1));
}

/* Merges from both ends at once, so that the processor works on two comparisons at a time. Without a look at the ends a
   run can be followed for as many steps as the shorter one is long. */
static void FN(merge)(const char *a, size_t na, const char *b, size_t nb, char *out, const struct crew__order *o)
{
    const size_t size = SIZE;
    while (na > 0 && nb > 0) {
        size_t steps = na < nb ? na : nb;
        if (steps < 4)
            break;
        const char *p = a, *q = b, *p_last = a + (na - 1) * size, *q_last = b + (nb - 1) * size;
        char *front = out, *back = out + (na + nb - 1) * size;
        for (size_t i = 0; i < steps; i++) {
#ifdef AHEAD
            if (i + AHEAD < steps) { /* no run has been followed for more than i steps */
                CREW__PREFETCH(ADDRESS(p + AHEAD * size, o));
                CREW__PREFETCH(ADDRESS(q + AHEAD * size, o));
                CREW__PREFETCH(ADDRESS(p_last - AHEAD * size, o));
                CREW__PREFETCH(ADDRESS(q_last - AHEAD * size, o));
            }
#endif
            uintptr_t right = FN(before)(q, p, o);
            memcpy(front, pick(right, q, p), size);
            front += size;
            p += size & ~right;
            q += size & right;
            uintptr_t left = FN(before)(q_last, p_last, o);
            memcpy(back, pick(left, p_last, q_last), size);
            back -= size;
            p_last -= size & left;
            q_last -= size & ~left;
        }
        if (CREW__UNLIKELY(p > p_last + size || q > q_last + size))
            break; /* they met in different places: cmp is inconsistent, and the elements in out are not those of a and
                      b */
        na = (size_t)(p_last + size - p) / size;
        nb = (size_t)(q_last + size - q) / size;
        a = p;
        b = q;
        out = front;
    }
    while (na > 0 && nb > 0) {
        uintptr_t right = FN(before)(b, a, o);
        memcpy(out, pick(right, b, a), size);
        out += size;
        a += size & ~right;
        b += size & right;
        na -= ~right & 1;
        nb -= right & 1;
    }
    memcpy(out, na > 0 ? a : b, (na > 0 ? na : nb) * size);
}

/* Four elements in five comparisons. */
static void FN(sort4)(const char *x, char *out, const struct crew__order *o)
{
    const size_t size = SIZE;
    char four[4 * CREW__SORT_MOVED];
    uintptr_t c1 = FN(before)(x + size, x, o), c2 = FN(before)(x + 3 * size, x + 2 * size, o);
    const char *a = x + (size & c1), *b = x + (size & ~c1);
    const char *c = x + 2 * size + (size & c2), *d = x + 2 * size + (size & ~c2);
    uintptr_t c3 = FN(before)(c, a, o), c4 = FN(before)(d, b, o);
    const char *left = pick(c3, a, pick(c4, c, b)), *right = pick(c4, d, pick(c3, b, c));
    uintptr_t c5 = FN(before)(right, left, o);
    memcpy(four, pick(c3, c, a), size);
    memcpy(four + size, pick(c5, right, left), size);
    memcpy(four + 2 * size, pick(c5, left, right), size);
    memcpy(four + 3 * size, pick(c4, b, d), size);
    memcpy(out, four, 4 * size);
}

static void FN(insertion)(char *x, size_t n, const struct crew__order *o)
{
    const size_t size = SIZE;
    char e[CREW__SORT_MOVED];
    for (size_t i = 1; i < n; i++) {
        size_t j = i;
        while (j > 0 && FN(less)(x + i * size, x + (j - 1) * size, o))
            j--;
        if (j == i)
            continue;
        memcpy(e, x + i * size, size);
        memmove(x + (j + 1) * size, x + j * size, (i - j) * size);
        memcpy(x + j * size, e, size);
    }
}

static void FN(sort_fours)(const char *from, char *to, size_t n, const struct crew__order *o)
{
    const size_t size = SIZE, tail = n / 4 * 4;
    for (size_t i = 0; i < tail; i += 4)
        FN(sort4)(from + i * size, to + i * size, o);
    if (to != from)
        memcpy(to + tail * size, from + tail * size, (n - tail) * size);
    FN(insertion)(to + tail * size, n - tail, o);
}

static void FN(merge_runs)(const char *x, char *y, size_t n, size_t run, const struct crew__order *o)
{
    const size_t size = SIZE;
    for (size_t i = 0; i < n; i += 2 * run) {
        size_t left = n - i < run ? n - i : run, right = n - i - left < run ? n - i - left : run;
        const char *a = x + i * size, *b = a + left * size;
        if (right == 0 || !FN(less)(b, b - size, o))
            memcpy(y + i * size, a, (left + right) * size);
        else
            FN(merge)(a, left, b, right, y + i * size, o);
    }
}

static const struct crew__steps FN(steps) = {FN(sort_fours), FN(merge_runs), FN(merge), corank};

#undef FN
#undef INSTANCE
#undef SIZE
#undef ADDRESS
#undef AHEAD
