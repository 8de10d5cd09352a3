// crew inside the program's own OpenMP regions: its loops and forks become tasks of the team that is there, so nothing
// is oversubscribed and nothing has to be rewritten at once.
//
//     cc -O2 -fopenmp -Iinclude examples/mixed_openmp.c lib/*/*/*.c -lm -o mixed_openmp

#include <crew/crew.h>
#include <stdio.h>
#include <stdlib.h>

enum { N = 100000, ROWS = 8 };

struct row {
    double *x;
    double scale, sum;
};

static int scale_row(size_t begin, size_t end, void *ctx)
{
    struct row *row = ctx;
    for (size_t i = begin; i < end; i++)
        row->x[i] *= row->scale;
    return 0;
}

/* Work of one row, called from wherever: a loop and a sum of crew's. */
static int do_row(void *arg)
{
    struct row *row = arg;
    int error = crew_for(N, scale_row, row, NULL);
    row->sum = crew_sum_f64(row->x, N);
    return error;
}

int main(void)
{
    static double x[ROWS][N];
    struct row rows[ROWS];
    crew_task tasks[ROWS];
    int error = 0;

    /* A loop of the program's own. */
#ifdef _OPENMP
#pragma omp parallel for
#endif
    for (int r = 0; r < ROWS; r++) {
        rows[r] = (struct row){x[r], 0.5 * (r + 1), 0};
        for (int i = 0; i < N; i++)
            x[r][i] = 1.0 / (i + r + 1);
    }

    /* One thread forks, all threads of the region take part, also in the loops inside the tasks. */
#ifdef _OPENMP
#pragma omp parallel
#pragma omp single
#endif
    {
        for (int r = 0; r < ROWS; r++)
            crew_fork(&tasks[r], do_row, &rows[r]);
        for (int r = ROWS; r-- > 0;) {
            int code = crew_join(&tasks[r]);
            error = error ? error : code;
        }
    }
    if (error) {
        fprintf(stderr, "mixed_openmp: %s\n", crew_strerror(error));
        return EXIT_FAILURE;
    }

    /* The same without any threads around it: the same bits. */
    for (int r = 0; r < ROWS; r++) {
        struct row again = {x[r], 1.0, 0};
        do_row(&again);
        printf("row %d: sum %.17g\n", r, rows[r].sum);
        if (again.sum != rows[r].sum)
            return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
