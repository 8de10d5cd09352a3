"""crew from Python, by ctypes: one file, no compiler. Put it beside your program, or on PYTHONPATH.

    import crew
    crew.sort(x)                                 # NumPy arrays, array.array, anything with a buffer
    y = crew.map("square", x, library="./kernels.so")     # a C function of type crew_map_fn, by its name
    total = crew.sum(x)                          # the same bits at any number of threads
    with crew.Executor(threads=4) as ex:
        future = ex.submit(work, 1, 2)           # a Python function, or a C one
        print(future.result())

Every public function of the headers is there too, with its argument types, as crew.lib.crew_sort_f64(x, len(x)): arrays
are checked for their element type and for being contiguous, so a wrong one is a TypeError and no crash.

Python functions take the interpreter lock for each call: they run one at a time, whatever the threads; README.md has
figures. An exception in one ends the call, and is raised by it: that of the lowest item that failed.

The library is the one that LIBCREW names, else libcrew.so.0 of the system.
"""

import array as _array
import atexit as _atexit
import concurrent.futures as _futures
import ctypes as _c
import ctypes.util as _util
import errno as _errno
import os as _os
import re as _re
import sys as _sys
import threading as _threading
import time as _time
import weakref as _weakref

# <declarations: made by declarations.py>
# Constants, structs, callbacks and functions, as the headers declare them.
CREW_PHYSICAL = -1346918739
CREW_F32 = 0
CREW_F64 = 1
CREW_I32 = 2
CREW_I64 = 3
CREW_U32 = 4
CREW_U64 = 5
CREW_I8 = 6
CREW_U8 = 7
CREW_I16 = 8
CREW_U16 = 9
CREW_BOOL = 10
CREW_TYPES = 11
CREW_ARRAY_DIMS = 64
CREW_ARRAY_READ = 0
CREW_ARRAY_APPEND = 1
CREW_ARRAY_MAP = 2
CREW_ARRAY_MAP_COPY = 3
CREW_ARRAY_MODES = 4
CREW_EXACT_WORDS = 67
CREW_EXACT_BYTES = 544
CREW_CANCEL_PENDING = 1
CREW_NO_WAIT = 4
CREW_PRIORITY_LOW = -1
CREW_PRIORITY_NORMAL = 0
CREW_PRIORITY_HIGH = 1
CREW_FUTURE_PENDING = 0
CREW_FUTURE_RUNNING = 1
CREW_FUTURE_DONE = 2
CREW_FUTURE_CANCELED = 3
CREW_WAIT_ALL = 0
CREW_WAIT_ANY = 1
CREW_WAIT_FIRST_FAILURE = 2
CREW_LEFT = 0
CREW_RIGHT = 1
CREW_SET_UNION = 0
CREW_SET_INTERSECTION = 1
CREW_SET_DIFFERENCE = 2
CREW_SET_SYMMETRIC_DIFFERENCE = 3
CREW_STREAM_END = -2147483648
CREW_STREAM_SKIP = -2147483647
CREW_STAGE_PARALLEL = 0
CREW_STAGE_IN_ORDER = 1
CREW_STAGE_ONE_AT_A_TIME = 2
CREW_BYTES_FIRST_SEEN = 0
CREW_BYTES_SORTED = 1
CREW_VERSION_MAJOR = 0
CREW_VERSION_MINOR = 1
CREW_VERSION_PATCH = 0

_ENUMS = """
crew_type crew_array_mode crew_priority crew_future_state crew_wait_mode crew_side crew_set_operation crew_stage_kind
crew_bytes_order
""".split()

_OPAQUE = """
crew_array crew_executor crew_future crew_completion crew_promise crew_graph crew_lines
""".split()

_STRUCTS = """
crew_cancel: int requested;
crew_options: int threads; size_t grain; crew_cancel *cancel; double timeout; crew_progress *progress;
    void *progress_ctx; size_t *failed; const char *name;
crew_array_info: crew_type type; bool fortran; size_t ndim; size_t shape[CREW_ARRAY_DIMS]; size_t items, rows,
    row_items; size_t row_size; void *data;
crew_array_reducer: size_t size; const void *identity; int (*fold)(size_t begin, size_t end, const void *rows,
    void *acc, void *ctx); void (*merge)(void *acc, const void *right, void *ctx); void (*drop)(void *acc, void *ctx);
crew_reducer: size_t size; const void *identity; int (*fold)(size_t begin, size_t end, void *acc, void *ctx); void
    (*merge)(void *acc, const void *right, void *ctx); void (*drop)(void *acc, void *ctx);
crew_exact: uint64_t words[CREW_EXACT_WORDS]; uint64_t special;
crew_task: crew_task_fn *fn; void *arg; struct crew__member *worker; struct crew_task **at; int state, result; unsigned
    base;
crew_call: crew_task_fn *fn; void *arg;
crew_executor_options: int threads; size_t queue_limit; crew_initializer *initializer; crew_finalizer *finalizer;
    void *ctx; const char *name; int processes; const struct crew_process_options *process_options; bool on_demand;
    size_t max_tasks;
crew_submit_options: crew_priority priority; size_t copy; crew_future *const *deps; size_t ndeps; void *tag;
crew_executor_map_options: size_t ahead; bool unordered; bool run_all; int *status; size_t *failed;
    crew_cancel *cancel; double timeout; crew_progress *progress; void *progress_ctx; const char *name;
crew_tile: size_t rows, cols;
crew_box: size_t planes, rows, cols;
crew_local: size_t size; int (*init)(void *value, void *ctx); void (*fini)(void *value, void *ctx);
crew_lines_block: char *text; size_t size; size_t number; size_t offset; const char *failed; char *buffer; size_t room;
crew_lines_reducer: size_t size; const void *identity; int (*fold)(crew_lines_block *block, void *acc, void *ctx); int
    (*merge)(void *acc, void *right, void *ctx); void (*drop)(void *acc, void *ctx);
crew_process_options: int processes; size_t batch; double item_timeout; size_t memory; size_t max_items; int retries;
    int (*initializer)(void *ctx); const char *journal; int *status;
crew_random: uint64_t seed, stream, next; unsigned at, have; uint64_t drawn[32];
crew_scanner: const void *identity; void (*combine)(void *acc, const void *right, void *ctx);
crew_stage: crew_stream_fn *fn; crew_stage_kind kind;
crew_pipeline: size_t item_size; crew_stream_fn *source; const crew_stage *stages; size_t nstages;
    crew_stream_fn *sink; bool unordered; size_t in_flight; size_t total; crew_item_open *open; crew_item_close *close;
crew_tally_entry: const char *key; size_t size; size_t count; double sum; uint64_t hash;
crew_tally: crew_tally_entry *entries; size_t used, room; uint32_t *slots; size_t nslots; void *keys;
crew_bytes: const void *data; size_t size;
crew_call_stats: const char *name; size_t calls; size_t blocks; size_t steals; double seconds; double busy; double
    busiest; double available;
"""

_CALLBACKS = """
void crew_progress(size_t done, size_t total, void *ctx);
int crew_array_body(size_t begin, size_t end, const void *rows, void *ctx);
int crew_map_fn(const void *in, void *out, void *ctx);
int crew_task_fn(void *arg);
int crew_initializer(void **local, void *ctx);
void crew_finalizer(void *local, void *ctx);
void crew_callback(crew_future *f, void *ctx);
int crew_result_fn(size_t index, const void *out, void *ctx);
int crew_item_fn(size_t index, const void *in, void *out, void *ctx);
int crew_predicate(size_t begin, size_t end, unsigned char *flags, void *ctx);
int crew_compare(const void *a, const void *b, void *ctx);
int crew_body(size_t begin, size_t end, void *ctx);
int crew_body_2d(size_t row_begin, size_t row_end, size_t col_begin, size_t col_end, void *ctx);
int crew_body_3d(size_t plane_begin, size_t plane_end, size_t row_begin, size_t row_end, size_t col_begin, size_t
    col_end, void *ctx);
int crew_local_body(size_t begin, size_t end, void *value, void *ctx);
int crew_lines_body(crew_lines_block *block, void *ctx);
int crew_stream_fn(void *item, size_t index, void *ctx);
int crew_item_open(void *item, void *ctx);
void crew_item_close(void *item, void *ctx);
"""

_FUNCTIONS = """
void crew_cancel_request(crew_cancel *cancel);
bool crew_cancel_requested(const crew_cancel *cancel);
void crew_cancel_reset(crew_cancel *cancel);
crew_progress crew_progress_bar;
int crew_num_threads(void);
int crew_set_num_threads(int threads);
int crew_limit_inner(int threads);
int crew_explain_threads(char *text, size_t size);
const char *crew_backend(void);
const char *crew_strerror(int error);
size_t crew_type_size(crew_type type);
const char *crew_type_name(crew_type type);
crew_array *crew_array_open(const char *path, crew_array_mode mode);
crew_array *crew_array_open_raw(const char *path, crew_type type, size_t offset, const size_t *shape, size_t ndim,
    crew_array_mode mode);
crew_array *crew_array_create(const char *path, crew_type type, const size_t *shape, size_t ndim);
const crew_array_info *crew_array_get_info(const crew_array *a);
int crew_array_read(const crew_array *a, size_t begin, size_t end, void *rows);
int crew_array_write(crew_array *a, size_t begin, size_t end, const void *rows);
int crew_array_append(crew_array *a, const void *rows, size_t count);
int crew_array_close(crew_array *a);
const char *crew_array_why(void);
int crew_array_for(const crew_array *a, crew_array_body *body, void *ctx, const crew_options *opt);
int crew_array_reduce(const crew_array *a, const crew_array_reducer *r, void *ctx, void *result, const
    crew_options *opt);
void *crew_load(const char *path, crew_array_info *info);
int crew_save(const char *path, crew_type type, const size_t *shape, size_t ndim, const void *data);
float *crew_load_f32(const char *path, size_t *n);
double *crew_load_f64(const char *path, size_t *n);
int32_t *crew_load_i32(const char *path, size_t *n);
int64_t *crew_load_i64(const char *path, size_t *n);
uint32_t *crew_load_u32(const char *path, size_t *n);
uint64_t *crew_load_u64(const char *path, size_t *n);
int8_t *crew_load_i8(const char *path, size_t *n);
uint8_t *crew_load_u8(const char *path, size_t *n);
int16_t *crew_load_i16(const char *path, size_t *n);
uint16_t *crew_load_u16(const char *path, size_t *n);
bool *crew_load_bool(const char *path, size_t *n);
int crew_save_f32(const char *path, const float *x, size_t n);
int crew_save_f64(const char *path, const double *x, size_t n);
int crew_save_i32(const char *path, const int32_t *x, size_t n);
int crew_save_i64(const char *path, const int64_t *x, size_t n);
int crew_save_u32(const char *path, const uint32_t *x, size_t n);
int crew_save_u64(const char *path, const uint64_t *x, size_t n);
int crew_save_i8(const char *path, const int8_t *x, size_t n);
int crew_save_u8(const char *path, const uint8_t *x, size_t n);
int crew_save_i16(const char *path, const int16_t *x, size_t n);
int crew_save_u16(const char *path, const uint16_t *x, size_t n);
int crew_save_bool(const char *path, const bool *x, size_t n);
int crew_reduce(size_t n, const crew_reducer *r, void *ctx, void *result, const crew_options *opt);
double crew_sum_f64(const double *x, size_t n);
double crew_dot_f64(const double *x, const double *y, size_t n);
double crew_min_f64(const double *x, size_t n);
double crew_max_f64(const double *x, size_t n);
void crew_minmax_f64(const double *x, size_t n, double *min, double *max);
size_t crew_argmin_f64(const double *x, size_t n);
size_t crew_argmax_f64(const double *x, size_t n);
double crew_mean_f64(const double *x, size_t n);
float crew_norm2_f32(const float *x, size_t n);
double crew_norm2_f64(const double *x, size_t n);
float crew_nansum_f32(const float *x, size_t n);
double crew_nansum_f64(const double *x, size_t n);
double crew_nanmean_f32(const float *x, size_t n);
double crew_nanmean_f64(const double *x, size_t n);
float crew_nanmin_f32(const float *x, size_t n);
double crew_nanmin_f64(const double *x, size_t n);
float crew_nanmax_f32(const float *x, size_t n);
double crew_nanmax_f64(const double *x, size_t n);
float crew_sum_f32(const float *x, size_t n);
int64_t crew_sum_i32(const int32_t *x, size_t n);
int64_t crew_sum_i64(const int64_t *x, size_t n);
uint64_t crew_sum_u32(const uint32_t *x, size_t n);
uint64_t crew_sum_u64(const uint64_t *x, size_t n);
float crew_dot_f32(const float *x, const float *y, size_t n);
int64_t crew_dot_i32(const int32_t *x, const int32_t *y, size_t n);
int64_t crew_dot_i64(const int64_t *x, const int64_t *y, size_t n);
uint64_t crew_dot_u32(const uint32_t *x, const uint32_t *y, size_t n);
uint64_t crew_dot_u64(const uint64_t *x, const uint64_t *y, size_t n);
float crew_min_f32(const float *x, size_t n);
int32_t crew_min_i32(const int32_t *x, size_t n);
int64_t crew_min_i64(const int64_t *x, size_t n);
uint32_t crew_min_u32(const uint32_t *x, size_t n);
uint64_t crew_min_u64(const uint64_t *x, size_t n);
float crew_max_f32(const float *x, size_t n);
int32_t crew_max_i32(const int32_t *x, size_t n);
int64_t crew_max_i64(const int64_t *x, size_t n);
uint32_t crew_max_u32(const uint32_t *x, size_t n);
uint64_t crew_max_u64(const uint64_t *x, size_t n);
void crew_minmax_f32(const float *x, size_t n, float *min, float *max);
void crew_minmax_i32(const int32_t *x, size_t n, int32_t *min, int32_t *max);
void crew_minmax_i64(const int64_t *x, size_t n, int64_t *min, int64_t *max);
void crew_minmax_u32(const uint32_t *x, size_t n, uint32_t *min, uint32_t *max);
void crew_minmax_u64(const uint64_t *x, size_t n, uint64_t *min, uint64_t *max);
size_t crew_argmin_f32(const float *x, size_t n);
size_t crew_argmin_i32(const int32_t *x, size_t n);
size_t crew_argmin_i64(const int64_t *x, size_t n);
size_t crew_argmin_u32(const uint32_t *x, size_t n);
size_t crew_argmin_u64(const uint64_t *x, size_t n);
size_t crew_argmax_f32(const float *x, size_t n);
size_t crew_argmax_i32(const int32_t *x, size_t n);
size_t crew_argmax_i64(const int64_t *x, size_t n);
size_t crew_argmax_u32(const uint32_t *x, size_t n);
size_t crew_argmax_u64(const uint64_t *x, size_t n);
double crew_mean_f32(const float *x, size_t n);
double crew_mean_i32(const int32_t *x, size_t n);
double crew_mean_i64(const int64_t *x, size_t n);
double crew_mean_u32(const uint32_t *x, size_t n);
double crew_mean_u64(const uint64_t *x, size_t n);
int crew_unique_counts_u32(const uint32_t *keys, size_t n, uint32_t *keys_out, uint64_t *counts, size_t *groups);
int crew_group_by_key_u32(const uint32_t *keys, size_t n, uint32_t *keys_out, size_t *offsets, size_t *indices,
    size_t *groups);
int crew_group_by_index_u32(const uint32_t *keys, size_t n, size_t k, size_t *offsets, size_t *indices);
int crew_group_by_index_u64(const uint64_t *keys, size_t n, size_t k, size_t *offsets, size_t *indices);
int crew_reduce_by_key_sum_u32_f64(const uint32_t *keys, const double *values, size_t n, uint32_t *keys_out,
    double *sums, size_t *groups);
int crew_reduce_by_key_min_u32_f64(const uint32_t *keys, const double *values, size_t n, uint32_t *keys_out,
    double *mins, size_t *groups);
int crew_reduce_by_key_max_u32_f64(const uint32_t *keys, const double *values, size_t n, uint32_t *keys_out,
    double *maxs, size_t *groups);
int crew_reduce_by_key_u32(const uint32_t *keys, size_t n, const crew_reducer *r, void *ctx, uint32_t *keys_out,
    void *results, size_t *groups, const crew_options *opt);
int crew_unique_counts_i32(const int32_t *keys, size_t n, int32_t *keys_out, uint64_t *counts, size_t *groups);
int crew_unique_counts_i64(const int64_t *keys, size_t n, int64_t *keys_out, uint64_t *counts, size_t *groups);
int crew_unique_counts_u64(const uint64_t *keys, size_t n, uint64_t *keys_out, uint64_t *counts, size_t *groups);
int crew_group_by_key_i32(const int32_t *keys, size_t n, int32_t *keys_out, size_t *offsets, size_t *indices,
    size_t *groups);
int crew_group_by_key_i64(const int64_t *keys, size_t n, int64_t *keys_out, size_t *offsets, size_t *indices,
    size_t *groups);
int crew_group_by_key_u64(const uint64_t *keys, size_t n, uint64_t *keys_out, size_t *offsets, size_t *indices,
    size_t *groups);
int crew_reduce_by_key_sum_i32_f64(const int32_t *keys, const double *values, size_t n, int32_t *keys_out,
    double *sums, size_t *groups);
int crew_reduce_by_key_sum_i64_f64(const int64_t *keys, const double *values, size_t n, int64_t *keys_out,
    double *sums, size_t *groups);
int crew_reduce_by_key_sum_u64_f64(const uint64_t *keys, const double *values, size_t n, uint64_t *keys_out,
    double *sums, size_t *groups);
int crew_reduce_by_key_sum_i32_i64(const int32_t *keys, const int64_t *values, size_t n, int32_t *keys_out,
    int64_t *sums, size_t *groups);
int crew_reduce_by_key_sum_i64_i64(const int64_t *keys, const int64_t *values, size_t n, int64_t *keys_out,
    int64_t *sums, size_t *groups);
int crew_reduce_by_key_sum_u32_i64(const uint32_t *keys, const int64_t *values, size_t n, uint32_t *keys_out,
    int64_t *sums, size_t *groups);
int crew_reduce_by_key_sum_u64_i64(const uint64_t *keys, const int64_t *values, size_t n, uint64_t *keys_out,
    int64_t *sums, size_t *groups);
int crew_reduce_by_key_min_i32_f64(const int32_t *keys, const double *values, size_t n, int32_t *keys_out,
    double *mins, size_t *groups);
int crew_reduce_by_key_min_i64_f64(const int64_t *keys, const double *values, size_t n, int64_t *keys_out,
    double *mins, size_t *groups);
int crew_reduce_by_key_min_u64_f64(const uint64_t *keys, const double *values, size_t n, uint64_t *keys_out,
    double *mins, size_t *groups);
int crew_reduce_by_key_min_i32_i64(const int32_t *keys, const int64_t *values, size_t n, int32_t *keys_out,
    int64_t *mins, size_t *groups);
int crew_reduce_by_key_min_i64_i64(const int64_t *keys, const int64_t *values, size_t n, int64_t *keys_out,
    int64_t *mins, size_t *groups);
int crew_reduce_by_key_min_u32_i64(const uint32_t *keys, const int64_t *values, size_t n, uint32_t *keys_out,
    int64_t *mins, size_t *groups);
int crew_reduce_by_key_min_u64_i64(const uint64_t *keys, const int64_t *values, size_t n, uint64_t *keys_out,
    int64_t *mins, size_t *groups);
int crew_reduce_by_key_max_i32_f64(const int32_t *keys, const double *values, size_t n, int32_t *keys_out,
    double *maxs, size_t *groups);
int crew_reduce_by_key_max_i64_f64(const int64_t *keys, const double *values, size_t n, int64_t *keys_out,
    double *maxs, size_t *groups);
int crew_reduce_by_key_max_u64_f64(const uint64_t *keys, const double *values, size_t n, uint64_t *keys_out,
    double *maxs, size_t *groups);
int crew_reduce_by_key_max_i32_i64(const int32_t *keys, const int64_t *values, size_t n, int32_t *keys_out,
    int64_t *maxs, size_t *groups);
int crew_reduce_by_key_max_i64_i64(const int64_t *keys, const int64_t *values, size_t n, int64_t *keys_out,
    int64_t *maxs, size_t *groups);
int crew_reduce_by_key_max_u32_i64(const uint32_t *keys, const int64_t *values, size_t n, uint32_t *keys_out,
    int64_t *maxs, size_t *groups);
int crew_reduce_by_key_max_u64_i64(const uint64_t *keys, const int64_t *values, size_t n, uint64_t *keys_out,
    int64_t *maxs, size_t *groups);
int crew_reduce_by_key_i32(const int32_t *keys, size_t n, const crew_reducer *r, void *ctx, int32_t *keys_out,
    void *results, size_t *groups, const crew_options *opt);
int crew_reduce_by_key_i64(const int64_t *keys, size_t n, const crew_reducer *r, void *ctx, int64_t *keys_out,
    void *results, size_t *groups, const crew_options *opt);
int crew_reduce_by_key_u64(const uint64_t *keys, size_t n, const crew_reducer *r, void *ctx, uint64_t *keys_out,
    void *results, size_t *groups, const crew_options *opt);
double crew_sum_exact_f64(const double *x, size_t n);
float crew_sum_exact_f32(const float *x, size_t n);
double crew_dot_exact_f64(const double *x, const double *y, size_t n);
float crew_dot_exact_f32(const float *x, const float *y, size_t n);
void crew_exact_add(crew_exact *state, const double *x, size_t n);
void crew_exact_add_f32(crew_exact *state, const float *x, size_t n);
void crew_exact_add_dot(crew_exact *state, const double *x, const double *y, size_t n);
void crew_exact_add_dot_f32(crew_exact *state, const float *x, const float *y, size_t n);
void crew_exact_merge(crew_exact *state, const crew_exact *other);
double crew_exact_value(const crew_exact *state);
float crew_exact_value_f32(const crew_exact *state);
void crew_exact_to_bytes(const crew_exact *state, void *bytes);
int crew_exact_from_bytes(crew_exact *state, const void *bytes);
int crew_run(crew_task_fn *root, void *arg, const crew_options *opt);
void crew_fork(crew_task *task, crew_task_fn *fn, void *arg);
int crew_join(crew_task *task);
int crew_invoke(const crew_call *calls, size_t n);
crew_executor *crew_executor_open(const crew_executor_options *opt);
int crew_executor_shutdown(crew_executor *ex, unsigned flags);
int crew_executor_threads(crew_executor *ex);
void *crew_executor_local(void);
crew_future *crew_submit(crew_executor *ex, crew_task_fn *fn, void *arg);
crew_future *crew_submit_copy(crew_executor *ex, crew_task_fn *fn, const void *arg, size_t size);
crew_future *crew_submit_after(crew_executor *ex, crew_task_fn *fn, void *arg, crew_future *const *deps, size_t ndeps);
int crew_submit_with(crew_executor *ex, crew_task_fn *fn, void *arg, crew_future **future, const
    crew_submit_options *opt);
int crew_try_submit(crew_executor *ex, crew_task_fn *fn, void *arg, crew_future **future, const
    crew_submit_options *opt);
int crew_future_wait(crew_future *f, double seconds);
int crew_future_result(crew_future *f, int *result);
void *crew_future_tag(const crew_future *f);
bool crew_future_cancel(crew_future *f);
crew_future_state crew_future_status(const crew_future *f);
int crew_future_on_done(crew_future *f, crew_callback *fn, void *ctx);
crew_future *crew_future_retain(crew_future *f);
void crew_future_release(crew_future *f);
crew_promise *crew_promise_open(crew_future **future, void *tag);
int crew_promise_set(crew_promise *p, int result);
void crew_promise_close(crew_promise *p);
int crew_wait(crew_future *const *f, size_t n, crew_wait_mode mode, double seconds);
int crew_wait_with(crew_future *const *f, size_t n, crew_wait_mode mode, const crew_options *opt);
crew_completion *crew_completion_open(crew_future *const *f, size_t n);
int crew_completion_add(crew_completion *set, crew_future *f);
crew_future *crew_next_done(crew_completion *set);
crew_future *crew_next_done_within(crew_completion *set, double seconds);
void crew_completion_close(crew_completion *set);
int crew_executor_map(crew_executor *ex, const void *in, size_t in_size, size_t out_size, size_t n, crew_map_fn *fn,
    crew_result_fn *each, void *ctx, size_t ahead);
int crew_executor_map_with(crew_executor *ex, const void *in, size_t in_size, size_t out_size, size_t n,
    crew_item_fn *fn, crew_result_fn *each, void *ctx, const crew_executor_map_options *opt);
int crew_filter(const void *in, void *out, size_t size, size_t n, crew_predicate *pred, void *ctx, size_t *count, const
    crew_options *opt);
int crew_pack(const void *in, void *out, size_t size, size_t n, const unsigned char *flags, size_t *count, const
    crew_options *opt);
int crew_partition(const void *in, void *kept, void *rest, size_t size, size_t n, crew_predicate *pred, void *ctx,
    size_t *count, const crew_options *opt);
int crew_unique(const void *in, void *out, size_t size, size_t n, int (*equal)(const void *a, const void *b,
    void *ctx), void *ctx, size_t *count, const crew_options *opt);
int crew_count_if(size_t n, crew_predicate *pred, void *ctx, size_t *count, const crew_options *opt);
size_t crew_pack_f64(const double *in, double *out, size_t n, const unsigned char *flags);
size_t crew_pack_index(size_t *out, size_t n, const unsigned char *flags);
size_t crew_unique_f64(const double *in, double *out, size_t n);
size_t crew_pack_f32(const float *in, float *out, size_t n, const unsigned char *flags);
size_t crew_pack_i32(const int32_t *in, int32_t *out, size_t n, const unsigned char *flags);
size_t crew_pack_i64(const int64_t *in, int64_t *out, size_t n, const unsigned char *flags);
size_t crew_pack_u32(const uint32_t *in, uint32_t *out, size_t n, const unsigned char *flags);
size_t crew_pack_u64(const uint64_t *in, uint64_t *out, size_t n, const unsigned char *flags);
size_t crew_unique_f32(const float *in, float *out, size_t n);
size_t crew_unique_i32(const int32_t *in, int32_t *out, size_t n);
size_t crew_unique_i64(const int64_t *in, int64_t *out, size_t n);
size_t crew_unique_u32(const uint32_t *in, uint32_t *out, size_t n);
size_t crew_unique_u64(const uint64_t *in, uint64_t *out, size_t n);
int crew_sort(void *base, size_t n, size_t size, crew_compare *cmp, void *ctx, const crew_options *opt);
int crew_argsort(const void *base, size_t n, size_t size, size_t *index, crew_compare *cmp, void *ctx, const
    crew_options *opt);
int crew_sort_by_key(void *keys, size_t key_size, void *values, size_t value_size, size_t n, crew_compare *cmp,
    void *ctx, const crew_options *opt);
int crew_merge(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out, crew_compare *cmp,
    void *ctx, const crew_options *opt);
int crew_merge_in_place(void *base, size_t middle, size_t n, size_t size, crew_compare *cmp, void *ctx, const
    crew_options *opt);
int crew_is_sorted(const void *base, size_t n, size_t size, crew_compare *cmp, void *ctx, bool *sorted, const
    crew_options *opt);
int crew_nth_element(void *base, size_t n, size_t size, size_t k, crew_compare *cmp, void *ctx, const
    crew_options *opt);
int crew_top_k(const void *base, size_t n, size_t size, size_t k, void *out, size_t *index, crew_compare *cmp,
    void *ctx, const crew_options *opt);
int crew_sort_f64(double *x, size_t n);
int crew_sort_by_key_f64(double *keys, void *values, size_t value_size, size_t n);
int crew_sort_records_f64(void *base, size_t n, size_t size, size_t key_offset);
int crew_argsort_f64(const double *x, size_t n, size_t *index);
int crew_merge_f64(const double *a, size_t na, const double *b, size_t nb, double *out);
int crew_merge_in_place_f64(double *x, size_t middle, size_t n);
bool crew_is_sorted_f64(const double *x, size_t n);
int crew_nth_element_f64(double *x, size_t n, size_t k);
int crew_top_k_f64(const double *x, size_t n, size_t k, double *out, size_t *index);
int crew_sort_f32(float *x, size_t n);
int crew_sort_i32(int32_t *x, size_t n);
int crew_sort_i64(int64_t *x, size_t n);
int crew_sort_u32(uint32_t *x, size_t n);
int crew_sort_u64(uint64_t *x, size_t n);
int crew_sort_by_key_f32(float *keys, void *values, size_t value_size, size_t n);
int crew_sort_by_key_i32(int32_t *keys, void *values, size_t value_size, size_t n);
int crew_sort_by_key_i64(int64_t *keys, void *values, size_t value_size, size_t n);
int crew_sort_by_key_u32(uint32_t *keys, void *values, size_t value_size, size_t n);
int crew_sort_by_key_u64(uint64_t *keys, void *values, size_t value_size, size_t n);
int crew_sort_records_f32(void *base, size_t n, size_t size, size_t key_offset);
int crew_sort_records_i32(void *base, size_t n, size_t size, size_t key_offset);
int crew_sort_records_i64(void *base, size_t n, size_t size, size_t key_offset);
int crew_sort_records_u32(void *base, size_t n, size_t size, size_t key_offset);
int crew_sort_records_u64(void *base, size_t n, size_t size, size_t key_offset);
int crew_argsort_f32(const float *x, size_t n, size_t *index);
int crew_argsort_i32(const int32_t *x, size_t n, size_t *index);
int crew_argsort_i64(const int64_t *x, size_t n, size_t *index);
int crew_argsort_u32(const uint32_t *x, size_t n, size_t *index);
int crew_argsort_u64(const uint64_t *x, size_t n, size_t *index);
int crew_merge_f32(const float *a, size_t na, const float *b, size_t nb, float *out);
int crew_merge_i32(const int32_t *a, size_t na, const int32_t *b, size_t nb, int32_t *out);
int crew_merge_i64(const int64_t *a, size_t na, const int64_t *b, size_t nb, int64_t *out);
int crew_merge_u32(const uint32_t *a, size_t na, const uint32_t *b, size_t nb, uint32_t *out);
int crew_merge_u64(const uint64_t *a, size_t na, const uint64_t *b, size_t nb, uint64_t *out);
int crew_merge_in_place_f32(float *x, size_t middle, size_t n);
int crew_merge_in_place_i32(int32_t *x, size_t middle, size_t n);
int crew_merge_in_place_i64(int64_t *x, size_t middle, size_t n);
int crew_merge_in_place_u32(uint32_t *x, size_t middle, size_t n);
int crew_merge_in_place_u64(uint64_t *x, size_t middle, size_t n);
bool crew_is_sorted_f32(const float *x, size_t n);
bool crew_is_sorted_i32(const int32_t *x, size_t n);
bool crew_is_sorted_i64(const int64_t *x, size_t n);
bool crew_is_sorted_u32(const uint32_t *x, size_t n);
bool crew_is_sorted_u64(const uint64_t *x, size_t n);
int crew_nth_element_f32(float *x, size_t n, size_t k);
int crew_nth_element_i32(int32_t *x, size_t n, size_t k);
int crew_nth_element_i64(int64_t *x, size_t n, size_t k);
int crew_nth_element_u32(uint32_t *x, size_t n, size_t k);
int crew_nth_element_u64(uint64_t *x, size_t n, size_t k);
int crew_top_k_f32(const float *x, size_t n, size_t k, float *out, size_t *index);
int crew_top_k_i32(const int32_t *x, size_t n, size_t k, int32_t *out, size_t *index);
int crew_top_k_i64(const int64_t *x, size_t n, size_t k, int64_t *out, size_t *index);
int crew_top_k_u32(const uint32_t *x, size_t n, size_t k, uint32_t *out, size_t *index);
int crew_top_k_u64(const uint64_t *x, size_t n, size_t k, uint64_t *out, size_t *index);
int crew_find_first(size_t n, crew_predicate *pred, void *ctx, size_t *index, const crew_options *opt);
int crew_any(size_t n, crew_predicate *pred, void *ctx, bool *result, const crew_options *opt);
int crew_all(size_t n, crew_predicate *pred, void *ctx, bool *result, const crew_options *opt);
int crew_none(size_t n, crew_predicate *pred, void *ctx, bool *result, const crew_options *opt);
size_t crew_mismatch(const void *a, const void *b, size_t size, size_t n);
bool crew_equal(const void *a, const void *b, size_t size, size_t n);
size_t crew_find_f64(const double *x, size_t n, double value);
bool crew_contains_f64(const double *x, size_t n, double value);
void crew_search_sorted_f64(const double *x, size_t n, const double *query, size_t m, crew_side side, size_t *index);
int crew_search_sorted(const void *x, size_t size, size_t n, const void *query, size_t query_size, size_t m, int
    (*cmp)(const void *element, const void *query, void *ctx), void *ctx, crew_side side, size_t *index, const
    crew_options *opt);
int crew_find_adjacent(const void *x, size_t n, size_t size, int (*equal)(const void *a, const void *b, void *ctx),
    void *ctx, size_t *index, const crew_options *opt);
size_t crew_find_adjacent_f64(const double *x, size_t n);
int crew_is_sorted_until(const void *x, size_t n, size_t size, crew_compare *cmp, void *ctx, size_t *index, const
    crew_options *opt);
size_t crew_is_sorted_until_f64(const double *x, size_t n);
int crew_find_sequence(const void *x, size_t n, const void *y, size_t m, size_t size, int (*equal)(const void *a, const
    void *b, void *ctx), void *ctx, size_t *index, const crew_options *opt);
size_t crew_find_sequence_f64(const double *x, size_t n, const double *y, size_t m);
int crew_lexicographical_compare(const void *a, size_t na, const void *b, size_t nb, size_t size, crew_compare *cmp,
    void *ctx, int *order, const crew_options *opt);
int crew_lexicographical_compare_f64(const double *a, size_t na, const double *b, size_t nb);
size_t crew_find_f32(const float *x, size_t n, float value);
size_t crew_find_i32(const int32_t *x, size_t n, int32_t value);
size_t crew_find_i64(const int64_t *x, size_t n, int64_t value);
size_t crew_find_u32(const uint32_t *x, size_t n, uint32_t value);
size_t crew_find_u64(const uint64_t *x, size_t n, uint64_t value);
bool crew_contains_f32(const float *x, size_t n, float value);
bool crew_contains_i32(const int32_t *x, size_t n, int32_t value);
bool crew_contains_i64(const int64_t *x, size_t n, int64_t value);
bool crew_contains_u32(const uint32_t *x, size_t n, uint32_t value);
bool crew_contains_u64(const uint64_t *x, size_t n, uint64_t value);
void crew_search_sorted_f32(const float *x, size_t n, const float *query, size_t m, crew_side side, size_t *index);
void crew_search_sorted_i32(const int32_t *x, size_t n, const int32_t *query, size_t m, crew_side side, size_t *index);
void crew_search_sorted_i64(const int64_t *x, size_t n, const int64_t *query, size_t m, crew_side side, size_t *index);
void crew_search_sorted_u32(const uint32_t *x, size_t n, const uint32_t *query, size_t m, crew_side side,
    size_t *index);
void crew_search_sorted_u64(const uint64_t *x, size_t n, const uint64_t *query, size_t m, crew_side side,
    size_t *index);
size_t crew_find_adjacent_f32(const float *x, size_t n);
size_t crew_find_adjacent_i32(const int32_t *x, size_t n);
size_t crew_find_adjacent_i64(const int64_t *x, size_t n);
size_t crew_find_adjacent_u32(const uint32_t *x, size_t n);
size_t crew_find_adjacent_u64(const uint64_t *x, size_t n);
size_t crew_is_sorted_until_f32(const float *x, size_t n);
size_t crew_is_sorted_until_i32(const int32_t *x, size_t n);
size_t crew_is_sorted_until_i64(const int64_t *x, size_t n);
size_t crew_is_sorted_until_u32(const uint32_t *x, size_t n);
size_t crew_is_sorted_until_u64(const uint64_t *x, size_t n);
size_t crew_find_sequence_f32(const float *x, size_t n, const float *y, size_t m);
size_t crew_find_sequence_i32(const int32_t *x, size_t n, const int32_t *y, size_t m);
size_t crew_find_sequence_i64(const int64_t *x, size_t n, const int64_t *y, size_t m);
size_t crew_find_sequence_u32(const uint32_t *x, size_t n, const uint32_t *y, size_t m);
size_t crew_find_sequence_u64(const uint64_t *x, size_t n, const uint64_t *y, size_t m);
int crew_lexicographical_compare_f32(const float *a, size_t na, const float *b, size_t nb);
int crew_lexicographical_compare_i32(const int32_t *a, size_t na, const int32_t *b, size_t nb);
int crew_lexicographical_compare_i64(const int64_t *a, size_t na, const int64_t *b, size_t nb);
int crew_lexicographical_compare_u32(const uint32_t *a, size_t na, const uint32_t *b, size_t nb);
int crew_lexicographical_compare_u64(const uint64_t *a, size_t na, const uint64_t *b, size_t nb);
int crew_for(size_t n, crew_body *body, void *ctx, const crew_options *opt);
int crew_fail_at(size_t index, int code);
int crew_for_2d(size_t rows, size_t cols, crew_tile tile, crew_body_2d *body, void *ctx, const crew_options *opt);
int crew_for_3d(size_t planes, size_t rows, size_t cols, crew_box box, crew_body_3d *body, void *ctx, const
    crew_options *opt);
int crew_for_local(size_t n, const crew_local *local, crew_local_body *body, void *ctx, const crew_options *opt);
bool crew_in_team(void);
int crew_worker(void);
crew_graph *crew_graph_open(void);
void crew_graph_close(crew_graph *g);
int crew_graph_add(crew_graph *g, crew_task_fn *fn, void *arg, size_t *node);
int crew_graph_edge(crew_graph *g, size_t before, size_t after);
int crew_graph_edges(crew_graph *g, const size_t (*edges)[2], size_t n);
int crew_graph_name(crew_graph *g, size_t node, const char *name);
int crew_graph_measure(crew_graph *g, bool on);
double crew_graph_seconds(const crew_graph *g, size_t node);
int crew_graph_failed(const crew_graph *g, size_t *node);
int crew_graph_dot(const crew_graph *g, FILE *out);
size_t crew_graph_size(const crew_graph *g);
int crew_graph_skip(crew_graph *g, size_t node, bool skip);
int crew_graph_run(crew_graph *g, const crew_options *opt);
crew_future *crew_graph_submit(crew_executor *ex, crew_graph *g);
int crew_bincount_u32(const uint32_t *keys, size_t n, uint64_t *counts, size_t bins, size_t *out_of_range);
int crew_bincount32_u32(const uint32_t *keys, size_t n, uint32_t *counts, size_t bins, size_t *out_of_range);
int crew_bincount_weighted_u32_f64(const uint32_t *keys, const double *weights, size_t n, double *sums, size_t bins,
    size_t *out_of_range);
int crew_histogram_edges_f32(float low, float high, size_t bins, float *edges);
int crew_histogram_edges_f64(double low, double high, size_t bins, double *edges);
int crew_histogram_f32(const float *x, size_t n, float low, float high, uint64_t *counts, size_t bins,
    size_t *out_of_range);
int crew_histogram_f64(const double *x, size_t n, double low, double high, uint64_t *counts, size_t bins,
    size_t *out_of_range);
int crew_histogram_2d_f32(const float *x, const float *y, size_t n, float x_low, float x_high, size_t x_bins, float
    y_low, float y_high, size_t y_bins, uint64_t *counts, size_t *out_of_range);
int crew_histogram_2d_f64(const double *x, const double *y, size_t n, double x_low, double x_high, size_t x_bins,
    double y_low, double y_high, size_t y_bins, uint64_t *counts, size_t *out_of_range);
int crew_histogram_by_edges_f32(const float *x, size_t n, const float *edges, uint64_t *counts, size_t bins,
    size_t *out_of_range);
int crew_histogram_by_edges_f64(const double *x, size_t n, const double *edges, uint64_t *counts, size_t bins,
    size_t *out_of_range);
int crew_histogram_2d_by_edges_f32(const float *x, const float *y, size_t n, const float *x_edges, size_t x_bins, const
    float *y_edges, size_t y_bins, uint64_t *counts, size_t *out_of_range);
int crew_histogram_2d_by_edges_f64(const double *x, const double *y, size_t n, const double *x_edges, size_t x_bins,
    const double *y_edges, size_t y_bins, uint64_t *counts, size_t *out_of_range);
int crew_bincount_u8(const uint8_t *keys, size_t n, uint64_t *counts, size_t bins, size_t *out_of_range);
int crew_bincount_u16(const uint16_t *keys, size_t n, uint64_t *counts, size_t bins, size_t *out_of_range);
int crew_bincount_i32(const int32_t *keys, size_t n, uint64_t *counts, size_t bins, size_t *out_of_range);
int crew_bincount_i64(const int64_t *keys, size_t n, uint64_t *counts, size_t bins, size_t *out_of_range);
int crew_bincount_u64(const uint64_t *keys, size_t n, uint64_t *counts, size_t bins, size_t *out_of_range);
int crew_bincount_weighted_u8_f64(const uint8_t *keys, const double *weights, size_t n, double *sums, size_t bins,
    size_t *out_of_range);
int crew_bincount_weighted_u16_f64(const uint16_t *keys, const double *weights, size_t n, double *sums, size_t bins,
    size_t *out_of_range);
int crew_bincount_weighted_i32_f64(const int32_t *keys, const double *weights, size_t n, double *sums, size_t bins,
    size_t *out_of_range);
int crew_bincount_weighted_i64_f64(const int64_t *keys, const double *weights, size_t n, double *sums, size_t bins,
    size_t *out_of_range);
int crew_bincount_weighted_u64_f64(const uint64_t *keys, const double *weights, size_t n, double *sums, size_t bins,
    size_t *out_of_range);
int crew_bincount_weighted_u8_i64(const uint8_t *keys, const int64_t *weights, size_t n, int64_t *sums, size_t bins,
    size_t *out_of_range);
int crew_bincount_weighted_u16_i64(const uint16_t *keys, const int64_t *weights, size_t n, int64_t *sums, size_t bins,
    size_t *out_of_range);
int crew_bincount_weighted_i32_i64(const int32_t *keys, const int64_t *weights, size_t n, int64_t *sums, size_t bins,
    size_t *out_of_range);
int crew_bincount_weighted_i64_i64(const int64_t *keys, const int64_t *weights, size_t n, int64_t *sums, size_t bins,
    size_t *out_of_range);
int crew_bincount_weighted_u32_i64(const uint32_t *keys, const int64_t *weights, size_t n, int64_t *sums, size_t bins,
    size_t *out_of_range);
int crew_bincount_weighted_u64_i64(const uint64_t *keys, const int64_t *weights, size_t n, int64_t *sums, size_t bins,
    size_t *out_of_range);
int crew_bincount32_u8(const uint8_t *keys, size_t n, uint32_t *counts, size_t bins, size_t *out_of_range);
int crew_bincount32_u16(const uint16_t *keys, size_t n, uint32_t *counts, size_t bins, size_t *out_of_range);
int crew_bincount32_i32(const int32_t *keys, size_t n, uint32_t *counts, size_t bins, size_t *out_of_range);
int crew_bincount32_i64(const int64_t *keys, size_t n, uint32_t *counts, size_t bins, size_t *out_of_range);
int crew_bincount32_u64(const uint64_t *keys, size_t n, uint32_t *counts, size_t bins, size_t *out_of_range);
bool crew_lines_next(const char **at, const char *end, const char **line, size_t *length);
crew_lines *crew_lines_open(int fd, size_t block);
int crew_lines_read(crew_lines *r, crew_lines_block *b);
void crew_lines_block_free(crew_lines_block *b);
void crew_lines_close(crew_lines *r);
int crew_lines_for(int fd, size_t block, crew_lines_body *body, void *ctx, const crew_options *opt);
int crew_lines_reduce(int fd, size_t block, const crew_lines_reducer *r, void *ctx, void *result, const
    crew_options *opt);
int crew_loop_threads(void);
int crew_map(const void *in, size_t in_size, void *out, size_t out_size, size_t n, crew_map_fn *fn, void *ctx, const
    crew_options *opt);
int crew_fill(void *out, size_t n, size_t size, const void *value);
void crew_fill_f64(double *out, size_t n, double value);
void crew_iota_f64(double *out, size_t n, double start, double step);
int crew_copy(const void *in, void *out, size_t n, size_t size);
int crew_reverse(const void *in, void *out, size_t n, size_t size);
int crew_rotate(const void *in, void *out, size_t n, size_t size, size_t first);
int crew_shift_left(void *x, size_t n, size_t size, size_t k);
int crew_shift_right(void *x, size_t n, size_t size, size_t k);
int crew_gather(const void *in, size_t in_n, const size_t *index, void *out, size_t n, size_t size);
int crew_scatter(const void *in, const size_t *index, size_t n, void *out, size_t out_n, size_t size);
int crew_transpose(const void *in, void *out, size_t rows, size_t cols, size_t size);
void *crew_alloc(size_t n, size_t size);
void crew_free(void *p);
void crew_scratch_trim(void);
void crew_fill_f32(float *out, size_t n, float value);
void crew_fill_i32(int32_t *out, size_t n, int32_t value);
void crew_fill_i64(int64_t *out, size_t n, int64_t value);
void crew_fill_u32(uint32_t *out, size_t n, uint32_t value);
void crew_fill_u64(uint64_t *out, size_t n, uint64_t value);
void crew_iota_f32(float *out, size_t n, float start, float step);
void crew_iota_i32(int32_t *out, size_t n, int32_t start, int32_t step);
void crew_iota_i64(int64_t *out, size_t n, int64_t start, int64_t step);
void crew_iota_u32(uint32_t *out, size_t n, uint32_t start, uint32_t step);
void crew_iota_u64(uint64_t *out, size_t n, uint64_t start, uint64_t step);
int crew_process_map(const void *in, size_t in_size, void *out, size_t out_size, size_t n, crew_map_fn *fn, void *ctx,
    const crew_options *opt, const crew_process_options *processes);
bool crew_process_died(int status, int *signal, int *exit_code);
int crew_process_message(size_t item, int status, char *text, size_t size);
void *crew_shared_alloc(size_t bytes);
void crew_shared_free(void *p);
crew_random crew_random_at(uint64_t seed, uint64_t stream);
void crew_random_seek(crew_random *r, uint64_t draw);
uint64_t crew_random_u64(crew_random *r);
double crew_random_uniform(crew_random *r);
uint64_t crew_random_below(crew_random *r, uint64_t n);
int64_t crew_random_between(crew_random *r, int64_t low, int64_t high);
double crew_random_normal(crew_random *r);
void crew_random_fill_u64(uint64_t *x, size_t n, uint64_t seed, uint64_t stream, uint64_t first);
void crew_random_fill_uniform_f64(double *x, size_t n, uint64_t seed, uint64_t stream, uint64_t first);
void crew_random_fill_normal_f64(double *x, size_t n, uint64_t seed, uint64_t stream, uint64_t first);
int crew_scan_inclusive(const void *in, void *out, size_t size, size_t n, const crew_scanner *s, void *ctx,
    void *total, const crew_options *opt);
int crew_scan_exclusive(const void *in, void *out, size_t size, size_t n, const crew_scanner *s, void *ctx,
    void *total, const crew_options *opt);
int crew_scan_segmented_inclusive(const void *in, const unsigned char *flags, void *out, size_t size, size_t n, const
    crew_scanner *s, void *ctx, void *total, const crew_options *opt);
int crew_scan_segmented_exclusive(const void *in, const unsigned char *flags, void *out, size_t size, size_t n, const
    crew_scanner *s, void *ctx, void *total, const crew_options *opt);
double crew_scan_inclusive_sum_f64(const double *x, double *out, size_t n);
double crew_scan_exclusive_sum_f64(const double *x, double *out, size_t n);
double crew_scan_inclusive_product_f64(const double *x, double *out, size_t n);
double crew_scan_exclusive_product_f64(const double *x, double *out, size_t n);
double crew_scan_inclusive_min_f64(const double *x, double *out, size_t n);
double crew_scan_exclusive_min_f64(const double *x, double *out, size_t n);
double crew_scan_inclusive_max_f64(const double *x, double *out, size_t n);
double crew_scan_exclusive_max_f64(const double *x, double *out, size_t n);
void crew_scan_segmented_inclusive_sum_f64(const double *x, const unsigned char *flags, double *out, size_t n);
void crew_scan_segmented_inclusive_product_f64(const double *x, const unsigned char *flags, double *out, size_t n);
void crew_scan_segmented_inclusive_min_f64(const double *x, const unsigned char *flags, double *out, size_t n);
void crew_scan_segmented_inclusive_max_f64(const double *x, const unsigned char *flags, double *out, size_t n);
void crew_scan_segmented_exclusive_sum_f64(const double *x, const unsigned char *flags, double *out, size_t n);
void crew_scan_segmented_exclusive_product_f64(const double *x, const unsigned char *flags, double *out, size_t n);
void crew_scan_segmented_exclusive_min_f64(const double *x, const unsigned char *flags, double *out, size_t n);
void crew_scan_segmented_exclusive_max_f64(const double *x, const unsigned char *flags, double *out, size_t n);
float crew_scan_inclusive_sum_f32(const float *x, float *out, size_t n);
int32_t crew_scan_inclusive_sum_i32(const int32_t *x, int32_t *out, size_t n);
int64_t crew_scan_inclusive_sum_i64(const int64_t *x, int64_t *out, size_t n);
uint32_t crew_scan_inclusive_sum_u32(const uint32_t *x, uint32_t *out, size_t n);
uint64_t crew_scan_inclusive_sum_u64(const uint64_t *x, uint64_t *out, size_t n);
float crew_scan_exclusive_sum_f32(const float *x, float *out, size_t n);
int32_t crew_scan_exclusive_sum_i32(const int32_t *x, int32_t *out, size_t n);
int64_t crew_scan_exclusive_sum_i64(const int64_t *x, int64_t *out, size_t n);
uint32_t crew_scan_exclusive_sum_u32(const uint32_t *x, uint32_t *out, size_t n);
uint64_t crew_scan_exclusive_sum_u64(const uint64_t *x, uint64_t *out, size_t n);
float crew_scan_inclusive_product_f32(const float *x, float *out, size_t n);
int32_t crew_scan_inclusive_product_i32(const int32_t *x, int32_t *out, size_t n);
int64_t crew_scan_inclusive_product_i64(const int64_t *x, int64_t *out, size_t n);
uint32_t crew_scan_inclusive_product_u32(const uint32_t *x, uint32_t *out, size_t n);
uint64_t crew_scan_inclusive_product_u64(const uint64_t *x, uint64_t *out, size_t n);
float crew_scan_exclusive_product_f32(const float *x, float *out, size_t n);
int32_t crew_scan_exclusive_product_i32(const int32_t *x, int32_t *out, size_t n);
int64_t crew_scan_exclusive_product_i64(const int64_t *x, int64_t *out, size_t n);
uint32_t crew_scan_exclusive_product_u32(const uint32_t *x, uint32_t *out, size_t n);
uint64_t crew_scan_exclusive_product_u64(const uint64_t *x, uint64_t *out, size_t n);
float crew_scan_inclusive_min_f32(const float *x, float *out, size_t n);
int32_t crew_scan_inclusive_min_i32(const int32_t *x, int32_t *out, size_t n);
int64_t crew_scan_inclusive_min_i64(const int64_t *x, int64_t *out, size_t n);
uint32_t crew_scan_inclusive_min_u32(const uint32_t *x, uint32_t *out, size_t n);
uint64_t crew_scan_inclusive_min_u64(const uint64_t *x, uint64_t *out, size_t n);
float crew_scan_exclusive_min_f32(const float *x, float *out, size_t n);
int32_t crew_scan_exclusive_min_i32(const int32_t *x, int32_t *out, size_t n);
int64_t crew_scan_exclusive_min_i64(const int64_t *x, int64_t *out, size_t n);
uint32_t crew_scan_exclusive_min_u32(const uint32_t *x, uint32_t *out, size_t n);
uint64_t crew_scan_exclusive_min_u64(const uint64_t *x, uint64_t *out, size_t n);
float crew_scan_inclusive_max_f32(const float *x, float *out, size_t n);
int32_t crew_scan_inclusive_max_i32(const int32_t *x, int32_t *out, size_t n);
int64_t crew_scan_inclusive_max_i64(const int64_t *x, int64_t *out, size_t n);
uint32_t crew_scan_inclusive_max_u32(const uint32_t *x, uint32_t *out, size_t n);
uint64_t crew_scan_inclusive_max_u64(const uint64_t *x, uint64_t *out, size_t n);
float crew_scan_exclusive_max_f32(const float *x, float *out, size_t n);
int32_t crew_scan_exclusive_max_i32(const int32_t *x, int32_t *out, size_t n);
int64_t crew_scan_exclusive_max_i64(const int64_t *x, int64_t *out, size_t n);
uint32_t crew_scan_exclusive_max_u32(const uint32_t *x, uint32_t *out, size_t n);
uint64_t crew_scan_exclusive_max_u64(const uint64_t *x, uint64_t *out, size_t n);
void crew_scan_segmented_inclusive_sum_f32(const float *x, const unsigned char *flags, float *out, size_t n);
void crew_scan_segmented_inclusive_sum_i32(const int32_t *x, const unsigned char *flags, int32_t *out, size_t n);
void crew_scan_segmented_inclusive_sum_i64(const int64_t *x, const unsigned char *flags, int64_t *out, size_t n);
void crew_scan_segmented_inclusive_sum_u32(const uint32_t *x, const unsigned char *flags, uint32_t *out, size_t n);
void crew_scan_segmented_inclusive_sum_u64(const uint64_t *x, const unsigned char *flags, uint64_t *out, size_t n);
void crew_scan_segmented_inclusive_product_f32(const float *x, const unsigned char *flags, float *out, size_t n);
void crew_scan_segmented_inclusive_product_i32(const int32_t *x, const unsigned char *flags, int32_t *out, size_t n);
void crew_scan_segmented_inclusive_product_i64(const int64_t *x, const unsigned char *flags, int64_t *out, size_t n);
void crew_scan_segmented_inclusive_product_u32(const uint32_t *x, const unsigned char *flags, uint32_t *out, size_t n);
void crew_scan_segmented_inclusive_product_u64(const uint64_t *x, const unsigned char *flags, uint64_t *out, size_t n);
void crew_scan_segmented_inclusive_min_f32(const float *x, const unsigned char *flags, float *out, size_t n);
void crew_scan_segmented_inclusive_min_i32(const int32_t *x, const unsigned char *flags, int32_t *out, size_t n);
void crew_scan_segmented_inclusive_min_i64(const int64_t *x, const unsigned char *flags, int64_t *out, size_t n);
void crew_scan_segmented_inclusive_min_u32(const uint32_t *x, const unsigned char *flags, uint32_t *out, size_t n);
void crew_scan_segmented_inclusive_min_u64(const uint64_t *x, const unsigned char *flags, uint64_t *out, size_t n);
void crew_scan_segmented_inclusive_max_f32(const float *x, const unsigned char *flags, float *out, size_t n);
void crew_scan_segmented_inclusive_max_i32(const int32_t *x, const unsigned char *flags, int32_t *out, size_t n);
void crew_scan_segmented_inclusive_max_i64(const int64_t *x, const unsigned char *flags, int64_t *out, size_t n);
void crew_scan_segmented_inclusive_max_u32(const uint32_t *x, const unsigned char *flags, uint32_t *out, size_t n);
void crew_scan_segmented_inclusive_max_u64(const uint64_t *x, const unsigned char *flags, uint64_t *out, size_t n);
void crew_scan_segmented_exclusive_sum_f32(const float *x, const unsigned char *flags, float *out, size_t n);
void crew_scan_segmented_exclusive_sum_i32(const int32_t *x, const unsigned char *flags, int32_t *out, size_t n);
void crew_scan_segmented_exclusive_sum_i64(const int64_t *x, const unsigned char *flags, int64_t *out, size_t n);
void crew_scan_segmented_exclusive_sum_u32(const uint32_t *x, const unsigned char *flags, uint32_t *out, size_t n);
void crew_scan_segmented_exclusive_sum_u64(const uint64_t *x, const unsigned char *flags, uint64_t *out, size_t n);
void crew_scan_segmented_exclusive_product_f32(const float *x, const unsigned char *flags, float *out, size_t n);
void crew_scan_segmented_exclusive_product_i32(const int32_t *x, const unsigned char *flags, int32_t *out, size_t n);
void crew_scan_segmented_exclusive_product_i64(const int64_t *x, const unsigned char *flags, int64_t *out, size_t n);
void crew_scan_segmented_exclusive_product_u32(const uint32_t *x, const unsigned char *flags, uint32_t *out, size_t n);
void crew_scan_segmented_exclusive_product_u64(const uint64_t *x, const unsigned char *flags, uint64_t *out, size_t n);
void crew_scan_segmented_exclusive_min_f32(const float *x, const unsigned char *flags, float *out, size_t n);
void crew_scan_segmented_exclusive_min_i32(const int32_t *x, const unsigned char *flags, int32_t *out, size_t n);
void crew_scan_segmented_exclusive_min_i64(const int64_t *x, const unsigned char *flags, int64_t *out, size_t n);
void crew_scan_segmented_exclusive_min_u32(const uint32_t *x, const unsigned char *flags, uint32_t *out, size_t n);
void crew_scan_segmented_exclusive_min_u64(const uint64_t *x, const unsigned char *flags, uint64_t *out, size_t n);
void crew_scan_segmented_exclusive_max_f32(const float *x, const unsigned char *flags, float *out, size_t n);
void crew_scan_segmented_exclusive_max_i32(const int32_t *x, const unsigned char *flags, int32_t *out, size_t n);
void crew_scan_segmented_exclusive_max_i64(const int64_t *x, const unsigned char *flags, int64_t *out, size_t n);
void crew_scan_segmented_exclusive_max_u32(const uint32_t *x, const unsigned char *flags, uint32_t *out, size_t n);
void crew_scan_segmented_exclusive_max_u64(const uint64_t *x, const unsigned char *flags, uint64_t *out, size_t n);
int crew_set_union(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out, crew_compare *cmp,
    void *ctx, size_t *count, const crew_options *opt);
int crew_set_intersection(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out,
    crew_compare *cmp, void *ctx, size_t *count, const crew_options *opt);
int crew_set_difference(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out, crew_compare *cmp,
    void *ctx, size_t *count, const crew_options *opt);
int crew_set_symmetric_difference(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out,
    crew_compare *cmp, void *ctx, size_t *count, const crew_options *opt);
int crew_includes(const void *a, size_t na, const void *b, size_t nb, size_t size, crew_compare *cmp, void *ctx,
    bool *result, const crew_options *opt);
size_t crew_set_union_f64(const double *a, size_t na, const double *b, size_t nb, double *out);
size_t crew_set_intersection_f64(const double *a, size_t na, const double *b, size_t nb, double *out);
size_t crew_set_difference_f64(const double *a, size_t na, const double *b, size_t nb, double *out);
size_t crew_set_symmetric_difference_f64(const double *a, size_t na, const double *b, size_t nb, double *out);
bool crew_includes_f64(const double *a, size_t na, const double *b, size_t nb);
size_t crew_set_union_f32(const float *a, size_t na, const float *b, size_t nb, float *out);
size_t crew_set_union_i32(const int32_t *a, size_t na, const int32_t *b, size_t nb, int32_t *out);
size_t crew_set_union_i64(const int64_t *a, size_t na, const int64_t *b, size_t nb, int64_t *out);
size_t crew_set_union_u32(const uint32_t *a, size_t na, const uint32_t *b, size_t nb, uint32_t *out);
size_t crew_set_union_u64(const uint64_t *a, size_t na, const uint64_t *b, size_t nb, uint64_t *out);
size_t crew_set_intersection_f32(const float *a, size_t na, const float *b, size_t nb, float *out);
size_t crew_set_intersection_i32(const int32_t *a, size_t na, const int32_t *b, size_t nb, int32_t *out);
size_t crew_set_intersection_i64(const int64_t *a, size_t na, const int64_t *b, size_t nb, int64_t *out);
size_t crew_set_intersection_u32(const uint32_t *a, size_t na, const uint32_t *b, size_t nb, uint32_t *out);
size_t crew_set_intersection_u64(const uint64_t *a, size_t na, const uint64_t *b, size_t nb, uint64_t *out);
size_t crew_set_difference_f32(const float *a, size_t na, const float *b, size_t nb, float *out);
size_t crew_set_difference_i32(const int32_t *a, size_t na, const int32_t *b, size_t nb, int32_t *out);
size_t crew_set_difference_i64(const int64_t *a, size_t na, const int64_t *b, size_t nb, int64_t *out);
size_t crew_set_difference_u32(const uint32_t *a, size_t na, const uint32_t *b, size_t nb, uint32_t *out);
size_t crew_set_difference_u64(const uint64_t *a, size_t na, const uint64_t *b, size_t nb, uint64_t *out);
size_t crew_set_symmetric_difference_f32(const float *a, size_t na, const float *b, size_t nb, float *out);
size_t crew_set_symmetric_difference_i32(const int32_t *a, size_t na, const int32_t *b, size_t nb, int32_t *out);
size_t crew_set_symmetric_difference_i64(const int64_t *a, size_t na, const int64_t *b, size_t nb, int64_t *out);
size_t crew_set_symmetric_difference_u32(const uint32_t *a, size_t na, const uint32_t *b, size_t nb, uint32_t *out);
size_t crew_set_symmetric_difference_u64(const uint64_t *a, size_t na, const uint64_t *b, size_t nb, uint64_t *out);
bool crew_includes_f32(const float *a, size_t na, const float *b, size_t nb);
bool crew_includes_i32(const int32_t *a, size_t na, const int32_t *b, size_t nb);
bool crew_includes_i64(const int64_t *a, size_t na, const int64_t *b, size_t nb);
bool crew_includes_u32(const uint32_t *a, size_t na, const uint32_t *b, size_t nb);
bool crew_includes_u64(const uint64_t *a, size_t na, const uint64_t *b, size_t nb);
int crew_stream(const crew_pipeline *p, void *ctx, const crew_options *opt);
int crew_tally_add(crew_tally *t, const void *key, size_t size, double value);
int crew_tally_merge(crew_tally *t, crew_tally *from);
const crew_tally_entry *crew_tally_find(const crew_tally *t, const void *key, size_t size);
const crew_tally_entry *crew_tally_entries(const crew_tally *t, size_t *n);
void crew_tally_sort_by_key(crew_tally *t);
void crew_tally_sort_by_count(crew_tally *t);
void crew_tally_sort_by_sum(crew_tally *t);
void crew_tally_free(crew_tally *t);
int crew_group_by_bytes(const crew_bytes *keys, size_t n, crew_bytes_order order, size_t *offsets, size_t *indices,
    size_t *groups, const crew_options *opt);
void crew_stats_enable(int on);
size_t crew_stats(crew_call_stats *stats, size_t room);
const char *crew_version(void);
"""
# </declarations>


class Error(Exception):
    """What a call returned that is not 0, as .code; .failed is the lowest failing item, where one is known."""

    def __init__(self, code, failed=None):
        text = lib.crew_strerror(code).decode()
        super().__init__(text if failed is None else f"item {failed}: {text}")
        self.code, self.failed = code, failed


def check(code, failed=None):
    """Raises what a return value says: ValueError, MemoryError, TimeoutError, CancelledError, Error."""
    if code == 0:
        return
    kinds = {-_errno.EINVAL: ValueError, -_errno.ENOMEM: MemoryError, -_errno.ETIMEDOUT: TimeoutError,
             -_errno.ECANCELED: _futures.CancelledError}
    if code in kinds:
        raise kinds[code](lib.crew_strerror(code).decode())
    raise Error(code, failed)


# Arguments that are arrays.


class _PyBuffer(_c.Structure):
    _fields_ = [("buf", _c.c_void_p), ("obj", _c.c_void_p), ("len", _c.c_ssize_t), ("itemsize", _c.c_ssize_t),
                ("readonly", _c.c_int), ("ndim", _c.c_int), ("format", _c.c_char_p),
                ("shape", _c.POINTER(_c.c_ssize_t)), ("strides", _c.c_void_p), ("suboffsets", _c.c_void_p),
                ("internal", _c.c_void_p)]


_get_buffer = _c.pythonapi.PyObject_GetBuffer
_get_buffer.argtypes, _get_buffer.restype = [_c.py_object, _c.POINTER(_PyBuffer), _c.c_int], _c.c_int
_release_buffer = _c.pythonapi.PyBuffer_Release
_release_buffer.argtypes, _release_buffer.restype = [_c.POINTER(_PyBuffer)], None
_CONTIGUOUS_WITH_FORMAT, _WRITABLE = 0x38 | 0x4, 0x1


class _View:
    """The memory of an object with a buffer, which cannot be resized or freed while this lives."""

    def __init__(self, value, writable=False):
        self.buffer = _PyBuffer()
        try:
            memoryview(value)
        except TypeError:
            kind = type(value).__name__
            raise TypeError(f"an array is wanted (of NumPy, array.array), not {kind}: numpy.array(...)") from None
        _get_buffer(value, self.buffer, _CONTIGUOUS_WITH_FORMAT | (_WRITABLE if writable else 0))
        self.address, self.size, self.itemsize = self.buffer.buf, self.buffer.len, self.buffer.itemsize
        self.format = (self.buffer.format or b"B").decode().lstrip("@=<")
        self.items = self.size // self.itemsize if self.itemsize else 0
        self.rows = self.buffer.shape[0] if self.buffer.ndim > 0 else 1

    def __del__(self):
        if self.buffer.obj:
            _release_buffer(self.buffer)

    @property
    def suffix(self):
        """f64, i32, ...: the ending of the functions for these elements."""
        kind = {"f": "f", "d": "f"}.get(self.format) or ("i" if self.format in "bhilqn" else
                                                         "u" if self.format in "BHILQN" else None)
        if kind is None or kind == "f" and self.itemsize < 4:
            raise TypeError(f"no function for elements of format {self.format!r}")
        return f"{kind}{8 * self.itemsize}"


_ELEMENTS = {"float": "f32", "double": "f64", "int": "i32", "int8_t": "i8", "int16_t": "i16", "int32_t": "i32",
             "int64_t": "i64", "uint8_t": "u8", "uint16_t": "u16", "uint32_t": "u32", "uint64_t": "u64"}


def _array_type(c_type, const):
    """An argument type for a pointer to elements; void: any."""

    class Array:
        @classmethod
        def from_param(cls, value):
            if value is None:
                return None
            if isinstance(value, (_c.c_void_p, _c._Pointer, type(_c.byref(_c.c_int())), _c._CFuncPtr)):
                return value
            view = _View(value, not const)
            if c_type in _ELEMENTS and view.suffix != _ELEMENTS[c_type] or \
                    c_type == "size_t" and view.itemsize != _c.sizeof(_c.c_size_t) or \
                    c_type in ("bool", "unsigned char") and view.itemsize != 1:
                raise TypeError(f"an array of {c_type} is wanted, not of format {view.format!r}")
            pointer = _c.c_void_p(view.address)
            pointer.view = view  # lives as long as the call
            return pointer

    return Array


class _Text:
    """const char *: str or bytes."""

    @classmethod
    def from_param(cls, value):
        return None if value is None else _c.c_char_p(_os.fsencode(value))


def _callback_type(kind):
    """An argument type for a pointer to a function: a crew_body(...) of this module, or a function of a C library."""

    class Callback:
        @classmethod
        def from_param(cls, value):
            if value is None or isinstance(value, kind):
                return value
            if isinstance(value, _c._CFuncPtr):
                return _c.cast(value, _c.c_void_p)
            raise TypeError(f"not a C function; crew.{kind.__name__}(function) makes one of a Python function")

    return Callback


# The declarations above, as ctypes.

_SCALARS = {"void": None, "char": _c.c_char, "int": _c.c_int, "unsigned": _c.c_uint, "unsigned char": _c.c_ubyte,
            "size_t": _c.c_size_t, "bool": _c.c_bool, "float": _c.c_float, "double": _c.c_double,
            "int8_t": _c.c_int8, "int16_t": _c.c_int16, "int32_t": _c.c_int32, "int64_t": _c.c_int64,
            "uint8_t": _c.c_uint8, "uint16_t": _c.c_uint16, "uint32_t": _c.c_uint32, "uint64_t": _c.c_uint64}
_types = dict(_SCALARS, **{name: _c.c_int for name in _ENUMS})
for _name in _OPAQUE + _re.findall(r"^(crew_\w+):", _STRUCTS, _re.M):
    _types[_name] = globals()[_name] = type(_name, (_c.Structure,), {})


def _split(text):
    """(C type, stars, rest) of a declaration."""
    text = text.replace("const", " ").strip()
    base = _re.match(r"(?:struct |enum )?(unsigned char|\w+)\s*", text)
    rest = text[base.end():]
    return base.group(1), rest.count("*"), rest.replace("*", "").strip()


def _plain(text):
    """The ctypes type of a member or of a result."""
    base, stars, _ = _split(text)
    if stars == 0:
        return _types[base]
    if base == "char" and stars == 1:
        return _c.c_char_p
    kind = _types.get(base, None)
    if kind is None or base == "FILE":
        return _c.c_void_p
    if issubclass(kind, _c._CFuncPtr):
        return kind
    return _c.POINTER(kind) if stars == 1 else _c.c_void_p


def _argument(text):
    base, stars, _ = _split(text)
    kind = _types.get(base)
    if stars == 0:
        return _types[base]
    if base == "char" and "const" in text:
        return _Text
    if kind is not None and issubclass(kind, _c._CFuncPtr):
        return _callback_type(kind)
    if kind is not None and issubclass(kind, _c.Structure) and stars == 1:
        return _c.POINTER(kind)
    return _array_type(base if stars == 1 else "void", "const" in text)


def _arguments(text):
    text = _re.sub(r"\(\*(\w+)\)\(([^()]*)\)", r"*\1", text)  # a function's pointer
    text = _re.sub(r"\(\*(\w+)\)\[\d+\]", r"*\1", text)
    return [] if text.strip() == "void" else [part.strip() for part in text.split(",")]


def _function_type(text):
    """Of `int (*fold)(size_t begin, ...)`, or of a callback's declaration."""
    returns, name, arguments = _re.fullmatch(r"(.*?)\(?\*?\b(\w+)\)?\((.*)\)", " ".join(text.split())).groups()
    kinds = [_c.c_void_p if _split(a)[1] else _plain(a) for a in _arguments(arguments)]
    return name, _c.CFUNCTYPE(_plain(returns), *kinds)


for _text in _CALLBACKS.split(";")[:-1]:
    _name, _kind = _function_type(_text)
    _kind.__name__ = _name
    _types[_name] = globals()[_name] = _kind

for _name, _text in _re.findall(r"^(crew_\w+):(.*?)$(?=\n\S|\n\Z)", _STRUCTS, _re.M | _re.S):
    _fields = []
    for _member in " ".join(_text.split()).split(";")[:-1]:
        if "(*" in _member:
            _fields.append(_function_type(_member))
            continue
        _first, *_more = _member.split(",")
        _, _, _field = _split(_first)
        _kind = _plain(_first)
        if _match := _re.fullmatch(r"(\w+)\[(\w+)\]", _field):
            _length = _match.group(2)
            _fields.append((_match.group(1), _kind * int(globals().get(_length, _length))))
        else:
            _fields += [(_f.strip(), _kind) for _f in [_field] + _more]
    _types[_name]._fields_ = _fields


def _load():
    named = _os.environ.get("LIBCREW") or _util.find_library("crew") or "libcrew.so.0"
    try:
        library = _c.CDLL(named, use_errno=True)
    except OSError as error:
        raise ImportError(f"{error}; LIBCREW may name the shared library of crew") from None
    for text in _FUNCTIONS.split(";")[:-1]:
        text = " ".join(text.split())
        match = _re.fullmatch(r"(.*?\W)(crew_\w+)\((.*)\)", text)
        name = match.group(2) if match else text.split()[1]
        try:
            function = getattr(library, name)
        except AttributeError:
            continue  # of the core alone
        if match:
            function.restype = _plain(match.group(1))
            function.argtypes = [_argument(a) for a in _arguments(match.group(3))]
    return library


lib = _load()


# What calls have in common.


class Cancel(crew_cancel):
    """crew.Cancel(): a flag for options; .request() from any thread stops the calls that it was given to."""

    def request(self):
        lib.crew_cancel_request(self)


class _Call:
    """crew_options by keywords, and what a call of Python functions leaves."""

    def __init__(self, threads=0, grain=0, timeout=0, cancel=None, progress=False, name=None):
        self.at = _c.c_size_t(2**64 - 1)
        self.options = crew_options(threads=threads, grain=grain, timeout=timeout, failed=_c.pointer(self.at))
        if cancel is not None:
            self.options.cancel = _c.cast(_c.pointer(cancel), _c.POINTER(crew_cancel))
        if progress:
            self.options.progress = _c.cast(lib.crew_progress_bar, crew_progress)
        if name is not None:
            self.options.name = _os.fsencode(name)
        self.errors = []

    def guarded(self, function):
        """function, whose exception becomes a value that stops the call."""

        def run(*arguments):
            try:
                function(*arguments)
                return 0
            except BaseException as error:
                self.errors.append(error)
                return len(self.errors)

        return run

    def end(self, code):
        """The value is that of the lowest item, and says which exception was its own."""
        if 0 < code <= len(self.errors):
            raise self.errors[code - 1]
        failed = self.at.value
        check(code, failed if failed != 2**64 - 1 else None)


def _like(x, n, code):
    """A new array of n elements of the kind that x is."""
    numpy = _sys.modules.get("numpy")
    if numpy is not None and isinstance(x, numpy.ndarray):
        return numpy.empty(n, dtype={"L": "uintp"}.get(code, code))
    size = _array.array(code).itemsize
    return _array.array(code, bytes(n * size))


def _of_type(name, x):
    view = _View(x)
    try:
        return getattr(lib, f"crew_{name}_{view.suffix}"), view
    except AttributeError:
        raise TypeError(f"no crew_{name} for elements of format {view.format!r}") from None


def _c_function(function, library):
    """By name, from a library by name; or as ctypes has it."""
    if isinstance(function, str):
        if library is None:
            raise TypeError("a C function's name wants a library=")
        return getattr(_c.CDLL(library) if isinstance(library, (str, _os.PathLike)) else library, function)
    return function


def num_threads():
    return lib.crew_num_threads()


def set_num_threads(threads):
    check(lib.crew_set_num_threads(threads))


# Loops and maps.


def for_range(n, body, ctx=None, library=None, **options):
    """crew_for: body(begin, end) in Python, or a crew_body in C, which gets ctx."""
    call = _Call(**options)
    function = _c_function(body, library)
    if not isinstance(function, _c._CFuncPtr):
        function = crew_body(call.guarded(lambda begin, end, _: body(begin, end)))
    call.end(lib.crew_for(n, function, ctx, call.options))


def map(function, x, out=None, ctx=None, library=None, processes=0, **options):
    """out[i] = function(x[i]) over the first axis; returns out. In C function is a crew_map_fn, in Python it gets x[i].
    processes: in so many forked processes, without the interpreter lock of this one; an item that kills its worker then
    raises Error."""
    call = _Call(**options)
    if out is None:
        out = _like(x, _View(x).items, _View(x).format)
        if hasattr(x, "shape"):
            out = out.reshape(x.shape)
    source, target = _View(x), _View(out, True)
    n = source.rows
    if n != target.rows:
        raise ValueError(f"{n} items, and room for {target.rows}")
    if n == 0:
        return out
    function = _c_function(function, library)
    sizes = source.address, source.size // n, target.address, target.size // n
    if not isinstance(function, _c._CFuncPtr):
        plain = function
        if not processes:
            def body(begin, end, _):
                for i in range(begin, end):
                    out[i] = plain(x[i])

            call.end(lib.crew_for(n, crew_body(call.guarded(body)), None, call.options))
            return out

        def item(place, result, _):  # the result goes to the place that the worker was given
            row = out[:1].copy() if hasattr(out, "copy") else out[:1]
            row[0] = plain(x[(place - source.address) // sizes[1]])
            _c.memmove(result, _View(row).address, sizes[3])

        def shown(*arguments):  # the exception stays in the worker, so it is printed there
            try:
                return item(*arguments) or 0
            except BaseException:
                _sys.excepthook(*_sys.exc_info())
                return 1

        function = crew_map_fn(shown)
    pointers = _c.c_void_p(sizes[0]), sizes[1], _c.c_void_p(sizes[2]), sizes[3], n, function, ctx, call.options
    if processes:
        call.end(lib.crew_process_map(*pointers, crew_process_options(processes=processes)))
    else:
        call.end(lib.crew_map(*pointers))
    return out


def reduce(n, fold, merge, result, ctx=None, library=None, **options):
    """crew_reduce: folds the items 0 .. n-1 into accumulators that begin as result does, and writes result. In C fold
    and merge are those of a crew_reducer. In Python: fold(begin, end, value) and merge(left, right) return values, and
    so does the call; result is what a value begins with."""
    call = _Call(**options)
    fold, merge = _c_function(fold, library), _c_function(merge, library)
    kinds = dict(crew_reducer._fields_)
    if isinstance(fold, _c._CFuncPtr):
        view = _View(result, True)
        identity = _c.create_string_buffer(_c.string_at(view.address, view.size), view.size)
        reducer = crew_reducer(view.size, _c.cast(identity, _c.c_void_p), _c.cast(fold, kinds["fold"]),
                               _c.cast(merge, kinds["merge"]))
        call.end(lib.crew_reduce(n, reducer, ctx, result, call.options))
        return result
    values, numbers, lock = {0: result}, iter(range(1, 2**62)), _threading.Lock()

    def number(value):  # an accumulator is a number by which the value is found
        with lock:
            key = next(numbers)
        values[key] = value
        return key

    def fold_values(begin, end, place, _):
        key = _c.c_int64.from_address(place)
        key.value = number(fold(begin, end, values[key.value]))

    def merge_values(place, right, _):
        key, other = _c.c_int64.from_address(place), _c.c_int64.from_address(right)
        try:
            key.value = number(merge(values[key.value], values[other.value]))
        except BaseException as error:  # a merge cannot stop the call
            call.errors.append(error)

    out = _c.c_int64()
    reducer = crew_reducer(8, None, kinds["fold"](call.guarded(fold_values)), kinds["merge"](merge_values))
    call.end(lib.crew_reduce(n, reducer, None, out, call.options))
    if call.errors:
        raise call.errors[0]
    return values[out.value]


# Arrays.


def _reduction(name, text):
    def function(x):
        of_type, view = _of_type(name, x)
        return of_type(x, view.items)

    function.__name__, function.__doc__ = name, text
    return function


sum = _reduction("sum", "The sum of all elements.")
min = _reduction("min", "The smallest element, NaN if any is NaN.")
max = _reduction("max", "The largest element, NaN if any is NaN.")
mean = _reduction("mean", "The mean, a float.")
norm2 = _reduction("norm2", "The Euclidean norm of floats, without overflow.")
argmin = _reduction("argmin", "The lowest index of the smallest element.")
argmax = _reduction("argmax", "The lowest index of the largest element.")
is_sorted = _reduction("is_sorted", "Whether sort would leave x as it is.")


def dot(x, y):
    function, view = _of_type("dot", x)
    if _View(y).items != view.items:
        raise ValueError("arrays of different lengths")
    return function(x, y, view.items)


def sort(x):
    """Sorts x in place, stable; NaN last."""
    function, view = _of_type("sort", x)
    check(function(x, view.items))


def argsort(x):
    """The indices that would sort x, stable."""
    function, view = _of_type("argsort", x)
    index = _like(x, view.items, "L")
    check(function(x, view.items, index))
    return index


def sort_by_key(keys, values):
    """Sorts keys in place and moves the rows of values with them."""
    function, view = _of_type("sort_by_key", keys)
    moved = _View(values, True)
    if moved.rows != view.items:
        raise ValueError("keys and values of different lengths")
    check(function(keys, values, moved.size // view.items if view.items else 0, view.items))


def scan(x, operation="sum", exclusive=False, out=None):
    """Prefix sums (or product, min, max): out, and the total."""
    function, view = _of_type(f"scan_{'exclusive' if exclusive else 'inclusive'}_{operation}", x)
    out = _like(x, view.items, view.format) if out is None else out
    if _View(out).items != view.items:
        raise ValueError("out has another length")
    return out, function(x, out, view.items)


def unique(x):
    """The first of each run of equal neighbours."""
    function, view = _of_type("unique", x)
    out = _like(x, view.items, view.format)
    return out[:function(x, out, view.items)]


def pack(x, flags):
    """The elements whose flag (a byte or bool each) is not 0."""
    function, view = _of_type("pack", x)
    if _View(flags).items != view.items:
        raise ValueError("arrays of different lengths")
    out = _like(x, view.items, view.format)
    return out[:function(x, out, view.items, flags)]


def bincount(keys, bins):
    """How often each of 0 .. bins-1 occurs; another key is an Error."""
    function, view = _of_type("bincount", keys)
    counts = _like(keys, bins, "Q")
    check(function(keys, view.items, counts, bins, None))
    return counts


def histogram(x, bins, low, high):
    """Counts in bins of equal width, by numpy.histogram's edges, and how many elements are outside."""
    function, view = _of_type("histogram", x)
    counts, outside = _like(x, bins, "Q"), _c.c_size_t()
    check(function(x, view.items, low, high, counts, bins, _c.byref(outside)))
    return counts, outside.value


def find(x, value):
    """The lowest index of an element == value, len(x) where there is none."""
    function, view = _of_type("find", x)
    return function(x, view.items, value)


def search_sorted(x, queries, side="left"):
    """numpy.searchsorted."""
    function, view = _of_type("search_sorted", x)
    wanted = _View(queries).items
    index = _like(queries, wanted, "L")
    function(x, view.items, queries, wanted, {"left": CREW_LEFT, "right": CREW_RIGHT}[side], index)
    return index


def sum_by_key(keys, values):
    """The distinct keys, ascending, and the sum of the values (f64 or i64) of each."""
    view, weights = _View(keys), _View(values)
    if view.items != weights.items:
        raise ValueError("arrays of different lengths")
    function = getattr(lib, f"crew_reduce_by_key_sum_{view.suffix}_{weights.suffix}", None)
    if function is None:
        raise TypeError(f"no sum by keys of {view.suffix} of values of {weights.suffix}")
    distinct, sums = _like(keys, view.items, view.format), _like(values, view.items, weights.format)
    groups = _c.c_size_t()
    check(function(keys, values, view.items, distinct, sums, _c.byref(groups)))
    return distinct[:groups.value], sums[:groups.value]


# Executors.

_submitted, _next_key, _open = {}, iter(range(1, 2**62)), _weakref.WeakSet()


@crew_task_fn
def _run_python(key):
    future, function, arguments, keywords = _submitted.pop(key)
    try:
        future._value = function(*arguments, **keywords)
        return 0
    except BaseException as error:
        future._error = error
        return 1


class Future:
    """What Executor.submit returns; as concurrent.futures.Future, but that nothing is told when it ends."""

    def __init__(self):
        self._handle, self._value, self._error, self._key, self._keep = None, None, None, None, None

    def result(self, timeout=None):
        """Of a Python function what it returned; of a C one 0, or Error."""
        code = _c.c_int()
        check(lib.crew_future_wait(self._handle, -1 if timeout is None else timeout))
        check(lib.crew_future_result(self._handle, _c.byref(code)))
        if self._error is not None:
            raise self._error
        check(code.value)
        return self._value

    def exception(self, timeout=None):
        try:
            self.result(timeout)
        except (TimeoutError, _futures.CancelledError):
            raise
        except BaseException as error:
            return error
        return None

    def _status(self):
        return lib.crew_future_status(self._handle)

    def done(self):
        return self._status() in (CREW_FUTURE_DONE, CREW_FUTURE_CANCELED)

    def running(self):
        return self._status() == CREW_FUTURE_RUNNING

    def cancelled(self):
        return self._status() == CREW_FUTURE_CANCELED

    def cancel(self):
        canceled = lib.crew_future_cancel(self._handle)
        if canceled:
            _submitted.pop(self._key, None)
        return canceled

    def __del__(self):
        if self._handle:
            lib.crew_future_release(self._handle)


class Executor:
    """Threads in the background, or processes for C functions; a context manager, as concurrent.futures'."""

    def __init__(self, threads=0, processes=0, name=None):
        options = crew_executor_options(threads=threads, processes=processes)
        if name is not None:
            options.name = self._name = _os.fsencode(name)
        self._handle, self._processes = lib.crew_executor_open(options), processes
        if not self._handle:
            check(-_c.get_errno())
        _open.add(self)

    def submit(self, function, *arguments, library=None, **keywords):
        """function(*arguments) on a worker. A C function is a crew_task_fn and gets one argument: a buffer, or None."""
        if not self._handle:
            raise RuntimeError("the executor is shut down")
        future = Future()
        function = _c_function(function, library)
        if isinstance(function, _c._CFuncPtr):
            argument = arguments[0] if arguments else None
            future._keep = view = _View(argument, True) if argument is not None else None
            task, place = function, _c.c_void_p(view.address if view else None)
        elif self._processes:
            raise TypeError("processes run C functions; crew.map(..., processes=2) runs Python ones too")
        else:
            future._key = next(_next_key)
            _submitted[future._key] = future, function, arguments, keywords
            task, place = _run_python, _c.c_void_p(future._key)
        future._handle = lib.crew_submit(self._handle, task, place)
        if not future._handle:
            _submitted.pop(future._key, None)
            check(-_c.get_errno())
        return future

    def map(self, function, *iterables, timeout=None):
        """The results in order; all is submitted at once. After an error or a timeout what has not begun never does."""
        end = None if timeout is None else _time.monotonic() + timeout
        futures = [self.submit(function, *arguments) for arguments in zip(*iterables)]

        def results():
            try:
                for future in futures:
                    left = None if end is None else end - _time.monotonic()
                    yield future.result(0 if left is not None and left < 0 else left)
            finally:
                for future in futures:
                    future.cancel()

        return results()

    def shutdown(self, cancel_futures=False):
        """Waits for all that was submitted."""
        if self._handle:
            handle, self._handle = self._handle, None
            check(lib.crew_executor_shutdown(handle, CREW_CANCEL_PENDING if cancel_futures else 0))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.shutdown()


@_atexit.register
def _close_all():  # a thread that called Python after the interpreter's end would be ended in crew's middle
    for executor in list(_open):
        executor.shutdown()
