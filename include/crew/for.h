/* Parallel loops over one, two and three dimensions.

   A whole program:

       #include <crew/for.h>
       #include <stdio.h>

       static double x[100000];

       static int fill(size_t begin, size_t end, void *ctx)
       {
           double step = *(double *)ctx;
           for (size_t i = begin; i < end; i++) // the loop that you know, with other bounds
               x[i] = (double)i * step;
           return 0;
       }

       int main(void)
       {
           double step = 0.5;
           int error = crew_for(100000, fill, &step, NULL);
           printf("%s, %g\n", crew_strerror(error), x[9]); // prints success, 4.5
           return error != 0;
       } */
#ifndef CREW_FOR_H
#define CREW_FOR_H

#include <crew/options.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Does items begin .. end-1 (begin < end) and returns 0, or non-zero to stop the call. It should return at the first
   item that fails. It may call any crew function; a loop inside a block of a team runs on that block's thread.

   It must end by returning, as every callback of crew: one that is left by a C++ exception, longjmp, pthread_exit or
   pthread_cancel ends the process there, by std::terminate or abort, with a message that begins with "crew: " on
   standard error. (What calls go on after is a longjmp out of a loop that runs on the caller alone; on C libraries
   other than glibc longjmp is not seen, and pthread_exit and pthread_cancel only where a team runs.) A thread that is
   canceled while crew itself waits goes on to the next point of cancellation outside. */
typedef int crew_body(size_t begin, size_t end, void *ctx);

/* Runs body over the items 0 .. n-1 in blocks. Equals

       return body(0, n, ctx);

   but for the blocks: every item is in exactly one, blocks may run at the same time and in any order, and where they
   are cut depends on speed, so the body must give the same result wherever it is cut. The calling thread takes part. A
   loop that is not worth a second thread runs on the caller alone; nothing needs tuning.

   n        items; 0: returns 0 without a call
   body     NULL: -EINVAL
   ctx      handed to body; may be NULL
   opt      NULL: defaults. grain: blocks have at least that many items, but for the last of a range. failed: the exact
            index, from crew_fail_at; where the body does not call that, the failing block is done once more, one item
   at a time, up to the first item that fails (the block's first where none does this time). Nothing is done twice, and
   nothing costs anything, until a block fails

   Returns 0; the non-zero value of body for the lowest failing index, at any thread count (blocks below it still run,
   blocks above it are skipped); -ECANCELED when the flag was set before the call ended, -ETIMEDOUT when it took longer
   than the timeout, -EINVAL. A value of body comes before these two.

   Work O(n), span O(largest item + log n), no scratch that grows with n. Deterministic as far as the body is. Thread
   safe; may be called from inside callbacks and from inside the program's own OpenMP regions, where it uses tasks of
   that team. The schedule follows Polychronopoulos and Kuck (doi:10.1109/TC.1987.5009495) in taking a share of what is
   left, and Blumofe and Leiserson (doi:10.1145/324133.324234) in stealing. */
CREW_API int crew_for(size_t n, crew_body *body, void *ctx, const crew_options *opt);

/* For a body's way out: `return crew_fail_at(i, code);` says that item i of the block has failed, and returns code,
   which is not 0. Only the innermost crew_for whose body the calling thread is in listens, and only where the body then
   returns non-zero. Thread safe, O(1). */
CREW_API int crew_fail_at(size_t index, int code);

/* Rows and columns of one tile; 0: chosen by crew. */
typedef struct crew_tile {
    size_t rows, cols;
} crew_tile;

/* Does the cells [row_begin, row_end) x [col_begin, col_end), neither empty. */
typedef int crew_body_2d(size_t row_begin, size_t row_end, size_t col_begin, size_t col_end, void *ctx);

/* Runs body over a rows x cols plane in tiles. Equals

       for (size_t i = 0; i < rows; i += tile.rows)
           for (size_t j = 0; j < cols; j += tile.cols)
               body(i, min(i + tile.rows, rows), j, min(j + tile.cols, cols), ctx);

   Tiles are cut by rows, cols and tile alone; those at the edges are smaller. A 0 in tile takes whole rows of up to
   4096 cells, so a few cells that take long want tiles of {1, 1}. Errors, options and determinism as crew_for; an index
   counts cells in row-major order, so `failed` receives row * cols + col of the first cell of the lowest failing tile,
   in the order of the loop above (ask for tiles of one cell to have the cell itself). grain counts tiles. rows * cols
   beyond SIZE_MAX: -EOVERFLOW. rows or cols 0: returns 0. Work O(rows * cols), span O(largest tile + log tiles), no
   scratch. */
CREW_API int crew_for_2d(size_t rows, size_t cols, crew_tile tile, crew_body_2d *body, void *ctx,
                         const crew_options *opt);

/* Extents of one box; 0: chosen by crew. */
typedef struct crew_box {
    size_t planes, rows, cols;
} crew_box;

/* Does the cells [plane_begin, plane_end) x [row_begin, row_end) x [col_begin, col_end), none empty. */
typedef int crew_body_3d(size_t plane_begin, size_t plane_end, size_t row_begin, size_t row_end, size_t col_begin,
                         size_t col_end, void *ctx);

/* crew_for_2d over boxes: planes outermost, then rows, then columns. */
CREW_API int crew_for_3d(size_t planes, size_t rows, size_t cols, crew_box box, crew_body_3d *body, void *ctx,
                         const crew_options *opt);

/* What each worker of a loop has for itself. */
typedef struct crew_local {
    size_t size;                          /* bytes of the value */
    int (*init)(void *value, void *ctx);  /* makes it ready; non-zero stops the call. NULL: zero bytes will do */
    void (*fini)(void *value, void *ctx); /* ends it; NULL: nothing to do */
} crew_local;

/* Does the items begin .. end-1 as crew_body; value belongs to it alone until it returns. */
typedef int crew_local_body(size_t begin, size_t end, void *value, void *ctx);

/* crew_for with a value for each worker: a buffer, a table of counts, a connection. Values are made when a worker first
   needs one, at most as many as the call has threads, zero at first and aligned to 64 bytes; each block gets one that
   no other block has at that moment. After the loop fini is called for all of them, one after the other on the calling
   thread, also where the loop has failed: the place to add them up. Which items a value has seen depends on speed, so
   results have the same bits everywhere only where adding up does not depend on order; else use crew_reduce, and for
   random numbers crew/random.h.

   Returns as crew_for; what init returned, as if the block that needed the value had failed; -ENOMEM; -EINVAL where
   local or body is NULL; -EOVERFLOW. Work, span, safety as crew_for, and a few ten nanoseconds a block. */
CREW_API int crew_for_local(size_t n, const crew_local *local, crew_local_body *body, void *ctx,
                            const crew_options *opt);

/* True inside a callback of a crew call on this thread: what it forks, and its loops, use the workers of that call.
   O(1), thread safe. */
CREW_API bool crew_in_team(void);

/* The number of the worker that runs the calling callback: 0 .. the call's thread count - 1, never the same for two
   blocks of one call that run at the same time, so it may index per-worker scratch. A loop that a block
   of a team calls runs on that block's worker. -1 outside every callback. O(1), thread safe. */
CREW_API int crew_worker(void);

#ifdef __cplusplus
}
#endif
#endif
