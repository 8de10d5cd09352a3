/* A job that was submitted, and lists of them. */
#ifndef CREW_MPI_JOB_H
#define CREW_MPI_JOB_H

#include "serve.h"

enum crew__job_state { CREW__JOB_WAITS, CREW__JOB_RUNS, CREW__JOB_ENDED };

/* In one list at a time: that of what waits, of a batch, or of what has ended and was not given out. */
struct crew_mpi_future {
    struct crew_mpi_future *next, *previous;
    crew_mpi *m; /* NULL: the group is closed */
    char name[CREW__NAME_BYTES];
    size_t in_size, out_size;
    void *tag;
    enum crew__job_state state;
    int code;
    bool released;
    bool listed;
    char *in, *out;
};

struct crew__job_list {
    crew_mpi_future *first, *last;
};

static inline void crew__job_append(struct crew__job_list *l, crew_mpi_future *f)
{
    f->next = NULL;
    f->previous = l->last;
    *(l->last ? &l->last->next : &l->first) = f;
    l->last = f;
    f->listed = true;
}

static inline void crew__job_unlink(struct crew__job_list *l, crew_mpi_future *f)
{
    *(f->previous ? &f->previous->next : &l->first) = f->next;
    *(f->next ? &f->next->previous : &l->last) = f->previous;
    f->listed = false;
}

#endif
