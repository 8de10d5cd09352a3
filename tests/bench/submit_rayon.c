/* submit with Rayon, through the functions of task_rayon.rs. */
#include "task_submit.h"

void rayon_open(size_t threads);
void rayon_submit(size_t n, void (*task)(void));
size_t rayon_submit_future(size_t n);
size_t rayon_round_trip(void);

static void open_pool(int threads)
{
    rayon_open((size_t)threads);
}

static void submit(size_t n)
{
    rayon_submit(n, task_ran);
}

const struct submit_system submit_systems[] = {{"rayon", open_pool, submit, rayon_submit_future, rayon_round_trip, 0},
                                               {0}};
