// Means and histograms of the columns of a matrix in a .npy file, which may be larger than memory.
//
//     cc -O2 -fopenmp -Iinclude examples/npy_columns.c lib/core/*/*.c -lm -o npy_columns
//     ./npy_columns make FILE.npy ROWS COLUMNS       writes a matrix of doubles, a few rows at a time
//     ./npy_columns FILE.npy                         reads it in windows, twice: once for means and ranges, then to
//                                                    count
//
// Memory is a window a thread, however large the file is: try it under `ulimit -v`. CREW_PROGRESS=1 draws a bar. numpy
// reads and writes the same files: np.save("FILE.npy", matrix).

#include <crew/crew.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_COLUMNS = 16, BINS = 8 };

static int make_matrix(const char *path, size_t rows, size_t columns)
{
    crew_array *a = crew_array_create(path, CREW_F64, (size_t[]){0, columns}, 2);
    if (!a)
        return -errno;
    double row[MOST_COLUMNS];
    int error = 0;
    for (size_t i = 0; i < rows && error == 0; i++) {
        for (size_t j = 0; j < columns; j++)
            row[j] = sin((double)(i * (j + 1)) * 1e-3) + (double)j;
        error = crew_array_append(a, row, 1);
    }
    int closing = crew_array_close(a);
    return error ? error : closing;
}

struct column {
    double sum, low, high;
};

struct columns {
    struct column c[MOST_COLUMNS];
    size_t counts[MOST_COLUMNS][BINS];
};

struct matrix {
    size_t columns;
    const struct columns *known; /* the second pass knows the ranges */
};

static int fold_ranges(size_t begin, size_t end, const void *rows, void *acc, void *ctx)
{
    const struct matrix *m = ctx;
    struct columns *s = acc;
    const double *x = rows;
    for (size_t i = begin; i < end; i++)
        for (size_t j = 0; j < m->columns; j++, x++) {
            s->c[j].sum += *x;
            s->c[j].low = fmin(s->c[j].low, *x);
            s->c[j].high = fmax(s->c[j].high, *x);
        }
    return 0;
}

static int fold_counts(size_t begin, size_t end, const void *rows, void *acc, void *ctx)
{
    const struct matrix *m = ctx;
    struct columns *s = acc;
    const double *x = rows;
    for (size_t i = begin; i < end; i++)
        for (size_t j = 0; j < m->columns; j++, x++) {
            const struct column *c = &m->known->c[j];
            double place = (*x - c->low) / (c->high - c->low) * (double)BINS;
            s->counts[j][place >= (double)BINS ? BINS - 1 : place > 0 ? (size_t)place : 0]++;
        }
    return 0;
}

static void merge_columns(void *acc, const void *right, void *ctx)
{
    struct columns *s = acc;
    const struct columns *r = right;
    (void)ctx;
    for (size_t j = 0; j < MOST_COLUMNS; j++) {
        s->c[j].sum += r->c[j].sum;
        s->c[j].low = fmin(s->c[j].low, r->c[j].low);
        s->c[j].high = fmax(s->c[j].high, r->c[j].high);
        for (size_t k = 0; k < BINS; k++)
            s->counts[j][k] += r->counts[j][k];
    }
}

static int describe(const char *path)
{
    static struct columns identity, ranges, counts;
    crew_array *a = crew_array_open(path, CREW_ARRAY_READ);
    if (!a) {
        fprintf(stderr, "npy_columns: %s\n", crew_array_why());
        return 1;
    }
    const crew_array_info *info = crew_array_get_info(a);
    if (info->type != CREW_F64 || info->ndim != 2 || info->fortran || info->shape[1] > MOST_COLUMNS) {
        fprintf(stderr, "npy_columns: %s is no matrix of doubles with at most %d columns\n", path, MOST_COLUMNS);
        crew_array_close(a);
        return 1;
    }
    struct matrix m = {info->shape[1], &ranges};
    for (size_t j = 0; j < MOST_COLUMNS; j++)
        identity.c[j] = (struct column){0, INFINITY, -INFINITY};
    crew_array_reducer r = {sizeof identity, &identity, fold_ranges, merge_columns, NULL};
    int error = crew_array_reduce(a, &r, &m, &ranges, &(crew_options){.name = "ranges"});
    r.fold = fold_counts;
    error = error ? error : crew_array_reduce(a, &r, &m, &counts, &(crew_options){.name = "counts"});
    if (error)
        fprintf(stderr, "npy_columns: %s: %s\n", path, crew_strerror(error));
    for (size_t j = 0; j < m.columns && error == 0; j++) {
        const struct column *c = &ranges.c[j];
        printf("column %zu: mean %.10g, %.6g .. %.6g:", j, c->sum / (double)info->rows, c->low, c->high);
        for (size_t k = 0; k < BINS; k++)
            printf(" %zu", counts.counts[j][k]);
        printf("\n");
    }
    crew_array_close(a);
    return error != 0;
}

int main(int argc, char **argv)
{
    if (argc == 2)
        return describe(argv[1]);
    size_t columns = argc == 5 ? strtoul(argv[4], NULL, 10) : 0;
    if (columns < 1 || columns > MOST_COLUMNS || strcmp(argv[1], "make") != 0) {
        fprintf(stderr, "usage: %s make FILE.npy ROWS COLUMNS   or   %s FILE.npy\n", argv[0], argv[0]);
        return 2;
    }
    int error = make_matrix(argv[2], strtoul(argv[3], NULL, 10), columns);
    if (error)
        fprintf(stderr, "npy_columns: %s: %s\n", argv[2], crew_strerror(error));
    else
        printf("%s: %s rows of %zu\n", argv[2], argv[3], columns);
    return error != 0;
}
