/* How a process worker ended, packed into one int that stands beside the codes of callbacks. */
#ifndef CREW_BASE_DIED_H
#define CREW_BASE_DIED_H

#include <stdbool.h>
#include <stddef.h>

enum crew__died_why {
    CREW__DIED_ALONE,   /* by itself, or by somebody's signal */
    CREW__DIED_TIMEOUT, /* crew killed it: item_timeout */
    CREW__DIED_MEMORY,  /* crew killed it: memory */
    CREW__DIED_OOM      /* SIGKILL, while the system counted a kill for want of memory */
};

struct crew__death {
    int signal;    /* 0: it exited */
    int exit_code; /* where signal is 0 */
    enum crew__died_why why;
    unsigned long long peak_kb; /* most resident memory that it had, to 1 % */
};

/* The status of an item whose worker died: from -2^29 + 1 to -2^28. */
int crew__died_pack(const struct crew__death *death);

/* False: status says something else. */
bool crew__died_unpack(int status, struct crew__death *death);

/* "killed by SIGKILL at 3.9 GB: probably out of memory"; as snprintf. */
int crew__died_explain(const struct crew__death *death, char *text, size_t size);

#endif
