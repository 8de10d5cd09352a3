/* Calls of the system in front of the real ones, as refused_calls.h describes. */
#define _GNU_SOURCE
#include "refused_calls.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*fn)(void *), void *arg);
int __real_pthread_attr_init(pthread_attr_t *attr);
int __real_pthread_key_create(pthread_key_t *key, void (*end)(void *));
int __real_pthread_setspecific(pthread_key_t key, const void *value);
int __real_pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void));
pid_t __real_fork(void);
void *__real_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*fn)(void *), void *arg);
int __wrap_pthread_attr_init(pthread_attr_t *attr);
int __wrap_pthread_key_create(pthread_key_t *key, void (*end)(void *));
int __wrap_pthread_setspecific(pthread_key_t key, const void *value);
int __wrap_pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void));
pid_t __wrap_fork(void);
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);
void *__wrap_mmap64(void *at, size_t size, int protection, int flags, int fd, off_t offset);
long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);
int __real_signalfd(int fd, const sigset_t *mask, int flags);
int __wrap_signalfd(int fd, const sigset_t *mask, int flags);
pid_t __real_waitpid(pid_t pid, int *status, int options);
pid_t __wrap_waitpid(pid_t pid, int *status, int options);
int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);
ssize_t __real_read(int fd, void *bytes, size_t size);
ssize_t __wrap_read(int fd, void *bytes, size_t size);
ssize_t __real_write(int fd, const void *bytes, size_t size);
ssize_t __wrap_write(int fd, const void *bytes, size_t size);
ssize_t __real_pread(int fd, void *bytes, size_t size, off_t at);
ssize_t __wrap_pread(int fd, void *bytes, size_t size, off_t at);
ssize_t __wrap_pread64(int fd, void *bytes, size_t size, off_t at);
ssize_t __real_pwrite(int fd, const void *bytes, size_t size, off_t at);
ssize_t __wrap_pwrite(int fd, const void *bytes, size_t size, off_t at);
ssize_t __wrap_pwrite64(int fd, const void *bytes, size_t size, off_t at);
int __real_close(int fd);
int __wrap_close(int fd);
int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int __real_ftruncate(int fd, off_t size);
int __wrap_ftruncate(int fd, off_t size);
int __wrap_ftruncate64(int fd, off_t size);
int __real_fstat(int fd, struct stat *status);
int __wrap_fstat(int fd, struct stat *status);
int __wrap_fstat64(int fd, struct stat *status);
int __real_fdatasync(int fd);
int __wrap_fdatasync(int fd);
int __real_madvise(void *at, size_t size, int advice);
int __wrap_madvise(void *at, size_t size, int advice);

static atomic_int refused = -1, code;
static atomic_long asked, fail_at;
static atomic_bool fail_on, known;

void refuse_begin(enum refused_call call, int error, long at, bool on)
{
    atomic_store(&known, true);
    atomic_store(&asked, 0);
    atomic_store(&fail_at, at);
    atomic_store(&fail_on, on);
    atomic_store(&code, error);
    atomic_store(&refused, (int)call);
}

long refuse_end(void)
{
    atomic_store(&known, true);
    atomic_store(&refused, -1);
    return atomic_load(&asked);
}

/* Constructors of crew may come before those of the test. */
static void look_at_load(void)
{
    if (atomic_load(&known))
        return;
    const char *call = getenv(REFUSE_AT_LOAD);
    if (call)
        refuse_begin((enum refused_call)atoi(call), EAGAIN, 0, true);
    atomic_store(&known, true);
}

/* 0, or the code with which this call fails. */
static int refusal(enum refused_call call)
{
    look_at_load();
    if (atomic_load(&refused) != (int)call)
        return 0;
    long k = atomic_fetch_add(&asked, 1), at = atomic_load(&fail_at);
    return at >= 0 && (k == at || (k > at && atomic_load(&fail_on))) ? atomic_load(&code) : 0;
}

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*fn)(void *), void *arg)
{
    int error = refusal(REFUSE_THREAD);
    return error ? error : __real_pthread_create(thread, attr, fn, arg);
}

int __wrap_pthread_attr_init(pthread_attr_t *attr)
{
    int error = refusal(REFUSE_THREAD_ATTRIBUTE);
    return error ? error : __real_pthread_attr_init(attr);
}

int __wrap_pthread_key_create(pthread_key_t *key, void (*end)(void *))
{
    int error = refusal(REFUSE_KEY);
    return error ? error : __real_pthread_key_create(key, end);
}

int __wrap_pthread_setspecific(pthread_key_t key, const void *value)
{
    int error = value ? refusal(REFUSE_KEY_VALUE) : 0; /* NULL takes no memory */
    return error ? error : __real_pthread_setspecific(key, value);
}

int __wrap_pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void))
{
    int error = refusal(REFUSE_FORK_HANDLER);
    return error ? error : __real_pthread_atfork(prepare, parent, child);
}

/* For a call that says by errno why it has failed. */
static bool fails(enum refused_call call)
{
    int error = refusal(call);
    if (error)
        errno = error;
    return error != 0;
}

pid_t __wrap_fork(void)
{
    return fails(REFUSE_FORK) ? -1 : __real_fork();
}

void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
    return fails(REFUSE_MAP) ? MAP_FAILED : __real_mmap(at, size, protection, flags, fd, offset);
}

/* The names that end with 64 are those of glibc where offsets have 64 bits by a macro. */
void *__wrap_mmap64(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
    return __wrap_mmap(at, size, protection, flags, fd, offset);
}

static int open_with(const char *path, int flags, mode_t mode)
{
    return fails(REFUSE_OPEN) ? -1 : __real_open(path, flags, mode);
}

int __wrap_open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return open_with(path, flags, mode);
}

int __wrap_open64(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return open_with(path, flags, mode);
}

ssize_t __wrap_read(int fd, void *bytes, size_t size)
{
    return fails(REFUSE_READ) ? -1 : __real_read(fd, bytes, size);
}

ssize_t __wrap_write(int fd, const void *bytes, size_t size)
{
    return fails(REFUSE_WRITE) ? -1 : __real_write(fd, bytes, size);
}

ssize_t __wrap_pread(int fd, void *bytes, size_t size, off_t at)
{
    return fails(REFUSE_PREAD) ? -1 : __real_pread(fd, bytes, size, at);
}

ssize_t __wrap_pread64(int fd, void *bytes, size_t size, off_t at)
{
    return __wrap_pread(fd, bytes, size, at);
}

ssize_t __wrap_pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    return fails(REFUSE_PWRITE) ? -1 : __real_pwrite(fd, bytes, size, at);
}

ssize_t __wrap_pwrite64(int fd, const void *bytes, size_t size, off_t at)
{
    return __wrap_pwrite(fd, bytes, size, at);
}

int __wrap_close(int fd)
{
    int code = __real_close(fd);
    return fails(REFUSE_CLOSE) ? -1 : code;
}

int __wrap_rename(const char *from, const char *to)
{
    return fails(REFUSE_RENAME) ? -1 : __real_rename(from, to);
}

int __wrap_ftruncate(int fd, off_t size)
{
    return fails(REFUSE_TRUNCATE) ? -1 : __real_ftruncate(fd, size);
}

int __wrap_ftruncate64(int fd, off_t size)
{
    return __wrap_ftruncate(fd, size);
}

int __wrap_fstat(int fd, struct stat *status)
{
    return fails(REFUSE_STAT) ? -1 : __real_fstat(fd, status);
}

int __wrap_fstat64(int fd, struct stat *status)
{
    return __wrap_fstat(fd, status);
}

int __wrap_fdatasync(int fd)
{
    return fails(REFUSE_SYNC) ? -1 : __real_fdatasync(fd);
}

int __wrap_madvise(void *at, size_t size, int advice)
{
    return fails(REFUSE_ADVISE) ? -1 : __real_madvise(at, size, advice);
}

/* Which of the above a system call's number is. */
static enum refused_call call_of(long number)
{
#ifdef SYS_clone
    if (number == SYS_clone)
        return REFUSE_CLONE;
#endif
    return number == 424 || number == 434 ? REFUSE_PIDFD : REFUSED_CALLS;
}

/* Passes on six arguments, as the C library does, however many there are: those that nobody gave are on the stack too.
 */
#ifdef __GNUC__
__attribute__((no_sanitize_address))
#endif
long __wrap_syscall(long number, ...)
{
    long value[6];
    va_list rest;
    va_start(rest, number);
    for (int i = 0; i < 6; i++)
        value[i] = va_arg(rest, long);
    va_end(rest);
    return fails(call_of(number)) ? -1
                                  : __real_syscall(number, value[0], value[1], value[2], value[3], value[4], value[5]);
}

int __wrap_signalfd(int fd, const sigset_t *mask, int flags)
{
    return fails(REFUSE_SIGNALFD) ? -1 : __real_signalfd(fd, mask, flags);
}

pid_t __wrap_waitpid(pid_t pid, int *status, int options)
{
    return fails(REFUSE_WAIT) ? -1 : __real_waitpid(pid, status, options);
}
