/* A kernel that adds up terms. Parameters, undefined at the end:

   SUM           name of the kernel
   ELEMENT       element type
   ACC           accumulator type, double or uint64_t
   VECTOR        vector of WIDTH accumulators
   WIDTH         a power of two, at most 8
   ACCS          accumulators kept in registers at once, 4 or 8; WIDTH * ACCS divides 32
   TERMS(x,y,i)  VECTOR of the terms of elements i .. i + WIDTH - 1
   TERM(x,y,i)   the term of element i, an ACC
   STEP(n)       how far y moves on with n elements of x
   LOAD STORE ADD ZERO   from and to an array of ACC, sum, VECTOR of zeros
   MEMBER        member of union crew__scalar for ACC
   FUNCTION      what stands before a function: static and attributes

   and CREW__CAT from kernel_all_template.h, which includes this file. */

enum { CREW__CAT(SUM, pass) = WIDTH * ACCS };

/* Adds rows * 32 elements to lanes that are zero. */
FUNCTION void CREW__CAT(SUM, rows)(const ELEMENT *x, const ELEMENT *y, size_t rows, ACC *lanes)
{
    (void)y;
    for (size_t first = 0; first < 32; first += CREW__CAT(SUM, pass)) {
        VECTOR a0 = ZERO(), a1 = a0, a2 = a0, a3 = a0;
#if ACCS == 8
        VECTOR a4 = a0, a5 = a0, a6 = a0, a7 = a0;
#endif
        for (size_t i = first; i < 32 * rows; i += 32) {
            a0 = ADD(a0, TERMS(x, y, i));
            a1 = ADD(a1, TERMS(x, y, i + WIDTH));
            a2 = ADD(a2, TERMS(x, y, i + 2 * WIDTH));
            a3 = ADD(a3, TERMS(x, y, i + 3 * WIDTH));
#if ACCS == 8
            a4 = ADD(a4, TERMS(x, y, i + 4 * WIDTH));
            a5 = ADD(a5, TERMS(x, y, i + 5 * WIDTH));
            a6 = ADD(a6, TERMS(x, y, i + 6 * WIDTH));
            a7 = ADD(a7, TERMS(x, y, i + 7 * WIDTH));
#endif
        }
        STORE(lanes + first, a0);
        STORE(lanes + first + WIDTH, a1);
        STORE(lanes + first + 2 * WIDTH, a2);
        STORE(lanes + first + 3 * WIDTH, a3);
#if ACCS == 8
        STORE(lanes + first + 4 * WIDTH, a4);
        STORE(lanes + first + 5 * WIDTH, a5);
        STORE(lanes + first + 6 * WIDTH, a6);
        STORE(lanes + first + 7 * WIDTH, a7);
#endif
    }
}

FUNCTION ACC CREW__CAT(SUM, leaf)(const ELEMENT *x, const ELEMENT *y, size_t n)
{
    ACC lanes[32];
    CREW__CAT(SUM, rows)(x, y, n / 32, lanes);
    for (size_t i = n / 32 * 32; i < n; i++)
        lanes[i % 32] += TERM(x, y, i);
    size_t half = 16;
    for (; half >= WIDTH; half /= 2)
        for (size_t l = 0; l < half; l += WIDTH)
            STORE(lanes + l, ADD(LOAD(lanes + l), LOAD(lanes + l + half)));
    for (; half > 0; half /= 2)
        for (size_t l = 0; l < half; l++)
            lanes[l] += lanes[l + half];
    return lanes[0];
}

FUNCTION void SUM(const void *xs, const void *ys, size_t n, size_t first_leaf, struct crew__partial *out)
{
    const ELEMENT *x = (const ELEMENT *)xs, *y = (const ELEMENT *)ys;
    ACC group[8 * sizeof n]; /* of 2^k leaves, k falling */
    size_t groups = 0;
    (void)first_leaf;
    for (size_t leaf = 0; leaf * CREW__LEAF < n; leaf++) {
        size_t begin = leaf * CREW__LEAF, left = n - begin;
        ACC sum = CREW__CAT(SUM, leaf)(x + begin, y + STEP(begin), left < CREW__LEAF ? left : CREW__LEAF);
        for (size_t carry = leaf; carry & 1; carry >>= 1)
            sum = group[--groups] + sum;
        group[groups++] = sum;
    }
    ACC sum = groups > 0 ? group[--groups] : 0;
    while (groups > 0)
        sum = group[--groups] + sum;
    out->value.MEMBER = sum;
}

#undef SUM
#undef TERMS
#undef TERM
#undef STEP
