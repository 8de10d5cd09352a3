/* Groups of ranks: starting and ending MPI, dividing a node's processors among its ranks, what happens when one dies.
 */
#define _GNU_SOURCE
#include "world.h"
#include "../core/base/limits.h"
#include "../core/base/threads.h"
#include "agree.h"
#include "jobs.h"
#include "serve.h"
#include <crew/for.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_int open_groups;

int crew__mpi_code(int error)
{
    return error == MPI_SUCCESS ? 0 : -EIO;
}

int crew__mpi_check(const crew_mpi *m)
{
    int main_thread = 1;
    if (crew_in_team())
        return -EPERM;
    if (m->level < MPI_THREAD_SERIALIZED && MPI_Is_thread_main(&main_thread) != MPI_SUCCESS)
        return -EIO;
    return main_thread ? 0 : -EPERM;
}

/* Without this a rank that calls exit would leave the others waiting for it; what a launcher does then differs. */
static void end_job_at_exit(void)
{
    int initialized = 0, finalized = 0;
    MPI_Initialized(&initialized);
    MPI_Finalized(&finalized);
    if (atomic_load(&open_groups) == 0 || !initialized || finalized)
        return;
    int rank = -1;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    fprintf(stderr,
            "crew: rank %d of the job ends while others may wait for it (crew_mpi_close was not called);"
            " the job is ended\n",
            rank);
    fflush(NULL);
    MPI_Abort(MPI_COMM_WORLD, EXIT_FAILURE);
}

static int start(bool *initialized, int *level)
{
    int is = 0, was = 0;
    MPI_Finalized(&was);
    if (was)
        return -EINVAL;
    MPI_Initialized(&is);
    *initialized = !is;
    if (!is)
        return crew__mpi_code(MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, level));
    return crew__mpi_code(MPI_Query_thread(level));
}

/* A processor that k ranks of this node may run on counts for each as 1 / k. So ranks that a launcher has bound to
   processors of their own keep them, and ranks that are bound to nothing divide all among themselves. */
static int divide(const struct crew__cpu_mask *own, const struct crew__cpu_mask *all, const crew_mpi *m)
{
    double share = 0;
    int index = 0;
    for (size_t cpu = 0; cpu < CREW__MASK_CPUS; cpu++) {
        int users = 0, before = 0;
        for (int r = 0; crew__mask_has(own, cpu) && r < m->node_ranks; r++) {
            bool uses = crew__mask_has(&all[r], cpu);
            users += uses;
            before += uses && r < m->node_rank;
        }
        if (users == 0)
            continue;
        /* 7 processors among 2 ranks: the odd one is the first rank's, not nobody's. */
        share += index % users == before ? 1 : 0;
        index++;
    }
    return share < 1 ? 1 : (int)share;
}

static int count(const struct crew__cpu_mask *mask)
{
    int n = 0;
    for (size_t cpu = 0; cpu < CREW__MASK_CPUS; cpu++)
        n += crew__mask_has(mask, cpu);
    return n;
}

static int divide_node(crew_mpi *m)
{
    MPI_Comm node;
    int code = crew__mpi_code(MPI_Comm_split_type(m->comm, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node));
    if (code)
        return code;
    MPI_Comm_rank(node, &m->node_rank);
    MPI_Comm_size(node, &m->node_ranks);
    struct crew__cpu_mask own = {{0}}, *all = calloc((size_t)m->node_ranks, sizeof own);
    int places;
    bool known = crew__limits_mask(&own, &places);
    code = crew__agree_on(node, all ? 0 : -ENOMEM);
    if (code == 0) {
        code = crew__mpi_code(MPI_Allgather(&own, (int)sizeof own, MPI_BYTE, all, (int)sizeof own, MPI_BYTE, node));
        m->processors = count(&own);
        long online = sysconf(_SC_NPROCESSORS_ONLN);
        m->node_processors = online > 0 ? (int)online : m->processors;
    }
    /* A rank with one processor has one thread for that reason, and crew_explain_threads says so. */
    if (code == 0 && known && m->node_ranks > 1 && m->processors > 1) {
        /* A quota is the node's: all ranks together have it. */
        int share = divide(&own, all, m), usable = crew__cpu_count(), fair = usable / m->node_ranks;
        if (usable < m->processors && fair < share)
            share = fair < 1 ? 1 : fair;
        crew__threads_share(share, m->node_ranks);
    }
    free(all);
    MPI_Comm_free(&node);
    return code;
}

/* Rank 0 hands out items for every thread. */
static int gather_threads(crew_mpi *m)
{
    const int own = crew_num_threads();
    m->threads = calloc((size_t)m->ranks, sizeof *m->threads);
    int code = crew__agree_on(m->comm, m->threads ? 0 : -ENOMEM);
    if (code == 0)
        code = crew__mpi_code(MPI_Gather(&own, 1, MPI_INT, m->threads, 1, MPI_INT, 0, m->comm));
    return code;
}

static void report_binding(const crew_mpi *m)
{
    if (m->node_rank == 0 && m->processors == 1 && m->node_processors > m->node_ranks)
        fprintf(stderr,
                "crew: the launcher binds rank %d to one of %d processors, so its team has one thread; "
                "mpirun --bind-to none gives all\n",
                m->rank, m->node_processors);
}

crew_mpi *crew_mpi_open(MPI_Comm comm)
{
    static atomic_flag registered = ATOMIC_FLAG_INIT;
    crew_mpi *m = NULL;
    bool initialized = false;
    int level = 0, code = crew_in_team() ? -EPERM : start(&initialized, &level);
    if (code) {
        errno = -code;
        return NULL;
    }
    /* MPI_Init may register handlers of its own, which must run after this one. */
    if (!atomic_flag_test_and_set(&registered))
        atexit(end_job_at_exit);
    MPI_Comm own;
    if (comm == MPI_COMM_NULL || MPI_Comm_dup(comm, &own) != MPI_SUCCESS) {
        errno = EINVAL;
        return NULL;
    }
    MPI_Comm_set_errhandler(own, MPI_ERRORS_RETURN);
    m = calloc(1, sizeof *m);
    code = crew__agree_on(own, m ? 0 : -ENOMEM);
    if (code == 0) {
        *m = (crew_mpi){.comm = own, .level = level, .initialized = initialized};
        MPI_Comm_rank(own, &m->rank);
        MPI_Comm_size(own, &m->ranks);
        code = divide_node(m);
        if (code == 0)
            code = gather_threads(m);
    }
    if (code) {
        if (m)
            free(m->threads);
        free(m);
        MPI_Comm_free(&own);
        errno = -code;
        return NULL;
    }
    report_binding(m);
    atomic_fetch_add(&open_groups, 1);
    return m;
}

int crew_mpi_close(crew_mpi *m)
{
    if (!m)
        return 0;
    int code = crew__mpi_check(m);
    if (code)
        return code;
    code = crew__jobs_close(m);
    if (code)
        return code;
    bool last = atomic_fetch_sub(&open_groups, 1) == 1;
    static atomic_bool finalize;
    if (m->initialized)
        atomic_store(&finalize, true);
    code = crew__mpi_code(MPI_Comm_free(&m->comm));
    free(m->threads);
    free(m);
    if (last)
        crew__processes_close();
    if (last && atomic_load(&finalize) && MPI_Finalize() != MPI_SUCCESS)
        code = -EIO;
    return code;
}

int crew_mpi_rank(const crew_mpi *m)
{
    return m->rank;
}

int crew_mpi_ranks(const crew_mpi *m)
{
    return m->ranks;
}

int crew_mpi_explain(const crew_mpi *m, char *text, size_t size)
{
    if (!m || (!text && size > 0))
        return -EINVAL;
    char threads[512];
    crew_explain_threads(threads, sizeof threads);
    return snprintf(text, size, "Rank %d of %d, %d of %d on this node, which has %d processors; %d may be used%s. %s",
                    m->rank, m->ranks, m->node_rank, m->node_ranks, m->node_processors, m->processors,
                    m->level < MPI_THREAD_FUNNELED ? " (MPI was initialised without thread support)" : "", threads);
}
