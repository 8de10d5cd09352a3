/* A driver is one program that holds one runtime: driver.c, which has the main, driver THREADS MEMORY_FD CAPACITY; one
   of loop_driver.c, array_driver.c and task_driver.c, which implement what stands here; and the runtime's kernels,
   which loops.h, arrays.h or tasks.h describes.

   A request is a line on standard input, and two numbers on standard output answer it:

       have KERNEL VARIANT      -> 1 0 or 0 0
       run KERNEL VARIANT ...   -> NS RESULT, NS negative where it cannot

   Between requests the program that asks stops the process with SIGSTOP, so that threads that still spin disturb
   nobody.
 */
#ifndef BENCH_DRIVER_H
#define BENCH_DRIVER_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Called once before anything else. False where the memory cannot be mapped. */
bool driver_open(int threads, int memory_fd, size_t capacity);

bool driver_has(const char *kernel, const char *variant);

/* What a request other than `have` takes, in ns. */
double driver_run(const char *line, double *result);

/* driver.c has these. NULL where bytes cannot be mapped. */
void *driver_map(int memory_fd, size_t bytes);
double driver_clock_ns(void);

#ifdef __cplusplus
}
#endif

#endif
