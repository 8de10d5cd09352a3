/* Memory and descriptors that run out. */
#define _GNU_SOURCE
#include "matrix.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>

static long pages(int column)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long value[7] = {0};
    int read = file ? fscanf(file, "%ld %ld %ld %ld %ld %ld %ld", &value[0], &value[1], &value[2], &value[3], &value[4],
                             &value[5], &value[6])
                    : 0;
    if (file)
        fclose(file);
    return read > column ? value[column] : -1;
}

/* Room for the stacks of two threads and not of seven. */
static int limited(bool data)
{
    long used = pages(data ? 5 : 0);
    struct rlimit limit;
    if (used < 0)
        return NOT_HERE;
    limit.rlim_cur = limit.rlim_max = (rlim_t)used * (rlim_t)sysconf(_SC_PAGESIZE) + ((rlim_t)20 << 20);
    if (setrlimit(data ? RLIMIT_DATA : RLIMIT_AS, &limit) != 0)
        return NOT_HERE;
    for (int threads = 8; threads >= 2; threads -= 3) {
        crew_set_num_threads(threads);
        CHECK(all_right() == 0);
    }
    return 0;
}

static int address_space(void)
{
    return limited(false);
}

static int data(void)
{
    return limited(true);
}

/* After the first calls the runtime has all it needs. */
static int each_allocation(void)
{
    crew_set_num_threads(3);
    for (int warm = 0; warm < 3; warm++)
        CHECK(loops_right() == 0);
    for (long at = 0; at < 12; at++)
        for (int on = 0; on < 2; on++) {
            fail_allocation(at, on);
            int wrong = loops_right();
            fail_allocation(-1, false);
            CHECK(wrong == 0);
            CHECK(loops_right() == 0);
        }
    return all_right();
}

static int no_memory_at_all(void)
{
    crew_set_num_threads(3);
    without_pragmas = true;
    fail_allocation(0, true);
    int wrong = loops_right();
    fail_allocation(-1, false);
    without_pragmas = false;
    CHECK(wrong == 0);
    return all_right();
}

static int count(void *counter)
{
    atomic_fetch_add((atomic_int *)counter, 1);
    return 0;
}

/* Some tasks with memory failing at allocation `at`: those that were taken run. */
static int submit_some(long at, bool on)
{
    enum { TASKS = 20 };
    crew_future *f[TASKS];
    atomic_int ran = 0;
    atomic_int *counter = &ran;
    int accepted = 0;
    fail_allocation(at, on);
    for (int i = 0; i < TASKS; i++) {
        errno = 0;
        f[i] = crew_submit(NULL, count, counter);
        CHECK(f[i] || errno == ENOMEM);
        accepted += f[i] != NULL;
        int code = crew_submit_with(NULL, count, counter, NULL, NULL);
        CHECK(code == 0 || code == -ENOMEM);
        accepted += code == 0;
    }
    for (int i = 0; i < TASKS; i++) {
        if (f[i])
            CHECK(crew_future_wait(f[i], -1) == 0);
        crew_future_release(f[i]);
    }
    fail_allocation(-1, false);
    for (int looks = 0; atomic_load(&ran) < accepted && looks < 1000; looks++)
        sleep_ms(1);
    CHECK(ran == accepted);
    return 0;
}

static int submit_without_memory(void)
{
    CHECK(all_right() == 0);
    for (long at = 0; at < 10; at++)
        for (int on = 0; on < 2; on++) {
            int wrong = submit_some(at, on);
            fail_allocation(-1, false);
            CHECK(wrong == 0);
        }
    return all_right();
}

/* After warm-up loops, reductions, forks and joins ask for no memory. */
static int warm_calls_allocate_nothing(void)
{
    crew_set_num_threads(3);
    for (int warm = 0; warm < 20; warm++)
        CHECK(loops_right() == 0);
    fail_allocation(-1, false);
    for (int round = 0; round < 20; round++)
        CHECK(loops_right() == 0);
    CHECK(allocations() == 0);
    return 0;
}

static int no_descriptors(void)
{
    struct rlimit limit = {16, 16};
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    while (open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0)
        ;
    without_pragmas = runs_on_libomp();
    CHECK(all_right() == 0);
    return in_child(all_right);
}

static int no_standard_streams(void)
{
    int error = dup(STDERR_FILENO);
    for (int fd = 0; fd < 3; fd++)
        close(fd);
    crew_set_num_threads(4);
    int wrong = all_right();
    dup2(error, STDERR_FILENO);
    CHECK(wrong == 0);
    return 0;
}

/* No /proc, no /sys, no shared libraries to load. */
static int empty_root(void)
{
    char folder[] = "/tmp/crew-matrix-XXXXXX";
    if (geteuid() != 0 || !mkdtemp(folder))
        return NOT_HERE;
    without_pragmas = runs_on_libomp();
    bool inside = chroot(folder) == 0 && chdir("/") == 0;
    int wrong = inside ? all_right() : NOT_HERE;
    return wrong;
}

const struct fault memory_faults[] = {
    {"RLIMIT_AS", address_space},
    {"RLIMIT_DATA", data},
    {"each malloc fails", each_allocation},
    {"no malloc from the first call on", no_memory_at_all},
    {"submit without memory", submit_without_memory},
    {"warm calls allocate nothing", warm_calls_allocate_nothing},
    {"no descriptors", no_descriptors},
    {"no standard streams", no_standard_streams},
    {"a root without /proc and /sys", empty_root},
    {NULL, NULL},
};
