/* What crew/inline/set.h, includes.h and the library know of each other: the steps of set operations on sorted arrays,
   compiled in the program or in the library, and what calls them in parallel. All of it belongs to crew. */
#ifndef CREW_INLINE_SET_RUN_H
#define CREW_INLINE_SET_RUN_H

#include <crew/inline/sort_run.h>
#include <crew/set.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Larger elements are moved one by one, straight to their place. */
enum { CREW__SET_MOVED = 256, CREW__SET_ROOM = 4096 };

/* Neither step reads outside its arrays, whatever the comparison says. */
struct crew__set_steps {
    /* Where the first k elements of the merged sequence end in a and in b: *i + *j is k, or k - 1 where that would part
       an element from its equal. Of a run of equal elements the first of a goes with the first of b, and so on. */
    void (*split)(const char *a, size_t na, const char *b, size_t nb, size_t k, size_t *i, size_t *j,
                  const struct crew__order *o);
    /* The operation on a part that begins and ends at such places: writes the result to out, where that is not NULL,
       and returns how many elements it has, `most` at the most. */
    size_t (*part)(const char *a, size_t na, const char *b, size_t nb, char *out, size_t most,
                   const struct crew__order *o);
};

/* crew_set_union and its like, and crew_includes, with steps of the program. Those of includes are of the difference
   b - a. */
CREW_API int crew__set_by_steps(const void *a, size_t na, const void *b, size_t nb, size_t size, void *out,
                                const struct crew__set_steps *steps, size_t *count, const crew_options *opt);
CREW_API int crew__includes_by_steps(const void *a, size_t na, const void *b, size_t nb, size_t size,
                                     const struct crew__set_steps *steps, bool *result, const crew_options *opt);

#ifdef __cplusplus
}
#endif

#endif
