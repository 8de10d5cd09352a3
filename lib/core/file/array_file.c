/* Opens, makes, reads, writes and closes arrays in files. */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#include "array_file.h"
#include "../base/memory.h"
#include "npy_header.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_WRITTEN_DIMS = 32 }; /* NumPy's own limit before 2.0 */

static const size_t CHUNK = (size_t)1 << 30; /* systems take at most 2 GiB in one call */

static _Thread_local char why_text[512];

const char *crew_array_why(void)
{
    return why_text[0] ? why_text : "no call has failed";
}

int crew__array_refuse(const char *path, int error, const char *why)
{
    snprintf(why_text, sizeof why_text, "%.300s: %s", path ? path : "a NULL path", why ? why : strerror(-error));
    errno = -error;
    return error;
}

int crew__read_all(int fd, void *bytes, size_t size, size_t offset)
{
    char *at = bytes;
    while (size > 0) {
        ssize_t got = pread(fd, at, size < CHUNK ? size : CHUNK, (off_t)offset);
        if (got < 0 && errno != EINTR)
            return -errno;
        if (got == 0)
            return -ENODATA;
        if (got > 0) {
            at += got;
            offset += (size_t)got;
            size -= (size_t)got;
        }
    }
    return 0;
}

int crew__write_all(int fd, const void *bytes, size_t size, size_t offset)
{
    const char *at = bytes;
    while (size > 0) {
        ssize_t put = pwrite(fd, at, size < CHUNK ? size : CHUNK, (off_t)offset);
        if (put < 0 && errno != EINTR)
            return -errno;
        if (put == 0)
            return -EIO;
        if (put > 0) {
            at += put;
            offset += (size_t)put;
            size -= (size_t)put;
        }
    }
    return 0;
}

static void swap_items(void *items, size_t size, size_t bytes)
{
    unsigned char *p = items;
    for (size_t i = 0; i < bytes; i += size)
        for (size_t low = i, high = i + size - 1; low < high; low++, high--) {
            unsigned char byte = p[low];
            p[low] = p[high];
            p[high] = byte;
        }
}

int crew_array_read(const crew_array *a, size_t begin, size_t end, void *rows)
{
    if (!a || begin > end || end > a->info.rows || (!rows && begin < end && a->info.row_size > 0))
        return -EINVAL;
    size_t bytes = (end - begin) * a->info.row_size, from = begin * a->info.row_size;
    if (bytes == 0 || !rows)
        return 0;
    if (a->map) {
        memcpy(rows, (const char *)a->info.data + from, bytes);
        return 0;
    }
    int error = crew__read_all(a->fd, rows, bytes, a->offset + from);
    if (error == 0 && a->swapped)
        swap_items(rows, crew_type_size(a->info.type), bytes);
    return error;
}

int crew_array_write(crew_array *a, size_t begin, size_t end, const void *rows)
{
    if (!a || begin > end || end > a->info.rows || (!rows && begin < end && a->info.row_size > 0))
        return -EINVAL;
    if (!a->writable)
        return -EBADF;
    return crew__write_all(a->fd, rows, (end - begin) * a->info.row_size, a->offset + begin * a->info.row_size);
}

static int put_header(const crew_array *a, const crew_array_info *info, bool write)
{
    char *bytes = crew__alloc(CREW__NPY_MOST + CREW__NPY_PREFIX);
    if (!bytes)
        return -ENOMEM;
    int error = crew__npy_format(info, a->offset, bytes) == 0 ? -EOVERFLOW : 0;
    if (error == 0 && write)
        error = crew__write_all(a->fd, bytes, a->offset, 0);
    crew__free(bytes);
    return error;
}

int crew_array_append(crew_array *a, const void *rows, size_t count)
{
    if (!a || (!rows && count > 0 && a->info.row_size > 0))
        return -EINVAL;
    if (!a->writable || a->info.ndim == 0)
        return -EBADF;
    crew_array_info grown = a->info;
    if (count > SIZE_MAX - grown.rows)
        return -EOVERFLOW;
    grown.shape[0] += count;
    if (!crew__array_count(&grown))
        return -EOVERFLOW;
    int error = put_header(a, &grown, false); /* an older file may have no room for so many */
    if (error == 0)
        error = crew__write_all(a->fd, rows, count * grown.row_size, a->offset + a->info.rows * grown.row_size);
    if (error)
        return error;
    a->info = grown;
    a->grown = true;
    return 0;
}

int crew_array_close(crew_array *a)
{
    if (!a)
        return 0;
    int error = a->grown ? put_header(a, &a->info, true) : 0;
    if (a->map)
        munmap(a->map, a->mapped);
    if (a->fd >= 0 && close(a->fd) != 0 && error == 0 && errno != EINTR)
        error = -errno;
    crew__free(a);
    return error;
}

const crew_array_info *crew_array_get_info(const crew_array *a)
{
    return a ? &a->info : NULL;
}

static crew_array *fail(crew_array *a, const char *path, int error, const char *why)
{
    if (a) {
        a->grown = false;
        crew_array_close(a);
    }
    crew__array_refuse(path, error, why);
    return NULL;
}

static crew_array *new_array(const char *path, int flags)
{
    crew_array *a = crew__alloc(sizeof *a);
    if (!a)
        return fail(NULL, path, -ENOMEM, NULL);
    *a = (crew_array){.fd = open(path, flags | O_CLOEXEC, 0666)};
    return a->fd >= 0 ? a : fail(a, path, -errno, NULL);
}

static int map_file(crew_array *a, crew_array_mode mode, size_t size)
{
    if (mode != CREW_ARRAY_MAP && mode != CREW_ARRAY_MAP_COPY)
        return 0;
    if (size == 0)
        return 0; /* nothing can be mapped, and there is nothing */
    int protection = mode == CREW_ARRAY_MAP ? PROT_READ : PROT_READ | PROT_WRITE;
    void *map = mmap(NULL, size, protection, MAP_PRIVATE, a->fd, 0);
    if (map == MAP_FAILED)
        return -errno;
    a->map = map;
    a->mapped = size;
    a->info.data = (char *)map + a->offset;
    return 0;
}

/* Opens a regular file, and says how long it is. */
static crew_array *open_regular(const char *path, crew_array_mode mode, size_t *size)
{
    if (!path || (unsigned)mode >= CREW_ARRAY_MODES)
        return fail(NULL, path, -EINVAL, NULL);
    /* A pipe without a writer must not keep the call waiting. */
    crew_array *a = new_array(path, (mode == CREW_ARRAY_APPEND ? O_RDWR : O_RDONLY) | O_NONBLOCK);
    struct stat st;
    if (!a)
        return NULL;
    if (fstat(a->fd, &st) != 0)
        return fail(a, path, -errno, NULL);
    if (S_ISDIR(st.st_mode))
        return fail(a, path, -EISDIR, NULL);
    if (!S_ISREG(st.st_mode))
        return fail(a, path, -ESPIPE, "is not a regular file");
    *size = (size_t)st.st_size;
#if defined(POSIX_FADV_SEQUENTIAL)
    /* Asking for each window by itself took as long as copying it, and longer on a cold disk too. */
    posix_fadvise(a->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
#endif
    return a;
}

/* Reads the header; the rest of what is wrong with it is said. */
static int read_header(crew_array *a, size_t size, char *why, size_t why_size)
{
    unsigned char first[CREW__NPY_PREFIX];
    struct crew__npy_prefix prefix;
    const char *says = "";
    size_t have = size < sizeof first ? size : sizeof first;
    int error = crew__read_all(a->fd, first, have, 0);
    error = error ? error : crew__npy_prefix(first, have, &prefix, &says);
    if (error == 0 && size - prefix.begin < prefix.length) {
        says = "ends inside its header";
        error = -EBADMSG;
    }
    snprintf(why, why_size, "%s", error ? says : "");
    if (error)
        return error;
    char *text = crew__alloc(prefix.length);
    if (!text)
        return -ENOMEM;
    error = crew__read_all(a->fd, text, prefix.length, prefix.begin);
    error = error ? error : crew__npy_parse(text, prefix.length, &a->info, &a->swapped, why, why_size);
    crew__free(text);
    a->offset = prefix.begin + prefix.length;
    return error;
}

static const char *refusal(const crew_array *a, crew_array_mode mode)
{
    if (mode == CREW_ARRAY_READ)
        return NULL;
    if (a->swapped)
        return "has the other byte order, in which it can only be read, and not mapped";
    if (mode == CREW_ARRAY_APPEND && (a->info.fortran && a->info.ndim > 1))
        return "is in Fortran order, in which rows cannot be added";
    return NULL;
}

crew_array *crew_array_open(const char *path, crew_array_mode mode)
{
    size_t size = 0;
    char why[256] = "";
    crew_array *a = open_regular(path, mode, &size);
    if (!a)
        return NULL;
    int error = read_header(a, size, why, sizeof why);
    if (error)
        return fail(a, path, error, why[0] ? why : NULL);
    const char *refused = refusal(a, mode);
    if (refused)
        return fail(a, path, -ENOTSUP, refused);
    if (size - a->offset < a->info.rows * a->info.row_size) {
        snprintf(why, sizeof why, "has %zu bytes after its header, which says %zu", size - a->offset,
                 a->info.rows * a->info.row_size);
        return fail(a, path, -ENODATA, why);
    }
    a->writable = mode == CREW_ARRAY_APPEND;
    error = map_file(a, mode, size);
    return error ? fail(a, path, error, NULL) : a;
}

crew_array *crew_array_open_raw(const char *path, crew_type type, size_t offset, const size_t *shape, size_t ndim,
                                crew_array_mode mode)
{
    size_t size = 0;
    bool mapped = mode == CREW_ARRAY_MAP || mode == CREW_ARRAY_MAP_COPY;
    if (mode == CREW_ARRAY_APPEND || crew_type_size(type) == 0 || ndim > CREW_ARRAY_DIMS || (ndim > 0 && !shape) ||
        (mapped && offset % crew_type_size(type) != 0))
        return fail(NULL, path, -EINVAL, NULL);
    crew_array *a = open_regular(path, mode, &size);
    if (!a)
        return NULL;
    a->info.type = type;
    a->info.ndim = ndim;
    a->offset = offset;
    for (size_t i = 0; i < ndim; i++)
        a->info.shape[i] = shape[i];
    bool open_end = ndim > 0 && shape[0] == SIZE_MAX;
    if (open_end)
        a->info.shape[0] = 1;
    if (!crew__array_count(&a->info))
        return fail(a, path, -EOVERFLOW, NULL);
    if (size < offset)
        return fail(a, path, -ENODATA, "ends before the offset");
    if (open_end) {
        a->info.shape[0] = a->info.row_size > 0 ? (size - offset) / a->info.row_size : 0;
        crew__array_count(&a->info); /* as large as the file at most */
    }
    if (size - offset < a->info.rows * a->info.row_size)
        return fail(a, path, -ENODATA, "has fewer rows than were asked for");
    int error = map_file(a, mode, size);
    return error ? fail(a, path, error, NULL) : a;
}

crew_array *crew_array_create(const char *path, crew_type type, const size_t *shape, size_t ndim)
{
    crew_array_info info = {.type = type, .ndim = ndim};
    if (!path || crew_type_size(type) == 0 || ndim < 1 || ndim > MOST_WRITTEN_DIMS || !shape)
        return fail(NULL, path, -EINVAL, NULL);
    for (size_t i = 0; i < ndim; i++)
        info.shape[i] = shape[i];
    if (!crew__array_count(&info))
        return fail(NULL, path, -EOVERFLOW, NULL);
    crew_array *a = new_array(path, O_RDWR | O_CREAT | O_TRUNC);
    if (!a)
        return NULL;
    char *bytes = crew__alloc(CREW__NPY_MOST + CREW__NPY_PREFIX);
    if (!bytes)
        return fail(a, path, -ENOMEM, NULL);
    a->info = info;
    a->writable = true;
    a->offset = crew__npy_format(&info, 0, bytes);
    int error = crew__write_all(a->fd, bytes, a->offset, 0);
    crew__free(bytes);
    if (error == 0 && ftruncate(a->fd, (off_t)(a->offset + info.rows * info.row_size)) != 0)
        error = -errno;
    return error ? fail(a, path, error, NULL) : a;
}
