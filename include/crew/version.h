/* Which crew this is.

   A whole program:

       #include <crew/version.h>
       #include <stdio.h>
       #include <string.h>

       #if CREW_VERSION_MAJOR > 0
       #error "this program was written for crew 0"
       #endif

       int main(void)
       {
           puts(strcmp(crew_version(), CREW_VERSION) ? "library and headers differ" : "crew " CREW_VERSION);
           return 0; // prints crew 0.1.0
       } */
#ifndef CREW_VERSION_H
#define CREW_VERSION_H

#include <crew/compiler.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Of the headers that a program is compiled with: numbers for #if, and text. */
#define CREW_VERSION_MAJOR 0
#define CREW_VERSION_MINOR 1
#define CREW_VERSION_PATCH 0
#define CREW_VERSION "0.1.0"

/* Of the library that runs, as CREW_VERSION of its headers: "0.1.0". Static, never NULL. Thread safe. */
CREW_API const char *crew_version(void);

#ifdef __cplusplus
}
#endif
#endif
