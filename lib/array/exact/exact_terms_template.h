/* {bins,largest}_{sum_f64,sum_f32,dot_f32}: the kernels of one kind of terms. Parameters, TYPE and ELEMENT beside them:

   OP   sum or dot; undefined at the end */

#define KIND CREW__CAT(OP, TYPE)
#define WIDEN CREW__CAT(WIDEN, TYPE)
#define TERMS CREW__JOIN(TERMS_, OP)
#define TERM CREW__JOIN(TERM_, OP)
#define TERMS_sum(i) WIDEN(x + (i))
#define TERM_sum(i) ((double)x[i])
#define TERMS_dot(i) (WIDEN(x + (i)) * WIDEN(y + (i)))
#define TERM_dot(i) ((double)x[i] * (double)y[i])

/* Terms before the first load that is aligned to a cache line, and after the last whole group, zeros after them: in
   some groups of WIDTH, *groups, of `edges`. Returns how many stand before; *end becomes where those after begin. */
static size_t CREW__CAT(edges, KIND)(const ELEMENT *x, const ELEMENT *y, size_t n, double *edges, size_t *end,
                                     size_t *groups)
{
    size_t count = 0;
    size_t skip = WIDTH < 4 || n < 256 ? 0 : (size_t)(-(uintptr_t)x % CREW__CACHE_LINE) / sizeof *x;
    (void)y;
    *end = skip + (n - skip) / UNROLLED * UNROLLED;
    for (size_t i = 0; i < skip; i++)
        edges[count++] = TERM(i);
    for (size_t i = *end; i < n; i++)
        edges[count++] = TERM(i);
    for (; count % WIDTH != 0; count++)
        edges[count] = 0;
    *groups = count / WIDTH;
    return skip;
}

FUNCTION int CREW__CAT(bins, KIND)(const void *xs, const void *ys, size_t n, int high, int64_t *k)
{
    const ELEMENT *x = (const ELEMENT *)xs, *y = (const ELEMENT *)ys;
    double edges[16 + UNROLLED + WIDTH];
    size_t end, groups, i = CREW__CAT(edges, KIND)(x, y, n, edges, &end, &groups), terms = end - i + groups * WIDTH;
    double one = 1;
    CREW__FP_HOLD(one);
    struct bins b = empty_bins(high, one);
    for (; i < end; i += UNROLLED) {
        add_to_bins(&b, TERMS(i));
        add_to_bins(&b, TERMS(i + WIDTH));
        add_to_bins(&b, TERMS(i + 2 * WIDTH));
        add_to_bins(&b, TERMS(i + 3 * WIDTH));
    }
    for (size_t g = 0; g < groups; g++)
        add_to_bins(&b, LOAD(edges + g * WIDTH));
    (void)y;
    return read_bins(&b, high, terms, k) == CREW__EXACT_DONE;
}

FUNCTION double CREW__CAT(largest, KIND)(const void *xs, const void *ys, size_t n)
{
    const ELEMENT *x = (const ELEMENT *)xs, *y = (const ELEMENT *)ys;
    double edges[16 + UNROLLED + WIDTH], lanes[WIDTH], largest = 0;
    size_t end, groups, i = CREW__CAT(edges, KIND)(x, y, n, edges, &end, &groups);
    VECTOR m = FILL(0.0), m1 = m, m2 = m, m3 = m;
    for (; i < end; i += UNROLLED) {
        VECTOR a = TERMS(i), b = TERMS(i + WIDTH), c = TERMS(i + 2 * WIDTH), d = TERMS(i + 3 * WIDTH);
        a = MAGNITUDE(a), b = MAGNITUDE(b), c = MAGNITUDE(c), d = MAGNITUDE(d);
        m = HIGHER_f64(a, m);
        m1 = HIGHER_f64(b, m1);
        m2 = HIGHER_f64(c, m2);
        m3 = HIGHER_f64(d, m3);
    }
    for (size_t g = 0; g < groups; g++) {
        VECTOR a = MAGNITUDE(LOAD(edges + g * WIDTH));
        m = HIGHER_f64(a, m);
    }
    m = HIGHER_f64(m1, m);
    m2 = HIGHER_f64(m3, m2);
    m = HIGHER_f64(m2, m);
    STORE(lanes, m);
    for (size_t l = 0; l < WIDTH; l++)
        largest = lanes[l] > largest ? lanes[l] : largest;
    (void)y;
    return largest;
}

#undef KIND
#undef WIDEN
#undef TERMS
#undef TERM
#undef TERMS_sum
#undef TERM_sum
#undef TERMS_dot
#undef TERM_dot
#undef OP
