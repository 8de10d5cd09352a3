/* What the explorer's suites ask of a protocol. */
#ifndef TESTS_EXPLORE_TRY_H
#define TESTS_EXPLORE_TRY_H

#include "explorer.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* True where the protocol is right. Says how much was tried. */
static inline bool holds(const struct protocol *p, struct effort effort)
{
    struct outcome o = explore(p, effort, AS_WRITTEN);
    printf("%s: %lu runs, %s\n", p->name, o.runs, o.failure ? o.failure : "all good");
    return !o.failure;
}

/* What a run of one of the protocols notices; NULL: nothing. */
static inline const char *noticed_by(const struct protocol *const *protocols, int n, struct effort effort,
                                     struct weakening weak)
{
    const char *failure = NULL;
    for (int i = 0; i < n && !failure; i++)
        failure = explore(protocols[i], effort, weak).failure;
    return failure;
}

static inline bool is_in(const char *const *files, const char *name)
{
    while (*files && strcmp(*files, name) != 0)
        files++;
    return *files != NULL;
}

/* Weakens each order that the protocols ask for to relaxed, and each acq_rel to one of its halves. How many of these no
   run notices. Without late writes all is sequentially consistent, so those that ask for that are left out. files: the
   names of those whose orders are tried, up to a NULL; NULL: all. */
static inline int orders_not_needed_in(const char *const *files, const struct protocol *const *protocols, int n,
                                       struct effort effort)
{
    static const struct {
        memory_order order;
        const char *name;
    } weaker[] = {
        {memory_order_relaxed, "relaxed"}, {memory_order_acquire, "acquire"}, {memory_order_release, "release"}};
    int tried = 0, missed = 0, sites = explorer_sites();
    for (int site = 0; site < sites; site++) {
        if (effort.delays == 0 && explorer_site_order(site) == memory_order_seq_cst)
            continue;
        const char *slash = strrchr(explorer_site_file(site), '/');
        const char *file = slash ? slash + 1 : explorer_site_file(site);
        if (files && !is_in(files, file))
            continue;
        int kinds = explorer_site_order(site) == memory_order_acq_rel ? 3 : 1;
        for (int k = 0; k < kinds; k++) {
            const char *failure = noticed_by(protocols, n, effort, (struct weakening){site, weaker[k].order});
            printf("  %s:%d %s: %s\n", file, explorer_site_line(site), weaker[k].name,
                   failure ? failure : "not noticed");
            tried++;
            missed += !failure;
        }
    }
    printf("  %d of %d noticed\n", tried - missed, tried);
    return missed;
}

static inline int orders_not_needed(const struct protocol *const *protocols, int n, struct effort effort)
{
    return orders_not_needed_in(NULL, protocols, n, effort);
}

/* The main of a suite: its tests are those that `add` adds. */
static inline int run_explorer(const char *name, void (*add)(TCase *))
{
    Suite *suite = suite_create(name);
    TCase *tc = tcase_create(name);
    tcase_set_timeout(tc, 240);
    add(tc);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
