/* Hand-written MPI + OpenMP for the workload mpi. */
#include "mpi_openmp.h"
#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_THREADS = 256, LEAF = 32, TASK = 20000 };

static int rank_of(void)
{
    int rank;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    return rank;
}

static int ranks_of(void)
{
    int ranks;
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    return ranks;
}

double hand_sum(const double *x, size_t n)
{
    double sum = 0, all;
#pragma omp parallel for simd reduction(+ : sum) schedule(static)
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    MPI_Allreduce(&sum, &all, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
    return all;
}

void hand_scan(const double *x, double *out, size_t n)
{
    static double sums[MOST_THREADS + 1];
    double total = 0, before = 0;
#pragma omp parallel
    {
        const size_t t = (size_t)omp_get_thread_num(), p = (size_t)omp_get_num_threads();
        const size_t begin = n * t / p, end = n * (t + 1) / p;
        double sum = 0;
#pragma omp simd reduction(+ : sum)
        for (size_t i = begin; i < end; i++)
            sum += x[i];
        sums[t] = sum;
#pragma omp barrier
#pragma omp master
        {
            for (size_t k = 0; k < p; k++) {
                const double own = sums[k];
                sums[k] = total;
                total += own;
            }
            MPI_Exscan(&total, &before, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
            if (rank_of() == 0)
                before = 0;
        }
#pragma omp barrier
        double running = before + sums[t];
        for (size_t i = begin; i < end; i++)
            out[i] = running += x[i];
    }
}

void hand_row(const double *up, const double *x, const double *down, double *out, size_t cols)
{
    out[0] = x[0];
    out[cols - 1] = x[cols - 1];
    for (size_t j = 1; j + 1 < cols; j++)
        out[j] = x[j] + 0.1 * (up[j] + down[j] + x[j - 1] + x[j + 1] - 4 * x[j]);
}

void hand_step(const double *x, double *out, size_t rows, size_t cols, double *above, double *below)
{
    const int rank = rank_of(), ranks = ranks_of();
    const int up = rank > 0 ? rank - 1 : MPI_PROC_NULL, down = rank + 1 < ranks ? rank + 1 : MPI_PROC_NULL;
    MPI_Request requests[4];
    MPI_Irecv(above, (int)cols, MPI_DOUBLE, up, 0, MPI_COMM_WORLD, &requests[0]);
    MPI_Irecv(below, (int)cols, MPI_DOUBLE, down, 1, MPI_COMM_WORLD, &requests[1]);
    MPI_Isend(x + (rows - 1) * cols, (int)cols, MPI_DOUBLE, down, 0, MPI_COMM_WORLD, &requests[2]);
    MPI_Isend(x, (int)cols, MPI_DOUBLE, up, 1, MPI_COMM_WORLD, &requests[3]);
    MPI_Waitall(4, requests, MPI_STATUSES_IGNORE);
#pragma omp parallel for schedule(static)
    for (size_t i = 0; i < rows; i++)
        hand_row(i > 0 ? x + (i - 1) * cols : above, x + i * cols, i + 1 < rows ? x + (i + 1) * cols : below,
                 out + i * cols, cols);
}

static void swap(double *a, double *b)
{
    const double t = *a;
    *a = *b;
    *b = t;
}

/* Hoare's partition around the median of three; insertion for what is small; tasks for what is large. */
static void quicksort(double *x, size_t n)
{
    while (n > LEAF) {
        double *a = x, *b = x + n / 2, *c = x + n - 1;
        if (*b < *a)
            swap(a, b);
        if (*c < *b)
            swap(b, c);
        if (*b < *a)
            swap(a, b);
        const double pivot = *b;
        size_t i = 0, j = n - 1;
        for (;; i++, j--) {
            while (x[i] < pivot)
                i++;
            while (pivot < x[j])
                j--;
            if (i >= j)
                break;
            swap(x + i, x + j);
        }
        double *right = x + i;
        const size_t rest = n - i;
        n = i;
        if (rest > TASK) {
#pragma omp task
            quicksort(right, rest);
        } else {
            quicksort(right, rest);
        }
    }
    for (size_t i = 1; i < n; i++) {
        const double value = x[i];
        size_t k = i;
        for (; k > 0 && value < x[k - 1]; k--)
            x[k] = x[k - 1];
        x[k] = value;
    }
}

static void sort_here(double *x, size_t n)
{
#pragma omp parallel
#pragma omp single
    quicksort(x, n);
}

static void merge(const double *a, size_t na, const double *b, size_t nb, double *out)
{
    size_t i = 0, j = 0;
    while (i < na && j < nb) {
        const int right = b[j] < a[i];
        *out++ = right ? b[j] : a[i];
        j += (size_t)right;
        i += (size_t)!right;
    }
    memcpy(out, a + i, (na - i) * sizeof *a);
    memcpy(out + na - i, b + j, (nb - j) * sizeof *b);
}

double *hand_sort(const double *x, size_t n, size_t *count)
{
    enum { SAMPLES = 64, MOST_RANKS = 64 };
    const int ranks = ranks_of();
    double samples[SAMPLES], all[SAMPLES * MOST_RANKS];
    int counts[MOST_RANKS], places[MOST_RANKS], in[MOST_RANKS], in_places[MOST_RANKS];
    double *own = malloc((n + 1) * sizeof *own);
    memcpy(own, x, n * sizeof *own);
    sort_here(own, n);
    if (ranks == 1) {
        *count = n;
        return own;
    }
    for (size_t k = 0; k < SAMPLES; k++)
        samples[k] = own[n * k / SAMPLES];
    MPI_Allgather(samples, SAMPLES, MPI_DOUBLE, all, SAMPLES, MPI_DOUBLE, MPI_COMM_WORLD);
    quicksort(all, (size_t)SAMPLES * (size_t)ranks);
    size_t at = 0, total = 0;
    for (int r = 0; r < ranks; r++) {
        const size_t begin = at;
        size_t high = n;
        while (r + 1 < ranks && at < high) {
            const size_t middle = at + (high - at) / 2;
            if (own[middle] < all[(r + 1) * SAMPLES])
                at = middle + 1;
            else
                high = middle;
        }
        at = r + 1 < ranks ? at : n;
        counts[r] = (int)(at - begin);
        places[r] = (int)begin;
    }
    MPI_Alltoall(counts, 1, MPI_INT, in, 1, MPI_INT, MPI_COMM_WORLD);
    for (int r = 0; r < ranks; r++) {
        in_places[r] = (int)total;
        total += (size_t)in[r];
    }
    double *parts = malloc((total + 1) * sizeof *parts), *merged = malloc((total + 1) * sizeof *merged);
    MPI_Alltoallv(own, counts, places, MPI_DOUBLE, parts, in, in_places, MPI_DOUBLE, MPI_COMM_WORLD);
    size_t sorted = (size_t)in[0];
    for (int r = 1; r < ranks; r++) {
        merge(parts, sorted, parts + sorted, (size_t)in[r], merged);
        sorted += (size_t)in[r];
        if (r + 1 < ranks)
            memcpy(parts, merged, sorted * sizeof *parts);
    }
    free(own);
    free(parts);
    *count = total;
    return merged;
}
