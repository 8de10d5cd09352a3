/* A rank that dies while the others wait for it: run.sh looks at how the job ends. With `processes` its items run
   in worker processes, which must end with it. Usage: die kill|exit|abort|segv|processes */
#define _POSIX_C_SOURCE 200809L
#include <crew/crew.h>
#include <crew/mpi.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int item(const void *in, void *out, void *ctx)
{
    (void)ctx;
    *(char *)out = *(const char *)in;
    if (*(const char *)in > 0)
        sleep(1000);
    return 0;
}

/* Rank 0 waits for an item that a process of rank 1 has, when that rank is killed. */
static void die_with_processes(crew_mpi *m)
{
    char in[4] = {0, 0, 0, 1}, out[4];
    if (crew_mpi_rank(m) == 0)
        crew_mpi_map(m, "item", in, 1, out, 1, sizeof in, NULL, NULL, NULL);
    if (crew_mpi_rank(m) == 1)
        alarm(2);
    crew_mpi_serve(m);
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "kill";
    const bool processes = strcmp(how, "processes") == 0;
    if (crew_mpi_register("item", item, NULL) || (processes && crew_mpi_processes(2, NULL)))
        return 3;
    crew_mpi *m = crew_mpi_open(MPI_COMM_WORLD);
    crew_dist *d = m ? crew_dist_open(m, 1000000, sizeof(double)) : NULL;
    double sum = 1;
    if (!d || crew_sum_dist_f64(d, &sum) != 0 || sum != 0)
        return 3;
    if (processes)
        die_with_processes(m);
    if (crew_mpi_rank(m) == 1) {
        if (strcmp(how, "exit") == 0)
            exit(0);
        raise(strcmp(how, "kill") == 0 ? SIGKILL : strcmp(how, "abort") == 0 ? SIGABRT : SIGSEGV);
    }
    for (int i = 0; i < 1000; i++) {
        crew_sum_dist_f64(d, &sum);
        sleep(1);
    }
    puts("all ranks are alive");
    return 0;
}
