/* What a call site's loops took: an item of few the last time, and whole calls alone and by a team. */
#ifndef CREW_LOOP_SITES_H
#define CREW_LOOP_SITES_H

#include "runner.h"
#include <stdbool.h>
#include <stdint.h>

enum { CREW__FEW_ITEMS = 64 };

enum crew__way { CREW__UNKNOWN, CREW__ALONE, CREW__BY_TEAM };

/* Nanoseconds an item of whole calls; 0: not known. */
struct crew__ways {
    float alone, team;
    float work;    /* of a team's blocks together: about what alone would be; 0: not known */
    uint16_t wait; /* calls until the other way is tried again */
    uint8_t tried; /* how often it was, since it was the better one */
    bool by_team;  /* the better one */
    bool again;    /* this call tries the other: its time replaces what is known */
    uint8_t even;  /* teams in a row whose blocks took what was expected of them */
    uint8_t rough; /* a team met a slow block; so many more without one, and it is forgotten */
};

/* Teams in a row that met no slow block: the next one's blocks may be long. */
static inline bool crew__ways_even(const struct crew__ways *ways)
{
    return ways->even >= 4;
}

struct crew__site {
    uintptr_t key;
    float item_ns;             /* of few items: a first one alone, to learn it, doubles the time of two heavy ones */
    bool sleeps;               /* its items sleep rather than compute: more threads than processors help */
    uint8_t asked;             /* crew__site_is_due: so often */
    bool newer;                /* of the two sites of its pair */
    struct crew__ways ways[2]; /* where the last team has just ended, and where threads have gone to sleep */
};

/* The calling thread's entry for the callback, the magnitude of n and the threads asked for. It lives until another
   site takes its place. */
struct crew__site *crew__site_of(const struct crew__loop *loop, int threads);

/* The same of a place in the program. */
struct crew__site *crew__site_at(uintptr_t place, size_t n, int threads);

/* The calling thread's entry for whole calls of an algorithm that has a shorter way for those that take little, by the
   callback and the magnitude of n. */
struct crew__site *crew__site_of_calls(uintptr_t callback, size_t n);

/* True where its calls with n items are known to take so little that the short way is the better one. */
bool crew__site_is_brief(const struct crew__site *site, size_t n);

/* True once in 32 calls that ask: where the short way does not notice that items have become slow, this call goes
   the long one. */
bool crew__site_is_due(struct crew__site *site);

/* Since crew__ticks() was `started`, a call did n items. Where a team did them, they count as all the time that it had:
   eight items of 1 us would else be brief, and one thread do those of the next call. */
void crew__site_learn_call(struct crew__site *site, int64_t started, size_t n);

/* True where `done` items of n, which took `spent_ns`, or the last of them, which took item_ns each, took more than the
   usual ones by a time that counts: a call's first items may be slow because caches are cold. */
bool crew__site_is_heavier(double usual_ns, double item_ns, double spent_ns, size_t done, size_t n);

/* Nanoseconds that an item takes alone, as far as is known; else item_ns, what the present call's first ones take: cold
   caches slow these, and they may be lighter than the others. */
static inline double crew__ways_alone(const struct crew__ways *ways, double item_ns)
{
    return ways->alone > 0 ? (double)ways->alone : ways->work > 0 ? (double)ways->work : item_ns;
}

/* The better way for a call whose items take item_ns now, or the other one when it is its turn: seldom enough to cost
   1 %. Unknown where no team was tried. unsure: neither item_ns nor a team's work says what whole calls take alone. */
enum crew__way crew__site_choose(struct crew__ways *ways, double item_ns, bool unsure);

/* A whole call took item_ns an item. */
void crew__site_learn(struct crew__ways *ways, enum crew__way way, double item_ns);

/* Before that, of a team: its blocks took item_ns an item together, where expected_ns were expected alone, 0 if nothing
   was; uneven: one of them was slow. */
void crew__site_learn_blocks(struct crew__ways *ways, double item_ns, double expected_ns, bool uneven);

#endif
