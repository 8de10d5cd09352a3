/* A team's part of a loop. */
#ifndef CREW_LOOP_LOOP_TEAM_H
#define CREW_LOOP_LOOP_TEAM_H

#include "run_state.h"

/* The team does the items from r->done on, split into ranges and stolen. */
void crew__loop_team(struct crew__run_state *r, const struct crew__team *team);

#endif
