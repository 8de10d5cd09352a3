/* fork(): after regions, from threads that own no pool, of a busy process, inside callbacks, thousands of times. */
#define _GNU_SOURCE
#include "matrix.h"
#include <pthread.h>
#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

static int after_a_region(void)
{
    for (int round = 0; round < 3; round++) {
        CHECK(all_right() == 0);
        CHECK(in_child(all_right) == 0);
    }
    return all_right();
}

static int fork_four_deep(void)
{
    static int depth;
    CHECK(all_right() == 0);
    CHECK(depth++ == 4 || in_child(fork_four_deep) == 0);
    return all_right();
}

static void *fork_here(void *wrong)
{
    atomic_store((atomic_int *)wrong, in_child(all_right));
    return NULL;
}

static int from_another_thread(void)
{
    for (int round = 0; round < 3; round++) {
        pthread_t thread;
        atomic_int wrong = 0;
        CHECK(all_right() == 0);
        CHECK(pthread_create(&thread, NULL, fork_here, &wrong) == 0);
        pthread_join(thread, NULL);
        CHECK(wrong == 0);
    }
    return all_right();
}

static atomic_int busy, busy_wrong;

static void *keep_busy(void *unused)
{
    (void)unused;
    while (atomic_load(&busy))
        if (all_right())
            atomic_store(&busy_wrong, 1);
    return NULL;
}

/* Two threads call crew all the time while this one does something. */
static int beside_busy_threads(fault_fn *fn)
{
    pthread_t thread[2];
    int wrong = 0;
    /* The runtimes' own start, while another thread forks, leaves their locks held in the child. */
    CHECK(all_right() == 0);
    atomic_store(&busy, 1);
    for (int k = 0; k < 2; k++)
        CHECK(pthread_create(&thread[k], NULL, keep_busy, NULL) == 0);
    for (int round = 0; round < 10 && !wrong; round++) {
        sleep_ms(2);
        wrong = fn();
    }
    atomic_store(&busy, 0);
    for (int k = 0; k < 2; k++)
        pthread_join(thread[k], NULL);
    CHECK(wrong == 0 && busy_wrong == 0);
    return all_right();
}

static int fork_once(void)
{
    return in_child(all_right);
}

static int of_a_busy_process(void)
{
    return beside_busy_threads(fork_once);
}

static int spawn_once(void)
{
    static char *arguments[] = {"true", NULL};
    pid_t child;
    int status = 1;
    CHECK(posix_spawnp(&child, "true", NULL, NULL, arguments, environ) == 0);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    return 0;
}

static int spawn_of_a_busy_process(void)
{
    return beside_busy_threads(spawn_once);
}

static int thousands(void)
{
    CHECK(all_right() == 0);
    crew_executor_shutdown(NULL, 0);
    sleep_ms(50); /* what is closed has ended */
    int before = threads_now();
    for (int i = 0; i < rounds(10000); i++)
        CHECK(in_child(loops_right) == 0);
    CHECK(threads_now() <= before);
    return all_right();
}

static int many_at_once(void)
{
    enum { CHILDREN = 16 };
    pid_t child[CHILDREN];
    CHECK(all_right() == 0);
    for (int k = 0; k < CHILDREN; k++) {
        child[k] = fork();
        CHECK(child[k] >= 0);
        if (child[k] == 0)
            _exit(all_right());
    }
    for (int k = 0; k < CHILDREN; k++) {
        int status = 1;
        CHECK(waitpid(child[k], &status, 0) == child[k] && status == 0);
    }
    return all_right();
}

static atomic_int forked_wrong;

static int fork_in_block(size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    for (size_t i = begin; i < end; i++)
        if (i % 32 == 0 && in_child(loops_right) != 0)
            atomic_store(&forked_wrong, 1);
    return 0;
}

static int inside_a_callback(void)
{
    CHECK(loops_right() == 0);
    CHECK(crew_for(256, fork_in_block, NULL, NULL) == 0 && forked_wrong == 0);
    return all_right();
}

static int fork_in_task(void *unused)
{
    (void)unused;
    return in_child(all_right);
}

static int inside_a_task(void)
{
    CHECK(crew_run(fork_in_task, NULL, NULL) == 0);
    for (int i = 0; i < 8; i++) {
        int result = 1;
        crew_future *f = crew_submit(NULL, fork_in_task, NULL);
        CHECK(f && crew_future_result(f, &result) == 0 && result == 0);
        crew_future_release(f);
    }
    return all_right();
}

const struct fault fork_faults[] = {
    {"fork after a region", after_a_region},
    {"fork, four deep", fork_four_deep},
    {"fork from another thread", from_another_thread},
    {"fork of a busy process", of_a_busy_process},
    {"posix_spawn of a busy process", spawn_of_a_busy_process},
    {"10,000 forks", thousands},
    {"16 children at once", many_at_once},
    {"fork inside a callback", inside_a_callback},
    {"fork inside a task", inside_a_task},
    {NULL, NULL},
};
