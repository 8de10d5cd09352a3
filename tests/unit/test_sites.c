/* What is remembered of a call site: which way its loops go, and how soon a wrong belief is found. Times are made up.
 */
#include "../../lib/core/base/clock.h"
#include "../../lib/core/base/threads.h"
#include "../../lib/core/loop/launch.h"
#include "../../lib/core/loop/sites.h"
#include "../support/suite.h"
#include <crew/for.h>
#include <crew/loop.h>
#ifdef _OPENMP
#include <omp.h>
#endif

/* A call of a site whose items take so long either way; returns what it took. */
static double call(struct crew__ways *w, double alone, double team, enum crew__way *way)
{
    *way = crew__site_choose(w, alone, false);
    if (*way == CREW__UNKNOWN) /* the launch decides: here for a team */
        *way = CREW__BY_TEAM;
    double took = *way == CREW__ALONE ? alone : team;
    crew__site_learn(w, *way, took);
    return took;
}

/* What `calls` calls took, as a ratio to the better way. */
static double ratio(struct crew__ways *w, int calls, double alone, double team)
{
    enum crew__way way;
    double took = 0;
    for (int k = 0; k < calls; k++)
        took += call(w, alone, team, &way);
    return took / (calls * (alone < team ? alone : team));
}

static const double gains[] = {0.03, 0.3, 0.5, 0.7, 0.9, 0.99, 1.01, 1.1, 1.5, 2, 6, 40, 1000};

/* The worse way is tried for at most 2 % of the time in the long run. */
START_TEST(better_way_is_taken)
{
    struct crew__ways w = {0};
    double team = gains[_i];
    ratio(&w, 20000, 1, team);
    double later = ratio(&w, 200000, 1, team);
    ck_assert_msg(later > 0.999 && later < 1.02, "%g: %g", team, later);
}
END_TEST

/* Nothing is chosen before a team was tried, and a team that gains much is not left for a trial. */
START_TEST(unknown_and_clear)
{
    struct crew__ways w = {0};
    ck_assert_int_eq(crew__site_choose(&w, 5, true), CREW__UNKNOWN);
    crew__site_learn(&w, CREW__ALONE, 5);
    ck_assert_int_eq(crew__site_choose(&w, 5, true), CREW__UNKNOWN);
    crew__site_learn(&w, CREW__BY_TEAM, 2.5);
    for (int k = 0; k < 1000; k++)
        ck_assert_int_eq(crew__site_choose(&w, 5, true), CREW__BY_TEAM);
}
END_TEST

/* A gain that is computed from slow first items only is compared with a whole call alone within ten calls. */
START_TEST(slow_first_items)
{
    struct crew__ways w = {0};
    enum crew__way way = CREW__BY_TEAM;
    int calls = 0;
    while (way == CREW__BY_TEAM && calls++ < 10) {
        way = crew__site_choose(&w, 3, true);
        way = way == CREW__UNKNOWN ? CREW__BY_TEAM : way;
        crew__site_learn(&w, way, way == CREW__ALONE ? 1 : 1.5);
    }
    ck_assert_int_lt(calls, 10);
    ck_assert_int_eq(crew__site_choose(&w, 3, true), CREW__ALONE);
}
END_TEST

/* First items that are lighter than the others, or slow, say nothing where a team's blocks have said what all take. */
START_TEST(light_first_items)
{
    const double first_ns[] = {0.1, 5, 100};
    for (size_t k = 0; k < sizeof first_ns / sizeof *first_ns; k++) {
        struct crew__ways w = {0};
        ck_assert_int_eq(crew__site_choose(&w, first_ns[k], true), CREW__UNKNOWN);
        crew__site_learn_blocks(&w, 33, 0, true);
        crew__site_learn(&w, CREW__BY_TEAM, 17);
        for (int call = 0; call < 1000; call++)
            ck_assert_int_eq(crew__site_choose(&w, first_ns[k], false), CREW__BY_TEAM);
        /* Of little work a whole call alone is waited for, and then believed. */
        int calls = 0;
        while (crew__site_choose(&w, first_ns[k], true) == CREW__BY_TEAM)
            ck_assert_int_lt(++calls, 10);
        crew__site_learn(&w, CREW__ALONE, 12);
        ck_assert_int_eq(crew__site_choose(&w, first_ns[k], true), CREW__ALONE);
    }
}
END_TEST

/* The same callback gets other data: what calls took alone is forgotten, the team's time replaced. */
START_TEST(other_work)
{
    for (int heavier = 0; heavier < 2; heavier++) {
        struct crew__ways w = {0};
        ratio(&w, 100, 1, 1.5);
        ck_assert_double_eq_tol((double)w.alone, 1, 1e-6);
        const double work = heavier ? 7.3 : 0.13;
        crew__site_learn_blocks(&w, work, 1, false);
        crew__site_learn(&w, CREW__BY_TEAM, work / 2);
        ck_assert_double_eq_tol((double)w.team, work / 2, 1e-6);
        ck_assert_double_eq_tol(crew__ways_alone(&w, 1), work, 1e-6);
        ck_assert(ratio(&w, 100, work, work / 2) < 1.1);
    }
    struct crew__ways w = {.alone = 1, .team = 0.6F};
    crew__site_learn_blocks(&w, 3.9, 1, false);
    ck_assert(w.alone > 0 && !w.again);
}
END_TEST

/* Data that take a third of the time: what teams took of the others says nothing, also where nobody knows what a call
   takes alone. */
START_TEST(other_data)
{
    struct crew__ways w = {0};
    const double work[] = {32, 32, 9, 9, 32};
    for (size_t k = 0; k < sizeof work / sizeof *work; k++) {
        ck_assert_int_eq(crew__site_choose(&w, work[k] / 100, false), k == 0 ? CREW__UNKNOWN : CREW__BY_TEAM);
        crew__site_learn_blocks(&w, work[k], 0, true);
        crew__site_learn(&w, CREW__BY_TEAM, work[k] / 2);
        ck_assert_double_eq_tol((double)w.team, work[k] / 2, 1e-6);
    }
    crew__site_choose(&w, 1, false);
    crew__site_learn_blocks(&w, 32, 0, true);
    crew__site_learn(&w, CREW__BY_TEAM, 20); /* the same data: a mean */
    ck_assert_double_eq_tol((double)w.team, 17, 1e-6);
}
END_TEST

/* Long blocks are for sites whose last four teams met no slow one. */
START_TEST(even_after_four)
{
    struct crew__ways w = {0};
    for (int round = 0; round < 2; round++) {
        for (int team = 0; team < 4; team++) {
            ck_assert(!crew__ways_even(&w));
            crew__site_learn_blocks(&w, 1, 1, false);
        }
        for (int team = 0; team < 300; team++, crew__site_learn_blocks(&w, 1, 1, false))
            ck_assert(crew__ways_even(&w));
        crew__site_learn_blocks(&w, 1, 1, true);
    }
    ck_assert(!crew__ways_even(&w));
}
END_TEST

/* Blocks are short for sixteen teams after one that met a slow block. */
START_TEST(rough_for_sixteen)
{
    struct crew__ways w = {0};
    crew__site_learn_blocks(&w, 1, 1, false);
    ck_assert_int_eq(w.rough, 0);
    for (int round = 0; round < 2; round++) {
        crew__site_learn_blocks(&w, 1, 1, true);
        for (int team = 0; team < 16; team++) {
            ck_assert_int_gt(w.rough, 0);
            crew__site_learn_blocks(&w, 1, 1, false);
        }
        ck_assert_int_eq(w.rough, 0);
    }
}
END_TEST

static int quick(size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    for (volatile size_t i = begin; i < end; i = i + 1)
        continue;
    return 0;
}

static int mark(size_t begin, size_t end, void *ctx)
{
    for (unsigned char *times = ctx; begin < end; begin++) {
        for (volatile int step = 0; step < 20; step++)
            continue;
        times[begin]++;
    }
    return 0;
}

/* Each item once, whether blocks are short or have become long, from the first call on. */
START_TEST(even_loops_do_each_item_once)
{
    static unsigned char times[5001];
    crew__tuning.always_open = 0;
    for (int call = 1; call <= 200; call++) {
        ck_assert_int_eq(crew_for(sizeof times, mark, times, NULL), 0);
        for (size_t i = 0; i < sizeof times; i++)
            ck_assert_int_eq(times[i], call);
    }
}
END_TEST

/* One call of a team that lost its processor costs its gain for a while only. */
START_TEST(bad_luck)
{
    for (int before = 0; before < 60; before++) {
        struct crew__ways w = {0};
        enum crew__way way;
        ratio(&w, before, 1, 0.55);
        crew__site_learn(&w, CREW__BY_TEAM, 10);
        int calls = 0;
        do
            call(&w, 1, 0.55, &way);
        while (++calls < 100 && way == CREW__ALONE);
        ck_assert_msg(calls < 60, "after %d calls: %d", before, calls);
        ck_assert(ratio(&w, 100, 1, 0.55) < 1.3);
    }
}
END_TEST

/* A processor that another program takes, and gives back. */
START_TEST(other_program)
{
    struct crew__ways w = {0};
    ratio(&w, 100, 1, 0.55);
    double first = ratio(&w, 10, 1, 30);
    ck_assert_msg(first < 10, "%g", first);
    ratio(&w, 20000, 1, 30);
    ck_assert(ratio(&w, 20000, 1, 30) < 1.02);
    ratio(&w, 8000, 1, 0.55);
    ck_assert(ratio(&w, 100, 1, 0.55) < 1.02);
    /* That it was worse for so long says nothing now: bad luck is found out as soon as ever. */
    crew__site_learn(&w, CREW__BY_TEAM, 10);
    ratio(&w, 60, 1, 0.55);
    ck_assert(ratio(&w, 100, 1, 0.55) < 1.02);
}
END_TEST

/* Items that are heavier than usual by a time that counts, and each by more than a clock is wrong. */
START_TEST(heavier_items)
{
    ck_assert(crew__site_is_heavier(10, 30, 1e6, 100, 1000));
    ck_assert(!crew__site_is_heavier(10, 19, 1e6, 100, 1000));       /* the last ones were as usual */
    ck_assert(!crew__site_is_heavier(10, 30, 3000, 100, 1000));      /* cold caches take as long */
    ck_assert(!crew__site_is_heavier(10, 30, 100000, 100, 1000000)); /* less than a tenth of the whole */
}
END_TEST

static int nothing(size_t begin, size_t end, void *ctx, size_t *failed)
{
    (void)begin;
    (void)end;
    (void)ctx;
    (void)failed;
    return 0;
}

START_TEST(sites_differ)
{
    uintptr_t one = 0x1000, two = 0x2000;
    struct crew__loop loop = {.n = 1000, .fn = nothing, .ctx = &one, .by_site = CREW__BY_BLOCK};
    crew__site_of(&loop, 2)->item_ns = 7;
    loop.n = 1023;
    ck_assert(crew__site_of(&loop, 2)->item_ns > 6);
    ck_assert(crew__site_of(&loop, 3)->item_ns < 1);
    loop.n = 1024;
    ck_assert(crew__site_of(&loop, 2)->item_ns < 1);
    loop.ctx = &two;
    ck_assert(crew__site_of(&loop, 2)->item_ns < 1);
    loop.by_site = 0; /* the function itself is the site */
    crew__site_of(&loop, 2)->item_ns = 9;
    loop.ctx = &one;
    ck_assert(crew__site_of(&loop, 2)->item_ns > 8);
}
END_TEST

/* Two sites that would have the same place do not forget each other. */
START_TEST(sites_that_share_a_place)
{
    struct crew__site *one = crew__site_at(0x1000, 100, 2);
    uintptr_t place = 0x1000;
    const struct crew__site *other;
    do { /* there are few places; the first site of a pair is its first place */
        place += 16;
        one = crew__site_at(0x1000, 100, 2);
        other = crew__site_at(place, 100, 2);
    } while (other != one && other != one + 1 && place < 0x1000000);
    ck_assert_uint_lt(place, 0x1000000);
    for (int round = 0; round < 10; round++) {
        crew__site_at(0x1000, 100, 2)->item_ns = 1;
        crew__site_at(place, 100, 2)->item_ns = 2;
        ck_assert(crew__site_at(0x1000, 100, 2)->item_ns < 1.5F);
        ck_assert(crew__site_at(place, 100, 2)->item_ns > 1.5F);
    }
}
END_TEST

/* Whole calls of a callback: unknown ones are not brief, the last one decides, and now and then one is measured. */
START_TEST(brief_calls)
{
    struct crew__site *site = crew__site_of_calls(0x1000, 100);
    ck_assert(!crew__site_is_brief(site, 100));
    crew__site_learn_call(site, crew__ticks(), 100);
    site->item_ns = 10;
    ck_assert(crew__site_is_brief(site, 100));
    ck_assert(!crew__site_is_brief(site, 1000));
    ck_assert_ptr_eq(crew__site_of_calls(0x1000, 127), site);
    ck_assert_ptr_ne(crew__site_of_calls(0x1000, 128), site);
    int due = 0;
    for (int call = 0; call < 320; call++)
        due += crew__site_is_due(site);
    ck_assert_int_eq(due, 10);
    crew__site_learn_call(site, crew__ticks() - (int64_t)(1e6 * crew__ticks_per_ns()), 100);
    ck_assert(site->item_ns > 9999 && !crew__site_is_brief(site, 100));
}
END_TEST

/* A team's call of 4 us has done the work of more, so that it is not brief. */
START_TEST(calls_by_a_team)
{
    struct crew__site *site = crew__site_of_calls(0x1000, 100);
    const int64_t now = crew__ticks(), started = now - (int64_t)(4000 * crew__ticks_per_ns());
    crew__site_learn_call(site, started, 100);
    const bool slow = site->item_ns > 49; /* this thread has lost its processor */
    ck_assert(slow || crew__site_is_brief(site, 100));
    crew__launch_learn(started, now, 100);
    crew__site_learn_call(site, started, 100);
    const int threads = crew_num_threads(), cpus = crew__cpu_count(), most = threads < cpus ? threads : cpus;
    ck_assert((double)site->item_ns > 39 * most);
    crew__site_learn_call(site, now, 3); /* ended before it began */
    const double alone = (double)site->item_ns;
    crew__launch_learn(now, crew__ticks() + 1, 100);
    crew__site_learn_call(site, now, 3);
    ck_assert((double)site->item_ns >= alone * (most < 3 ? most : 3));
}
END_TEST

static bool in_region(void)
{
#ifdef _OPENMP
    return omp_in_parallel();
#else
    return false;
#endif
}

static bool had_team; /* before the items that need it */

struct stretch {
    uintptr_t place; /* first: by_site */
    size_t slow;     /* first of the slow items */
    double before;   /* nanoseconds of each item before them */
};

static int slow_stretch(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct stretch *s = ctx;
    (void)failed;
    for (size_t i = begin; i < end; i++) {
        if (i == s->slow)
            had_team = in_region();
        const double ns = i < s->slow ? s->before : i < s->slow + 20 ? 1e5 : 0;
        const int64_t until = crew__ticks() + (int64_t)(ns * crew__ticks_per_ns());
        while (crew__ticks() < until)
            continue;
    }
    return 0;
}

static void believe_launch_costs(double ns)
{
    const double per_ns = crew__ticks_per_ns();
    for (int k = 0; k < 120; k++) {
        const int64_t now = crew__ticks(), closed = k < 60 ? now - (int64_t)(1e9 * per_ns) : now;
        crew__launch_learn(now, closed, (int64_t)(ns * per_ns));
    }
}

/* A call that is to be measured alone and meets items that need a team says nothing of what teams take: it had done a
   good part before that. The items before may be as usual, or heavier, though not by what a team costs. */
START_TEST(late_team_is_not_learned)
{
    struct stretch s = {.slow = _i ? 20 : 700, .before = _i ? 3000 : 0};
    const float team = _i ? 3 : 30, work = _i ? 4.5F : 45;
    crew__tuning.always_open = 0;
    crew_for(100000, quick, NULL, NULL); /* makes the threads */
    /* A thread that loses its processor in the first items opens a team for them, and learns: another site then. */
    do {
        s.place += 0x1000;
        ck_assert_msg(s.place <= 0x1000 * 1000, "each call opened its team early");
        believe_launch_costs(_i ? 5e6 : 1e3);
        const struct crew__loop loop = {.n = 2000, .fn = slow_stretch, .ctx = &s, .by_site = CREW__BY_BLOCK};
        struct crew__site *site = crew__site_of(&loop, crew__resolve_threads(0));
        for (int cold = 0; cold < 2; cold++)
            site->ways[cold] = (struct crew__ways){.team = team, .work = work, .by_team = true};
        ck_assert_int_eq(crew__run(&loop), 0);
        for (int cold = 0; cold < 2 && !had_team; cold++) {
            ck_assert_double_eq_tol((double)site->ways[cold].team, (double)team, 1e-6);
            ck_assert_double_eq_tol((double)site->ways[cold].work, (double)work, 1e-6);
        }
    } while (had_team);
}
END_TEST

/* The last team has ended long ago, or will; so it stays, however long this thread waits for a processor. */
static void find_threads(bool asleep)
{
    const double per_ns = crew__ticks_per_ns();
    const int64_t now = crew__ticks(), far = (int64_t)(1e12 * per_ns);
    crew__launch_learn(now, asleep ? now - far : now + far, (int64_t)(1000 * per_ns));
}

/* What a statement asks after `items` items that took so long; one place in the program. */
static int ask_here(bool asleep, double spent_ns, size_t items, size_t left)
{
    double item_ns;
    find_threads(asleep);
    return crew__expression_team((int64_t)(spent_ns * crew__ticks_per_ns()), items, left, &item_ns);
}

/* A compiler must not make copies of it. */
static int (*volatile ask)(bool asleep, double spent_ns, size_t items, size_t left) = ask_here;

static void close_after(double ns)
{
    const int64_t now = crew__ticks(), opened = now - (int64_t)(ns * crew__ticks_per_ns());
    crew__expression_closed(opened, opened + 1, now);
}

/* First items that are slow by themselves open a team the first time, and once it is known what the others take only
   where they are slow by a time that counts. */
START_TEST(statement_after_a_pause)
{
    crew__tuning.always_open = 0;
    crew_set_num_threads(2);
    const bool teams = crew_loop_threads() > 1;
    for (int asleep = 0; asleep < 2; asleep++) { /* which are two things to know */
        ck_assert_int_eq(ask(asleep, 2000, 15, 100000), teams ? 2 : 1);
        if (!teams)
            continue;
        close_after(1000); /* 0.02 ns an item */
        for (int round = 0; round < 3; round++)
            ck_assert_int_eq(ask(asleep, 2000, 15, 100000), 1);
        ck_assert_int_eq(ask(asleep, 150000, 15, 100000), 2);
        close_after(5e8); /* 10 us an item: it is remembered */
        for (int round = 0; round < 3; round++) {
            ck_assert_int_eq(ask(asleep, 20000, 15, 100000), 2);
            close_after(5e8);
        }
    }
}
END_TEST

/* One item that is cheap says too little, but where a place's teams are known. */
START_TEST(statement_after_one_item)
{
    crew__tuning.always_open = 0;
    crew_set_num_threads(2);
    if (crew_loop_threads() < 2)
        return;
    for (int asleep = 0; asleep < 2; asleep++) {
        ck_assert_int_eq(ask(asleep, 500, 1, 100000), 1);
        ck_assert_int_eq(ask(asleep, 20000, 15, 100000), 2);
        close_after(5e7);
        ck_assert_int_eq(ask(asleep, 500, 1, 100000), 2);
    }
}
END_TEST

/* What waking threads costs is believed less and less where loops follow each other, which the first team would serve,
   and not where there are pauses between them. */
START_TEST(launch_of_sleepers)
{
    const double per_ns = crew__ticks_per_ns();
    int64_t now = crew__ticks();
    for (int k = 0; k < 50; k++) {
        now += (int64_t)(2e6 * per_ns);
        crew__launch_declined(now);
        ck_assert(crew__launch_cost(now) > 6000);
    }
    for (int k = 0; k < 10; k++) {
        now += (int64_t)(1e4 * per_ns);
        crew__launch_declined(now);
    }
    ck_assert(crew__launch_cost(now) < 1100);
}
END_TEST

/* A team that took milliseconds is believed when the next one does too. */
START_TEST(launch_that_is_slow_once)
{
    const double per_ns = crew__ticks_per_ns();
    int64_t now = crew__ticks();
    crew__launch_learn(now, now, 0);
    for (int k = 0; k < 20; k++)
        crew__launch_learn(now, now, (int64_t)(1000 * per_ns));
    for (int round = 0; round < 2; round++) {
        crew__launch_learn(now, now, (int64_t)(4e6 * per_ns));
        ck_assert(crew__launch_cost(now) < 4000);
        crew__launch_learn(now, now, (int64_t)(900 * per_ns));
    }
    crew__launch_learn(now, now, (int64_t)(4e6 * per_ns));
    crew__launch_learn(now, now, (int64_t)(4e6 * per_ns));
    ck_assert(crew__launch_cost(now) > 5e5);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sites");
    TCase *tc = tcase_create("sites");
    suite_add_tcase(suite, tc);
    tcase_add_loop_test(tc, better_way_is_taken, 0, sizeof gains / sizeof *gains);
    tcase_add_test(tc, unknown_and_clear);
    tcase_add_test(tc, slow_first_items);
    tcase_add_test(tc, light_first_items);
    tcase_add_test(tc, other_work);
    tcase_add_test(tc, other_data);
    tcase_add_test(tc, even_after_four);
    tcase_add_test(tc, even_loops_do_each_item_once);
    tcase_add_test(tc, rough_for_sixteen);
    tcase_add_loop_test(tc, late_team_is_not_learned, 0, 2);
    tcase_add_test(tc, bad_luck);
    tcase_add_test(tc, other_program);
    tcase_add_test(tc, heavier_items);
    tcase_add_test(tc, sites_differ);
    tcase_add_test(tc, sites_that_share_a_place);
    tcase_add_test(tc, brief_calls);
    tcase_add_test(tc, calls_by_a_team);
    tcase_add_test(tc, statement_after_a_pause);
    tcase_add_test(tc, statement_after_one_item);
    tcase_add_test(tc, launch_of_sleepers);
    tcase_add_test(tc, launch_that_is_slow_once);
    return run_suite(suite);
}
