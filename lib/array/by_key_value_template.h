/* Sum, min and max of one type of value. Parameters, undefined at the end:

   VALUE_TYPE   suffix of the names, a member of struct values
   VALUE        the type
   SUM          the type that sums are made in */

#define FOLD sum
#define COMBINE(a, b) ((VALUE)((SUM)(a) + (SUM)(b)))
#include "by_key_fold_template.h"

/* a != a: a is NaN. */
#define FOLD min
#define COMBINE(a, b) ((b) < (a) || (b) != (b) ? ((a) != (a) ? (a) : (b)) : (a))
#include "by_key_fold_template.h"

#define FOLD max
#define COMBINE(a, b) ((b) > (a) || (b) != (b) ? ((a) != (a) ? (a) : (b)) : (a))
#include "by_key_fold_template.h"

#undef VALUE_TYPE
#undef VALUE
#undef SUM
