/* crew/mpi.h: distributed arrays, files, halos, grids, groups. */
#include "../../lib/mpi/transfer.h"
#include "mpi_test.h"
#include <errno.h>
#include <unistd.h>

static const size_t sizes[] = {0, 1, 2, 5, 6, 7, 100, 4097};
enum { SIZES = sizeof sizes / sizeof *sizes, MOST = 5000 };

static uint64_t all[MOST];

static void fill(void)
{
    for (size_t i = 0; i < MOST; i++)
        all[i] = number(i);
}

static void test_parts(void)
{
    fill();
    for (size_t k = 0; k < SIZES; k++)
        for (int layout = 0; layout < LAYOUTS; layout++) {
            const size_t n = sizes[k];
            crew_dist *d = distribute(layout, all, n, sizeof *all);
            EXPECT(d != NULL);
            EXPECT(crew_dist_begin(d) == part_begin(layout, n, rank));
            EXPECT(holds(d, all, n, sizeof *all));
            for (size_t i = 0; i < n; i += 1 + n / 50) {
                int owner = crew_dist_owner(d, i);
                EXPECT(part_begin(layout, n, owner) <= i && i < part_begin(layout, n, owner + 1));
            }
            EXPECT(crew_dist_owner(d, n) == -1);
            static uint64_t copy[MOST];
            for (int root = -1; root < ranks; root++) {
                memset(copy, 0, sizeof copy);
                EXPECT(crew_dist_gather(d, root == -1 || root == rank ? copy : NULL, root) == 0);
                if (root == -1 || root == rank)
                    EXPECT(memcmp(copy, all, n * sizeof *all) == 0);
            }
            crew_dist *like = crew_dist_like(d, 3);
            EXPECT(crew_dist_count(like) == crew_dist_count(d) && crew_dist_begin(like) == crew_dist_begin(d));
            crew_dist_close(like);
            EXPECT(crew_dist_balance(d) == 0);
            EXPECT(holds(d, all, n, sizeof *all));
            const size_t even = n / (size_t)ranks, count = crew_dist_count(d);
            EXPECT(count == even || count == even + 1);
            crew_dist_close(d);
        }
    crew_dist *large = crew_dist_open(group, (size_t)ranks << 21, 1);
    EXPECT(crew_dist_begin(large) % 16384 == 0 && crew_dist_count(large) >= (1 << 21) - 16384);
    crew_dist_close(large);
}

/* The same error on all ranks, though one alone makes the mistake. */
static void test_errors(void)
{
    EXPECT(crew_dist_open(group, 5, 0) == NULL && errno == EINVAL);
    EXPECT(crew_dist_open(NULL, 5, 1) == NULL && errno == EINVAL);
    EXPECT(crew_dist_open(group, SIZE_MAX / 2, 8) == NULL && errno == EOVERFLOW);
    EXPECT(crew_dist_from(group, rank == ranks - 1 ? NULL : all, 3, 8) == NULL && errno == EINVAL);
    EXPECT(crew_dist_from(group, all, rank == ranks - 1 ? SIZE_MAX / 16 : 0, 32) == NULL && errno == EOVERFLOW);
    EXPECT(crew_dist_load(group, "no such file.npy", NULL) == NULL && errno == ENOENT);
    EXPECT(crew_mpi_open(MPI_COMM_NULL) == NULL && errno == EINVAL);
    crew_dist *d = crew_dist_open(group, 5, 3);
    EXPECT(crew_dist_save(d, "x.npy", CREW_F64) == -EINVAL);
    EXPECT(crew_dist_save(d, "no such folder/x.npy", CREW_U8) == -ENOENT);
    EXPECT(crew_dist_gather(d, NULL, ranks) == -EINVAL);
    EXPECT(crew_dist_gather(d, NULL, 0) == -EINVAL);
    crew_dist_close(d);
    crew_dist_close(NULL);
    EXPECT(crew_mpi_close(NULL) == 0);
}

static void test_halo(void)
{
    static uint64_t before[MOST], after[MOST];
    fill();
    for (size_t k = 0; k < SIZES; k++)
        for (int layout = 0; layout < LAYOUTS; layout++)
            for (int wrap = 0; wrap < 2; wrap++)
                for (size_t width = 0; width < 9; width += width < 3 ? 1 : 5) {
                    const size_t n = sizes[k];
                    crew_dist *d = distribute(layout, all, n, sizeof *all);
                    memset(before, 0xff, sizeof before);
                    memset(after, 0xff, sizeof after);
                    int code = crew_dist_halo(d, width, wrap, before, after);
                    EXPECT(code == (wrap && width > n ? -EINVAL : 0));
                    const size_t begin = crew_dist_begin(d), end = begin + crew_dist_count(d);
                    for (size_t i = 0; code == 0 && i < width; i++) {
                        bool below = begin + i >= width, above = end + i < n, some = begin < end;
                        uint64_t left = !some || (!below && !wrap) ? UINT64_MAX : all[(begin + n + i - width) % n];
                        uint64_t right = !some || (!above && !wrap) ? UINT64_MAX : all[(end + i) % n];
                        EXPECT(before[i] == left);
                        EXPECT(after[i] == right);
                    }
                    EXPECT(before[width] == UINT64_MAX && after[width] == UINT64_MAX);
                    EXPECT(crew_dist_halo(d, width, wrap, NULL, after) == code);
                    crew_dist_close(d);
                }
}

static void test_grid(void)
{
    enum { ROWS = 23, COLS = 31 };
    for (size_t halo = 0; halo < 4; halo++)
        for (int wrap = 0; wrap < 2; wrap++) {
            crew_grid *g = crew_grid_open(group, ROWS, COLS, sizeof(uint64_t), halo);
            EXPECT(g != NULL);
            crew_grid_part p = crew_grid_get_part(g);
            uint64_t *cells = p.items, plane[ROWS * COLS];
            const size_t rows = p.row_end - p.row_begin, cols = p.col_end - p.col_begin;
            for (size_t i = 0; i < rows; i++)
                for (size_t j = 0; j < cols; j++)
                    cells[(i + halo) * p.stride + j + halo] = (p.row_begin + i) * COLS + p.col_begin + j + 1;
            EXPECT(crew_grid_halo(g, wrap) == 0);
            for (size_t i = 0; i < rows + 2 * halo; i++)
                for (size_t j = 0; j < cols + 2 * halo; j++) {
                    size_t row = p.row_begin + i + ROWS - halo, col = p.col_begin + j + COLS - halo;
                    bool outside = row < ROWS || row >= 2 * ROWS || col < COLS || col >= 2 * COLS;
                    uint64_t want = outside && !wrap ? 0 : row % ROWS * COLS + col % COLS + 1;
                    EXPECT(cells[i * p.stride + j] == want);
                }
            for (int root = 0; root < ranks; root++) {
                EXPECT(crew_grid_gather(g, rank == root ? plane : NULL, root) == 0);
                for (size_t i = 0; i < ROWS * COLS && rank == root; i++)
                    EXPECT(plane[i] == i + 1);
            }
            crew_grid_close(g);
        }
    EXPECT(crew_grid_open(group, 1, 1, 8, 2) == NULL && errno == ERANGE);
}

static void test_files(void)
{
    fill();
    for (size_t k = 0; k < SIZES; k++)
        for (int layout = 0; layout < LAYOUTS; layout++) {
            const size_t n = sizes[k], rows = n / 2;
            crew_dist *d = distribute(layout, all, n, sizeof *all), *pairs = distribute(layout, all, rows, 16);
            EXPECT(crew_dist_save(d, "dist.npy", CREW_U64) == 0);
            EXPECT(crew_dist_save(pairs, "pairs.npy", CREW_F64) == 0);
            if (rank == 0) {
                crew_array_info info;
                uint64_t *one = crew_load("dist.npy", &info);
                EXPECT(one && info.items == n && info.type == CREW_U64 && info.ndim == 1);
                EXPECT(one && memcmp(one, all, n * sizeof *one) == 0);
                free(one);
            }
            crew_array_info info;
            crew_dist *again = crew_dist_load(group, "dist.npy", &info);
            EXPECT(again && holds(again, all, n, sizeof *all) && info.items == n);
            crew_dist *two = crew_dist_load(group, "pairs.npy", &info);
            EXPECT(two && info.ndim == 2 && info.rows == rows && info.row_size == 16);
            EXPECT(two && holds(two, all, rows, 16));
            crew_dist_close(again);
            crew_dist_close(two);
            crew_dist_close(d);
            crew_dist_close(pairs);
            MPI_Barrier(MPI_COMM_WORLD);
        }
}

static void test_chunks(void)
{
    const size_t most = crew__mpi_most;
    for (size_t limit = 1; limit < 100; limit = limit * 3 + 4) {
        crew__mpi_most = limit;
        fill();
        crew_dist *d = distribute(5, all, 301, sizeof *all);
        EXPECT(crew_dist_balance(d) == 0 && holds(d, all, 301, sizeof *all));
        uint64_t copy[301];
        EXPECT(crew_dist_gather(d, copy, -1) == 0 && memcmp(copy, all, sizeof copy) == 0);
        crew_dist_close(d);
    }
    crew__mpi_most = most;
    test_halo();
}

static int inside(size_t begin, size_t end, void *ctx)
{
    (void)begin;
    (void)end;
    *(int *)ctx = crew_for_dist(NULL, inside, NULL, NULL) == -EINVAL && crew_mpi_close(group) == -EPERM;
    return crew_dist_open(group, 1, 1) ? 1 : errno;
}

/* No worker calls MPI. */
static void test_inside_callbacks(void)
{
    int refused = 0;
    EXPECT(crew_for(1, inside, &refused, NULL) == EPERM && refused);
}

/* The group's communicator has its own error handler and its own messages. */
static void test_communicator(void)
{
    MPI_Errhandler before, after;
    MPI_Comm_get_errhandler(MPI_COMM_WORLD, &before);
    EXPECT(before == MPI_ERRORS_ARE_FATAL);
    MPI_Request request;
    int sent = rank, received = -1, to = (rank + 1) % ranks, from = (rank + ranks - 1) % ranks;
    MPI_Irecv(&received, 1, MPI_INT, MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &request);
    test_parts();
    MPI_Send(&sent, 1, MPI_INT, to, 1, MPI_COMM_WORLD);
    MPI_Wait(&request, MPI_STATUS_IGNORE);
    EXPECT(received == from);
    MPI_Comm half;
    MPI_Comm_split(MPI_COMM_WORLD, rank % 2, rank, &half);
    crew_mpi *m = crew_mpi_open(half);
    EXPECT(m && crew_mpi_rank(m) == rank / 2);
    crew_dist *d = crew_dist_open(m, 10, 1);
    EXPECT(d && crew_dist_n(d) == 10);
    crew_dist_close(d);
    EXPECT(crew_mpi_close(m) == 0);
    MPI_Comm_free(&half);
    MPI_Comm_get_errhandler(MPI_COMM_WORLD, &after);
    EXPECT(after == MPI_ERRORS_ARE_FATAL);
}

static void test_explain(void)
{
    char text[600], threads[300];
    int length = crew_mpi_explain(group, text, sizeof text);
    EXPECT(length == (int)strlen(text) && strstr(text, "this node"));
    EXPECT(crew_mpi_explain(group, NULL, 0) == length);
    EXPECT(crew_mpi_explain(group, NULL, 1) == -EINVAL);
    crew_explain_threads(threads, sizeof threads);
    EXPECT(getenv("CREW_NUM_THREADS") || ranks == 1 || strstr(threads, "share of what"));
    int sum, mine = crew_num_threads(), cpus = (int)sysconf(_SC_NPROCESSORS_ONLN);
    MPI_Allreduce(&mine, &sum, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    EXPECT(getenv("CREW_NUM_THREADS") || sum <= (cpus > ranks ? cpus : ranks));
}

int main(void)
{
    static const struct mpi_case cases[] = {
        {"parts", test_parts},
        {"errors", test_errors},
        {"halo", test_halo},
        {"grid", test_grid},
        {"files", test_files},
        {"chunks", test_chunks},
        {"inside_callbacks", test_inside_callbacks},
        {"communicator", test_communicator},
        {"explain", test_explain},
    };
    return run_cases("test_mpi_dist", cases, sizeof cases / sizeof *cases);
}
