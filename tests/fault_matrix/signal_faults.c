/* Signals, stops and clocks. */
#define _GNU_SOURCE
#include "matrix.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

static atomic_int handled, elsewhere;
static pthread_t program[2];

static void handle(int signal)
{
    (void)signal;
    int error = errno;
    atomic_fetch_add(&handled, 1);
    bool own = pthread_equal(pthread_self(), program[0]) || pthread_equal(pthread_self(), program[1]);
    if (!own)
        atomic_fetch_add(&elsewhere, 1);
    errno = error;
}

static atomic_int sending;

static void *send_signals(void *unused)
{
    (void)unused;
    program[1] = pthread_self(); /* before any signal is sent */
    while (atomic_load(&sending)) {
        kill(getpid(), SIGUSR1);
        sleep_ms(1);
    }
    return NULL;
}

static int rest(void *unused)
{
    (void)unused;
    sleep_ms(1);
    return 0;
}

/* Tasks while signals come: none is handled on a worker. */
static int executor_undisturbed(void)
{
    enum { TASKS = 60 };
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.threads = 3});
    CHECK(ex);
    for (int i = 0; i < TASKS; i++)
        CHECK(crew_submit_with(ex, rest, NULL, NULL, NULL) == 0);
    CHECK(crew_executor_shutdown(ex, 0) == 0);
    CHECK(elsewhere == 0);
    return 0;
}

/* Signals to the process reach threads of the program, and none of an executor's. The threads of a loop are those of
   the program's OpenMP, which take signals as under a pragma; results stay right. */
static int signals_to_the_process(void)
{
    struct sigaction action = {.sa_handler = handle};
    pthread_t sender;
    int wrong = 0;
    program[0] = program[1] = pthread_self();
    sigaction(SIGUSR1, &action, NULL);
    crew_set_num_threads(4);
    atomic_store(&sending, 1);
    CHECK(pthread_create(&sender, NULL, send_signals, NULL) == 0);
    wrong = executor_undisturbed();
    for (int round = 0; (round < 10 || atomic_load(&handled) < 20) && !wrong; round++)
        wrong = all_right();
    atomic_store(&sending, 0);
    pthread_join(sender, NULL);
    CHECK(wrong == 0);
    return 0;
}

/* Every wait of the program's threads is interrupted again and again, without SA_RESTART. */
static int interrupted_waits(void)
{
    struct sigaction action = {.sa_handler = handle};
    struct itimerval often = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
    program[0] = program[1] = pthread_self();
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    int wrong = 0;
    for (int round = 0; (round < 20 || atomic_load(&handled) < 20) && !wrong; round++)
        wrong = all_right();
    setitimer(ITIMER_REAL, &never, NULL);
    CHECK(wrong == 0);
    return 0;
}

static int stopped_again_and_again(void)
{
    int status = 0;
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        int wrong = 0;
        for (int round = 0; round < 30 && !wrong; round++)
            wrong = all_right();
        _exit(wrong);
    }
    for (int round = 0; round < 30 && waitpid(child, &status, WNOHANG) == 0; round++) {
        kill(child, SIGSTOP);
        sleep_ms(3);
        kill(child, SIGCONT);
        sleep_ms(3);
        if (round == 29)
            waitpid(child, &status, 0);
    }
    CHECK(status == 0);
    return 0;
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static atomic_int held;

static int hold(void *unused)
{
    (void)unused;
    while (atomic_load(&held))
        sleep_ms(1);
    return 5;
}

static int sleep_in_block(size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    for (size_t i = begin; i < end; i++)
        sleep_ms(1);
    return 0;
}

static int time_out(void)
{
    double began = seconds();
    int code = crew_for(100000, sleep_in_block, NULL, &(crew_options){.timeout = 0.05, .threads = 2});
    CHECK(code == -ETIMEDOUT && seconds() - began < 20);
    if (strcmp(crew_backend(), "sequential") == 0)
        return 0;
    int result = 0;
    atomic_store(&held, 1);
    crew_future *f = crew_submit(NULL, hold, NULL);
    CHECK(f && crew_future_wait(f, 0.05) == -ETIMEDOUT);
    CHECK(crew_wait(&f, 1, CREW_WAIT_ALL, 0.05) == -ETIMEDOUT);
    atomic_store(&held, 0);
    CHECK(crew_future_wait(f, 50) == 0);
    CHECK(crew_future_result(f, &result) == 0 && result == 5);
    crew_future_release(f);
    return 0;
}

static int clock_jumps(void)
{
    let_clock_jump(true);
    for (int round = 0; round < 3; round++)
        CHECK(time_out() == 0);
    CHECK(all_right() == 0);
    let_clock_jump(false);
    return 0;
}

/* A timeout that passes while the process is stopped has passed when it goes on. */
static int stopped_during_a_timeout(void)
{
    int status = 1;
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0)
        _exit(time_out());
    sleep_ms(20);
    kill(child, SIGSTOP);
    sleep_ms(150);
    kill(child, SIGCONT);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    return 0;
}

const struct fault signal_faults[] = {
    {"signals to the process", signals_to_the_process}, {"waits that signals interrupt", interrupted_waits},
    {"SIGSTOP and SIGCONT", stopped_again_and_again},   {"SIGSTOP during a timeout", stopped_during_a_timeout},
    {"clock jumps during timeouts", clock_jumps},       {NULL, NULL},
};
