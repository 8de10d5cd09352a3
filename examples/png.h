// Writes a picture as PNG with nothing but the C library: its compressed stream may hold blocks that are not
// compressed.
#ifndef EXAMPLES_PNG_H
#define EXAMPLES_PNG_H

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct png {
    FILE *file;
    uint32_t crc; /* of the chunk that is being written */
};

static void png_bytes(struct png *png, const void *data, size_t size)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < size; i++) {
        png->crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            png->crc = png->crc >> 1 ^ (png->crc & 1 ? 0xEDB88320u : 0);
    }
    fwrite(data, 1, size, png->file);
}

static void png_number(struct png *png, uint32_t n)
{
    const unsigned char bytes[4] = {(unsigned char)(n >> 24), (unsigned char)(n >> 16), (unsigned char)(n >> 8),
                                    (unsigned char)n};
    png_bytes(png, bytes, 4);
}

static void png_begin(struct png *png, const char *type, size_t size)
{
    png_number(png, (uint32_t)size);
    png->crc = UINT32_MAX; /* of type and data */
    png_bytes(png, type, 4);
}

static void png_end(struct png *png)
{
    png_number(png, ~png->crc);
}

/* width * height pixels of red, green, blue, in rows from the top. A row of at most 21,800 pixels. Returns 0 or a
   negative errno value. */
static int png_write(const char *name, const unsigned char *rgb, size_t width, size_t height)
{
    struct png png = {.file = fopen(name, "wb")};
    if (png.file == NULL)
        return -errno;
    const size_t row = 1 + 3 * width; /* with the byte that says that the row is not filtered */
    fwrite("\x89PNG\r\n\x1a\n", 1, 8, png.file);
    png_begin(&png, "IHDR", 13);
    png_number(&png, (uint32_t)width);
    png_number(&png, (uint32_t)height);
    png_bytes(&png, "\x08\x02\0\0\0", 5); /* 8 bits a channel, true colour */
    png_end(&png);

    /* A zlib stream of one stored block a row, and a checksum of what they hold. */
    png_begin(&png, "IDAT", 2 + height * (5 + row) + 4);
    png_bytes(&png, "\x78\x01", 2);
    uint32_t a = 1, b = 0;
    for (size_t i = 0; i < height; i++) {
        const unsigned char *pixels = rgb + 3 * width * i;
        const unsigned char head[6] = {i + 1 == height,     (unsigned char)row,         (unsigned char)(row >> 8),
                                       (unsigned char)~row, (unsigned char)(~row >> 8), 0};
        png_bytes(&png, head, 6);
        png_bytes(&png, pixels, 3 * width);
        b = (b + a) % 65521;
        for (size_t j = 0; j < 3 * width; j++) {
            a = (a + pixels[j]) % 65521;
            b = (b + a) % 65521;
        }
    }
    png_number(&png, b << 16 | a);
    png_end(&png);
    png_begin(&png, "IEND", 0);
    png_end(&png);

    int error = ferror(png.file) ? -EIO : 0;
    return fclose(png.file) == 0 || error != 0 ? error : -errno;
}

#endif
