/* Names that a trace may still need when those who gave them are gone. */
#ifndef CREW_BASE_TRACE_NAME_H
#define CREW_BASE_TRACE_NAME_H

/* A copy of `name` that lives as long as the process, the same for the same text; `other` where there are too many, or
   no memory. O(length). Thread safe. */
const char *crew__trace_name(const char *name, const char *other);

#endif
