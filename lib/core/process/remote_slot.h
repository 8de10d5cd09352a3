/* What an executor with processes shares with each of them: a window for arguments and results, and who sends what. */
#ifndef CREW_PROCESS_REMOTE_SLOT_H
#define CREW_PROCESS_REMOTE_SLOT_H

#include "../backend/remote.h"
#include "helper.h"
#include <crew/process.h>

enum { CREW__WINDOW = 1 << 16 };

enum crew__message {
    CREW__SEND, /* a piece of the argument */
    CREW__RUN,  /* the last piece, and the task; the answer has the first piece of the result */
    CREW__FETCH /* another piece of the result */
};

struct crew__remote_slot {
    struct crew__slot head; /* step: odd while a task runs */
    _Alignas(64) atomic_uint answered;
    atomic_int sleeps; /* the worker waits for `sent` */
    atomic_int failed; /* what the initializer returned */
    atomic_int ready;  /* it has run */
    int code;
    _Alignas(64) atomic_uint sent;
    enum crew__message message;
    size_t offset, size; /* of the piece in the window */
    struct crew__remote_call call;
};

struct crew__remote_worker {
    atomic_int busy; /* 1: some thread has it, or it is not to be had */
    bool lives;
    size_t items;
};

struct crew__remote {
    struct crew__helper helper;
    crew_executor_options executor;
    crew_process_options options;
    size_t window_at;
    struct crew__remote_worker *workers;
    atomic_int freed; /* changes when a worker becomes free */
};

static inline struct crew__remote_slot *crew__remote_slot(const struct crew__remote *r, int i)
{
    return (struct crew__remote_slot *)(void *)crew__helper_slot(&r->helper, i);
}

static inline char *crew__remote_window(const struct crew__remote *r, int i)
{
    return crew__helper_slot(&r->helper, i) + r->window_at;
}

/* crew__helper.serve of a struct crew__remote. */
void crew__remote_serve(void *remote, int id);

#endif
