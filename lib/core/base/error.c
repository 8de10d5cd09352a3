#include <crew/options.h>
#include <errno.h>

/* Own names: strerror depends on the locale and may write to a buffer that threads share. */
const char *crew_strerror(int error)
{
    if (error > 0)
        return "value of the callback";
    switch (error) {
    case 0:
        return "success";
    case -EINVAL:
        return "invalid argument (EINVAL)";
    case -ENOMEM:
        return "out of memory (ENOMEM)";
    case -ECANCELED:
        return "cancelled (ECANCELED)";
    case -ETIMEDOUT:
        return "timed out (ETIMEDOUT)";
    case -EOVERFLOW:
        return "size too large (EOVERFLOW)";
    case -EAGAIN:
        return "not available now (EAGAIN)";
    case -EBUSY:
        return "busy (EBUSY)";
    case -EDEADLK:
        return "would wait for itself (EDEADLK)";
    case -EDOM:
        return "outside the domain (EDOM)";
    case -ERANGE:
        return "out of range (ERANGE)";
    case -EIO:
        return "input or output failed (EIO)";
    case -EPERM:
        return "not permitted (EPERM)";
    case -EACCES:
        return "permission denied (EACCES)";
    case -ENOENT:
        return "no such file (ENOENT)";
    case -EEXIST:
        return "exists already (EEXIST)";
    case -EBADF:
        return "not an open file (EBADF)";
    case -ENOSPC:
        return "no space left (ENOSPC)";
    case -EFBIG:
        return "file too large (EFBIG)";
    case -EPIPE:
        return "nobody reads (EPIPE)";
    case -EINTR:
        return "interrupted (EINTR)";
    case -EFAULT:
        return "bad address (EFAULT)";
    case -EILSEQ:
        return "malformed text (EILSEQ)";
    case -ENOSYS:
        return "not implemented (ENOSYS)";
    case -ENOTSUP:
        return "not supported (ENOTSUP)";
    default:
        return "unknown error";
    }
}
