/* crew__set_steps_INSTANCE: what one thread does of a set operation on sorted arrays. crew/inline/set.h, includes.h and
   the functions of crew/set.h include it. The including file defines, and this one undefines,

   CREW__INSTANCE      suffix of the names
   CREW__SIZE          bytes of an element
   CREW__BEFORE(x, y)  1 where the element at x is ordered before that at y, else 0; may read o, a struct crew__order
   CREW__AFTER(x, y)   where that is defined: a sign of the order of x and y, so that a pair takes one call
   CREW__SET           CREW_SET_UNION, ...
   CREW__KEY(x)        where that is defined: the element at x as a CREW__KEY_TYPE, an integer type, in the order of its
                       values

   The loop takes the next element by arithmetic on addresses: which array it comes from cannot be predicted. It runs as
   many steps as no array can end in, so that nothing but the elements is looked at. */
#define CREW__STEP(name) CREW__CAT(crew__##name, CREW__INSTANCE)

static inline bool CREW__STEP(set_before)(const char *x, const char *y, const struct crew__order *o)
{
    (void)o;
    return CREW__BEFORE(x, y) != 0;
}

/* How many elements equal that at v: of x's last ones where `back` is true, none of which is after it, else of its
   first ones, none of which is before it. By doubling steps: runs are short mostly. */
static size_t CREW__STEP(set_run)(const char *x, size_t n, const char *v, bool back, const struct crew__order *o)
{
    const size_t size = CREW__SIZE;
    size_t low = 0, high = n;
    bool doubling = true;
    while (low < high) {
        size_t probe = low + (high - low + 1) / 2;
        if (doubling && 2 * low + 1 < probe)
            probe = 2 * low + 1;
        const char *e = x + (back ? n - probe : probe - 1) * size;
        if (back ? CREW__STEP(set_before)(e, v, o) : CREW__STEP(set_before)(v, e, o)) {
            high = probe - 1;
            doubling = false;
        } else {
            low = probe;
        }
    }
    return low;
}

static void CREW__STEP(set_split)(const char *a, size_t na, const char *b, size_t nb, size_t k, size_t *i_, size_t *j_,
                                  const struct crew__order *o)
{
    const size_t size = CREW__SIZE;
    size_t i = k > nb ? k - nb : 0, high = k < na ? k : na, j;
    while (i < high) {
        size_t mid = i + (high - i) / 2;
        if (CREW__STEP(set_before)(b + (k - mid - 1) * size, a + mid * size, o))
            high = mid;
        else
            i = mid + 1;
    }
    j = k - i;
    if (k > 0 && k < na + nb) {
        /* The run of the last element: as far as it is in front of k, a's elements first, it is shared out anew. */
        const bool of_b = i == 0 || (j > 0 && !CREW__STEP(set_before)(b + (j - 1) * size, a + (i - 1) * size, o));
        const char *v = of_b ? b + (j - 1) * size : a + (i - 1) * size;
        size_t from_a = CREW__STEP(set_run)(a, i, v, true, o), from_b = CREW__STEP(set_run)(b, j, v, true, o);
        size_t in_a = from_a + CREW__STEP(set_run)(a + i * size, na - i, v, false, o);
        size_t in_b = from_b + CREW__STEP(set_run)(b + j * size, nb - j, v, false, o);
        size_t both = in_a < in_b ? in_a : in_b, taken = from_a + from_b;
        size_t rank = taken <= 2 * both ? taken / 2 : taken - both;
        i = i - from_a + (rank < in_a ? rank : in_a);
        j = j - from_b + (rank < in_b ? rank : in_b);
    }
    *i_ = i;
    *j_ = j;
}

/* Which of two elements is next: *from_a, *from_b; both where they are equal. A comparison that says that each is
   before the other gets a's first. */
static inline void CREW__STEP(set_next)(const char *p, const char *q, size_t *from_a, size_t *from_b,
                                        const struct crew__order *o)
{
    (void)o;
#ifdef CREW__AFTER
    int sign = CREW__AFTER(p, q);
    *from_a = sign <= 0;
    *from_b = sign >= 0;
#else
    *from_a = CREW__BEFORE(q, p) ? 0 : 1;
    *from_b = (CREW__BEFORE(p, q) ? 0 : 1) | (*from_a ^ 1);
#endif
}

static inline size_t CREW__STEP(set_keeps)(size_t from_a, size_t from_b)
{
    return CREW__SET == CREW_SET_UNION          ? 1
           : CREW__SET == CREW_SET_INTERSECTION ? from_a & from_b
           : CREW__SET == CREW_SET_DIFFERENCE   ? from_b ^ 1
                                                : from_a ^ from_b;
}

static inline const char *CREW__STEP(set_pick)(size_t from_a, const char *p, const char *q)
{
    return CREW__SET == CREW_SET_INTERSECTION || CREW__SET == CREW_SET_DIFFERENCE ? p : crew__pick(0 - from_a, p, q);
}

static size_t CREW__STEP(set_part)(const char *a, size_t na, const char *b, size_t nb, char *out, size_t most,
                                   const struct crew__order *o)
{
    const size_t size = CREW__SIZE;
    char room[CREW__SET_ROOM];
    size_t limit = size <= CREW__SET_ROOM / 64 ? 64 : CREW__SET_ROOM / size, turns = limit; /* the first are a sample */
    size_t count = 0, from_a = 0, from_b = 0;
    if (na + nb > most) { /* one more, if it begins with a pair: else the arrays are not sorted */
        if (na == 0 || nb == 0 || na + nb > most + 1)
            return 0;
        CREW__STEP(set_next)(a, b, &from_a, &from_b, o);
        if ((from_a & from_b) == 0)
            return 0;
    }
    while (na > 0 && nb > 0) {
        size_t steps = na < nb ? na : nb, kept = 0;
#ifdef CREW__KEY
        steps--; /* the element after the last step's is read */
#endif
        if (steps < 4 || size > CREW__SET_MOVED) {
            CREW__STEP(set_next)(a, b, &from_a, &from_b, o);
            kept = CREW__STEP(set_keeps)(from_a, from_b);
            if (kept > 0 && out != NULL)
                memcpy(out + count * size, CREW__STEP(set_pick)(from_a, a, b), size);
            count += kept;
            a += size & (0 - from_a);
            b += size & (0 - from_b);
            na -= from_a;
            nb -= from_b;
            continue;
        }
        const bool direct = CREW__SET == CREW_SET_UNION && out != NULL;
        const char *p = a, *q = b;
        char *to = direct ? out + count * size : room;
        steps = steps < limit ? steps : limit;
        /* Arrays whose turns can be predicted take a quarter of the time with branches, others twice as long. */
        bool steady = turns < limit / 8;
        limit = CREW__SET_ROOM / size;
        turns = 0;
        if (steady)
            for (size_t s = 0; s < steps; s++) {
                size_t next_a, next_b;
                CREW__STEP(set_next)(p, q, &next_a, &next_b, o);
                if (!CREW__EXPECT(next_a == from_a && next_b == from_b)) {
                    from_a = next_a;
                    from_b = next_b;
                    turns++;
                }
                if (CREW__STEP(set_keeps)(from_a, from_b) > 0) {
                    memcpy(to + kept * size, CREW__STEP(set_pick)(from_a, p, q), size);
                    kept++;
                }
                if (from_a > 0)
                    p += size;
                if (from_b > 0)
                    q += size;
            }
        else {
#ifdef CREW__KEY
            /* The next elements are there before it is known which is needed: 0.7 of the time. */
            CREW__KEY_TYPE x = CREW__KEY(p), y = CREW__KEY(q);
#endif
            for (size_t s = 0; s < steps; s++) {
                size_t last = from_a + 2 * from_b;
#ifdef CREW__KEY
                CREW__KEY_TYPE next_x = CREW__KEY(p + size), next_y = CREW__KEY(q + size);
                from_a = (size_t)(x <= y);
                from_b = (size_t)(y <= x);
                x ^= (x ^ next_x) & (0 - (CREW__KEY_TYPE)from_a);
                y ^= (y ^ next_y) & (0 - (CREW__KEY_TYPE)from_b);
#else
                CREW__STEP(set_next)(p, q, &from_a, &from_b, o);
#endif
                memcpy(to + kept * size, CREW__STEP(set_pick)(from_a, p, q), size);
                kept += CREW__STEP(set_keeps)(from_a, from_b);
                p += size & (0 - from_a);
                q += size & (0 - from_b);
                turns += last != from_a + 2 * from_b;
            }
        }
        if (!direct && out != NULL)
            memcpy(out + count * size, room, kept * size);
        count += kept;
        na -= (size_t)(p - a) / size;
        nb -= (size_t)(q - b) / size;
        a = p;
        b = q;
    }
    const bool both = CREW__SET == CREW_SET_UNION || CREW__SET == CREW_SET_SYMMETRIC_DIFFERENCE;
    size_t rest = CREW__SET == CREW_SET_INTERSECTION ? 0 : both && na == 0 ? nb : na;
    if (both && na == 0)
        a = b;
    if (rest > 0 && out != NULL)
        memcpy(out + count * size, a, rest * size);
    return count + rest;
}

static const struct crew__set_steps CREW__STEP(set_steps) = {CREW__STEP(set_split), CREW__STEP(set_part)};

#undef CREW__STEP
#undef CREW__INSTANCE
#undef CREW__SIZE
#undef CREW__BEFORE
#undef CREW__AFTER
#undef CREW__SET
#undef CREW__KEY
