/* What a program's calls do with their threads: figures for each call site, and a picture of a run.

   CREW_TRACE=run.json ./program writes Chrome trace events, which ui.perfetto.dev and chrome://tracing show: a row for
   each thread; a slice for each loop and stream that is not known to be tiny, for each of its blocks, for each task of
   an executor and for each node of a graph, by the node's name; steals as instants, sleeps as slices; what waits in an
   executor's queue as a counter. At exit a summary of the calls is written on standard error.
   The file is valid JSON at any time, also where the program crashes; the last 4,096 events of each thread may be
   missing then. A thread keeps at most 2^20 events; how many were dropped is said in the file. A program that runs with
   more rights than who started it (setuid, setgid, capabilities) ignores the variable. Off, all this costs one branch a
   block.

   A whole program:

       #include <crew/for.h>
       #include <crew/trace.h>
       #include <stdio.h>

       static int square(size_t begin, size_t end, void *ctx)
       {
           double *x = ctx;
           for (size_t i = begin; i < end; i++)
               x[i] *= x[i];
           return 0;
       }

       int main(void)
       {
           static double x[100000];
           crew_call_stats s;
           crew_stats_enable(1);
           for (int k = 0; k < 3; k++)
               if (crew_for(100000, square, x, &(crew_options){.name = "square"}))
                   return 1;
           if (crew_stats(&s, 1) == 1)
               printf("%s: %zu calls\n", s.name, s.calls); // prints square: 3 calls
           return s.seconds < 0;
       } */
#ifndef CREW_TRACE_H
#define CREW_TRACE_H

#include <crew/compiler.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The calls of one name, which is that of options.name, else what the call is ("loop", "stream"). */
typedef struct crew_call_stats {
    const char *name; /* lives as long as the process */
    size_t calls;     /* that have ended */
    size_t blocks;    /* of all these */
    size_t steals;    /* blocks that a worker took from another one's range */
    double seconds;   /* from the beginning to the end of each, added up */
    double busy;      /* seconds that workers spent in blocks, added up */
    double busiest;   /* the same of each call's busiest worker */
    double available; /* seconds times workers of each call */
} crew_call_stats;

/* Measures from now on, or no more; what was measured stays. With CREW_TRACE it is on from the beginning. Thread safe;
   for calls that begin later. */
CREW_API void crew_stats_enable(int on);

/* Copies what is known of up to `room` call sites, those that took longest first, and returns how many there are.
   busy / available is how well the workers were used, busy / seconds what was gained against one worker, busiest *
   workers / busy the imbalance. stats may be NULL where room is 0. Thread safe. */
CREW_API size_t crew_stats(crew_call_stats *stats, size_t room);

#ifdef __cplusplus
}
#endif
#endif
