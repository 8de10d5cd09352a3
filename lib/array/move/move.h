/* Moves of memory by all threads, which crew/move.h and the sorts stand on. The caller has checked the arguments. */
#ifndef CREW_MOVE_MOVE_H
#define CREW_MOVE_MOVE_H

#include "../../core/loop/runner.h"

/* Run a callback over n items of `bytes` read and written each. */
int crew__move(size_t n, size_t bytes, crew__block_fn *fn, void *ctx);
void crew__move_each(size_t n, size_t bytes, crew__each_fn *each, void *ctx);

/* out[i] = in[i] for i < size; bytes. */
void crew__copy(const void *in, void *out, size_t size);

/* out[i] = in[index[i]] for i < n. -ERANGE where an index is not below in_n. */
int crew__gather(const void *in, size_t in_n, const size_t *index, void *out, size_t n, size_t size);

/* The n elements of x the other way round, in place. */
void crew__reverse(void *x, size_t n, size_t size);

/* index[i] = i for i < n. */
void crew__iota(size_t *index, size_t n);

#endif
