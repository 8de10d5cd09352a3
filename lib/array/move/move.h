/* What filling and moving share. */
#ifndef CREW_MOVE_MOVE_H
#define CREW_MOVE_MOVE_H

#include "../../core/loop/runner.h"

/* Runs fn over n items of `bytes` read and written each. Little is done by the caller straight away. */
int crew__move(size_t n, size_t bytes, crew__block_fn *fn, void *ctx);

#endif
