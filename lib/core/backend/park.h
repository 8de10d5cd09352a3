/* A thread sleeps until a word changes. */
#ifndef CREW_BACKEND_PARK_H
#define CREW_BACKEND_PARK_H

#include <limits.h>
#include <stdatomic.h>

enum { CREW__ALL = INT_MAX };

/* Sleeps while *word is `expected`, until crew__unpark, for at most `seconds` (negative: for ever). May return early
   for no reason, so the caller looks at the word again. Orders nothing: read the word with acquire. */
void crew__park(atomic_int *word, int expected, double seconds);

/* Wakes up to `count` threads that sleep on word. Change the word first. The word may be gone by now: only its address
 * is used. */
void crew__unpark(atomic_int *word, int count);

/* As crew__park without an end, for a sleeper that crew__unpark_one knows by its number. */
void crew__park_as(atomic_int *word, int expected, int number);

/* Wakes the sleeper with this number, or another one where it does not sleep. */
void crew__unpark_one(atomic_int *word, int number);

/* Lets other threads run: a short wait inside a loop that looks at something. `round` counts the looks, from 0. */
void crew__pause(int round);

#endif
