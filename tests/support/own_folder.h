/* A folder of its own for each test: the current one from make_folder to remove_folder, which are a checked fixture. */
#ifndef TESTS_OWN_FOLDER_H
#define TESTS_OWN_FOLDER_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char own_folder[] = "/tmp/crew-tests-XXXXXX";

static inline void make_folder(void)
{
    ck_assert_ptr_nonnull(mkdtemp(own_folder));
    ck_assert_int_eq(chdir(own_folder), 0);
}

static inline void remove_folder(void)
{
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", own_folder);
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(system(command), 0);
}

#endif
