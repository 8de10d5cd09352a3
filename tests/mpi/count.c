/* Messages and bytes that calls take at 1, 2, 4 ... ranks, counted through the profiling interface: the ranks of one
   job make smaller and smaller groups. They are fitted by a + b log2 ranks + c ranks, and the counts must be what mpi.h
   says. From the fits comes what a call would cost on 1,024 ranks beyond local work: messages one after the other, each
   a latency, and bytes. Usage: count [latency in us] [bandwidth in GB/s] */
#include "mpi_test.h"
#include "polite.h"
#include <math.h>

enum { EACH = 32768, MOST_SIZES = 16, MODELLED = 1024, TERMS = 3 };

static crew_dist *d, *other;
static uint64_t counts[256];

static int call_for(void);
static int call_sum(void);
static int call_reduce(void);
static int call_scan(void);
static int call_sort(void);
static int call_filter(void);
static int call_find(void);
static int call_histogram(void);
static int call_halo(void);

static const struct {
    const char *name;
    int (*call)(void);
    bool log; /* O(log ranks) messages */
} calls[] = {{"for", call_for, true},
             {"sum", call_sum, true},
             {"reduce", call_reduce, true},
             {"scan", call_scan, true},
             {"filter", call_filter, true},
             {"find", call_find, true},
             {"histogram", call_histogram, true},
             {"halo", call_halo, true},
             {"sort", call_sort, false}};
enum { CALLS = sizeof calls / sizeof *calls };

static int nothing(size_t begin, size_t end, void *ctx)
{
    (void)begin;
    (void)end;
    (void)ctx;
    return 0;
}

static int call_for(void)
{
    return crew_for_dist(d, nothing, NULL, NULL);
}

static int call_sum(void)
{
    double sum;
    return crew_sum_dist_f64(d, &sum);
}

static int fold(size_t begin, size_t end, const void *rows, void *acc, void *ctx)
{
    (void)ctx;
    const double *x = rows;
    for (size_t i = 0; i < end - begin; i++)
        *(double *)acc += x[i];
    return 0;
}

static void merge(void *acc, const void *right, void *ctx)
{
    (void)ctx;
    *(double *)acc += *(const double *)right;
}

static int call_reduce(void)
{
    double sum;
    return crew_reduce_dist(d, &(crew_array_reducer){.size = sizeof sum, .fold = fold, .merge = merge}, NULL, &sum,
                            NULL);
}

static int call_scan(void)
{
    return crew_scan_inclusive_sum_dist_f64(d, other, NULL);
}

static int flag(size_t begin, size_t end, unsigned char *flags, void *ctx)
{
    (void)ctx;
    for (size_t i = begin; i < end; i++)
        flags[i - begin] = i % 2 == 0;
    return 0;
}

static int call_filter(void)
{
    crew_dist *kept = NULL;
    int code = crew_filter_dist(d, flag, NULL, &kept, NULL);
    crew_dist_close(kept);
    return code;
}

static int call_find(void)
{
    size_t at;
    return crew_find_dist_f64(d, -1, &at);
}

static int call_histogram(void)
{
    size_t out_of_range;
    return crew_histogram_dist_f64(d, 0, 1, counts, 256, &out_of_range);
}

static int call_halo(void)
{
    double before[8], after[8];
    return crew_dist_halo(d, 8, true, before, after);
}

static int call_sort(void)
{
    return crew_sort_dist_f64(d);
}

/* The most of any rank, for one call at one number of ranks. */
struct most {
    double sends, receives, collectives, all_to_all, bytes;
};

static int log_of(int p)
{
    int log = 0;
    while (1 << log < p)
        log++;
    return log;
}

/* Messages that a rank waits for one after the other: a collective is as many as it takes to reach all. */
static double messages(const struct most *m, int p)
{
    return m->sends + m->receives + m->collectives * log_of(p);
}

static void measure(crew_mpi *m, MPI_Comm comm, struct most *most)
{
    const int p = crew_mpi_ranks(m), own = crew_mpi_rank(m);
    for (size_t c = 0; c < CALLS; c++) {
        static double x[EACH + 1];
        const size_t begin = (size_t)own * EACH + (own > 0), count = EACH + (own == 0);
        for (size_t i = 0; i < count; i++)
            x[i] = (double)(number(begin + i) >> 11) / 9007199254740992.0;
        d = crew_dist_from(m, x, count, sizeof *x);
        other = crew_dist_like(d, sizeof(double));
        MPI_Barrier(comm);
        message_counts = (struct message_counts){0};
        const int code = calls[c].call();
        const struct message_counts got = message_counts;
        EXPECT(code == 0);
        double mine[5] = {(double)got.sends, (double)got.receives, (double)got.collectives, (double)got.all_to_all,
                          (double)(got.send_bytes + got.collective_bytes)};
        double all[5];
        MPI_Allreduce(mine, all, 5, MPI_DOUBLE, MPI_MAX, comm);
        most[c] = (struct most){all[0], all[1], all[2], all[3], all[4]};
        if (own == 0)
            printf("count %-9s ranks=%-3d sends=%.0f receives=%.0f collectives=%.0f bytes=%.0f\n", calls[c].name, p,
                   all[0], all[1], all[2], all[4]);
        crew_dist_close(other);
        crew_dist_close(d);
    }
}

/* What counts depend on: a tree or a collective, and one or two bytes from each rank. The samples of a sort are as many
   as the square of the ranks. */
static double term(int i, int p, bool square)
{
    return i == 0 ? 1 : i == 1 && !square ? log_of(p) : i == 1 || !square ? p : (double)p * p;
}

/* Least squares by the normal equations, for y[k] of 2^(k + 1) ranks. */
static void fit(const double *y, int count, bool square, double *f)
{
    double a[TERMS][TERMS + 1] = {{0}};
    for (int k = 0; k < count; k++) {
        for (int i = 0; i < TERMS; i++) {
            for (int j = 0; j < TERMS; j++)
                a[i][j] += term(i, 2 << k, square) * term(j, 2 << k, square);
            a[i][TERMS] += term(i, 2 << k, square) * y[k];
        }
    }
    for (int i = 0; i < TERMS; i++)
        for (int r = 0; r < TERMS; r++)
            for (int j = TERMS; r != i && j >= i; j--)
                a[r][j] -= a[r][i] / a[i][i] * a[i][j];
    for (int i = 0; i < TERMS; i++)
        f[i] = a[i][TERMS] / a[i][i];
}

static double at(const double *f, int p, bool square)
{
    return f[0] * term(0, p, square) + f[1] * term(1, p, square) + f[2] * term(2, p, square);
}

/* most[k][c]: of 2^k ranks. */
static void check(struct most (*most)[CALLS], int sizes, double latency, double bandwidth)
{
    for (size_t c = 0; c < CALLS; c++) {
        double y[MOST_SIZES], bytes[MOST_SIZES], f[TERMS], g[TERMS];
        EXPECT(most[0][c].sends + most[0][c].receives == 0); /* nobody to talk to */
        for (int k = 1; k < sizes; k++) {
            const struct most *m = &most[k][c];
            y[k - 1] = messages(m, 1 << k);
            bytes[k - 1] = m->bytes;
            /* A tree: one message from each of log2 ranks, and one or two of elements across a border. */
            EXPECT(!calls[c].log || (m->receives <= k + 2 && m->sends <= k + 2));
            EXPECT(m->collectives <= 15 && m->collectives == most[1][c].collectives);
            EXPECT(m->all_to_all == (calls[c].log ? 0 : 1));
            /* What goes from each to each once, and the samples along a tree. */
            EXPECT(calls[c].log || (m->sends <= (1 << k) && m->receives <= (1 << k) - 1 + k));
        }
        if (sizes < 5)
            continue;
        fit(y, sizes - 1, false, f);
        EXPECT(!calls[c].log || fabs(f[2]) < 0.05);
        for (int k = 1; k < sizes; k++)
            EXPECT(fabs(at(f, 1 << k, false) - y[k - 1]) < 1 + 0.1 * y[k - 1]);
        if (sizes < 7) /* too few for the bytes */
            continue;
        fit(bytes, sizes - 1, !calls[c].log, g);
        const char *second = calls[c].log ? "log2(p)" : "p", *third = calls[c].log ? "p" : "p^2";
        printf("model %-9s messages=%.1f%+.2f*log2(p)%+.3f*p bytes=%.0f%+.1f*%s%+.1f*%s", calls[c].name, f[0], f[1],
               f[2], g[0], g[1], second, g[2], third);
        if (latency > 0)
            printf(" ranks=%d us=%.0f", MODELLED,
                   at(f, MODELLED, false) * latency + at(g, MODELLED, !calls[c].log) / bandwidth * 1e-3);
        printf("\n");
    }
}

static double latency, bandwidth = 1;

static void test_counts(void)
{
    static struct most most[MOST_SIZES][CALLS];
    int sizes = 0;
    for (int p = 1; p <= ranks; p *= 2, sizes++) {
        MPI_Comm comm;
        PMPI_Comm_split(MPI_COMM_WORLD, rank < p ? 0 : MPI_UNDEFINED, rank, &comm);
        if (comm != MPI_COMM_NULL) {
            crew_mpi *m = crew_mpi_open(comm);
            measure(m, comm, most[sizes]);
            EXPECT(crew_mpi_close(m) == 0);
            MPI_Comm_free(&comm);
        }
        MPI_Barrier(MPI_COMM_WORLD);
    }
    if (rank == 0)
        check(most, sizes, latency, bandwidth);
}

int main(int argc, char **argv)
{
    static const struct mpi_case cases[] = {{"counts", test_counts}};
    latency = argc > 1 ? strtod(argv[1], NULL) : 0;
    bandwidth = argc > 2 ? strtod(argv[2], NULL) : 1;
    return run_cases("count", cases, 1);
}
