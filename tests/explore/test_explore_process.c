/* A caller of crew_process_map and its worker through their interleavings: batches that are given, taken back and
   finished, sleeps of both, and the worker's end. The words that they share stand for the shared mapping. */
#define CREW__EXPLORER
#define _GNU_SOURCE
#include "try.h"

#include "../../lib/core/base/callback_frame.h"
#include <setjmp.h>
#include <stdarg.h>
#include <sys/syscall.h>

/* It is left by a jump here, where the real one ends its process. */
#undef CREW__CALLBACK_BEGIN
#undef CREW__CALLBACK_END
#define CREW__CALLBACK_BEGIN() {
#define CREW__CALLBACK_END() }

static long explorer_syscall(long number, ...);

#define syscall explorer_syscall
#include "../../lib/core/process/helper.c"
#include "../../lib/core/process/map_slot.c"
#undef syscall

enum { ITEMS = 3, PAGE = 64, FAILING = 1, CODE = 5 };

static _Alignas(64) char memory[4096];
static struct crew__map map;
static jmp_buf end_of_worker;
static atomic_int gone;
static int in[ITEMS], out[ITEMS], ran[ITEMS];

/* What is not tried here. */
static long explorer_syscall(long number, ...)
{
    va_list list;
    va_start(list, number);
    atomic_int *word = va_arg(list, atomic_int *);
    int op = va_arg(list, int), value = va_arg(list, int);
    const struct timespec *limit = va_arg(list, const struct timespec *);
    va_end(list);
    explorer_check(number == SYS_futex, "another call of the system");
    if (op == WAIT)
        explorer_park(word, sizeof *word, (unsigned)value, limit != NULL);
    else
        explorer_unpark(word, value);
    return 0;
}

void crew__helper_run(struct crew__helper *h)
{
    (void)h;
    abort();
}

void crew__worker_leave(void)
{
    _longjmp(end_of_worker, 1);
}

void crew__worker_is_ready(struct crew__slot *slot)
{
    (void)slot;
}

void crew__worker_flush(void)
{
}

size_t crew__page(void)
{
    return PAGE;
}

bool crew__round_to_pages(size_t bytes, size_t *rounded)
{
    *rounded = (bytes + PAGE - 1) / PAGE * PAGE;
    return true;
}

char *crew__shared_map(size_t bytes)
{
    explorer_check(bytes <= sizeof memory, "too little memory");
    memset(memory, 0, sizeof memory);
    return memory;
}

void crew__shared_unmap(char *p, size_t bytes)
{
    (void)p;
    (void)bytes;
}

int crew__shared_take(char *p, size_t bytes)
{
    (void)p;
    (void)bytes;
    return 0;
}

void crew__shared_guard(char *p, size_t bytes)
{
    (void)p;
    (void)bytes;
}

void *crew__alloc(size_t size)
{
    static pid_t pids[1];
    explorer_check(size <= sizeof pids, "another allocation");
    return pids;
}

void crew__free(void *p)
{
    (void)p;
}

static int item(const void *from, void *to, void *ctx)
{
    int i = (int)((const int *)from - in);
    (void)ctx;
    CREW__READS(&in[i]);
    CREW__WRITES(&out[i]);
    ran[i]++;
    *(int *)to = 10 + i;
    return i == FAILING ? CODE : 0;
}

static void begin(void)
{
    map = (struct crew__map){
        .in = (const char *)in, .out = (char *)out, .in_size = sizeof *in, .out_size = sizeof *out, .fn = item};
    memset(ran, 0, sizeof ran);
    CREW__STORE(&gone, 0, relaxed);
    explorer_check(crew__map_layout(&map, ITEMS, 1) == 0, "no memory");
    crew__map_slot_reset(&map, 0);
}

static void serve(void)
{
    if (_setjmp(end_of_worker) == 0)
        crew__map_serve(&map, 0);
    CREW__STORE(&gone, 1, release);
}

static void give(size_t from, size_t count)
{
    for (size_t i = from; i < from + count; i++)
        CREW__WRITES(&in[i]);
    crew__map_give(&map, 0, from, count, 1);
}

/* Items are taken from the end of the batch, and are the caller's. */
static size_t take_back(size_t from, size_t count, unsigned number, bool all)
{
    struct crew__map_slot *slot = crew__map_slot(&map, 0);
    size_t taken = crew__map_take_back(&slot->batch[number & 1], all);
    for (size_t i = from + count - taken; i < from + count; i++) {
        CREW__WRITES(&in[i]);
        ran[i]++;
    }
    return taken;
}

static void wait_until_finished(unsigned number)
{
    struct crew__map_slot *slot = crew__map_slot(&map, 0);
    struct crew__bell *bell = crew__helper_bell(&map.helper, 0);
    for (;;) {
        int seen = CREW__LOAD(&bell->rung, seq_cst);
        if (CREW__LOAD(&slot->finished, acquire) == number)
            return;
        crew__bell_wait(bell, seen, -1);
    }
}

/* What the worker has left, with its codes. */
static void take_results(size_t from, size_t count, unsigned number)
{
    const struct crew__map_batch *batch = &crew__map_slot(&map, 0)->batch[number & 1];
    int *codes = crew__map_codes(&map, 0, number);
    explorer_check(batch->done == count, "items that are lost, or done twice");
    for (size_t k = 0; k < batch->done; k++) {
        CREW__READS(&out[from + k]);
        explorer_check(codes[k] == (from + k == FAILING ? CODE : 0), "another code");
        const int *result = (const int *)(void *)crew__map_results(&map, 0, number) + k;
        explorer_check(*result == 10 + (int)(from + k), "another result");
        codes[k] = 0;
    }
}

/* It may be about to wait, so a second call may be needed. */
static void end_worker(void)
{
    while (!CREW__LOAD(&gone, acquire)) {
        crew__map_retire(&map, 0);
        explorer_pause();
    }
}

static void give_two(void)
{
    give(0, 2);
    give(2, 1);
    wait_until_finished(2);
    take_results(0, 2, 1);
    take_results(2, 1, 2);
    end_worker();
}

static void give_and_take_back(void)
{
    give(0, ITEMS);
    size_t taken = take_back(0, ITEMS, 1, false);
    taken += take_back(0, ITEMS - taken, 1, true);
    wait_until_finished(1);
    take_results(0, ITEMS - taken, 1);
    end_worker();
}

static void give_one_by_one(void)
{
    for (unsigned i = 0; i < 2; i++) {
        give(i, 1);
        wait_until_finished(i + 1);
        take_results(i, 1, i + 1);
    }
    end_worker();
}

static void end_of(int items)
{
    for (int i = 0; i < items; i++)
        explorer_check(ran[i] == 1, "an item runs twice, or never");
}

static void end_all(void)
{
    end_of(ITEMS);
}

static void end_two(void)
{
    end_of(2);
}

static const struct protocol protocols[] = {
    {"two batches", begin, {give_two, serve, NULL}, end_all},
    {"take back", begin, {give_and_take_back, serve, NULL}, end_all},
    {"one by one", begin, {give_one_by_one, serve, NULL}, end_two},
};
enum { PROTOCOLS = sizeof protocols / sizeof *protocols };

START_TEST(holds_up)
{
    for (int i = 0; i < PROTOCOLS; i++) {
        ck_assert(holds(&protocols[i], (struct effort){2, 0}));
        ck_assert(holds(&protocols[i], (struct effort){1, 1}));
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, holds_up);
}

int main(void)
{
    return run_explorer("explore_process", add);
}
