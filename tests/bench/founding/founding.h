/* What each C program of this folder has: founding.c measures it. */
#include <stddef.h>

/* ys[i] = the item of xs[i]; 0, or an error. */
int process(const double *xs, double *ys, size_t n, int turns, int workers);
