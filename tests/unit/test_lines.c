/* Lines in blocks: every cut, ends of all kinds, pipes that give little at a time, failures with the line's number. */
#define _XOPEN_SOURCE 700
#include "../support/suite.h"
#include <crew/lines.h>
#include <crew/stream.h>
#include <crew/tally.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int file_of(const char *text, size_t size)
{
    char name[] = "/tmp/crew-lines-XXXXXX";
    int fd = mkstemp(name);
    ck_assert_int_ge(fd, 0);
    unlink(name);
    ck_assert_int_eq((int)write(fd, text, size), (int)size);
    ck_assert_int_eq((int)lseek(fd, 0, SEEK_SET), 0);
    return fd;
}

START_TEST(next)
{
    static const struct {
        const char *text, *lines[5];
        size_t n;
    } cases[] = {
        {"", {0}, 0},          {"\n", {""}, 1},        {"a", {"a"}, 1},           {"a\n", {"a"}, 1},
        {"a\r\n", {"a"}, 1},   {"a\r", {"a\r"}, 1},    {"\r\n\r\n", {"", ""}, 2}, {"a\n\nb", {"a", "", "b"}, 3},
        {"\n\n", {"", ""}, 2}, {"a\r\r\n", {"a\r"}, 1}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        const char *at = cases[k].text, *end = at + strlen(at), *line;
        size_t n = 0, length;
        for (; crew_lines_next(&at, end, &line, &length); n++) {
            ck_assert_uint_lt(n, cases[k].n);
            ck_assert_uint_eq(length, strlen(cases[k].lines[n]));
            ck_assert_mem_eq(line, cases[k].lines[n], length);
        }
        ck_assert_uint_eq(n, cases[k].n);
    }
}
END_TEST

/* All blocks of a text: together the text, each but the last whole lines, none longer than it must be. */
static void check_blocks(const char *text, size_t size, size_t block)
{
    int fd = file_of(text, size);
    crew_lines *r = crew_lines_open(fd, block);
    ck_assert_ptr_nonnull(r);
    crew_lines_block b = {0};
    size_t seen = 0, number = 0;
    int code;
    while ((code = crew_lines_read(r, &b)) == 0) {
        ck_assert_uint_gt(b.size, 0);
        ck_assert_uint_eq(b.offset, seen);
        ck_assert_uint_eq(b.number, number++);
        ck_assert_uint_le(b.size, size - seen);
        ck_assert_mem_eq(b.text, text + seen, b.size);
        seen += b.size;
        ck_assert(seen == size || b.text[b.size - 1] == '\n');
        if (b.size > block) {
            const char *first = memchr(b.text, '\n', b.size);
            ck_assert(!first || (size_t)(first + 1 - b.text) > block);
        }
    }
    ck_assert_int_eq(code, CREW_STREAM_END);
    ck_assert_uint_eq(seen, size);
    ck_assert_int_eq(crew_lines_read(r, &b), CREW_STREAM_END);
    crew_lines_block_free(&b);
    crew_lines_close(r);
    close(fd);
}

START_TEST(blocks)
{
    static const char *const texts[] = {"",
                                        "\n",
                                        "a",
                                        "a\n",
                                        "ab\ncd\nef\n",
                                        "ab\ncd\nef",
                                        "\n\n\n",
                                        "aaaaaaaaaaaaaaaaaaa",
                                        "aaaaaaaaaaaaaaaaaaa\nb\n",
                                        "b\naaaaaaaaaaaaaaaaaaaaa\n\nc"};
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
        for (size_t block = 1; block < 30; block++)
            check_blocks(texts[k], strlen(texts[k]), block);
    uint64_t seed = oracle_seed();
    char text[3000];
    for (int round = 0; round < 50; round++) {
        size_t size = oracle_below(&seed, sizeof text), rare = 1 + oracle_below(&seed, 100);
        for (size_t i = 0; i < size; i++)
            text[i] = oracle_below(&seed, rare) == 0 ? '\n' : (char)oracle_random(&seed);
        check_blocks(text, size, 1 + oracle_below(&seed, 300));
    }
}
END_TEST

/* "0\n1\n2\n..." */
static char *numbers(size_t n, size_t *size)
{
    char *text = malloc(n * 8 + 1);
    ck_assert_ptr_nonnull(text);
    *size = 0;
    for (size_t i = 0; i < n; i++)
        *size += (size_t)sprintf(text + *size, "%zu\n", i);
    return text;
}

struct summing {
    atomic_size_t sum, lines;
    size_t fails[2];
};

static int add_numbers(crew_lines_block *b, void *ctx)
{
    struct summing *s = ctx;
    const char *at = b->text, *end = at + b->size, *line;
    for (size_t length; crew_lines_next(&at, end, &line, &length);) {
        size_t value = strtoul(line, NULL, 10);
        if (value == s->fails[0] || value == s->fails[1]) {
            b->failed = line;
            return 71 + (value == s->fails[1]);
        }
        atomic_fetch_add(&s->sum, value);
        atomic_fetch_add(&s->lines, 1);
    }
    return 0;
}

START_TEST(for_all_lines)
{
    use_threads(_i);
    enum { N = 20000 };
    size_t size, failed;
    char *text = numbers(N, &size);
    const size_t sizes[] = {0, 1, 100, 4096};
    for (size_t k = 0; k < 4; k++) {
        int fd = file_of(text, size);
        struct summing s = {.fails = {N, N}};
        ck_assert_int_eq(crew_lines_for(fd, sizes[k], add_numbers, &s, NULL), 0);
        ck_assert_uint_eq(s.lines, N);
        ck_assert_uint_eq(s.sum, (size_t)N * (N - 1) / 2);
        const size_t fails[][2] = {{0, 5}, {9999, 7777}, {N - 1, N - 1}};
        for (size_t f = 0; f < 3; f++) {
            struct summing t = {.fails = {fails[f][0], fails[f][1]}};
            size_t lowest = t.fails[0] < t.fails[1] ? t.fails[0] : t.fails[1];
            lseek(fd, 0, SEEK_SET);
            int code = crew_lines_for(fd, sizes[k], add_numbers, &t, &(crew_options){.failed = &failed});
            ck_assert_int_eq(code, 71 + (lowest == t.fails[1]));
            ck_assert_uint_eq(failed, lowest);
            ck_assert_uint_ge(t.lines, lowest);
        }
        close(fd);
    }
    ck_assert_int_eq(crew_lines_for(-1, 0, add_numbers, NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_lines_for(0, 0, NULL, NULL, NULL), -EINVAL);
    int closed = file_of("a", 1);
    close(closed);
    struct summing s = {.fails = {N, N}};
    ck_assert_int_eq(crew_lines_for(closed, 0, add_numbers, &s, NULL), -EBADF);
    free(text);
}
END_TEST

/* Writes to a pipe a few bytes at a time. */
struct writer {
    int fd;
    const char *text;
    size_t size;
};

static void *write_slowly(void *arg)
{
    const struct writer *w = arg;
    for (size_t at = 0, step; at < w->size; at += step) {
        step = 1 + at % 701;
        step = step < w->size - at ? step : w->size - at;
        if (write(w->fd, w->text + at, step) != (ssize_t)step)
            break;
    }
    close(w->fd);
    return NULL;
}

START_TEST(pipes_make_the_same_blocks)
{
    use_threads(_i);
    size_t size;
    char *text = numbers(20000, &size);
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    struct writer w = {ends[1], text, size};
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, write_slowly, &w), 0);
    int fd = file_of(text, size);
    crew_lines *a = crew_lines_open(ends[0], 1000), *b = crew_lines_open(fd, 1000);
    crew_lines_block x = {0}, y = {0};
    int code;
    while ((code = crew_lines_read(a, &x)) == 0) {
        ck_assert_int_eq(crew_lines_read(b, &y), 0);
        ck_assert_uint_eq(x.size, y.size);
        ck_assert_mem_eq(x.text, y.text, x.size);
    }
    ck_assert_int_eq(code, CREW_STREAM_END);
    ck_assert_int_eq(crew_lines_read(b, &y), CREW_STREAM_END);
    crew_lines_block_free(&x);
    crew_lines_block_free(&y);
    crew_lines_close(a);
    crew_lines_close(b);
    pthread_join(thread, NULL);
    close(ends[0]);
    close(fd);
    free(text);
}
END_TEST

static int tally_lines(crew_lines_block *b, void *acc, void *ctx)
{
    const char *at = b->text, *end = at + b->size, *line;
    for (size_t length; crew_lines_next(&at, end, &line, &length);) {
        size_t value = strtoul(line, NULL, 10);
        char key[8];
        if (value == *(size_t *)ctx) {
            b->failed = line;
            return 71;
        }
        snprintf(key, sizeof key, "k%zu", value * value % 97);
        int error = crew_tally_add(acc, key, strlen(key), 1.0 / (double)(value + 1));
        if (error)
            return error;
    }
    return 0;
}

static int merge(void *acc, void *right, void *ctx)
{
    (void)ctx;
    return crew_tally_merge(acc, right);
}

static void drop(void *acc, void *ctx)
{
    (void)ctx;
    crew_tally_free(acc);
}

static const crew_lines_reducer tallier = {sizeof(crew_tally), NULL, tally_lines, merge, drop};

START_TEST(reduce_has_the_same_bits)
{
    enum { N = 20000 };
    size_t size, never = N, failed = 0;
    char *text = numbers(N, &size);
    int fd = file_of(text, size);
    crew_tally first = {0};
    crew_set_num_threads(1);
    ck_assert_int_eq(crew_lines_reduce(fd, 1000, &tallier, &never, &first, NULL), 0);
    size_t nfirst, n, count = 0;
    const crew_tally_entry *a = crew_tally_entries(&first, &nfirst);
    for (size_t i = 0; i < nfirst; i++)
        count += a[i].count;
    ck_assert_uint_eq(count, N);
    for (int round = 0; round < ORACLE_THREADS; round++) {
        use_threads(round);
        crew_tally t = {0};
        lseek(fd, 0, SEEK_SET);
        ck_assert_int_eq(crew_lines_reduce(fd, 1000, &tallier, &never, &t, NULL), 0);
        const crew_tally_entry *b = crew_tally_entries(&t, &n);
        ck_assert_uint_eq(n, nfirst);
        for (size_t i = 0; i < n; i++) {
            ck_assert_str_eq(a[i].key, b[i].key); /* in the order of their first line */
            ck_assert_uint_eq(a[i].count, b[i].count);
            ck_assert(memcmp(&a[i].sum, &b[i].sum, sizeof a[i].sum) == 0);
        }
        crew_tally_free(&t);
        size_t at = 12345;
        lseek(fd, 0, SEEK_SET);
        ck_assert_int_eq(crew_lines_reduce(fd, 1000, &tallier, &at, &t, &(crew_options){.failed = &failed}), 71);
        ck_assert_uint_eq(failed, at);
        ck_assert_uint_eq(t.used, 0);
    }
    ck_assert_int_eq(crew_lines_reduce(fd, 0, NULL, NULL, &first, NULL), -EINVAL);
    crew_tally_free(&first);
    close(fd);
    free(text);
}
END_TEST

static int fail_there(crew_lines_block *block, void *ctx)
{
    static const char elsewhere[] = "x";
    block->failed = ctx ? block->text + block->size : elsewhere;
    return block->number == 0 ? 5 : 0;
}

static int add_sizes(crew_lines_block *block, void *acc, void *ctx)
{
    *(size_t *)acc += block->size;
    return ctx && block->number > 0 ? 6 : 0;
}

static int add_totals(void *acc, void *right, void *ctx)
{
    *(size_t *)acc += *(size_t *)right;
    return ctx ? 8 : 0;
}

static int begin_again(void *acc, void *right, void *ctx)
{
    *(size_t *)acc = *(size_t *)right;
    return ctx ? 0 : 9;
}

static void no_more(void *acc, void *ctx)
{
    (void)ctx;
    *(size_t *)acc = 0;
}

/* A failing place outside the block is its beginning, an accumulator begins as told, a merge may fail, and nobody need
   ask which line it was. */
START_TEST(odd_blocks)
{
    const char text[] = "one\ntwo\nthree\nfour\n";
    const size_t ten = 10;
    const crew_lines_reducer sizes = {
        .size = sizeof(size_t), .identity = &ten, .fold = add_sizes, .merge = begin_again, .drop = no_more};
    crew_lines_reducer added = sizes;
    size_t failed = 77, total = 0;
    int fd = file_of(text, sizeof text - 1);
    ck_assert_int_eq(crew_lines_for(fd, 8, fail_there, NULL, &(crew_options){.failed = &failed}), 5);
    ck_assert_uint_eq(failed, 0);
    failed = 77;
    lseek(fd, 0, SEEK_SET);
    ck_assert_int_eq(crew_lines_for(fd, 8, fail_there, &failed, &(crew_options){.failed = &failed}), 5);
    ck_assert_uint_eq(failed, 0);
    lseek(fd, 0, SEEK_SET);
    ck_assert_int_eq(crew_lines_for(fd, 8, fail_there, NULL, &(crew_options){.threads = 1}), 5);
    lseek(fd, 0, SEEK_SET);
    ck_assert_int_eq(crew_lines_for(fd, 8, fail_there, NULL, NULL), 5);
    lseek(fd, 0, SEEK_SET);
    ck_assert_int_eq(crew_lines_reduce(fd, 100, &sizes, NULL, &total, NULL), 9);
    lseek(fd, 0, SEEK_SET);
    ck_assert_int_eq(crew_lines_reduce(fd, 1, &sizes, &total, &total, NULL), 6);
    added.merge = add_totals;
    total = 0;
    lseek(fd, 0, SEEK_SET);
    ck_assert_int_eq(crew_lines_reduce(fd, 8, &added, NULL, &total, NULL), 0);
    ck_assert_uint_ge(total, sizeof text - 1 + ten);
    ck_assert_uint_eq((total - (sizeof text - 1)) % ten, 0);
    close(fd);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lines");
    TCase *tc = parallel_case(suite, "lines");
    tcase_add_test(tc, next);
    tcase_add_test(tc, blocks);
    tcase_add_loop_test(tc, for_all_lines, 0, ORACLE_THREADS);
    tcase_add_loop_test(tc, pipes_make_the_same_blocks, 0, ORACLE_THREADS);
    tcase_add_test(tc, reduce_has_the_same_bits);
    tcase_add_test(tc, odd_blocks);
    return run_suite(suite);
}
