/* crew_load, crew_save and their typed forms. */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#include "../base/atomics.h"
#include "../base/memory.h"
#include "array_file.h"
#include "npy_header.h"
#include <crew/for.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct loading {
    const crew_array *a;
    char *to;
};

static int load_rows(size_t begin, size_t end, void *ctx)
{
    const struct loading *l = ctx;
    return crew_array_read(l->a, begin, end, l->to + begin * l->a->info.row_size);
}

/* want: the only type that is taken; CREW_TYPES: any. */
static void *load(const char *path, crew_type want, crew_array_info *info)
{
    crew_array *a = crew_array_open(path, CREW_ARRAY_READ);
    if (!a)
        return NULL;
    char why[64] = "";
    size_t bytes = a->info.rows * a->info.row_size, row = a->info.row_size, large = (size_t)1 << 20;
    crew_options opt = {.grain = row > 0 && row < large ? large / row : 1};
    struct loading l = {a, NULL};
    int error = -ENOMEM;
    if (want != CREW_TYPES && a->info.type != want) {
        snprintf(why, sizeof why, "holds %s, not %s", crew_type_name(a->info.type), crew_type_name(want));
        error = -ENOTSUP;
    } else if ((l.to = malloc(bytes > 0 ? bytes : 1)) != NULL) {
        error = crew_for(a->info.rows, load_rows, &l, &opt);
    }
    *info = a->info;
    info->data = l.to;
    crew_array_close(a);
    if (error == 0)
        return l.to;
    free(l.to);
    crew__array_refuse(path, error, why[0] ? why : NULL);
    return NULL;
}

void *crew_load(const char *path, crew_array_info *info)
{
    crew_array_info own;
    return load(path, CREW_TYPES, info ? info : &own);
}

/* A new file beside `path`, its name in `name`. mkstemp would give it to its owner alone. */
static int open_beside(const char *path, char *name, size_t size)
{
    static atomic_uint count;
    for (int tries = 0; tries < 100; tries++) {
        snprintf(name, size, "%s.%ld.%u", path, (long)getpid(), CREW__ADD(&count, 1, relaxed));
        int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST)
            return fd >= 0 ? fd : -errno;
    }
    return -EEXIST;
}

static int save(const char *path, char *name, size_t size, const crew_array_info *info, const void *data, char *header)
{
    size_t length = crew__npy_format(info, 0, header);
    int fd = open_beside(path, name, size);
    if (fd < 0)
        return fd;
    int error = crew__write_all(fd, header, length, 0);
    error = error ? error : crew__write_all(fd, data, info->rows * info->row_size, length);
    if (close(fd) != 0 && error == 0 && errno != EINTR)
        error = -errno;
    if (error == 0 && rename(name, path) != 0)
        error = -errno;
    if (error)
        unlink(name);
    return error;
}

int crew_save(const char *path, crew_type type, const size_t *shape, size_t ndim, const void *data)
{
    crew_array_info info = {.type = type, .ndim = ndim};
    if (!path || crew_type_size(type) == 0 || ndim > 32 || (ndim > 0 && !shape))
        return crew__array_refuse(path, -EINVAL, NULL);
    for (size_t i = 0; i < ndim; i++)
        info.shape[i] = shape[i];
    if (!crew__array_count(&info))
        return crew__array_refuse(path, -EOVERFLOW, NULL);
    if (!data && info.items > 0)
        return crew__array_refuse(path, -EINVAL, NULL);
    size_t size = strlen(path) + 64;
    char *name = crew__alloc(size), *header = crew__alloc(CREW__NPY_MOST + CREW__NPY_PREFIX);
    int error = name && header ? save(path, name, size, &info, data, header) : -ENOMEM;
    crew__free(name);
    crew__free(header);
    return error ? crew__array_refuse(path, error, NULL) : 0;
}

static void *load_as(const char *path, crew_type type, size_t *n)
{
    crew_array_info info;
    void *data = load(path, type, &info);
    if (data && n)
        *n = info.items;
    return data;
}

float *crew_load_f32(const char *path, size_t *n)
{
    return load_as(path, CREW_F32, n);
}

int crew_save_f32(const char *path, const float *x, size_t n)
{
    return crew_save(path, CREW_F32, &n, 1, x);
}

double *crew_load_f64(const char *path, size_t *n)
{
    return load_as(path, CREW_F64, n);
}

int crew_save_f64(const char *path, const double *x, size_t n)
{
    return crew_save(path, CREW_F64, &n, 1, x);
}

int32_t *crew_load_i32(const char *path, size_t *n)
{
    return load_as(path, CREW_I32, n);
}

int crew_save_i32(const char *path, const int32_t *x, size_t n)
{
    return crew_save(path, CREW_I32, &n, 1, x);
}

int64_t *crew_load_i64(const char *path, size_t *n)
{
    return load_as(path, CREW_I64, n);
}

int crew_save_i64(const char *path, const int64_t *x, size_t n)
{
    return crew_save(path, CREW_I64, &n, 1, x);
}

uint32_t *crew_load_u32(const char *path, size_t *n)
{
    return load_as(path, CREW_U32, n);
}

int crew_save_u32(const char *path, const uint32_t *x, size_t n)
{
    return crew_save(path, CREW_U32, &n, 1, x);
}

uint64_t *crew_load_u64(const char *path, size_t *n)
{
    return load_as(path, CREW_U64, n);
}

int crew_save_u64(const char *path, const uint64_t *x, size_t n)
{
    return crew_save(path, CREW_U64, &n, 1, x);
}

int8_t *crew_load_i8(const char *path, size_t *n)
{
    return load_as(path, CREW_I8, n);
}

int crew_save_i8(const char *path, const int8_t *x, size_t n)
{
    return crew_save(path, CREW_I8, &n, 1, x);
}

uint8_t *crew_load_u8(const char *path, size_t *n)
{
    return load_as(path, CREW_U8, n);
}

int crew_save_u8(const char *path, const uint8_t *x, size_t n)
{
    return crew_save(path, CREW_U8, &n, 1, x);
}

int16_t *crew_load_i16(const char *path, size_t *n)
{
    return load_as(path, CREW_I16, n);
}

int crew_save_i16(const char *path, const int16_t *x, size_t n)
{
    return crew_save(path, CREW_I16, &n, 1, x);
}

uint16_t *crew_load_u16(const char *path, size_t *n)
{
    return load_as(path, CREW_U16, n);
}

int crew_save_u16(const char *path, const uint16_t *x, size_t n)
{
    return crew_save(path, CREW_U16, &n, 1, x);
}

bool *crew_load_bool(const char *path, size_t *n)
{
    return load_as(path, CREW_BOOL, n);
}

int crew_save_bool(const char *path, const bool *x, size_t n)
{
    return crew_save(path, CREW_BOOL, &n, 1, x);
}
