/* What atomic operations, pthread_once and the ends of mutexes tell helgrind and drd. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <valgrind/helgrind.h>
/* After helgrind's, whose names it shares. */
#include <valgrind/drd.h>

void annotated_before(const volatile void *object, unsigned long size, int order);
void annotated_after(const volatile void *object, int order);

/* An acquire of what nobody has released since this thread's last acquire of it says nothing new, and drd takes longer
   with each that it is told of. Objects share counts: that one is told of an acquire too many does no harm. */
enum { COUNTS = 4096 };
static atomic_uint releases[COUNTS];
static _Thread_local struct {
    const volatile void *object;
    unsigned releases;
} seen[COUNTS];

static void leave_alone(const volatile void *object, unsigned long size)
{
    VALGRIND_HG_DISABLE_CHECKING(object, size);
    VALGRIND_DO_CLIENT_REQUEST_STMT(VG_USERREQ__DRD_START_SUPPRESSION, object, size, 0, 0, 0);
}

__attribute__((constructor)) static void leave_counts_alone(void)
{
    leave_alone(releases, sizeof releases);
}

static unsigned place_of(const volatile void *object)
{
    return (unsigned)((uintptr_t)object / 4 % COUNTS);
}

/* valgrind lets a thread run for 100,000 blocks, in which it can do all that there is to do. */
static void let_others_run(void)
{
    enum { EVERY = 32 };
    static _Thread_local unsigned operations;
    if (++operations % EVERY == 0)
        sched_yield();
}

void annotated_before(const volatile void *object, unsigned long size, int order)
{
    let_others_run();
    /* Each time: memory that is freed and used again is checked again. */
    leave_alone(object, size);
    if (order == memory_order_release || order == memory_order_acq_rel || order == memory_order_seq_cst) {
        ANNOTATE_HAPPENS_BEFORE(object);
        atomic_fetch_add(&releases[place_of(object)], 1);
    }
}

void annotated_after(const volatile void *object, int order)
{
    if (order == memory_order_relaxed || order == memory_order_release)
        return;
    unsigned place = place_of(object), count = atomic_load(&releases[place]);
    if (seen[place].object == object && seen[place].releases == count)
        return;
    ANNOTATE_HAPPENS_AFTER(object);
    seen[place].object = object;
    seen[place].releases = count;
}

/* Neither tool knows that who calls pthread_once sees what the first call did. The functions have no argument. */
static _Thread_local struct {
    pthread_once_t *once;
    void (*fn)(void);
} first;

static void call_first(void)
{
    pthread_once_t *once = first.once;
    first.fn();
    annotated_before(once, sizeof *once, memory_order_release);
}

int __real_pthread_once(pthread_once_t *once, void (*fn)(void));
int __wrap_pthread_once(pthread_once_t *once, void (*fn)(void));
int __wrap_pthread_once(pthread_once_t *once, void (*fn)(void))
{
    first.once = once;
    first.fn = fn;
    int error = __real_pthread_once(once, call_first);
    annotated_after(once, memory_order_acquire);
    return error;
}

/* What an unlock writes is unordered, to helgrind, with who locks the mutex next, and its own destroy compares all of
   the mutex with an empty one: that must not count as a race. Whether somebody holds the mutex is looked at all the
   same. */
int __real_pthread_mutex_destroy(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_destroy(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_destroy(pthread_mutex_t *mutex)
{
    VALGRIND_HG_DISABLE_CHECKING(mutex, sizeof *mutex);
    int error = __real_pthread_mutex_destroy(mutex);
    VALGRIND_HG_ENABLE_CHECKING(mutex, sizeof *mutex);
    return error;
}
