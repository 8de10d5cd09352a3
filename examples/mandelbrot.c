// The Mandelbrot set as a picture: rows that differ in cost a hundredfold, shared out with crew_for.
//
//     cc -O2 -fopenmp -Iinclude examples/mandelbrot.c lib/core/*/*.c -lm -o mandelbrot
//     ./mandelbrot [-p] [WIDTH HEIGHT OUT.png]
//
// -p shows a progress bar. The default is 1200 x 800 to mandelbrot.png. The bytes are the same at any thread count;
// where the target has fused multiply-add (-march=native, ARM), -ffp-contract=off keeps them the same for every
// compiler.

#define _POSIX_C_SOURCE 200809L
#include "png.h"
#include <crew/crew.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_ITERATIONS = 1000, MAX_EDGE = 20000 };

struct picture {
    size_t width, height;
    unsigned char *rgb;
};

/* How many steps z = z^2 + c takes to leave a circle of radius 256, made smooth: what |z| is beyond the circle says how
   far between two steps it crossed. Negative where it stays inside. */
static double escape_time(double cr, double ci)
{
    double zr = 0, zi = 0;
    for (int n = 0; n < MAX_ITERATIONS; n++) {
        double rr = zr * zr, ii = zi * zi;
        if (rr + ii > 65536)
            return n + 3 - log2(log2(rr + ii) / 2);
        zi = 2 * zr * zi + ci;
        zr = rr - ii + cr;
    }
    return -1;
}

static unsigned char channel(double phase)
{
    return (unsigned char)(127.5 - 127.5 * cos(phase) + 0.5);
}

/* Rows begin .. end-1. A row through the set takes MAX_ITERATIONS for most pixels, one at the top takes a few, so
   equal shares of rows would leave threads idle; crew moves rows to whoever is free, and there is no chunk size to
   find. Every row writes bytes of its own. */
static int draw_rows(size_t begin, size_t end, void *ctx)
{
    const struct picture *p = ctx;
    double step = 3.0 / (double)p->width;
    for (size_t i = begin; i < end; i++) {
        double ci = ((double)p->height / 2 - (double)i - 0.5) * step;
        unsigned char *rgb = p->rgb + 3 * p->width * i;
        for (size_t j = 0; j < p->width; j++, rgb += 3) {
            double t = escape_time(((double)j + 0.5) * step - 2.1, ci);
            /* Colours go round with the square root of the time: wide bands far out, still apart near the set. */
            double phase = sqrt(fmax(t, 0)) * 1.3;
            rgb[0] = t < 0 ? 0 : channel(phase - 1.6);
            rgb[1] = t < 0 ? 0 : channel(phase - 1.1);
            rgb[2] = t < 0 ? 0 : channel(phase - 0.3);
        }
    }
    return 0;
}

/* FNV-1a with 64 bits. */
static uint64_t checksum(const unsigned char *bytes, size_t size)
{
    uint64_t hash = 0xCBF29CE484222325u;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ bytes[i]) * 0x100000001B3u;
    return hash;
}

static size_t edge(const char *text)
{
    char *rest;
    unsigned long value = strtoul(text, &rest, 10);
    return text[0] >= '0' && text[0] <= '9' && *rest == '\0' && value <= MAX_EDGE ? value : 0;
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
    struct picture picture = {.width = 1200, .height = 800};
    const char *name = "mandelbrot.png";
    crew_options options = {.name = "mandelbrot"};
    int first = 1;
    if (argc > 1 && strcmp(argv[1], "-p") == 0) {
        options.progress = crew_progress_bar;
        first = 2;
    }
    if (argc - first == 3) {
        picture.width = edge(argv[first]);
        picture.height = edge(argv[first + 1]);
        name = argv[first + 2];
    }
    if ((argc != first && argc - first != 3) || picture.width == 0 || picture.height == 0) {
        fprintf(stderr, "usage: %s [-p] [WIDTH HEIGHT OUT.png], edges 1 to %d\n", argv[0], MAX_EDGE);
        return EXIT_FAILURE;
    }
    picture.rgb = malloc(3 * picture.width * picture.height);
    if (picture.rgb == NULL) {
        fprintf(stderr, "%s: %s\n", argv[0], crew_strerror(-ENOMEM));
        return EXIT_FAILURE;
    }

    double start = seconds();
    int error = crew_for(picture.height, draw_rows, &picture, &options);
    double elapsed = seconds() - start;
    if (error != 0) {
        fprintf(stderr, "%s: %s\n", argv[0], crew_strerror(error));
    } else if ((error = png_write(name, picture.rgb, picture.width, picture.height)) != 0) {
        fprintf(stderr, "%s: %s\n", name, strerror(-error));
    } else {
        printf("%zu x %zu pixels, checksum %016" PRIx64 "\n", picture.width, picture.height,
               checksum(picture.rgb, 3 * picture.width * picture.height));
        printf("wrote %s\n", name);
        printf("time  %.1f ms, %d threads, %s\n", 1e3 * elapsed, crew_num_threads(), crew_backend());
    }
    free(picture.rgb);
    return error == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
