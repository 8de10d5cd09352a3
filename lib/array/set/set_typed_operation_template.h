/* crew_set_OPERATION_TYPE, for set_typed_template.h. WHICH is its crew_set_operation; both are undefined at the end. */
#define CREW__INSTANCE CREW__CAT(OPERATION, TYPE)
#define CREW__SIZE sizeof(ELEMENT)
#define CREW__BEFORE(x, y) (CREW__CAT(at, TYPE)(x) < CREW__CAT(at, TYPE)(y) ? 1U : 0U)
#define CREW__SET WHICH
#if FLOATING
#define CREW__KEY(x) CREW__CAT(key, TYPE)(x)
#endif
#include <crew/inline/set_steps.h>

#include "set_chains_template.h"

size_t CREW__CAT3(crew_set, OPERATION, TYPE)(const ELEMENT *a, size_t na, const ELEMENT *b, size_t nb, ELEMENT *out)
{
    size_t a_numbers = CREW__CAT(numbers, TYPE)(a, na), b_numbers = CREW__CAT(numbers, TYPE)(b, nb);
    size_t count = combine(a, a_numbers, b, b_numbers, sizeof *a, out, &CREW__CAT3(steps, OPERATION, TYPE));
    if (a_numbers < na || b_numbers < nb)
        count += equal_elements(a + a_numbers, na - a_numbers, b + b_numbers, nb - b_numbers, sizeof *a,
                                out ? out + count : NULL, WHICH);
    return count;
}

#undef OPERATION
#undef WHICH
