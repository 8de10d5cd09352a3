/* Values of environment variables, read strictly: a number is decimal digits and nothing else but white space around
   them. No sign, but for crew__env_jobs. */
#ifndef CREW_BASE_ENV_H
#define CREW_BASE_ENV_H

#include <stdbool.h>

enum crew__env_state { CREW__ENV_UNSET, CREW__ENV_GOOD, CREW__ENV_BAD };

struct crew__env {
    enum crew__env_state state;
    unsigned long long value; /* what to use; 0 where there is nothing */
    const char *text;         /* as it stands in the environment, valid until that changes; NULL where unset */
};

/* A count from 1 to most. One above it is BAD, with value = most, and one that nobody can mean (above 65536) BAD with
   value = 0. A list is numbers with commas between them, as
   OMP_NUM_THREADS takes one for each level of nesting; its first number is the value. */
struct crew__env crew__env_count(const char *name, unsigned long long most, bool list);

/* The same, or `-` and a number, as options.threads has it: *negative says that value is one of those. */
struct crew__env crew__env_jobs(const char *name, unsigned long long most, bool *negative);

/* The variable says this word and nothing else but white space around it. */
bool crew__env_is(const char *name, const char *word);

/* Reports variables whose names begin with CREW_ and that crew does not know, once each. */
void crew__env_report_unknown(void);

/* Bytes, from a number and the unit B, K, M or G in either case; K where there is none, as OpenMP has it. */
struct crew__env crew__env_size(const char *name);

/* 0 or 1. Other text is BAD, with the value 1 but for the empty text. */
struct crew__env crew__env_flag(const char *name);

/* Writes `crew: NAME="text" is not EXPECTED; using USED` to standard error in one piece. */
void crew__env_report(const char *name, const char *text, const char *expected, const char *used);

/* Reads decimal digits into *value, ULLONG_MAX where they do not fit. Returns what follows, NULL without a digit. */
const char *crew__digits(const char *s, unsigned long long *value);
const char *crew__skip_space(const char *s);

#endif
