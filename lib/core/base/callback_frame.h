/* Frames that a callback must not leave but by returning: what stands above them, a team of threads or a list that is
   half done, would be left as it is, and calls would crash or hang much later. They end the process at the place. */
#ifndef CREW_BASE_CALLBACK_FRAME_H
#define CREW_BASE_CALLBACK_FRAME_H

#include <pthread.h>

/* What runs when a frame is left by longjmp, pthread_exit or pthread_cancel: says so and aborts. */
void crew__callback_jumped(void *unused);

/* Between the two, which make a block, longjmp (glibc), pthread_exit and pthread_cancel end the process. A few
   nanoseconds, so where a team or a call that keeps state begins, and not for each loop. */
#if defined(__GLIBC__) && defined(__GNUC__)
/* The list that glibc's longjmp looks at too. What the macros of C register is not on it, and costs a setjmp. */
extern void _pthread_cleanup_push(struct _pthread_cleanup_buffer *buffer, void (*fn)(void *), void *arg)
    __attribute__((weak));
extern void _pthread_cleanup_pop(struct _pthread_cleanup_buffer *buffer, int execute) __attribute__((weak));
#define CREW__CALLBACK_BEGIN()                                                                                         \
    {                                                                                                                  \
        struct _pthread_cleanup_buffer callback_frame;                                                                 \
        if (_pthread_cleanup_push) {                                                                                   \
            _pthread_cleanup_push(&callback_frame, crew__callback_jumped, NULL);                                       \
        }
#define CREW__CALLBACK_END()                                                                                           \
    if (_pthread_cleanup_push) {                                                                                       \
        _pthread_cleanup_pop(&callback_frame, 0);                                                                      \
    }                                                                                                                  \
    }
#else
#define CREW__CALLBACK_BEGIN() pthread_cleanup_push(crew__callback_jumped, NULL)
#define CREW__CALLBACK_END() pthread_cleanup_pop(0);
#endif

/* Anywhere in a function: no exception passes through its frame, nor what pthread_exit and pthread_cancel unwind with
   (glibc). Costs nothing: the unwinder asks a function that this names for the frame. An attribute or -fexceptions
   would need flags that who compiles crew by one line does not give, and clang has none. */
#if defined(__GNUC__) && defined(__GCC_HAVE_DWARF2_CFI_ASM) && defined(__ELF__) && !defined(__arm__)
#define CREW__NO_EXCEPTION_PASSES() __asm__ volatile(".cfi_personality 0x1b, crew__callback_threw")
#else
#define CREW__NO_EXCEPTION_PASSES() ((void)0)
#endif

/* Between the two the calling thread is not canceled: crew waits, or holds a lock. */
#if defined(PTHREAD_CANCEL_DISABLE)
static inline int crew__cancel_off(void)
{
    int before;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    return before;
}

static inline void crew__cancel_back(int before)
{
    pthread_setcancelstate(before, &before);
}
#else
static inline int crew__cancel_off(void)
{
    return 0;
}

static inline void crew__cancel_back(int before)
{
    (void)before;
}
#endif

#endif
