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

/* Lets other threads run: a short wait inside a loop that looks at something. `round` counts the looks, from 0. */
void crew__pause(int round);

#endif
