/* Names the values that calls return. */
#include "died.h"
#include <crew/options.h>
#include <errno.h>
#include <stdio.h>

/* Own names: strerror depends on the locale and may write to a buffer that threads share. These are all that crew
   returns by itself; any other value is a callback's, even if its number is that of an errno. */
static const struct {
    int code;
    const char *name, *says;
} errors[] = {
    {0, "", "success"},
    {EINVAL, "EINVAL", "invalid argument"},
    {ENOMEM, "ENOMEM", "out of memory"},
    {ECANCELED, "ECANCELED", "cancelled"},
    {ETIMEDOUT, "ETIMEDOUT", "timed out"},
    {EOVERFLOW, "EOVERFLOW", "size too large"},
    {EAGAIN, "EAGAIN", "not available now"},
    {EALREADY, "EALREADY", "done already"},
    {EBUSY, "EBUSY", "in use already"},
    {EDEADLK, "EDEADLK", "would wait for itself"},
    {ELOOP, "ELOOP", "the graph has a cycle"},
    {EIO, "EIO", "input or output failed"},
    {EEXIST, "EEXIST", "no name is free"},
    {EMFILE, "EMFILE", "too many open files"},
    {ERANGE, "ERANGE", "out of range"},
    {ENOENT, "ENOENT", "no such file"},
    {EACCES, "EACCES", "permission denied"},
    {EISDIR, "EISDIR", "is a directory"},
    {ENOTDIR, "ENOTDIR", "not a directory"},
    {ENAMETOOLONG, "ENAMETOOLONG", "name too long"},
    {EROFS, "EROFS", "read-only file system"},
    {EBADF, "EBADF", "not open for this"},
    {ESPIPE, "ESPIPE", "not a regular file"},
    {ENOSPC, "ENOSPC", "no space left"},
    {EFBIG, "EFBIG", "file too large"},
    {EPIPE, "EPIPE", "nobody reads the pipe any more"},
    {ENODATA, "ENODATA", "ends too early"},
    {EBADMSG, "EBADMSG", "damaged, or of another kind"},
    {ENOTSUP, "ENOTSUP", "not supported"},
    {ECHILD, "ECHILD", "workers die without finishing anything"},
    {ESTALE, "ESTALE", "the journal is of another call"},
};

enum { ERRORS = sizeof errors / sizeof errors[0], LENGTH = 128 };

const char *crew_strerror(int error)
{
    static _Thread_local char text[LENGTH];
    for (int i = 0; i < ERRORS; i++) {
        if (error != -errors[i].code)
            continue;
        if (error == 0)
            return errors[i].says;
        snprintf(text, sizeof text, "%s (%s, %d)", errors[i].says, errors[i].name, error);
        return text;
    }
    struct crew__death death;
    if (crew__died_unpack(error, &death))
        crew__died_explain(&death, text, sizeof text);
    else
        snprintf(text, sizeof text, "value %d of the callback", error);
    return text;
}
