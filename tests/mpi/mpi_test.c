/* What the suites over ranks share. */
#include "mpi_test.h"
#include "../../lib/mpi/world.h"

crew_mpi *group;
int rank, ranks;
bool skipped;

static int failures;

void expect(bool ok, const char *what, const char *file, int line)
{
    if (ok)
        return;
    failures++;
    printf("%s:%d:F: rank %d of %d: %s\n", file, line, rank, ranks, what);
    fflush(stdout);
}

int run_cases(const char *suite, const struct mpi_case *cases, size_t count)
{
    int failed = 0;
    group = crew_mpi_open(MPI_COMM_WORLD);
    if (!group) {
        perror("crew_mpi_open");
        return EXIT_FAILURE;
    }
    rank = crew_mpi_rank(group);
    ranks = crew_mpi_ranks(group);
    for (size_t i = 0; i < count; i++) {
        int all;
        failures = 0;
        skipped = false;
        const char *only = getenv("MPI_TEST_CASE");
        if (only && strcmp(only, cases[i].name) != 0)
            continue;
        cases[i].run();
        MPI_Allreduce(&failures, &all, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
        failed += all > 0;
        if (rank == 0)
            printf("%s %s %s, %d ranks, %d threads\n",
                   all       ? "FAIL"
                   : skipped ? "SKIP"
                             : "PASS",
                   suite, cases[i].name, ranks, crew_num_threads());
        fflush(stdout);
    }
    if (crew_mpi_close(group) != 0)
        failed++;
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

uint64_t number(uint64_t i)
{
    uint64_t x = (i + 1) * 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

size_t part_begin(int layout, size_t n, int r)
{
    const size_t at = (size_t)r, p = (size_t)ranks;
    if (r == 0 || r == ranks)
        return r == 0 ? 0 : n;
    switch (layout) {
    case 0:
        return n * at / p;
    case 1:
        return n;
    case 2:
        return r <= ranks / 2 ? 0 : n;
    case 3:
        return 0;
    case 4:
        return n - (n >> r); /* a half, a quarter, ... */
    default:
        /* Borders in any order of distance; the larger of all up to here, so that they rise. */
        {
            size_t begin = 0;
            for (int k = 1; k <= r; k++) {
                size_t border = (size_t)(number((uint64_t)k / 2 + n) % (n + 1));
                begin = border > begin ? border : begin;
            }
            return begin;
        }
    }
}

crew_dist *distribute(int layout, const void *all, size_t n, size_t size)
{
    const size_t begin = part_begin(layout, n, rank), end = part_begin(layout, n, rank + 1);
    return crew_dist_from(group, n > 0 ? (const char *)all + begin * size : NULL, end - begin, size);
}

bool holds(const crew_dist *d, const void *all, size_t n, size_t size)
{
    const size_t begin = crew_dist_begin(d), count = crew_dist_count(d);
    return crew_dist_n(d) == n && begin + count <= n &&
           (count == 0 || memcmp(crew_dist_items(d), (const char *)all + begin * size, count * size) == 0);
}

void receive_what_is_left(const crew_mpi *m)
{
    static char left[1 << 16];
    MPI_Status status;
    for (int there = 1; there;) {
        PMPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, m->comm, &there, MPI_STATUS_IGNORE);
        if (there)
            PMPI_Recv(left, sizeof left, MPI_BYTE, MPI_ANY_SOURCE, MPI_ANY_TAG, m->comm, &status);
    }
}
