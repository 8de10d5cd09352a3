/* Reads blocks of whole lines. */
#define _POSIX_C_SOURCE 200809L
#include <crew/lines.h>
#include <crew/stream.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct crew_lines {
    int fd;
    size_t block;
    bool ended;
    size_t number, offset;
    char *rest; /* the beginning of a line, which the block before could not take */
    size_t rest_size, rest_room;
};

bool crew_lines_next(const char **at, const char *end, const char **line, size_t *length)
{
    const char *from = *at;
    if (from == end)
        return false;
    const char *stop = memchr(from, '\n', (size_t)(end - from));
    *at = stop ? stop + 1 : end;
    stop = stop ? stop : end;
    *line = from;
    *length = (size_t)(stop - from);
    if (*length > 0 && *at != stop && stop[-1] == '\r')
        --*length;
    return true;
}

crew_lines *crew_lines_open(int fd, size_t block)
{
    if (fd < 0) {
        errno = EINVAL;
        return NULL;
    }
    crew_lines *r = calloc(1, sizeof *r);
    if (!r) {
        errno = ENOMEM;
        return NULL;
    }
    r->fd = fd;
    r->block = block > 0 ? block : (size_t)1 << 20;
    return r;
}

void crew_lines_close(crew_lines *r)
{
    if (r)
        free(r->rest);
    free(r);
}

void crew_lines_block_free(crew_lines_block *b)
{
    if (b) {
        free(b->buffer);
        *b = (crew_lines_block){0};
    }
}

static int make_room(char **bytes, size_t *room, size_t size)
{
    if (size <= *room)
        return 0;
    char *larger = realloc(*bytes, size);
    if (!larger)
        return -ENOMEM;
    *bytes = larger;
    *room = size;
    return 0;
}

/* Fills bytes from *size up to `most`, unless the input ends. */
static int fill(crew_lines *r, char *bytes, size_t *size, size_t most)
{
    const size_t chunk = (size_t)1 << 30;
    while (*size < most && !r->ended) {
        size_t want = most - *size;
        ssize_t got = read(r->fd, bytes + *size, want < chunk ? want : chunk);
        if (got < 0 && errno != EINTR)
            return -errno;
        r->ended = got == 0;
        *size += got > 0 ? (size_t)got : 0;
    }
    return 0;
}

/* Bytes up to the last line end, that included; 0: none has come. */
static size_t whole_lines(const char *bytes, size_t from, size_t size)
{
    while (size > from && bytes[size - 1] != '\n')
        size--;
    return size > from ? size : 0;
}

static int keep_rest(crew_lines *r, const char *bytes, size_t size)
{
    int error = make_room(&r->rest, &r->rest_room, size);
    if (error == 0 && size > 0)
        memcpy(r->rest, bytes, size);
    r->rest_size = error ? 0 : size;
    return error;
}

int crew_lines_read(crew_lines *r, crew_lines_block *b)
{
    if (!r || !b)
        return -EINVAL;
    size_t most = r->block > r->rest_size ? r->block : r->rest_size + 1, size = r->rest_size, looked = 0, whole = 0;
    int error = make_room(&b->buffer, &b->room, most);
    if (error)
        return error;
    if (size > 0)
        memcpy(b->buffer, r->rest, size);
    looked = size; /* what is left from the last block has no line end */
    for (;;) {
        error = fill(r, b->buffer, &size, most);
        if (error)
            return error;
        whole = r->ended ? size : whole_lines(b->buffer, looked, size);
        if (whole > 0 || r->ended)
            break;
        looked = size;
        if (most > SIZE_MAX / 2)
            return -ENOMEM;
        most *= 2;
        error = make_room(&b->buffer, &b->room, most);
        if (error)
            return error;
    }
    if (whole == 0)
        return CREW_STREAM_END;
    error = keep_rest(r, b->buffer + whole, size - whole);
    b->text = b->buffer;
    b->size = whole;
    b->number = r->number++;
    b->offset = r->offset;
    b->failed = NULL;
    r->offset += whole;
    return error;
}
