/* What opening a team costs, learned from the teams that the calling thread opened. It is 1 us where the runtime's
   threads still spin, 7 us or 50 us where they sleep, and milliseconds where another program has their processor. */
#ifndef CREW_LOOP_LAUNCH_H
#define CREW_LOOP_LAUNCH_H

#include <stdbool.h>
#include <stdint.h>

/* Nanoseconds that a team opened now is expected to cost beyond its work. */
double crew__launch_cost(int64_t now);

/* True where the threads of the team before have had the time to go to sleep. */
bool crew__launch_is_cold(int64_t now);

/* True once the calling thread has opened a team. */
bool crew__launch_known(void);

/* True where a team of the calling thread has ended after `since` (crew__ticks). */
bool crew__launch_closed_after(int64_t since);

/* A team was not opened because of that cost. Each time it is believed a little less, or a cost that was once high
   would never be measured again. */
void crew__launch_declined(int64_t now);

/* A team that was opened at `opened` cost that many ticks, and ended at `closed`. */
void crew__launch_learn(int64_t opened, int64_t closed, int64_t cost);

#endif
