/* Runs threads of a protocol through their interleavings, on stacks of its own. */
#define _DEFAULT_SOURCE
#undef _FORTIFY_SOURCE /* its longjmp refuses another stack */
#include "explorer.h"
#include "explorer_atomics.h"
#include "inside.h"
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

enum { STACK = 64 << 10, MOST_CHOICES = 2000, MOST_STEPS = 100000, BUFFER = 32, LOCATIONS = 128, T = EXPLORER_THREADS };

static const char ENDLESS[] = "too long: a protocol that does not end?";

struct clock {
    unsigned at[T];
};

struct location {
    const volatile void *address;
    struct clock release;     /* what an acquire of the present value brings */
    struct clock read, write; /* plain accesses */
};

struct write {
    volatile void *address;
    size_t size;
    uint64_t value;
    struct clock release;
};

static struct thread {
    ucontext_t
        begin; /* jumps save no signal mask, which makes them ten times faster: a context is for the first entry only */
    jmp_buf at;
    char stack[STACK];
    bool begun, done;
    const volatile void *asleep; /* on that word; NULL: awake */
    bool paused;                 /* looks in a loop: goes on when something has changed */
    struct clock now;
    struct write buffer[BUFFER];
    int buffered;
} threads[T];

static jmp_buf home;
static const struct protocol *protocol;
static int running = -1; /* -1: begin or end */
static const char *failure;
static struct location locations[LOCATIONS];
static int nlocations;

/* The decisions of this run: which of how many. */
static struct {
    int taken, options;
} tape[MOST_CHOICES];
static int position, length;

static struct {
    const char *file;
    int line;
    memory_order order;
} sites[EXPLORER_SITES];
static int nsites;
static struct weakening weak;

static struct {
    void **variable;
    void *values[T];
} locals[EXPLORER_LOCALS];
static int nlocals;

static int delays; /* writes that may still be late in this run */

static void fail(const char *what)
{
    failure = failure ? failure : what;
}

void explorer_check(bool good, const char *what)
{
    if (!good)
        fail(what);
}

int explorer_running(void)
{
    return running;
}

unsigned explorer_now(int thread)
{
    return threads[running].now.at[thread];
}

static int choose(int options)
{
    if (options < 2)
        return 0;
    if (position == MOST_CHOICES) {
        fail(ENDLESS);
        return 0;
    }
    if (position == length) {
        tape[length].taken = 0;
        tape[length++].options = options;
    }
    return tape[position++].taken;
}

/* The next sequence of decisions; false: that was the last. */
static bool advance(void)
{
    while (length > 0 && tape[length - 1].taken + 1 == tape[length - 1].options)
        length--;
    if (length == 0)
        return false;
    tape[length - 1].taken++;
    position = 0;
    return true;
}

static uint64_t cut(uint64_t value, size_t size)
{
    return size < 8 ? value & (((uint64_t)1 << 8 * size) - 1) : value;
}

static struct location *locate(const volatile void *p)
{
    for (int i = 0; i < nlocations; i++)
        if (locations[i].address == p)
            return &locations[i];
    if (nlocations == LOCATIONS) {
        fprintf(stderr, "the explorer has no room for another location\n");
        abort();
    }
    locations[nlocations] = (struct location){.address = p};
    return &locations[nlocations++];
}

static void join(struct clock *to, const struct clock *from)
{
    for (int i = 0; i < T; i++)
        to->at[i] = to->at[i] > from->at[i] ? to->at[i] : from->at[i];
}

static uint64_t get(const volatile void *p, size_t size)
{
    uint64_t value = 0;
    memcpy(&value, (const void *)p, size); /* little or big endian, as long as put does the same */
    return value;
}

static void put(volatile void *p, size_t size, uint64_t value)
{
    memcpy((void *)p, &value, size);
}

/* Who looks in a loop may see something new. */
static void wake_paused(const struct thread *but)
{
    for (int i = 0; i < T; i++)
        threads[i].paused = threads[i].paused && &threads[i] == but;
}

static void flush(struct thread *t)
{
    struct write w = t->buffer[0];
    memmove(t->buffer, t->buffer + 1, (size_t)--t->buffered * sizeof *t->buffer);
    put(w.address, w.size, w.value);
    locate(w.address)->release = w.release;
}

static void flush_all(struct thread *t)
{
    while (t->buffered > 0)
        flush(t);
}

/* Whoever writes to a word waits for the write that is under way to it. */
static void flush_others(const volatile void *p)
{
    for (int i = 0; i < T; i++)
        for (int k = 0; i != running && k < threads[i].buffered; k++)
            if (threads[i].buffer[k].address == p) {
                flush_all(&threads[i]);
                break;
            }
}

/* When a late write is seen matters to who reads that word only, so it is decided there: how many of the late writes to
   p are seen by now, and with them all that come before them. Only one thread can have such. */
static void flush_some(const volatile void *p)
{
    for (int i = 0; i < T; i++) {
        struct thread *t = &threads[i];
        int count = 0;
        for (int k = 0; i != running && k < t->buffered; k++)
            count += t->buffer[k].address == p;
        for (int seen = choose(count + 1); seen > 0; flush(t))
            seen -= t->buffer[0].address == p;
    }
}

/* A point where another thread may go on. */
static void yield(void)
{
    if (running >= 0 && _setjmp(threads[running].at) == 0)
        _longjmp(home, 1);
}

static memory_order order_at(memory_order order, const char *file, int line)
{
    if (order == memory_order_relaxed || running < 0 || !file)
        return order;
    int site = 0;
    while (site < nsites && (sites[site].line != line || strcmp(sites[site].file, file) != 0))
        site++;
    if (site == nsites && nsites < EXPLORER_SITES) {
        sites[nsites].file = file;
        sites[nsites].order = order;
        sites[nsites++].line = line;
    }
    return site == weak.site ? weak.order : order;
}

static bool acquires(memory_order order)
{
    return order == memory_order_acquire || order == memory_order_acq_rel || order == memory_order_seq_cst;
}

static bool releases(memory_order order)
{
    return order == memory_order_release || order == memory_order_acq_rel || order == memory_order_seq_cst;
}

/* The newest write of the thread's own that others do not see yet. */
static struct write *own_write(const volatile void *p)
{
    struct thread *t = &threads[running];
    for (int k = t->buffered; k-- > 0;)
        if (t->buffer[k].address == p)
            return &t->buffer[k];
    return NULL;
}

static void set(volatile void *p, size_t size, uint64_t value, memory_order order, struct clock release)
{
    struct thread *t = &threads[running];
    t->now.at[running]++; /* plain accesses since the last change get the number that this one publishes */
    if (releases(order))
        join(&release, &t->now);
    flush_others(p);
    if (order == memory_order_seq_cst || t->buffered == BUFFER)
        flush_all(t);
    bool late = order != memory_order_seq_cst && (t->buffered > 0 || (delays > 0 && choose(2) == 1));
    delays -= late;
    wake_paused(t); /* a late one may be seen from now on */
    if (!late) {
        put(p, size, value);
        locate(p)->release = release;
    } else {
        t->buffer[t->buffered++] = (struct write){p, size, value, release};
    }
}

uint64_t explorer_load(const volatile void *p, size_t size, memory_order order, const char *file, int line)
{
    if (running < 0)
        return get(p, size);
    order = order_at(order, file, line);
    yield();
    explorer_touch(p);
    const struct write *own = own_write(p);
    if (own)
        return own->value;
    flush_some(p);
    if (acquires(order))
        join(&threads[running].now, &locate(p)->release);
    return get(p, size);
}

void explorer_store(volatile void *p, size_t size, uint64_t value, memory_order order, const char *file, int line)
{
    if (running < 0) {
        put(p, size, value);
        return;
    }
    order = order_at(order, file, line);
    yield();
    explorer_touch(p);
    set(p, size, cut(value, size), order, (struct clock){{0}});
}

static uint64_t apply(enum explorer_op op, uint64_t old, uint64_t value)
{
    switch (op) {
    case EXPLORER_ADD:
        return old + value;
    case EXPLORER_SUB:
        return old - value;
    case EXPLORER_OR:
        return old | value;
    case EXPLORER_AND:
        return old & value;
    default:
        return value;
    }
}

/* Reads for a change: the present value, and the release that goes on through it. */
static uint64_t read_to_change(volatile void *p, size_t size, memory_order order, struct clock *release)
{
    flush_others(p);
    const struct write *own = own_write(p);
    *release = own ? own->release : locate(p)->release;
    if (acquires(order))
        join(&threads[running].now, release);
    return own ? own->value : get(p, size);
}

uint64_t explorer_change(volatile void *p, size_t size, enum explorer_op op, uint64_t value, memory_order order,
                         const char *file, int line)
{
    if (running < 0) {
        uint64_t old = get(p, size);
        put(p, size, apply(op, old, value));
        return old;
    }
    order = order_at(order, file, line);
    yield();
    explorer_touch(p);
    struct clock release;
    uint64_t old = read_to_change(p, size, order, &release);
    set(p, size, cut(apply(op, old, value), size), order, release);
    return old;
}

bool explorer_cas(volatile void *p, size_t size, void *expected, uint64_t value, memory_order order, const char *file,
                  int line)
{
    if (running < 0) {
        uint64_t now = get(p, size);
        bool same = now == get(expected, size);
        put(same ? (volatile void *)p : expected, size, same ? value : now);
        return same;
    }
    order = order_at(order, file, line);
    yield();
    explorer_touch(p);
    struct clock release;
    struct clock before = threads[running].now;
    uint64_t old = read_to_change(p, size, order, &release);
    if (old != get(expected, size)) {
        threads[running].now = before; /* relaxed where it fails */
        put(expected, size, old);
        return false;
    }
    set(p, size, cut(value, size), order, release);
    return true;
}

void explorer_plain(const volatile void *p, bool writes)
{
    if (running < 0)
        return;
    explorer_touch(p);
    struct location *l = locate(p);
    const struct clock *now = &threads[running].now;
    for (int i = 0; i < T; i++) {
        if (i == running)
            continue;
        if (l->write.at[i] > now->at[i] || (writes && l->read.at[i] > now->at[i]))
            fail("a race");
    }
    (writes ? &l->write : &l->read)->at[running] = now->at[running] + 1;
}

void explorer_park(void *word, size_t size, uint64_t expected, bool timed)
{
    yield();
    explorer_touch(word);
    flush_all(&threads[running]); /* a system call, which compares under a lock */
    flush_some(word);
    if (get(word, size) != expected || timed)
        return;
    threads[running].asleep = word;
    yield();
}

void explorer_unpark(void *word, int count)
{
    if (running >= 0)
        flush_all(&threads[running]); /* a system call */
    int asleep[T], n = 0;
    for (int i = 0; i < T; i++)
        if (threads[i].asleep == word)
            asleep[n++] = i;
    for (; n > 0 && count > 0; count--) {
        int k = count < n ? choose(n) : n - 1;
        threads[asleep[k]].asleep = NULL;
        asleep[k] = asleep[--n];
    }
}

void explorer_pause(void)
{
    if (running < 0)
        return;
    threads[running].paused = true;
    yield();
}

static void run_thread(void)
{
    protocol->thread[running]();
    threads[running].done = true;
    _longjmp(home, 1);
}

void explorer_local(void **variable)
{
    if (nlocals == EXPLORER_LOCALS) {
        fprintf(stderr, "the explorer has no room for another variable\n");
        abort();
    }
    locals[nlocals].variable = variable;
    memset(locals[nlocals++].values, 0, sizeof locals->values);
}

static void exchange_locals(void)
{
    for (int i = 0; i < nlocals; i++) {
        void *value = *locals[i].variable;
        *locals[i].variable = locals[i].values[running];
        locals[i].values[running] = value;
    }
}

static void go_on(struct thread *t)
{
    if (_setjmp(home) != 0)
        return;
    if (t->begun)
        _longjmp(t->at, 1);
    t->begun = true;
    setcontext(&t->begin);
}

static void set_up(void)
{
    failure = NULL;
    nlocations = nlocals = position = 0;
    running = -1;
    explorer_heap_reset();
    protocol->begin();
    for (int i = 0; i < T; i++) {
        struct thread *t = &threads[i];
        t->done = !protocol->thread[i];
        t->asleep = NULL;
        t->paused = false;
        t->buffered = 0;
        memset(&t->now, 0, sizeof t->now);
        t->begun = false;
    }
}

static bool ready(int i)
{
    return !threads[i].done && !threads[i].asleep && !threads[i].paused;
}

/* Where nothing else can happen, late writes are seen in the end, and all who look go on looking: some of them give up
   after a while. */
static void let_look_again(void)
{
    bool stuck = true;
    for (int i = 0; i < T; i++)
        stuck = stuck && !ready(i);
    for (int i = 0; i < T && stuck; i++) {
        flush_all(&threads[i]);
        threads[i].paused = false;
    }
}

static void run_once(struct effort effort)
{
    set_up();
    delays = effort.delays;
    int preemptions = effort.preemptions;
    int last = -1;
    for (int steps = 0; !failure; steps++) {
        if (steps == MOST_STEPS)
            fail(ENDLESS);
        let_look_again();
        int options[T], count = 0;
        bool left = false, goes_on = last >= 0 && ready(last);
        for (int i = 0; i < T; i++) {
            left = left || !threads[i].done;
            if (ready(i) && (i == last || !goes_on || preemptions > 0))
                options[count++] = i;
        }
        if (count == 0) {
            if (left)
                fail("all that are left sleep");
            break;
        }
        int option = options[choose(count)];
        preemptions -= goes_on && option != last;
        last = running = option;
        exchange_locals();
        go_on(&threads[option]);
        exchange_locals();
        running = -1;
    }
    if (!failure)
        protocol->end();
}

struct outcome explore(const struct protocol *p, struct effort effort, struct weakening weakening)
{
    for (int i = 0; i < T; i++) {
        struct thread *t = &threads[i];
        getcontext(&t->begin);
        t->begin.uc_stack.ss_sp = t->stack;
        t->begin.uc_stack.ss_size = STACK;
        t->begin.uc_link = NULL;
        makecontext(&t->begin, run_thread, 0);
    }
    struct outcome outcome = {0, NULL};
    protocol = p;
    weak = weakening;
    length = 0;
    do {
        run_once(effort);
        outcome.runs++;
        outcome.failure = failure;
    } while (!outcome.failure && advance());
    return outcome;
}

int explorer_sites(void)
{
    return nsites;
}

const char *explorer_site_file(int site)
{
    return sites[site].file;
}

int explorer_site_line(int site)
{
    return sites[site].line;
}

memory_order explorer_site_order(int site)
{
    return sites[site].order;
}

void explorer_forget_sites(void)
{
    nsites = 0;
}
