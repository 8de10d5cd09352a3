/* Every atomic operation of crew goes through this header. */
#ifndef CREW_BASE_ATOMICS_H
#define CREW_BASE_ATOMICS_H

#include <stdatomic.h>

#endif
