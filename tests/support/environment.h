/* A clean environment to start from, and what a test writes to standard error. */
#ifndef TESTS_ENVIRONMENT_H
#define TESTS_ENVIRONMENT_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const variables[] = {
    "CREW_NUM_THREADS", "OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OMP_STACKSIZE",
    "GOMP_STACKSIZE",   "CREW_PROGRESS",   "CREW_VERBOSE",
};

enum { VARIABLES = sizeof variables / sizeof variables[0] };

static inline void clean_environment(void)
{
    for (int i = 0; i < VARIABLES; i++)
        unsetenv(variables[i]);
}

static FILE *caught;
static int real_stderr;

static inline void catch_stderr(void)
{
    fflush(stderr);
    caught = tmpfile();
    ck_assert_ptr_nonnull(caught);
    real_stderr = dup(STDERR_FILENO);
    ck_assert_int_ge(dup2(fileno(caught), STDERR_FILENO), 0);
}

/* Lines of CREW_VERBOSE among what was caught. */
static int verbose_lines;
static char verbose_text[512];

/* The other lines, reports of bad values. */
static inline const char *caught_text(void)
{
    static char text[8192];
    fflush(stderr);
    ck_assert_int_ge(dup2(real_stderr, STDERR_FILENO), 0);
    rewind(caught);
    text[fread(text, 1, sizeof text - 1, caught)] = '\0';
    fclose(caught);
    close(real_stderr);
    char *verbose = strstr(text, "crew uses ");
    verbose_lines = verbose != NULL;
    if (verbose) {
        char *rest = strchr(verbose, '\n') + 1;
        snprintf(verbose_text, sizeof verbose_text, "%.*s", (int)(rest - verbose), verbose);
        memmove(verbose, rest, strlen(rest) + 1);
        verbose_lines += strstr(text, "crew uses ") != NULL;
    }
    return text;
}

static inline int count_lines(const char *text)
{
    int lines = 0;
    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

#endif
