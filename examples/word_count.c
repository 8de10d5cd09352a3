// Word count: map-reduce over text, block by block, with a tally for an accumulator.
//
//     cc -O2 -fopenmp -Iinclude examples/word_count.c lib/core/*/*.c -lm -o word_count
//     ./word_count FILE...        or        ./word_count <FILE
//
// A word is a run of letters and digits, with apostrophes inside. ASCII letters are counted in lower case; bytes beyond
// ASCII are letters, so words in UTF-8 stay whole. Prints the 20 most frequent words. Files may be larger than memory.

#define _POSIX_C_SOURCE 200809L
#include <crew/crew.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static bool is_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80;
}

/* p is in begin .. end-1. A line's end is no letter, so no word goes beyond the block. */
static bool in_word(const char *p, const char *begin, const char *end)
{
    return is_letter((unsigned char)*p) || (*p == '\'' && p > begin && p + 1 < end && is_letter((unsigned char)p[-1]) &&
                                            is_letter((unsigned char)p[1]));
}

static int fold_block(crew_lines_block *block, void *acc, void *ctx)
{
    char *begin = block->text, *end = begin + block->size;
    int error = 0;
    (void)ctx;
    for (char *p = begin; p < end; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    for (const char *p = begin; p < end && error == 0;) {
        const char *word = p;
        while (p < end && in_word(p, begin, end))
            p++;
        if (p > word)
            error = crew_tally_add(acc, word, (size_t)(p - word), 1);
        else
            p++;
    }
    return error;
}

static int merge_tallies(void *acc, void *right, void *ctx)
{
    (void)ctx;
    return crew_tally_merge(acc, right);
}

/* Called for the accumulators of a call that failed; without it their memory would leak. */
static void drop_tally(void *acc, void *ctx)
{
    (void)ctx;
    crew_tally_free(acc);
}

static int count_file(int fd, crew_tally *words)
{
    const crew_lines_reducer counter = {
        .size = sizeof(crew_tally), .fold = fold_block, .merge = merge_tallies, .drop = drop_tally};
    crew_tally here;
    int error = crew_lines_reduce(fd, 0, &counter, NULL, &here, NULL);
    if (error == 0) {
        error = crew_tally_merge(words, &here);
        crew_tally_free(&here);
    }
    return error;
}

static int count_named(const char *name, crew_tally *words)
{
    int fd = open(name, O_RDONLY);
    int error = fd < 0 ? -errno : count_file(fd, words);
    if (fd >= 0)
        close(fd);
    return error;
}

static void print_top(crew_tally *words)
{
    size_t distinct, total = 0;
    crew_tally_sort_by_count(words);
    const crew_tally_entry *e = crew_tally_entries(words, &distinct);
    for (size_t i = 0; i < distinct; i++)
        total += e[i].count;
    for (size_t i = 0; i < distinct && i < 20; i++)
        printf("%9zu  %s\n", e[i].count, e[i].key);
    printf("%9zu  words, %zu distinct\n", total, distinct);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
    crew_tally words = {0};
    double start = seconds();
    int error = argc < 2 ? count_file(STDIN_FILENO, &words) : 0, k;
    for (k = 1; k < argc && error == 0; k++)
        error = count_named(argv[k], &words);
    if (error == 0) {
        print_top(&words);
        printf("time  %.1f ms, %d threads, %s\n", 1e3 * (seconds() - start), crew_num_threads(), crew_backend());
    } else {
        fprintf(stderr, "%s: %s\n", argv[k > 1 ? k - 1 : 0], crew_strerror(error));
    }
    crew_tally_free(&words);
    return error == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
