/* {sum,dot,squares,numbers,ones}_{f32..u64}: a kernel that adds up terms. Parameters, beside those of a type:

   OP        sum, dot, squares, numbers or ones; undefined at the end
   ACC       accumulator type, double or uint64_t, and
   MEMBER    the member of union crew__scalar for it
   ACCS      accumulators kept in registers at once, 4 or 8; WIDTH * ACCS divides 32 */

#define SUM CREW__CAT(OP, TYPE)
#define VECTOR CREW__CAT(acc, MEMBER)
#define WIDTH (sizeof(VECTOR) / sizeof(ACC))
#define LOAD(p) LOAD_AS(VECTOR, p)
#define STORE(p, v) STORE_AS(VECTOR, p, v)
#define WIDEN CREW__CAT(WIDEN, TYPE)
#define MULTIPLY CREW__CAT(MULTIPLY, TYPE)

/* The terms of elements i .. i + WIDTH - 1, that of element i, and how far y moves on with n elements of x. */
#define TERMS CREW__JOIN(TERMS_, OP)
#define TERM CREW__JOIN(TERM_, OP)
#define STEP CREW__JOIN(STEP_, OP)

#define TERMS_sum(x, y, i) WIDEN((x) + (i))
#define TERM_sum(x, y, i) ((ACC)(x)[i])
#define STEP_sum(n) (n)

#define TERMS_dot(x, y, i) MULTIPLY(WIDEN((x) + (i)), WIDEN((y) + (i)))
#define TERM_dot(x, y, i) ((ACC)(x)[i] * (ACC)(y)[i])
#define STEP_dot(n) (n)

#define TERMS_squares(x, y, i) ((WIDEN((x) + (i)) * *(y)) * (WIDEN((x) + (i)) * *(y)))
#define TERM_squares(x, y, i) (((x)[i] * *(y)) * ((x)[i] * *(y)))
#define STEP_squares(n) 0

#define TERMS_numbers(x, y, i) numbers_of(WIDEN((x) + (i)), WIDEN((x) + (i)))
#define TERM_numbers(x, y, i) ((x)[i] == (x)[i] ? (ACC)(x)[i] : 0)
#define STEP_numbers(n) (n)

#define TERMS_ones(x, y, i) numbers_of(WIDEN((x) + (i)), FILL_AS(VECTOR, 1.0))
#define TERM_ones(x, y, i) ((x)[i] == (x)[i] ? 1.0 : 0.0)
#define STEP_ones(n) (n)

/* Adds rows * 32 elements to lanes. */
FUNCTION void CREW__CAT(SUM, rows)(const ELEMENT *x, const ELEMENT *y, size_t rows, ACC *lanes)
{
    (void)y;
    for (size_t first = 0; first < 32; first += WIDTH * ACCS) {
        ACC *lane = lanes + first;
        VECTOR a0 = LOAD(lane), a1 = LOAD(lane + WIDTH), a2 = LOAD(lane + 2 * WIDTH), a3 = LOAD(lane + 3 * WIDTH);
#if ACCS == 8
        VECTOR a4 = LOAD(lane + 4 * WIDTH), a5 = LOAD(lane + 5 * WIDTH);
        VECTOR a6 = LOAD(lane + 6 * WIDTH), a7 = LOAD(lane + 7 * WIDTH);
#endif
        for (size_t i = first; i < 32 * rows; i += 32) {
            a0 = a0 + TERMS(x, y, i);
            a1 = a1 + TERMS(x, y, i + WIDTH);
            a2 = a2 + TERMS(x, y, i + 2 * WIDTH);
            a3 = a3 + TERMS(x, y, i + 3 * WIDTH);
#if ACCS == 8
            a4 = a4 + TERMS(x, y, i + 4 * WIDTH);
            a5 = a5 + TERMS(x, y, i + 5 * WIDTH);
            a6 = a6 + TERMS(x, y, i + 6 * WIDTH);
            a7 = a7 + TERMS(x, y, i + 7 * WIDTH);
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
FUNCTION int SUM(const void *xs, const void *ys, size_t n, struct crew__partial *out)
{
    const ELEMENT *x = (const ELEMENT *)xs, *y = (const ELEMENT *)ys;
    ACC turned[64] = {0}, *lanes = turned;
    size_t skip = crew__kernel_skip(x, sizeof *x, WIDTH, n), rows = (n - skip) / 32, i = 0;
    for (; i < skip; i++)
        turned[32 - skip + i] += TERM(x, y, i);
    CREW__CAT(SUM, rows)(x + skip, y + STEP(skip), rows, turned);
    i += 32 * rows;
    for (; n - i >= WIDTH; i += WIDTH) {
        ACC *lane = turned + (i - skip) % 32;
        STORE(lane, LOAD(lane) + TERMS(x, y, i));
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
            STORE(lanes + l, LOAD(lanes + l) + LOAD(lanes + l + half));
    for (; half > 0; half /= 2)
        for (size_t l = 0; l < half; l++)
            lanes[l] += lanes[l + half];
    out->value.MEMBER = lanes[0];
    return 0;
}

#undef SUM
#undef VECTOR
#undef WIDTH
#undef LOAD
#undef STORE
#undef WIDEN
#undef MULTIPLY
#undef TERMS
#undef TERM
#undef STEP
#undef TERMS_sum
#undef TERM_sum
#undef STEP_sum
#undef TERMS_dot
#undef TERM_dot
#undef STEP_dot
#undef TERMS_squares
#undef TERM_squares
#undef STEP_squares
#undef TERMS_numbers
#undef TERM_numbers
#undef STEP_numbers
#undef TERMS_ones
#undef TERM_ones
#undef STEP_ones
#undef OP
