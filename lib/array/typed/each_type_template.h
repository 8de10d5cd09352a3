/* The one list of the element types: includes TEMPLATE, a path from this folder, once for each. Everything is undefined
   at the end, TEMPLATE too. A template sees

   TYPE         f32 .. u64, the suffix of names
   ID           CREW__F32 .. CREW__U64
   ELEMENT      the C type
   BITS         32 or 64
   WORD         uint32_t or uint64_t, as wide as ELEMENT
   FLOATING     1: the type has NaN, infinities and a negative zero
   LEAST, MOST  no element is less, none more; what min and max start with */

#define TYPE f32
#define ID CREW__F32
#define ELEMENT float
#define BITS 32
#define WORD uint32_t
#define FLOATING 1
#define LEAST (-(float)INFINITY)
#define MOST ((float)INFINITY)
#include TEMPLATE
#include "no_type_template.h"

#define TYPE f64
#define ID CREW__F64
#define ELEMENT double
#define BITS 64
#define WORD uint64_t
#define FLOATING 1
#define LEAST (-(double)INFINITY)
#define MOST ((double)INFINITY)
#include TEMPLATE
#include "no_type_template.h"

#define TYPE i32
#define ID CREW__I32
#define ELEMENT int32_t
#define BITS 32
#define WORD uint32_t
#define FLOATING 0
#define LEAST INT32_MIN
#define MOST INT32_MAX
#include TEMPLATE
#include "no_type_template.h"

#define TYPE i64
#define ID CREW__I64
#define ELEMENT int64_t
#define BITS 64
#define WORD uint64_t
#define FLOATING 0
#define LEAST INT64_MIN
#define MOST INT64_MAX
#include TEMPLATE
#include "no_type_template.h"

#define TYPE u32
#define ID CREW__U32
#define ELEMENT uint32_t
#define BITS 32
#define WORD uint32_t
#define FLOATING 0
#define LEAST 0
#define MOST UINT32_MAX
#include TEMPLATE
#include "no_type_template.h"

#define TYPE u64
#define ID CREW__U64
#define ELEMENT uint64_t
#define BITS 64
#define WORD uint64_t
#define FLOATING 0
#define LEAST 0
#define MOST UINT64_MAX
#include TEMPLATE
#include "no_type_template.h"

#undef TEMPLATE
