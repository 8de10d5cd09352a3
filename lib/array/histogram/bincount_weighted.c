/* Nothing here multiplies, so that no contraction can change a sum. */
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "../../core/loop/runner.h"
#include "bincount_tables.h"
#include <crew/histogram.h>
#include <errno.h>
#include <string.h>

enum {
    MAX_CHUNKS = 64,
    LANES = 4,        /* tables of a chunk, where they are small: a sum waits for the one before it in the same bin */
    LANE_BINS = 1024, /* most bins that have lanes */
    MERGE_BINS = 512, /* bins that a merging loop's item stands for */
    LANE_ELEMENTS = 2048, /* most elements that have none */
    MIN_CHUNK = 4096      /* elements */
};

/* How the sums are bracketed: by n and bins alone. Chunk c has the elements c * size .. ; lane l of it those whose
   index in the chunk is l modulo lanes. Tables are numbered c * lanes + l. */
struct cut {
    size_t chunks, size, lanes;
};

static struct cut cut(size_t n, size_t bins)
{
    struct cut c = {1, n, bins <= LANE_BINS && n / LANES > 2 * bins && n > LANE_ELEMENTS ? LANES : 1};
    size_t most = n / MIN_CHUNK, affordable = n / (c.lanes * (bins + 1)) / 2;
    c.chunks = most < affordable ? most : affordable;
    c.chunks = c.chunks < 1 ? 1 : c.chunks < MAX_CHUNKS ? c.chunks : MAX_CHUNKS;
    c.size = (n + c.chunks - 1) / c.chunks;
    c.size = (c.size + LANES - 1) / LANES * LANES;
    c.chunks = n == 0 ? 1 : (n + c.size - 1) / c.size;
    return c;
}

#define CREW__CAT_(a, b) a##_##b
#define CREW__CAT(a, b) CREW__CAT_(a, b)
#define CREW__CAT3(a, b, c) CREW__CAT(CREW__CAT(a, b), c)

#define WEIGHT_TYPE f64
#define WEIGHT double
#define SUM double
#include "bincount_sums_template.h"

#define WEIGHT_TYPE i64
#define WEIGHT int64_t
#define SUM uint64_t
#include "bincount_sums_template.h"
