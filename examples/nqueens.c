// Queens on a board: a search whose branches are of very different size. Every legal place in a row is a task.
//
//     cc -O2 -fopenmp -Iinclude examples/nqueens.c lib/core/*/*.c -lm -o nqueens
//     ./nqueens [N]

#include <crew/task.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST = 16 };

/* A board with some rows filled; bits say which columns and diagonals are taken in the next row. */
struct board {
    unsigned all, columns, left, right;
    long solutions;
};

static int search(void *arg)
{
    struct board *b = arg;
    if (b->columns == b->all) {
        b->solutions = 1;
        return 0;
    }
    struct board next[MOST];
    crew_task tasks[MOST];
    int count = 0;
    for (unsigned free = b->all & ~(b->columns | b->left | b->right); free; free &= free - 1) {
        unsigned bit = free & (~free + 1);
        next[count] = (struct board){b->all, b->columns | bit, (b->left | bit) << 1, (b->right | bit) >> 1, 0};
        crew_fork(&tasks[count], search, &next[count]);
        count++;
    }
    /* The last forked is joined first. The sum does not depend on who ran what. */
    b->solutions = 0;
    for (int i = count; i-- > 0;) {
        crew_join(&tasks[i]);
        b->solutions += next[i].solutions;
    }
    return 0;
}

static long count_plainly(unsigned all, unsigned columns, unsigned left, unsigned right)
{
    long sum = columns == all;
    for (unsigned free = columns == all ? 0 : all & ~(columns | left | right); free; free &= free - 1) {
        unsigned bit = free & (~free + 1);
        sum += count_plainly(all, columns | bit, (left | bit) << 1, (right | bit) >> 1);
    }
    return sum;
}

int main(int argc, char **argv)
{
    int n = argc > 1 ? atoi(argv[1]) : 10;
    if (argc > 2 || n < 1 || n > MOST) {
        fprintf(stderr, "usage: %s [N], at most %d\n", argv[0], MOST);
        return EXIT_FAILURE;
    }
    struct board board = {.all = (1u << n) - 1};
    int error = crew_run(search, &board, NULL);
    if (error) {
        fprintf(stderr, "%s: %s\n", argv[0], crew_strerror(error));
        return EXIT_FAILURE;
    }
    printf("%d queens: %ld solutions\n", n, board.solutions);
    return board.solutions == count_plainly(board.all, 0, 0, 0) ? EXIT_SUCCESS : EXIT_FAILURE;
}
