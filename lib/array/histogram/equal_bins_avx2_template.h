/* crew__equal_bins_avx2_TYPE, for each_type_template.h. */
#if FLOATING

/* By the edges on either side of where the product says, computed as the edges are. */
FUNCTION void CREW__CAT(by_edges, TYPE)(const ELEMENT *x, size_t n, const struct crew__equal_bins *b, uint32_t *keys)
{
    const __m256d zero = _mm256_setzero_pd(), one = _mm256_set1_pd(1), none = _mm256_set1_pd(-1);
    const __m256d low = _mm256_set1_pd(b->low), high = _mm256_set1_pd(b->high), step = _mm256_set1_pd(b->step);
    const __m256d scale = _mm256_set1_pd(b->scale), last = _mm256_set1_pd((double)b->last);
    for (size_t i = 0; i < n; i += WIDTH) {
        __m256d v = CREW__CAT(load, TYPE)(x + i), f = _mm256_mul_pd(_mm256_sub_pd(v, low), scale);
        f = _mm256_min_pd(_mm256_max_pd(f, zero), last); /* NaN becomes 0 */
        __m256d k = _mm256_cvtepi32_pd(_mm256_cvttpd_epi32(f)), next = _mm256_add_pd(k, one);
        __m256d from = CREW__CAT(round, TYPE)(_mm256_add_pd(_mm256_mul_pd(k, step), low));
        __m256d to = CREW__CAT(round, TYPE)(_mm256_add_pd(_mm256_mul_pd(next, step), low));
        __m256d above = _mm256_and_pd(_mm256_cmp_pd(v, to, _CMP_GE_OQ), _mm256_cmp_pd(k, last, _CMP_LT_OQ));
        __m256d below = _mm256_cmp_pd(v, from, _CMP_LT_OQ);
        __m256d in = _mm256_and_pd(_mm256_cmp_pd(v, low, _CMP_GE_OQ), _mm256_cmp_pd(v, high, _CMP_LE_OQ));
        k = _mm256_sub_pd(_mm256_add_pd(k, _mm256_and_pd(above, one)), _mm256_and_pd(below, one));
        k = _mm256_blendv_pd(none, k, in);
        _mm_storeu_si128((__m128i *)(void *)(keys + i), _mm256_cvttpd_epi32(k));
    }
}

/* As many as a vector has, where the product is as good. Returns bits that are not 0 where it is not. Keys of values
   that are in no bin become so many that no bin has them: -1, or 2^31 - 1 where an int32_t cannot hold the product. */
INLINE __m128i CREW__CAT(by_product, TYPE)(const ELEMENT *x, __m256d low, __m256d scale, __m256d less, __m256d more,
                                           uint32_t *keys)
{
    __m256d f = _mm256_mul_pd(_mm256_sub_pd(CREW__CAT(load, TYPE)(x), low), scale);
    __m128i k = _mm256_cvttpd_epi32(_mm256_add_pd(f, less)), other = _mm256_cvttpd_epi32(_mm256_add_pd(f, more));
    _mm_storeu_si128((__m128i *)(void *)keys, _mm_add_epi32(k, _mm_set1_epi32(-1)));
    return _mm_xor_si128(k, other);
}

__attribute__((target("avx2"))) void
CREW__CAT(crew__equal_bins_avx2, TYPE)(const ELEMENT *x, size_t n, const struct crew__equal_bins *b, uint32_t *keys)
{
    const __m256d low = _mm256_set1_pd(b->low), scale = _mm256_set1_pd(b->scale);
    /* One bin up, so that what lies below the first does not become 0 too. */
    const __m256d less = _mm256_set1_pd(1 - b->margin), more = _mm256_set1_pd(1 + b->margin);
    size_t i = 0, doubted = 0, left = 0; /* steps in a row that were doubtful, and those that are not tried for that */
    for (; n - i >= STEP; i += STEP) {
        if (left > 0) {
            CREW__CAT(by_edges, TYPE)(x + i, STEP, b, keys + i);
            left--;
            continue;
        }
        __m128i doubt = _mm_setzero_si128();
        for (size_t j = i; j < i + STEP; j += WIDTH)
            doubt = _mm_or_si128(doubt, CREW__CAT(by_product, TYPE)(x + j, low, scale, less, more, keys + j));
        if (CREW__LIKELY(_mm_testz_si128(doubt, doubt))) {
            doubted = 0;
            continue;
        }
        CREW__CAT(by_edges, TYPE)(x + i, STEP, b, keys + i);
        left = doubted;
        doubted = doubted < MOST_DOUBTED ? 2 * doubted + 1 : doubted;
    }
    if (n < WIDTH) { /* what was not written as a vector is waited for where it is read as one */
        ELEMENT few[WIDTH] = {0};
        uint32_t found[WIDTH];
        memcpy(few, x, n * sizeof *x);
        CREW__CAT(by_edges, TYPE)(few, WIDTH, b, found);
        memcpy(keys, found, n * sizeof *keys);
        return;
    }
    for (; i < n; i += WIDTH) {
        i = n - i < WIDTH ? n - WIDTH : i; /* some twice */
        __m128i doubt = CREW__CAT(by_product, TYPE)(x + i, low, scale, less, more, keys + i);
        if (!_mm_testz_si128(doubt, doubt))
            CREW__CAT(by_edges, TYPE)(x + i, WIDTH, b, keys + i);
    }
}

#endif
