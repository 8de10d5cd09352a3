// A kernel that crashes on some items, hangs on others and leaks on others: the run ends, the good results are there,
// and a table says what happened to each.
//
//     cc -O2 -fopenmp -Iinclude examples/crash_proof.c lib/core/*/*.c -lm -o crash_proof
//     ./crash_proof
//
// Each item runs in one of a few worker processes. A worker that dies costs the item that it ran and is replaced;
// item_timeout ends those that hang, and memory those that take too much.

#include <crew/process.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ITEMS = 24 };

/* Somebody else's code, which nobody can repair tonight: Collatz steps of a number, and a few accidents. */
static int kernel(const void *in, void *out, void *ctx)
{
    unsigned long long x = *(const unsigned *)in;
    unsigned steps = 0;
    (void)ctx;
    if (x % 11 == 3)
        raise(SIGSEGV); // a crash
    if (x % 11 == 5)
        exit(3);                             // it thinks that it is a program
    for (volatile int on = x % 11 == 7; on;) // NOLINT(bugprone-infinite-loop): it hangs
        ;
    while (x == 20) { // NOLINT(bugprone-infinite-loop): it leaks, until it is stopped
        static char *volatile last;
        last = malloc(1 << 20);
        if (last)
            memset(last, 1, 1 << 20);
    }
    if (x == 23)
        return 42; // an error that is reported as it should be
    for (; x > 1; steps++)
        x = x % 2 ? 3 * x + 1 : x / 2;
    *(unsigned *)out = steps;
    return 0;
}

// What the memory was depends on the machine.
static void print_without_memory(const char *message)
{
    const char *at = strstr(message, " at "), *rest = at ? strchr(at + 4, ':') : NULL;
    printf("%.*s%s\n", at ? (int)(at - message) : (int)strlen(message), message, rest ? rest : "");
}

int main(void)
{
    unsigned in[ITEMS], out[ITEMS] = {0};
    int status[ITEMS], done = 0;
    for (unsigned i = 0; i < ITEMS; i++)
        in[i] = i + 1;
    const crew_process_options processes = {.item_timeout = 1, .memory = 32 << 20, .status = status};
    size_t failed = 0;
    int error = crew_process_map(in, sizeof *in, out, sizeof *out, ITEMS, kernel, NULL,
                                 &(crew_options){.failed = &failed}, &processes);
    if (!crew_process_died(error, NULL, NULL)) { // nothing could run at all
        fprintf(stderr, "crew_process_map: %s\n", crew_strerror(error));
        return EXIT_FAILURE;
    }
    for (size_t i = 0; i < ITEMS; i++) {
        char message[160];
        crew_process_message(i, status[i], message, sizeof message);
        if (status[i])
            print_without_memory(message);
        else
            printf("item %zu: %u steps\n", i, out[i]);
        done += status[i] == 0;
    }
    printf("%d of %d items are done; the first that is not is item %zu\n", done, ITEMS, failed);
    return done == ITEMS - 8 ? EXIT_SUCCESS : EXIT_FAILURE;
}
