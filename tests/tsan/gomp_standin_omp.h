/* omp_*: what a program asks of the stand-in. Part of gomp_standin.c. */
#ifndef TESTS_GOMP_STANDIN_OMP_H
#define TESTS_GOMP_STANDIN_OMP_H

int omp_get_thread_num(void)
{
    return self.id;
}

int omp_get_num_threads(void)
{
    return self.team != NULL ? self.team->size : 1;
}

int omp_get_max_threads(void)
{
    pthread_once(&once, set_up);
    return self.num_threads > 0 ? self.num_threads : default_threads;
}

void omp_set_num_threads(int threads)
{
    self.num_threads = threads;
}

int omp_get_num_procs(void)
{
    long procs = sysconf(_SC_NPROCESSORS_ONLN);
    return procs > 0 ? (int)procs : 1;
}

int omp_get_thread_limit(void)
{
    return MAX_THREADS;
}

int omp_get_level(void)
{
    return self.team != NULL ? self.team->level : 0;
}

int omp_get_active_level(void)
{
    return self.team != NULL ? self.team->active_level : 0;
}

int omp_in_parallel(void)
{
    return omp_get_active_level() > 0;
}

int omp_in_final(void)
{
    return 0;
}

int omp_get_dynamic(void)
{
    return 0;
}

void omp_set_dynamic(int dynamic)
{
    (void)dynamic;
}

int omp_get_max_active_levels(void)
{
    return 1;
}

void omp_set_max_active_levels(int levels)
{
    (void)levels;
}

double omp_get_wtime(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Threads are bound to nothing, so there are no places. */
omp_proc_bind_t omp_get_proc_bind(void)
{
    return omp_proc_bind_false;
}

int omp_get_num_places(void)
{
    return 0;
}

int omp_get_place_num_procs(int place)
{
    (void)place;
    return 0;
}

void omp_get_place_proc_ids(int place, int *ids)
{
    (void)place;
    (void)ids;
}

#endif
