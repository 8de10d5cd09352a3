/* A rank that dies while the others wait for it: run.sh looks at how the job ends. Usage: die kill|exit|abort|segv */
#define _POSIX_C_SOURCE 200809L
#include <crew/crew.h>
#include <crew/mpi.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "kill";
    crew_mpi *m = crew_mpi_open(MPI_COMM_WORLD);
    crew_dist *d = m ? crew_dist_open(m, 1000000, sizeof(double)) : NULL;
    double sum = 1;
    if (!d || crew_sum_dist_f64(d, &sum) != 0 || sum != 0)
        return 3;
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
