/* crew/mpi.h: items handed out to ranks. */
#include "../../lib/mpi/transfer.h"
#include "../../lib/mpi/world.h"
#include "mpi_test.h"
#include "polite.h"
#include <errno.h>
#include <math.h>

enum { MOST = 20000 };

static uint64_t in[MOST], out[MOST], want[MOST];

static int mix(const void *from, void *to, void *ctx)
{
    uint64_t x;
    memcpy(&x, from, sizeof x);
    const uint64_t *bad = ctx;
    if (bad[0] && x % bad[0] == bad[1])
        return 50 + (int)(x % 7);
    for (uint64_t k = 0; k < x % 100; k++)
        x = number(x);
    memcpy(to, &x, sizeof x);
    return 0;
}

static uint64_t never[2], sometimes[2] = {1000, 777};
static size_t told;

static void ready(size_t begin, size_t end, void *ctx)
{
    EXPECT(begin == told && begin < end);
    EXPECT(memcmp(out + begin, want + begin, (end - begin) * sizeof *out) == 0);
    told = end;
    (void)ctx;
}

static int twice_as_large(const void *from, void *to, void *ctx)
{
    (void)ctx;
    memcpy(to, from, 24);
    memcpy((char *)to + 24, from, 24);
    return 0;
}

static void run_maps(void)
{
    for (size_t n = 0; n < MOST; n = n * 3 + 1) {
        memset(out, 0, sizeof out);
        told = 0;
        EXPECT(crew_mpi_map(group, "mix", in, 8, out, 8, n, ready, NULL, NULL) == 0);
        EXPECT(memcmp(out, want, n * sizeof *out) == 0 && told == n);
        size_t failed = 0, local = 0;
        const crew_options opt = {.failed = &local};
        int code = crew_map(in, 8, out, 8, n, mix, sometimes, &opt);
        memset(out, 0, sizeof out);
        EXPECT(crew_mpi_map(group, "sometimes", in, 8, out, 8, n, NULL, NULL, &(crew_options){.failed = &failed}) ==
               code);
        EXPECT(failed == local && memcmp(out, want, (code ? failed : n) * sizeof *out) == 0);
    }
    static char wide[MOST / 100 * 48];
    EXPECT(crew_mpi_map(group, "twice", in, 24, wide, 48, MOST / 100, NULL, NULL, NULL) == 0);
    EXPECT(memcmp(wide + 48, in + 3, 24) == 0 && memcmp(wide + 72, in + 3, 24) == 0);
    crew_cancel stop = {1};
    EXPECT(crew_mpi_map(group, "mix", in, 8, out, 8, 5, NULL, NULL, &(crew_options){.cancel = &stop}) == -ECANCELED);
    EXPECT(crew_mpi_map(group, "mix", in, 8, out, 8, MOST, NULL, NULL, &(crew_options){.timeout = 1e-9}) == -ETIMEDOUT);
    EXPECT(crew_mpi_map(group, "nobody", in, 8, out, 8, 5, NULL, NULL, NULL) == -ENOENT);
    EXPECT(crew_mpi_map(group, "mix", in, 8, in, 8, 5, NULL, NULL, NULL) == -EINVAL);
    EXPECT(crew_mpi_map(group, "", in, 8, out, 8, 5, NULL, NULL, NULL) == -EINVAL);
}

static void run_refused(void)
{
    static const char name_too_long[] = "a name of so many letters that no message of a batch has room for it, whatever"
                                        " the items are and however many of them there may be to hand out";
    const size_t half = SIZE_MAX / 2;
    const crew_options late = {.timeout = (double)NAN};
    EXPECT(crew_mpi_map(NULL, "mix", in, 8, out, 8, 5, NULL, NULL, NULL) == -EINVAL);
    EXPECT(crew_mpi_map(group, NULL, in, 8, out, 8, 5, NULL, NULL, NULL) == -EINVAL);
    EXPECT(crew_mpi_map(group, name_too_long, in, 8, out, 8, 5, NULL, NULL, NULL) == -EINVAL);
    EXPECT(crew_mpi_map(group, "mix", in, 0, out, 8, 5, NULL, NULL, NULL) == -EINVAL);
    EXPECT(crew_mpi_map(group, "mix", in, 8, out, 0, 5, NULL, NULL, NULL) == -EINVAL);
    EXPECT(crew_mpi_map(group, "mix", NULL, 8, out, 8, 5, NULL, NULL, NULL) == -EINVAL);
    EXPECT(crew_mpi_map(group, "mix", in, 8, NULL, 8, 5, NULL, NULL, NULL) == -EINVAL);
    EXPECT(crew_mpi_map(group, "mix", in, 8, out, 8, 5, NULL, NULL, &late) == -EINVAL);
    EXPECT(crew_mpi_map(group, "mix", in, half, out, 8, 5, NULL, NULL, NULL) == -EOVERFLOW);
    EXPECT(crew_mpi_map(group, "mix", in, 8, out, half, 5, NULL, NULL, NULL) == -EOVERFLOW);
    EXPECT(crew_mpi_register(NULL, mix, NULL) == -EINVAL && crew_mpi_register(name_too_long, mix, NULL) == -EINVAL);
    EXPECT(crew_mpi_explain(NULL, NULL, 0) == -EINVAL && crew_mpi_explain(group, NULL, 1) == -EINVAL);
    EXPECT(crew_mpi_explain(group, NULL, 0) > 0);
}

static void test_map(void)
{
    for (size_t i = 0; i < MOST; i++)
        in[i] = number(i);
    EXPECT(crew_map(in, 8, want, 8, MOST, mix, never, NULL) == 0);
    EXPECT(crew_mpi_register("mix", mix, never) == 0 && crew_mpi_register("sometimes", mix, sometimes) == 0);
    EXPECT(crew_mpi_register("twice", twice_as_large, NULL) == 0);
    EXPECT(crew_mpi_register("", mix, NULL) == -EINVAL && crew_mpi_register("x", NULL, NULL) == -EINVAL);
    const size_t most = crew__mpi_most;
    for (int round = 0; round < 2; round++) {
        if (rank == 0) {
            run_maps();
            run_refused();
            EXPECT(crew_mpi_release(group) == 0 && crew_mpi_serve(group) == 0);
        } else {
            EXPECT(crew_mpi_map(group, "mix", in, 8, out, 8, 1, NULL, NULL, NULL) == -EINVAL);
            EXPECT(crew_mpi_release(group) == -EINVAL);
            EXPECT(crew_mpi_serve(group) == 0);
        }
        MPI_Barrier(MPI_COMM_WORLD);
        crew__mpi_most = 100;
    }
    crew__mpi_most = most;
}

/* Each message that rank 0 sends, receives or waits for fails in turn: the call says so, the ranks that serve can be
   released, and the next call is right. */
static void test_messages(void)
{
    enum { FEW = 50 };
    int code = -EIO;
    for (long k = 0; code != 0; k++) {
        if (rank == 0) {
            memset(out, 0, sizeof out);
            messages_before_failure = k;
            code = crew_mpi_map(group, "mix", in, 8, out, 8, FEW, NULL, NULL, NULL);
            EXPECT(messages_before_failure < 0 ? code == -EIO : code == 0 && memcmp(out, want, FEW * 8) == 0);
            messages_before_failure = -1;
            EXPECT(crew_mpi_release(group) == 0);
        } else {
            EXPECT(crew_mpi_serve(group) == 0);
        }
        MPI_Barrier(MPI_COMM_WORLD);
        if (rank == 0)
            receive_what_is_left(group);
        MPI_Bcast(&code, 1, MPI_INT, 0, MPI_COMM_WORLD);
    }
}

int main(void)
{
    static const struct mpi_case cases[] = {{"map", test_map}, {"messages", test_messages}};
    return run_cases("test_mpi_map", cases, sizeof cases / sizeof *cases);
}
