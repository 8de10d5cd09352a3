// NAS MG: Poisson's equation on a periodic cube by multigrid V-cycles.
//
//     cc -O2 -fopenmp -Iinclude examples/nas/mg.c lib/*/*/*.c -lm -o mg
//     ./mg [S | W | A]
//
// Class S has 32^3 points, W 128^3, A 256^3, and each does four V-cycles. A loop's planes are equal and one loop
// follows the other, so they are CREW_FOR: each thread keeps its planes in its cache, also where a loop takes 5 us and
// CREW_EACH would ask first whether that is worth a team.

#define _POSIX_C_SOURCE 200809L
#include "nas.h"

enum { CYCLES = 4, LEVELS = 8, CHARGES = 10, ROW = (1 << LEVELS) + 2 };

static const struct class
{
    int levels; /* 2^levels points an axis */
    double norm;
} classes[] = {{5, 0.5307707005734e-4}, {7, 0.6467329375339e-5}, {8, 0.2433365309069e-5}};

/* Weights of a point, its 6 nearest, 12 next and 8 corner neighbours. */
static const double minus_laplacian[4] = {8.0 / 3, 0, -1.0 / 6, -1.0 / 12};
static const double smoother[4] = {-3.0 / 8, 1.0 / 32, -1.0 / 64, 0};
static const double restriction[4] = {1.0 / 2, 1.0 / 4, 1.0 / 8, 1.0 / 16};

/* n^3 points, with one more on each side that repeats the one on the other side. */
struct grid {
    size_t n;
    double *at;
};

static inline double *row(struct grid g, size_t plane, size_t line)
{
    return g.at + (plane * (g.n + 2) + line) * (g.n + 2);
}

/* Repeats what is at the edges of a plane, and the plane itself where it is at an edge. */
static void wrap_plane(struct grid g, size_t plane)
{
    for (size_t j = 1; j <= g.n; j++) {
        double *x = row(g, plane, j);
        x[0] = x[g.n];
        x[g.n + 1] = x[1];
    }
    memcpy(row(g, plane, 0), row(g, plane, g.n), (g.n + 2) * sizeof *g.at);
    memcpy(row(g, plane, g.n + 1), row(g, plane, 1), (g.n + 2) * sizeof *g.at);
    if (plane == 1 || plane == g.n)
        memcpy(row(g, plane == 1 ? g.n + 1 : 0, 0), row(g, plane, 0), (g.n + 2) * (g.n + 2) * sizeof *g.at);
}

/* near[i], far[i]: the four nearest and the four next neighbours of point i of a line that are not on that line. */
static inline void sums_around(struct grid g, size_t plane, size_t line, double *near, double *far)
{
    const double *below = row(g, plane - 1, line), *above = row(g, plane + 1, line), *here = row(g, plane, line);
    size_t width = g.n + 2;
    for (size_t i = 0; i < width; i++) {
        near[i] = here[i - width] + here[i + width] + below[i] + above[i];
        far[i] = below[i - width] + below[i + width] + above[i - width] + above[i + width];
    }
}

static inline double weigh(const double *w, const double *x, const double *near, const double *far, size_t i)
{
    return w[0] * x[i] + w[1] * (x[i - 1] + x[i + 1] + near[i]) + w[2] * (far[i] + near[i - 1] + near[i + 1]) +
           w[3] * (far[i - 1] + far[i + 1]);
}

/* A plane of out = base + weights applied to in. */
static void apply_plane(struct grid out, struct grid base, const double *weights, struct grid in, size_t plane)
{
    double near[ROW], far[ROW];
    for (size_t j = 1; j <= in.n; j++) {
        double *to = row(out, plane, j);
        const double *from = row(base, plane, j), *x = row(in, plane, j);
        sums_around(in, plane, j, near, far);
        for (size_t i = 1; i <= in.n; i++)
            to[i] = from[i] + weigh(weights, x, near, far, i);
    }
    wrap_plane(out, plane);
}

/* A plane of the coarse grid, whose point i lies on point 2 i of the fine one. */
static void restrict_plane(struct grid fine, struct grid coarse, size_t plane)
{
    double near[ROW], far[ROW];
    for (size_t j = 1; j <= coarse.n; j++) {
        double *to = row(coarse, plane, j);
        const double *x = row(fine, 2 * plane, 2 * j);
        sums_around(fine, 2 * plane, 2 * j, near, far);
        for (size_t i = 1; i <= coarse.n; i++)
            to[i] = weigh(restriction, x, near, far, 2 * i);
    }
    wrap_plane(coarse, plane);
}

/* A plane of fine = coarse, trilinear, or fine += coarse. */
static void interpolate_plane(struct grid coarse, struct grid fine, bool add, size_t plane)
{
    double mean[ROW];
    for (size_t j = 1; j <= fine.n; j++) {
        const double *a = row(coarse, plane / 2, j / 2), *b = row(coarse, plane / 2, (j + 1) / 2);
        const double *c = row(coarse, (plane + 1) / 2, j / 2), *d = row(coarse, (plane + 1) / 2, (j + 1) / 2);
        double *to = row(fine, plane, j);
        for (size_t i = 0; i <= coarse.n; i++)
            mean[i] = (a[i] + b[i] + c[i] + d[i]) / 4;
        for (size_t i = 0; i < coarse.n; i++) {
            double odd = (mean[i] + mean[i + 1]) / 2, even = mean[i + 1];
            to[2 * i + 1] = add ? to[2 * i + 1] + odd : odd;
            to[2 * i + 2] = add ? to[2 * i + 2] + even : even;
        }
    }
    wrap_plane(fine, plane);
}

static double squares_of_plane(struct grid g, size_t plane)
{
    double sum = 0;
    for (size_t j = 1; j <= g.n; j++)
        for (size_t i = 1; i <= g.n; i++)
            sum += row(g, plane, j)[i] * row(g, plane, j)[i];
    return sum;
}

#ifdef NAS_PRAGMAS
static void apply(struct grid out, struct grid base, const double *weights, struct grid in)
{
#pragma omp parallel for
    for (size_t k = 1; k <= in.n; k++)
        apply_plane(out, base, weights, in, k);
}

static void go_down(struct grid fine, struct grid coarse)
{
#pragma omp parallel for
    for (size_t k = 1; k <= coarse.n; k++)
        restrict_plane(fine, coarse, k);
}

static void go_up(struct grid coarse, struct grid fine, bool add)
{
#pragma omp parallel for
    for (size_t k = 1; k <= fine.n; k++)
        interpolate_plane(coarse, fine, add, k);
}
#else
static void apply(struct grid out, struct grid base, const double *weights, struct grid in)
{
    CREW_FOR (k, in.n)
        apply_plane(out, base, weights, in, k + 1);
}

static void go_down(struct grid fine, struct grid coarse)
{
    CREW_FOR (k, coarse.n)
        restrict_plane(fine, coarse, k + 1);
}

static void go_up(struct grid coarse, struct grid fine, bool add)
{
    CREW_FOR (k, fine.n)
        interpolate_plane(coarse, fine, add, k + 1);
}
#endif

static double norm(struct grid g)
{
    double sum = 0;
#ifdef NAS_PRAGMAS
#pragma omp parallel for reduction(+ : sum)
    for (size_t k = 1; k <= g.n; k++)
        sum += squares_of_plane(g, k);
#else
    CREW_SUM(sum, k, g.n, squares_of_plane(g, k + 1));
#endif
    return sqrt(sum / (double)(g.n * g.n * g.n));
}

static void clear(struct grid g)
{
    size_t points = (g.n + 2) * (g.n + 2) * (g.n + 2);
#ifdef NAS_PRAGMAS
#pragma omp parallel for
    for (size_t i = 0; i < points; i++)
        g.at[i] = 0;
#else
    crew_fill_f64(g.at, points, 0);
#endif
}

/* One V-cycle; r is the residual of u and receives the next one. */
static void cycle(struct grid *u, struct grid v, struct grid *r, int top)
{
    for (int l = top; l > 1; l--)
        go_down(r[l], r[l - 1]);
    clear(u[1]);
    apply(u[1], u[1], smoother, r[1]);
    for (int l = 2; l <= top; l++) {
        go_up(u[l - 1], u[l], l == top);
        apply(r[l], l == top ? v : r[l], minus_laplacian, u[l]);
        apply(u[l], u[l], smoother, r[l]);
    }
    apply(r[top], v, minus_laplacian, u[top]);
}

static void random_line(double *x, size_t n, size_t line)
{
    uint64_t state = nas_skip(NAS_SEED, line * n);
    for (size_t i = line * n; i < (line + 1) * n; i++)
        x[i] = nas_uniform(&state);
}

/* The indices of the CHARGES largest numbers. */
static void find_largest(const double *x, size_t n, size_t *index)
{
#ifdef NAS_PRAGMAS
    size_t have = 0;
#pragma omp parallel
    {
        size_t own[CHARGES], mine = 0;
#pragma omp for
        for (size_t i = 0; i < n; i++) {
            if (mine == CHARGES && x[i] <= x[own[CHARGES - 1]])
                continue;
            size_t k = mine < CHARGES ? mine++ : CHARGES - 1;
            for (; k > 0 && x[own[k - 1]] < x[i]; k--)
                own[k] = own[k - 1];
            own[k] = i;
        }
#pragma omp critical
        for (size_t m = 0; m < mine; m++) {
            if (have == CHARGES && x[own[m]] <= x[index[CHARGES - 1]])
                continue;
            size_t k = have < CHARGES ? have++ : CHARGES - 1;
            for (; k > 0 && x[index[k - 1]] < x[own[m]]; k--)
                index[k] = index[k - 1];
            index[k] = own[m];
        }
    }
#else
    double largest[CHARGES];
    nas_must(crew_top_k_f64(x, n, CHARGES, largest, index) == 0, "crew_top_k_f64");
#endif
}

/* 1 where the ten largest of n^3 random numbers are, -1 where the ten smallest are, else 0. */
static void set_charges(struct grid v)
{
    size_t n = v.n, points = n * n * n, at[2][CHARGES];
    double *x = nas_alloc(points, sizeof *x);
#ifdef NAS_PRAGMAS
#pragma omp parallel for
    for (size_t l = 0; l < n * n; l++)
        random_line(x, n, l);
    find_largest(x, points, at[0]);
#pragma omp parallel for
    for (size_t i = 0; i < points; i++)
        x[i] = -x[i];
#else
    CREW_EACH(l, n * n, random_line(x, n, l));
    find_largest(x, points, at[0]);
    CREW_EACH(i, points, x[i] = -x[i]);
#endif
    find_largest(x, points, at[1]);
    nas_free(x);
    clear(v);
    for (int c = 0; c < 2 * CHARGES; c++) {
        size_t i = at[c / CHARGES][c % CHARGES];
        row(v, i / (n * n) + 1, i / n % n + 1)[i % n + 1] = c < CHARGES ? 1 : -1;
    }
    for (size_t k = 1; k <= n; k++)
        wrap_plane(v, k);
}

static struct grid grid_of(size_t n)
{
    return (struct grid){n, nas_alloc((n + 2) * (n + 2) * (n + 2), sizeof(double))};
}

int main(int argc, char **argv)
{
    size_t class = nas_class(argc, argv);
    int top = classes[class].levels;
    struct grid u[LEVELS + 1], r[LEVELS + 1], v = grid_of((size_t)1 << top);
    for (int l = 1; l <= top; l++) {
        u[l] = grid_of((size_t)1 << l);
        r[l] = grid_of((size_t)1 << l);
    }
    set_charges(v);
    double start = 0;
    for (int step = 0; step <= CYCLES; step++) {
        if (step <= 1) { /* the first cycle is done twice, and is not timed the first time */
            start = nas_seconds();
            clear(u[top]);
            apply(r[top], v, minus_laplacian, u[top]);
        }
        cycle(u, v, r, top);
    }
    double last = norm(r[top]), seconds = nas_seconds() - start;
    printf("%zu^3 points, the residual's norm is %.17g\n", v.n, last);
    for (int l = 1; l <= top; l++) {
        nas_free(u[l].at);
        nas_free(r[l].at);
    }
    nas_free(v.at);
    double points = (double)(v.n * v.n * v.n);
    return nas_report("MG", class, nas_near(last, classes[class].norm, 1e-8), seconds, 58 * CYCLES * points);
}
