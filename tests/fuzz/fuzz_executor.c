/* Fuzz target for executors: each byte is a call in the life of an executor and of a few futures, and a model says what
   each future must end with. */
#define _POSIX_C_SOURCE 200809L
#include "fuzz_array.h"
#include <crew/executor.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { FUTURES = 12 };

/* What is known of a future. */
struct known {
    crew_future *future;
    crew_promise *promise; /* not set yet */
    int value;             /* what its function returns */
    bool canceled;         /* crew_future_cancel said that it never runs */
    bool depends;          /* so it may be cancelled with the value of another */
};

static struct known known[FUTURES];
static crew_executor *executor;
static atomic_int told, ran;
static int registered, accepted;

static void require(int holds)
{
    if (!holds)
        abort();
}

static int run_value(void *arg)
{
    atomic_fetch_add(&ran, 1);
    return *(unsigned char *)arg;
}

static void tell(crew_future *f, void *ctx)
{
    require(crew_future_status(f) != CREW_FUTURE_PENDING && ctx == NULL);
    atomic_fetch_add(&told, 1);
}

/* Promises that nobody keeps would be waited for for ever. */
static void keep_promises(void)
{
    for (int i = 0; i < FUTURES; i++)
        if (known[i].promise) {
            int code = crew_promise_set(known[i].promise, known[i].value);
            require(code == 0 || known[i].canceled);
            crew_promise_close(known[i].promise);
            known[i].promise = NULL;
        }
}

static void end(struct known *k)
{
    if (!k->future)
        return;
    keep_promises();
    int result = -1, code = crew_future_result(k->future, &result);
    bool may_be_canceled = k->canceled || k->depends;
    require(code == 0 ? result == k->value && !k->canceled : code == -ECANCELED && may_be_canceled);
    require(crew_future_status(k->future) == (code ? CREW_FUTURE_CANCELED : CREW_FUTURE_DONE));
    require(!crew_future_cancel(k->future) || code == -ECANCELED);
    crew_future_release(k->future);
    *k = (struct known){0};
}

static void submit(struct known *k, int kind, unsigned char value)
{
    static const unsigned char values[256] = {0, 1, 2, 3, 4, 5, 6, 7};
    crew_future *deps[FUTURES];
    size_t ndeps = 0;
    end(k);
    *k = (struct known){.value = value % 8};
    void *arg = (void *)(uintptr_t)&values[value % 8];
    for (int i = 0; i < FUTURES && kind == 2; i++)
        if (known[i].future && i % 2 == value % 2)
            deps[ndeps++] = known[i].future;
    switch (kind) {
    case 0:
        k->future = crew_submit(executor, run_value, arg);
        break;
    case 1:
        k->future = crew_submit_copy(executor, run_value, arg, 1);
        break;
    case 2:
        k->future = crew_submit_after(executor, run_value, arg, deps, ndeps);
        k->depends = ndeps > 0;
        break;
    case 3:
        k->promise = crew_promise_open(&k->future, NULL);
        break;
    default:
        require(crew_submit_with(executor, run_value, arg, &k->future,
                                 &(crew_submit_options){.priority = (crew_priority)(value % 3 - 1)}) == 0);
    }
    require(k->future != NULL);
    accepted += kind != 3;
}

static void take_all(void)
{
    crew_future *set[FUTURES];
    size_t n = 0, given = 0;
    keep_promises();
    for (int i = 0; i < FUTURES; i++)
        if (known[i].future)
            set[n++] = known[i].future;
    require(crew_wait(set, n, CREW_WAIT_ANY, -1) == 0);
    crew_completion *all = crew_completion_open(set, n);
    require(all != NULL);
    for (crew_future *next; (next = crew_next_done(all)); given++)
        crew_future_release(next);
    require(given == n);
    crew_completion_close(all);
}

static void close_executor(unsigned flags)
{
    keep_promises();
    /* What depends is cancelled with CREW_CANCEL_PENDING, and so may all others be. */
    for (int i = 0; i < FUTURES && (flags & CREW_CANCEL_PENDING); i++)
        known[i].depends = true;
    require(crew_executor_shutdown(executor, flags) == 0);
    for (int i = 0; i < FUTURES; i++)
        require(!known[i].future || crew_future_wait(known[i].future, 0) == 0);
}

static void step(unsigned op, unsigned char value)
{
    struct known *k = &known[value % FUTURES];
    int code;
    switch (op % 12) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
        submit(k, (int)(op % 12), value);
        break;
    case 5:
        if (k->future && crew_future_cancel(k->future))
            k->canceled = true;
        break;
    case 6:
        code = k->future ? crew_future_wait(k->future, 0) : 0;
        require(code == 0 || code == -ETIMEDOUT);
        break;
    case 7:
        end(k);
        break;
    case 8:
        if (k->future) {
            require(crew_future_on_done(k->future, tell, NULL) == 0);
            registered++;
        }
        break;
    case 9:
        if (k->future)
            crew_future_release(crew_future_retain(k->future));
        break;
    case 10:
        take_all();
        break;
    default:
        close_executor(value % 2 ? CREW_CANCEL_PENDING : 0);
        executor = crew_executor_open(&(crew_executor_options){
            .threads = 1 + value % 3, .queue_limit = value % 5, .max_tasks = value % 7 == 0 ? 3 : 0});
        require(executor != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    atomic_store(&told, 0);
    registered = 0;
    executor = crew_executor_open(&(crew_executor_options){.threads = size ? 1 + data[0] % 3 : 1});
    require(executor != NULL);
    for (size_t i = 1; i + 1 < size && i < 200; i += 2)
        step(data[i], data[i + 1]);
    keep_promises();
    for (int i = 0; i < FUTURES; i++)
        end(&known[i]);
    require(crew_executor_shutdown(executor, 0) == 0);
    require(atomic_load(&told) == registered && atomic_load(&ran) <= accepted);
    return 0;
}
