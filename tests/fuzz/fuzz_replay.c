/* Runs the fuzz target without a fuzzer: on every file of the corpus, then on inputs from a seed.
   Usage: fuzz_replay FOLDER [INPUTS]. CREW_TEST_SEED repeats a run, CREW_FUZZ_SAVE=FILE keeps the input that is being
   run. */
#define _POSIX_C_SOURCE 200809L
#include "../support/oracle.h"
#include "fuzz_array.h"
#include <dirent.h>
#include <stdio.h>

enum { LONGEST = 1 << 16 };
static uint8_t input[LONGEST];

static int run_file(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return 1;
    }
    size_t size = fread(input, 1, sizeof input, file);
    fclose(file);
    fprintf(stderr, "%s\n", name); /* the last name is that of what fails */
    LLVMFuzzerTestOneInput(input, size);
    return 0;
}

static int run_folder(const char *folder, int *files)
{
    DIR *dir = opendir(folder);
    int failed = !dir;
    if (!dir)
        perror(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        if (entry->d_name[0] != '.') {
            failed |= run_file(folder, entry->d_name);
            ++*files;
        }
    if (dir)
        closedir(dir);
    return failed;
}

static void save(const char *path, size_t size)
{
    FILE *file = path ? fopen(path, "wb") : NULL;
    if (file) {
        fwrite(input, 1, size, file);
        fclose(file);
    }
}

int main(int argc, char **argv)
{
    int files = 0;
    if (argc < 2) {
        fprintf(stderr, "usage: fuzz_replay FOLDER [INPUTS]\n");
        return 2;
    }
    if (run_folder(argv[1], &files) || files == 0)
        return 1;
    uint64_t seed = oracle_seed();
    long inputs = argc > 2 ? atol(argv[2]) : 3000;
    for (long k = 0; k < inputs; k++) {
        size_t size = 8 + oracle_below(&seed, 56);
        for (size_t i = 0; i < size; i++)
            input[i] = (uint8_t)oracle_random(&seed);
        const long part = k % 7; /* every one as often */
        input[0] = (uint8_t)(part == 5 ? FUZZ_EXACT : part == 6 ? FUZZ_SETS : part);
        save(getenv("CREW_FUZZ_SAVE"), size);
        LLVMFuzzerTestOneInput(input, size);
    }
    printf("%d files, %ld inputs\n", files, inputs);
    return 0;
}
