/* The exact sums of crew/exact.h: crew_{sum,dot}_exact_{f32,f64} and crew_exact_add*. Cuts arrays into chunks; each
   block of them that a thread takes is added to a state of its own, then that to the caller's. Any order will do. */
#include "../../core/base/compiler.h"
#include "../../core/base/fp_environment.h"
#include "../../core/base/race_detector.h"
#include "../../core/loop/cut.h"
#include "../../core/loop/runner.h"
#include "exact_blocks.h"
#include <stdatomic.h>

struct terms {
    crew__exact_adder *add;
    size_t size;    /* bytes of a number */
    double item_ns; /* at most: what the kernels take */
};

enum { CHUNK = 1 << 14 };

struct work {
    const struct terms *terms;
    const char *x, *y;
    struct crew__cut chunks;
    crew_exact *state;
    atomic_flag adding;
};

static void add_chunks(size_t begin, size_t end, void *ctx)
{
    struct work *w = ctx;
    crew_exact own = {{0}, 0};
    size_t first = crew__cut_begin(&w->chunks, begin), n = crew__cut_end(&w->chunks, end - 1) - first;
    w->terms->add(&own, w->x + first * w->terms->size, w->y + first * w->terms->size, n);
    while (atomic_flag_test_and_set_explicit(&w->adding, memory_order_acquire))
        CREW__RELAX();
    crew__tell_acquire(&w->adding);
    crew_exact_merge(w->state, &own);
    crew__tell_release(&w->adding);
    atomic_flag_clear_explicit(&w->adding, memory_order_release);
}

static CREW__NOINLINE void add_terms(crew_exact *state, const struct terms *terms, const void *x, const void *y,
                                     size_t n)
{
    if (n <= CHUNK) {
        if (n > 0)
            terms->add(state, x, y, n);
        return;
    }
    struct work w = {.terms = terms, .x = x, .y = y, .chunks = crew__cut_by(n, CHUNK), .state = state};
    atomic_flag_clear_explicit(&w.adding, memory_order_relaxed);
    crew__each(w.chunks.count, add_chunks, &w, (double)CHUNK * terms->item_ns);
}

static const struct terms terms_f64 = {crew__exact_add_f64, sizeof(double), 0.2};
static const struct terms terms_f32 = {crew__exact_add_f32, sizeof(float), 0.2};
static const struct terms terms_dot_f64 = {crew__exact_add_dot_f64, sizeof(double), 0.5};
static const struct terms terms_dot_f32 = {crew__exact_add_dot_f32, sizeof(float), 0.2};

static void add(crew_exact *state, const struct terms *terms, const void *x, const void *y, size_t n)
{
    struct crew__fp_saved fp = crew__fp_begin();
    add_terms(state, terms, x, y, n);
    crew__fp_end(&fp);
}

void crew_exact_add(crew_exact *state, const double *x, size_t n)
{
    add(state, &terms_f64, x, x, n);
}

void crew_exact_add_f32(crew_exact *state, const float *x, size_t n)
{
    add(state, &terms_f32, x, x, n);
}

void crew_exact_add_dot(crew_exact *state, const double *x, const double *y, size_t n)
{
    add(state, &terms_dot_f64, x, y, n);
}

void crew_exact_add_dot_f32(crew_exact *state, const float *x, const float *y, size_t n)
{
    add(state, &terms_dot_f32, x, y, n);
}

double crew_sum_exact_f64(const double *x, size_t n)
{
    crew_exact state = {{0}, 0};
    crew_exact_add(&state, x, n);
    return crew_exact_value(&state);
}

float crew_sum_exact_f32(const float *x, size_t n)
{
    crew_exact state = {{0}, 0};
    crew_exact_add_f32(&state, x, n);
    return crew_exact_value_f32(&state);
}

double crew_dot_exact_f64(const double *x, const double *y, size_t n)
{
    crew_exact state = {{0}, 0};
    crew_exact_add_dot(&state, x, y, n);
    return crew_exact_value(&state);
}

float crew_dot_exact_f32(const float *x, const float *y, size_t n)
{
    crew_exact state = {{0}, 0};
    crew_exact_add_dot_f32(&state, x, y, n);
    return crew_exact_value_f32(&state);
}
