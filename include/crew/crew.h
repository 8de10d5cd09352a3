/* crew: data-parallel loops and array algorithms for C on OpenMP, with a sequential build that gives the same results.
   Includes every public header.

   What a call has opened (crew_executor, crew_future, crew_graph, crew_array, ...) is gone when it has been closed,
   freed, or released by its last owner: as with free(), nobody looks for a later use, whose effect is undefined. NULL
   is refused or does nothing, as each function says.

   A whole program:

       #include <crew/crew.h>
       #include <stdio.h>

       int main(void)
       {
           static double x[100000];
           double total = 0;
           CREW_FOR (i, 100000)
               x[i] = (double)(i % 10);
           CREW_SUM(total, i, 100000, x[i] * x[i]);
           int error = crew_sort_f64(x, 100000);
           printf("%s, %g, median %g\n", crew_strerror(error), total, x[50000]); // prints success, 2.85e+06, median 5
           return error != 0;
       } */
#ifndef CREW_CREW_H
#define CREW_CREW_H

#include <crew/array.h>
#include <crew/executor.h>
#include <crew/for.h>
#include <crew/graph.h>
#include <crew/lines.h>
#include <crew/loop.h>
#include <crew/map.h>
#include <crew/options.h>
#include <crew/process.h>
#include <crew/reduce.h>
#include <crew/reducers.h>
#include <crew/stream.h>
#include <crew/tally.h>
#include <crew/task.h>
#include <crew/trace.h>
#include <crew/version.h>

/* The array algorithms, which an installation of the core alone does not have. */
#ifdef __has_include
#if !__has_include(<crew/sort.h>)
#define CREW_NO_ARRAY
#endif
#endif
#ifndef CREW_NO_ARRAY
#include <crew/by_key.h>
#include <crew/exact.h>
#include <crew/filter.h>
#include <crew/find.h>
#include <crew/histogram.h>
#include <crew/move.h>
#include <crew/random.h>
#include <crew/scan.h>
#include <crew/set.h>
#include <crew/sort.h>
#endif

#endif
