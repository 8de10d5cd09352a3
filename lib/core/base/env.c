#include "env.h"

#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

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
    env.value = first > most ? most : first;
    return env;
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
    /* The value comes from outside: cut to a readable length, and nothing in it reaches the terminal as a command. */
    enum { SHOWN = 60 };
    char value[SHOWN + sizeof "..."];
    size_t n = 0;
    for (; n < SHOWN && text[n]; n++) {
        value[n] = text[n];
        if (value[n] < ' ' || value[n] > '~')
            value[n] = '?';
    }
    snprintf(value + n, sizeof value - n, "%s", text[n] ? "..." : "");
    char line[512];
    snprintf(line, sizeof line, "crew: %s=\"%s\" is not %s; using %s\n", name, value, expected, used);
    fputs(line, stderr);
}
