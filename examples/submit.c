// An executor as one uses concurrent.futures: the files of a folder are hashed concurrently, a few ahead at a time, and
// taken as they are done.
//
//     cc -O2 -fopenmp -Iinclude examples/submit.c lib/core/*/*.c -lm -o submit
//     ./submit [FOLDER]
//
// Which file is done first differs from run to run; what is printed is sorted by name. Memory does not grow with the
// number of files: AHEAD of them are open at a time.

#define _DEFAULT_SOURCE
#include <crew/crew.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { AHEAD = 8 };

struct file {
    char *path;
    uint64_t hash;
    unsigned long long size;
};

/* FNV-1a. Returns an errno value where the file cannot be read. */
static int hash_file(void *arg)
{
    struct file *file = arg;
    FILE *in = fopen(file->path, "rb");
    if (!in)
        return errno;
    unsigned char buffer[8192];
    uint64_t hash = 14695981039346656037u;
    file->size = 0;
    for (size_t got; (got = fread(buffer, 1, sizeof buffer, in)) > 0; file->size += got)
        for (size_t i = 0; i < got; i++)
            hash = (hash ^ buffer[i]) * 1099511628211u;
    int error = ferror(in) ? EIO : 0;
    fclose(in);
    file->hash = hash;
    return error;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct file *)a)->path, ((const struct file *)b)->path);
}

/* The regular files of a folder, sorted; -1 where it cannot be read. */
static long list(const char *folder, struct file **files)
{
    DIR *dir = opendir(folder);
    long count = 0, room = 0;
    *files = NULL;
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        size_t size = strlen(folder) + strlen(entry->d_name) + 2;
        char *path = malloc(size);
        struct stat status;
        if (path)
            snprintf(path, size, "%s/%s", folder, entry->d_name);
        if (!path || stat(path, &status) != 0 || !S_ISREG(status.st_mode)) {
            free(path);
            continue;
        }
        if (count == room) {
            room = room ? 2 * room : 64;
            struct file *more = realloc(*files, (size_t)room * sizeof **files);
            if (!more)
                abort();
            *files = more;
        }
        (*files)[count++] = (struct file){.path = path};
    }
    if (!dir)
        return -1;
    closedir(dir);
    if (count)
        qsort(*files, (size_t)count, sizeof **files, by_path);
    return count;
}

/* Hashes all files; at most AHEAD are submitted and not taken. Returns how many could not be read, or -1. */
static long hash_all(crew_executor *ex, struct file *files, long count)
{
    crew_completion *set = crew_completion_open(NULL, 0);
    long submitted = 0, failures = 0;
    for (long taken = 0; set && taken < count; taken++) {
        for (; submitted < count && submitted - taken < AHEAD; submitted++) {
            crew_future *f = crew_submit(ex, hash_file, &files[submitted]);
            if (!f || crew_completion_add(set, f) != 0)
                abort();
            crew_future_release(f); /* the set has one of its own */
        }
        crew_future *done = crew_next_done(set);
        int error = 0;
        crew_future_result(done, &error);
        failures += error != 0;
        crew_future_release(done);
    }
    crew_completion_close(set);
    return set ? failures : -1;
}

int main(int argc, char **argv)
{
    const char *folder = argc > 1 ? argv[1] : ".";
    struct file *files;
    long count = list(folder, &files);
    if (count < 0) {
        fprintf(stderr, "%s: %s: %s\n", argv[0], folder, strerror(errno));
        return EXIT_FAILURE;
    }
    crew_executor *ex = crew_executor_open(NULL);
    long failures = ex ? hash_all(ex, files, count) : -1;
    if (ex)
        crew_executor_shutdown(ex, 0);

    int status = failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    for (long i = 0; i < count; i++) {
        struct file again = {.path = files[i].path};
        if (hash_file(&again) != 0 || again.hash != files[i].hash)
            status = EXIT_FAILURE;
        printf("%016" PRIx64 " %8llu %s\n", files[i].hash, files[i].size, strrchr(files[i].path, '/') + 1);
        free(files[i].path);
    }
    printf("%ld files, %ld could not be read\n", count, failures);
    free(files);
    return status;
}
