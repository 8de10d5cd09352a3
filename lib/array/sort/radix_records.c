/* Radix sorts of records with the key inside. Their bytes need no alignment. */
#include "radix_records.h"
#include "radix_kernels.h"

#define BITS 32
#define RECORD_BYTES 8
#include "radix_shape_template.h"

#define BITS 32
#define RECORD_BYTES 16
#include "radix_shape_template.h"

#define BITS 64
#define RECORD_BYTES 16
#include "radix_shape_template.h"
