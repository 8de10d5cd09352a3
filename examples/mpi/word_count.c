// examples/word_count.c over the ranks of an MPI job: the same words, counts and order, at any number of ranks and
// threads.
//
//     mpicc -O2 -fopenmp -Iinclude examples/mpi/word_count.c lib/mpi/*.c lib/*/*/*.c -lm -o word_count
//     mpirun -n 4 ./word_count FILE...
//
// Each rank reads the lines that begin in its part of each file, and counts their words. What the ranks have counted
// then goes to rank 0, as text. Every rank must be able to open the files.

#define _POSIX_C_SOURCE 200809L
#include <crew/crew.h>
#include <crew/mpi.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 1 << 20 }; // bytes, and the rest of a line

static bool is_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80;
}

// p is in begin .. end-1. A line's end is no letter, so no word goes beyond the piece.
static bool in_word(const char *p, const char *begin, const char *end)
{
    return is_letter((unsigned char)*p) || (*p == '\'' && p > begin && p + 1 < end && is_letter((unsigned char)p[-1]) &&
                                            is_letter((unsigned char)p[1]));
}

static int count_words(char *begin, char *end, crew_tally *words)
{
    int error = 0;
    for (char *p = begin; p < end; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    for (const char *p = begin; p < end && error == 0;) {
        const char *word = p;
        while (p < end && in_word(p, begin, end))
            p++;
        if (p > word)
            error = crew_tally_add(words, word, (size_t)(p - word), 1);
        else
            p++;
    }
    return error;
}

// Reads all of `size` bytes at `at`.
static int read_at(int fd, char *to, size_t size, off_t at)
{
    while (size > 0) {
        ssize_t got = pread(fd, to, size, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 ? -errno : -EIO; // the file has become shorter
        to += got;
        at += got;
        size -= (size_t)got;
    }
    return 0;
}

// Where the first line begins that begins at `at` or behind it: the same for the rank before, which ends there.
static int find_line(int fd, off_t at, off_t size, off_t *begin)
{
    char text[4096];
    for (off_t p = at - 1; at > 0 && p < size; p += (off_t)sizeof text) {
        size_t bytes = size - p < (off_t)sizeof text ? (size_t)(size - p) : sizeof text;
        int error = read_at(fd, text, bytes, p);
        const char *line_end = error ? NULL : memchr(text, '\n', bytes);
        *begin = p + (line_end ? line_end - text + 1 : 0);
        if (error || line_end)
            return error;
    }
    *begin = at > 0 ? size : 0;
    return 0;
}

// This rank's text in pieces of whole lines, each with a tally of its own.
struct pieces {
    char *text;
    size_t *begins;
    crew_tally *tallies;
};

static size_t piece_begin(const char *text, size_t size, size_t i)
{
    if (i == 0 || i * PIECE >= size)
        return i == 0 ? 0 : size;
    const char *line_end = memchr(text + i * PIECE - 1, '\n', size - i * PIECE + 1);
    return line_end ? (size_t)(line_end - text) + 1 : size;
}

static int count_pieces(size_t begin, size_t end, void *ctx)
{
    const struct pieces *p = ctx;
    for (size_t i = begin; i < end; i++) {
        int error = count_words(p->text + p->begins[i], p->text + p->begins[i + 1], &p->tallies[i]);
        if (error)
            return error;
    }
    return 0;
}

static int count_part(int fd, off_t begin, off_t end, crew_tally *words)
{
    const size_t size = (size_t)(end - begin), count = size / PIECE + 1;
    struct pieces p = {malloc(size + 1), malloc((count + 1) * sizeof *p.begins), calloc(count, sizeof *p.tallies)};
    int error = p.text && p.begins && p.tallies ? read_at(fd, p.text, size, begin) : -ENOMEM;
    for (size_t i = 0; i <= count && !error; i++)
        p.begins[i] = i < count ? piece_begin(p.text, size, i) : size;
    if (!error)
        error = crew_for(count, count_pieces, &p, NULL);
    for (size_t i = 0; i < count && p.tallies; i++) {
        if (!error)
            error = crew_tally_merge(words, &p.tallies[i]);
        crew_tally_free(&p.tallies[i]);
    }
    free(p.text);
    free(p.begins);
    free(p.tallies);
    return error;
}

static int count_file(const crew_mpi *m, const char *name, crew_tally *words)
{
    struct stat s;
    off_t begin = 0, end = 0;
    int fd = open(name, O_RDONLY);
    int error = fd < 0 || fstat(fd, &s) ? -errno : S_ISREG(s.st_mode) ? 0 : -ENOTSUP;
    const off_t rank = crew_mpi_rank(m), ranks = crew_mpi_ranks(m);
    if (!error)
        error = find_line(fd, s.st_size / ranks * rank, s.st_size, &begin);
    if (!error)
        error = rank + 1 == ranks ? 0 : find_line(fd, s.st_size / ranks * (rank + 1), s.st_size, &end);
    if (!error && rank + 1 == ranks)
        end = s.st_size;
    if (!error)
        error = count_part(fd, begin, end, words);
    if (fd >= 0)
        close(fd);
    return error;
}

// A line for each word, its count before it.
static int write_counts(const crew_tally *words, char **text, size_t *size)
{
    size_t n;
    const crew_tally_entry *e = crew_tally_entries(words, &n);
    FILE *out = open_memstream(text, size);
    if (!out)
        return -errno;
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%zu %s\n", e[i].count, e[i].key);
    return fclose(out) ? -ENOMEM : 0;
}

static int read_counts(const char *text, size_t size, crew_tally *all)
{
    const char *at = text, *line;
    int error = 0;
    for (size_t length; error == 0 && crew_lines_next(&at, text + size, &line, &length);) {
        char *word;
        const double count = (double)strtoull(line, &word, 10);
        error = crew_tally_add(all, word + 1, (size_t)(line + length - word) - 1, count);
    }
    return error;
}

static void print_top(crew_tally *words)
{
    size_t distinct;
    double total = 0;
    crew_tally_sort_by_sum(words);
    const crew_tally_entry *e = crew_tally_entries(words, &distinct);
    for (size_t i = 0; i < distinct; i++)
        total += e[i].sum;
    for (size_t i = 0; i < distinct && i < 20; i++)
        printf("%9.0f  %s\n", e[i].sum, e[i].key);
    printf("%9.0f  words, %zu distinct\n", total, distinct);
}

// The lowest of the ranks' errors: nobody may wait for a rank that has given up.
static int agree(int error)
{
    MPI_Allreduce(MPI_IN_PLACE, &error, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
    return error;
}

static int gather(crew_mpi *m, const crew_tally *words)
{
    char *text = NULL, *all = NULL;
    size_t size = 0;
    crew_tally sum = {0};
    int error = agree(write_counts(words, &text, &size));
    crew_dist *d = error ? NULL : crew_dist_from(m, text, size, 1);
    if (!error && !d)
        error = -errno;
    if (!error && crew_mpi_rank(m) == 0)
        all = malloc(crew_dist_n(d) + 1);
    if (!error)
        error = crew_dist_gather(d, all, 0);
    if (!error && crew_mpi_rank(m) == 0) {
        all[crew_dist_n(d)] = '\0';
        error = read_counts(all, crew_dist_n(d), &sum);
        if (!error)
            print_top(&sum);
    }
    crew_tally_free(&sum);
    crew_dist_close(d);
    free(text);
    free(all);
    return agree(error);
}

int main(int argc, char **argv)
{
    crew_tally words = {0};
    crew_mpi *m = crew_mpi_open(MPI_COMM_WORLD);
    if (!m) {
        perror("crew_mpi_open");
        return EXIT_FAILURE;
    }
    int error = argc < 2 ? -EINVAL : 0;
    for (int k = 1; k < argc && !error; k++)
        error = agree(count_file(m, argv[k], &words));
    if (!error)
        error = gather(m, &words);
    if (error && crew_mpi_rank(m) == 0)
        fprintf(stderr, "usage: %s FILE...: %s\n", argv[0], crew_strerror(error));
    crew_tally_free(&words);
    crew_mpi_close(m);
    return error ? EXIT_FAILURE : EXIT_SUCCESS;
}
