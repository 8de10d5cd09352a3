// The addresses that a log names most often: from a file or a pipe, which may be larger than memory.
//
//     cc -O2 -fopenmp -Iinclude examples/log_top.c lib/*/*/*.c -lm -o log_top
//     ./log_top ACCESS.LOG [HOW_MANY]       or       zcat ACCESS.LOG.gz | ./log_top - [HOW_MANY]
//     ./log_top make LINES ACCESS.LOG       writes a log to try it on
//
// A line's address is its first field, the bytes that it sent are its last; an empty line is skipped, and one whose
// last field is no number ends the program with the line's number.

#define _POSIX_C_SOURCE 200809L
#include <crew/crew.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NO_NUMBER = 1 };

/* The number that the last field is; -1: none. */
static double last_number(const char *line, size_t length)
{
    size_t begin = length;
    double value = 0;
    while (begin > 0 && line[begin - 1] != ' ')
        begin--;
    if (begin + 1 == length && line[begin] == '-') /* nothing was sent */
        return 0;
    for (size_t i = begin; i < length; i++) {
        if (line[i] < '0' || line[i] > '9')
            return -1;
        value = 10 * value + (line[i] - '0');
    }
    return begin < length ? value : -1;
}

static int fold_block(crew_lines_block *block, void *acc, void *ctx)
{
    const char *at = block->text, *end = at + block->size, *line;
    (void)ctx;
    for (size_t length; crew_lines_next(&at, end, &line, &length);) {
        const char *space = memchr(line, ' ', length);
        double sent = last_number(line, length);
        if (length == 0)
            continue;
        block->failed = line;
        if (sent < 0)
            return NO_NUMBER;
        int error = crew_tally_add(acc, line, space ? (size_t)(space - line) : length, sent);
        if (error)
            return error;
    }
    return 0;
}

static int merge_tallies(void *acc, void *right, void *ctx)
{
    (void)ctx;
    return crew_tally_merge(acc, right);
}

static void drop_tally(void *acc, void *ctx)
{
    (void)ctx;
    crew_tally_free(acc);
}

static int make_log(unsigned long lines, const char *name)
{
    FILE *log = fopen(name, "w");
    if (!log) {
        perror(name);
        return 1;
    }
    crew_random r = crew_random_at(1, 0);
    for (unsigned long i = 0; i < lines; i++) {
        /* The product of two draws: some addresses come far more often than others. */
        unsigned a = (unsigned)(crew_random_below(&r, 50) * crew_random_below(&r, 50));
        fprintf(log, "10.0.%u.%u - - [%lu] \"GET /%u HTTP/1.1\" 200 %u\n", a / 256, a % 256, i, a * 7 % 100,
                (unsigned)crew_random_below(&r, 5000));
    }
    if (fclose(log) != 0) {
        perror(name);
        return 1;
    }
    printf("%s: %lu lines\n", name, lines);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "make") == 0)
        return make_log(strtoul(argv[2], NULL, 10), argv[3]);
    if (argc < 2) {
        fprintf(stderr, "usage: %s FILE|- [HOW_MANY]   or   %s make LINES FILE\n", argv[0], argv[0]);
        return 2;
    }
    const crew_lines_reducer counter = {
        .size = sizeof(crew_tally), .fold = fold_block, .merge = merge_tallies, .drop = drop_tally};
    crew_tally addresses = {0};
    size_t line = 0, n = 0, most = argc > 2 ? strtoul(argv[2], NULL, 10) : 10;
    int fd = strcmp(argv[1], "-") == 0 ? STDIN_FILENO : open(argv[1], O_RDONLY);
    crew_options opt = {.failed = &line, .name = "log_top"};
    int error = fd < 0 ? -errno : crew_lines_reduce(fd, 0, &counter, NULL, &addresses, &opt);
    if (error == NO_NUMBER)
        fprintf(stderr, "%s:%zu: the last field is no number\n", argv[1], line + 1);
    else if (error)
        fprintf(stderr, "%s: %s\n", argv[1], crew_strerror(error));
    crew_tally_sort_by_count(&addresses);
    const crew_tally_entry *e = crew_tally_entries(&addresses, &n);
    for (size_t i = 0; i < n && i < most && error == 0; i++)
        printf("%9zu %14.0f bytes  %s\n", e[i].count, e[i].sum, e[i].key);
    crew_tally_free(&addresses);
    return error != 0;
}
