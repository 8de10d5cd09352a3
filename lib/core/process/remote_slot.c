/* A worker process of an executor: takes a task out of its window, runs it and puts the result there. */
#define _POSIX_C_SOURCE 200809L
#include "remote_slot.h"

#ifdef __linux__

#include "../backend/thread_name.h"
#include "../base/atomics.h"
#include "../base/callback_frame.h"
#include "../base/compiler.h"
#include "../task/executor_worker.h"
#include "worker.h"
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool wait_for_message(struct crew__remote_slot *slot, unsigned number)
{
    enum { LOOKS = 50 };
    unsigned sent;
    for (int k = 0; (sent = CREW__LOAD(&slot->sent, acquire)) == number - 1; k++) {
        if (CREW__LOAD(&slot->head.retire, relaxed))
            return false;
        if (k < LOOKS) {
            CREW__RELAX();
            continue;
        }
        CREW__STORE(&slot->sleeps, 1, seq_cst);
        if (CREW__LOAD(&slot->sent, seq_cst) == sent)
            crew__shared_park((atomic_int *)(void *)&slot->sent, (int)sent, -1);
        CREW__STORE(&slot->sleeps, 0, relaxed);
    }
    return true;
}

/* Kept from task to task, larger where one needs it. */
struct buffer {
    char *bytes;
    size_t room;
};

static bool make_room(struct buffer *b, size_t size)
{
    if (size <= b->room)
        return true;
    free(b->bytes);
    b->bytes = malloc(size);
    b->room = b->bytes ? size : 0;
    return b->bytes != NULL;
}

static int run_task(struct crew__remote_slot *slot, const struct buffer *in, const struct buffer *out)
{
    const struct crew__remote_call *call = &slot->call;
    void *arg = call->in_size ? in->bytes : (void *)(uintptr_t)call->in;
    uint64_t step = CREW__LOAD(&slot->head.step, relaxed);
    CREW__STORE(&slot->head.step, step + 1, relaxed);
    void *result = call->out_size ? out->bytes : NULL;
    int code = call->item  ? call->item(call->index, arg, result, call->ctx)
               : call->map ? call->map(arg, result, call->ctx)
                           : call->fn(arg);
    CREW__STORE(&slot->head.step, step + 2, release);
    return code;
}

static void answer(struct crew__remote_slot *slot, char *window, struct buffer *in, struct buffer *out)
{
    const struct crew__remote_call *call = &slot->call;
    if (!make_room(in, call->in_size) || !make_room(out, call->out_size)) {
        slot->code = -ENOMEM;
        return;
    }
    if (slot->message != CREW__FETCH && slot->size > 0)
        memcpy(in->bytes + slot->offset, window, slot->size); /* NOLINT(clang-analyzer-core.NonNullParamChecker) */
    if (slot->message == CREW__RUN) {
        slot->code = run_task(slot, in, out);
        slot->offset = 0;
        slot->size = call->out_size < CREW__WINDOW ? call->out_size : CREW__WINDOW;
    }
    if (slot->message != CREW__SEND && slot->size > 0)
        memcpy(window, out->bytes + slot->offset, slot->size); /* NOLINT(clang-analyzer-core.NonNullParamChecker) */
}

void crew__remote_serve(void *remote, int id)
{
    struct crew__remote *r = remote;
    struct crew__remote_slot *slot = crew__remote_slot(r, id);
    struct crew__bell *bell = crew__helper_bell(&r->helper, id);
    const crew_executor_options *opt = &r->executor;
    struct buffer in = {NULL, 0}, out = {NULL, 0};
    crew__thread_name_set(opt->name);
    CREW__NO_EXCEPTION_PASSES();
    CREW__CALLBACK_BEGIN()
    int code = opt->initializer ? opt->initializer(&crew__process_local, opt->ctx) : 0;
    if (code) {
        CREW__STORE(&slot->failed, code, release);
        crew__worker_leave();
    }
    if (r->helper.memory)
        crew__worker_is_ready(&slot->head);
    CREW__STORE(&slot->ready, 1, release);
    crew__bell_ring(bell);
    for (unsigned number = 1; wait_for_message(slot, number); number++) {
        answer(slot, crew__remote_window(r, id), &in, &out);
        crew__worker_flush();
        CREW__STORE(&slot->answered, number, release);
        crew__bell_ring(bell);
    }
    /* The process ends here, and its buffers with it. */
    if (opt->finalizer)                                /* NOLINT(clang-analyzer-unix.Malloc) */
        opt->finalizer(crew__process_local, opt->ctx); /* NOLINT(clang-analyzer-unix.Malloc) */
    CREW__CALLBACK_END()
}

#endif
