/* Text from files and pipes, in blocks of whole lines, for parsing on all threads.

   A whole program:

       #define _POSIX_C_SOURCE 200809L // for fileno
       #include <crew/lines.h>
       #include <stdio.h>

       static int fold(crew_lines_block *block, void *acc, void *ctx)
       {
           (void)ctx;
           const char *at = block->text, *end = at + block->size, *line;
           for (size_t length; crew_lines_next(&at, end, &line, &length);)
               *(size_t *)acc += length;
           return 0;
       }

       static int merge(void *acc, void *right, void *ctx)
       {
           (void)ctx;
           *(size_t *)acc += *(size_t *)right;
           return 0;
       }

       int main(void)
       {
           FILE *file = tmpfile();
           size_t bytes;
           if (!file || fputs("one\ntwo\nthree\n", file) < 0 || fflush(file))
               return 1;
           rewind(file);
           crew_lines_reducer r = {.size = sizeof bytes, .fold = fold, .merge = merge};
           int error = crew_lines_reduce(fileno(file), 0, &r, NULL, &bytes, NULL);
           printf("%s, %zu without line ends\n", crew_strerror(error), bytes); // prints success, 11 without line ends
           return error != 0;
       } */
#ifndef CREW_LINES_H
#define CREW_LINES_H

#include <crew/options.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Whole lines. Zero bytes are a block that holds nothing yet. */
typedef struct crew_lines_block {
    char *text;         /* each line ends with '\n', but perhaps the last one of the input; may be changed */
    size_t size;        /* bytes; not 0 */
    size_t number;      /* of the block, from 0 */
    size_t offset;      /* of the text in the input, in bytes from where reading began */
    const char *failed; /* for a body that fails: any byte of the line at which it does; NULL: the block's first */
    char *buffer;       /* crew's, as is room */
    size_t room;
} crew_lines_block;

/* The next line at *at, without its end ("\n" or "\r\n"): *line and *length; *at moves behind it. False where *at is
   `end`. A '\0' is a byte as others are.

       const char *at = block->text, *end = at + block->size, *line;
       for (size_t length; crew_lines_next(&at, end, &line, &length);)
           parse(line, length);

   O(length). Thread safe. */
CREW_API bool crew_lines_next(const char **at, const char *end, const char **line, size_t *length);

typedef struct crew_lines crew_lines;

/* Begins to read lines from a file descriptor (file, pipe, terminal, socket) where it stands, in blocks of `block`
   bytes (0: 1 MiB) or one line where that is longer. The descriptor stays the caller's. NULL with errno ENOMEM, EINVAL.
 */
CREW_API crew_lines *crew_lines_open(int fd, size_t block);

/* Reads the next block into *b, whose memory is used again: the source of a crew_stream can call it on its item. Where
   blocks end depends on the bytes alone, not on how they arrive. Returns 0; CREW_STREAM_END (crew/stream.h) at the end
   of the input; -ENOMEM; or a negative errno value of read. One thread at a time. */
CREW_API int crew_lines_read(crew_lines *r, crew_lines_block *b);

/* Frees a block's memory; the block holds nothing then. */
CREW_API void crew_lines_block_free(crew_lines_block *b);

/* Frees r. NULL does nothing. */
CREW_API void crew_lines_close(crew_lines *r);

/* Does all lines of the block. Returns 0, or non-zero to stop the call, and may set block->failed then. Returns as
   crew_body. */
typedef int crew_lines_body(crew_lines_block *block, void *ctx);

/* Runs body over the lines of a file or pipe, block by block, on all threads, while it is read. Equals

       for (each block, in order)
           if ((code = body(block, ctx)) != 0)
               return code;

   but that blocks may be done at the same time and in any order. Memory: four blocks a thread, whatever the input is.

   fd     as crew_lines_open
   block  bytes; 0: 1 MiB. A line that is longer makes its block longer
   body   NULL: -EINVAL
   opt    as crew_stream; failed receives the number of the failing line, from 0: that of block->failed in the
          lowest block that fails. progress counts blocks

   Returns as crew_stream, and what crew_lines_read returns. Blocks below a failing one are done. Work O(bytes), span
   that of reading. Deterministic as far as body is. Thread safe; may be called from inside callbacks. */
CREW_API int crew_lines_for(int fd, size_t block, crew_lines_body *body, void *ctx, const crew_options *opt);

/* How to reduce lines; the members are those of crew_reducer, but merge may fail: non-zero stops the call. */
typedef struct crew_lines_reducer {
    size_t size;
    const void *identity;
    int (*fold)(crew_lines_block *block, void *acc, void *ctx);
    int (*merge)(void *acc, void *right, void *ctx); /* right is not used afterwards, dropped only where this fails */
    void (*drop)(void *acc, void *ctx);
} crew_lines_reducer;

/* Reduces the lines of a file or pipe into *result. Equals, up to where an associative merge may be bracketed,
   identity and then fold for each block in order. Each block is folded into an accumulator of its own; these are merged
   from the left, one after the other, as blocks come to their turn. So the bits depend on the text and on `block`
   alone.

   Returns as crew_lines_for; *result is written on success only. Scratch: four blocks and accumulators a thread. */
CREW_API int crew_lines_reduce(int fd, size_t block, const crew_lines_reducer *r, void *ctx, void *result,
                               const crew_options *opt);

#ifdef __cplusplus
}
#endif
#endif
