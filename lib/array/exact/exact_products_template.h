/* bins_products and products: the kernels of products of doubles, for exact_kernels_template.h. */

/* What x * y, rounded to p, has lost. */
#ifdef FUSED_SUBTRACT
INLINE VECTOR product_rest(VECTOR x, VECTOR y, VECTOR p)
{
    return FUSED_SUBTRACT(x, y, p);
}
#else
/* Veltkamp's halves of 26 bits, Dekker's product. */
INLINE VECTOR upper_half(VECTOR x)
{
    VECTOR c = x * FILL(134217729.0);
    return c - (c - x);
}

INLINE VECTOR product_rest(VECTOR x, VECTOR y, VECTOR p)
{
    VECTOR a = upper_half(x), b = x - a, c = upper_half(y), d = y - c;
    return b * d - (((p - a * c) - b * c) - a * d);
}
#endif

/* As add_to_bins, both of a product and of what it has lost, which lies in bins of its own, 53 bits below. */
INLINE void add_product(struct bins *b, struct bins *c, VECTOR *least, VECTOR x, VECTOR y)
{
    VECTOR p = x * y, magnitude = MAGNITUDE(p);
    *least = LOWER_f64(magnitude, *least);
    add_to_bins(b, p);
    add_to_bins(c, product_rest(x, y, p));
}

FUNCTION double least_of(VECTOR v)
{
    double lanes[WIDTH], least = (double)INFINITY;
    STORE(lanes, v);
    for (size_t l = 0; l < WIDTH; l++)
        least = lanes[l] < least ? lanes[l] : least;
    return least;
}

FUNCTION int bins_products(const double *x, const double *y, size_t n, int high, int64_t *k, double *least)
{
    const int below = high - CREW__EXACT_PRODUCT;
    size_t i = 0, count = 0;
    size_t skip = WIDTH < 4 || n < 256 ? 0 : (size_t)(-(uintptr_t)x % CREW__CACHE_LINE) / sizeof *x;
    size_t end = skip + (n - skip) / WIDTH * WIDTH;
    double one = 1, edges_x[8 + 2 * WIDTH], edges_y[8 + 2 * WIDTH];
    CREW__FP_HOLD(one);
    struct bins b = empty_bins(high, one), c = empty_bins(below, one);
    VECTOR m = FILL((double)INFINITY);
    for (; i < skip; i++, count++) {
        edges_x[count] = x[i];
        edges_y[count] = y[i];
    }
    for (size_t j = end; j < n; j++, count++) {
        edges_x[count] = x[j];
        edges_y[count] = y[j];
    }
    for (; i < end; i += WIDTH)
        add_product(&b, &c, &m, LOAD(x + i), LOAD(y + i));
    *least = least_of(m);
    for (size_t j = 0; j < count; j++)
        *least = fabs(edges_x[j] * edges_y[j]) < *least ? fabs(edges_x[j] * edges_y[j]) : *least;
    for (; count % WIDTH != 0; count++)
        edges_x[count] = edges_y[count] = 0;
    for (size_t j = 0; j < count; j += WIDTH)
        add_product(&b, &c, &m, LOAD(edges_x + j), LOAD(edges_y + j));
    enum crew__exact_result upper = read_bins(&b, high, end - skip + count, k);
    return read_bins(&c, below, end - skip + count, k + 2) == CREW__EXACT_DONE && upper == CREW__EXACT_DONE;
}

FUNCTION double products(const double *x, const double *y, size_t n, double *high, double *low)
{
    size_t i = 0;
    VECTOR m = FILL((double)INFINITY);
    for (; n - i >= WIDTH; i += WIDTH) {
        VECTOR a = LOAD(x + i), b = LOAD(y + i), p = a * b, magnitude = MAGNITUDE(p);
        m = LOWER_f64(magnitude, m);
        STORE(high + i, p);
        STORE(low + i, product_rest(a, b, p));
    }
    double least = least_of(m);
    if (i < n) {
        double a[WIDTH], b[WIDTH], p[WIDTH], rest[WIDTH];
        for (size_t l = 0; l < WIDTH; l++) {
            a[l] = i + l < n ? x[i + l] : 1;
            b[l] = i + l < n ? y[i + l] : 1;
        }
        VECTOR v = LOAD(a), w = LOAD(b);
        STORE(p, v * w);
        STORE(rest, product_rest(v, w, v * w));
        for (size_t l = 0; i < n; l++, i++) {
            high[i] = p[l];
            low[i] = rest[l];
            least = fabs(p[l]) < least ? fabs(p[l]) : least;
        }
    }
    return least;
}
