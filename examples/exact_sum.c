// The sum of a million numbers of very different size, in several orders and cut into parts: a plain loop gives another
// answer each time, an exact sum gives the real one, rounded once.
//
//     cc -O2 -fopenmp -Iinclude examples/exact_sum.c lib/*/*/*.c -lm -o exact_sum
//     ./exact_sum
//
// The parts stand for the ranks of a program, or for files that come one after another: each has a state of its own,
// sends it as bytes, and the states merge in the order in which they arrive.

#include <crew/crew.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { N = 1000001, PARTS = 7 };

static double x[N];

static double plain_sum(void)
{
    double s = 0;
    for (size_t i = 0; i < N; i++)
        s += x[i];
    return s;
}

static double merged_sum(void)
{
    static unsigned char bytes[PARTS][CREW_EXACT_BYTES];
    for (size_t p = 0; p < PARTS; p++) {
        size_t begin = N * p / PARTS, end = N * (p + 1) / PARTS;
        crew_exact part = {0};
        crew_exact_add(&part, x + begin, end - begin);
        crew_exact_to_bytes(&part, bytes[PARTS - 1 - p]);
    }
    crew_exact all = {0}, part;
    for (size_t p = 0; p < PARTS; p++)
        if (crew_exact_from_bytes(&part, bytes[p]) == 0)
            crew_exact_merge(&all, &part);
    return crew_exact_value(&all);
}

static int show(const char *order)
{
    double exact = crew_sum_exact_f64(x, N), merged = merged_sum();
    printf("%-10s plain loop %24.17g  crew_sum_f64 %24.17g  exact %.17g, merged %.17g\n", order, plain_sum(),
           crew_sum_f64(x, N), exact, merged);
    return exact == 1 && merged == 1;
}

int main(void)
{
    /* Pairs that cancel, of 10^-20 to 10^20 and both signs; what is left is 1. */
    crew_random r = crew_random_at(2025, 0);
    for (size_t i = 0; i + 1 < N; i += 2) {
        x[i] = pow(10, 40 * crew_random_uniform(&r) - 20) * (crew_random_uniform(&r) < 0.5 ? -1 : 1);
        x[i + 1] = -x[i];
    }
    x[N - 1] = 1;

    int right = show("in pairs");
    for (size_t i = N; i > 1; i--) {
        size_t j = (size_t)(crew_random_uniform(&r) * (double)i);
        double t = x[i - 1];
        x[i - 1] = x[j];
        x[j] = t;
    }
    right &= show("shuffled");
    crew_sort_f64(x, N);
    right &= show("sorted");
    return right ? EXIT_SUCCESS : EXIT_FAILURE;
}
