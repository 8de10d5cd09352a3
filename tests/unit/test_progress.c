/* The progress bar on a pseudo terminal and on a file, driven as the loop runner drives it. The clock stands still, and
   times are given by moving the start of the call: no test waits, and none depends on how fast the machine is. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "../../lib/core/base/clock.h"
#include "../../lib/core/base/progress_call.h"
#include "../support/suite.h"

/* In the place of the C library's. */
int clock_gettime(clockid_t clock, struct timespec *t)
{
    (void)clock;
    *t = (struct timespec){.tv_sec = 1000000};
    return 0;
}

static struct crew__progress_call call;
static int reader = -1;

static void begin_call(const char *name, double seconds_ago)
{
    call = (struct crew__progress_call){.name = name, .start = crew__seconds() - seconds_ago};
    crew__progress_now = &call;
}

static void finish(size_t done, size_t total)
{
    call.last = true;
    crew_progress_bar(done, total, NULL);
}

/* A pseudo terminal whose other side is in reader; or -1, and the call that failed in *what. */
static int open_terminal(const char **what)
{
    *what = "posix_openpt";
    reader = posix_openpt(O_RDWR | O_NOCTTY);
    if (reader < 0)
        return -1;
    *what = "grantpt or unlockpt";
    if (grantpt(reader) != 0 || unlockpt(reader) != 0)
        return -1;
    *what = "open of the terminal";
    const char *name = ptsname(reader);
    return name ? open(name, O_RDWR | O_NOCTTY) : -1;
}

/* A bare chroot has no terminals. */
static bool has_terminals(void)
{
    const char *what;
    int terminal = open_terminal(&what);
    if (terminal < 0)
        printf("SKIP progress terminal: %s: %s\n", what, strerror(errno));
    else
        close(terminal);
    if (reader >= 0)
        close(reader);
    return terminal >= 0;
}

/* Standard error becomes a terminal so many columns wide. */
static void use_terminal(unsigned short columns)
{
    const char *what;
    int terminal = open_terminal(&what);
    ck_assert_msg(terminal >= 0, "%s: %s", what, strerror(errno));
    struct winsize window = {.ws_row = 24, .ws_col = columns};
    ck_assert_int_eq(ioctl(terminal, TIOCSWINSZ, &window), 0);
    ck_assert_int_ge(dup2(terminal, STDERR_FILENO), 0);
    close(terminal);
    ck_assert_int_eq(fcntl(reader, F_SETFL, O_NONBLOCK), 0);
}

static void use_pipe(void)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_ge(dup2(ends[1], STDERR_FILENO), 0);
    close(ends[1]);
    reader = ends[0];
    ck_assert_int_eq(fcntl(reader, F_SETFL, O_NONBLOCK), 0);
}

/* What was written since the last call. */
static const char *written(void)
{
    static char text[8192];
    size_t n = 0;
    for (;;) {
        ssize_t got = read(reader, text + n, sizeof text - 1 - n);
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    text[n] = '\0';
    return text;
}

static int count_char(const char *text, char c)
{
    int n = 0;
    for (; *text; text++)
        n += *text == c;
    return n;
}

START_TEST(nothing_for_a_short_call)
{
    if (_i)
        use_pipe();
    else
        use_terminal(80);
    begin_call("short", 0);
    for (size_t i = 0; i < 100; i++)
        crew_progress_bar(i, 100, NULL);
    finish(100, 100);
    ck_assert_str_eq(written(), "");
    ck_assert(call.drawn == 0);
}
END_TEST

START_TEST(nothing_without_a_call)
{
    use_terminal(80);
    crew__progress_now = NULL;
    crew_progress_bar(50, 100, NULL);
    ck_assert_str_eq(written(), "");
}
END_TEST

START_TEST(bar_on_a_terminal)
{
    use_terminal(80);
    begin_call("squares", 10);
    errno = 77;
    crew_progress_bar(250000, 1000000, NULL);
    ck_assert_int_eq(errno, 77);
    const char *text = written();
    ck_assert_uint_eq(strlen(text), 1 + 79);
    ck_assert_int_eq(strncmp(text, "\rsquares [", 10), 0);
    ck_assert_int_eq(count_char(text, '\n'), 0);
    ck_assert_ptr_nonnull(strstr(text, " 25% "));
    ck_assert_ptr_nonnull(strstr(text, "25k items/s, 0:30 left"));
    int full = count_char(text, '#'), empty = count_char(strchr(text, '['), '.');
    ck_assert_int_gt(full, 0);
    ck_assert_int_eq(full, (full + empty) / 4);
    ck_assert(call.drawn > 0);
}
END_TEST

START_TEST(bar_is_drawn_now_and_then)
{
    use_terminal(80);
    begin_call("squares", 10);
    crew_progress_bar(1, 100, NULL);
    ck_assert_str_ne(written(), "");
    call.drawn = crew__seconds() - 0.05;
    crew_progress_bar(2, 100, NULL);
    ck_assert_str_eq(written(), "");
    call.drawn = crew__seconds() - 0.2;
    crew_progress_bar(3, 100, NULL);
    ck_assert_int_eq(count_char(written(), '\r'), 1);
}
END_TEST

START_TEST(last_report_ends_the_line)
{
    use_terminal(80);
    begin_call(NULL, 75);
    crew_progress_bar(50, 100, NULL);
    ck_assert_int_eq(count_char(written(), '\n'), 0);
    finish(100, 100);
    const char *text = written();
    ck_assert_int_eq(strncmp(text, "\rcrew [#", 8), 0);
    ck_assert_ptr_nonnull(strstr(text, "100%"));
    ck_assert_ptr_nonnull(strstr(text, "took 1:15"));
    ck_assert_str_eq(text + strlen(text) - 2, "\r\n");
    ck_assert_int_eq(count_char(strchr(text, '['), '#'), (int)strcspn(strchr(text, '[') + 1, "]"));
}
END_TEST

START_TEST(call_that_failed_is_not_full)
{
    use_terminal(80);
    begin_call("stopped", 2);
    finish(999999999, 1000000000);
    const char *text = written();
    ck_assert_ptr_nonnull(strstr(text, " 99% "));
    ck_assert_int_eq(count_char(text, '\n'), 1);
}
END_TEST

START_TEST(edges_of_the_counts)
{
    use_terminal(120);
    begin_call("edges", 1);
    crew_progress_bar(0, 100, NULL);
    const char *text = written();
    ck_assert_ptr_nonnull(strstr(text, "  0% 0 items/s "));
    ck_assert_ptr_null(strstr(text, "left"));
    call.drawn = 0;
    crew_progress_bar(SIZE_MAX - 1, SIZE_MAX, NULL);
    ck_assert_ptr_nonnull(strstr(written(), " 99% "));
    call.drawn = 0;
    call.start = crew__seconds() - 1e9;
    crew_progress_bar(1, SIZE_MAX, NULL);
    ck_assert_ptr_nonnull(strstr(written(), ">99 h left"));
    call.drawn = 0;
    finish(0, 0);
    ck_assert_ptr_nonnull(strstr(written(), "100%"));
}
END_TEST

static const struct {
    size_t done;
    double seconds;
    const char *rate;
} rates[] = {
    {50, 100, " 0.5 items/s"},   {95000, 100, " 950 items/s"},        {123000, 100, " 1.23k items/s"},
    {99960, 100, " 1k items/s"}, {4560000000, 100, " 45.6M items/s"}, {780000000000, 100, " 7.8G items/s"},
};

START_TEST(rates_have_units)
{
    use_terminal(100);
    begin_call("rate", rates[_i].seconds);
    crew_progress_bar(rates[_i].done, rates[_i].done * 2, NULL);
    const char *text = written();
    ck_assert_msg(strstr(text, rates[_i].rate) != NULL, "%s in %s", rates[_i].rate, text + 1);
}
END_TEST

/* Columns that text takes: neither control characters nor the later bytes of a character. */
static size_t columns_of(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += (unsigned char)*text >= ' ' && ((unsigned char)*text & 0xC0) != 0x80;
    return n;
}

START_TEST(bar_keeps_within_the_terminal)
{
    const unsigned short widths[] = {1, 2, 10, 20, 40, 50, 55, 60, 80, 100, 300};
    use_terminal(widths[_i]);
    size_t most = widths[_i] - 1U < 100 ? widths[_i] - 1U : 100;
    begin_call("m\xC3\xBCnzen \033[2J\nand a label that is far too long for a line", 10);
    for (int i = 0; i < 2; i++) {
        call.drawn = 0;
        if (i == 0)
            crew_progress_bar(33, 100, NULL);
        else
            finish(100, 100);
        const char *text = written();
        ck_assert_uint_le(columns_of(text), most + 1);
        ck_assert_ptr_null(strchr(text, '\033'));
        ck_assert_int_eq(count_char(text, '\n'), i);
    }
}
END_TEST

START_TEST(label_is_cut_between_characters)
{
    use_terminal(100);
    char name[64] = "";
    for (int i = 0; i < 15; i++)
        strcat(name, "\xE2\x82\xAC");
    begin_call(name, 10);
    crew_progress_bar(1, 2, NULL);
    const char *text = written();
    ck_assert_uint_eq(strcspn(text, " "), 1 + 30);
    ck_assert_uint_eq(columns_of(text), 99);
}
END_TEST

/* A terminal that does not say how wide it is, and a name of nothing but the ends of characters. */
START_TEST(labels_and_terminals_without_a_width)
{
    char name[64];
    use_terminal(0);
    begin_call("delete\177", 10);
    crew_progress_bar(1, 2, NULL);
    const char *text = written();
    ck_assert_uint_eq(columns_of(text), 79);
    ck_assert_ptr_null(strchr(text, '\177'));
    memset(name, '\x80', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    begin_call(name, 10);
    crew_progress_bar(1, 2, NULL);
    ck_assert_ptr_null(strchr(written(), '\x80'));
}
END_TEST

START_TEST(one_bar_at_a_time)
{
    use_terminal(80);
    begin_call("outer", 10);
    crew_progress_bar(1, 100, NULL);
    ck_assert_str_ne(written(), "");
    struct crew__progress_call inner = {.name = "inner", .start = crew__seconds() - 10};
    crew__progress_now = &inner;
    errno = 7;
    crew_progress_bar(1, 100, NULL);
    inner.last = true;
    crew_progress_bar(100, 100, NULL);
    ck_assert_int_eq(errno, 7);
    ck_assert_str_eq(written(), "");
    crew__progress_now = &call;
    call.drawn = 0;
    crew_progress_bar(2, 100, NULL);
    ck_assert_ptr_nonnull(strstr(written(), "outer"));
    finish(100, 100);
    ck_assert_ptr_nonnull(strstr(written(), "outer"));
    inner.last = false;
    crew__progress_now = &inner;
    crew_progress_bar(1, 100, NULL);
    ck_assert_ptr_nonnull(strstr(written(), "inner"));
}
END_TEST

START_TEST(lines_elsewhere)
{
    use_pipe();
    begin_call("squares", 5);
    crew_progress_bar(10, 100, NULL);
    ck_assert_str_eq(written(), "");
    call.start = crew__seconds() - 20;
    crew_progress_bar(25, 100, NULL);
    ck_assert_str_eq(written(), "squares: 25% (25 of 100), 1.25 items/s, 1:00 left\n");
    crew_progress_bar(26, 100, NULL);
    ck_assert_str_eq(written(), "");
    call.drawn = crew__seconds() - 5;
    crew_progress_bar(50, 100, NULL);
    ck_assert_str_eq(written(), "");
    call.drawn = crew__seconds() - 11;
    crew_progress_bar(50, 100, NULL);
    ck_assert_int_eq(count_char(written(), '\n'), 1);
    finish(100, 100);
    const char *text = written();
    ck_assert_ptr_nonnull(strstr(text, "squares: 100% (100 of 100), 5 items/s, took 0:20\n"));
    ck_assert_ptr_null(strchr(text, '\r'));
}
END_TEST

START_TEST(no_line_for_a_call_of_seconds)
{
    use_pipe();
    begin_call("squares", 3);
    crew_progress_bar(50, 100, NULL);
    finish(100, 100);
    ck_assert_str_eq(written(), "");
}
END_TEST

START_TEST(hours_and_unknown_totals)
{
    use_pipe();
    begin_call("two\thours", 7322.2);
    finish(10, 10);
    ck_assert_ptr_nonnull(strstr(written(), "two hours: 100% (10 of 10), 0.00137 items/s, took 2:02:02\n"));
    begin_call(NULL, 100);
    call.unknown = true;
    crew_progress_bar(40, 0, NULL);
    ck_assert_str_eq(written(), "crew: 40 items, 0.4 items/s\n");
}
END_TEST

START_TEST(bar_of_an_unknown_total)
{
    use_terminal(60);
    begin_call("lines", 2);
    call.unknown = true;
    crew_progress_bar(40, 0, NULL);
    ck_assert_ptr_nonnull(strstr(written(), "\rlines 40 items, 20 items/s"));
}
END_TEST

START_TEST(closed_standard_error)
{
    close(STDERR_FILENO);
    begin_call("squares", 30);
    errno = 0;
    crew_progress_bar(50, 100, NULL);
    finish(100, 100);
    ck_assert_int_eq(errno, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("progress");
    if (has_terminals()) {
        TCase *terminal = tcase_create("terminal");
        tcase_add_loop_test(terminal, nothing_for_a_short_call, 0, 1);
        tcase_add_test(terminal, nothing_without_a_call);
        tcase_add_test(terminal, bar_on_a_terminal);
        tcase_add_test(terminal, bar_is_drawn_now_and_then);
        tcase_add_test(terminal, last_report_ends_the_line);
        tcase_add_test(terminal, call_that_failed_is_not_full);
        tcase_add_test(terminal, edges_of_the_counts);
        tcase_add_loop_test(terminal, rates_have_units, 0, sizeof rates / sizeof rates[0]);
        tcase_add_loop_test(terminal, bar_keeps_within_the_terminal, 0, 11);
        tcase_add_test(terminal, one_bar_at_a_time);
        tcase_add_test(terminal, label_is_cut_between_characters);
        tcase_add_test(terminal, labels_and_terminals_without_a_width);
        tcase_add_test(terminal, bar_of_an_unknown_total);
        suite_add_tcase(suite, terminal);
    }
    TCase *elsewhere = tcase_create("elsewhere");
    tcase_add_loop_test(elsewhere, nothing_for_a_short_call, 1, 2);
    tcase_add_test(elsewhere, lines_elsewhere);
    tcase_add_test(elsewhere, no_line_for_a_call_of_seconds);
    tcase_add_test(elsewhere, hours_and_unknown_totals);
    tcase_add_test(elsewhere, closed_standard_error);
    suite_add_tcase(suite, elsewhere);
    return run_suite(suite);
}
