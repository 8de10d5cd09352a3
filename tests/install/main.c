/* A program outside the tree: it uses the library and the header's own loop, and says how it was built. */
#include <crew/crew.h>
#include <stdio.h>

static int square(size_t begin, size_t end, void *ctx)
{
    double *x = ctx;
    for (size_t i = begin; i < end; i++)
        x[i] *= x[i];
    return 0;
}

int main(void)
{
    enum { N = 100000 };
    static double x[N];
    CREW_FOR (i, N)
        x[i] = (double)(i % 10);
    if (crew_for(N, square, x, NULL) != 0)
        return 1;
#ifdef _OPENMP
    const char *loops = "parallel";
#else
    const char *loops = "sequential";
#endif
    printf("%g, version %s, CREW_FOR %s\n", crew_sum_f64(x, N), CREW_VERSION, loops);
    return 0;
}
