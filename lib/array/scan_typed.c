#include "scan_typed.h"
#include <crew/scan.h>
#include <math.h>

#define CREW__CAT_(a, b) a##_##b
#define CREW__CAT(a, b) CREW__CAT_(a, b)

#define TYPE f32
#define ID CREW__F32
#define ELEMENT float
#define MEMBER f64
#define LEAST (float)-INFINITY
#define MOST (float)INFINITY
#include "scan_typed_template.h"

#define TYPE f64
#define ID CREW__F64
#define ELEMENT double
#define MEMBER f64
#define LEAST (double)-INFINITY
#define MOST (double)INFINITY
#include "scan_typed_template.h"

#define TYPE i32
#define ID CREW__I32
#define ELEMENT int32_t
#define MEMBER u32
#define LEAST INT32_MIN
#define MOST INT32_MAX
#include "scan_typed_template.h"

#define TYPE i64
#define ID CREW__I64
#define ELEMENT int64_t
#define MEMBER u64
#define LEAST INT64_MIN
#define MOST INT64_MAX
#include "scan_typed_template.h"

#define TYPE u32
#define ID CREW__U32
#define ELEMENT uint32_t
#define MEMBER u32
#define LEAST 0
#define MOST UINT32_MAX
#include "scan_typed_template.h"

#define TYPE u64
#define ID CREW__U64
#define ELEMENT uint64_t
#define MEMBER u64
#define LEAST 0
#define MOST UINT64_MAX
#include "scan_typed_template.h"
