/* Reductions into a struct or an array, as statements: what one item does and, for a struct, what a merge does are
   compiled in the caller's own file.

       struct stats acc = {0};
       CREW_REDUCE (acc, i, n, combine(&acc, &item[i]), merge(&acc, &right));
       CREW_SUM_ARRAY (h, 256, i, n, h[key[i]]++);

   i, n, bits and threads are as in expression.h. Errors cannot be told, so nothing may fail in them; where memory for
   the accumulators cannot be had, all is done on the calling thread, item after item into the variable itself, which
   brackets floating point in another way.

   A whole program:

       #include <crew/accumulate.h>
       #include <stdio.h>

       struct range {
           int low, high;
       };

       static void see(struct range *r, int low, int high)
       {
           r->low = low < r->low ? low : r->low;
           r->high = high > r->high ? high : r->high;
       }

       int main(void)
       {
           int x[6] = {3, 1, 4, 1, 5, 9}, count[10] = {0};
           struct range r = {100, -100};
           CREW_REDUCE(r, i, 6, see(&r, x[i], x[i]), see(&r, right.low, right.high));
           CREW_SUM_ARRAY(count, 10, i, 6, count[x[i]]++);
           printf("%d to %d, %d ones\n", r.low, r.high, count[1]); // prints 1 to 9, 2 ones
       } */
#ifndef CREW_ACCUMULATE_H
#define CREW_ACCUMULATE_H

#include <crew/expression.h>
#include <crew/expression_run.h>
#include <string.h>

/* for (size_t i = 0; i < n; i++) { fold; }  where the items are cut into blocks with an accumulator each, which fold
   and merge know by the name of acc, the variable of the caller. merge makes acc into acc followed by right; it must be
   associative and need not commute. Blocks and tree are those of crew_reduce (reduce.h): single items up to n = 64.

   acc takes part with the value that it has. Where that is neutral, that is all zero bytes or left as it is, byte by
   byte, by merge(acc, acc), as infinities are by a minimum and 1 by a product, the accumulators of blocks start as
   copies of it. Else they start as zero bytes, which must be neutral then, and are merged into acc last.

   acc is the name of a variable of plain data, which memcpy may copy; C++: trivially copyable. fold is one argument:
   where it has commas outside parentheses, call a function. Names that fold uses must not be `right` where the caller
   has a variable of that name. Work n folds and at most 1024 merges. Scratch: an accumulator a block, 64 MiB at most,
   on the stack up to 4 KiB. */
#define CREW_REDUCE(acc, i, n, fold, ...)                                                                              \
    do {                                                                                                               \
        const size_t CREW__OWN(items, i) = (size_t)(n);                                                                \
        if (CREW__OWN(items, i) > 0) {                                                                                 \
            CREW__REDUCE(acc, i, CREW__TYPE(acc), CREW__OWN(items, i), CREW__OWN(old, i), CREW__OWN(part, i), (fold),  \
                         __VA_ARGS__)                                                                                  \
        }                                                                                                              \
    } while (0)

/* for (size_t i = 0; i < n; i++) { statements }  where the statements add to elements of h[0 .. bins-1], and do not
   read them otherwise: histograms, gradients. h is the name of an array or of a pointer to numbers; bins is evaluated
   once.

   Items are cut into at most 64 blocks of at least 64 and at least `bins` items, by n and bins alone. Blocks add to an
   array of zeros each; these are added to h in order. Work O(n + 64 bins), scratch at most 64 MiB: one array on the
   calling thread, one a block where a team is worth it. */
#define CREW_SUM_ARRAY(h, bins, i, n, ...)                                                                             \
    do {                                                                                                               \
        CREW__SUM_ARRAY(h, i, CREW__TYPE((h)[0]), CREW__OWN(sums, i), CREW__OWN(part, i), CREW__OWN(more, i), n, bins, \
                        __VA_ARGS__)                                                                                   \
    } while (0)

/* What follows belongs to crew. */

/* A variable of the statement hides the caller's variable of the same name: that is meant. */
#if defined(__GNUC__)
#define CREW__HIDING _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wshadow\"")
#define CREW__HIDDEN _Pragma("GCC diagnostic pop")
#else
#define CREW__HIDING
#define CREW__HIDDEN
#endif

#ifdef __cplusplus
#define CREW__ZEROS(T) = T()
#define CREW__CLEAR(p) (void)0
#define CREW__POINTER(T, p) static_cast<T *>(p)
#else
#define CREW__ZEROS(T)
#define CREW__CLEAR(p) memset((p), 0, sizeof *(p))
#define CREW__POINTER(T, p) (p)
#endif

/* What stands in parentheses, which keep its commas together. */
#define CREW__STRIP(...) __VA_ARGS__

/* Accumulators that fit on the stack. */
#define CREW__FEW(T) (sizeof(T) < 4096 ? 4096 / sizeof(T) : 1)

#define CREW__REDUCE(acc, i, T, items, old, part, fold, ...)                                                           \
    const size_t CREW__OWN(block, i) = crew__reduce_block(items, sizeof(T));                                           \
    const size_t CREW__OWN(blocks, i) = (items - 1) / CREW__OWN(block, i) + 1;                                         \
    T CREW__OWN(few, i)[CREW__FEW(T)], old CREW__ZEROS(T), *part = CREW__OWN(few, i);                                  \
    memcpy((void *)&old, (const void *)&acc, sizeof old);                                                              \
    bool CREW__OWN(neutral, i) = crew__all_zero(&old, sizeof old);                                                     \
    if (!CREW__OWN(neutral, i)) {                                                                                      \
        T CREW__OWN(twice, i) = old;                                                                                   \
        CREW__MERGE(acc, T, CREW__OWN(twice, i), old, __VA_ARGS__)                                                     \
        CREW__OWN(neutral, i) = memcmp((const void *)&CREW__OWN(twice, i), (const void *)&old, sizeof old) == 0;       \
        if (!CREW__OWN(neutral, i))                                                                                    \
            memset((void *)&old, 0, sizeof old);                                                                       \
    }                                                                                                                  \
    if (CREW__OWN(blocks, i) > CREW__FEW(T))                                                                           \
        part = CREW__POINTER(T, crew__expression_memory(CREW__OWN(blocks, i), sizeof(T)));                             \
    if (part == NULL) {                                                                                                \
        for (size_t i = 0; i < items; i++) {                                                                           \
            CREW__STRIP fold;                                                                                          \
        }                                                                                                              \
    } else {                                                                                                           \
        CREW__BLOCKS(crew__b_##i, CREW__OWN(blocks, i), CREW__EVERY,                                                   \
                     CREW__FOLD_BLOCK(acc, i, T, items, old, part, fold))                                              \
        for (size_t CREW__OWN(h, i) = 1; CREW__OWN(h, i) < CREW__OWN(blocks, i); CREW__OWN(h, i) *= 2)                 \
            for (size_t CREW__OWN(k, i) = 0; CREW__OWN(k, i) + CREW__OWN(h, i) < CREW__OWN(blocks, i);                 \
                 CREW__OWN(k, i) += 2 * CREW__OWN(h, i))                                                               \
                CREW__MERGE(acc, T, part[CREW__OWN(k, i)], part[CREW__OWN(k, i) + CREW__OWN(h, i)], __VA_ARGS__)       \
        if (CREW__OWN(neutral, i))                                                                                     \
            acc = part[0];                                                                                             \
        else                                                                                                           \
            CREW__MERGE_LAST(T, part[0], __VA_ARGS__)                                                                  \
        if (part != CREW__OWN(few, i))                                                                                 \
            crew__expression_free(part);                                                                               \
    }

/* Block b of a reduction to part[b]. */
#define CREW__FOLD_BLOCK(acc, i, T, items, start, part, fold)                                                          \
    {                                                                                                                  \
        CREW__HIDING T acc = start;                                                                                    \
        CREW__HIDDEN                                                                                                   \
        const size_t CREW__OWN(begin, i) = crew__b_##i * CREW__OWN(block, i);                                          \
        const size_t CREW__OWN(end, i) =                                                                               \
            items - CREW__OWN(begin, i) < CREW__OWN(block, i) ? items : CREW__OWN(begin, i) + CREW__OWN(block, i);     \
        for (size_t i = CREW__OWN(begin, i); i < CREW__OWN(end, i); i++) {                                             \
            CREW__STRIP fold;                                                                                          \
        }                                                                                                              \
        part[crew__b_##i] = acc;                                                                                       \
    }

#define CREW__MERGE(acc, T, left, next, ...)                                                                           \
    {                                                                                                                  \
        T *const crew__left = &(left);                                                                                 \
        CREW__HIDING T acc = *crew__left, right = (next);                                                              \
        CREW__HIDDEN                                                                                                   \
        {                                                                                                              \
            __VA_ARGS__;                                                                                               \
        }                                                                                                              \
        (void)right;                                                                                                   \
        *crew__left = acc;                                                                                             \
    }

/* Into the caller's variable. */
#define CREW__MERGE_LAST(T, next, ...)                                                                                 \
    {                                                                                                                  \
        CREW__HIDING T right = (next);                                                                                 \
        CREW__HIDDEN                                                                                                   \
        {                                                                                                              \
            __VA_ARGS__;                                                                                               \
        }                                                                                                              \
        (void)right;                                                                                                   \
    }

/* Few items, or no memory: straight into h. Else block by block, by the caller or a team. */
#define CREW__SUM_ARRAY(h, i, T, sums, part, more, n, count, ...)                                                      \
    struct crew__sums sums = crew__sums_of((size_t)(n), (size_t)(count), sizeof(T));                                   \
    T *const CREW__OWN(into, i) = (h), *more = NULL;                                                                   \
    T *part = sums.blocks > 1 ? CREW__POINTER(T, crew__expression_memory(sums.bins, sizeof(T))) : NULL;                \
    if (part == NULL) {                                                                                                \
        for (size_t i = 0; i < sums.items; i++) {                                                                      \
            __VA_ARGS__;                                                                                               \
        }                                                                                                              \
    } else {                                                                                                           \
        sums.then = CREW__HAS_TEAMS ? crew__run_ticks() : 0;                                                           \
        while (more == NULL && sums.done < sums.blocks) {                                                              \
            CREW__ADD_BLOCK(h, i, T, sums, part, sums.done, __VA_ARGS__)                                               \
            CREW__ADD_ARRAY(i, T, CREW__OWN(into, i), part, 0, sums.bins)                                              \
            if (crew__sums_open(&sums))                                                                                \
                more = CREW__POINTER(T, crew__expression_memory((sums.blocks - 1) * sums.bins, sizeof(T)));            \
        }                                                                                                              \
        CREW__TEAM_SUMS(h, i, T, sums, more, __VA_ARGS__)                                                              \
        crew__expression_free(more);                                                                                   \
        crew__expression_free(part);                                                                                   \
    }

/* The blocks from the second on, an array each, then all arrays to h, range by range of the bins. */
#define CREW__TEAM_SUMS(h, i, T, sums, more, ...)                                                                      \
    if (CREW__HAS_TEAMS && more != NULL) {                                                                             \
        crew__launch_open(&sums.launch);                                                                               \
        CREW__TEAM(sums.threads)                                                                                       \
        for (size_t CREW__OWN(c, i) = 1; CREW__OWN(c, i) < sums.blocks; CREW__OWN(c, i)++) {                           \
            crew__launch_block(&sums.launch);                                                                          \
            CREW__ADD_BLOCK(h, i, T, sums, more + (CREW__OWN(c, i) - 1) * sums.bins, CREW__OWN(c, i), __VA_ARGS__)     \
            crew__launch_block_end(&sums.launch);                                                                      \
        }                                                                                                              \
        crew__launch_close(&sums.launch);                                                                              \
        CREW__TEAM(crew__sums_width(&sums))                                                                            \
        for (size_t CREW__OWN(p, i) = 0; CREW__OWN(p, i) < crew__sums_ranges(&sums); CREW__OWN(p, i)++)                \
            for (size_t CREW__OWN(c, i) = 0; CREW__OWN(c, i) + 1 < sums.blocks; CREW__OWN(c, i)++)                     \
                CREW__ADD_ARRAY(i, T, CREW__OWN(into, i), more + CREW__OWN(c, i) * sums.bins, CREW__OWN(p, i) * 1024,  \
                                crew__sums_range_end(&sums, CREW__OWN(p, i)))                                          \
    }

/* Block c to an array of its own. */
#define CREW__ADD_BLOCK(h, i, T, sums, array, c, ...)                                                                  \
    {                                                                                                                  \
        CREW__HIDING T *const h = (array);                                                                             \
        CREW__HIDDEN                                                                                                   \
        memset(h, 0, sums.bins * sizeof *h);                                                                           \
        const size_t CREW__OWN(end, i) = crew__sums_end(&sums, c);                                                     \
        for (size_t i = (c)*sums.block; i < CREW__OWN(end, i); i++) {                                                  \
            __VA_ARGS__;                                                                                               \
        }                                                                                                              \
    }

#define CREW__ADD_ARRAY(i, T, to, from, begin, end)                                                                    \
    for (size_t CREW__OWN(k, i) = (begin); CREW__OWN(k, i) < (end); CREW__OWN(k, i)++)                                 \
        (to)[CREW__OWN(k, i)] = (T)((to)[CREW__OWN(k, i)] + (from)[CREW__OWN(k, i)]);
#endif
