/* Radix sorts of keys with values in another array. */
#define INSTANCE k32v4
#define BITS 32
#define ELEMENT uint32_t
#define VALUE uint32_t
#include "radix_template.h"

#define INSTANCE k32v8
#define BITS 32
#define ELEMENT uint32_t
#define VALUE uint64_t
#include "radix_template.h"

#define INSTANCE k64v4
#define BITS 64
#define ELEMENT uint64_t
#define VALUE uint32_t
#include "radix_template.h"

#define INSTANCE k64v8
#define BITS 64
#define ELEMENT uint64_t
#define VALUE uint64_t
#include "radix_template.h"
