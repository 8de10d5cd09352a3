/* The main of every driver: reads requests and answers them. */
#define _POSIX_C_SOURCE 200809L
#include "driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

double driver_clock_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

void *driver_map(int memory_fd, size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, memory_fd, 0);
    return memory != MAP_FAILED ? memory : NULL;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    if (!driver_open(atoi(argv[1]), atoi(argv[2]), strtoull(argv[3], NULL, 10)))
        return 3;
    char line[256], kernel[32], variant[32];
    while (fgets(line, sizeof line, stdin)) {
        double result = 0, ns;
        if (sscanf(line, "have %31s %31s", kernel, variant) == 2)
            ns = driver_has(kernel, variant);
        else
            ns = driver_run(line, &result);
        printf("%.3f %.17g\n", ns, result);
        fflush(stdout);
    }
    return 0;
}
