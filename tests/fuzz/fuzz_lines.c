/* Fuzz target for lines: the blocks of any text are that text, cut behind line ends, and their lines those of a loop
   over its bytes. Byte 0 is the size of blocks. */
#define _POSIX_C_SOURCE 200809L
#include "fuzz_array.h"
#include <crew/lines.h>
#include <crew/stream.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void require(int holds)
{
    if (!holds)
        abort();
}

static int file_of(const uint8_t *text, size_t size)
{
    static FILE *file;
    if (!file)
        file = tmpfile();
    require(file != NULL);
    int fd = fileno(file);
    require(ftruncate(fd, 0) == 0 && pwrite(fd, text, size, 0) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0);
    return fd;
}

/* The lines of a block against a loop: none has a line end in it, and with their ends they are the block. */
static void check_lines(const crew_lines_block *b)
{
    const char *at = b->text, *end = at + b->size, *line, *before = at;
    for (size_t length; crew_lines_next(&at, end, &line, &length); before = at) {
        require(line == before && at > line && at <= end && memchr(line, '\n', length) == NULL);
        size_t rest = (size_t)(at - line) - length;
        require(rest <= 2 && (rest > 0 || at == end) && (rest < 1 || at[-1] == '\n') && (rest < 2 || at[-2] == '\r'));
    }
    require(before == end);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const size_t block = (size_t)data[0] + 1, all = size - 1;
    const uint8_t *text = data + 1;
    crew_lines *r = crew_lines_open(file_of(text, all), block);
    require(r != NULL);
    crew_lines_block b = {0};
    size_t seen = 0;
    int code;
    while ((code = crew_lines_read(r, &b)) == 0) {
        require(b.offset == seen && b.size > 0 && b.size <= all - seen && memcmp(b.text, text + seen, b.size) == 0);
        seen += b.size;
        require(seen == all || b.text[b.size - 1] == '\n');
        check_lines(&b);
    }
    require(code == CREW_STREAM_END && seen == all);
    crew_lines_block_free(&b);
    crew_lines_close(r);
    return 0;
}
