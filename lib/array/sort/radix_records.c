/* Radix sorts of records with the key inside. Their bytes need no alignment. */
struct crew__record8 {
    unsigned char bytes[8];
};

struct crew__record16 {
    unsigned char bytes[16];
};

#define INSTANCE r8k32
#define BITS 32
#define ELEMENT struct crew__record8
#define RECORD
#include "radix_template.h"

#define INSTANCE r16k32
#define BITS 32
#define ELEMENT struct crew__record16
#define RECORD
#include "radix_template.h"

#define INSTANCE r16k64
#define BITS 64
#define ELEMENT struct crew__record16
#define RECORD
#include "radix_template.h"
