// What changed between two sorted lists of keys: added, removed, kept.
//
//     cc -O2 -fopenmp -Iinclude examples/set_changes.c lib/*/*/*.c -lm -o set_changes
#include <crew/crew.h>
#include <stdio.h>

enum { N = 2000000 };

int main(void)
{
    uint32_t *before = crew_alloc(N, sizeof *before), *after = crew_alloc(N, sizeof *after);
    uint32_t *out = crew_alloc(2 * N, sizeof *out);
    if (!before || !after || !out)
        return 1;
    CREW_FOR (i, N) {
        before[i] = 3 * (uint32_t)i;
        after[i] = 2 * (uint32_t)i + 1;
    }
    size_t added = crew_set_difference_u32(after, N, before, N, out);
    printf("added %zu, the last one %u\n", added, out[added - 1]);
    size_t removed = crew_set_difference_u32(before, N, after, N, out);
    printf("removed %zu, the last one %u\n", removed, out[removed - 1]);
    printf("kept %zu\n", crew_set_intersection_u32(before, N, after, N, NULL)); /* NULL: counted only */
    size_t all = crew_set_union_u32(before, N, after, N, out);
    printf("all %zu, kept ones among them: %s\n", all, crew_includes_u32(out, all, before, N) ? "yes" : "no");
    crew_free(before);
    crew_free(after);
    crew_free(out);
    return 0;
}
