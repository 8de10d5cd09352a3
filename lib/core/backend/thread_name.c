/* Names threads: by prctl, which every Linux C library has, where not all have pthread_getname_np. */
#include "thread_name.h"
#include <stddef.h>

#ifdef __linux__
#include <sys/prctl.h>

static void name(const char *text)
{
    struct crew__thread_name cut = {""};
    for (size_t i = 0; i < sizeof cut.text - 1 && text[i]; i++)
        cut.text[i] = text[i];
    prctl(PR_SET_NAME, cut.text, 0, 0, 0);
}

struct crew__thread_name crew__thread_name_set(const char *text)
{
    struct crew__thread_name before = {""};
    if (!text)
        return before;
    if (prctl(PR_GET_NAME, before.text, 0, 0, 0) != 0)
        before.text[0] = '\0';
    name(text);
    return before;
}

void crew__thread_name_restore(const struct crew__thread_name *before)
{
    if (before->text[0])
        name(before->text);
}

#else

struct crew__thread_name crew__thread_name_set(const char *text)
{
    (void)text;
    return (struct crew__thread_name){""};
}

void crew__thread_name_restore(const struct crew__thread_name *before)
{
    (void)before;
}

#endif
