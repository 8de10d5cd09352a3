/* Reads, checks and writes the journal of a map on processes. */
#define _POSIX_C_SOURCE 200809L
#include "journal.h"
#include "../base/clock.h"
#include "../base/memory.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A record is written when it has so many bytes or is so old; what was written is synced so often. */
enum { RECORD_BYTES = 1 << 18 };
static const double WRITE_SECONDS = 0.05, SYNC_SECONDS = 1;

struct header {
    char magic[8];
    uint64_t version, n, in_size, out_size, name, in; /* the last two are checksums */
    uint64_t check;                                   /* of what stands before */
};

struct record {
    uint64_t begin, count, results; /* the last is a checksum */
    uint64_t check;
};

static const char magic[8] = "crewjrnl";

/* Each word goes through a bijection of the sum so far, so two inputs that differ in one word differ in the sum. */
static uint64_t checksum(const void *data, size_t size, uint64_t sum)
{
    const unsigned char *p = data;
    sum ^= size * 0x9e3779b97f4a7c15u;
    while (size > 0) {
        uint64_t word = 0;
        size_t take = size < sizeof word ? size : sizeof word;
        memcpy(&word, p, take);
        sum = (sum ^ word) * 0xff51afd7ed558ccdu;
        sum ^= sum >> 32;
        p += take;
        size -= take;
    }
    return sum;
}

static int read_at(int file, void *data, size_t size, uint64_t at)
{
    char *p = data;
    while (size > 0) {
        ssize_t got = pread(file, p, size, (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 ? -errno : -EBADMSG;
        p += got;
        at += (uint64_t)got;
        size -= (size_t)got;
    }
    return 0;
}

/* What could not be written whole is taken back, so that the file stays readable. */
static int append(struct crew__journal *j, const char *data, size_t size)
{
    uint64_t at = j->end;
    while (size > 0) {
        ssize_t put = pwrite(j->file, data, size, (off_t)at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0) {
            int error = put < 0 ? -errno : -ENOSPC;
            int cut = ftruncate(j->file, (off_t)j->end);
            (void)cut; /* the next run cuts it off */
            return error;
        }
        data += put;
        at += (uint64_t)put;
        size -= (size_t)put;
    }
    j->end = at;
    j->dirty = true;
    return 0;
}

static int sync_file(struct crew__journal *j)
{
    while (j->dirty && fdatasync(j->file) != 0)
        if (errno != EINTR)
            return errno == EINVAL || errno == EROFS ? 0 : -errno; /* a device that cannot be synced */
    j->dirty = false;
    return 0;
}

static struct header header_of(const struct crew__journal_of *of)
{
    struct header h = {.version = 1, .n = of->n, .in_size = of->in_size, .out_size = of->out_size};
    memcpy(h.magic, magic, sizeof magic);
    h.name = of->name ? checksum(of->name, strlen(of->name), 1) : 0;
    h.in = checksum(of->in, of->n * of->in_size, 2);
    h.check = checksum(&h, offsetof(struct header, check), 3);
    return h;
}

/* A run that was killed while it made the file has left the beginning of this very header. */
static int read_header(struct crew__journal *j, const struct header *wanted, uint64_t size)
{
    struct header found;
    size_t has = size < sizeof found ? (size_t)size : sizeof found;
    int error = read_at(j->file, &found, has, 0);
    if (error)
        return error;
    if (has < sizeof found) {
        if (memcmp(&found, wanted, has) != 0)
            return -EBADMSG;
        return append(j, (const char *)wanted, sizeof *wanted);
    }
    if (memcmp(found.magic, magic, sizeof magic) != 0 ||
        found.check != checksum(&found, offsetof(struct header, check), 3))
        return -EBADMSG;
    if (memcmp(&found, wanted, sizeof found) != 0)
        return -ESTALE;
    j->end = sizeof found;
    return 0;
}

/* Reads a record at `at` into the buffer and checks it. *bytes becomes its length; 0: no whole record stands there. */
static int read_record(struct crew__journal *j, size_t n, uint64_t size, uint64_t at, struct record *record,
                       uint64_t *bytes)
{
    *bytes = 0;
    if (size - at < sizeof *record)
        return 0;
    int error = read_at(j->file, record, sizeof *record, at);
    if (error)
        return error;
    bool is_sound = record->check == checksum(record, offsetof(struct record, check), at);
    if (!is_sound || record->begin > n || record->count > n - record->begin || record->count > j->room)
        return -EBADMSG;
    uint64_t results = record->count * j->out_size;
    if (size - at - sizeof *record < results)
        return 0;
    error = read_at(j->file, j->results, (size_t)results, at + sizeof *record);
    if (error)
        return error;
    *bytes = sizeof *record + results;
    return record->results == checksum(j->results, (size_t)results, 4) ? 0 : -EBADMSG;
}

/* After a loss of power a file may have got its length and not its data: the rest is zeros. */
static bool is_zero(const struct crew__journal *j, uint64_t from, uint64_t size)
{
    char part[4096];
    while (from < size) {
        size_t take = size - from < sizeof part ? (size_t)(size - from) : sizeof part;
        if (read_at(j->file, part, take, from) != 0)
            return false;
        for (size_t i = 0; i < take; i++)
            if (part[i])
                return false;
        from += take;
    }
    return true;
}

/* Goes through the records: with out NULL only to check them, and sets j->end. */
static int read_records(struct crew__journal *j, size_t n, uint64_t size, char *out, unsigned char *done)
{
    uint64_t at = sizeof(struct header), bytes;
    struct record record;
    for (;; at += bytes) {
        int error = at < size ? read_record(j, n, size, at, &record, &bytes) : 0;
        if (error == -EBADMSG && is_zero(j, at, size))
            error = 0, bytes = 0;
        if (error)
            return error;
        if (at >= size || bytes == 0)
            break;
        if (out) {
            memcpy(out + record.begin * j->out_size, j->results, (size_t)record.count * j->out_size);
            memset(done + record.begin, 1, (size_t)record.count);
        }
    }
    j->end = at;
    return 0;
}

static int take_up(struct crew__journal *j, const struct crew__journal_of *of, char *out, unsigned char *done)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    struct stat status;
    /* POSIX's locks are not inherited: a worker that outlives this process by a moment does not hold it. */
    if (fcntl(j->file, F_SETLK, &lock) != 0)
        return errno == EACCES || errno == EAGAIN ? -EBUSY : -errno;
    if (fstat(j->file, &status) != 0)
        return -errno;
    if (!S_ISREG(status.st_mode))
        return -EINVAL;
    const struct header wanted = header_of(of);
    uint64_t size = (uint64_t)status.st_size;
    int error = read_header(j, &wanted, size);
    if (error || size <= sizeof wanted)
        return error ? error : sync_file(j);
    error = read_records(j, of->n, size, NULL, NULL);
    if (!error)
        error = read_records(j, of->n, j->end, out, done);
    if (!error && j->end < size && ftruncate(j->file, (off_t)j->end) != 0)
        error = -errno;
    return error;
}

/* In a program that has closed its standard streams the file must not stand in for one: what is printed would get into
   it. */
static int open_apart(const char *path)
{
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0 || file > STDERR_FILENO)
        return file;
    int apart = fcntl(file, F_DUPFD_CLOEXEC, STDERR_FILENO + 1), error = errno;
    close(file);
    errno = error;
    return apart;
}

int crew__journal_open(struct crew__journal *j, const char *path, const struct crew__journal_of *of, char *out,
                       unsigned char *done)
{
    size_t room = RECORD_BYTES / of->out_size;
    room = room > of->n ? of->n : room;
    *j = (struct crew__journal){.out_size = of->out_size, .room = room > 0 ? room : 1};
    j->written = j->synced = crew__seconds();
    if (j->room * of->out_size > SIZE_MAX - sizeof(struct record))
        return -ENOMEM;
    char *buffer = crew__alloc(sizeof(struct record) + j->room * of->out_size);
    if (!buffer)
        return -ENOMEM;
    j->results = buffer + sizeof(struct record);
    int error = 0;
    j->file = open_apart(path);
    if (j->file < 0)
        error = -errno;
    else
        error = take_up(j, of, out, done);
    if (error) {
        if (j->file >= 0)
            close(j->file);
        crew__free(buffer);
    }
    return error;
}

static int write_record(struct crew__journal *j)
{
    if (j->count == 0)
        return 0;
    size_t bytes = j->count * j->out_size;
    struct record record = {.begin = j->begin, .count = j->count, .results = checksum(j->results, bytes, 4)};
    record.check = checksum(&record, offsetof(struct record, check), j->end);
    char *buffer = j->results - sizeof record;
    memcpy(buffer, &record, sizeof record);
    j->count = 0;
    return append(j, buffer, sizeof record + bytes);
}

int crew__journal_add(struct crew__journal *j, size_t begin, size_t count, const char *results)
{
    while (count > 0) {
        if (j->count == j->room || (j->count > 0 && j->begin + j->count != begin)) {
            int error = write_record(j);
            if (error)
                return error;
        }
        if (j->count == 0)
            j->begin = begin;
        size_t take = j->room - j->count < count ? j->room - j->count : count;
        memcpy(j->results + j->count * j->out_size, results, take * j->out_size);
        j->count += take;
        begin += take;
        count -= take;
        results += take * j->out_size;
    }
    return 0;
}

int crew__journal_tick(struct crew__journal *j, double now, bool all)
{
    int error = 0;
    if (all || now - j->written >= WRITE_SECONDS) {
        error = write_record(j);
        j->written = now;
    }
    if (!error && (all || now - j->synced >= SYNC_SECONDS)) {
        error = sync_file(j);
        j->synced = now;
    }
    return error;
}

int crew__journal_close(struct crew__journal *j)
{
    int error = crew__journal_tick(j, 0, true);
    if (close(j->file) != 0 && !error && errno != EINTR)
        error = -errno;
    crew__free(j->results - sizeof(struct record));
    return error;
}
