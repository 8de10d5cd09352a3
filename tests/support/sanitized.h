/* How much a suite need do. The sequential build takes one path whatever the thread count, so a few counts show that it
   is ignored. Sanitizers slow every load and store down several times, and what they find depends on the
   paths taken more than on how often: large arrays and repeated thread counts are for the builds without them. */
#ifndef TESTS_SANITIZED_H
#define TESTS_SANITIZED_H

#if defined(__has_feature)
#define TESTS_HAS_FEATURE(name) __has_feature(name)
#else
#define TESTS_HAS_FEATURE(name) 0
#endif

#if defined(__SANITIZE_THREAD__) || TESTS_HAS_FEATURE(thread_sanitizer) || defined(TESTS_ANNOTATED_H)
#define TESTS_RACES 1
#else
#define TESTS_RACES 0
#endif

/* TESTS_COUNTED: coverage.sh counts branches, which takes as long. */
#if defined(__SANITIZE_ADDRESS__) || TESTS_HAS_FEATURE(address_sanitizer) || defined(TESTS_COUNTED)
#define TESTS_MEMORY 1
#else
#define TESTS_MEMORY 0
#endif

#define TESTS_SANITIZED (TESTS_RACES || TESTS_MEMORY)

/* helgrind and drd take fifty times as long, and more for each step of the task layer (valgrind/annotated.h). */
#ifdef TESTS_ANNOTATED_H
#define TESTS_VALGRIND 1
#else
#define TESTS_VALGRIND 0
#endif

#ifdef _OPENMP
#define TESTS_SEQUENTIAL 0
#else
#define TESTS_SEQUENTIAL 1
#endif

#endif
