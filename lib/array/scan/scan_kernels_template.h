/* crew__scan_kernels_{plain,avx2,avx512}: all scan kernels of one instruction set. The including file defines
   VECTOR_BYTES, as ../typed/vector.h asks for it, and KERNELS, the name of the table. */
#include "../typed/vector.h"
#include <math.h>
#include <string.h>

#define TEMPLATE "../scan/scan_one_type_template.h"
#include "../typed/each_type_template.h"

#if VECTOR_BYTES == 0
#define SEGMENTS(name) CREW__CAT(segments, name), CREW__CAT(segments_exclusive, name)
#else
#define SEGMENTS(name) NULL, NULL
#endif
#define KERNEL(name)                                                                                                   \
    {                                                                                                                  \
        CREW__CAT(total, name), {CREW__CAT(inclusive, name), CREW__CAT(exclusive, name)}, CREW__CAT(join, name),       \
        {                                                                                                              \
            SEGMENTS(name)                                                                                             \
        }                                                                                                              \
    }

const struct crew__scan_kernels KERNELS = {{
    [CREW__SCAN_SUM] = {[CREW__F32] = KERNEL(sum_f32),
                        [CREW__F64] = KERNEL(sum_f64),
                        [CREW__I32] = KERNEL(sum_u32),
                        [CREW__I64] = KERNEL(sum_u64),
                        [CREW__U32] = KERNEL(sum_u32),
                        [CREW__U64] = KERNEL(sum_u64)},
    [CREW__SCAN_PRODUCT] = {[CREW__F32] = KERNEL(product_f32),
                            [CREW__F64] = KERNEL(product_f64),
                            [CREW__I32] = KERNEL(product_u32),
                            [CREW__I64] = KERNEL(product_u64),
                            [CREW__U32] = KERNEL(product_u32),
                            [CREW__U64] = KERNEL(product_u64)},
    [CREW__SCAN_MIN] = {[CREW__F32] = KERNEL(min_f32),
                        [CREW__F64] = KERNEL(min_f64),
                        [CREW__I32] = KERNEL(min_i32),
                        [CREW__I64] = KERNEL(min_i64),
                        [CREW__U32] = KERNEL(min_u32),
                        [CREW__U64] = KERNEL(min_u64)},
    [CREW__SCAN_MAX] = {[CREW__F32] = KERNEL(max_f32),
                        [CREW__F64] = KERNEL(max_f64),
                        [CREW__I32] = KERNEL(max_i32),
                        [CREW__I64] = KERNEL(max_i64),
                        [CREW__U32] = KERNEL(max_u32),
                        [CREW__U64] = KERNEL(max_u64)},
}};
