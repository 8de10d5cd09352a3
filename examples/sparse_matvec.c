// A sparse matrix from its entries to compressed rows, and the conjugate gradient method with it.
//
//     cc -O2 -fopenmp -Iinclude examples/sparse_matvec.c lib/*/*/*.c -lm -o sparse_matvec
//     ./sparse_matvec [MATRIX.mtx]
//
// Reads a Matrix Market file: coordinate; real, integer or pattern; general or symmetric. The matrix must be symmetric
// and positive definite. Without one it makes the five-point Laplacian of a 128 x 128 grid. The right side is A times
// ones, so the solution is known. Every residual has the same bits at any thread count, because crew_dot_f64 adds in a
// fixed order; where the target has fused multiply-add, add -ffp-contract=off to have them from every compiler.

#define _POSIX_C_SOURCE 200809L
#include <crew/crew.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { SAID = 1, GRID = 128 }; /* SAID: an error that was printed where it was found */

struct matrix {
    size_t n, given, entries; /* given: entries as read, the mirrored ones of a symmetric matrix too */
    uint64_t *place;          /* row * n + column of each */
    double *given_value;
    uint64_t *column, *row_start; /* the compressed rows: row i has entries row_start[i] .. row_start[i + 1] - 1 */
    double *value;
};

/* y = A x and what the conjugate gradient method needs besides. */
struct vectors {
    const struct matrix *a;
    double *x, *r, *p, *ap, *b;
};

static int bad(const char *what)
{
    fprintf(stderr, "%s\n", what);
    return SAID;
}

/* One call sorts the entries by row and column and adds up those that are given twice. Counting the entries of each row
   and an exclusive prefix sum of the counts say where each row starts. */
static int compress(struct matrix *a)
{
    a->column = crew_alloc(a->given, sizeof *a->column);
    a->value = crew_alloc(a->given, sizeof *a->value);
    a->row_start = crew_alloc(a->n + 1, sizeof *a->row_start);
    uint64_t *row = crew_alloc(a->given, sizeof *row);
    int error = a->column && a->value && a->row_start && row ? 0 : -ENOMEM;
    if (error == 0)
        error = crew_reduce_by_key_sum_u64_f64(a->place, a->given_value, a->given, a->column, a->value, &a->entries);
    if (error == 0) {
        CREW_FOR (k, a->entries) {
            row[k] = a->column[k] / a->n;
            a->column[k] %= a->n;
        }
        error = crew_bincount_u64(row, a->entries, a->row_start, a->n, NULL);
    }
    if (error == 0)
        a->row_start[a->n] = crew_scan_exclusive_sum_u64(a->row_start, a->row_start, a->n);
    crew_free(row);
    return error;
}

/* Rows differ in length, but a row is summed by one thread in its order: the bits do not depend on who does it. */
static int multiply(size_t begin, size_t end, void *ctx)
{
    struct vectors *v = ctx;
    const struct matrix *a = v->a;
    for (size_t i = begin; i < end; i++) {
        double sum = 0;
        for (size_t k = a->row_start[i]; k < a->row_start[i + 1]; k++)
            sum += a->value[k] * v->p[a->column[k]];
        v->ap[i] = sum;
    }
    return 0;
}

/* Hestenes and Stiefel, doi:10.6028/jres.049.044. */
static int solve(struct vectors *v)
{
    size_t n = v->a->n;
    crew_fill_f64(v->p, n, 1);
    int error = crew_for(n, multiply, v, NULL);
    if (error == 0)
        error = crew_copy(v->ap, v->b, n, sizeof *v->b);
    if (error == 0)
        error = crew_copy(v->b, v->r, n, sizeof *v->r);
    if (error == 0)
        error = crew_copy(v->b, v->p, n, sizeof *v->p);
    crew_fill_f64(v->x, n, 0);
    double rr = crew_dot_f64(v->r, v->r, n), first = rr;
    if (error == 0 && !(first > 0 && first <= 1e300))
        return bad("A times ones is 0, or too large");
    for (size_t k = 0; error == 0; k++) {
        bool done = rr <= 1e-20 * first;
        if (k % 50 == 0 || done)
            printf("iteration %4zu: residual %.16e\n", k, sqrt(rr));
        if (done)
            break;
        if (k == 10 * n + 100)
            return bad("no convergence");
        if ((error = crew_for(n, multiply, v, NULL)) != 0)
            break;
        double curvature = crew_dot_f64(v->p, v->ap, n);
        if (!(curvature > 0) || !isfinite(rr / curvature))
            return bad("the matrix is not positive definite");
        double alpha = rr / curvature;
        CREW_EACH(i, n, v->x[i] += alpha * v->p[i]; v->r[i] -= alpha * v->ap[i]);
        double next = crew_dot_f64(v->r, v->r, n);
        double beta = next / rr;
        rr = next;
        CREW_EACH(i, n, v->p[i] = v->r[i] + beta * v->p[i]);
    }
    return error;
}

/* |b - A x| and |b| by one plain loop over the entries as they were given, in no order. b itself is tested too: the sum
   of each row as far as rounding goes. */
static bool check(const struct vectors *v)
{
    const struct matrix *a = v->a;
    double *left = v->r, *sum = v->p, *size = v->ap; /* not needed any more */
    if (a->n == 0)
        return false;
    for (size_t i = 0; i < a->n; i++) {
        left[i] = v->b[i];
        sum[i] = size[i] = 0;
    }
    for (size_t k = 0; k < a->given; k++) {
        size_t i = a->place[k] / a->n, j = a->place[k] % a->n;
        left[i] -= a->given_value[k] * v->x[j];
        sum[i] += a->given_value[k];
        size[i] += fabs(a->given_value[k]);
    }
    double error = 0, rest = 0, all = 0;
    for (size_t i = 0; i < a->n; i++) {
        if (!(fabs(sum[i] - v->b[i]) <= 1e-12 * size[i]))
            return false;
        rest += left[i] * left[i];
        all += v->b[i] * v->b[i];
        error = fmax(error, fabs(v->x[i] - 1));
    }
    printf("the plain loop finds |b - A x| / |b| = %.1e, the largest error of x is %.1e\n", sqrt(rest / all), error);
    return rest <= 1e-16 * all;
}

static void add(struct matrix *a, size_t row, size_t column, double value)
{
    a->place[a->given] = row * a->n + column;
    a->given_value[a->given++] = value;
}

static int make_room(struct matrix *a, size_t entries)
{
    a->place = crew_alloc(entries, sizeof *a->place);
    a->given_value = crew_alloc(entries, sizeof *a->given_value);
    return a->place != NULL && a->given_value != NULL ? 0 : -ENOMEM;
}

static int make_matrix(struct matrix *a)
{
    a->n = (size_t)GRID * GRID;
    int error = make_room(a, 5 * a->n);
    for (size_t k = 0; k < a->n && error == 0; k++) {
        size_t i = k / GRID, j = k % GRID;
        add(a, k, k, 4);
        if (i > 0)
            add(a, k, k - GRID, -1);
        if (i + 1 < GRID)
            add(a, k, k + GRID, -1);
        if (j > 0)
            add(a, k, k - 1, -1);
        if (j + 1 < GRID)
            add(a, k, k + 1, -1);
    }
    return error;
}

/* A line without comment and with something on it; false at the end of the file. */
static bool next_line(FILE *file, char *line, int size)
{
    while (fgets(line, size, file) != NULL)
        if (line[0] != '%' && line[strspn(line, " \t\r\n")] != '\0')
            return true;
    return false;
}

/* A whole number from 1 to max at *p; 0 where there is none. */
static size_t index_at(char **p, size_t max)
{
    char *start = *p + strspn(*p, " \t");
    unsigned long long value = isdigit((unsigned char)*start) ? strtoull(start, p, 10) : 0;
    return value <= max ? value : 0;
}

static int read_matrix(struct matrix *a, FILE *file)
{
    char line[1024], format[16], field[16], symmetry[16], *p = line;
    if (fgets(line, sizeof line, file) == NULL ||
        sscanf(line, "%%%%MatrixMarket matrix %15s %15s %15s", format, field, symmetry) != 3)
        return bad("not a Matrix Market file");
    bool pattern = strcasecmp(field, "pattern") == 0, symmetric = strcasecmp(symmetry, "symmetric") == 0;
    if (strcasecmp(format, "coordinate") != 0 || (!symmetric && strcasecmp(symmetry, "general") != 0) ||
        (!pattern && strcasecmp(field, "real") != 0 && strcasecmp(field, "integer") != 0))
        return bad("not coordinate, real, integer or pattern, general or symmetric");
    size_t entries = 0;
    if (next_line(file, line, sizeof line) && (a->n = index_at(&p, INT32_MAX)) != 0 && index_at(&p, INT32_MAX) == a->n)
        entries = index_at(&p, INT32_MAX);
    /* Row and column take four bytes of the file, so sizes that the file cannot hold ask for no memory. A positive
       definite matrix has an entry on the diagonal of every row. */
    long here = ftell(file);
    if (here < 0 || fseek(file, 0, SEEK_END) != 0)
        return -errno;
    long size = ftell(file);
    if (size < 0 || fseek(file, here, SEEK_SET) != 0)
        return -errno;
    if (a->n == 0 || entries < a->n || entries > (size_t)(size - here + 1) / 4)
        return bad("the sizes are not square, or not those of the entries");
    int error = make_room(a, symmetric ? 2 * entries : entries);
    for (size_t k = 0; k < entries && error == 0; k++) {
        if (!next_line(file, line, sizeof line))
            return bad("the file is cut off");
        char *rest = p = line;
        size_t row = index_at(&p, a->n), column = row != 0 ? index_at(&p, a->n) : 0;
        double value = pattern ? 1 : strtod(p, &rest);
        if (row == 0 || column == 0 || (!pattern && rest == p) || !isfinite(value)) {
            fprintf(stderr, "entry %zu is bad\n", k + 1);
            return SAID;
        }
        add(a, row - 1, column - 1, value);
        if (symmetric && row != column)
            add(a, column - 1, row - 1, value);
    }
    return error;
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int run(struct matrix *a, struct vectors *v)
{
    double start = seconds();
    int error = compress(a);
    double compressed = seconds();
    if (error != 0)
        return error;
    printf("%zu x %zu, %zu entries given, %zu in the compressed rows\n", a->n, a->n, a->given, a->entries);
    v->x = crew_alloc(a->n, sizeof *v->x);
    v->r = crew_alloc(a->n, sizeof *v->r);
    v->p = crew_alloc(a->n, sizeof *v->p);
    v->ap = crew_alloc(a->n, sizeof *v->ap);
    v->b = crew_alloc(a->n, sizeof *v->b);
    error = v->x && v->r && v->p && v->ap && v->b ? solve(v) : -ENOMEM;
    double solved = seconds();
    if (error == 0 && !check(v))
        error = bad("the plain loop does not confirm the solution");
    printf("time  compressing %.1f ms, solving %.1f ms, %d threads, %s\n", 1e3 * (compressed - start),
           1e3 * (solved - compressed), crew_num_threads(), crew_backend());
    return error;
}

int main(int argc, char **argv)
{
    struct matrix a = {0};
    struct vectors v = {.a = &a};
    const char *name = argc > 1 ? argv[1] : argv[0];
    int error = 0;
    if (argc > 2) {
        fprintf(stderr, "usage: %s [MATRIX.mtx]\n", argv[0]);
        return EXIT_FAILURE;
    }
    if (argc == 2) {
        FILE *file = fopen(name, "r");
        error = file != NULL ? read_matrix(&a, file) : -errno;
        if (file != NULL)
            (void)fclose(file); /* nothing was written that could be lost */
    } else {
        error = make_matrix(&a);
    }
    if (error == 0)
        error = run(&a, &v);
    if (error != 0)
        fprintf(stderr, "%s: %s\n", name, error == SAID ? "not solved" : strerror(-error));
    crew_free(v.x);
    crew_free(v.r);
    crew_free(v.p);
    crew_free(v.ap);
    crew_free(v.b);
    crew_free(a.place);
    crew_free(a.given_value);
    crew_free(a.column);
    crew_free(a.value);
    crew_free(a.row_start);
    return error == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
