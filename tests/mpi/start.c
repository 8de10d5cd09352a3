/* How a program may come to its first group: run.sh looks at what it says. Usage: start LEVEL, where LEVEL is none
   (crew initialises MPI), init (MPI_Init), single, funneled, serialized or multiple. */
#include <crew/crew.h>
#include <crew/mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    int level;
} levels[] = {{"single", MPI_THREAD_SINGLE},
              {"funneled", MPI_THREAD_FUNNELED},
              {"serialized", MPI_THREAD_SERIALIZED},
              {"multiple", MPI_THREAD_MULTIPLE}};

static void fail(const char *what)
{
    fprintf(stderr, "start: %s\n", what);
    exit(EXIT_FAILURE);
}

static int fill(size_t begin, size_t end, void *ctx)
{
    const crew_dist *d = ctx;
    double *x = crew_dist_items(d);
    for (size_t i = begin; i < end; i++)
        x[i - crew_dist_begin(d)] = 1.0 / (double)(i + 1);
    return 0;
}

/* What the same program prints on any number of ranks. */
static void compute(crew_mpi *m)
{
    crew_dist *d = crew_dist_open(m, 300000, sizeof(double));
    double sum = 0;
    if (!d || crew_for_dist(d, fill, d, NULL) != 0 || crew_sum_dist_f64(d, &sum) != 0 || crew_sort_dist_f64(d) != 0)
        fail("a call fails");
    if (crew_mpi_rank(m) == 0)
        printf("sum %.17g\n", sum);
    crew_dist_close(d);
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "none";
    int given, initialized, finalized;
    if (strcmp(how, "init") == 0)
        MPI_Init(&argc, &argv);
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (strcmp(how, levels[i].name) == 0)
            MPI_Init_thread(&argc, &argv, levels[i].level, &given);
    MPI_Initialized(&initialized);
    for (int round = 0; round < 2 && (round == 0 || initialized); round++) {
        crew_mpi *m = crew_mpi_open(MPI_COMM_WORLD);
        if (!m)
            fail("no group");
        compute(m);
        char text[1000];
        if (crew_mpi_explain(m, text, sizeof text) <= 0 || (crew_mpi_rank(m) == 0 && printf("%s\n", text) < 0))
            fail("no words");
        if (crew_mpi_close(m) != 0)
            fail("close");
    }
    /* Who initialises MPI finalises it. */
    MPI_Finalized(&finalized);
    if (finalized == initialized)
        fail("somebody else's MPI was finalised, or crew's own was not");
    if (initialized)
        MPI_Finalize();
    else if (crew_mpi_open(MPI_COMM_WORLD))
        fail("a group without MPI");
    return 0;
}
