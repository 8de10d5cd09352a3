/* Each allocation of a call over ranks fails in turn, on one rank, once and from then on: every rank gets -ENOMEM, what
   was given is intact, nobody waits for ever, and the next call is right. Linked with support/counting_alloc.c.
   Each collective call of MPI fails in turn, on all ranks: every rank gets -EIO, and the same holds. So it does where
   the last message that each rank sends, receives or waits for fails. */
#include "../../lib/mpi/transfer.h"
#include "../support/counting_alloc.h"
#include "mpi_uses.h"
#include "polite.h"
#include <limits.h>

static bool intact(void)
{
    return holds(x, values, N, 8) && holds(keys, keys_of_values, N, 4);
}

/* The rank that fails has as many allocations as the others have or more: all ranks go through the same rounds. Returns
   whether there were any. */
static bool fail_each(const struct use *use, int who)
{
    long asked = 0, most = 0;
    crew_scratch_trim();
    counting_begin(-1, false);
    int code = use->run();
    asked = counting_end();
    expect(code == 0, use->name, __FILE__, __LINE__);
    PMPI_Allreduce(&asked, &most, 1, MPI_LONG, MPI_MAX, MPI_COMM_WORLD);
    for (long round = 0; round < 2 * most; round++) {
        crew_scratch_trim();
        counting_begin(rank == who ? round / 2 : -1, round % 2);
        code = use->run();
        counting_end();
        int lowest = code, highest = code;
        PMPI_Allreduce(MPI_IN_PLACE, &lowest, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
        PMPI_Allreduce(MPI_IN_PLACE, &highest, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
        expect(lowest == highest && (code == 0 || code == -ENOMEM), use->name, __FILE__, __LINE__);
        expect(intact(), use->name, __FILE__, __LINE__);
        expect(use->run() == 0, use->name, __FILE__, __LINE__);
    }
    return most > 0;
}

/* All of it on 1 and 2 ranks, a half on 4, a quarter on others, as it takes long. */
static int step(void)
{
    return ranks <= 2 ? 1 : ranks == 4 ? 2 : 4;
}

static void test_memory(void)
{
    open_values();
    int asked = 0;
    for (int k = 0; k < USES; k++)
        asked += k % step() != 0 ? 1 : fail_each(&uses[k], k % ranks);
    /* A gather, halos of few ranks, what is found or counted in place, and what one rank does need no memory. */
    EXPECT(asked >= USES - 8 || ranks == 1);
    close_values();
}

/* Of messages so short that a transfer has more of them than it has room for on the stack. */
static void test_memory_of_parts(void)
{
    static const char *const names[] = {"balance", "gather", "halo", "grid"};
    const size_t most = crew__mpi_most;
    int asked = 0;
    open_values();
    crew__mpi_most = 2;
    for (int k = 0; k < USES; k++)
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            if (strcmp(uses[k].name, names[i]) == 0)
                asked += k % step() != 0 ? 1 : fail_each(&uses[k], k % ranks);
    EXPECT(asked >= 2);
    crew__mpi_most = most;
    close_values();
}

static long fail_calls(int first, int by)
{
    long calls = 0;
    for (int k = first; k < USES; k += by) {
        collectives_before_failure = LONG_MAX;
        int code = uses[k].run();
        const long all = LONG_MAX - collectives_before_failure;
        for (long i = k % step(); code == 0 && i < all; i += step()) {
            collectives_before_failure = i;
            expect(uses[k].run() == -EIO, uses[k].name, __FILE__, __LINE__);
        }
        collectives_before_failure = -1;
        expect(intact(), uses[k].name, __FILE__, __LINE__);
        code = code ? code : uses[k].run();
        expect(code == 0, uses[k].name, __FILE__, __LINE__);
        calls += all;
    }
    return calls;
}

static void test_calls(void)
{
    open_values();
    EXPECT(fail_calls(0, 1) >= USES);
    close_values();
}

/* What is divided among several messages ends with the one that fails. */
static void test_parts(void)
{
    const size_t most = crew__mpi_most;
    open_values();
    crew__mpi_most = 7;
    EXPECT(fail_calls(5, 6) >= USES / 6);
    crew__mpi_most = most;
    close_values();
}

/* The last message, because nothing comes behind it: after an earlier one other ranks could wait for ever, as with an
   MPI that has failed. On up to four ranks, where the last message of one is no earlier one of another. */
static void test_last_message(void)
{
    skipped = ranks > 4;
    if (skipped)
        return;
    open_values();
    int failed = 0;
    for (int k = 0; k < USES; k++) {
        messages_before_failure = LONG_MAX;
        expect(uses[k].run() == 0, uses[k].name, __FILE__, __LINE__);
        const long all = LONG_MAX - messages_before_failure;
        long fewest = 0;
        messages_before_failure = -1;
        PMPI_Allreduce(&all, &fewest, 1, MPI_LONG, MPI_MIN, MPI_COMM_WORLD);
        if (fewest == 0)
            continue;
        messages_before_failure = all - 1;
        expect(uses[k].run() == -EIO, uses[k].name, __FILE__, __LINE__);
        messages_before_failure = -1;
        expect(intact(), uses[k].name, __FILE__, __LINE__);
        expect(uses[k].run() == 0, uses[k].name, __FILE__, __LINE__);
        failed++;
    }
    EXPECT(failed > USES / 3 || ranks == 1);
    close_values();
}

int main(void)
{
    static const struct mpi_case cases[] = {{"memory", test_memory},
                                            {"calls", test_calls},
                                            {"memory of parts", test_memory_of_parts},
                                            {"parts", test_parts},
                                            {"last message", test_last_message}};
    return run_cases("test_mpi_memory", cases, sizeof cases / sizeof *cases);
}
