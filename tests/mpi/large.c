/* One transfer of more than 2^31 bytes between two ranks, each element compared. Takes 4.4 GB of memory. */
#include "mpi_test.h"

static double value(size_t i)
{
    return (double)(number(i) >> 11);
}

static void test_large(void)
{
    const size_t n = ((size_t)1 << 28) + 10001;
    double *x = rank == 0 ? malloc(n * sizeof *x) : NULL;
    for (size_t i = 0; x && i < n; i++)
        x[i] = value(i);
    EXPECT(x || rank > 0);
    crew_dist *d = crew_dist_from(group, x, x ? n : 0, sizeof *x);
    free(x);
    EXPECT(d && crew_dist_n(d) == n && crew_dist_count(d) == (rank == 0 ? n : 0));
    double *all = rank == ranks - 1 ? malloc(n * sizeof *all) : NULL;
    EXPECT(d && crew_dist_gather(d, all, ranks - 1) == 0);
    crew_dist_close(d);
    size_t wrong = 0;
    for (size_t i = 0; all && i < n; i++)
        wrong += all[i] != value(i);
    EXPECT(wrong == 0 && (all || rank < ranks - 1));
    free(all);
}

int main(void)
{
    static const struct mpi_case cases[] = {{"large", test_large}};
    return run_cases("large", cases, 1);
}
