/* check_bits_{f32..u64}, check_segments_{f32..u64}: the typed scans against the documented structure. */

#if FLOATING
#define ACC double /* sums and products are computed in it */
#define ONE_NAN ((ELEMENT)NAN)
#else
#define ACC WORD
#define ONE_NAN 0
#endif
#define SCANS(op) CREW__CAT(crew_scan_inclusive_##op, TYPE), CREW__CAT(crew_scan_exclusive_##op, TYPE)
#define SEGMENTED(op)                                                                                                  \
    CREW__CAT(crew_scan_segmented_inclusive_##op, TYPE), CREW__CAT(crew_scan_segmented_exclusive_##op, TYPE)

typedef ELEMENT CREW__CAT(scan_fn, TYPE)(const ELEMENT *x, ELEMENT *out, size_t n);
typedef void CREW__CAT(segmented_fn, TYPE)(const ELEMENT *x, const unsigned char *flags, ELEMENT *out, size_t n);

static ACC CREW__CAT(join, TYPE)(int op, ACC a, ACC b)
{
    switch (op) {
    case 0:
        return a + b;
    case 1:
        return a * b;
    case 2:
        return isnan((double)a) ? a : isnan((double)b) ? b : (ELEMENT)b < (ELEMENT)a ? b : a;
    default:
        return isnan((double)a) ? a : isnan((double)b) ? b : (ELEMENT)b > (ELEMENT)a ? b : a;
    }
}

static ACC CREW__CAT(neutral, TYPE)(int op)
{
    return op == 0 ? 0 : op == 1 ? 1 : op == 2 ? (ACC)MOST : (ACC)LEAST;
}

static ELEMENT CREW__CAT(one_nan, TYPE)(ACC a)
{
    return isnan((double)a) ? ONE_NAN : (ELEMENT)a;
}

/* The total of v[0 .. i] of a row of 8, from above: halves, quarters, pairs. */
static ACC CREW__CAT(in_row, TYPE)(int op, const ELEMENT *x, size_t i, size_t width)
{
    if (width == 1)
        return (ACC)x[0];
    size_t half = width / 2;
    if (i < half)
        return CREW__CAT(in_row, TYPE)(op, x, i, half);
    return CREW__CAT(join, TYPE)(op, CREW__CAT(in_row, TYPE)(op, x, half - 1, half),
                                 CREW__CAT(in_row, TYPE)(op, x + half, i - half, half));
}

/* The documented structure, element by element. Integers and extremes: any structure, so this too. */
static ELEMENT CREW__CAT(oracle, TYPE)(int op, const ELEMENT *x, ELEMENT *inclusive, ELEMENT *exclusive, size_t n)
{
    ACC prefix = CREW__CAT(neutral, TYPE)(op), rows = prefix, last = prefix;
    for (size_t i = 0; i < n; i++) {
        exclusive[i] = CREW__CAT(one_nan, TYPE)(last);
        ACC local = CREW__CAT(join, TYPE)(op, rows, CREW__CAT(in_row, TYPE)(op, x + i / 8 * 8, i % 8, 8));
        last = CREW__CAT(join, TYPE)(op, prefix, local);
        inclusive[i] = CREW__CAT(one_nan, TYPE)(last);
        if (i % 8 == 7)
            rows = local;
        if (i % 16384 == 16383) {
            prefix = last;
            rows = CREW__CAT(neutral, TYPE)(op);
        }
    }
    return CREW__CAT(one_nan, TYPE)(last);
}

/* kind 0: anything; 1: near 1; 2: few values, with signed zeros; 3: NaN and infinities; 4: much that over- or
 * underflows */
static void CREW__CAT(random_fill, TYPE)(ELEMENT *x, size_t n, int kind, uint64_t *seed)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t r = oracle_random(seed);
#if FLOATING
        x[i] = (ELEMENT)((double)(int64_t)r * (kind == 1 ? 0x1p-75 : 0x1p-63));
        if (kind == 1)
            x[i] += 1;
        if (kind == 2)
            x[i] = r % 4 == 0 ? (ELEMENT)-0.0 : r % 4 == 1 ? 0 : (ELEMENT)(r % 4);
        if (kind == 3 && r % 30011 == 0)
            x[i] = r % 2 ? (ELEMENT)INFINITY : -(ELEMENT)INFINITY;
        if (kind == 3 && r % 50021 == 7)
            x[i] = -ONE_NAN;
        if (kind == 4) {
            /* Moderate for the most part, so that the first infinity or 0 comes anywhere. f32 is computed in double,
               where only products of many rows overflow. */
            static const double extreme[] = {1e200,  1e-200,   -1e200,    -1e-200, 1e308,
                                             -1e308, INFINITY, -INFINITY, 0,       -0.0};
            static const double narrow[] = {1e38, 1e-38, -1e38, -1e-38, 3e38, -3e38, INFINITY, -INFINITY, 0, -0.0};
            const double *list = sizeof(ELEMENT) == 4 ? narrow : extreme;
            uint64_t pick = r >> 8;
            if (i / 1000 % 3 == 2)
                x[i] = r % 2 ? 2 : (ELEMENT)0.5;
            else
                x[i] = (ELEMENT)list[pick % 64 == 63 ? pick / 64 % 10 : pick % 6];
        }
#else
        x[i] = kind == 2 ? (ELEMENT)(r % 4) : (ELEMENT)(kind == 1 ? r | 1 : r);
#endif
    }
}

static void CREW__CAT(check_bits, TYPE)(int kind)
{
    static CREW__CAT(scan_fn, TYPE) *const scans[][2] = {{SCANS(sum)}, {SCANS(product)}, {SCANS(min)}, {SCANS(max)}};
    uint64_t seed = test_seed();
    ELEMENT *x = test_alloc(LARGEST * sizeof *x), *memory = test_alloc((LARGEST + 4) * sizeof *x), *out;
    ELEMENT *want[2] = {test_alloc(LARGEST * sizeof *x), test_alloc(LARGEST * sizeof *x)};
    for (size_t s = 0; s < SIZES; s++) {
        size_t n = sizes[s];
        CREW__CAT(random_fill, TYPE)(x, n, kind, &seed);
        for (int op = 0; op < 4; op++) {
            ELEMENT total = CREW__CAT(oracle, TYPE)(op, x, want[0], want[1], n);
            for (size_t c = 0; c < CONFIGURATIONS; c++)
                for (int exclusive = 0; exclusive < 2; exclusive++) {
                    configure(c);
                    out = memory + c % 4; /* at any alignment */
                    out[n] = 77;
                    ELEMENT got = scans[op][exclusive](x, out, n);
                    same_bytes(&got, &total, sizeof got, "total", n, op);
                    same_array(out, want[exclusive], sizeof *x, n, op, exclusive);
                    ck_assert(out[n] == 77);
                    memcpy(out, x, n * sizeof *x);
                    got = scans[op][exclusive](out, out, n);
                    same_bytes(&got, &total, sizeof got, "total in place", n, op);
                    same_array(out, want[exclusive], sizeof *x, n, op, exclusive);
                    ck_assert(out[n] == 77);
                }
        }
    }
    free(x);
    free(memory);
    free(want[0]);
    free(want[1]);
}

/* Each stretch between flags, cut at leaves too, has the structure of an array that starts there. */
static void CREW__CAT(check_segments, TYPE)(int kind)
{
    static CREW__CAT(segmented_fn, TYPE) *const scans[][2] = {
        {SEGMENTED(sum)}, {SEGMENTED(product)}, {SEGMENTED(min)}, {SEGMENTED(max)}};
    static const unsigned rarity[] = {1, 3, 100, 30000, 400000};
    uint64_t seed = test_seed();
    ELEMENT *x = test_alloc(LARGEST * sizeof *x), *out = test_alloc(LARGEST * sizeof *x);
    ELEMENT *want[2] = {test_alloc(LARGEST * sizeof *x), test_alloc(LARGEST * sizeof *x)};
    unsigned char *flags = test_alloc(LARGEST);
    for (size_t s = 0; s < SIZES; s++) {
        size_t n = sizes[s];
        CREW__CAT(random_fill, TYPE)(x, n, kind, &seed);
        for (size_t i = 0; i < n; i++)
            flags[i] = (unsigned char)(oracle_random(&seed) % rarity[s % 5] == 0 ? 1 + i % 255 : 0);
        for (int op = 0; op < 4; op++) {
            ACC prefix = CREW__CAT(neutral, TYPE)(op);
            for (size_t begin = 0, end; begin < n; begin = end) {
                end = begin + 1;
                while (end < n && !flags[end] && end % 16384 != 0)
                    end++;
                if (flags[begin])
                    prefix = CREW__CAT(neutral, TYPE)(op);
                ACC last = prefix, rows = CREW__CAT(neutral, TYPE)(op);
                for (size_t i = begin; i < end; i++) {
                    size_t at = i - begin;
                    want[1][i] = CREW__CAT(one_nan, TYPE)(last);
                    ACC local =
                        CREW__CAT(join, TYPE)(op, rows, CREW__CAT(in_row, TYPE)(op, x + begin + at / 8 * 8, at % 8, 8));
                    last = CREW__CAT(join, TYPE)(op, prefix, local);
                    want[0][i] = CREW__CAT(one_nan, TYPE)(last);
                    if (at % 8 == 7)
                        rows = local;
                }
                prefix = last;
            }
            for (size_t c = 0; c < CONFIGURATIONS; c++)
                for (int exclusive = 0; exclusive < 2; exclusive++) {
                    configure(c);
                    scans[op][exclusive](x, flags, out, n);
                    same_array(out, want[exclusive], sizeof *x, n, op, exclusive);
                    memcpy(out, x, n * sizeof *x);
                    scans[op][exclusive](out, flags, out, n);
                    same_array(out, want[exclusive], sizeof *x, n, op, exclusive);
                }
        }
    }
    free(x);
    free(out);
    free(want[0]);
    free(want[1]);
    free(flags);
}

#undef SCANS
#undef SEGMENTED
#undef ACC
#undef ONE_NAN
