/* Crew over ranks against hand-written MPI + OpenMP, in one program and interleaved: mpirun -n RANKS mpi_bench THREADS
   QUICK. A round's time is that of the slowest rank. Then what an item costs that is handed out, and what MPI itself
   does: latency and bandwidth between two ranks. */
#include "mpi_openmp.h"
#include <crew/crew.h>
#include <crew/mpi.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROUNDS = 101, MOST_COLS = 4096, ITEMS = 200000 };

static crew_mpi *m;
static int rank, ranks, threads, quick;
static bool best;
static crew_dist *d, *out;
static size_t rows, cols;
static double above[MOST_COLS], below[MOST_COLS];
static volatile double sink;

static int by_time(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median, or with CREW_BENCH_BEST=1 the least. */
static double typical(double *x, int n)
{
    qsort(x, (size_t)n, sizeof *x, by_time);
    return best ? x[0] : x[n / 2];
}

static double measure(void (*run)(void), int times)
{
    MPI_Barrier(MPI_COMM_WORLD);
    const double start = MPI_Wtime();
    for (int k = 0; k < times; k++)
        run();
    double own = (MPI_Wtime() - start) / times, slowest;
    MPI_Allreduce(&own, &slowest, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
    return slowest;
}

/* As many calls in a measurement as take a millisecond. */
static int choose_times(double once)
{
    return once < 1e-3 ? 1 + (int)(1e-3 / once) : 1;
}

/* A second in all, or what a few rounds take. */
static int choose_rounds(double round)
{
    const int most = quick ? 25 : MOST_ROUNDS, rounds = (int)(1 / round);
    return rounds < 7 ? 7 : rounds < most ? rounds : most;
}

static void compare(const char *name, size_t n, void (*crew)(void), void (*hand)(void))
{
    static double of_crew[MOST_ROUNDS], of_hand[MOST_ROUNDS], ratio[MOST_ROUNDS];
    double once = 0;
    for (int k = 0; k < 2; k++)
        once = measure(crew, 1) + measure(hand, 1);
    const int times = choose_times(once), rounds = choose_rounds(once * times);
    for (int k = 0; k < rounds; k++) {
        const int first = k % 2;
        for (int which = 0; which < 2; which++)
            *(which == first ? &of_hand[k] : &of_crew[k]) = measure(which == first ? hand : crew, times);
        ratio[k] = of_hand[k] / of_crew[k];
    }
    if (rank > 0)
        return;
    char system[32];
    snprintf(system, sizeof system, "%dx%d", ranks, threads);
    const double crew_ns = 1e9 * typical(of_crew, rounds), hand_ns = 1e9 * typical(of_hand, rounds);
    printf("bench mpi-%s crew-%s n=%zu threads=%d median_ns=%.0f ratio=1\n", name, system, n, threads, crew_ns);
    printf("bench mpi-%s hand-%s n=%zu threads=%d median_ns=%.0f ratio=%.3f\n", name, system, n, threads, hand_ns,
           best ? hand_ns / crew_ns : typical(ratio, rounds));
    fflush(stdout);
}

static void crew_sum(void)
{
    double sum;
    crew_sum_dist_f64(d, &sum);
    sink = sum;
}

static void sum_by_hand(void)
{
    sink = hand_sum(crew_dist_items(d), crew_dist_count(d));
}

static void crew_scan(void)
{
    crew_scan_inclusive_sum_dist_f64(d, out, NULL);
}

static void scan_by_hand(void)
{
    hand_scan(crew_dist_items(d), crew_dist_items(out), crew_dist_count(d));
}

static int step_rows(size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    const size_t count = crew_dist_count(d);
    const double *x = crew_dist_items(d);
    double *to = crew_dist_items(out);
    for (size_t k = begin; k < end; k++) {
        const size_t i = k - crew_dist_begin(d);
        hand_row(i > 0 ? x + (i - 1) * cols : above, x + i * cols, i + 1 < count ? x + (i + 1) * cols : below,
                 to + i * cols, cols);
    }
    return 0;
}

static void crew_step(void)
{
    crew_dist_halo(d, 1, false, above, below);
    crew_for_dist(d, step_rows, NULL, NULL);
}

static void step_by_hand(void)
{
    hand_step(crew_dist_items(d), crew_dist_items(out), crew_dist_count(d), cols, above, below);
}

static double *random_part;

static void crew_sort_all(void)
{
    crew_dist *sorted = crew_dist_from(m, random_part, crew_dist_count(d), sizeof(double));
    crew_sort_dist_f64(sorted);
    crew_dist_close(sorted);
}

static void sort_by_hand(void)
{
    size_t count;
    free(hand_sort(random_part, crew_dist_count(d), &count));
}

static void fill(void)
{
    double *x = crew_dist_items(d);
    uint64_t state = 1 + (uint64_t)rank;
    for (size_t i = 0; i < crew_dist_count(d); i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        x[i] = (double)(state >> 11) / 9007199254740992.0;
    }
    random_part = x;
}

static void fail(const char *what)
{
    fprintf(stderr, "mpi_bench: rank %d: %s\n", rank, what);
    MPI_Abort(MPI_COMM_WORLD, EXIT_FAILURE);
}

static void open_all(size_t n, size_t size)
{
    d = crew_dist_open(m, n, size);
    out = d ? crew_dist_like(d, size) : NULL;
    if (!out)
        fail("no memory");
}

static void close_all(void)
{
    crew_dist_close(d);
    crew_dist_close(out);
}

/* Both give the same, but for the rounding of sums. */
static void check(void)
{
    double sum;
    size_t count = 0, all = 0;
    crew_sum_dist_f64(d, &sum);
    if (!(fabs(sum - hand_sum(crew_dist_items(d), crew_dist_count(d))) < 1e-9 * sum))
        fail("sums differ");
    double *sorted = hand_sort(random_part, crew_dist_count(d), &count);
    for (size_t i = 1; i < count; i++)
        if (sorted[i] < sorted[i - 1])
            fail("the sort by hand is wrong");
    free(sorted);
    MPI_Allreduce(&count, &all, 1, MPI_UNSIGNED_LONG, MPI_SUM, MPI_COMM_WORLD);
    if (all != crew_dist_n(d))
        fail("the sort by hand loses elements");
}

static void run_arrays(void)
{
    static const size_t sizes[] = {100000, 1000000, 10000000}, sides[] = {200, 1000, 2000};
    for (size_t k = 0; k < 3 - (size_t)quick; k++) {
        open_all(sizes[k], sizeof(double));
        fill();
        check();
        compare("sum", sizes[k], crew_sum, sum_by_hand);
        compare("scan", sizes[k], crew_scan, scan_by_hand);
        compare("sort", sizes[k], crew_sort_all, sort_by_hand);
        close_all();
        rows = cols = sides[k];
        open_all(rows, cols * sizeof(double));
        compare("halo", rows * cols, crew_step, step_by_hand);
        close_all();
    }
}

static int nothing(const void *in, void *to, void *ctx)
{
    (void)ctx;
    memcpy(to, in, 8);
    return 0;
}

static void run_items(void)
{
    static uint64_t in[ITEMS], results[ITEMS];
    if (crew_mpi_register("nothing", nothing, NULL))
        fail("register");
    if (rank > 0) {
        crew_mpi_serve(m);
        return;
    }
    const int items = quick ? ITEMS / 10 : ITEMS;
    double map[5], submit[5];
    for (int k = 0; k < 5; k++) {
        double start = MPI_Wtime();
        if (crew_mpi_map(m, "nothing", in, 8, results, 8, (size_t)items, NULL, NULL, NULL))
            fail("map");
        map[k] = (MPI_Wtime() - start) / items;
        start = MPI_Wtime();
        for (int i = 0; i < items; i++)
            if (!crew_mpi_submit(m, "nothing", &in[i], 8, 8, NULL))
                fail("submit");
        for (crew_mpi_future *f; (f = crew_mpi_next_done(m)); crew_mpi_future_release(f))
            crew_mpi_future_result(f, &results[0]);
        submit[k] = (MPI_Wtime() - start) / items;
    }
    const double map_ns = 1e9 * typical(map, 5), submit_ns = 1e9 * typical(submit, 5);
    printf("bench mpi-items crew-map n=%d threads=%d median_ns=%.1f ratio=1\n", items, threads, map_ns);
    printf("bench mpi-items crew-submit n=%d threads=%d median_ns=%.1f ratio=%.2f\n", items, threads, submit_ns,
           submit_ns / map_ns);
    crew_mpi_release(m);
}

/* Half of a message to and fro. */
static double ping(char *bytes, int size, int times)
{
    static double each[MOST_ROUNDS];
    const int rounds = 21;
    for (int k = 0; k < rounds; k++) {
        const double start = MPI_Wtime();
        for (int i = 0; i < times; i++) {
            if (rank == 0)
                MPI_Send(bytes, size, MPI_BYTE, 1, 0, MPI_COMM_WORLD);
            MPI_Recv(bytes, size, MPI_BYTE, 1 - rank, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            if (rank == 1)
                MPI_Send(bytes, size, MPI_BYTE, 0, 0, MPI_COMM_WORLD);
        }
        each[k] = (MPI_Wtime() - start) / (2 * times);
    }
    return typical(each, rounds);
}

static void run_messages(void)
{
    enum { LARGE = 1 << 23 };
    static char bytes[LARGE];
    const double latency = ping(bytes, 8, 1000), large = ping(bytes, LARGE, 2);
    if (rank == 0)
        printf("# latency_us=%.3f bandwidth_gbs=%.2f between two ranks of this machine\n", 1e6 * latency,
               LARGE / large * 1e-9);
}

int main(int argc, char **argv)
{
    threads = argc > 1 ? atoi(argv[1]) : 1;
    quick = argc > 2 && atoi(argv[2]);
    const char *least = getenv("CREW_BENCH_BEST");
    best = least && strcmp(least, "1") == 0;
    omp_set_num_threads(threads);
    crew_set_num_threads(threads);
    m = crew_mpi_open(MPI_COMM_WORLD);
    if (!m)
        return EXIT_FAILURE;
    rank = crew_mpi_rank(m);
    ranks = crew_mpi_ranks(m);
    run_arrays();
    if (ranks == 2) {
        run_messages();
        run_items();
    }
    return crew_mpi_close(m) != 0;
}
