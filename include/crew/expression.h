/* Sums, extremes, counts and searches of an expression, as statements: the expression is compiled in the caller's own
   file, inlined and vectorised there.

       double s = 0;
       CREW_SUM (s, i, n, (x[i] - m) * (x[i] - m));

   In all of them i names the index, a size_t that the statement declares; n is an expression that is evaluated once;
   the last argument may have commas. v, the variable that receives the result, takes part with the value that it has,
   as in an OpenMP reduction, is an lvalue without side effects and is not read by the expression. The expression may
   read anything, runs on several threads at once, and is compiled several times over. It may not leave the statement:
   a C++ exception in it ends the program. Nothing can fail, nothing is allocated.

   Few items run on the caller, which reads the clock after the first one and the first 32; what is left opens a team
   where that pays. Inside callbacks of crew and inside OpenMP regions a statement runs on the calling thread.
   Work O(n), span O(n / 512 + 32) for cheap items, O(n / 32) for up to 65536 that take more than 30 ns each.

   The same bits at any thread count, with and without OpenMP, as far as the compiler that compiles the expression gives
   it the same bits (-ffp-contract=off): items are cut into leaves of 4096 and lanes of 32 by n alone, and merged in the
   tree of crew_sum. The variable is combined with the result last.

   A whole program:

       #include <crew/expression.h>
       #include <stdio.h>

       int main(void)
       {
           static double x[100000];
           for (size_t i = 0; i < 100000; i++)
               x[i] = (double)(i % 100);
           double sum = 0, high = x[0];
           size_t zeros = 0;
           CREW_SUM(sum, i, 100000, x[i] * x[i]);
           CREW_MAX(high, i, 100000, x[i]);
           CREW_COUNT(zeros, i, 100000, x[i] == 0);
           printf("%g, %g, %zu\n", sum, high, zeros); // prints 3.2835e+08, 99, 1000
       } */
#ifndef CREW_EXPRESSION_H
#define CREW_EXPRESSION_H

#include <crew/expression_run.h>
#include <crew/loop.h>

/* v += e for i = 0 .. n-1. Floats are summed as by crew_sum: `double s = 0; CREW_SUM (s, i, n, x[i]);` has the bits of
   crew_sum_f64, but for the sign and payload of a NaN; a float is summed in double and rounded once. Integers wrap. The
   expression is converted to the type of the sum. */
#define CREW_SUM(v, i, n, ...)                                                                                         \
    CREW__LANES(v, i, n, CREW__SUM_TYPE(v), (CREW__SUM_TYPE(v))0, CREW__PLUS, CREW__ADD_LAST, __VA_ARGS__)

/* v = the smallest of v and all e; NaN if any is NaN. Of -0 and +0 either may stay, the same one everywhere. The
   expression is converted to the type of v. */
#define CREW_MIN(v, i, n, ...) CREW__LANES(v, i, n, CREW__TYPE(v), v, CREW__LOWER, CREW__TAKE_LAST, __VA_ARGS__)

/* v = the largest of v and all e; NaN if any is NaN. */
#define CREW_MAX(v, i, n, ...) CREW__LANES(v, i, n, CREW__TYPE(v), v, CREW__HIGHER, CREW__TAKE_LAST, __VA_ARGS__)

/* if (e) v++ for i = 0 .. n-1. v is an integer. */
#define CREW_COUNT(v, i, n, ...)                                                                                       \
    do {                                                                                                               \
        CREW__COUNT(v, i, n, CREW__OWN(run, i), CREW__OWN(total, i), __VA_ARGS__)                                      \
    } while (0)

/* if (!v) v = (e is true for any i). Ends soon after one is found; which others were evaluated is not defined. A v that
   is true stays as it is and nothing is evaluated. */
#define CREW_ANY(v, i, n, ...) CREW__SEEK(v, !, 1, i, n, __VA_ARGS__)

/* if (v) v = (e is true for every i). Ends soon after one is found that is not. */
#define CREW_ALL(v, i, n, ...) CREW__SEEK(v, !!, 0, i, n, !(__VA_ARGS__))

/* for (size_t i = 0; i < n; i++) { statements }. Iterations must be independent. Each thread does a part of the items,
   the same in one loop after the other, and blocks of other parts when its own is done; blocks are sized by what the
   first items cost. So items may differ in cost. Few items run on the caller. continue ends an item; break, return and
   goto may not leave it. */
#define CREW_EACH(i, n, ...)                                                                                           \
    do {                                                                                                               \
        CREW__BLOCKS(i, n, CREW__EVERY, __VA_ARGS__)                                                                   \
    } while (0)

/* What follows belongs to crew. Names that a statement declares end in the name of its index, so that nested ones,
   whose indices differ, do not hide each other's. */

#ifdef __cplusplus
extern "C++" {
#include <type_traits>
template <class T> struct crew__sum {
    typedef T type;
};
template <> struct crew__sum<float> {
    typedef double type;
};
template <> struct crew__sum<bool> {
    typedef unsigned type;
};
template <> struct crew__sum<signed char> {
    typedef unsigned type;
};
template <> struct crew__sum<short> {
    typedef unsigned type;
};
template <> struct crew__sum<int> {
    typedef unsigned type;
};
template <> struct crew__sum<long> {
    typedef unsigned long type;
};
template <> struct crew__sum<long long> {
    typedef unsigned long long type;
};
}
#define CREW__TYPE(v) typename std::remove_cv<typename std::remove_reference<decltype(v)>::type>::type
#define CREW__SUM_TYPE(v) typename crew__sum<CREW__TYPE(v)>::type
#else
#define CREW__TYPE(v) __typeof__(v)
/* Signed integers are summed as unsigned ones: partial sums may pass what the whole does not. */
#define CREW__SUM_TYPE(v)                                                                                              \
    __typeof__(_Generic((v), float : 0.0, _Bool : 0U, signed char : 0U, short : 0U, int : 0U, long : 0UL,              \
                        long long : 0ULL, default                                                                      \
                        : (v)))
#endif

#define CREW__OWN(name, i) crew__##name##_##i

/* left = left followed by right, of type T. */
#define CREW__PLUS(T, left, right) (left) = (T)((left) + (T)(right))
#define CREW__LOWER(T, left, right) CREW__CHOOSE(T, left, right, <)
#define CREW__HIGHER(T, left, right) CREW__CHOOSE(T, left, right, >)
#define CREW__CHOOSE(T, left, right, before)                                                                           \
    do {                                                                                                               \
        const T crew__e = (T)(right);                                                                                  \
        (left) = ((crew__e before(left)) | (crew__e != crew__e)) ? crew__e : (left);                                   \
    } while (0)
#define CREW__ADD_LAST(v, total) v = (CREW__TYPE(v))((CREW__SUM_TYPE(v))(v) + (total))
#define CREW__TAKE_LAST(v, total) v = (total)

/* An array of fewer than 32 elements never meets a whole row, but gcc warns of what would happen if it did. */
#if defined(__GNUC__) && !defined(__clang__)
#define CREW__ROWS _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Waggressive-loop-optimizations\"")
#define CREW__ROWS_END _Pragma("GCC diagnostic pop")
#else
#define CREW__ROWS
#define CREW__ROWS_END
#endif

/* The row that the caller does first; the lanes or the chunks of the rest, by a team or by the caller; the tree. */
#define CREW__LANES(v, i, n, T, start, step, last, ...)                                                                \
    do {                                                                                                               \
        CREW__ROWS                                                                                                     \
        struct crew__run CREW__OWN(run, i) = crew__run_of((size_t)(n));                                                \
        if (CREW__OWN(run, i).items > 0) {                                                                             \
            T CREW__OWN(part, i)[CREW__PART_COUNT], CREW__OWN(lane, i)[CREW__LANE_COUNT];                              \
            CREW__FILL(CREW__OWN(lane, i), i, start)                                                                   \
            while (crew__run_row(&CREW__OWN(run, i)))                                                                  \
                for (size_t i = CREW__OWN(run, i).from; i < CREW__OWN(run, i).to; i++)                                 \
                    step(T, CREW__OWN(lane, i)[i % CREW__LANE_COUNT], __VA_ARGS__);                                    \
            crew__run_cut(&CREW__OWN(run, i));                                                                         \
            if (CREW__OWN(run, i).lanes) {                                                                             \
                CREW__TEAM_LANES(i, T, start, step, __VA_ARGS__)                                                       \
            } else if (CREW__HAS_TEAMS && CREW__OWN(run, i).threads > 1) {                                             \
                crew__launch_open(&CREW__OWN(run, i).launch);                                                          \
                CREW__TEAM(CREW__OWN(run, i).threads)                                                                  \
                CREW__CHUNKS(i, T, start, step, __VA_ARGS__)                                                           \
                crew__launch_close(&CREW__OWN(run, i).launch);                                                         \
            } else {                                                                                                   \
                CREW__CHUNKS(i, T, start, step, __VA_ARGS__)                                                           \
            }                                                                                                          \
            CREW__TREE(i, CREW__OWN(part, i), CREW__OWN(run, i).blocks, T, step)                                       \
            last(v, CREW__OWN(part, i)[0]);                                                                            \
        }                                                                                                              \
        CREW__ROWS_END                                                                                                 \
    } while (0)

#define CREW__FILL(lanes, i, start)                                                                                    \
    for (size_t CREW__OWN(l, i) = 0; CREW__OWN(l, i) < CREW__LANE_COUNT; CREW__OWN(l, i)++)                            \
        lanes[CREW__OWN(l, i)] = (start);

/* Lane l is merged with lane l + 16, that with l + 8, and so on. */
#define CREW__FOLD(lanes, i, T, step)                                                                                  \
    for (size_t CREW__OWN(h, i) = CREW__LANE_COUNT / 2; CREW__OWN(h, i) > 0; CREW__OWN(h, i) /= 2)                     \
        for (size_t CREW__OWN(l, i) = 0; CREW__OWN(l, i) < CREW__OWN(h, i); CREW__OWN(l, i)++)                         \
            step(T, (lanes)[CREW__OWN(l, i)], (lanes)[CREW__OWN(l, i) + CREW__OWN(h, i)]);

/* Part k with part k + 1 for even k, the results likewise. */
#define CREW__TREE(i, parts, count, T, step)                                                                           \
    for (size_t CREW__OWN(h, i) = 1; CREW__OWN(h, i) < (count); CREW__OWN(h, i) *= 2)                                  \
        for (size_t CREW__OWN(k, i) = 0; CREW__OWN(k, i) + CREW__OWN(h, i) < (count);                                  \
             CREW__OWN(k, i) += 2 * CREW__OWN(h, i))                                                                   \
            step(T, (parts)[CREW__OWN(k, i)], (parts)[CREW__OWN(k, i) + CREW__OWN(h, i)]);

/* Each lane of each leaf by itself, then as the chunks do. */
#define CREW__TEAM_LANES(i, T, start, step, ...)                                                                       \
    {                                                                                                                  \
        crew__launch_open(&CREW__OWN(run, i).launch);                                                                  \
        CREW__TEAM(CREW__OWN(run, i).threads)                                                                          \
        for (size_t CREW__OWN(u, i) = 0; CREW__OWN(u, i) < CREW__OWN(run, i).blocks; CREW__OWN(u, i)++) {              \
            crew__launch_block(&CREW__OWN(run, i).launch);                                                             \
            T CREW__OWN(sum, i) = (start);                                                                             \
            if (CREW__OWN(u, i) < CREW__LANE_COUNT)                                                                    \
                CREW__OWN(sum, i) = CREW__OWN(lane, i)[CREW__OWN(u, i)];                                               \
            const size_t CREW__OWN(end, i) =                                                                           \
                crew__leaf_end(CREW__OWN(run, i).items, CREW__OWN(u, i) / CREW__LANE_COUNT);                           \
            for (size_t i = crew__lane_first(&CREW__OWN(run, i), CREW__OWN(u, i)); i < CREW__OWN(end, i);              \
                 i += CREW__LANE_COUNT)                                                                                \
                step(T, CREW__OWN(sum, i), __VA_ARGS__);                                                               \
            CREW__OWN(part, i)[CREW__OWN(u, i)] = CREW__OWN(sum, i);                                                   \
            crew__launch_block_end(&CREW__OWN(run, i).launch);                                                         \
        }                                                                                                              \
        crew__launch_close(&CREW__OWN(run, i).launch);                                                                 \
        CREW__OWN(run, i).blocks /= CREW__LANE_COUNT;                                                                  \
        for (size_t CREW__OWN(c, i) = 0; CREW__OWN(c, i) < CREW__OWN(run, i).blocks; CREW__OWN(c, i)++) {              \
            CREW__FOLD(CREW__OWN(part, i) + CREW__OWN(c, i) * CREW__LANE_COUNT, i, T, step)                            \
            CREW__OWN(part, i)[CREW__OWN(c, i)] = CREW__OWN(part, i)[CREW__OWN(c, i) * CREW__LANE_COUNT];              \
        }                                                                                                              \
    }

/* Leaves of a chunk are merged like the digits of a binary counter, the remainder from the right. */
#define CREW__CHUNKS(i, T, start, step, ...)                                                                           \
    for (size_t CREW__OWN(c, i) = 0; CREW__OWN(c, i) < CREW__OWN(run, i).blocks; CREW__OWN(c, i)++) {                  \
        T CREW__OWN(level, i)[8 * sizeof(size_t)];                                                                     \
        crew__launch_block(&CREW__OWN(run, i).launch);                                                                 \
        struct crew__chunk CREW__OWN(at, i) = crew__chunk_of(&CREW__OWN(run, i), CREW__OWN(c, i));                     \
        for (; CREW__OWN(at, i).leaf < CREW__OWN(at, i).stop; CREW__OWN(at, i).leaf++) {                               \
            CREW__LEAF(i, T, start, step, __VA_ARGS__)                                                                 \
            while (crew__chunk_carry(&CREW__OWN(at, i)))                                                               \
                step(T, CREW__OWN(level, i)[CREW__OWN(at, i).depth - 1], CREW__OWN(level, i)[CREW__OWN(at, i).depth]); \
        }                                                                                                              \
        while (--CREW__OWN(at, i).depth > 0)                                                                           \
            step(T, CREW__OWN(level, i)[CREW__OWN(at, i).depth - 1], CREW__OWN(level, i)[CREW__OWN(at, i).depth]);     \
        CREW__OWN(part, i)[CREW__OWN(c, i)] = CREW__OWN(level, i)[0];                                                  \
        crew__launch_block_end(&CREW__OWN(run, i).launch);                                                             \
    }

/* One leaf to level[depth++]; what the caller has done of the first one is in lane. */
#define CREW__LEAF(i, T, start, step, ...)                                                                             \
    T CREW__OWN(sum, i)[CREW__LANE_COUNT];                                                                             \
    size_t CREW__OWN(row, i) = CREW__OWN(at, i).leaf * CREW__LEAF_ITEMS;                                               \
    const size_t CREW__OWN(end, i) = crew__leaf_end(CREW__OWN(run, i).items, CREW__OWN(at, i).leaf);                   \
    if (CREW__OWN(row, i) == 0) {                                                                                      \
        CREW__OWN(row, i) = CREW__OWN(run, i).done;                                                                    \
        CREW__FILL(CREW__OWN(sum, i), i, CREW__OWN(lane, i)[CREW__OWN(l, i)])                                          \
    } else {                                                                                                           \
        CREW__FILL(CREW__OWN(sum, i), i, start)                                                                        \
    }                                                                                                                  \
    for (; CREW__OWN(end, i) - CREW__OWN(row, i) >= CREW__LANE_COUNT; CREW__OWN(row, i) += CREW__LANE_COUNT)           \
        for (size_t CREW__OWN(l, i) = 0; CREW__OWN(l, i) < CREW__LANE_COUNT; CREW__OWN(l, i)++) {                      \
            const size_t i = CREW__OWN(row, i) + CREW__OWN(l, i);                                                      \
            (void)i;                                                                                                   \
            step(T, CREW__OWN(sum, i)[CREW__OWN(l, i)], __VA_ARGS__);                                                  \
        }                                                                                                              \
    for (size_t i = CREW__OWN(row, i); i < CREW__OWN(end, i); i++)                                                     \
        step(T, CREW__OWN(sum, i)[i % CREW__LANE_COUNT], __VA_ARGS__);                                                 \
    CREW__FOLD(CREW__OWN(sum, i), i, T, step)                                                                          \
    CREW__OWN(level, i)[CREW__OWN(at, i).depth++] = CREW__OWN(sum, i)[0];

/* The caller does the first items, a team the rest where that pays. some(i, begin, stop, shared, item) is the loop over
   a few; shared: others work too. */
#define CREW__BLOCKS(i, n, some, ...)                                                                                  \
    struct crew__run CREW__OWN(run, i) = crew__run_of((size_t)(n));                                                    \
    while (crew__run_grow(&CREW__OWN(run, i))) {                                                                       \
        some(i, CREW__OWN(run, i).from, CREW__OWN(run, i).to, 0, __VA_ARGS__);                                         \
    }                                                                                                                  \
    if (CREW__HAS_TEAMS && CREW__OWN(run, i).threads > 1) {                                                            \
        struct crew__share CREW__OWN(share, i)[CREW__SHARES];                                                          \
        crew__run_blocks(&CREW__OWN(run, i));                                                                          \
        crew__run_shares(&CREW__OWN(run, i), CREW__OWN(share, i));                                                     \
        CREW__MEMBERS(CREW__OWN(run, i).threads)                                                                       \
        for (int CREW__OWN(m, i) = 0; CREW__OWN(m, i) < CREW__OWN(run, i).threads; CREW__OWN(m, i)++) {                \
            size_t CREW__OWN(c, i) = crew__run_take(&CREW__OWN(run, i), CREW__OWN(share, i), CREW__OWN(m, i));         \
            if (CREW__OWN(c, i) < CREW__OWN(run, i).blocks) {                                                          \
                crew__launch_block(&CREW__OWN(run, i).launch);                                                         \
                do {                                                                                                   \
                    some(i, crew__block_begin(&CREW__OWN(run, i), CREW__OWN(c, i)),                                    \
                         crew__block_end(&CREW__OWN(run, i), CREW__OWN(c, i)), 1, __VA_ARGS__);                        \
                    CREW__OWN(c, i) = crew__run_take(&CREW__OWN(run, i), CREW__OWN(share, i), CREW__OWN(m, i));        \
                } while (CREW__OWN(c, i) < CREW__OWN(run, i).blocks);                                                  \
                crew__launch_block_end(&CREW__OWN(run, i).launch);                                                     \
            }                                                                                                          \
        }                                                                                                              \
        crew__launch_close(&CREW__OWN(run, i).launch);                                                                 \
    } else {                                                                                                           \
        some(i, CREW__OWN(run, i).done, CREW__OWN(run, i).items, 0, __VA_ARGS__);                                      \
    }

#define CREW__EVERY(i, begin, stop, shared, ...)                                                                       \
    for (size_t i = (begin), CREW__OWN(end, i) = (stop); i < CREW__OWN(end, i); i++) {                                 \
        __VA_ARGS__;                                                                                                   \
    }

/* Up to an item of which the expression is true. Whether another thread has met one is asked every few items: to ask
   for each took 1.5 to 2 times as long as a loop that does not. */
#define CREW__UP_TO(i, begin, stop, shared, ...)                                                                       \
    for (size_t CREW__OWN(next, i) = (begin), CREW__OWN(last, i) = (stop);                                             \
         CREW__OWN(next, i) < CREW__OWN(last, i) && CREW__LOAD_INT(&CREW__OWN(found, i)) == 0;) {                      \
        size_t i = CREW__OWN(next, i);                                                                                 \
        CREW__OWN(next, i) =                                                                                           \
            shared && CREW__OWN(last, i) - i > CREW__ASKED_OF ? i + CREW__ASKED_OF : CREW__OWN(last, i);               \
        for (; i < CREW__OWN(next, i); i++)                                                                            \
            if (!CREW__EXPECT(!(__VA_ARGS__))) {                                                                       \
                CREW__STORE_INT(&CREW__OWN(found, i), 1);                                                              \
                break;                                                                                                 \
            }                                                                                                          \
    }

/* Whole numbers add up to the same in any order, so a block has one counter, which every compiler vectorises. */
#define CREW__COUNT(v, i, n, run, total, ...)                                                                          \
    struct crew__run run = crew__run_of((size_t)(n));                                                                  \
    size_t total = 0;                                                                                                  \
    while (crew__run_grow(&run)) {                                                                                     \
        CREW__COUNT_ITEMS(i, run.from, run.to, total, , __VA_ARGS__)                                                   \
    }                                                                                                                  \
    if (CREW__HAS_TEAMS && run.threads > 1) {                                                                          \
        crew__run_blocks(&run);                                                                                        \
        CREW__TEAM(run.threads)                                                                                        \
        for (size_t CREW__OWN(c, i) = 0; CREW__OWN(c, i) < run.blocks; CREW__OWN(c, i)++) {                            \
            crew__launch_block(&run.launch);                                                                           \
            CREW__COUNT_ITEMS(i, crew__block_begin(&run, CREW__OWN(c, i)), crew__block_end(&run, CREW__OWN(c, i)),     \
                              total, CREW__ATOMIC, __VA_ARGS__)                                                        \
            crew__launch_block_end(&run.launch);                                                                       \
        }                                                                                                              \
        crew__launch_close(&run.launch);                                                                               \
    } else {                                                                                                           \
        CREW__COUNT_ITEMS(i, run.done, run.items, total, , __VA_ARGS__)                                                \
    }                                                                                                                  \
    v = (CREW__TYPE(v))((CREW__SUM_TYPE(v))(v) + (CREW__SUM_TYPE(v))total);

#define CREW__COUNT_ITEMS(i, begin, stop, total, atomic, ...)                                                          \
    size_t CREW__OWN(sum, i) = 0;                                                                                      \
    const size_t CREW__OWN(end, i) = (stop);                                                                           \
    for (size_t i = (begin); i < CREW__OWN(end, i); i++)                                                               \
        CREW__OWN(sum, i) += (__VA_ARGS__) ? 1 : 0;                                                                    \
    atomic total += CREW__OWN(sum, i);

#define CREW__SEEK(v, open, outcome, i, n, ...)                                                                        \
    do {                                                                                                               \
        int CREW__OWN(found, i) = 0;                                                                                   \
        if (open(v)) {                                                                                                 \
            CREW__BLOCKS(i, n, CREW__UP_TO, __VA_ARGS__)                                                               \
            if (CREW__OWN(found, i))                                                                                   \
                v = outcome;                                                                                           \
            else                                                                                                       \
                v = !outcome;                                                                                          \
        }                                                                                                              \
    } while (0)

#endif
