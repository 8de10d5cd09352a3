/* A model of crew on wide machines: replays what the runner, the scheduler and the merge sort decide, with 1 to 1,024
   workers and costs that are measured first. `tests/bench/run.sh model` builds and runs it:

     model [name=ns ...]     block, steal, line, launch: in place of what is measured

   What it leaves out: memory bandwidth, other programs, caches that are shared by some cores only, hardware threads. */
#define _POSIX_C_SOURCE 200809L
#include "model.h"
#include "model_measure.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 11 };

static const int widths[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};
enum { WIDTHS = sizeof widths / sizeof widths[0] };

/* Speed-up at each width, and how much of the workers' time is not work. */
static void print(const char *name, double one, const double *ns)
{
    for (int i = 0; i < WIDTHS; i++)
        printf("model %-11s workers=%-4d ns=%-11.0f speedup=%-6.2f overhead=%.0f%%\n", name, widths[i], ns[i],
               one / ns[i], 100 * (1 - one / (ns[i] * widths[i])));
}

/* What the model says of two workers beside what two threads took. */
static void compare(const char *name, double model, double real)
{
    printf("check %-11s model_ns=%.0f measured_ns=%.0f model/measured=%.3f\n", name, model, real, model / real);
}

static void loop_workload(const struct model_costs *c, const struct measured_loop *loop)
{
    double *sum = malloc((loop->n + 1) * sizeof *sum), ns[WIDTHS], took[2];
    if (!sum)
        abort();
    measure_loop(loop, ROUNDS, took);
    double unit = took[0] / (double)measured_units(loop, loop->n);
    for (size_t i = 0; i <= loop->n; i++)
        sum[i] = unit * (double)measured_units(loop, i);
    for (int i = 0; i < WIDTHS; i++)
        ns[i] = model_loop(c, sum, loop->n, widths[i], 0).ns;
    print(loop->name, took[0], ns);
    compare(loop->name, ns[1], took[1]);
    free(sum);
}

static void tree_workload(const struct model_costs *c, int depth, int units)
{
    double ns[WIDTHS], took[2];
    measure_tree(depth, units, ROUNDS, took);
    char name[32];
    snprintf(name, sizeof name, "tree-%d", depth);
    for (int i = 0; i < WIDTHS; i++)
        ns[i] = model_tree(c, depth, took[0] / (double)(1L << depth), widths[i]).ns;
    print(name, took[0], ns);
    compare(name, ns[1], took[1]);
}

static void sort_workload(const struct model_costs *c, size_t n)
{
    double ns[WIDTHS], took[2];
    measure_sort(n, ROUNDS, took);
    char name[32];
    snprintf(name, sizeof name, "sort-%.0e", (double)n);
    double level = took[0] / model_sort(c, n, 1, 1).ns;
    for (int i = 0; i < WIDTHS; i++)
        ns[i] = model_sort(c, n, level, widths[i]).ns;
    print(name, took[0], ns);
    compare(name, ns[1], took[1]);
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    struct model_costs c = measure_costs();
    const struct {
        const char *name;
        double *cost;
    } costs[] = {{"block", &c.block}, {"steal", &c.steal}, {"line", &c.line}, {"launch", &c.launch}};
    for (int i = 1; i < argc; i++) {
        const char *value = strchr(argv[i], '=');
        size_t length = value ? (size_t)(value - argv[i]) : 0, k = 0;
        while (k < 4 && (strlen(costs[k].name) != length || strncmp(argv[i], costs[k].name, length) != 0))
            k++;
        if (!value || k == 4) {
            fprintf(stderr, "model: %s is none of block=, steal=, line=, launch= with nanoseconds\n", argv[i]);
            return 2;
        }
        *costs[k].cost = strtod(value + 1, NULL);
    }
    printf("costs block=%.1f steal=%.1f line=%.1f launch=%.0f ns\n", c.block, c.steal, c.line, c.launch);
    static const struct measured_loop loops[] = {
        {"equal-1ms", 10000, 40, EQUAL}, {"equal-10ms", 100000, 40, EQUAL}, {"equal-100ms", 100000, 400, EQUAL},
        {"triangle", 4000, 2, RISING},   {"hot", 10000, 20, HOT},
    };
    for (size_t i = 0; i < sizeof loops / sizeof loops[0]; i++)
        loop_workload(&c, &loops[i]);
    tree_workload(&c, 14, 40);
    tree_workload(&c, 20, 4);
    sort_workload(&c, 100000);
    sort_workload(&c, 1000000);
    return 0;
}
