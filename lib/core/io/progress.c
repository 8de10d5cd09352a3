/* crew_progress_bar: a bar on a terminal, lines elsewhere. */
#define _DEFAULT_SOURCE
#include <crew/options.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../base/atomics.h"
#include "../base/callback_frame.h"
#include "../base/clock.h"
#include "../base/progress_call.h"

/* Seconds: a call this short shows nothing; between two drawings; between two lines where there is no terminal. */
#define QUIET 0.5
#define REDRAW 0.1
#define LINE_EVERY 10.0

enum { NAME_MOST = 32, WIDTH_MOST = 100, BAR_LEAST = 8 };

struct report {
    char name[NAME_MOST + 1];
    size_t name_columns;
    int percent;
    char tail[64]; /* rate, and remaining or whole time */
};

/* 0:07, 12:34, 1:02:03. */
static void format_time(double seconds, char *text, size_t size)
{
    if (!(seconds < 360000)) {
        snprintf(text, size, ">99 h");
        return;
    }
    int s = seconds < 0 ? 0 : (int)(seconds + 0.5);
    if (s < 3600)
        snprintf(text, size, "%d:%02d", s / 60, s % 60);
    else
        snprintf(text, size, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
}

/* Three digits and a letter for the thousands: 950, 1.23k, 45.6M. */
static void format_rate(double rate, char *text, size_t size)
{
    static const char units[] = " kMGTPE";
    size_t unit = 0;
    /* Where %.3g would round up to 1000, it would write 1e+03. */
    while (rate >= 999.5 && unit < sizeof units - 2) {
        rate /= 1000;
        unit++;
    }
    if (unit == 0)
        snprintf(text, size, "%.3g items/s", rate);
    else
        snprintf(text, size, "%.3g%c items/s", rate, units[unit]);
}

/* Copies the label without what would move the cursor, and never half of a UTF-8 character. */
static void copy_name(struct report *r, const char *name)
{
    size_t n = strlen(name);
    if (n > NAME_MOST) {
        n = NAME_MOST;
        while (n > 0 && ((unsigned char)name[n] & 0xC0) == 0x80)
            n--;
    }
    r->name_columns = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)name[i];
        r->name[i] = (char)(c < ' ' || c == 0x7F ? ' ' : c);
        r->name_columns += (c & 0xC0) != 0x80;
    }
    r->name[n] = '\0';
}

static struct report make_report(const struct crew__progress_call *call, size_t done, size_t total, double elapsed)
{
    struct report r = {.percent = 100};
    copy_name(&r, call->name ? call->name : "crew");
    /* The double rounds: 100 is for calls that are done, not for those that nearly are. */
    if (call->unknown) {
        r.percent = -1;
    } else if (done < total) {
        double percent = 100 * ((double)done / (double)total);
        r.percent = percent < 99 ? (int)percent : 99;
    }
    double rate = elapsed > 0 ? (double)done / elapsed : 0;
    char speed[32], time[16];
    format_rate(rate, speed, sizeof speed);
    if (call->last) {
        format_time(elapsed, time, sizeof time);
        snprintf(r.tail, sizeof r.tail, "%s, took %s", speed, time);
    } else if (done == 0 || call->unknown) {
        snprintf(r.tail, sizeof r.tail, "%s", speed);
    } else {
        format_time((double)(total - done) / rate, time, sizeof time);
        snprintf(r.tail, sizeof r.tail, "%s, %s left", speed, time);
    }
    return r;
}

/* One column less than there are: a full last column makes some terminals wrap. */
static size_t terminal_width(int fd)
{
    struct winsize window;
    size_t columns = ioctl(fd, TIOCGWINSZ, &window) == 0 && window.ws_col > 0 ? window.ws_col : 80;
    return columns - 1 < WIDTH_MOST ? columns - 1 : WIDTH_MOST;
}

/* Every drawing of a call has the same width, so each covers the one before. */
static void draw_bar(const struct report *r, size_t width, size_t done, bool last)
{
    char bar[WIDTH_MOST + 3] = "";
    /* "name [bar] 100% tail", the tail in a field of 28. */
    size_t fixed = r->name_columns + sizeof " [] 100% " - 1 + 28;
    if (r->percent >= 0 && width >= fixed + BAR_LEAST) {
        size_t cells = width - fixed, full = cells * (size_t)r->percent / 100;
        bar[0] = '[';
        memset(bar + 1, '#', full);
        memset(bar + 1 + full, '.', cells - full);
        bar[cells + 1] = ']';
        bar[cells + 2] = '\0';
    }
    char text[NAME_MOST + WIDTH_MOST + 128];
    if (r->percent < 0)
        snprintf(text, sizeof text, "%s %zu items, %-28s", r->name, done, r->tail);
    else
        snprintf(text, sizeof text, "%s %s%s%3d%% %-28s", r->name, bar, bar[0] ? " " : "", r->percent, r->tail);
    /* Bytes of a character beyond its first take no column. */
    size_t limit = width + strlen(r->name) - r->name_columns;
    char line[sizeof text + 4];
    snprintf(line, sizeof line, "\r%.*s%s", (int)limit, text, last ? "\n" : "");
    fputs(line, stderr);
}

static void draw_line(const struct report *r, size_t done, size_t total)
{
    char line[NAME_MOST + 160];
    if (r->percent < 0)
        snprintf(line, sizeof line, "%s: %zu items, %s\n", r->name, done, r->tail);
    else
        snprintf(line, sizeof line, "%s: %d%% (%zu of %zu), %s\n", r->name, r->percent, done, total, r->tail);
    fputs(line, stderr);
}

/* The call that has the terminal's line: the first one to draw, until it ends. Others inside it or beside it draw
   nothing meanwhile. Never followed, only compared. */
static _Atomic(const struct crew__progress_call *) drawing;

static bool take_line(const struct crew__progress_call *call)
{
    const struct crew__progress_call *none = NULL;
    return CREW__LOAD(&drawing, relaxed) == call || CREW__CAS(&drawing, &none, call, relaxed);
}

static void leave_line(const struct crew__progress_call *call)
{
    if (CREW__LOAD(&drawing, relaxed) == call)
        CREW__STORE(&drawing, NULL, relaxed);
}

void crew_progress_bar(size_t done, size_t total, void *ctx)
{
    (void)ctx;
    struct crew__progress_call *call = crew__progress_now;
    if (!call)
        return;
    double now = crew__seconds(), elapsed = now - call->start;
    if (elapsed < QUIET || (!call->last && call->drawn > 0 && now - call->drawn < REDRAW))
        return;
    /* The caller's loop must not find its errno changed by the drawing. */
    int saved = errno;
    int fd = fileno(stderr);
    bool terminal = isatty(fd) == 1;
    double since = now - (call->drawn > 0 ? call->drawn : call->start);
    if (terminal && !take_line(call)) {
        errno = saved;
        return;
    }
    if (terminal || since >= LINE_EVERY || (call->last && elapsed >= LINE_EVERY)) {
        int canceling = crew__cancel_off();
        struct report r = make_report(call, call->unknown || done < total ? done : total, total, elapsed);
        if (terminal)
            draw_bar(&r, terminal_width(fd), done, call->last);
        else
            draw_line(&r, done, total);
        crew__cancel_back(canceling);
        call->drawn = now;
    }
    if (call->last)
        leave_line(call);
    errno = saved;
}
