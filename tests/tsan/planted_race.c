/* The negative control of the race detectors: "racy" has a race in the body of a loop, which they must report; "clean"
   does the same work without one, where they must be silent. */
#define _POSIX_C_SOURCE 200809L
#include "../../lib/core/loop/runner.h"
#include <crew/crew.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { N = 400 };

struct work {
    volatile int last;
    int each[N];
};

/* Long enough for every worker to have a share. */
static void pause_item(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 20000}, NULL);
}

static int racy(size_t begin, size_t end, void *ctx)
{
    struct work *w = ctx;
    for (size_t i = begin; i < end; i++) {
        w->last = (int)i;
        pause_item();
    }
    return 0;
}

static int clean(size_t begin, size_t end, void *ctx)
{
    struct work *w = ctx;
    for (size_t i = begin; i < end; i++) {
        w->each[i] = (int)i;
        pause_item();
    }
    return 0;
}

int main(int argc, char **argv)
{
    static struct work w;
    crew__tuning.always_open = 1;
    crew_body *body = argc > 1 && strcmp(argv[1], "racy") == 0 ? racy : clean;
    for (int round = 0; round < 5; round++)
        if (crew_for(N, body, &w, &(crew_options){.threads = 4}) != 0)
            return 2;
    printf("%s: done\n", body == racy ? "racy" : "clean");
    return 0;
}
