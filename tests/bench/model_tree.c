/* Replays the scheduler on a binary tree: the newest tasks stay private until somebody asks, a thief takes the oldest
   of a random victim, or of who comes after it, and a join of a stolen task helps the thief. */
#include "model.h"
#include <stdbool.h>
#include <stdlib.h>

/* A node of few leaves is one step where nobody asks: more would show nothing but take longer to simulate. */
enum { MOST_DEPTH = 40, STEP_DEPTH = 3, NO_THIEF = -1 };

struct task {
    int depth, thief;
    bool done;
};

/* What a worker still has to do: nodes, and joins of the tasks that it forked for them. */
enum kind { NODE, JOIN, END };
struct work {
    enum kind kind;
    int depth;
    struct task *task;
};

struct member {
    struct work *work;
    struct task **deque;
    int works, tail, split, head; /* of the deque: [tail, split) may be stolen */
    bool asked;
    uint32_t random;
    struct model_line line; /* of the deque's word */
};

struct tree {
    const struct model_costs *c;
    double leaf;
    int width;
    struct member *members;
    struct model_run *run;
};

/* Joins of stolen tasks stand upon each other, each with a smaller tree: the rooms are generous. */
enum { ROOM = 4096 };

static void publish(struct member *m)
{
    m->split += (m->head - m->split + 1) / 2;
    m->asked = false;
}

static void push_work(struct member *m, enum kind kind, int depth, struct task *task)
{
    if (m->works == ROOM)
        abort();
    m->work[m->works++] = (struct work){kind, depth, task};
}

static struct task *take_oldest(struct tree *t, int thief, int victim, double *now)
{
    struct member *v = &t->members[victim];
    if (v->tail >= v->split) {
        v->asked = v->asked || v->split < v->head;
        return NULL;
    }
    struct task *task = v->deque[v->tail++];
    task->thief = thief;
    t->run->steals++;
    *now = model_write(&v->line, thief, *now + t->c->steal, t->c);
    return task;
}

static void run_stolen(struct member *m, struct task *task)
{
    push_work(m, END, 0, task);
    push_work(m, NODE, task->depth, NULL);
}

enum { NEIGHBOURS = 4 }; /* as in scheduler.c */

/* A search by who has nothing to do: a random victim first, then some after it. */
static double search(struct tree *t, int id, double now)
{
    struct member *m = &t->members[id];
    m->random = m->random * 1664525u + 1013904223u;
    int victim = (int)((uint64_t)m->random * (uint64_t)t->width >> 32);
    for (int i = 0; i < t->width && i < NEIGHBOURS; i++, victim = victim + 1 < t->width ? victim + 1 : 0) {
        if (victim == id)
            continue;
        now += t->c->line;
        struct task *task = take_oldest(t, id, victim, &now);
        if (task) {
            run_stolen(m, task);
            break;
        }
    }
    return now;
}

static double node(struct tree *t, struct member *m, int id, int depth, double now)
{
    bool alone = !m->asked && m->tail < m->split;
    if (depth == 0 || (depth <= STEP_DEPTH && alone))
        return now + t->leaf * (double)(1 << depth);
    struct task *task = malloc(sizeof *task);
    if (!task || m->head == ROOM)
        abort();
    *task = (struct task){depth - 1, NO_THIEF, false};
    m->deque[m->head++] = task;
    if (m->asked || m->tail >= m->split) {
        publish(m);
        now = model_write(&m->line, id, now, t->c);
    }
    push_work(m, JOIN, 0, task);
    push_work(m, NODE, depth - 1, NULL);
    return now;
}

static double join(struct tree *t, struct member *m, int id, struct task *task, double now)
{
    if (task->thief == NO_THIEF) {
        m->head--;
        if (m->head < m->split) { /* it was public: the newer half comes back */
            m->split = m->tail + (m->split - m->tail) / 2;
            m->split = m->split > m->head ? m->head : m->split;
            now = model_write(&m->line, id, now, t->c);
        }
        push_work(m, NODE, task->depth, NULL);
        free(task);
        return now;
    }
    if (task->done) {
        m->head--;
        m->tail = m->tail > m->head ? m->head : m->tail;
        m->split = m->split > m->head ? m->head : m->split;
        free(task);
        return now + t->c->line;
    }
    push_work(m, JOIN, 0, task);
    now += t->c->line;
    struct task *part = take_oldest(t, id, task->thief, &now);
    if (part)
        run_stolen(m, part);
    return now;
}

static double go_on(struct tree *t, int id, double now)
{
    struct member *m = &t->members[id];
    if (m->works == 0)
        return search(t, id, now);
    struct work w = m->work[--m->works];
    t->run->blocks++;
    if (m->asked && m->head > m->split) {
        publish(m);
        now = model_write(&m->line, id, now, t->c);
    }
    if (w.kind == NODE)
        return node(t, m, id, w.depth, now);
    if (w.kind == JOIN)
        return join(t, m, id, w.task, now);
    w.task->done = true;
    return now;
}

struct model_run model_tree(const struct model_costs *c, int depth, double leaf, int width)
{
    struct model_run run = {0, 0, 0};
    struct tree t = {c, leaf, width, calloc((size_t)width, sizeof(struct member)), &run};
    double *ends = malloc((size_t)width * sizeof *ends), now = 0;
    if (!t.members || !ends)
        abort();
    struct model_queue q;
    model_queue_open(&q, width);
    for (int id = 0; id < width; id++) {
        struct member *m = &t.members[id];
        m->work = malloc(ROOM * sizeof *m->work);
        m->deque = malloc(ROOM * sizeof *m->deque);
        m->random = (uint32_t)id * 2654435761u;
        if (!m->work || !m->deque)
            abort();
        model_queue_put(&q, id, width > 1 ? model_begin(c, id, width) : 0);
    }
    push_work(&t.members[0], NODE, depth, NULL);
    /* The root ends last; the others then find out with the next look. */
    while (t.members[0].works > 0) {
        int id = model_queue_take(&q);
        now = go_on(&t, id, q.when[id]);
        model_queue_put(&q, id, now);
    }
    now = q.when[0];
    for (int id = 0; id < width; id++)
        ends[id] = now;
    run.ns = width > 1 ? model_end(c, ends, width) : now;
    for (int id = 0; id < width; id++) {
        free(t.members[id].work);
        free(t.members[id].deque);
    }
    free(ends);
    free(t.members);
    model_queue_close(&q);
    return run;
}
