/* Packs how a process worker ended into an int, and says it in words. */
#include "died.h"
#include "compiler.h"
#include <signal.h>
#include <stdio.h>

/* From the lowest bit: peak memory (12), why (2), exit code or signal (8), whether it is a signal (1). Memory is a
   floating-point number of 7 bits with an exponent of 5. */
enum { FIRST = 1 << 28, LAST = (1 << 29) - 1, MEMORY_BITS = 12, WHY_BITS = 2, HOW_BITS = 8, MANTISSA = 7 };

static int pack_memory(unsigned long long kb)
{
    if (kb < 1U << MANTISSA)
        return (int)kb;
    int shift = crew__log2(kb) - MANTISSA;
    if (shift > 30)
        return (1 << MEMORY_BITS) - 1;
    return (shift + 1) << MANTISSA | (int)(kb >> shift & ((1U << MANTISSA) - 1));
}

static unsigned long long unpack_memory(int packed)
{
    int exponent = packed >> MANTISSA;
    unsigned long long mantissa = (unsigned long long)packed & ((1U << MANTISSA) - 1);
    return exponent == 0 ? mantissa : (mantissa | 1U << MANTISSA) << (exponent - 1);
}

int crew__died_pack(const struct crew__death *death)
{
    int how = death->signal ? 1 << HOW_BITS | (death->signal & 255) : death->exit_code & 255;
    int bits = (how << WHY_BITS | (int)death->why) << MEMORY_BITS | pack_memory(death->peak_kb);
    return -(FIRST + bits);
}

bool crew__died_unpack(int status, struct crew__death *death)
{
    if (status > -FIRST || status < -LAST || -status - FIRST >= 1 << (MEMORY_BITS + WHY_BITS + HOW_BITS + 1))
        return false;
    int bits = -status - FIRST;
    int how = bits >> (MEMORY_BITS + WHY_BITS), value = how & 255;
    bool by_signal = how >> HOW_BITS;
    *death = (struct crew__death){
        .signal = by_signal ? value : 0,
        .exit_code = by_signal ? 0 : value,
        .why = (enum crew__died_why)(bits >> MEMORY_BITS & ((1 << WHY_BITS) - 1)),
        .peak_kb = unpack_memory(bits & ((1 << MEMORY_BITS) - 1)),
    };
    return true;
}

static const char *signal_name(int signal)
{
    static const struct {
        int number;
        const char *name;
    } names[] = {
        {SIGABRT, "SIGABRT"}, {SIGALRM, "SIGALRM"}, {SIGBUS, "SIGBUS"},   {SIGFPE, "SIGFPE"},   {SIGHUP, "SIGHUP"},
        {SIGILL, "SIGILL"},   {SIGINT, "SIGINT"},   {SIGKILL, "SIGKILL"}, {SIGPIPE, "SIGPIPE"}, {SIGQUIT, "SIGQUIT"},
        {SIGSEGV, "SIGSEGV"}, {SIGTERM, "SIGTERM"}, {SIGTRAP, "SIGTRAP"}, {SIGUSR1, "SIGUSR1"}, {SIGUSR2, "SIGUSR2"},
        {SIGXCPU, "SIGXCPU"}, {SIGXFSZ, "SIGXFSZ"}, {SIGSYS, "SIGSYS"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].number == signal)
            return names[i].name;
    return NULL;
}

int crew__died_explain(const struct crew__death *death, char *text, size_t size)
{
    static const char *const reasons[] = {"", ": it took longer than item_timeout", ": it used more than its memory",
                                          ": probably out of memory"};
    char how[32];
    const char *name = death->signal ? signal_name(death->signal) : NULL;
    if (name)
        snprintf(how, sizeof how, "killed by %s", name);
    else if (death->signal)
        snprintf(how, sizeof how, "killed by signal %d", death->signal);
    else
        snprintf(how, sizeof how, "exit code %d", death->exit_code);
    double peak = (double)death->peak_kb * 1024;
    bool giga = peak >= 1e9;
    return snprintf(text, size, "%s at %.1f %s%s", how, peak / (giga ? 1e9 : 1e6), giga ? "GB" : "MB",
                    reasons[death->why]);
}
