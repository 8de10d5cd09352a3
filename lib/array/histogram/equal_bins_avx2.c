/* The bins of equal width of values, for AVX2: four doubles at a time, the product alone where it decides. */
#include "equal_bins_avx2.h"
#include "../typed/exact_rounding.h"

#ifdef CREW__ISA_X86
#include "../../core/base/compiler.h"
#include "../typed/types.h"
#include <immintrin.h>
#include <string.h>

#define FUNCTION static __attribute__((target("avx2")))
#define INLINE static inline __attribute__((target("avx2"), always_inline))

enum { WIDTH = 4, STEP = 16, MOST_DOUBTED = 15 };

INLINE __m256d load_f64(const double *p)
{
    return _mm256_loadu_pd(p);
}

INLINE __m256d load_f32(const float *p)
{
    return _mm256_cvtps_pd(_mm_loadu_ps(p));
}

/* Edges are rounded to the type. */
INLINE __m256d round_f64(__m256d edges)
{
    return edges;
}

INLINE __m256d round_f32(__m256d edges)
{
    return _mm256_cvtps_pd(_mm256_cvtpd_ps(edges));
}

#define TEMPLATE "../histogram/equal_bins_avx2_template.h"
#include "../typed/each_type_template.h"

#else
typedef int crew__equal_bins_avx2_unused; /* an empty file is not C */
#endif
