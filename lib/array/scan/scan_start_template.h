/* start_TYPE and value_TYPE: what the typed scans of crew/scan.h and of crew/mpi.h begin with and give back, for
   each_type_template.h. */

/* The member of union crew__scalar that sums and products are in. */
#if FLOATING
#define MEMBER f64
#elif BITS == 32
#define MEMBER u32
#else
#define MEMBER u64
#endif

static union crew__scalar CREW__CAT(start, TYPE)(enum crew__scan_op op)
{
    union crew__scalar start = {0};
    if (op == CREW__SCAN_MIN)
        start.TYPE = MOST;
    else if (op == CREW__SCAN_MAX)
        start.TYPE = LEAST;
    else
        start.MEMBER = op == CREW__SCAN_PRODUCT;
    return start;
}

static inline ELEMENT CREW__CAT(value, TYPE)(enum crew__scan_op op, const union crew__scalar *total)
{
    return op == CREW__SCAN_SUM || op == CREW__SCAN_PRODUCT ? (ELEMENT)total->MEMBER : total->TYPE;
}

#undef MEMBER
