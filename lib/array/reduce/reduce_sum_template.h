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
   LOAD STORE ADD   from and to an array of ACC, sum
   MEMBER        member of union crew__scalar for ACC
   FUNCTION      what stands before a function: static and attributes

   and CREW__CAT from kernel_all_template.h, which includes this file. */

enum { CREW__CAT(SUM, pass) = WIDTH * ACCS };

/* Adds rows * 32 elements to lanes. */
FUNCTION void CREW__CAT(SUM, rows)(const ELEMENT *x, const ELEMENT *y, size_t rows, ACC *lanes)
{
    (void)y;
    for (size_t first = 0; first < 32; first += CREW__CAT(SUM, pass)) {
        ACC *lane = lanes + first;
        VECTOR a0 = LOAD(lane), a1 = LOAD(lane + WIDTH), a2 = LOAD(lane + 2 * WIDTH), a3 = LOAD(lane + 3 * WIDTH);
#if ACCS == 8
        VECTOR a4 = LOAD(lane + 4 * WIDTH), a5 = LOAD(lane + 5 * WIDTH);
        VECTOR a6 = LOAD(lane + 6 * WIDTH), a7 = LOAD(lane + 7 * WIDTH);
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
        STORE(lane, a0);
        STORE(lane + WIDTH, a1);
        STORE(lane + 2 * WIDTH, a2);
        STORE(lane + 3 * WIDTH, a3);
#if ACCS == 8
        STORE(lane + 4 * WIDTH, a4);
        STORE(lane + 5 * WIDTH, a5);
        STORE(lane + 6 * WIDTH, a6);
        STORE(lane + 7 * WIDTH, a7);
#endif
    }
}

/* Rows begin at the first element that is aligned to a cache line, `skip`: large arrays from malloc are never aligned,
   and a wide load across two lines takes twice the time. Lane l is kept in turned[(l - skip) % 32]. */
FUNCTION ACC CREW__CAT(SUM, leaf)(const ELEMENT *x, const ELEMENT *y, size_t n)
{
    ACC turned[64] = {0}, *lanes = turned;
    size_t skip = crew__kernel_skip(x, sizeof *x, WIDTH, n), rows = (n - skip) / 32, i = 0;
    for (; i < skip; i++)
        turned[32 - skip + i] += TERM(x, y, i);
    CREW__CAT(SUM, rows)(x + skip, y + STEP(skip), rows, turned);
    i += 32 * rows;
    for (; n - i >= WIDTH; i += WIDTH) {
        ACC *lane = turned + (i - skip) % 32;
        STORE(lane, ADD(LOAD(lane), TERMS(x, y, i)));
    }
    for (; i < n; i++)
        turned[(i - skip) % 32] += TERM(x, y, i);
    if (skip > 0) {
        for (size_t l = 0; l < 32; l += WIDTH)
            STORE(turned + 32 + l, LOAD(turned + l));
        lanes = turned + 32 - skip;
    }
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
