// Compresses a file or a pipe with zlib, block by block on all threads, in the order of the input: a stream.
//
//     cc -O2 -fopenmp -Iinclude examples/stream_gzip.c lib/core/*/*.c -lz -lm -o stream_gzip
//     ./stream_gzip <FILE >FILE.gz       or       ./stream_gzip FILE FILE.gz
//
// The output is one gzip member, which gzip and zcat read, and the same bytes at any thread count. Each block is
// compressed with the 32 KiB before it as its dictionary, so little is lost against one thread. However large the
// input is and however slow the output, memory holds four blocks a thread. Sources of the method: RFC 1951, RFC 1952,
// and Mark Adler's pigz.

#include <crew/crew.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

enum { WINDOW = 32768, BLOCK = 131072, OUT = BLOCK + BLOCK / 8 + 256, RAW_DEFLATE = -15 };

struct block {
    z_stream z;
    size_t before, size, packed; /* bytes of the window, of the block, and of what it became */
    uLong check;
    unsigned char in[WINDOW + BLOCK], out[OUT];
};

struct files {
    FILE *in, *out;
    size_t kept; /* bytes of the window of the next block */
    unsigned char window[WINDOW];
    uLong check;
    unsigned long long bytes_in, bytes_out;
};

static int open_block(void *item, void *ctx)
{
    struct block *b = item;
    (void)ctx;
    int code = deflateInit2(&b->z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, RAW_DEFLATE, 8, Z_DEFAULT_STRATEGY);
    return code == Z_OK ? 0 : -ENOMEM;
}

static void close_block(void *item, void *ctx)
{
    (void)ctx;
    deflateEnd(&((struct block *)item)->z);
}

static int read_block(void *item, size_t index, void *ctx)
{
    struct block *b = item;
    struct files *f = ctx;
    (void)index;
    b->before = f->kept;
    memcpy(b->in, f->window, b->before);
    b->size = fread(b->in + b->before, 1, BLOCK, f->in);
    if (b->size == 0)
        return ferror(f->in) ? -EIO : CREW_STREAM_END;
    f->kept = b->before + b->size < WINDOW ? b->before + b->size : WINDOW;
    memcpy(f->window, b->in + b->before + b->size - f->kept, f->kept);
    return 0;
}

static int pack_block(void *item, size_t index, void *ctx)
{
    struct block *b = item;
    (void)index;
    (void)ctx;
    deflateReset(&b->z);
    if (b->before > 0)
        deflateSetDictionary(&b->z, b->in, (uInt)b->before);
    b->z.next_in = b->in + b->before;
    b->z.avail_in = (uInt)b->size;
    b->z.next_out = b->out;
    b->z.avail_out = OUT;
    int code = deflate(&b->z, Z_SYNC_FLUSH); /* ends on a whole byte, so that blocks can follow each other */
    b->packed = OUT - b->z.avail_out;
    b->check = crc32(0, b->in + b->before, (uInt)b->size);
    return code == Z_OK && b->z.avail_in == 0 && b->z.avail_out > 0 ? 0 : -EIO;
}

static int put(struct files *f, const void *bytes, size_t size)
{
    f->bytes_out += size;
    return fwrite(bytes, 1, size, f->out) == size ? 0 : -EIO;
}

static int write_block(void *item, size_t index, void *ctx)
{
    const struct block *b = item;
    struct files *f = ctx;
    (void)index;
    f->check = crc32_combine(f->check, b->check, (z_off_t)b->size);
    f->bytes_in += b->size;
    return put(f, b->out, b->packed);
}

static int put_end(struct files *f)
{
    unsigned char end[10] = {3, 0}; /* an empty last block of deflate */
    for (int i = 0; i < 4; i++) {
        end[2 + i] = (unsigned char)(f->check >> 8 * i);
        end[6 + i] = (unsigned char)(f->bytes_in >> 8 * i);
    }
    return put(f, end, sizeof end);
}

static int compress_stream(struct files *f)
{
    static const unsigned char header[10] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255};
    const crew_stage pack = {pack_block, CREW_STAGE_PARALLEL};
    const crew_pipeline pipeline = {.item_size = sizeof(struct block),
                                    .source = read_block,
                                    .stages = &pack,
                                    .nstages = 1,
                                    .sink = write_block,
                                    .open = open_block,
                                    .close = close_block};
    int code = put(f, header, sizeof header);
    code = code ? code : crew_stream(&pipeline, f, &(crew_options){.name = "stream_gzip"});
    code = code ? code : put_end(f);
    return code == 0 && fflush(f->out) != 0 ? -EIO : code;
}

int main(int argc, char **argv)
{
    static struct files f;
    if (argc != 1 && argc != 3) {
        fprintf(stderr, "usage: %s [FILE FILE.gz]\n", argv[0]);
        return 2;
    }
    f.in = argc == 3 ? fopen(argv[1], "rb") : stdin;
    f.out = argc == 3 ? fopen(argv[2], "wb") : stdout;
    f.check = crc32(0, NULL, 0);
    int code = f.in && f.out ? compress_stream(&f) : -errno;
    if (f.out && fclose(f.out) != 0 && code == 0)
        code = -EIO;
    if (code != 0) {
        fprintf(stderr, "stream_gzip: %s\n", crew_strerror(code));
        return 1;
    }
    if (argc == 3)
        printf("%s: %llu bytes to %llu\n", argv[2], f.bytes_in, f.bytes_out);
    return 0;
}
