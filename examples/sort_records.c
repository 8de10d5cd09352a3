// Sort the records of a CSV file by one of its columns, stable; the file is taken apart by all threads.
//
//     cc -O2 -fopenmp -Iinclude examples/sort_records.c lib/*/*/*.c -lm -o sort_records
//     ./sort_records [IN.csv COLUMN OUT.csv]
//
// The first record is a header. COLUMN is a name in it or a number from 1. A column whose fields are all numbers is
// sorted as numbers, any other by the bytes of its text. Fields in double quotes may hold commas, line ends and doubled
// quotes. Without arguments it makes 50,000 records and sorts them by "amount" to sorted.csv.

#define _POSIX_C_SOURCE 200809L
#include <crew/crew.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CHUNK = 65536, SAID = 1 }; /* SAID: an error that was printed where it was found */

struct piece {
    const char *start;
    size_t length;
};

struct row {
    struct piece key, record; /* key.start NULL: the record has no such field */
    double value;             /* the key as a number, NaN where it is none */
};

struct table {
    char *bytes;
    size_t size, chunks, n, column; /* n records, the header not counted */
    uint64_t *quotes;               /* in each chunk, then before it; behind them the three arrays below */
    uint64_t *ends[2];     /* line ends of a chunk that have an even and an odd number of its quotes before them */
    uint64_t *first;       /* the number of the first record that ends in a chunk */
    struct piece *records; /* records[0] is the header */
    struct row *rows;      /* of the others, in the end sorted */
    bool text;             /* some keys are no numbers */
    uint64_t *places;      /* where the record of a row begins in out, behind the header */
    char *out;
};

static size_t chunk_end(const struct table *t, size_t c)
{
    return (c + 1) * CHUNK < t->size ? (c + 1) * CHUNK : t->size;
}

/* Whether a line end ends a record depends on all quotes before it, so the file cannot be cut and read in one go. Each
   chunk is counted for both cases; the prefix sum of the quotes tells afterwards which one it was. */
static void count_chunk(const struct table *t, size_t c)
{
    uint64_t quotes = 0, ends[2] = {0, 0};
    for (size_t i = c * CHUNK, stop = chunk_end(t, c); i < stop; i++) {
        quotes += t->bytes[i] == '"';
        ends[quotes % 2] += t->bytes[i] == '\n';
    }
    t->quotes[c] = quotes;
    t->ends[0][c] = ends[0];
    t->ends[1][c] = ends[1];
}

/* A chunk knows the number of its first record and writes the ends of those that end in it, and where the next ones
   begin. */
static void cut_chunk(const struct table *t, size_t c)
{
    uint64_t quotes = t->quotes[c], record = t->first[c];
    for (size_t i = c * CHUNK, stop = chunk_end(t, c); i < stop; i++) {
        quotes += t->bytes[i] == '"';
        if (t->bytes[i] == '\n' && quotes % 2 == 0)
            t->records[++record].start = t->bytes + i + 1;
    }
}

static bool find_field(const struct piece *record, size_t column, struct piece *field)
{
    const char *p = record->start, *end = p + record->length - 1; /* without the line end */
    if (end > p && end[-1] == '\r')
        end--;
    for (;; p++) {
        *field = (struct piece){.start = p};
        for (bool quoted = false; p < end && (quoted || *p != ','); p++)
            quoted ^= *p == '"';
        field->length = (size_t)(p - field->start);
        if (column-- == 0)
            break;
        if (p == end)
            return false;
    }
    if (field->length >= 2 && field->start[0] == '"' && p[-1] == '"')
        *field = (struct piece){field->start + 1, field->length - 2};
    return true;
}

static double to_number(const struct piece *field)
{
    char text[64], *rest; /* a copy, because strtod would read on behind the field */
    if (field->length == 0 || field->length >= sizeof text)
        return NAN;
    memcpy(text, field->start, field->length);
    text[field->length] = '\0';
    if (strspn(text, "+-.0123456789eE") != field->length)
        return NAN;
    double value = strtod(text, &rest);
    return *rest == '\0' ? value + 0.0 : NAN; /* + 0.0 makes -0 a 0, which crew's sorts would put before 0 */
}

static struct row row_of(const struct piece *record, size_t column)
{
    struct row row = {.record = *record};
    if (find_field(record, column, &row.key))
        row.value = to_number(&row.key);
    else
        row.key.start = NULL;
    return row;
}

/* The next byte of a field; a doubled quote stands for one. -1 at the end. */
static int next_byte(const char **p, const char *end)
{
    if (*p == end)
        return -1;
    char c = *(*p)++;
    *p += c == '"' && *p < end && **p == '"';
    return (unsigned char)c;
}

static int compare_text(const struct piece *a, const struct piece *b)
{
    const char *p = a->start, *q = b->start;
    for (;;) {
        int x = next_byte(&p, a->start + a->length), y = next_byte(&q, b->start + b->length);
        if (x != y || x < 0)
            return x - y;
    }
}

#define CREW_NAME sort_as_text
#define CREW_TYPE struct row
#define CREW_LESS(a, b) (compare_text(&(a)->key, &(b)->key) < 0)
#include <crew/inline/sort.h>

#define CREW_NAME find_without_key
#define CREW_TYPE struct row
#define CREW_TEST(row) ((row)->key.start == NULL)
#include <crew/inline/find.h>

static int cut(struct table *t)
{
    t->chunks = (t->size + CHUNK - 1) / CHUNK;
    t->quotes = calloc(4 * t->chunks, sizeof *t->quotes);
    if (t->quotes == NULL)
        return -ENOMEM;
    t->ends[0] = t->quotes + t->chunks;
    t->ends[1] = t->ends[0] + t->chunks;
    t->first = t->ends[1] + t->chunks;
    CREW_EACH(c, t->chunks, count_chunk(t, c));
    if (crew_scan_exclusive_sum_u64(t->quotes, t->quotes, t->chunks) % 2 != 0) {
        fputs("a quote is not closed\n", stderr);
        return SAID;
    }
    for (size_t c = 0; c < t->chunks; c++)
        t->first[c] = t->ends[t->quotes[c] % 2][c];
    t->n = crew_scan_exclusive_sum_u64(t->first, t->first, t->chunks) - 1;
    t->records = crew_alloc(t->n + 2, sizeof *t->records);
    t->rows = crew_alloc(t->n + 1, sizeof *t->rows);
    t->places = crew_alloc(t->n + 1, sizeof *t->places);
    t->out = crew_alloc(t->size, 1);
    if (!t->records || !t->rows || !t->places || !t->out)
        return -ENOMEM;
    t->records[0].start = t->bytes;
    CREW_EACH(c, t->chunks, cut_chunk(t, c));
    CREW_EACH(i, t->n + 1, t->records[i].length = (size_t)(t->records[i + 1].start - t->records[i].start));
    return 0;
}

static int sort(struct table *t, const char *column)
{
    struct piece field, wanted = {column, strlen(column)};
    for (t->column = 0; find_field(&t->records[0], t->column, &field); t->column++)
        if (compare_text(&field, &wanted) == 0)
            break;
    char *rest;
    if (!find_field(&t->records[0], t->column, &field)) {
        t->column = strtoul(column, &rest, 10) - 1;
        if (*rest != '\0' || !find_field(&t->records[0], t->column, &field)) {
            fprintf(stderr, "%s: no such column\n", column);
            return SAID;
        }
    }
    CREW_EACH(i, t->n, t->rows[i] = row_of(&t->records[i + 1], t->column));
    size_t at;
    int error = find_without_key(t->rows, t->n, &at, NULL);
    if (error == 0 && at < t->n) {
        fprintf(stderr, "record %zu has no column %zu\n", at + 1, t->column + 1);
        return SAID;
    }
    CREW_ANY(t->text, i, t->n, isnan(t->rows[i].value));
    if (error == 0)
        error = t->text ? sort_as_text(t->rows, t->n, NULL)
                        : crew_sort_records_f64(t->rows, t->n, sizeof *t->rows, offsetof(struct row, value));
    if (error != 0)
        return error;
    const size_t header = t->records[0].length;
    CREW_EACH(i, t->n, t->places[i] = t->rows[i].record.length);
    crew_scan_exclusive_sum_u64(t->places, t->places, t->n);
    memcpy(t->out, t->bytes, header);
    CREW_EACH(i, t->n, memcpy(t->out + header + t->places[i], t->rows[i].record.start, t->rows[i].record.length));
    return 0;
}

/* By plain loops: the records, and that each is where a stable sort puts it. */
static bool check(const struct table *t)
{
    size_t cut = 0, written = t->records[0].length;
    bool quoted = false, same = memcmp(t->out, t->bytes, written) == 0;
    for (size_t i = 0; i < t->size && same; i++) {
        quoted ^= t->bytes[i] == '"';
        if (t->bytes[i] == '\n' && !quoted)
            same = ++cut <= t->n + 1 && t->records[cut].start == t->bytes + i + 1;
    }
    for (size_t i = 0; i < t->n && same; i++) {
        const struct row *b = &t->rows[i], *a = i > 0 ? b - 1 : b;
        int order = t->text ? compare_text(&a->key, &b->key) : (a->value > b->value) - (a->value < b->value);
        same = (i == 0 || order < 0 || (order == 0 && a->record.start < b->record.start)) &&
               memcmp(t->out + written, b->record.start, b->record.length) == 0;
        written += b->record.length;
    }
    return same && cut == t->n + 1 && written == t->size;
}

/* Room for one more byte is left, for a line end where the last line has none. */
static int read_file(struct table *t, const char *name)
{
    FILE *file = fopen(name, "rb");
    if (file == NULL)
        return -errno;
    int error = 0;
    for (size_t room = 1 << 20, got = 1; got > 0 && error == 0; room *= 2) {
        char *bytes = realloc(t->bytes, room + 1);
        if (bytes == NULL) {
            error = -ENOMEM;
            break;
        }
        t->bytes = bytes;
        got = fread(t->bytes + t->size, 1, room - t->size, file);
        t->size += got;
        if (ferror(file))
            error = -errno;
    }
    (void)fclose(file); /* nothing was written that could be lost */
    if (error == 0 && t->size > 0 && t->bytes[t->size - 1] != '\n')
        t->bytes[t->size++] = '\n';
    return error;
}

static int make_records(struct table *t, size_t n)
{
    static const char *const names[] = {"Ada", "Grace", "\"Hopper, Grace\"", "\"Alan\n(Bletchley)\"",
                                        "\"Edsger \"\"EWD\"\"\""};
    t->bytes = malloc(32 + 96 * n);
    if (t->bytes == NULL)
        return -ENOMEM;
    t->size = (size_t)sprintf(t->bytes, "id,name,amount,day\n");
    uint32_t random = 1;
    for (size_t i = 0; i < n; i++) {
        random = random * 1664525u + 1013904223u;
        unsigned cents = random >> 12;
        t->size += (size_t)sprintf(t->bytes + t->size, "%zu,%s,%s%u.%02u,%u\n", i + 1, names[random % 65537 % 5],
                                   random >> 11 & 1 ? "-" : "", cents / 100, cents % 100, cents % 365);
    }
    return 0;
}

static int write_file(const char *name, const char *bytes, size_t size)
{
    FILE *file = fopen(name, "wb");
    if (file == NULL)
        return -errno;
    int error = fwrite(bytes, 1, size, file) == size ? 0 : -errno;
    return fclose(file) == 0 || error != 0 ? error : -errno;
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
    if (argc != 1 && argc != 4) {
        fprintf(stderr, "usage: %s [IN.csv COLUMN OUT.csv]\n", argv[0]);
        return EXIT_FAILURE;
    }
    const char *in = argc == 4 ? argv[1] : NULL, *column = argc == 4 ? argv[2] : "amount";
    const char *out = argc == 4 ? argv[3] : "sorted.csv", *where = argv[0];
    struct table t = {0};
    int error = in != NULL ? read_file(&t, where = in) : make_records(&t, 50000);
    double start = seconds();
    if (error == 0 && t.size == 0) {
        fputs("the file is empty\n", stderr);
        error = SAID;
    }
    if (error == 0)
        error = cut(&t);
    double cut_time = seconds();
    if (error == 0)
        error = sort(&t, column);
    double sort_time = seconds();
    if (error == 0 && !check(&t)) {
        fputs("the plain loops find another order\n", stderr);
        error = SAID;
    }
    if (error == 0)
        error = write_file(where = out, t.out, t.size);
    if (error == 0) {
        printf("%zu records of %zu bytes, sorted by %s as %s\n", t.n, t.size, column,
               t.text ? "text (crew/inline/sort.h)" : "numbers (crew_sort_records_f64)");
        printf("wrote %s, the plain loops find the same order\n", out);
        printf("time  cutting %.1f ms, sorting %.1f ms, %d threads, %s\n", 1e3 * (cut_time - start),
               1e3 * (sort_time - cut_time), crew_num_threads(), crew_backend());
    } else {
        fprintf(stderr, "%s: %s\n", where, error == SAID ? "not sorted" : strerror(-error));
    }
    crew_free(t.records);
    crew_free(t.rows);
    crew_free(t.places);
    crew_free(t.out);
    free(t.quotes);
    free(t.bytes);
    return error == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
