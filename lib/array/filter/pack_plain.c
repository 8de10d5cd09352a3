/* Packing in plain C. */
#include "pack_kernels.h"
#include <string.h>

#define PACK pack4
#define ELEMENT uint32_t
#include "pack_plain_template.h"
#define PACK pack8
#define ELEMENT uint64_t
#include "pack_plain_template.h"

static void pack_index(size_t begin, const unsigned char *flags, size_t n, void *out, size_t count)
{
    char *to = out;
    (void)n;
    for (size_t i = 0, kept = 0; kept < count; i++) {
        size_t index = begin + i;
        memcpy(to + kept * sizeof index, &index, sizeof index);
        kept += flags[i] != 0;
    }
}

/* Eight flags at a time: bit 0 of each byte of the word becomes "this flag is not 0". */
static size_t count_flags(const unsigned char *flags, size_t n)
{
    const uint64_t low = 0x7f7f7f7f7f7f7f7f, ones = 0x0101010101010101, pairs = 0x00ff00ff00ff00ff;
    size_t count = 0, i = 0;
    while (n - i >= 8) {
        /* a byte of the sum holds 255 words */
        size_t words = (n - i) / 8 < 255 ? (n - i) / 8 : 255;
        uint64_t sum = 0;
        for (size_t k = 0; k < words; k++) {
            uint64_t word;
            memcpy(&word, flags + i + 8 * k, 8);
            sum += ((((word & low) + low) | word) >> 7) & ones;
        }
        sum = (sum & pairs) + ((sum >> 8) & pairs);
        count += (size_t)((sum * 0x0001000100010001) >> 48);
        i += 8 * words;
    }
    for (; i < n; i++)
        count += flags[i] != 0;
    return count;
}

const struct crew__pack_kernels crew__pack_plain = {count_flags, pack4, pack8, pack_index};
