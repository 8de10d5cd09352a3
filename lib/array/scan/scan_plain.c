/* Scan kernels in plain C, and the choice among all. They serve SSE2 too: in vectors of two a scan gains nothing over
   independent scalar rows. */
#include "../typed/exact_rounding.h"

#include "scan_kernel.h"

#define VECTOR_BYTES 0
#define KERNELS crew__scan_kernels_plain
#include "scan_kernels_template.h"

const struct crew__scan_kernels *crew__scan_kernels(void)
{
#ifdef CREW__SCAN_VECTORS
    switch (crew__isa()) {
    case CREW__ISA_AVX512:
        return &crew__scan_kernels_avx512;
    case CREW__ISA_AVX2:
        return &crew__scan_kernels_avx2;
    default:
        break;
    }
#endif
    return &crew__scan_kernels_plain;
}
