/* Physical cores, NUMA nodes and places, from fake trees and from this machine's, and the counts that follow. */
#define _GNU_SOURCE
#include "../support/tree.h"

#include <crew/crew.h>
#include <sched.h>
#include <unistd.h>

#include "../../lib/core/base/settings.h"
#include "../../lib/core/base/threads.h"
#include "../support/environment.h"

static void put_siblings(int cpu, const char *list)
{
    char path[128];
    snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", cpu);
    put(path, list);
}

static void put_node(int node, const char *list)
{
    char path[128];
    snprintf(path, sizeof path, "/sys/devices/system/node/node%d/cpulist", node);
    put(path, list);
}

static struct crew__cpu_mask mask_of(int first, int last)
{
    struct crew__cpu_mask mask = {0};
    for (int cpu = first; cpu <= last; cpu++)
        crew__mask_add(&mask, (size_t)cpu);
    return mask;
}

static void check_topology(int first, int last, int cores, int nodes)
{
    struct crew__topology topology = {.cores = CREW__CORES_UNREAD};
    struct crew__cpu_mask mask = mask_of(first, last);
    crew__topology_of(&topology, root, &mask);
    ck_assert_int_eq(topology.cores, cores);
    ck_assert_int_eq(topology.nodes, nodes);
}

/* 16 processors, two of each core; `far` apart in their numbers, or neighbours. Two nodes of four cores. */
static void put_machine(bool far)
{
    for (int cpu = 0; cpu < 16; cpu++) {
        char list[32];
        snprintf(list, sizeof list, far ? "%d,%d\n" : "%d-%d\n", far ? cpu % 8 : cpu & ~1, far ? cpu % 8 + 8 : cpu | 1);
        put_siblings(cpu, list);
    }
    put("/sys/devices/system/node/online", "0-1\n");
    put_node(0, far ? "0-3,8-11\n" : "0-7\n");
    put_node(1, far ? "4-7,12-15\n" : "8-15\n");
}

START_TEST(siblings_share_a_core)
{
    put_machine(true);
    check_topology(0, 15, 8, 2);
    check_topology(0, 7, 8, 2);
    check_topology(8, 15, 8, 2); /* the lower half of each pair is not allowed */
    check_topology(4, 11, 8, 2);
    check_topology(0, 3, 4, 1);
    check_topology(0, 0, 1, 1);
    put_machine(false);
    check_topology(0, 15, 8, 2);
    check_topology(0, 7, 4, 1);
    check_topology(7, 8, 2, 2);
    check_topology(1, 2, 2, 1);
}
END_TEST

START_TEST(newer_name_of_the_file)
{
    put("/sys/devices/system/cpu/cpu0/topology/core_cpus_list", "0-1\n");
    put("/sys/devices/system/cpu/cpu1/topology/core_cpus_list", "0-1\n");
    check_topology(0, 1, 1, 0);
}
END_TEST

START_TEST(numbers_beyond_a_word)
{
    put_siblings(1000, "1000,8191\n");
    put_siblings(8191, "1000,8191\n");
    struct crew__topology topology = {.cores = CREW__CORES_UNREAD};
    struct crew__cpu_mask mask = {0};
    crew__mask_add(&mask, 1000);
    crew__mask_add(&mask, 8191);
    crew__mask_add(&mask, CREW__MASK_CPUS); /* no room: left out */
    crew__topology_of(&topology, root, &mask);
    ck_assert_int_eq(topology.cores, 1);
}
END_TEST

static const char *const malformed[] = {
    "", "\n", "x\n", "-1\n", ",\n", "1-0\n", "7-9\n", "8192\n", "2\n", "\xff\n", "99999999999999999999\n",
};

START_TEST(what_is_not_told_is_not_known)
{
    check_topology(0, 3, 0, 0);
    put_siblings(0, "0\n");
    check_topology(0, 0, 1, 0);
    check_topology(0, 1, 0, 0); /* one of two is not told */
    put_siblings(0, "1\n");     /* not itself */
    put_siblings(1, "1\n");
    check_topology(0, 1, 0, 0);
    put_siblings(0, "0\n");
    put_siblings(1, malformed[_i]);
    check_topology(0, 1, 0, 0);
    put("/sys/devices/system/node/online", "0-2\n");
    put_node(0, malformed[_i]);
    put_node(2, "0,1\n"); /* node 1 has no file */
    check_topology(0, 1, 0, 1);
    put("/sys/devices/system/node/online", malformed[_i]);
    check_topology(0, 0, 1, strcmp(malformed[_i], "2\n") == 0);
}
END_TEST

/* Ranges that go on behind the last number that a mask has room for. */
START_TEST(ranges_beyond_the_mask)
{
    put_siblings(0, "8000-99999999\n");
    check_topology(0, 0, 0, 0);
    put_siblings(0, "0-99999999\n");
    put("/sys/devices/system/node/online", "0,8190-99999999\n");
    put_node(0, "0-99999999\n");
    check_topology(0, 0, 1, 1);
}
END_TEST

START_TEST(no_processor_has_no_core)
{
    struct crew__topology topology = {.cores = CREW__CORES_UNREAD};
    struct crew__cpu_mask none = {0};
    put_machine(true);
    crew__topology_of(&topology, root, &none);
    ck_assert_int_eq(topology.cores, 0);
    ck_assert_int_eq(topology.nodes, 0);
}
END_TEST

/* A runtime that has bound its threads to four places of the machine above. */
static int sixteen_cpus(struct crew__cpu_mask *mask, int *places)
{
    if (mask)
        *mask = mask_of(0, 15);
    if (places)
        *places = 4;
    return 16;
}

static int counted(const struct crew__settings *settings, int asked, const char *sentence)
{
    char text[512];
    int length = crew__settings_explain(settings, asked, text, sizeof text);
    ck_assert_str_eq(text, sentence);
    ck_assert_int_eq(length, (int)strlen(text));
    return crew__settings_threads(settings, asked);
}

static struct crew__settings read_machine(const char *count)
{
    atomic_store(&crew__bound_cpus, sixteen_cpus);
    if (count)
        setenv("CREW_NUM_THREADS", count, 1);
    struct crew__settings settings;
    memset(&settings, 0, sizeof settings);
    catch_stderr();
    crew__settings_read(&settings, root, true);
    ck_assert_str_eq(caught_text(), "");
    return settings;
}

#define BEHIND "(8 physical cores on 2 NUMA nodes, 4 places by OMP_PLACES)"

START_TEST(the_environment_asks_for_cores)
{
    put_machine(true);
    struct crew__settings s = read_machine(_i ? " physical\t" : "physical");
    ck_assert_int_eq(counted(&s, 0, "crew uses 8 threads: CREW_NUM_THREADS=physical decides " BEHIND "."), 8);
    ck_assert_int_eq(counted(&s, 3, "crew uses 3 threads: crew_set_num_threads(3) decides " BEHIND "."), 3);
    ck_assert_int_eq(crew__settings_threads(&s, -1), 16);
    s.thread_limit = 5;
    ck_assert_int_eq(counted(&s, 0,
                             "crew uses 5 threads: OMP_THREAD_LIMIT decides, below the 8 of "
                             "CREW_NUM_THREADS=physical " BEHIND "."),
                     5);
}
END_TEST

START_TEST(the_program_asks_for_cores)
{
    put_machine(true);
    struct crew__settings s = read_machine(NULL);
    ck_assert_int_eq(s.topology.cores, CREW__CORES_UNREAD); /* nobody has asked: no file was read */
    ck_assert_int_eq(crew__settings_threads(&s, 0), 16);
    crew__topology_read(&s.topology, root);
    ck_assert_int_eq(
        counted(&s, CREW_PHYSICAL, "crew uses 8 threads: crew_set_num_threads(CREW_PHYSICAL) decides " BEHIND "."), 8);
    s.limits.quota = 3;
    ck_assert_int_eq(crew__settings_threads(&s, CREW_PHYSICAL), 3);
    s.limits.quota = 9;
    ck_assert_int_eq(crew__settings_threads(&s, CREW_PHYSICAL), 8);
}
END_TEST

START_TEST(cores_that_are_not_known_count_as_the_default)
{
    struct crew__settings s = read_machine("physical");
    const char *by_places = "crew uses 16 threads: the OpenMP runtime, which binds threads to its places "
                            "(OMP_PROC_BIND, OMP_PLACES) decides (the system does not name physical cores).";
    ck_assert_int_eq(counted(&s, 0, by_places), 16);
    ck_assert_int_eq(counted(&s, CREW_PHYSICAL, by_places), 16);
    s.omp_threads = 5;
    ck_assert_int_eq(crew__settings_threads(&s, CREW_PHYSICAL), 5);
    s.crew_threads = 7;
    ck_assert_int_eq(crew__settings_threads(&s, CREW_PHYSICAL), 7);
}
END_TEST

START_TEST(one_node_is_not_worth_a_word)
{
    put_machine(true);
    put("/sys/devices/system/node/online", "0\n");
    put_node(0, "0-15\n");
    struct crew__settings s = read_machine(NULL);
    crew__topology_read(&s.topology, root);
    counted(&s, 4, "crew uses 4 threads: crew_set_num_threads(4) decides.");
    counted(&s, CREW_PHYSICAL, "crew uses 8 threads: crew_set_num_threads(CREW_PHYSICAL) decides (8 physical cores).");
}
END_TEST

START_TEST(one_of_each_is_singular)
{
    put_machine(true);
    struct crew__settings s = read_machine(NULL);
    s.topology = (struct crew__topology){.cores = 1, .nodes = 2, .places = 1};
    counted(&s, 1,
            "crew uses 1 thread: crew_set_num_threads(1) decides (1 physical core on 2 NUMA nodes, 1 place by "
            "OMP_PLACES).");
    s.topology = (struct crew__topology){.cores = 1, .nodes = 1};
    counted(&s, CREW_PHYSICAL, "crew uses 1 thread: crew_set_num_threads(CREW_PHYSICAL) decides (1 physical core).");
    s.crew_threads = CREW_PHYSICAL;
    counted(&s, 4, "crew uses 4 threads: crew_set_num_threads(4) decides.");
    counted(&s, 0, "crew uses 1 thread: CREW_NUM_THREADS=physical decides (1 physical core).");
}
END_TEST

/* The words for a launcher that binds: by Open MPI's variable, or by that of others. */
START_TEST(launchers_that_bind)
{
    const char *const names[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"};
    struct crew__settings s;
    memset(&s, 0, sizeof s);
    s.limits.affinity = 1;
    unsetenv(names[0]);
    unsetenv(names[1]);
    counted(&s, 0, "crew uses 1 thread: the affinity mask decides.");
    setenv(names[_i], "2", 1);
    counted(&s, 0,
            "crew uses 1 thread: the affinity mask (mpirun binds this rank to one processor; --bind-to none "
            "frees it) decides.");
}
END_TEST

static int other_cpus(struct crew__cpu_mask *mask, int *places)
{
    if (mask)
        *mask = mask_of(0, 3);
    if (places)
        *places = 2;
    return 4;
}

static int no_mask(struct crew__cpu_mask *mask, int *places)
{
    if (mask)
        memset(mask, 0, sizeof *mask);
    if (places)
        *places = 1;
    return 2;
}

/* A runtime that knows how many processors and not which: the system says which. */
START_TEST(counts_without_a_mask)
{
    struct crew__cpu_mask mask, own;
    int places;
    atomic_store(&crew__bound_cpus, NULL);
    ck_assert(crew__limits_mask(&own, &places));
    atomic_store(&crew__bound_cpus, no_mask);
    ck_assert(crew__limits_mask(&mask, &places));
    ck_assert_mem_eq(&mask, &own, sizeof own);
    put_machine(true);
    struct crew__settings s = read_machine(NULL);
    s.topology.cores = CREW__CORES_UNREAD;
    ck_assert_int_eq(counted(&s, CREW_PHYSICAL,
                             "crew uses 16 threads: the OpenMP runtime, which binds threads to its places "
                             "(OMP_PROC_BIND, OMP_PLACES) decides."),
                     16);
}
END_TEST

START_TEST(another_mask_is_read_again)
{
    put_machine(true);
    struct crew__settings s = read_machine(NULL);
    atomic_store(&crew__bound_cpus, other_cpus);
    crew__topology_refresh(&s.topology, root); /* nobody has asked yet */
    ck_assert_int_eq(s.topology.cores, CREW__CORES_UNREAD);
    atomic_store(&crew__bound_cpus, sixteen_cpus);
    crew__topology_read(&s.topology, root);
    ck_assert_int_eq(s.topology.cores, 8);
    atomic_store(&crew__bound_cpus, other_cpus);
    crew__topology_refresh(&s.topology, root);
    ck_assert_int_eq(s.topology.cores, 4);
    ck_assert_int_eq(s.topology.nodes, 1);
    ck_assert_int_eq(s.topology.places, 2);
    put_siblings(0, "");
    crew__topology_refresh(&s.topology, root); /* the same mask: no file is read */
    ck_assert_int_eq(s.topology.cores, 4);
}
END_TEST

/* Cores by another file of the same machine: pairs of package and core number. 0 where the system does not say. */
static int cores_of_this_machine(void)
{
    cpu_set_t allowed;
    ck_assert_int_eq(sched_getaffinity(0, sizeof allowed, &allowed), 0);
    static long long seen[CPU_SETSIZE];
    int cores = 0;
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        long long ids[2];
        for (int i = 0; i < 2 && CPU_ISSET((size_t)cpu, &allowed); i++) {
            char path[128];
            snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%d/topology/%s", cpu,
                     i ? "core_id" : "physical_package_id");
            FILE *file = fopen(path, "r");
            bool read = file && fscanf(file, "%lld", &ids[i]) == 1;
            if (file)
                fclose(file);
            if (!read)
                return 0;
        }
        if (!CPU_ISSET((size_t)cpu, &allowed))
            continue;
        long long core = ids[0] << 32 | (ids[1] & 0xffffffff);
        int i = 0;
        while (i < cores && seen[i] != core)
            i++;
        if (i == cores)
            seen[cores++] = core;
    }
    return cores;
}

static int add_one(size_t begin, size_t end, void *ctx)
{
    for (size_t i = begin; i < end; i++)
        ((int *)ctx)[i]++;
    return 0;
}

START_TEST(this_machine)
{
    int cores = cores_of_this_machine(), want = cores > 0 && cores < crew__cpu_count() ? cores : crew__cpu_count();
    if (_i == 0) {
        ck_assert_int_eq(crew_set_num_threads(CREW_PHYSICAL), 0);
        ck_assert_int_eq(crew_num_threads(), want);
        ck_assert_int_eq(crew_set_num_threads(0), 0);
        ck_assert_int_eq(crew_num_threads(), crew__cpu_count());
    } else {
        /* In the order in which a program may ask: an option first, and the program's count is no part of it. */
        crew_set_num_threads(5);
        ck_assert_int_eq(crew__resolve_threads(CREW_PHYSICAL), cores > 0 ? want : 5);
    }
    int counts[1000] = {0};
    ck_assert_int_eq(crew_for(1000, add_one, counts, &(crew_options){.threads = CREW_PHYSICAL}), 0);
    for (int i = 0; i < 1000; i++)
        ck_assert_int_eq(counts[i], 1);
    char text[512];
    ck_assert_int_gt(crew_explain_threads(text, sizeof text), 0);
}
END_TEST

START_TEST(the_variable_counts)
{
    int cores = cores_of_this_machine();
    setenv("CREW_NUM_THREADS", "physical", 1);
    catch_stderr();
    int n = crew_num_threads();
    ck_assert_str_eq(caught_text(), "");
    ck_assert_int_eq(n, cores > 0 && cores < crew__cpu_count() ? cores : crew__cpu_count());
}
END_TEST

static const char *const words[] = {"Physical", "physical,2", "physicals", "phys", "-physical", "physical 2"};

START_TEST(other_words_are_reported)
{
    setenv("CREW_NUM_THREADS", words[_i], 1);
    catch_stderr();
    int n = crew_num_threads();
    const char *text = caught_text();
    ck_assert_int_eq(count_lines(text), 1);
    ck_assert_ptr_nonnull(strstr(text, "or physical; using"));
    ck_assert_int_eq(n, crew__cpu_count());
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("topology");
    TCase *trees = tcase_create("trees");
    tcase_add_checked_fixture(trees, clean_environment, NULL);
    tcase_add_checked_fixture(trees, make_root, remove_root);
    tcase_add_test(trees, siblings_share_a_core);
    tcase_add_test(trees, newer_name_of_the_file);
    tcase_add_test(trees, numbers_beyond_a_word);
    tcase_add_loop_test(trees, what_is_not_told_is_not_known, 0, sizeof malformed / sizeof malformed[0]);
    tcase_add_test(trees, ranges_beyond_the_mask);
    tcase_add_test(trees, no_processor_has_no_core);
    tcase_add_loop_test(trees, the_environment_asks_for_cores, 0, 2);
    tcase_add_test(trees, the_program_asks_for_cores);
    tcase_add_test(trees, cores_that_are_not_known_count_as_the_default);
    tcase_add_test(trees, one_node_is_not_worth_a_word);
    tcase_add_test(trees, one_of_each_is_singular);
    tcase_add_loop_test(trees, launchers_that_bind, 0, 2);
    tcase_add_test(trees, counts_without_a_mask);
    tcase_add_test(trees, another_mask_is_read_again);
    suite_add_tcase(suite, trees);
    TCase *machine = tcase_create("machine");
    tcase_add_checked_fixture(machine, clean_environment, NULL);
    tcase_add_loop_test(machine, this_machine, 0, 2);
    tcase_add_test(machine, the_variable_counts);
    tcase_add_loop_test(machine, other_words_are_reported, 0, sizeof words / sizeof words[0]);
    suite_add_tcase(suite, machine);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
