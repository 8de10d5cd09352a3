/* The name that the system shows for a thread: in debuggers, top -H and perf. */
#ifndef CREW_BACKEND_THREAD_NAME_H
#define CREW_BACKEND_THREAD_NAME_H

struct crew__thread_name {
    char text[16]; /* empty: it is not known, or was not changed */
};

/* Names the calling thread, by at most 15 bytes, and gives back what it was called before. NULL: leaves it alone, as
   systems do that have no such names. */
struct crew__thread_name crew__thread_name_set(const char *name);
void crew__thread_name_restore(const struct crew__thread_name *before);

#endif
