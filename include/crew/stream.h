/* Streams: items that come one after the other, pass through stages, and leave; a fixed number of them at a time.

   A whole program:

       #include <crew/stream.h>
       #include <stdio.h>

       static int source(void *item, size_t index, void *ctx)
       {
           if (index == *(size_t *)ctx)
               return CREW_STREAM_END;
           *(size_t *)item = index;
           return 0;
       }

       static int square(void *item, size_t index, void *ctx)
       {
           (void)ctx;
           *(size_t *)item *= index;
           return 0;
       }

       static int show(void *item, size_t index, void *ctx)
       {
           (void)ctx;
           printf("%zu: %zu\n", index, *(size_t *)item);
           return 0;
       }

       int main(void)
       {
           size_t n = 3;
           crew_stage stage = {square, CREW_STAGE_PARALLEL};
           crew_pipeline p = {
               .item_size = sizeof(size_t), .source = source, .stages = &stage, .nstages = 1, .sink = show};
           return crew_stream(&p, &n, NULL) != 0;
           // prints 0: 0
           // prints 1: 1
           // prints 2: 4
       } */
#ifndef CREW_STREAM_H
#define CREW_STREAM_H

#include <crew/options.h>
#include <limits.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Source, stage or sink: works on the buffer `item`, which holds item `index`, 0, 1, 2, ... in the order of the source.
   Returns 0; CREW_STREAM_END; CREW_STREAM_SKIP; or another value, which stops the stream as a failure of this item. It
   must end by returning, as crew_body. */
typedef int crew_stream_fn(void *item, size_t index, void *ctx);

/* Makes a buffer ready, or frees what it holds. */
typedef int crew_item_open(void *item, void *ctx);
typedef void crew_item_close(void *item, void *ctx);

enum {
    /* From the source: there is no item `index`. From a stage or the sink: this item is the last one, and goes no
       further; those before it finish, those after it do not. The call then returns 0. */
    CREW_STREAM_END = INT_MIN,
    /* This item goes no further; the others do. */
    CREW_STREAM_SKIP = INT_MIN + 1
};

typedef enum crew_stage_kind {
    CREW_STAGE_PARALLEL,     /* any number of items at the same time */
    CREW_STAGE_IN_ORDER,     /* one item at a time, in the order of the source */
    CREW_STAGE_ONE_AT_A_TIME /* one item at a time, as they come */
} crew_stage_kind;

typedef struct crew_stage {
    crew_stream_fn *fn;
    crew_stage_kind kind;
} crew_stage;

/* What a stream is made of. Zero bytes are the defaults, so name only what there is. */
typedef struct crew_pipeline {
    size_t item_size;         /* bytes of an item's buffer; 0: every item is NULL */
    crew_stream_fn *source;   /* fills the buffer with the next item; one call at a time, in order */
    const crew_stage *stages; /* may be NULL where nstages is 0 */
    size_t nstages;
    crew_stream_fn *sink;   /* one call at a time, in order; NULL: none */
    bool unordered;         /* the sink takes items as they come */
    size_t in_flight;       /* most items between the source and the sink's return; 0: four a thread */
    size_t total;           /* items that progress expects; 0: not known, and progress is called with total 0 */
    crew_item_open *open;   /* called once for each buffer before its first use; NULL: none */
    crew_item_close *close; /* called once for each buffer that was opened, at the end; NULL: none */
} crew_pipeline;

/* Lets items through a pipeline until the source ends. Equals

       for (size_t i = 0;; i++) {
           if ((code = source(item, i, ctx)) == 0)
               for (size_t s = 0; s < nstages && code == 0; s++)
                   code = stages[s].fn(item, i, ctx);
           if (code == 0 && sink)
               code = sink(item, i, ctx);
           if (code == CREW_STREAM_END)
               return 0;
           if (code != 0 && code != CREW_STREAM_SKIP)
               return code;
       }

       crew_stream(&(crew_pipeline){.item_size = sizeof(struct block), .source = read_block, .stages = &squeeze,
                                    .nstages = 1, .sink = write_block}, &files, NULL);

   The buffers belong to the stream: in_flight of them, each aligned to 64 bytes, zero at first and used again and
   again; a buffer comes to the source as the item before left it, so what `open` or an item allocates in it may stay.
   An item is counted from the moment when the source is asked for it until the sink has returned, so that memory is
   bounded also where the sink is slow.

   p       NULL, a NULL source or stage, another kind, stages NULL with nstages: -EINVAL
   ctx     handed to all callbacks; may be NULL
   opt     NULL: defaults. threads, cancel, timeout, progress, failed, name as in crew_for; grain is not used. cancel
           and timeout: from then on no callback begins. progress counts items that have left, and gets their number
           as total at the end where it was not known

   Returns 0; the value of the lowest item for which a callback failed, at any thread count (those below it
   go all the way, also through the sink; those above it are dropped, but where the sink is unordered or a stage is not
   in order they may have been there already); -ECANCELED, -ETIMEDOUT; -EINVAL; -EOVERFLOW (in_flight * item_size),
   -ENOMEM. A value of a callback comes before cancel and timeout. When it returns no callback runs and all buffers are
   closed and freed.

   The calling thread takes part. Each thread takes an item as far as it can: so an item stays in one cache, and what
   is furthest on goes first. A thread that finds nothing to do looks around for 20 us and then sleeps. What one
   callback wrote is visible to the next one of the same item, and of the same serial stage. crew_worker() numbers the
   threads.

   Work that of the callbacks and O(stages) an item; span that of the slowest serial stage. Scratch in_flight *
   (item_size + 128) bytes. Deterministic where the callbacks are and the sink is in order. Thread safe; may be called
   from inside callbacks: in a task of an executor or a crew_run, idle workers of that team help, and leave when the
   stream has nothing for them. A callback that waits there for another task must do so by crew_future_wait: it may have
   the last worker that could run that task. In the sequential build, and where no second thread can be had, it is the
   loop above. Tokens and serial filters as in MacDonald, Szafron, Schaeffer, "Rethinking the pipeline as
   object-oriented states with transformations" (doi:10.1109/HIPS.2004.1299186). */
CREW_API int crew_stream(const crew_pipeline *p, void *ctx, const crew_options *opt);

#ifdef __cplusplus
}
#endif
#endif
