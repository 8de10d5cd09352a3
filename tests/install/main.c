/* A program outside the tree, in C and in C++: it uses the library, the header's own loop and the inline fork, and says
 * how it was built. */
#include <crew/crew.h>
#include <stdio.h>

static int square(size_t begin, size_t end, void *ctx)
{
    double *x = (double *)ctx;
    for (size_t i = begin; i < end; i++)
        x[i] *= x[i];
    return 0;
}

static int fib(void *arg)
{
    int *n = (int *)arg, a = *n - 1, b = *n - 2;
    if (*n < 2)
        return 0;
    crew_task task;
    crew_fork(&task, fib, &a);
    fib(&b);
    int code = crew_join(&task);
    *n = a + b;
    return code;
}

int main(void)
{
    enum { N = 100000 };
    static double x[N];
    CREW_FOR (i, N)
        x[i] = (double)(i % 10);
    int twenty = 20;
    if (crew_for(N, square, x, NULL) != 0 || crew_run(fib, &twenty, NULL) != 0 || twenty != 6765)
        return 1;
#ifdef _OPENMP
    const char *loops = "parallel";
#else
    const char *loops = "sequential";
#endif
    printf("%g, version %s, CREW_FOR %s\n", crew_sum_f64(x, N), CREW_VERSION, loops);
    return 0;
}
