/* Counting into bins and grouping by key. Floating-point sums are of small integers, so that no bracketing shows. */
#include "fuzz_array.h"
#include <errno.h>

/* What out_of_range and the return value must be. */
static void check_range(int code, size_t got, size_t want, int asked)
{
    fuzz_true(asked ? code == 0 && got == want : code == (want ? -ERANGE : 0), "what is out of range");
}

#define TYPE f32
#define ELEMENT float
#define FLOATING 1
#include "fuzz_histogram_template.h"
#define TYPE f64
#define ELEMENT double
#define FLOATING 1
#include "fuzz_histogram_template.h"

#define TYPE u8
#define ELEMENT uint8_t
#define FLOATING 0
#include "fuzz_bincount_template.h"
#define TYPE u16
#define ELEMENT uint16_t
#define FLOATING 0
#include "fuzz_bincount_template.h"
#define TYPE i32
#define ELEMENT int32_t
#define FLOATING 0
#define GROUPS
#include "fuzz_bincount_template.h"
#define TYPE i64
#define ELEMENT int64_t
#define FLOATING 0
#define GROUPS
#include "fuzz_bincount_template.h"
#define TYPE u32
#define ELEMENT uint32_t
#define FLOATING 0
#define GROUPS
#include "fuzz_bincount_template.h"
#define TYPE u64
#define ELEMENT uint64_t
#define FLOATING 0
#define GROUPS
#include "fuzz_bincount_template.h"

static void by_index(struct fuzz *f)
{
    size_t n = fuzz_count(f), k = fuzz_count(f), at = 0;
    uint64_t *keys = fuzz_alloc(f, n * sizeof *keys);
    uint32_t *narrow = fuzz_alloc(f, n * sizeof *narrow);
    size_t *offsets = fuzz_alloc(f, (k + 1) * sizeof *offsets), *indices = fuzz_alloc(f, n * sizeof *indices);
    int wide = fuzz_byte(f) & 1, bad = k == 0 && n > 0, one_bad = fuzz_byte(f) % 16 == 1;
    for (size_t i = 0; i < n; i++)
        narrow[i] = (uint32_t)(keys[i] = k ? fuzz_below(f, k) : fuzz_random(f) >> 40);
    if (one_bad && n > 0) {
        size_t i = fuzz_below(f, n);
        narrow[i] = (uint32_t)(keys[i] = k + fuzz_below(f, 3));
        bad = 1;
    }
    int code = wide ? crew_group_by_index_u64(keys, n, k, offsets, indices)
                    : crew_group_by_index_u32(narrow, n, k, offsets, indices);
    fuzz_true(code == (bad ? -ERANGE : 0), "group_by_index");
    if (bad)
        return;
    fuzz_true(offsets[0] == 0 && offsets[k] == n, "the ends of group_by_index");
    for (size_t g = 0; g < k; g++)
        for (; at < offsets[g + 1]; at++) {
            fuzz_true(indices[at] < n && keys[indices[at]] == g, "an index of group_by_index");
            fuzz_true(at == offsets[g] || indices[at - 1] < indices[at], "the order of group_by_index");
        }
    fuzz_true(at == n, "how many group_by_index has");
}

void fuzz_keys(struct fuzz *f)
{
    static void (*const kinds[])(struct fuzz *) = {
        histogram_f32, histogram_f64, bincount_u8, bincount_u16, bincount_i32, bincount_i64, bincount_u32,
        bincount_u64,  groups_i32,    groups_i64,  groups_u32,   groups_u64,   by_index};
    kinds[fuzz_byte(f) % 13](f);
}
