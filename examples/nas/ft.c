// NAS FT: a diffusion equation solved by three-dimensional fast Fourier transforms.
//
//     cc -O2 -fopenmp -Iinclude examples/nas/ft.c lib/*/*/*.c -lm -o ft
//     ./ft [S | W | A]
//
// Class S has 64 x 64 x 64 points, W 128 x 128 x 32, A 256 x 256 x 128. A transform goes over the array three times:
// each time it transforms the lines that lie along the last axis and writes them along the first, so after the third
// the axes are back in their order.

#define _POSIX_C_SOURCE 200809L
#include "nas.h"

enum { STEPS = 6, GROUP = 8, LONGEST = 256, PROBES = 1024 };

#define PI 3.141592653589793238

struct complex {
    double re, im;
};

static const struct class
{
    size_t nx, ny, nz;
    struct complex sum[STEPS];
} classes[] = {
    {64,
     64,
     64,
     {{5.546087004964e2, 4.845363331978e2},
      {5.546385409189e2, 4.865304269511e2},
      {5.546148406171e2, 4.883910722336e2},
      {5.545423607415e2, 4.901273169046e2},
      {5.544255039624e2, 4.917475857993e2},
      {5.542683411902e2, 4.932597244941e2}}},
    {128,
     128,
     32,
     {{5.673612178944e2, 5.293246849175e2},
      {5.631436885271e2, 5.282149986629e2},
      {5.594024089970e2, 5.270996558037e2},
      {5.560698047020e2, 5.260027904925e2},
      {5.530898991250e2, 5.249400845633e2},
      {5.504159734538e2, 5.239212247086e2}}},
    {256,
     256,
     128,
     {{5.046735008193e2, 5.114047905510e2},
      {5.059412319734e2, 5.098809666433e2},
      {5.069376896287e2, 5.098144042213e2},
      {5.077892868474e2, 5.101336130759e2},
      {5.085233095391e2, 5.104914655194e2},
      {5.091487099959e2, 5.107917842803e2}}},
};

/* Transforms GROUP lines of n points, which lie one behind the other in `in`, and writes them across: point k of line l
   to out[k * lines + l]. Stockham's method in radix 2 (Cochran et al., doi:10.1109/PROC.1967.5957), all lines of the
   group at once, so that the innermost loop is long and contiguous. root[k] = exp(2 pi i k / n) or its conjugate. */
static void transform_lines(const struct complex *in, struct complex *out, size_t n, size_t lines,
                            const struct complex *root)
{
    struct complex buffer[2][LONGEST * GROUP], *from = buffer[0], *to = buffer[1];
    for (size_t k = 0; k < n; k++)
        for (size_t l = 0; l < GROUP; l++)
            from[k * GROUP + l] = in[l * n + k];
    for (size_t half = n / 2, stride = 1; half > 0; half /= 2, stride *= 2) {
        for (size_t p = 0; p < half; p++) {
            const struct complex w = root[p * stride];
            size_t width = stride * GROUP;
            const struct complex *a = from + p * width, *b = from + (p + half) * width;
            struct complex *sum = to + 2 * p * width, *difference = sum + width;
            for (size_t q = 0; q < width; q++) {
                double re = a[q].re - b[q].re, im = a[q].im - b[q].im;
                sum[q].re = a[q].re + b[q].re;
                sum[q].im = a[q].im + b[q].im;
                difference[q].re = re * w.re - im * w.im;
                difference[q].im = re * w.im + im * w.re;
            }
        }
        struct complex *done = to;
        to = from;
        from = done;
    }
    for (size_t k = 0; k < n; k++)
        memcpy(out + k * lines, from + k * GROUP, GROUP * sizeof *out);
}

/* The lines along one axis, which becomes the first. */
static void transform_axis(const struct complex *in, struct complex *out, size_t n, size_t points, int sign)
{
    struct complex root[LONGEST / 2];
    for (size_t k = 0; k < n / 2; k++) {
        double angle = 2 * PI * (double)k / (double)n;
        root[k] = (struct complex){cos(angle), sign * sin(angle)};
    }
    size_t lines = points / n;
#ifdef NAS_PRAGMAS
#pragma omp parallel for
    for (size_t g = 0; g < lines / GROUP; g++)
        transform_lines(in + g * GROUP * n, out + g * GROUP, n, lines, root);
#else
    CREW_EACH(g, lines / GROUP, transform_lines(in + g * GROUP * n, out + g * GROUP, n, lines, root));
#endif
}

/* from becomes scratch. */
static void transform(const struct class *c, struct complex *from, struct complex *to, int sign)
{
    size_t points = c->nx * c->ny * c->nz;
    transform_axis(from, to, c->nx, points, sign);
    transform_axis(to, from, c->ny, points, sign);
    transform_axis(from, to, c->nz, points, sign);
}

/* The line of random numbers; line l holds numbers 2 nx l and on. */
static void start_line(const struct class *c, struct complex *u, size_t line)
{
    uint64_t state = nas_skip(NAS_SEED, 2 * c->nx * line);
    for (size_t i = line * c->nx; i < (line + 1) * c->nx; i++) {
        u[i].re = nas_uniform(&state);
        u[i].im = nas_uniform(&state);
    }
}

/* The square of a frequency; those above n / 2 are negative. */
static double square(size_t k, size_t n)
{
    double frequency = k < n / 2 ? (double)k : (double)k - (double)n;
    return frequency * frequency;
}

/* How much of each frequency one step leaves. */
static void decay_line(const struct class *c, double *decay, size_t line)
{
    double rest = square(line % c->ny, c->ny) + square(line / c->ny, c->nz);
    for (size_t i = 0; i < c->nx; i++)
        decay[line * c->nx + i] = exp(-4e-6 * PI * PI * (square(i, c->nx) + rest));
}

/* A step in time: the spectrum, and a copy that its transform may spoil. */
static inline void evolve_line(const struct class *c, struct complex *spectrum, struct complex *copy,
                               const double *decay, size_t line)
{
    for (size_t i = line * c->nx; i < (line + 1) * c->nx; i++) {
        spectrum[i].re *= decay[i];
        spectrum[i].im *= decay[i];
        copy[i] = spectrum[i];
    }
}

static inline struct complex probe(const struct class *c, const struct complex *u, size_t j)
{
    return u[(5 * j % c->nz * c->ny + 3 * j % c->ny) * c->nx + j % c->nx];
}

/* The sums of 1024 points after each step. */
static void run(const struct class *c, struct complex *spectrum, struct complex *u, struct complex *v, double *decay,
                struct complex *sum)
{
    size_t lines = c->ny * c->nz;
#ifdef NAS_PRAGMAS
#pragma omp parallel for
    for (size_t l = 0; l < lines; l++) {
        decay_line(c, decay, l);
        start_line(c, u, l);
    }
#else
    CREW_EACH(l, lines, decay_line(c, decay, l); start_line(c, u, l));
#endif
    transform(c, u, spectrum, 1);
    for (int step = 0; step < STEPS; step++) {
#ifdef NAS_PRAGMAS
#pragma omp parallel for
        for (size_t l = 0; l < lines; l++)
            evolve_line(c, spectrum, u, decay, l);
#else
        CREW_EACH(l, lines, evolve_line(c, spectrum, u, decay, l));
#endif
        transform(c, u, v, -1);
        double re = 0, im = 0;
#ifdef NAS_PRAGMAS
#pragma omp parallel for reduction(+ : re, im)
        for (size_t j = 1; j <= PROBES; j++) {
            re += probe(c, v, j).re;
            im += probe(c, v, j).im;
        }
#else
        CREW_SUM(re, j, PROBES, probe(c, v, j + 1).re);
        CREW_SUM(im, j, PROBES, probe(c, v, j + 1).im);
#endif
        sum[step] = (struct complex){re / (double)(lines * c->nx), im / (double)(lines * c->nx)};
    }
}

int main(int argc, char **argv)
{
    size_t class = nas_class(argc, argv);
    const struct class *c = &classes[class];
    size_t points = c->nx * c->ny * c->nz;
    struct complex *spectrum = nas_alloc(points, sizeof *spectrum), *u = nas_alloc(points, sizeof *u);
    struct complex *v = nas_alloc(points, sizeof *v), sum[STEPS];
    double *decay = nas_alloc(points, sizeof *decay), start = 0;
    for (int round = 0; round < 2; round++) { /* the first one is not timed */
        start = nas_seconds();
        run(c, spectrum, u, v, decay, sum);
    }
    double seconds = nas_seconds() - start;
    bool right = true;
    for (int step = 0; step < STEPS; step++) {
        printf("step %d: %.17g %.17g\n", step + 1, sum[step].re, sum[step].im);
        right =
            right && nas_near(sum[step].re, c->sum[step].re, 1e-12) && nas_near(sum[step].im, c->sum[step].im, 1e-12);
    }
    nas_free(spectrum);
    nas_free(u);
    nas_free(v);
    nas_free(decay);
    double n = (double)points, work = 14.8157 + 7.19641 * log(n) + (5.23518 + 7.21113 * log(n)) * STEPS;
    return nas_report("FT", class, right, seconds, n * work);
}
