/* crew_scan_{inclusive,exclusive}_{sum,product,min,max}_TYPE and crew_scan_segmented_ of the same, for
   each_type_template.h. */

/* The member of union crew__scalar that sums and products are in. */
#if FLOATING
#define MEMBER f64
#elif BITS == 32
#define MEMBER u32
#else
#define MEMBER u64
#endif

static ELEMENT CREW__CAT(run, TYPE)(enum crew__scan_op op, const ELEMENT *x, const unsigned char *flags, ELEMENT *out,
                                    size_t n, size_t exclusive)
{
    struct crew__scan s = {&crew__scan_kernels()->of[op][ID], x, flags, out, n, sizeof *x, exclusive, {0}, NULL};
    if (op == CREW__SCAN_MIN)
        s.start.TYPE = MOST;
    else if (op == CREW__SCAN_MAX)
        s.start.TYPE = LEAST;
    else
        s.start.MEMBER = op == CREW__SCAN_PRODUCT;
#if FLOATING
    struct crew__fp_saved fp = crew__fp_begin();
#endif
    union crew__scalar total = crew__scan_typed(&s);
    ELEMENT result = op == CREW__SCAN_SUM || op == CREW__SCAN_PRODUCT ? (ELEMENT)total.MEMBER : total.TYPE;
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

#undef MEMBER
