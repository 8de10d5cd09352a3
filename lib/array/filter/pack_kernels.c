/* The choice of the kernels, and packing of elements of other sizes. */
#include "pack_kernels.h"
#include <string.h>

struct bytes16 {
    uint64_t word[2];
};

#define PACK pack1
#define ELEMENT uint8_t
#include "pack_plain_template.h"
#define PACK pack2
#define ELEMENT uint16_t
#include "pack_plain_template.h"
#define PACK pack16
#define ELEMENT struct bytes16
#include "pack_plain_template.h"

/* Moves an element as its first and its last CHUNK bytes, which may share some. */
#define PACK pack_to4
#define CHUNK 2
#include "pack_two_template.h"
#define PACK pack_to8
#define CHUNK 4
#include "pack_two_template.h"
#define PACK pack_to16
#define CHUNK 8
#include "pack_two_template.h"
#define PACK pack_to32
#define CHUNK 16
#include "pack_two_template.h"
#define PACK pack_to64
#define CHUNK 32
#include "pack_two_template.h"

static void pack_large(size_t size, const void *in, const unsigned char *flags, void *out, size_t count, int invert)
{
    const char *from = in;
    char *to = out;
    for (size_t i = 0, kept = 0; kept < count; i++)
        if ((flags[i] != 0) ^ invert)
            memmove(to + kept++ * size, from + i * size, size);
}

static void pack_any(size_t size, const void *in, const unsigned char *flags, void *out, size_t count, int invert)
{
    if (size > 64)
        pack_large(size, in, flags, out, count, invert);
    else if (size > 32)
        pack_to64(size, in, flags, out, count, invert);
    else if (size > 16)
        pack_to32(size, in, flags, out, count, invert);
    else if (size > 8)
        pack_to16(size, in, flags, out, count, invert);
    else if (size > 4)
        pack_to8(size, in, flags, out, count, invert);
    else
        pack_to4(size, in, flags, out, count, invert);
}

const struct crew__pack_kernels *crew__pack_kernels(void)
{
#ifdef CREW__ISA_X86
    enum crew__isa isa = crew__isa();
    if (isa >= CREW__ISA_AVX512)
        return &crew__pack_avx512;
    if (isa >= CREW__ISA_AVX2)
        return &crew__pack_avx2;
#endif
    return &crew__pack_plain;
}

void crew__pack(const struct crew__pack_kernels *kernels, size_t size, const void *in, const unsigned char *flags,
                size_t n, void *out, size_t count, int invert)
{
    if (count == n) {
        if (n > 0 && in != out)
            memmove(out, in, n * size);
        return;
    }
    switch (size) {
    case 1:
        pack1(in, flags, n, out, count, invert);
        break;
    case 2:
        pack2(in, flags, n, out, count, invert);
        break;
    case 4:
        kernels->pack4(in, flags, n, out, count, invert);
        break;
    case 8:
        kernels->pack8(in, flags, n, out, count, invert);
        break;
    case 16:
        pack16(in, flags, n, out, count, invert);
        break;
    default:
        pack_any(size, in, flags, out, count, invert);
    }
}
