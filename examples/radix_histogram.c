// Histogram equalisation of a picture: count the grey levels, add the counts up, look every sample up in the result.
//
//     cc -O2 -fopenmp -Iinclude examples/radix_histogram.c lib/*/*/*.c -lm -o radix_histogram
//     ./radix_histogram [IN.pgm OUT.pgm]
//
// Reads PGM and PPM (P2, P3, P5, P6; 8 and 16 bits), writes P5 or P6. Of a colour picture the brightness is counted,
// and one table serves the three channels. Without arguments it makes a dull picture, picture.pgm, and writes
// equalised.pgm.

#define _POSIX_C_SOURCE 200809L
#include <crew/crew.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SAID = 1, LEVELS = 65536 }; /* SAID: an error that was printed where it was found */

struct picture {
    size_t width, height, channels, max;
    uint16_t *samples; /* pixels row by row, `channels` samples each */
    uint16_t *grey;    /* the brightness of each pixel; samples itself where there is one channel */
};

static int bad(const char *what)
{
    fprintf(stderr, "%s\n", what);
    return SAID;
}

/* Rec. 601 in integers. The weights add up to 65536, so it is never above the largest channel. */
static uint16_t grey(const uint16_t *rgb)
{
    return (uint16_t)(((uint64_t)19595 * rgb[0] + 38470u * rgb[1] + 7471u * rgb[2] + 32768u) >> 16);
}

/* What shows each level: in proportion to how many pixels are at most as bright. The darkest level that occurs becomes
   0, the brightest max; a picture of one level stays as it is. */
static void make_table(const struct picture *p, const uint64_t *cumulated, uint16_t *table)
{
    uint64_t n = p->width * p->height, darkest = 0;
    for (size_t v = 0; v <= p->max && darkest == 0; v++)
        darkest = cumulated[v];
    for (size_t v = 0; v <= p->max; v++) {
        uint64_t brighter = cumulated[v] > darkest ? cumulated[v] - darkest : 0;
        table[v] = (uint16_t)(n == darkest ? v : (brighter * p->max + (n - darkest) / 2) / (n - darkest));
    }
}

static int equalise(struct picture *p, uint64_t *cumulated, uint16_t *table)
{
    size_t n = p->width * p->height;
    if (p->channels == 3)
        CREW_EACH(i, n, p->grey[i] = grey(p->samples + 3 * i));
    /* no sample is above max, and -ERANGE would say so if one were */
    int error = crew_bincount_u16(p->grey, n, cumulated, p->max + 1, NULL);
    if (error != 0)
        return error;
    crew_scan_inclusive_sum_u64(cumulated, cumulated, p->max + 1);
    make_table(p, cumulated, table);
    CREW_EACH(i, n * p->channels, p->samples[i] = table[p->samples[i]]);
    return 0;
}

/* The same by plain loops, from a copy of the samples as they were. */
static bool check(const struct picture *p, const uint16_t *before, uint64_t *counts, uint16_t *table)
{
    size_t n = p->width * p->height;
    memset(counts, 0, LEVELS * sizeof *counts);
    for (size_t i = 0; i < n; i++)
        counts[p->grey == p->samples ? before[i] : p->grey[i]]++;
    for (size_t v = 1; v <= p->max; v++)
        counts[v] += counts[v - 1];
    make_table(p, counts, table);
    for (size_t i = 0; i < n * p->channels; i++)
        if (p->samples[i] != table[before[i]])
            return false;
    return true;
}

/* How far apart the middle half of the pixels is: a search in the cumulated counts finds the quartiles. */
static void describe(const char *what, const struct picture *p, const uint64_t *cumulated)
{
    uint64_t n = cumulated[p->max], query[3] = {(n + 3) / 4, (n + 1) / 2, n - n / 4};
    size_t at[3];
    crew_search_sorted_u64(cumulated, p->max + 1, query, 3, CREW_LEFT, at);
    printf("%s: a quarter of the pixels is at most %zu, half %zu, three quarters %zu\n", what, at[0], at[1], at[2]);
}

/* A number of the header or of a plain picture: white space and comments before it. SIZE_MAX where there is none. */
static size_t number(const unsigned char **p, const unsigned char *end)
{
    for (; *p < end && (isspace(**p) || **p == '#'); ++*p)
        if (**p == '#')
            while (*p + 1 < end && **p != '\n')
                ++*p;
    size_t value = 0;
    const unsigned char *first = *p;
    for (; *p < end && **p >= '0' && **p <= '9' && value < 1000000000; ++*p)
        value = 10 * value + (size_t)(**p - '0');
    return *p > first ? value : SIZE_MAX;
}

static int parse(struct picture *p, const unsigned char *bytes, size_t size)
{
    if (size < 2 || bytes[0] != 'P' || strchr("2356", bytes[1]) == NULL || bytes[1] == '\0')
        return bad("not a PGM or PPM picture");
    const unsigned char *at = bytes + 2, *end = bytes + size;
    bool plain = bytes[1] == '2' || bytes[1] == '3';
    p->channels = bytes[1] == '3' || bytes[1] == '6' ? 3 : 1;
    p->width = number(&at, end);
    p->height = number(&at, end);
    p->max = number(&at, end);
    if (p->width == 0 || p->width > INT32_MAX || p->height == 0 || p->height > INT32_MAX || p->max == 0 ||
        p->max >= LEVELS)
        return bad("bad header");
    /* A plain sample takes two bytes or more, so a file that could not fill the picture is found before memory is asked
     * for. */
    size_t sample = plain ? 2 : p->max > 255 ? 2 : 1, room = ((size_t)(end - at) + plain) / sample;
    at += !plain && at < end;
    if (p->height > room / p->channels / p->width ||
        (!plain && (size_t)(end - at) / sample < p->width * p->height * p->channels))
        return bad("the picture is cut off");
    size_t n = p->width * p->height * p->channels;
    if ((p->samples = crew_alloc(n, sizeof *p->samples)) == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < n; i++) {
        size_t value = plain ? number(&at, end) : *at++;
        if (!plain && sample == 2)
            value = value << 8 | *at++;
        if (value > p->max)
            return bad(value == SIZE_MAX ? "the picture is cut off" : "a sample is above the maximum");
        p->samples[i] = (uint16_t)value;
    }
    return 0;
}

static int read_file(const char *name, unsigned char **bytes, size_t *size)
{
    FILE *file = fopen(name, "rb");
    if (file == NULL)
        return -errno;
    int error = 0;
    for (size_t room = 1 << 20, got = 1; got > 0 && error == 0; room *= 2) {
        unsigned char *grown = realloc(*bytes, room);
        if (grown == NULL) {
            error = -ENOMEM;
            break;
        }
        *bytes = grown;
        *size += got = fread(grown + *size, 1, room - *size, file);
        error = ferror(file) ? -errno : 0;
    }
    (void)fclose(file); /* nothing was written that could be lost */
    return error;
}

static int write_file(const char *name, const struct picture *p)
{
    FILE *file = fopen(name, "wb");
    if (file == NULL)
        return -errno;
    int error = 0;
    if (fprintf(file, "P%d\n%zu %zu\n%zu\n", p->channels == 3 ? 6 : 5, p->width, p->height, p->max) < 0)
        error = -errno;
    for (size_t i = 0; i < p->width * p->height * p->channels && error == 0; i++)
        if ((p->max > 255 && putc(p->samples[i] >> 8, file) == EOF) || putc(p->samples[i] & 255, file) == EOF)
            error = -errno;
    return fclose(file) == 0 || error != 0 ? error : -errno;
}

/* Two hills in mist, in integers: 12 bits, of which a tenth is used. */
static int make_picture(struct picture *p)
{
    *p = (struct picture){.width = 800, .height = 600, .channels = 1, .max = 4095};
    if ((p->samples = crew_alloc(p->width * p->height, sizeof *p->samples)) == NULL)
        return -ENOMEM;
    CREW_FOR_2D (i, p->height, j, p->width) {
        long y = (long)i, x = (long)j, a = (x - 250) * (x - 250) + 4 * (y - 500) * (y - 500);
        long b = (x - 600) * (x - 600) / 2 + 3 * (y - 450) * (y - 450);
        p->samples[i * p->width + j] = (uint16_t)(2000 + 9000000 / (40000 + a) + 5000000 / (30000 + b) + (x * y) % 7);
    }
    return write_file("picture.pgm", p);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int run(struct picture *p, uint64_t *cumulated, uint16_t *table, uint16_t **before)
{
    size_t n = p->width * p->height;
    *before = crew_alloc(n * p->channels, sizeof **before);
    p->grey = p->channels == 1 ? p->samples : crew_alloc(n, sizeof *p->grey);
    if (*before == NULL || p->grey == NULL)
        return -ENOMEM;
    int error = crew_copy(p->samples, *before, n * p->channels, sizeof **before);
    double start = seconds();
    if (error == 0)
        error = equalise(p, cumulated, table);
    double elapsed = seconds() - start;
    if (error != 0)
        return error;
    printf("%zu x %zu pixels of %zu channels, levels 0 to %zu\n", p->width, p->height, p->channels, p->max);
    describe("before", p, cumulated);
    bool same = check(p, *before, cumulated, table);
    if (p->channels == 3)
        CREW_EACH(i, n, p->grey[i] = grey(p->samples + 3 * i));
    error = crew_bincount_u16(p->grey, n, cumulated, p->max + 1, NULL);
    if (error != 0)
        return error;
    crew_scan_inclusive_sum_u64(cumulated, cumulated, p->max + 1);
    describe("after", p, cumulated);
    printf("the plain loops find %s\n", same ? "the same" : "OTHER SAMPLES");
    printf("time  %.2f ms, %d threads, %s\n", 1e3 * elapsed, crew_num_threads(), crew_backend());
    return same ? 0 : SAID;
}

int main(int argc, char **argv)
{
    if (argc != 1 && argc != 3) {
        fprintf(stderr, "usage: %s [IN.pgm OUT.pgm]\n", argv[0]);
        return EXIT_FAILURE;
    }
    const char *in = argc == 3 ? argv[1] : "picture.pgm", *out = argc == 3 ? argv[2] : "equalised.pgm";
    struct picture p = {0};
    unsigned char *bytes = NULL;
    size_t size = 0;
    uint64_t *cumulated = calloc(LEVELS, sizeof *cumulated);
    uint16_t *table = calloc(LEVELS, sizeof *table), *before = NULL;
    int error = cumulated == NULL || table == NULL ? -ENOMEM : 0;
    if (error == 0)
        error = argc == 1 ? make_picture(&p) : read_file(in, &bytes, &size);
    if (error == 0 && argc == 3)
        error = parse(&p, bytes, size);
    if (error == 0)
        error = run(&p, cumulated, table, &before);
    if (error != 0)
        fprintf(stderr, "%s: %s\n", in, error == SAID ? "not equalised" : strerror(-error));
    else if ((error = write_file(out, &p)) != 0)
        fprintf(stderr, "%s: %s\n", out, strerror(-error));
    else
        printf("wrote %s\n", out);
    if (p.grey != p.samples)
        crew_free(p.grey);
    crew_free(p.samples);
    crew_free(before);
    free(cumulated);
    free(table);
    free(bytes);
    return error == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
