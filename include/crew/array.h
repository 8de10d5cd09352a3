/* Arrays in files: NumPy's .npy and raw binary, whole or in windows where they are larger than memory.

   A whole program:

       #include <crew/array.h>
       #include <stdio.h>
       #include <stdlib.h>

       int main(void)
       {
           double x[3] = {1, 2, 4};
           size_t n;
           if (crew_save_f64("x.npy", x, 3)) { // numpy.load("x.npy") reads it
               fprintf(stderr, "%s\n", crew_array_why());
               return 1;
           }
           double *again = crew_load_f64("x.npy", &n);
           if (!again) {
               fprintf(stderr, "%s\n", crew_array_why());
               return 1;
           }
           printf("%zu items, the last one %g\n", n, again[n - 1]); // prints 3 items, the last one 4
           free(again);
           return 0;
       } */
#ifndef CREW_ARRAY_H
#define CREW_ARRAY_H

#include <crew/options.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct crew_array crew_array;

typedef enum crew_type {
    CREW_F32,
    CREW_F64,
    CREW_I32,
    CREW_I64,
    CREW_U32,
    CREW_U64,
    CREW_I8,
    CREW_U8,
    CREW_I16,
    CREW_U16,
    CREW_BOOL, /* a byte, 0 or 1 */
    CREW_TYPES /* how many there are */
} crew_type;

/* Bytes of one item: 1, 2, 4 or 8; 0 for what is no type. */
CREW_API size_t crew_type_size(crew_type type);

/* "f32", "f64", ..., "bool"; "?" for what is no type. Static. */
CREW_API const char *crew_type_name(crew_type type);

enum { CREW_ARRAY_DIMS = 64 };

/* What an array is. Rows are what the outermost axis counts: the first axis in C order, the last one in Fortran order;
   a row is row_items items side by side. An array without axes is one row of one item. */
typedef struct crew_array_info {
    crew_type type;
    bool fortran;
    size_t ndim;
    size_t shape[CREW_ARRAY_DIMS];
    size_t items, rows, row_items;
    size_t row_size; /* bytes of a row */
    void *data;      /* the items where the array is mapped; else NULL */
} crew_array_info;

typedef enum crew_array_mode {
    CREW_ARRAY_READ,     /* reading by pread: memory for windows only, and errors are return values */
    CREW_ARRAY_APPEND,   /* reading, writing, and rows more: C order and this machine's byte order only */
    CREW_ARRAY_MAP,      /* mapped into memory, to be read */
    CREW_ARRAY_MAP_COPY, /* mapped; what is written to it is the process's own and never reaches the file */
    CREW_ARRAY_MODES
} crew_array_mode;

/* Opens a .npy file (versions 1 to 3, both orders, both byte orders: what is read is in this machine's). All that NumPy
   writes without pickle is accepted, for the types above; also shapes such as (np.int64(3),) and (3L,), a shape that is
   a bare number, and any padding. A header is at most 65,535 bytes long; every product of sizes is checked; nothing is
   allocated by what a file says but its header, and a file that is shorter than its header says is refused.

   Where another process makes a mapped file shorter, access to what it lost raises SIGBUS, and the process ends: map
   only files that nobody touches. Reading by pread gives -ENODATA then. A mapped file of the other byte order is
   refused.

   Returns NULL with errno: EBADMSG (no .npy file, or a damaged one), ENOTSUP (a type that is not above, an order that
   the mode does not take), ENODATA (too short), ESPIPE (not a regular file), EINVAL, ENOMEM, or what open and mmap say;
   crew_array_why() then says it in words. Thread safe. */
CREW_API crew_array *crew_array_open(const char *path, crew_array_mode mode);

/* Opens a file without a header, C order, this machine's byte order: shape[0] x ... x shape[ndim - 1] items from byte
   `offset` on. A shape[0] of SIZE_MAX is as many rows as the file has whole. mode not CREW_ARRAY_APPEND. offset must be
   a multiple of the type's size where the file is mapped. Otherwise as crew_array_open. */
CREW_API crew_array *crew_array_open_raw(const char *path, crew_type type, size_t offset, const size_t *shape,
                                         size_t ndim, crew_array_mode mode);

/* Makes a .npy file, or empties the one that is there: version 1, C order, this machine's byte order, data aligned to
   64 bytes, room in the header for more rows. The items are zero until they are written. shape[0] may be 0, for
   crew_array_append. ndim 1 .. 32. The header says so many rows as there were when the array was opened until it is
   closed. NULL with errno as crew_array_open. */
CREW_API crew_array *crew_array_create(const char *path, crew_type type, const size_t *shape, size_t ndim);

/* What it is; valid until it is closed, shape[0] grows with each append. NULL: NULL. */
CREW_API const crew_array_info *crew_array_get_info(const crew_array *a);

/* Copies the rows begin .. end-1 to `rows`. begin == end: nothing. Returns 0, -EINVAL (no such rows), -ENODATA (the
   file is shorter than it was), or another negative errno value of pread. Thread safe. */
CREW_API int crew_array_read(const crew_array *a, size_t begin, size_t end, void *rows);

/* Writes rows over those that are there. Only an array that was created, or opened to append. Returns 0, -EINVAL,
   -EBADF, or a negative errno value of pwrite (-ENOSPC, ...). Thread safe where rows differ. */
CREW_API int crew_array_write(crew_array *a, size_t begin, size_t end, const void *rows);

/* Adds `count` rows at the end. As crew_array_write, and -EOVERFLOW; after a failure the array has the rows that it
   had. One thread at a time. */
CREW_API int crew_array_append(crew_array *a, const void *rows, size_t count);

/* Writes the number of rows into the header where that has changed, and closes. a NULL: returns 0. Returns 0 or the
   negative errno value of what could not be written; a is gone in any case. */
CREW_API int crew_array_close(crew_array *a);

/* Why the calling thread's last crew_array_open, _create, crew_load or crew_save failed, in words:
   "table.npy: descr '<c16' is no type that crew has". Valid until the thread's next such call; never NULL. */
CREW_API const char *crew_array_why(void);

/* Does the rows begin .. end-1 (begin < end), which lie side by side at `rows`, aligned as their type asks for. Returns
   as crew_body, and may call crew_fail_at. */
typedef int crew_array_body(size_t begin, size_t end, const void *rows, void *ctx);

/* crew_for over the rows of an array, larger than memory or not. Equals

       for (size_t i = 0; i < rows; i++) {
           crew_array_read(a, i, i + 1, row);
           if ((code = body(i, i + 1, row, ctx)) != 0)
               return code;
       }

   Each thread reads a window of rows into a buffer of its own (1 MiB, or one row where that is larger), asks the
   system to read on ahead, and calls body for blocks of the window: memory is the buffers and does not grow with the
   file. Of a mapped array body gets the rows where they are.

   a     NULL, or body NULL: -EINVAL
   opt   as crew_for; grain counts rows

   Returns as crew_for, -ENOMEM, and for a read that fails what crew_array_read returns: like a value of body, so the
   lowest failing row decides. Work O(bytes), span O(window). Deterministic as far as body is. Thread safe; may be
   called from inside callbacks. */
CREW_API int crew_array_for(const crew_array *a, crew_array_body *body, void *ctx, const crew_options *opt);

/* crew_reducer with rows. fold gets a block in parts where that is larger than a window. */
typedef struct crew_array_reducer {
    size_t size;
    const void *identity;
    int (*fold)(size_t begin, size_t end, const void *rows, void *acc, void *ctx);
    void (*merge)(void *acc, const void *right, void *ctx);
    void (*drop)(void *acc, void *ctx);
} crew_array_reducer;

/* crew_reduce over the rows of an array: the same blocks, the same tree, and so the same bits as crew_reduce over the
   same rows in memory, where fold goes through its rows one after the other. Errors and memory as crew_array_for. */
CREW_API int crew_array_reduce(const crew_array *a, const crew_array_reducer *r, void *ctx, void *result,
                               const crew_options *opt);

/* A whole .npy file in memory, as it lies there; free() frees it. *info (NULL: not asked for) says what it is, with
   data the pointer that is returned. NULL with errno as crew_array_open, ENOMEM. Read on all threads. */
CREW_API void *crew_load(const char *path, crew_array_info *info);

/* Writes a .npy file of the items at `data`, C order. The file appears whole or not at all: it is written beside `path`
   and renamed. Returns 0 or a negative errno value. ndim 0 .. 32. */
CREW_API int crew_save(const char *path, crew_type type, const size_t *shape, size_t ndim, const void *data);

/* The items of a file of exactly this type, whatever its shape, and how many there are (n NULL: not asked for); free()
   frees them. NULL with errno as crew_load, ENOTSUP for another type.

       double *x = crew_load_f64("x.npy", &n); */
CREW_API float *crew_load_f32(const char *path, size_t *n);
CREW_API double *crew_load_f64(const char *path, size_t *n);
CREW_API int32_t *crew_load_i32(const char *path, size_t *n);
CREW_API int64_t *crew_load_i64(const char *path, size_t *n);
CREW_API uint32_t *crew_load_u32(const char *path, size_t *n);
CREW_API uint64_t *crew_load_u64(const char *path, size_t *n);
CREW_API int8_t *crew_load_i8(const char *path, size_t *n);
CREW_API uint8_t *crew_load_u8(const char *path, size_t *n);
CREW_API int16_t *crew_load_i16(const char *path, size_t *n);
CREW_API uint16_t *crew_load_u16(const char *path, size_t *n);
CREW_API bool *crew_load_bool(const char *path, size_t *n);

/* Saves n items as an array with one axis. x may be NULL where n is 0. Otherwise as crew_save. */
CREW_API int crew_save_f32(const char *path, const float *x, size_t n);
CREW_API int crew_save_f64(const char *path, const double *x, size_t n);
CREW_API int crew_save_i32(const char *path, const int32_t *x, size_t n);
CREW_API int crew_save_i64(const char *path, const int64_t *x, size_t n);
CREW_API int crew_save_u32(const char *path, const uint32_t *x, size_t n);
CREW_API int crew_save_u64(const char *path, const uint64_t *x, size_t n);
CREW_API int crew_save_i8(const char *path, const int8_t *x, size_t n);
CREW_API int crew_save_u8(const char *path, const uint8_t *x, size_t n);
CREW_API int crew_save_i16(const char *path, const int16_t *x, size_t n);
CREW_API int crew_save_u16(const char *path, const uint16_t *x, size_t n);
CREW_API int crew_save_bool(const char *path, const bool *x, size_t n);

#ifdef __cplusplus
}
#endif
#endif
