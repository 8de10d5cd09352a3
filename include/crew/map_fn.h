/* What crew_map and crew_executor_map run on one element. */
#ifndef CREW_MAP_FN_H
#define CREW_MAP_FN_H

#ifdef __cplusplus
extern "C" {
#endif

/* Computes *out from *in; returns 0, or non-zero to stop the call. in and out are as aligned as the arrays make them:
   where the elements are packed without alignment, use memcpy. */
typedef int crew_map_fn(const void *in, void *out, void *ctx);

#ifdef __cplusplus
}
#endif
#endif
