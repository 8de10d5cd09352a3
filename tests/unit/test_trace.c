/* CREW_TRACE and crew_stats: this program runs itself with the variable set, and a real parser reads what that leaves.
 */
#define _DEFAULT_SOURCE
#include "../../lib/core/base/trace_name.h"
#include "../support/own_folder.h"
#include "../support/sanitized.h"
#include "../support/suite.h"
#include <crew/executor.h>
#include <crew/for.h>
#include <crew/graph.h>
#include <crew/stream.h>
#include <crew/trace.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *self;

static int spin(size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    for (size_t i = begin; i < end; i++)
        for (volatile int k = 0; k < 2000; k = k + 1)
            ;
    return 0;
}

static int nested(size_t begin, size_t end, void *ctx)
{
    for (size_t i = begin; i < end; i++)
        crew_for(50, spin, ctx, &(crew_options){.name = "inner"});
    return 0;
}

static int loop_in_task(void *arg)
{
    return crew_for(2000, spin, arg, &(crew_options){.name = "in a \"task\"\n\\"});
}

static int count_to_100(void *item, size_t index, void *ctx)
{
    (void)item;
    return index == 100 ? CREW_STREAM_END : spin(0, 1, ctx);
}

static int spin_item(void *item, size_t index, void *ctx)
{
    (void)item;
    (void)index;
    return spin(0, 5, ctx);
}

static int spin_node(void *arg)
{
    return spin(0, 3, arg);
}

/* The names are gone before the trace is written. */
static int run_graph(void)
{
    crew_graph *g = crew_graph_open();
    int code = g ? 0 : 1;
    for (size_t i = 0; i < 5; i++)
        code |= crew_graph_add(g, spin_node, NULL, NULL);
    code |= crew_graph_edge(g, 0, 3) | crew_graph_name(g, 3, "sum \"up\177") | crew_graph_name(g, 1, "load");
    code |= crew_graph_run(g, NULL);
    crew_graph_close(g);
    return code;
}

/* What is traced. */
static int work(void)
{
    const crew_stage stage = {spin_item, CREW_STAGE_PARALLEL};
    crew__tuning.always_open = 1;
    int code = crew_for(20000, spin, NULL, &(crew_options){.name = "outer"});
    code |= crew_for(40, nested, NULL, &(crew_options){.name = "outer"});
    code |= crew_stream(&(crew_pipeline){.source = count_to_100, .stages = &stage, .nstages = 1}, NULL, NULL);
    code |= run_graph();
    crew_executor *ex = crew_executor_open(&(crew_executor_options){.name = "pool"});
    for (int i = 0; ex && i < 20; i++)
        code |= crew_submit_with(ex, loop_in_task, NULL, NULL, NULL);
    return ex ? code | crew_executor_shutdown(ex, 0) : 1;
}

/* Every slice is inside the one around it; names, counts, and rows are there. Prints a line. */
static const char checker[] =
    "import json, sys\n"
    "events = json.load(open('trace.json'))['traceEvents']\n"
    "rows = {}\n"
    "for e in events:\n"
    "  if e['ph'] == 'X':\n"
    "    start = round(e['ts'] * 1000)\n"
    "    rows.setdefault(e['tid'], []).append((start, -(start + round(e['dur'] * 1000))))\n"
    "for slices in rows.values():\n"
    "  stack = []\n"
    "  for start, end in sorted(slices):\n"
    "    while stack and stack[-1] <= start: stack.pop()\n"
    "    assert not stack or -end <= stack[-1], (start, end)\n"
    "    stack.append(-end)\n"
    "names = {e['name'] for e in events if e['ph'] == 'X'}\n"
    "if len(sys.argv) > 1:\n"
    "  sys.exit(0)\n"
    "assert {'outer', 'inner', 'stream', 'source', 'stage', 'task', 'in a .task...'} <= names, names\n"
    "outer = [e['args'] for e in events if e['name'] == 'outer' and e['ph'] == 'X']\n"
    "calls = [a for a in outer if a == {'begin': 0, 'end': 20000} or a == {'begin': 0, 'end': 40}]\n"
    "assert len(calls) >= 2, outer[:9]\n"
    "sources = sorted(e['args']['begin'] for e in events if e['name'] == 'source')\n"
    "assert sources == list(range(101)), sources\n"
    "nodes = sorted((e['args']['begin'], e['name']) for e in events if e['name'] in ('node', 'load', 'sum .up.'))\n"
    "assert nodes == [(0, 'node'), (1, 'load'), (2, 'node'), (3, 'sum .up.'), (4, 'node')], nodes\n"
    "waiting = [e['args']['tasks'] for e in events if e['ph'] == 'C' and e['name'] == 'queue of pool']\n"
    "assert not waiting or max(waiting) <= 20, waiting\n"
    "assert len({e['tid'] for e in events if e['name'] == 'thread_name'}) == len(set(rows) | {e['tid'] for e in "
    "events})\n";

static bool have_python(void)
{
    if (system("/usr/bin/python3 -c 'import json' 2>/dev/null") == 0)
        return true;
    fprintf(stderr, "SKIP trace json: no /usr/bin/python3\n");
    return false;
}

static void make_folder_with_checker(void)
{
    make_folder();
    FILE *f = fopen("check.py", "w");
    ck_assert_ptr_nonnull(f);
    fputs(checker, f);
    fclose(f);
}

/* Runs this program with an argument under CREW_TRACE. */
static int run_self(const char *what, int threads)
{
    char command[4600];
    snprintf(command, sizeof command, "CREW_NUM_THREADS=%d CREW_TRACE=trace.json '%s' --%s 2>summary", threads, self,
             what);
    return system(command);
}

START_TEST(slices_nest)
{
    ck_assert_int_eq(run_self("work", oracle_threads[_i]), 0);
    if (have_python())
        ck_assert_int_eq(system("/usr/bin/python3 check.py"), 0);
    bool threads = strcmp(crew_backend(), "sequential") != 0; /* without them no task waits */
    ck_assert_int_eq(system("grep -q '\"queue of pool\".*\"ph\":\"C\"' trace.json") == 0, threads);
    if (threads && oracle_threads[_i] < 20) /* with fewer workers than tasks some wait */
        ck_assert_int_eq(system("grep -q '\"queue of pool\".*\"tasks\":[1-9]' trace.json"), 0);
    /* what is said at exit */
    ck_assert_int_eq(system("grep -q '^crew: outer  *2 ' summary"), 0);
    ck_assert_int_eq(system("grep -q '^crew: inner  *40 ' summary"), 0);
    ck_assert_int_eq(system("grep -q '^crew: stream  *1 ' summary"), 0);
}
END_TEST

START_TEST(a_crash_leaves_json)
{
    ck_assert_int_ne(run_self("crash", 2), 0);
    if (have_python())
        ck_assert_int_eq(system("/usr/bin/python3 check.py crashed"), 0);
    ck_assert_int_ne(run_self("crash-late", 2), 0);
    if (have_python())
        ck_assert_int_eq(system("/usr/bin/python3 check.py crashed && [ $(wc -l <trace.json) -gt 1000 ]"), 0);
}
END_TEST

START_TEST(nothing_without_the_variable)
{
    char command[4600];
    snprintf(command, sizeof command, "'%s' --work 2>summary && ! [ -s summary ] && ! [ -e trace.json ]", self);
    ck_assert_int_eq(system(command), 0);
    snprintf(command, sizeof command, "CREW_TRACE= '%s' --work 2>summary && ! [ -s summary ]", self);
    ck_assert_int_eq(system(command), 0);
    snprintf(command, sizeof command, "CREW_TRACE=none/trace.json '%s' --work 2>summary", self);
    ck_assert_int_eq(system(command), 0);
    ck_assert_int_eq(system("grep -q '^crew: CREW_TRACE=\"none/trace.json\": ' summary"), 0);
}
END_TEST

/* A copy of this program that runs with the rights of another user. */
START_TEST(refused_with_others_rights)
{
    const char *reason = TESTS_SANITIZED ? "sanitizers do not work there" : geteuid() != 0 ? "not root" : NULL;
    if (strstr(crew_backend(), "libomp"))
        reason = "libomp ends such a program by itself, for want of shared memory";
    char command[4600];
    snprintf(command, sizeof command, "cp '%s' other && chmod 777 . && chown 65534 other && chmod 4755 other", self);
    if (!reason && system(command) != 0)
        reason = "no program with another user's rights can be made";
    if (!reason && system("./other --rights") == 0)
        reason = "this file system gives a program no other rights";
    if (reason) {
        fprintf(stderr, "SKIP trace refused_with_others_rights: %s\n", reason);
        return;
    }
    ck_assert_int_eq(system("CREW_TRACE=trace.json ./other --work 2>summary && ! [ -e trace.json ]"), 0);
    ck_assert_int_eq(system("grep -q '^crew: CREW_TRACE is ignored' summary && [ $(wc -l <summary) = 1 ]"), 0);
}
END_TEST

START_TEST(stats)
{
    int threads = use_threads(_i);
    crew_call_stats s[8];
    ck_assert_uint_eq(crew_stats(s, 8), 0);
    ck_assert_int_eq(crew_for(1000, spin, NULL, NULL), 0);
    ck_assert_uint_eq(crew_stats(NULL, 0), 0); /* not measured yet */
    crew_stats_enable(1);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(crew_for(1000, spin, NULL, &(crew_options){.name = "mine"}), 0);
    ck_assert_int_eq(crew_for(1000, spin, NULL, NULL), 0);
    crew_stats_enable(0);
    ck_assert_int_eq(crew_for(1000, spin, NULL, &(crew_options){.name = "mine"}), 0);
    ck_assert_uint_eq(crew_stats(s, 8), 2);
    const crew_call_stats *mine = strcmp(s[0].name, "mine") == 0 ? &s[0] : &s[1];
    ck_assert_str_eq(mine->name, "mine");
    ck_assert_uint_eq(mine->calls, 3);
    ck_assert_uint_ge(mine->blocks, 3);
    ck_assert(mine->seconds > 0 && mine->busy > 0 && mine->busiest > 0);
    ck_assert(mine->busiest <= mine->busy && mine->busy <= mine->available * 1.001);
    ck_assert(mine->available <= mine->seconds * threads * 1.001);
    ck_assert(s[0].seconds >= s[1].seconds);
}
END_TEST

/* What does not fit into the table has a line of its own, and so have events of names that are not kept. */
START_TEST(more_names_than_are_kept)
{
    enum { MANY = 500, NAMES = 70000 };
    static char names[MANY][16];
    static crew_call_stats s[MANY];
    crew_stats_enable(1);
    for (int i = 0; i < MANY; i++) {
        snprintf(names[i], sizeof names[i], "name %d", i);
        ck_assert_int_eq(crew_for(3, spin, NULL, &(crew_options){.name = names[i]}), 0);
    }
    size_t n = crew_stats(s, MANY), calls = 0, others = 0;
    ck_assert(n > 1 && n < MANY);
    for (size_t i = 0; i < n; i++) {
        calls += s[i].calls;
        others += strcmp(s[i].name, "others") == 0 ? s[i].calls : 0;
    }
    ck_assert_uint_eq(calls, MANY);
    ck_assert_uint_eq(others, MANY - (n - 1));
    ck_assert_uint_eq(crew_stats(s, 1), n);

    const char *first = crew__trace_name("number 0", "other"), *given = first;
    int kept = 0;
    for (int i = 0; i < NAMES; i++) {
        char name[16];
        snprintf(name, sizeof name, "number %d", i);
        given = crew__trace_name(name, "other");
        kept += strcmp(given, name) == 0;
    }
    ck_assert(kept > NAMES / 2 && kept < NAMES);
    ck_assert_str_eq(given, "other");
    ck_assert_ptr_eq(crew__trace_name("number 0", "other"), first);
}
END_TEST

/* A child's calls are in its parent's file no more, and the summary is the parent's. */
START_TEST(a_child_leaves_the_file_alone)
{
    ck_assert_int_eq(run_self("fork", 2), 0);
    if (have_python())
        ck_assert_int_eq(system("/usr/bin/python3 check.py forked"), 0);
    ck_assert_int_eq(system("grep -q '\"before\"' trace.json && grep -q '\"after\"' trace.json"), 0);
    ck_assert_int_ne(system("grep -q '\"in the child\"' trace.json"), 0);
    ck_assert_int_eq(system("[ $(grep -c '^crew: call ' summary) = 1 ]"), 0);
}
END_TEST

/* A slice that begins while another thread has one, and ends after that thread has ended: not in its row. */
static atomic_int first_begun, second_begun, first_gone;

static void await(atomic_int *flag)
{
    while (!atomic_load(flag))
        usleep(100);
}

static int first_slice(size_t begin, size_t end, void *ctx)
{
    (void)begin, (void)end, (void)ctx;
    atomic_store(&first_begun, 1);
    await(&second_begun);
    return 0;
}

static int second_slice(size_t begin, size_t end, void *ctx)
{
    (void)begin, (void)end, (void)ctx;
    atomic_store(&second_begun, 1);
    await(&first_gone);
    return 0;
}

static void *run_slice(void *fn)
{
    crew_for(1, *(crew_body **)fn, NULL, NULL);
    return NULL;
}

static int two_threads(void)
{
    crew_body *fns[] = {first_slice, second_slice};
    pthread_t first, second;
    if (pthread_create(&first, NULL, run_slice, &fns[0]) != 0)
        return 1;
    await(&first_begun);
    if (pthread_create(&second, NULL, run_slice, &fns[1]) != 0)
        return 1;
    int code = pthread_join(first, NULL);
    atomic_store(&first_gone, 1);
    return code | pthread_join(second, NULL);
}

START_TEST(rows_of_threads_that_end)
{
    ck_assert_int_eq(run_self("two-threads", 2), 0);
    if (have_python())
        ck_assert_int_eq(system("/usr/bin/python3 check.py other"), 0);
    ck_assert_int_eq(system("[ $(grep -c '\"thread_name\"' trace.json) = 2 ]"), 0);
}
END_TEST

static int run_named(const char *name)
{
    return crew_for(100, spin, NULL, &(crew_options){.name = name});
}

static int fork_and_run(void)
{
    int status = 1, code = run_named("before");
    pid_t pid = fork();
    if (pid == 0)
        exit(run_named("in the child"));
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        return 1;
    return code | status | run_named("after");
}

int main(int argc, char **argv)
{
    static char path[4096];
    if (argc > 1 && strcmp(argv[1], "--work") == 0)
        return work();
    if (argc > 1 && strncmp(argv[1], "--crash", 7) == 0) {
        for (int i = strcmp(argv[1], "--crash") == 0 ? 1 : 100; i > 0; i--)
            work();
        abort();
    }
    if (argc > 1 && strcmp(argv[1], "--two-threads") == 0)
        return two_threads();
    if (argc > 1 && strcmp(argv[1], "--fork") == 0)
        return fork_and_run();
    if (argc > 1 && strcmp(argv[1], "--rights") == 0)
        return geteuid() != getuid();
    self = realpath(argv[0], path);
    Suite *suite = suite_create("trace");
    TCase *tc = tcase_create("trace");
    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, make_folder_with_checker, remove_folder);
    tcase_add_loop_test(tc, slices_nest, 0, ORACLE_THREADS);
    tcase_add_test(tc, rows_of_threads_that_end);
    tcase_add_test(tc, a_crash_leaves_json);
    tcase_add_test(tc, nothing_without_the_variable);
    tcase_add_test(tc, a_child_leaves_the_file_alone);
    tcase_add_test(tc, refused_with_others_rights);
    suite_add_tcase(suite, tc);
    tcase_add_loop_test(parallel_case(suite, "stats"), stats, 0, ORACLE_THREADS);
    tcase_add_test(parallel_case(suite, "names"), more_names_than_are_kept);
    return run_suite(suite);
}
