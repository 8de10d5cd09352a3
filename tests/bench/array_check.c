/* Tells right outputs from wrong ones. Sums of floats are of small whole numbers, which every bracketing adds without
   rounding, so all outputs are compared exactly. */
#include "array_cases.h"

static uint64_t mix(uint64_t v)
{
    v = (v ^ (v >> 30)) * 0xbf58476d1ce4e5b9u;
    v = (v ^ (v >> 27)) * 0x94d049bb133111ebu;
    return v ^ (v >> 31);
}

/* A hash of a sequence. */
static uint64_t chain(uint64_t h, uint64_t v)
{
    h = (h ^ v) * 0x9e3779b97f4a7c15u;
    return h ^ (h >> 32);
}

static uint64_t bits(double v)
{
    uint64_t u;
    memcpy(&u, &v, sizeof u);
    return u;
}

static uint64_t chain_words(uint64_t h, const void *words, size_t n)
{
    const uint64_t *w = words;
    for (size_t i = 0; i < n; i++)
        h = chain(h, w[i]);
    return h;
}

static uint64_t chain_halves(uint64_t h, const void *halves, size_t n)
{
    const uint32_t *w = halves;
    for (size_t i = 0; i < n; i++)
        h = chain(h, w[i]);
    return h;
}

uint64_t want_scan(const struct array_case *c, const void *in, size_t n)
{
    uint64_t h = 0, whole = 0;
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        whole += ((const uint64_t *)in)[i];
        sum += ((const double *)in)[i];
        h = chain(h, c->element == F64 ? bits(sum) : whole);
    }
    return h;
}

uint64_t have_scan(const struct array_case *c, const void *out, size_t n, double result)
{
    (void)c;
    (void)result;
    return chain_words(0, out, n);
}

uint64_t want_filter(const struct array_case *c, const void *in, size_t n)
{
    uint64_t h = 0, kept = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t v = c->element == F64 ? ((const uint64_t *)in)[i] : ((const uint32_t *)in)[i];
        int keep = c->element == F64 ? ((const double *)in)[i] > 0 : ((const int32_t *)in)[i] > 0;
        h = keep ? chain(h, v) : h;
        kept += (uint64_t)keep;
    }
    return chain(h, kept);
}

uint64_t have_filter(const struct array_case *c, const void *out, size_t n, double result)
{
    if (!(result >= 0 && result <= (double)n))
        return 0;
    size_t kept = (size_t)result;
    return chain(c->element == F64 ? chain_words(0, out, kept) : chain_halves(0, out, kept), kept);
}

/* A number that orders as the element does, and the place that a record had. */
static uint64_t rank_of(enum element element, const void *x, size_t i, uint64_t *place)
{
    uint64_t u;
    *place = 0;
    switch (element) {
    case U32:
        return ((const uint32_t *)x)[i];
    case F32:
        u = ((const uint32_t *)x)[i];
        return u >> 31 ? ~(uint32_t)u : u | (uint32_t)1 << 31;
    case I64:
        return ((const uint64_t *)x)[i] ^ (uint64_t)1 << 63;
    case RECORD:
        *place = ((const struct record *)x)[i].place;
        return ((const struct record *)x)[i].key;
    default:
        u = ((const uint64_t *)x)[i];
        return u >> 63 ? ~u : u | (uint64_t)1 << 63;
    }
}

/* Equal for two arrays of the same elements in different orders. */
uint64_t want_sort(const struct array_case *c, const void *in, size_t n)
{
    uint64_t sum = n, place;
    for (size_t i = 0; i < n; i++) {
        uint64_t rank = rank_of(c->element, in, i, &place);
        sum += mix(rank ^ mix(place + 1));
    }
    return sum;
}

uint64_t have_sort(const struct array_case *c, const void *out, size_t n, double result)
{
    uint64_t before = 0, place_before = 0, place;
    (void)result;
    for (size_t i = 0; i < n; i++) {
        uint64_t rank = rank_of(c->element, out, i, &place);
        if (rank < before || (i > 0 && rank == before && place < place_before))
            return ~want_sort(c, out, n);
        before = rank;
        place_before = place;
    }
    return want_sort(c, out, n);
}

static const void *argsort_input; /* of the last want_argsort */

uint64_t want_argsort(const struct array_case *c, const void *in, size_t n)
{
    uint64_t sum = n;
    (void)c;
    argsort_input = in;
    for (size_t i = 0; i < n; i++)
        sum += mix(i + 1);
    return sum;
}

uint64_t have_argsort(const struct array_case *c, const void *out, size_t n, double result)
{
    const size_t *places = out;
    uint64_t sum = n, before = 0, unused;
    (void)result;
    for (size_t i = 0; i < n; i++) {
        if (places[i] >= n)
            return ~sum;
        uint64_t rank = rank_of(c->element, argsort_input, places[i], &unused);
        if (i > 0 && (rank < before || (rank == before && places[i] < places[i - 1])))
            return 0;
        sum += mix(places[i] + 1);
        before = rank;
    }
    return sum;
}

uint64_t want_sum(const struct array_case *c, const void *in, size_t n)
{
    const double *x = in;
    double sum = 0;
    (void)c;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return bits(sum);
}

uint64_t want_dot(const struct array_case *c, const void *in, size_t n)
{
    const double *x = in;
    double sum = 0;
    (void)c;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * x[i];
    return bits(sum);
}

uint64_t want_min(const struct array_case *c, const void *in, size_t n)
{
    const double *x = in;
    double least = INFINITY;
    (void)c;
    for (size_t i = 0; i < n; i++)
        least = x[i] < least ? x[i] : least;
    return bits(least);
}

uint64_t have_number(const struct array_case *c, const void *out, size_t n, double result)
{
    (void)c;
    (void)out;
    (void)n;
    return bits(result);
}

/* The inputs are multiples of 2^-52, so that the product is exact. */
uint64_t want_equal_bins(const struct array_case *c, const void *in, size_t n)
{
    const double *x = in;
    uint64_t counts[EQUAL_BINS] = {0};
    (void)c;
    for (size_t i = 0; i < n; i++)
        counts[(size_t)((x[i] + 1) * (EQUAL_BINS / 2))]++;
    return chain_words(0, counts, EQUAL_BINS);
}

uint64_t have_equal_bins(const struct array_case *c, const void *out, size_t n, double result)
{
    (void)c;
    (void)n;
    (void)result;
    return chain_words(0, out, EQUAL_BINS);
}

static size_t bins_of(const struct array_case *c)
{
    return c->element == BYTE ? 256 : 65536;
}

uint64_t want_histogram(const struct array_case *c, const void *in, size_t n)
{
    static uint64_t counts[65536];
    memset(counts, 0, sizeof counts);
    for (size_t i = 0; i < n; i++)
        counts[c->element == BYTE ? ((const uint8_t *)in)[i] : ((const uint32_t *)in)[i]]++;
    return chain_words(0, counts, bins_of(c));
}

uint64_t have_histogram(const struct array_case *c, const void *out, size_t n, double result)
{
    (void)n;
    (void)result;
    return chain_words(0, out, bins_of(c));
}

uint64_t want_reduce(const struct array_case *c, const void *in, size_t n)
{
    const uint32_t *keys = in;
    const double *values = (const double *)((const char *)in + value_offset(n));
    size_t groups = 0, range = n + 1000;
    double *sums = calloc(range, sizeof *sums);
    unsigned char *seen = calloc(range, 1);
    uint64_t h = 0;
    (void)c;
    for (size_t i = 0; sums && seen && i < n; i++) {
        sums[keys[i]] += values[i];
        seen[keys[i]] = 1;
    }
    for (size_t k = 0; sums && seen && k < range; k++)
        if (seen[k]) {
            h = chain(h, k);
            groups++;
        }
    for (size_t k = 0; sums && seen && k < range; k++)
        if (seen[k])
            h = chain(h, bits(sums[k]));
    free(sums);
    free(seen);
    return chain(h, groups);
}

uint64_t have_reduce(const struct array_case *c, const void *out, size_t n, double result)
{
    (void)c;
    if (!(result >= 0 && result <= (double)n))
        return 0;
    size_t groups = (size_t)result;
    uint64_t h = chain_halves(0, out, groups);
    return chain(chain_words(h, (const char *)out + value_offset(n), groups), groups);
}

uint64_t want_find(const struct array_case *c, const void *in, size_t n)
{
    const double *x = in;
    uint64_t i = 0;
    (void)c;
    while (i < n && x[i] != BENCH_NEEDLE)
        i++;
    return i;
}

uint64_t want_count(const struct array_case *c, const void *in, size_t n)
{
    const double *x = in;
    uint64_t count = 0;
    (void)c;
    for (size_t i = 0; i < n; i++)
        count += x[i] > 0;
    return count;
}

uint64_t have_result(const struct array_case *c, const void *out, size_t n, double result)
{
    (void)c;
    (void)out;
    return result >= 0 && result <= (double)n ? (uint64_t)result : UINT64_MAX;
}

/* As want_filter. */
static uint64_t want_set(const double *x, size_t n, int all)
{
    uint64_t h = 0, kept = 0;
    size_t i = 0, j = n / 2;
    while (i < n / 2 || j < n) {
        int left = j == n || (i < n / 2 && x[i] <= x[j]), right = i == n / 2 || (j < n && x[j] <= x[i]);
        if (all || (left && right)) {
            h = chain(h, bits(x[left ? i : j]));
            kept++;
        }
        i += (size_t)left;
        j += (size_t)right;
    }
    return chain(h, kept);
}

uint64_t want_union(const struct array_case *c, const void *in, size_t n)
{
    (void)c;
    return want_set(in, n, 1);
}

uint64_t want_intersection(const struct array_case *c, const void *in, size_t n)
{
    (void)c;
    return want_set(in, n, 0);
}

uint64_t want_transpose(const struct array_case *c, const void *in, size_t n)
{
    size_t side = side_of(n);
    uint64_t h = 0;
    for (size_t j = 0; j < side; j++)
        for (size_t i = 0; i < side; i++)
            h = chain(h,
                      c->element == F64 ? ((const uint64_t *)in)[i * side + j] : ((const uint32_t *)in)[i * side + j]);
    return h;
}

uint64_t have_transpose(const struct array_case *c, const void *out, size_t n, double result)
{
    (void)result;
    return c->element == F64 ? chain_words(0, out, n) : chain_halves(0, out, n);
}
