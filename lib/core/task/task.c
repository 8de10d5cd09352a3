/* crew_run, crew_invoke, and crew_fork and crew_join where they are no few lines; loops inside tasks. */
#define _POSIX_C_SOURCE 200809L
#if defined(__GNUC_GNU_INLINE__)
#define CREW__INLINE inline /* what the linker gets, in the language of gnu89 */
#endif
#include "task.h"
#include "../backend/backend.h"
#include "../base/callback_frame.h"
#include "../base/clock.h"
#include "../base/fp_environment.h"
#include "../base/threads.h"
#include "fork_join.h"
#include "waiter.h"
#include <errno.h>
#include <math.h>
#include <stddef.h>

static void run_in_region(void *arg)
{
    crew_task *task = arg;
    CREW__NO_EXCEPTION_PASSES();
    CREW__CALLBACK_BEGIN()
    task->result = task->fn(task->arg);
    CREW__CALLBACK_END()
}

extern void crew_fork(crew_task *task, crew_task_fn *fn, void *arg);
extern int crew_join(crew_task *task);

void crew__fork_elsewhere(crew_task *task, crew_task_fn *fn, void *arg)
{
    if (!task)
        return;
    *task = (crew_task){.fn = fn, .arg = arg, .worker = fn ? crew__self : NULL};
    if (!fn) {
        task->result = -EINVAL;
    } else if (task->worker) {
        crew__fork_slowly(task->worker, task);
    } else if (crew__region_fork(run_in_region, task)) {
        task->state = CREW__IN_REGION;
    } else {
        task->result = fn(arg);
    }
}

int crew__join_elsewhere(struct crew__member *worker, crew_task **at)
{
    return crew__join_slowly(worker, at);
}

void crew__join_region(void)
{
    crew__region_join();
}

struct calls {
    const crew_call *calls;
    size_t n;
};

static int invoke(void *arg)
{
    const struct calls *all = arg;
    if (all->n == 1)
        return all->calls->fn(all->calls->arg);
    struct calls left = {all->calls, all->n / 2}, right = {all->calls + left.n, all->n - left.n};
    crew_task task;
    crew_fork(&task, invoke, &right);
    int first = invoke(&left), second = crew_join(&task);
    return first ? first : second;
}

int crew_invoke(const crew_call *calls, size_t n)
{
    if (n == 0)
        return 0;
    if (!calls)
        return -EINVAL;
    for (size_t i = 0; i < n; i++)
        if (!calls[i].fn)
            return -EINVAL;
    return invoke(&(struct calls){calls, n});
}

/* Loops inside tasks: their teams are made of the members that have nothing to do. */
enum { MOST_PARTS = 64 }; /* forks on the stack of one loop */

static struct crew__team acquire_idle(int want)
{
    struct crew__member *w = crew__self;
    if (!w)
        return (struct crew__team){CREW__TEAM_NONE, 1};
    struct crew__sleepers *sleepers = &w->scheduler->sleepers;
    int idle = CREW__LOAD(&sleepers->searching, relaxed) + CREW__LOAD(&sleepers->sleeping, relaxed);
    int width = 1 + (idle < MOST_PARTS ? idle : MOST_PARTS);
    if (width < 2)
        return (struct crew__team){CREW__TEAM_BUSY, 1};
    return (struct crew__team){CREW__TEAM_FORKED, width < want ? width : want};
}

struct part {
    crew_task task;
    crew__worker_fn *fn;
    void *arg;
    int id;
};

int crew__loop_part(void *arg)
{
    struct part *part = arg;
    crew__team_enter(part->id, part->fn, part->arg);
    return 0;
}

/* A part that nobody took runs here at the end and finds nothing to do. */
static void run_parts(int width, crew__worker_fn *fn, void *arg)
{
    struct part parts[MOST_PARTS];
    int forked = 0;
    for (int id = 1; id < width; id++) {
        struct part *part = &parts[forked++];
        part->fn = fn;
        part->arg = arg;
        part->id = id;
        crew_fork(&part->task, crew__loop_part, part);
    }
    crew__team_enter(0, fn, arg);
    while (forked > 0)
        crew_join(&parts[--forked].task);
}

static void forget_member(void)
{
    crew__self = NULL;
    crew__waiter = NULL;
}

void crew__task_set_up_nesting(void)
{
    static const struct crew__nest nest = {acquire_idle, run_parts, forget_member};
    crew__team_nest(&nest);
}

struct team_run {
    struct crew__scheduler scheduler;
    crew_task_fn *root;
    void *arg;
    int code;
    struct crew__fp fp; /* the caller's */
};

static void run_member(int id, void *arg)
{
    struct team_run *run = arg;
    struct crew__fp fp = crew__fp_enter(run->fp);
    int worker = crew__worker;
    struct crew__member *before = crew__member_enter(&run->scheduler, id);
    crew__worker = id;
    if (id == 0) {
        run->code = run->root(run->arg);
        crew__scheduler_close(&run->scheduler);
    } else {
        crew__member_serve(&run->scheduler.members[id]);
    }
    crew__worker = worker;
    crew__member_leave(before);
    crew__fp_leave(fp);
}

static void run_on(const struct crew__team *team, struct team_run *run)
{
    struct crew__scheduler *s = &run->scheduler;
    for (int id = 0; id < team->width && (s->cancel || s->deadline > 0 || s->progress); id++)
        CREW__STORE(crew__deque_asked(&s->members[id].deque), CREW__WATCHED, relaxed);
    crew__task_set_up_nesting();
    crew__team_run(team, run_member, run);
}

static int run_in_team(struct team_run *run, const crew_options *opt, int threads, struct crew__run_progress *progress)
{
    struct crew__team team = crew__team_acquire(threads);
    struct crew__scheduler *s = &run->scheduler;
    /* One member has a deque too: what it forks costs a third of a fork outside a team. */
    bool has_deques = crew__scheduler_init(s, team.width);
    s->progress = progress;
    s->cancel = opt ? opt->cancel : NULL;
    s->deadline = opt && opt->timeout > 0 ? crew__seconds() + opt->timeout : 0;
    run->code = crew__scheduler_stopped(s);
    if (!run->code) {
        if (has_deques)
            run_on(&team, run);
        else
            run->code = run->root(run->arg);
        run->code = run->code ? run->code : crew__scheduler_stopped(s);
    }
    crew__scheduler_free(s);
    crew__team_release(&team);
    return run->code;
}

/* On the team that is there. */
static int run_inside(struct crew__member *w, crew_task_fn *root, void *arg, const crew_options *opt,
                      struct crew__run_progress *progress)
{
    CREW__NO_EXCEPTION_PASSES();
    struct crew__scope scope = {NULL, 0, w->scope, progress};
    if (opt) {
        scope.cancel = opt->cancel;
        scope.deadline = opt->timeout > 0 ? crew__seconds() + opt->timeout : 0;
    }
    bool limited = scope.cancel || scope.deadline > 0 || progress;
    int code = limited ? crew__stopped_by(scope.cancel, scope.deadline) : 0;
    if (code)
        return code;
    if (limited)
        crew__member_set_scope(w, &scope);
    CREW__CALLBACK_BEGIN()
    code = root(arg);
    CREW__CALLBACK_END()
    if (!limited)
        return code;
    crew__member_set_scope(w, scope.outer);
    return code ? code : crew__stopped_by(scope.cancel, scope.deadline);
}

int crew_run(crew_task_fn *root, void *arg, const crew_options *opt)
{
    if (!root || (opt && (opt->timeout < 0 || isnan(opt->timeout))))
        return -EINVAL;
    CREW__NO_EXCEPTION_PASSES();
    struct crew__run_progress counted, *progress = NULL;
    if ((opt && opt->progress) || CREW__UNLIKELY(crew__env_progress())) {
        crew__run_progress_begin(&counted, opt);
        progress = &counted;
    }
    int code;
    if (crew__self) {
        code = run_inside(crew__self, root, arg, opt, progress);
    } else {
        struct team_run run = {.root = root, .arg = arg, .fp = crew__fp_get()};
        code = run_in_team(&run, opt, crew__resolve_threads(opt ? opt->threads : 0), progress);
    }
    if (progress)
        crew__run_progress_end(progress);
    return code;
}

int crew__run_unwatched(crew_task_fn *root, void *arg, int threads)
{
    CREW__NO_EXCEPTION_PASSES();
    struct team_run run = {.root = root, .arg = arg, .fp = crew__fp_get()};
    return run_in_team(&run, NULL, crew__resolve_threads(threads), NULL);
}
