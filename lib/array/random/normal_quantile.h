/* The quantile of the normal distribution. */
#ifndef CREW_RANDOM_NORMAL_QUANTILE_H
#define CREW_RANDOM_NORMAL_QUANTILE_H

/* x where a standard normal variable is below x with probability p, 0 < p < 1. */
double crew__normal_quantile(double p);

#endif
