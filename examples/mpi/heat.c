// examples/heat.c over the ranks of an MPI job: the same picture, bit for bit, at any number of ranks and threads.
//
//     mpicc -O2 -fopenmp -Iinclude examples/mpi/heat.c lib/mpi/*.c lib/*/*/*.c -lm -o heat
//     mpirun -n 4 ./heat [N STEPS OUT.ppm]
//
// An element of the distributed array is a row of the plate. Before each step a rank gets the row above its own and the
// one below from its neighbours.

#include <crew/crew.h>
#include <crew/mpi.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONDUCTION 0.03

struct plate {
    size_t n;
    const crew_dist *now;
    crew_dist *next;
    const double *above, *below; /* what lies beside this rank's rows */
};

/* Row i of the array, which this rank has or has been sent. */
static const double *row_of(const struct plate *p, size_t i)
{
    const size_t begin = crew_dist_begin(p->now), end = begin + crew_dist_count(p->now);
    const double *rows = crew_dist_items(p->now);
    return i < begin ? p->above : i >= end ? p->below : rows + (i - begin) * p->n;
}

static int step(size_t begin, size_t end, void *ctx)
{
    const struct plate *p = ctx;
    const size_t n = p->n;
    for (size_t i = begin; i < end; i++) {
        const double *row = row_of(p, i);
        const double *up = i > 0 ? row_of(p, i - 1) : row, *down = i + 1 < n ? row_of(p, i + 1) : row;
        double *out = (double *)crew_dist_items(p->next) + (i - crew_dist_begin(p->next)) * n;
        out[0] = row[0] + CONDUCTION * (up[0] + down[0] + row[1] - 3 * row[0]);
        for (size_t j = 1; j + 1 < n; j++)
            out[j] = row[j] + CONDUCTION * (up[j] + down[j] + row[j - 1] + row[j + 1] - 4 * row[j]);
        out[n - 1] = row[n - 1] + CONDUCTION * (up[n - 1] + down[n - 1] + row[n - 2] - 3 * row[n - 1]);
    }
    return 0;
}

static double initial(long i, long j, long n)
{
    long y = 2 * i - n, x = 2 * j - n, r2 = x * x + y * y;
    bool core = r2 * 100 < n * n * 2, ring = r2 * 100 > n * n * 16 && r2 * 100 < n * n * 36;
    bool bar = labs(x) * 8 < n * 7 && labs(labs(y) * 16 - n * 13) < n;
    return core || ring || bar ? 100 : 0;
}

static int heat_up(size_t begin, size_t end, void *ctx)
{
    const struct plate *p = ctx;
    double *rows = crew_dist_items(p->now);
    for (size_t i = begin; i < end; i++)
        for (size_t j = 0; j < p->n; j++)
            rows[(i - crew_dist_begin(p->now)) * p->n + j] = initial((long)i, (long)j, (long)p->n);
    return 0;
}

static unsigned char shade(double value)
{
    return (unsigned char)(value < 0 ? 0 : value > 1 ? 255 : 255 * value + 0.5);
}

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

/* All cells as numbers, in the same parts: what the typed sums take. */
static int report(crew_mpi *m, size_t steps, const crew_dist *rows, size_t n)
{
    double min, max, total;
    crew_dist *cells = crew_dist_from(m, crew_dist_items(rows), crew_dist_count(rows) * n, sizeof(double));
    int error = cells ? 0 : -errno;
    if (!error)
        error = crew_minmax_dist_f64(cells, &min, &max);
    if (!error)
        error = crew_sum_dist_f64(cells, &total);
    if (!error && crew_mpi_rank(m) == 0)
        printf("after %6zu steps: min %8.4f  max %8.4f  total %.3f\n", steps, min, max, total);
    crew_dist_close(cells);
    return error;
}

static int run(crew_mpi *m, size_t n, size_t steps, const char *name)
{
    enum { REPORTS = 4 };
    crew_dist *now = crew_dist_open(m, n, n * sizeof(double)),
              *next = now ? crew_dist_like(now, n * sizeof(double)) : NULL;
    double *halo = malloc(2 * n * sizeof *halo), *cells = NULL;
    int error = now && next && halo ? 0 : -ENOMEM;
    struct plate plate = {n, now, next, halo, halo ? halo + n : NULL};
    if (!error)
        error = crew_for_dist(now, heat_up, &plate, NULL);
    if (!error)
        error = report(m, 0, now, n);
    for (size_t done = 1; done <= steps && !error; done++) {
        plate = (struct plate){n, now, next, halo, halo + n};
        error = crew_dist_halo(now, 1, false, halo, halo + n);
        if (!error)
            error = crew_for_dist(now, step, &plate, NULL);
        crew_dist *last = now;
        now = next;
        next = last;
        if (!error && done * REPORTS / steps != (done - 1) * REPORTS / steps)
            error = report(m, done, now, n);
    }
    if (!error && crew_mpi_rank(m) == 0)
        cells = malloc(n * n * sizeof *cells);
    if (!error)
        error = crew_dist_gather(now, cells, 0);
    if (!error && crew_mpi_rank(m) == 0)
        error = write_ppm(name, cells, n);
    if (!error && crew_mpi_rank(m) == 0)
        printf("wrote %s\n", name);
    free(cells);
    free(halo);
    crew_dist_close(now);
    crew_dist_close(next);
    return error;
}

int main(int argc, char **argv)
{
    crew_mpi *m = crew_mpi_open(MPI_COMM_WORLD);
    if (!m) {
        perror("crew_mpi_open");
        return EXIT_FAILURE;
    }
    size_t n = argc == 4 ? strtoul(argv[1], NULL, 10) : 256, steps = argc == 4 ? strtoul(argv[2], NULL, 10) : 4000;
    int error = n < 2 || n > 16384 || steps == 0 ? -EINVAL : run(m, n, steps, argc == 4 ? argv[3] : "heat.ppm");
    if (error)
        fprintf(stderr, "%s: %s\n", argv[0], crew_strerror(error));
    crew_mpi_close(m);
    return error ? EXIT_FAILURE : EXIT_SUCCESS;
}
