/* Writes Chrome trace events. What the file ends with is written with every part and overwritten by the next one, so
   that it is valid JSON at any time. */
#define _POSIX_C_SOURCE 200809L
#include "trace_file.h"
#include "atomics.h"
#include "clock.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    EVENTS = 4096,      /* in a thread's buffer */
    MOST = 1 << 20,     /* of a thread, in the file */
    LONGEST = 512,      /* bytes of an event in the file */
    NAME_MOST = 64,     /* bytes of a name there */
    PART = 64 * LONGEST /* bytes that are written at once */
};

struct event {
    const char *name;
    int64_t start, stop;
    size_t begin, end;
    enum crew__trace_kind kind;
};

/* Rows live as long as the process. The thread that has one writes events and then count; who writes the file reads
   count and then events. */
struct row {
    struct row *next;
    int number;
    atomic_int used; /* a thread has it */
    atomic_size_t count;
    atomic_size_t written; /* changed under the lock */
    size_t total, dropped;
    struct event events[EVENTS];
};

static _Atomic(struct row *) rows;
static _Thread_local struct row *own;
static pthread_key_t key;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int fd = -1;
static off_t end_of_events; /* where the next part goes */
static bool any;
static int64_t began;
static double per_ns;
static const char tail[] = "\n]}\n";

static void let_go(void *row)
{
    CREW__STORE(&((struct row *)row)->used, 0, release);
}

static struct row *find_row(void)
{
    for (struct row *r = CREW__LOAD(&rows, acquire); r; r = r->next) {
        int unused = 0;
        if (CREW__CAS(&r->used, &unused, 1, acquire))
            return r; /* of a thread that has ended */
    }
    struct row *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    atomic_init(&r->used, 1);
    pthread_mutex_lock(&lock);
    struct row *first = CREW__LOAD(&rows, relaxed);
    r->number = first ? first->number + 1 : 0;
    r->next = first;
    CREW__STORE(&rows, r, release);
    pthread_mutex_unlock(&lock);
    return r;
}

/* A part of the file, and what it ends with for now. */
static void write_part(char *text, size_t size)
{
    memcpy(text + size, tail, sizeof tail - 1);
    size_t whole = size + sizeof tail - 1, done = 0;
    while (done < whole) {
        ssize_t put = pwrite(fd, text + done, whole - done, end_of_events + (off_t)done);
        if (put < 0 && errno != EINTR)
            return;
        done += put > 0 ? (size_t)put : 0;
    }
    end_of_events += (off_t)size;
}

static char *put_text(char *to, const char *text)
{
    while (*text)
        *to++ = *text++;
    return to;
}

/* A name as a JSON string holds it: what is no plain character becomes a dot. */
static char *put_name(char *to, const char *name)
{
    for (int n = 0; n < NAME_MOST && name[n]; n++)
        *to++ = name[n] < ' ' || name[n] > '~' || name[n] == '"' || name[n] == '\\' ? '.' : name[n];
    return to;
}

/* snprintf would take most of the time that a trace costs. */
static char *put_number(char *to, uint64_t n)
{
    char digits[20];
    int i = sizeof digits;
    do {
        digits[--i] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    memcpy(to, digits + i, sizeof digits - (size_t)i);
    return to + (sizeof digits - (size_t)i);
}

/* Nanoseconds as microseconds. */
static char *put_us(char *to, uint64_t ns)
{
    to = put_number(to, ns / 1000);
    *to++ = '.';
    *to++ = (char)('0' + ns / 100 % 10);
    *to++ = (char)('0' + ns / 10 % 10);
    *to++ = (char)('0' + ns % 10);
    return to;
}

static uint64_t to_ns(int64_t ticks)
{
    double ns = (double)(ticks - began) / per_ns;
    return ns > 0 ? (uint64_t)ns : 0;
}

static size_t format(char *text, const struct row *row, const struct event *e)
{
    uint64_t start = to_ns(e->start), stop = to_ns(e->stop);
    char *to = put_text(text, any ? ",\n{\"name\":\"" : "\n{\"name\":\"");
    any = true;
    to = put_name(to, e->name);
    to = put_number(put_text(to, "\",\"pid\":1,\"tid\":"), (uint64_t)row->number);
    to = put_us(put_text(to, ",\"ts\":"), start);
    if (e->kind == CREW__TRACE_COUNT)
        return (size_t)(put_text(put_number(put_text(to, ",\"ph\":\"C\",\"args\":{\"tasks\":"), e->begin), "}}") -
                        text);
    if (e->kind == CREW__TRACE_INSTANT)
        return (size_t)(put_text(to, ",\"ph\":\"i\",\"s\":\"t\"}") - text);
    to = put_us(put_text(to, ",\"ph\":\"X\",\"dur\":"), stop - start);
    if (e->kind == CREW__TRACE_RANGE) {
        to = put_number(put_text(to, ",\"args\":{\"begin\":"), e->begin);
        to = put_number(put_text(to, ",\"end\":"), e->end);
        *to++ = '}';
    }
    *to++ = '}';
    return (size_t)(to - text);
}

/* Under the lock. */
static void write_row(struct row *row, bool finish)
{
    static char text[PART + LONGEST + sizeof tail];
    size_t count = CREW__LOAD(&row->count, acquire), size = 0;
    for (size_t k = CREW__LOAD(&row->written, relaxed); k < count; k++) {
        size += format(text + size, row, &row->events[k % EVENTS]);
        if (size >= PART - LONGEST) {
            write_part(text, size);
            size = 0;
        }
    }
    CREW__STORE(&row->written, count, relaxed);
    if (finish) {
        size += (size_t)snprintf(text + size, LONGEST,
                                 "%s{\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":1,\"tid\":%d,"
                                 "\"args\":{\"name\":\"thread %d\"}}",
                                 any ? ",\n" : "\n", row->number, row->number);
        any = true;
        if (row->dropped > 0)
            size +=
                (size_t)snprintf(text + size, LONGEST,
                                 ",\n{\"name\":\"%zu events dropped\",\"ph\":\"i\",\"s\":\"t\",\"pid\":1,\"tid\":%d,"
                                 "\"ts\":0}",
                                 row->dropped, row->number);
    }
    if (size > 0)
        write_part(text, size);
}

void crew__trace_take_row(void)
{
    if (own)
        return;
    own = find_row();
    if (own)
        pthread_setspecific(key, own);
}

void crew__trace_note(enum crew__trace_kind kind, const char *name, int64_t start, int64_t stop, size_t begin,
                      size_t end)
{
    crew__trace_take_row();
    struct row *row = own;
    if (!row)
        return;
    if (row->total >= MOST) {
        row->dropped++;
        return;
    }
    size_t count = CREW__LOAD(&row->count, relaxed);
    if (count - CREW__LOAD(&row->written, relaxed) >= EVENTS) {
        pthread_mutex_lock(&lock);
        write_row(row, false);
        pthread_mutex_unlock(&lock);
    }
    row->total++;
    row->events[count % EVENTS] = (struct event){name, start, stop, begin, end, kind};
    CREW__STORE(&row->count, count + 1, release);
}

int crew__trace_open(const char *path)
{
    static char head[128] = "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[";
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return errno;
    int error = pthread_key_create(&key, let_go);
    if (error)
        return error;
    per_ns = crew__ticks_per_ns();
    began = crew__ticks();
    write_part(head, strlen(head));
    return 0;
}

void crew__trace_finish(void)
{
    pthread_mutex_lock(&lock);
    for (struct row *r = CREW__LOAD(&rows, acquire); r; r = r->next)
        write_row(r, true);
    pthread_mutex_unlock(&lock);
}
