/* Several loops that belong to one call: they share one set of options. */
#ifndef CREW_LOOP_LOOP_SEQUENCE_H
#define CREW_LOOP_LOOP_SEQUENCE_H

#include "runner.h"

/* Each loop gets the time that is left, and progress goes on where the last one ended. */
struct crew__sequence {
    crew_options opt;
    const crew_options *given; /* NULL: the defaults */
    double deadline;
    size_t done, total; /* loops */
};

void crew__sequence_begin(struct crew__sequence *s, const crew_options *opt, size_t total);

/* crew__run of the next loop, of items that cannot fail. */
int crew__sequence_each(struct crew__sequence *s, size_t items, crew__each_fn *each, void *ctx, double item_ns);

/* For a pass in front of the one whose progress is shown: a bar that goes from 0 to 100 twice helps nobody. */
void crew__no_progress(size_t done, size_t total, void *ctx);

#endif
