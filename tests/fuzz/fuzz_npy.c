/* Fuzz target for the header of .npy files: whatever the bytes are, an answer and no access outside of them; what is
   accepted is what crew writes for it.

   Byte 0 says what the rest is: 0 the whole file, 1 the text of the header, else changes (place, byte) to a good one.
 */
#include "../../lib/core/file/npy_header.h"
#include "fuzz_array.h"
#include <stdlib.h>
#include <string.h>

static void require(int holds)
{
    if (!holds)
        abort();
}

/* What was read, written and read again. */
static void check_round_trip(const crew_array_info *info)
{
    char *bytes = malloc(CREW__NPY_MOST + CREW__NPY_PREFIX);
    require(bytes != NULL);
    size_t length = crew__npy_format(info, 0, bytes);
    require(length > 0 && length % 64 == 0);
    struct crew__npy_prefix prefix;
    const char *what;
    char why[64];
    require(crew__npy_prefix((const unsigned char *)bytes, CREW__NPY_PREFIX, &prefix, &what) == 0);
    require(prefix.begin + prefix.length == length);
    crew_array_info again;
    bool swapped;
    require(crew__npy_parse(bytes + prefix.begin, prefix.length, &again, &swapped, why, sizeof why) == 0);
    require(!swapped && again.type == info->type && again.ndim == info->ndim && again.items == info->items);
    require(memcmp(again.shape, info->shape, info->ndim * sizeof *info->shape) == 0);
    free(bytes);
}

static void parse(const char *text, size_t length)
{
    crew_array_info info;
    bool swapped;
    char why[80] = "";
    char *exact = malloc(length > 0 ? length : 1); /* of just this size, so that a sanitizer sees what is read beyond */
    require(exact != NULL);
    memcpy(exact, text, length);
    int error = crew__npy_parse(exact, length, &info, &swapped, why, sizeof why);
    free(exact);
    require((error == 0) == (why[0] == '\0') && memchr(why, '\0', sizeof why) != NULL);
    if (error)
        return;
    require(info.ndim <= CREW_ARRAY_DIMS && (unsigned)info.type < CREW_TYPES);
    if (!info.fortran)
        check_round_trip(&info);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char good[] = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4L, np.int64(5)), }    \n";
    if (size == 0)
        return 0;
    const uint8_t *rest = data + 1;
    size--;
    if (data[0] == 0) {
        struct crew__npy_prefix prefix;
        const char *why;
        if (crew__npy_prefix(rest, size, &prefix, &why) == 0 && size - prefix.begin >= prefix.length)
            parse((const char *)rest + prefix.begin, prefix.length);
    } else if (data[0] == 1) {
        parse((const char *)rest, size);
    } else {
        char text[sizeof good];
        memcpy(text, good, sizeof good);
        for (size_t i = 0; i + 1 < size && i < 2 * (size_t)data[0]; i += 2)
            text[rest[i] % (sizeof good - 1)] = (char)rest[i + 1];
        parse(text, sizeof good - 1);
    }
    return 0;
}
