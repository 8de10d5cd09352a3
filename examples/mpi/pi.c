// Pi over the ranks of an MPI job, by an integral: the same digits, bit for bit, at any number of ranks and threads.
//
//     mpicc -O2 -fopenmp -Iinclude examples/mpi/pi.c lib/mpi/*.c lib/*/*/*.c -lm -o pi
//     mpirun -n 4 ./pi [STEPS]

#include <crew/crew.h>
#include <crew/mpi.h>
#include <stdio.h>
#include <stdlib.h>

/* The reducer of one machine: crew_reduce takes it as it is. */
static int fold(size_t begin, size_t end, void *acc, void *ctx)
{
    const double width = 1 / (double)*(const size_t *)ctx;
    double sum = 0;
    for (size_t i = begin; i < end; i++) {
        double x = ((double)i + 0.5) * width;
        sum += 4 / (1 + x * x);
    }
    *(double *)acc += sum * width;
    return 0;
}

static void merge(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    *(double *)acc += *(const double *)right;
}

int main(int argc, char **argv)
{
    crew_mpi *m = crew_mpi_open(MPI_COMM_WORLD);
    if (!m) {
        perror("crew_mpi_open");
        return EXIT_FAILURE;
    }
    size_t steps = argc > 1 ? strtoul(argv[1], NULL, 10) : 10000000;
    const crew_reducer sum = {.size = sizeof(double), .fold = fold, .merge = merge};
    double pi;
    int error = crew_mpi_reduce(m, steps, &sum, &steps, &pi, NULL);
    char text[600];
    crew_mpi_explain(m, text, sizeof text);
    if (crew_mpi_rank(m) == 0)
        printf("%s, pi %.17g\ntime %s\n", crew_strerror(error), pi, text);
    crew_mpi_close(m);
    return error ? EXIT_FAILURE : EXIT_SUCCESS;
}
