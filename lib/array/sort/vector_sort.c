/* Which kernels sort keys in vector registers. */
#include "vector_sort.h"
#include "../typed/isa.h"

#ifdef CREW__ISA_X86
/* Of a byte m: whether bit k is set, how many bits below k are, and where lane k goes. */
#define BIT(m, k) ((uint64_t)(m) >> (k)&1)
#define BELOW(m, k)                                                                                                    \
    ((k > 0 ? BIT(m, 0) : 0) + (k > 1 ? BIT(m, 1) : 0) + (k > 2 ? BIT(m, 2) : 0) + (k > 3 ? BIT(m, 3) : 0) +           \
     (k > 4 ? BIT(m, 4) : 0) + (k > 5 ? BIT(m, 5) : 0) + (k > 6 ? BIT(m, 6) : 0) + (k > 7 ? BIT(m, 7) : 0))
#define PLACE(m, k) (BIT(m, k) ? 8 - BELOW(m, 8) + BELOW(m, k) : (k)-BELOW(m, k))
#define LANE(m, k) ((uint64_t)(k) << 8 * PLACE(m, k))
#define LANES(m) LANE(m, 1) | LANE(m, 2) | LANE(m, 3) | LANE(m, 4) | LANE(m, 5) | LANE(m, 6) | LANE(m, 7)
#define FOUR(m) LANES(m), LANES(m + 1), LANES(m + 2), LANES(m + 3)
#define SIXTEEN(m) FOUR(m), FOUR(m + 4), FOUR(m + 8), FOUR(m + 12)
#define SIXTY_FOUR(m) SIXTEEN(m), SIXTEEN(m + 16), SIXTEEN(m + 32), SIXTEEN(m + 48)

const uint64_t crew__vector_sort_lanes[256] = {SIXTY_FOUR(0), SIXTY_FOUR(64), SIXTY_FOUR(128), SIXTY_FOUR(192)};
#endif

const struct crew__vector_sort *crew__vector_sort(void)
{
#ifdef CREW__ISA_X86
    enum crew__isa isa = crew__isa();
    if (isa >= CREW__ISA_AVX2)
        return isa >= CREW__ISA_AVX512 ? &crew__vector_sort_avx512 : &crew__vector_sort_avx2;
#endif
    return NULL;
}
