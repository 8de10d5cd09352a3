/* The header of a .npy file, as NumPy's format.py describes it: bytes in, shape out, and back. No files here. */
#ifndef CREW_FILE_NPY_HEADER_H
#define CREW_FILE_NPY_HEADER_H

#include <crew/array.h>

enum {
    CREW__NPY_PREFIX = 12,   /* the longest magic, version and length */
    CREW__NPY_MOST = 65535,  /* bytes of a header's text that are read */
    CREW__NPY_WRITTEN = 2048 /* enough for every header that crew writes: 64 axes of 20 digits */
};

/* Of the first CREW__NPY_PREFIX bytes: where the header's text begins, how long it is, and the version. `have` bytes
   are there. 0, or a negative errno value with *why. */
struct crew__npy_prefix {
    size_t begin, length;
    int version;
};
int crew__npy_prefix(const unsigned char *bytes, size_t have, struct crew__npy_prefix *prefix, const char **why);

/* Reads the header's text. *swapped: the items have the other byte order. 0, or a negative errno value with a sentence
   in `why`, cut off to fit. */
int crew__npy_parse(const char *text, size_t length, crew_array_info *info, bool *swapped, char *why, size_t why_size);

/* Fills in items, rows, row_items, row_size from type, order and shape. False where a product is too large. */
bool crew__array_count(crew_array_info *info);

/* Writes prefix and text of version 1 for a C order array of this machine's byte order, `total` bytes long (0: the next
   multiple of 64 with room for any number of rows). Returns the length, 0 where it does not fit. */
size_t crew__npy_format(const crew_array_info *info, size_t total, char bytes[CREW__NPY_MOST + CREW__NPY_PREFIX]);

#endif
