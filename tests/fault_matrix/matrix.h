/* The fault matrix: each fault is a function that a process of its own runs, and what they share. */
#ifndef TESTS_MATRIX_H
#define TESTS_MATRIX_H

#include <crew/crew.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* 0: calls were right, or gave the documented error. */
typedef int fault_fn(void);

struct fault {
    const char *name;
    fault_fn *run;
};

/* Ended by one without a name. */
extern const struct fault fork_faults[], thread_faults[], memory_faults[], leave_faults[], load_faults[],
    signal_faults[], environment_faults[];

/* What a fault says where the system lets it not happen, with its reason on standard error. */
enum { NOT_HERE = 77 };

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                            \
            return 1;                                                                                                  \
        }                                                                                                              \
    } while (0)

/* Each kind of call: loops, pragmas, reductions, maps, forks, an executor of its own and the default one. Results are
   compared with loops; an executor may be refused for want of threads or memory. May run on several threads. */
int all_right(void);

/* The same of what needs no executor. */
int loops_right(void);

/* What all_right does, in a thread of its own; the fault's own value where there is no thread. */
void *all_right_on_thread(void *wrong);

/* From now on calls are made without CREW_FOR: it is the program's own pragma, and where the runtime cannot start, or
   has no memory for its first team, the runtime ends the process there. */
extern bool without_pragmas;

/* Runs fn in a child; its value, or 100 and the signal that ended it. */
int in_child(fault_fn *fn);

/* The same with what the child writes to standard error, cut to size - 1 bytes. */
int in_child_saying(fault_fn *fn, char *text, size_t size);

/* Runs this program again, so that the environment and the runtime are fresh: the value of the fault of that name. */
int again(const char *fault, const char *variable, const char *value);

/* Threads of this process, -1 where the system does not say. */
int threads_now(void);

/* The same once those that were ended have gone: looks until they are at most `most`, for some seconds. */
int threads_settled(int most);

void sleep_ms(int ms);

/* How often a fault that repeats itself does so: `often` in the first round of the whole campaign, else a tenth. */
int rounds(int often);

bool runs_on_libomp(void);

/* Files of the matrix: what run.sh built beside this program. */
const char *beside(const char *name);

/* creation.c: from now on at most so many threads of those made by pthread_create live at once; -1: no limit. */
void limit_threads(int most);

/* shortage.c: from now on allocation `at` of any part of the process fails, and with on each after it; -1: none. */
void fail_allocation(long at, bool on);
long allocations(void);

/* jumping_clock.c: the wall clock leaps hours to and fro at each look. */
void let_clock_jump(bool jumps);
long clock_looks(void);

#endif
