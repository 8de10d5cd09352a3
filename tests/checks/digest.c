/* Prints a digest of the results of each public function, a line for each function and type: what must be the same at
   any thread count, at every instruction set and in both builds, and when the library is rearranged. A difference names
   the function whose bits changed. Usage: digest [THREADS [plain|sse2|avx2|avx512]] */
#include "digest.h"
#include <crew/crew.h>
#include <stdio.h>

/* Two of lib's own, said again here because the headers that declare them may move: the highest instruction set (lib's
   enum is represented as an unsigned number), and how ready a loop is to open a team. */
void crew__isa_limit(unsigned level);
extern struct crew__tuning {
    double block_ns;
    int always_open;
} crew__tuning;

const size_t sizes[] = {0,  1,   2,    3,    5,    31,   32,    33,    63,     64,
                        65, 100, 1000, 4095, 4096, 4097, 10000, 16385, MIDDLE, LONGEST};
const size_t size_count = sizeof sizes / sizeof sizes[0];

bool wanted(enum kind kind, size_t n)
{
    return n <= SHORT || kind == RANDOM || (n <= MIDDLE && (kind == FEW || kind == SPECIAL || kind == WIDE));
}

static struct line {
    const char *family, *type;
    uint64_t hash;
} lines[1000];
static size_t line_count, last_line;

static struct line *find_line(const char *family, const char *type)
{
    for (size_t step = 0; step < line_count; step++) {
        size_t at = (last_line + step) % line_count;
        struct line *line = &lines[at];
        if (strcmp(line->family, family) == 0 &&
            (line->type == type || (type && line->type && !strcmp(line->type, type)))) {
            last_line = at;
            return line;
        }
    }
    if (line_count == sizeof lines / sizeof lines[0])
        abort();
    lines[line_count] = (struct line){family, type, 0xcbf29ce484222325u};
    last_line = line_count;
    return &lines[line_count++];
}

/* FNV-1a takes a byte at a time, which is most of the run's time; here a word, and the high half, which a
   multiplication leaves to itself, goes down again. */
static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    return hash ^ (hash >> 32);
}

void add(const char *family, const char *type, const void *data, size_t bytes)
{
    struct line *line = find_line(family, type);
    uint64_t hash = mix(line->hash, bytes);
    const unsigned char *at = data;
    for (; bytes >= 8; bytes -= 8, at += 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        hash = mix(hash, word);
    }
    for (; bytes > 0; bytes--)
        hash = mix(hash, *at++);
    line->hash = hash;
}

void add_code(const char *family, const char *type, long long code)
{
    add(family, type, &code, sizeof code);
}

static uint64_t state;

void seed(uint64_t from)
{
    state = from;
}

uint64_t random64(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

double random_double(void)
{
    static const double scale[8] = {-0.125, -0.5, -1, -2, 0.25, 0.5, 1, 2};
    uint64_t r = random64();
    return (1 + (double)(r >> 12) * 0x1p-52) * scale[r & 7];
}

static _Alignas(64) unsigned char rooms[ROOMS][ROOM_SIZE];

void *room(int which, size_t skipped_bytes)
{
    return rooms[which] + skipped_bytes;
}

void make_flags(unsigned char *flags, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t r = random64();
        bool set = i / 500 % 4 == 0 ? r & 1 : i / 500 % 4 == 1 ? true : i / 500 % 4 == 2 ? false : r % 50 == 0;
        flags[i] = (unsigned char)(set ? 1 + (r >> 32) % 255 : 0);
    }
}

int main(int argc, char **argv)
{
    static const char *const levels[] = {"plain", "sse2", "avx2", "avx512"};
    if (argc > 1)
        crew_set_num_threads(atoi(argv[1]));
    /* Else most calls here are too short for a second thread. */
    crew__tuning.always_open = crew_num_threads() > 1;
    if (argc > 2) {
        unsigned level = 0;
        while (level < 4 && strcmp(levels[level], argv[2]) != 0)
            level++;
        if (level == 4 || argc > 3) {
            fprintf(stderr, "usage: digest [THREADS [plain|sse2|avx2|avx512]]\n");
            return 2;
        }
        crew__isa_limit(level);
    }
    digest_loops();
    digest_scans();
    digest_inline();
    digest_typed();
    digest_keys();
    digest_elements();
    digest_search();
    digest_tasks(crew_num_threads());
    for (size_t i = 0; i < line_count; i++)
        printf("%s%s%s %016llx\n", lines[i].family, lines[i].type ? "_" : "", lines[i].type ? lines[i].type : "",
               (unsigned long long)lines[i].hash);
    return 0;
}
