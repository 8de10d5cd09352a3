/* crew: data-parallel loops, map and reduce for C on OpenMP, with a sequential build that gives the same results.
   Includes every public header. */
#ifndef CREW_CREW_H
#define CREW_CREW_H

#define CREW_VERSION_MAJOR 0
#define CREW_VERSION_MINOR 1
#define CREW_VERSION_PATCH 0
#define CREW_VERSION "0.1.0"

#include <crew/for.h>
#include <crew/loop.h>
#include <crew/map.h>
#include <crew/options.h>
#include <crew/reduce.h>
#include <crew/sort.h>

#endif
