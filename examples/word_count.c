// Word count: map-reduce over text, with a hash table for an accumulator.
//
//     cc -O2 -fopenmp -Iinclude examples/word_count.c lib/core/*/*.c -lm -o word_count
//     ./word_count FILE...
//
// A word is a run of letters and digits, with apostrophes inside. ASCII letters are counted in lower case; bytes beyond
// ASCII are letters, so words in UTF-8 stay whole. Prints the 20 most frequent words.

#define _POSIX_C_SOURCE 200809L
#include <crew/crew.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* All files one after the other. A newline before and after each ends its words and lets in_word look at both
   neighbours of any letter or apostrophe without a test for the ends. */
struct text {
    unsigned char *bytes;
    size_t size;
};

struct word {
    const unsigned char *start; /* in the text; NULL: this slot is free */
    size_t length, count;
    uint64_t hash;
};

/* The accumulator. Zero bytes are an empty table, so the reducer needs no identity. */
struct table {
    struct word *slots; /* open addressing; room is a power of two, at most half of it used */
    size_t room, used, total;
    bool no_memory;
};

static bool is_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80;
}

static bool in_word(const unsigned char *p)
{
    return is_letter(*p) || (*p == '\'' && is_letter(p[-1]) && is_letter(p[1]));
}

static struct word *find(const struct table *table, const struct word *word)
{
    size_t i = word->hash & (table->room - 1);
    for (;; i = (i + 1) & (table->room - 1)) {
        struct word *slot = &table->slots[i];
        if (slot->start == NULL || (slot->hash == word->hash && slot->length == word->length &&
                                    memcmp(slot->start, word->start, word->length) == 0))
            return slot;
    }
}

static int add(struct table *table, const struct word *word)
{
    if (table->used >= table->room / 2) {
        struct table grown = {.room = table->room ? 2 * table->room : 512};
        grown.slots = calloc(grown.room, sizeof *grown.slots);
        if (grown.slots == NULL)
            return -ENOMEM;
        for (size_t i = 0; i < table->room; i++)
            if (table->slots[i].start != NULL)
                *find(&grown, &table->slots[i]) = table->slots[i];
        free(table->slots);
        table->slots = grown.slots;
        table->room = grown.room;
    }
    struct word *slot = find(table, word);
    if (slot->start != NULL) {
        slot->count += word->count;
    } else {
        *slot = *word;
        table->used++;
    }
    return 0;
}

/* Counts the words that start in bytes begin .. end-1. Blocks are cut anywhere: one that begins inside a word leaves
   that word to the block before, which reads on past its own end. */
static int fold_block(size_t begin, size_t end, void *acc, void *ctx)
{
    const struct text *text = ctx;
    struct table *table = acc;
    const unsigned char *p = text->bytes + begin, *stop = text->bytes + end;
    if (begin > 0 && in_word(p - 1))
        while (p < stop && in_word(p))
            p++;
    while (p < stop) {
        if (!in_word(p)) {
            p++;
            continue;
        }
        struct word word = {.start = p, .count = 1, .hash = 0xCBF29CE484222325u}; /* FNV-1a */
        for (; in_word(p); p++)
            word.hash = (word.hash ^ *p) * 0x100000001B3u;
        word.length = (size_t)(p - word.start);
        word.hash ^= word.hash >> 32;
        table->total++;
        if (add(table, &word) != 0)
            return -ENOMEM;
    }
    return 0;
}

/* acc = acc followed by right. right is not used again, so what it owns is taken over here. Counts may be added in
   either order, so the smaller table goes into the larger one. A merge cannot fail: it leaves a note. */
static void merge_tables(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    struct table *into = acc, from = *(const struct table *)right;
    if (from.used > into->used) {
        struct table larger = from;
        from = *into;
        *into = larger;
    }
    into->total += from.total;
    into->no_memory = into->no_memory || from.no_memory;
    for (size_t i = 0; i < from.room; i++)
        if (from.slots[i].start != NULL && add(into, &from.slots[i]) != 0)
            into->no_memory = true;
    free(from.slots);
}

/* Called for the accumulators of a call that failed; without it their tables would leak. */
static void drop_table(void *acc, void *ctx)
{
    (void)ctx;
    free(((struct table *)acc)->slots);
}

static int lower_case(size_t begin, size_t end, void *ctx)
{
    unsigned char *bytes = ctx;
    for (size_t i = begin; i < end; i++)
        if (bytes[i] >= 'A' && bytes[i] <= 'Z')
            bytes[i] = (unsigned char)(bytes[i] - 'A' + 'a');
    return 0;
}

static int append_file(struct text *text, const char *name)
{
    const size_t chunk = (size_t)1 << 20;
    FILE *file = fopen(name, "rb");
    if (file == NULL)
        return -errno;
    int error = 0;
    size_t got = 0;
    do {
        unsigned char *bytes = realloc(text->bytes, text->size + chunk + 2);
        if (bytes == NULL) {
            error = -ENOMEM;
            break;
        }
        text->bytes = bytes;
        if (text->size == 0)
            bytes[text->size++] = '\n';
        got = fread(bytes + text->size, 1, chunk, file);
        if (ferror(file))
            error = -errno;
        text->size += got;
    } while (got == chunk);
    if (error == 0)
        text->bytes[text->size++] = '\n';
    (void)fclose(file); /* nothing was written that could be lost */
    return error;
}

/* By count, the largest first, then by the bytes of the word: a total order, so the listing does not depend on the
   order of slots in the table. */
static int compare_words(const void *left, const void *right)
{
    const struct word *a = left, *b = right;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    int order = memcmp(a->start, b->start, a->length < b->length ? a->length : b->length);
    return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

static void print_top(const struct table *table)
{
    size_t distinct = 0;
    for (size_t i = 0; i < table->room; i++)
        if (table->slots[i].start != NULL)
            table->slots[distinct++] = table->slots[i];
    if (distinct > 0)
        qsort(table->slots, distinct, sizeof *table->slots, compare_words);
    for (size_t i = 0; i < distinct && i < 20; i++)
        printf("%9zu  %.*s\n", table->slots[i].count, (int)table->slots[i].length, table->slots[i].start);
    printf("%9zu  words, %zu distinct\n", table->total, distinct);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: %s FILE...\n", argv[0]);
        return EXIT_FAILURE;
    }
    struct text text = {0};
    struct table table = {0};
    const char *failed = NULL;
    int error = 0;
    double start = seconds();
    for (int k = 1; k < argc && error == 0; k++)
        if ((error = append_file(&text, argv[k])) != 0)
            failed = argv[k];
    double read = seconds();
    if (error == 0)
        error = crew_for(text.size, lower_case, text.bytes, NULL);
    if (error == 0) {
        /* Every block costs a table and a merge, which pays from some ten thousand bytes: hence the grain. */
        const crew_reducer words = {
            .size = sizeof(struct table), .fold = fold_block, .merge = merge_tables, .drop = drop_table};
        error = crew_reduce(text.size, &words, &text, &table, &(crew_options){.grain = 32768});
    }
    if (error == 0 && table.no_memory)
        error = -ENOMEM;
    double counted = seconds();
    if (error == 0) {
        print_top(&table);
        printf("time  reading %.1f ms, counting %.1f ms, %d threads, %s\n", 1e3 * (read - start),
               1e3 * (counted - read), crew_num_threads(), crew_backend());
    } else {
        fprintf(stderr, "%s: %s\n", failed != NULL ? failed : argv[0],
                failed != NULL ? strerror(-error) : crew_strerror(error));
    }
    free(table.slots);
    free(text.bytes);
    return error == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
