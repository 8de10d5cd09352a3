/* A small table a thread: a site is a callback, the magnitude of n and a number of threads. It may be in either of two
   places, of which a new one takes that of the older: a call that asks for two sites with a single place, as the
   addresses of a program that is loaded anywhere may have it, would forget both each time (crew_reduce of 100 items:
   1,276 ns in 27 of 200 processes, else 243). */
#define _POSIX_C_SOURCE 200809L
#include "sites.h"
#include "../base/clock.h"
#include "../base/compiler.h"
#include "../base/threads.h"
#include "launch.h"
#include <string.h>

/* Nanoseconds that a call's first items may take longer than the others because caches are cold. */
static const double COLD_CACHES_NS = 5000;

enum {
    PAIRS_LOG2 = 5,
    FIRST_WAIT = 4,      /* calls until a team that was little worse is tried again, then 16, 64, ... */
    MOST_TRIED = 6,      /* up to 2^14 */
    OTHER_WORK = 4,      /* times what items took before: what was learned of them holds no more */
    ROUGH_FOR = 16,      /* teams without a slow block until one is no longer expected */
    MEASURED_AGAIN = 32, /* brief calls until one is measured */
    TRUSTED_AFTER = 16   /* calls in which a team was better: the next one that is worse is bad luck */
};

/* A call of so little is done before a team has begun. */
static const double BRIEF_NS = 5000;

/* Times what a team's blocks took before: a mean with that would belong to neither. */
static const double OTHER_DATA = 1.5;

static CREW__NOINLINE struct crew__site *begin_site(struct crew__site *pair, uintptr_t key)
{
    const int older = pair[0].newer;
    pair[older] = (struct crew__site){.key = key, .newer = true};
    pair[!older].newer = false;
    return &pair[older];
}

CREW__HOT struct crew__site *crew__site_at(uintptr_t place, size_t n, int threads)
{
    static _Thread_local struct crew__site sites[2 << PAIRS_LOG2];
    uintptr_t key = place ^ (uintptr_t)crew__log2(n) << (8 * sizeof key - 8);
    key ^= (uintptr_t)threads << (8 * sizeof key - 20);
    uint32_t spread = (uint32_t)((key ^ key >> 16 >> 16) * 0x9e3779b1u); /* Knuth's multiplicative hashing */
    struct crew__site *pair = &sites[2 * (spread >> (32 - PAIRS_LOG2))];
    if (CREW__LIKELY(pair[0].key == key))
        return &pair[0];
    return CREW__LIKELY(pair[1].key == key) ? &pair[1] : begin_site(pair, key);
}

struct crew__site *crew__site_of(const struct crew__loop *loop, int threads)
{
    uintptr_t place;
    if (loop->by_site)
        memcpy(&place, loop->ctx, sizeof place);
    else
        place = loop->fn ? (uintptr_t)loop->fn : (uintptr_t)loop->each;
    return crew__site_at(place, loop->n, threads);
}

CREW__HOT struct crew__site *crew__site_of_calls(uintptr_t callback, size_t n)
{
    return crew__site_at(~callback, n, 0); /* no code is there, so no loop's entry has this key */
}

CREW__HOT bool crew__site_is_brief(const struct crew__site *site, size_t n)
{
    return site->item_ns > 0 && (double)site->item_ns * (double)n < BRIEF_NS;
}

CREW__HOT bool crew__site_is_due(struct crew__site *site)
{
    return ++site->asked % MEASURED_AGAIN == 0;
}

static double most_workers(size_t items)
{
    const int threads = crew__resolve_threads(0), cpus = crew__cpu_count(), most = threads < cpus ? threads : cpus;
    return items < (size_t)most ? (double)items : (double)most;
}

void crew__site_learn_call(struct crew__site *site, int64_t started, size_t n)
{
    const double spent_ns = (double)(crew__ticks() - started) / crew__ticks_per_ns();
    site->item_ns = (float)(spent_ns / (double)n * (crew__launch_closed_after(started) ? most_workers(n) : 1));
}

bool crew__site_is_heavier(double usual_ns, double item_ns, double spent_ns, size_t done, size_t n)
{
    return item_ns > 2 * usual_ns && spent_ns - usual_ns * (double)done > 0.1 * usual_ns * (double)n + COLD_CACHES_NS;
}

/* Calls that a way is left alone whose time is `ratio` of the better one's: with one in so many, 1 % is lost. */
static double seldom(double ratio)
{
    const double calls = 100 * (ratio - 1);
    return calls < (double)TRUSTED_AFTER ? (double)TRUSTED_AFTER : calls < UINT16_MAX ? calls : UINT16_MAX;
}

static uint16_t alone_for(struct crew__ways *w, double ratio)
{
    const double soon = ratio * (double)(FIRST_WAIT << 2 * w->tried), most = seldom(ratio);
    w->tried = (uint8_t)(w->tried + (w->tried < MOST_TRIED));
    return (uint16_t)(soon < most ? soon : most);
}

CREW__HOT enum crew__way crew__site_choose(struct crew__ways *w, double item_ns, bool unsure)
{
    const double team = (double)w->team, known = (double)w->alone;
    w->again = false;
    if (team <= 0)
        return CREW__UNKNOWN;
    const double alone = crew__ways_alone(w, item_ns);
    const bool by_team = team < alone;
    if (by_team != w->by_team) {
        w->by_team = by_team;
        w->wait = !by_team ? alone_for(w, team / alone) : known > 0 ? TRUSTED_AFTER : FIRST_WAIT;
    } else if (w->wait > 0) {
        w->wait = (uint16_t)(w->wait - 1);
    }
    const enum crew__way better = by_team ? CREW__BY_TEAM : CREW__ALONE;
    if (w->wait > 0)
        return better;
    if (by_team)
        w->tried = 0;
    /* A team that gains so much needs no comparison: where it loses its gain, its own times say so. It does need one
       where its gain was only computed. */
    if (by_team && team < (known > 0 || !unsure ? 0.6 : 0.25) * alone)
        return better;
    w->wait = by_team ? (uint16_t)seldom(alone / team) : alone_for(w, team / alone);
    w->again = true;
    return by_team ? CREW__ALONE : CREW__BY_TEAM;
}

CREW__HOT void crew__site_learn(struct crew__ways *w, enum crew__way way, double item_ns)
{
    float *known = way == CREW__BY_TEAM ? &w->team : &w->alone;
    *known = *known <= 0 || w->again ? (float)item_ns : *known + ((float)item_ns - *known) / 4;
}

void crew__site_learn_blocks(struct crew__ways *w, double item_ns, double expected_ns, bool uneven)
{
    bool other =
        expected_ns > 0 && (item_ns > (double)OTHER_WORK * expected_ns || item_ns * (double)OTHER_WORK < expected_ns);
    if (other)
        w->alone = 0;
    /* where what a team's blocks took stands for what alone takes, the team's own time must be of the same data */
    const double before = (double)w->work;
    w->again |= w->alone <= 0 && (item_ns > OTHER_DATA * before || item_ns * OTHER_DATA < before);
    w->work = (float)item_ns;
    w->rough = uneven ? ROUGH_FOR : (uint8_t)(w->rough - (w->rough > 0));
    w->even = other || uneven ? 0 : (uint8_t)(w->even + !crew__ways_even(w));
}
