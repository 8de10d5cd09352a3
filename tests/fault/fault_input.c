/* Bad arguments, two at a time: every pair of values of every two parameters of each function. Nothing crashes or
   hangs, what cannot be right is refused with a documented code, and then nothing was written. */
#define _GNU_SOURCE
#include "../support/suite.h"
#include <crew/crew.h>
#include <errno.h>
#include <math.h>
#include <string.h>

enum { N = 60, SIZE = 8, BYTES = 4 * N * SIZE, FAILS = 7 };

/* The parameters that functions have in common; a function uses some of them. */
enum dimension { IN, OUT, COUNT, WIDTH, CALLBACK, RESULT, OPTIONS, DIMENSIONS };

struct call {
    char *in, *out;
    size_t n, size;
    int callback; /* 0: there is one, 1: NULL, 2: it fails */
    size_t *result;
    const crew_options *opt;
};

static _Alignas(64) char memory[2 * BYTES], before[2 * BYTES];
static size_t received;
static crew_cancel canceled = {1};

static const crew_options options[] = {
    {.timeout = -1},       {.timeout = NAN},      {.timeout = -INFINITY},
    {.timeout = INFINITY}, {.threads = -2000000}, {.threads = 2147483647},
    {.grain = SIZE_MAX},   {.cancel = &canceled}, {.threads = 3, .grain = 1},
    {.timeout = 1e300},
};
enum { REFUSED_OPTIONS = 3 };

/* How many values a parameter has; 0 is the right one. */
static const int values[DIMENSIONS] = {4, 5, 5, 6, 3, 2, 1 + sizeof options / sizeof *options};

static struct call make(const int value[DIMENSIONS])
{
    static const size_t counts[] = {N, 0, 1, SIZE_MAX, SIZE_MAX / SIZE + 2};
    static const size_t widths[] = {SIZE, 0, 1, SIZE_MAX, SIZE_MAX / 2 + 2, SIZE_MAX / N + 1};
    char *in = memory, *out = memory + BYTES;
    char *const ins[] = {in, NULL, in + 1, out - SIZE}, *const outs[] = {out, NULL, out + 1, in, in + SIZE};
    return (struct call){ins[value[IN]],
                         outs[value[OUT]],
                         counts[value[COUNT]],
                         widths[value[WIDTH]],
                         value[CALLBACK],
                         value[RESULT] ? NULL : &received,
                         value[OPTIONS] ? &options[value[OPTIONS] - 1] : NULL};
}

static int compare(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return memcmp(a, b, 1);
}

static int same(const void *a, const void *b, void *ctx)
{
    return compare(a, b, ctx) == 0;
}

static int map_item(const void *in, void *out, void *ctx)
{
    if (ctx || !in || !out)
        return FAILS;
    memmove(out, in, 1);
    return 0;
}

static int predicate(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    if (ctx)
        return FAILS;
    for (size_t i = begin; i < end; i++)
        flags[i - begin] = i % 3 == 0;
    return 0;
}

static int body(size_t begin, size_t end, void *ctx)
{
    return ctx || end - begin > N || end > N ? FAILS : 0;
}

static int tile(size_t a, size_t b, size_t c, size_t d, void *ctx)
{
    return ctx || b > N || d > N || a > b || c > d ? FAILS : 0;
}

static int fold(size_t begin, size_t end, void *acc, void *ctx)
{
    (void)acc;
    return body(begin, end, ctx);
}

static void merge(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    memmove(acc, right, 1);
}

/* ctx of a callback that fails. */
static void *failing(const struct call *c)
{
    return c->callback == 2 ? memory : NULL;
}

#define FN(c, fn) ((c)->callback == 1 ? NULL : (fn))

static int call_for(const struct call *c)
{
    return crew_for(c->n, FN(c, body), failing(c), c->opt);
}

static int call_for_2d(const struct call *c)
{
    return crew_for_2d(c->n, c->size, (crew_tile){c->size / 3, c->n / 2}, FN(c, tile), failing(c), c->opt);
}

static int call_reduce(const struct call *c)
{
    const crew_reducer r = {c->size, NULL, FN(c, fold), merge, NULL};
    return crew_reduce(c->n, &r, failing(c), c->out, c->opt);
}

static int call_map(const struct call *c)
{
    return crew_map(c->in, c->size, c->out, c->size, c->n, FN(c, map_item), failing(c), c->opt);
}

static int call_sort(const struct call *c)
{
    return crew_sort(c->out, c->n, c->size, FN(c, compare), NULL, c->opt);
}

static int call_argsort(const struct call *c)
{
    return crew_argsort(c->in, c->n, c->size, (size_t *)(void *)c->out, FN(c, compare), NULL, c->opt);
}

static int call_sort_by_key(const struct call *c)
{
    return crew_sort_by_key(c->in, c->size, c->out, c->size, c->n, FN(c, compare), NULL, c->opt);
}

static int call_nth(const struct call *c)
{
    return crew_nth_element(c->out, c->n, c->size, c->n / 2, FN(c, compare), NULL, c->opt);
}

static int call_top_k(const struct call *c)
{
    return crew_top_k(c->in, c->n, c->size, c->n / 2 + c->n % 2, c->out, NULL, FN(c, compare), NULL, c->opt);
}

static int call_merge(const struct call *c)
{
    return crew_merge(c->in, c->n, c->in, c->n, c->size, c->out, FN(c, compare), NULL, c->opt);
}

static int call_is_sorted(const struct call *c)
{
    return crew_is_sorted(c->in, c->n, c->size, FN(c, compare), NULL, (bool *)c->result, c->opt);
}

static int call_scan(const struct call *c)
{
    const crew_scanner s = {NULL, FN(c, merge)};
    return crew_scan_inclusive(c->in, c->out, c->size, c->n, &s, NULL, NULL, c->opt);
}

static int call_segmented(const struct call *c)
{
    static const unsigned char flags[N];
    const crew_scanner s = {NULL, FN(c, merge)};
    return crew_scan_segmented_exclusive(c->in, c->n > N ? NULL : flags, c->out, c->size, c->n, &s, NULL, NULL, c->opt);
}

static int call_filter(const struct call *c)
{
    return crew_filter(c->in, c->out, c->size, c->n, FN(c, predicate), failing(c), c->result, c->opt);
}

static int call_partition(const struct call *c)
{
    return crew_partition(c->in, c->out, NULL, c->size, c->n, FN(c, predicate), failing(c), c->result, c->opt);
}

static int call_unique(const struct call *c)
{
    return crew_unique(c->in, c->out, c->size, c->n, same, NULL, c->result, c->opt);
}

static int call_count_if(const struct call *c)
{
    return c->n > N ? FAILS : crew_count_if(c->n, FN(c, predicate), failing(c), c->result, c->opt);
}

static int call_find_first(const struct call *c)
{
    return c->n > N ? FAILS : crew_find_first(c->n, FN(c, predicate), failing(c), c->result, c->opt);
}

static int call_copy(const struct call *c)
{
    return crew_copy(c->in, c->out, c->n, c->size);
}

static int call_reverse(const struct call *c)
{
    return crew_reverse(c->in, c->out, c->n, c->size);
}

static int call_fill(const struct call *c)
{
    return crew_fill(c->out, c->n, c->size, c->in);
}

static int call_gather(const struct call *c)
{
    static const size_t index[N];
    return crew_gather(c->in, N, c->n > N ? NULL : index, c->out, c->n, c->size);
}

static int call_transpose(const struct call *c)
{
    return crew_transpose(c->in, c->out, c->n, 1, c->size);
}

static int take(size_t index, const void *out, void *ctx)
{
    (void)index;
    (void)out;
    (void)ctx;
    return 0;
}

static int call_executor_map(const struct call *c)
{
    return crew_executor_map(NULL, c->in, c->size, c->size, c->n, FN(c, map_item), take, failing(c), 0);
}

enum {
    NO_ARRAYS = 1,  /* n is a count of items alone */
    MAY_FAIL = 2,   /* a scratch that large is not there */
    WRITES_LATE = 4 /* outputs are not defined after some errors */
};

static const struct function {
    const char *name;
    int (*call)(const struct call *c);
    const enum dimension *uses;
    int kind;
} functions[] = {
    {"for", call_for, (const enum dimension[]){COUNT, CALLBACK, OPTIONS, DIMENSIONS}, NO_ARRAYS},
    {"for_2d", call_for_2d, (const enum dimension[]){COUNT, WIDTH, CALLBACK, OPTIONS, DIMENSIONS}, NO_ARRAYS},
    {"reduce", call_reduce, (const enum dimension[]){OUT, COUNT, CALLBACK, OPTIONS, DIMENSIONS}, NO_ARRAYS},
    {"map", call_map, (const enum dimension[]){IN, OUT, COUNT, WIDTH, CALLBACK, OPTIONS, DIMENSIONS}, WRITES_LATE},
    {"sort", call_sort, (const enum dimension[]){OUT, COUNT, WIDTH, CALLBACK, OPTIONS, DIMENSIONS}, 0},
    {"argsort", call_argsort, (const enum dimension[]){IN, COUNT, WIDTH, CALLBACK, OPTIONS, DIMENSIONS}, WRITES_LATE},
    {"sort_by_key", call_sort_by_key, (const enum dimension[]){IN, OUT, COUNT, WIDTH, CALLBACK, OPTIONS, DIMENSIONS},
     0},
    {"nth_element", call_nth, (const enum dimension[]){OUT, COUNT, WIDTH, CALLBACK, OPTIONS, DIMENSIONS}, 0},
    {"top_k", call_top_k, (const enum dimension[]){IN, OUT, COUNT, WIDTH, CALLBACK, OPTIONS, DIMENSIONS}, 0},
    {"merge", call_merge, (const enum dimension[]){IN, OUT, COUNT, WIDTH, CALLBACK, OPTIONS, DIMENSIONS}, WRITES_LATE},
    {"is_sorted", call_is_sorted, (const enum dimension[]){IN, COUNT, WIDTH, CALLBACK, RESULT, OPTIONS, DIMENSIONS}, 0},
    {"scan", call_scan, (const enum dimension[]){IN, OUT, COUNT, WIDTH, CALLBACK, OPTIONS, DIMENSIONS}, WRITES_LATE},
    {"scan_segmented", call_segmented, (const enum dimension[]){IN, OUT, COUNT, WIDTH, CALLBACK, OPTIONS, DIMENSIONS},
     WRITES_LATE},
    {"filter", call_filter, (const enum dimension[]){IN, OUT, COUNT, WIDTH, CALLBACK, RESULT, OPTIONS, DIMENSIONS},
     WRITES_LATE},
    {"partition", call_partition,
     (const enum dimension[]){IN, OUT, COUNT, WIDTH, CALLBACK, RESULT, OPTIONS, DIMENSIONS}, WRITES_LATE},
    {"unique", call_unique, (const enum dimension[]){IN, OUT, COUNT, WIDTH, RESULT, OPTIONS, DIMENSIONS}, WRITES_LATE},
    {"count_if", call_count_if, (const enum dimension[]){COUNT, CALLBACK, RESULT, OPTIONS, DIMENSIONS}, NO_ARRAYS},
    {"find_first", call_find_first, (const enum dimension[]){COUNT, CALLBACK, RESULT, OPTIONS, DIMENSIONS}, NO_ARRAYS},
    {"copy", call_copy, (const enum dimension[]){IN, OUT, COUNT, WIDTH, DIMENSIONS}, 0},
    {"reverse", call_reverse, (const enum dimension[]){IN, OUT, COUNT, WIDTH, DIMENSIONS}, 0},
    {"fill", call_fill, (const enum dimension[]){OUT, COUNT, WIDTH, DIMENSIONS}, 0},
    {"gather", call_gather, (const enum dimension[]){IN, OUT, COUNT, WIDTH, DIMENSIONS}, WRITES_LATE},
    {"transpose", call_transpose, (const enum dimension[]){IN, OUT, COUNT, WIDTH, DIMENSIONS}, 0},
    {"executor_map", call_executor_map, (const enum dimension[]){IN, COUNT, WIDTH, CALLBACK, DIMENSIONS}, NO_ARRAYS},
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

static bool has(const struct function *f, enum dimension d)
{
    for (const enum dimension *use = f->uses; *use != DIMENSIONS; use++)
        if (*use == d)
            return true;
    return false;
}

/* A call that cannot be right, whatever the function. */
static bool must_fail(const struct function *f, const struct call *c, const int value[DIMENSIONS])
{
    size_t bytes;
    bool huge = __builtin_mul_overflow(c->n, c->size, &bytes) || bytes > PTRDIFF_MAX;
    if (value[OPTIONS] >= 1 && value[OPTIONS] <= REFUSED_OPTIONS)
        return true;
    if (c->callback == 1 || (has(f, RESULT) && !c->result) || (f->kind == NO_ARRAYS && c->callback == 1))
        return true;
    if (f->kind & NO_ARRAYS)
        return false;
    return c->size == 0 || (c->n > 0 && (huge || (has(f, IN) && !c->in) || (has(f, OUT) && !c->out)));
}

static bool documented(int code)
{
    return code == 0 || code == FAILS || code == -EINVAL || code == -EOVERFLOW || code == -ENOMEM || code == -ERANGE ||
           code == -ECANCELED || code == -ETIMEDOUT;
}

static long calls;

static void try(const struct function *f, const int value[DIMENSIONS])
{
    const struct call c = make(value);
    /* An array that is larger than it is, and no larger than one may be: nobody can tell. */
    size_t bytes;
    if (has(f, WIDTH) && f->call != call_for_2d && !__builtin_mul_overflow(c.n, c.size, &bytes) && bytes > N * SIZE &&
        bytes <= PTRDIFF_MAX)
        return;
    for (size_t i = 0; i < sizeof memory; i++)
        memory[i] = (char)(i / SIZE * 7);
    memcpy(before, memory, sizeof memory);
    received = 77;
    calls++;
    char text[200];
    snprintf(text, sizeof text, "%s: in %d, out %d, n %d, size %d, callback %d, result %d, options %d", f->name,
             value[IN], value[OUT], value[COUNT], value[WIDTH], value[CALLBACK], value[RESULT], value[OPTIONS]);
    const char *show = getenv("FAULT_INPUT_SHOW");
    if (show)
        fprintf(stderr, "%s\n", text);
    int code = f->call(&c);
    ck_assert_msg(documented(code), "%s: %d", text, code);
    ck_assert_msg(code != 0 || !must_fail(f, &c, value), "%s: accepted", text);
    bool refused = code == -EINVAL || code == -EOVERFLOW;
    if (refused && !(f->kind & WRITES_LATE))
        ck_assert_msg(memcmp(memory, before, sizeof memory) == 0, "%s: %d, and written", text, code);
    if (code)
        ck_assert_msg(received == 77, "%s: %d, and a result", text, code);
}

START_TEST(two_bad_arguments_at_a_time)
{
    const struct function *f = &functions[_i];
    crew_set_num_threads(2);
    for (const enum dimension *a = f->uses; *a != DIMENSIONS; a++)
        for (const enum dimension *b = a + 1; *b != DIMENSIONS; b++)
            for (int i = 0; i < values[*a]; i++)
                for (int k = 0; k < values[*b]; k++) {
                    int value[DIMENSIONS] = {0};
                    value[*a] = i;
                    value[*b] = k;
                    try(f, value);
                }
    ck_assert_int_ge(calls, 60);
    printf("%s: %ld calls\n", f->name, calls);
    fflush(stdout);
}
END_TEST

static int seven(void *unused)
{
    (void)unused;
    return FAILS;
}

/* Waits with every time that is none, for every set of futures that is none. */
START_TEST(waits)
{
    static const double seconds[] = {0, -0.0, -1, 1e-300, 1e300, INFINITY, -INFINITY, NAN};
    for (size_t s = 0; s < sizeof seconds / sizeof *seconds; s++) {
        crew_future *f = crew_submit(NULL, seven, NULL), *none[2] = {f, NULL};
        ck_assert_int_eq(crew_future_wait(f, -1), 0);
        ck_assert_int_eq(crew_future_wait(NULL, seconds[s]), -EINVAL);
        ck_assert(documented(crew_future_wait(f, seconds[s])));
        for (int mode = -2; mode < 5; mode++) {
            bool good = mode >= CREW_WAIT_ALL && mode <= CREW_WAIT_FIRST_FAILURE;
            int code = crew_wait(&f, 1, (crew_wait_mode)mode, seconds[s]);
            ck_assert_msg(good ? documented(code) : code == -EINVAL, "mode %d: %d", mode, code);
            ck_assert_int_eq(crew_wait(NULL, 1, (crew_wait_mode)mode, seconds[s]), -EINVAL);
            ck_assert_int_eq(crew_wait(none, 2, (crew_wait_mode)mode, seconds[s]), -EINVAL);
            crew_options opt = {.timeout = seconds[s]};
            code = crew_wait_with(&f, 1, (crew_wait_mode)mode, &opt);
            ck_assert(documented(code) && (code == -EINVAL) == (!good || !(seconds[s] >= 0)));
        }
        crew_future_release(f);
    }
}
END_TEST

static int wait_for_itself(void *arg)
{
    return crew_future_wait(*(crew_future *volatile *)arg, 5);
}

static int submit_to_closing(void *arg)
{
    oracle_sleep_us(20000);
    errno = 0;
    crew_future *f = crew_submit(arg, seven, NULL);
    crew_future_release(f);
    return f ? 0 : -errno;
}

/* NULL where a call takes an object, and what is not allowed of one that there is. */
START_TEST(objects)
{
    crew_future *f = NULL;
    int result = 0;
    ck_assert(!crew_submit(NULL, NULL, NULL) && errno == EINVAL);
    ck_assert(!crew_submit_copy(NULL, seven, NULL, 8) && errno == EINVAL);
    ck_assert(!crew_submit_copy(NULL, seven, &result, SIZE_MAX) && errno == ENOMEM);
    ck_assert(!crew_submit_after(NULL, seven, NULL, NULL, 1) && errno == EINVAL);
    ck_assert(!crew_submit_after(NULL, seven, NULL, &f, 1) && errno == EINVAL);
    ck_assert_int_eq(crew_future_result(NULL, &result), -EINVAL);
    ck_assert_int_eq(crew_future_on_done(NULL, NULL, NULL), -EINVAL);
    ck_assert(!crew_future_cancel(NULL));
    crew_future_release(NULL);
    ck_assert(!crew_completion_open(NULL, 1) && errno == EINVAL);
    ck_assert(!crew_next_done(NULL) && errno == EINVAL);
    ck_assert_int_eq(crew_completion_add(NULL, NULL), -EINVAL);
    crew_completion_close(NULL);
    ck_assert_int_eq(crew_executor_shutdown(NULL, 1u << 20), -EINVAL);
    ck_assert_int_eq(crew_graph_run(NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_graph_add(NULL, seven, NULL, NULL), -EINVAL);
    crew_graph_close(NULL);
    ck_assert_int_eq(crew_run(NULL, NULL, NULL), -EINVAL);
    ck_assert_int_eq(crew_invoke(NULL, 1), -EINVAL);
    crew_task task;
    crew_fork(&task, NULL, NULL);
    ck_assert_int_eq(crew_join(&task), -EINVAL);
    ck_assert_int_eq(crew_join(NULL), -EINVAL);
    ck_assert_int_eq(crew_stream(NULL, NULL, NULL), -EINVAL);
    ck_assert(!crew_alloc(SIZE_MAX, 2) && errno == EOVERFLOW);
    ck_assert(!crew_alloc(SIZE_MAX, 1) && (errno == ENOMEM || errno == EOVERFLOW));
}
END_TEST

START_TEST(waits_for_itself_and_submits_to_what_closes)
{
    /* Without threads a task runs before its future is known. */
    if (strcmp(crew_backend(), "sequential") == 0)
        return;
    static crew_future *volatile own;
    int result = 0;
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = 1});
    crew_future *first = crew_submit(ex, submit_to_closing, ex);
    own = crew_submit(ex, wait_for_itself, (void *)(uintptr_t)&own);
    ck_assert_int_eq(crew_future_result(own, &result), 0);
    ck_assert_int_eq(result, -EDEADLK);
    crew_future_release(own);
    crew_future_release(first);
    first = crew_submit(ex, submit_to_closing, ex);
    ck_assert_int_eq(crew_executor_shutdown(ex, 0), 0);
    ck_assert_int_eq(crew_future_result(first, &result), 0);
    ck_assert_int_eq(result, -ECANCELED);
    crew_future_release(first);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("input");
    TCase *tc = tcase_create("input");
    tcase_set_timeout(tc, 60);
    suite_add_tcase(suite, tc);
    tcase_add_loop_test(tc, two_bad_arguments_at_a_time, 0, FUNCTIONS);
    tcase_add_test(tc, waits);
    tcase_add_test(tc, objects);
    tcase_add_test(tc, waits_for_itself_and_submits_to_what_closes);
    return run_suite(suite);
}
