/* How many items go out to a rank at once. Batches grow until one takes some milliseconds, and shrink towards the end,
   so that ranks end together (guided self-scheduling: Polychronopoulos and Kuck, doi:10.1109/TC.1987.5009495); each has
   an item for every thread of its rank while there are as many. */
#include "batch.h"

static const double batch_seconds = 5e-3;
static const double least_seconds = 2e-5;         /* what goes out and comes back costs some microseconds */
static const size_t most_bytes = (size_t)1 << 26; /* of a batch, where an item is not larger */

size_t crew__batch_least(double item_seconds)
{
    return item_seconds > 0 ? (size_t)(least_seconds / item_seconds) : 0;
}

size_t crew__batch_size(const crew_mpi *m, int rank, int held, size_t left, double item_seconds, size_t item_bytes)
{
    const int first = m->ranks > 1; /* rank 0 hands out, unless it is alone */
    size_t all = 0, count = 1;
    for (int r = first; r < m->ranks; r++)
        all += (size_t)m->threads[r];
    const size_t fair = left / (2 * CREW__AHEAD * (size_t)(m->ranks - first)), threads = (size_t)m->threads[rank];
    if (item_seconds > 0)
        count = item_seconds * (double)fair < batch_seconds ? fair : (size_t)(batch_seconds / item_seconds);
    count = crew__larger(count, crew__batch_least(item_seconds));
    /* A rank without work has nothing better to do than one item a thread; one that works may be the slower one. */
    count = crew__larger(
        count, held == 0 ? threads : crew__smaller(threads, (size_t)((double)left * (double)threads / (double)all)));
    if (item_bytes > 0)
        count = crew__smaller(count, most_bytes / item_bytes);
    return crew__larger(crew__smaller(count, left), 1);
}

double crew__batch_measure(double item_seconds, double seconds, size_t count)
{
    const double now = seconds / (double)count;
    return item_seconds > 0 ? (item_seconds + now) / 2 : now > 0 ? now : 1e-9;
}
