// NAS CG: the smallest eigenvalue of a sparse matrix by inverse iteration, each step solved by conjugate gradients.
//
//     cc -O2 -fopenmp -Iinclude examples/nas/cg.c lib/*/*/*.c -lm -o cg
//     ./cg [S | W | A]
//
// The matrix is a sum of outer products of random sparse vectors. They overlap, so its entries are sorted and those at
// one place added: crew_reduce_by_key_sum. Class S has 1400 rows: its loops take about a microsecond, less than it
// takes to wake a team; crew runs such a loop on the caller.

#define _POSIX_C_SOURCE 200809L
#include "nas.h"

enum { OUTER = 15, INNER = 25, MOST = 16 };

static const struct class
{
    size_t n, nonzeros; /* rows; nonzeros of one random vector */
    double shift, zeta;
} classes[] = {
    {1400, 7, 10, 8.5971775078648},
    {7000, 8, 12, 10.362595087124},
    {14000, 11, 20, 17.130235054029},
};

/* Row i has the entries start[i] .. start[i + 1] - 1. */
struct matrix {
    size_t n, *start;
    uint32_t *column;
    double *value;
};

/* A vector of nz random values at random places; the one at place i is 1/2, added where it was not drawn. Returns how
   many it has. */
static size_t random_vector(uint64_t *state, size_t n, size_t nz, size_t i, size_t *place, double *value)
{
    size_t range = 1, have = 0;
    while (range < n)
        range *= 2;
    while (have < nz) {
        double v = nas_uniform(state);
        size_t at = (size_t)((double)range * nas_uniform(state)), k = 0;
        while (k < have && place[k] != at)
            k++;
        if (at < n && k == have) {
            place[have] = at;
            value[have++] = v;
        }
    }
    size_t k = 0;
    while (k < have && place[k] != i)
        k++;
    place[k] = i;
    value[k] = 0.5;
    return k == have ? have + 1 : have;
}

/* The entries of all outer products, and 1/10 - shift on the diagonal: place row * n + column. Returns how many. */
static size_t outer_products(const struct class *c, uint64_t *place, double *value)
{
    const double rcond = 0.1;
    uint64_t state = nas_skip(NAS_SEED, 1); /* the first number is drawn and not used */
    double weight = 1, ratio = pow(rcond, 1 / (double)c->n);
    size_t count = 0, at[MOST];
    double v[MOST];
    for (size_t i = 0; i < c->n; i++) {
        size_t have = random_vector(&state, c->n, c->nonzeros, i, at, v);
        for (size_t row = 0; row < have; row++)
            for (size_t column = 0; column < have; column++) {
                place[count] = at[row] * c->n + at[column];
                value[count++] = weight * v[row] * v[column];
            }
        weight *= ratio;
        place[count] = i * c->n + i;
        value[count++] = rcond - c->shift;
    }
    return count;
}

#ifdef NAS_PRAGMAS
/* The entries by rows, each row sorted by insertion, entries of one column added. */
static void compress(struct matrix *a, const uint64_t *place, const double *value, size_t count)
{
    size_t *start = calloc(a->n + 2, sizeof *start), *length = nas_alloc(a->n, sizeof *length);
    uint32_t *column = nas_alloc(count, sizeof *column);
    double *entry = nas_alloc(count, sizeof *entry);
    nas_must(start != NULL, "allocation");
    for (size_t k = 0; k < count; k++)
        start[place[k] / a->n + 2]++;
    for (size_t i = 2; i < a->n + 2; i++)
        start[i] += start[i - 1];
    for (size_t k = 0; k < count; k++) {
        size_t to = start[place[k] / a->n + 1]++;
        column[to] = (uint32_t)(place[k] % a->n);
        entry[to] = value[k];
    }
#pragma omp parallel for schedule(guided)
    for (size_t i = 0; i < a->n; i++) {
        size_t end = start[i];
        for (size_t k = start[i]; k < start[i + 1]; k++) {
            uint32_t at = column[k];
            double v = entry[k];
            size_t j = end;
            while (j > start[i] && column[j - 1] > at)
                j--;
            if (j > start[i] && column[j - 1] == at) {
                entry[j - 1] += v;
                continue;
            }
            memmove(column + j + 1, column + j, (end - j) * sizeof *column);
            memmove(entry + j + 1, entry + j, (end - j) * sizeof *entry);
            column[j] = at;
            entry[j] = v;
            end++;
        }
        length[i] = end - start[i];
    }
    a->start[0] = 0;
    for (size_t i = 0; i < a->n; i++)
        a->start[i + 1] = a->start[i] + length[i];
#pragma omp parallel for schedule(guided)
    for (size_t i = 0; i < a->n; i++) {
        memcpy(a->column + a->start[i], column + start[i], length[i] * sizeof *column);
        memcpy(a->value + a->start[i], entry + start[i], length[i] * sizeof *entry);
    }
    free(start);
    nas_free(length);
    nas_free(column);
    nas_free(entry);
}
#else
/* Entries sorted by place, those of one place added; row i starts at the first place that is not below i * n. */
static void compress(struct matrix *a, const uint64_t *place, const double *value, size_t count)
{
    uint64_t *sorted = nas_alloc(count, sizeof *sorted), *first = nas_alloc(a->n + 1, sizeof *first);
    nas_must(crew_reduce_by_key_sum_u64_f64(place, value, count, sorted, a->value, &count) == 0, "adding entries");
    crew_iota_u64(first, a->n + 1, 0, a->n);
    crew_search_sorted_u64(sorted, count, first, a->n + 1, CREW_LEFT, a->start);
    CREW_EACH(k, count, a->column[k] = (uint32_t)(sorted[k] % a->n));
    nas_free(sorted);
    nas_free(first);
}
#endif

static inline double row_times(const struct matrix *a, size_t i, const double *p)
{
    double sum = 0;
    for (size_t k = a->start[i]; k < a->start[i + 1]; k++)
        sum += a->value[k] * p[a->column[k]];
    return sum;
}

/* z = about A^-1 x, by a fixed number of steps (Hestenes and Stiefel, doi:10.6028/jres.049.044); p, q and r are
   scratch. Returns |x - A z|. */
static double solve(const struct matrix *a, const double *x, double *z, double *p, double *q, double *r)
{
    size_t n = a->n;
    double rho = 0, rest = 0;
#ifdef NAS_PRAGMAS
#pragma omp parallel for reduction(+ : rho)
    for (size_t i = 0; i < n; i++) {
        z[i] = 0;
        p[i] = r[i] = x[i];
        rho += x[i] * x[i];
    }
    for (int step = 0; step < INNER; step++) {
        double curvature = 0, next = 0;
#pragma omp parallel for reduction(+ : curvature)
        for (size_t i = 0; i < n; i++) {
            q[i] = row_times(a, i, p);
            curvature += p[i] * q[i];
        }
        double alpha = rho / curvature;
#pragma omp parallel for reduction(+ : next)
        for (size_t i = 0; i < n; i++) {
            z[i] += alpha * p[i];
            r[i] -= alpha * q[i];
            next += r[i] * r[i];
        }
        double beta = next / rho;
        rho = next;
#pragma omp parallel for
        for (size_t i = 0; i < n; i++)
            p[i] = r[i] + beta * p[i];
    }
#pragma omp parallel for reduction(+ : rest)
    for (size_t i = 0; i < n; i++) {
        double d = x[i] - row_times(a, i, z);
        rest += d * d;
    }
#else
    CREW_REDUCE(rho, i, n, z[i] = 0; p[i] = r[i] = x[i]; rho += x[i] * x[i], rho += right);
    for (int step = 0; step < INNER; step++) {
        double curvature = 0, next = 0;
        CREW_REDUCE(curvature, i, n, q[i] = row_times(a, i, p); curvature += p[i] * q[i], curvature += right);
        double alpha = rho / curvature;
        CREW_REDUCE(next, i, n, z[i] += alpha * p[i]; r[i] -= alpha * q[i]; next += r[i] * r[i], next += right);
        double beta = next / rho;
        rho = next;
        CREW_FOR (i, n) /* also where it is short: each thread keeps its part of the vectors in its cache */
            p[i] = r[i] + beta * p[i];
    }
    CREW_EACH(i, n, r[i] = x[i] - row_times(a, i, z));
    rest = crew_dot_f64(r, r, n);
#endif
    return sqrt(rest);
}

/* x = z / |z|; returns x . z before that, which tends to the largest eigenvalue of A^-1. */
static double next_vector(double *x, const double *z, size_t n)
{
    double xz = 0, zz = 0;
#ifdef NAS_PRAGMAS
#pragma omp parallel for reduction(+ : xz, zz)
    for (size_t i = 0; i < n; i++) {
        xz += x[i] * z[i];
        zz += z[i] * z[i];
    }
    double scale = 1 / sqrt(zz);
#pragma omp parallel for
    for (size_t i = 0; i < n; i++)
        x[i] = scale * z[i];
#else
    xz = crew_dot_f64(x, z, n);
    zz = crew_dot_f64(z, z, n);
    double scale = 1 / sqrt(zz);
    CREW_EACH(i, n, x[i] = scale * z[i]);
#endif
    return xz;
}

int main(int argc, char **argv)
{
    size_t class = nas_class(argc, argv);
    const struct class *c = &classes[class];
    size_t n = c->n, most = n * ((c->nonzeros + 1) * (c->nonzeros + 1) + 1);
    uint64_t *place = nas_alloc(most, sizeof *place);
    double *value = nas_alloc(most, sizeof *value), *vectors = nas_alloc(5 * n, sizeof *vectors);
    struct matrix a = {n, nas_alloc(n + 1, sizeof *a.start), nas_alloc(most, sizeof *a.column),
                       nas_alloc(most, sizeof *a.value)};
    compress(&a, place, value, outer_products(c, place, value));

    double *x = vectors, *z = x + n, *p = z + n, *q = p + n, *r = q + n;
    double zeta = 0, rest = 0, start = 0;
    for (int step = 0; step <= OUTER; step++) {
        if (step <= 1) { /* the first step is done twice, and is not timed the first time */
            for (size_t i = 0; i < n; i++)
                x[i] = 1;
            start = nas_seconds();
        }
        rest = solve(&a, x, z, p, q, r);
        zeta = c->shift + 1 / next_vector(x, z, n);
    }
    double seconds = nas_seconds() - start;
    printf("%zu rows, %zu entries, zeta %.17g, residual %.17g\n", n, a.start[n], zeta, rest);
    double row = (double)((c->nonzeros + 1) * c->nonzeros);
    nas_free(place);
    nas_free(value);
    nas_free(vectors);
    nas_free(a.start);
    nas_free(a.column);
    nas_free(a.value);
    return nas_report("CG", class, nas_near(zeta, c->zeta, 1e-10), seconds,
                      2 * OUTER * (double)n * (3 + row + INNER * (5 + row) + 3));
}
