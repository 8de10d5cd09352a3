/* Calls of each kind, compared with loops, that faults make before, during and after. */
#define _GNU_SOURCE
#include "../../lib/core/loop/runner.h"
#include "matrix.h"
#include <errno.h>
#include <pthread.h>
#include <time.h>

enum { N = 6000, DEPTH = 12, FIBONACCI = 144 };

void sleep_ms(int ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000L};
    while (nanosleep(&t, &t) != 0 && errno == EINTR)
        ;
}

int threads_now(void)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    int threads = -1;
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "Threads: %d", &threads) == 1)
            break;
    if (file)
        fclose(file);
    return threads;
}

int threads_settled(int most)
{
    int threads = threads_now();
    for (int looks = 0; looks < 500 && threads > most; looks++) {
        sleep_ms(10);
        threads = threads_now();
    }
    return threads;
}

bool without_pragmas;

static int mark(size_t begin, size_t end, void *ctx)
{
    for (size_t i = begin; i < end; i++)
        ((unsigned char *)ctx)[i]++;
    return 0;
}

static int fold(size_t begin, size_t end, void *acc, void *ctx)
{
    (void)ctx;
    for (size_t i = begin; i < end; i++)
        *(double *)acc += 1.0 / (double)(i + 1);
    return 0;
}

static void merge(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    *(double *)acc += *(const double *)right;
}

static int square(const void *in, void *out, void *ctx)
{
    (void)ctx;
    *(int *)out = *(const int *)in * *(const int *)in;
    return 0;
}

static int fibonacci(void *arg)
{
    long depth = *(long *)arg, left = depth - 1, right = depth - 2;
    if (depth < 2)
        return (int)depth;
    crew_task task;
    crew_fork(&task, fibonacci, &right);
    int first = fibonacci(&left), second = crew_join(&task);
    return first + second;
}

int loops_right(void)
{
    unsigned char marks[N] = {0};
    int in[200], out[200];
    const crew_reducer harmonic = {sizeof(double), NULL, fold, merge, NULL};
    double at_one = -1, sum = -1;
    long depth = DEPTH;
    crew__tuning.always_open = 1;
    CHECK(crew_for(N, mark, marks, NULL) == 0);
    if (!without_pragmas)
        CREW_FOR (i, N)
            marks[i]++;
    else
        mark(0, N, marks);
    for (int i = 0; i < N; i++)
        CHECK(marks[i] == 2);
    int code = crew_reduce(N, &harmonic, NULL, &sum, NULL);
    CHECK(code == 0 || (code == -ENOMEM && sum == -1));
    if (code == 0 && crew_reduce(N, &harmonic, NULL, &at_one, &(crew_options){.threads = 1}) == 0)
        CHECK(memcmp(&sum, &at_one, sizeof sum) == 0);
    for (int i = 0; i < 200; i++)
        in[i] = i;
    CHECK(crew_map(in, sizeof *in, out, sizeof *out, 200, square, NULL, NULL) == 0);
    for (int i = 0; i < 200; i++)
        CHECK(out[i] == i * i);
    CHECK(crew_run(fibonacci, &depth, NULL) == FIBONACCI);
    return 0;
}

static bool is_shortage(int error)
{
    return error == ENOMEM || error == EAGAIN;
}

static int executor_right(crew_executor *ex)
{
    enum { TASKS = 12 };
    crew_future *f[TASKS];
    long depth = DEPTH;
    for (int i = 0; i < TASKS; i++) {
        f[i] = crew_submit(ex, fibonacci, &depth);
        CHECK(f[i] || is_shortage(errno));
    }
    for (int i = 0; i < TASKS; i++) {
        int result = -1;
        if (!f[i])
            continue;
        CHECK(crew_future_result(f[i], &result) == 0 && result == FIBONACCI);
        crew_future_release(f[i]);
    }
    return 0;
}

int all_right(void)
{
    if (loops_right() || executor_right(NULL))
        return 1;
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = 3});
    if (!ex) {
        CHECK(is_shortage(errno));
        return 0;
    }
    int wrong = executor_right(ex);
    CHECK(crew_executor_shutdown(ex, 0) == 0);
    return wrong;
}

void *all_right_on_thread(void *wrong)
{
    if (all_right())
        atomic_store((atomic_int *)wrong, 1);
    return NULL;
}
