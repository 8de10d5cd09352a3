// Sorts a .npy file of doubles over the ranks of an MPI job: each reads, sorts and writes a part of it.
//
//     mpicc -O2 -fopenmp -Iinclude examples/mpi/sort_npy.c lib/mpi/*.c lib/*/*/*.c -lm -o sort_npy
//     mpirun -n 4 ./sort_npy in.npy out.npy
//
// `sort_npy make N out.npy` makes a file of N numbers. The same file comes out at any number of ranks and threads.

#include <crew/crew.h>
#include <crew/mpi.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fill(size_t begin, size_t end, void *ctx)
{
    const crew_dist *d = ctx;
    double *x = crew_dist_items(d);
    for (size_t i = begin; i < end; i++) {
        crew_random r = crew_random_at(1, i);
        x[i - crew_dist_begin(d)] = crew_random_normal(&r);
    }
    return 0;
}

static int make(crew_mpi *m, size_t n, const char *to)
{
    crew_dist *d = crew_dist_open(m, n, sizeof(double));
    if (!d)
        return -errno;
    int error = crew_for_dist(d, fill, d, NULL);
    if (!error)
        error = crew_dist_save(d, to, CREW_F64);
    crew_dist_close(d);
    return error;
}

static int sort(crew_mpi *m, const char *from, const char *to)
{
    crew_array_info info;
    crew_dist *d = crew_dist_load(m, from, &info);
    if (!d)
        return -errno;
    int error = info.type == CREW_F64 && info.row_items == 1 ? crew_sort_dist_f64(d) : -ENOTSUP;
    double sum, *x = crew_dist_items(d);
    if (!error)
        error = crew_sum_dist_f64(d, &sum);
    if (!error && crew_dist_begin(d) == 0 && crew_dist_count(d) > 0)
        printf("%zu numbers, the smallest %.17g, sum %.17g\n", crew_dist_n(d), x[0], sum);
    if (!error)
        error = crew_dist_save(d, to, CREW_F64);
    crew_dist_close(d);
    return error;
}

int main(int argc, char **argv)
{
    crew_mpi *m = crew_mpi_open(MPI_COMM_WORLD);
    if (!m) {
        perror("crew_mpi_open");
        return EXIT_FAILURE;
    }
    int error = -EINVAL;
    if (argc == 4 && strcmp(argv[1], "make") == 0)
        error = make(m, strtoul(argv[2], NULL, 10), argv[3]);
    else if (argc == 3)
        error = sort(m, argv[1], argv[2]);
    if (error && crew_mpi_rank(m) == 0)
        fprintf(stderr, "usage: %s IN.npy OUT.npy | make N OUT.npy: %s\n", argv[0], crew_strerror(error));
    crew_mpi_close(m);
    return error ? EXIT_FAILURE : EXIT_SUCCESS;
}
