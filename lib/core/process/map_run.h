/* The caller's side of crew_process_map while workers run: hands items out, takes results, buries the dead. */
#ifndef CREW_PROCESS_MAP_RUN_H
#define CREW_PROCESS_MAP_RUN_H

#include "map_items.h"

/* Runs until every item of `pending` has a status or an error ends it. Workers are mapped, not started. */
void crew__map_run(struct crew__map_run *r);

#endif
