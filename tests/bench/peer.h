/* A driver process, stopped whenever it is not asked. */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include <stddef.h>
#include <sys/types.h>

struct peer {
    pid_t pid; /* 0: not started or given up */
    int to, from;
};

/* Starts `path THREADS MEMORY_FD CAPACITY` with policy as OMP_WAIT_POLICY (NULL: not set) and no other variable of an
   OpenMP runtime or of crew. 0, or -1 where there is no such program. */
int peer_start(struct peer *peer, const char *path, int threads, int memory_fd, size_t capacity, const char *policy);

/* Lets the driver run, sends the line, reads its two numbers and stops it again. 0, or -1 for a driver that crashed or
   gave no answer for two minutes; it is ended then. */
int peer_ask(struct peer *peer, const char *line, double *ns, double *result);

void peer_end(struct peer *peer);

/* A process that does nothing but use a CPU, wherever the system puts it. */
pid_t busy_start(void);
void busy_end(pid_t pid);

#endif
