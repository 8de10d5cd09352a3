/* crew_scan_{inclusive,exclusive}_{sum,product,min,max}_TYPE and crew_scan_segmented_ of the same, for
   each_type_template.h. */

#include "scan_start_template.h"

static ELEMENT CREW__CAT(run, TYPE)(enum crew__scan_op op, const ELEMENT *x, const unsigned char *flags, ELEMENT *out,
                                    size_t n, size_t exclusive)
{
    struct crew__scan s = {.kernel = &crew__scan_kernels()->of[op][ID],
                           .x = x,
                           .flags = flags,
                           .out = out,
                           .n = n,
                           .size = sizeof *x,
                           .exclusive = exclusive,
                           .start = CREW__CAT(start, TYPE)(op),
                           .plain = &crew__scan_kernels_plain.of[op][ID]};
#if FLOATING
    struct crew__fp_saved fp = crew__fp_begin();
#endif
    union crew__scalar total = crew__scan_typed(&s);
    ELEMENT result = CREW__CAT(value, TYPE)(op, &total);
#if FLOATING
    CREW__FP_HOLD(result);
    crew__fp_end(&fp);
#endif
    return result;
}

#define SCAN(name, op, exclusive)                                                                                      \
    ELEMENT CREW__CAT(crew_scan_##name, TYPE)(const ELEMENT *x, ELEMENT *out, size_t n)                                \
    {                                                                                                                  \
        return CREW__CAT(run, TYPE)(op, x, NULL, out, n, exclusive);                                                   \
    }
SCAN(inclusive_sum, CREW__SCAN_SUM, 0)
SCAN(inclusive_min, CREW__SCAN_MIN, 0)
SCAN(inclusive_max, CREW__SCAN_MAX, 0)
SCAN(inclusive_product, CREW__SCAN_PRODUCT, 0)
SCAN(exclusive_sum, CREW__SCAN_SUM, 1)
SCAN(exclusive_min, CREW__SCAN_MIN, 1)
SCAN(exclusive_max, CREW__SCAN_MAX, 1)
SCAN(exclusive_product, CREW__SCAN_PRODUCT, 1)
#undef SCAN

#define SCAN(name, op, exclusive)                                                                                      \
    void CREW__CAT(crew_scan_segmented_##name, TYPE)(const ELEMENT *x, const unsigned char *flags, ELEMENT *out,       \
                                                     size_t n)                                                         \
    {                                                                                                                  \
        (void)CREW__CAT(run, TYPE)(op, x, flags, out, n, exclusive);                                                   \
    }
SCAN(inclusive_sum, CREW__SCAN_SUM, 0)
SCAN(inclusive_min, CREW__SCAN_MIN, 0)
SCAN(inclusive_max, CREW__SCAN_MAX, 0)
SCAN(inclusive_product, CREW__SCAN_PRODUCT, 0)
SCAN(exclusive_sum, CREW__SCAN_SUM, 1)
SCAN(exclusive_min, CREW__SCAN_MIN, 1)
SCAN(exclusive_max, CREW__SCAN_MAX, 1)
SCAN(exclusive_product, CREW__SCAN_PRODUCT, 1)
#undef SCAN
