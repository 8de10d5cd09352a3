/* What the simulated machine has: time, cache lines, regions. */
#include "model.h"
#include <stdlib.h>

void model_queue_open(struct model_queue *q, int workers)
{
    q->count = 0;
    q->workers = malloc((size_t)workers * sizeof *q->workers);
    q->when = malloc((size_t)workers * sizeof *q->when);
    if (!q->workers || !q->when)
        abort();
}

void model_queue_close(struct model_queue *q)
{
    free(q->workers);
    free(q->when);
}

static int earlier(const struct model_queue *q, int a, int b)
{
    double at = q->when[q->workers[a]], bt = q->when[q->workers[b]];
    return at < bt || (at <= bt && q->workers[a] < q->workers[b]);
}

static void swap(struct model_queue *q, int a, int b)
{
    int worker = q->workers[a];
    q->workers[a] = q->workers[b];
    q->workers[b] = worker;
}

void model_queue_put(struct model_queue *q, int worker, double when)
{
    int at = q->count++;
    q->workers[at] = worker;
    q->when[worker] = when;
    for (; at > 0 && earlier(q, at, (at - 1) / 2); at = (at - 1) / 2)
        swap(q, at, (at - 1) / 2);
}

int model_queue_take(struct model_queue *q)
{
    int first = q->workers[0];
    q->workers[0] = q->workers[--q->count];
    for (int at = 0, child; (child = 2 * at + 1) < q->count; at = child) {
        child += child + 1 < q->count && earlier(q, child + 1, child);
        if (!earlier(q, child, at))
            break;
        swap(q, at, child);
    }
    return first;
}

double model_write(struct model_line *line, int worker, double now, const struct model_costs *c)
{
    double start = now > line->free ? now : line->free;
    if (line->owner == worker)
        return start;
    line->owner = worker;
    line->free = start + c->line;
    return line->free;
}

/* libgomp's caller writes what each thread is to do, a line a thread, and lets all of them go at once. At the end each
   adds to one word, one after the other. Of what a region of two takes, that is 3 lines; the rest has no part that
   grows with the team. */
static double fixed(const struct model_costs *c)
{
    return c->launch > 3 * c->line ? (c->launch - 3 * c->line) / 2 : 0;
}

double model_begin(const struct model_costs *c, int id, int width)
{
    double told = fixed(c) + (width - 1) * c->line;
    return id == 0 ? told - c->line : told;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double model_end(const struct model_costs *c, const double *times, int width)
{
    double *sorted = malloc((size_t)width * sizeof *sorted), end = 0;
    if (!sorted)
        abort();
    for (int i = 0; i < width; i++)
        sorted[i] = times[i];
    qsort(sorted, (size_t)width, sizeof *sorted, ascending);
    for (int i = 0; i < width; i++)
        end = (sorted[i] > end ? sorted[i] : end) + c->line;
    free(sorted);
    return end + fixed(c);
}
