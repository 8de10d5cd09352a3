/* A program that loads the plugin of its first argument, lets it use crew, and unloads it, many times. With -DPLUGIN:
   that plugin, in which crew is an archive. */
#define _POSIX_C_SOURCE 200809L
#ifdef PLUGIN
#include <crew/crew.h>

static int body(size_t begin, size_t end, void *ctx)
{
    for (double *x = ctx; begin < end; begin++)
        x[begin] = (double)begin;
    return 0;
}

static int one(void *unused)
{
    (void)unused;
    return 1;
}

int use_crew(void);
int use_crew(void)
{
    static double x[100000];
    int value = 0;
    crew_future *f = crew_submit(NULL, one, NULL);
    if (!f || crew_for(100000, body, x, &(crew_options){.threads = 4}) != 0 || crew_future_result(f, &value) != 0)
        return 0;
    crew_future_release(f);
    return value == 1 && x[99999] == 99999;
}
#else
#include <dlfcn.h>
#include <stdio.h>
#include <time.h>

int main(int argc, char **argv)
{
    for (int i = 0; argc > 1 && i < 50; i++) {
        void *plugin = dlopen(argv[1], RTLD_NOW);
        union {
            void *address;
            int (*use)(void);
        } symbol = {plugin ? dlsym(plugin, "use_crew") : NULL};
        if (!symbol.address || !symbol.use()) {
            fprintf(stderr, "error: plugin: %s\n", symbol.address ? "wrong result" : dlerror());
            return 1;
        }
        dlclose(plugin);
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL); /* the threads go to sleep, in code that is to stay */
    }
    puts("plugin used and unloaded");
    return 0;
}
#endif
