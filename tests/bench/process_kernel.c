/* The kernels of the workload process_map, in a library that Python calls through ctypes: they take so many nanoseconds
   by arithmetic, and one of them dies or hangs where it is told to. */
#define _POSIX_C_SOURCE 200809L
#include <crew/map.h>
#include <crew/process.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static double turns_per_item = 1;

/* A chain of multiplications: some nanoseconds a turn. */
static unsigned turn(unsigned x, double turns)
{
    unsigned long long y = x | 1;
    for (double k = 0; k < turns; k++)
        y = y * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(y >> 32);
}

void process_kernel_turns(double turns)
{
    turns_per_item = turns;
}

unsigned process_kernel(unsigned x, double turns)
{
    return turn(x, turns);
}

static int map_item(const void *in, void *out, void *ctx)
{
    (void)ctx;
    *(unsigned *)out = turn(*(const unsigned *)in, turns_per_item);
    return 0;
}

static int map_accident(const void *in, void *out, void *ctx)
{
    if (*(const unsigned *)in == *(const unsigned *)ctx)
        raise(SIGKILL);
    return map_item(in, out, NULL);
}

static int map_hang(const void *in, void *out, void *ctx)
{
    while (*(const unsigned *)in == *(const unsigned *)ctx)
        pause();
    return map_item(in, out, NULL);
}

int process_by_plain_loop(const unsigned *in, unsigned *out, size_t n, int workers)
{
    (void)workers;
    for (size_t i = 0; i < n; i++)
        map_item(&in[i], &out[i], NULL);
    return 0;
}

int process_by_threads(const unsigned *in, unsigned *out, size_t n, int workers)
{
    return crew_map(in, sizeof *in, out, sizeof *out, n, map_item, NULL, &(crew_options){.threads = workers});
}

int process_by_processes(const unsigned *in, unsigned *out, size_t n, int workers)
{
    return crew_process_map(in, sizeof *in, out, sizeof *out, n, map_item, NULL, NULL,
                            &(crew_process_options){.processes = workers});
}

/* The first item of the second half kills its worker, or hangs for item_timeout. */
int process_with_crash(const unsigned *in, unsigned *out, size_t n, int workers)
{
    unsigned at = in[n / 2];
    crew_process_map(in, sizeof *in, out, sizeof *out, n, map_accident, &at, NULL,
                     &(crew_process_options){.processes = workers});
    return 0;
}

int process_with_hang(const unsigned *in, unsigned *out, size_t n, int workers)
{
    unsigned at = in[n / 2];
    crew_process_map(in, sizeof *in, out, sizeof *out, n, map_hang, &at, NULL,
                     &(crew_process_options){.processes = workers, .item_timeout = 0.2});
    return 0;
}

/* What the system itself takes for as many processes. */
int process_bare_forks(const unsigned *in, unsigned *out, size_t n, int workers)
{
    (void)in;
    (void)out;
    (void)n;
    pid_t all[1024];
    for (int k = 0; k < workers; k++)
        if ((all[k] = fork()) == 0)
            _exit(0);
    for (int k = 0; k < workers; k++)
        waitpid(all[k], NULL, 0);
    return 0;
}
