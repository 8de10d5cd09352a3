/* Radix sorts of keys with values in another array. */
#include "radix_pairs.h"
#include "radix_kernels.h"

#define BITS 32
#define VALUE_BITS 32
#include "radix_shape_template.h"

#define BITS 32
#define VALUE_BITS 64
#include "radix_shape_template.h"

#define BITS 64
#define VALUE_BITS 32
#include "radix_shape_template.h"

#define BITS 64
#define VALUE_BITS 64
#include "radix_shape_template.h"
