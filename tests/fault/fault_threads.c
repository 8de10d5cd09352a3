/* Threads that cannot be created: the run is narrower, its results are right, the process lives on. Each case runs this
   program again, because limits and the runtime's environment must stand before the first region. */
#define _GNU_SOURCE
#include "../support/sanitized.h"
#include "../support/suite.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* The limit counts a user's threads in all processes, so each run is a user of its own. */
static uid_t own_user(void)
{
    return (uid_t)(60000 + getpid() % 5000);
}

enum { N = 20000, NOT_LIMITED = 77 };

static int mark(size_t begin, size_t end, void *ctx)
{
    for (size_t i = begin; i < end; i++)
        ((unsigned char *)ctx)[i]++;
    return 0;
}

static int loops_right(unsigned char *counts)
{
    memset(counts, 0, N);
    if (crew_for(N, mark, counts, NULL) != 0)
        return 1;
    CREW_FOR (i, N)
        counts[i]++;
    for (int i = 0; i < N; i++)
        if (counts[i] != 2)
            return 2;
    return 0;
}

/* Held while the program makes threads of its own: one made between crew's trial and the runtime's own creation would
   take the place that was tried out, and nothing can be done about that. */
static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;

static void *loops_on_thread(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&making);
    pthread_mutex_unlock(&making);
    unsigned char *counts = malloc(N);
    int wrong = counts ? 0 : 3;
    for (int round = 0; round < 20 && !wrong; round++)
        wrong = loops_right(counts);
    free(counts);
    return wrong ? (void *)"wrong" : NULL;
}

static void *sleep_on_thread(void *unused)
{
    (void)unused;
    pause();
    return NULL;
}

static int add_one(void *arg)
{
    atomic_fetch_add((atomic_int *)arg, 1);
    return 0;
}

/* A tree of forks; the value counts its leaves. */
static int count_leaves(void *arg)
{
    int less = *(int *)arg - 1;
    if (less < 0)
        return 1;
    crew_task left;
    crew_fork(&left, count_leaves, &less);
    int right = count_leaves(&less);
    return right + crew_join(&left);
}

/* An executor opens narrower or says why not; a team is narrower; all that is accepted runs. */
static int tasks_right(int threads)
{
    int depth = 8;
    if (crew_run(count_leaves, &depth, &(crew_options){.threads = threads}) != 256)
        return 11;
    errno = 0;
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = threads});
    if (!ex)
        return errno == EAGAIN || errno == ENOMEM ? 0 : 12;
    atomic_int ran = 0;
    int accepted = 0, wrong = crew_executor_threads(ex) < 1 ? 13 : 0;
    for (int i = 0; i < 200; i++) {
        crew_future *f = crew_submit(ex, add_one, &ran);
        accepted += f != NULL;
        if (!f && errno != ENOMEM)
            wrong = 14;
        if (i % 50 == 0 && f && (crew_future_wait(f, -1) != 0 || crew_future_status(f) != CREW_FUTURE_DONE))
            wrong = 15;
        crew_future_release(f);
    }
    crew_future *f = crew_submit(ex, count_leaves, &depth);
    int leaves = 0;
    if (f && (crew_future_result(f, &leaves) != 0 || leaves != 256))
        wrong = 16;
    crew_future_release(f);
    if (crew_executor_shutdown(ex, 0) != 0 || ran != accepted)
        wrong = 17;
    return wrong;
}

/* Threads that sleep until no more can be created, then `spare` fewer. */
static int fill_up(int spare)
{
    enum { MOST = 4000 };
    static pthread_t thread[MOST];
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 65536);
    int made = 0;
    while (made < MOST && pthread_create(&thread[made], &attr, sleep_on_thread, NULL) == 0)
        made++;
    for (int k = 0; k < spare && made > 0; k++) {
        pthread_cancel(thread[--made]);
        pthread_join(thread[made], NULL);
    }
    return made;
}

/* Root is not bound by the limit. */
static bool limit_processes(rlim_t most)
{
    struct rlimit limit = {most, most};
    return (getuid() != 0 || setuid(own_user()) == 0) && setrlimit(RLIMIT_NPROC, &limit) == 0;
}

/* What the program does when it runs again. */
static int rerun(const char *what)
{
    static unsigned char counts[N];
    crew__tuning.always_open = 1;
    int threads = 8, spare = -1;
    if (sscanf(what, "nproc-%d", &spare) == 1) {
        if (!limit_processes(64))
            return NOT_LIMITED;
        fill_up(spare);
    } else if (strcmp(what, "as") == 0) {
        FILE *file = fopen("/proc/self/statm", "r");
        unsigned long pages = 0;
        if (!file || fscanf(file, "%lu", &pages) != 1)
            return NOT_LIMITED;
        fclose(file);
        /* room for the stacks of two threads and not of seven */
        struct rlimit limit;
        limit.rlim_cur = limit.rlim_max = pages * (rlim_t)sysconf(_SC_PAGESIZE) + ((rlim_t)20 << 20);
        if (setrlimit(RLIMIT_AS, &limit) != 0)
            return NOT_LIMITED;
    } else if (strcmp(what, "million") == 0) {
        threads = 1000000;
        if (!limit_processes(200))
            return NOT_LIMITED;
    }
    crew_set_num_threads(threads);
    for (int round = 0; round < 10; round++) {
        int wrong = loops_right(counts);
        wrong = wrong ? wrong : tasks_right(round % 2 ? threads : 2 + round);
        if (wrong)
            return wrong;
        /* other widths: the pool shrinks and has to grow again */
        memset(counts, 0, N);
        if (crew_for(N, mark, counts, &(crew_options){.threads = 2 + round}) != 0 || counts[0] != 1 ||
            counts[N - 1] != 1)
            return 4;
    }
    pthread_t caller[3];
    bool has[3];
    void *wrong[3] = {NULL, NULL, NULL};
    pthread_mutex_lock(&making);
    for (int k = 0; k < 3; k++)
        has[k] = pthread_create(&caller[k], NULL, loops_on_thread, NULL) == 0;
    pthread_mutex_unlock(&making);
    for (int k = 0; k < 3; k++)
        if (has[k])
            pthread_join(caller[k], &wrong[k]);
    return wrong[0] || wrong[1] || wrong[2] ? 5 : 0;
}

static const char *self_path;

/* 0, or what the run ended with. */
static int run_again(const char *what, const char *name, const char *value)
{
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        signal(SIGALRM, SIG_DFL);
        alarm(60);
        if (name)
            setenv(name, value, 1);
        setenv("FAULT_THREADS", what, 1);
        setenv("ASAN_OPTIONS", "detect_leaks=0", 1); /* the search for leaks needs a thread itself */
        execl(self_path, self_path, (char *)NULL);
        _exit(126);
    }
    int status = 0;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* libomp ends the process by itself where address space is short, and at values that it accepts and cannot use. */
static bool is_libomp(void)
{
    return strstr(crew_backend(), "libomp") != NULL;
}

START_TEST(processes_are_limited)
{
    const char *const spares[] = {"nproc-0", "nproc-1", "nproc-2", "nproc-3", "nproc-6", "nproc-7", "nproc-8"};
    for (int k = 0; k < 7; k++)
        for (int round = 0; round < 5; round++)
            ck_assert_msg(run_again(spares[k], NULL, NULL) == 0, "%s round %d", spares[k], round);
}
END_TEST

START_TEST(address_space_is_limited)
{
    ck_assert_int_eq(run_again("as", NULL, NULL), 0);
    ck_assert_int_eq(run_again("as", "OMP_STACKSIZE", "4M"), 0);
    ck_assert_int_eq(run_again("as", "OMP_STACKSIZE", "64M"), 0);
}
END_TEST

START_TEST(stacks_of_any_size)
{
    const char *const stacks[] = {"16K", "128K", "1M", "1000G", "100000G", "20000000G", "1B", "0", "-1", "nothing", ""};
    for (size_t k = 0; k < sizeof stacks / sizeof *stacks; k++)
        ck_assert_msg(run_again("plain", "OMP_STACKSIZE", stacks[k]) == 0, "OMP_STACKSIZE=%s", stacks[k]);
    ck_assert_int_eq(run_again("plain", "GOMP_STACKSIZE", "1000000000"), 0);
    if (is_libomp())
        return;
    ck_assert_int_eq(run_again("plain", "OMP_STACKSIZE", "99999999999999999999"), 0);
}
END_TEST

START_TEST(a_million_threads_of_a_few)
{
    ck_assert_int_eq(run_again("million", NULL, NULL), 0);
}
END_TEST

START_TEST(a_million_threads)
{
    ck_assert_int_eq(run_again("plain", "CREW_NUM_THREADS", "1000000"), 0);
    ck_assert_int_eq(run_again("plain", "OMP_THREAD_LIMIT", "3"), 0);
    if (is_libomp())
        return;
    ck_assert_int_eq(run_again("plain", "OMP_NUM_THREADS", "99999999999"), 0);
    ck_assert_int_eq(run_again("plain", "OMP_NUM_THREADS", "4294967295"), 0);
}
END_TEST

static bool can_limit_processes(void)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(limit_processes(64) ? 0 : NOT_LIMITED);
    int status = 0;
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* NULL, or why the limit says nothing here. */
static const char *address_space_unlimited(void)
{
    return TESTS_SANITIZED                         ? "a sanitizer's shadow memory does not fit in a limit"
           : is_libomp()                           ? "libomp ends the process by itself"
           : access("/proc/self/statm", R_OK) != 0 ? "there is no /proc/self/statm"
                                                   : NULL;
}

int main(int argc, char **argv)
{
    (void)argc;
    const char *what = getenv("FAULT_THREADS");
    if (what)
        return rerun(what);
    self_path = argv[0];
    if (access("/proc/self/exe", X_OK) == 0)
        self_path = "/proc/self/exe";
    Suite *suite = suite_create("threads");
    TCase *tc = tcase_create("threads");
    tcase_set_timeout(tc, 200);
    suite_add_tcase(suite, tc);
    if (can_limit_processes()) {
        tcase_add_test(tc, processes_are_limited);
        tcase_add_test(tc, a_million_threads_of_a_few);
    } else {
        puts("SKIP threads processes_are_limited, a_million_threads_of_a_few: RLIMIT_NPROC cannot be set here");
    }
    if (address_space_unlimited())
        printf("SKIP threads address_space_is_limited: %s\n", address_space_unlimited());
    else
        tcase_add_test(tc, address_space_is_limited);
    tcase_add_test(tc, stacks_of_any_size);
    tcase_add_test(tc, a_million_threads);
    return run_suite(suite);
}
