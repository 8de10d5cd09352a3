/* check_bits_{f32..u64}, check_few_{f32..u64}, check_ties_{f32..u64}, check_nans_{f32,f64}, check_infinities_{f32,f64}:
   every typed reduction against the oracles, on every instruction set and thread count. */

#define SUM __typeof__(CREW__CAT(crew_sum, TYPE)(NULL, 0))
#define ACC __typeof__(CREW__CAT(oracle_sum, TYPE)(NULL, NULL, 0)) /* before it is rounded to SUM */

struct CREW__CAT(expected, TYPE) {
    SUM sum, dot;
    double mean;
    ELEMENT min, max;
    size_t argmin, argmax;
};

static void CREW__CAT(fill, TYPE)(ELEMENT *x, size_t n, int kind, uint64_t *seed)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t r = oracle_random(seed);
#if FLOATING
        double wide = ldexp((double)(int64_t)r, (int)(oracle_random(seed) % 40) - 60);
        static const double few[] = {-0.0, 0.0, 1.0, -0.0};
        x[i] = (ELEMENT)(kind == 0 ? wide : kind == 1 ? few[r % 3] : few[r % 2]);
#else
        x[i] = kind == 0 ? (ELEMENT)r : (ELEMENT)(r % 3);
        if (kind == 2) /* sums and products wrap */
            x[i] = (ELEMENT)(r % 2 ? (ELEMENT) ~(ELEMENT)0 : (ELEMENT)((ELEMENT)1 << (8 * sizeof(ELEMENT) - 2)));
#endif
    }
}

static struct CREW__CAT(expected, TYPE) CREW__CAT(expect, TYPE)(const ELEMENT *x, const ELEMENT *y, size_t n)
{
    ACC sum = CREW__CAT(oracle_sum, TYPE)(x, NULL, n);
    struct CREW__CAT(expected, TYPE) e = {
        .sum = (SUM)sum,
        .dot = (SUM)CREW__CAT(oracle_sum, TYPE)(x, y, n),
        .min = CREW__CAT(oracle_extreme, TYPE)(x, n, 1),
        .max = CREW__CAT(oracle_extreme, TYPE)(x, n, -1),
        .argmin = CREW__CAT(oracle_arg, TYPE)(x, n, 1),
        .argmax = CREW__CAT(oracle_arg, TYPE)(x, n, -1),
    };
#if FLOATING
    e.mean = n == 0 ? (double)NAN : sum / (double)n;
#else
    e.mean = n == 0 ? (double)NAN : (double)(SUM)sum / (double)n;
#endif
    return e;
}

static void CREW__CAT(compare, TYPE)(const ELEMENT *x, const ELEMENT *y, size_t n,
                                     const struct CREW__CAT(expected, TYPE) * e)
{
    SUM sum = CREW__CAT(crew_sum, TYPE)(x, n), dot = CREW__CAT(crew_dot, TYPE)(x, y, n);
    double mean = CREW__CAT(crew_mean, TYPE)(x, n);
    ELEMENT min = CREW__CAT(crew_min, TYPE)(x, n), max = CREW__CAT(crew_max, TYPE)(x, n), low, high, only;
    CREW__CAT(crew_minmax, TYPE)(x, n, &low, &high);
    SAME(sum, e->sum, n);
    SAME(dot, e->dot, n);
    SAME(mean, e->mean, n);
    SAME(min, e->min, n);
    SAME(max, e->max, n);
    SAME(low, e->min, n);
    SAME(high, e->max, n);
    CREW__CAT(crew_minmax, TYPE)(x, n, &only, NULL);
    SAME(only, e->min, n);
    CREW__CAT(crew_minmax, TYPE)(x, n, NULL, &only);
    SAME(only, e->max, n);
    CREW__CAT(crew_minmax, TYPE)(x, n, NULL, NULL);
    ck_assert_uint_eq(CREW__CAT(crew_argmin, TYPE)(x, n), e->argmin);
    ck_assert_uint_eq(CREW__CAT(crew_argmax, TYPE)(x, n), e->argmax);
}

/* Arrays begin at the first or second element, so that vectors are aligned or not, and differently for x and y. */
static void CREW__CAT(check_bits, TYPE)(int kind)
{
    uint64_t seed = test_seed();
    ELEMENT *x = test_alloc((LARGEST + 1) * sizeof *x), *y = test_alloc((LARGEST + 1) * sizeof *y);
    CREW__CAT(fill, TYPE)(x, LARGEST + 1, kind, &seed);
    CREW__CAT(fill, TYPE)(y, LARGEST + 1, kind, &seed);
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        const ELEMENT *xs = x + s % 2, *ys = y + s / 2 % 2;
        struct CREW__CAT(expected, TYPE) e = CREW__CAT(expect, TYPE)(xs, ys, sizes[s]);
        for (size_t c = 0; c < sizeof configurations / sizeof configurations[0]; c++) {
            configure(c);
            CREW__CAT(compare, TYPE)(xs, ys, sizes[s], &e);
        }
    }
    free(x);
    free(y);
}

/* Every small size, elements that are equal, zeros of both signs and subnormal often. */
static void CREW__CAT(check_few, TYPE)(void)
{
    enum { MOST_FEW = 70, TRIALS = 40 };
#if FLOATING
    const ELEMENT values[] = {(ELEMENT)-0.0, 0, MOST, LEAST, 1, -1, (ELEMENT)0x1p-140, (ELEMENT)NAN};
#else
    const ELEMENT values[] = {LEAST, 0, MOST, 1, 2, 3, 4, 5};
#endif
    uint64_t seed = test_seed();
    ELEMENT x[MOST_FEW], y[MOST_FEW];
    configure(0);
    for (size_t n = 0; n <= MOST_FEW; n++)
        for (unsigned trial = 0; trial < TRIALS; trial++) {
            unsigned kinds = trial % 8 + 1;
            for (size_t i = 0; i < n; i++) {
                x[i] = values[oracle_random(&seed) % kinds];
                y[i] = values[oracle_random(&seed) % kinds];
            }
            struct CREW__CAT(expected, TYPE) e = CREW__CAT(expect, TYPE)(x, y, n);
#if FLOATING
            e.sum = e.sum == e.sum ? e.sum : (SUM)NAN;
            e.dot = e.dot == e.dot ? e.dot : (SUM)NAN;
            e.mean = e.mean == e.mean ? e.mean : (double)NAN;
            e.min = e.min == e.min ? e.min : (ELEMENT)NAN;
            e.max = e.max == e.max ? e.max : (ELEMENT)NAN;
#endif
            CREW__CAT(compare, TYPE)(x, y, n, &e);
        }
}

/* Two best elements at every pair of places that leaves, vectors and chunks make different: the first is found. */
static void CREW__CAT(check_ties, TYPE)(void)
{
    static const size_t places[] = {0, 1, 31, 32, 63, 64, 2047, 4095, 4096, 4097, 8191, 8192, 100005, 100006};
    enum { N = 100007, PLACES = sizeof places / sizeof places[0] };
    ELEMENT *x = test_alloc(N * sizeof *x);
    for (size_t i = 0; i < N; i++)
        x[i] = (ELEMENT)(i % 5 + 5);
    for (size_t c = 0; c < sizeof configurations / sizeof configurations[0]; c++)
        for (size_t p = 0; p < PLACES; p++)
            for (size_t q = p; q < PLACES; q++) {
                ELEMENT was_p = x[places[p]], was_q = x[places[q]];
                configure(c);
                x[places[p]] = x[places[q]] = 1;
                ck_assert_uint_eq(CREW__CAT(crew_argmin, TYPE)(x, N), places[p]);
                ck_assert_uint_eq(CREW__CAT(crew_argmax, TYPE)(x, N), 4);
                x[places[p]] = x[places[q]] = 100;
                ck_assert_uint_eq(CREW__CAT(crew_argmax, TYPE)(x, N), places[p]);
                x[places[q]] = was_q;
                x[places[p]] = was_p;
            }
    free(x);
}

#if FLOATING
/* A NaN anywhere wins, and the first of two. */
static void CREW__CAT(check_nans, TYPE)(void)
{
    static const size_t places[] = {0, 1, 31, 40, 64, 4000, 4095, 4096, 50000, 99999, 100005, 100006};
    enum { N = 100007, PLACES = sizeof places / sizeof places[0] };
    ELEMENT *x = test_alloc(N * sizeof *x), low, high;
    uint64_t seed = test_seed();
    CREW__CAT(fill, TYPE)(x, N, 0, &seed);
    for (size_t c = 0; c < sizeof configurations / sizeof configurations[0]; c++)
        for (size_t p = 0; p < PLACES; p++) {
            ELEMENT was = x[places[p]], last = x[N - 1];
            configure(c);
            x[places[p]] = (ELEMENT)(p % 2 ? NAN : -NAN);
            for (int twice = 0; twice < 2; twice++) {
                ck_assert_uint_eq(CREW__CAT(crew_argmin, TYPE)(x, N), places[p]);
                ck_assert_uint_eq(CREW__CAT(crew_argmax, TYPE)(x, N), places[p]);
                low = high = 0;
                CREW__CAT(crew_minmax, TYPE)(x, N, &low, &high);
                SAME(low, (ELEMENT)NAN, places[p]);
                SAME(high, (ELEMENT)NAN, places[p]);
                SAME(CREW__CAT(crew_min, TYPE)(x, N), (ELEMENT)NAN, places[p]);
                SAME(CREW__CAT(crew_max, TYPE)(x, N), (ELEMENT)NAN, places[p]);
                SAME(CREW__CAT(crew_sum, TYPE)(x, N), (ELEMENT)NAN, places[p]);
                SAME(CREW__CAT(crew_dot, TYPE)(x, x, N), (ELEMENT)NAN, places[p]);
                SAME(CREW__CAT(crew_mean, TYPE)(x, N), (double)NAN, places[p]);
                SAME(CREW__CAT(crew_norm2, TYPE)(x, N), (ELEMENT)NAN, places[p]);
                x[N - 1] = (ELEMENT)NAN;
            }
            x[N - 1] = last;
            x[places[p]] = was;
        }
    free(x);
}

static void CREW__CAT(check_infinities, TYPE)(void)
{
    enum { N = 40003 };
    ELEMENT *x = test_alloc(N * sizeof *x);
    for (size_t c = 0; c < sizeof configurations / sizeof configurations[0]; c++) {
        configure(c);
        for (size_t i = 0; i < N; i++)
            x[i] = (ELEMENT)INFINITY;
        ck_assert_uint_eq(CREW__CAT(crew_argmin, TYPE)(x, N), 0);
        ck_assert_uint_eq(CREW__CAT(crew_argmax, TYPE)(x, N), 0);
        SAME(CREW__CAT(crew_min, TYPE)(x, N), (ELEMENT)INFINITY, N);
        SAME(CREW__CAT(crew_sum, TYPE)(x, N), (ELEMENT)INFINITY, N);
        SAME(CREW__CAT(crew_norm2, TYPE)(x, N), (ELEMENT)INFINITY, N);
        x[N / 2] = (ELEMENT)-INFINITY;
        ck_assert_uint_eq(CREW__CAT(crew_argmin, TYPE)(x, N), N / 2);
        SAME(CREW__CAT(crew_sum, TYPE)(x, N), (ELEMENT)NAN, N);
        SAME(CREW__CAT(crew_mean, TYPE)(x, N), (double)NAN, N);
        SAME(CREW__CAT(crew_norm2, TYPE)(x, N), (ELEMENT)INFINITY, N);
        for (size_t i = 0; i < N; i++)
            x[i] = (ELEMENT)(i == N - 1 ? -INFINITY : 1);
        SAME(CREW__CAT(crew_sum, TYPE)(x, N), (ELEMENT)-INFINITY, N);
        ck_assert_uint_eq(CREW__CAT(crew_argmin, TYPE)(x, N), N - 1);
        SAME(CREW__CAT(crew_norm2, TYPE)(x, N), (ELEMENT)INFINITY, N);
    }
    free(x);
}
#endif

#undef SUM
#undef ACC
