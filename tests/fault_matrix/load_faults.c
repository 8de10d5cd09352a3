/* Libraries that come and go, other runtimes in the process, calls before main and after it. */
#define _GNU_SOURCE
#include "matrix.h"
#include <dlfcn.h>

/* 0: right; -1: it cannot be loaded. */
static int use_plugin(const char *name, int flags, bool close)
{
    union {
        void *address;
        int (*use)(void);
    } symbol;
    void *plugin = dlopen(beside(name), RTLD_NOW | RTLD_LOCAL | flags);
    if (!plugin)
        return -1;
    symbol.address = dlsym(plugin, "use_plugin");
    int wrong = symbol.address ? symbol.use() : 1;
    if (close)
        dlclose(plugin);
    return wrong;
}

static int plugin_comes_and_goes(void)
{
    if (access(beside("plugin-own.so"), R_OK) != 0)
        return NOT_HERE;
    int before = 0;
    for (int i = 0; i < rounds(1000); i++) {
        CHECK(use_plugin("plugin-own.so", 0, true) == 0);
        sleep_ms(1); /* threads go to sleep in code that is to stay */
        if (i == 5)
            before = threads_now();
    }
    CHECK(threads_settled(before) <= before);
    return all_right();
}

/* As many libraries with thread-local variables of their own as the C library has room for. */
static int static_tls_is_taken(void)
{
    int taken = 0;
    for (int i = 0; i < 64; i++) {
        char name[32];
        snprintf(name, sizeof name, "tls-%d.so", i);
        taken += dlopen(beside(name), RTLD_NOW) != NULL;
    }
    CHECK(taken >= 1 && taken < 64);
    CHECK(use_plugin("plugin-own.so", 0, false) == 0);
    return all_right();
}

static int runtimes_side_by_side(void)
{
    const char *const names[] = {"plugin-libgomp.so", "plugin-libomp.so", "plugin-clang.so", "plugin-sequential.so"};
    int used = 0;
    for (int round = 0; round < 3; round++)
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            for (int deep = 0; deep < 2; deep++) {
                CHECK(all_right() == 0);
                int wrong = use_plugin(names[k], deep ? RTLD_DEEPBIND : 0, false);
                if (wrong > 0)
                    fprintf(stderr, "%s%s\n", names[k], deep ? ", bound deeply" : "");
                CHECK(wrong <= 0);
                used += wrong == 0;
            }
    return used > 0 ? all_right() : NOT_HERE;
}

static bool early_and_late;

static void at_the_end(void)
{
    if (early_and_late && all_right())
        _exit(1);
}

__attribute__((constructor)) static void before_main(void)
{
    const char *set = getenv("MATRIX_EARLY");
    early_and_late = set && *set;
    if (early_and_late && (all_right() || atexit(at_the_end) != 0))
        _exit(1);
}

__attribute__((destructor)) static void after_main(void)
{
    at_the_end();
}

static int outside_main(void)
{
    CHECK(again("-all", "MATRIX_EARLY", "1") == 0);
    return 0;
}

const struct fault load_faults[] = {
    {"a plugin, loaded 1,000 times", plugin_comes_and_goes},
    {"static TLS taken before dlopen", static_tls_is_taken},
    {"libgomp and libomp in one process", runtimes_side_by_side},
    {"constructor, destructor, atexit", outside_main},
    {NULL, NULL},
};
