/* Counts the physical cores and NUMA nodes that have an allowed processor, from the files of Linux. */
#define _POSIX_C_SOURCE 200809L
#include "topology.h"

#include <stdio.h>
#include <string.h>

#include "env.h"
#include "small_file.h"

/* Of a longer list the front counts: the lists ascend, and the lowest CPU decides. */
enum { LIST = 3000, PATH = 512 };

/* Reads the next range of a list such as 0-3,8,10-11. False at its end, and where it is malformed. */
static bool next_range(const char **list, unsigned long long *first, unsigned long long *last)
{
    const char *s = crew__digits(*list + (**list == ','), first);
    *last = *first;
    if (s && *s == '-')
        s = crew__digits(s + 1, last);
    if (!s || *last < *first || *first >= CREW__MASK_CPUS)
        return false;
    *list = s;
    return true;
}

/* The lowest CPU of the list that is in the mask, -1 where there is none. */
static int lowest_allowed(const char *list, const struct crew__cpu_mask *mask)
{
    for (unsigned long long first, last; next_range(&list, &first, &last);)
        for (size_t cpu = (size_t)first; cpu <= last && cpu < CREW__MASK_CPUS; cpu++)
            if (crew__mask_has(mask, cpu))
                return (int)cpu;
    return -1;
}

/* The name of the second file is the newer one. */
static bool read_siblings(const char *root, size_t cpu, char *list)
{
    static const char *const names[] = {"thread_siblings_list", "core_cpus_list"};
    char path[PATH];
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/sys/devices/system/cpu/cpu%zu/topology/%s", root, cpu, names[i]);
        if (crew__read_small(path, list, LIST))
            return true;
    }
    return false;
}

/* A core is counted with the lowest of its processors that is allowed. 0 where one of them is not told. */
static int count_cores(const char *root, const struct crew__cpu_mask *mask)
{
    char list[LIST];
    int cores = 0;
    for (size_t cpu = 0; cpu < CREW__MASK_CPUS; cpu++) {
        if (!crew__mask_has(mask, cpu))
            continue;
        int lowest = read_siblings(root, cpu, list) ? lowest_allowed(list, mask) : -1;
        if (lowest < 0 || (size_t)lowest > cpu)
            return 0;
        cores += (size_t)lowest == cpu;
    }
    return cores;
}

static int count_nodes(const char *root, const struct crew__cpu_mask *mask)
{
    char online[LIST], list[LIST], path[PATH];
    snprintf(path, sizeof path, "%s/sys/devices/system/node/online", root);
    if (!crew__read_small(path, online, sizeof online))
        return 0;
    int nodes = 0;
    const char *rest = online;
    for (unsigned long long first, last; next_range(&rest, &first, &last);)
        for (unsigned long long node = first; node <= last && node < CREW__MASK_CPUS; node++) {
            snprintf(path, sizeof path, "%s/sys/devices/system/node/node%llu/cpulist", root, node);
            nodes += crew__read_small(path, list, sizeof list) && lowest_allowed(list, mask) >= 0;
        }
    return nodes;
}

/* FNV-1a. */
static unsigned hash_mask(const struct crew__cpu_mask *mask)
{
    const unsigned char *bytes = (const unsigned char *)mask;
    unsigned hash = 2166136261u;
    for (size_t i = 0; i < sizeof *mask; i++)
        hash = (hash ^ bytes[i]) * 16777619u;
    return hash;
}

void crew__topology_of(struct crew__topology *topology, const char *root, const struct crew__cpu_mask *mask)
{
    atomic_store_explicit(&topology->mask_hash, hash_mask(mask), memory_order_relaxed);
    atomic_store_explicit(&topology->nodes, count_nodes(root, mask), memory_order_relaxed);
    /* Last and with release, so that who sees the cores sees the rest. */
    atomic_store_explicit(&topology->cores, count_cores(root, mask), memory_order_release);
}

void crew__topology_read(struct crew__topology *topology, const char *root)
{
    struct crew__cpu_mask mask;
    int places;
    crew__limits_mask(&mask, &places); /* an empty mask has no cores that are known */
    atomic_store_explicit(&topology->places, places, memory_order_relaxed);
    crew__topology_of(topology, root, &mask);
}

void crew__topology_refresh(struct crew__topology *topology, const char *root)
{
    struct crew__cpu_mask mask;
    int places;
    if (atomic_load_explicit(&topology->cores, memory_order_acquire) == CREW__CORES_UNREAD ||
        !crew__limits_mask(&mask, &places))
        return;
    if (hash_mask(&mask) != atomic_load_explicit(&topology->mask_hash, memory_order_relaxed))
        crew__topology_read(topology, root);
}
