// A task graph: the Cholesky factor of a matrix by tiles, L L' = A. Each tile operation is a node, what it needs are
// its edges; the graph is made once and run for every matrix.
//
//     cc -O2 -fopenmp -Iinclude examples/cholesky.c lib/core/*/*.c -lm -o cholesky
//     ./cholesky
//
// A tile's operations follow each other by edges, so every sum is added up in one order: the same bits at any thread
// count.

#include <crew/crew.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TILE = 32, TILES = 8, N = TILE * TILES };

static double a[N][N];

/* One operation on tile (i, j), with the column of tiles k. */
struct step {
    int i, j, k;
};

static int factor(void *arg)
{
    const struct step *s = arg;
    int from = s->k * TILE, to = from + TILE;
    for (int j = from; j < to; j++) {
        for (int k = from; k < j; k++)
            a[j][j] -= a[j][k] * a[j][k];
        if (!(a[j][j] > 0))
            return 1; /* not positive definite: stops what depends on it, and is what the run returns */
        a[j][j] = sqrt(a[j][j]);
        for (int i = j + 1; i < to; i++) {
            for (int k = from; k < j; k++)
                a[i][j] -= a[i][k] * a[j][k];
            a[i][j] /= a[j][j];
        }
    }
    return 0;
}

static int solve(void *arg)
{
    const struct step *s = arg;
    int from = s->k * TILE, to = from + TILE;
    for (int i = s->i * TILE; i < (s->i + 1) * TILE; i++)
        for (int j = from; j < to; j++) {
            for (int k = from; k < j; k++)
                a[i][j] -= a[i][k] * a[j][k];
            a[i][j] /= a[j][j];
        }
    return 0;
}

static int update(void *arg)
{
    const struct step *s = arg;
    for (int i = s->i * TILE; i < (s->i + 1) * TILE; i++)
        for (int j = s->j * TILE; j < (s->j + 1) * TILE && j <= i; j++)
            for (int k = s->k * TILE; k < (s->k + 1) * TILE; k++)
                a[i][j] -= a[i][k] * a[j][k];
    return 0;
}

/* The last node that wrote each tile: what comes next there waits for it. */
static size_t last[TILES][TILES];

static void add(crew_graph *g, crew_task_fn *fn, struct step *step, int reads)
{
    const int i = step->i, j = step->j, k = step->k;
    size_t node;
    int error = crew_graph_add(g, fn, step, &node);
    if (k > 0 || reads > 0)
        error |= last[i][j] != SIZE_MAX ? crew_graph_edge(g, last[i][j], node) : 0;
    if (reads > 0)
        error |= crew_graph_edge(g, reads == 1 ? last[k][k] : last[i][k], node);
    if (reads > 1 && i != j)
        error |= crew_graph_edge(g, last[j][k], node);
    if (error)
        abort();
    last[i][j] = node;
}

static crew_graph *make_graph(struct step *steps)
{
    crew_graph *g = crew_graph_open();
    if (!g)
        abort();
    for (int i = 0; i < TILES; i++)
        for (int j = 0; j < TILES; j++)
            last[i][j] = SIZE_MAX;
    for (int k = 0; k < TILES; k++) {
        *steps = (struct step){k, k, k};
        add(g, factor, steps++, 0);
        for (int i = k + 1; i < TILES; i++) {
            *steps = (struct step){i, k, k};
            add(g, solve, steps++, 1);
        }
        for (int i = k + 1; i < TILES; i++)
            for (int j = k + 1; j <= i; j++) {
                *steps = (struct step){i, j, k};
                add(g, update, steps++, 2);
            }
    }
    return g;
}

static void fill(int round)
{
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            a[i][j] = 1.0 / (1 + abs(i - j)) + (i == j ? round + 1 : 0);
}

int main(void)
{
    static struct step steps[TILES * TILES * TILES];
    static double plain[N][N];
    crew_graph *g = make_graph(steps);
    int status = EXIT_SUCCESS;
    for (int round = 0; round < 3; round++) {
        fill(round);
        memcpy(plain, a, sizeof a);
        int error = crew_graph_run(g, NULL);

        /* The loops of the textbook. */
        double worst = 0, logdet = 0;
        for (int j = 0; j < N; j++) {
            for (int i = j; i < N; i++) {
                for (int k = 0; k < j; k++)
                    plain[i][j] -= plain[i][k] * plain[j][k];
                plain[i][j] = i == j ? sqrt(plain[i][j]) : plain[i][j] / plain[j][j];
                worst = fmax(worst, fabs(plain[i][j] - a[i][j]));
            }
            logdet += 2 * log(a[j][j]);
        }
        printf("matrix %d: %s, log of the determinant %.15g, off the plain loops by %g\n", round, crew_strerror(error),
               logdet, worst);
        if (error || !(worst < 1e-12))
            status = EXIT_FAILURE;
    }
    a[0][0] = -1;
    printf("a matrix that is not positive definite: %d\n", crew_graph_run(g, NULL));
    crew_graph_close(g);
    return status;
}
