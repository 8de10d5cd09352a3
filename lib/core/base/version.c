/* The library's version. */
#include <crew/version.h>

const char *crew_version(void)
{
    return CREW_VERSION;
}
