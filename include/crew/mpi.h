/* Beyond one machine: crew's calls over the ranks of an MPI job. A library of its own, libcrew-mpi, on Open MPI, MPICH
   or what else has mpi.h; crew itself does not know of it, and <crew/crew.h> does not include this header.

       mpicc app.c $(pkg-config --cflags --libs crew-mpi) && mpirun -n 4 ./a.out

   Every rank is a team of threads as elsewhere; ./a.out alone is one rank. Results have the bits of the call on one
   machine with the same n, at any number of ranks and threads: blocks are cut by n alone, elements travel where a block
   lies across the border between two ranks, and what goes over the network are results of blocks, merged in the same
   tree, never sums in the order that messages arrive.

   What most functions here have in common: they are collective, that is all ranks of the group call them, in the same
   order and with the same arguments but for the data. They return the same value on all ranks: where something fails on
   one rank, be it memory or a callback, the ranks agree on it before they wait for data of each other, so nobody hangs;
   of several errors that of the lowest item counts, and opt->failed receives that item everywhere. They return -EIO
   where MPI reports an error; the group is of no use then but to be closed. They are called by the thread that
   initialised MPI (MPI_THREAD_FUNNELED is what crew asks for) and never inside a callback: -EPERM, on that rank alone.
   Callbacks run on the team's threads and must not call MPI. A rank that calls exit with a group open ends the job with
   a message; so does the launcher for one that is killed.

   Any number of bytes goes in messages that MPI can count, so nothing ends at 2^31.

   A whole program:

       #include <crew/mpi.h>
       #include <stdio.h>

       int main(void)
       {
           crew_mpi *m = crew_mpi_open(MPI_COMM_WORLD);
           crew_dist *x = m ? crew_dist_open(m, 1000, sizeof(double)) : NULL;
           if (!x)
               return 1;
           double *part = crew_dist_items(x), sum;
           for (size_t i = 0; i < crew_dist_count(x); i++)
               part[i] = (double)(crew_dist_begin(x) + i);
           int error = crew_sum_dist_f64(x, &sum);
           if (!error && crew_mpi_rank(m) == 0)
               printf("%g\n", sum); // prints 499500
           crew_dist_close(x);
           crew_mpi_close(m);
           return error != 0;
       } */
#ifndef CREW_MPI_H
#define CREW_MPI_H

#include <crew/array.h>
#include <crew/for.h>
#include <crew/map_fn.h>
#include <crew/reduce.h>
#include <mpi.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A group of ranks: a duplicate of one of the program's communicators. */
typedef struct crew_mpi crew_mpi;

/* Makes a group of the ranks of comm, MPI_COMM_WORLD for all. Where the program has not initialised MPI this does, at
   MPI_THREAD_FUNNELED; where it has, at whatever level, that is used as it is: at MPI_THREAD_SINGLE too, for crew's
   threads never call MPI, and crew_mpi_explain says so. The group has a communicator of its own,
   so the program's messages and its error handler are not touched. Collective.

   The processors of each node are divided among its ranks: one that k ranks may run on counts 1 / k for each. Ranks
   that the launcher has bound to processors of their own keep those; a rank that is bound to one of several says so on
   standard error, because Open MPI binds so by itself where a job has one or two ranks (mpirun --bind-to none). A
   count that the program or the environment gives (crew_set_num_threads, CREW_NUM_THREADS, OMP_NUM_THREADS) is taken
   as it is. crew_explain_threads and crew_mpi_explain tell.

   Returns NULL with errno: EINVAL (MPI_COMM_NULL, or MPI is finalised), EPERM, ENOMEM, EIO. O(ranks of the node). */
CREW_API crew_mpi *crew_mpi_open(MPI_Comm comm);

/* Ends a group, whose arrays must be closed; m NULL: returns 0. With the last group MPI is finalised where
   crew_mpi_open has initialised it. Collective. Returns 0, -EPERM or -EIO. */
CREW_API int crew_mpi_close(crew_mpi *m);

/* This rank, 0 .. ranks - 1, and how many there are. Any thread, O(1). */
CREW_API int crew_mpi_rank(const crew_mpi *m);
CREW_API int crew_mpi_ranks(const crew_mpi *m);

/* Writes in words where this rank stands: rank, ranks of the node, processors of the node, those that it may use, and
   what crew_explain_threads says; cut off to fit size bytes as snprintf does. Not collective. Returns the whole length
   or -EINVAL. */
CREW_API int crew_mpi_explain(const crew_mpi *m, char *text, size_t size);

/* n elements of `size` bytes, each rank having a part of them side by side: rank 0 the first ones, and so on. Parts may
   be empty. */
typedef struct crew_dist crew_dist;

/* An array of n elements of zero bytes in even parts: they differ by one element at most, or where a part has more than
   2^20, by 16384, because borders then stand where blocks begin. Collective. size not 0.

   Returns NULL with errno EINVAL, EOVERFLOW (n * size), ENOMEM, EPERM, EIO, the same on all ranks. */
CREW_API crew_dist *crew_dist_open(crew_mpi *m, size_t n, size_t size);

/* An array of the parts that the ranks have, in the order of ranks: `count` elements here, which are copied; NULL for
   count 0. The counts may differ as they like. Otherwise as crew_dist_open. */
CREW_API crew_dist *crew_dist_from(crew_mpi *m, const void *part, size_t count, size_t size);

/* Zero elements of `size` bytes, as many and in the same parts as d has. Otherwise as crew_dist_open. */
CREW_API crew_dist *crew_dist_like(const crew_dist *d, size_t size);

/* Ends an array. Not collective; any order. NULL: nothing. */
CREW_API void crew_dist_close(crew_dist *d);

/* Elements of all ranks; where this rank's part begins; how many it has; the part itself, aligned to 64 bytes. Item i
   of the array is element i - crew_dist_begin(d) here. Not collective, O(1), any thread. */
CREW_API size_t crew_dist_n(const crew_dist *d);
CREW_API size_t crew_dist_begin(const crew_dist *d);
CREW_API size_t crew_dist_count(const crew_dist *d);
CREW_API void *crew_dist_items(const crew_dist *d);

/* The rank that has item i; -1 for i >= n. Not collective, O(log ranks), any thread. */
CREW_API int crew_dist_owner(const crew_dist *d, size_t i);

/* Moves elements between ranks until parts are even, as crew_dist_open makes them. The order stays. Collective. Returns
   0, -ENOMEM (nothing has moved), -EPERM or -EIO. Each element that moves goes once. */
CREW_API int crew_dist_balance(crew_dist *d);

/* Copies all n elements in order to `all` on rank `root`, on every rank where root is -1; elsewhere all is not used.
   Collective. Returns 0, -EINVAL, -ENOMEM, -EPERM or -EIO. To all: O(log ranks) messages a rank. */
CREW_API int crew_dist_gather(const crew_dist *d, void *all, int root);

/* Reads a .npy file, each rank its own part of the rows, even as of crew_dist_open, by pread: the file must be where
   every rank can open it. An element is a row (crew_array_info.row_size bytes), so that a matrix is distributed by
   rows. *info (NULL: not asked for) says what the file is. Collective. Returns NULL with errno as crew_array_open and
   crew_dist_open, the same on all ranks. */
CREW_API crew_dist *crew_dist_load(crew_mpi *m, const char *path, crew_array_info *info);

/* Writes one .npy file of the array, each rank its part by pwrite, to where all ranks can write it: n rows, each of
   which is size / crew_type_size(type) items, and one axis where that is 1. The same file at any number of ranks.
   Collective. Returns 0, -EINVAL (size is no multiple of the type's), -EPERM, -EIO, or what crew_array_create and
   crew_array_write say on one of the ranks; the file is then not whole. */
CREW_API int crew_dist_save(const crew_dist *d, const char *path, crew_type type);

/* Copies what lies beside this rank's part: before[0 .. width-1] becomes the items begin - width .. begin - 1, after
   the items end .. end + width - 1, whichever ranks have them. Items below 0 or from n on are left as they are in the
   buffers, or with wrap come from the other end of the array. A rank with an empty part receives nothing. before and
   after: room for width elements, NULL for a side that nobody asks for (on all ranks alike).

   A grid in rows is an array whose elements are rows: width 1 is the halo of a five-point stencil. For grids that are
   cut both ways: crew_grid_halo.

   Collective. Returns 0, -EINVAL (wrap with width > n), -ENOMEM, -EPERM, -EIO. Two messages a rank and nothing else
   where parts have `width` elements at least. */
CREW_API int crew_dist_halo(const crew_dist *d, size_t width, bool wrap, void *before, void *after);

/* A plane of rows x cols cells of `size` bytes, cut into rectangles, one for each rank. */
typedef struct crew_grid crew_grid;

/* Zero cells. The ranks stand in a grid as square as their number allows: 6 are 3 x 2, 7 are 7 x 1. Each has a
   rectangle of cells, and `halo` cells more on each of its sides. Collective. Returns NULL with errno EINVAL (size 0),
   EOVERFLOW, ENOMEM, EPERM, EIO, and ERANGE where a rectangle would have fewer than `halo` rows or columns. */
CREW_API crew_grid *crew_grid_open(crew_mpi *m, size_t rows, size_t cols, size_t size, size_t halo);
CREW_API void crew_grid_close(crew_grid *g);

/* This rank's rectangle: rows row_begin .. row_end - 1, likewise columns. Cell (i, j) is at
   items + ((i - row_begin + halo) * stride + (j - col_begin + halo)) * size; a row has stride cells with its halo. */
typedef struct crew_grid_part {
    size_t row_begin, row_end, col_begin, col_end, stride;
    void *items;
} crew_grid_part;
CREW_API crew_grid_part crew_grid_get_part(const crew_grid *g);

/* Fills the halos from the rectangles beside, corners too; halos outside the plane are left as they are, or with wrap
   come from the other end. Collective. Returns 0, -EPERM or -EIO. Four messages a rank. */
CREW_API int crew_grid_halo(crew_grid *g, bool wrap);

/* Copies all cells row by row to `all` on rank `root`. Collective. Returns as crew_dist_gather. */
CREW_API int crew_grid_gather(const crew_grid *g, void *all, int root);

/* crew_for over the items 0 .. n-1, each on the rank that has it: body gets items begin .. end-1 of the whole array,
   all of this rank. Equals crew_for(n, body, ctx, opt) where ctx leads to this rank's part:

       double *x = crew_dist_items(d);
       for (size_t i = begin; i < end; i++)
           x[i - crew_dist_begin(d)] = ...

   Other arrays of the same parts (crew_dist_like) may be used alongside. Collective. Returns as crew_for, the same on
   all ranks; where an item fails the items below it on its own rank have run, those of other ranks too. opt->timeout
   and cancel are each rank's own. One message to and fro at the end. */
CREW_API int crew_for_dist(const crew_dist *d, crew_body *body, void *ctx, const crew_options *opt);

/* crew_map from one array to another of the same parts: out[i] = fn(in[i]). in may be out. Different parts: -EINVAL.
   Otherwise as crew_for_dist. */
CREW_API int crew_map_dist(const crew_dist *in, crew_dist *out, crew_map_fn *fn, void *ctx, const crew_options *opt);

/* crew_reduce over the elements of d: fold gets the elements begin .. end-1 side by side at `rows`, one block or a part
   of it. The blocks and the tree are those of crew_reduce with the same n, grain and r->size, so the result has its
   bits. A block that lies across a border is folded where it begins, and its elements travel there: at most one block's
   from each rank, none where borders stand between blocks. Accumulators travel as bytes, so they hold no pointers, and
   r->drop must be NULL (-EINVAL).

   result receives the same bytes on all ranks. Collective. Returns as crew_reduce, the same on all ranks. Work
   O(n / ranks), span O(log ranks) messages besides; each rank sends O(log ranks) messages of at most
   2 log2(blocks) accumulators. */
CREW_API int crew_reduce_dist(const crew_dist *d, const crew_array_reducer *r, void *ctx, void *result,
                              const crew_options *opt);

/* crew_reduce over the items 0 .. n-1 by their numbers alone, blocks shared out evenly among the ranks of m. Otherwise
   as crew_reduce_dist. */
CREW_API int crew_mpi_reduce(crew_mpi *m, size_t n, const crew_reducer *r, void *ctx, void *result,
                             const crew_options *opt);

/* The typed forms of crew/reduce.h, with the same bits: *result becomes what crew_sum_f64(x, n) returns for all
   elements, on all ranks. d has elements of that type's size: else -EINVAL. dot: x and y in the same parts. minmax:
   either pointer may be NULL. argmin and argmax give numbers of items of the whole array. Collective. They return 0,
   -EINVAL, -ENOMEM, -EPERM, -EIO. At most 4095 elements of a rank travel, none where borders stand at multiples of
   4096, as crew_dist_open puts them in large arrays. O(log ranks) messages of at most 1 KiB. Here they are shown for
   f64; the other types are in mpi_types.h. */
CREW_API int crew_sum_dist_f64(const crew_dist *x, double *result);
CREW_API int crew_dot_dist_f64(const crew_dist *x, const crew_dist *y, double *result);
CREW_API int crew_min_dist_f64(const crew_dist *x, double *result);
CREW_API int crew_max_dist_f64(const crew_dist *x, double *result);
CREW_API int crew_minmax_dist_f64(const crew_dist *x, double *min, double *max);
CREW_API int crew_argmin_dist_f64(const crew_dist *x, size_t *index);
CREW_API int crew_argmax_dist_f64(const crew_dist *x, size_t *index);
CREW_API int crew_mean_dist_f64(const crew_dist *x, double *result);

/* The typed scans of crew/scan.h, with the same bits: out[i] = x[0] + ... + x[i] and the like over the whole array,
   *total (NULL: not asked for) what the local call returns. x and out have elements of that type in the same parts, and
   may be one array: else -EINVAL. Collective. They return 0, -EINVAL, -EOVERFLOW (2^31 leaves of 16384 elements),
   -ENOMEM, -EPERM, -EIO. x is read twice. Elements travel as for the sums, at most 16383 of a rank; the totals of all
   leaves, 8 bytes for 16384 elements, go to all ranks in one collective of O(log ranks) messages. For all six types,
   see the end. */
CREW_API int crew_scan_inclusive_sum_dist_f64(const crew_dist *x, crew_dist *out, double *total);
CREW_API int crew_scan_exclusive_sum_dist_f64(const crew_dist *x, crew_dist *out, double *total);
CREW_API int crew_scan_inclusive_product_dist_f64(const crew_dist *x, crew_dist *out, double *total);
CREW_API int crew_scan_exclusive_product_dist_f64(const crew_dist *x, crew_dist *out, double *total);
CREW_API int crew_scan_inclusive_min_dist_f64(const crew_dist *x, crew_dist *out, double *total);
CREW_API int crew_scan_exclusive_min_dist_f64(const crew_dist *x, crew_dist *out, double *total);
CREW_API int crew_scan_inclusive_max_dist_f64(const crew_dist *x, crew_dist *out, double *total);
CREW_API int crew_scan_exclusive_max_dist_f64(const crew_dist *x, crew_dist *out, double *total);

/* crew_sort over the whole array: stable, so that the array's elements become those of the call on one machine. Each
   rank's part is sorted, then split by samples in the order of (key, rank, place), which no two elements share: a part
   has at most 1.1 times n / ranks elements, whatever the duplicates, or one more, and below 10 ranks^2 elements parts
   are even. The ranks then exchange what belongs elsewhere, all to all, and merge. Parts change, so arrays made by
   crew_dist_like before have others.

   cmp, ctx, opt as crew_sort. Collective. Returns as crew_sort, -EPERM and -EIO; after an error the array has the same
   elements in another order, after -EIO perhaps not. Work O(n log n / ranks) and O(ranks^2 log ranks) for the
   samples, which every rank sorts; scratch twice the new part. Source: Li et al., regular sampling,
   doi:10.1016/0167-8191(93)90019-H. */
CREW_API int crew_sort_dist(crew_dist *d, int (*cmp)(const void *a, const void *b, void *ctx), void *ctx,
                            const crew_options *opt);

/* The same in the order of crew_sort_f64 (-0 before +0, NaNs last), by its radix sort. */
CREW_API int crew_sort_dist_f64(crew_dist *d);

/* crew_filter over the whole array: *out becomes a new array of the elements that pred flags, in their order, each on
   the rank that had it; crew_dist_balance makes parts even. pred gets items begin .. end-1 by their numbers in the
   whole array, all of this rank; opt->failed receives the failing item. Collective. Returns as crew_filter, the same on
   all ranks. Written on success only. Nothing but counts travels. */
CREW_API int crew_filter_dist(const crew_dist *in,
                              int (*pred)(size_t begin, size_t end, unsigned char *flags, void *ctx), void *ctx,
                              crew_dist **out, const crew_options *opt);

/* crew_count_if: how many items pred flags, on all ranks. As crew_filter_dist. */
CREW_API int crew_count_if_dist(const crew_dist *d,
                                int (*pred)(size_t begin, size_t end, unsigned char *flags, void *ctx), void *ctx,
                                size_t *count, const crew_options *opt);

/* crew_find_first: the lowest item that pred flags, n where there is none, on all ranks. A failure above the hit does
   not count. Each rank looks through its own part up to its first hit. As crew_filter_dist. */
CREW_API int crew_find_first_dist(const crew_dist *d,
                                  int (*pred)(size_t begin, size_t end, unsigned char *flags, void *ctx), void *ctx,
                                  size_t *index, const crew_options *opt);

/* crew_find_f64: the lowest item == value (a NaN finds a NaN), n where there is none, on all ranks. Returns 0, -EINVAL
   for elements of another size, -EPERM, -EIO. */
CREW_API int crew_find_dist_f64(const crew_dist *d, double value, size_t *index);

/* crew_bincount_u32 over the whole array: counts[0 .. bins-1] are the same on all ranks, as are errors; -ERANGE without
   out_of_range where any rank has a key out of range. Elements of another size: -EINVAL. Counts are whole numbers, so
   they travel by MPI_Allreduce: O(log ranks) messages of 8 bins bytes. */
CREW_API int crew_bincount_dist_u32(const crew_dist *d, uint64_t *counts, size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_dist_u8(const crew_dist *d, uint64_t *counts, size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_dist_u16(const crew_dist *d, uint64_t *counts, size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_dist_i32(const crew_dist *d, uint64_t *counts, size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_dist_i64(const crew_dist *d, uint64_t *counts, size_t bins, size_t *out_of_range);
CREW_API int crew_bincount_dist_u64(const crew_dist *d, uint64_t *counts, size_t bins, size_t *out_of_range);

/* crew_histogram_f64 and crew_histogram_by_edges_f64, likewise. */
CREW_API int crew_histogram_dist_f64(const crew_dist *d, double low, double high, uint64_t *counts, size_t bins,
                                     size_t *out_of_range);
CREW_API int crew_histogram_dist_f32(const crew_dist *d, float low, float high, uint64_t *counts, size_t bins,
                                     size_t *out_of_range);
CREW_API int crew_histogram_by_edges_dist_f64(const crew_dist *d, const double *edges, uint64_t *counts, size_t bins,
                                              size_t *out_of_range);
CREW_API int crew_histogram_by_edges_dist_f32(const crew_dist *d, const float *edges, uint64_t *counts, size_t bins,
                                              size_t *out_of_range);

/* Items over ranks, as mpi4py's MPICommExecutor: rank 0 runs the program and hands out, the others serve.

       crew_mpi_register("render", render, &scene);
       if (crew_mpi_rank(m) > 0) {
           code = crew_mpi_serve(m);
       } else {
           code = crew_mpi_map(m, "render", in, sizeof *in, out, sizeof *out, n, NULL, NULL, NULL);
           crew_mpi_release(m);
       }

   A function is called by its name, since its address differs between ranks. Jobs one by one, and items in worker
   processes: mpi_submit.h. */

/* Makes fn callable as `name` on this rank; ctx is handed to it. A name that is there already gets the new function.
   Returns 0, -EINVAL (NULL, or a name that is empty or longer than 63 bytes), -ENOMEM (more than 256 names). Not
   collective. One thread at a time, and not while crew_mpi_serve or crew_mpi_map run. */
CREW_API int crew_mpi_register(const char *name, crew_map_fn *fn, void *ctx);

/* On ranks above 0: does items that rank 0 hands out, with this rank's team, until rank 0 calls crew_mpi_release. On
   rank 0: returns 0 at once. Returns 0, -EINVAL, -EPERM or -EIO. Without memory for a batch, of at most 64 MiB or
   one item, the job ends with a message. */
CREW_API int crew_mpi_serve(crew_mpi *m);

/* Rank 0: lets the others return from crew_mpi_serve. Elsewhere: -EINVAL. Returns 0, -EPERM or -EIO. */
CREW_API int crew_mpi_release(crew_mpi *m);

/* Told that the items begin .. end-1 are in `out`: in order, each once, as soon as all below are there. */
typedef void crew_mpi_ready(size_t begin, size_t end, void *ctx);

/* crew_map with the function registered as `name`, on the ranks that serve: out[i] = fn(in[i]). Called by rank 0 alone.
   Items go out in order, to whoever is free, in batches that are measured to take some milliseconds, with an item for
   every thread at least, and each rank has the next batch before it ends one. Waits first for what was submitted. Where
   there is no other rank it runs here, like crew_map.

   in, out, sizes, n  as crew_map, but that out may not be in
   ready, ready_ctx   called on this thread as results come; NULL: nobody asks. Must not call MPI or this layer
   opt                NULL: defaults. cancel and timeout stop the handing out; failed receives the lowest failing item;
   the others are not used

   Returns 0; the value of the lowest item that failed (items below it are done, no batch above goes out any more);
   -ENOENT where a rank has no function of that name; -EINVAL, also on other ranks than 0; -EOVERFLOW, -ENOMEM,
   -ECANCELED, -ETIMEDOUT, -EPERM, -EIO. Deterministic as far as fn is. Two messages a batch each way. */
CREW_API int crew_mpi_map(crew_mpi *m, const char *name, const void *in, size_t in_size, void *out, size_t out_size,
                          size_t n, crew_mpi_ready *ready, void *ready_ctx, const crew_options *opt);

#ifdef __cplusplus
}
#endif

#include <crew/mpi_algorithms.h>
#include <crew/mpi_submit.h>
#include <crew/mpi_types.h>

#endif
