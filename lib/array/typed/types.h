/* The six element types, and how names are made of theirs. */
#ifndef CREW_TYPED_TYPES_H
#define CREW_TYPED_TYPES_H

#include <crew/compiler.h>
#include <stdint.h>

enum crew__type { CREW__F32, CREW__F64, CREW__I32, CREW__I64, CREW__U32, CREW__U64, CREW__TYPES };

/* As CREW__CAT of two; CREW__JOIN puts nothing between. */
#define CREW__CAT3(a, b, c) CREW__CAT3_(a, b, c)
#define CREW__CAT3_(a, b, c) a##_##b##_##c
#define CREW__JOIN(a, b) CREW__JOIN_(a, b)
#define CREW__JOIN_(a, b) a##b

#endif
