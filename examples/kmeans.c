// k-means: every point goes to its nearest centre, every centre to the mean of its points, until no point moves.
//
//     cc -O2 -fopenmp -Iinclude examples/kmeans.c lib/*/*/*.c -lm -o kmeans
//     ./kmeans [POINTS.csv K]
//
// A line of the file is a point: numbers with commas between them, as many on each line, at most 64. A first line
// without a number is a header. Without arguments it makes 100,000 points around 8 places. The clusters are the same to
// the last bit at any thread count, because crew adds the points of a cluster in a fixed order; where the target has
// fused multiply-add, add -ffp-contract=off to have them from every compiler.

#define _POSIX_C_SOURCE 200809L
#include <crew/crew.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SAID = 1, MAX_DIMENSIONS = 64, MAX_ROUNDS = 300 }; /* SAID: an error that was printed where it was found */

struct clusters {
    size_t n, k, dimensions;
    double *points;        /* n x dimensions */
    double *centres;       /* k x dimensions */
    double *distance;      /* squared, of each point to its centre */
    uint32_t *label, *was; /* the centre of each point, now and a round ago */
    double *sums;          /* of each cluster the sum of its points, then how many they are */
};

static int bad(const char *what)
{
    fprintf(stderr, "%s\n", what);
    return SAID;
}

static double squared(const double *a, const double *b, size_t dimensions)
{
    double sum = 0;
    for (size_t d = 0; d < dimensions; d++)
        sum += (a[d] - b[d]) * (a[d] - b[d]);
    return sum;
}

/* Of centres at the same distance the first. */
static void assign(struct clusters *c, size_t i)
{
    const double *point = c->points + i * c->dimensions;
    double best = squared(point, c->centres, c->dimensions);
    uint32_t label = 0;
    for (uint32_t j = 1; j < c->k; j++) {
        double distance = squared(point, c->centres + j * c->dimensions, c->dimensions);
        if (distance < best) {
            best = distance;
            label = j;
        }
    }
    c->label[i] = label;
    c->distance[i] = best;
}

/* The first point, then the one farthest from all centres so far, and so on: Gonzalez,
   doi:10.1016/0304-3975(85)90224-5. No random numbers, and crew_argmax takes the lowest index where two are as far. */
static void place_centres(struct clusters *c)
{
    const size_t dimensions = c->dimensions;
    crew_fill_f64(c->distance, c->n, INFINITY);
    for (size_t j = 0; j < c->k; j++) {
        size_t farthest = j == 0 ? 0 : crew_argmax_f64(c->distance, c->n);
        double *centre = c->centres + j * dimensions;
        memcpy(centre, c->points + farthest * dimensions, dimensions * sizeof *centre);
        CREW_EACH(i, c->n,
                  c->distance[i] = fmin(c->distance[i], squared(c->points + i * dimensions, centre, dimensions)));
    }
}

/* To the accumulator of its cluster: the sum of the points, then their number. */
static void add_point(const struct clusters *c, double *sums, size_t i)
{
    double *sum = sums + c->label[i] * (c->dimensions + 1);
    for (size_t d = 0; d < c->dimensions; d++)
        sum[d] += c->points[i * c->dimensions + d];
    sum[c->dimensions]++;
}

/* A centre that has lost all its points stays where it is. */
static void move_centres(struct clusters *c)
{
    const size_t size = c->dimensions + 1;
    double *sums = c->sums;
    memset(sums, 0, c->k * size * sizeof *sums);
    CREW_SUM_ARRAY(sums, c->k * size, i, c->n, add_point(c, sums, i));
    for (size_t j = 0; j < c->k; j++)
        for (size_t d = 0; d < c->dimensions && sums[j * size + c->dimensions] > 0; d++)
            c->centres[j * c->dimensions + d] = sums[j * size + d] / sums[j * size + c->dimensions];
}

/* Lloyd's algorithm, doi:10.1109/TIT.1982.1056489. */
static int cluster(struct clusters *c, size_t *rounds)
{
    int error = 0;
    bool moved = true;
    place_centres(c);
    memset(c->was, 0xFF, c->n * sizeof *c->was);
    for (*rounds = 0; error == 0 && moved && *rounds < MAX_ROUNDS; ++*rounds) {
        CREW_EACH(i, c->n, assign(c, i));
        move_centres(c);
        moved = !crew_equal(c->label, c->was, sizeof *c->label, c->n);
        error = crew_copy(c->label, c->was, c->n, sizeof *c->was);
    }
    return error;
}

/* By plain loops: the means are those of the labels, but for rounding, and once no point moves, each label is that of
   the nearest centre. The sums of the plain loop take the place of crew's. */
static bool check(struct clusters *c, bool settled)
{
    size_t size = c->dimensions + 1;
    bool same = true;
    memset(c->sums, 0, c->k * size * sizeof *c->sums);
    for (size_t i = 0; i < c->n; i++)
        add_point(c, c->sums, i);
    double largest = 0;
    for (size_t i = 0; i < c->n * c->dimensions; i++)
        largest = fmax(largest, fabs(c->points[i]));
    for (size_t j = 0; j < c->k; j++)
        for (size_t d = 0; d < c->dimensions && c->sums[j * size + c->dimensions] > 0; d++) {
            double mean = c->sums[j * size + d] / c->sums[j * size + c->dimensions];
            same = same && fabs(mean - c->centres[j * c->dimensions + d]) <= 1e-10 * largest;
        }
    if (settled && same) {
        for (size_t i = 0; i < c->n; i++)
            assign(c, i);
        same = memcmp(c->label, c->was, c->n * sizeof *c->label) == 0;
    }
    return same;
}

/* Sums of twelve uniform numbers around places on a spiral: no function of the mathematical library, so the same
 * everywhere. */
static int make_points(struct clusters *c)
{
    *c = (struct clusters){.n = 100000, .k = 8, .dimensions = 2};
    c->points = malloc(c->n * c->dimensions * sizeof *c->points);
    if (c->points == NULL)
        return -ENOMEM;
    uint64_t random = 1;
    for (size_t i = 0; i < c->n; i++)
        for (size_t d = 0; d < 2; d++) {
            static const int places[8][2] = {{0, 0}, {9, 1}, {3, 8}, {-6, 7}, {-9, -3}, {-2, -9}, {8, -8}, {14, 9}};
            double sum = 2 * places[i % 8][d] - 6 * 3;
            for (int k = 0; k < 12; k++) {
                random = random * 6364136223846793005u + 1442695040888963407u;
                sum += 3 * (double)(random >> 40) / 16777216;
            }
            c->points[2 * i + d] = sum;
        }
    return 0;
}

/* The numbers of a line to out; how many, 0 where something else is on it. */
static size_t parse_line(const char *line, double *out)
{
    for (size_t d = 0; d < MAX_DIMENSIONS; line++) {
        char *rest;
        out[d] = strtod(line, &rest);
        if (rest == line || !isfinite(out[d]))
            return 0;
        d++;
        line = rest + strspn(rest, " \t\r\n");
        if (*line != ',')
            return *line == '\0' ? d : 0;
    }
    return 0;
}

static int read_points(struct clusters *c, FILE *file)
{
    char line[4096];
    size_t room = 0, number = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        double point[MAX_DIMENSIONS];
        size_t dimensions = parse_line(line, point);
        if (++number == 1 && dimensions == 0)
            continue;
        bool whole = strchr(line, '\n') != NULL || feof(file);
        if (!whole || dimensions == 0 || (c->n > 0 && dimensions != c->dimensions)) {
            fprintf(stderr, "line %zu is no point, or has another number of dimensions\n", number);
            return SAID;
        }
        c->dimensions = dimensions;
        if (c->n == room) {
            room = room == 0 ? 1024 : 2 * room;
            double *points = realloc(c->points, room * dimensions * sizeof *points);
            if (points == NULL)
                return -ENOMEM;
            c->points = points;
        }
        memcpy(c->points + c->n++ * dimensions, point, dimensions * sizeof *point);
    }
    return ferror(file) ? -errno : 0;
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int run(struct clusters *c)
{
    if (c->n == 0 || c->k == 0 || c->k > c->n)
        return bad("K is to be 1 or more, and at most the number of points");
    size_t rounds = 0;
    c->centres = calloc(c->k * c->dimensions, sizeof *c->centres);
    c->sums = calloc(c->k * (c->dimensions + 1), sizeof *c->sums);
    c->distance = crew_alloc(c->n, sizeof *c->distance);
    c->label = crew_alloc(c->n, sizeof *c->label);
    c->was = crew_alloc(c->n, sizeof *c->was);
    double start = seconds();
    int error = c->centres && c->sums && c->distance && c->label && c->was ? cluster(c, &rounds) : -ENOMEM;
    double elapsed = seconds() - start;
    if (error != 0)
        return error;
    bool same = check(c, rounds < MAX_ROUNDS);
    printf("%zu points of %zu dimensions, %zu clusters after %zu rounds\n", c->n, c->dimensions, c->k, rounds);
    for (size_t j = 0; j < c->k && j < 20; j++) {
        printf("cluster %2zu: %7.0f points around", j, c->sums[j * (c->dimensions + 1) + c->dimensions]);
        for (size_t d = 0; d < c->dimensions; d++)
            printf(" %.17g", c->centres[j * c->dimensions + d]);
        printf("\n");
    }
    printf("sum of squared distances %.17g\n", crew_sum_f64(c->distance, c->n));
    printf("time  %.1f ms, %d threads, %s\n", 1e3 * elapsed, crew_num_threads(), crew_backend());
    return same ? 0 : bad("the plain loops find other clusters");
}

int main(int argc, char **argv)
{
    if (argc != 1 && argc != 3) {
        fprintf(stderr, "usage: %s [POINTS.csv K]\n", argv[0]);
        return EXIT_FAILURE;
    }
    struct clusters c = {0};
    int error = 0;
    if (argc == 3) {
        FILE *file = fopen(argv[1], "r");
        char *rest;
        unsigned long k = strtoul(argv[2], &rest, 10);
        c.k = *rest == '\0' && argv[2][0] != '-' && k <= INT32_MAX ? k : 0;
        error = file != NULL ? read_points(&c, file) : -errno;
        if (file != NULL)
            (void)fclose(file); /* nothing was written that could be lost */
    } else {
        error = make_points(&c);
    }
    if (error == 0)
        error = run(&c);
    if (error != 0)
        fprintf(stderr, "%s: %s\n", argc == 3 ? argv[1] : argv[0], error == SAID ? "no clusters" : strerror(-error));
    free(c.points);
    free(c.centres);
    free(c.sums);
    crew_free(c.distance);
    crew_free(c.label);
    crew_free(c.was);
    return error == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
