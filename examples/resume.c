// A long run that can be interrupted at any moment and goes on where it was: run it, press Ctrl-C (or kill -9 it, or
// pull the plug), run it again.
//
//     cc -O2 -fopenmp -Iinclude examples/resume.c lib/core/*/*.c -lm -o resume
//     ./resume [JOURNAL] [ITEMS]
//
// Finished items are kept in the journal, and the second run does only the rest. The digits that are printed at the
// end are the same however often the run was interrupted. Remove the file to begin anew.

#include <crew/process.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST = 100000 };

/* The escape time of a row of points of the Mandelbrot set, summed. */
static int row(const void *in, void *out, void *ctx)
{
    double y = *(const double *)in;
    unsigned long long sum = 0;
    (void)ctx;
    for (int k = 0; k < 400; k++) {
        double x = -2 + 2.5 * k / 400, a = 0, b = 0;
        int steps = 0;
        for (; steps < 2000 && a * a + b * b < 4; steps++) {
            double t = a * a - b * b + x;
            b = 2 * a * b + y;
            a = t;
        }
        sum += (unsigned long long)steps;
    }
    *(unsigned long long *)out = sum;
    return 0;
}

int main(int argc, char **argv)
{
    const char *journal = argc > 1 ? argv[1] : "resume.journal";
    size_t n = argc > 2 ? (size_t)strtoul(argv[2], NULL, 10) : 8000;
    static double in[MOST];
    static unsigned long long out[MOST];
    n = n < 1 ? 1 : n > MOST ? MOST : n;
    for (size_t i = 0; i < n; i++)
        in[i] = -1.25 + 2.5 * (double)i / (double)n;
    int error = crew_process_map(in, sizeof *in, out, sizeof *out, n, row, NULL,
                                 &(crew_options){.progress = crew_progress_bar, .name = "rows of the Mandelbrot set"},
                                 &(crew_process_options){.journal = journal});
    if (error) {
        fprintf(stderr, "%s: %s\n", journal, crew_strerror(error));
        return EXIT_FAILURE;
    }
    unsigned long long sum = 0;
    for (size_t i = 0; i < n; i++)
        sum = sum * 31 + out[i];
    printf("%zu rows, %016llx\n", n, sum);
    return EXIT_SUCCESS;
}
