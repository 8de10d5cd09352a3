// Quicksort with tasks: one side of each partition is forked. (To sort an array, call crew_sort: it is stable and
// faster.)
//
//     cc -O2 -fopenmp -Iinclude examples/quicksort_tasks.c lib/*/*/*.c -lm -o quicksort_tasks
//     ./quicksort_tasks [COUNT]

#include <crew/crew.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct part {
    int32_t *begin, *end;
};

static void insertion_sort(int32_t *begin, int32_t *end)
{
    for (int32_t *p = begin; p < end; p++) {
        int32_t value = *p, *q = p;
        for (; q > begin && q[-1] > value; q--)
            *q = q[-1];
        *q = value;
    }
}

static int32_t middle_of_three(int32_t a, int32_t b, int32_t c)
{
    return a < b ? (b < c ? b : a < c ? c : a) : (a < c ? a : b < c ? c : b);
}

static int quicksort(void *arg)
{
    struct part *part = arg;
    if (part->end - part->begin <= 32) {
        insertion_sort(part->begin, part->end);
        return 0;
    }
    int32_t pivot = middle_of_three(*part->begin, part->begin[(part->end - part->begin) / 2], part->end[-1]);
    int32_t *left = part->begin, *right = part->end - 1;
    while (left <= right) {
        while (*left < pivot)
            left++;
        while (*right > pivot)
            right--;
        if (left <= right) {
            int32_t value = *left;
            *left++ = *right;
            *right-- = value;
        }
    }
    struct part low = {part->begin, right + 1}, high = {left, part->end};
    crew_task task;
    crew_fork(&task, quicksort, &low);
    int second = quicksort(&high), first = crew_join(&task);
    return first ? first : second;
}

static int compare(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
    if (argc > 2 || n < 1 || n > 100000000) {
        fprintf(stderr, "usage: %s [COUNT], at most 100000000\n", argv[0]);
        return EXIT_FAILURE;
    }
    int32_t *values = malloc(n * sizeof *values), *expected = malloc(n * sizeof *expected);
    if (!values || !expected) {
        fprintf(stderr, "%s: out of memory\n", argv[0]);
        free(values);
        free(expected);
        return EXIT_FAILURE;
    }
    uint32_t state = 1;
    for (size_t i = 0; i < n; i++)
        values[i] = (int32_t)((state = state * 1664525u + 1013904223u) >> 8);
    memcpy(expected, values, n * sizeof *values);
    qsort(expected, n, sizeof *expected, compare);

    struct part all = {values, values + n};
    int error = crew_run(quicksort, &all, NULL);
    bool same = error == 0 && crew_equal(values, expected, sizeof *values, n);
    printf("%zu numbers, from %" PRId32 " over %" PRId32 " to %" PRId32 ", %s\n", n, values[0], values[n / 2],
           values[n - 1], same ? "as qsort has them" : "WRONG");
    free(values);
    free(expected);
    return same ? EXIT_SUCCESS : EXIT_FAILURE;
}
