/* crew_set_{union,intersection,difference,symmetric_difference}_TYPE and crew_includes_TYPE, for each_type_template.h.
 */
static inline ELEMENT CREW__CAT(at, TYPE)(const char *p)
{
    ELEMENT e;
    memcpy(&e, p, sizeof e);
    return e;
}

#if FLOATING
#if BITS == 32
#define CREW__KEY_TYPE int32_t
#else
#define CREW__KEY_TYPE int64_t
#endif

/* Both zeros are 0, negative numbers the lower the larger their magnitude. No NaN is asked for. Comparing these takes
   less time from an element to the next than comparing doubles; with integers as they are nothing is gained. */
static inline CREW__KEY_TYPE CREW__CAT(key, TYPE)(const char *p)
{
    WORD bits, sign;
    memcpy(&bits, p, sizeof bits);
    sign = 0 - (bits >> (BITS - 1));
    return (CREW__KEY_TYPE)(((bits << 1 >> 1) ^ sign) - sign);
}
#endif

/* How many elements of a sorted array are in front of its NaNs. */
static size_t CREW__CAT(numbers, TYPE)(const ELEMENT *x, size_t n)
{
#if FLOATING
    if (n > 0 && x[n - 1] != x[n - 1]) {
        size_t low = 0;
        for (size_t high = n - 1; low < high;) {
            size_t i = low + (high - low) / 2;
            if (x[i] != x[i])
                high = i;
            else
                low = i + 1;
        }
        return low;
    }
#else
    (void)x;
#endif
    return n;
}

#define OPERATION union
#define WHICH CREW_SET_UNION
#include "set_typed_operation_template.h"
#define OPERATION intersection
#define WHICH CREW_SET_INTERSECTION
#include "set_typed_operation_template.h"
#define OPERATION difference
#define WHICH CREW_SET_DIFFERENCE
#include "set_typed_operation_template.h"
#define OPERATION symmetric_difference
#define WHICH CREW_SET_SYMMETRIC_DIFFERENCE
#include "set_typed_operation_template.h"

bool CREW__CAT(crew_includes, TYPE)(const ELEMENT *a, size_t na, const ELEMENT *b, size_t nb)
{
    size_t a_numbers = CREW__CAT(numbers, TYPE)(a, na), b_numbers = CREW__CAT(numbers, TYPE)(b, nb);
    if (nb - b_numbers > na - a_numbers)
        return false;
    return none(b, b_numbers, a, a_numbers, sizeof *a, &CREW__CAT3(steps, difference, TYPE));
}

#undef CREW__KEY_TYPE
