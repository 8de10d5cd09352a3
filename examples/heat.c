// Heat in an insulated plate: thousands of small steps, each a loop over the grid, and a picture of the last one.
//
//     cc -O2 -fopenmp -Iinclude examples/heat.c lib/*/*/*.c -lm -o heat
//     ./heat [N STEPS OUT.ppm]
//
// The default is 256 x 256 cells, 4000 steps, to heat.ppm. A step takes tens of microseconds: what a loop costs to
// start matters here. Ctrl-C ends the run after the last whole step and still writes the picture. The output is the
// same at any thread count; where the target has fused multiply-add, add -ffp-contract=off to have it from every
// compiler.

#define _POSIX_C_SOURCE 200809L
#include <crew/crew.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_EDGE = 16384, REPORTS = 4 };

#define CONDUCTION 0.03 /* share of a difference that flows in one step; above 0.25 the scheme blows up */

struct plate {
    size_t n;
    const double *now; /* n x n cells, row by row */
    double *next;
};

/* One step of the five-point stencil on rows [row_begin, row_end). A cell on an edge has itself for the neighbour that
   is missing: no heat flows through the edge, so the total stays. Every cell of next is written by one block and now is
   only read: that is all that the loop needs to be parallel. */
static int step(size_t row_begin, size_t row_end, void *ctx)
{
    const struct plate *plate = ctx;
    size_t n = plate->n;
    for (size_t i = row_begin; i < row_end; i++) {
        const double *row = plate->now + i * n;
        const double *up = i > 0 ? row - n : row, *down = i + 1 < n ? row + n : row;
        double *out = plate->next + i * n;
        out[0] = row[0] + CONDUCTION * (up[0] + down[0] + row[1] - 3 * row[0]);
        for (size_t j = 1; j + 1 < n; j++)
            out[j] = row[j] + CONDUCTION * (up[j] + down[j] + row[j - 1] + row[j + 1] - 4 * row[j]);
        out[n - 1] = row[n - 1] + CONDUCTION * (up[n - 1] + down[n - 1] + row[n - 2] - 3 * row[n - 1]);
    }
    return 0;
}

/* A ring of 100 degrees with a hot core, two bars on the cold plate. In integers, so it is exact. */
static double initial(long i, long j, long n)
{
    long y = 2 * i - n, x = 2 * j - n, r2 = x * x + y * y;
    bool core = r2 * 100 < n * n * 2, ring = r2 * 100 > n * n * 16 && r2 * 100 < n * n * 36;
    bool bar = labs(x) * 8 < n * 7 && labs(labs(y) * 16 - n * 13) < n;
    return core || ring || bar ? 100 : 0;
}

static unsigned char shade(double value)
{
    return (unsigned char)(value < 0 ? 0 : value > 1 ? 255 : 255 * value + 0.5);
}

/* Black, red, yellow, white from 0 to 100 degrees. */
static int write_ppm(const char *name, const double *cells, size_t n)
{
    FILE *file = fopen(name, "wb");
    if (file == NULL)
        return -errno;
    int error = fprintf(file, "P6\n%zu %zu\n255\n", n, n) < 0 ? -errno : 0;
    for (size_t i = 0; i < n * n && error == 0; i++) {
        double t = 3 * cells[i] / 100;
        unsigned char rgb[3] = {shade(t), shade(t - 1), shade(t - 2)};
        error = fwrite(rgb, 1, 3, file) == 3 ? 0 : -errno;
    }
    return fclose(file) == 0 || error != 0 ? error : -errno;
}

/* A flag that any thread, and a signal handler too, may set; the calls that were given it stop. */
static crew_cancel stop;

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    crew_cancel_request(&stop);
}

static void report(size_t steps, const double *cells, size_t n)
{
    double min, max;
    crew_minmax_f64(cells, n * n, &min, &max);
    printf("after %6zu steps: min %8.4f  max %8.4f  total %.3f\n", steps, min, max, crew_sum_f64(cells, n * n));
}

static size_t number(const char *text, size_t max)
{
    char *rest;
    unsigned long value = strtoul(text, &rest, 10);
    return text[0] >= '0' && text[0] <= '9' && *rest == '\0' && value <= max ? value : 0;
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
    size_t n = argc == 4 ? number(argv[1], MAX_EDGE) : 256, steps = argc == 4 ? number(argv[2], 1000000000) : 4000;
    const char *name = argc == 4 ? argv[3] : "heat.ppm";
    if ((argc != 1 && argc != 4) || n < 2 || steps == 0) {
        fprintf(stderr, "usage: %s [N STEPS OUT.ppm], N 2 to %d\n", argv[0], MAX_EDGE);
        return EXIT_FAILURE;
    }
    double *now = malloc(n * n * sizeof *now), *next = malloc(n * n * sizeof *next);
    int error = now != NULL && next != NULL ? 0 : -ENOMEM;
    if (error == 0 && signal(SIGINT, on_interrupt) == SIG_ERR)
        error = -errno;
    size_t done = 0;
    if (error == 0) {
        CREW_FOR_2D (i, n, j, n)
            now[i * n + j] = initial((long)i, (long)j, (long)n);
        report(0, now, n);
        /* A step that takes longer than a minute is taken for a machine in trouble: -ETIMEDOUT. */
        const crew_options options = {.cancel = &stop, .timeout = 60};
        double start = seconds();
        while (done < steps && (error = crew_for(n, step, &(struct plate){n, now, next}, &options)) == 0) {
            double *last = now;
            now = next;
            next = last;
            done++;
            if (done * REPORTS / steps != (done - 1) * REPORTS / steps)
                report(done, now, n);
        }
        double elapsed = seconds() - start;
        printf("time  %.1f ms, %.2f us a step, %d threads, %s\n", 1e3 * elapsed,
               1e6 * elapsed / (done > 0 ? (double)done : 1), crew_num_threads(), crew_backend());
        /* The step that was cut short wrote to next, so now is whole. */
        if (error == -ECANCELED) {
            fprintf(stderr, "interrupted after %zu steps\n", done);
            error = 0;
        }
    }
    if (error != 0)
        fprintf(stderr, "%s: %s\n", argv[0], crew_strerror(error));
    else if ((error = write_ppm(name, now, n)) != 0)
        fprintf(stderr, "%s: %s\n", name, strerror(-error));
    else
        printf("wrote %s\n", name);
    free(now);
    free(next);
    return error == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
