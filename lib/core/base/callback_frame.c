/* Ends the process where a callback is left otherwise than by returning. */
#include "callback_frame.h"
#include "compiler.h"
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

static void say(const char *text, size_t size)
{
    ssize_t written = write(STDERR_FILENO, text, size);
    (void)written;
}

void crew__callback_jumped(void *unused)
{
    static const char text[] =
        "crew: a callback was left by longjmp, pthread_exit or pthread_cancel; it must end by returning\n";
    (void)unused;
    say(text, sizeof text - 1);
    abort();
}

#if defined(__GNUC__)

/* A personality routine of the unwinder (Itanium C++ ABI: Exception Handling, 1.5). It is asked before anything is
   unwound, and only where nothing below catches; so C++ then calls std::terminate, which says what was thrown, with the
   whole stack still there for a debugger. */
CREW__LINKER_NAME int crew__callback_threw(int version, int actions, uint64_t kind, void *exception, void *context);

int crew__callback_threw(int version, int actions, uint64_t kind, void *exception, void *context)
{
    enum { SEARCH = 1, FATAL = 3 }; /* _UA_SEARCH_PHASE, _URC_FATAL_PHASE1_ERROR */
    static const char text[] = "crew: an exception leaves a callback; it must be caught inside\n";
    (void)version;
    (void)kind;
    (void)exception;
    (void)context;
    if (!(actions & SEARCH))
        crew__callback_jumped(NULL);
    say(text, sizeof text - 1);
    return FATAL;
}

#endif
