/* Radix sorts of keys alone. */
#include "radix_keys.h"
#include "radix_kernels.h"

#define BITS 32
#include "radix_shape_template.h"

#define BITS 64
#include "radix_shape_template.h"
