/* crew_scan_{inclusive,exclusive}_{sum,product,min,max}_dist_TYPE, for each_type_template.h. */

#include "../array/scan/scan_start_template.h"

static int CREW__CAT(scan, TYPE)(enum crew__scan_op op, const crew_dist *x, crew_dist *out, ELEMENT *result,
                                 size_t exclusive)
{
    int code = check(x, out, sizeof(ELEMENT));
    if (code)
        return code;
    struct scan s = {.kernel = &crew__scan_kernels()->of[op][ID], .x = x, .out = out, .exclusive = exclusive};
    s.start = CREW__CAT(start, TYPE)(op);
    union crew__scalar total = s.start;
    struct crew__fp_saved fp = crew__fp_begin();
    if (x->n > 0)
        code = run(&s, &total);
    ELEMENT value = CREW__CAT(value, TYPE)(op, &total);
    crew__fp_end(&fp);
    if (code == 0 && result)
        *result = value;
    return code;
}

#define SCAN(name, op, exclusive)                                                                                      \
    int CREW__CAT(crew_scan_##name##_dist, TYPE)(const crew_dist *x, crew_dist *out, ELEMENT *total)                   \
    {                                                                                                                  \
        return CREW__CAT(scan, TYPE)(op, x, out, total, exclusive);                                                    \
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
