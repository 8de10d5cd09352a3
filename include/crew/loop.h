/* Pragmas with a name: the thinnest layer. CREW_FOR is an `omp parallel for` over crew's threads, or the plain for
   without OpenMP. It inlines whole; the body is the caller's own code and may not break, return or goto out of the
   loop. Iterations must be independent. For errors, cancelling and irregular work use crew_for (for.h).

   Sums, extremes, counts, searches and reductions of an expression are in expression.h and accumulate.h, which this
   header includes. It is the one public header that knows OpenMP.

   A whole program:

       #include <crew/loop.h>
       #include <stdio.h>

       int main(void)
       {
           enum { ROWS = 300, COLS = 400 };
           static double x[ROWS][COLS], sums[ROWS];
           CREW_FOR_2D (i, ROWS, j, COLS)
               x[i][j] = (double)(i * j);
           CREW_FOR (i, ROWS)
               for (size_t j = 0; j < COLS; j++)
                   sums[i] += x[i][j];
           printf("%g\n", sums[2]); // prints 159600
       } */
#ifndef CREW_LOOP_H
#define CREW_LOOP_H

#include <crew/options.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The thread count for a team opened right now by the calling thread: crew_num_threads(), or fewer where the system
   cannot create so many threads or an OpenMP region would not be safe here (a child after fork). At least 1. Thread
   safe. Meant for CREW_FOR and for `#pragma omp parallel num_threads(crew_loop_threads())`. */
CREW_API int crew_loop_threads(void);

#ifdef __cplusplus
}
#endif

#ifdef _OPENMP

/* for (size_t i = 0; i < n; i++) body, shared out in equal contiguous parts, one a thread: the schedule is static, so
   it suits items that cost the same. CREW_EACH (expression.h) evens out those that do not.
   n is evaluated once where OpenMP runs it, and must not change in the body. Deterministic where the iterations are
   independent. Work O(n), span O(n / threads). A team opens at any n, which costs 1 to 3 us; CREW_EACH does few items
   on the caller. */
#define CREW_FOR(i, n)                                                                                                 \
    _Pragma("omp parallel for num_threads(crew_loop_threads()) schedule(static)") for (size_t i = 0; i < (size_t)(n);  \
                                                                                       i++)

/* for (size_t i = 0; i < rows; i++) for (size_t j = 0; j < cols; j++) body, over both indices at once. */
#define CREW_FOR_2D(i, rows, j, cols)                                                                                  \
    _Pragma("omp parallel for collapse(2) num_threads(crew_loop_threads()) schedule(static)") for (                    \
        size_t i = 0; i < (size_t)(rows); i++) for (size_t j = 0; j < (size_t)(cols); j++)

/* For the statements: the for that follows is shared out, an index at a time; or index k to thread k. */
#define CREW__PRAGMA(text) _Pragma(#text)
#define CREW__TEAM(threads) CREW__PRAGMA(omp parallel for num_threads(threads) schedule(dynamic, 1))
#define CREW__MEMBERS(threads) CREW__PRAGMA(omp parallel for num_threads(threads) schedule(static, 1))
#define CREW__ATOMIC CREW__PRAGMA(omp atomic)
#define CREW__CAPTURE CREW__PRAGMA(omp atomic capture)
#define CREW__HAS_TEAMS 1

#else

#define CREW_FOR(i, n) for (size_t i = 0; i < (size_t)(n); i++)
#define CREW_FOR_2D(i, rows, j, cols)                                                                                  \
    for (size_t i = 0; i < (size_t)(rows); i++)                                                                        \
        for (size_t j = 0; j < (size_t)(cols); j++)

#define CREW__TEAM(threads)
#define CREW__MEMBERS(threads)
#define CREW__ATOMIC
#define CREW__CAPTURE
#define CREW__HAS_TEAMS 0

#endif

#include <crew/accumulate.h>
#include <crew/expression.h>
#endif
