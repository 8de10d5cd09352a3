/* {sum,dot,lowest,highest,lowest_at,highest_at,numbers,least,most}_few_TYPE, the last three for floats: what the
   kernels compute of at most FEW elements, without the choice of one and its 32 lanes, which take as long as 100
   elements. Parameters, beside those of a type: MEMBER of reduce_kinds_template.h. */

#if FLOATING
#define ACC double
/* Lanes that get no element are +0, which changes no other: none is -0, all begin with +0. For the same reason the
   second half of a row can be added to the first half's lanes at once. Nothing is stored by one element and loaded as a
   vector, which waits. */
#define ADD_FEW(TERM)                                                                                                  \
    if (n <= 16) {                                                                                                     \
        ACC t[8] = {0};                                                                                                \
        for (size_t i = 0; i < n; i++)                                                                                 \
            t[i % 8] += (TERM);                                                                                        \
        return ((t[0] + t[4]) + (t[2] + t[6])) + ((t[1] + t[5]) + (t[3] + t[7]));                                      \
    }                                                                                                                  \
    ACC t[16];                                                                                                         \
    for (size_t i = 0; i < 16; i++)                                                                                    \
        t[i] = 0 + (TERM);                                                                                             \
    for (size_t i = 16; i < n; i++)                                                                                    \
        t[i - 16] += (TERM);                                                                                           \
    return (((t[0] + t[8]) + (t[4] + t[12])) + ((t[2] + t[10]) + (t[6] + t[14]))) +                                    \
           (((t[1] + t[9]) + (t[5] + t[13])) + ((t[3] + t[11]) + (t[7] + t[15])));
#else
#define ACC uint64_t
#define ADD_FEW(TERM)                                                                                                  \
    ACC sum = 0;                                                                                                       \
    for (size_t i = 0; i < n; i++)                                                                                     \
        sum += (TERM);                                                                                                 \
    return sum;
#endif

static CREW__NOINLINE ACC CREW__CAT(sum_few, TYPE)(const ELEMENT *x, size_t n)
{
    ADD_FEW((ACC)x[i])
}

static CREW__NOINLINE ACC CREW__CAT(dot_few, TYPE)(const ELEMENT *x, const ELEMENT *y, size_t n)
{
    ADD_FEW((ACC)x[i] * (ACC)y[i])
}

#if FLOATING

/* Floating-point numbers as integers of the same order, -0 being just below +0: nothing here depends on the
   floating-point environment, to look at which takes longer than the rest. False where one must be looked at as the
   kernels do: which of two zeros they give depends on lanes. n is not 0. */
#if BITS == 32
#define SIGNED int32_t
#define LARGEST INT32_MAX
#define INFINITE 0x7f800000
#else
#define SIGNED int64_t
#define LARGEST INT64_MAX
#define INFINITE 0x7ff0000000000000
#endif

/* BETTER(a, b): a is before b. ZERO: the key of the zero that hides the other one. */
#define EXTREME_OF_FEW(BETTER, ZERO)                                                                                   \
    SIGNED best = 0, size = 0, word;                                                                                   \
    for (size_t i = 0; i < n; i++) {                                                                                   \
        memcpy(&word, x + i, sizeof word);                                                                             \
        SIGNED magnitude = word & LARGEST, key = word < 0 ? -1 - magnitude : magnitude;                                \
        size = magnitude > size ? magnitude : size;                                                                    \
        best = i == 0 || BETTER(key, best) ? key : best;                                                               \
    }                                                                                                                  \
    if (size > INFINITE) {                                                                                             \
        *extreme = NAN;                                                                                                \
        return true;                                                                                                   \
    }                                                                                                                  \
    word = best < 0 ? (-1 - best) | (-LARGEST - 1) : best;                                                             \
    memcpy(extreme, &word, sizeof word);                                                                               \
    return best != ZERO;

#define IS_LESS(a, b) ((a) < (b))
#define IS_MORE(a, b) ((a) > (b))

static inline bool CREW__CAT(lowest_few, TYPE)(const ELEMENT *x, size_t n, ELEMENT *extreme)
{
    EXTREME_OF_FEW(IS_LESS, -1)
}

static inline bool CREW__CAT(highest_few, TYPE)(const ELEMENT *x, size_t n, ELEMENT *extreme)
{
    EXTREME_OF_FEW(IS_MORE, 0)
}

/* NaNs left out; NaN where nothing else is there. */
#define EXTREME_NUMBER_OF_FEW(BETTER, ZERO)                                                                            \
    SIGNED best = 0, word;                                                                                             \
    bool any = false;                                                                                                  \
    for (size_t i = 0; i < n; i++) {                                                                                   \
        memcpy(&word, x + i, sizeof word);                                                                             \
        SIGNED magnitude = word & LARGEST, key = word < 0 ? -1 - magnitude : magnitude;                                \
        bool number = magnitude <= INFINITE;                                                                           \
        best = number && (!any || BETTER(key, best)) ? key : best;                                                     \
        any |= number;                                                                                                 \
    }                                                                                                                  \
    if (!any) {                                                                                                        \
        *extreme = NAN;                                                                                                \
        return true;                                                                                                   \
    }                                                                                                                  \
    word = best < 0 ? (-1 - best) | (-LARGEST - 1) : best;                                                             \
    memcpy(extreme, &word, sizeof word);                                                                               \
    return best != ZERO;

static inline bool CREW__CAT(least_few, TYPE)(const ELEMENT *x, size_t n, ELEMENT *extreme)
{
    EXTREME_NUMBER_OF_FEW(IS_LESS, -1)
}

static inline bool CREW__CAT(most_few, TYPE)(const ELEMENT *x, size_t n, ELEMENT *extreme)
{
    EXTREME_NUMBER_OF_FEW(IS_MORE, 0)
}

static CREW__NOINLINE double CREW__CAT(numbers_few, TYPE)(const ELEMENT *x, size_t n)
{
    ADD_FEW(x[i] == x[i] ? (ACC)x[i] : 0)
}

/* Where the first of them is: of equal ones, as which both zeros count here, or of NaNs. */
#define PLACE_OF_FEW(BETTER)                                                                                           \
    SIGNED best = 0, word;                                                                                             \
    size_t at = 0;                                                                                                     \
    for (size_t i = 0; i < n; i++) {                                                                                   \
        memcpy(&word, x + i, sizeof word);                                                                             \
        SIGNED magnitude = word & LARGEST, key = word < 0 ? -magnitude : magnitude;                                    \
        if (magnitude > INFINITE)                                                                                      \
            return i;                                                                                                  \
        bool better = i == 0 || BETTER(key, best);                                                                     \
        best = better ? key : best;                                                                                    \
        at = better ? i : at;                                                                                          \
    }                                                                                                                  \
    return at;

static inline size_t CREW__CAT(lowest_at_few, TYPE)(const ELEMENT *x, size_t n)
{
    PLACE_OF_FEW(IS_LESS)
}

static inline size_t CREW__CAT(highest_at_few, TYPE)(const ELEMENT *x, size_t n)
{
    PLACE_OF_FEW(IS_MORE)
}

#undef SIGNED
#undef LARGEST
#undef INFINITE
#undef EXTREME_OF_FEW
#undef EXTREME_NUMBER_OF_FEW
#undef PLACE_OF_FEW
#undef IS_LESS
#undef IS_MORE

#else

static inline bool CREW__CAT(lowest_few, TYPE)(const ELEMENT *x, size_t n, ELEMENT *extreme)
{
    ELEMENT best = x[0];
    for (size_t i = 1; i < n; i++)
        best = x[i] < best ? x[i] : best;
    *extreme = best;
    return true;
}

static inline bool CREW__CAT(highest_few, TYPE)(const ELEMENT *x, size_t n, ELEMENT *extreme)
{
    ELEMENT best = x[0];
    for (size_t i = 1; i < n; i++)
        best = x[i] > best ? x[i] : best;
    *extreme = best;
    return true;
}

static inline size_t CREW__CAT(lowest_at_few, TYPE)(const ELEMENT *x, size_t n)
{
    size_t at = 0;
    for (size_t i = 1; i < n; i++)
        at = x[i] < x[at] ? i : at;
    return at;
}

static inline size_t CREW__CAT(highest_at_few, TYPE)(const ELEMENT *x, size_t n)
{
    size_t at = 0;
    for (size_t i = 1; i < n; i++)
        at = x[i] > x[at] ? i : at;
    return at;
}

#endif

#undef ACC
#undef ADD_FEW
