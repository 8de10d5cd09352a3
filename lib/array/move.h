/* What filling and moving share. */
#ifndef CREW_ARRAY_MOVE_H
#define CREW_ARRAY_MOVE_H

#include "../loop/runner.h"

/* Runs fn over n items of `bytes` read and written each. Little is done by the caller straight away. */
int crew__move(size_t n, size_t bytes, crew__block_fn *fn, void *ctx);

#endif
