/* The wavefront by hand on OpenMP: diagonals, task depend, and a counter a cell with one locked stack of cells that are
 * ready. */
#include "task_work.h"
#include "tasks.h"

#include <omp.h>
#include <stdatomic.h>
#include <stdlib.h>

static void diagonals(struct task_job *job)
{
    const struct cells *c = cells_kept(job->n);
    double start = driver_clock_ns();
#pragma omp parallel num_threads(job->threads)
    for (size_t d = 0; d < 2 * c->side - 1; d++) {
        size_t first = d < c->side ? 0 : d - c->side + 1, last = d < c->side ? d : c->side - 1;
#pragma omp for schedule(static)
        for (size_t i = first; i <= last; i++)
            cells_compute(c, &c->first[i * c->stride + d - i], job->work);
    }
    job->ns = driver_clock_ns() - start;
    job->result = cells_fingerprint(c);
}

static void depend(struct task_job *job)
{
    const struct cells *c = cells_kept(job->n);
    size_t work = job->work, stride = c->stride;
    double start = driver_clock_ns();
#pragma omp parallel num_threads(job->threads)
#pragma omp single
    for (size_t i = 0; i < c->side; i++)
        for (size_t j = 0; j < c->side; j++) {
            uint64_t *cell = &c->first[i * stride + j];
#pragma omp task depend(in : cell[-(ptrdiff_t)stride], cell[-1]) depend(out : cell[0]) firstprivate(cell)
            cells_compute(c, cell, work);
        }
    job->ns = driver_clock_ns() - start;
    job->result = cells_fingerprint(c);
}

/* Cells that are ready and that nobody has gone on to. count is also looked at without the lock. */
struct ready {
    omp_lock_t lock;
    _Atomic size_t count;
    size_t *cells;
};

struct counters {
    const struct cells *cells;
    _Atomic unsigned char *missing; /* neighbours that a cell waits for; set anew as it runs */
    struct ready ready;
    _Atomic int done;
};

static void push(struct ready *r, size_t cell)
{
    omp_set_lock(&r->lock);
    size_t count = atomic_load_explicit(&r->count, memory_order_relaxed);
    r->cells[count] = cell;
    atomic_store_explicit(&r->count, count + 1, memory_order_relaxed);
    omp_unset_lock(&r->lock);
}

static int pop(struct ready *r, size_t *cell)
{
    if (atomic_load_explicit(&r->count, memory_order_relaxed) == 0)
        return 0;
    omp_set_lock(&r->lock);
    size_t count = atomic_load_explicit(&r->count, memory_order_relaxed);
    if (count > 0) {
        *cell = r->cells[count - 1];
        atomic_store_explicit(&r->count, count - 1, memory_order_relaxed);
    }
    omp_unset_lock(&r->lock);
    return count > 0;
}

static unsigned char missing_of(const struct cells *c, size_t cell)
{
    return (unsigned char)((cell >= c->side) + (cell % c->side > 0));
}

/* A cell that waits for one neighbour needs no atomic subtraction: nobody else counts it down. */
static int now_ready(struct counters *k, size_t cell)
{
    return atomic_load_explicit(&k->missing[cell], memory_order_acquire) == 1 ||
           atomic_fetch_sub_explicit(&k->missing[cell], 1, memory_order_acq_rel) == 1;
}

/* Runs the cell and goes on to a neighbour that it made ready, the right one where both are. */
static void run_from(struct counters *k, size_t cell, size_t iterations)
{
    const struct cells *c = k->cells;
    for (;;) {
        size_t i = cell / c->side, j = cell % c->side;
        cells_compute(c, &c->first[i * c->stride + j], iterations);
        atomic_store_explicit(&k->missing[cell], missing_of(c, cell), memory_order_relaxed);
        int below = i + 1 < c->side && now_ready(k, cell + c->side), right = j + 1 < c->side && now_ready(k, cell + 1);
        if (below && right)
            push(&k->ready, cell + c->side);
        if (right)
            cell++;
        else if (below)
            cell += c->side;
        else
            break;
    }
    if (cell == c->side * c->side - 1)
        atomic_store_explicit(&k->done, 1, memory_order_release);
}

static void counters_open(struct counters *k, size_t n)
{
    k->cells = cells_kept(n);
    k->missing = malloc(n);
    k->ready.cells = malloc(n * sizeof *k->ready.cells);
    if (!k->missing || !k->ready.cells)
        exit(1);
    omp_init_lock(&k->ready.lock);
    for (size_t cell = 0; cell < n; cell++)
        atomic_init(&k->missing[cell], missing_of(k->cells, cell));
}

static void counters(struct task_job *job)
{
    static struct counters k;
    if (!k.cells)
        counters_open(&k, job->n);
    double start = driver_clock_ns();
    atomic_store_explicit(&k.done, 0, memory_order_relaxed);
    push(&k.ready, 0);
#pragma omp parallel num_threads(job->threads)
    while (!atomic_load_explicit(&k.done, memory_order_acquire)) {
        size_t cell;
        if (pop(&k.ready, &cell))
            run_from(&k, cell, job->work);
    }
    job->ns = driver_clock_ns() - start;
    job->result = cells_fingerprint(k.cells);
}

task_fn *task_find(const char *kernel, const char *variant)
{
    static const struct task_kernel table[] = {{"wavefront", "counters", counters},
                                               {"wavefront", "diagonals", diagonals},
                                               {"wavefront", "depend", depend},
                                               {0}};
    return task_find_in(table, kernel, variant);
}
