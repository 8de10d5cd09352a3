// Fork and join, the smallest recursion: each call forks one half and does the other.
//
//     cc -O2 -fopenmp -Iinclude examples/fib.c lib/core/*/*.c -lm -o fib
//     ./fib [N]
//
// No cut-off: a fork and its join cost a few nanoseconds, because a task stays private to its thread until another one
// has nothing to do.

#define _POSIX_C_SOURCE 200809L
#include <crew/task.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct fib {
    int n;
    long value;
};

static int fib(void *arg)
{
    struct fib *f = arg;
    if (f->n < 2) {
        f->value = f->n;
        return 0;
    }
    struct fib first = {f->n - 1, 0}, second = {f->n - 2, 0};
    crew_task task;
    crew_fork(&task, fib, &first); /* perhaps on another thread */
    fib(&second);
    crew_join(&task); /* here, where nobody has taken it */
    f->value = first.value + second.value;
    return 0;
}

static long plain_fib(int n)
{
    return n < 2 ? n : plain_fib(n - 1) + plain_fib(n - 2);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
    int n = argc > 1 ? atoi(argv[1]) : 32;
    if (argc > 2 || n < 0 || n > 50) {
        fprintf(stderr, "usage: %s [N], at most 50\n", argv[0]);
        return EXIT_FAILURE;
    }
    double start = seconds();
    long plain = plain_fib(n);
    double plain_time = seconds() - start;

    struct fib f = {n, 0};
    start = seconds();
    int error = crew_run(fib, &f, NULL);
    double crew_time = seconds() - start;
    if (error) {
        fprintf(stderr, "%s: %s\n", argv[0], crew_strerror(error));
        return EXIT_FAILURE;
    }
    printf("fib(%d) = %ld\n", n, f.value);
    printf("time  plain calls    %8.1f ms\n", 1e3 * plain_time);
    printf("time  fork and join  %8.1f ms, %d threads, %s\n", 1e3 * crew_time, crew_num_threads(), crew_backend());
    return f.value == plain ? EXIT_SUCCESS : EXIT_FAILURE;
}
