"""Declarations of crew for Cython: cimport crew. Made by declarations.py from the headers.

Everything may be called without the GIL. A callback is a cdef function that is noexcept nogil.
"""

from libc.stdint cimport int8_t, int16_t, int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdio cimport FILE

cdef extern from "<stdbool.h>":
    ctypedef unsigned char crew_bool "bool"

cdef extern from "crew/crew.h" nogil:
    enum:
        CREW_PHYSICAL
        CREW_ARRAY_DIMS
        CREW_EXACT_WORDS
        CREW_EXACT_BYTES
        CREW_CANCEL_PENDING
        CREW_NO_WAIT
        CREW_STREAM_END
        CREW_STREAM_SKIP
        CREW_VERSION_MAJOR
        CREW_VERSION_MINOR
        CREW_VERSION_PATCH

    ctypedef struct crew_cancel:
        int requested

    ctypedef void crew_progress(size_t done, size_t total, void *ctx) noexcept nogil

    ctypedef struct crew_options:
        int threads
        size_t grain
        crew_cancel *cancel
        double timeout
        crew_progress *progress
        void *progress_ctx
        size_t *failed
        const char *name

    ctypedef struct crew_array:
        pass

    ctypedef enum crew_type:
        CREW_F32
        CREW_F64
        CREW_I32
        CREW_I64
        CREW_U32
        CREW_U64
        CREW_I8
        CREW_U8
        CREW_I16
        CREW_U16
        CREW_BOOL
        CREW_TYPES

    ctypedef struct crew_array_info:
        crew_type type
        crew_bool fortran
        size_t ndim
        size_t shape[64]
        size_t items
        size_t rows
        size_t row_items
        size_t row_size
        void *data

    ctypedef enum crew_array_mode:
        CREW_ARRAY_READ
        CREW_ARRAY_APPEND
        CREW_ARRAY_MAP
        CREW_ARRAY_MAP_COPY
        CREW_ARRAY_MODES

    ctypedef int crew_array_body(size_t begin, size_t end, const void *rows, void *ctx) noexcept nogil

    ctypedef struct crew_array_reducer:
        size_t size
        const void *identity
        int (*fold)(size_t begin, size_t end, const void *rows, void *acc, void *ctx) noexcept nogil
        void (*merge)(void *acc, const void *right, void *ctx) noexcept nogil
        void (*drop)(void *acc, void *ctx) noexcept nogil

    ctypedef struct crew_reducer:
        size_t size
        const void *identity
        int (*fold)(size_t begin, size_t end, void *acc, void *ctx) noexcept nogil
        void (*merge)(void *acc, const void *right, void *ctx) noexcept nogil
        void (*drop)(void *acc, void *ctx) noexcept nogil

    ctypedef struct crew_exact:
        uint64_t words[CREW_EXACT_WORDS]
        uint64_t special

    ctypedef int crew_map_fn(const void *in_, void *out, void *ctx) noexcept nogil

    ctypedef int crew_task_fn(void *arg) noexcept nogil

    ctypedef struct crew_task:
        crew_task_fn *fn
        void *arg
        void *worker
        crew_task **at
        int state
        int result
        unsigned int base

    ctypedef struct crew_call:
        crew_task_fn *fn
        void *arg

    ctypedef struct crew_executor:
        pass

    ctypedef struct crew_future:
        pass

    ctypedef struct crew_completion:
        pass

    ctypedef int crew_initializer(void **local, void *ctx) noexcept nogil

    ctypedef void crew_finalizer(void *local, void *ctx) noexcept nogil

    ctypedef struct crew_executor_options:
        int threads
        size_t queue_limit
        crew_initializer *initializer
        crew_finalizer *finalizer
        void *ctx
        const char *name
        int processes
        const crew_process_options *process_options
        crew_bool on_demand
        size_t max_tasks

    ctypedef enum crew_priority:
        CREW_PRIORITY_LOW
        CREW_PRIORITY_NORMAL
        CREW_PRIORITY_HIGH

    ctypedef struct crew_submit_options:
        crew_priority priority
        size_t copy
        crew_future **deps
        size_t ndeps
        void *tag

    ctypedef enum crew_future_state:
        CREW_FUTURE_PENDING
        CREW_FUTURE_RUNNING
        CREW_FUTURE_DONE
        CREW_FUTURE_CANCELED

    ctypedef void crew_callback(crew_future *f, void *ctx) noexcept nogil

    ctypedef struct crew_promise:
        pass

    ctypedef enum crew_wait_mode:
        CREW_WAIT_ALL
        CREW_WAIT_ANY
        CREW_WAIT_FIRST_FAILURE

    ctypedef int crew_result_fn(size_t index, const void *out, void *ctx) noexcept nogil

    ctypedef int crew_item_fn(size_t index, const void *in_, void *out, void *ctx) noexcept nogil

    ctypedef struct crew_executor_map_options:
        size_t ahead
        crew_bool unordered
        crew_bool run_all
        int *status
        size_t *failed
        crew_cancel *cancel
        double timeout
        crew_progress *progress
        void *progress_ctx
        const char *name

    ctypedef int crew_predicate(size_t begin, size_t end, unsigned char *flags, void *ctx) noexcept nogil

    ctypedef int crew_compare(const void *a, const void *b, void *ctx) noexcept nogil

    ctypedef enum crew_side:
        CREW_LEFT
        CREW_RIGHT

    ctypedef int crew_body(size_t begin, size_t end, void *ctx) noexcept nogil

    ctypedef struct crew_tile:
        size_t rows
        size_t cols

    ctypedef int crew_body_2d(size_t row_begin, size_t row_end, size_t col_begin, size_t col_end,
        void *ctx) noexcept nogil

    ctypedef struct crew_box:
        size_t planes
        size_t rows
        size_t cols

    ctypedef int crew_body_3d(size_t plane_begin, size_t plane_end, size_t row_begin, size_t row_end, size_t col_begin,
        size_t col_end, void *ctx) noexcept nogil

    ctypedef struct crew_local:
        size_t size
        int (*init)(void *value, void *ctx) noexcept nogil
        void (*fini)(void *value, void *ctx) noexcept nogil

    ctypedef int crew_local_body(size_t begin, size_t end, void *value, void *ctx) noexcept nogil

    ctypedef struct crew_graph:
        pass

    ctypedef struct crew_lines_block:
        char *text
        size_t size
        size_t number
        size_t offset
        const char *failed
        char *buffer
        size_t room

    ctypedef struct crew_lines:
        pass

    ctypedef int crew_lines_body(crew_lines_block *block, void *ctx) noexcept nogil

    ctypedef struct crew_lines_reducer:
        size_t size
        const void *identity
        int (*fold)(crew_lines_block *block, void *acc, void *ctx) noexcept nogil
        int (*merge)(void *acc, void *right, void *ctx) noexcept nogil
        void (*drop)(void *acc, void *ctx) noexcept nogil

    ctypedef struct crew_process_options:
        int processes
        size_t batch
        double item_timeout
        size_t memory
        size_t max_items
        int retries
        int (*initializer)(void *ctx) noexcept nogil
        const char *journal
        int *status

    ctypedef struct crew_random:
        uint64_t seed
        uint64_t stream
        uint64_t next
        unsigned int at
        unsigned int have
        uint64_t drawn[32]

    ctypedef struct crew_scanner:
        const void *identity
        void (*combine)(void *acc, const void *right, void *ctx) noexcept nogil

    ctypedef enum crew_set_operation:
        CREW_SET_UNION
        CREW_SET_INTERSECTION
        CREW_SET_DIFFERENCE
        CREW_SET_SYMMETRIC_DIFFERENCE

    ctypedef int crew_stream_fn(void *item, size_t index, void *ctx) noexcept nogil

    ctypedef int crew_item_open(void *item, void *ctx) noexcept nogil

    ctypedef void crew_item_close(void *item, void *ctx) noexcept nogil

    ctypedef enum crew_stage_kind:
        CREW_STAGE_PARALLEL
        CREW_STAGE_IN_ORDER
        CREW_STAGE_ONE_AT_A_TIME

    ctypedef struct crew_stage:
        crew_stream_fn *fn
        crew_stage_kind kind

    ctypedef struct crew_pipeline:
        size_t item_size
        crew_stream_fn *source
        const crew_stage *stages
        size_t nstages
        crew_stream_fn *sink
        crew_bool unordered
        size_t in_flight
        size_t total
        crew_item_open *open
        crew_item_close *close

    ctypedef struct crew_tally_entry:
        const char *key
        size_t size
        size_t count
        double sum
        uint64_t hash

    ctypedef struct crew_tally:
        crew_tally_entry *entries
        size_t used
        size_t room
        uint32_t *slots
        size_t nslots
        void *keys

    ctypedef struct crew_bytes:
        const void *data
        size_t size

    ctypedef enum crew_bytes_order:
        CREW_BYTES_FIRST_SEEN
        CREW_BYTES_SORTED

    ctypedef struct crew_call_stats:
        const char *name
        size_t calls
        size_t blocks
        size_t steals
        double seconds
        double busy
        double busiest
        double available

    void crew_cancel_request(crew_cancel *cancel)
    crew_bool crew_cancel_requested(const crew_cancel *cancel)
    void crew_cancel_reset(crew_cancel *cancel)
    void crew_progress_bar(size_t done, size_t total, void *ctx)
    int crew_num_threads()
    int crew_set_num_threads(int threads)
    int crew_limit_inner(int threads)
    int crew_explain_threads(char *text, size_t size)
    const char *crew_backend()
    const char *crew_strerror(int error)
    size_t crew_type_size(crew_type type)
    const char *crew_type_name(crew_type type)
    crew_array *crew_array_open(const char *path, crew_array_mode mode)
    crew_array *crew_array_open_raw(const char *path, crew_type type, size_t offset, const size_t *shape, size_t ndim,
        crew_array_mode mode)
    crew_array *crew_array_create(const char *path, crew_type type, const size_t *shape, size_t ndim)
    const crew_array_info *crew_array_get_info(const crew_array *a)
    int crew_array_read(const crew_array *a, size_t begin, size_t end, void *rows)
    int crew_array_write(crew_array *a, size_t begin, size_t end, const void *rows)
    int crew_array_append(crew_array *a, const void *rows, size_t count)
    int crew_array_close(crew_array *a)
    const char *crew_array_why()
    int crew_array_for(const crew_array *a, crew_array_body *body, void *ctx, const crew_options *opt)
    int crew_array_reduce(const crew_array *a, const crew_array_reducer *r, void *ctx, void *result, const
        crew_options *opt)
    void *crew_load(const char *path, crew_array_info *info)
    int crew_save(const char *path, crew_type type, const size_t *shape, size_t ndim, const void *data)
    float *crew_load_f32(const char *path, size_t *n)
    double *crew_load_f64(const char *path, size_t *n)
    int32_t *crew_load_i32(const char *path, size_t *n)
    int64_t *crew_load_i64(const char *path, size_t *n)
    uint32_t *crew_load_u32(const char *path, size_t *n)
    uint64_t *crew_load_u64(const char *path, size_t *n)
    int8_t *crew_load_i8(const char *path, size_t *n)
    uint8_t *crew_load_u8(const char *path, size_t *n)
    int16_t *crew_load_i16(const char *path, size_t *n)
    uint16_t *crew_load_u16(const char *path, size_t *n)
    crew_bool *crew_load_bool(const char *path, size_t *n)
    int crew_save_f32(const char *path, const float *x, size_t n)
    int crew_save_f64(const char *path, const double *x, size_t n)
    int crew_save_i32(const char *path, const int32_t *x, size_t n)
    int crew_save_i64(const char *path, const int64_t *x, size_t n)
    int crew_save_u32(const char *path, const uint32_t *x, size_t n)
    int crew_save_u64(const char *path, const uint64_t *x, size_t n)
    int crew_save_i8(const char *path, const int8_t *x, size_t n)
    int crew_save_u8(const char *path, const uint8_t *x, size_t n)
    int crew_save_i16(const char *path, const int16_t *x, size_t n)
    int crew_save_u16(const char *path, const uint16_t *x, size_t n)
    int crew_save_bool(const char *path, const crew_bool *x, size_t n)
    int crew_reduce(size_t n, const crew_reducer *r, void *ctx, void *result, const crew_options *opt)
    double crew_sum_f64(const double *x, size_t n)
    double crew_dot_f64(const double *x, const double *y, size_t n)
    double crew_min_f64(const double *x, size_t n)
    double crew_max_f64(const double *x, size_t n)
    void crew_minmax_f64(const double *x, size_t n, double *min, double *max)
    size_t crew_argmin_f64(const double *x, size_t n)
    size_t crew_argmax_f64(const double *x, size_t n)
    double crew_mean_f64(const double *x, size_t n)
    float crew_norm2_f32(const float *x, size_t n)
    double crew_norm2_f64(const double *x, size_t n)
    float crew_nansum_f32(const float *x, size_t n)
    double crew_nansum_f64(const double *x, size_t n)
    double crew_nanmean_f32(const float *x, size_t n)
    double crew_nanmean_f64(const double *x, size_t n)
    float crew_nanmin_f32(const float *x, size_t n)
    double crew_nanmin_f64(const double *x, size_t n)
    float crew_nanmax_f32(const float *x, size_t n)
    double crew_nanmax_f64(const double *x, size_t n)
    float crew_sum_f32(const float *x, size_t n)
    int64_t crew_sum_i32(const int32_t *x, size_t n)
    int64_t crew_sum_i64(const int64_t *x, size_t n)
    uint64_t crew_sum_u32(const uint32_t *x, size_t n)
    uint64_t crew_sum_u64(const uint64_t *x, size_t n)
    float crew_dot_f32(const float *x, const float *y, size_t n)
    int64_t crew_dot_i32(const int32_t *x, const int32_t *y, size_t n)
    int64_t crew_dot_i64(const int64_t *x, const int64_t *y, size_t n)
    uint64_t crew_dot_u32(const uint32_t *x, const uint32_t *y, size_t n)
    uint64_t crew_dot_u64(const uint64_t *x, const uint64_t *y, size_t n)
    float crew_min_f32(const float *x, size_t n)
    int32_t crew_min_i32(const int32_t *x, size_t n)
    int64_t crew_min_i64(const int64_t *x, size_t n)
    uint32_t crew_min_u32(const uint32_t *x, size_t n)
    uint64_t crew_min_u64(const uint64_t *x, size_t n)
    float crew_max_f32(const float *x, size_t n)
    int32_t crew_max_i32(const int32_t *x, size_t n)
    int64_t crew_max_i64(const int64_t *x, size_t n)
    uint32_t crew_max_u32(const uint32_t *x, size_t n)
    uint64_t crew_max_u64(const uint64_t *x, size_t n)
    void crew_minmax_f32(const float *x, size_t n, float *min, float *max)
    void crew_minmax_i32(const int32_t *x, size_t n, int32_t *min, int32_t *max)
    void crew_minmax_i64(const int64_t *x, size_t n, int64_t *min, int64_t *max)
    void crew_minmax_u32(const uint32_t *x, size_t n, uint32_t *min, uint32_t *max)
    void crew_minmax_u64(const uint64_t *x, size_t n, uint64_t *min, uint64_t *max)
    size_t crew_argmin_f32(const float *x, size_t n)
    size_t crew_argmin_i32(const int32_t *x, size_t n)
    size_t crew_argmin_i64(const int64_t *x, size_t n)
    size_t crew_argmin_u32(const uint32_t *x, size_t n)
    size_t crew_argmin_u64(const uint64_t *x, size_t n)
    size_t crew_argmax_f32(const float *x, size_t n)
    size_t crew_argmax_i32(const int32_t *x, size_t n)
    size_t crew_argmax_i64(const int64_t *x, size_t n)
    size_t crew_argmax_u32(const uint32_t *x, size_t n)
    size_t crew_argmax_u64(const uint64_t *x, size_t n)
    double crew_mean_f32(const float *x, size_t n)
    double crew_mean_i32(const int32_t *x, size_t n)
    double crew_mean_i64(const int64_t *x, size_t n)
    double crew_mean_u32(const uint32_t *x, size_t n)
    double crew_mean_u64(const uint64_t *x, size_t n)
    int crew_unique_counts_u32(const uint32_t *keys, size_t n, uint32_t *keys_out, uint64_t *counts, size_t *groups)
    int crew_group_by_key_u32(const uint32_t *keys, size_t n, uint32_t *keys_out, size_t *offsets, size_t *indices,
        size_t *groups)
    int crew_group_by_index_u32(const uint32_t *keys, size_t n, size_t k, size_t *offsets, size_t *indices)
    int crew_group_by_index_u64(const uint64_t *keys, size_t n, size_t k, size_t *offsets, size_t *indices)
    int crew_reduce_by_key_sum_u32_f64(const uint32_t *keys, const double *values, size_t n, uint32_t *keys_out,
        double *sums, size_t *groups)
    int crew_reduce_by_key_min_u32_f64(const uint32_t *keys, const double *values, size_t n, uint32_t *keys_out,
        double *mins, size_t *groups)
    int crew_reduce_by_key_max_u32_f64(const uint32_t *keys, const double *values, size_t n, uint32_t *keys_out,
        double *maxs, size_t *groups)
    int crew_reduce_by_key_u32(const uint32_t *keys, size_t n, const crew_reducer *r, void *ctx, uint32_t *keys_out,
        void *results, size_t *groups, const crew_options *opt)
    int crew_unique_counts_i32(const int32_t *keys, size_t n, int32_t *keys_out, uint64_t *counts, size_t *groups)
    int crew_unique_counts_i64(const int64_t *keys, size_t n, int64_t *keys_out, uint64_t *counts, size_t *groups)
    int crew_unique_counts_u64(const uint64_t *keys, size_t n, uint64_t *keys_out, uint64_t *counts, size_t *groups)
    int crew_group_by_key_i32(const int32_t *keys, size_t n, int32_t *keys_out, size_t *offsets, size_t *indices,
        size_t *groups)
    int crew_group_by_key_i64(const int64_t *keys, size_t n, int64_t *keys_out, size_t *offsets, size_t *indices,
        size_t *groups)
    int crew_group_by_key_u64(const uint64_t *keys, size_t n, uint64_t *keys_out, size_t *offsets, size_t *indices,
        size_t *groups)
    int crew_reduce_by_key_sum_i32_f64(const int32_t *keys, const double *values, size_t n, int32_t *keys_out,
        double *sums, size_t *groups)
    int crew_reduce_by_key_sum_i64_f64(const int64_t *keys, const double *values, size_t n, int64_t *keys_out,
        double *sums, size_t *groups)
    int crew_reduce_by_key_sum_u64_f64(const uint64_t *keys, const double *values, size_t n, uint64_t *keys_out,
        double *sums, size_t *groups)
    int crew_reduce_by_key_sum_i32_i64(const int32_t *keys, const int64_t *values, size_t n, int32_t *keys_out,
        int64_t *sums, size_t *groups)
    int crew_reduce_by_key_sum_i64_i64(const int64_t *keys, const int64_t *values, size_t n, int64_t *keys_out,
        int64_t *sums, size_t *groups)
    int crew_reduce_by_key_sum_u32_i64(const uint32_t *keys, const int64_t *values, size_t n, uint32_t *keys_out,
        int64_t *sums, size_t *groups)
    int crew_reduce_by_key_sum_u64_i64(const uint64_t *keys, const int64_t *values, size_t n, uint64_t *keys_out,
        int64_t *sums, size_t *groups)
    int crew_reduce_by_key_min_i32_f64(const int32_t *keys, const double *values, size_t n, int32_t *keys_out,
        double *mins, size_t *groups)
    int crew_reduce_by_key_min_i64_f64(const int64_t *keys, const double *values, size_t n, int64_t *keys_out,
        double *mins, size_t *groups)
    int crew_reduce_by_key_min_u64_f64(const uint64_t *keys, const double *values, size_t n, uint64_t *keys_out,
        double *mins, size_t *groups)
    int crew_reduce_by_key_min_i32_i64(const int32_t *keys, const int64_t *values, size_t n, int32_t *keys_out,
        int64_t *mins, size_t *groups)
    int crew_reduce_by_key_min_i64_i64(const int64_t *keys, const int64_t *values, size_t n, int64_t *keys_out,
        int64_t *mins, size_t *groups)
    int crew_reduce_by_key_min_u32_i64(const uint32_t *keys, const int64_t *values, size_t n, uint32_t *keys_out,
        int64_t *mins, size_t *groups)
    int crew_reduce_by_key_min_u64_i64(const uint64_t *keys, const int64_t *values, size_t n, uint64_t *keys_out,
        int64_t *mins, size_t *groups)
    int crew_reduce_by_key_max_i32_f64(const int32_t *keys, const double *values, size_t n, int32_t *keys_out,
        double *maxs, size_t *groups)
    int crew_reduce_by_key_max_i64_f64(const int64_t *keys, const double *values, size_t n, int64_t *keys_out,
        double *maxs, size_t *groups)
    int crew_reduce_by_key_max_u64_f64(const uint64_t *keys, const double *values, size_t n, uint64_t *keys_out,
        double *maxs, size_t *groups)
    int crew_reduce_by_key_max_i32_i64(const int32_t *keys, const int64_t *values, size_t n, int32_t *keys_out,
        int64_t *maxs, size_t *groups)
    int crew_reduce_by_key_max_i64_i64(const int64_t *keys, const int64_t *values, size_t n, int64_t *keys_out,
        int64_t *maxs, size_t *groups)
    int crew_reduce_by_key_max_u32_i64(const uint32_t *keys, const int64_t *values, size_t n, uint32_t *keys_out,
        int64_t *maxs, size_t *groups)
    int crew_reduce_by_key_max_u64_i64(const uint64_t *keys, const int64_t *values, size_t n, uint64_t *keys_out,
        int64_t *maxs, size_t *groups)
    int crew_reduce_by_key_i32(const int32_t *keys, size_t n, const crew_reducer *r, void *ctx, int32_t *keys_out,
        void *results, size_t *groups, const crew_options *opt)
    int crew_reduce_by_key_i64(const int64_t *keys, size_t n, const crew_reducer *r, void *ctx, int64_t *keys_out,
        void *results, size_t *groups, const crew_options *opt)
    int crew_reduce_by_key_u64(const uint64_t *keys, size_t n, const crew_reducer *r, void *ctx, uint64_t *keys_out,
        void *results, size_t *groups, const crew_options *opt)
    double crew_sum_exact_f64(const double *x, size_t n)
    float crew_sum_exact_f32(const float *x, size_t n)
    double crew_dot_exact_f64(const double *x, const double *y, size_t n)
    float crew_dot_exact_f32(const float *x, const float *y, size_t n)
    void crew_exact_add(crew_exact *state, const double *x, size_t n)
    void crew_exact_add_f32(crew_exact *state, const float *x, size_t n)
    void crew_exact_add_dot(crew_exact *state, const double *x, const double *y, size_t n)
    void crew_exact_add_dot_f32(crew_exact *state, const float *x, const float *y, size_t n)
    void crew_exact_merge(crew_exact *state, const crew_exact *other)
    double crew_exact_value(const crew_exact *state)
    float crew_exact_value_f32(const crew_exact *state)
    void crew_exact_to_bytes(const crew_exact *state, void *bytes)
    int crew_exact_from_bytes(crew_exact *state, const void *bytes)
    int crew_run(crew_task_fn *root, void *arg, const crew_options *opt)
    void crew_fork(crew_task *task, crew_task_fn *fn, void *arg)
    int crew_join(crew_task *task)
    int crew_invoke(const crew_call *calls, size_t n)
    crew_executor *crew_executor_open(const crew_executor_options *opt)
    int crew_executor_shutdown(crew_executor *ex, unsigned int flags)
    int crew_executor_threads(crew_executor *ex)
    void *crew_executor_local()
    crew_future *crew_submit(crew_executor *ex, crew_task_fn *fn, void *arg)
    crew_future *crew_submit_copy(crew_executor *ex, crew_task_fn *fn, const void *arg, size_t size)
    crew_future *crew_submit_after(crew_executor *ex, crew_task_fn *fn, void *arg, crew_future **deps, size_t ndeps)
    int crew_submit_with(crew_executor *ex, crew_task_fn *fn, void *arg, crew_future **future, const
        crew_submit_options *opt)
    int crew_try_submit(crew_executor *ex, crew_task_fn *fn, void *arg, crew_future **future, const
        crew_submit_options *opt)
    int crew_future_wait(crew_future *f, double seconds)
    int crew_future_result(crew_future *f, int *result)
    void *crew_future_tag(const crew_future *f)
    crew_bool crew_future_cancel(crew_future *f)
    crew_future_state crew_future_status(const crew_future *f)
    int crew_future_on_done(crew_future *f, crew_callback *fn, void *ctx)
    crew_future *crew_future_retain(crew_future *f)
    void crew_future_release(crew_future *f)
    crew_promise *crew_promise_open(crew_future **future, void *tag)
    int crew_promise_set(crew_promise *p, int result)
    void crew_promise_close(crew_promise *p)
    int crew_wait(crew_future **f, size_t n, crew_wait_mode mode, double seconds)
    int crew_wait_with(crew_future **f, size_t n, crew_wait_mode mode, const crew_options *opt)
    crew_completion *crew_completion_open(crew_future **f, size_t n)
    int crew_completion_add(crew_completion *set, crew_future *f)
    crew_future *crew_next_done(crew_completion *set)
    crew_future *crew_next_done_within(crew_completion *set, double seconds)
    void crew_completion_close(crew_completion *set)
    int crew_executor_map(crew_executor *ex, const void *in_, size_t in_size, size_t out_size, size_t n,
        crew_map_fn *fn, crew_result_fn *each, void *ctx, size_t ahead)
    int crew_executor_map_with(crew_executor *ex, const void *in_, size_t in_size, size_t out_size, size_t n,
        crew_item_fn *fn, crew_result_fn *each, void *ctx, const crew_executor_map_options *opt)
    int crew_filter(const void *in_, void *out, size_t size, size_t n, crew_predicate *pred, void *ctx, size_t *count,
        const crew_options *opt)
    int crew_pack(const void *in_, void *out, size_t size, size_t n, const unsigned char *flags, size_t *count, const
        crew_options *opt)
    int crew_partition(const void *in_, void *kept, void *rest, size_t size, size_t n, crew_predicate *pred, void *ctx,
        size_t *count, const crew_options *opt)
    int crew_unique(const void *in_, void *out, size_t size, size_t n, int (*equal)(const void *a, const void *b,
        void *ctx), void *ctx, size_t *count, const crew_options *opt)
    int crew_count_if(size_t n, crew_predicate *pred, void *ctx, size_t *count, const crew_options *opt)
    size_t crew_pack_f64(const double *in_, double *out, size_t n, const unsigned char *flags)
    size_t crew_pack_index(size_t *out, size_t n, const unsigned char *flags)
    size_t crew_unique_f64(const double *in_, double *out, size_t n)
    size_t crew_pack_f32(const float *in_, float *out, size_t n, const unsigned char *flags)
    size_t crew_pack_i32(const int32_t *in_, int32_t *out, size_t n, const unsigned char *flags)
    size_t crew_pack_i64(const int64_t *in_, int64_t *out, size_t n, const unsigned char *flags)
    size_t crew_pack_u32(const uint32_t *in_, uint32_t *out, size_t n, const unsigned char *flags)
    size_t crew_pack_u64(const uint64_t *in_, uint64_t *out, size_t n, const unsigned char *flags)
    size_t crew_unique_f32(const float *in_, float *out, size_t n)
    size_t crew_unique_i32(const int32_t *in_, int32_t *out, size_t n)
    size_t crew_unique_i64(const int64_t *in_, int64_t *out, size_t n)
    size_t crew_unique_u32(const uint32_t *in_, uint32_t *out, size_t n)
    size_t crew_unique_u64(const uint64_t *in_, uint64_t *out, size_t n)
    int crew_sort(void *base, size_t n, size_t size, crew_compare *cmp, void *ctx, const crew_options *opt)
    int crew_argsort(const void *base, size_t n, size_t size, size_t *index, crew_compare *cmp, void *ctx, const
        crew_options *opt)
    int crew_sort_by_key(void *keys, size_t key_size, void *values, size_t value_size, size_t n, crew_compare *cmp,
        void *ctx, const crew_options *opt)
    int crew_merge(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out, crew_compare *cmp,
        void *ctx, const crew_options *opt)
    int crew_merge_in_place(void *base, size_t middle, size_t n, size_t size, crew_compare *cmp, void *ctx, const
        crew_options *opt)
    int crew_is_sorted(const void *base, size_t n, size_t size, crew_compare *cmp, void *ctx, crew_bool *sorted, const
        crew_options *opt)
    int crew_nth_element(void *base, size_t n, size_t size, size_t k, crew_compare *cmp, void *ctx, const
        crew_options *opt)
    int crew_top_k(const void *base, size_t n, size_t size, size_t k, void *out, size_t *index, crew_compare *cmp,
        void *ctx, const crew_options *opt)
    int crew_sort_f64(double *x, size_t n)
    int crew_sort_by_key_f64(double *keys, void *values, size_t value_size, size_t n)
    int crew_sort_records_f64(void *base, size_t n, size_t size, size_t key_offset)
    int crew_argsort_f64(const double *x, size_t n, size_t *index)
    int crew_merge_f64(const double *a, size_t na, const double *b, size_t nb, double *out)
    int crew_merge_in_place_f64(double *x, size_t middle, size_t n)
    crew_bool crew_is_sorted_f64(const double *x, size_t n)
    int crew_nth_element_f64(double *x, size_t n, size_t k)
    int crew_top_k_f64(const double *x, size_t n, size_t k, double *out, size_t *index)
    int crew_sort_f32(float *x, size_t n)
    int crew_sort_i32(int32_t *x, size_t n)
    int crew_sort_i64(int64_t *x, size_t n)
    int crew_sort_u32(uint32_t *x, size_t n)
    int crew_sort_u64(uint64_t *x, size_t n)
    int crew_sort_by_key_f32(float *keys, void *values, size_t value_size, size_t n)
    int crew_sort_by_key_i32(int32_t *keys, void *values, size_t value_size, size_t n)
    int crew_sort_by_key_i64(int64_t *keys, void *values, size_t value_size, size_t n)
    int crew_sort_by_key_u32(uint32_t *keys, void *values, size_t value_size, size_t n)
    int crew_sort_by_key_u64(uint64_t *keys, void *values, size_t value_size, size_t n)
    int crew_sort_records_f32(void *base, size_t n, size_t size, size_t key_offset)
    int crew_sort_records_i32(void *base, size_t n, size_t size, size_t key_offset)
    int crew_sort_records_i64(void *base, size_t n, size_t size, size_t key_offset)
    int crew_sort_records_u32(void *base, size_t n, size_t size, size_t key_offset)
    int crew_sort_records_u64(void *base, size_t n, size_t size, size_t key_offset)
    int crew_argsort_f32(const float *x, size_t n, size_t *index)
    int crew_argsort_i32(const int32_t *x, size_t n, size_t *index)
    int crew_argsort_i64(const int64_t *x, size_t n, size_t *index)
    int crew_argsort_u32(const uint32_t *x, size_t n, size_t *index)
    int crew_argsort_u64(const uint64_t *x, size_t n, size_t *index)
    int crew_merge_f32(const float *a, size_t na, const float *b, size_t nb, float *out)
    int crew_merge_i32(const int32_t *a, size_t na, const int32_t *b, size_t nb, int32_t *out)
    int crew_merge_i64(const int64_t *a, size_t na, const int64_t *b, size_t nb, int64_t *out)
    int crew_merge_u32(const uint32_t *a, size_t na, const uint32_t *b, size_t nb, uint32_t *out)
    int crew_merge_u64(const uint64_t *a, size_t na, const uint64_t *b, size_t nb, uint64_t *out)
    int crew_merge_in_place_f32(float *x, size_t middle, size_t n)
    int crew_merge_in_place_i32(int32_t *x, size_t middle, size_t n)
    int crew_merge_in_place_i64(int64_t *x, size_t middle, size_t n)
    int crew_merge_in_place_u32(uint32_t *x, size_t middle, size_t n)
    int crew_merge_in_place_u64(uint64_t *x, size_t middle, size_t n)
    crew_bool crew_is_sorted_f32(const float *x, size_t n)
    crew_bool crew_is_sorted_i32(const int32_t *x, size_t n)
    crew_bool crew_is_sorted_i64(const int64_t *x, size_t n)
    crew_bool crew_is_sorted_u32(const uint32_t *x, size_t n)
    crew_bool crew_is_sorted_u64(const uint64_t *x, size_t n)
    int crew_nth_element_f32(float *x, size_t n, size_t k)
    int crew_nth_element_i32(int32_t *x, size_t n, size_t k)
    int crew_nth_element_i64(int64_t *x, size_t n, size_t k)
    int crew_nth_element_u32(uint32_t *x, size_t n, size_t k)
    int crew_nth_element_u64(uint64_t *x, size_t n, size_t k)
    int crew_top_k_f32(const float *x, size_t n, size_t k, float *out, size_t *index)
    int crew_top_k_i32(const int32_t *x, size_t n, size_t k, int32_t *out, size_t *index)
    int crew_top_k_i64(const int64_t *x, size_t n, size_t k, int64_t *out, size_t *index)
    int crew_top_k_u32(const uint32_t *x, size_t n, size_t k, uint32_t *out, size_t *index)
    int crew_top_k_u64(const uint64_t *x, size_t n, size_t k, uint64_t *out, size_t *index)
    int crew_find_first(size_t n, crew_predicate *pred, void *ctx, size_t *index, const crew_options *opt)
    int crew_any(size_t n, crew_predicate *pred, void *ctx, crew_bool *result, const crew_options *opt)
    int crew_all(size_t n, crew_predicate *pred, void *ctx, crew_bool *result, const crew_options *opt)
    int crew_none(size_t n, crew_predicate *pred, void *ctx, crew_bool *result, const crew_options *opt)
    size_t crew_mismatch(const void *a, const void *b, size_t size, size_t n)
    crew_bool crew_equal(const void *a, const void *b, size_t size, size_t n)
    size_t crew_find_f64(const double *x, size_t n, double value)
    crew_bool crew_contains_f64(const double *x, size_t n, double value)
    void crew_search_sorted_f64(const double *x, size_t n, const double *query, size_t m, crew_side side,
        size_t *index)
    int crew_search_sorted(const void *x, size_t size, size_t n, const void *query, size_t query_size, size_t m, int
        (*cmp)(const void *element, const void *query, void *ctx), void *ctx, crew_side side, size_t *index, const
        crew_options *opt)
    int crew_find_adjacent(const void *x, size_t n, size_t size, int (*equal)(const void *a, const void *b, void *ctx),
        void *ctx, size_t *index, const crew_options *opt)
    size_t crew_find_adjacent_f64(const double *x, size_t n)
    int crew_is_sorted_until(const void *x, size_t n, size_t size, crew_compare *cmp, void *ctx, size_t *index, const
        crew_options *opt)
    size_t crew_is_sorted_until_f64(const double *x, size_t n)
    int crew_find_sequence(const void *x, size_t n, const void *y, size_t m, size_t size, int (*equal)(const void *a,
        const void *b, void *ctx), void *ctx, size_t *index, const crew_options *opt)
    size_t crew_find_sequence_f64(const double *x, size_t n, const double *y, size_t m)
    int crew_lexicographical_compare(const void *a, size_t na, const void *b, size_t nb, size_t size,
        crew_compare *cmp, void *ctx, int *order, const crew_options *opt)
    int crew_lexicographical_compare_f64(const double *a, size_t na, const double *b, size_t nb)
    size_t crew_find_f32(const float *x, size_t n, float value)
    size_t crew_find_i32(const int32_t *x, size_t n, int32_t value)
    size_t crew_find_i64(const int64_t *x, size_t n, int64_t value)
    size_t crew_find_u32(const uint32_t *x, size_t n, uint32_t value)
    size_t crew_find_u64(const uint64_t *x, size_t n, uint64_t value)
    crew_bool crew_contains_f32(const float *x, size_t n, float value)
    crew_bool crew_contains_i32(const int32_t *x, size_t n, int32_t value)
    crew_bool crew_contains_i64(const int64_t *x, size_t n, int64_t value)
    crew_bool crew_contains_u32(const uint32_t *x, size_t n, uint32_t value)
    crew_bool crew_contains_u64(const uint64_t *x, size_t n, uint64_t value)
    void crew_search_sorted_f32(const float *x, size_t n, const float *query, size_t m, crew_side side, size_t *index)
    void crew_search_sorted_i32(const int32_t *x, size_t n, const int32_t *query, size_t m, crew_side side,
        size_t *index)
    void crew_search_sorted_i64(const int64_t *x, size_t n, const int64_t *query, size_t m, crew_side side,
        size_t *index)
    void crew_search_sorted_u32(const uint32_t *x, size_t n, const uint32_t *query, size_t m, crew_side side,
        size_t *index)
    void crew_search_sorted_u64(const uint64_t *x, size_t n, const uint64_t *query, size_t m, crew_side side,
        size_t *index)
    size_t crew_find_adjacent_f32(const float *x, size_t n)
    size_t crew_find_adjacent_i32(const int32_t *x, size_t n)
    size_t crew_find_adjacent_i64(const int64_t *x, size_t n)
    size_t crew_find_adjacent_u32(const uint32_t *x, size_t n)
    size_t crew_find_adjacent_u64(const uint64_t *x, size_t n)
    size_t crew_is_sorted_until_f32(const float *x, size_t n)
    size_t crew_is_sorted_until_i32(const int32_t *x, size_t n)
    size_t crew_is_sorted_until_i64(const int64_t *x, size_t n)
    size_t crew_is_sorted_until_u32(const uint32_t *x, size_t n)
    size_t crew_is_sorted_until_u64(const uint64_t *x, size_t n)
    size_t crew_find_sequence_f32(const float *x, size_t n, const float *y, size_t m)
    size_t crew_find_sequence_i32(const int32_t *x, size_t n, const int32_t *y, size_t m)
    size_t crew_find_sequence_i64(const int64_t *x, size_t n, const int64_t *y, size_t m)
    size_t crew_find_sequence_u32(const uint32_t *x, size_t n, const uint32_t *y, size_t m)
    size_t crew_find_sequence_u64(const uint64_t *x, size_t n, const uint64_t *y, size_t m)
    int crew_lexicographical_compare_f32(const float *a, size_t na, const float *b, size_t nb)
    int crew_lexicographical_compare_i32(const int32_t *a, size_t na, const int32_t *b, size_t nb)
    int crew_lexicographical_compare_i64(const int64_t *a, size_t na, const int64_t *b, size_t nb)
    int crew_lexicographical_compare_u32(const uint32_t *a, size_t na, const uint32_t *b, size_t nb)
    int crew_lexicographical_compare_u64(const uint64_t *a, size_t na, const uint64_t *b, size_t nb)
    int crew_for(size_t n, crew_body *body, void *ctx, const crew_options *opt)
    int crew_fail_at(size_t index, int code)
    int crew_for_2d(size_t rows, size_t cols, crew_tile tile, crew_body_2d *body, void *ctx, const crew_options *opt)
    int crew_for_3d(size_t planes, size_t rows, size_t cols, crew_box box, crew_body_3d *body, void *ctx, const
        crew_options *opt)
    int crew_for_local(size_t n, const crew_local *local, crew_local_body *body, void *ctx, const crew_options *opt)
    crew_bool crew_in_team()
    int crew_worker()
    crew_graph *crew_graph_open()
    void crew_graph_close(crew_graph *g)
    int crew_graph_add(crew_graph *g, crew_task_fn *fn, void *arg, size_t *node)
    int crew_graph_edge(crew_graph *g, size_t before, size_t after)
    int crew_graph_edges(crew_graph *g, const size_t (*edges)[2], size_t n)
    int crew_graph_name(crew_graph *g, size_t node, const char *name)
    int crew_graph_measure(crew_graph *g, crew_bool on)
    double crew_graph_seconds(const crew_graph *g, size_t node)
    int crew_graph_failed(const crew_graph *g, size_t *node)
    int crew_graph_dot(const crew_graph *g, FILE *out)
    size_t crew_graph_size(const crew_graph *g)
    int crew_graph_skip(crew_graph *g, size_t node, crew_bool skip)
    int crew_graph_run(crew_graph *g, const crew_options *opt)
    crew_future *crew_graph_submit(crew_executor *ex, crew_graph *g)
    int crew_bincount_u32(const uint32_t *keys, size_t n, uint64_t *counts, size_t bins, size_t *out_of_range)
    int crew_bincount32_u32(const uint32_t *keys, size_t n, uint32_t *counts, size_t bins, size_t *out_of_range)
    int crew_bincount_weighted_u32_f64(const uint32_t *keys, const double *weights, size_t n, double *sums, size_t
        bins, size_t *out_of_range)
    int crew_histogram_edges_f32(float low, float high, size_t bins, float *edges)
    int crew_histogram_edges_f64(double low, double high, size_t bins, double *edges)
    int crew_histogram_f32(const float *x, size_t n, float low, float high, uint64_t *counts, size_t bins,
        size_t *out_of_range)
    int crew_histogram_f64(const double *x, size_t n, double low, double high, uint64_t *counts, size_t bins,
        size_t *out_of_range)
    int crew_histogram_2d_f32(const float *x, const float *y, size_t n, float x_low, float x_high, size_t x_bins, float
        y_low, float y_high, size_t y_bins, uint64_t *counts, size_t *out_of_range)
    int crew_histogram_2d_f64(const double *x, const double *y, size_t n, double x_low, double x_high, size_t x_bins,
        double y_low, double y_high, size_t y_bins, uint64_t *counts, size_t *out_of_range)
    int crew_histogram_by_edges_f32(const float *x, size_t n, const float *edges, uint64_t *counts, size_t bins,
        size_t *out_of_range)
    int crew_histogram_by_edges_f64(const double *x, size_t n, const double *edges, uint64_t *counts, size_t bins,
        size_t *out_of_range)
    int crew_histogram_2d_by_edges_f32(const float *x, const float *y, size_t n, const float *x_edges, size_t x_bins,
        const float *y_edges, size_t y_bins, uint64_t *counts, size_t *out_of_range)
    int crew_histogram_2d_by_edges_f64(const double *x, const double *y, size_t n, const double *x_edges, size_t
        x_bins, const double *y_edges, size_t y_bins, uint64_t *counts, size_t *out_of_range)
    int crew_bincount_u8(const uint8_t *keys, size_t n, uint64_t *counts, size_t bins, size_t *out_of_range)
    int crew_bincount_u16(const uint16_t *keys, size_t n, uint64_t *counts, size_t bins, size_t *out_of_range)
    int crew_bincount_i32(const int32_t *keys, size_t n, uint64_t *counts, size_t bins, size_t *out_of_range)
    int crew_bincount_i64(const int64_t *keys, size_t n, uint64_t *counts, size_t bins, size_t *out_of_range)
    int crew_bincount_u64(const uint64_t *keys, size_t n, uint64_t *counts, size_t bins, size_t *out_of_range)
    int crew_bincount_weighted_u8_f64(const uint8_t *keys, const double *weights, size_t n, double *sums, size_t bins,
        size_t *out_of_range)
    int crew_bincount_weighted_u16_f64(const uint16_t *keys, const double *weights, size_t n, double *sums, size_t
        bins, size_t *out_of_range)
    int crew_bincount_weighted_i32_f64(const int32_t *keys, const double *weights, size_t n, double *sums, size_t bins,
        size_t *out_of_range)
    int crew_bincount_weighted_i64_f64(const int64_t *keys, const double *weights, size_t n, double *sums, size_t bins,
        size_t *out_of_range)
    int crew_bincount_weighted_u64_f64(const uint64_t *keys, const double *weights, size_t n, double *sums, size_t
        bins, size_t *out_of_range)
    int crew_bincount_weighted_u8_i64(const uint8_t *keys, const int64_t *weights, size_t n, int64_t *sums, size_t
        bins, size_t *out_of_range)
    int crew_bincount_weighted_u16_i64(const uint16_t *keys, const int64_t *weights, size_t n, int64_t *sums, size_t
        bins, size_t *out_of_range)
    int crew_bincount_weighted_i32_i64(const int32_t *keys, const int64_t *weights, size_t n, int64_t *sums, size_t
        bins, size_t *out_of_range)
    int crew_bincount_weighted_i64_i64(const int64_t *keys, const int64_t *weights, size_t n, int64_t *sums, size_t
        bins, size_t *out_of_range)
    int crew_bincount_weighted_u32_i64(const uint32_t *keys, const int64_t *weights, size_t n, int64_t *sums, size_t
        bins, size_t *out_of_range)
    int crew_bincount_weighted_u64_i64(const uint64_t *keys, const int64_t *weights, size_t n, int64_t *sums, size_t
        bins, size_t *out_of_range)
    int crew_bincount32_u8(const uint8_t *keys, size_t n, uint32_t *counts, size_t bins, size_t *out_of_range)
    int crew_bincount32_u16(const uint16_t *keys, size_t n, uint32_t *counts, size_t bins, size_t *out_of_range)
    int crew_bincount32_i32(const int32_t *keys, size_t n, uint32_t *counts, size_t bins, size_t *out_of_range)
    int crew_bincount32_i64(const int64_t *keys, size_t n, uint32_t *counts, size_t bins, size_t *out_of_range)
    int crew_bincount32_u64(const uint64_t *keys, size_t n, uint32_t *counts, size_t bins, size_t *out_of_range)
    crew_bool crew_lines_next(const char **at, const char *end, const char **line, size_t *length)
    crew_lines *crew_lines_open(int fd, size_t block)
    int crew_lines_read(crew_lines *r, crew_lines_block *b)
    void crew_lines_block_free(crew_lines_block *b)
    void crew_lines_close(crew_lines *r)
    int crew_lines_for(int fd, size_t block, crew_lines_body *body, void *ctx, const crew_options *opt)
    int crew_lines_reduce(int fd, size_t block, const crew_lines_reducer *r, void *ctx, void *result, const
        crew_options *opt)
    int crew_loop_threads()
    int crew_map(const void *in_, size_t in_size, void *out, size_t out_size, size_t n, crew_map_fn *fn, void *ctx,
        const crew_options *opt)
    int crew_fill(void *out, size_t n, size_t size, const void *value)
    void crew_fill_f64(double *out, size_t n, double value)
    void crew_iota_f64(double *out, size_t n, double start, double step)
    int crew_copy(const void *in_, void *out, size_t n, size_t size)
    int crew_reverse(const void *in_, void *out, size_t n, size_t size)
    int crew_rotate(const void *in_, void *out, size_t n, size_t size, size_t first)
    int crew_shift_left(void *x, size_t n, size_t size, size_t k)
    int crew_shift_right(void *x, size_t n, size_t size, size_t k)
    int crew_gather(const void *in_, size_t in_n, const size_t *index, void *out, size_t n, size_t size)
    int crew_scatter(const void *in_, const size_t *index, size_t n, void *out, size_t out_n, size_t size)
    int crew_transpose(const void *in_, void *out, size_t rows, size_t cols, size_t size)
    void *crew_alloc(size_t n, size_t size)
    void crew_free(void *p)
    void crew_scratch_trim()
    void crew_fill_f32(float *out, size_t n, float value)
    void crew_fill_i32(int32_t *out, size_t n, int32_t value)
    void crew_fill_i64(int64_t *out, size_t n, int64_t value)
    void crew_fill_u32(uint32_t *out, size_t n, uint32_t value)
    void crew_fill_u64(uint64_t *out, size_t n, uint64_t value)
    void crew_iota_f32(float *out, size_t n, float start, float step)
    void crew_iota_i32(int32_t *out, size_t n, int32_t start, int32_t step)
    void crew_iota_i64(int64_t *out, size_t n, int64_t start, int64_t step)
    void crew_iota_u32(uint32_t *out, size_t n, uint32_t start, uint32_t step)
    void crew_iota_u64(uint64_t *out, size_t n, uint64_t start, uint64_t step)
    int crew_process_map(const void *in_, size_t in_size, void *out, size_t out_size, size_t n, crew_map_fn *fn,
        void *ctx, const crew_options *opt, const crew_process_options *processes)
    crew_bool crew_process_died(int status, int *signal, int *exit_code)
    int crew_process_message(size_t item, int status, char *text, size_t size)
    void *crew_shared_alloc(size_t bytes)
    void crew_shared_free(void *p)
    crew_random crew_random_at(uint64_t seed, uint64_t stream)
    void crew_random_seek(crew_random *r, uint64_t draw)
    uint64_t crew_random_u64(crew_random *r)
    double crew_random_uniform(crew_random *r)
    uint64_t crew_random_below(crew_random *r, uint64_t n)
    int64_t crew_random_between(crew_random *r, int64_t low, int64_t high)
    double crew_random_normal(crew_random *r)
    void crew_random_fill_u64(uint64_t *x, size_t n, uint64_t seed, uint64_t stream, uint64_t first)
    void crew_random_fill_uniform_f64(double *x, size_t n, uint64_t seed, uint64_t stream, uint64_t first)
    void crew_random_fill_normal_f64(double *x, size_t n, uint64_t seed, uint64_t stream, uint64_t first)
    int crew_scan_inclusive(const void *in_, void *out, size_t size, size_t n, const crew_scanner *s, void *ctx,
        void *total, const crew_options *opt)
    int crew_scan_exclusive(const void *in_, void *out, size_t size, size_t n, const crew_scanner *s, void *ctx,
        void *total, const crew_options *opt)
    int crew_scan_segmented_inclusive(const void *in_, const unsigned char *flags, void *out, size_t size, size_t n,
        const crew_scanner *s, void *ctx, void *total, const crew_options *opt)
    int crew_scan_segmented_exclusive(const void *in_, const unsigned char *flags, void *out, size_t size, size_t n,
        const crew_scanner *s, void *ctx, void *total, const crew_options *opt)
    double crew_scan_inclusive_sum_f64(const double *x, double *out, size_t n)
    double crew_scan_exclusive_sum_f64(const double *x, double *out, size_t n)
    double crew_scan_inclusive_product_f64(const double *x, double *out, size_t n)
    double crew_scan_exclusive_product_f64(const double *x, double *out, size_t n)
    double crew_scan_inclusive_min_f64(const double *x, double *out, size_t n)
    double crew_scan_exclusive_min_f64(const double *x, double *out, size_t n)
    double crew_scan_inclusive_max_f64(const double *x, double *out, size_t n)
    double crew_scan_exclusive_max_f64(const double *x, double *out, size_t n)
    void crew_scan_segmented_inclusive_sum_f64(const double *x, const unsigned char *flags, double *out, size_t n)
    void crew_scan_segmented_inclusive_product_f64(const double *x, const unsigned char *flags, double *out, size_t n)
    void crew_scan_segmented_inclusive_min_f64(const double *x, const unsigned char *flags, double *out, size_t n)
    void crew_scan_segmented_inclusive_max_f64(const double *x, const unsigned char *flags, double *out, size_t n)
    void crew_scan_segmented_exclusive_sum_f64(const double *x, const unsigned char *flags, double *out, size_t n)
    void crew_scan_segmented_exclusive_product_f64(const double *x, const unsigned char *flags, double *out, size_t n)
    void crew_scan_segmented_exclusive_min_f64(const double *x, const unsigned char *flags, double *out, size_t n)
    void crew_scan_segmented_exclusive_max_f64(const double *x, const unsigned char *flags, double *out, size_t n)
    float crew_scan_inclusive_sum_f32(const float *x, float *out, size_t n)
    int32_t crew_scan_inclusive_sum_i32(const int32_t *x, int32_t *out, size_t n)
    int64_t crew_scan_inclusive_sum_i64(const int64_t *x, int64_t *out, size_t n)
    uint32_t crew_scan_inclusive_sum_u32(const uint32_t *x, uint32_t *out, size_t n)
    uint64_t crew_scan_inclusive_sum_u64(const uint64_t *x, uint64_t *out, size_t n)
    float crew_scan_exclusive_sum_f32(const float *x, float *out, size_t n)
    int32_t crew_scan_exclusive_sum_i32(const int32_t *x, int32_t *out, size_t n)
    int64_t crew_scan_exclusive_sum_i64(const int64_t *x, int64_t *out, size_t n)
    uint32_t crew_scan_exclusive_sum_u32(const uint32_t *x, uint32_t *out, size_t n)
    uint64_t crew_scan_exclusive_sum_u64(const uint64_t *x, uint64_t *out, size_t n)
    float crew_scan_inclusive_product_f32(const float *x, float *out, size_t n)
    int32_t crew_scan_inclusive_product_i32(const int32_t *x, int32_t *out, size_t n)
    int64_t crew_scan_inclusive_product_i64(const int64_t *x, int64_t *out, size_t n)
    uint32_t crew_scan_inclusive_product_u32(const uint32_t *x, uint32_t *out, size_t n)
    uint64_t crew_scan_inclusive_product_u64(const uint64_t *x, uint64_t *out, size_t n)
    float crew_scan_exclusive_product_f32(const float *x, float *out, size_t n)
    int32_t crew_scan_exclusive_product_i32(const int32_t *x, int32_t *out, size_t n)
    int64_t crew_scan_exclusive_product_i64(const int64_t *x, int64_t *out, size_t n)
    uint32_t crew_scan_exclusive_product_u32(const uint32_t *x, uint32_t *out, size_t n)
    uint64_t crew_scan_exclusive_product_u64(const uint64_t *x, uint64_t *out, size_t n)
    float crew_scan_inclusive_min_f32(const float *x, float *out, size_t n)
    int32_t crew_scan_inclusive_min_i32(const int32_t *x, int32_t *out, size_t n)
    int64_t crew_scan_inclusive_min_i64(const int64_t *x, int64_t *out, size_t n)
    uint32_t crew_scan_inclusive_min_u32(const uint32_t *x, uint32_t *out, size_t n)
    uint64_t crew_scan_inclusive_min_u64(const uint64_t *x, uint64_t *out, size_t n)
    float crew_scan_exclusive_min_f32(const float *x, float *out, size_t n)
    int32_t crew_scan_exclusive_min_i32(const int32_t *x, int32_t *out, size_t n)
    int64_t crew_scan_exclusive_min_i64(const int64_t *x, int64_t *out, size_t n)
    uint32_t crew_scan_exclusive_min_u32(const uint32_t *x, uint32_t *out, size_t n)
    uint64_t crew_scan_exclusive_min_u64(const uint64_t *x, uint64_t *out, size_t n)
    float crew_scan_inclusive_max_f32(const float *x, float *out, size_t n)
    int32_t crew_scan_inclusive_max_i32(const int32_t *x, int32_t *out, size_t n)
    int64_t crew_scan_inclusive_max_i64(const int64_t *x, int64_t *out, size_t n)
    uint32_t crew_scan_inclusive_max_u32(const uint32_t *x, uint32_t *out, size_t n)
    uint64_t crew_scan_inclusive_max_u64(const uint64_t *x, uint64_t *out, size_t n)
    float crew_scan_exclusive_max_f32(const float *x, float *out, size_t n)
    int32_t crew_scan_exclusive_max_i32(const int32_t *x, int32_t *out, size_t n)
    int64_t crew_scan_exclusive_max_i64(const int64_t *x, int64_t *out, size_t n)
    uint32_t crew_scan_exclusive_max_u32(const uint32_t *x, uint32_t *out, size_t n)
    uint64_t crew_scan_exclusive_max_u64(const uint64_t *x, uint64_t *out, size_t n)
    void crew_scan_segmented_inclusive_sum_f32(const float *x, const unsigned char *flags, float *out, size_t n)
    void crew_scan_segmented_inclusive_sum_i32(const int32_t *x, const unsigned char *flags, int32_t *out, size_t n)
    void crew_scan_segmented_inclusive_sum_i64(const int64_t *x, const unsigned char *flags, int64_t *out, size_t n)
    void crew_scan_segmented_inclusive_sum_u32(const uint32_t *x, const unsigned char *flags, uint32_t *out, size_t n)
    void crew_scan_segmented_inclusive_sum_u64(const uint64_t *x, const unsigned char *flags, uint64_t *out, size_t n)
    void crew_scan_segmented_inclusive_product_f32(const float *x, const unsigned char *flags, float *out, size_t n)
    void crew_scan_segmented_inclusive_product_i32(const int32_t *x, const unsigned char *flags, int32_t *out, size_t
        n)
    void crew_scan_segmented_inclusive_product_i64(const int64_t *x, const unsigned char *flags, int64_t *out, size_t
        n)
    void crew_scan_segmented_inclusive_product_u32(const uint32_t *x, const unsigned char *flags, uint32_t *out, size_t
        n)
    void crew_scan_segmented_inclusive_product_u64(const uint64_t *x, const unsigned char *flags, uint64_t *out, size_t
        n)
    void crew_scan_segmented_inclusive_min_f32(const float *x, const unsigned char *flags, float *out, size_t n)
    void crew_scan_segmented_inclusive_min_i32(const int32_t *x, const unsigned char *flags, int32_t *out, size_t n)
    void crew_scan_segmented_inclusive_min_i64(const int64_t *x, const unsigned char *flags, int64_t *out, size_t n)
    void crew_scan_segmented_inclusive_min_u32(const uint32_t *x, const unsigned char *flags, uint32_t *out, size_t n)
    void crew_scan_segmented_inclusive_min_u64(const uint64_t *x, const unsigned char *flags, uint64_t *out, size_t n)
    void crew_scan_segmented_inclusive_max_f32(const float *x, const unsigned char *flags, float *out, size_t n)
    void crew_scan_segmented_inclusive_max_i32(const int32_t *x, const unsigned char *flags, int32_t *out, size_t n)
    void crew_scan_segmented_inclusive_max_i64(const int64_t *x, const unsigned char *flags, int64_t *out, size_t n)
    void crew_scan_segmented_inclusive_max_u32(const uint32_t *x, const unsigned char *flags, uint32_t *out, size_t n)
    void crew_scan_segmented_inclusive_max_u64(const uint64_t *x, const unsigned char *flags, uint64_t *out, size_t n)
    void crew_scan_segmented_exclusive_sum_f32(const float *x, const unsigned char *flags, float *out, size_t n)
    void crew_scan_segmented_exclusive_sum_i32(const int32_t *x, const unsigned char *flags, int32_t *out, size_t n)
    void crew_scan_segmented_exclusive_sum_i64(const int64_t *x, const unsigned char *flags, int64_t *out, size_t n)
    void crew_scan_segmented_exclusive_sum_u32(const uint32_t *x, const unsigned char *flags, uint32_t *out, size_t n)
    void crew_scan_segmented_exclusive_sum_u64(const uint64_t *x, const unsigned char *flags, uint64_t *out, size_t n)
    void crew_scan_segmented_exclusive_product_f32(const float *x, const unsigned char *flags, float *out, size_t n)
    void crew_scan_segmented_exclusive_product_i32(const int32_t *x, const unsigned char *flags, int32_t *out, size_t
        n)
    void crew_scan_segmented_exclusive_product_i64(const int64_t *x, const unsigned char *flags, int64_t *out, size_t
        n)
    void crew_scan_segmented_exclusive_product_u32(const uint32_t *x, const unsigned char *flags, uint32_t *out, size_t
        n)
    void crew_scan_segmented_exclusive_product_u64(const uint64_t *x, const unsigned char *flags, uint64_t *out, size_t
        n)
    void crew_scan_segmented_exclusive_min_f32(const float *x, const unsigned char *flags, float *out, size_t n)
    void crew_scan_segmented_exclusive_min_i32(const int32_t *x, const unsigned char *flags, int32_t *out, size_t n)
    void crew_scan_segmented_exclusive_min_i64(const int64_t *x, const unsigned char *flags, int64_t *out, size_t n)
    void crew_scan_segmented_exclusive_min_u32(const uint32_t *x, const unsigned char *flags, uint32_t *out, size_t n)
    void crew_scan_segmented_exclusive_min_u64(const uint64_t *x, const unsigned char *flags, uint64_t *out, size_t n)
    void crew_scan_segmented_exclusive_max_f32(const float *x, const unsigned char *flags, float *out, size_t n)
    void crew_scan_segmented_exclusive_max_i32(const int32_t *x, const unsigned char *flags, int32_t *out, size_t n)
    void crew_scan_segmented_exclusive_max_i64(const int64_t *x, const unsigned char *flags, int64_t *out, size_t n)
    void crew_scan_segmented_exclusive_max_u32(const uint32_t *x, const unsigned char *flags, uint32_t *out, size_t n)
    void crew_scan_segmented_exclusive_max_u64(const uint64_t *x, const unsigned char *flags, uint64_t *out, size_t n)
    int crew_set_union(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out, crew_compare *cmp,
        void *ctx, size_t *count, const crew_options *opt)
    int crew_set_intersection(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out,
        crew_compare *cmp, void *ctx, size_t *count, const crew_options *opt)
    int crew_set_difference(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out,
        crew_compare *cmp, void *ctx, size_t *count, const crew_options *opt)
    int crew_set_symmetric_difference(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out,
        crew_compare *cmp, void *ctx, size_t *count, const crew_options *opt)
    int crew_includes(const void *a, size_t na, const void *b, size_t nb, size_t size, crew_compare *cmp, void *ctx,
        crew_bool *result, const crew_options *opt)
    size_t crew_set_union_f64(const double *a, size_t na, const double *b, size_t nb, double *out)
    size_t crew_set_intersection_f64(const double *a, size_t na, const double *b, size_t nb, double *out)
    size_t crew_set_difference_f64(const double *a, size_t na, const double *b, size_t nb, double *out)
    size_t crew_set_symmetric_difference_f64(const double *a, size_t na, const double *b, size_t nb, double *out)
    crew_bool crew_includes_f64(const double *a, size_t na, const double *b, size_t nb)
    size_t crew_set_union_f32(const float *a, size_t na, const float *b, size_t nb, float *out)
    size_t crew_set_union_i32(const int32_t *a, size_t na, const int32_t *b, size_t nb, int32_t *out)
    size_t crew_set_union_i64(const int64_t *a, size_t na, const int64_t *b, size_t nb, int64_t *out)
    size_t crew_set_union_u32(const uint32_t *a, size_t na, const uint32_t *b, size_t nb, uint32_t *out)
    size_t crew_set_union_u64(const uint64_t *a, size_t na, const uint64_t *b, size_t nb, uint64_t *out)
    size_t crew_set_intersection_f32(const float *a, size_t na, const float *b, size_t nb, float *out)
    size_t crew_set_intersection_i32(const int32_t *a, size_t na, const int32_t *b, size_t nb, int32_t *out)
    size_t crew_set_intersection_i64(const int64_t *a, size_t na, const int64_t *b, size_t nb, int64_t *out)
    size_t crew_set_intersection_u32(const uint32_t *a, size_t na, const uint32_t *b, size_t nb, uint32_t *out)
    size_t crew_set_intersection_u64(const uint64_t *a, size_t na, const uint64_t *b, size_t nb, uint64_t *out)
    size_t crew_set_difference_f32(const float *a, size_t na, const float *b, size_t nb, float *out)
    size_t crew_set_difference_i32(const int32_t *a, size_t na, const int32_t *b, size_t nb, int32_t *out)
    size_t crew_set_difference_i64(const int64_t *a, size_t na, const int64_t *b, size_t nb, int64_t *out)
    size_t crew_set_difference_u32(const uint32_t *a, size_t na, const uint32_t *b, size_t nb, uint32_t *out)
    size_t crew_set_difference_u64(const uint64_t *a, size_t na, const uint64_t *b, size_t nb, uint64_t *out)
    size_t crew_set_symmetric_difference_f32(const float *a, size_t na, const float *b, size_t nb, float *out)
    size_t crew_set_symmetric_difference_i32(const int32_t *a, size_t na, const int32_t *b, size_t nb, int32_t *out)
    size_t crew_set_symmetric_difference_i64(const int64_t *a, size_t na, const int64_t *b, size_t nb, int64_t *out)
    size_t crew_set_symmetric_difference_u32(const uint32_t *a, size_t na, const uint32_t *b, size_t nb, uint32_t *out)
    size_t crew_set_symmetric_difference_u64(const uint64_t *a, size_t na, const uint64_t *b, size_t nb, uint64_t *out)
    crew_bool crew_includes_f32(const float *a, size_t na, const float *b, size_t nb)
    crew_bool crew_includes_i32(const int32_t *a, size_t na, const int32_t *b, size_t nb)
    crew_bool crew_includes_i64(const int64_t *a, size_t na, const int64_t *b, size_t nb)
    crew_bool crew_includes_u32(const uint32_t *a, size_t na, const uint32_t *b, size_t nb)
    crew_bool crew_includes_u64(const uint64_t *a, size_t na, const uint64_t *b, size_t nb)
    int crew_stream(const crew_pipeline *p, void *ctx, const crew_options *opt)
    int crew_tally_add(crew_tally *t, const void *key, size_t size, double value)
    int crew_tally_merge(crew_tally *t, crew_tally *from_)
    const crew_tally_entry *crew_tally_find(const crew_tally *t, const void *key, size_t size)
    const crew_tally_entry *crew_tally_entries(const crew_tally *t, size_t *n)
    void crew_tally_sort_by_key(crew_tally *t)
    void crew_tally_sort_by_count(crew_tally *t)
    void crew_tally_sort_by_sum(crew_tally *t)
    void crew_tally_free(crew_tally *t)
    int crew_group_by_bytes(const crew_bytes *keys, size_t n, crew_bytes_order order, size_t *offsets, size_t *indices,
        size_t *groups, const crew_options *opt)
    void crew_stats_enable(int on)
    size_t crew_stats(crew_call_stats *stats, size_t room)
    const char *crew_version()
