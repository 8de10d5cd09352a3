/* crew's allocations, counted and made to fail. A suite that tests/meson.build names in `wrapped` is linked with it.

   The linker gives the calls of the program and of crew's own objects to counting_alloc.c (-Wl,--wrap), and not those
   of the OpenMP runtime, which ends the process where it gets no memory. */
#ifndef TESTS_COUNTING_ALLOC_H
#define TESTS_COUNTING_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

/* Counts from 0 from here on; allocation `at` fails, with on all after it too. at < 0: none does. */
void counting_begin(long at, bool on);

/* How many allocations were asked for since counting_begin; none fails any longer. */
long counting_end(void);

/* Bytes that malloc has handed out and not got back; 0 where the system does not say. */
size_t bytes_in_use(void);

#endif
