/* Calls over ranks at their edges: callbacks that fail where nobody asks which item, that fail once, or whose value is
   one of crew's errors; rows without items, shapes that overflow, calls that have time enough; one refusal for each
   type. */
#define _POSIX_C_SOURCE 200809L
#include "mpi_test.h"
#include "polite.h"
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <unistd.h>

enum { N = 40 };

#define INVALID(call) EXPECT((call) == -EINVAL)

static double values[N];

static crew_dist *open_numbers(void)
{
    for (int i = 0; i < N; i++)
        values[i] = i;
    return distribute(0, values, N, 8);
}

static int code_of_item;

static int fail_at_9(size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    return begin <= 9 && 9 < end ? code_of_item : 0;
}

static int flag_until_9(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    memset(flags, 0, end - begin);
    return fail_at_9(begin, end, ctx);
}

static int map_until_9(const void *in, void *out, void *ctx)
{
    double x;
    memcpy(&x, in, sizeof x);
    memcpy(out, in, sizeof x);
    return fail_at_9((size_t)x, (size_t)x + 1, ctx);
}

static int fold_until_9(size_t begin, size_t end, void *acc, void *ctx)
{
    *(double *)acc += (double)(end - begin);
    return fail_at_9(begin, end, ctx);
}

static void add(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    *(double *)acc += *(const double *)right;
}

/* Every call whose callback may fail, with what asks for the item, asks for nothing, or is not there. */
static void check_failures(const crew_dist *d, crew_dist *out, const crew_options *opt)
{
    const crew_reducer sum = {8, NULL, fold_until_9, add, NULL};
    const int code = code_of_item;
    double total = 0;
    size_t count = 77;
    crew_dist *kept = NULL;
    EXPECT(crew_for_dist(d, fail_at_9, NULL, opt) == code);
    EXPECT(crew_map_dist(d, out, map_until_9, NULL, opt) == code);
    EXPECT(crew_mpi_reduce(group, N, &sum, NULL, &total, opt) == code);
    EXPECT(crew_filter_dist(d, flag_until_9, NULL, &kept, opt) == code && !kept);
    EXPECT(crew_count_if_dist(d, flag_until_9, NULL, &count, opt) == code);
    EXPECT(crew_find_first_dist(d, flag_until_9, NULL, &count, opt) == code);
    EXPECT(count == 77);
}

static void test_failures(void)
{
    crew_dist *d = open_numbers(), *out = crew_dist_like(d, 8);
    size_t failed = 77;
    code_of_item = 5;
    check_failures(d, out, &(crew_options){.failed = &failed});
    EXPECT(failed == 9);
    check_failures(d, out, NULL);
    check_failures(d, out, &(crew_options){.threads = 1});
    /* A value of the callback that crew has too: it comes back, and which item had it need not be known. */
    for (int k = 0; k < 4; k++) {
        code_of_item = k == 0 ? -ECANCELED : k == 1 ? -ETIMEDOUT : k == 2 ? -ENOMEM : -EINVAL;
        check_failures(d, out, &(crew_options){.failed = &failed});
    }
    crew_dist_close(d);
    crew_dist_close(out);
}

static int calls;

static int fail_once(size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    return begin <= 9 && 9 < end && calls++ == 0 ? 6 : 0;
}

static int flag_once(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    memset(flags, 0, end - begin);
    return fail_once(begin, end, ctx);
}

static int fold_once(size_t begin, size_t end, void *acc, void *ctx)
{
    *(double *)acc += 1;
    return fail_once(begin, end, ctx);
}

/* The item that failed is asked for once more, and does not fail again: the call has failed all the same, at some item
   at or before it. */
static void test_once(void)
{
    crew_dist *d = open_numbers(), *kept = NULL;
    const crew_reducer sum = {8, NULL, fold_once, add, NULL};
    const crew_options base = {.threads = 1};
    double total = 77;
    size_t failed = 77, count = 0;
    crew_options opt = base;
    opt.failed = &failed;
    calls = 0;
    EXPECT(crew_for_dist(d, fail_once, NULL, &opt) == 6 && failed <= 9);
    calls = 0;
    failed = 77;
    EXPECT(crew_mpi_reduce(group, N, &sum, NULL, &total, &opt) == 6 && failed <= 9 && total == 77);
    calls = 0;
    failed = 77;
    EXPECT(crew_count_if_dist(d, flag_once, NULL, &count, &opt) == 6 && failed <= 9);
    calls = 0;
    EXPECT(crew_filter_dist(d, flag_once, NULL, &kept, &opt) == 6 && !kept);
    crew_dist_close(d);
}

static void combine(void *acc, const void *right, void *ctx)
{
    add(acc, right, ctx);
}

static void test_time(void)
{
    crew_dist *d = open_numbers(), *out = crew_dist_like(d, 8);
    const crew_scanner scanner = {NULL, combine};
    double total = 0, sums[N];
    for (int i = 0; i < N; i++)
        sums[i] = i * (i + 1) / 2;
    EXPECT(crew_scan_inclusive_dist(d, out, &scanner, NULL, &total, &(crew_options){.timeout = 1000}) == 0);
    EXPECT(total == sums[N - 1] && holds(out, sums, N, 8));
    EXPECT(crew_scan_inclusive_dist(d, out, &scanner, NULL, &total, &(crew_options){.timeout = 1e-9}) == -ETIMEDOUT);
    EXPECT(holds(d, values, N, 8));
    crew_dist_close(d);
    crew_dist_close(out);
}

static void test_shapes(void)
{
    const size_t large = (size_t)3 << 29;
    char path[64];
    long number = (long)getpid();
    MPI_Bcast(&number, 1, MPI_LONG, 0, MPI_COMM_WORLD);
    snprintf(path, sizeof path, "mpi_edges_%ld.npy", number);
    if (rank == 0)
        EXPECT(crew_save(path, CREW_F64, (size_t[]){5, 0}, 2, NULL) == 0);
    MPI_Barrier(MPI_COMM_WORLD);
    crew_array_info info = {.rows = 77};
    crew_dist *d = crew_dist_load(group, path, &info);
    EXPECT(d && crew_dist_n(d) == 0 && info.rows == 5 && info.row_size == 0);
    crew_dist_close(d);
    MPI_Barrier(MPI_COMM_WORLD);
    if (rank == 0)
        unlink(path);
    EXPECT(!crew_grid_open(group, SIZE_MAX / 8, 4, 8, 1) && errno == EOVERFLOW);
    EXPECT(!crew_grid_open(group, 40, 1, 8, 2) && errno == ERANGE);
    EXPECT(!crew_grid_open(group, 1, 40, 8, 2) && errno == ERANGE);
    /* The elements could be counted, those of the halos beside them cannot. */
    EXPECT(!crew_grid_open(group, large, large, 8, large / (size_t)(ranks > 1 ? ranks : 1)) && errno != 0);
    d = crew_dist_open(group, N, 8);
    crew_dist *small = crew_dist_like(d, 4);
    INVALID(crew_map_dist(d, small, NULL, NULL, NULL));
    /* Wider than can be counted in bytes, and nobody wants it. */
    EXPECT(crew_dist_halo(d, SIZE_MAX / 4, false, NULL, NULL) == 0);
    INVALID(crew_scan_inclusive_dist(d, small, &(crew_scanner){NULL, combine}, NULL, NULL, NULL));
    crew_dist_close(d);
    crew_dist_close(small);
}

#define REFUSED(TYPE)                                                                                                  \
    do {                                                                                                               \
        INVALID(crew_sort_by_key_dist_##TYPE(NULL, d));                                                                \
        INVALID(crew_sort_by_key_dist_##TYPE(odd, d));                                                                 \
        INVALID(crew_argsort_dist_##TYPE(NULL, d));                                                                    \
        INVALID(crew_argsort_dist_##TYPE(odd, d));                                                                     \
        INVALID(crew_reduce_by_key_sum_dist_##TYPE##_f64(odd, NULL, &keys, &results));                                 \
        INVALID(crew_reduce_by_key_min_dist_##TYPE##_f64(odd, NULL, &keys, &results));                                 \
        INVALID(crew_reduce_by_key_max_dist_##TYPE##_f64(odd, NULL, &keys, &results));                                 \
        INVALID(crew_reduce_by_key_sum_dist_##TYPE##_i64(odd, NULL, &keys, &results));                                 \
        INVALID(crew_reduce_by_key_min_dist_##TYPE##_i64(odd, NULL, &keys, &results));                                 \
        INVALID(crew_reduce_by_key_max_dist_##TYPE##_i64(odd, NULL, &keys, &results));                                 \
    } while (0)

static void test_refused(void)
{
    crew_dist *d = open_numbers(), *odd = crew_dist_open(group, N, 3), *keys = NULL, *results = NULL;
    float single = 77;
    REFUSED(i32);
    REFUSED(u32);
    REFUSED(i64);
    REFUSED(u64);
    INVALID(crew_sum_exact_dist_f32(odd, NULL));
    INVALID(crew_sum_exact_dist_f32(odd, &single));
    INVALID(crew_dot_exact_dist_f32(odd, odd, NULL));
    INVALID(crew_dot_exact_dist_f32(odd, d, &single));
    INVALID(crew_norm2_dist_f32(d, NULL));
    INVALID(crew_norm2_dist_f32(odd, &single));
    EXPECT(single == 77 && !keys && !results);
    crew_dist_close(odd);
    crew_dist_close(d);
}

/* Squares beyond the largest number, and an infinity: the largest element decides. */
static void test_norms(void)
{
    const double large[] = {1e300, -1e300, 0, 5}, infinite[] = {1e300, -INFINITY, 0, 5}, none[] = {0, 0, 0, 0};
    const double *const of[] = {large, infinite, none};
    const double want[] = {sqrt(2.0) * 1e300, INFINITY, 0};
    for (int k = 0; k < 3; k++) {
        crew_dist *d = distribute(0, of[k], 4, 8);
        double norm = 77;
        EXPECT(crew_norm2_dist_f64(d, &norm) == 0);
        EXPECT(norm == want[k] || fabs(norm - want[k]) < 1e-12 * want[k]);
        crew_dist_close(d);
    }
}

static int eight(const void *in, void *out, void *ctx)
{
    (void)in;
    (void)ctx;
    memset(out, 8, 8);
    return 0;
}

/* Neighbours in the queue that differ in one thing are no batch; jobs without bytes are one. */
static void submit_all(void)
{
    static const char name_too_long[] = "a name of so many letters that no message of a batch has room for it, whatever"
                                        " the items are and however many of them there may be to hand out";
    char got[16] = "";
    crew_mpi_future *f[40];
    for (int k = 0; k < 40; k++) {
        f[k] = crew_mpi_submit(group, k % 4 == 3 ? "nine" : "eight", k % 3 ? "x" : NULL, k % 3 ? 1 : 0, k % 2 ? 8 : 16,
                               NULL);
        EXPECT(f[k] != NULL);
    }
    for (int k = 0; k < 40; k++) {
        EXPECT(crew_mpi_future_wait(f[k], 1000) == 0);
        EXPECT(crew_mpi_future_result(f[k], got) == (k % 4 == 3 ? 9 : 0));
        EXPECT(k % 4 == 3 || (got[0] == 8 && got[7] == 8));
        crew_mpi_future_release(f[k]);
    }
    EXPECT(!crew_mpi_submit(group, name_too_long, NULL, 0, 0, NULL) && errno == EINVAL);
    for (int k = 0; k < 40; k++)
        f[k] = crew_mpi_submit(group, "empty", NULL, 0, 0, NULL);
    for (int k = 0; k < 40; k++) {
        EXPECT(crew_mpi_future_result(f[k], got) == 0);
        crew_mpi_future_release(f[k]);
    }
}

static int nine(const void *in, void *out, void *ctx)
{
    (void)in;
    (void)out;
    (void)ctx;
    return 9;
}

static int empty(const void *in, void *out, void *ctx)
{
    (void)in;
    (void)out;
    (void)ctx;
    return 0;
}

static void test_jobs(void)
{
    EXPECT(crew_mpi_register("eight", eight, NULL) == 0 && crew_mpi_register("nine", nine, NULL) == 0);
    EXPECT(crew_mpi_register("empty", empty, NULL) == 0);
    if (rank == 0) {
        submit_all();
        double out[N];
        EXPECT(crew_mpi_map(group, "eight", values, 8, out, 8, N, NULL, NULL, &(crew_options){.timeout = 1000}) == 0);
        EXPECT(crew_mpi_map(group, "nine", values, 8, out, 8, N, NULL, NULL, NULL) == 9);
        EXPECT(crew_mpi_map(group, "nine", values, 8, out, 8, N, NULL, NULL, &(crew_options){.threads = 1}) == 9);
        EXPECT(crew_mpi_release(group) == 0);
    } else {
        EXPECT(crew_mpi_serve(group) == 0);
    }
    MPI_Barrier(MPI_COMM_WORLD);
    /* The message that releases a rank fails there. */
    if (rank == 0) {
        EXPECT(crew_mpi_release(group) == 0);
    } else {
        messages_before_failure = 0;
        EXPECT(crew_mpi_serve(group) == -EIO && messages_before_failure < 0);
        messages_before_failure = -1;
    }
    MPI_Barrier(MPI_COMM_WORLD);
    char name[32];
    int code = 0, most = 0;
    for (; code == 0 && most < 10000; most++) {
        snprintf(name, sizeof name, "function %d", most);
        code = crew_mpi_register(name, eight, NULL);
    }
    EXPECT(code == -ENOMEM && most > 100);
    EXPECT(crew_mpi_register("eight", eight, NULL) == 0); /* one that is there may be registered again */
}

static int open_inside(size_t begin, size_t end, void *ctx)
{
    (void)begin;
    (void)end;
    (void)ctx;
    errno = 0;
    return !crew_mpi_open(MPI_COMM_WORLD) && errno == EPERM && crew_mpi_processes(1, NULL) == -EPERM ? 0 : 1;
}

static void test_inside(void)
{
    EXPECT(crew_for(1, open_inside, NULL, &(crew_options){.threads = 1}) == 0);
}

int main(void)
{
    static const struct mpi_case cases[] = {
        {"failures", test_failures}, {"once", test_once},   {"time", test_time}, {"shapes", test_shapes},
        {"refused", test_refused},   {"norms", test_norms}, {"jobs", test_jobs}, {"inside", test_inside}};
    /* Before MPI is there: refused, so that the group comes without worker processes. */
    if (crew_for(1, open_inside, NULL, &(crew_options){.threads = 1}) != 0 ||
        crew_mpi_processes(1, &(crew_process_options){.item_timeout = -1}) != -EINVAL)
        return EXIT_FAILURE;
    return run_cases("test_mpi_edges", cases, sizeof cases / sizeof *cases);
}
