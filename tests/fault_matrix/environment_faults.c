/* Twelve environment variables with twelve values each, most of them absurd. */
#include "matrix.h"

static const char *const values[] = {
    "",    "0",  "-1",      "4294967295", "99999999999999999999", "3,2,1", "1e3",
    " 7 ", "0x", "nothing", "%s%n%s%n",   "/nowhere/at/all",
};
enum { VALUES = sizeof values / sizeof *values };

static const char *const variables[] = {
    "CREW_NUM_THREADS", "CREW_PROGRESS", "CREW_TRACE",    "CREW_VERBOSE", "CREW_NO_SUCH_NAME", "OMP_NUM_THREADS",
    "OMP_THREAD_LIMIT", "OMP_STACKSIZE", "OMP_PROC_BIND", "OMP_PLACES",   "OMP_WAIT_POLICY",   "OMP_DYNAMIC",
};
enum { VARIABLES = sizeof variables / sizeof *variables };

/* Threads are limited: counts are absurd, and a machine might have them. */
static int a_few_calls(void)
{
    limit_threads(40);
    without_pragmas = runs_on_libomp();
    return all_right();
}

static int any_environment(void)
{
    int wrong = 0;
    for (int k = 0; k < VARIABLES; k++)
        for (int v = 0; v < VALUES; v++) {
            int code = again("-few", variables[k], values[v]);
            if (code)
                fprintf(stderr, "error: %s=%s: %d\n", variables[k], values[v], code);
            wrong |= code != 0;
        }
    return wrong;
}

const struct fault environment_faults[] = {
    {"-few", a_few_calls},
    {"12 variables with 12 values", any_environment},
    {NULL, NULL},
};
