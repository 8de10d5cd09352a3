// Python's process pools and crew's, side by side: the same programs, line by line.
//
//     cc -O2 -fopenmp -Iinclude examples/pool.c lib/core/*/*.c -lm -o pool
//     ./pool
//
// The Python lines are in the comments, what crew says instead is under them. Three things are easier here: nothing is
// pickled, a worker that dies costs one item, and the arguments that differ in name mean the same everywhere.

#include <crew/executor.h>
#include <crew/process.h>
#include <stdio.h>
#include <stdlib.h>

enum { N = 12 };

/*  def f(x): return x * x  */
static int f(const void *in, void *out, void *ctx)
{
    (void)ctx;
    *(int *)out = *(const int *)in * *(const int *)in;
    return 0;
}

/*  def task(x): return x + 1  */
static int task(void *arg)
{
    int x = *(int *)arg;
    if (x == 3)
        abort(); // one of them is not well
    return x + 1;
}

static void print(const char *what, const int *x, int n)
{
    printf("%s:", what);
    for (int i = 0; i < n; i++)
        printf(" %d", x[i]);
    printf("\n");
}

static void check(const char *what, int error)
{
    if (error == 0)
        return;
    fprintf(stderr, "%s: %s\n", what, crew_strerror(error));
    exit(EXIT_FAILURE);
}

/* What executor.map yields, as it comes, in order. */
static int take(size_t index, const void *out, void *ctx)
{
    (void)ctx;
    printf("%s%d", index ? " " : "executor.map: ", *(const int *)out);
    return 0;
}

int main(void)
{
    int x[N], y[N];
    for (int i = 0; i < N; i++)
        x[i] = i;

    /*  with multiprocessing.Pool(4, maxtasksperchild=100) as pool:
            y = pool.map(f, x, chunksize=2)                                                                          */
    check("Pool.map", crew_process_map(x, sizeof *x, y, sizeof *y, N, f, NULL, NULL,
                                       &(crew_process_options){.processes = 4, .max_items = 100, .batch = 2}));
    print("Pool.map", y, N);

    /*  y = joblib.Parallel(n_jobs=-1, timeout=60, verbose=10)(joblib.delayed(f)(i) for i in x)                      */
    check("joblib", crew_process_map(x, sizeof *x, y, sizeof *y, N, f, NULL, NULL,
                                     &(crew_process_options){.processes = -1, .item_timeout = 60}));
    print("joblib.Parallel", y, N);

    /*  with ProcessPoolExecutor(max_workers=2) as executor:
            for y in executor.map(f, x): print(y)                                                                    */
    crew_executor *executor = crew_executor_open(&(crew_executor_options){.processes = 2});
    if (!executor) {
        perror("crew_executor_open");
        return EXIT_FAILURE;
    }
    check("executor.map", crew_executor_map(executor, x, sizeof *x, sizeof *y, N, f, take, NULL, 0));
    printf("\n");

    /*      futures = [executor.submit(task, i) for i in x]
            for future in futures:
                try: print(future.result())
                except BrokenProcessPool: ...        # and so end all the other futures, and the executor itself     */
    crew_future *futures[N];
    for (int i = 0; i < N; i++)
        futures[i] = crew_submit_copy(executor, task, &x[i], sizeof x[i]);
    printf("submit:");
    for (int i = 0; i < N; i++) {
        int result = 0, signal;
        check("future.result", futures[i] ? crew_future_result(futures[i], &result) : -1);
        if (crew_process_died(result, &signal, NULL))
            printf(" (signal %d)", signal); // this one only
        else
            printf(" %d", result);
        crew_future_release(futures[i]);
    }
    printf("\n");
    crew_executor_shutdown(executor, 0);
    return EXIT_SUCCESS;
}
