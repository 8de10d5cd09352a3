/* Reads environment variables strictly and reports those that make no sense. */
#define _GNU_SOURCE
#include "env.h"
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* No machine has so many processors; who writes more has mistyped. */
static const unsigned long long BEYOND_REASON = 65536;

/* Not isspace: the program's locale must not change what a variable means. */
const char *crew__skip_space(const char *s)
{
    while (*s == ' ' || (*s >= '\t' && *s <= '\r'))
        s++;
    return s;
}

const char *crew__digits(const char *s, unsigned long long *value)
{
    if (*s < '0' || *s > '9')
        return NULL;
    unsigned long long n = 0;
    for (; *s >= '0' && *s <= '9'; s++) {
        unsigned digit = (unsigned)(*s - '0');
        n = n > (ULLONG_MAX - digit) / 10 ? ULLONG_MAX : n * 10 + digit;
    }
    *value = n;
    return s;
}

/* What comes from outside is cut to a readable length, and nothing in it reaches the terminal as a command. */
static void copy_printable(char *to, size_t size, const char *text, size_t length)
{
    size_t room = size - sizeof "...", n = length < room ? length : room;
    for (size_t i = 0; i < n; i++)
        to[i] = text[i] < ' ' || text[i] > '~' ? '?' : text[i];
    memcpy(to + n, length > n ? "..." : "\0\0\0", sizeof "...");
}

static struct crew__env look_up(const char *name)
{
    const char *text = getenv(name);
    return (struct crew__env){text ? CREW__ENV_BAD : CREW__ENV_UNSET, 0, text};
}

struct crew__env crew__env_count(const char *name, unsigned long long most, bool list)
{
    struct crew__env env = look_up(name);
    if (env.state == CREW__ENV_UNSET)
        return env;
    unsigned long long first = 0;
    for (const char *s = env.text;; s++) {
        unsigned long long n;
        s = crew__digits(crew__skip_space(s), &n);
        if (!s || n == 0)
            return env;
        if (first == 0)
            first = n;
        s = crew__skip_space(s);
        if (*s == '\0')
            break;
        if (!list || *s != ',')
            return env;
    }
    env.state = first > most ? CREW__ENV_BAD : CREW__ENV_GOOD;
    env.value = first > BEYOND_REASON ? 0 : first > most ? most : first;
    return env;
}

struct crew__env crew__env_jobs(const char *name, unsigned long long most, bool *negative)
{
    struct crew__env env = look_up(name);
    const char *s = env.text ? crew__skip_space(env.text) : "";
    *negative = *s == '-';
    if (!*negative)
        return crew__env_count(name, most, false);
    unsigned long long n;
    s = crew__digits(s + 1, &n);
    if (s && n > 0 && *crew__skip_space(s) == '\0') {
        env.state = CREW__ENV_GOOD;
        env.value = n < most ? n : most;
    }
    return env;
}

bool crew__env_is(const char *name, const char *word)
{
    const char *text = getenv(name);
    const char *s = text ? crew__skip_space(text) : "";
    size_t length = strlen(word);
    return strncmp(s, word, length) == 0 && *crew__skip_space(s + length) == '\0';
}

/* What crew's own tests and benchmarks read. */
static bool is_for_tests(const char *name)
{
    return strncmp(name, "CREW_TEST_", 10) == 0 || strncmp(name, "CREW_BENCH_", 11) == 0 ||
           strncmp(name, "CREW_STRESS_", 12) == 0;
}

void crew__env_report_unknown(void)
{
    static const char *const known[] = {"CREW_BIND", "CREW_NUM_THREADS", "CREW_PROGRESS", "CREW_TRACE", "CREW_VERBOSE"};
    enum { KNOWN = sizeof known / sizeof known[0] };
    for (char **at = environ; at && *at; at++) {
        size_t length = strcspn(*at, "="), i = 0;
        if (strncmp(*at, "CREW_", 5) != 0 || is_for_tests(*at))
            continue;
        while (i < KNOWN && (strlen(known[i]) != length || strncmp(*at, known[i], length) != 0))
            i++;
        if (i == KNOWN) {
            char name[64];
            copy_printable(name, sizeof name, *at, length);
            fprintf(stderr,
                    "crew: %s is no variable of crew's (those are CREW_BIND, CREW_NUM_THREADS, CREW_PROGRESS, "
                    "CREW_TRACE and "
                    "CREW_VERBOSE)\n",
                    name);
        }
    }
}

/* Powers of two of a unit letter; -1 where it is none. */
static int unit_shift(char unit)
{
    switch (unit) {
    case 'b':
    case 'B':
        return 0;
    case '\0':
    case 'k':
    case 'K':
        return 10;
    case 'm':
    case 'M':
        return 20;
    case 'g':
    case 'G':
        return 30;
    default:
        return -1;
    }
}

struct crew__env crew__env_size(const char *name)
{
    struct crew__env env = look_up(name);
    if (env.state == CREW__ENV_UNSET)
        return env;
    unsigned long long n;
    const char *s = crew__digits(crew__skip_space(env.text), &n);
    if (!s)
        return env;
    s = crew__skip_space(s);
    int shift = unit_shift(*s);
    if (shift < 0)
        return env;
    if (*s != '\0')
        s = crew__skip_space(s + 1);
    if (*s != '\0' || n == 0 || n > ULLONG_MAX >> shift)
        return env;
    env.state = CREW__ENV_GOOD;
    env.value = n << shift;
    return env;
}

struct crew__env crew__env_flag(const char *name)
{
    struct crew__env env = look_up(name);
    if (env.state == CREW__ENV_UNSET)
        return env;
    const char *s = crew__skip_space(env.text);
    env.value = *s != '\0';
    unsigned long long n;
    const char *end = crew__digits(s, &n);
    if (end && *crew__skip_space(end) == '\0' && n <= 1) {
        env.state = CREW__ENV_GOOD;
        env.value = n;
    }
    return env;
}

void crew__env_report(const char *name, const char *text, const char *expected, const char *used)
{
    char value[64];
    copy_printable(value, sizeof value, text, strlen(text));
    char line[512];
    snprintf(line, sizeof line, "crew: %s=\"%s\" is not %s; using %s\n", name, value, expected, used);
    fputs(line, stderr);
}
