/* Loops inside tasks: their teams are made of the members that have nothing to do. */
#ifndef CREW_TASK_NEST_H
#define CREW_TASK_NEST_H

/* Tells the backend how; once is enough. */
void crew__nest_set_up(void);

#endif
