/* Results that process workers write in place: who dies, hangs, fails or is stopped leaves the bytes as they were. */
#define _GNU_SOURCE
#include "../unit/process_test.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { N = 60, LARGE = 100003 };

enum end { SUCCEEDS, SEGV, KILL, EXIT, HANGS, ITS_VALUE, ENDS };

struct job {
    size_t size; /* of an item */
    unsigned char ends[N];
    atomic_int tried[N];
    int tries;       /* then it succeeds */
    bool in_is_out;  /* the item checks that it finds its own input */
    atomic_int away; /* items whose result is not where the program has it */
    char *out;
    atomic_int running;
};

static unsigned char input_byte(size_t i, size_t k)
{
    return (unsigned char)(i * 31 + k * 7 + 3);
}

static unsigned char output_byte(size_t i, size_t k)
{
    return (unsigned char)(i * 13 + k * 5 + 101);
}

/* The result of an item that succeeds; one that does not has written all of it before its end. */
static int run(const void *in, void *out, void *ctx)
{
    struct job *j = ctx;
    uint32_t i = 0;
    const unsigned char *x = in;
    for (size_t k = 0; k < j->size && j->in_is_out; k++)
        if (x[k] != input_byte((size_t)((char *)out - j->out) / j->size, k))
            return 99;
    if (j->in_is_out)
        i = (uint32_t)((size_t)((char *)out - j->out) / j->size);
    else
        memcpy(&i, in, sizeof i);
    if ((char *)out != j->out + i * j->size)
        atomic_fetch_add(&j->away, 1);
    memset(out, 0xEE, j->size);
    bool again = atomic_fetch_add(&j->tried[i], 1) >= j->tries;
    switch (again ? SUCCEEDS : (enum end)j->ends[i]) {
    case SEGV:
        raise(SIGSEGV);
        break;
    case KILL:
        kill(getpid(), SIGKILL);
        break;
    case EXIT:
        exit(3);
    case HANGS:
        atomic_fetch_add(&j->running, 1);
        for (;;)
            ((volatile char *)out)[0]++;
    case ITS_VALUE:
        return 50 + (int)i % 3;
    default:
        break;
    }
    for (size_t k = 0; k < j->size; k++)
        ((unsigned char *)out)[k] = output_byte(i, k);
    return 0;
}

static struct job *new_job(size_t size, char *out)
{
    struct job *j = crew_shared_alloc(sizeof *j);
    ck_assert_ptr_nonnull(j);
    j->size = size;
    j->tries = 1000;
    j->out = out;
    return j;
}

static void fill_inputs(char *to, size_t size)
{
    for (size_t i = 0; i < N; i++)
        for (size_t k = 0; k < size; k++)
            to[i * size + k] = (char)input_byte(i, k);
}

static bool is_output(const char *out, size_t size, size_t i)
{
    for (size_t k = 0; k < size; k++)
        if ((unsigned char)out[i * size + k] != output_byte(i, k))
            return false;
    return true;
}

static bool is_as_it_was(const char *out, size_t size, size_t i)
{
    for (size_t k = 0; k < size; k++)
        if ((unsigned char)out[i * size + k] != input_byte(i, k))
            return false;
    return true;
}

static void check_items(const struct job *j, const int *status, bool retried)
{
    for (size_t i = 0; i < N; i++) {
        bool succeeds = j->ends[i] == SUCCEEDS || retried;
        ck_assert_msg(succeeds == (status[i] == 0), "item %zu: %s", i, crew_strerror(status[i]));
        ck_assert_int_eq(crew_process_died(status[i], NULL, NULL), !succeeds && j->ends[i] != ITS_VALUE);
        ck_assert_msg(succeeds ? is_output(j->out, j->size, i) : is_as_it_was(j->out, j->size, i), "item %zu", i);
    }
}

static uint32_t indices[N];

/* An item that does nothing may take that long on a machine that is busy. */
static bool met_a_pause(const struct job *j, const int *status)
{
    for (int i = 0; i < N; i++)
        if (j->ends[i] == SUCCEEDS && strstr(crew_strerror(status[i]), "item_timeout"))
            return true;
    return false;
}

static void check_job(struct job *j, int processes, size_t batch)
{
    int status[N];
    bool hangs = memchr(j->ends, HANGS, sizeof j->ends) != NULL;
    crew_process_options p = {
        .processes = processes, .batch = batch, .item_timeout = hangs ? 0.3 : 60, .status = status};
    for (uint32_t i = 0; i < N; i++)
        indices[i] = i;
    int tries = 0;
    do {
        fill_inputs(j->out, j->size);
        crew_process_map(indices, sizeof *indices, j->out, j->size, N, run, j, NULL, &p);
    } while (met_a_pause(j, status) && ++tries < 5);
    check_items(j, status, false);
    ck_assert_int_eq(j->away, 0);
}

/* At the first, the middle and the last item, and at all at once; items smaller and larger than what is saved. */
START_TEST(bytes_of_items_that_do_not_succeed_stay)
{
    const size_t sizes[] = {1, 4, 200, LARGE};
    for (size_t s = _i == HANGS ? 2 : 0; s < sizeof sizes / sizeof *sizes; s++) {
        char *out = crew_shared_alloc(N * sizes[s]);
        ck_assert_ptr_nonnull(out);
        struct job *j = new_job(sizes[s], out);
        for (int k = _i == HANGS ? 2 : 0; k < PROCESS_COUNTS; k++) {
            memset(j->ends, SUCCEEDS, sizeof j->ends);
            j->ends[0] = j->ends[N / 2] = j->ends[N - 1] = (unsigned char)_i;
            check_job(j, process_counts[k], k % 2 ? 0 : 7);
        }
        for (int i = 0; i < N; i++)
            j->ends[i] = _i != HANGS || i % 20 == 0 ? (unsigned char)_i : SUCCEEDS;
        check_job(j, 3, 0);
        crew_shared_free(j);
        crew_shared_free(out);
    }
}
END_TEST

/* The next try finds the input, which the last one has written over. */
START_TEST(items_in_themselves_are_tried_again)
{
    const size_t sizes[] = {4, LARGE};
    for (size_t s = 0; s < 2; s++) {
        char *out = crew_shared_alloc(N * sizes[s]);
        ck_assert_ptr_nonnull(out);
        struct job *j = new_job(sizes[s], out);
        for (int i = 0; i < N; i++)
            j->ends[i] = (unsigned char)(i % 3 == 0 ? KILL : SUCCEEDS);
        j->in_is_out = true;
        for (int tries = 1; tries < 3; tries++) {
            int status[N];
            memset(j->tried, 0, sizeof j->tried);
            j->tries = tries;
            fill_inputs(out, sizes[s]);
            crew_process_options p = {.processes = process_counts[_i], .retries = 1, .status = status};
            crew_process_map(out, sizes[s], out, sizes[s], N, run, j, NULL, &p);
            check_items(j, status, tries == 1);
        }
        ck_assert_int_eq(j->away, 0);
        crew_shared_free(j);
        crew_shared_free(out);
    }
}
END_TEST

/* In itself: what an item has written it finds in its input. */
static int write_and_read(const void *in, void *out, void *ctx)
{
    (void)ctx;
    ((volatile int *)out)[0] = 5 * ((const volatile int *)in)[1];
    ((volatile int *)out)[1] = ((const volatile int *)in)[0] + 1;
    return 0;
}

START_TEST(an_item_in_itself_sees_what_it_writes)
{
    enum { MANY = 3000 };
    int *own = malloc(2 * MANY * sizeof *own), *shared = crew_shared_alloc(2 * MANY * sizeof *shared),
        expected[2 * MANY];
    ck_assert(own && shared);
    count_up(own, 2 * MANY);
    count_up(shared, 2 * MANY);
    count_up(expected, 2 * MANY);
    for (int i = 0; i < MANY; i++)
        write_and_read(expected + 2 * i, expected + 2 * i, NULL);
    crew_process_options p = {.processes = process_counts[_i]};
    ck_assert_int_eq(crew_process_map(own, 8, own, 8, MANY, write_and_read, NULL, NULL, &p), 0);
    ck_assert_int_eq(crew_process_map(shared, 8, shared, 8, MANY, write_and_read, NULL, NULL, &p), 0);
    ck_assert_mem_eq(own, expected, sizeof expected);
    ck_assert_mem_eq(shared, expected, sizeof expected);
    free(own);
    crew_shared_free(shared);
}
END_TEST

/* After cancel and timeout, and after the helper's death, nobody writes any longer. */
static int kill_helper(const void *in, void *out, void *ctx)
{
    struct job *j = ctx;
    if (*(const uint32_t *)in == 40) {
        while (atomic_load(&j->running) < 1)
            usleep(100);
        memset(out, 0xEE, j->size);
        kill(getppid(), SIGKILL);
        for (;;)
            ((volatile char *)out)[1]++;
    }
    return run(in, out, ctx);
}

START_TEST(what_ends_the_call_leaves_no_half_results)
{
    enum { SIZE = 64 };
    char *out = crew_shared_alloc(N * SIZE), after[N * SIZE];
    ck_assert_ptr_nonnull(out);
    for (int k = 0; k < (_i == 0 ? 3 : 20); k++) {
        struct job *j = new_job(SIZE, out);
        int status[N], expected = _i == 0 ? -ETIMEDOUT : -ECHILD;
        for (uint32_t i = 0; i < N; i++)
            indices[i] = i;
        j->ends[20] = HANGS;
        fill_inputs(out, SIZE);
        crew_process_options p = {.processes = 3, .batch = 2, .status = status};
        crew_options opt = {.timeout = _i == 0 ? 0.05 : 0};
        int code = crew_process_map(indices, 4, out, SIZE, N, _i == 0 ? run : kill_helper, j, &opt, &p);
        memcpy(after, out, sizeof after);
        ck_assert_int_eq(code, expected);
        for (size_t i = 0; i < N; i++) {
            ck_assert(status[i] == 0 || status[i] == expected);
            ck_assert(status[i] == 0 ? is_output(out, SIZE, i) : is_as_it_was(out, SIZE, i));
        }
        ck_assert_int_eq(status[20], expected);
        usleep(3000);
        ck_assert_mem_eq(after, out, sizeof after);
        crew_shared_free(j);
        while (waitpid(-1, NULL, WNOHANG | __WALL) > 0)
            ; /* where the helper has been killed its workers may become the test's */
    }
    crew_shared_free(out);
}
END_TEST

/* All of out lies in one block, wherever in it; more blocks than one table notes. */
START_TEST(any_part_of_any_block_is_written_in_place)
{
    enum { BLOCKS = 150, PART = 100 };
    static char *blocks[BLOCKS];
    for (int k = 0; k < BLOCKS; k++) {
        blocks[k] = crew_shared_alloc(PART + N * 4);
        ck_assert_ptr_nonnull(blocks[k]);
    }
    for (int k = 0; k < BLOCKS; k += 2) {
        crew_shared_free(blocks[k]);
        blocks[k] = NULL;
    }
    for (int k = 0; k < BLOCKS; k += 2) {
        blocks[k] = crew_shared_alloc(PART + N * 4);
        ck_assert_ptr_nonnull(blocks[k]);
    }
    for (int k = 0; k < BLOCKS; k += 37)
        for (int part = 0; part <= PART; part += PART / 4) {
            struct job *j = new_job(4, blocks[k] + part);
            j->ends[3] = KILL;
            check_job(j, 2, 0);
            crew_shared_free(j);
        }
    for (int k = 0; k < BLOCKS; k++)
        crew_shared_free(blocks[k]);
    /* The program's own memory, where a block was: copied, the worker's is not the program's. */
    char *own = crew_shared_alloc(N * 4);
    crew_shared_free(own);
    ck_assert_ptr_eq(mmap(own, N * 4, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0), own);
    struct job *j = new_job(4, own);
    int status[N];
    crew_process_options p = {.processes = 2, .status = status};
    ck_assert_int_eq(crew_process_map(indices, 4, own, 4, N, run, j, NULL, &p), 0);
    ck_assert_int_eq(j->away, N);
    check_items(j, status, false);
    munmap(own, N * 4);
    crew_shared_free(j);
}
END_TEST

static void *allocate_and_free(void *over)
{
    for (int k = 0; !atomic_load((atomic_int *)over); k++)
        crew_shared_free(crew_shared_alloc((size_t)(1 + k % 5) * 4096));
    return NULL;
}

START_TEST(others_allocate_meanwhile)
{
    pthread_t thread;
    atomic_int over = 0;
    char *out = crew_shared_alloc(N * 4);
    ck_assert_ptr_nonnull(out);
    ck_assert_int_eq(pthread_create(&thread, NULL, allocate_and_free, &over), 0);
    for (int k = 0; k < 20; k++) {
        struct job *j = new_job(4, out);
        j->ends[k] = SEGV;
        check_job(j, 2, 0);
        crew_shared_free(j);
    }
    atomic_store(&over, 1);
    pthread_join(thread, NULL);
    crew_shared_free(out);
}
END_TEST

START_TEST(a_journal_takes_results_from_where_they_are)
{
    char path[64];
    int status[N];
    snprintf(path, sizeof path, "/tmp/crew-shared-journal-%ld", (long)getpid());
    unlink(path);
    char *out = crew_shared_alloc(N * 200);
    ck_assert_ptr_nonnull(out);
    struct job *j = new_job(200, out);
    for (uint32_t i = 0; i < N; i++)
        indices[i] = i;
    j->ends[7] = KILL;
    j->ends[9] = ITS_VALUE;
    fill_inputs(out, 200);
    crew_process_options p = {.processes = 2, .journal = path, .status = status};
    ck_assert_int_ne(crew_process_map(indices, 4, out, 200, N, run, j, NULL, &p), 0);
    check_items(j, status, false);
    memset(out, 0, N * 200);
    memset(j->tried, 0, sizeof j->tried);
    j->tries = 0;
    ck_assert_int_eq(crew_process_map(indices, 4, out, 200, N, run, j, NULL, &p), 0);
    check_items(j, status, true);
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(j->tried[i], i == 7 || i == 9);
    unlink(path);
    crew_shared_free(j);
    crew_shared_free(out);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("process_shared");
    TCase *tc = tcase_create("shared");
    tcase_set_timeout(tc, 200);
    suite_add_tcase(suite, tc);
    tcase_add_loop_test(tc, bytes_of_items_that_do_not_succeed_stay, SEGV, ENDS);
    tcase_add_loop_test(tc, items_in_themselves_are_tried_again, 0, PROCESS_COUNTS);
    tcase_add_loop_test(tc, an_item_in_itself_sees_what_it_writes, 0, PROCESS_COUNTS);
    tcase_add_loop_test(tc, what_ends_the_call_leaves_no_half_results, 0, 2);
    tcase_add_test(tc, any_part_of_any_block_is_written_in_place);
    tcase_add_test(tc, others_allocate_meanwhile);
    tcase_add_test(tc, a_journal_takes_results_from_where_they_are);
    return run_suite(suite);
}
