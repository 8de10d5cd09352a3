/* The kernels as an OpenMP user writes them, included once a schedule.

   SCHEDULE   the arguments of the schedule clause
   NAME(f)    the name of f for that schedule */

static void NAME(axpy)(struct job *job)
{
    size_t n = job->n;
    const double *__restrict__ x = job->x;
    double *__restrict__ y = job->y;
#pragma omp parallel for schedule(SCHEDULE)
    for (size_t i = 0; i < n; i++)
        y[i] = BENCH_A * x[i] + y[i];
}

static void NAME(items)(struct job *job)
{
    size_t n = job->n;
    bench_item *item = job->item;
    const double *x = job->x;
    double *y = job->y;
#pragma omp parallel for schedule(SCHEDULE)
    for (size_t i = 0; i < n; i++)
        y[i] = item(i, n, x);
}

#undef SCHEDULE
#undef NAME
