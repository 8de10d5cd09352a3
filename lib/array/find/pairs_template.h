/* {adjacent,may_descend,descent,differ,sequence}_TYPE, for each_type_template.h. Parameters of find_pairs.c:
   NAME(verb), the name of a function, and TARGET, what stands before it.

   Blocks of CHUNK are asked whether any item may be the one, which compilers make vector code of, then items. */
#if FLOATING
#define SAME(a, b) (((a) == (b)) | (((a) != (a)) & ((b) != (b))))
#else
#define SAME(a, b) ((a) == (b))
#endif

/* The lowest i < n where x[i] and x[i + 1] are equal, else n. */
TARGET static size_t NAME(adjacent)(const void *xs, size_t n)
{
    const ELEMENT *x = xs;
    size_t i = 0;
    for (; n - i >= CHUNK; i += CHUNK) {
        WORD any = 0;
        for (size_t j = 0; j < CHUNK; j++)
            any |= (WORD)SAME(x[i + j], x[i + j + 1]);
        if (any)
            break;
    }
    while (i < n && !SAME(x[i], x[i + 1]))
        i++;
    return i;
}

/* Whether any of the CHUNK pairs from x on may be out of order. Floats with equal bits are not, -0 after +0 may be. */
TARGET static inline bool NAME(may_descend)(const ELEMENT *x)
{
    WORD any = 0;
    for (size_t j = 0; j < CHUNK; j++) {
#if FLOATING
        WORD left, right;
        memcpy(&left, &x[j], sizeof left);
        memcpy(&right, &x[j + 1], sizeof right);
        any |= (WORD) !(x[j] < x[j + 1]) & (WORD)(left != right);
#else
        any |= (WORD)(x[j + 1] < x[j]);
#endif
    }
    return any != 0;
}

/* The lowest i < n where a sort would put x[i + 1] before x[i], else n. The last chunk overlaps the one before. */
TARGET static size_t NAME(descent)(const void *xs, size_t n)
{
    const ELEMENT *x = xs;
#if FLOATING
    const struct crew__key key = crew__sort_types[ID].key;
#endif
    size_t i = 0;
    for (size_t end; i < n; i = end) {
        end = n - i < CHUNK ? n : i + CHUNK;
        for (bool any = n < CHUNK || NAME(may_descend)(x + end - CHUNK); any && i < end; i++) {
#if FLOATING
            WORD left, right;
            memcpy(&left, &x[i], sizeof left);
            memcpy(&right, &x[i + 1], sizeof right);
            if ((x[i] < x[i + 1]) | (left == right))
                continue;
            if (CREW__CAT(crew__rank, BITS)(right, &key) < CREW__CAT(crew__rank, BITS)(left, &key))
                return i;
#else
            if (x[i + 1] < x[i])
                return i;
#endif
        }
    }
    return n;
}

/* The lowest i < n where a[i] and b[i] differ, else n. */
TARGET static size_t NAME(differ)(const void *as, const void *bs, size_t n)
{
    const ELEMENT *a = as, *b = bs;
    size_t i = 0;
    for (; n - i >= CHUNK; i += CHUNK) {
        WORD any = 0;
        for (size_t j = 0; j < CHUNK; j++)
            any |= (WORD)!SAME(a[i + j], b[i + j]);
        if (any)
            break;
    }
    while (i < n && SAME(a[i], b[i]))
        i++;
    return i;
}

/* The lowest i < n where the m elements of y are x[i] .. x[i + m - 1], else n; m is not 0. */
TARGET static size_t NAME(sequence)(const void *xs, size_t n, const void *ys, size_t m)
{
    const ELEMENT *x = xs, *y = ys, *last = x + (m - 1);
    const ELEMENT y_first = y[0], y_last = y[m - 1];
    for (size_t i = 0, end; i < n; i = end) {
        WORD any = 0;
        end = n - i < CHUNK ? n : i + CHUNK;
        if (end - i == CHUNK)
            for (size_t j = 0; j < CHUNK; j++)
                any |= (WORD)(SAME(x[i + j], y_first) & SAME(last[i + j], y_last));
        else
            any = 1;
        for (; any && i < end; i++)
            if (SAME(x[i], y_first) && SAME(last[i], y_last) && NAME(differ)(x + i, y, m) == m)
                return i;
    }
    return n;
}

#undef SAME
