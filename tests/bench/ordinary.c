/* Loops as programs have them: few items of any size, cheap items with pauses between the calls or beside another
   program. bench.h has the main. Each way runs in a process of its own, forked anew each round: a call's first time is
   then a program's, and no way uses the threads of another.

   The best of the other ways is chosen by two rounds of all; five more rounds of crew and of that way alone, by turns,
   judge. (The shortest of all rounds of five ways would be the luck of fifteen tries against that of three.)

   The table ends with how many rows are within 1.05 times the best other way + 100 ns from the tenth call on, and names
   those that are not. */
#define _GNU_SOURCE
#include "bench.h"
#include "ordinary_work.h"
#include "peer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    WAYS = 8,
    CHOOSING = 2,
    JUDGING = 5,
    ROUNDS = CHOOSING + JUDGING,
    MOST_CALLS = 4000,
    SKIPPED = 9,
    LARGEST = 1000000
};
enum shape { EQUAL, FIRST_HEAVY, LAST_HEAVY, ALTERNATING, SHAPES };

static const char *const shape_names[] = {"equal", "first", "last", "alternating"};
static const char *const operation_names[] = {"for", "map", "reduce", "count_if", "sort", "scan"};
static const size_t few[] = {1, 2, 3, 4, 8, 16, 64}, many[] = {1000, 10000, 100000, 1000000};
static const size_t folded[] = {2, 3, 8, 64};
static const double folded_ns[] = {1e3, 1e4, 1e6};
static const double few_ns[] = {20, 1e3, 1e4, 1e6, 1e7}, many_ns[] = {1, 30, 300};

/* Seconds between calls; BESIDE: none, and a process that never rests. */
static const double BESIDE = -1;
static const struct gap {
    const char *name;
    double seconds;
} gaps[] = {{"hot", 0}, {"1ms", 1e-3}, {"20ms", 2e-2}, {"200ms", 0.2}, {"beside", -1}};

struct row {
    char label[64];
    enum operation op;
    enum shape shape;
    size_t n;
    double item_ns;
    const struct gap *gap;
    bool quick;
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* Row k of the table; false where there are no more. */
static bool row_at(int k, struct row *row)
{
    size_t at = (size_t)k, first = COUNT(few) * COUNT(few_ns) * SHAPES;
    if (at < first) {
        *row = (struct row){.op = OP_FOR,
                            .shape = (enum shape)(at % SHAPES),
                            .item_ns = few_ns[at / SHAPES % COUNT(few_ns)],
                            .n = few[at / SHAPES / COUNT(few_ns)],
                            .gap = &gaps[0]};
        row->quick = (row->n == 2 || row->n == 8) && row->item_ns <= 1e6 && row->shape != LAST_HEAVY;
        snprintf(row->label, sizeof row->label, "ordinary-few-%gus-%s", row->item_ns / 1e3, shape_names[row->shape]);
        return true;
    }
    at -= first;
    if (at < COUNT(folded) * COUNT(folded_ns) * 2) {
        *row = (struct row){.op = at % 2 ? OP_COUNT : OP_REDUCE,
                            .item_ns = folded_ns[at / 2 % COUNT(folded_ns)],
                            .n = folded[at / 2 / COUNT(folded_ns)],
                            .gap = &gaps[0],
                            .quick = true};
        snprintf(row->label, sizeof row->label, "ordinary-few-%s-%gus", operation_names[row->op], row->item_ns / 1e3);
        return true;
    }
    at -= COUNT(folded) * COUNT(folded_ns) * 2;
    size_t typed = OPERATIONS - 2, costs = COUNT(many_ns) * typed + 2, per_gap = COUNT(many) * costs;
    if (at >= per_gap * COUNT(gaps))
        return false;
    size_t cost = at % costs;
    *row = (struct row){.op = cost < COUNT(many_ns) * typed ? (enum operation)(cost % typed)
                                                            : (enum operation)(OP_SORT + (cost + 1 == costs)),
                        .item_ns = cost < COUNT(many_ns) * typed ? many_ns[cost / typed] : 0,
                        .n = many[at / costs % COUNT(many)],
                        .gap = &gaps[at / per_gap]};
    row->quick = (row->n == 1000 || row->n == 100000) && row->item_ns <= 30 && row->gap != &gaps[1] &&
                 row->gap != &gaps[3] && row->op != OP_MAP;
    if (row->item_ns > 0)
        snprintf(row->label, sizeof row->label, "ordinary-%s-%gns-%s", operation_names[row->op], row->item_ns,
                 row->gap->name);
    else
        snprintf(row->label, sizeof row->label, "ordinary-%s-%s", operation_names[row->op], row->gap->name);
    return true;
}

bool bench_case(int k, const char **workload, const char **label)
{
    static struct row row;
    *workload = "ordinary";
    *label = row.label;
    return row_at(k, &row);
}

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The first call's time and the median of those from the tenth on, of one way. */
static void measure(const struct row *row, way_fn *fn, struct work *w, double times[2])
{
    static double ns[MOST_CALLS];
    /* Twelve calls where there is a second for them, and then as many as there are in a quarter of it, or in a tenth.
     */
    const double gap_ns = 1e9 * fmax(0, row->gap->seconds), most = gap_ns > 0 ? 2.5e8 : 1e8, start = now_ns();
    int calls = 0;
    ways_open(bench.threads);
    while (calls < MOST_CALLS && now_ns() - start < (calls < SKIPPED + 3 ? 1e9 + 13 * gap_ns : most)) {
        if (gap_ns > 0)
            usleep((useconds_t)(gap_ns / 1e3));
        double before = now_ns();
        fn(w);
        ns[calls++] = now_ns() - before;
    }
    int skipped = calls > SKIPPED ? SKIPPED : calls - 1;
    times[0] = ns[0];
    qsort(ns + skipped, (size_t)(calls - skipped), sizeof *ns, compare);
    times[1] = ns[skipped + (calls - skipped) / 2];
}

static bool measure_in_child(const struct row *row, way_fn *fn, struct work *w, double times[2])
{
    int ends[2], status;
    if (pipe(ends) != 0)
        return false;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        measure(row, fn, w, times);
        _exit(write(ends[1], times, 2 * sizeof *times) != (ssize_t)(2 * sizeof *times));
    }
    close(ends[1]);
    bool good = pid > 0 && read(ends[0], times, 2 * sizeof *times) == (ssize_t)(2 * sizeof *times);
    close(ends[0]);
    return pid > 0 && waitpid(pid, &status, 0) == pid && good;
}

static void fill(const struct row *row, double step, uint32_t *steps)
{
    double usual = row->item_ns / step;
    for (size_t i = 0; i < row->n; i++) {
        bool heavy = row->shape == FIRST_HEAVY   ? i == 0
                     : row->shape == LAST_HEAVY  ? i + 1 == row->n
                     : row->shape == ALTERNATING ? i % 2 == 0
                                                 : false;
        steps[i] = (uint32_t)(heavy ? 4 * usual : usual);
    }
}

struct measured {
    double ns[ROUNDS], first[ROUNDS];
    int rounds;
};

/* One more round of a way. */
static void measure_round(const struct row *row, int way, struct work *w, struct measured *m)
{
    double times[2] = {NAN, NAN};
    way_fn *fn = ways[way].fn[row->op];
    if (!fn)
        return;
    if (!measure_in_child(row, fn, w, times))
        bench_fail(row->label, ways[way].name, row->n, "no time");
    m->first[m->rounds] = times[0];
    m->ns[m->rounds++] = times[1];
}

static double shortest(const double *ns, int rounds)
{
    double least = INFINITY;
    for (int k = 0; k < rounds; k++)
        least = fmin(least, ns[k]);
    return least;
}

/* Measures a row; the way that is the best but for crew. */
static int measure_row(const struct row *row, struct work *w, struct measured m[WAYS], unsigned *random)
{
    int order[WAYS], best = 1;
    for (int way = 0; way < WAYS; way++) {
        order[way] = way;
        m[way].rounds = 0;
    }
    for (int k = 0; k < CHOOSING; k++) {
        bench_shuffle(order, WAYS, random);
        for (int i = 0; i < WAYS; i++)
            measure_round(row, order[i], w, &m[order[i]]);
    }
    for (int way = 1; way < WAYS && !ways[way].explains; way++)
        if (shortest(m[way].ns, m[way].rounds) < shortest(m[best].ns, m[best].rounds))
            best = way;
    for (int k = 0; k < JUDGING; k++) {
        int earlier = k % 2 ? best : 0, later = k % 2 ? 0 : best;
        measure_round(row, earlier, w, &m[earlier]);
        measure_round(row, later, w, &m[later]);
    }
    return best;
}

/* True where crew is not slower than the best of the others. */
static bool report(const struct row *row, const struct measured m[WAYS], int best)
{
    for (int way = 0; ways[way].name; way++)
        if (m[way].rounds > 0)
            bench_report(&(struct bench_result){.label = row->label,
                                                .system = ways[way].name,
                                                .n = row->n,
                                                .threads = bench.threads,
                                                .ns = m[way].ns,
                                                .base = m[0].ns,
                                                .rounds = m[way].rounds,
                                                .base_rounds = m[0].rounds,
                                                .least = 1});
    double own = shortest(m[0].ns + CHOOSING, JUDGING), other = shortest(m[best].ns + CHOOSING, JUDGING);
    bool holds = own <= 1.05 * other + 100;
    if (!holds) {
        printf("# %s n=%zu: crew %.0f ns (first call %.0f), %s %.0f: %.2f", row->label, row->n, own,
               shortest(m[0].first, ROUNDS), ways[best].name, other, own / other);
        double by_hand = INFINITY;
        for (int way = 1; way < WAYS; way++)
            if (ways[way].explains && m[way].rounds > 0)
                by_hand = fmin(by_hand, shortest(m[way].ns, m[way].rounds));
        if (by_hand < INFINITY)
            printf("; by hand through a pointer %.0f", by_hand);
        printf("\n");
    }
    return holds;
}

int bench_run(void)
{
    static struct measured measured[WAYS];
    const char *workload, *label;
    uint32_t *steps = malloc(LARGEST * sizeof *steps);
    double *x = malloc(LARGEST * sizeof *x), *y = malloc(LARGEST * sizeof *y), step = step_ns();
    int held = 0, all = 0;
    unsigned random = 1;
    if (!steps || !x || !y)
        return 2;
    for (size_t i = 0; i < LARGEST; i++) {
        random = random * 1664525 + 1013904223;
        x[i] = random;
        y[i] = 0;
    }
    struct row row;
    for (int k = 0; row_at(k, &row); k++) {
        bench_case(k, &workload, &label);
        /* Pauses of 200 ms take so long that a quarter of the sizes and costs stands for all. */
        const bool one_of_many = row.gap == &gaps[3] && (row.n == 10000 || row.n == LARGEST || row.item_ns > 30);
        if (!bench_wanted(workload, label) || (bench.quick && !row.quick) || one_of_many)
            continue;
        fill(&row, step, steps);
        struct work w = {row.n, steps, x, y, 0};
        pid_t busy = row.gap->seconds == BESIDE ? busy_start() : 0;
        int best = measure_row(&row, &w, measured, &random);
        busy_end(busy);
        held += report(&row, measured, best);
        all++;
    }
    printf("# ordinary: %d of %d rows at most 1.05 x the best + 100 ns\n", held, all);
    free(steps);
    free(x);
    free(y);
    return 0;
}
