// A wavefront: two texts are aligned by a table in which every cell needs the ones above it and to its left. The table
// is cut into tiles, each tile is a node of a graph.
//
//     cc -O2 -fopenmp -Iinclude examples/wavefront.c lib/core/*/*.c -lm -o wavefront
//     ./wavefront [TEXT TEXT]
//
// Without arguments it aligns two English versions of one verse (King James, 1611, and Young, 1862). S. B. Needleman
// and C. D. Wunsch, doi:10.1016/0022-2836(70)90057-4; +1 for a letter that is the same, -1 for one that differs or has
// no partner.

#include <crew/crew.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TILE = 64 };

static const char first[] =
    "In the beginning God created the heaven and the earth. And the earth was without form, and void; and "
    "darkness was upon the face of the deep. And the Spirit of God moved upon the face of the waters.";
static const char second[] =
    "In the beginning of God's preparing the heavens and the earth -- the earth hath existed waste and void, "
    "and darkness is on the face of the deep, and the Spirit of God fluttering on the face of the waters,";

struct table {
    char *a, *b;
    size_t rows, cols; /* letters of a and b */
    int *cells;        /* (rows + 1) x (cols + 1) */
};

struct tile {
    const struct table *t;
    size_t row, col;
};

static int *cell(const struct table *t, size_t i, size_t j)
{
    return &t->cells[i * (t->cols + 1) + j];
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static int score(const struct table *t, size_t i, size_t j)
{
    int same = t->a[i - 1] == t->b[j - 1] ? 1 : -1;
    return larger(*cell(t, i - 1, j - 1) + same, larger(*cell(t, i - 1, j), *cell(t, i, j - 1)) - 1);
}

static int fill_tile(void *arg)
{
    const struct tile *tile = arg;
    const struct table *t = tile->t;
    for (size_t i = tile->row * TILE + 1; i <= t->rows && i <= (tile->row + 1) * TILE; i++)
        for (size_t j = tile->col * TILE + 1; j <= t->cols && j <= (tile->col + 1) * TILE; j++)
            *cell(t, i, j) = score(t, i, j);
    return 0;
}

static char *copy_of(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

static char *read_file(const char *path)
{
    FILE *in = fopen(path, "rb");
    char *text = in ? malloc(20001) : NULL; /* a table of at most 1.6 GB */
    size_t size = text ? fread(text, 1, 20000, in) : 0;
    if (text)
        text[size] = '\0';
    if (in)
        fclose(in);
    if (!text)
        perror(path);
    return text;
}

/* 0, or an error. */
static int fill(const struct table *t)
{
    size_t down = (t->rows + TILE - 1) / TILE, across = (t->cols + TILE - 1) / TILE;
    struct tile *tiles = malloc((down * across + 1) * sizeof *tiles);
    crew_graph *g = crew_graph_open();
    int error = tiles && g ? 0 : 1;
    for (size_t k = 0; k < down * across && !error; k++) {
        tiles[k] = (struct tile){t, k / across, k % across};
        error = crew_graph_add(g, fill_tile, &tiles[k], NULL);
        if (!error && k >= across)
            error = crew_graph_edge(g, k - across, k);
        if (!error && k % across > 0)
            error = crew_graph_edge(g, k - 1, k);
    }
    error = error ? error : crew_graph_run(g, NULL);
    crew_graph_close(g);
    free(tiles);
    return error;
}

/* Prints the first `width` columns of the alignment: back from the end, so it is gathered in reverse. */
static void show(const struct table *t, size_t width)
{
    size_t i = t->rows, j = t->cols, n = 0;
    char *lines[2] = {malloc(t->rows + t->cols + 1), malloc(t->rows + t->cols + 1)};
    while (lines[0] && lines[1] && (i > 0 || j > 0)) {
        bool up = j == 0 || (i > 0 && *cell(t, i, j) == *cell(t, i - 1, j) - 1);
        bool left = !up && (i == 0 || *cell(t, i, j) == *cell(t, i, j - 1) - 1);
        lines[0][n] = left ? '.' : t->a[--i];
        lines[1][n++] = up ? '.' : t->b[--j];
    }
    for (int line = 0; line < 2; line++) {
        for (size_t k = 0; k < n && k < width; k++)
            putchar(lines[line][n - 1 - k] == '\n' ? ' ' : lines[line][n - 1 - k]);
        putchar('\n');
        free(lines[line]);
    }
}

int main(int argc, char **argv)
{
    if (argc != 1 && argc != 3) {
        fprintf(stderr, "usage: %s [TEXT TEXT]\n", argv[0]);
        return EXIT_FAILURE;
    }
    struct table t = {argc == 3 ? read_file(argv[1]) : copy_of(first), argc == 3 ? read_file(argv[2]) : copy_of(second),
                      0, 0, NULL};
    int status = EXIT_FAILURE;
    if (t.a && t.b) {
        t.rows = strlen(t.a);
        t.cols = strlen(t.b);
        t.cells = malloc((t.rows + 1) * (t.cols + 1) * sizeof *t.cells);
    }
    if (t.cells) {
        for (size_t i = 0; i <= t.rows; i++)
            *cell(&t, i, 0) = -(int)i;
        for (size_t j = 0; j <= t.cols; j++)
            *cell(&t, 0, j) = -(int)j;
        status = fill(&t) ? EXIT_FAILURE : EXIT_SUCCESS;
        for (size_t i = 1; i <= t.rows; i++) /* the plain loops find every cell as it should be */
            for (size_t j = 1; j <= t.cols; j++)
                status = *cell(&t, i, j) == score(&t, i, j) ? status : EXIT_FAILURE;
        printf("%zu and %zu letters, score %d\n", t.rows, t.cols, *cell(&t, t.rows, t.cols));
        show(&t, 100);
    }
    free(t.a);
    free(t.b);
    free(t.cells);
    return status;
}
