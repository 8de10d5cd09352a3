// Monte Carlo: pi from darts, and the price of an option from paths, with the same digits at any thread count.
//
//     cc -O2 -fopenmp -Iinclude examples/monte_carlo.c lib/*/*/*.c -lm -o monte_carlo
//     ./monte_carlo [PATHS]
//
// Each path has a random stream of its own, which depends on the path's number and on no thread; sums are merged in a
// tree that depends on the number of paths alone. So a result can be checked on another machine with other cores.

#include <crew/crew.h>
#include <crew/random.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { STEPS = 32, DARTS = 16 };

struct sums {
    double payoff, squares;
    size_t inside;
};

struct market {
    double spot, strike, rate, volatility, years;
};

/* An Asian call: pays what the mean price of the path is above the strike. */
static double payoff(const struct market *m, crew_random *r)
{
    const double dt = m->years / (double)STEPS, drift = (m->rate - m->volatility * m->volatility / 2) * dt;
    const double spread = m->volatility * sqrt(dt);
    double logarithm = log(m->spot), mean = 0;
    for (int k = 0; k < STEPS; k++) {
        logarithm += drift + spread * crew_random_normal(r);
        mean += exp(logarithm) / (double)STEPS;
    }
    return mean > m->strike ? exp(-m->rate * m->years) * (mean - m->strike) : 0;
}

static void add_path(struct sums *s, const struct market *m, size_t path)
{
    crew_random r = crew_random_at(2024, path);
    double value = payoff(m, &r);
    s->payoff += value;
    s->squares += value * value;
    for (int k = 0; k < DARTS; k++) {
        double x = crew_random_uniform(&r), y = crew_random_uniform(&r);
        s->inside += x * x + y * y < 1;
    }
}

static void merge(struct sums *s, const struct sums *right)
{
    s->payoff += right->payoff;
    s->squares += right->squares;
    s->inside += right->inside;
}

int main(int argc, char **argv)
{
    size_t paths = argc > 1 ? strtoul(argv[1], NULL, 10) : 200000;
    const struct market market = {100, 100, 0.05, 0.2, 1};
    struct sums sums = {0};
    if (paths < 2) {
        fprintf(stderr, "usage: %s [PATHS], 2 or more\n", argv[0]);
        return 1;
    }
    CREW_REDUCE(sums, i, paths, add_path(&sums, &market, i), merge(&sums, &right));
    double n = (double)paths, mean = sums.payoff / n, variance = (sums.squares - n * mean * mean) / (n - 1);
    printf("%zu paths: option %.12f +- %.2g, pi %.12f\n", paths, mean, sqrt(variance / n),
           4.0 * (double)sums.inside / (n * (double)DARTS));
    return 0;
}
